"""Zammad, against a server that answers in its documented shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets import Edits, Note, Tracker
from campaign_rules.tickets.connectors import files
from campaign_rules.tickets.connectors.zammad import ZammadSettings, ZammadTracker
from campaign_rules.tickets.note import standing
from tests.tickets.connectors.vendor_app import Stage, stage
from tests.tickets.connectors.zammad_server import BOT, TOKEN, ZammadServer

FIRST = Note((Paragraph((Span("The mta has stopped."),)),))
SECOND = Note((Paragraph((Span("The mta is out of memory."),)),))


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    with stage() as shared:
        yield shared


@pytest.fixture
def server(shared: Stage) -> ZammadServer:
    shared.app = ZammadServer()
    return shared.app


@pytest.fixture
def connect(server: ZammadServer, shared: Stage) -> Iterator[Callable[..., ZammadTracker]]:
    trackers: list[ZammadTracker] = []

    def connected(**settings: Any) -> ZammadTracker:
        trackers.append(ZammadTracker(ZammadSettings(**{"url": shared.url, "token": TOKEN, **settings})))
        return trackers[-1]

    yield connected
    for tracker in trackers:
        tracker.close()


def test_a_ticket_is_read_with_its_articles_files_and_attributes(
    server: ZammadServer, connect: Callable[..., ZammadTracker], shared: Stage
) -> None:
    body = "Hello,<br>\n<br>the log:<pre>mta  E  SMTP-530\nmta  E  again</pre><blockquote>why</blockquote>"
    number = server.add(body, "text/html", module="mta", areas=["a", "b"])
    server.attach(server.articles[30], "mta log.txt", b"first")
    server.attach(server.say(number, "It is\r\nback."), "web.log", b"second")
    server.say(number, "Noted.", BOT, internal=True)
    server.tags[number] = ["urgent"]

    tracker = connect()
    ticket = tracker.read("1")

    assert isinstance(tracker, Tracker)
    assert (ticket.key, ticket.title, ticket.queue) == ("1", "No mail leaves", "Sales")
    assert ticket.url == f"{shared.url}/#ticket/zoom/1"
    assert ticket.revision == server.tickets[1]["updated_at"]
    assert ticket.labels == {"urgent"}
    assert ticket.fields["number"] == "22001"
    assert ticket.fields["module"] == "mta"
    assert ticket.fields["areas"] == "a, b"
    assert not {"group_id", "note", "preferences", "updated_at"} & ticket.fields.keys()
    assert not ticket.closed
    first, second, noted = ticket.messages
    assert first.text == "Hello,\n\nthe log:\nmta  E  SMTP-530\nmta  E  again\n> why"
    assert first.author == "Anna Rossi <anna@example.com>"
    assert first.written == datetime(2026, 11, 30, 3, 0, 0, 1000, tzinfo=UTC)
    assert [(file.name, file.content) for file in first.attachments] == [("mta log.txt", b"first")]
    assert second.text == "It is\nback."
    assert [(file.name, file.content) for file in second.attachments] == [("web.log", b"second")]
    assert [message.own for message in ticket.messages] == [False, False, True]
    assert noted.text == "Noted."


@pytest.mark.parametrize(("state", "closed"), [("open", False), ("solved", True), ("merged", True)])
def test_the_type_of_a_state_tells_whether_a_ticket_is_closed(
    server: ZammadServer, connect: Callable[..., ZammadTracker], state: str, closed: bool
) -> None:
    server.add(state=state)
    assert connect().read("1").closed is closed


def test_a_note_is_written_and_a_further_one_names_it(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    tracker = connect()
    tracker.write_note(tracker.read("1"), FIRST, None)
    ticket = tracker.read("1")
    [(message, digest)] = standing(ticket.messages)
    assert digest == FIRST.digest
    assert message.text.startswith("The mta has stopped.")

    tracker.write_note(ticket, SECOND, message)
    [(before, _), (message, digest)] = standing(tracker.read("1").messages)
    assert (before.id, digest) == (ticket.messages[1].id, SECOND.digest)
    assert message.text.startswith("This note takes the place of the one of 2026-11-30 03:00 UTC.\n")
    written = [article for article in server.articles.values() if article["created_by_id"] == BOT]
    assert {(article["type"], article["internal"], article["content_type"]) for article in written} == {
        ("note", True, "text/html")
    }


def test_what_a_further_note_begins_with_can_be_chosen_and_is_no_markup(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    tracker = connect(in_place_of="Al posto di <quella> del {written}", internal=False)
    ticket = tracker.read("1")
    tracker.write_note(ticket, FIRST, ticket.messages[0])
    [(message, _)] = standing(tracker.read("1").messages)
    assert message.text.startswith("Al posto di <quella> del 2026-11-30 03:00 UTC\n")
    assert not server.articles[31]["internal"]


def test_a_note_that_the_customer_can_see_against_the_settings_is_told(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    server.agent = False
    tracker = connect()
    with pytest.raises(TrackerError, match="showed the note to the customer") as caught:
        tracker.write_note(tracker.read("1"), FIRST, None)
    assert not caught.value.temporary


def test_tags_group_and_attributes_are_set_beside_those_of_others(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    server.tags[1] = ["urgent", "campaign-question"]
    tracker = connect()
    ticket = tracker.read("1")
    server.tags[1].append("added-meanwhile")
    edits = Edits(
        labels_added=frozenset({"campaign-diagnosed"}),
        labels_removed=frozenset({"campaign-question", "campaign-known"}),
        queue="Delivery",
        fields={"module": "mta", "areas": "delivery"},
    )
    tracker.edit(ticket, edits)
    after = tracker.read("1")
    assert after.labels == {"urgent", "added-meanwhile", "campaign-diagnosed"}
    assert after.queue == "Delivery"
    assert after.fields["module"] == "mta"
    assert server.tickets[1]["areas"] == ["delivery"]

    server.requests.clear()
    tracker.edit(after, edits)
    assert {method for method, _ in server.requests} == {"GET"}


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (Edits(fields={"modul": "mta"}), r"no attribute 'modul' \(did you mean 'module'\?\)"),
        (Edits(queue="Deliver"), "422"),
    ],
)
def test_what_zammad_does_not_have_is_a_lasting_error(
    server: ZammadServer, connect: Callable[..., ZammadTracker], edits: Edits, message: str
) -> None:
    server.add()
    tracker = connect()
    with pytest.raises(TrackerError, match=message) as caught:
        tracker.edit(tracker.read("1"), edits)
    assert not caught.value.temporary


@pytest.mark.parametrize("at_one_time", [True, False])
def test_every_ticket_comes_once_however_many_changed_at_one_time(
    server: ZammadServer, connect: Callable[..., ZammadTracker], at_one_time: bool
) -> None:
    for _ in range(250):
        server.add()
    if at_one_time:
        for ticket in server.tickets.values():
            ticket["updated_at"] = "2026-11-30T03:00:00.000Z"
    tracker = connect()
    keys: list[str] = []
    position = ""
    while (changes := tracker.changed(position)).tickets:
        assert len(changes.tickets) <= 100
        keys += [changed.key for changed in changes.tickets]
        position = changes.position
    assert sorted(map(int, keys)) == list(range(1, 251))

    server.tickets[7]["updated_at"] = "2026-11-30T03:00:01.000Z"
    server.add(updated_at="2026-11-30T03:00:00.000Z")
    again = tracker.changed(position)
    assert {changed.key for changed in again.tickets} == {"7", "251"}
    assert tracker.changed(again.position).tickets == ()


def test_tickets_that_move_while_they_are_listed_are_listed_again(
    server: ZammadServer, connect: Callable[..., ZammadTracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(250):
        server.add(updated_at="2026-11-30T03:00:00.000Z")
    tracker = connect()
    position = tracker.changed("").position
    search = tracker._search

    def moving(since: datetime, page: int) -> Any:
        if page == 2:
            server.tickets[1]["updated_at"] = "2026-11-30T04:00:00.000Z"
        return search(since, page)

    monkeypatch.setattr(tracker, "_search", moving)
    with pytest.raises(TrackerError, match="changed while they were listed") as caught:
        tracker.changed(position)
    assert caught.value.temporary


def test_nothing_is_read_or_written_with_a_wrong_token(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    ticket = connect().read("1")
    stranger = connect(token="wrong-token-of-mine")
    for call in (
        lambda: stranger.changed(""),
        lambda: stranger.read("1"),
        lambda: stranger.write_note(ticket, FIRST, None),
        lambda: stranger.edit(ticket, Edits(labels_added=frozenset({"asked"}))),
    ):
        with pytest.raises(TrackerError, match="401") as caught:
            call()
        assert not caught.value.temporary
        assert "wrong-token-of-mine" not in str(caught.value)
    assert len(server.articles) == 1


def test_a_password_in_netrc_does_not_take_the_place_of_the_token(
    server: ZammadServer,
    connect: Callable[..., ZammadTracker],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.add()
    assert connect().read("1").key == "1"


@pytest.mark.parametrize(
    ("answer", "temporary", "retry_after", "message"),
    [
        (Response(status_code=503, headers={"Retry-After": "7"}), True, 7.0, "503"),
        (JSONResponse({"error": "secret text"}, status_code=500), True, None, "500"),
        (Response(status_code=429), True, None, "429"),
        (JSONResponse({"error": "secret text"}, status_code=403), False, None, "403"),
        (Response(status_code=404), False, None, "404"),
        (RedirectResponse("https://elsewhere.example.org/"), False, None, "redirects to elsewhere"),
        (PlainTextResponse("secret text"), False, None, "not answered with JSON"),
        (JSONResponse({"secret": "text"}), False, None, "documented shape"),
        (JSONResponse(["secret text"]), False, None, "documented shape"),
        (Response(), False, None, "documented shape"),
    ],
)
def test_errors_say_whether_the_same_may_succeed_later(
    server: ZammadServer,
    connect: Callable[..., ZammadTracker],
    answer: Response,
    temporary: bool,
    retry_after: float | None,
    message: str,
) -> None:
    server.add()
    tracker = connect()
    tracker.read("1")
    for call in (lambda: tracker.changed(""), lambda: tracker.read("1")):
        server.failures[:] = [answer]
        with pytest.raises(TrackerError, match=message) as caught:
            call()
        assert (caught.value.temporary, caught.value.retry_after) == (temporary, retry_after)
        assert "secret" not in str(caught.value)
        assert TOKEN not in str(caught.value)


def test_a_server_that_is_not_there_is_a_temporary_error() -> None:
    tracker = ZammadTracker(ZammadSettings(url="http://127.0.0.1:9", token=TOKEN))
    with pytest.raises(TrackerError, match="no connection") as caught:
        tracker.changed("")
    assert caught.value.temporary
    tracker.close()


def test_a_large_file_is_named_and_not_read(
    server: ZammadServer, connect: Callable[..., ZammadTracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 1_000)
    server.add()
    article = server.articles[30]
    server.attach(article, "small.log", b"small")
    server.attach(article, "large.log", b"x" * 1_001)
    server.attach(article, "lying.log", b"x" * 200_000)
    article["attachments"][2]["size"] = "10"
    [message] = connect().read("1").messages
    assert [file.name for file in message.attachments] == ["small.log"]
    assert "large.log was not read" in message.text
    assert "lying.log was not read" in message.text
    assert ("GET", "/api/v1/ticket_attachment/1/30/2") not in server.requests


def test_a_note_whose_reply_was_lost_is_found_when_the_ticket_is_read_again(
    server: ZammadServer, connect: Callable[..., ZammadTracker]
) -> None:
    server.add()
    tracker = connect()
    ticket = tracker.read("1")
    server.losing = "POST"
    with pytest.raises(TrackerError, match="502") as caught:
        tracker.write_note(ticket, FIRST, None)
    assert caught.value.temporary
    server.losing = ""
    ticket = tracker.read("1")
    assert [digest for _, digest in standing(ticket.messages)] == [FIRST.digest]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"url": "zammad.example.com"}, "whole address"),
        ({"url": "https://zammad.example.com/api/v1"}, "without /api/v1"),
        ({"token": ""}, "token is empty"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any], message: str) -> None:
    usual = {"url": "https://zammad.example.com", "token": TOKEN}
    with pytest.raises(InputError, match=message) as caught:
        ZammadSettings(**(usual | settings))
    assert TOKEN not in str(caught.value)


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(ZammadSettings(url="https://zammad.example.com", token=TOKEN))

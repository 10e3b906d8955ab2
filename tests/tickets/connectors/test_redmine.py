"""Redmine, against a server that answers in its documented shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets import Edits, Note, Tracker
from campaign_rules.tickets.connectors import files
from campaign_rules.tickets.connectors.redmine import RedmineSettings, RedmineTracker
from campaign_rules.tickets.note import standing
from tests.tickets.connectors.redmine_server import ANNA, BOT, KEY, RedmineServer
from tests.tickets.connectors.vendor_app import Stage, stage

FIRST = Note((Paragraph((Span("The mta has stopped."),)),))
SECOND = Note((Paragraph((Span("The mta is out of memory."),)),))


@pytest.fixture(scope="module")
def shared() -> Iterator[Stage]:
    with stage() as shared:
        yield shared


@pytest.fixture
def server(shared: Stage) -> RedmineServer:
    shared.app = RedmineServer()
    return shared.app


@pytest.fixture
def url(server: RedmineServer, shared: Stage) -> str:
    return shared.url


@pytest.fixture
def connect(url: str) -> Iterator[Callable[..., RedmineTracker]]:
    trackers: list[RedmineTracker] = []

    def connected(**settings: Any) -> RedmineTracker:
        trackers.append(RedmineTracker(RedmineSettings(**{"url": url, "key": KEY, **settings})))
        return trackers[-1]

    yield connected
    for tracker in trackers:
        tracker.close()


def test_an_issue_is_read_with_its_notes_files_and_fields(
    server: RedmineServer, connect: Callable[..., RedmineTracker], url: str
) -> None:
    issue = server.add(
        category={"id": 9, "name": "Delivery"},
        custom_fields=[
            {"id": 3, "name": "Labels", "multiple": True, "value": ["urgent"]},
            {"id": 4, "name": "Module", "value": "mta"},
            {"id": 5, "name": "Cause", "value": ""},
        ],
    )
    server.attach(issue, "mta log.txt", b"first")
    second = server.attach(issue, "web.log", b"second")
    server.say(issue, ANNA, "", details=[{"property": "attr", "name": "status_id", "new_value": "2"}])
    attached = {"property": "attachment", "name": str(second), "new_value": "web.log"}
    server.say(issue, ANNA, "It is back.", details=[attached])
    server.say(issue, BOT, "Noted.")

    tracker = connect(label_field="Labels")
    ticket = tracker.read("1")

    assert isinstance(tracker, Tracker)
    assert (ticket.key, ticket.title, ticket.queue) == ("1", "No mail leaves", "Delivery")
    assert ticket.url == f"{url}/issues/1"
    assert ticket.revision == issue["updated_on"]
    assert ticket.labels == {"urgent"}
    assert ticket.fields["Module"] == "mta"
    assert ticket.fields["status"] == "New"
    assert "Cause" not in ticket.fields
    assert not ticket.closed
    description, said, noted = ticket.messages
    assert description.text == "The mta stopped.\nSince 9:40."
    assert description.author == "Anna Rossi"
    assert description.written == datetime(2026, 11, 30, 3, 0, 1, tzinfo=UTC)
    assert [(file.name, file.content) for file in description.attachments] == [("mta log.txt", b"first")]
    assert [(file.name, file.content) for file in said.attachments] == [("web.log", b"second")]
    assert [message.own for message in ticket.messages] == [False, False, True]
    assert noted.text == "Noted."


def test_a_closed_issue_is_closed(server: RedmineServer, connect: Callable[..., RedmineTracker]) -> None:
    server.add(status={"id": 5, "name": "Closed", "is_closed": True}, description=None)
    ticket = connect().read("1")
    assert ticket.closed
    assert ticket.messages[0].text == ""


@pytest.mark.parametrize("markup", ["markdown", "textile"])
def test_a_note_is_written_once_and_then_edited(
    server: RedmineServer, connect: Callable[..., RedmineTracker], markup: str
) -> None:
    issue = server.add()
    tracker = connect(markup=markup)
    tracker.write_note(tracker.read("1"), FIRST, None)
    server.say(issue, ANNA, "It is still down.")

    for _ in range(2):
        ticket = tracker.read("1")
        [(message, _)] = standing(ticket.messages)
        tracker.write_note(ticket, SECOND, message)

    [(_, digest)] = standing(tracker.read("1").messages)
    assert digest == SECOND.digest
    assert [journal["private_notes"] for journal in issue["journals"]] == [True, False]
    assert "out of memory" in issue["journals"][0]["notes"]
    assert issue["journals"][1]["notes"] == "It is still down."


def test_a_note_is_public_where_that_is_wanted(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add()
    server.rights.remove("set_notes_private")
    tracker = connect(private=False)
    tracker.write_note(tracker.read("1"), FIRST, None)
    assert issue["journals"][0]["private_notes"] is False


def test_a_note_that_somebody_deleted_is_written_anew(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add()
    tracker = connect()
    tracker.write_note(tracker.read("1"), FIRST, None)
    ticket = tracker.read("1")
    issue["journals"].clear()
    tracker.write_note(ticket, SECOND, standing(ticket.messages)[0][0])
    assert [digest for _, digest in standing(tracker.read("1").messages)] == [SECOND.digest]


def test_a_note_of_somebody_else_is_not_written_over(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add()
    server.say(issue, ANNA, "Mine.")
    tracker = connect()
    ticket = tracker.read("1")
    with pytest.raises(TrackerError, match="403") as caught:
        tracker.write_note(ticket, FIRST, ticket.messages[1])
    assert not caught.value.temporary
    assert issue["journals"][0]["notes"] == "Mine."


def test_a_private_note_is_not_made_public_for_want_of_a_right(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add()
    server.rights.remove("set_notes_private")
    tracker = connect()
    ticket = tracker.read("1")
    with pytest.raises(
        TrackerError, match=r"private notes in 'Operations'.*'Set notes as private'"
    ) as caught:
        tracker.write_note(ticket, FIRST, None)
    assert not caught.value.temporary
    assert issue["journals"] == []

    server.rights.add("set_notes_private")
    tracker.write_note(ticket, FIRST, None)
    assert issue["journals"][0]["private_notes"] is True


def test_a_note_that_redmine_leaves_out_is_not_taken_for_written(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    server.add()
    server.rights.remove("add_issue_notes")
    tracker = connect()
    with pytest.raises(TrackerError, match=r"did not keep the note on 1.*'Add notes'"):
        tracker.write_note(tracker.read("1"), FIRST, None)


def test_labels_category_and_fields_are_set_beside_those_of_others(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add(
        custom_fields=[
            {"id": 3, "name": "Labels", "multiple": True, "value": ["urgent", "campaign-question"]},
            {"id": 4, "name": "Module", "value": ""},
            {"id": 5, "name": "Customer", "value": "Anna"},
        ]
    )
    tracker = connect(label_field="Labels")
    ticket = tracker.read("1")
    edits = Edits(
        labels_added=frozenset({"campaign-diagnosed"}),
        labels_removed=frozenset({"campaign-question"}),
        queue="Delivery",
        fields={"4": "mta"},
    )
    tracker.edit(ticket, edits)
    after = tracker.read("1")
    assert after.labels == {"urgent", "campaign-diagnosed"}
    assert after.queue == "Delivery"
    assert after.fields["Module"] == "mta"
    assert after.fields["Customer"] == "Anna"

    server.requests.clear()
    tracker.edit(after, edits)
    assert {method for method, _ in server.requests} == {"GET"}
    assert issue["subject"] == "No mail leaves"


def test_labels_are_kept_in_a_text_field_with_commas(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add(custom_fields=[{"id": 6, "name": "Tags", "value": "urgent,  old"}])
    tracker = connect(label_field="6")
    ticket = tracker.read("1")
    assert ticket.labels == {"urgent", "old"}
    tracker.edit(ticket, Edits(labels_added=frozenset({"asked"}), labels_removed=frozenset({"old"})))
    assert issue["custom_fields"][0]["value"] == "asked, urgent"

    issue["custom_fields"][0]["value"] = "urgent, asked"
    server.requests.clear()
    tracker.edit(ticket, Edits(labels_added=frozenset({"asked"})))
    assert {method for method, _ in server.requests} == {"GET"}


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (Edits(fields={"Modul": "mta"}), r"no custom field 'Modul' \(did you mean 'Module'\?\)"),
        (Edits(queue="Deliver"), r"no category 'Deliver' \(did you mean 'Delivery'\?\)"),
        (Edits(labels_added=frozenset({"unheard-of"})), "422"),
    ],
)
def test_what_redmine_does_not_have_is_a_lasting_error(
    server: RedmineServer, connect: Callable[..., RedmineTracker], edits: Edits, message: str
) -> None:
    labels = {"id": 3, "name": "Labels", "multiple": True, "value": []}
    server.add(custom_fields=[labels, {"id": 4, "name": "Module", "value": ""}])
    tracker = connect(label_field="Labels")
    with pytest.raises(TrackerError, match=message) as caught:
        tracker.edit(tracker.read("1"), edits)
    assert not caught.value.temporary


def test_labels_need_a_field(server: RedmineServer, connect: Callable[..., RedmineTracker]) -> None:
    server.add()
    tracker = connect()
    with pytest.raises(TrackerError, match="label_field"):
        tracker.edit(tracker.read("1"), Edits(labels_added=frozenset({"asked"})))


def test_every_ticket_comes_once_however_many_changed_at_one_time(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    for _ in range(250):
        server.add(updated_on="2026-11-30T03:00:00Z")
    tracker = connect()
    keys: list[str] = []
    position = ""
    while (changes := tracker.changed(position)).tickets:
        assert len(changes.tickets) <= 100
        keys += [changed.key for changed in changes.tickets]
        position = changes.position
    assert sorted(map(int, keys)) == list(range(1, 251))

    server.issues[7]["updated_on"] = "2026-11-30T03:00:01Z"
    server.add(updated_on="2026-11-30T03:00:00Z")
    again = tracker.changed(position)
    assert {changed.key for changed in again.tickets} == {"7", "251"}
    assert tracker.changed(again.position).tickets == ()


def test_a_ticket_that_just_changed_comes_again_once_no_change_can_have_the_same_time(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    issue = server.add(updated_on=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    tracker = connect()
    [early] = tracker.changed("").tickets
    assert early.revision == tracker.read("1").revision == f"{issue['updated_on']}~"

    issue["updated_on"] = "2026-11-30T03:00:00Z"
    [late] = tracker.changed("").tickets
    assert late.revision == tracker.read("1").revision == issue["updated_on"]


def test_issues_that_move_while_they_are_listed_are_listed_again(
    server: RedmineServer, connect: Callable[..., RedmineTracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(150):
        server.add()
    tracker = connect()
    listing = tracker._client.issue.filter

    def moving(**wanted: Any) -> Any:
        if wanted["offset"]:
            server.issues[1]["updated_on"] = "2026-11-30T04:00:00Z"
        return listing(**wanted)

    position = tracker.changed("").position
    monkeypatch.setattr(type(tracker._client.issue), "filter", lambda _, **wanted: moving(**wanted))
    with pytest.raises(TrackerError, match="changed while they were listed") as caught:
        tracker.changed(position)
    assert caught.value.temporary


def test_filters_select_the_issues_that_are_watched(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    server.add()
    server.add(status={"id": 5, "name": "Closed", "is_closed": True})
    assert len(connect().changed("").tickets) == 2
    assert [ticket.key for ticket in connect(filters={"status_id": "open"}).changed("").tickets] == ["1"]


@pytest.mark.parametrize("public", [False, True])
def test_nothing_is_read_or_written_with_a_wrong_key(
    server: RedmineServer, connect: Callable[..., RedmineTracker], public: bool
) -> None:
    issue = server.add()
    server.public = public
    ticket = connect().read("1")
    stranger = connect(key="wrong-key-of-mine")
    for call in (
        lambda: stranger.changed(""),
        lambda: stranger.read("1"),
        lambda: stranger.write_note(ticket, FIRST, None),
        lambda: stranger.edit(ticket, Edits(queue="Delivery")),
    ):
        with pytest.raises(TrackerError, match="401") as caught:
            call()
        assert not caught.value.temporary
        assert "wrong-key-of-mine" not in str(caught.value)
        assert "mta" not in str(caught.value)
    assert issue["journals"] == []


@pytest.mark.parametrize(
    ("answer", "temporary", "retry_after", "message"),
    [
        (Response(status_code=503, headers={"Retry-After": "7"}), True, 7.0, "503"),
        (Response("secret text", status_code=500), True, None, "500"),
        (Response(status_code=429), True, None, "429"),
        (Response(status_code=403), False, None, "403"),
        (Response(status_code=404), False, None, "404"),
        (JSONResponse({"errors": ["secret text"]}, status_code=422), False, None, "422"),
        (RedirectResponse("https://elsewhere.example.org/"), False, None, "redirects to elsewhere"),
        (PlainTextResponse("secret text"), False, None, "not answered with JSON"),
        (JSONResponse({"secret": "text"}), False, None, "documented shape"),
        (JSONResponse(["secret text"]), False, None, "documented shape"),
    ],
)
def test_errors_say_whether_the_same_may_succeed_later(
    server: RedmineServer,
    connect: Callable[..., RedmineTracker],
    answer: Response,
    temporary: bool,
    retry_after: float | None,
    message: str,
) -> None:
    server.add()
    tracker = connect()
    for call in (lambda: tracker.changed(""), lambda: tracker.read("1")):
        server.failures[:] = [answer]
        with pytest.raises(TrackerError, match=message) as caught:
            call()
        assert (caught.value.temporary, caught.value.retry_after) == (temporary, retry_after)
        assert "secret" not in str(caught.value)
        assert KEY not in str(caught.value)


def test_a_server_that_is_not_there_is_a_temporary_error() -> None:
    tracker = RedmineTracker(RedmineSettings(url="http://127.0.0.1:9", key=KEY))
    with pytest.raises(TrackerError, match="no connection") as caught:
        tracker.changed("")
    assert caught.value.temporary
    tracker.close()


def test_a_large_file_is_named_and_not_read(
    server: RedmineServer, connect: Callable[..., RedmineTracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 1_000)
    issue = server.add()
    server.attach(issue, "small.log", b"small")
    server.attach(issue, "large.log", b"x" * 1_001)
    server.attach(issue, "lying.log", b"x" * 200_000)
    issue["attachments"][2]["filesize"] = 10
    [description] = connect().read("1").messages
    assert [file.name for file in description.attachments] == ["small.log"]
    assert "large.log was not read" in description.text
    assert "lying.log was not read" in description.text
    assert ("GET", "/attachments/download/2") not in server.requests


def test_a_note_whose_reply_was_lost_is_found_when_the_ticket_is_read_again(
    server: RedmineServer, connect: Callable[..., RedmineTracker]
) -> None:
    server.add()
    tracker = connect()
    ticket = tracker.read("1")
    server.losing = "PUT"
    with pytest.raises(TrackerError, match="502") as caught:
        tracker.write_note(ticket, FIRST, None)
    assert caught.value.temporary
    server.losing = ""
    ticket = tracker.read("1")
    assert [digest for _, digest in standing(ticket.messages)] == [FIRST.digest]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"url": "redmine.example.com"}, "whole address"),
        ({"key": ""}, "key is empty"),
        ({"markup": "html"}, "markdown or textile"),
        ({"filters": {"sort": "id"}}, "must not have sort"),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any], message: str) -> None:
    usual = {"url": "https://redmine.example.com", "key": KEY}
    with pytest.raises(InputError, match=message) as caught:
        RedmineSettings(**(usual | settings))
    assert KEY not in str(caught.value)


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(RedmineSettings(url="https://redmine.example.com", key=KEY))

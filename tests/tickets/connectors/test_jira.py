"""Jira, Cloud and Data Center, against a server that speaks the shapes Atlassian documents."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Code, Paragraph, Span
from campaign_rules.tickets.connectors.cursor import PAGE
from campaign_rules.tickets.connectors.jira import JiraSettings, JiraTracker
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.tracker import Edits, Tracker
from tests.service.running import running
from tests.tickets.connectors.jira_site import ANNA, BOT, TOKEN, ZONE, JiraSite
from tests.tickets.connectors.listing import everything

FIRST = Note((Paragraph((Span("mta is the first suspect"),)), Code("nlserver restart mta@prod")))
SECOND = Note((Paragraph((Span("stat is the first suspect"),)),))

Connect = Callable[[JiraSettings], JiraTracker]


@pytest.fixture(params=["cloud", "data center"])
def site(request: pytest.FixtureRequest) -> JiraSite:
    return JiraSite(cloud=request.param == "cloud")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[JiraSite]]]:
    """Yield the address of a server, and the list whose last site answers there."""
    sites: list[JiraSite] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (sites[-1].app() if sites else Starlette())(scope, receive, send)

    with running(app) as url:
        yield url, sites


@pytest.fixture
def address(site: JiraSite, server: tuple[str, list[JiraSite]]) -> str:
    url, sites = server
    sites.append(site)
    return url


@pytest.fixture
def connect() -> Iterator[Connect]:
    """What makes trackers, which are closed after the test."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(closing(JiraTracker(settings)))


@pytest.fixture
def tracker(site: JiraSite, address: str, connect: Connect) -> JiraTracker:
    return connect(settings(site, address))


def settings(site: JiraSite, url: str) -> JiraSettings:
    user = "bot@example.com" if site.cloud else ""
    return JiraSettings(url=url, user=user, token=TOKEN, query="project = OPS", cloud=site.cloud)


def body(site: JiraSite, text: str) -> Any:
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": text}]}
    return {"version": 1, "type": "doc", "content": [paragraph]} if site.cloud else text


def test_it_is_a_tracker(tracker: JiraTracker) -> None:
    assert isinstance(tracker, Tracker)


def test_a_ticket_is_read_with_its_thread(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(body(site, "No mail leaves."), labels=["urgent"], components=[{"name": "Delivery"}])
    site.comment(key, body(site, "The mta is down."))
    site.comment(key, body(site, "Noted."), BOT)

    ticket = tracker.read(key)

    assert (ticket.key, ticket.title, ticket.closed) == (key, "Summary 1", False)
    assert [message.text for message in ticket.messages] == ["No mail leaves.", "The mta is down.", "Noted."]
    assert [message.author for message in ticket.messages] == ["Anna", "Anna", "Triage Bot"]
    assert [message.own for message in ticket.messages] == [False, False, True]
    assert ticket.messages[0].written == datetime(2026, 3, 1, 22, 0, 0, 123000, tzinfo=UTC)
    assert ticket.labels == {"urgent"}
    assert ticket.queue == "Delivery"
    assert ticket.fields["status"] == "Open"
    assert ticket.url.endswith(f"/browse/{key}")


def test_a_ticket_without_a_word_is_read(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(None, reporter=None)
    assert [message.text for message in tracker.read(key).messages] == [""]


def test_a_ticket_that_is_done_is_closed(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(status={"name": "Resolved", "statusCategory": {"key": "done"}})
    assert tracker.read(key).closed


def test_all_comments_are_read_however_small_the_pages_are(site: JiraSite, tracker: JiraTracker) -> None:
    site.page = 3
    key = site.add()
    for number in range(8):
        site.comment(key, body(site, f"line {number}"))
    assert [message.text for message in tracker.read(key).messages[1:]] == [f"line {n}" for n in range(8)]


def test_files_stand_at_the_message_that_they_came_with(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(body(site, "No mail leaves."))
    site.now += timedelta(hours=1)
    site.comment(key, body(site, "Here is the log."))
    site.attach(key, "mta.log", b"2026-03-02 mta error\n")
    description, comment = tracker.read(key).messages
    assert description.attachments == ()
    assert [(file.name, file.content) for file in comment.attachments] == [
        ("mta.log", b"2026-03-02 mta error\n")
    ]


@pytest.mark.parametrize("told", [30_000_000, 10])
def test_a_file_that_is_too_large_is_named_and_not_loaded(
    site: JiraSite, tracker: JiraTracker, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    monkeypatch.setattr("campaign_rules.tickets.connectors.files.LARGEST", 1_000_000)
    key = site.add(body(site, "See the dump."))
    site.attach(key, "dump.bin", bytes(2_000_000), size=told)
    message = tracker.read(key).messages[0]
    assert message.attachments == ()
    assert "dump.bin was not read" in message.text


def test_a_file_that_is_gone_does_not_hide_the_ticket(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(body(site, "See the log."))
    site.attach(key, "mta.log", b"x")
    site.files.clear()
    assert (
        tracker.read(key).messages[0].text
        == "See the log.\n\n(mta.log was not read: the tracker answered with 404)"
    )


def test_each_ticket_is_listed_once(site: JiraSite, tracker: JiraTracker) -> None:
    keys = [site.add(at=site.now + timedelta(seconds=31 * number)) for number in range(12)]
    site.page = 5
    found, position = everything(tracker)
    assert found == keys
    assert tracker.changed(position).tickets == ()
    site.now += timedelta(hours=1)
    site.touch(keys[3])
    found, position = everything(tracker, position)
    assert found == [keys[3]]


def test_many_tickets_of_one_time_stamp_are_all_listed(site: JiraSite, tracker: JiraTracker) -> None:
    keys = [site.add() for _ in range(2 * PAGE + 7)]
    site.page = 37
    assert len(tracker.changed("").tickets) == PAGE
    found, _ = everything(tracker)
    assert found == keys


def test_a_ticket_that_the_index_shows_late_is_listed(site: JiraSite, tracker: JiraTracker) -> None:
    site.add(at=site.now + timedelta(seconds=90))
    _, position = everything(tracker)
    late = site.add()
    assert everything(tracker, position)[0] == [late]


def test_the_listing_begins_early_enough_in_the_hour_that_comes_twice(
    site: JiraSite, tracker: JiraTracker
) -> None:
    before = datetime(2026, 4, 4, 15, 30, tzinfo=UTC).astimezone(ZONE)  # 2:30, for the first time
    site.add(at=before)
    _, position = everything(tracker)
    keys = [site.add(at=before + timedelta(minutes=minutes)) for minutes in (1, 59, 61, 200)]
    assert everything(tracker, position)[0] == keys


def test_jql_is_asked_in_the_time_zone_of_the_account(site: JiraSite, tracker: JiraTracker) -> None:
    site.add()
    tracker.changed(tracker.changed("").position)
    assert site.queries == [
        "(project = OPS) ORDER BY updated ASC, key ASC",
        '(project = OPS) AND updated >= "2026-03-02 08:58" ORDER BY updated ASC, key ASC',
    ]


@pytest.mark.parametrize("site", ["data center"], indirect=True)  # Cloud does not count rows
def test_rows_that_move_while_they_are_listed_are_noticed(
    site: JiraSite, address: str, connect: Connect
) -> None:
    keys = [site.add(at=site.now + timedelta(seconds=number)) for number in range(10)]
    site.page = 5

    def moved(request: Request) -> None:
        if request.query_params.get("startAt") == "4":
            site.touch(keys[0])

    site.faults.append(moved)
    tracker = connect(settings(site, address))
    with pytest.raises(TrackerError, match="changed while they were listed") as raised:
        tracker.changed("")
    assert raised.value.temporary
    site.faults.clear()
    assert set(everything(tracker)[0]) == set(keys)
    tracker.close()


def test_a_position_of_something_else_is_refused(tracker: JiraTracker) -> None:
    with pytest.raises(TrackerError, match="stored position"):
        tracker.changed("12")


def test_a_note_is_added_and_then_edited_in_place(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(body(site, "No mail leaves."))
    tracker.write_note(tracker.read(key), FIRST, None)
    site.comment(key, body(site, "More facts."))

    ticket = tracker.read(key)
    ((message, digest),) = standing(ticket.messages)
    assert digest == FIRST.digest
    assert "nlserver restart mta@prod" in message.text.splitlines()

    tracker.write_note(ticket, SECOND, message)
    tracker.write_note(ticket, SECOND, message)
    ticket = tracker.read(key)
    assert [digest for _, digest in standing(ticket.messages)] == [SECOND.digest]
    assert [message.own for message in ticket.messages] == [False, True, False]
    assert "stat is the first suspect" in ticket.messages[1].text


def test_the_note_is_for_agents_only_unless_asked_otherwise(
    site: JiraSite, address: str, connect: Connect
) -> None:
    for internal in (True, False):
        tracker = connect(evolve(settings(site, address), internal=internal))
        key = site.add()
        tracker.write_note(tracker.read(key), FIRST, None)
        tracker.close()
        properties = site.issues[key]["comments"][0]["properties"]
        assert properties == ([{"key": "sd.public.comment", "value": {"internal": True}}] if internal else [])


def test_the_note_comes_in_the_format_of_the_edition(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add()
    tracker.write_note(tracker.read(key), FIRST, None)
    (written,) = site.bodies(key)
    if site.cloud:
        assert [node["type"] for node in written["content"]] == ["paragraph", "codeBlock", "paragraph"]
    else:
        assert written == (
            "mta is the first suspect\n\n{noformat}\nnlserver restart mta@prod\n{noformat}\n\n"
            f"{{{{campaign-rules:{FIRST.digest}}}}}\n"
        )


def test_a_note_that_somebody_deleted_is_added_again(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add()
    tracker.write_note(tracker.read(key), FIRST, None)
    ticket = tracker.read(key)
    site.issues[key]["comments"].clear()
    tracker.write_note(ticket, SECOND, ticket.messages[-1])
    assert len(site.bodies(key)) == 1


def test_a_note_that_cannot_be_written_is_not_added_beside_the_old_one(
    site: JiraSite, tracker: JiraTracker
) -> None:
    key = site.add()
    tracker.write_note(tracker.read(key), FIRST, None)
    ticket = tracker.read(key)
    site.faults.append(lambda request: Response("{}", 404) if request.method == "PUT" else None)
    with pytest.raises(TrackerError, match="404"):
        tracker.write_note(ticket, SECOND, ticket.messages[-1])
    assert len(site.bodies(key)) == 1


def test_a_note_whose_reply_was_lost_is_found_again(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add()
    for note in (FIRST, SECOND):
        before = tracker.read(key)
        earlier = before.messages[-1] if standing(before.messages) else None
        site.loses_replies = True
        with pytest.raises(TrackerError, match="502") as raised:
            tracker.write_note(before, note, earlier)
        assert raised.value.temporary
        site.loses_replies = False
        after = tracker.read(key)
        message, digest = standing(after.messages)[-1]
        assert digest == note.digest
        tracker.write_note(after, note, message)
    assert len(site.bodies(key)) == 1


def test_edits_leave_what_others_changed(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add(labels=["asked", "urgent"])
    ticket = tracker.read(key)
    site.issues[key]["fields"]["labels"].append("theirs")
    edits = Edits(
        labels_added=frozenset({"diagnosed"}),
        labels_removed=frozenset({"asked"}),
        queue="Delivery",
        fields={
            "customfield_1": "mta",
            "customfield_2": "memory",
            "customfield_3": "0.5",
            "customfield_5": "why",
        },
    )
    tracker.edit(ticket, edits)
    fields = site.issues[key]["fields"]
    assert fields["labels"] == ["urgent", "theirs", "diagnosed"]
    assert fields["components"] == [{"name": "Delivery"}]
    assert (fields["customfield_1"], fields["customfield_2"]) == ({"value": "mta"}, "memory")
    assert fields["customfield_3"] == 0.5
    assert fields["customfield_5"] == body(site, "why")
    again = tracker.read(key)
    assert {name: again.fields[name] for name in edits.fields} == edits.fields

    site.asked.clear()
    tracker.edit(again, edits)
    assert not [asked for asked in site.asked if asked.startswith("PUT")]


def test_the_queue_may_be_a_field(site: JiraSite, address: str, connect: Connect) -> None:
    tracker = connect(evolve(settings(site, address), queue_field="customfield_4"))
    key = site.add()
    tracker.edit(tracker.read(key), Edits(queue="Delivery"))
    assert site.issues[key]["fields"]["customfield_4"] == {"value": "Delivery"}
    assert tracker.read(key).queue == "Delivery"
    tracker.close()


def test_a_field_that_jira_does_not_accept_is_named(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add()
    with pytest.raises(TrackerError, match="Jira has no field customfield_9"):
        tracker.edit(tracker.read(key), Edits(fields={"customfield_9": "x"}))
    with pytest.raises(TrackerError, match="holds a number"):
        tracker.edit(tracker.read(key), Edits(fields={"customfield_3": "much"}))

    def refuses(request: Request) -> Response | None:
        refused = {"errorMessages": [], "errors": {"customfield_2": "secret words"}}
        return JSONResponse(refused, 400) if request.method == "PUT" else None

    site.faults.append(refuses)
    with pytest.raises(TrackerError, match=r"400; not accepted: customfield_2$"):
        tracker.edit(tracker.read(key), Edits(fields={"customfield_2": "x"}))


@pytest.mark.parametrize("anonymous", [True, False])
def test_nothing_is_read_or_written_with_a_wrong_token(
    site: JiraSite, address: str, anonymous: bool, connect: Connect
) -> None:
    key = site.add(body(site, "secret words"))
    before = site.issues[key]["fields"]["updated"]
    site.anonymous = anonymous
    good = connect(settings(site, address))
    ticket = good.read(key)
    good.close()
    tracker = connect(evolve(settings(site, address), token="wrong-token"))
    for call in (
        lambda: tracker.changed(""),
        lambda: tracker.read(key),
        lambda: tracker.write_note(ticket, FIRST, None),
        lambda: tracker.write_note(ticket, FIRST, ticket.messages[0]),
        lambda: tracker.edit(ticket, Edits(labels_added=frozenset({"x"}))),
    ):
        with pytest.raises(TrackerError, match="401; check the user and the token") as raised:
            call()
        assert not raised.value.temporary
        assert "wrong-token" not in str(raised.value)
    assert site.issues[key]["fields"]["updated"] == before
    tracker.close()


@pytest.mark.parametrize(
    ("status", "temporary"),
    [
        (400, False),
        (403, False),
        (404, False),
        (408, True),
        (425, True),
        (429, True),
        (500, True),
        (503, True),
    ],
)
def test_errors_are_temporary_or_lasting_and_keep_silent(
    site: JiraSite,
    tracker: JiraTracker,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    status: int,
    temporary: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    key = site.add()
    reply = {"errorMessages": ["secret words"], "errors": {}}
    site.faults.append(lambda request: JSONResponse(reply, status, {"Retry-After": "17"}))
    with pytest.raises(TrackerError, match=f"Jira at 127.0.0.1:.*{status}") as raised:
        tracker.read(key)
    assert raised.value.temporary is temporary
    assert raised.value.retry_after == (17 if temporary else None)
    assert len(site.asked) == 1
    said = str(raised.value) + caplog.text + "".join(capfd.readouterr())
    assert "secret" not in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    "reply", ["<html>secret words</html>", '{"issues": 7}', "[]", '{"id": "1", "key": "OPS-1"}']
)
def test_a_reply_that_is_none_of_jira_is_refused(
    site: JiraSite,
    tracker: JiraTracker,
    caplog: pytest.LogCaptureFixture,
    reply: str,
) -> None:
    site.add()
    site.faults.append(lambda request: None if request.url.path.endswith("/myself") else Response(reply))
    for call in (lambda: tracker.changed(""), lambda: tracker.read("OPS-1")):
        with pytest.raises(TrackerError, match=r"JSON|not in the shape") as raised:
            call()
        assert not raised.value.temporary
        assert "secret" not in str(raised.value) + caplog.text


def test_a_redirect_is_not_followed(site: JiraSite, tracker: JiraTracker) -> None:
    headers = {"Location": "https://login.example/?from=jira"}
    site.faults.append(lambda request: Response(status_code=302, headers=headers))
    with pytest.raises(TrackerError, match=r"redirects to login\.example; set url"):
        tracker.changed("")


def test_no_connection_is_temporary(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        tracker = connect(JiraSettings(url=f"http://127.0.0.1:{port}", token=TOKEN, query="project = OPS"))
        with pytest.raises(TrackerError, match="no connection") as raised:
            tracker.changed("")
    assert raised.value.temporary
    tracker.close()


def test_a_token_that_cannot_be_sent_is_not_told(connect: Connect) -> None:
    tracker = connect(JiraSettings(url="http://127.0.0.1:9", token="secret\nwords", query="project = OPS"))
    with pytest.raises(TrackerError) as raised:
        tracker.changed("")
    assert "secret" not in str(raised.value)
    tracker.close()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "example.atlassian.net"}, "whole address"),
        ({"url": "https://bot:secret@example.atlassian.net"}, "whole address"),
        ({"token": ""}, "token is empty"),
        ({"query": " "}, "selects the tickets"),
        ({"query": "project = OPS order  by rank"}, "ORDER BY"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, str], told: str) -> None:
    given = {"url": "https://example.atlassian.net", "token": TOKEN, "query": "project = OPS", **changes}
    with pytest.raises(InputError, match=told):
        JiraSettings(**given)


@pytest.mark.parametrize(
    ("url", "cloud"),
    [
        ("https://example.atlassian.net", True),
        ("https://api.atlassian.com/ex/jira/11223344", True),
        ("https://jira.example.com/jira", False),
        ("https://atlassian.net.example.com", False),
    ],
)
def test_the_edition_is_told_by_the_host(url: str, cloud: bool) -> None:
    made = JiraSettings(url=url, token=TOKEN, query="project = OPS")
    assert made.is_cloud is cloud
    assert evolve(made, cloud=not cloud).is_cloud is not cloud


def test_settings_do_not_show_the_token() -> None:
    assert TOKEN not in repr(JiraSettings(url="https://example.com", token=TOKEN, query="project = OPS"))


def test_a_quotation_of_the_note_is_none_of_ours(site: JiraSite, tracker: JiraTracker) -> None:
    key = site.add()
    site.comment(key, body(site, f"You wrote campaign-rules:{FIRST.digest}"), ANNA)
    assert standing(tracker.read(key).messages) == ()

"""ServiceNow against a server that speaks its documented Table and Attachment APIs."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from attrs import evolve
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Code, Paragraph, Span
from campaign_rules.tickets.connectors.cursor import PAGE
from campaign_rules.tickets.connectors.servicenow import ServiceNowSettings, ServiceNowTracker
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.tracker import Edits, Tracker
from tests.service.running import running
from tests.tickets.connectors.listing import everything
from tests.tickets.connectors.servicenow_site import PASSWORD, USER, ServiceNowSite

FIRST = Note(
    (Paragraph((Span("mta is the first suspect [/code]"),)), Code("nlserver restart mta@prod\nsleep 5"))
)
SECOND = Note((Paragraph((Span("stat is the first suspect"),)),))

Connect = Callable[[ServiceNowSettings], ServiceNowTracker]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str, list[ServiceNowSite]]]:
    """Yield the address of a server, a file to trust it by, and the list whose last site answers there."""
    folder = tmp_path_factory.mktemp("tls")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    sites: list[ServiceNowSite] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (sites[-1].app() if sites else Starlette())(scope, receive, send)

    with running(app, folder / "server.pem") as url:
        yield url, str(folder / "authority.pem"), sites


@pytest.fixture
def site() -> ServiceNowSite:
    return ServiceNowSite()


@pytest.fixture
def settings(site: ServiceNowSite, server: tuple[str, str, list[ServiceNowSite]]) -> ServiceNowSettings:
    url, ca, sites = server
    sites.append(site)
    return ServiceNowSettings(url=url, user=USER, password=PASSWORD, note_field="u_diagnosis", ca=ca)


@pytest.fixture
def connect() -> Iterator[Connect]:
    """What makes trackers, which are closed after the test."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(closing(ServiceNowTracker(settings)))


@pytest.fixture
def tracker(settings: ServiceNowSettings, connect: Connect) -> ServiceNowTracker:
    """A tracker that keeps the note in a column."""
    return connect(settings)


@pytest.fixture
def journal(settings: ServiceNowSettings, connect: Connect) -> ServiceNowTracker:
    """A tracker that adds notes to the work notes."""
    return connect(evolve(settings, note_field=""))


def test_it_is_a_tracker(tracker: ServiceNowTracker) -> None:
    assert isinstance(tracker, Tracker)


def test_a_ticket_is_read_with_its_journal(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    key = site.add("No mail leaves.", assignment_group="0" * 29 + "384", u_module="mta")
    site.comment(key, "The mta is down.")
    site.comment(key, "Plain.\r\n[code]<p>One<br>two</p><pre>a\n  b</pre>[/code]", USER, "work_notes")
    ticket = tracker.read(key)
    assert (ticket.key, ticket.title, ticket.closed) == (key, "Summary 1", False)
    assert [message.text for message in ticket.messages] == [
        "No mail leaves.",
        "The mta is down.",
        "Plain.\nOne\ntwo\na\n  b",
    ]
    assert [message.author for message in ticket.messages] == ["anna", "anna", USER]
    assert [message.own for message in ticket.messages] == [False, False, True]
    assert ticket.messages[0].written == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert ticket.queue == "Delivery"
    assert ticket.fields["u_module"] == "mta"
    assert ticket.url.endswith(f"/incident.do?sys_id={site.row(key)['sys_id']}")


@pytest.mark.parametrize(
    ("columns", "closed"),
    [({}, False), ({"active": "false"}, True), ({"state": "6"}, True), ({"state": "2"}, False)],
)
def test_a_ticket_is_closed_by_its_state(
    site: ServiceNowSite, tracker: ServiceNowTracker, columns: dict[str, str], closed: bool
) -> None:
    assert tracker.read(site.add(**columns)).closed is closed


def test_a_ticket_that_is_not_there_is_said_so(tracker: ServiceNowTracker) -> None:
    with pytest.raises(TrackerError, match="one incident of number INC7: there is none") as raised:
        tracker.read("INC7")
    assert not raised.value.temporary
    with pytest.raises(TrackerError, match="cannot be looked up"):
        tracker.read("INC7^ORnumber!=INC7")


def test_files_are_read(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    key = site.add("See the logs.")
    site.attach(key, "mta.log", b"2026-03-02 mta error\n")
    site.attach(key, "dump.bin", b"", size=30_000_000)
    site.attach(key, "gone.log", b"x")
    del site.files[site.attachments[2]["sys_id"]]
    message = tracker.read(key).messages[0]
    assert [(file.name, file.content) for file in message.attachments] == [
        ("mta.log", b"2026-03-02 mta error\n")
    ]
    assert message.text.splitlines() == [
        "See the logs.",
        "",
        "(dump.bin was not read: it has 30.0 MB, and at most 20 MB are read of a file)",
        "",
        "(gone.log was not read: the tracker answered with 404)",
    ]


def test_each_ticket_is_listed_once(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    keys = [site.add(at=site.now + timedelta(seconds=31 * number)) for number in range(12)]
    found, position = everything(tracker)
    assert found == keys
    site.queries.clear()
    assert tracker.changed(position).tickets == ()
    assert site.queries == ["sys_updated_on>=2026-03-02 09:03:00^ORDERBYsys_updated_on^ORDERBYsys_id"]
    site.now += timedelta(hours=1)
    site.touch(keys[3])
    assert everything(tracker, position)[0] == [keys[3]]


def test_many_tickets_of_one_second_are_all_listed(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    keys = [site.add() for _ in range(2 * PAGE + 7)]
    found, position = everything(tracker)
    assert found == keys
    late = site.add()
    assert everything(tracker, position)[0] == [late]


def test_tickets_behind_many_that_the_account_may_not_see_are_listed(
    site: ServiceNowSite, tracker: ServiceNowTracker
) -> None:
    keys = [site.add() for _ in range(1200)]
    site.hidden = {site.row(key)["sys_id"] for key in keys[:1100]}
    assert everything(tracker)[0] == keys[1100:]


def test_only_the_tickets_of_the_query_are_listed(
    site: ServiceNowSite, settings: ServiceNowSettings, connect: Connect
) -> None:
    site.add()
    key = site.add(u_module="mta")
    tracker = connect(evolve(settings, query="u_module=mta"))
    assert everything(tracker)[0] == [key]
    tracker.close()


def test_a_note_is_kept_in_its_column(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    key = site.add("No mail leaves.")
    tracker.write_note(tracker.read(key), FIRST, None)
    site.comment(key, "More facts.")
    ticket = tracker.read(key)
    ((message, digest),) = standing(ticket.messages)
    assert (digest, message.own) == (FIRST.digest, True)
    assert message.text.splitlines()[:3] == [
        "mta is the first suspect [/code]",
        "nlserver restart mta@prod",
        "sleep 5",
    ]
    tracker.write_note(ticket, SECOND, message)
    site.asked.clear()
    tracker.write_note(ticket, SECOND, message)
    assert not [asked for asked in site.asked if asked.startswith("PATCH")]
    assert [digest for _, digest in standing(tracker.read(key).messages)] == [SECOND.digest]
    assert site.notes(key) == ["More facts."]


def test_a_note_may_be_kept_as_plain_text(
    site: ServiceNowSite, settings: ServiceNowSettings, connect: Connect
) -> None:
    tracker = connect(evolve(settings, note_markup="markdown"))
    key = site.add()
    tracker.write_note(tracker.read(key), SECOND, None)
    assert site.row(key)["u_diagnosis"].startswith("stat is the first suspect\n")
    assert [digest for _, digest in standing(tracker.read(key).messages)] == [SECOND.digest]
    tracker.close()


def test_words_of_others_in_the_column_are_read_and_stay(
    site: ServiceNowSite, tracker: ServiceNowTracker
) -> None:
    key = site.add(u_diagnosis="<p>It was the mta.</p>")
    ticket = tracker.read(key)
    assert [(message.text, message.own) for message in ticket.messages[1:]] == [("It was the mta.", False)]
    with pytest.raises(TrackerError, match="holds text that is no note"):
        tracker.write_note(ticket, FIRST, None)
    assert site.row(key)["u_diagnosis"] == "<p>It was the mta.</p>"


def test_a_journal_gets_an_entry_for_each_other_note(
    site: ServiceNowSite, journal: ServiceNowTracker
) -> None:
    key = site.add("No mail leaves.")
    journal.write_note(journal.read(key), FIRST, None)
    ticket = journal.read(key)
    ((message, digest),) = standing(ticket.messages)
    assert digest == FIRST.digest
    assert "mta is the first suspect [/code]\nnlserver restart mta@prod\nsleep 5" in message.text
    journal.write_note(ticket, FIRST, message)
    assert len(site.notes(key)) == 1
    journal.write_note(ticket, SECOND, message)
    ticket = journal.read(key)
    assert [digest for _, digest in standing(ticket.messages)] == [FIRST.digest, SECOND.digest]
    assert "in place of the note of 2026-03-02 09:00 UTC." in ticket.messages[-1].text
    journal.write_note(ticket, SECOND, ticket.messages[-1])
    assert len(site.notes(key)) == 2


def test_a_journal_that_the_account_may_not_see_is_said_so(
    site: ServiceNowSite, journal: ServiceNowTracker
) -> None:
    key = site.add()
    site.journal_hidden = True
    assert len(journal.read(key).messages) == 1
    site.comment(key, "secret words")
    with pytest.raises(TrackerError, match="read access to the table sys_journal_field") as raised:
        journal.read(key)
    assert "secret" not in str(raised.value)


def test_a_note_whose_reply_was_lost_is_found_again(site: ServiceNowSite, journal: ServiceNowTracker) -> None:
    key = site.add()
    for note in (FIRST, SECOND):
        before = journal.read(key)
        earlier = before.messages[-1] if standing(before.messages) else None
        site.loses_replies = True
        with pytest.raises(TrackerError, match="502") as raised:
            journal.write_note(before, note, earlier)
        assert raised.value.temporary
        site.loses_replies = False
        after = journal.read(key)
        message, digest = standing(after.messages)[-1]
        assert digest == note.digest
        journal.write_note(after, note, message)
    assert len(site.notes(key)) == 2


def test_edits_leave_what_others_changed(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    key = site.add()
    ticket = tracker.read(key)
    site.row(key)["state"] = "2"
    edits = Edits(queue="Delivery", fields={"u_module": "mta"})
    tracker.edit(ticket, edits)
    row = site.row(key)
    assert (row["assignment_group"], row["u_module"], row["state"]) == (f"{900:032x}", "mta", "2")
    assert tracker.read(key).queue == "Delivery"
    site.asked.clear()
    tracker.edit(ticket, edits)
    tracker.edit(ticket, Edits(queue=f"{900:032x}"))
    assert not [asked for asked in site.asked if asked.startswith("PATCH")]


def test_edits_that_cannot_be_are_refused(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    ticket = tracker.read(site.add())
    for edits, told in (
        (Edits(labels_added=frozenset({"x"})), "have no labels"),
        (Edits(queue="Nobody"), "has no group named Nobody; give the sys_id"),
        (Edits(fields={"u_modul": "mta"}), "incident has no column u_modul"),
    ):
        with pytest.raises(TrackerError, match=told):
            tracker.edit(ticket, edits)
    assert site.row(ticket.key)["sys_mod_count"] == "0"


def test_what_servicenow_silently_leaves_is_noticed(
    site: ServiceNowSite, tracker: ServiceNowTracker, journal: ServiceNowTracker
) -> None:
    ticket = tracker.read(site.add())
    site.read_only = {"u_module", "u_diagnosis", "work_notes"}
    with pytest.raises(TrackerError, match="did not take u_module"):
        tracker.edit(ticket, Edits(fields={"u_module": "mta"}))
    with pytest.raises(TrackerError, match="did not take u_diagnosis"):
        tracker.write_note(ticket, FIRST, None)
    with pytest.raises(TrackerError, match="did not take work_notes"):
        journal.write_note(ticket, FIRST, None)


def test_nothing_is_read_or_written_with_a_wrong_password(
    site: ServiceNowSite, settings: ServiceNowSettings, tracker: ServiceNowTracker, connect: Connect
) -> None:
    key = site.add("secret words")
    ticket = tracker.read(key)
    wrong = connect(evolve(settings, password="wrong-pässword"))
    for call in (
        lambda: wrong.changed(""),
        lambda: wrong.read(key),
        lambda: wrong.write_note(ticket, FIRST, None),
        lambda: wrong.edit(ticket, Edits(fields={"u_module": "mta"})),
    ):
        with pytest.raises(TrackerError, match="401; check the user and the") as raised:
            call()
        assert not raised.value.temporary
        assert "wrong" not in str(raised.value)
    assert site.row(key)["sys_mod_count"] == "0"
    wrong.close()


@pytest.mark.parametrize(
    ("status", "temporary"), [(400, False), (403, False), (404, False), (408, True), (429, True), (502, True)]
)
def test_errors_are_temporary_or_lasting_and_keep_silent(
    site: ServiceNowSite,
    tracker: ServiceNowTracker,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    status: int,
    temporary: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    reply = {"error": {"message": "secret words", "detail": "secret"}, "status": "failure"}
    headers = {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}
    site.faults.append(lambda request: JSONResponse(reply, status, headers))
    with pytest.raises(TrackerError, match=f"ServiceNow at 127.0.0.1:.*{status}") as raised:
        tracker.changed("")
    assert raised.value.temporary is temporary
    assert ((raised.value.retry_after or 0) > 1e9) is temporary
    assert len(site.asked) == 1
    said = str(raised.value) + caplog.text + "".join(capfd.readouterr())
    assert "secret" not in said


@pytest.mark.parametrize(
    "reply", ["<html>secret</html>", "[]", '{"rows": []}', '{"result": 7}', '{"result": [7]}', ""]
)
def test_a_reply_that_is_none_of_servicenow_is_refused(
    site: ServiceNowSite, tracker: ServiceNowTracker, capfd: pytest.CaptureFixture[str], reply: str
) -> None:
    site.faults.append(lambda request: Response(reply))
    for call in (lambda: tracker.changed(""), lambda: tracker.read("INC1")):
        with pytest.raises(TrackerError) as raised:
            call()
        assert not raised.value.temporary
        assert "secret" not in str(raised.value) + "".join(capfd.readouterr())


def test_a_redirect_is_not_followed(site: ServiceNowSite, tracker: ServiceNowTracker) -> None:
    headers = {"Location": "https://login.example/"}
    site.faults.append(lambda request: Response(status_code=302, headers=headers))
    with pytest.raises(TrackerError, match=r"redirects to login\.example; set url"):
        tracker.changed("")


def test_a_server_that_is_not_trusted_gets_nothing(
    site: ServiceNowSite, settings: ServiceNowSettings, connect: Connect
) -> None:
    tracker = connect(evolve(settings, ca=""))
    with pytest.raises(TrackerError, match="certificate cannot be verified; set ca") as raised:
        tracker.changed("")
    assert not raised.value.temporary
    assert site.asked == []
    tracker.close()


def test_no_connection_is_temporary(settings: ServiceNowSettings, connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        tracker = connect(evolve(settings, url=f"https://127.0.0.1:{unused.getsockname()[1]}"))
        with pytest.raises(TrackerError, match="no connection") as raised:
            tracker.changed("")
    assert raised.value.temporary
    tracker.close()


def test_a_server_that_does_not_answer_is_temporary(
    site: ServiceNowSite, settings: ServiceNowSettings, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    monkeypatch.setattr("campaign_rules.tickets.connectors.transport.SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        tracker = connect(evolve(settings, url=f"https://127.0.0.1:{silent.getsockname()[1]}"))
        with pytest.raises(TrackerError, match=r"more than 0\.2 s|no connection") as raised:
            tracker.changed("")
    assert raised.value.temporary
    tracker.close()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"url": "http://example.service-now.com"}, "whole address"),
        ({"url": "https://bot:secret@example.service-now.com"}, "whole address"),
        ({"password": ""}, "both needed"),
        ({"query": "active=true^NQactive=false"}, "neither"),
        ({"query": "ORDERBYnumber"}, "neither"),
        ({"journal": "close_notes"}, "journal is one of comments, work_notes"),
        ({"note_markup": "textile"}, "note_markup is html or markdown"),
        ({"note_field": "Diagnosis"}, "no name of a table or column"),
    ],
)
def test_settings_that_cannot_work_are_refused(changes: dict[str, str], told: str) -> None:
    given = {"url": "https://example.service-now.com", "user": USER, "password": PASSWORD, **changes}
    with pytest.raises(InputError, match=told):
        ServiceNowSettings(**given)


def test_settings_do_not_show_the_password() -> None:
    made = ServiceNowSettings(url="https://example.service-now.com", user=USER, password=PASSWORD)
    assert PASSWORD not in repr(made)

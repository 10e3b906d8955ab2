"""A system that sends its tickets and is called back, played by a server on loopback."""

from __future__ import annotations

import base64
import json
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.signatures import Webhooks
from campaign_rules.tickets.connectors.webhook import WebhookSettings, WebhookTracker
from campaign_rules.tickets.connectors.webhook_shape import Shape
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.tracker import Changed, Edits, Receiving

SECRET = "a-secret-that-nobody-guesses"

TICKET: dict[str, Any] = {
    "key": "OPS/12",
    "title": "No e-mail leaves",
    "labels": ["urgent"],
    "fields": {"priority": 2},
    "messages": [
        {
            "id": "1",
            "author": "anna",
            "written": "2026-11-23T10:40:12+01:00",
            "text": "Nothing since 9:40.",
            "attachments": [{"name": "mta.log", "content": base64.b64encode(b"an error\n").decode()}],
        }
    ],
}

TOO_LARGE = {"name": "b", "content": "A" * 26_666_668}


def note(text: str) -> Note:
    return Note((Paragraph((Span(text),)),))


def sent(ticket: dict[str, Any]) -> bytes:
    return json.dumps(ticket).encode()


class System(ThreadingHTTPServer):
    """What is called back. `answers` are given one after the other, then 200; a callable is asked first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[tuple[str, str, dict[str, str], bytes]] = []
        self.notes: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, str] = {}
        self.answers: list[tuple[int, dict[str, str]] | Callable[[], None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: System

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.calls.append((self.command, self.path, headers, body))
        answer = self.server.answers.pop(0) if self.server.answers else (200, {})
        if isinstance(answer, tuple) and answer[0] != 200:
            self.send_response(answer[0])
            for name, value in answer[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        once = headers["idempotency-key"]
        if self.command == "POST" and once not in self.server.seen:
            self.server.seen[once] = f"n{len(self.server.notes) + 1}"
        data = json.loads(body)
        name = data.get("note") or self.server.seen.get(once, "")
        if self.command != "PATCH":
            self.server.notes[name] = data
        if callable(answer):
            answer()
            self.close_connection = True
            return
        reply = json.dumps({"id": name}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    do_POST = do_PUT = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def system() -> Iterator[System]:
    with System() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(system: System, tmp_path: Path) -> WebhookSettings:
    return WebhookSettings(
        callback=f"{system.url}/tickets/{{key}}/notes",
        edits=f"{system.url}/tickets/{{key}}",
        secret=SECRET,
        store=str(tmp_path / "received.db"),
    )


@pytest.fixture
def tracker(settings: WebhookSettings) -> Iterator[WebhookTracker]:
    tracker = WebhookTracker(settings)
    yield tracker
    tracker.close()


def test_a_ticket_is_read_after_a_restart(tracker: WebhookTracker, settings: WebhookSettings) -> None:
    assert isinstance(tracker, Receiving)
    changed = tracker.receive(sent(TICKET), {})
    again = WebhookTracker(settings)
    ticket = again.read("OPS/12")
    again.close()
    assert changed == Changed("OPS/12", ticket.revision)
    assert (ticket.title, ticket.labels, ticket.fields) == (
        "No e-mail leaves",
        frozenset({"urgent"}),
        {"priority": "2"},
    )
    message = ticket.messages[0]
    assert (message.author, message.text, message.own) == ("anna", "Nothing since 9:40.", False)
    assert message.written.isoformat() == "2026-11-23T09:40:12+00:00"
    assert [(one.name, one.content) for one in message.attachments] == [("mta.log", b"an error\n")]
    assert tracker.changed("").tickets == ()


def test_the_store_is_for_its_owner_only(tracker: WebhookTracker, settings: WebhookSettings) -> None:
    tracker.receive(sent(TICKET), {})
    assert stat.S_IMODE(os.stat(settings.store).st_mode) == 0o600


def test_the_same_message_again_changes_nothing(tracker: WebhookTracker) -> None:
    assert tracker.receive(sent(TICKET), {}) == tracker.receive(sent(TICKET), {})
    assert len(tracker.read("OPS/12").messages) == 1


def test_a_message_without_id_and_time_is_the_same_when_it_comes_again(tracker: WebhookTracker) -> None:
    ticket = {"key": 7, "messages": "The mta is down."}
    assert tracker.receive(sent(ticket), {}) == tracker.receive(sent(ticket), {})
    assert [one.text for one in tracker.read("7").messages] == ["The mta is down."]


def test_what_is_new_may_come_alone_and_late(tracker: WebhookTracker) -> None:
    first = tracker.receive(sent(TICKET), {"webhook-timestamp": "100"})
    reply = {"id": "2", "written": "2026-11-23T11:00:00Z", "html": "<p>The mta <b>runs</b>.</p>"}
    later = tracker.receive(
        sent({"key": "OPS/12", "title": "Solved", "messages": [reply]}), {"webhook-timestamp": "300"}
    )
    assert first.revision != later.revision
    edited = {**TICKET["messages"][0], "text": "old words"}
    late = {"id": "3", "written": "2026-11-23T10:00:00Z", "text": "between"}
    tracker.receive(
        sent({"key": "OPS/12", "title": "Old", "messages": [edited, late]}), {"webhook-timestamp": "200"}
    )
    ticket = tracker.read("OPS/12")
    assert ticket.title == "Solved"
    assert [one.text for one in ticket.messages] == ["Nothing since 9:40.", "between", "The mta runs."]


def test_a_systems_own_shape_is_read_by_paths(tmp_path: Path) -> None:
    shape = Shape(
        {
            "key": "/issue/number",
            "title": "issue.fields.summary",
            "messages": "issue.comments",
            "messages.text": "body.0.value",
            "messages.attachments": "/files~1all",
            "messages.attachments.name": "filename",
        }
    )
    got = shape.read(
        sent(
            {
                "issue": {
                    "number": 12,
                    "fields": {"summary": "Down"},
                    "comments": [
                        {"body": [{"value": "It is."}], "files/all": [{"filename": "a", "content": ""}]}
                    ],
                }
            }
        )
    )
    assert (got.key, got.head) == ("12", {"title": "Down"})
    (message,) = got.messages.values()
    assert (message["text"], message["attachments"]) == ("It is.", [{"name": "a", "content": ""}])
    with pytest.raises(InputError, match=r"no 'mesages' of a ticket \(did you mean 'messages'"):
        Shape({"mesages": "comments"})


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "key"),
        (sent({"key": "x" * 201}), "key"),
        (sent({**TICKET, "closed": "no"}), "closed: must be true or false"),
        (sent({**TICKET, "labels": [1]}), "labels: must be a list"),
        (sent({**TICKET, "messages": 3}), "messages: must be a list"),
        (sent({**TICKET, "messages": [{"id": 1}]}), r"messages\[0\]: a message needs a text"),
        (sent({**TICKET, "messages": [{"text": "a", "written": "now"}]}), "written must be a time"),
        (
            sent({**TICKET, "messages": [{"text": "a", "attachments": [{"name": "b", "content": "?"}]}]}),
            r"messages\[0\].attachments\[0\]: the content is not base64",
        ),
        (sent({**TICKET, "messages": [{"text": f"{at}"} for at in range(1001)]}), "at most 1000 messages"),
        (
            sent({"key": "a", "messages": [{"text": "a", "attachments": [TOO_LARGE]}]}),
            "at most 20 MB",
        ),
    ],
    ids=range(13),
)
def test_what_is_no_ticket_is_refused_and_not_kept(tracker: WebhookTracker, body: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match):
        tracker.receive(body, {})
    with pytest.raises(TrackerError, match="no ticket of this key") as caught:
        tracker.read("OPS/12")
    assert not caught.value.temporary


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "messages", "text", "written", "attachments", "labels"]), inner
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_is_a_ticket_or_refused(data: Any) -> None:
    body = json.dumps(data).encode()
    with suppress(InputError):
        assert Shape({}).read(body).key


def test_a_note_is_added_then_changed(tracker: WebhookTracker, system: System) -> None:
    tracker.receive(sent(TICKET), {})
    tracker.write_note(tracker.read("OPS/12"), note("It is the mta."), None)
    ((standing_now, digest),) = standing(tracker.read("OPS/12").messages)
    assert (standing_now.id, digest) == ("n1", note("It is the mta.").digest)
    tracker.write_note(tracker.read("OPS/12"), note("It is stat."), standing_now)
    assert [(one, path) for one, path, *_ in system.calls] == [
        ("POST", "/tickets/OPS%2F12/notes"),
        ("PUT", "/tickets/OPS%2F12/notes"),
    ]
    assert list(system.notes) == ["n1"]
    assert "It is stat." in system.notes["n1"]["markdown"]
    assert "It is stat." in system.notes["n1"]["html"]
    assert system.notes["n1"]["adf"]["type"] == "doc"
    assert [digest for _, digest in standing(tracker.read("OPS/12").messages)] == [note("It is stat.").digest]


def test_callbacks_are_signed(tracker: WebhookTracker, system: System) -> None:
    tracker.receive(sent(TICKET), {})
    tracker.write_note(tracker.read("OPS/12"), note("a"), None)
    _, _, headers, body = system.calls[0]
    verifier = Webhooks((SECRET,))
    with pytest.raises(Problem):
        verifier.verify(headers, body + b" ")
    with pytest.raises(Problem):
        Webhooks(("another-secret",)).verify(headers, body)
    verifier.verify(headers, body)
    with pytest.raises(Problem):
        verifier.verify(headers, body)


def test_a_note_whose_answer_was_lost_is_not_doubled(
    tracker: WebhookTracker, settings: WebhookSettings, system: System
) -> None:
    changed = tracker.receive(sent(TICKET), {})
    system.answers = [lambda: None, lambda: None]
    for tried in (tracker, WebhookTracker(settings)):
        with pytest.raises(TrackerError, match="no connection") as caught:
            tried.write_note(tried.read("OPS/12"), note("first"), None)
        assert caught.value.temporary
        assert not standing(tried.read("OPS/12").messages)
        tried.close()
    restarted = WebhookTracker(settings)
    restarted.write_note(restarted.read("OPS/12"), note("second"), None)
    assert len({headers["webhook-id"] for _, _, headers, _ in system.calls[:3]}) == 1
    assert [one["digest"] for one in system.notes.values()] == [note("second").digest]
    ticket = restarted.read("OPS/12")
    assert [digest for _, digest in standing(ticket.messages)] == [note("second").digest]
    assert ticket.revision == changed.revision
    restarted.close()


def test_our_note_that_the_system_sends_back_is_there_once(tracker: WebhookTracker, system: System) -> None:
    tracker.receive(sent(TICKET), {})
    tracker.write_note(tracker.read("OPS/12"), note("a"), None)
    echo = {"id": "n1", "author": "bot", "text": system.notes["n1"]["markdown"]}
    tracker.receive(sent({"key": "OPS/12", "messages": [echo]}), {})
    assert [message.own for message in tracker.read("OPS/12").messages] == [False, True]


def test_edits_are_sent_and_read_back(tracker: WebhookTracker, system: System) -> None:
    tracker.receive(sent(TICKET), {})
    edits = Edits(
        labels_added=frozenset({"a"}), labels_removed=frozenset({"urgent"}), queue="q", fields={"f": "v"}
    )
    tracker.edit(tracker.read("OPS/12"), edits)
    method, path, _, body = system.calls[0]
    assert (method, path) == ("PATCH", "/tickets/OPS%2F12")
    assert json.loads(body)["labels_removed"] == ["urgent"]
    ticket = tracker.read("OPS/12")
    assert (ticket.labels, ticket.queue) == (frozenset({"a"}), "q")
    assert ticket.fields == {"priority": "2", "f": "v"}


def test_a_system_without_an_address_for_edits_takes_none(settings: WebhookSettings) -> None:
    tracker = WebhookTracker(WebhookSettings(callback=settings.callback, secret=SECRET, store=settings.store))
    tracker.receive(sent(TICKET), {})
    with pytest.raises(TrackerError, match="set edits") as caught:
        tracker.edit(tracker.read("OPS/12"), Edits(queue="q"))
    assert not caught.value.temporary
    tracker.close()


@pytest.mark.parametrize(
    ("status", "headers", "temporary", "retry_after"),
    [
        (401, {}, False, None),
        (404, {}, False, None),
        (408, {}, True, None),
        (429, {"Retry-After": "7"}, True, 7.0),
        (503, {"Retry-After": "soon"}, True, None),
        (302, {"Location": "http://127.0.0.1:1/"}, False, None),
    ],
)
def test_refusals_tell_host_and_status_and_no_more(
    tracker: WebhookTracker,
    system: System,
    status: int,
    headers: dict[str, str],
    temporary: bool,
    retry_after: float | None,
) -> None:
    tracker.receive(sent(TICKET), {})
    system.answers = [(status, headers)]
    with pytest.raises(TrackerError, match=str(status)) as caught:
        tracker.write_note(tracker.read("OPS/12"), note("a"), None)
    assert (caught.value.temporary, caught.value.retry_after) == (temporary, retry_after)
    assert "127.0.0.1" in str(caught.value)
    assert "OPS" not in str(caught.value)
    assert len(system.calls) == 1


def test_a_system_that_is_not_there_is_told(settings: WebhookSettings, system: System) -> None:
    tracker = WebhookTracker(evolve(settings, callback="http://127.0.0.1:1/{key}"))
    tracker.receive(sent(TICKET), {})
    with pytest.raises(TrackerError, match=r"POST to 127.0.0.1:1 failed") as caught:
        tracker.write_note(tracker.read("OPS/12"), note("a"), None)
    assert caught.value.temporary
    tracker.close()


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"callback": "http://desk.example.com/{key}"}, "must begin with https"),
        ({"callback": "desk.example.com"}, "must be an address"),
        ({"callback": "https://{key}.example.com/"}, "name of the host"),
        ({"edits": "ftp://desk.example.com/"}, "edits: must be an address"),
        ({"secret": ""}, "secret"),
        ({"secret": "whsec_!"}, "base64"),
    ],
)
def test_unsafe_settings_are_refused(changes: dict[str, str], match: str) -> None:
    with pytest.raises(InputError, match=match):
        WebhookSettings(**{"callback": "https://desk.example.com/{key}", "secret": SECRET} | changes)


def test_the_secret_is_not_shown(settings: WebhookSettings) -> None:
    assert SECRET not in repr(settings)


def test_a_store_that_cannot_be_used_is_told(settings: WebhookSettings, tmp_path: Path) -> None:
    tracker = WebhookTracker(
        WebhookSettings(callback=settings.callback, secret=SECRET, store=str(tmp_path / "none" / "a.db"))
    )
    with pytest.raises(TrackerError, match="cannot be kept there"):
        tracker.receive(sent(TICKET), {})
    tracker.close()

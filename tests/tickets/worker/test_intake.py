"""Webhooks: what is genuine wakes the worker, and all else is refused and told nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from attrs import define, field

pytest.importorskip("fastapi")
pytest.importorskip("sqlalchemy")

from starlette.testclient import TestClient

import campaign_rules as cr
from campaign_rules.errors import TrackerError
from campaign_rules.serving.signatures import ID, SIGNATURE, TIMESTAMP, sign
from campaign_rules.tickets import Changed, Changes
from campaign_rules.tickets.configuration.settings import Webhooks
from campaign_rules.tickets.state.database import open_database
from campaign_rules.tickets.state.queue import Queue
from campaign_rules.tickets.worker.bell import Bell
from campaign_rules.tickets.worker.intake import HEALTH, WEBHOOK, Intake, create_intake
from tests.tickets.desk import Desk, DeskTracker

SECRET = "a-secret-that-nobody-guesses"
OTHER = "a-secret-that-is-not-ours-at-all"
BODY = json.dumps({"issue": {"key": "OPS-1"}, "text": "the words of a customer"}).encode()

Headers = Mapping[str, str]


def standard(secret: str, body: bytes) -> Headers:
    now = int(time.time())
    return {ID: "msg-1", TIMESTAMP: str(now), SIGNATURE: sign(secret, "msg-1", now, body)}


def sha256(secret: str, body: bytes) -> Headers:
    return {"X-Hub-Signature": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def sha256_of_github(secret: str, body: bytes) -> Headers:
    return {"X-Hub-Signature-256": sha256(secret, body)["X-Hub-Signature"]}


def sha1(secret: str, body: bytes) -> Headers:
    return {"X-Hub-Signature": f"sha1={hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}"}


def token(secret: str, body: bytes) -> Headers:
    return {"Authorization": f"Bearer {secret}"}


Sign = Callable[[str, bytes], Headers]

WAYS = [
    ("jira", "", sha256),
    ("jira", "sha256", sha256_of_github),
    ("zammad", "", sha1),
    ("webhook", "", standard),
    ("redmine", "", token),
    ("roundup", "standard", standard),
]


@define
class Taken:
    """What an application took in."""

    messages: list[tuple[bytes, Mapping[str, str]]] = field(factory=list)
    error: Exception | None = None

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> None:
        if self.error:
            raise self.error
        self.messages.append((body, headers))


def client(taken: Taken, kind: str = "jira", **settings: Any) -> TestClient:
    hooks = Webhooks(**{"secrets": (SECRET,), **settings})
    return TestClient(create_intake(hooks, kind, taken), base_url="http://hooks.example")


@pytest.mark.parametrize(("kind", "signature", "signed"), WAYS)
def test_a_genuine_message_is_taken_in(kind: str, signature: str, signed: Sign) -> None:
    taken = Taken()
    reply = client(taken, kind, signature=signature).post(WEBHOOK, content=BODY, headers=signed(SECRET, BODY))
    assert (reply.status_code, reply.content) == (202, b"")
    ((body, headers),) = taken.messages
    assert body == BODY
    assert all(name == name.lower() for name in headers)


@pytest.mark.parametrize(("kind", "signature", "signed"), WAYS)
def test_without_or_with_a_wrong_signature_nothing_is_taken_in_or_told(
    kind: str, signature: str, signed: Sign
) -> None:
    taken = Taken()
    asked = client(taken, kind, signature=signature)
    right = signed(SECRET, BODY)
    replies = [
        asked.post(WEBHOOK, content=BODY, headers=headers)
        for headers in (
            {},
            signed(OTHER, BODY),
            dict.fromkeys(right, ""),
            {name: f"{value}0" for name, value in right.items()},
            {name: value.upper() for name, value in right.items()},
        )
    ]
    if signed is not token:
        replies.append(asked.post(WEBHOOK, content=BODY + b" ", headers=right))
        replies.append(asked.post(WEBHOOK, content=BODY, headers=token(SECRET, BODY)))
    assert {reply.status_code for reply in replies} == {401}
    assert taken.messages == []
    for reply in replies:
        assert SECRET not in reply.text
        assert "OPS-1" not in reply.text


def test_jira_does_not_take_the_weaker_signature_of_zammad() -> None:
    assert client(Taken()).post(WEBHOOK, content=BODY, headers=sha1(SECRET, BODY)).status_code == 401


def test_several_secrets_let_one_change_them() -> None:
    taken = Taken()
    asked = client(taken, secrets=(OTHER, SECRET))
    assert asked.post(WEBHOOK, content=BODY, headers=sha256(SECRET, BODY)).status_code == 202


@pytest.mark.parametrize("path", ["/", "/v1", "/openapi.json", "/docs", "/v1/tickets"])
def test_nothing_else_can_be_asked(path: str) -> None:
    reply = client(Taken()).get(path)
    assert reply.status_code == 401
    assert client(Taken()).get(HEALTH).json() == {"status": "ok"}


def test_reading_is_no_webhook() -> None:
    assert client(Taken()).get(WEBHOOK).status_code == 405


def test_a_body_that_is_too_large_is_refused_unread() -> None:
    taken = Taken()
    reply = client(taken).post(WEBHOOK, content=b"x" * (8 << 20 | 1), headers={})
    assert (reply.status_code, taken.messages) == (413, [])


def test_without_secrets_only_this_machine_is_listened_to() -> None:
    taken = Taken()
    app = create_intake(Webhooks(), "jira", taken)
    assert TestClient(app, base_url="http://127.0.0.1").post(WEBHOOK, content=BODY).status_code == 202
    assert TestClient(app, base_url="http://rebound.example").post(WEBHOOK, content=BODY).status_code == 421


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (cr.InputError("no ticket: key is missing"), 422),
        (TrackerError("disk full", temporary=True), 503),
    ],
)
def test_what_cannot_be_kept_is_not_said_to_be(error: Exception, status: int) -> None:
    taken = Taken(error=error)
    assert client(taken).post(WEBHOOK, content=BODY, headers=sha256(SECRET, BODY)).status_code == status


def test_a_failure_of_ours_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    taken = Taken(error=RuntimeError("the words of a customer"))
    reply = client(taken).post(WEBHOOK, content=BODY, headers=sha256(SECRET, BODY))
    assert reply.status_code == 500
    assert "customer" not in reply.text + caplog.text


@pytest.fixture
def queue() -> Iterator[Queue]:
    engine = open_database("sqlite://")
    yield Queue(engine, "desk")
    engine.dispose()


def done(queue: Queue, *keys: str) -> None:
    queue.add(Changes(tuple(Changed(key, "1") for key in keys), "1"), "")
    while (claim := queue.claim()) is not None:
        queue.complete(claim, "1", "diagnosed", "")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("jira", {"issue": {"key": "7"}}),
        ("zammad", {"ticket": {"id": 7}}),
        ("redmine", {"payload": {"issue": {"id": 7}}}),
        ("redmine", {"data": {"issue": {"id": 7}}}),
        ("roundup", {"key": "7"}),
    ],
)
def test_a_known_ticket_is_looked_at_again_at_once(queue: Queue, kind: str, message: Any) -> None:
    done(queue, "7", "8")
    bell = Bell()
    Intake(kind, DeskTracker(Desk()), queue, bell).take(json.dumps(message).encode(), {})
    claim = queue.claim()
    assert claim is not None
    assert (claim.key, queue.claim(), bell.rung) == ("7", None, 1)


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"issue": 1}', b'{"issue": {"key": "X-1"}}'])
def test_any_other_message_makes_the_worker_ask_and_brings_no_ticket(queue: Queue, body: bytes) -> None:
    done(queue, "7")
    bell = Bell()
    Intake("jira", DeskTracker(Desk()), queue, bell).take(body, {})
    assert (queue.claim(), bell.rung) == (None, 1)


class ReceivingDesk(DeskTracker):
    """A tracker that is sent its tickets."""

    def receive(self, body: bytes, headers: Mapping[str, str]) -> Changed:
        key = json.loads(body)["key"]
        self.desk.open(key, "text")
        return Changed(key, self.desk.tickets[key].revision)


def test_a_ticket_that_is_sent_is_kept_and_waits(queue: Queue) -> None:
    desk, bell = Desk(), Bell()
    intake = Intake("webhook", ReceivingDesk(desk), queue, bell)
    intake.take(b'{"key": "7"}', {})
    claim = queue.claim()
    assert claim is not None
    assert (claim.key, list(desk.tickets), bell.rung) == ("7", ["7"], 1)

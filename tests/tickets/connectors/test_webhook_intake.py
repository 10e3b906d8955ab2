"""Tickets that are sent, all the way from the signed message to the queue, and the pages that tell how."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.serving.signatures import ID, SIGNATURE, TIMESTAMP, sign
from campaign_rules.tickets.configuration.file import read_config
from campaign_rules.tickets.configuration.settings import Webhooks
from campaign_rules.tickets.connectors.webhook import WebhookSettings, WebhookTracker
from campaign_rules.tickets.state.database import open_database
from campaign_rules.tickets.state.queue import Queue
from campaign_rules.tickets.worker.bell import Bell
from campaign_rules.tickets.worker.intake import WEBHOOK, Intake, create_intake

PAGES = Path(__file__).parents[3] / "docs" / "how-to"
SECRET = "a-secret-that-nobody-guesses"
BODY = json.dumps({"key": "OPS-1", "messages": "No e-mail leaves."}).encode()


def signed(body: bytes = BODY, *, secret: str = SECRET, name: str = "m1", away: int = 0) -> dict[str, str]:
    stamp = int(time.time()) + away
    return {ID: name, TIMESTAMP: str(stamp), SIGNATURE: sign(secret, name, stamp, body)}


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[WebhookTracker]:
    settings = WebhookSettings(
        callback="https://desk.example.com/{key}", secret=SECRET, store=str(tmp_path / "a" / "received.db")
    )
    (tmp_path / "a").mkdir()
    tracker = WebhookTracker(settings)
    yield tracker
    tracker.close()


@pytest.fixture
def queue() -> Iterator[Queue]:
    engine = open_database("sqlite://")
    yield Queue(engine, "webhook")
    engine.dispose()


@pytest.fixture
def client(tracker: WebhookTracker, queue: Queue) -> TestClient:
    intake = Intake("webhook", tracker, queue, Bell())
    return TestClient(create_intake(Webhooks(secrets=(SECRET,)), "webhook", intake.take))


def test_a_signed_ticket_is_kept_and_waits(client: TestClient, tracker: WebhookTracker, queue: Queue) -> None:
    assert client.post(WEBHOOK, content=BODY, headers=signed()).status_code == 202
    claim = queue.claim()
    assert claim is not None
    ticket = tracker.read("OPS-1")
    assert (claim.key, ticket.messages[0].text) == ("OPS-1", "No e-mail leaves.")


def test_the_same_message_again_makes_no_more_work(
    client: TestClient, tracker: WebhookTracker, queue: Queue
) -> None:
    headers = signed()
    assert client.post(WEBHOOK, content=BODY, headers=headers).status_code == 202
    claim = queue.claim()
    assert claim is not None
    queue.complete(claim, tracker.read("OPS-1").revision, "diagnosed", "")
    assert client.post(WEBHOOK, content=BODY, headers=headers).status_code == 202
    assert queue.claim() is None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (BODY, dict, 401),
        (BODY, lambda: signed(secret="another-secret-of-others"), 401),
        (BODY + b" ", signed, 401),
        (BODY, lambda: signed(away=-3600), 401),
        (b" " * (8 << 20 | 1), signed, 413),
        (b"{}", lambda: signed(b"{}"), 422),
    ],
    ids=["unsigned", "of others", "changed", "old", "too large", "no ticket"],
)
def test_what_is_not_genuine_or_no_ticket_is_not_kept(
    client: TestClient,
    tracker: WebhookTracker,
    queue: Queue,
    body: bytes,
    headers: Callable[[], dict[str, str]],
    status: int,
) -> None:
    assert client.post(WEBHOOK, content=body, headers=headers()).status_code == status
    assert queue.claim() is None
    with pytest.raises(TrackerError, match="no ticket of this key"):
        tracker.read("OPS-1")


def test_a_message_that_could_not_be_kept_is_taken_when_it_comes_again(
    client: TestClient, tmp_path: Path, queue: Queue
) -> None:
    headers = signed()
    (tmp_path / "a").rename(tmp_path / "b")
    assert client.post(WEBHOOK, content=BODY, headers=headers).status_code == 503
    (tmp_path / "b").rename(tmp_path / "a")
    assert client.post(WEBHOOK, content=BODY, headers=headers).status_code == 202
    assert queue.claim() is not None


def test_a_crash_after_the_ticket_was_kept_loses_nothing(
    client: TestClient, tracker: WebhookTracker, queue: Queue
) -> None:
    """The sender got no answer, and sends the message again."""
    headers = signed()
    kept = tracker.receive(BODY, headers)
    assert client.post(WEBHOOK, content=BODY, headers=headers).status_code == 202
    claim = queue.claim()
    assert claim is not None
    ticket = tracker.read("OPS-1")
    assert (claim.key, ticket.key, ticket.revision) == (kept.key, kept.key, kept.revision)
    assert len(ticket.messages) == 1


def test_a_page_without_its_secret_names_what_is_missing(tmp_path: Path) -> None:
    page = (PAGES / "tickets-mail.md").read_text(encoding="utf-8")
    config = tmp_path / "tickets.yaml"
    config.write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    with pytest.raises(InputError, match="MAIL_PASSWORD"):
        read_config(str(config), {})
    config.write_text(config.read_text().replace('["@example.com", anna@partner.example]', "[]"))
    with pytest.raises(InputError, match="say who gets answers"):
        read_config(str(config), {"MAIL_PASSWORD": "x" * 20})

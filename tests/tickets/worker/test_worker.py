"""The worker: it asks, works, waits, tries again and gives up. Time passes only where a test says so."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define, field

pytest.importorskip("sqlalchemy")
pytest.importorskip("structlog")

from sqlalchemy.exc import OperationalError

from campaign_rules.errors import TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets import Note, Ticket
from campaign_rules.tickets.state.database import open_database
from campaign_rules.tickets.state.overview import counts, failures
from campaign_rules.tickets.state.queue import Queue
from campaign_rules.tickets.worker.back_off import BackOff
from campaign_rules.tickets.worker.log import open_log
from campaign_rules.tickets.worker.worker import Pace, Worker
from tests.tickets.desk import Decided, Desk, DeskTracker

SECRET = "the words of a customer"


@define
class Time:
    """A bell whose waits take no time: they move the clock on. It stops the worker at `end`."""

    now: float = 1_000.0
    end: float = 1_000.0
    rung: int = 0
    waits: list[float] = field(factory=list)
    at: dict[float, Callable[[], None]] = field(factory=dict)

    @property
    def stopping(self) -> bool:
        return self.now >= self.end

    def wait(self, seconds: float, heard: int) -> None:
        """Pass the time, up to the next thing that a test has planned."""
        self.waits.append(seconds)
        until = min([self.now + seconds, self.end, *self.at])
        self.now = until
        if until in self.at:
            self.at.pop(until)()

    def ring(self) -> None:
        self.rung += 1

    def stop(self) -> None:
        self.end = self.now

    def clock(self) -> float:
        return self.now


@define
class Stage:
    """A worker at a desk, and what it logged."""

    desk: Desk
    tracker: DeskTracker
    time: Time
    queue: Queue
    log: io.StringIO
    worker: Worker

    def run(self, seconds: float) -> None:
        """Let the worker work for some time."""
        self.time.end = self.time.now + seconds
        self.worker.run()

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return what was logged under a name."""
        lines = map(json.loads, self.log.getvalue().splitlines())
        return [line for line in lines if line["event"] == name]


def decided(ticket: Ticket) -> Decided:
    """Decide by the number of messages that are not our own."""
    said = [one for one in ticket.messages if not one.own]
    if any("unreadable" in one.text for one in said):
        raise ValueError(f"cannot read {said[-1].text}")
    return Decided(note=Note((Paragraph((Span(f"{len(said)} messages"),)),)))


@pytest.fixture
def stage() -> Iterator[Stage]:
    desk, time, log = Desk(), Time(), io.StringIO()
    tracker = DeskTracker(desk)
    engine = open_database("sqlite://")
    queue = Queue(engine, "desk", clock=time.clock)
    worker = Worker(
        queue=queue,
        tracker=tracker,
        decide=decided,
        log=open_log(log, "json"),
        pace=Pace(back_off=BackOff(uniform=lambda low, high: high)),
        bell=time,  # type: ignore[arg-type]
        clock=time.clock,
    )
    yield Stage(desk, tracker, time, queue, log, worker)
    engine.dispose()


def refusing(*calls: str, times: int = 1, **error: Any) -> Callable[[str], None]:
    """Return what fails for these calls, a number of times each."""
    left = dict.fromkeys(calls, times)

    def fail(call: str) -> None:
        if left.get(call, 0):
            left[call] -= 1
            raise TrackerError("desk: refused", **error)

    return fail


def test_new_tickets_and_replies_get_one_note_that_is_kept_up_to_date(stage: Stage) -> None:
    stage.desk.open("A", SECRET)
    stage.time.at = {
        1_010.0: lambda: stage.desk.reply("A", SECRET),
        1_040.0: lambda: stage.desk.open("B", SECRET),
    }
    stage.run(100)
    assert stage.desk.notes("A") == [decided(stage.desk.tickets["A"]).note.digest]
    assert len(stage.desk.notes("B")) == 1
    assert stage.desk.calls == ["write A", "write A", "write B"]


def test_the_log_tells_of_the_work_and_nothing_that_anybody_wrote(stage: Stage) -> None:
    stage.desk.open("A", SECRET)
    stage.desk.open("B", f"unreadable {SECRET}")
    stage.run(50)
    first = stage.events("diagnosed")[0]
    assert {
        key: first[key] for key in ("key", "verdict", "module", "probability", "note", "edits", "ms")
    } == {
        "key": "A",
        "verdict": "diagnosed",
        "module": "mta",
        "probability": 0.9,
        "note": "written",
        "edits": "unchanged",
        "ms": 0,
    }
    assert stage.events("diagnosed")[1]["note"] == "unchanged"
    assert stage.events("retried")[0]["message"].startswith("ValueError at ")
    assert SECRET not in stage.log.getvalue()
    assert "A ticket" not in stage.log.getvalue()


def test_all_pages_are_asked_for_before_waiting(stage: Stage) -> None:
    stage.desk.page = 3
    for number in range(10):
        stage.desk.open(f"T{number}", "text")
    stage.run(1)
    assert all(stage.desk.notes(key) for key in stage.desk.tickets)
    assert counts(stage.queue)["done"] == 10


def test_a_failure_for_now_is_tried_again_until_it_succeeds(stage: Stage) -> None:
    stage.desk.open("A", "text")
    stage.tracker.before = refusing("write A", times=6, temporary=True)
    stage.run(300)
    assert [one["again_in"] for one in stage.events("retried")] == [2, 4, 8, 16, 32, 64]
    assert len(stage.desk.notes("A")) == 1
    assert failures(stage.queue) == ()


def test_a_tracker_that_asks_for_patience_gets_it(stage: Stage) -> None:
    stage.desk.open("A", "text")
    stage.tracker.before = refusing("read A", temporary=True, retry_after=120.0)
    stage.run(121)
    assert stage.desk.notes("A") == []
    stage.run(10)
    assert len(stage.desk.notes("A")) == 1
    assert stage.events("paused")[0]["seconds"] == 122


def test_while_the_tracker_is_down_no_other_ticket_is_tried(stage: Stage) -> None:
    for key in "ABC":
        stage.desk.open(key, "text")
    asked: list[str] = []

    def down(call: str) -> None:
        asked.append(call)
        if call.startswith("read") and stage.time.now < 1_020:
            raise TrackerError("desk: down", temporary=True)

    stage.tracker.before = down
    stage.run(19)
    assert len([call for call in asked if call.startswith("read")]) <= 4
    stage.run(200)
    assert all(stage.desk.notes(key) for key in "ABC")


def test_what_is_refused_for_good_is_given_up_and_the_others_go_on(stage: Stage) -> None:
    for key in "AB":
        stage.desk.open(key, "text")
    stage.tracker.before = refusing("write A", times=99)
    stage.run(300)
    assert len(stage.desk.notes("B")) == 1
    (failure,) = failures(stage.queue)
    assert (failure.key, failure.status, failure.attempts) == ("A", "failed", 5)
    assert failure.message == "desk: refused"
    assert stage.events("failed")[0]["failures"] == 5
    stage.tracker.before = lambda call: None
    stage.desk.reply("A", "more")
    stage.run(60)
    assert len(stage.desk.notes("A")) == 1


def test_a_refusal_of_the_first_question_ends_the_worker_and_a_later_one_does_not(stage: Stage) -> None:
    stage.tracker.before = refusing("changed")
    with pytest.raises(TrackerError, match="desk: refused"):
        stage.run(10)
    stage.tracker.before = lambda call: None
    stage.run(31)
    stage.tracker.before = refusing("changed", times=3)
    stage.desk.open("A", "text")
    stage.run(120)
    assert len(stage.events("poll failed")) == 3
    assert len(stage.desk.notes("A")) == 1


def test_a_connector_that_fails_unexpectedly_is_told_without_its_words(stage: Stage) -> None:
    stage.run(1)
    stage.tracker.before = lambda call: {}[SECRET]
    stage.run(60)
    (failed, *_) = stage.events("poll failed")
    assert str(failed["message"]).startswith("the tracker could not be asked what changed: KeyError at ")
    assert SECRET not in stage.log.getvalue()


def test_a_tracker_that_is_down_at_the_start_is_waited_for(stage: Stage) -> None:
    stage.desk.open("A", "text")
    stage.tracker.before = refusing("changed", times=2, temporary=True)
    stage.run(60)
    assert [one["again_in"] for one in stage.events("poll failed")] == [2, 4]
    assert len(stage.desk.notes("A")) == 1


def test_a_ring_makes_the_worker_ask_at_once_and_once_more_soon_after(stage: Stage) -> None:
    stage.run(5)
    asked: list[float] = []
    stage.tracker.before = lambda call: asked.append(stage.time.now - 1_000)
    stage.time.at = {1_010.0: stage.time.ring}
    stage.run(20)
    assert asked == [10, 13]


def test_a_state_that_is_gone_for_a_while_is_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.desk.open("A", "text")
    monkeypatch.setattr(Queue, "claim", failing_once(Queue.claim))
    stage.run(60)
    assert "the state cannot be used now" in stage.events("paused")[0]["message"]
    assert len(stage.desk.notes("A")) == 1


def failing_once(claim: Callable[[Queue], Any]) -> Callable[[Queue], Any]:
    left = [OperationalError("SELECT secret", {}, Exception("server closed the connection"))]

    def first_fails(queue: Queue) -> Any:
        if left:
            raise left.pop()
        return claim(queue)

    return first_fails


def test_a_worker_that_is_told_to_stop_finishes_the_ticket_at_hand(stage: Stage) -> None:
    for key in "AB":
        stage.desk.open(key, "text")
    stage.tracker.before = lambda call: stage.time.stop() if call == "read A" else None
    stage.run(100)
    assert len(stage.desk.notes("A")) == 1
    assert stage.desk.notes("B") == []
    assert counts(stage.queue) == {"waiting": 1, "failed": 0, "done": 1, "diagnosed": 1}


def test_once_works_on_all_that_is_due_and_ends(stage: Stage) -> None:
    stage.desk.page = 2
    for key in "ABCD":
        stage.desk.open(key, "text")
    stage.tracker.before = refusing("write B", temporary=True)
    waiting: list[int] = []
    stage.time.end = 2_000
    stage.worker.run_once(waiting.append)
    assert waiting == [3, 2, 1, 0]
    assert [key for key in "ABCD" if stage.desk.notes(key)] == ["A", "C", "D"]


def test_once_fails_if_the_tracker_cannot_be_asked(stage: Stage) -> None:
    stage.time.end = 2_000
    stage.tracker.before = refusing("changed", temporary=True)
    with pytest.raises(TrackerError):
        stage.worker.run_once()


def test_back_off_is_jittered_bounded_and_honours_what_was_asked() -> None:
    drawn: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return high / 2

    back_off = BackOff(uniform=uniform)
    assert [back_off.seconds(failures) for failures in (1, 2, 3, 10, 10_000)] == [1, 2, 4, 450, 450]
    assert drawn[0] == (0.0, 2.0)
    assert back_off.seconds(1, retry_after=60) == 61
    assert back_off.seconds(1, retry_after=1e9) == 86_401
    assert back_off.seconds(1, retry_after=-5) == 1

"""What waits to be done, in both databases: nothing is lost, and a ticket is one worker's at a time."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, evolve

import campaign_rules as cr

pytest.importorskip("sqlalchemy")

import sqlalchemy as sa

from campaign_rules.tickets import Changed, Changes
from campaign_rules.tickets.state.database import open_database, shown
from campaign_rules.tickets.state.overview import counts, failures
from campaign_rules.tickets.state.queue import CRASHES, Claim, LeaseLost, Queue
from campaign_rules.tickets.state.tables import tickets, versions

both = pytest.mark.parametrize("state", ["sqlite", "postgresql"], indirect=True)


@define
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(state: str, clock: Clock) -> Iterator[Queue]:
    engine = open_database(state)
    yield Queue(engine, "desk", lease_seconds=60, clock=clock)
    engine.dispose()


def told(position: str, **revisions: str) -> Changes:
    return Changes(tuple(Changed(key, revision) for key, revision in revisions.items()), position)


def claimed(queue: Queue) -> Claim:
    claim = queue.claim()
    assert claim is not None
    return claim


@both
def test_changes_and_position_are_taken_in_together(queue: Queue) -> None:
    assert queue.position == ""
    assert queue.add(told("5", A="1", B="1"), "") == 2
    assert queue.position == "5"
    assert queue.add(told("6", A="1", B="2"), "5") == 1
    assert counts(queue) == {"waiting": 2, "failed": 0, "done": 0}


@both
def test_a_position_that_another_worker_moved_on_stays(queue: Queue) -> None:
    queue.add(told("5", A="1"), "")
    queue.add(told("9", B="1"), "5")
    queue.add(told("7", C="1"), "5")
    assert queue.position == "9"
    assert queue.due() == 3


@both
def test_the_ticket_that_is_due_first_comes_first_and_to_one_worker_only(queue: Queue, clock: Clock) -> None:
    queue.add(told("1", B="1"), "")
    clock.now += 1
    queue.add(told("2", A="1"), "1")
    assert [claimed(queue).key, claimed(queue).key] == ["B", "A"]
    assert queue.claim() is None


@both
def test_threads_share_the_tickets_out(queue: Queue) -> None:
    queue.add(told("1", **{f"T{number}": "1" for number in range(40)}), "")
    found: list[str] = []

    def work() -> None:
        while (claim := queue.claim()) is not None:
            found.append(claim.key)
            queue.complete(claim, "1", "diagnosed", "")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"T{number}" for number in range(40))


@both
@pytest.mark.parametrize("number", [0, 40])
def test_workers_that_ask_at_once_take_in_each_change_once(queue: Queue, number: int) -> None:
    changes = told("1", **{f"T{at}": "1" for at in range(number)})
    together, new = threading.Barrier(4), []

    def ask() -> None:
        together.wait()
        new.append(queue.add(changes, ""))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(new), len(new), queue.due(), queue.position) == (number, 4, number, "1")


@both
def test_a_lease_that_ran_out_is_anothers_and_its_first_holder_does_nothing_more(
    queue: Queue, clock: Clock
) -> None:
    queue.add(told("1", A="1"), "")
    slow = claimed(queue)
    clock.now += 59
    assert queue.claim() is None
    queue.renew(slow)
    clock.now += 59
    assert queue.claim() is None
    clock.now += 2
    quick = claimed(queue)
    for late in (
        lambda: queue.renew(slow),
        lambda: queue.complete(slow, "1", "diagnosed", ""),
        lambda: queue.postpone(slow, "temporary", "busy", 1),
        lambda: queue.give_up(slow, "lasting", "no"),
    ):
        with pytest.raises(LeaseLost):
            late()
    queue.complete(quick, "1", "diagnosed", "")
    assert counts(queue) == {"waiting": 0, "failed": 0, "done": 1, "diagnosed": 1}


@both
def test_a_change_that_comes_during_the_work_is_worked_on_afterwards(queue: Queue) -> None:
    queue.add(told("1", A="1"), "")
    claim = claimed(queue)
    queue.add(told("2", A="2"), "1")
    queue.complete(claim, "1", "diagnosed", "edits")
    again = claimed(queue)
    assert (again.key, again.edits) == ("A", "edits")
    queue.complete(again, "2", "diagnosed", "edits")
    assert queue.claim() is None


@both
def test_a_ticket_that_comes_again_unchanged_is_left_alone(queue: Queue) -> None:
    queue.add(told("1", A="1"), "")
    queue.complete(claimed(queue), "1", "diagnosed", "")
    assert queue.add(told("2", A="1"), "1") == 0
    assert queue.claim() is None


@both
def test_what_failed_waits_for_its_time_and_its_failures_are_counted_by_kind(
    queue: Queue, clock: Clock
) -> None:
    queue.add(told("1", A="1"), "")
    queue.postpone(claimed(queue), "temporary", "desk: busy", 30)
    assert queue.claim() is None
    assert queue.seconds_to_next() == 30
    clock.now += 30
    claim = claimed(queue)
    assert (claim.failures("temporary"), claim.failures("lasting")) == (2, 1)
    queue.postpone(claim, "temporary", "desk: busy", 30)
    (failure,) = failures(queue)
    assert (failure.key, failure.status, failure.attempts) == ("A", "waiting", 2)
    assert (failure.due, failure.message) == (clock.now + 30, "desk: busy")


@both
def test_what_was_given_up_is_tried_again_when_it_changes_or_when_somebody_says_so(queue: Queue) -> None:
    queue.add(told("1", A="1", B="1"), "")
    for _ in range(2):
        queue.give_up(claimed(queue), "lasting", "desk: status 403")
    assert queue.claim() is None
    assert [one.key for one in failures(queue)] == ["A", "B"]
    queue.add(told("2", A="2"), "1")
    assert claimed(queue).failures("lasting") == 1
    queue.retry("B")
    assert claimed(queue).key == "B"
    assert failures(queue) == ()


def test_giving_up_does_not_swallow_a_change(queue: Queue) -> None:
    queue.add(told("1", A="1"), "")
    claim = claimed(queue)
    queue.add(told("2", A="2"), "1")
    queue.give_up(claim, "lasting", "no")
    assert claimed(queue).failures("lasting") == 1


def test_a_ticket_at_which_workers_die_is_given_up(queue: Queue, clock: Clock) -> None:
    queue.add(told("1", A="1"), "")
    for _ in range(CRASHES):
        assert claimed(queue).key == "A"
        clock.now += 61
    assert queue.claim() is None
    (failure,) = failures(queue)
    assert (failure.attempts, failure.status) == (CRASHES, "failed")
    assert failure.message == f"{CRASHES} workers in a row ended while they were at it"


def test_a_ticket_is_marked_if_it_is_known(queue: Queue) -> None:
    queue.add(told("1", A="1"), "")
    queue.complete(claimed(queue), "1", "diagnosed", "")
    assert queue.mark("A")
    assert not queue.mark("B")
    assert claimed(queue).key == "A"
    assert queue.claim() is None


def test_trackers_do_not_see_the_tickets_of_one_another(queue: Queue) -> None:
    other = evolve(queue, tracker="another")
    queue.add(told("1", A="1"), "")
    assert (other.position, other.claim()) == ("", None)


def test_an_unknown_ticket_cannot_be_tried_again(queue: Queue) -> None:
    queue.add(told("1", **{"OPS-12": "1"}), "")
    with pytest.raises(cr.InputError, match=r"no ticket 'OPS-13' is known \(did you mean 'OPS-12'\?\)"):
        queue.retry("OPS-13")


@both
def test_what_is_known_outlives_the_process(state: str, queue: Queue) -> None:
    queue.add(told("5", A="1"), "")
    engine = open_database(state)
    assert Queue(engine, "desk").position == "5"
    engine.dispose()


@both
def test_tables_of_a_later_version_are_refused(state: str) -> None:
    engine = open_database(state)
    with engine.begin() as connection:
        connection.execute(versions.update().values(version=2))
    engine.dispose()
    with pytest.raises(cr.InputError, match="its tables are of version 2, this program knows version 1"):
        open_database(state)


@both
def test_instants_sort_alike_in_every_database(queue: Queue, clock: Clock) -> None:
    for number, seconds in enumerate((9.5, 10.25, 1_700_000_000.0, 9.75)):
        clock.now = seconds
        queue.add(told(str(number), **{f"T{number}": "1"}), queue.position)
    with queue.engine.begin() as connection:
        found = connection.execute(sa.select(tickets.c.key).order_by(tickets.c.due)).scalars().all()
    assert found == ["T0", "T3", "T1", "T2"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("tickets.db", "is no address of a database"),
        ("sqlit:///tickets.db", "unknown database 'sqlit' (did you mean 'sqlite'?)"),
        ("mysql://host/name", "unknown database 'mysql'"),
        ("sqlite:////no/such/folder/tickets.db", "cannot be written: No such file or directory"),
        (
            "postgresql+psycopg://worker:sesame@127.0.0.1:1/name",
            "worker:***@127.0.0.1:1/name: cannot be used",
        ),
    ],
)
def test_a_state_that_cannot_be_used_is_told_without_its_password(url: str, message: str) -> None:
    with pytest.raises(cr.InputError) as refused:
        open_database(url)
    assert message in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tickets.db"
    file.write_text("these are no tables, whatever the name of this file may say\n" * 40)
    with pytest.raises(cr.InputError, match="cannot be used"):
        open_database(f"sqlite:///{file}")


def test_the_file_of_a_state_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'tickets.db'}").dispose()
    assert stat.S_IMODE(os.stat(tmp_path / "tickets.db").st_mode) == 0o600


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in shown("postgresql+psycopg://worker:sesame@db/name")

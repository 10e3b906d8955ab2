"""The worker: asks what changed, takes ticket after ticket, and tries again later what failed."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import define, field, frozen
from sqlalchemy.exc import SQLAlchemyError

from campaign_rules.errors import TrackerError
from campaign_rules.serving.request_log import place
from campaign_rules.tickets.state.database import unreachable
from campaign_rules.tickets.state.queue import Claim, LeaseLost, Queue
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Changed, Changes, Tracker
from campaign_rules.tickets.worker.back_off import BackOff
from campaign_rules.tickets.worker.bell import Bell
from campaign_rules.tickets.worker.log import WorkerLog
from campaign_rules.tickets.worker.processing import Decided, process

TEMPORARY, LASTING, UNEXPECTED = "temporary", "lasting", "unexpected"

LONGEST_WAIT = 60.0
"""Seconds after which the database is looked at again, since other workers write to it, too."""

SOON = 3.0
"""Seconds after which a tracker is asked again that rang, then told of nothing: its index may lag behind."""

ATTEMPTS = 5
"""Failures in a row that are no temporary ones, after which a ticket is given up."""


@frozen(kw_only=True)
class Pace:
    """How often to ask and how to try again. Times are in seconds."""

    poll_seconds: float = 30.0
    back_off: BackOff = field(factory=BackOff)
    attempts: int = ATTEMPTS


@define(kw_only=True)
class Worker:
    """Works on the tickets of one tracker. `clock` gives seconds that only grow.

    With `polls` off it only works on what others find, as the further threads of a process do.
    """

    queue: Queue
    tracker: Tracker
    decide: Callable[[Ticket], Decided | None]
    log: WorkerLog
    pace: Pace = field(factory=Pace)
    bell: Bell = field(factory=Bell)
    polls: bool = True
    clock: Callable[[], float] = time.monotonic
    _next_poll: float = field(default=float("-inf"), init=False)
    _poll_failures: int = field(default=0, init=False)
    _outages: int = field(default=0, init=False)
    _resume: float = field(default=float("-inf"), init=False)
    _rang: bool = field(default=False, init=False)
    _asked_before: bool = field(default=False, init=False)
    _page: frozenset[Changed] = field(default=frozenset(), init=False)

    def run(self) -> None:
        """Work until the bell says to stop; the ticket at hand is finished first.

        Raises TrackerError if the very first question is refused for good, such as for a wrong token.
        """
        heard = self.bell.rung
        while not self.bell.stopping:
            busy = self._poll_if_due() | self._one_ticket()
            if not busy:
                self.bell.wait(self._idle_seconds(), heard)
            if self.bell.rung != heard:
                heard = self.bell.rung
                self._rang = True
                self._next_poll = self.clock()

    def run_once(self, advance: Callable[[int], None] = lambda waiting: None) -> None:
        """Ask for everything that changed, and work on all that is due now.

        `advance` is told how many tickets wait. Raises TrackerError if the tracker cannot be asked.
        """
        try:
            while not self.bell.stopping and self._poll():
                pass
            while not self.bell.stopping and self._take():
                advance(self.queue.due())
        except SQLAlchemyError as error:
            raise unreachable(error) from None

    def _poll_if_due(self) -> bool:
        """Ask for a page of changes if it is time; return whether there may be more at once."""
        if not self.polls or self.clock() < self._next_poll:
            return False
        try:
            more = self._poll()
        except (TrackerError, SQLAlchemyError) as error:
            failed = _as_tracker_error(error)
            if not (failed.temporary or self._asked_before):
                raise failed from None
            self._poll_failures += 1
            wait = self.pace.back_off.seconds(self._poll_failures, failed.retry_after)
            self._next_poll = self.clock() + wait
            self.log.poll_failed(failed, wait)
            return False
        self._poll_failures = 0
        soon = min(SOON, self.pace.poll_seconds) if self._rang else self.pace.poll_seconds
        self._rang = False
        self._next_poll = self.clock() + (0.0 if more else soon)
        return more

    def _poll(self) -> bool:
        """Ask for one page of changes; return whether it told of what the page before did not."""
        since = self.queue.position
        changes = self._changes(since)
        self._asked_before = True
        new = self.queue.add(changes, since)
        self.log.polled(len(changes.tickets), new)
        if new:
            self._rang = False
        further = not self._page.issuperset(changes.tickets)
        self._page = frozenset(changes.tickets)
        return further and changes.position != since

    def _changes(self, since: str) -> Changes:
        try:
            return self.tracker.changed(since)
        except (TrackerError, SQLAlchemyError):
            raise
        except Exception as error:
            raise TrackerError(f"the tracker could not be asked what changed: {place(error)}") from None

    def _one_ticket(self) -> bool:
        """Work on a ticket if one is due and the tracker is not to be left alone."""
        if self.bell.stopping or self.clock() < self._resume:
            return False
        try:
            return self._take()
        except SQLAlchemyError as error:
            self._pause(unreachable(error))
            return False

    def _take(self) -> bool:
        claim = self.queue.claim()
        if claim is None:
            return False
        self._work(claim)
        return True

    def _work(self, claim: Claim) -> None:
        started = self.clock()
        try:
            outcome = process(
                claim.key, self.tracker, self.decide, claim.edits, lambda: self.queue.renew(claim)
            )
            self.queue.complete(claim, outcome.revision, outcome.verdict, outcome.edits)
        except LeaseLost:
            self.log.lost(claim.key)
        except SQLAlchemyError:
            raise
        except TrackerError as error:
            self._failed(claim, TEMPORARY if error.temporary else LASTING, str(error), error.retry_after)
            if error.temporary:
                self._pause(error)
        except Exception as error:
            self._failed(claim, UNEXPECTED, place(error))
        else:
            self._outages = 0
            self.log.diagnosed(claim.key, outcome, self.clock() - started)

    def _failed(self, claim: Claim, kind: str, message: str, retry_after: float | None = None) -> None:
        """Note a failure. A lasting one is tried again a few times: what is refused may be allowed soon."""
        failures = claim.failures(kind)
        try:
            if kind != TEMPORARY and failures >= self.pace.attempts:
                self.queue.give_up(claim, kind, message)
                self.log.failed(claim.key, kind, message, failures)
            else:
                wait = self.pace.back_off.seconds(failures, retry_after)
                self.queue.postpone(claim, kind, message, wait)
                self.log.retried(claim.key, kind, message, failures, wait)
        except LeaseLost:
            self.log.lost(claim.key)

    def _pause(self, error: TrackerError) -> None:
        """Take no ticket for a while: what failed for one now would fail for the next."""
        self._outages += 1
        wait = self.pace.back_off.seconds(self._outages, error.retry_after)
        self._resume = self.clock() + wait
        self.log.paused(error, wait)

    def _idle_seconds(self) -> float:
        """Return how long nothing has to be done."""
        now = self.clock()
        waits = [LONGEST_WAIT]
        if self.polls:
            waits.append(self._next_poll - now)
        try:
            due = self.queue.seconds_to_next()
        except SQLAlchemyError as error:
            self._pause(unreachable(error))
            due = None
        if due is not None:
            waits.append(max(due, self._resume - now))
        elif self._resume > now:
            waits.append(self._resume - now)
        return max(0.0, min(waits))


def _as_tracker_error(error: TrackerError | SQLAlchemyError) -> TrackerError:
    return error if isinstance(error, TrackerError) else unreachable(error)

"""A worker put together from its file: the state, a tracker for each thread, and the port for webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime

from attrs import frozen

from campaign_rules.model import KnowledgeBase
from campaign_rules.serving.listening import answering, bind
from campaign_rules.tickets.configuration.settings import Config
from campaign_rules.tickets.known_issues import expired
from campaign_rules.tickets.state.database import Mode, open_database, shown
from campaign_rules.tickets.state.queue import Queue
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Tracker
from campaign_rules.tickets.triage import Decision, Policy, decide
from campaign_rules.tickets.worker.back_off import BackOff
from campaign_rules.tickets.worker.bell import Bell
from campaign_rules.tickets.worker.intake import Intake, create_intake
from campaign_rules.tickets.worker.log import WorkerLog
from campaign_rules.tickets.worker.rehearsal import Rehearsed, copied_state
from campaign_rules.tickets.worker.worker import Pace, Worker


def _today() -> date:
    return datetime.now(UTC).date()


@frozen(kw_only=True)
class Watch:
    """A worker that is about to begin. With `rehearsal`, nothing is written anywhere."""

    config: Config
    knowledge: KnowledgeBase
    policy: Policy
    log: WorkerLog
    bell: Bell
    rehearsal: bool = False

    def run(self) -> None:
        """Watch until the bell says to stop.

        Raises InputError for a state or a port that cannot be used, TrackerError for a refusal at the start.
        """
        with self._queue() as queue, ExitStack() as stack:
            threads = 1 if self.rehearsal else self.config.keys.threads
            first, *others = [self._worker(queue, stack, polls=not number) for number in range(threads)]
            stack.enter_context(self._webhooks(queue))
            pool = stack.enter_context(ThreadPoolExecutor(threads))
            running = [pool.submit(self._further, one) for one in others]
            try:
                first.run()
            finally:
                self.bell.stop()
            for one in running:
                one.result()

    def run_once(self, advance: Callable[[int], None]) -> None:
        """Work on all that is due now. Raises InputError and TrackerError as `run` does."""
        with self._queue() as queue, ExitStack() as stack:
            self._worker(queue, stack, polls=True).run_once(advance)

    def _further(self, worker: Worker) -> None:
        """Run a further thread; if it fails, so does the whole."""
        try:
            worker.run()
        finally:
            self.bell.stop()

    @contextmanager
    def _queue(self) -> Iterator[Queue]:
        keys = self.config.keys
        engine = copied_state(keys.state) if self.rehearsal else open_database(keys.state)
        try:
            self.log.started(self.config.name, shown(keys.state), self.knowledge.version)
            for issue in expired(self.policy.known_issues, _today()):
                self.log.expired(issue)
            yield Queue(engine, self.config.name, keys.lease_seconds)
        finally:
            engine.dispose()

    def _worker(self, queue: Queue, stack: ExitStack, *, polls: bool) -> Worker:
        keys = self.config.keys
        pace = Pace(
            poll_seconds=keys.poll_seconds,
            back_off=BackOff(longest=keys.longest_wait_seconds),
            attempts=keys.attempts,
        )
        return Worker(
            queue=queue,
            tracker=self._tracker(stack),
            decide=decider(self.config, self.knowledge, self.policy),
            log=self.log,
            pace=pace,
            bell=self.bell,
            polls=polls,
        )

    def _tracker(self, stack: ExitStack) -> Tracker:
        tracker = stack.enter_context(closing(self.config.open_tracker()))
        return Rehearsed(tracker) if self.rehearsal else tracker

    @contextmanager
    def _webhooks(self, queue: Queue) -> Iterator[None]:
        hooks = self.config.keys.webhooks
        if hooks is None or self.rehearsal:
            yield
            return
        with ExitStack() as stack:
            intake = Intake(self.config.kind, self._tracker(stack), queue, self.bell)
            app = create_intake(hooks, self.config.kind, intake.take, self.log.received)
            listener = bind(hooks.host, hooks.port, hooks.secrets)
            self.log.listening(hooks.host, hooks.port)
            with answering(app, listener):
                yield


def decider(
    config: Config, knowledge: KnowledgeBase, policy: Policy, today: Callable[[], date] = _today
) -> Callable[[Ticket], Decision | None]:
    """Return what decides on a ticket; it returns None for one that was opened too long ago."""

    def decided(ticket: Ticket) -> Decision | None:
        opened = ticket.messages[0].written if ticket.messages else None
        if config.since and opened and opened < config.since:
            return None
        return decide(ticket, knowledge, policy, today())

    return decided


@contextmanager
def open_queue(config: Config, mode: Mode) -> Iterator[Queue]:
    """Yield the tickets as they are in the state. Raises InputError as `open_database` does."""
    engine = open_database(config.keys.state, mode)
    try:
        yield Queue(engine, config.name, config.keys.lease_seconds)
    finally:
        engine.dispose()

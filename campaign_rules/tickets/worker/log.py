"""What the worker tells of its work: keys of tickets, verdicts and times, never what anybody wrote."""

from __future__ import annotations

from typing import TextIO

import structlog
from attrs import frozen

from campaign_rules.errors import TrackerError
from campaign_rules.serving.request_log import Handled
from campaign_rules.tickets.known_issues import KnownIssue
from campaign_rules.tickets.worker.processing import Outcome

FORMATS = ("text", "json")


@frozen
class WorkerLog:
    """Events of a worker. `rehearsal` says that nothing is really written."""

    logger: structlog.typing.FilteringBoundLogger
    rehearsal: bool = False

    def started(self, tracker: str, state: str, rule_base: str) -> None:
        """The worker begins."""
        self.logger.info("started", tracker=tracker, state=state, rule_base=rule_base, dry_run=self.rehearsal)

    def expired(self, issue: KnownIssue) -> None:
        """A known issue holds no longer."""
        self.logger.warning(
            "known issue expired", module=issue.module, cause=issue.cause, until=str(issue.until)
        )

    def listening(self, host: str, port: int) -> None:
        """Webhooks are received."""
        self.logger.info("listening", host=host, port=port)

    def received(self, handled: Handled) -> None:
        """A webhook was answered."""
        self.logger.info("received", route=handled.route, status=handled.status, ms=_ms(handled.seconds))

    def polled(self, told: int, new: int) -> None:
        """The tracker told of changes."""
        self.logger.info("polled", told=told, new=new)

    def poll_failed(self, error: TrackerError, wait: float) -> None:
        """The tracker could not be asked what changed."""
        self.logger.warning("poll failed", message=str(error), again_in=round(wait, 1))

    def paused(self, error: TrackerError, wait: float) -> None:
        """No ticket is taken for a while."""
        self.logger.warning("paused", message=str(error), seconds=round(wait, 1))

    def diagnosed(self, key: str, outcome: Outcome, seconds: float) -> None:
        """A ticket is up to date."""
        changed = "would write" if self.rehearsal else "written"
        self.logger.info(
            "diagnosed",
            key=key,
            verdict=str(outcome.verdict),
            module=outcome.module,
            probability=round(outcome.probability, 3),
            ms=_ms(seconds),
            note=changed if outcome.written else "unchanged",
            edits=changed if outcome.edited else "unchanged",
        )

    def retried(self, key: str, kind: str, message: str, failures: int, wait: float) -> None:
        """A ticket failed and is tried again."""
        self.logger.warning(
            "retried", key=key, kind=kind, message=message, failures=failures, again_in=round(wait, 1)
        )

    def failed(self, key: str, kind: str, message: str, failures: int) -> None:
        """A ticket was given up."""
        self.logger.error("failed", key=key, kind=kind, message=message, failures=failures)

    def lost(self, key: str) -> None:
        """Another worker has the ticket by now; nothing more was written."""
        self.logger.warning("lost", key=key)

    def stopped(self, reason: str) -> None:
        """The worker ends."""
        self.logger.info("stopped", reason=reason)


def open_log(stream: TextIO, style: str, *, rehearsal: bool = False) -> WorkerLog:
    """Return the log that writes to `stream`: a line of key=value for people, or one of JSON ("json")."""
    shape: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], drop_missing=True)
    )
    logger = structlog.wrap_logger(
        structlog.WriteLogger(stream),
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=False,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            shape,
        ],
    )
    return WorkerLog(logger, rehearsal)


def _ms(seconds: float) -> int:
    return round(1000 * seconds)

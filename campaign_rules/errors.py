"""The named exceptions: everything the library raises on purpose.

Each carries its data as fields and one clear message that names the place and, where it can, the
nearest right word. All derive from :class:`CampaignRulesError`, so a caller needs one `except`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the known word nearest to `word`, or an empty string."""
    nearest = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f" (did you mean {nearest[0]!r}?)" if nearest else ""


class CampaignRulesError(Exception):
    """Base of every exception that this library raises on purpose."""


class UnknownNameError(CampaignRulesError):
    """A name that the knowledge base, or the library, does not have.

    `kind` says what was looked up ("observation", "module", ...), `name` what was asked for.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        super().__init__(f"unknown {kind} {name!r}{did_you_mean(name, known)}")


class InputError(CampaignRulesError):
    """Input that cannot be read: a missing or binary file, a value of the wrong type."""


class KnowledgeError(CampaignRulesError):
    """A rule base that is refused. `problems` holds one ``file:line: message`` each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StratificationError(CampaignRulesError):
    """Closed-world negation that runs in a circle, so that no order of evaluation is right.

    `cycle` lists the derived facts of the circle, the first one repeated at the end.
    """

    def __init__(self, cycle: Sequence[str]) -> None:
        self.cycle = tuple(cycle)
        super().__init__(
            "negation cannot be stratified: "
            + " -> ".join(self.cycle)
            + " (break the circle at one 'unless')"
        )


class EngineLimitError(CampaignRulesError):
    """A rule base that is larger than a fixed table of the durable-rules engine.

    `limit` names the table, `found` and `allowed` are counts, `where` is the rule, rule base or incident.
    """

    def __init__(self, limit: str, found: int, allowed: int, where: str) -> None:
        self.limit = limit
        self.found = found
        self.allowed = allowed
        self.where = where
        super().__init__(
            f"{where}: {limit} is {found}, durable-rules takes at most {allowed}; "
            "make it smaller or choose engine='semi-naive', which fires the same and has no such limit"
        )


class WorkerError(CampaignRulesError):
    """A worker process of a batch that ended before its work was done."""


class TrackerError(CampaignRulesError):
    """A ticketing system that does not do what it was asked.

    `temporary` tells that the same may succeed later, `retry_after` in how many seconds the system wants to
    be asked again (None: it did not say).
    """

    def __init__(self, message: str, *, temporary: bool = False, retry_after: float | None = None) -> None:
        self.temporary = temporary
        self.retry_after = retry_after
        super().__init__(message)


class EngineError(CampaignRulesError):
    """A failure inside the durable-rules engine. `code` is its own error number."""

    def __init__(self, code: int, doing: str) -> None:
        self.code = code
        super().__init__(f"durable-rules answered error {code} while {doing}")

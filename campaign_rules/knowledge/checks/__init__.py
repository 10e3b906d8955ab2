"""The strict checker: everything that can be wrong between the entries of a rule base, by subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from campaign_rules.knowledge.checks.commands import commands
from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.checks.overlap import overlap
from campaign_rules.knowledge.checks.reachability import reachability, stratified
from campaign_rules.knowledge.checks.references import references
from campaign_rules.knowledge.checks.safety import safety
from campaign_rules.knowledge.checks.texts import texts
from campaign_rules.knowledge.checks.usage import usage
from campaign_rules.knowledge.entries import Entries
from campaign_rules.knowledge.findings import Finding

_CHECKS: tuple[Callable[[Entries, Known], Iterator[Finding]], ...] = (
    references,
    texts,
    usage,
    reachability,
    stratified,
    commands,
    safety,
    overlap,
)


def check(entries: Entries) -> list[Finding]:
    """Return the faults and warnings of a rule base, in the order of files and lines."""
    known = Known.of(entries)
    return sorted({finding for one in _CHECKS for finding in one(entries, known)})

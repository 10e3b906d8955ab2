"""A folder of rules to a `KnowledgeBase`, checked."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from campaign_rules.errors import KnowledgeError
from campaign_rules.knowledge.checks import check
from campaign_rules.knowledge.documents import ModuleEntry, Scenario
from campaign_rules.knowledge.entries import Entries, Entry, read_entries, read_own_scenarios
from campaign_rules.knowledge.findings import Finding, Severity
from campaign_rules.knowledge.folders import is_overlay, shipped_rules
from campaign_rules.knowledge.overlay import lay_over, lay_scenarios_over
from campaign_rules.model import Dependency, KnowledgeBase, Module


def load_with_warnings(
    folder: Traversable, below: Traversable | None = None
) -> tuple[KnowledgeBase, tuple[Finding, ...]]:
    """Load and check the rule base in `folder`; return what the checks warn of, too.

    An overlay, a folder without ``knowledge.yaml``, changes the rule base in `below`: the shipped one, if
    left out.

    Raises InputError when it is no folder of rules, and KnowledgeError with all faults found.
    """
    entries = read_rules(folder, below)
    findings = check(entries)
    faults = [str(finding) for finding in findings if finding.severity is Severity.ERROR]
    if faults:
        raise KnowledgeError(faults)
    return _build(entries), tuple(findings)


def read_rules(folder: Traversable, below: Traversable | None = None) -> Entries:
    """Read the rule base in `folder` without checking it; of an overlay, with what lies `below` it.

    Raises InputError when it is no folder of rules, KnowledgeError for files that cannot be read.
    """
    if is_overlay(folder):
        return lay_over(read_entries(below or shipped_rules()), folder)
    return read_entries(folder)


def read_scenarios(folder: Traversable, below: Traversable | None = None) -> tuple[Entry[Scenario], ...]:
    """Read the scenarios of the rule base in `folder`; of an overlay, with those of what lies `below` it.

    Raises KnowledgeError for files that cannot be read.
    """
    if is_overlay(folder):
        return lay_scenarios_over(read_own_scenarios(below or shipped_rules()), folder)
    return read_own_scenarios(folder)


def _build(entries: Entries) -> KnowledgeBase:
    return KnowledgeBase(
        version=entries.base.value.version,
        fingerprint=entries.fingerprint,
        scale=entries.base.value.scale,
        modules={entry.value.id: _module(entry.value) for entry in entries.modules},
        dependencies=tuple(edge for entry in entries.modules for edge in _dependencies(entry.value)),
        observations={entry.value.id: entry.value for entry in entries.observations},
        facts={entry.value.id: entry.value for entry in entries.facts},
        rules={entry.value.id: entry.value.rule() for entry in entries.rules},
        causes={entry.value.id: entry.value for entry in entries.causes},
        steps={entry.value.id: entry.value for entry in entries.steps},
        languages={entry.value.code: entry.value for entry in entries.languages},
    )


def _module(entry: ModuleEntry) -> Module:
    return Module(
        entry.id, entry.label, entry.scope, entry.listed, entry.frequency, entry.aliases, entry.source
    )


def _dependencies(entry: ModuleEntry) -> list[Dependency]:
    return [
        Dependency(entry.id, edge.on, edge.strength, edge.why, edge.inferred, edge.source)
        for edge in entry.depends_on
    ]

"""stand-in"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from attrs import field, frozen
from attrs.validators import ge, gt, le

from campaign_rules.diagnosis import diagnose
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import KnowledgeBase
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets.known_issues import KnownIssue
from campaign_rules.tickets.note import Note
from campaign_rules.tickets.thread import read_thread
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Edits

SUSPECTED = ("suspect", "suspected_cause", "probability")
CONFIRMED = ("module", "cause")


class Verdict(StrEnum):
    DIAGNOSED = "diagnosed"
    ASKED = "asked"
    KNOWN = "known"


@frozen(kw_only=True)
class Policy:
    language: str = "en"
    threshold: float = field(default=0.4, validator=[ge(0.0), le(1.0)])
    labels: Mapping[str, str] = field(factory=dict)
    queues: Mapping[str, str] = field(factory=dict)
    fields: Mapping[str, str] = field(factory=dict)
    known_issues: tuple[KnownIssue, ...] = ()
    log_days: float = field(default=7.0, validator=gt(0.0))


@frozen
class Decision:
    verdict: Verdict
    note: Note
    edits: Edits
    module: str = ""
    cause: str = ""
    probability: float = 0.0


def check_policy(policy: Policy, knowledge: KnowledgeBase) -> None:
    _check_names("verdict", policy.labels, tuple(Verdict))
    _check_names("module", policy.queues, tuple(knowledge.modules))
    _check_names("field", policy.fields, (*SUSPECTED, *CONFIRMED))


def decide(ticket: Ticket, knowledge: KnowledgeBase, policy: Policy, today: date) -> Decision:
    evidence = read_thread(ticket, knowledge, log_days=policy.log_days)
    found = diagnose(evidence, knowledge=knowledge, language=policy.language)
    text = "\n".join(f"{one.module} {one.probability:.2f}" for one in found.suspects) or "nothing"
    note = Note((Paragraph((Span(text),)),))
    first = found.suspects[0] if found.suspects else None
    verdict = Verdict.DIAGNOSED if first and first.probability >= policy.threshold else Verdict.ASKED
    label = policy.labels.get(verdict)
    edits = Edits(
        labels_added=frozenset({label} if label else ()),
        labels_removed=frozenset(policy.labels.values()) - {label},
    )
    return Decision(
        verdict,
        note,
        edits,
        first.module if first else "",
        first.cause if first else "",
        first.probability if first else 0.0,
    )


def confirm(module: str, cause: str, knowledge: KnowledgeBase, policy: Policy) -> Edits:
    _check_names("module", [module], knowledge.modules)
    told = {"module": module, "cause": cause}
    for name, value in told.items():
        if value and name not in policy.fields:
            raise InputError(f"no field of the tracker is named for the confirmed {name}: give fields.{name}")
    return Edits(fields={policy.fields[name]: value for name, value in told.items() if value})


def _check_names(kind: str, names: Iterable[str], existing: Iterable[str]) -> None:
    existing = tuple(existing)
    for name in names:
        if name not in existing:
            raise UnknownNameError(kind, name, existing)

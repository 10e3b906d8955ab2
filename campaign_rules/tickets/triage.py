"""What to do about a ticket: which note belongs on it, and which labels, queue and fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from attrs import field, frozen
from attrs.validators import ge, gt, le

from campaign_rules import model
from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import KnowledgeBase, Suspect
from campaign_rules.report import languages, named
from campaign_rules.report.document import Document
from campaign_rules.tickets.known_issues import KnownIssue, known_issue
from campaign_rules.tickets.note import Note
from campaign_rules.tickets.note_text import diagnosed, known, undecided
from campaign_rules.tickets.thread import LOG_DAYS, read_thread
from campaign_rules.tickets.ticket import Ticket
from campaign_rules.tickets.tracker import Edits

SUSPECTED = ("suspect", "suspected_cause", "probability")
"""What a diagnosis writes into fields of the tracker."""

CONFIRMED = ("module", "cause")
"""What somebody confirmed: only a confirmation writes it."""


THRESHOLD = 0.4
"""The probability of the first suspect from which it is named: `benchmarks.note_threshold` tells why."""


class Verdict(StrEnum):
    """What the note on a ticket does: it names suspects and steps, asks, or points to a known issue."""

    DIAGNOSED = "diagnosed"
    ASKED = "asked"
    KNOWN = "known"


@frozen(kw_only=True)
class Policy:
    """What whoever runs the workflow may decide.

    Below `threshold`, a probability of the first suspect, the note only asks. `labels` are set by verdict
    ("diagnosed", "asked", "known"), `queues` by the module of the first suspect. `fields` names the
    tracker's fields for "suspect", "suspected_cause" and "probability", and for what somebody confirms,
    "module" and "cause". Lines of logs more than `log_days` days older than their message do not count.
    """

    language: str = "en"
    threshold: float = field(default=THRESHOLD, validator=[ge(0.0), le(1.0)])
    labels: Mapping[str, str] = field(factory=dict)
    queues: Mapping[str, str] = field(factory=dict)
    fields: Mapping[str, str] = field(factory=dict)
    known_issues: tuple[KnownIssue, ...] = ()
    log_days: float = field(default=LOG_DAYS, validator=gt(0.0))


@frozen
class Decision:
    """What belongs on a ticket. `module`, `cause` and `probability` are the first suspect's."""

    verdict: Verdict
    note: Note
    edits: Edits
    module: str = ""
    cause: str = ""
    probability: float = 0.0


def check_policy(policy: Policy, knowledge: KnowledgeBase) -> None:
    """Raise UnknownNameError for a language, verdict, module or field in `policy` that does not exist."""
    for kind, names, existing in (
        ("language", (policy.language,), languages()),
        ("verdict", policy.labels, [verdict.value for verdict in Verdict]),
        ("module", policy.queues, tuple(knowledge.modules)),
        ("field", policy.fields, (*SUSPECTED, *CONFIRMED)),
    ):
        _check_names(kind, names, existing)


def decide(ticket: Ticket, knowledge: KnowledgeBase, policy: Policy, today: date) -> Decision:
    """Return what belongs on a ticket: the same ticket, knowledge, policy and day give the same decision.

    Raises InputError as `read_files` does.
    """
    evidence = read_thread(ticket, knowledge, log_days=policy.log_days)
    found = diagnose(evidence, knowledge=knowledge, language=policy.language)
    verdict, document = _judged(found, evidence.notes, policy, today)
    first = found.suspects[0] if found.suspects else None
    note = Note(document, found.to_dict())
    edits = _edits(verdict, first, policy)
    if first is None:
        return Decision(verdict, note, edits)
    return Decision(verdict, note, edits, named(first), first.cause, first.probability)


def confirm(module: str, cause: str, knowledge: KnowledgeBase, policy: Policy) -> Edits:
    """Return the edits that record what turned out to be at fault; `cause` is "" where none was confirmed.

    Raises UnknownNameError for a module or cause that does not exist, InputError for a cause of another
    module and where `policy` names no field for what is to be recorded.
    """
    _check_names("module", [module], knowledge.modules)
    if cause:
        _check_names("cause", [cause], knowledge.causes)
        if (owner := knowledge.causes[cause].module) != module:
            raise InputError(f"cause {cause!r} is one of {owner}, not of {module}")
    told = {"module": module, "cause": cause}
    for name, value in told.items():
        if value and name not in policy.fields:
            raise InputError(f"no field of the tracker is named for the confirmed {name}: give fields.{name}")
    return Edits(fields={policy.fields[name]: value for name, value in told.items() if value})


def _judged(
    found: Diagnosis, unread: tuple[model.Note, ...], policy: Policy, today: date
) -> tuple[Verdict, Document]:
    issue = known_issue(found, policy.known_issues, today)
    if issue is not None:
        return Verdict.KNOWN, known(found, issue)
    if found.suspects and found.suspects[0].probability >= policy.threshold:
        return Verdict.DIAGNOSED, diagnosed(found, unread)
    return Verdict.ASKED, undecided(found, unread)


def _edits(verdict: Verdict, first: Suspect | None, policy: Policy) -> Edits:
    label = policy.labels.get(verdict)
    others = frozenset(policy.labels.values()) - {label}
    if first is None or verdict is Verdict.ASKED:
        return Edits(labels_added=frozenset({label} if label else ()), labels_removed=others)
    told = {
        "suspect": named(first),
        "suspected_cause": first.cause,
        "probability": f"{first.probability:.2f}",
    }
    return Edits(
        labels_added=frozenset({label} if label else ()),
        labels_removed=others,
        queue=policy.queues.get(first.module, ""),
        fields={policy.fields[name]: value for name, value in told.items() if name in policy.fields},
    )


def _check_names(kind: str, names: Iterable[str], existing: Iterable[str]) -> None:
    existing = tuple(existing)
    for name in names:
        if name not in existing:
            raise UnknownNameError(kind, name, existing)

"""Known issues: root causes about which a ticket need not be told what to do, each with a reason and an end.

A YAML file holds a list of them::

    - module: mta
      cause: mta-child-out-of-memory    # optional, as are instance, observation and by
      instance: prod
      reason: The memory of prod is extended with change CHG-1042
      until: 2027-01-31
      by: A. Rossi
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from campaign_rules.diagnosis import Diagnosis
from campaign_rules.errors import KnowledgeError, did_you_mean
from campaign_rules.knowledge.structure import structure
from campaign_rules.knowledge.yaml_source import YamlFile, parse_yaml
from campaign_rules.model import KnowledgeBase, State


@frozen(kw_only=True)
class KnownIssue:
    """A root cause that is known: `module`, and `cause` in it, `instance` and `observation` where given.

    `until` is the last day on which it holds, in UTC. `by` is who says so.
    """

    module: str
    reason: str
    until: date
    cause: str = ""
    instance: str = ""
    observation: str = ""
    by: str = ""


def read_known_issues(text: str, name: str, knowledge: KnowledgeBase) -> tuple[KnownIssue, ...]:
    """Read a file of known issues; `name` is how messages call it.

    Raises KnowledgeError with every fault found, each with its line: unknown keys, modules, causes and
    observations, a cause of another module, a missing or empty reason, an end that is no date.
    """
    file = parse_yaml(text, name)
    if file.data is None:
        return ()
    entries = structure(file, tuple[_Entry, ...])
    problems = [
        problem for at, entry in enumerate(entries) for problem in _problems(entry, at, file, knowledge)
    ]
    if problems:
        raise KnowledgeError(problems)
    return tuple(_issue(entry) for entry in entries)


def known_issue(diagnosis: Diagnosis, issues: Iterable[KnownIssue], today: date) -> KnownIssue | None:
    """Return the first of `issues` that the first suspect is and that still holds on `today` (UTC)."""
    current = (issue for issue in issues if today <= issue.until)
    return next((issue for issue in current if _is(issue, diagnosis)), None)


def expired(issues: Iterable[KnownIssue], today: date) -> tuple[KnownIssue, ...]:
    """Return the issues that hold no longer on `today` (UTC)."""
    return tuple(issue for issue in issues if issue.until < today)


@frozen(kw_only=True)
class _Entry:
    module: str
    reason: str
    until: str
    cause: str = ""
    instance: str = ""
    observation: str = ""
    by: str = ""


def _problems(entry: _Entry, at: int, file: YamlFile, knowledge: KnowledgeBase) -> Iterator[str]:
    for key, known in (
        ("module", knowledge.modules),
        ("cause", knowledge.causes),
        ("observation", knowledge.observations),
    ):
        word = getattr(entry, key)
        if word not in known and (word or key == "module"):
            yield f"{file.place((at, key))}: unknown {key} {word!r}{did_you_mean(word, known)}"
    cause = knowledge.causes.get(entry.cause)
    if cause and entry.module in knowledge.modules and cause.module != entry.module:
        place = file.place((at, "cause"))
        yield f"{place}: {entry.cause!r} is a cause of {cause.module!r}, not of {entry.module!r}"
    if not entry.reason.strip():
        yield f"{file.place((at, 'reason'))}: reason: say why nothing is to be done"
    if _day(entry.until) is None:
        yield f"{file.place((at, 'until'))}: until: expected a date such as 2027-01-31, not {entry.until!r}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _issue(entry: _Entry) -> KnownIssue:
    return KnownIssue(
        module=entry.module,
        reason=entry.reason,
        until=date.fromisoformat(entry.until),
        cause=entry.cause,
        instance=entry.instance,
        observation=entry.observation,
        by=entry.by,
    )


def _is(issue: KnownIssue, diagnosis: Diagnosis) -> bool:
    if not diagnosis.suspects:
        return False
    first = diagnosis.suspects[0]
    present = {item.id for item in diagnosis.observations if item.state is State.PRESENT}
    return (
        issue.module == first.module
        and issue.cause in ("", first.cause)
        and issue.instance in ("", first.instance)
        and (not issue.observation or issue.observation in present)
    )

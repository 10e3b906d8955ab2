"""Safe advice: what destroys, exposes or cuts off says so, and comes after a harmless check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.entries import Entries
from campaign_rules.knowledge.findings import Finding
from campaign_rules.model import Disruption, Step, StepKind

_DESTRUCTIVE: Mapping[str, str] = {
    r"-immediate\b": "loses what the module holds in memory",
    r"\bipcrm\b": "removes memory that running processes share",
    r"\bvacuum\s+full\b": "locks whole tables",
    r"\brm\s+(?:-\S+\s+)*(?:-[a-z]*r[a-z]*|--recursive)\b": "deletes folders",
    r"\b(?:rd|rmdir|del)\s+/s\b": "deletes folders",
    r"\bremove-item\b.*-recurse\b": "deletes folders",
    r"\b(?:pkill|killall|kill)\s+(?:-s\s*)?-?(?:9|kill|sigkill)\b": "cuts work in progress",
    r"\btaskkill\b.*/f\b": "cuts work in progress",
    r"\bdrop\s+(?:table|index|view|column|schema|database|user|role)\b": "destroys database objects",
    r"\btruncate\s+(?:table\s+)?\w": "destroys data",
    r"\bdelete\s+from\b": "destroys data",
    r"-tracefilter:": "writes what passes through, and slows the module down",
    r"\bfreezeinstance\b": "stops the work of an instance",
}
"""Patterns of commands, and what they do. Matched in every command, whatever its letters' case."""

_LOWERED_SECURITY: Mapping[str, str] = {
    r"\binternalpassword\s*=\s*(?:\"\"|''|\\\"\\\"|$)": "leaves the internal account without a password",
    r"(?:empty|clear)\b.{0,20}\binternalpassword\b": "leaves the internal account without a password",
    r"\bconfig\s+-internalpassword\b": "changes the password of the internal account",
    r"\b(?:allowemptypassword|allowsqlinjection|sessiontokenonly)\b(?!.{0,12}\bfalse\b)": "lowers security",
    r"\bselinux\s*=\s*(?:disabled|permissive)\b": "lowers security",
    r"\bsetenforce\s+0\b": "lowers security",
}
"""Patterns of settings, and what they do. Matched in commands and English wording of steps that act."""


def safety(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find dangerous steps without a warning, and remedies that start with one."""
    for entry in entries.steps:
        step = entry.value
        for text, danger, effect in _dangers(step) if not step.warning else ():
            yield entry.finding(f"step {step.id!r} has no warning, yet {danger!r} {effect}", text)
    for cause in entries.causes:
        steps = [known.steps[one.step] for one in cause.value.remedy if one.step in known.steps]
        for step in steps:
            if _is_harmless_check(step):
                break
            if step.warning or step.disruption is Disruption.HIGH:
                yield cause.finding(
                    f"remedy of {cause.value.id!r}: {step.id!r} "
                    f"{'has a warning' if step.warning else 'is highly disruptive'}; put a check before it",
                    step.id,
                    within="remedy",
                )
                break


def _is_harmless_check(step: Any) -> bool:
    return step.kind is StepKind.CHECK and not step.warning and step.disruption is not Disruption.HIGH


def _dangers(step: Step) -> Iterator[tuple[str, str, str]]:
    """Yield text, dangerous part and effect, once for each effect."""
    runs = [command.run for command in step.commands]
    settings = [*runs, step.action.get("en", "")] if step.kind is StepKind.ACT else []
    found = {
        effect: (text, match[0])
        for patterns, texts in ((_DESTRUCTIVE, runs), (_LOWERED_SECURITY, settings))
        for pattern, effect in patterns.items()
        for text in reversed(texts)
        if (match := re.search(pattern, text, re.IGNORECASE | re.MULTILINE))
    }
    for effect, (text, danger) in found.items():
        yield text, danger, effect

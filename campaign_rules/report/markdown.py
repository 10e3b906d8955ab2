"""A result as Markdown, for tickets and chats. Text from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.model import Disruption, KnowledgeBase, Result, State, StepKind
from campaign_rules.report.remarks import costs, not_understood, prospects, second_fault, suspected
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render_markdown(result: Result, knowledge: KnowledgeBase) -> str:
    """Return the diagnosis as Markdown (CommonMark with tables)."""
    words = wording(result.language)
    if not result.observations:
        nothing = f"**{words['nothing_recognised']}** {words['nothing_recognised_hint']}\n"
        return "\n".join((nothing, *_not_understood(result))) if result.not_understood else nothing
    sections = [
        _headline(result, knowledge),
        _observed(result, knowledge),
        _suspects(result, knowledge),
        _plan(result),
        _next_checks(result),
        _not_understood(result),
        _rest(result),
    ]
    return "\n".join(line for section in sections for line in section).rstrip("\n") + "\n"


def escape(text: str) -> str:
    """Return `text` on one line, so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _headline(result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    words = wording(result.language)
    if not result.suspects:
        yield f"## {words['nothing_implicated']}"
    else:
        first = result.suspects[0]
        key = "root_cause" if first.probability >= 0.5 else "most_likely"
        yield f"## {words[key]}: {escape(named(first))} ({percent(first.probability)})"
        if first.cause:
            yield ""
            yield escape(text_in(knowledge.causes[first.cause].label, result.language))
        if first.explains:
            yield ""
            yield f"{words['explains']}: {escape(', '.join(first.explains))}"
    yield ""


def _observed(result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    words = wording(result.language)
    yield f"### {words['observed']}"
    yield ""
    for item in result.observations:
        label = escape(text_in(knowledge.observations[item.id].label, result.language))
        value = "" if item.value is None else f" = {escape(str(item.value))}"
        instance = f" @{escape(item.instance)}" if item.instance else ""
        state = "" if item.state is State.PRESENT else f" ({words[item.state]})"
        origins = "; ".join(escape(f"{origin.source}:{origin.line}") for origin in item.provenance)
        yield f"- {label}{value}{instance}{state}{f' — {origins}' if origins else ''}"
    yield ""


def _suspects(result: Result, knowledge: KnowledgeBase) -> Iterator[str]:
    if not result.suspects:
        return
    words = wording(result.language)
    yield f"### {words['suspects']}"
    yield ""
    yield f"| | % | {words['because']} |"
    yield "|---|---:|---|"
    for suspect in result.suspects:
        reasons = "; ".join(
            f"{weight.decibans:+.1f} dB "
            + escape(text_in(knowledge.observations[weight.observation].label, result.language))
            for weight in suspect.evidence[:4]
        )
        label = escape(suspected(suspect, knowledge, result.language))
        yield f"| **{escape(named(suspect))}** {label} | {percent(suspect.probability)} | {reasons} |"
    yield ""


def _plan(result: Result) -> Iterator[str]:
    if not result.plan:
        return
    words = wording(result.language)
    yield f"### {words['plan']} ({costs(result)})"
    yield ""
    for number, step in enumerate(result.plan, start=1):
        check = f"*{words['check']}* " if step.kind is StepKind.CHECK else ""
        disruption = (
            "" if step.disruption is Disruption.NONE else f", {words['disruption']}: {words[step.disruption]}"
        )
        facts = f"{words[step.performer]}, {words['minutes'].format(minutes=step.minutes)}{disruption}"
        yield f"{number}. {check}**{escape(step.action)}** ({facts}; {escape(', '.join(step.addresses))})"
        if step.command:
            yield ""
            yield "    ```text"
            yield from (f"    {line}" for line in step.command.splitlines())
            yield "    ```"
        if step.warning:
            yield f"    **{words['warning']}:** {escape(step.warning)}"
        if step.verify:
            yield f"    {words['verify']}: {escape(step.verify)}"
    yield ""


def _next_checks(result: Result) -> Iterator[str]:
    if not result.next_checks:
        return
    words = wording(result.language)
    yield f"### {words['next_checks']}"
    yield ""
    for check in result.next_checks:
        facts = words["cost_and_gain"].format(minutes=check.minutes, bits=check.information_bits)
        yield f"- {escape(check.question)} ({facts}){f': {escape(check.how)}' if check.how else ''}"
        if after := prospects(check, result.language):
            yield f"    → {escape(after)}"
    yield ""


def _not_understood(result: Result) -> Iterator[str]:
    if result.not_understood:
        yield f"### {wording(result.language)['not_understood']}"
        yield ""
        yield from (
            f"- {escape(text)}{f' — {escape(where)}' if where else ''}"
            for where, text in not_understood(result)
        )
        yield ""


def _rest(result: Result) -> Iterator[str]:
    words = wording(result.language)
    for key, items in (("unexplained", result.unexplained), ("unused", result.unused)):
        if items:
            yield f"{words[key]}: {escape(', '.join(items))}"
            if key == "unexplained" and result.second_fault:
                yield escape(second_fault(result))
            yield ""
    yield f"{words['knowledge']} {escape(result.knowledge_version)} ({result.knowledge_fingerprint[:12]})"

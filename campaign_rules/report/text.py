"""A result for the terminal: readable in 80 columns, coloured only when asked."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from campaign_rules.model import (
    Disruption,
    KnowledgeBase,
    NextCheck,
    Observation,
    PlannedStep,
    Result,
    State,
    StepKind,
    Suspect,
)
from campaign_rules.report.remarks import costs, not_understood, prospects, second_fault, suspected, verdict
from campaign_rules.report.shown_text import printable, shown
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

SHOWN_WEIGHTS = 6
SHOWN_SUSPECTS = 3
BAR = 12


def render_text(result: Result, knowledge: KnowledgeBase, *, width: int = 80, colour: bool = False) -> str:
    """Return the diagnosis as text of at most `width` columns; `colour` adds ANSI codes."""
    parts = [part for block in _blocks(result, knowledge) for part in (block, Text())]
    return _printed(Group(*parts), width, colour)


def render_ranking(result: Result, knowledge: KnowledgeBase, *, width: int = 80) -> str:
    """Return the first suspects in a line each, and what is to be done first."""
    words = wording(result.language)
    lines = [_suspect_line(suspect, result, knowledge) for suspect in result.suspects[:SHOWN_SUSPECTS]]
    if result.plan:
        lines.append(Text(f"{words['first_step']}: {result.plan[0].action}", style="dim"))
    return _printed(Group(*(lines or [Text(words["nothing_implicated"])])), width, False)


def render_question(check: NextCheck, language: str, *, width: int = 80) -> str:
    """Return a question with what it costs, and how the answer is found."""
    facts = wording(language)["cost_and_gain"].format(minutes=check.minutes, bits=check.information_bits)
    return _printed(
        Group(Text(f"{check.question} ({facts})"), *([Text(check.how)] if check.how else [])), width, False
    )


def _printed(block: RenderableType, width: int, colour: bool) -> str:
    stream = StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        force_jupyter=False,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(block)
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    return "\n".join(lines).rstrip("\n") + "\n"


def _blocks(result: Result, knowledge: KnowledgeBase) -> Iterator[RenderableType]:
    words = wording(result.language)
    if not result.observations:
        yield Group(Text(words["nothing_recognised"], style="bold"), Text(words["nothing_recognised_hint"]))
        if result.not_understood:
            yield Group(_title(words["not_understood"]), _not_understood(result))
        return
    yield _headline(result, knowledge)
    yield Group(_title(words["observed"]), _observations(result, knowledge))
    if result.suspects:
        yield Group(
            _title(words["suspects"]), *(_suspect(suspect, result, knowledge) for suspect in result.suspects)
        )
    if result.plan:
        yield Group(
            _title(words["plan"], costs(result)),
            *(_step(number, step, result) for number, step in enumerate(result.plan, start=1)),
        )
    if result.next_checks:
        yield Group(_title(words["next_checks"]), _next_checks(result))
    if result.not_understood:
        yield Group(_title(words["not_understood"]), _not_understood(result))
    for key, items in (("unexplained", result.unexplained), ("unused", result.unused)):
        if items:
            lines = [Text(f"{words[key]}: {', '.join(items)}")]
            if key == "unexplained" and result.second_fault:
                lines.append(Text(second_fault(result)))
            yield Group(*lines)
    yield Text(
        f"{words['knowledge']} {result.knowledge_version} ({result.knowledge_fingerprint[:12]})", style="dim"
    )


def _title(text: str, note: str = "") -> Text:
    title = Text(text, style="bold")
    return title.append(f"  ({note})", style="dim") if note else title


def _headline(result: Result, knowledge: KnowledgeBase) -> RenderableType:
    words = wording(result.language)
    found = verdict(result)
    if found in ("nothing_implicated", "unclear"):
        return Text(words[found], style="bold")
    first = result.suspects[0]
    head = Text(f"{words[found]}: ", style="bold")
    head.append(named(first), style="bold red")
    head.append(f"  {percent(first.probability)}")
    lines = [Text(suspected(first, knowledge, result.language))]
    if first.explains:
        lines.append(Text(f"{words['explains']}: {', '.join(first.explains)}"))
    return Group(head, Padding(Group(*lines), (0, 0, 0, 2)))


def _observations(result: Result, knowledge: KnowledgeBase) -> RenderableType:
    table = _grid((2, False), (0, True))
    for item in result.observations:
        if item.state is State.PRESENT:
            table.add_row(Text(" +"), _observation(item, result, knowledge))
    for state, mark in ((State.ABSENT, " -"), (State.UNKNOWN, " ?")):
        labels = [_label(item, result, knowledge) for item in result.observations if item.state is state]
        if labels:
            table.add_row(Text(mark), Text(f"{wording(result.language)[state]}: {'; '.join(labels)}"))
    return table


def _label(item: Observation, result: Result, knowledge: KnowledgeBase) -> str:
    label = text_in(knowledge.observations[item.id].label, result.language)
    value = f" = {shown(item.value)}" if item.value is not None else ""
    instance = f" @{item.instance}" if item.instance else ""
    return f"{label}{value}{instance}"


def _observation(item: Observation, result: Result, knowledge: KnowledgeBase) -> Text:
    text = Text(_label(item, result, knowledge))
    for origin in item.provenance[:1]:
        where = f"{origin.source}:{origin.line}" if origin.line else origin.source
        text.append(f"  {printable(where)}", style="dim")
    return text


def _suspect_line(suspect: Suspect, result: Result, knowledge: KnowledgeBase) -> RenderableType:
    head = _grid((BAR + 8, False), (0, True))
    filled = round(BAR * suspect.probability)
    bar = Text("█" * filled, style="red").append("░" * (BAR - filled), style="dim")
    bar.append(f" {percent(suspect.probability):>6}")
    title = Text(named(suspect), style="bold").append(
        f"  {suspected(suspect, knowledge, result.language)}", style=""
    )
    head.add_row(bar, title)
    return head


def _suspect(suspect: Suspect, result: Result, knowledge: KnowledgeBase) -> RenderableType:
    words = wording(result.language)
    head = _suspect_line(suspect, result, knowledge)
    if suspect.probability < 0.05:
        return head
    table = _grid((9, False), (0, True))
    for weight in suspect.evidence[:SHOWN_WEIGHTS]:
        label = Text(text_in(knowledge.observations[weight.observation].label, result.language))
        if weight.through:
            label.append(f"  ({words['through']} {weight.through})", style="dim")
        colour = "red" if weight.decibans > 0 else "green"
        table.add_row(Text(f"{weight.decibans:+.1f} dB", style=colour, justify="right"), label)
    if not suspect.observed:
        table.add_row(Text(""), Text(words["unobserved"], style="italic"))
    return Group(head, Padding(table, (0, 0, 0, 4)))


def _step(number: int, step: PlannedStep, result: Result) -> RenderableType:
    words = wording(result.language)
    table = _grid((4, False), (0, True))
    kind = f"[{words['check']}] " if step.kind is StepKind.CHECK else ""
    table.add_row(Text(f"{number:>2}."), Text(kind, style="cyan").append(step.action, style="bold"))
    facts = [words[step.performer], words["minutes"].format(minutes=step.minutes)]
    if step.disruption is not Disruption.NONE:
        facts.append(f"{words['disruption']}: {words[step.disruption]}")
    facts.append(f"{words['addresses']} {', '.join(step.addresses)}")
    table.add_row("", Text(", ".join(facts), style="dim"))
    for line in step.command.splitlines():
        table.add_row("", Text(line, style="yellow"))
    if step.warning:
        table.add_row("", Text(f"{words['warning']}: {step.warning}", style="bold magenta"))
    if step.verify:
        table.add_row("", Text(f"{words['verify']}: {step.verify}"))
    return table


def _next_checks(result: Result) -> RenderableType:
    words = wording(result.language)
    table = _grid((4, False), (0, True))
    for check in result.next_checks:
        facts = words["cost_and_gain"].format(minutes=check.minutes, bits=check.information_bits)
        question = Text(check.question).append(f"  ({facts}, {check.observation})", style="dim")
        table.add_row(Text("  ?"), question)
        if check.how:
            table.add_row("", Text(check.how, style="dim"))
        if after := prospects(check, result.language):
            table.add_row("", Text(f"→ {after}", style="dim"))
    return table


def _not_understood(result: Result) -> RenderableType:
    table = _grid((2, False), (0, True))
    for where, text in not_understood(result):
        table.add_row("", Text(printable(text)).append(f"  {printable(where)}" if where else "", style="dim"))
    return table


def _grid(*columns: tuple[int, bool]) -> Table:
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    for width, stretches in columns:
        table.add_column(width=None if stretches else width, ratio=1 if stretches else None, overflow="fold")
    return table

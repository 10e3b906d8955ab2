"""A result as a document, section by section: headings, lists and tables that any markup can show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campaign_rules.model import (
    Disruption,
    KnowledgeBase,
    NextCheck,
    Observation,
    PlannedStep,
    Provenance,
    Result,
    State,
    StepKind,
    Suspect,
    Weight,
)
from campaign_rules.report.document import (
    Block,
    Code,
    Document,
    Entry,
    Heading,
    Items,
    Paragraph,
    Span,
    Table,
)
from campaign_rules.report.remarks import costs, not_understood, prospects, second_fault, suspected, verdict
from campaign_rules.report.shown_text import shown
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

SHOWN_WEIGHTS = 4
"""Pieces of evidence in the table of suspects."""


def outline(result: Result, knowledge: KnowledgeBase) -> Document:
    """Return the diagnosis with everything that a person asks for."""
    if not result.observations:
        return (*nothing_recognised(result), *missed(result))
    return (
        *headline(result, knowledge),
        *observed(result, knowledge),
        *suspects(result, knowledge),
        *plan(result),
        *checks(result),
        *missed(result),
        *left_over(result),
        knowledge_base(result),
    )


def nothing_recognised(result: Result) -> Document:
    """Return that nothing known was found, and what to send."""
    words = wording(result.language)
    return (Heading(2, words["nothing_recognised"]), paragraph(words["nothing_recognised_hint"]))


def headline(result: Result, knowledge: KnowledgeBase) -> Document:
    """Return the first suspect with its probability, what is wrong with it, and what that explains."""
    words = wording(result.language)
    found = verdict(result)
    if found in ("nothing_implicated", "unclear"):
        return (Heading(2, words[found]),)
    first = result.suspects[0]
    title = Heading(2, f"{words[found]}: {named(first)} ({percent(first.probability)})")
    explained = (f"{words['explains'].capitalize()}: {', '.join(first.explains)}",) if first.explains else ()
    return (title, *map(paragraph, (suspected(first, knowledge, result.language), *explained)))


def observed(result: Result, knowledge: KnowledgeBase) -> Document:
    """Return everything that was observed, with the places."""
    made = [observation(item, item.provenance, result, knowledge) for item in result.observations]
    return (Heading(3, wording(result.language)["observed"]), bullets(made))


def observation(
    item: Observation, places: Sequence[Provenance], result: Result, knowledge: KnowledgeBase
) -> str:
    """Return an observation in words: value, instance, state unless it is present, and places."""
    label = text_in(knowledge.observations[item.id].label, result.language)
    value = "" if item.value is None else f" = {shown(item.value)}"
    instance = f" @{item.instance}" if item.instance else ""
    state = "" if item.state is State.PRESENT else f" ({wording(result.language)[item.state]})"
    where = ", ".join(dict.fromkeys(map(place, places)))
    return f"{label}{value}{instance}{state}{f' — {where}' if where else ''}"


def place(origin: Provenance) -> str:
    """Return where something stands: ``file:line``, or the file where no line is known."""
    return f"{origin.source}:{origin.line}" if origin.line else origin.source


def suspects(result: Result, knowledge: KnowledgeBase) -> Document:
    """Return the suspects in a table, with the strongest evidence about each."""
    if not result.suspects:
        return ()
    words = wording(result.language)
    rows = tuple(
        (
            *_who(suspect, result, knowledge),
            (Span("; ".join(_weight(one, result, knowledge) for one in suspect.evidence[:SHOWN_WEIGHTS])),),
        )
        for suspect in result.suspects
    )
    head = (*_head(result.language), (Span(words["because"].capitalize()),))
    return (Heading(3, words["suspects"]), Table(head, rows))


def others(result: Result, knowledge: KnowledgeBase, most: int) -> Document:
    """Return up to `most` suspects besides the first in a table, without evidence."""
    rest = result.suspects[1:]
    if not rest:
        return ()
    rows = tuple(_who(suspect, result, knowledge) for suspect in rest[:most])
    title = Heading(3, wording(result.language)["other_suspects"])
    return (title, Table(_head(result.language), rows), *more(rest, most, result))


def plan(result: Result) -> Document:
    """Return the steps in their order, and what they are expected to cost."""
    if not result.plan:
        return ()
    title = f"{wording(result.language)['plan']} ({costs(result)})"
    return (Heading(3, title), steps(result.plan, result.language))


def steps(planned: Sequence[PlannedStep], language: str) -> Items:
    """Return steps, each with who carries it out, its command, and what to heed before and after."""
    return Items(tuple(_step(step, language) for step in planned), numbered=True)


def checks(result: Result) -> Document:
    """Return the questions worth asking, how each is answered, and what the answers would change."""
    if not result.next_checks:
        return ()
    entries = tuple(_check(check, result.language) for check in result.next_checks)
    return (Heading(3, wording(result.language)["next_checks"]), Items(entries))


def missed(result: Result) -> Document:
    """Return the first sentences that were not understood, with their places."""
    if not result.not_understood:
        return ()
    texts = [f"{text} — {where}" if where else text for where, text in not_understood(result)]
    return (Heading(3, wording(result.language)["not_understood"]), bullets(texts))


def left_over(result: Result) -> Document:
    """Return what the first suspect leaves unexplained, with a second fault, and what no rule used."""
    return (*unexplained(result), *_named(result, "unused", result.unused))


def unexplained(result: Result) -> Document:
    """Return what the first suspect leaves unexplained, and the second fault that would explain it."""
    found = second_fault(result)
    return (
        *_named(result, "unexplained", result.unexplained),
        *([paragraph(found)] if result.unexplained and found else []),
    )


def knowledge_base(result: Result) -> Paragraph:
    """Return which rule base this rests on."""
    return paragraph(f"{wording(result.language)['knowledge']} {version(result)}")


def version(result: Result) -> str:
    """Return the version of the rule base, with the beginning of its fingerprint."""
    return f"{result.knowledge_version} ({result.knowledge_fingerprint[:12]})"


def paragraph(text: str) -> Paragraph:
    """Return plain words."""
    return Paragraph((Span(text),))


def bullets(texts: Sequence[str]) -> Items:
    """Return a list of plain words."""
    return Items(tuple((paragraph(text),) for text in texts))


def more(every: Sequence[object], most: int | None, result: Result) -> Iterator[Block]:
    """Yield how many of `every` are not among the first `most`, if any."""
    rest = len(every) - len(every[:most])
    if rest:
        yield paragraph(wording(result.language)["more"].format(count=rest))


def _head(language: str) -> tuple[tuple[Span, ...], ...]:
    words = wording(language)
    return tuple((Span(words[key].capitalize()),) for key in ("module", "fault", "probability"))


def _who(
    suspect: Suspect, result: Result, knowledge: KnowledgeBase
) -> tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
    label = suspected(suspect, knowledge, result.language)
    return (Span(named(suspect), strong=True),), (Span(label),), (Span(percent(suspect.probability)),)


def _weight(weight: Weight, result: Result, knowledge: KnowledgeBase) -> str:
    label = text_in(knowledge.observations[weight.observation].label, result.language)
    through = f" ({wording(result.language)['through']} {weight.through})" if weight.through else ""
    return f"{weight.decibans:+.1f} dB {label}{through}"


def _step(step: PlannedStep, language: str) -> Entry:
    words = wording(language)
    kind = (Span(f"{words['check'].capitalize()}: "),) if step.kind is StepKind.CHECK else ()
    facts = [words[step.performer], words["minutes"].format(minutes=step.minutes)]
    if step.disruption is not Disruption.NONE:
        facts.append(f"{words['disruption']}: {words[step.disruption]}")
    facts.append(f"{words['addresses']} {', '.join(step.addresses)}")
    rest: list[Paragraph | Code] = []
    if step.command:
        rest.append(Code(step.command))
    if step.warning:
        rest.append(Paragraph((Span(f"{words['warning']}:", strong=True), Span(f" {step.warning}"))))
    if step.verify:
        rest.append(paragraph(f"{words['verify']}: {step.verify}"))
    first = Paragraph((*kind, Span(step.action, strong=True), Span(f" ({', '.join(facts)})")))
    return (first, *rest)


def _check(check: NextCheck, language: str) -> Entry:
    facts = wording(language)["cost_and_gain"].format(minutes=check.minutes, bits=check.information_bits)
    after = prospects(check, language)
    rest = [text for text in (check.how, f"→ {after}" if after else "") if text]
    return (Paragraph((Span(check.question, strong=True), Span(f" ({facts})"))), *map(paragraph, rest))


def _named(result: Result, key: str, items: Sequence[str]) -> Iterator[Block]:
    if items:
        yield paragraph(f"{wording(result.language)[key]}: {', '.join(items)}")

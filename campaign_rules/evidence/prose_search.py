"""Log signs quoted in running text, where a match may span line breaks, and what the text is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.clauses import Clause
from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.log_signs import LogSign, named, value_of
from campaign_rules.evidence.recogniser import Recogniser
from campaign_rules.evidence.statements import Statement
from campaign_rules.evidence.terms import Scope, is_ill
from campaign_rules.evidence.text_lines import REACH, Excerpt, Line, excerpt
from campaign_rules.model import Observation, Provenance, State

_QUOTING = re.compile(
    r"""[\"`][^\"`]*$ | [\u00ab\u201c\u201e\u201f][^\u00bb\u201c\u201d]*$ | (?<!\w)['\u2018][^'\u2019]*$""",
    re.VERBOSE,
)
"""A quotation that has begun and not ended."""


@frozen
class Quoted:
    """What a sign shows, and where it begins in the text that the lines make when newlines join them.

    `tells` is false for what only shows what the text is about, and in what surroundings.
    """

    observation: Observation
    start: int
    tells: bool


def match_prose(
    lines: Sequence[Line], source: str, recogniser: Recogniser, statements: Sequence[Statement]
) -> tuple[Quoted, ...]:
    """Return what each sign found in running text shows.

    What `statements` only mention or deny shows no log sign, unless it is quoted. What the text is about
    holds wherever it is named.
    """
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    places = [statement.sentence.start for statement in statements]

    def says(found: re.Match[str]) -> bool:
        last = bisect_right(places, found.start())
        first = bisect_right(places, places[last - 1] - 1) if last else 0
        return all(_asserts(statement, *found.span()) for statement in statements[first:last])

    return tuple(
        Quoted(
            _observation(sign, match, lines[bisect_right(starts, match.start()) - 1], source),
            match.start(),
            tells=not (everywhere and sign.observation.context),
        )
        for signs, everywhere in ((recogniser.logs, False), (recogniser.topics, True))
        for sign, match in _matches(signs, text)
        if everywhere or sign.observation.context or says(match)
    )


def _matches(signs: Iterable[LogSign], text: str) -> Iterator[tuple[LogSign, re.Match[str]]]:
    distinct = " ".join(sorted(set(text.lower().split())))
    for sign in signs:
        if not sign.recovery and sign.holds_words(distinct):
            yield from ((sign, match) for match in sign.expression.finditer(text) if match[0])


def _observation(sign: LogSign, match: re.Match[str], line: Line, source: str) -> Observation:
    instance = instance_name(named(match, "instance"))
    place = Provenance(source, line.number, _excerpt(match))
    value = value_of(sign.observation, named(match, "value"))
    return Observation(sign.observation.id, State.PRESENT, value, instance, (place,))


def _excerpt(match: re.Match[str]) -> Excerpt:
    text, shown = match.string, " ".join(match[0].split())
    if shown == match[0]:
        return excerpt(shown, around=text, at=match.start())
    before = text[max(0, match.start() - REACH) : match.start()]
    after = text[match.end() : match.end() + REACH]
    return excerpt(shown, around=before + shown + after, at=len(before))


def _asserts(statement: Statement, first: int, last: int) -> bool:
    """Tell whether what stands from `first` to before `last` in the whole text is asserted or quoted."""
    sentence = statement.sentence
    begin, end = first - sentence.start, last - sentence.start
    if _QUOTING.search(sentence.text[:begin]) or _QUOTING.search(sentence.text[begin:end]):
        return True
    return not any(_unsaid(clause, begin, end) for clause in statement.clauses)


def _unsaid(clause: Clause, begin: int, end: int) -> bool:
    """Tell whether `clause` only mentions what stands from `begin` to before `end`, or denies it.

    A negation before it denies what names something wrong ("no 'connection refused'"); of a mere thing it
    says what is wrong with it ("we cannot upload SVG images").
    """
    inside = [at for at, term in enumerate(clause.terms) if term.start < end and begin < term.end]
    if not inside:
        return False
    if clause.terms[inside[0]].scope in (Scope.MENTIONED, Scope.FALSE, Scope.NEITHER):
        return True
    wrong = {at for at in inside if is_ill(clause.terms[at]) or clause.terms[at].means("error")}
    return any(
        heads & wrong and not begin <= place < end
        for heads, place in zip(clause.denials, clause.negators, strict=True)
    )

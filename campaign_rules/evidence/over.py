"""What a sentence calls over: faults of the past that it, or the next sentence, says are gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.language import (
    AFTER,
    AGAIN,
    ALL,
    ALTHOUGH,
    BUT,
    IF,
    IT,
    LIMIT,
    MANUAL,
    NOW,
    PAST,
    PROBLEM,
    SOLVED,
    WE,
    WELL,
    WHEN,
    WORK,
    WOULD,
)
from campaign_rules.evidence.terms import NO_THINGS, Term, is_ill, is_thing

_OVER = frozenset({SOLVED, WORK, WELL})
"""Verdicts that say, some only with "again" or "now everything", that a fault is over."""


def calls_over(terms: Sequence[Term], following: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a sentence that it, or the one `following`, says are over."""
    yield from _settled(terms)
    over = _over(terms)
    if over:
        yield 0, over.start
    later = _over(following)
    if later and later.start == 0 and (later.now or _mean(terms, PAST)):
        yield 0, len(terms)


@frozen
class _Over:
    """That what was said before position `start` is over. `now` says that this is so by now."""

    start: int
    now: bool


def _over(terms: Sequence[Term]) -> _Over | None:
    """Return what a sentence says is over: what stands before, in the past or by contrast with now."""
    for at, term in enumerate(terms):
        if term.names.isdisjoint(_OVER):
            continue
        start, end = _around(terms, at)
        stretch = terms[start:end]
        pause = next((i for i in range(at, 0, -1) if terms[i].pause), 0)
        now = _mean(terms[pause:end], NOW)
        if not (term.means(SOLVED) or _mean(stretch, AGAIN) or (now and _mean(stretch, ALL))):
            continue
        if (
            _plainly_over(stretch, at - start)
            and not _although(terms, start)
            and _refers_back(stretch, terms[:start])
            and not _goes_on(terms[end:])
            and (not start or now or _mean(terms[:start], PAST))
        ):
            return _Over(start, now)
    return None


def _settled(terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """What a problem that is solved was: "the problem with the empty report is solved"."""
    for at, term in enumerate(terms):
        if not term.means(SOLVED):
            continue
        start, end = _around(terms, at)
        named = next((i for i in range(start, at) if terms[i].means(PROBLEM)), None)
        if named is None or any(one.meaning.negation for one in terms[named:end]):
            continue
        if not _mean(terms[start:end], LIMIT):
            yield named, at


def _around(terms: Sequence[Term], at: int) -> tuple[int, int]:
    """Return where the stretch around `at` begins and ends, which punctuation and words like "but" cut."""
    start = next((i for i in range(at, 0, -1) if terms[i].pause or terms[i - 1].means(BUT)), 0)
    end = next((i for i in range(at + 1, len(terms)) if terms[i].pause or terms[i].means(BUT)), len(terms))
    return start, end


def _although(terms: Sequence[Term], start: int) -> bool:
    return any(term.means(ALTHOUGH) for term in terms[max(0, start - 1) : start + 1])


def _plainly_over(stretch: Sequence[Term], verdict: int) -> bool:
    """Tell whether nothing limits or denies that something is over, which the term at `verdict` says."""
    limits = [LIMIT, IF, WHEN, MANUAL, WOULD, *([] if stretch[verdict].means(SOLVED) else [WE])]
    ill = any(term.meaning.negation or (is_ill(term) and not term.means(SOLVED)) for term in stretch)
    return not ill and not _afterwards(stretch, verdict) and not any(_mean(stretch, name) for name in limits)


def _afterwards(stretch: Sequence[Term], verdict: int) -> bool:
    """Tell whether the verdict only tells when: "even after the problem was fixed"."""
    for at, term in enumerate(stretch[:verdict]):
        between = stretch[at + 1 : verdict]
        things = any(is_thing(one) for one in between)
        if term.means(AFTER) and (_mean(between, PROBLEM) or not things) and not (at and term.means(NOW)):
            return True
    return False


def _refers_back(stretch: Sequence[Term], before: Sequence[Term]) -> bool:
    """Tell whether `stretch` is about what was spoken of before: a pronoun, "the problem", or the same."""
    after = next((at for at, term in enumerate(stretch) if term.means(AFTER)), len(stretch))
    told = [term for at, term in enumerate(stretch) if not after < at <= after + 2]
    things = {name for term in told if is_thing(term) for name in term.names - NO_THINGS - {ALL}}
    known = {name for term in before for name in term.names}
    return _mean(stretch, IT) or _mean(stretch, PROBLEM) or things <= known


def _goes_on(rest: Sequence[Term]) -> bool:
    """Tell whether what follows says that it is not over after all."""
    ill = any(is_ill(term) for term in rest)
    named = any(is_thing(term) for term in rest)
    return ill and (_mean(rest, AGAIN) or _mean(rest, IT) or not named)


def _mean(terms: Sequence[Term], name: str) -> bool:
    return any(term.means(name) for term in terms)

"""When a sentence speaks of: points in time, and the words that only tell after what something happened."""

from __future__ import annotations

from collections.abc import Sequence

from campaign_rules.evidence.language import AFTER, ON, TIME
from campaign_rules.evidence.terms import Term

_OWNER = "s"


def dating(terms: Sequence[Term]) -> frozenset[int]:
    """Return the positions of the terms that only tell a point in time: "today", "since Monday".

    "Since this morning's upgrade" tells of an upgrade, not only of a time.
    """
    found = {at for at, term in enumerate(terms) if term.means(TIME)}
    for at, term in enumerate(terms):
        if not term.means(AFTER):
            continue
        stop = at + 1
        while stop < len(terms) and _passes(terms[stop]) and not _is_date(terms, stop):
            stop += 1
        end = stop
        while end < len(terms) and _is_date(terms, end):
            end += 1
        owned = end < len(terms) and terms[end].text == _OWNER
        if end > stop and not owned:
            found.update(range(at, end))
    return frozenset(found)


def leading_group(terms: Sequence[Term], at: int) -> int:
    """Return where the group ends that a word like "after" begins at position `at` of `terms`.

    It ends at punctuation, and at an article or the like after its first word with a meaning: "After a
    recent upgrade of the build | the workflow fails".
    """
    named = False
    for stop in range(at + 1, len(terms)):
        term = terms[stop]
        joins = term.means(ON)
        after_joint = terms[stop - 1].means(ON)
        if term.pause or (named and term.meaning.filler and not joins and not after_joint):
            return stop
        named = named or not (term.meaning.filler or joins or term.means(TIME))
    return len(terms)


def _passes(term: Term) -> bool:
    return term.meaning.filler and not term.meaning.negation and not term.pause


def _is_date(terms: Sequence[Term], at: int) -> bool:
    """Tell whether a term is a word of time, or one of the numbers of an hour or a date."""
    near = [terms[place] for place in (at - 1, at + 1) if 0 <= place < len(terms)]
    number = terms[at].text.isdecimal()
    return terms[at].means(TIME) or (number and any(t.text.isdecimal() or t.means(TIME) for t in near))

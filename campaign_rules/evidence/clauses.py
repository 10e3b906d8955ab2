"""Clauses: what a sentence says, what it denies, and what it only mentions.

Each explicit negation word is given the words that it denies: the next word with a meaning and the
one joined to it ("no technical workflow"), across well-being adverbs ("not correctly sent"), and the
word directly before ("startet nicht", "marche pas") unless it means "without". A negation that nothing
follows denies all that stands before it ("läuft auf dem Server nicht"). A negation does not reach
across punctuation.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from attrs import evolve, frozen

from campaign_rules.evidence.language import (
    AFTER,
    AND,
    BUT,
    FIND,
    FRAMES,
    IT,
    LIMIT,
    NONE,
    ON,
    PRESENT,
    STEERING,
    THAT,
    WELL,
    WHY,
    WITHOUT,
    WORK,
    Concept,
)
from campaign_rules.evidence.moments import dating, leading_group
from campaign_rules.evidence.scopes import with_scopes
from campaign_rules.evidence.terms import VERDICTS, Scope, Term, is_ill, is_thing

_ADVERBS = frozenset({Concept(WELL)})
_SILENT = frozenset(Concept(name) for name in STEERING | FRAMES)

APART = -1
"""The stretch of a term that only tells when: "after the upgrade"."""


@frozen
class Clause:
    """The words with a meaning of one clause.

    `denials` holds, for each negation, the positions in `terms` that it denies, `negators` where it
    stands in the text of the sentence, and `none` the positions denied by a word that counts ("no",
    "nothing"). `parts` numbers the stretches that words like "after" cut, one number for each term: what
    follows such a word is a new stretch, but at the beginning of a clause only the next words are
    (`APART`): "after the upgrade the workflow fails" does not say that the upgrade fails. `members`
    numbers the stretches that commas and words like "and" cut, and `stating` are the members that say
    what is the case. `segments` numbers the stretches that commas cut, each with the number of words like
    "and" before. `others` are the positions of what is not all of its kind ("other workflows"), and
    `limited` of what holds in part only ("works sometimes"). `retracted` says that the next clause tells
    what is wrong with the same thing.
    """

    terms: tuple[Term, ...]
    denials: tuple[frozenset[int], ...] = ()
    negators: tuple[int, ...] = ()
    none: frozenset[int] = frozenset()
    parts: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    stating: frozenset[int] = frozenset()
    segments: tuple[tuple[int, int], ...] = ()
    others: frozenset[int] = frozenset()
    limited: frozenset[int] = frozenset()
    retracted: bool = False

    def denied(self, positions: frozenset[int]) -> bool:
        """Tell whether a negation word denies one of `positions`. Several of them count as one."""
        return any(heads & positions for heads in self.denials)

    def one_statement(self, positions: frozenset[int]) -> bool:
        """Tell whether `positions` belong to one statement.

        Members of an enumeration each say what is the case ("A is missing and B runs") unless only
        one of them does ("A and B are missing").
        """
        first, last = self.members[min(positions)], self.members[max(positions)]
        return first == last or sum(first <= member <= last for member in self.stating) < 2

    def together(self, positions: frozenset[int]) -> bool:
        """Tell whether `positions` lie between two commas, in an enumeration, or around an insertion.

        "A, B and C are down" joins what commas cut, and so does "A, of which we have two, is down".
        """
        (first, joins), (last, more) = self.segments[min(positions)], self.segments[max(positions)]
        between = any(first < self.segments[place][0] < last for place in positions)
        return first == last or more > joins or (last == first + 2 and not between)


def split_clauses(
    terms: Sequence[Term], question: bool = False, following: Sequence[Term] = ()
) -> tuple[Clause, ...]:
    """Cut the terms of a sentence at contrast words ("but") and settle what is denied in each part.

    A part that says what is wrong with "it" is read with the subject of the part before. A `question`
    says nothing, unless it asks why. `following` are the terms of the next sentence, which may say that
    this one is over.
    """
    if question and not any(term.means(WHY) for term in terms):
        return ()
    parts: list[list[Term]] = [[]]
    for term in with_scopes(terms, following):
        if term.means(BUT):
            parts.append([])
        else:
            parts[-1].append(term)
    ill = [_speaks_of_it(part) for part in parts]
    for (before, part), goes_on in zip(pairwise(parts), ill[1:], strict=True):
        if goes_on:
            part[:0] = [evolve(term, scope=part[0].scope) for term in _subject(before)]
    return tuple(
        evolve(_clause(part), retracted=retracted)
        for part, retracted in zip(parts, [*ill[1:], False], strict=True)
        if part
    )


def _speaks_of_it(terms: Sequence[Term]) -> bool:
    """Tell whether `terms` say that something is wrong, and name it by a pronoun or not at all."""
    ill = any(is_ill(term) for term in terms)
    return ill and (any(term.means(IT) for term in terms) or not any(is_thing(term) for term in terms))


def _subject(terms: Sequence[Term]) -> list[Term]:
    """Return what comes before the first verdict in `terms`; nothing if there is none.

    What "on" or "in" adds to it is left out: of "a delivery in a workflow", the delivery is the subject.
    """
    end = next((at for at, term in enumerate(terms) if not VERDICTS.isdisjoint(term.names)), 0)
    added = [at for at, term in enumerate(terms[:end]) if term.means(ON)]
    if added and any(is_thing(term) for term in terms[: added[-1]]):
        end = added[-1]
    return [term for term in terms[:end] if not term.meaning.negation]


def _clause(terms: Sequence[Term]) -> Clause:
    kept: list[Term] = []
    groups: list[tuple[int, int]] = []
    negations: list[tuple[int, int, bool, bool]] = []
    counting: list[bool] = []
    negators: list[int] = []
    parts: list[int] = []
    members: list[int] = []
    segments: list[tuple[int, int]] = []
    pauses = gaps = part = member = commas = joins = apart = 0
    limits: list[tuple[int, int, bool]] = []
    touching = False
    dates = dating(terms)
    for at, term in enumerate(terms):
        steers = {concept.name for concept in term.meaning.concepts & _SILENT}
        pauses += term.pause or THAT in steers
        commas += term.comma
        joins += AND in steers
        member += term.pause or AND in steers
        if AFTER in steers and at not in dates:
            apart = 0 if kept else _apart(terms, at)
            part += bool(kept)
        if term.meaning.negation:
            counting.append(NONE in steers)
            negators.append(term.start)
            back = WITHOUT not in steers
            negations.append((len(kept), pauses, back and touching and not term.pause, back))
        says = len(term.meaning.concepts) > len(steers) and not term.meaning.filler
        if at in dates and not says:
            continue
        if LIMIT in steers:
            limits.append((len(kept), pauses, says))
        touching = says
        gaps += not touching
        if touching:
            kept.append(_without_steering(term))
            groups.append((pauses, gaps))
            parts.append(APART if at < apart else part)
            members.append(member)
            segments.append((commas, joins))
    neither = frozenset(at for at, term in enumerate(kept) if term.scope is Scope.NEITHER)
    denials = tuple(_heads(kept, groups, *negation) for negation in negations)
    if neither:
        denials, negators = (*denials, neither), [*negators, kept[min(neither)].start]
    denied = frozenset[int]().union(*denials)
    none = frozenset[int]().union(
        *(heads for heads, counts in zip(denials, counting, strict=False) if counts)
    )
    plain = tuple(_plainly(term) if at in denied else term for at, term in enumerate(kept))
    stating = frozenset(
        member
        for at, (term, member) in enumerate(zip(plain, members, strict=True))
        if at in denied or _states(term)
    )
    others, limited = (
        frozenset[int]().union(*(_limited(groups, *limit) for limit in limits if limit[2] is kept_one))
        for kept_one in (False, True)
    )
    return Clause(
        plain,
        denials,
        tuple(negators),
        none,
        tuple(parts),
        tuple(members),
        stating,
        tuple(segments),
        others,
        limited,
    )


def _limited(groups: Sequence[tuple[int, int]], at: int, pauses: int, kept: bool) -> frozenset[int]:
    """Return the positions that a word of limits at position `at` speaks of.

    The next one, and the one before if it is a word with a meaning or the last ("works only sometimes").
    """
    following = at + kept
    heads = {following} if following < len(groups) and groups[following][0] == pauses else set()
    if at and (kept or not heads):
        heads.add(at - 1)
    return frozenset(heads)


def _without_steering(term: Term) -> Term:
    """Return `term` without the meanings that steer the reading."""
    if term.meaning.concepts.isdisjoint(_SILENT):
        return term
    return evolve(term, meaning=evolve(term.meaning, concepts=term.meaning.concepts - _SILENT))


def _apart(terms: Sequence[Term], at: int) -> int:
    """Return where the words end that only tell when: the group after `at`, or its first word.

    The group itself says something if it holds a verdict: "after the mta stopped".
    """
    end = leading_group(terms, at)
    if any(_states(term) for term in terms[at:end]):
        said = (
            place
            for place in range(at, end)
            if terms[place].meaning.concepts - _SILENT and not terms[place].meaning.filler
        )
        return next(said, end) + 1
    return end


def _states(term: Term) -> bool:
    return any(concept.denied or concept.name in (WORK, PRESENT) for concept in term.meaning.concepts)


def _plainly(term: Term) -> Term:
    """Return `term` without the meanings that deny by themselves, if it has others.

    "Cannot be stopped" is about stopping, not about a double negation of working.
    """
    plain = frozenset(concept for concept in term.meaning.concepts if not concept.denied)
    return evolve(term, meaning=evolve(term.meaning, concepts=plain)) if plain else term


def _heads(
    kept: Sequence[Term], groups: Sequence[tuple[int, int]], at: int, pauses: int, after: bool, last: bool
) -> frozenset[int]:
    """Return the positions denied by a negation that stands before position `at`.

    `after` says that it denies the word before it too, `last` that with nothing following it denies all.

    `groups` numbers the pauses and the gaps before each position; equal numbers mean joined words.
    """
    heads = {at - 1} if after and at else set()
    group = None
    for position in range(at, len(kept)):
        if groups[position][0] != pauses:
            break
        if group not in (None, groups[position]):
            heads |= _perceived(kept, groups, position) if _perceives(kept[position - 1]) else set()
            break
        heads.add(position)
        if kept[position].meaning.concepts == _ADVERBS:
            continue
        if group is not None:
            break
        group = groups[position]
    if last and heads <= {at - 1}:
        heads |= {position for position in range(at) if groups[position][0] == pauses}
    return frozenset(heads)


def _perceives(term: Term) -> bool:
    return term.means(PRESENT) or term.means(FIND)


def _perceived(kept: Sequence[Term], groups: Sequence[tuple[int, int]], at: int) -> set[int]:
    """Return the group at `at` if it names something wrong: "we do not see any missing logs"."""
    group = {position for position in range(at, len(kept)) if groups[position] == groups[at]}
    return group if any(_states(kept[position]) for position in group) else set()

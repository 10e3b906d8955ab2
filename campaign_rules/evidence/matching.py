"""Phrases of the knowledge base found in free text, with inflection and word order left open.

A phrase is a set of concepts and a polarity. It matches where all its concepts stand close together
in one clause. The sentence agrees with it (present) or denies it (absent); where it only leaves out
a negation ("mails are sent" against "mails are not sent"), it denies the phrase only if it says
plainly that things are well. What is asked or supposed says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from campaign_rules.evidence.clauses import APART, Clause
from campaign_rules.evidence.language import ALL, PRESENT, WELL, WORK, Concept
from campaign_rules.evidence.phrases import Phrase, PhraseIndex
from campaign_rules.evidence.terms import Scope, Term
from campaign_rules.model import State

_SLACK = 5
_SCATTER = 2
_SAY_WELL = frozenset({WORK, WELL})


@frozen
class Found:
    """A phrase found in a clause: what it says of the observation, and the terms that said it."""

    phrase: Phrase
    state: State
    terms: tuple[Term, ...]


def find_phrases(clause: Clause, index: PhraseIndex) -> tuple[Found, ...]:
    """Return the phrases that `clause` asserts or denies, in the order of the index."""
    names = {concept.name for term in clause.terms for concept in term.concepts}
    candidates = sorted({number for name in names for number in index.by_concept.get(name, ())})
    found: list[Found] = []
    for number in candidates:
        phrase = index.phrases[number]
        if not all(any(concept.name in names for concept in element) for element in phrase.elements):
            continue
        for places in _windows(phrase, clause):
            state = _verdict(phrase, clause, places)
            if state is not None:
                found.append(
                    Found(phrase, state, tuple(clause.terms[place] for place in sorted(set(places))))
                )
    return tuple(found)


def _windows(phrase: Phrase, clause: Clause) -> Iterator[tuple[int, ...]]:
    """Yield the shortest stretches of the clause that hold every element, as one position per element.

    Of stretches that overlap, one within a member of an enumeration is taken first, then the
    shortest, then the last.
    """
    terms = clause.terms
    fits = [
        [place for place, term in enumerate(terms) if _shared(element, term.concepts)]
        for element in phrase.elements
    ]
    if not all(fits):
        return
    limit = len(fits) + min(len(fits) + 1, _SLACK)
    stretches: list[tuple[bool, int, int, tuple[int, ...]]] = []
    for start in sorted({place for places in fits for place in places}):
        inside = [[place for place in places if start <= place < start + limit] for places in fits]
        joined = (
            places
            for places in _assignments(inside, terms, start)
            if _names_whole(phrase, terms, places) and (phrase.reaches or _in_one_place(clause, places))
        )
        best = min(joined, key=lambda places: (max(places), places), default=None)
        if best is not None:
            crosses = clause.members[start] != clause.members[max(best)]
            stretches.append((crosses, max(best) - start, -start, best))
    taken: list[tuple[int, int]] = []
    for _, length, start, places in sorted(stretches):
        first, last = -start, length - start
        if all(last < other_first or first > other_last for other_first, other_last in taken):
            taken.append((first, last))
            yield places


def _names_whole(phrase: Phrase, terms: Sequence[Term], places: Sequence[int]) -> bool:
    """Tell whether each name of several words is meant as a whole: by itself, or by all of its words.

    "The database cleanup is down" does not say that the database is down.
    """
    for place in {place for place in places if terms[place].parts}:
        meant = [element for element, at in zip(phrase.elements, places, strict=True) if at == place]
        if not any(_shared(element, terms[place].meaning.concepts) for element in meant) and not all(
            any(_shared(element, part) for element in meant) for part in terms[place].parts
        ):
            return False
    return True


def _in_one_place(clause: Clause, places: Sequence[int]) -> bool:
    """Tell whether positions belong to one statement and lie in one stretch.

    They may also begin with what only tells when, and follow on it.
    """
    positions = frozenset(places)
    parts = {clause.parts[place] for place in places}
    follow_on = max(places) - min(places) < len(positions)
    one_part = len(parts) == 1 or (parts == {APART, 0} and follow_on)
    return one_part and clause.together(positions) and clause.one_statement(positions)


def _assignments(
    inside: Sequence[Sequence[int]], terms: Sequence[Term], start: int, chosen: tuple[int, ...] = ()
) -> Iterator[tuple[int, ...]]:
    """Yield every choice of a position per element that uses `start`, each term as often as it has words."""
    if len(chosen) == len(inside):
        if start in chosen:
            yield chosen
        return
    for place in inside[len(chosen)]:
        if chosen.count(place) < terms[place].width:
            yield from _assignments(inside, terms, start, (*chosen, place))


def _shared(element: frozenset[Concept], concepts: frozenset[Concept]) -> bool:
    names = {concept.name for concept in concepts}
    return any(concept.name in names for concept in element)


def _verdict(phrase: Phrase, clause: Clause, places: Sequence[int]) -> State | None:
    """Return what a clause says of a phrase found at `places`, as far as their scopes let it."""
    scopes = {clause.terms[place].scope for place in places}
    if not scopes.isdisjoint({Scope.MENTIONED, Scope.FOLLOWS}):
        return None
    state = _statement(phrase, clause, places)
    if Scope.FALSE in scopes:
        return State.ABSENT if state is State.PRESENT else None
    return None if Scope.TRIED in scopes and state is State.ABSENT else state


def _statement(phrase: Phrase, clause: Clause, places: Sequence[int]) -> State | None:
    positions = frozenset(places)
    turned = sum(
        element.isdisjoint(clause.terms[place].concepts)
        for element, place in zip(phrase.elements, places, strict=True)
    )
    governors = _governors(phrase, clause, positions)
    denied = clause.denied(positions) or any(_denied(clause, place) for place in governors)
    if phrase.denies and clause.denied(positions) and _undone(clause, positions):
        return None
    if (phrase.denies + denied + turned) % 2 == 0:
        return State.PRESENT if _counts(phrase, clause, positions) else None
    if denied:
        return None if _goes_on(clause, positions) or _scattered(positions) else State.ABSENT
    if clause.retracted:
        return None
    plain = _holds_for_all(phrase, clause, positions) and _same_sense(clause, positions)
    return State.ABSENT if plain and _all_well(clause, positions) else None


def _holds_for_all(phrase: Phrase, clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether a clause speaks of the whole of what it says is well.

    That other workflows run denies that none does, not that one has failed.
    """
    return clause.limited.isdisjoint(positions) and (phrase.denies or clause.others.isdisjoint(positions))


def _scattered(positions: frozenset[int]) -> bool:
    """Tell whether so many other words stand in a match that its denial may be about them."""
    return max(positions) - min(positions) - len(positions) >= _SCATTER


def _same_sense(clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether a word of the sentence surely means what the phrase means.

    "The console opens normally" does not speak of the opens that a phrase like "no opens" is about.
    """
    return any(
        len([name for name in clause.terms[place].names if not name.startswith("~")]) < 2
        for place in positions
    )


def _goes_on(clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether a match goes on after the stretch that holds its negation.

    "None of the deliveries leaves, they stay pending" does not deny that deliveries are pending.
    """
    denied = {clause.members[place] for place in positions if clause.denied(frozenset({place}))}
    return bool(denied) and max(denied) < clause.members[max(positions)]


def _undone(clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether what is denied is that something is wrong: "no mta process is missing"."""
    last = max(positions)
    after = {
        place
        for place in range(last + 1, min(last + 3, len(clause.terms)))
        if (clause.members[place], clause.parts[place]) == (clause.members[last], clause.parts[last])
    }
    denied = frozenset[int]().union(*(heads for heads in clause.denials if heads & positions))
    return any(
        one.denied and one.name in (WORK, PRESENT)
        for place in (after | denied) - positions
        for one in clause.terms[place].meaning.concepts
    )


def _counts(phrase: Phrase, clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether a clause that agrees with a phrase like "no process runs" speaks of all of them.

    It says "no" too, or "all", or that the thing is not there.
    """
    if not phrase.counts or clause.none & positions:
        return True
    everything = {place for place, term in enumerate(clause.terms) if Concept(ALL) in term.meaning.concepts}
    absent = {
        place
        for place, term in enumerate(clause.terms)
        if any(concept.name == PRESENT for concept in term.meaning.concepts) and _denied(clause, place)
    }
    near = range(min(positions) - 2, max(positions) + 3)
    return any(place in near for place in everything | absent)


def _governors(phrase: Phrase, clause: Clause, positions: frozenset[int]) -> list[int]:
    """Return the positions near a match of a verb that says whether the whole of it holds.

    "Mail sending fails" denies that mails are sent; "the conflict is gone" denies the conflict.
    """
    name, reach = (WORK, 2) if phrase.denies else (PRESENT, 1)
    if name in phrase.about:
        return []
    near = range(max(0, min(positions) - reach), min(len(clause.terms), max(positions) + reach + 1))
    return [
        place
        for place in near
        if place not in positions
        and any(concept.name == name for concept in clause.terms[place].meaning.concepts)
        and clause.one_statement(positions | {place})
    ]


def _denied(clause: Clause, place: int) -> bool:
    inherent = any(
        concept.denied for concept in clause.terms[place].meaning.concepts if concept.name in (WORK, PRESENT)
    )
    return inherent != clause.denied(frozenset({place}))


def _all_well(clause: Clause, positions: frozenset[int]) -> bool:
    """Tell whether a clause says that things are well, and does not go on to say the contrary.

    "A runs and B fails" says that A is well; "A runs and fails" does not.
    """
    members = {clause.members[place] for place in positions}
    said_of_others = {
        clause.members[place] for place, term in enumerate(clause.terms) if term.names.isdisjoint(_SAY_WELL)
    } - members
    verdicts = {
        place: not _denied(clause, place)
        for place, term in enumerate(clause.terms)
        if not term.names.isdisjoint(_SAY_WELL) and clause.members[place] not in said_of_others
    }
    return any(verdicts.values()) and all(well for place, well in verdicts.items() if place not in positions)

"""Scopes: the stretches of a sentence that it supposes, wants, reports or calls over, and does not assert.

The words that begin one are concepts that frame what is said: see language.py. A scope ends with the part
that a word like "but" closes, or at a comma.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from campaign_rules.evidence.language import (
    ACCORDING,
    AIM,
    BUT,
    CLAIM,
    DOUBT,
    IF,
    INVERTED,
    MANUAL,
    NEITHER,
    NOR,
    NOTICE,
    PURPOSE,
    STEERING,
    THAT,
    TRUE,
    WE,
    WHEN,
    WOULD,
)
from campaign_rules.evidence.over import calls_over
from campaign_rules.evidence.terms import Scope, Term, is_ill, is_thing

_SPEAKERS = frozenset({"people", "user", "administrator", "recipient", "anything"})
_OPENING = frozenset({IF, WHEN, INVERTED, CLAIM, DOUBT, TRUE, MANUAL, ACCORDING, NEITHER, PURPOSE, AIM})
_NEAR = 4
"""Words between one that frames and the one that completes it: "the manual of the product says"."""

_SHORT = 4
"""Words with a meaning up to which a condition is surely one, without what happens then."""

_RANK = {scope: rank for rank, scope in enumerate(Scope)}

Stretch = tuple[int, int, Scope]


def with_scopes(terms: Sequence[Term], following: Sequence[Term] = ()) -> list[Term]:
    """Return the terms of a sentence, each with its scope. `following` are those of the next sentence."""
    scopes = [Scope.SAID] * len(terms)
    for first, last, scope in _stretches(terms, following):
        for at in range(first, last):
            scopes[at] = max(scopes[at], scope, key=_RANK.__getitem__)
    return [
        term if scope is Scope.SAID else evolve(term, scope=scope)
        for term, scope in zip(terms, scopes, strict=True)
    ]


def _stretches(terms: Sequence[Term], following: Sequence[Term]) -> Iterator[Stretch]:
    names = [term.names for term in terms]
    if any(not _OPENING.isdisjoint(some) for some in names):
        ends = [at for at, some in enumerate(names) if BUT in some]
        for first, last in zip([0, *(end + 1 for end in ends)], [*ends, len(terms)], strict=True):
            part = _Part(terms, names, first, last)
            for reading in (_supposed, _embedded, _documented, _meant, _correlated):
                yield from reading(part)
    for first, last in calls_over(terms, following):
        yield first, last, Scope.MENTIONED


@frozen
class _Part:
    """The terms of a sentence from `first` to before `last`, which words like "but" cut."""

    terms: Sequence[Term]
    names: Sequence[frozenset[str]]
    first: int
    last: int

    def at(self, name: str) -> list[int]:
        """Return the positions that may mean `name`."""
        return [at for at in range(self.first, self.last) if name in self.names[at]]

    def soon(self, name: str, at: int) -> int | None:
        """Return the first position that may mean `name`, from `at` on."""
        return next(
            (one for one in range(at, min(at + _NEAR + 1, self.last)) if name in self.names[one]), None
        )

    def comma(self, at: int) -> int | None:
        """Return where the next stretch after `at` begins; what "that" begins belongs to the one before."""
        return next(
            (
                one
                for one in range(at + 1, self.last)
                if self.terms[one].pause and THAT not in self.names[one]
            ),
            None,
        )

    def leads(self, at: int) -> bool:
        """Tell whether nothing with a meaning stands before `at`."""
        before = self.terms[self.first : at]
        return all(not is_ill(term) and (term.meaning.filler or term.names <= STEERING) for term in before)

    def means(self, name: str, first: int, last: int) -> bool:
        return any(name in some for some in self.names[first:last])

    def ill(self, first: int, last: int) -> bool:
        return any(is_ill(term) for term in self.terms[first:last])


def _supposed(part: _Part) -> Iterator[Stretch]:
    """Conditions. One that the speakers tried tells what came of it: "if I open the console, it hangs"."""
    would = part.means(WOULD, part.first, part.last)
    supposing = part.at(IF)
    for at in supposing:
        end = part.comma(at) if part.leads(at) and not would else None
        yield at, end or part.last, Scope.MENTIONED
        if end is not None:
            came = len(supposing) == 1 and _tried(part, at, end)
            yield end, part.last, Scope.TRIED if came else Scope.FOLLOWS
    for at in part.at(WHEN):
        if IF in part.names[at]:
            continue
        if not part.leads(at):
            if would or part.means(NOTICE, part.first, at):
                yield at, part.last, Scope.MENTIONED
        elif would or not part.means(WE, part.first, part.last):
            yield from _supposing(part, at, would)
    if part.first in part.at(INVERTED) and (would or _verb_first(part)):
        yield from _supposing(part, part.first, would)


def _supposing(part: _Part, at: int, would: bool) -> Iterator[Stretch]:
    """A condition that begins the sentence.

    "When" leaves it open whether what follows happens, and a ticket mostly tells it because it does. German
    "wenn" means "if" as well: what follows from something wrong is supposed there.
    """
    end = part.comma(at)
    if would:
        yield part.first, part.last, Scope.MENTIONED
    elif end is not None and sum(not term.meaning.filler for term in part.terms[at + 1 : end]) <= _SHORT:
        yield at, end, Scope.MENTIONED
        if part.ill(at, end) and INVERTED in part.names[end]:
            yield end, part.last, Scope.FOLLOWS


def _verb_first(part: _Part) -> bool:
    """Tell whether both halves of a sentence begin with a verb: "Wird der Server langsam, hilft ..."."""
    end = part.comma(part.first)
    return (
        end is not None
        and not part.means(WE, part.first, part.last)
        and part.terms[part.first + 1].meaning.filler
        and any(is_thing(term) for term in part.terms[part.first : end])
    )


def _tried(part: _Part, at: int, end: int) -> bool:
    """Tell whether "if" at `at` begins something that the speakers tried, and no fault."""
    speakers = WHEN in part.names[at] and part.soon(WE, at + 1) is not None
    return speakers and not part.ill(at, end)


def _embedded(part: _Part) -> Iterator[Stretch]:
    """What is said not to be true, what is doubted, and what nobody says: "nobody reports that ..."."""
    for name, denied, scope in (
        (TRUE, True, Scope.FALSE),
        (CLAIM, True, Scope.MENTIONED),
        (DOUBT, False, Scope.MENTIONED),
    ):
        for at in part.at(name):
            begin = part.soon(THAT, at)
            if begin is not None and _denied(part, at, begin) is denied:
                yield begin + 1, part.comma(begin + 1) or part.last, scope


def _denied(part: _Part, at: int, begin: int) -> bool:
    """Tell whether a negation denies the verb at `at`, of which no other thing than people is the subject."""
    if any(term.meaning.negation for term in part.terms[at + 1 : begin]):
        return True
    for place in range(at - 1, part.first - 1, -1):
        term = part.terms[place]
        if term.meaning.negation:
            return True
        if term.pause or (is_thing(term) and term.names.isdisjoint(_SPEAKERS)):
            return False
    return False


def _documented(part: _Part) -> Iterator[Stretch]:
    """What the documentation says, unless it goes on with what the speakers did."""
    for at in part.at(ACCORDING):
        named = part.soon(MANUAL, at)
        if named is not None and not part.means(WE, named, part.last):
            yield part.first, part.last, Scope.MENTIONED
    for at in part.at(MANUAL):
        says = part.soon(CLAIM, at)
        if says is not None and not part.means(WE, says, part.last):
            yield says, part.last, Scope.MENTIONED


def _meant(part: _Part) -> Iterator[Stretch]:
    """What is to be avoided or brought about: "to prevent the disk from filling up, we ..."."""
    for at in part.at(PURPOSE):
        end = part.comma(at)
        if end is None and part.leads(at):
            end = max((place for place in part.at(WE) if place > at), default=None)
        yield at, end or part.last, Scope.MENTIONED
    for at in part.at(AIM):
        end = part.comma(at)
        if end is not None and part.leads(at):
            yield at, end, Scope.MENTIONED


def _correlated(part: _Part) -> Iterator[Stretch]:
    """What "neither" and "nor" deny: both things, and what is said of them."""
    for at in part.at(NEITHER)[:1]:
        others = [place for place in part.at(NOR) if place > at]
        if others:
            yield at, part.comma(others[-1]) or part.last, Scope.NEITHER

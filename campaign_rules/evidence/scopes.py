"""Scopes: the stretches of a sentence that it supposes, wants, reports or calls over, and does not assert.

The words that begin one are concepts that frame what is said: see language.py. A scope ends with the part
that a word like "but" closes, or at a comma.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from campaign_rules.evidence.language import (
    ACCORDING,
    AFTER,
    AGAIN,
    AIM,
    ALL,
    ALTHOUGH,
    BUT,
    CLAIM,
    DOUBT,
    FRAMES,
    IF,
    INVERTED,
    IT,
    LIMIT,
    MANUAL,
    NEITHER,
    NOR,
    NOTICE,
    NOW,
    PAST,
    PRESENT,
    PROBLEM,
    PURPOSE,
    SOLVED,
    STEERING,
    THAT,
    TRUE,
    WE,
    WELL,
    WHEN,
    WORK,
    WOULD,
)
from campaign_rules.evidence.terms import Scope, Term

VERDICTS = frozenset({WORK, WELL, PRESENT, "progress"})
"""Concepts that say how a thing is, and are none themselves."""

_OCCASIONS = frozenset({"execution", "day", "morning"})
_SPEAKERS = frozenset({"people", "user", "administrator", "recipient", "anything"})
_NO_THINGS = STEERING | FRAMES | VERDICTS | _OCCASIONS
_OPENING = frozenset({IF, WHEN, INVERTED, CLAIM, DOUBT, TRUE, MANUAL, ACCORDING, NEITHER, PURPOSE, AIM})
_NEAR = 4
"""Words between one that frames and the one that completes it: "the manual of the product says"."""

_SHORT = 4
"""Words with a meaning up to which a condition is surely one, without what happens then."""

_OVER = frozenset({SOLVED, WORK, WELL})
"""Verdicts that say, some only with "again" or "now everything", that a fault is over."""

_RANK = {scope: rank for rank, scope in enumerate(Scope)}

Stretch = tuple[int, int, Scope]


def is_ill(term: Term) -> bool:
    """Tell whether a word denies, or names something wrong."""
    return term.meaning.negation or any(concept.denied for concept in term.meaning.concepts)


def is_thing(term: Term) -> bool:
    """Tell whether a word may name what a sentence speaks of."""
    names = term.names
    return (
        not term.meaning.filler
        and VERDICTS.isdisjoint(names)
        and any(not name.startswith("~") for name in names - _NO_THINGS)
    )


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
    yield from _settled(terms)
    over = _over(terms)
    if over:
        yield 0, over.start, Scope.MENTIONED
    later = _over(following) if following else None
    if later and later.start == 0 and (later.now or _mean(terms, PAST)):
        yield 0, len(terms), Scope.MENTIONED


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
        end = _tried(part, at) if len(supposing) == 1 and not would else None
        if end is None:
            yield at, part.last, Scope.MENTIONED
        else:
            yield at, end, Scope.MENTIONED
            yield end, part.last, Scope.TRIED
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
    """A condition that begins the sentence. What follows from something wrong is supposed as well."""
    end = part.comma(at)
    if would:
        yield part.first, part.last, Scope.MENTIONED
    elif end is not None and sum(not term.meaning.filler for term in part.terms[at + 1 : end]) <= _SHORT:
        yield at, part.last if part.ill(at, end) else end, Scope.MENTIONED


def _verb_first(part: _Part) -> bool:
    """Tell whether both halves of a sentence begin with a verb: "Wird der Server langsam, hilft ..."."""
    end = part.comma(part.first)
    return (
        end is not None
        and not part.means(WE, part.first, part.last)
        and part.terms[part.first + 1].meaning.filler
        and any(is_thing(term) for term in part.terms[part.first : end])
    )


def _tried(part: _Part, at: int) -> int | None:
    """Return where the outcome begins of what the speakers tried, if that is what "if" at `at` begins."""
    end = part.comma(at)
    if end is None or WHEN not in part.names[at] or not part.leads(at):
        return None
    return end if part.soon(WE, at + 1) is not None and not part.ill(at, end) else None


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


def _settled(terms: Sequence[Term]) -> Iterator[Stretch]:
    """What a problem that is solved was: "the problem with the empty report is solved"."""
    for at, term in enumerate(terms):
        if not term.means(SOLVED):
            continue
        start, end = _around(terms, at)
        named = next((i for i in range(start, at) if terms[i].means(PROBLEM)), None)
        denied = any(one.meaning.negation for one in terms[max(start, at - 2) : min(at + 2, end)])
        if named is not None and not denied and not _mean(terms[start:end], LIMIT):
            yield named, at, Scope.MENTIONED


def _around(terms: Sequence[Term], at: int) -> tuple[int, int]:
    """Return where the stretch around `at` begins and ends, which punctuation and words like "but" cut."""
    start = next((i for i in range(at, 0, -1) if terms[i].pause or terms[i - 1].means(BUT)), 0)
    end = next((i for i in range(at + 1, len(terms)) if terms[i].pause or terms[i].means(BUT)), len(terms))
    return start, end


def _although(terms: Sequence[Term], start: int) -> bool:
    return any(term.means(ALTHOUGH) for term in terms[max(0, start - 1) : start + 1])


def _plainly_over(stretch: Sequence[Term], verdict: int) -> bool:
    """Tell whether nothing limits or denies that something is over, which the term at `verdict` says."""
    limits = (LIMIT, IF, WHEN, MANUAL, WOULD)
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
    things = {name for term in told if is_thing(term) for name in term.names - _NO_THINGS - {ALL}}
    known = {name for term in before for name in term.names}
    return _mean(stretch, IT) or _mean(stretch, PROBLEM) or things <= known


def _goes_on(rest: Sequence[Term]) -> bool:
    """Tell whether what follows says that it is not over after all."""
    ill = any(is_ill(term) for term in rest)
    named = any(is_thing(term) for term in rest)
    return ill and (_mean(rest, AGAIN) or _mean(rest, IT) or not named)


def _mean(terms: Sequence[Term], name: str) -> bool:
    return any(term.means(name) for term in terms)

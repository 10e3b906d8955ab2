"""The proof: for each derived fact a justification that rests on observations in the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from campaign_rules.model import Fact, Firing, Rule
from campaign_rules.strata import heads_of


@frozen(eq=False)
class Proof:
    """Well-founded justifications: following derivations never runs in a circle."""

    _derivations: Mapping[Fact, Firing] = field(repr=False)
    _leaves: Mapping[Fact, tuple[Fact, ...]] = field(repr=False)
    _used: frozenset[Fact] = field(repr=False)

    def derivation(self, fact: Fact) -> Firing | None:
        """Return the firing that derives `fact` in the fewest rounds, the first by sort key among equals.

        None for an observed fact, and for one that was never derived.
        """
        return self._derivations.get(fact)

    def leaves(self, of: Fact | Firing) -> tuple[Fact, ...]:
        """Return the observed facts that a fact or firing finally rests on, sorted.

        An observed fact rests on itself, a fact that was neither observed nor derived on nothing.
        """
        if isinstance(of, Fact):
            return self._leaves.get(of, ())
        return _union(self._leaves, of)

    def unused(self, observed: Iterable[Fact]) -> tuple[Fact, ...]:
        """Return the facts of `observed` that support no firing, sorted."""
        return _sorted(set(observed) - self._used)


def prove(rules: Mapping[str, Rule], firings: Iterable[Firing], observed: Iterable[Fact]) -> Proof:
    """Choose a derivation for each derived fact; the result does not depend on any order.

    Observed facts stand in round 0. A firing is ready in the round after its last support, and a
    fact is derived in the round of its first firing (Dowling and Gallier 1984), so that every
    support lies in an earlier round than what it supports.
    """
    ordered = sorted(firings, key=lambda firing: firing.sort_key)
    supported: dict[Fact, list[int]] = {}
    missing = []
    for number, firing in enumerate(ordered):
        supports = set(firing.supports)
        missing.append(len(supports))
        for fact in supports:
            supported.setdefault(fact, []).append(number)
    leaves: dict[Fact, tuple[Fact, ...]] = {fact: (fact,) for fact in observed}
    derivations: dict[Fact, Firing] = {}
    latest = list(leaves)
    while latest:
        ready = []
        for fact in latest:
            for number in supported.get(fact, ()):
                missing[number] -= 1
                if not missing[number]:
                    ready.append(number)
        latest = []
        for number in sorted(ready):
            firing = ordered[number]
            for head in heads_of(rules[firing.rule]):
                fact = Fact(head, instance=firing.instance)
                if fact not in leaves and fact not in derivations:
                    derivations[fact] = firing
                    latest.append(fact)
        leaves.update({fact: _union(leaves, derivations[fact]) for fact in latest})
    return Proof(derivations, leaves, frozenset(supported))


def _union(leaves: Mapping[Fact, tuple[Fact, ...]], firing: Firing) -> tuple[Fact, ...]:
    return _sorted({leaf for support in firing.supports for leaf in leaves.get(support, ())})


def _sorted(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: fact.sort_key))

"""Evidence about modules and causes, counted once per measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen

from campaign_rules.model import Verb

Node = tuple[str, str]
"""A node of the module graph: module id and instance; the instance is "" for a machine-wide module."""


@frozen
class Evidence:
    """What the firings of one rule say about one target.

    `target` is a module id for IMPAIRS and CLEARS, a cause id for SUPPORTS and REFUTES. `decibans` is the
    signed weight: above 0 it speaks for the impairment or the cause. `leaves` are the ids of the observations
    that the firing finally rests on, `groups` the source group of each of them, in the same order.
    """

    verb: Verb
    target: str
    instance: str
    rule: str
    decibans: float
    leaves: tuple[str, ...]
    groups: tuple[str, ...]


def count_once(items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the items about one target that count, strongest first.

    A rule counts once, with the leaves of all its firings. After that an item counts only if it rests on at
    least one group that no stronger counted item of the same sign rests on: two rules that read the same
    measurement are one piece of evidence.
    """
    used: dict[bool, set[str]] = {True: set(), False: set()}
    counted = []
    for item in sorted(_one_per_rule(items), key=lambda item: (-abs(item.decibans), item.rule)):
        seen = used[item.decibans > 0]
        if item.decibans and not seen.issuperset(item.groups):
            counted.append(item)
            seen.update(item.groups)
    return tuple(counted)


def shares(items: Iterable[Evidence], factor: float = 1.0) -> Mapping[tuple[str, str], float]:
    """Split the weight of each item equally over its leaves, times `factor`.

    Returns decibans by (observation, rule).
    """
    parts: dict[tuple[str, str], float] = {}
    for item in items:
        for leaf in item.leaves:
            key = (leaf, item.rule)
            parts[key] = parts.get(key, 0.0) + factor * item.decibans / len(item.leaves)
    return parts


def _one_per_rule(items: Iterable[Evidence]) -> Iterable[Evidence]:
    by_rule: dict[str, Evidence] = {}
    for item in sorted(
        items, key=lambda item: (item.rule, item.leaves, item.groups, item.decibans, item.instance)
    ):
        known = by_rule.get(item.rule)
        if known is None:
            by_rule[item.rule] = item
            continue
        grouped = {
            **dict(zip(item.leaves, item.groups, strict=True)),
            **dict(zip(known.leaves, known.groups, strict=True)),
        }
        by_rule[item.rule] = evolve(
            known,
            decibans=max(known.decibans, item.decibans, key=abs),
            leaves=tuple(sorted(grouped)),
            groups=tuple(grouped[leaf] for leaf in sorted(grouped)),
        )
    return by_rule.values()

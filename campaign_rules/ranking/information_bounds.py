"""How much a question can tell at most, without asking what each hypothesis says to it.

The gain of a question is at most the sum, over the hypotheses, of their probability times how surprised
each is by the usual answers (the Kullback-Leibler divergence; any other reference than the average answer
only makes it larger). A hypothesis is surprised the less, the less it believes the targets to be impaired.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from campaign_rules.model import KnowledgeBase
from campaign_rules.ranking.evidence import Node
from campaign_rules.ranking.observation_links import Link, observation_links
from campaign_rules.ranking.outlook import Outlook, log_odds, shift

LEVELS = (0.03, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Beliefs are rounded up to one of these."""


@frozen
class Surprise:
    """The surprise of a hypothesis in bits: per level of belief in all target modules, and under a cause."""

    by_level: tuple[float, ...]
    by_cause: float


@lru_cache(maxsize=16)
def surprises(knowledge: KnowledgeBase) -> Mapping[str, Surprise]:
    """Return the surprise that each observation can be."""
    return MappingProxyType({id_: _surprise(links) for id_, links in observation_links(knowledge).items()})


def masses(outlook: Outlook) -> Mapping[Node, tuple[float, ...]]:
    """Return how probable the hypotheses are that believe a node to be impaired, per level of belief."""
    found = {}
    for node, beliefs in outlook.beliefs.items():
        of_node = [0.0] * len(LEVELS)
        for root, belief in beliefs.items():
            of_node[bisect_left(LEVELS, belief)] += outlook.roots[root]
        found[node] = tuple(of_node)
    return found


def at_most(
    outlook: Outlook,
    masses: Mapping[Node, tuple[float, ...]],
    links: Iterable[Link],
    surprise: Surprise,
    instance: str,
) -> float:
    """Return a bound of what the question gains, in bits."""
    bound = 0.0
    for link in links:
        node = (link.module, instance) if (link.module, instance) in masses else (link.module, "")
        if link.cause:
            bound += outlook.causes.get((node, link.target), 0.0) * surprise.by_cause
        else:
            for mass, bits in zip(masses[node], surprise.by_level, strict=True):
                bound += mass * bits
    return bound


def _surprise(links: Iterable[Link]) -> Surprise:
    all_links = tuple(links)
    about_modules = [link for link in all_links if not link.cause]
    references = {link.false_alarm for link in all_links}

    def most(some: Iterable[Link], belief: float) -> float:
        moves = [shift(link.sensitivity, link.false_alarm, belief) for link in some]
        up, down = math.fsum(max(move, 0.0) for move in moves), math.fsum(min(move, 0.0) for move in moves)
        return max(_divergence(usual, move) for usual in references for move in (up, down))

    return Surprise(tuple(most(about_modules, level) for level in LEVELS), most(all_links, 1.0))


def _divergence(usual: float, moved: float) -> float:
    """Return the divergence of the answers, with the log odds moved, from the usual ones, in bits."""
    present = 1.0 / (1.0 + math.exp(-log_odds(usual) - moved))
    return present * math.log2(present / usual) + (1.0 - present) * math.log2((1.0 - present) / (1.0 - usual))

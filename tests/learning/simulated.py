"""A rule base of three modules that do not need one another, and closed tickets drawn from other figures."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import campaign_rules as cr
from campaign_rules.learning import Closed
from tests.rule_bases import write_rule_base

AREA = """\
modules:
  - {id: alpha, label: {en: Alpha, it: Alfa}}
  - {id: beta, label: {en: Beta, it: Beta}}
  - {id: gamma, label: {en: Gamma, it: Gamma}, frequency: common, depends_on: [{on: beta, strength: weak}]}
observations:
  - {id: alpha-ill, label: {en: Alpha is ill, it: Alfa malata}}
  - {id: beta-ill, label: {en: Beta is ill, it: Beta malata}}
  - {id: gamma-ill, label: {en: Gamma is ill, it: Gamma malata}}
  - {id: alpha-cold, label: {en: Alpha is cold, it: Alfa fredda}}
rules:
  - {id: alpha-is-ill, when: {all: [alpha-ill]}, then: [{impairs: alpha, strength: certain}]}
  - {id: alpha-is-well, when: {all: [{absent: alpha-ill}]}, then: [{clears: alpha, strength: likely}]}
  - {id: beta-is-ill, when: {all: [beta-ill]}, then: [{impairs: beta, strength: likely}]}
  - {id: gamma-is-ill, when: {all: [gamma-ill]}, then: [{impairs: gamma, strength: likely}]}
  - {id: alpha-is-cold, when: {all: [alpha-cold]}, then: [{supports: cold, strength: possible}]}
  - {id: alpha-is-hot, when: {all: [{absent: alpha-cold}]}, then: [{supports: heat, strength: possible}]}
  - {id: beta-breaks, when: {all: [beta-ill]}, then: [{supports: crack, strength: possible}]}
  - {id: gamma-breaks, when: {all: [gamma-ill]}, then: [{supports: rust, strength: possible}]}
causes:
  - {id: cold, module: alpha, label: {en: Cold, it: Freddo}, remedy: [look]}
  - {id: heat, module: alpha, label: {en: Heat, it: Caldo}, remedy: [look]}
  - {id: crack, module: beta, label: {en: Crack, it: Crepa}, remedy: [look]}
  - {id: rust, module: gamma, label: {en: Rust, it: Ruggine}, remedy: [look]}
steps:
  - {id: look, action: {en: Look, it: Guardare}, place: anywhere}
"""


def base(folder: Path, propagation: str = "weak") -> cr.KnowledgeBase:
    area = AREA.replace("strength: weak", f"strength: {propagation}")
    return cr.load_knowledge(write_rule_base(folder, area), cache=False)


def draw(
    count: int,
    roots: Mapping[str, float],
    *,
    seen: float = 0.8,
    false_alarm: float = 0.05,
    shows: float = 0.0,
    seed: int = 0,
) -> list[Closed]:
    """Return tickets whose module at fault, and what is observed, have these chances.

    A fault of beta impairs gamma with the probability `shows`.
    """
    dice = random.Random(seed)
    found = []
    for number in range(count):
        (root,) = dice.choices(list(roots), list(roots.values()))
        impaired = {root, "gamma"} if root == "beta" and dice.random() < shows else {root}
        observed = [
            f"{module}-ill"
            for module in ("alpha", "beta", "gamma")
            if dice.random() < (seen if module in impaired else false_alarm)
        ]
        found.append(Closed(f"t{number:05}", tuple(observed), frozenset({root})))
    return found

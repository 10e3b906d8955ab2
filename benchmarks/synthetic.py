"""A rule base of any size and incidents for it, drawn with a fixed seed.

Half of the rules turn one observation with a value test into a symptom, three tenths join two
symptoms of one instance into a suspicion, one fifth conclude from a suspicion and the absence of a
third symptom (closed world).
"""

from __future__ import annotations

import random

from attrs import frozen

from campaign_rules.model import Comparison, Conclusion, Condition, Fact, Rule, State, Test, Verb

INSTANCES = ("prod", "dev", "test", "mid")


@frozen
class Synthetic:
    """Rules in three levels, and the observations that feed the first one with their thresholds."""

    rules: dict[str, Rule]
    thresholds: dict[str, float]
    symptoms: dict[str, list[str]]
    pairs: list[tuple[str, str]]


def rule_base(size: int, seed: int = 7) -> Synthetic:
    """Return a rule base of `size` rules."""
    draw = random.Random(seed)
    first, second = size // 2, size * 3 // 10
    count = max(6, first // 2)
    thresholds = {f"observation-{n}": draw.choice((10.0, 50.0)) for n in range(first)}
    symptoms: dict[str, list[str]] = {}
    rules = []
    for n, (name, threshold) in enumerate(thresholds.items()):
        symptoms.setdefault(f"symptom-{n % count}", []).append(name)
        condition = Condition(name, State.PRESENT, Test(Comparison.AT_LEAST, threshold))
        rules.append(Rule(f"one-{n}", (Conclusion(Verb.DERIVES, f"symptom-{n % count}"),), (condition,)))
    pairs = []
    third = size - first - second
    for n in range(second):
        pair = (f"symptom-{n % count}", f"symptom-{(n + 1 + n // count) % count}")
        pairs.append(pair)
        head = Conclusion(Verb.DERIVES, f"suspicion-{n % max(2, third)}")
        rules.append(Rule(f"two-{n}", (head,), tuple(Condition(name) for name in pair)))
    for n in range(third):
        head = Conclusion(Verb.DERIVES, f"cause-{n}")
        absent = f"symptom-{(n * 7 + 3) % count}"
        rules.append(Rule(f"three-{n}", (head,), (Condition(f"suspicion-{n}"),), unless=(absent,)))
    return Synthetic({rule.id: rule for rule in rules}, thresholds, symptoms, pairs)


def incidents(base: Synthetic, count: int, facts: int = 10, seed: int = 11) -> list[tuple[Fact, ...]]:
    """Return `count` incidents of `facts` observed facts each."""
    draw = random.Random(seed)
    names = list(base.thresholds)
    drawn = []
    for _ in range(count):
        found: dict[tuple[str, str], Fact] = {}
        while len(found) < facts:
            instance = draw.choice(INSTANCES)
            picked = [draw.choice(names)]
            if draw.random() < 0.75:
                picked = [draw.choice(base.symptoms[symptom]) for symptom in draw.choice(base.pairs)]
            for name in picked:
                if len(found) < facts:
                    value = base.thresholds[name] + draw.randrange(-3, 30)
                    found.setdefault((name, instance), Fact(name, State.PRESENT, instance, value))
        drawn.append(tuple(found.values()))
    return drawn

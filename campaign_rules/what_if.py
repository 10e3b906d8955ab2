"""What if: how two diagnoses differ, and how much a ranking hangs on the strength of each rule."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

from campaign_rules import ranking
from campaign_rules.diagnosis import Diagnosis, weigh
from campaign_rules.model import Observation, Suspect


@frozen
class Shift:
    """The probability of one module in two diagnoses; 0 where it is no suspect."""

    module: str
    instance: str
    before: float
    after: float


@frozen
class Comparison:
    """How a diagnosis differs from another.

    `shifts` holds every suspect of either whose probability differs, the largest difference first. `added`
    and `removed` are observations; `new_steps` and `dropped_steps` ids of steps of the plans.
    """

    shifts: tuple[Shift, ...]
    added: tuple[Observation, ...]
    removed: tuple[Observation, ...]
    new_steps: tuple[str, ...]
    dropped_steps: tuple[str, ...]


@frozen
class Sensitivity:
    """What the first suspect would be if one rule spoke one word of the scale weaker or stronger.

    `weaker` and `stronger` are the probabilities of the first suspect as it stands; `first_if_weaker` and
    `first_if_stronger` name the module that would be first, "" if none were.
    """

    rule: str
    weaker: float
    stronger: float
    first_if_weaker: str
    first_if_stronger: str

    @property
    def span(self) -> float:
        """How far the probability moves between the two."""
        return abs(self.stronger - self.weaker)


def compare(before: Diagnosis, after: Diagnosis) -> Comparison:
    """Return how `after` differs from `before`."""
    old, new = _probabilities(before.suspects), _probabilities(after.suspects)
    shifts = [Shift(*key, old.get(key, 0.0), new.get(key, 0.0)) for key in {**old, **new}]
    moved = [one for one in shifts if one.before != one.after]
    steps = [[step.step for step in one.plan] for one in (before, after)]
    return Comparison(
        tuple(sorted(moved, key=lambda one: (-abs(one.after - one.before), one.module, one.instance))),
        tuple(one for one in after.observations if one not in before.observations),
        tuple(one for one in before.observations if one not in after.observations),
        tuple(step for step in steps[1] if step not in steps[0]),
        tuple(step for step in steps[0] if step not in steps[1]),
    )


def sensitivity(diagnosis: Diagnosis) -> tuple[Sensitivity, ...]:
    """Return what the strength of each rule behind the ranking decides, the widest span first.

    A rule speaks with a word of the scale (`KnowledgeBase.scale.strengths`). One word weaker than the weakest
    is silence; one stronger than the strongest is as much stronger as that is than the word below it.
    """
    if not diagnosis.suspects:
        return ()
    evidence = weigh(diagnosis.knowledge, diagnosis.firings, diagnosis.proof)
    rules = sorted({weight.rule for suspect in diagnosis.suspects for weight in suspect.evidence})
    found = []
    for rule in rules:
        outcomes = []
        for step in (-1, 1):
            changed = [
                evolve(one, decibans=_moved(one.decibans, step, diagnosis.knowledge.scale.strengths))
                if one.rule == rule
                else one
                for one in evidence
            ]
            outcomes.append(_outcome(diagnosis, changed))
        (weaker, then), (stronger, otherwise) = outcomes
        found.append(Sensitivity(rule, weaker, stronger, then, otherwise))
    return tuple(sorted(found, key=lambda one: (-one.span, one.rule)))


def _outcome(diagnosis: Diagnosis, evidence: list[ranking.Evidence]) -> tuple[float, str]:
    first = diagnosis.suspects[0]
    suspects = ranking.rank(diagnosis.knowledge, evidence).suspects
    probability = _probabilities(suspects).get((first.module, first.instance), 0.0)
    return probability, suspects[0].module if suspects else ""


def _moved(decibans: float, step: int, strengths: Mapping[str, float]) -> float:
    """Return a weight `step` words of the scale stronger, or weaker."""
    words = [0.0, *sorted(strengths.values())]
    words.append(2 * words[-1] - words[-2])
    at = words.index(abs(decibans)) + step
    return words[max(at, 0)] * (1.0 if decibans > 0 else -1.0)


def _probabilities(suspects: tuple[Suspect, ...]) -> dict[tuple[str, str], float]:
    return {(one.module, one.instance): one.probability for one in suspects}

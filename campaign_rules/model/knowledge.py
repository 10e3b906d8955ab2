"""Everything that is known, and what its words are worth."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from campaign_rules.model.modules import Cause, Dependency, Module
from campaign_rules.model.rules import Rule
from campaign_rules.model.steps import Step
from campaign_rules.model.vocabulary import FactType, Language, ObservationType


@frozen
class Scale:
    """What the words of the rule base are worth as numbers.

    `strengths` are weights of evidence in decibans, `propagation` probabilities that a fault of the
    dependency shows in the dependent, `frequencies` relative priors, `cures` probabilities,
    `disruption_minutes` the cost of a disruption in minutes of work.
    """

    strengths: Mapping[str, float]
    propagation: Mapping[str, float]
    frequencies: Mapping[str, float]
    cures: Mapping[str, float]
    disruption_minutes: Mapping[str, float]


@frozen(eq=False)
class KnowledgeBase:
    """Everything known, indexed by id. `fingerprint` is the SHA-256 of the files it was read from."""

    version: str
    fingerprint: str
    scale: Scale
    modules: Mapping[str, Module]
    dependencies: tuple[Dependency, ...]
    observations: Mapping[str, ObservationType]
    facts: Mapping[str, FactType]
    rules: Mapping[str, Rule]
    causes: Mapping[str, Cause]
    steps: Mapping[str, Step]
    languages: Mapping[str, Language]

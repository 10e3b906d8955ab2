"""Everything that is known, and what its words are worth."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

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
    scale: Scale = field(repr=False)
    modules: Mapping[str, Module] = field(repr=False)
    dependencies: tuple[Dependency, ...] = field(repr=False)
    observations: Mapping[str, ObservationType] = field(repr=False)
    facts: Mapping[str, FactType] = field(repr=False)
    rules: Mapping[str, Rule] = field(repr=False)
    causes: Mapping[str, Cause] = field(repr=False)
    steps: Mapping[str, Step] = field(repr=False)
    languages: Mapping[str, Language] = field(repr=False)

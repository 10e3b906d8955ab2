"""The values that travel through the house: frozen classes without behaviour.

`observed` comes in, `ledger` tells what was hidden in it, `rules`, `vocabulary`, `modules`, `steps` and
`knowledge` are what is known, `concluded` goes out.
"""

from __future__ import annotations

from campaign_rules.model.concluded import (
    Fact,
    Firing,
    NextCheck,
    PlannedStep,
    Prospect,
    Result,
    SecondFault,
    Suspect,
    Weight,
)
from campaign_rules.model.knowledge import KnowledgeBase, Scale
from campaign_rules.model.ledger import TOKEN, Entry, Kind, Ledger
from campaign_rules.model.modules import Cause, Dependency, Module, Remedy, Scope
from campaign_rules.model.observed import Evidence, Note, Observation, Provenance, Reading, State, Value
from campaign_rules.model.rules import Comparison, Conclusion, Condition, Rule, Test, Verb
from campaign_rules.model.steps import Command, Disruption, Performer, Place, Step, StepKind
from campaign_rules.model.texts import Text
from campaign_rules.model.vocabulary import FactType, Language, ObservationType, Sign, Signs, ValueKind

__all__ = [
    "TOKEN",
    "Cause",
    "Command",
    "Comparison",
    "Conclusion",
    "Condition",
    "Dependency",
    "Disruption",
    "Entry",
    "Evidence",
    "Fact",
    "FactType",
    "Firing",
    "Kind",
    "KnowledgeBase",
    "Language",
    "Ledger",
    "Module",
    "NextCheck",
    "Note",
    "Observation",
    "ObservationType",
    "Performer",
    "Place",
    "PlannedStep",
    "Prospect",
    "Provenance",
    "Reading",
    "Remedy",
    "Result",
    "Rule",
    "Scale",
    "Scope",
    "SecondFault",
    "Sign",
    "Signs",
    "State",
    "Step",
    "StepKind",
    "Suspect",
    "Test",
    "Text",
    "Value",
    "ValueKind",
    "Verb",
    "Weight",
]

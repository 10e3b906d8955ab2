"""From YAML files to a checked `KnowledgeBase`."""

from campaign_rules.knowledge.differences import Difference, differences
from campaign_rules.knowledge.documents import Expectation, Scenario
from campaign_rules.knowledge.entries import Entry
from campaign_rules.knowledge.findings import Finding
from campaign_rules.knowledge.loading import (
    load,
    load_with_warnings,
    read_rules,
    read_scenarios,
    shipped_rules,
)
from campaign_rules.knowledge.schemas import schema

__all__ = [
    "Difference",
    "Entry",
    "Expectation",
    "Finding",
    "Scenario",
    "differences",
    "load",
    "load_with_warnings",
    "read_rules",
    "read_scenarios",
    "schema",
    "shipped_rules",
]

"""From YAML files to a checked `KnowledgeBase`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.knowledge.differences import Difference as Difference
from campaign_rules.knowledge.differences import differences as differences
from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.knowledge.compiled import load as load
    from campaign_rules.knowledge.documents import Expectation as Expectation
    from campaign_rules.knowledge.documents import Scenario as Scenario
    from campaign_rules.knowledge.entries import Entry as Entry
    from campaign_rules.knowledge.findings import Finding as Finding
    from campaign_rules.knowledge.folders import shipped_rules as shipped_rules
    from campaign_rules.knowledge.loading import load_with_warnings as load_with_warnings
    from campaign_rules.knowledge.loading import read_rules as read_rules
    from campaign_rules.knowledge.loading import read_scenarios as read_scenarios
    from campaign_rules.knowledge.schemas import schema as schema

__getattr__, _lazy = lazily(
    __name__,
    {
        "compiled": ("load",),
        "documents": ("Expectation", "Scenario"),
        "entries": ("Entry",),
        "findings": ("Finding",),
        "folders": ("shipped_rules",),
        "loading": ("load_with_warnings", "read_rules", "read_scenarios"),
        "schemas": ("schema",),
    },
)

__all__ = sorted(["Difference", "differences", *_lazy])

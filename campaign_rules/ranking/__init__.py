"""From evidence to a ranked root cause over a dependency graph, and to what is worth checking next.

The model is a filtered noisy-OR with one fault. `rank_root_causes` offers it for any graph; `rank` puts the
modules and causes of a knowledge base on top of it.
"""

from campaign_rules.ranking.evidence import Evidence
from campaign_rules.ranking.information_gain import next_checks
from campaign_rules.ranking.module_graph import module_graph
from campaign_rules.ranking.posterior import Hypothesis, Ranking, rank
from campaign_rules.ranking.reach import impaired_by, shares_among
from campaign_rules.ranking.root_causes import Explanation, explain_root_cause, rank_root_causes

__all__ = [
    "Evidence",
    "Explanation",
    "Hypothesis",
    "Ranking",
    "explain_root_cause",
    "impaired_by",
    "module_graph",
    "next_checks",
    "rank",
    "rank_root_causes",
    "shares_among",
]

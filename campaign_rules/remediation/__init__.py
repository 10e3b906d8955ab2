"""From ranked causes to an ordered plan: `ordering` knows only ids and numbers, `planning` knows steps."""

from campaign_rules.remediation.ordering import RepairProblem, expected_cost, order_steps
from campaign_rules.remediation.planning import plan
from campaign_rules.remediation.platform import Platform

__all__ = ["Platform", "RepairProblem", "expected_cost", "order_steps", "plan"]

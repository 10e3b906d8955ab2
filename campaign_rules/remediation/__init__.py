"""From ranked causes to an ordered plan: `ordering` knows only ids and numbers, `planning` knows steps."""

from campaign_rules.remediation.ordering import RepairProblem, expected_cost, naive_order, order_steps
from campaign_rules.remediation.planning import Cost, plan
from campaign_rules.remediation.platform import Platform

__all__ = ["Cost", "Platform", "RepairProblem", "expected_cost", "naive_order", "order_steps", "plan"]

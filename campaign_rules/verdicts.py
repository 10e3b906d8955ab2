"""What two rule bases make of the same incidents."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from campaign_rules.errors import CampaignRulesError
from campaign_rules.knowledge import Scenario
from campaign_rules.model import KnowledgeBase
from campaign_rules.scenario_runs import diagnose_scenario


@frozen
class Verdicts:
    """What the `old` and the `new` rule base say first about the incident of a scenario, as text."""

    scenario: str
    old: str
    new: str


def corpus(old: Iterable[Scenario], new: Iterable[Scenario]) -> tuple[tuple[str, Scenario], ...]:
    """Return the incidents of two rule bases, each once, with the scenario's id, in the order of ids.

    An id under which `new` describes an other incident than `old` is followed by "(new)".
    """
    named: dict[str, Scenario] = {}
    for scenario in old:
        named[scenario.id] = scenario
    for scenario in new:
        known = named.get(scenario.id)
        if known is None:
            named[scenario.id] = scenario
        elif _incident(known) != _incident(scenario):
            named[f"{scenario.id} (new)"] = scenario
    return tuple(sorted(named.items()))


def verdicts(name: str, scenario: Scenario, old: KnowledgeBase, new: KnowledgeBase) -> Verdicts:
    """Diagnose the incident of `scenario` with both rule bases."""
    return Verdicts(name, _verdict(scenario, old), _verdict(scenario, new))


def _incident(scenario: Scenario) -> tuple[object, ...]:
    return (scenario.ticket, scenario.attachments, scenario.observe, scenario.absent)


def _verdict(scenario: Scenario, knowledge: KnowledgeBase) -> str:
    try:
        suspects = diagnose_scenario(scenario, knowledge).suspects
    except CampaignRulesError as error:
        return f"not diagnosed: {error}"
    if not suspects:
        return "no suspect"
    first = suspects[0]
    module = f"{first.module}@{first.instance}" if first.instance else first.module
    cause = f", cause {first.cause} {first.cause_probability:.2f}" if first.cause else ""
    return f"{module} {first.probability:.2f}{cause}"

"""A result as plain data: the versioned result schema that JSON output publishes."""

from __future__ import annotations

from typing import Any

from campaign_rules.model import (
    Conclusion,
    Fact,
    Firing,
    KnowledgeBase,
    NextCheck,
    Observation,
    PlannedStep,
    Prospect,
    Provenance,
    Result,
    SecondFault,
    Suspect,
)
from campaign_rules.texts import text_in

SCHEMA_VERSION = 1


def result_to_dict(result: Result, knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return `result` as JSON-ready data. Keys may be added in later versions, not renamed.

    Probabilities, decibans, bits and minutes are rounded to six places.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "knowledge_version": result.knowledge_version,
        "knowledge_fingerprint": result.knowledge_fingerprint,
        "language": result.language,
        "observations": [_observation(item, result, knowledge) for item in result.observations],
        "suspects": [suspect_to_dict(item, result, knowledge) for item in result.suspects],
        "none_probability": rounded(result.none_probability),
        "elsewhere_probability": rounded(result.elsewhere_probability),
        "plan": [_step(item) for item in result.plan],
        "expected_minutes": rounded(result.expected_minutes),
        "likeliest_first_minutes": rounded(result.likeliest_first_minutes),
        "cheapest_first_minutes": rounded(result.cheapest_first_minutes),
        "next_checks": [_next_check(item) for item in result.next_checks],
        "unused": list(result.unused),
        "unexplained": list(result.unexplained),
        "second_fault": _second_fault(result.second_fault),
        "not_understood": [place_to_dict(place) for place in result.not_understood],
        "proof": [_firing(item, knowledge) for item in result.firings],
    }


def _observation(item: Observation, result: Result, knowledge: KnowledgeBase) -> dict[str, Any]:
    return {
        "id": item.id,
        "label": text_in(knowledge.observations[item.id].label, result.language),
        "state": str(item.state),
        "value": item.value,
        "instance": item.instance,
        "provenance": [place_to_dict(origin) for origin in item.provenance],
    }


def place_to_dict(origin: Provenance) -> dict[str, Any]:
    """Return a place; how many lines say the same, and when, only where that is known."""
    repeated = {"count": origin.count} if origin.count > 1 else {}
    times = {name: time for name, time in (("first", origin.first), ("last", origin.last)) if time}
    return {"source": origin.source, "line": origin.line, "text": origin.text, **repeated, **times}


def suspect_to_dict(item: Suspect, result: Result, knowledge: KnowledgeBase) -> dict[str, Any]:
    """Return a suspect with its weights of evidence."""
    cause = knowledge.causes.get(item.cause)
    return {
        "module": item.module,
        "instance": item.instance,
        "label": text_in(knowledge.modules[item.module].label, result.language),
        "probability": rounded(item.probability),
        "cause": item.cause,
        "cause_label": text_in(cause.label, result.language) if cause else "",
        "cause_probability": rounded(item.cause_probability),
        "prior_decibans": rounded(item.prior_decibans),
        "evidence": [
            {
                "observation": weight.observation,
                "rule": weight.rule,
                "decibans": rounded(weight.decibans),
                "through": weight.through,
            }
            for weight in item.evidence
        ],
        "explains": list(item.explains),
        "observed": item.observed,
    }


def _step(item: PlannedStep) -> dict[str, Any]:
    return {
        "step": item.step,
        "kind": str(item.kind),
        "action": item.action,
        "command": item.command,
        "performer": str(item.performer),
        "disruption": str(item.disruption),
        "minutes": rounded(item.minutes),
        "addresses": list(item.addresses),
        "warning": item.warning,
        "verify": item.verify,
        "source": list(item.source),
    }


def _next_check(item: NextCheck) -> dict[str, Any]:
    return {
        "observation": item.observation,
        "question": item.question,
        "how": item.how,
        "information_bits": rounded(item.information_bits),
        "minutes": rounded(item.minutes),
        "if_yes": _prospect(item.if_yes),
        "if_no": _prospect(item.if_no),
    }


def _prospect(item: Prospect | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"module": item.module, "instance": item.instance, "probability": rounded(item.probability)}


def _second_fault(item: SecondFault | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "module": item.module,
        "instance": item.instance,
        "decibans": rounded(item.decibans),
        "explains": list(item.explains),
    }


def _firing(item: Firing, knowledge: KnowledgeBase) -> dict[str, Any]:
    rule = knowledge.rules[item.rule]
    return {
        "rule": item.rule,
        "instance": item.instance,
        "because": [fact_to_dict(fact) for fact in item.supports],
        "not_derived": list(item.absences),
        "concludes": [conclusion_to_dict(conclusion) for conclusion in rule.then],
        "inferred": rule.inferred,
        "source": list(rule.source),
    }


def fact_to_dict(fact: Fact) -> dict[str, Any]:
    """Return a fact that a rule matched."""
    return {"fact": fact.name, "state": str(fact.state), "value": fact.value}


def conclusion_to_dict(conclusion: Conclusion) -> dict[str, str]:
    """Return what a rule concludes."""
    return {"verb": str(conclusion.verb), "target": conclusion.target, "strength": conclusion.strength}


def rounded(number: float) -> float:
    """Return `number` as the schema shows it: six places, and no negative zero."""
    return round(number, 6) + 0.0

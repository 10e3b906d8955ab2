"""Why a module is suspected, and why not, as plain data: the proof that programs read."""

from __future__ import annotations

from typing import Any

from campaign_rules.model import Fact, KnowledgeBase, Result
from campaign_rules.report.objections import Gap, Unmet, objections
from campaign_rules.report.proof_tree import Derivation, Ground, Proved, proofs
from campaign_rules.report.result_schema import (
    conclusion_to_dict,
    fact_to_dict,
    place_to_dict,
    rounded,
    suspect_to_dict,
)


def why_to_dict(
    result: Result, knowledge: KnowledgeBase, derivation: Derivation, module: str
) -> dict[str, Any]:
    """Return each suspect of `module` with the proof trees behind its evidence, as JSON-ready data."""
    return {
        "module": module,
        "suspects": [
            suspect_to_dict(one, result, knowledge)
            | {"proof": [_proved(tree, knowledge) for tree in proofs(one, result, knowledge, derivation)]}
            for one in result.suspects
            if one.module == module
        ],
    }


def why_not_to_dict(result: Result, knowledge: KnowledgeBase, module: str) -> dict[str, Any]:
    """Return where `module` stands, what speaks against it and what its rules are missing, as data."""
    found = objections(result, knowledge, module)
    return {
        "module": module,
        "standing": [
            {"rank": rank, "instance": one.instance, "probability": rounded(one.probability)}
            for rank, one in enumerate(result.suspects, start=1)
            if one.module == module
        ],
        "against": [
            {
                "rule": one.rule,
                **conclusion_to_dict(one.conclusion),
                "because": [fact_to_dict(fact) for fact in one.because],
            }
            for one in found.against
        ],
        "would_support": [_gap(one) for one in found.gaps],
    }


def _proved(tree: Proved, knowledge: KnowledgeBase) -> dict[str, Any]:
    return {
        "rule": tree.rule,
        "instance": tree.firing.instance,
        "concludes": [conclusion_to_dict(one) for one in knowledge.rules[tree.rule].then],
        "because": [_ground(one, knowledge) for one in tree.because],
        "not_derived": list(tree.firing.absences),
        "inferred": tree.inferred,
        "source": list(tree.source),
    }


def _ground(ground: Ground, knowledge: KnowledgeBase) -> dict[str, Any]:
    return {
        **fact_to_dict(ground.fact),
        "provenance": [place_to_dict(place) for place in ground.places],
        "proof": _proved(ground.proof, knowledge) if ground.proof else None,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "rule": gap.rule,
        "concludes": [conclusion_to_dict(one) for one in gap.concludes],
        "unmet": [_unmet(one) for one in gap.unmet],
        "blocked_by": list(gap.blocked_by),
    }


def _unmet(one: Unmet) -> dict[str, Any]:
    condition = one.condition
    test = condition.test
    return {
        **fact_to_dict(Fact(condition.fact, condition.state)),
        "value": None if test is None else test.operand,
        "comparison": None if test is None else str(test.comparison),
        "known": "contradicted" if one.contradicted else "missing",
    }

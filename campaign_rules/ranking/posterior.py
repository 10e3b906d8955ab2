"""The posterior over root causes: one fault, in one module, by one cause; or none; or elsewhere.

"None" has the score 0. "Elsewhere" is something that is not modelled: as if every observed module depended
on it, with the small probability `LEAK` that its fault shows. Its prior is that of a module which is
commonly at fault.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from campaign_rules.model import KnowledgeBase, SecondFault, Suspect
from campaign_rules.ranking.candidates import Candidate, candidates, log_sum
from campaign_rules.ranking.case import Case, lay_out, nats
from campaign_rules.ranking.evidence import Evidence, Node
from campaign_rules.ranking.module_graph import label
from campaign_rules.ranking.network import dependencies_of
from campaign_rules.ranking.second_fault import second_fault
from campaign_rules.ranking.suspects import COMMON, explained, suspect

LEAK = 0.1
TIE = 12
LISTED_PROBABILITY = 0.01
LISTED_SUSPECTS = 10


@frozen
class Hypothesis:
    """One root cause and its posterior. `cause` is "" for the unspecified cause of the module."""

    module: str
    instance: str
    cause: str
    probability: float


@frozen
class Ranking:
    """The posterior over root causes.

    `suspects` are the likely modules, likeliest first, none if no hypothesis explains the evidence
    better than "no module is at fault". `hypotheses` holds every cause of every module that could answer
    for it; their probabilities, `none_probability` and `elsewhere_probability` sum to 1. `unexplained` are
    the impaired modules that the first suspect does not account for, `second_fault` is what would account for
    some of them. `case` and `candidates`, by node, are what it was computed from.
    """

    suspects: tuple[Suspect, ...]
    none_probability: float
    elsewhere_probability: float
    unexplained: tuple[str, ...]
    second_fault: SecondFault | None
    hypotheses: tuple[Hypothesis, ...]
    case: Case = field(repr=False, eq=False)
    candidates: Mapping[Node, Candidate] = field(repr=False, eq=False)

    @property
    def causes(self) -> Mapping[tuple[str, str, str], float]:
        """The posterior of each known cause: (module, instance, cause) to probability."""
        return {(h.module, h.instance, h.cause): h.probability for h in self.hypotheses if h.cause}


def rank(knowledge: KnowledgeBase, evidence: Iterable[Evidence]) -> Ranking:
    """Rank the root causes. The order of `evidence` does not matter.

    Raises:
        UnknownNameError: the evidence is about a module or a cause that the knowledge base does not have.
    """
    case = lay_out(knowledge, evidence)
    scored, leaked = candidates(case, sorted(_answers(case)), LEAK)
    elsewhere = math.log(knowledge.scale.frequencies[COMMON]) + leaked
    total = log_sum([0.0, elsewhere, *(each.score for each in scored)])
    posterior = {each.node: math.exp(each.score - total) for each in scored}
    implicated = [each for each in scored if each.implicated]
    likeliest = sorted(implicated, key=lambda each: (-round(posterior[each.node], TIE), each.node))
    first = likeliest[0] if likeliest else None
    unexplained = case.impaired - explained(case, first) - {first.node} if first else case.impaired
    return Ranking(
        suspects=tuple(
            suspect(case, each, posterior[each.node])
            for each in likeliest[:LISTED_SUSPECTS]
            if posterior[each.node] >= LISTED_PROBABILITY
        ),
        none_probability=math.exp(-total),
        elsewhere_probability=math.exp(elsewhere - total),
        unexplained=tuple(sorted(label(node) for node in unexplained)),
        second_fault=second_fault(case, first, scored, unexplained) if first and unexplained else None,
        hypotheses=tuple(
            Hypothesis(*each.node, cause, posterior[each.node] * share)
            for each in scored
            for cause, share in each.within.items()
        ),
        case=case,
        candidates={each.node: each for each in scored},
    )


def _answers(case: Case) -> frozenset[Node]:
    """Return the modules whose fault would account for anything that was observed.

    A fault that explains none of the symptoms is no answer to the question why they are there; whatever is
    not modelled is the hypothesis "elsewhere".
    """
    supported = {
        node for node, causes in case.inside.items() if any(nats(items) > 0 for items in causes.values())
    }
    return dependencies_of(case.network, case.impaired) | supported

"""The posterior over root causes: one fault, in one module, by one cause; or none; or elsewhere.

"None" has the score 0. "Elsewhere" is something that is not modelled: as if every observed module depended
on it, with the small probability `LEAK` that its fault shows. Its prior is that of a module which is
commonly at fault.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from campaign_rules.model import KnowledgeBase, Suspect
from campaign_rules.ranking.candidates import candidate, log_sum
from campaign_rules.ranking.case import Case, causes_by_module, lay_out, nats
from campaign_rules.ranking.evidence import Evidence, Node
from campaign_rules.ranking.module_graph import label
from campaign_rules.ranking.noisy_or import dependencies_of, walk
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
    the impaired modules that the first suspect does not account for. `case` is what it was computed from.
    """

    suspects: tuple[Suspect, ...]
    none_probability: float
    elsewhere_probability: float
    unexplained: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    case: Case = field(repr=False, eq=False)

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
    causes = causes_by_module(knowledge)
    relevant = dependencies_of(case.network, case.likelihood)
    candidates = [candidate(case, node, causes.get(node[0], ()), relevant) for node in sorted(_answers(case))]
    leak = walk(case.network, dict.fromkeys(case.likelihood, LEAK), case.likelihood)
    elsewhere = math.log(knowledge.scale.frequencies[COMMON]) + math.fsum(leak.weights.values())
    total = log_sum([0.0, elsewhere, *(each.score for each in candidates)])
    posterior = {each.node: math.exp(each.score - total) for each in candidates}
    implicated = [each for each in candidates if each.implicated]
    likeliest = sorted(implicated, key=lambda each: (-round(posterior[each.node], TIE), each.node))
    accounted = explained(case, likeliest[0]) | {likeliest[0].node} if likeliest else frozenset()
    return Ranking(
        suspects=tuple(
            suspect(case, each, posterior[each.node])
            for each in likeliest[:LISTED_SUSPECTS]
            if posterior[each.node] >= LISTED_PROBABILITY
        ),
        none_probability=math.exp(-total),
        elsewhere_probability=math.exp(elsewhere - total),
        unexplained=tuple(sorted(label(node) for node in case.impaired - accounted)),
        hypotheses=tuple(
            Hypothesis(*each.node, cause, posterior[each.node] * share)
            for each in candidates
            for cause, share in each.within.items()
        ),
        case=case,
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

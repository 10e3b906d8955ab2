"""How much each rule says: Beta posteriors of how often it fires where its conclusion holds, and where not.

The weight of evidence is 10 log10 of the ratio of the two posterior means, in decibans. Its interval is
normal on the log scale, with the variances of the two log rates added.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from campaign_rules.learning.closed import Studied
from campaign_rules.learning.estimates import Estimate, earned, tickets
from campaign_rules.learning.posteriors import DECIBANS_PER_NAT, Prior, rates_posterior
from campaign_rules.model import Conclusion, KnowledgeBase, Verb


def strengths(studied: Sequence[Studied], knowledge: KnowledgeBase, prior: Prior) -> Iterator[Estimate]:
    """Yield an estimate for every conclusion of the rules that fired, where tickets of both kinds exist.

    A module that depends on the one at fault counts as impaired with its probability, given what was
    observed. Whether a cause was at work is known where a cause was confirmed, and of causes in other modules
    than the one at fault.
    """
    fired: dict[str, set[str]] = {}
    for one in studied:
        for firing in one.diagnosis.firings:
            fired.setdefault(firing.rule, set()).add(one.closed.id)
    known: dict[tuple[bool, str], list[tuple[str, float]]] = {}
    for rule, where in sorted(fired.items()):
        for position, conclusion in enumerate(knowledge.rules[rule].then):
            if conclusion.verb is Verb.DERIVES:
                continue
            key = (_about_cause(conclusion), conclusion.target)
            if key not in known:
                known[key] = list(_truths(studied, conclusion))
            found = _estimate(rule, position, conclusion, where, known[key], knowledge, prior)
            if found:
                yield found


def _about_cause(conclusion: Conclusion) -> bool:
    return conclusion.verb in (Verb.SUPPORTS, Verb.REFUTES)


def _truths(studied: Sequence[Studied], conclusion: Conclusion) -> Iterator[tuple[str, float]]:
    for one in studied:
        about_cause = _about_cause(conclusion)
        holds = one.presence(conclusion.target) if about_cause else one.impairment(conclusion.target)
        if holds is not None:
            yield one.closed.id, holds


def _estimate(
    rule: str,
    position: int,
    conclusion: Conclusion,
    where: set[str],
    truths: Sequence[tuple[str, float]],
    knowledge: KnowledgeBase,
    prior: Prior,
) -> Estimate | None:
    of = math.fsum(holds for _, holds in truths)
    others = math.fsum(1.0 - holds for _, holds in truths)
    hits = math.fsum(holds for ticket, holds in truths if ticket in where)
    alarms = math.fsum(1.0 - holds for ticket, holds in truths if ticket in where)
    if not (of and others and hits + alarms):
        return None
    words = knowledge.scale.strengths
    speaks_for = conclusion.verb in (Verb.IMPAIRS, Verb.SUPPORTS)
    sign = 1.0 if speaks_for else -1.0
    ratio = math.exp(sign * words[conclusion.strength] / DECIBANS_PER_NAT)
    sensitivity, false_alarm = rates_posterior(ratio, prior.firings, (hits, of), (alarms, others))
    value = sign * DECIBANS_PER_NAT * math.log(sensitivity.mean / false_alarm.mean)
    deviation = math.sqrt(sensitivity.log_variance + false_alarm.log_variance)
    half = prior.deviations * DECIBANS_PER_NAT * deviation
    return Estimate(
        section="rules",
        id=rule,
        conclusion=position,
        shipped=conclusion.strength,
        word=earned(
            conclusion.strength,
            words,
            value,
            (value - half, value + half),
            min(hits + alarms, of, others) >= prior.least,
        ),
        worth=words[conclusion.strength],
        value=value,
        low=value - half,
        high=value + half,
        counts=f"fired in {tickets(hits)} of {tickets(of)} tickets where it holds, "
        f"{tickets(alarms)} of {tickets(others)} where not",
        about=f"{conclusion.verb} {conclusion.target}",
    )

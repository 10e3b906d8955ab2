"""How often each module is at fault, and each cause within its module: Dirichlet posteriors.

The shipped frequencies w are relative, so a prior of A tickets gives A w / sum(w) of them to each name. With
n tickets of it out of N, the posterior mean of its share is (A w / sum(w) + n) / (A + N), and times sum(w) it
compares with the words of the scale again. Without tickets it is w.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from campaign_rules.learning.closed import Studied
from campaign_rules.learning.estimates import WHOLE, Estimate, earned, on_log_scale, tickets
from campaign_rules.learning.posteriors import Prior, share_posterior
from campaign_rules.model import KnowledgeBase


def frequencies(studied: Sequence[Studied], knowledge: KnowledgeBase, prior: Prior) -> Iterator[Estimate]:
    """Yield an estimate for every module, and for every cause that is not alone in its module.

    A ticket without a confirmed cause says nothing about causes. The unspecified cause, which nobody can
    confirm, keeps its place beside the others.
    """
    words = knowledge.scale.frequencies
    at_fault: Counter[str] = Counter()
    for one in studied:
        at_fault.update(one.roots)
    modules = {name: module.frequency for name, module in knowledge.modules.items()}
    yield from _estimates("modules", modules, at_fault, words, prior.tickets, prior)
    confirmed = Counter(one.closed.cause for one in studied if one.closed.cause)
    of_module: dict[str, dict[str, str]] = {}
    for name, cause in knowledge.causes.items():
        of_module.setdefault(cause.module, {})[name] = cause.frequency
    for _, causes in sorted(of_module.items()):
        if len(causes) > 1:
            yield from _estimates("causes", causes, confirmed, words, prior.per_module, prior)


def _estimates(
    section: str,
    shipped: Mapping[str, str],
    counted: Mapping[str, float],
    words: Mapping[str, float],
    worth: float,
    prior: Prior,
) -> Iterator[Estimate]:
    """Yield the estimates of names that share the tickets among themselves."""
    total = math.fsum(words[word] for word in shipped.values())
    of = math.fsum(counted.get(name, 0.0) for name in shipped)
    logs = on_log_scale(words)
    for name, word in sorted(shipped.items()):
        expected, hits = words[word] / total, counted.get(name, 0.0)
        posterior = share_posterior(expected, worth, hits, of)
        log, half = (
            math.log(posterior.mean * total),
            prior.deviations * math.sqrt(posterior.log_variance),
        )
        enough = max(hits, expected * of) >= prior.least
        yield Estimate(
            section=section,
            id=name,
            conclusion=WHOLE,
            shipped=word,
            word=earned(word, logs, log, (log - half, log + half), enough),
            worth=words[word],
            value=math.exp(log),
            low=math.exp(log - half),
            high=math.exp(log + half),
            counts=f"{tickets(hits)} of {tickets(of)} tickets, {expected * of:.1f} expected",
        )

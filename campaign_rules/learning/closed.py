"""Closed tickets: what was observed, and what turned out to be at fault."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from campaign_rules.diagnosis import Diagnosis, diagnose
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import KnowledgeBase
from campaign_rules.observations import Given
from campaign_rules.ranking import impaired_by, shares_among


@frozen
class Closed:
    """A closed ticket. `id` is unique among those that are learnt from.

    `modules` are those any of which may have been at fault: one, unless the tracker's word for it stands for
    several. `cause` is the confirmed cause, "" where none was.
    """

    id: str
    observations: tuple[Given, ...]
    modules: frozenset[str]
    cause: str = ""


@frozen(eq=False)
class Studied:
    """A closed ticket, diagnosed with the shipped values.

    `roots` are the probabilities of the modules that may have been at fault, `impaired` those of all modules
    that it impaired, through what depends on it.
    """

    closed: Closed
    diagnosis: Diagnosis
    roots: Mapping[str, float]
    impaired: Mapping[str, float]

    def impairment(self, module: str) -> float:
        """Return the probability that `module` was impaired, now that the fault is known."""
        return self.impaired.get(module, 0.0)

    def presence(self, cause: str) -> float | None:
        """Return 1 if `cause` was at work, 0 if not, None if nobody said so."""
        if self.closed.cause:
            return float(self.closed.cause == cause)
        return None if self.diagnosis.knowledge.causes[cause].module in self.roots else 0.0


def study(closed: Closed, knowledge: KnowledgeBase) -> Studied:
    """Diagnose a closed ticket with the shipped values, and lay out what is known of its fault.

    What was not confirmed, which of several modules was at fault and what else was impaired, is as likely as
    the shipped values make it: the first step of expectation maximisation (Dempster, Laird and Rubin, 1977).

    Raises UnknownNameError for a module or cause that the knowledge base does not have, InputError for a
    ticket without a module and for a cause of another module, and what `diagnose` raises.
    """
    _check(closed, knowledge)
    diagnosis = diagnose(closed.observations, knowledge=knowledge)
    roots = shares_among(diagnosis.ranking, closed.modules)
    impaired: dict[str, float] = {}
    for root, share in roots.items():
        for module, probability in impaired_by(diagnosis.ranking, root).items():
            impaired[module] = impaired.get(module, 0.0) + share * probability
    return Studied(closed, diagnosis, roots, impaired)


def _check(closed: Closed, knowledge: KnowledgeBase) -> None:
    if not closed.modules:
        raise InputError("no module is named as the one at fault")
    for module in sorted(closed.modules):
        if module not in knowledge.modules:
            raise UnknownNameError("module", module, knowledge.modules)
    if not closed.cause:
        return
    if closed.cause not in knowledge.causes:
        raise UnknownNameError("cause", closed.cause, knowledge.causes)
    owner = knowledge.causes[closed.cause].module
    if closed.modules != {owner}:
        raise InputError(
            f"cause {closed.cause!r} is one of {owner}, but {', '.join(sorted(closed.modules))} was at fault"
        )

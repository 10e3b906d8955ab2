"""What was concluded: facts, firings, suspects, plan and result."""

from __future__ import annotations

from functools import cached_property

from attrs import frozen

from campaign_rules.model.observed import Observation, Provenance, State, Value
from campaign_rules.model.steps import Disruption, Performer, StepKind


@frozen(slots=False)  # made by the dozen in every incident: half as slow without slots
class Fact:
    """An element of working memory: an observation or a derived fact, about one instance."""

    name: str
    state: State = State.PRESENT
    instance: str = ""
    value: Value = None

    @cached_property
    def sort_key(self) -> tuple[str, str, str, str, str]:
        """A total order over facts whatever the type of their values."""
        return (self.name, self.instance, self.state, type(self.value).__name__, str(self.value))


@frozen(slots=False)
class Firing:
    """One firing of a rule: the facts that matched, and the derived facts whose absence it relied on."""

    rule: str
    instance: str
    supports: tuple[Fact, ...]
    absences: tuple[str, ...] = ()

    @cached_property
    def sort_key(self) -> tuple[str, str, tuple[tuple[str, ...], ...]]:
        """A total order over firings."""
        return (self.rule, self.instance, tuple(fact.sort_key for fact in self.supports))


@frozen
class Weight:
    """What one observation says about a suspect, through one rule, in decibans (10 log10 of a ratio).

    `through` names the module whose state carried the evidence, when it is not the suspect itself.
    """

    observation: str
    rule: str
    decibans: float
    through: str = ""


@frozen
class Suspect:
    """A module that may be the root cause.

    `probability` is the posterior; `cause` the likeliest cause inside it ("" when nothing speaks
    for a particular one) and `cause_probability` its posterior. ``prior_decibans + sum(evidence)``
    are the posterior odds against the hypothesis that no module is at fault. `explains` lists the
    other impaired modules that this one accounts for; `observed` is False when no observation is
    about the module itself.
    """

    module: str
    instance: str
    probability: float
    cause: str = ""
    cause_probability: float = 0.0
    prior_decibans: float = 0.0
    evidence: tuple[Weight, ...] = ()
    explains: tuple[str, ...] = ()
    observed: bool = True


@frozen
class SecondFault:
    """A suggestion: a fault besides that of the first suspect.

    `explains` lists the impaired modules (``module@instance``) that the first suspect leaves unexplained and
    this one accounts for; `decibans` is by how much both together are likelier than the first alone.
    """

    module: str
    instance: str
    decibans: float
    explains: tuple[str, ...]


@frozen
class PlannedStep:
    """A step of the plan, made concrete for the platform at hand."""

    step: str
    kind: StepKind
    action: str
    command: str
    performer: Performer
    disruption: Disruption
    minutes: float
    addresses: tuple[str, ...]
    warning: str = ""
    verify: str = ""
    source: tuple[str, ...] = ()


@frozen
class Prospect:
    """The module that would be likeliest after an answer, and its posterior then."""

    module: str
    instance: str
    probability: float


@frozen
class NextCheck:
    """A question worth asking.

    `information_bits` is the expected gain about the root cause, beyond what the checks listed before it
    gain. `if_yes` and `if_no` tell what the answer alone would make of the ranking.
    """

    observation: str
    question: str
    how: str
    information_bits: float
    minutes: float
    if_yes: Prospect | None = None
    if_no: Prospect | None = None


@frozen
class Result:
    """What a diagnosis found; the result schema publishes it.

    `none_probability` and `elsewhere_probability` are the posteriors of "no module is at fault" and
    "something that is not modelled"; `unused` are the observations that no rule used; `unexplained`
    the impaired modules (``module@instance``) that the first suspect does not account for;
    `expected_minutes` the expected cost of the plan, beside what it would cost to take the likeliest or the
    cheapest step first; `second_fault` what may be wrong besides the first suspect; `not_understood` the
    sentences and lines of tickets of which nothing was made.
    """

    language: str
    knowledge_version: str
    knowledge_fingerprint: str
    observations: tuple[Observation, ...]
    suspects: tuple[Suspect, ...]
    none_probability: float
    elsewhere_probability: float
    plan: tuple[PlannedStep, ...]
    expected_minutes: float
    next_checks: tuple[NextCheck, ...]
    unused: tuple[str, ...]
    unexplained: tuple[str, ...]
    firings: tuple[Firing, ...]
    likeliest_first_minutes: float = 0.0
    cheapest_first_minutes: float = 0.0
    second_fault: SecondFault | None = None
    not_understood: tuple[Provenance, ...] = ()

"""What the service answers, as pydantic models: the result schema, explanations, and the catalogue.

They describe; the library makes the documents. The page *Result schema* of the documentation tells what each
key means.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from campaign_rules.model import State

Value = float | str | None


class Place(BaseModel):
    """Where something was read."""

    source: str
    line: int
    text: str
    count: int | None = None
    first: str | None = None
    last: str | None = None


class ObservationReply(BaseModel):
    """What was observed."""

    id: str
    label: str
    state: State
    value: Value
    instance: str
    provenance: list[Place]


class WeightReply(BaseModel):
    """A weight of evidence, in decibans."""

    observation: str
    rule: str
    decibans: float
    through: str


class SuspectReply(BaseModel):
    """A module that may be the root cause."""

    module: str
    instance: str
    label: str
    probability: float
    cause: str
    cause_label: str
    cause_probability: float
    prior_decibans: float
    evidence: list[WeightReply]
    explains: list[str]
    observed: bool


class StepReply(BaseModel):
    """A step of the plan."""

    step: str
    kind: str
    action: str
    command: str
    performer: str
    disruption: str
    minutes: float
    addresses: list[str]
    warning: str
    verify: str
    source: list[str]


class ProspectReply(BaseModel):
    """The first suspect after an answer."""

    module: str
    instance: str
    probability: float


class NextCheckReply(BaseModel):
    """What to find out next."""

    observation: str
    question: str
    how: str
    information_bits: float
    minutes: float
    if_yes: ProspectReply | None
    if_no: ProspectReply | None


class SecondFaultReply(BaseModel):
    """A second fault that would account for what the first suspect leaves unexplained."""

    module: str
    instance: str
    decibans: float
    explains: list[str]


class FactReply(BaseModel):
    """A fact that a rule matched."""

    fact: str
    state: State
    value: Value


class ConclusionReply(BaseModel):
    """What a rule concludes."""

    verb: str
    target: str
    strength: str


class FiringReply(BaseModel):
    """A rule that fired."""

    rule: str
    instance: str
    because: list[FactReply]
    not_derived: list[str]
    concludes: list[ConclusionReply]
    inferred: bool
    source: list[str]


class DiagnosisReply(BaseModel):
    """The result schema, version 1."""

    schema_version: Literal[1]
    knowledge_version: str
    knowledge_fingerprint: str
    language: str
    observations: list[ObservationReply]
    suspects: list[SuspectReply]
    none_probability: float
    elsewhere_probability: float
    plan: list[StepReply]
    expected_minutes: float
    likeliest_first_minutes: float
    cheapest_first_minutes: float
    next_checks: list[NextCheckReply]
    unused: list[str]
    unexplained: list[str]
    second_fault: SecondFaultReply | None
    not_understood: list[Place]
    proof: list[FiringReply]


class SessionReply(BaseModel):
    """A session and its present diagnosis."""

    id: str
    diagnosis: DiagnosisReply


class NextCheckOfSession(BaseModel):
    """The check that tells most for its time; null when no answer would put another module first."""

    next_check: NextCheckReply | None


class GroundReply(FactReply):
    """A fact that a rule matched, where it was observed, and its own proof if it was derived."""

    provenance: list[Place]
    proof: ProofReply | None


class ProofReply(BaseModel):
    """A rule that fired, down to what was observed."""

    rule: str
    instance: str
    concludes: list[ConclusionReply]
    because: list[GroundReply]
    not_derived: list[str]
    inferred: bool
    source: list[str]


class ProvedSuspectReply(SuspectReply):
    """A suspect with its proof."""

    proof: list[ProofReply]


class WhyReply(BaseModel):
    """Why a module is suspected; no suspects if it is not."""

    module: str
    suspects: list[ProvedSuspectReply]


class StandingReply(BaseModel):
    """The rank of a module among the suspects, from 1."""

    rank: int
    instance: str
    probability: float


class ObjectionReply(ConclusionReply):
    """A conclusion against a module."""

    rule: str
    because: list[FactReply]


class UnmetReply(FactReply):
    """A condition that does not hold; `value` and `comparison` are what it wants of a measured value."""

    comparison: str | None
    known: Literal["missing", "contradicted"]


class GapReply(BaseModel):
    """A rule that would speak for a module, and why it did not fire."""

    rule: str
    concludes: list[ConclusionReply]
    unmet: list[UnmetReply]
    blocked_by: list[str]


class WhyNotReply(BaseModel):
    """What keeps a module from being the root cause."""

    module: str
    standing: list[StandingReply]
    against: list[ObjectionReply]
    would_support: list[GapReply]


class ExplanationReply(BaseModel):
    """Why a module is suspected, and why not."""

    why: WhyReply
    why_not: WhyNotReply


class CatalogueReply(BaseModel):
    """The rule base: its version, and how many entries of each kind it holds."""

    knowledge_version: str
    knowledge_fingerprint: str
    languages: list[str]
    kinds: dict[str, int]


class EntryReply(BaseModel):
    """An entry of the catalogue."""

    id: str
    label: str


Entry = dict[str, Any]
"""Everything known under an id; its keys are those of the rule format."""


class HealthReply(BaseModel):
    """The service answers."""

    status: Literal["ok"]


class ProblemReply(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str

"""The one way out of the readers: what several sources say, settled, sorted and redacted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from attrs import evolve

from campaign_rules.evidence.merge import Ranks, join, settle
from campaign_rules.evidence.redaction import redact_evidence
from campaign_rules.evidence.standing import standing
from campaign_rules.model import Evidence, Ledger, Note, Provenance

MOST_NOT_UNDERSTOOD = 100
"""Sentences that were not understood and are returned, in the order of sources and lines."""


def gather(
    ranks: Iterable[Ranks],
    notes: Iterable[Note] = (),
    *,
    at: str = "",
    redact: bool = True,
    ledger: Ledger | None = None,
) -> Evidence:
    """Return what was read, as of the moment `at`, in whatever order the sources come.

    Unless `redact` is false, secrets become tokens, whose numbers go on where `ledger` ends.
    """
    joined = standing(join(ranks), at)
    missed = sorted(set(joined.not_understood))
    left_out = Counter(place.source for place in missed[MOST_NOT_UNDERSTOOD:])
    more = [Note(source, f"{count} more sentences were not understood") for source, count in left_out.items()]
    evidence = Evidence(
        settle(joined.measured, joined.logged, joined.said),
        tuple(sorted({*notes, *more})),
        tuple(missed[:MOST_NOT_UNDERSTOOD]),
    )
    return redact_evidence(evidence, ledger or Ledger()) if redact else _without_surroundings(evidence)


def _without_surroundings(evidence: Evidence) -> Evidence:
    """Let go of the texts that excerpts were cut from."""

    def bare(place: Provenance) -> Provenance:
        return evolve(place, text=str(place.text))

    return evolve(
        evidence,
        observations=tuple(evolve(one, provenance=tuple(map(bare, one.provenance))) for one in evidence),
        not_understood=tuple(map(bare, evidence.not_understood)),
    )

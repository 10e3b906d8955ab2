"""The rule program written for durable-rules: a ruleset that stays clear of the engine's faults.

The engine only ever sees small integers. A condition is spelt as decimal digits in the attributes
`p`, `q`, `r` (and `t`), so that no node of its alpha network has more than ten children; `x` is the
instance. The last join test stands twice, because the engine reads past a sequence whose last test
fails. Negation is exact only for facts that are in already: rules with `unless` start with a phase
fact that is asserted when the strata below are complete.

A session costs 10 KB per condition of the ruleset, written anew for each incident. Clauses with one
condition, which are most, therefore share one engine rule: its firing tells which fact meets which condition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import define, field, frozen

from campaign_rules.errors import EngineLimitError
from campaign_rules.inference.program import Clause, Program

CONDITIONS_PER_RULE = 15
"""Positive conditions; the engine holds 16 facts in a match, and the phase is one of them."""

RULES_PER_RULESET = 4096
"""Engine rules: one per alternative with several conditions, and the two below."""

USES_PER_SLOT = 250
"""Rules that may share one condition slot; the engine breaks at 256."""

JOINED_USES_PER_SLOT = 60
"""Joined uses of one slot; each takes a place on the engine's stack of 64."""

CHILDREN_PER_NODE = 10
"""Children of an alpha node: one per digit. The engine hangs at 512 and is slow long before."""

DIGITS = ("p", "q", "r", "t")
"""Attributes that spell a slot; three serve a thousand slots, four ten thousand."""

MESSAGES_PER_INCIDENT = 20_000
"""Facts asserted per session: each costs 8 KB, and the 512 hash buckets grow long."""

BOOT = "boot"
"""The rule, and the attribute, that warm a session; the engine frees garbage in one that never fired."""

SINGLE = "single"
"""The rule, and the attribute, for facts that meet the only condition of a clause."""

SESSION = "s"
"""The one session of a ruleset."""


@frozen
class Network:
    """What the engine is driven with.

    `ruleset` is its JSON text; its rule ``r5`` stands for clause 5. `slots` gives, per condition, the
    message tails to assert for a fact that meets it, up to the instance number; `phases` likewise the tails
    per stratum. `singles` are, per condition, the clauses that the fact fires alone: for those, SINGLE_TAIL
    is asserted.
    """

    ruleset: str
    slots: tuple[tuple[str, ...], ...]
    phases: Mapping[int, tuple[str, ...]]
    singles: tuple[tuple[Clause, ...], ...]


SINGLE_TAIL = f'"{SINGLE}":1,"sid":"{SESSION}","x":'


@define
class _Slots:
    """Hands out slot numbers: a condition gets a further one whenever its last slot is full."""

    count: int = 0
    of: dict[str, list[int]] = field(factory=dict)
    _uses: dict[int, int] = field(factory=dict)
    _joined: dict[int, int] = field(factory=dict)

    def take(self, key: str, *, joined: bool) -> int:
        slots = self.of.setdefault(key, [])
        if not slots or self._is_full(slots[-1], joined):
            slots.append(self.count)
            self.count += 1
        slot = slots[-1]
        self._uses[slot] = self._uses.get(slot, 0) + 1
        self._joined[slot] = self._joined.get(slot, 0) + joined
        return slot

    def _is_full(self, slot: int, joined: bool) -> bool:
        return self._uses[slot] == USES_PER_SLOT or (joined and self._joined[slot] == JOINED_USES_PER_SLOT)


@frozen
class _Term:
    """One condition of an engine rule: its name there, its slot, whether it joins with ``c0``."""

    name: str
    slot: int
    joined: bool


def compile_network(program: Program) -> Network:
    """Write `program` for the engine. Raises EngineLimitError where a fixed table would overflow."""
    joined = {n: clause for n, clause in enumerate(program.clauses) if not _is_single(clause)}
    size = len(joined) + 2
    if size > RULES_PER_RULESET:
        raise EngineLimitError("number of rules", size, RULES_PER_RULESET, "the rule base")
    slots = _Slots()
    rules = {number: _terms(clause, slots) for number, clause in joined.items()}
    most = CHILDREN_PER_NODE ** len(DIGITS)
    if slots.count > most:
        raise EngineLimitError("number of condition slots", slots.count, most, "the rule base")
    digits = next(n for n in range(3, len(DIGITS) + 1) if slots.count <= CHILDREN_PER_NODE**n)
    ruleset: dict[str, object] = {name: {"all": [{"m": {name: 1}}]} for name in (BOOT, SINGLE)}
    for number, terms in rules.items():
        ruleset[f"r{number}"] = {"dist": 0, "all": [_condition(term, digits) for term in terms]}
    return Network(
        ruleset=json.dumps(ruleset, separators=(",", ":")),
        slots=tuple(_tails(slots.of.get(_key(n), []), digits) for n in range(len(program.conditions))),
        phases={
            stratum: _tails(slots.of[_phase_key(stratum)], digits)
            for stratum in range(program.strata)
            if _phase_key(stratum) in slots.of
        },
        singles=tuple(tuple(filter(_is_single, clauses)) for clauses in program.uses),
    )


def _is_single(clause: Clause) -> bool:
    return len(clause.positives) == 1 and not clause.unless


def _key(condition: int) -> str:
    return f"condition {condition}"


def _phase_key(stratum: int) -> str:
    return f"phase {stratum}"


def _terms(clause: Clause, slots: _Slots) -> list[_Term]:
    if len(clause.positives) > CONDITIONS_PER_RULE:
        raise EngineLimitError(
            "number of conditions", len(clause.positives), CONDITIONS_PER_RULE, f"rule {clause.rule!r}"
        )
    terms = []
    if clause.unless:
        terms.append(_Term("ph", slots.take(_phase_key(clause.stratum), joined=False), joined=False))
    for place, number in enumerate(clause.positives):
        joined = place > 0
        terms.append(_Term(f"c{place}", slots.take(_key(number), joined=joined), joined))
    for place, number in enumerate(clause.unless):
        terms.append(_Term(f"n{place}$not", slots.take(_key(number), joined=True), joined=True))
    return terms


def _spell(slot: int, digits: int) -> list[tuple[str, int]]:
    return [(DIGITS[place], slot // CHILDREN_PER_NODE**place % CHILDREN_PER_NODE) for place in range(digits)]


def _condition(term: _Term, digits: int) -> dict[str, object]:
    tests: list[object] = [{name: digit} for name, digit in _spell(term.slot, digits)]
    if term.joined:
        tests += [{"x": {"c0": "x"}}] * 2
    return {term.name: {"$and": tests}}


def _tails(slots: list[int], digits: int) -> tuple[str, ...]:
    return tuple(
        "".join(f'"{name}":{digit},' for name, digit in _spell(slot, digits)) + f'"sid":"{SESSION}","x":'
        for slot in slots
    )

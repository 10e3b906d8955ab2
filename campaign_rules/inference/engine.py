"""The engine protocol, and the choice of an engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from campaign_rules.errors import UnknownNameError
from campaign_rules.inference.durable import DurableEngine, can_import
from campaign_rules.inference.program import Program
from campaign_rules.inference.semi_naive import SemiNaiveEngine
from campaign_rules.model import Fact, Firing


class Engine(Protocol):
    """Forward chaining to the fixpoint. Engines differ in how, never in what they return."""

    name: str

    def fire(self, facts: Iterable[Fact]) -> tuple[Firing, ...]:
        """Return every firing that `facts` lead to, sorted by sort key.

        A firing is a rule, an instance and a set of supports; each comes once, also when it only
        adds a further support to a known conclusion. Supports and absences are sorted. A derived
        fact is present, has no value and is about the instance of its supports. Facts in the state
        unknown match nothing.
        """
        ...


def make_engine(program: Program, name: str = "auto") -> Engine:
    """Return the engine called `name` for `program`.

    ``"auto"`` is ``"durable"`` where durable-rules can be imported and ``"semi-naive"`` elsewhere.
    Raises UnknownNameError, InputError when durable-rules is asked for and missing, and
    EngineLimitError for a program beyond one of its tables.
    """
    if name == "auto":
        name = "durable" if can_import() else "semi-naive"
    if name == "durable":
        return DurableEngine(program)
    if name == "semi-naive":
        return SemiNaiveEngine(program)
    raise UnknownNameError("engine", name, ("auto", "durable", "semi-naive"))

"""Forward chaining: from observed facts and rules to firings and their proof.

`program` compiles the rules, `memory` holds one incident, `engine` chooses between `semi_naive` and
`durable` (which `network` writes for), and `proof` reads the firings.
"""

from __future__ import annotations

from campaign_rules.inference.engine import Engine, make_engine
from campaign_rules.inference.program import Program, compile_program
from campaign_rules.inference.proof import Proof, prove

__all__ = ["Engine", "Program", "Proof", "compile_program", "make_engine", "prove"]

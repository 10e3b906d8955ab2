"""The semi-naive engine of this library. A firing carries the rule, the instance and the matched facts."""

from campaign_rules.inference import compile_program, make_engine
from campaign_rules.model import Fact, Firing, State


class Contestant:
    engine = "semi-naive"

    def __init__(self, problem: dict) -> None:
        from benchmarks.engines.problem import rules_of

        program = compile_program(rules_of(problem["name"]))
        self.fire = make_engine(program, self.engine).fire

    def prepare(self, facts: list) -> list[Fact]:
        return [Fact(name, State(state), instance, value) for name, state, instance, value in facts]

    def conclusions(self, fired: tuple[Firing, ...]) -> list[tuple[str, str]]:
        return [(firing.rule, firing.instance) for firing in fired]

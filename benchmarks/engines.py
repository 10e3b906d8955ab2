"""Time of inference for one incident, proof included, beside CLIPS.

    python -m benchmarks.engines [--incidents 400] [--runs 7] [--sizes 30 150 400]

Every engine gets the same rules and the same incidents, and must fire the same number of rules. Runs
are interleaved; printed are medians over the runs, in microseconds for an incident, and the ratio to
CLIPS in the same process. CLIPS asserts its facts, runs and records each firing by a callback; it
builds no proof.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Sequence

import clips

from benchmarks.synthetic import Synthetic, incidents, rule_base
from campaign_rules.inference import compile_program, make_engine
from campaign_rules.inference.durable import can_import
from campaign_rules.model import Fact, Rule

Fire = Callable[[Sequence[Fact]], int]


def ours(base: Synthetic, name: str) -> Fire:
    engine = make_engine(compile_program(base.rules), name)
    return lambda facts: len(engine.fire(facts))


def clipspy(base: Synthetic) -> Fire:
    environment = clips.Environment()
    fired: list[str] = []
    environment.define_function(lambda rule: fired.append(rule), "record")
    environment.build(
        "(deftemplate observed (slot name (type SYMBOL)) (slot instance (type SYMBOL)) (slot value))"
    )
    environment.build("(deftemplate derived (slot name (type SYMBOL)) (slot instance (type SYMBOL)))")
    for rule in base.rules.values():
        environment.build(_defrule(rule))
    template = environment.find_template("observed")

    def fire(facts: Sequence[Fact]) -> int:
        fired.clear()
        environment.reset()
        for fact in facts:
            template.assert_fact(
                name=clips.Symbol(fact.name), instance=clips.Symbol(fact.instance), value=fact.value
            )
        environment.run()
        return len(fired)

    return fire


def _defrule(rule: Rule) -> str:
    tests = []
    for condition in rule.all:
        if condition.test:
            value = f"?v&:(>= ?v {condition.test.operand})"
            tests.append(f"(observed (name {condition.fact}) (instance ?i) (value {value}))")
        else:
            tests.append(f"(derived (name {condition.fact}) (instance ?i))")
    tests += [f"(not (derived (name {name}) (instance ?i)))" for name in rule.unless]
    salience = "(declare (salience -10))" if rule.unless else ""
    heads = " ".join(f"(assert (derived (name {one.target}) (instance ?i)))" for one in rule.then)
    return f'(defrule {rule.id} {salience} {" ".join(tests)} => (record "{rule.id}") {heads})'


def measure(size: int, count: int, runs: int) -> dict[str, float]:
    """Return microseconds for an incident by engine. Raises ValueError when the firings differ."""
    base = rule_base(size)
    drawn = incidents(base, count)
    engines = {"CLIPS (clipspy)": clipspy(base), "semi-naive": ours(base, "semi-naive")}
    if can_import():
        engines["durable"] = ours(base, "durable")
    fired = {name: [fire(facts) for facts in drawn] for name, fire in engines.items()}
    if len({tuple(numbers) for numbers in fired.values()}) != 1:
        raise ValueError(f"the engines disagree at {size} rules")
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(runs):
        for name, fire in engines.items():
            start = time.perf_counter()
            for facts in drawn:
                fire(facts)
            times[name].append(1e6 * (time.perf_counter() - start) / count)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=400)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 150, 400])
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, us for an incident, x CLIPS")
    for size in options.sizes:
        found = measure(size, options.incidents, options.runs)
        peer = found["CLIPS (clipspy)"]
        row = "  ".join(f"{name} {value:7.1f} x{value / peer:.2f}" for name, value in found.items())
        print(f"{size:>5} rules  {row}")


if __name__ == "__main__":
    main()

"""What the durable engine must survive: its limits, interruptions, threads, forks, long runs."""

from __future__ import annotations

import gc
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from campaign_rules.errors import EngineError, EngineLimitError
from campaign_rules.inference.durable import DurableEngine, can_import
from campaign_rules.inference.program import compile_program
from campaign_rules.inference.semi_naive import SemiNaiveEngine
from campaign_rules.model import Condition, Fact, Firing, Rule
from tests.inference.rule_bases import derives, rule_base

pytestmark = pytest.mark.skipif(not can_import(), reason="durable-rules cannot be imported here")

CHAIN = rule_base(
    Rule("first", derives("d"), all=(Condition("a"),)),
    Rule("second", derives("e"), all=(Condition("d"), Condition("b"))),
    Rule("third", (), all=(Condition("a"),), unless=("e",)),
)
FACTS = [Fact(name, instance=instance) for name in "ab" for instance in ("prod", "dev")] + [
    Fact("a", instance="x")
]
EXPECTED = SemiNaiveEngine(compile_program(CHAIN)).fire(FACTS)


class Native:
    """The C module with one function replaced, as the engine imports it."""

    def __init__(self, **replaced: Callable[..., Any]) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(REAL, name)


REAL: Any = __import__("durable_rules_engine") if can_import() else None
FUNCTIONS = ("assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state")


def engine_with(monkeypatch: pytest.MonkeyPatch, **replaced: Callable[..., Any]) -> DurableEngine:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", Native(**replaced))
    return DurableEngine(compile_program(CHAIN))


def both(base: dict[str, Rule], facts: Iterable[Fact]) -> tuple[Firing, ...]:
    program, facts = compile_program(base), list(facts)
    firings = DurableEngine(program).fire(facts)
    assert firings == SemiNaiveEngine(program).fire(facts)
    return firings


def test_chain() -> None:
    assert DurableEngine(compile_program(CHAIN)).fire(FACTS) == EXPECTED
    assert len(EXPECTED) == 6


def test_fifteen_conditions_with_a_phase_and_forty_absences() -> None:
    names = [f"o{n:02}" for n in range(15)]
    rule = Rule("r", (), all=tuple(map(Condition, names)), unless=tuple(f"d{n}" for n in range(40)))
    assert len(both(rule_base(rule), map(Fact, names))) == 1
    assert both(rule_base(rule), map(Fact, [*names, "d39"])) == ()


def test_the_largest_ruleset() -> None:
    base = rule_base(
        *(Rule(f"r{n:04}", derives(f"d{n}"), all=(Condition(f"o{n}"), Condition("p"))) for n in range(4094))
    )
    assert len(both(base, [Fact("p"), *(Fact(f"o{n}") for n in range(0, 4094, 5))])) == 819


def test_any_number_of_rules_with_one_condition() -> None:
    base = rule_base(*(Rule(f"r{n:04}", derives(f"d{n}"), all=(Condition(f"o{n}"),)) for n in range(6000)))
    assert len(both(base, [Fact(f"o{n}") for n in range(0, 6000, 5)])) == 1200


@pytest.mark.parametrize("rules", [60, 61, 250, 251, 700])
def test_a_shared_condition_fires_all_its_rules(rules: int) -> None:
    names = [f"o{n:03}" for n in range(rules)]
    joined = {name: Rule(name, (), all=(Condition(name), Condition("shared"))) for name in names}
    alone = {f"alone-{name}": Rule(f"alone-{name}", (), all=(Condition("shared"),)) for name in names}
    absent = {
        f"not-{name}": Rule(f"not-{name}", (), all=(Condition(name),), unless=("shared",)) for name in names
    }
    base = joined | alone | absent
    assert len(both(base, [Fact("shared"), *map(Fact, names)])) == 2 * rules
    assert len(both(base, map(Fact, names))) == rules


@pytest.mark.parametrize("conditions", [990, 1000, 1001])
def test_three_digits_and_four(conditions: int) -> None:
    pairs = [(f"o{n:04}", f"o{n + 1:04}") for n in range(0, conditions, 2)]
    base = rule_base(*(Rule(f"{a}{b}", (), all=(Condition(a), Condition(b))) for a, b in pairs))
    assert len(both(base, [Fact(name) for pair in pairs for name in pair])) == len(pairs)


def test_too_many_messages() -> None:
    engine = DurableEngine(compile_program(rule_base(Rule("r", (), all=(Condition("a"),)))))
    facts = [Fact("a", instance=str(n)) for n in range(20_001)]
    assert len(engine.fire(facts[:20_000])) == 20_000
    with pytest.raises(EngineLimitError, match=r"the incident: number of messages is 20001.* at most 20000"):
        engine.fire(facts)
    assert len(engine.fire(facts[:2])) == 2


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("call", range(3))
@pytest.mark.parametrize("done", [False, True])
def test_interrupted_anywhere_the_next_incident_is_right(
    monkeypatch: pytest.MonkeyPatch, function: str, call: int, done: bool
) -> None:
    calls = iter(range(100))
    armed = False

    def interrupt(*arguments: Any) -> Any:
        if not armed:
            return getattr(REAL, function)(*arguments)
        now = next(calls) == call
        if now and not done:
            raise KeyboardInterrupt
        answer = getattr(REAL, function)(*arguments)
        if now:
            raise KeyboardInterrupt
        return answer

    engine = engine_with(monkeypatch, **{function: interrupt})
    armed = True
    interrupted = 0
    for _ in range(4):
        try:
            assert engine.fire(FACTS) == EXPECTED
        except KeyboardInterrupt:
            interrupted += 1
    assert interrupted == 1


def test_an_error_of_the_engine_is_named_and_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = False

    def fail(*arguments: Any) -> Any:
        if failing:
            raise REAL.error("Could not start action, error code: 303")
        return REAL.start_action_for_state(*arguments)

    engine = engine_with(monkeypatch, start_action_for_state=fail)
    failing = True
    with pytest.raises(EngineError, match="error 303 while firing rules"):
        engine.fire(FACTS)
    failing = False
    assert engine.fire(FACTS) == EXPECTED


def test_a_fact_that_the_engine_does_not_take_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = 0
    engine = engine_with(monkeypatch, assert_facts=lambda *a: (refused, REAL.assert_facts(*a)[1]))
    refused = 2
    with pytest.raises(EngineError, match="error 2 while asserting facts"):
        engine.fire(FACTS)


def test_real_errors_carry_their_number() -> None:
    def refuse(*_: Any) -> Any:
        return REAL.create_ruleset("r", '{"r":{"all":[{"m":{"$and":1}}]}}')

    with pytest.MonkeyPatch.context() as patch, pytest.raises(EngineError) as caught:
        engine_with(patch, create_ruleset=refuse)
    assert caught.value.code > 100


def test_the_session_is_gone_after_each_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    deleted: list[str] = []

    def delete(handle: int, session: str) -> None:
        deleted.append(session)
        REAL.delete_state(handle, session)

    engine = engine_with(monkeypatch, delete_state=delete)
    deleted.clear()
    engine.fire(FACTS)
    assert deleted == ["s"]


def test_a_dropped_engine_frees_its_ruleset(monkeypatch: pytest.MonkeyPatch) -> None:
    deleted: list[int] = []

    def delete(handle: int) -> None:
        deleted.append(handle)
        REAL.delete_ruleset(handle)

    engine = engine_with(monkeypatch, delete_ruleset=delete)
    engine.fire(FACTS)
    gone = weakref.ref(engine)
    del engine
    gc.collect()
    assert gone() is None
    assert len(deleted) == 1


def test_a_thousand_incidents_leave_no_thread_and_no_memory() -> None:
    engine = DurableEngine(compile_program(CHAIN))
    threads = threading.active_count()
    for _ in range(200):
        engine.fire(FACTS)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            engine.fire(FACTS)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally:
        tracemalloc.stop()
    assert threading.active_count() == threads
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - resident < 4_000


def test_threads_take_turns() -> None:
    shared = DurableEngine(compile_program(CHAIN))
    answers: list[tuple[Firing, ...]] = []

    def work(mine: list[Fact]) -> None:
        own = DurableEngine(compile_program(CHAIN))
        for _ in range(100):
            answers.append(shared.fire(mine))
            answers.append(own.fire(mine))

    workers = [threading.Thread(target=work, args=(facts,)) for facts in (FACTS, FACTS[:2], FACTS, FACTS[2:])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    fire = SemiNaiveEngine(compile_program(CHAIN)).fire
    expected = {fire(FACTS): 400, fire(FACTS[:2]): 200, fire(FACTS[2:]): 200}
    assert {answer: answers.count(answer) for answer in set(answers)} == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_in_the_middle_of_an_incident(monkeypatch: pytest.MonkeyPatch) -> None:
    armed, started, forked = False, threading.Event(), threading.Event()

    def pause(*arguments: Any) -> Any:
        nonlocal armed
        answer = REAL.assert_facts(*arguments)
        if armed:
            armed = False
            started.set()
            forked.wait(30)
        return answer

    engine = engine_with(monkeypatch, assert_facts=pause)
    armed = True
    answers: list[tuple[Firing, ...]] = []
    worker = threading.Thread(target=lambda: answers.append(engine.fire(FACTS)))
    worker.start()
    assert started.wait(30)
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(0 if engine.fire(FACTS) == EXPECTED else 1)
    forked.set()
    worker.join()
    assert os.waitpid(child, 0)[1] == 0
    assert answers == [EXPECTED]


@pytest.mark.slow
def test_the_largest_ruleset_of_wide_rules() -> None:
    """As many rules as are allowed, and uses of a condition around the allowed number, all at once."""
    draw = random.Random(1)
    names = [f"o{n}" for n in range(500)]
    base = rule_base(
        *(
            Rule(f"r{n:04}", derives(f"d{n % 50}"), all=tuple(map(Condition, draw.sample(names, 8))))
            for n in range(4094)
        )
    )
    observed = {condition.fact for n in range(0, 4094, 500) for condition in base[f"r{n:04}"].all}
    assert len(both(base, map(Fact, sorted(observed)))) >= 9


@pytest.mark.slow
def test_ten_thousand_slots_fire() -> None:
    base = rule_base(
        *(Rule(f"r{n:04}", (), all=tuple(Condition(f"o{n}.{i}") for i in range(4))) for n in range(2500))
    )
    assert len(both(base, [Fact(f"o{n}.{i}") for n in range(0, 2500, 10) for i in range(4)])) == 250


def test_a_thousand_absences() -> None:
    base = rule_base(Rule("r", (), all=(Condition("a"),), unless=tuple(f"d{n}" for n in range(1000))))
    assert len(both(base, [Fact("a")])) == 1
    assert both(base, [Fact("a"), Fact("d999")]) == ()


@pytest.mark.slow
def test_negation_is_right_on_a_heap_full_of_junk() -> None:
    """The engine reads memory that it did not write; the C library fills what it hands out with junk."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/inference/test_engines.py", "-k", "test_durable_agrees_with_the_oracle"],
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout

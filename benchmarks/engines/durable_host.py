"""durable-rules as its README drives it: one host, facts asserted one by one, actions in Python.

Each incident is a session of its own. For negation a fact is asserted when everything else is in, and rules
with an absence ask for it, as `none` alone does not work with facts that come later.
"""

from contextlib import suppress

from durable import engine

COMPARED = {"at_least": "$gte", "at_most": "$lte", "is_not": "$neq"}


class Contestant:
    def __init__(self, problem: dict) -> None:
        self.fired: list[tuple[str, str]] = []
        self.sessions = 0
        self.strata = sorted({clause["stratum"] for clause in problem["clauses"]} - {0})
        rules = {f"r{n}": self.rule(clause) for n, clause in enumerate(problem["clauses"])}
        self.host = engine.Host({"incident": rules})

    def rule(self, clause: dict) -> dict:
        terms = []
        for place, (name, state, comparison, operand) in enumerate(clause["positives"]):
            tests: list = [{"name": name}, {"state": state}]
            if comparison:
                tests.append(
                    {COMPARED[comparison]: {"value": operand}}
                    if comparison in COMPARED
                    else {"value": operand}
                )
            if place:
                tests.append({"instance": {"c0": "instance"}})
            terms.append({f"c{place}": {"$and": tests}})
        if clause["unless"]:
            terms.append({"phase": {"phase": clause["stratum"]}})
        for place, name in enumerate(clause["unless"]):
            tests = [{"name": name}, {"state": "present"}, {"instance": {"c0": "instance"}}]
            terms.append({f"n{place}$not": {"$and": tests}})

        def act(c) -> None:
            instance = (c.m or c.c0).instance if len(terms) == 1 else c.c0.instance
            self.fired.append((clause["rule"], instance))
            for head in clause["heads"]:
                self.give(c.assert_fact, {"name": head, "state": "present", "instance": instance})

        return {"all": terms, "run": act}

    def prepare(self, facts: list) -> list[dict]:
        self.sessions += 1
        return [
            {"name": name, "state": state, "instance": instance, "value": value, "sid": str(self.sessions)}
            for name, state, instance, value in facts
        ]

    def fire(self, facts: list[dict]) -> list[tuple[str, str]]:
        self.fired.clear()
        for fact in facts:
            self.give(self.host.assert_fact, "incident", fact)
        for stratum in self.strata:
            self.give(self.host.assert_fact, "incident", {"phase": stratum, "sid": facts[0]["sid"]})
        self.host.delete_state("incident", facts[0]["sid"])
        return list(self.fired)

    def give(self, assert_fact, *arguments) -> None:
        with suppress(engine.MessageNotHandledException, engine.MessageObservedException):
            assert_fact(*arguments)

    def conclusions(self, fired: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return fired

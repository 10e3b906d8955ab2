"""CLIPS through clipspy: facts are asserted, and each firing recorded with the facts that matched."""

from benchmarks.engines import semi_naive
from benchmarks.engines.problem import rules_of
from campaign_rules.model import Fact
from tests.inference.clips import Clips, Record


class Contestant:
    prepare = semi_naive.Contestant.prepare

    def __init__(self, problem: dict) -> None:
        rules = rules_of(problem["name"])
        self.rules = list(rules)
        self.clips = Clips(rules)

    def fire(self, facts: list[Fact]) -> list[Record]:
        self.clips.give(facts)
        return self.clips.run()

    def conclusions(self, fired: list[Record]) -> list[tuple[str, str]]:
        instances = {fact.index: fact["instance"] for fact in self.clips.facts()}
        return [(self.rules[number], instances[first]) for number, first, *_ in fired]

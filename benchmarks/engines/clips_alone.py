"""CLIPS's own run: the facts have been asserted before the clock starts."""

from benchmarks.engines import clipspy
from tests.inference.clips import Record


class Contestant(clipspy.Contestant):
    def prepare(self, facts: list) -> None:
        self.clips.give(super().prepare(facts))

    def fire(self, _: None) -> list[Record]:
        return self.clips.run()

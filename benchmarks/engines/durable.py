"""durable-rules as this library drives it."""

from benchmarks.engines import semi_naive


class Contestant(semi_naive.Contestant):
    engine = "durable"

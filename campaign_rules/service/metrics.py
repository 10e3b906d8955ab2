"""Figures for Prometheus: how many requests, how long they took, what is open. Nothing of what they carry."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from campaign_rules.model import KnowledgeBase
from campaign_rules.serving.request_log import Handled

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds of the buckets."""


class Metrics:
    """The figures of one application, in a registry of their own."""

    def __init__(self, knowledge: KnowledgeBase, open_cases: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "campaign_rules_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "campaign_rules_request_seconds",
            "How long requests took to answer.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        sessions = Gauge("campaign_rules_sessions", "Sessions that are open.", registry=self._registry)
        sessions.set_function(open_cases)
        base = Gauge(
            "campaign_rules_knowledge_info",
            "The rule base that diagnoses rest on.",
            ("version", "fingerprint"),
            registry=self._registry,
        )
        base.labels(knowledge.version, knowledge.fingerprint).set(1)

    def count(self, handled: Handled) -> None:
        """Count a request that was answered."""
        self._requests.labels(handled.method, handled.route, str(handled.status)).inc()
        self._seconds.labels(handled.route).observe(handled.seconds)

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus, 0.0.4."""
        return generate_latest(self._registry)

"""How is the server doing? Counts and times for Prometheus; no name and no value of a request."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5)

Gauges = Callable[[], Mapping[str, Mapping[str, float]]]
"""Returns gauge name -> level (or "") -> value, as things stand now."""
TOLD = {
    "leitweg_learnt_cases": "Cases that the router has learnt.",
    "leitweg_journal_lag": "Entries of the journal that the router in use has not learnt yet.",
    "leitweg_waiting_requests": "Requests that wait to be answered.",
    "leitweg_model_age_seconds": "Seconds since the model in use was loaded.",
    "leitweg_ready": "1: requests are answered.",
    "leitweg_reload_failed": "1: the workspace has changed, and its new state cannot be used.",
}


class Metrics:
    """The figures of one server, in a registry of their own."""

    def __init__(self, gauges: Gauges) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "leitweg_requests", "Requests.", ["endpoint", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "leitweg_request_seconds",
            "Seconds from the request to its answer.",
            ["endpoint"],
            buckets=_BOUNDS,
            registry=self.registry,
        )
        self._abstentions = Counter(
            "leitweg_abstentions",
            "Answers that leave the choice to a human.",
            ["level"],
            registry=self.registry,
        )
        self.registry.register(_Now(gauges))

    def count(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def count_abstention(self, level: str) -> None:
        """Count an answer that leaves the choice to a human."""
        self._abstentions.labels(level).inc()

    def text(self) -> bytes:
        """Return the figures in the text format of Prometheus."""
        return generate_latest(self.registry)


class _Now(Collector):
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        for name, values in self._gauges().items():
            family = GaugeMetricFamily(name, TOLD[name], labels=_labels(values))
            for level, value in values.items():
                family.add_metric([level] if level else [], value)
            yield family

    def describe(self) -> list[Any]:
        return []


def _labels(values: Mapping[str, float]) -> list[str]:
    return [] if "" in values else ["level"]

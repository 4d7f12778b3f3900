"""What operators see: a line of the log and figures for each request. Neither has anything of what
was sent."""

import datetime as dt
import json
import logging
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["REQUESTS", "Metrics", "log_request"]

REQUESTS: Final = "portal.requests"
"""The name of the logger of requests."""

_log: Final = logging.getLogger(REQUESTS)
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Figures of one portal, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "portal_requests",
            "Requests by use case or view and by status.",
            ("act", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "portal_request_seconds",
            "Time from the head of a request to its answer.",
            ("act",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._violations = Counter(
            "portal_violations",
            "Broken rules of refused requests.",
            ("rule",),
            registry=self._registry,
        )
        self.inside = Gauge(
            "portal_requests_inside", "Requests that are worked on.", registry=self._registry
        )

    def count(self, act: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        self._requests.labels(act, str(status)).inc()
        self._seconds.labels(act).observe(seconds)

    def count_violation(self, rule: str) -> None:
        """A rule was broken."""
        self._violations.labels(rule).inc()

    def text(self) -> bytes:
        """All of them in the text format of Prometheus."""
        return generate_latest(self._registry)


def log_request(
    *, request_id: str, act: str, status: int, seconds: float, account: str | None
) -> None:
    """A line in JSON; `at` is the real time, whatever the portal's is."""
    if not _log.isEnabledFor(logging.INFO):
        return
    line = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "request_id": request_id,
        "act": act,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "account": account,
    }
    _log.info(json.dumps(line, ensure_ascii=False))

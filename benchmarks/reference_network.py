"""The reference network: five stations in tandem, a fifth returning from the third to the first.

Utilisation is 0.85 at each station, one customer arrives a second, and the exact mean time in the
network is 55.38 s (Jackson).
"""

from collections.abc import Mapping
from typing import Any

from benchmarks.queueing_theory import JacksonStation, jackson_sojourn

__all__ = [
    "ARRIVALS_PER_S", "EXACT_SOJOURN_S", "RETURN_P", "RETURN_STATION", "SERVERS", "SERVICES_S",
    "nodes", "stations",
]  # fmt: skip

ARRIVALS_PER_S = 1.0
RETURN_STATION = 2
RETURN_P = 0.2
SERVERS = (5, 10, 3, 20, 8)
_UTILISATION = 0.85
_VISITS = (1.25, 1.25, 1.25, 1.0, 1.0)
SERVICES_S = tuple(
    _UTILISATION * servers / visits for servers, visits in zip(SERVERS, _VISITS, strict=True)
)
EXACT_SOJOURN_S = jackson_sojourn(
    ARRIVALS_PER_S,
    [JacksonStation(*row) for row in zip(SERVERS, SERVICES_S, _VISITS, strict=True)],
)


def stations() -> Mapping[str, Any]:
    """The stations, in the words of a scenario."""
    return {
        f"s{i}": {"servers": servers, "service": {"exponential": {"mean": f"{service!r}s"}}}
        for i, (servers, service) in enumerate(zip(SERVERS, SERVICES_S, strict=True))
    }


def nodes() -> Mapping[str, Any]:
    """The journey through them, in the words of a scenario; it starts at `n0`."""
    last = len(SERVERS) - 1
    served = {
        f"n{i}": {"serve": f"s{i}", "next": "done" if i == last else f"n{i + 1}"}
        for i in range(last + 1)
    }
    served[f"n{RETURN_STATION}"]["next"] = "luck"
    luck = [
        {"to": "n0", "p": RETURN_P},
        {"to": f"n{RETURN_STATION + 1}", "p": 1.0 - RETURN_P},
    ]
    return served | {"luck": {"choose": luck}, "done": {"end": "completed"}}

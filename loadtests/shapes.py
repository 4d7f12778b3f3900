"""How many closed users there are at a moment of a run."""

from collections.abc import Callable
from typing import Final

from loadtests.plan import ClosedShape
from sim.model.arrivals import RateStream
from sim.model.model import Model

__all__ = ["relative_rate", "users_at"]

_LOW: Final = 0.2  # of the users, outside of a spike
_SPIKE: Final = (0.4, 0.6)  # of the horizon


def users_at(
    shape: ClosedShape,
    at_s: float,
    horizon_s: float,
    *,
    rate_at: Callable[[float], float] | None = None,
    failures: float = 0.0,
) -> int | None:
    """Users `at_s` seconds after the start; None when the run is over. `rate_at` says how high the
    scenario's rate is then beside its highest (diurnal), `failures` which share of the latest
    answers has failed (stress)."""
    if at_s >= horizon_s:
        return None
    whole = shape.users
    match shape.kind:
        case "soak":
            return whole
        case "spike":
            is_inside = _SPIKE[0] <= at_s / horizon_s < _SPIKE[1]
            return whole if is_inside else max(round(whole * _LOW), 1)
        case "diurnal":
            return max(round(whole * (1.0 if rate_at is None else rate_at(at_s))), 1)
        case "step":
            return _stair(shape, at_s, horizon_s)
        case "stress":
            return None if failures > shape.stop_at_failures else _stair(shape, at_s, horizon_s)


def relative_rate(model: Model, speed: float, horizon_s: float) -> Callable[[float], float]:
    """By wall seconds since the start: the rate of all arrivals of the model together, beside its
    highest within the horizon."""
    streams = [
        stream
        for arrivals in model.arrivals
        for stream in arrivals.streams
        if isinstance(stream, RateStream)
    ]
    end_us = horizon_s * speed * 1e6
    breaks = {at for stream in streams for at in stream.breaks[:-1] if at < end_us}
    highest = max((_rate(streams, at) for at in breaks), default=0.0)

    def rate_at(at_s: float) -> float:
        return _rate(streams, at_s * speed * 1e6) / highest if highest > 0 else 1.0

    return rate_at


def _stair(shape: ClosedShape, at_s: float, horizon_s: float) -> int:
    step = 1 + int(shape.steps * at_s / horizon_s)
    return max(round(shape.users * min(step, shape.steps) / shape.steps), 1)


def _rate(streams: list[RateStream], at_us: float) -> float:
    total = 0.0
    for stream in streams:
        for place, rate in enumerate(stream.rates):
            if stream.breaks[place] <= at_us < stream.breaks[place + 1]:
                total += rate
    return total

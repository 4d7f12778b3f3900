"""How many closed users there are at a moment of a run."""

from collections.abc import Callable
from typing import Final

from loadtests.plan import ClosedShape
from sim.model.arrivals import RateStream
from sim.model.model import Model
from world.microseconds import SECOND_US

__all__ = ["UsersOfRun", "relative_rate", "users_at", "users_beyond"]

_LOW: Final = 0.2  # of the users, outside of a spike
_SPIKE: Final = (0.4, 0.6)  # of the horizon
_HOLD: Final = 0.1  # of the horizon: how long a stress goes on beyond the limit, and at half
_SHORTEST_HOLD_S: Final = 10.0


class UsersOfRun:
    """How many users a run of `shape` has, asked again and again. Once the horizon is over those
    who are there stay, for the last cases. A stress of which more has failed than may is held,
    eased and ended (`users_beyond`)."""

    def __init__(
        self,
        shape: ClosedShape,
        horizon_s: float,
        rate_at: Callable[[float], float] | None = None,
    ) -> None:
        self._shape = shape
        self._horizon_s = horizon_s
        self._rate_at = rate_at
        self._last = shape.users
        self._broke: tuple[float, int] | None = None  # when, with how many users

    def at(self, now_s: float, failures: float) -> int | None:
        """Users `now_s` seconds after the start, if this share of the latest answers has failed;
        None once a stress is over before its horizon."""
        shape = self._shape
        if now_s >= self._horizon_s:
            return self._last
        if self._broke is None and shape.kind == "stress" and failures > shape.stop_at_failures:
            self._broke = now_s, self._last
        if self._broke is None:
            users = users_at(shape, now_s, self._horizon_s, rate_at=self._rate_at)
        else:
            at_s, held = self._broke
            users = users_beyond(held, now_s - at_s, self._horizon_s)
        if users is not None:
            self._last = users
        return users


def users_at(
    shape: ClosedShape,
    at_s: float,
    horizon_s: float,
    *,
    rate_at: Callable[[float], float] | None = None,
) -> int | None:
    """Users `at_s` seconds after the start; None when the run is over. `rate_at` says how high the
    scenario's rate is then beside its highest (diurnal)."""
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
        case "step" | "stress":
            return _stair(shape, at_s, horizon_s)


def users_beyond(users: int, since_s: float, horizon_s: float) -> int | None:
    """Users of a stress `since_s` seconds after more had failed than may, when there were `users`:
    as many for a tenth of the horizon (10 s at least), which shows what is left beyond the limit,
    then half of them as long, which shows whether it comes back; None after that."""
    hold_s = max(_HOLD * horizon_s, _SHORTEST_HOLD_S)
    if since_s < hold_s:
        return users
    return max(round(users / 2), 1) if since_s < 2 * hold_s else None


def relative_rate(model: Model, speed: float, horizon_s: float) -> Callable[[float], float]:
    """By wall seconds since the start: the rate of all arrivals of the model together, beside its
    highest within the horizon."""
    streams = [
        stream
        for arrivals in model.arrivals
        for stream in arrivals.streams
        if isinstance(stream, RateStream)
    ]
    end_us = horizon_s * speed * SECOND_US
    breaks = {at for stream in streams for at in stream.breaks[:-1] if at < end_us}
    highest = max((_rate(streams, at) for at in breaks), default=0.0)

    def rate_at(at_s: float) -> float:
        return _rate(streams, at_s * speed * SECOND_US) / highest if highest > 0 else 1.0

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

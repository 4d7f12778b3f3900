"""Ten scenarios with the parameters that a calibration of their logs should find again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["KNOWN", "Known"]


@dataclass(frozen=True)
class Known:
    """A scenario and what is true of it, by the keys of `Calibration.estimates`; seconds, shares,
    counts, minutes of the day."""

    name: str
    text: str
    truth: Mapping[str, float]


_HEAD: Final = "version: 1\nname: {name}\nseed: {seed}\n"

_HOURS: Final = [
    *(1, 1, 1, 1, 1, 2, 4, 10, 30, 50, 60, 60, 45, 55, 60, 60, 50, 30, 20, 12, 8, 4, 2, 1),
]
_WEEKDAYS: Final = [1.0, 1.3, 1.0, 0.9, 0.8, 0.3, 0.2]
_HOLIDAYS: Final = 0.15


def _known(name: str, body: str, **truth: float) -> Known:
    text = _HEAD.format(name=name, seed=2026) + body
    return Known(name, text, {key.replace("__", "."): value for key, value in truth.items()})


def _profile_truth() -> dict[str, float]:
    hours = {f"arrivals.j.hours.{h}": w * 24 / sum(_HOURS) for h, w in enumerate(_HOURS)}
    days = {f"arrivals.j.weekdays.{d}": w * 7 / sum(_WEEKDAYS) for d, w in enumerate(_WEEKDAYS)}
    return hours | days | {"arrivals.j.holidays": _HOLIDAYS * 7 / sum(_WEEKDAYS)}


KNOWN: Final = (
    _known(
        "counter",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-30T00:00}
stations: {desk: {servers: 3, service: {exponential: {mean: 5m}}}}
arrivals: [{journey: j, rate: {per_hour: 30, profile: flat}}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
""",
        arrivals__j__per_day=720, service__ask__mean=300, stations__desk__servers=3,
    ),
    _known(
        "rework",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-30T00:00}
stations:
  desk: {servers: 6, service: {lognormal: {mean: 4m, cv: 0.8}}}
  checkers: {servers: 4, service: {erlang: {k: 3, mean: 5m}}}
arrivals: [{journey: j, rate: {per_hour: 24, profile: flat}}]
journeys:
  j:
    start: file
    nodes:
      file: {serve: desk, next: check}
      check: {serve: checkers, next: fine}
      fine: {choose: [{to: mend, p: 0.3}, {to: done, p: 0.7}]}
      mend: {delay: {exponential: {mean: 40m}}, next: file}
      done: {end: completed}
""",
        arrivals__j__per_day=576, service__file__mean=240, service__file__cv=0.8,
        service__check__mean=300, service__check__k=3, stations__desk__servers=6,
        stations__checkers__servers=4, routing__j__check__file=0.3, routing__j__check__end=0.7,
        delay__j__file__mean=2400,
    ),
    _known(
        "office",
        """
calendar: {start: 2026-04-06T00:00, arrivals_until: 2026-05-30T00:00}
stations:
  clerks:
    servers:
      shifts:
        - {days: working, from: "09:00", to: "18:00", count: 8}
        - {days: [sat], from: "10:00", to: "14:00", count: 3}
    service: {lognormal: {mean: 12m, cv: 0.7}}
arrivals: [{journey: j, rate: {per_day: 200, profile: office_hours}}]
journeys: {j: {start: ask, nodes: {ask: {serve: clerks, next: done}, done: {end: completed}}}}
""",
        arrivals__j__per_day=200, service__ask__mean=720, service__ask__cv=0.7,
        stations__clerks__shifts__0__count=8, stations__clerks__shifts__0__from=540,
        stations__clerks__shifts__0__to=1080, stations__clerks__shifts__1__count=3,
        stations__clerks__shifts__1__from=600, stations__clerks__shifts__1__to=840,
    ),
    _known(
        "ways",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-28T00:00}
stations:
  window: {servers: 4, service: {uniform: {low: 2m, high: 6m}}}
  bank: {servers: 2, service: {constant: 90s}}
  archive: {servers: 3, service: {triangular: {low: 1m, mode: 4m, high: 13m}}}
arrivals: [{journey: j, rate: {per_hour: 40, profile: flat}}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: window, next: way}
      way: {choose: [{to: pay, p: 0.5}, {to: search, p: 0.35}, {to: done, p: 0.15}]}
      pay: {serve: bank, next: done}
      search: {serve: archive, next: done}
      done: {end: completed}
""",
        arrivals__j__per_day=960, service__ask__low=120, service__ask__high=360,
        service__pay__value=90, service__search__low=60, service__search__mode=240,
        service__search__high=780, stations__window__servers=4, stations__bank__servers=2,
        stations__archive__servers=3, routing__j__ask__pay=0.5, routing__j__ask__search=0.35,
        routing__j__ask__end=0.15,
    ),
    _known(
        "branches",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-29T00:00}
stations:
  desk: {servers: 4, service: {exponential: {mean: 6m}}}
  fns: {servers: 10, service: {lognormal: {mean: 20m, cv: 1.2}}}
  pfr: {servers: 12, service: {erlang: {k: 4, mean: 25m}}}
arrivals: [{journey: j, rate: {per_hour: 25, profile: flat}}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: think}
      think: {delay: {lognormal: {mean: 30m, cv: 0.5}}, next: both}
      both: {fork: [tax, fund], next: hand}
      tax: {serve: fns}
      fund: {serve: pfr}
      hand: {serve: desk, next: done}
      done: {end: completed}
""",
        arrivals__j__per_day=600, service__ask__mean=360, service__hand__mean=360,
        service__tax__mean=1200, service__tax__cv=1.2, service__fund__mean=1500, service__fund__k=4,
        delay__j__fork_1__mean=1800, delay__j__fork_1__cv=0.5, stations__desk__servers=4,
        stations__fns__servers=10, stations__pfr__servers=12,
    ),
    _known(
        "phases",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-30T00:00}
stations: {desk: {servers: 5, service: {hyperexponential: {p: [0.8, 0.2], means: [2m, 20m]}}}}
arrivals: [{journey: j, rate: {per_hour: 40, profile: flat}}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: pause}
      pause: {delay: {erlang: {k: 5, mean: 2h}}, next: again}
      again: {serve: desk, service: {exponential: {mean: 1m}}, next: done}
      done: {end: completed}
""",
        arrivals__j__per_day=960, service__ask__p__0=0.8, service__ask__means__0=120,
        service__ask__means__1=1200, service__again__mean=60, stations__desk__servers=5,
        delay__j__again__mean=7200, delay__j__again__k=5,
    ),
    Known(
        "rhythm",
        _HEAD.format(name="rhythm", seed=2026)
        + f"""
calendar: {{start: 2026-04-06T00:00, arrivals_until: 2026-06-29T00:00}}
stations: {{desk: {{servers: 3, service: {{exponential: {{mean: 3m}}}}}}}}
arrivals:
  - journey: j
    rate:
      per_day: 150
      profile: {{hours: {_HOURS}, weekdays: {_WEEKDAYS}, holidays: {_HOLIDAYS}}}
journeys:
  j: {{start: ask, nodes: {{ask: {{serve: desk, next: done}}, done: {{end: completed}}}}}}
""",
        {
            "arrivals.j.per_day": 150, "service.ask.mean": 180, "stations.desk.servers": 3,
            **_profile_truth(),
        },
    ),
    _known(
        "day_and_night",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-05-25T00:00}
stations:
  phone:
    servers:
      shifts:
        - {days: all, from: "00:00", to: "08:00", count: 2}
        - {days: all, from: "08:00", to: "20:00", count: 6}
        - {days: all, from: "20:00", to: "24:00", count: 2}
    service: {lognormal: {mean: 6m, cv: 1}}
arrivals: [{journey: j, rate: {per_hour: 22, profile: evening}}]
journeys: {j: {start: call, nodes: {call: {serve: phone, next: done}, done: {end: completed}}}}
""",
        arrivals__j__per_day=528, service__call__mean=360, service__call__cv=1,
        stations__phone__shifts__0__count=2, stations__phone__shifts__0__from=0,
        stations__phone__shifts__0__to=480, stations__phone__shifts__1__count=6,
        stations__phone__shifts__1__from=480, stations__phone__shifts__1__to=1200,
        stations__phone__shifts__2__count=2, stations__phone__shifts__2__from=1200,
        stations__phone__shifts__2__to=1440,
    ),
    _known(
        "two_journeys",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-30T00:00}
stations:
  staff: {servers: 5, service: {exponential: {mean: 4m}}}
  post: {servers: 2, service: {uniform: {low: 30s, high: 150s}}}
arrivals:
  - {journey: short, rate: {per_hour: 30, profile: flat}}
  - {journey: long, rate: {per_hour: 12, profile: flat}}
journeys:
  short: {start: ask, nodes: {ask: {serve: staff, next: done}, done: {end: completed}}}
  long:
    start: file
    nodes:
      file: {serve: staff, service: {erlang: {k: 2, mean: 9m}}, next: send}
      send: {serve: post, next: wait}
      wait: {delay: {uniform: {low: 1h, high: 5h}}, next: take}
      take: {serve: staff, next: luck}
      luck: {choose: [{to: send, p: 0.1}, {to: done, p: 0.9}]}
      done: {end: completed}
""",
        arrivals__short__per_day=720, arrivals__long__per_day=288, service__ask__mean=240,
        service__file__mean=540, service__file__k=2, service__send__low=30,
        service__send__high=150, service__take__mean=240, stations__staff__servers=5,
        stations__post__servers=2, delay__long__take__low=3600, delay__long__take__high=18000,
        routing__long__take__send=0.1, routing__long__take__end=0.9,
    ),
    _known(
        "line",
        """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-05-02T00:00}
stations:
  one: {servers: 2, service: {exponential: {mean: 5m}}}
  two: {servers: 3, service: {lognormal: {mean: 8m, cv: 0.4}}}
  three: {servers: 1, service: {triangular: {low: 1m, mode: 2m, high: 5m}}}
arrivals: [{journey: j, rate: {per_hour: 18, profile: flat}}]
journeys:
  j:
    start: first
    nodes:
      first: {serve: one, next: second}
      second: {serve: two, next: way}
      way: {choose: [{to: first, p: 0.05}, {to: pause, p: 0.95}]}
      pause: {delay: {exponential: {mean: 25m}}, next: third}
      third: {serve: three, next: done}
      done: {end: completed}
""",
        arrivals__j__per_day=432, service__first__mean=300, service__second__mean=480,
        service__second__cv=0.4, service__third__low=60, service__third__mode=120,
        service__third__high=300, stations__one__servers=2, stations__two__servers=3,
        stations__three__servers=1, delay__j__third__mean=1500, routing__j__second__first=0.05,
        routing__j__second__third=0.95,
    ),
)  # fmt: skip

"""What a calibration found, what it could not find and what it mended, in words."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from reports.calibration.texts import DAYS, LIMITS, REPAIRS, words
from reports.formatting import ABSENT, NBSP, count, duration, number, share
from rulebook import Language
from sim.calibration.arrival_profile import ArrivalFit
from sim.calibration.calibration import ArrivalsAs, Calibration, JourneyFit, Limit
from sim.calibration.capacity import ShiftFit, StationFit
from sim.calibration.chains import START
from sim.calibration.estimates import Estimate
from sim.calibration.holdout import Holdout
from sim.calibration.log_problems import Repair

__all__ = [
    "answers",
    "delay_name",
    "journey_title",
    "limit_in_words",
    "link_title",
    "profile_kind",
    "repair_in_words",
    "servers_in_words",
    "signed_share",
    "value_in_words",
]

_MOST_NAMED: Final = 6  # names in one sentence
Row = dict[str, Any]


def answers(found: Calibration, held: Holdout | None, lang: Language) -> list[Row]:
    """The five things a planner asks first: topic and text."""

    def row(topic: str, told: str) -> Row:
        return {"topic": words(topic, lang), "text": told}

    rows = [row("arrivals", "; ".join(_arrivals(j, found, lang) for j in found.journeys) + ".")]
    fits = [*found.services.values(), *(d.fit for j in found.journeys for d in _delays(j))]
    ways = {
        "activities": len(found.titles),
        "steps": sum(len(c.steps) for j in found.journeys for c in (j.chain, *j.branches.values())),
        "forks": sum(len(j.blocks) for j in found.journeys),
        "loops": sum(len(j.repeats) for j in found.journeys),
    }
    rows.append(row("ways", words("ways_told", lang, **ways) + "."))
    fitted = sum(fit.family != "empirical" for fit in fits)
    rows.append(row("times", words("times_told", lang, fits=len(fits), fitted=fitted) + "."))
    key = "stations_told" if found.stations else "stations_none"
    told = words(key, lang, stations=len(found.stations), people=found.people)
    rows.append(row("stations", told + "."))
    if held is not None:
        values = {
            "share": share(held.share, lang),
            "model": duration(held.model.distance_s.value, lang),
            "baseline": duration(held.baseline.distance_s.value, lang),
            "p50": signed_share(held.model.error_p50, lang),
            "naive": signed_share(held.baseline.error_p50, lang),
        }
        rows.append(row("prediction", words("prediction_told", lang, **values) + "."))
    return rows


def _delays(journey: JourneyFit) -> list[Any]:
    return [d for c in (journey.chain, *journey.branches.values()) for d in c.delays]


def _arrivals(journey: JourneyFit, found: Calibration, lang: Language) -> str:
    rate = journey.arrivals.per_day
    return words(
        "arrivals_told",
        lang,
        journey=journey_title(journey),
        rate=count(rate.value, lang),
        interval=f"{count(rate.low, lang)}–{count(rate.high, lang)}",
        kind=profile_kind(journey.arrivals, found.arrivals_as, lang),
    )


def profile_kind(arrivals: ArrivalFit, arrivals_as: ArrivalsAs, lang: Language) -> str:
    """What the profile is made of."""
    if arrivals_as == ArrivalsAs.INSTANTS or arrivals.kind == "instants":
        return words("kind_instants", lang)
    if arrivals.kind == "named":
        return words("kind_named", lang, name=arrivals.profile)
    return words(f"kind_{arrivals.kind}", lang)


def journey_title(journey: JourneyFit) -> str:
    """As the log calls it."""
    return journey.title or journey.name


def link_title(found: Calibration, journey: JourneyFit, link: int) -> str:
    """As the log calls an activity; a fork by the name it has in the scenario."""
    return found.titles[link] if link < len(found.titles) else found.link(journey, link)


def delay_name(
    found: Calibration, journey: JourneyFit, target: int, source: int | None, lang: Language
) -> str:
    """What the delay is of."""
    key = "delay_whole" if target in found.untimed else "delay_to"
    told = words(key, lang, name=link_title(found, journey, target))
    if source is None:
        return told
    of = words("from_start", lang) if source == START else link_title(found, journey, source)
    return words("delay_from", lang, told=told, source=of)


def limit_in_words(limit: Limit, lang: Language) -> str:
    """A sentence."""
    shown = {key: _param(key, value, lang) for key, value in limit.params.items()}
    return LIMITS[limit.code].in_language(lang).format(**shown)


def _param(key: str, value: Any, lang: Language) -> str:
    plain: Mapping[str, Callable[[Any], str]] = {
        "share": lambda v: share(v, lang),
        "change": lambda v: signed_share(v, lang),
        "expected": lambda v: number(v, lang),
        "before": lambda v: duration(v, lang),
        "after": lambda v: duration(v, lang),
        "dispersion": lambda v: number(v, lang, 1),
        "days": lambda v: ", ".join(DAYS[lang][day] for day in v),
        "activities": _listed,
        "pairs": lambda v: "; ".join(f"«{a}» ↔ «{b}» ({share(s, lang)})" for a, b, s in v[:4])
        + ("…" if len(v) > 4 else ""),
    }  # fmt: skip
    return plain[key](value) if key in plain else str(value)


def _listed(names: Sequence[str]) -> str:
    more = f", … (+{len(names) - _MOST_NAMED})" if len(names) > _MOST_NAMED else ""
    return ", ".join(f"«{name}»" for name in names[:_MOST_NAMED]) + more


def repair_in_words(repair: Repair, found: Calibration, lang: Language) -> str:
    """What was done to how many events is told beside it."""
    return REPAIRS[repair.code].in_language(lang).format(zone=found.calendar.timezone)


def servers_in_words(station: StationFit, lang: Language) -> str:
    """A number, or shifts."""
    if isinstance(station.servers, int):
        return str(station.servers)
    return "; ".join(_shift(shift, lang) for shift in station.servers)


def _shift(shift: ShiftFit, lang: Language) -> str:
    return words(
        "shift",
        lang,
        days=words(f"days_{shift.days}", lang),
        from_=_clock(shift.first),
        to=_clock(shift.last),
        count=shift.count,
    )


def _clock(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def signed_share(value: float, lang: Language) -> str:
    """A relative change: «+12 %»; a dash where there was nothing to be relative to."""
    if not math.isfinite(value):
        return ABSENT
    if abs(value) >= 10:
        return f"×{NBSP}{count(1 + value, lang)}"
    told = share(abs(value), lang)
    return ("+" if value > 0 else "−" if value < 0 else "") + told


def value_in_words(value: float | None, unit: str, lang: Language) -> str:
    """A value of an estimate by its unit; «…» where the log bounds nothing."""
    if value is None:
        return "…"
    match unit:
        case "seconds":
            return duration(value, lang)
        case "share":
            return signed_share(value, lang) if value < 0 else share(value, lang)
        case "time_of_day":
            return _clock(min(max(value, 0), 24 * 60))
        case _:
            return count(value, lang)


def interval_in_words(estimate: Estimate, lang: Language) -> str:
    """Both ends of its interval; of one that is bounded from below only, that bound."""
    low, high = (value_in_words(v, estimate.unit, lang) for v in (estimate.low, estimate.high))
    if estimate.low is not None and estimate.high is None:
        return words("at_least", lang, low=low)
    return low if low == high else f"{low} – {high}"

"""`calibration.json`: everything that was found, for programs. Times are seconds."""

from typing import Any

from reports.calibration.sentences import limit_in_words, repair_in_words
from reports.formatting import finite
from reports.summary import figure_data
from sim.calibration.calibration import Calibration
from sim.calibration.chains import END, START, Chain, DelayFit
from sim.calibration.estimates import Estimate
from sim.calibration.fitting import Fit
from sim.calibration.holdout import Holdout, Prediction

__all__ = ["calibration_data"]

Data = dict[str, Any]


def calibration_data(found: Calibration, held: Holdout | None) -> Data:
    """All of a calibration, apart from how and when it was made."""
    return {
        "name": found.title,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "timezone": found.calendar.timezone,
        "country": found.calendar.country,
        "events": found.events,
        "cases": found.cases,
        "resources": found.people,
        "activities": dict(zip(found.names, found.titles, strict=True)),
        "parameters": {e.key: _estimate(e) for e in found.estimates()},
        "services": {found.names[a]: _fit(fit) for a, fit in found.services.items()},
        "journeys": {j.name: _journey(found, index) for index, j in enumerate(found.journeys)},
        "stations": {s.name: _station(found, index) for index, s in enumerate(found.stations)},
        "repairs": [
            {
                "code": r.code,
                "count": r.count,
                "line": r.line,
                "text": repair_in_words(r, found, "en"),
            }
            for r in found.repairs
        ],
        "limits": [
            {"code": one.code, "text": limit_in_words(one, "en"), "params": dict(one.params)}
            for one in found.limits
        ],
        "holdout": None if held is None else _holdout(held),
    }


def _estimate(estimate: Estimate) -> Data:
    return {
        "value": finite(estimate.value),
        "low": finite(estimate.low),
        "high": finite(estimate.high),
        "unit": estimate.unit,
        "n": estimate.n,
    }


def _fit(fit: Fit) -> Data:
    return {
        "family": fit.family,
        "written": fit.written,
        "n": fit.n,
        "mean": _estimate(fit.mean),
        "cv": finite(fit.cv),
        "distance": finite(fit.distance),
        "p": finite(fit.p),
        "aic": {family: finite(aic) for family, aic in fit.aic.items()},
    }


def _journey(found: Calibration, index: int) -> Data:
    journey = found.journeys[index]
    arrivals = journey.arrivals
    chains = {"main": journey.chain} | {
        f"{found.link(journey, len(found.names) + k)}.{i}": chain
        for (k, i), chain in journey.branches.items()
    }
    return {
        "title": journey.title,
        "cases": journey.cases,
        "unfinished": journey.unfinished,
        "arrivals": {
            "kind": arrivals.kind,
            "profile": arrivals.profile,
            "dispersion": finite(arrivals.dispersion),
            "peaks": [
                {"from": str(p.first), "to": str(p.last), "factor": p.factor}
                for p in arrivals.peaks
            ],
        },
        "forks": [
            [sorted(found.names[a] for a in branch) for branch in block.branches]
            for block in journey.blocks
        ],
        "loops": [[found.link(journey, a) for a in loop] for loop in journey.chain.loops],
        "repeats": {found.names[a]: _estimate(e) for a, e in journey.repeats.items()},
        "chains": {name: _chain(found, index, chain) for name, chain in chains.items()},
    }


def _chain(found: Calibration, index: int, chain: Chain) -> Data:
    journey = found.journeys[index]

    def name(link: int) -> str:
        return {START: "start", END: "end"}.get(link) or found.link(journey, link)

    return {
        "steps": [
            {
                "from": name(s.source),
                "to": name(s.target),
                "count": s.count,
                "at_once": s.at_once,
                "share": _estimate(s.share),
                "delay": s.delay,
            }
            for s in chain.steps
        ],
        "delays": [_delay(d, name) for d in chain.delays],
    }


def _delay(delay: DelayFit, name: Any) -> Data:
    source = None if delay.source is None else name(delay.source)
    return {"to": name(delay.target), "after": source, **_fit(delay.fit)}


def _station(found: Calibration, index: int) -> Data:
    station = found.stations[index]
    servers: Any = station.servers
    if not isinstance(servers, int):
        servers = [
            {"days": s.days, "from_min": s.first, "to_min": s.last, "count": s.count}
            for s in servers
        ]
    return {
        "activities": [found.names[a] for a in station.activities],
        "people": len(station.people),
        "servers": servers,
        "by_person": station.by_person,
        "full": finite(station.full),
        "outside": finite(station.outside),
    }


def _holdout(held: Holdout) -> Data:
    return {
        "share": held.share,
        "train": held.train,
        "test": held.test,
        "split": held.split.isoformat(),
        "seen": {"p50": figure_data(held.seen_p50), "p90": figure_data(held.seen_p90)},
        "cases_predicted": figure_data(held.cases_predicted),
        "model": _prediction(held.model),
        "baseline": _prediction(held.baseline),
    }


def _prediction(prediction: Prediction) -> Data:
    return {
        "p50": figure_data(prediction.p50),
        "p90": figure_data(prediction.p90),
        "error_p50": finite(prediction.error_p50),
        "error_p90": finite(prediction.error_p90),
        "wasserstein_s": figure_data(prediction.distance_s),
    }

"""What a scenario leaves to Poligon: told in the manifest and the report, nothing is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rulebook import Language
from scenarios.fields import Section
from scenarios.format import Scenario
from scenarios.station_format import Station

__all__ = ["DefaultUsed", "defaults_used"]

_TEXTS = {
    "value": ("{key}: {detail}", "{key}: {detail}"),
    "station": (
        "{key}: станция по умолчанию ({detail})",
        "{key}: default of the system ({detail})",
    ),
    "journey": ("{key}: встроенный путь, часть {detail}", "{key}: built in, run by {detail}"),
}


@dataclass(frozen=True)
class DefaultUsed:
    """`key` of the scenario was not given; `detail` is the value, the source of the station's
    default, or the journey that runs a built-in one.
    """

    key: str
    kind: Literal["value", "station", "journey"]
    detail: str

    def text(self, lang: Language) -> str:
        """One line, in `ru` or `en`."""
        return _TEXTS[self.kind][lang != "ru"].format(key=self.key, detail=self.detail)


def defaults_used(
    scenario: Scenario, stations: Mapping[str, Station], run_by: Mapping[str, str]
) -> list[DefaultUsed]:
    """What `scenario` does not give of values, stations and journeys (`run_by`: inner → outer)."""
    used = []
    sections: dict[str, Section] = {
        "": scenario,
        "calendar.": scenario.calendar,
        "population.": scenario.population,
    }
    for prefix, section in sections.items():
        for key in type(section).model_fields:
            value = getattr(section, key)
            if key not in section.model_fields_set and isinstance(value, str | int | float | dict):
                used.append(DefaultUsed(prefix + key, "value", _spelled(value)))
    for name, station in stations.items():
        if name not in scenario.stations:
            used.append(DefaultUsed(f"stations.{name}", "station", station.source or "-"))
    used += [DefaultUsed(f"journeys.{name}", "journey", outer) for name, outer in run_by.items()]
    return used


def _spelled(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items()) or "{}"
    return str(value)

"""What a portal that runs elsewhere can do, as the file of `--capabilities` says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import portal.registry_of_use_cases  # noqa: F401  every use case is known by name
from features.driver import Capability, Unsupported
from features.settings_file import SettingsFile
from portal.use_case import USE_CASES, VIEWS

__all__ = ["Abilities", "abilities_in"]

_BY_ADMIN: Final = frozenset({"time", "faults", "records", "inbox", "outside"})
_WAYS: Final[Mapping[str, str]] = {**dict.fromkeys(_BY_ADMIN, "admin"), "keys": "header"}
_NEVER: Final = "по HTTP этого не сделать"
_UNSAID: Final = "в файле возможностей не указано"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What it can do, and why not the rest (`lacks`, `lacks_use_cases`: reasons by name).

    `portal`, `admin` and `services` are paths below the base URL; `{area}` in them is a tenant of
    the scenario's own; where `area` names one, or no path asks for it, all scenarios share one
    portal. `seed` is of the country.
    """

    can: frozenset[Capability]
    lacks: Mapping[str, str]
    lacks_use_cases: Mapping[str, str]
    portal: str = "/{area}/portal/v1"
    admin: str = "/_admin"
    services: str = "/{area}/{service}"
    area: str | None = None
    seed: int = 1

    @property
    def has_areas(self) -> bool:
        """Whether each scenario has a portal of its own."""
        return self.area is None and "{area}" in self.portal

    def need(self, capability: Capability) -> None:
        """Unsupported, with the reason, for what it cannot do."""
        if capability not in self.can:
            raise Unsupported(capability, self.lacks.get(capability, _UNSAID))

    def need_use_case(self, name: str) -> None:
        """Likewise for a use case or view."""
        if name in self.lacks_use_cases:
            raise Unsupported(name, self.lacks_use_cases[name])


def abilities_in(path: Path | None) -> Abilities:
    """What the file says; of no file, all that Poligon's own API and admin API can do. WrongFile
    (a ValueError) with file, line and key."""
    if path is None:
        can = frozenset(each for each in get_args(Capability) if each in _WAYS)
        lacks = {each: _NEVER for each in get_args(Capability) if each not in _WAYS}
        return Abilities(can=can, lacks=lacks, lacks_use_cases={})
    paths = ("portal", "admin", "services")
    file = SettingsFile(path, {*get_args(Capability), *paths, "area", "seed", "use_cases"})
    can, lacks = _capabilities(file)
    said: dict[str, Any] = {name: _path(file, name) for name in paths if name in file.value}
    if "area" in file.value:
        said["area"] = file.text(("area",), file.value["area"])
    if "seed" in file.value:
        said["seed"] = file.count(("seed",), file.value["seed"])
    return Abilities(can=can, lacks=lacks, lacks_use_cases=_use_cases(file), **said)


def _capabilities(file: SettingsFile) -> tuple[frozenset[Capability], dict[str, str]]:
    can: set[Capability] = set()
    lacks: dict[str, str] = {}
    for name in get_args(Capability):
        said = file.value.get(name)
        if said is None:
            lacks[name] = _UNSAID
        elif isinstance(said, dict):
            reasons = file.only((name,), said, {"lacks"})
            lacks[name] = file.text((name, "lacks"), reasons.get("lacks"))
        elif name not in _WAYS:
            raise file.wrong((name,), f"{_NEVER}: остаётся {{lacks: причина}}")
        elif said != _WAYS[name]:
            raise file.wrong((name,), f"ожидалось {_WAYS[name]} или {{lacks: причина}}")
        else:
            can.add(name)
    return frozenset(can), lacks


def _use_cases(file: SettingsFile) -> dict[str, str]:
    """Those that the portal lacks, with reasons."""
    key = ("use_cases",)
    said = file.only(key, file.value.get("use_cases", {}), {*USE_CASES, *VIEWS})
    lacks = {}
    for name, value in said.items():
        reasons = file.only((*key, name), value, {"lacks"})
        lacks[name] = file.text((*key, name, "lacks"), reasons.get("lacks"))
    return lacks


def _path(file: SettingsFile, name: str) -> str:
    path = file.text((name,), file.value[name])
    holes = {"portal": {"area": ""}, "admin": {}, "services": {"area": "", "service": ""}}[name]
    try:
        path.format(**holes)
    except (KeyError, IndexError, ValueError):
        known = ", ".join(f"{{{hole}}}" for hole in holes) or "ничего"
        raise file.wrong((name,), f"подставить можно: {known}") from None
    if not path.startswith("/"):
        raise file.wrong((name,), "путь начинается с /")
    return path

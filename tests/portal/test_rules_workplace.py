"""Chapter ENV: browsers, the workplace of the client program, its distribution."""

from dataclasses import replace
from typing import Any

import pytest

from portal.rules import workplace
from portal.rules.workplace import BrowserUse, Distribution, SavedProfile, Workplace
from rulebook import Text
from tests.portal.findings import found


def fields(check: Any, claim: Any) -> list[str]:
    return [field for field, _ in found(check, claim)]


CHROME = BrowserUse(name="chrome", version=120, oldest=120)
SAFARI = BrowserUse(name="safari", version=17, oldest=0)


@pytest.mark.parametrize(
    ("browser", "changes", "expected"),
    [
        (CHROME, {}, []),
        (CHROME, {"version": 119}, ["browser"]),
        (CHROME, {"signs": True}, []),
        (CHROME, {"name": "firefox"}, []),
        (CHROME, {"name": "edge"}, []),
        (CHROME, {"name": "opera"}, ["browser"]),
        (CHROME, {"cookies": False}, ["cookies"]),
        (CHROME, {"javascript": False}, ["javascript"]),
        (
            CHROME,
            {"name": "ie", "cookies": False, "javascript": False},
            ["browser", "cookies", "javascript"],
        ),
        (SAFARI, {}, []),
        (SAFARI, {"signs": True}, ["signature"]),
    ],
)
def test_browsers_that_are_supported(
    browser: BrowserUse, changes: dict[str, Any], expected: list[str]
) -> None:
    assert fields(workplace.browser_is_supported, replace(browser, **changes)) == expected


FIT = Workplace(
    system="Windows",
    release="10",
    cpu="x86_64",
    cpu_ghz=2,
    ram_gb=4,
    disk_mb=150,
    https=True,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"release": "11"}, []),
        ({"release": "8"}, ["system"]),
        ({"release": "10.0"}, ["system"]),
        ({"system": "macOS", "release": "10.15"}, []),
        ({"system": "macOS", "release": "10.15.1"}, []),
        ({"system": "macOS", "release": "14"}, []),
        ({"system": "macOS", "release": "10.14.6"}, ["system"]),
        ({"system": "macOS", "release": "Catalina"}, ["system"]),
        ({"system": "macOS", "release": "9" * 5000}, ["system"]),
        ({"system": "Linux", "release": "deb"}, []),
        ({"system": "linux", "release": "RPM"}, []),
        ({"system": "Linux", "release": "apk"}, ["system"]),
        ({"system": "Haiku", "release": "10"}, ["system"]),
        ({"cpu": "arm64"}, ["cpu"]),
        ({"cpu_ghz": 1.99}, ["cpu_ghz"]),
        ({"ram_gb": 3.99}, ["ram_gb"]),
        ({"disk_mb": 149.9}, ["disk_mb"]),
        ({"https": False}, ["https"]),
        ({"cpu_ghz": 1, "ram_gb": 1, "disk_mb": 1}, ["cpu_ghz", "ram_gb", "disk_mb"]),
    ],
)
def test_workplaces_that_are_fit(changes: dict[str, Any], expected: list[str]) -> None:
    assert fields(workplace.workplace_is_fit, replace(FIT, **changes)) == expected


@pytest.mark.parametrize(
    ("known", "fresh", "same_device", "expected"),
    [
        (True, True, True, []),
        (False, True, True, ["profile"]),
        (True, False, True, ["profile"]),
        (True, True, False, ["profile"]),
    ],
)
def test_a_saved_profile_is_good_for_a_while_on_its_device(
    known: bool, fresh: bool, same_device: bool, expected: list[str]
) -> None:
    claim = SavedProfile(known=known, fresh=fresh, same_device=same_device)
    assert fields(workplace.workplace_is_fit, claim) == expected


GENUINE = Distribution(official_site=True, signed=True, by_publisher=True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"official_site": False}, [("source", "это не официальный сайт")]),
        ({"signed": False, "why": Text("изменён", "changed")}, [("signature", "изменён")]),
        ({"by_publisher": False}, [("signature", "подписал не издатель")]),
        ({"signed": False, "by_publisher": False}, [("signature", None)]),
    ],
)
def test_distributions_that_are_genuine(
    changes: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    assert found(workplace.distribution_is_genuine, replace(GENUINE, **changes)) == expected

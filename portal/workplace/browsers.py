"""Which browser a request comes from, by its User-Agent, and whether it is good enough (ENV-01).

Programs that are no browsers (curl, an ERP, the client program) say so by no name of a browser and
are asked for nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.rules.rule import Violation
from portal.rules.workplace import BrowserUse, browser_is_supported
from rulebook import Policy

__all__ = ["OLDEST", "Browser", "browser_of", "unfit_browser"]

OLDEST: Final[Mapping[str, int]] = {"chrome": 120, "edge": 120, "firefox": 115}
"""The oldest major version that counts as recent (assumption: two years and a half)."""

_LONGEST: Final = 1000  # characters of a header that are looked at
# In this order: most browsers name others beside themselves.
_MARKS: Final = tuple(
    (name, re.compile(mark))
    for name, mark in (
        ("opera", r"(?:OPR|Opera)/(\d{1,6})"),
        ("yandex", r"YaBrowser/(\d{1,6})"),
        ("samsung", r"SamsungBrowser/(\d{1,6})"),
        ("edge", r"(?:Edge|EdgA|EdgiOS|Edg)/(\d{1,6})"),
        ("ie", r"(?:MSIE |Trident/.*rv:)(\d{1,6})"),
        ("firefox", r"(?:Firefox|FxiOS)/(\d{1,6})"),
        ("chrome", r"(?:Chrome|CriOS)/(\d{1,6})"),
        ("safari", r"Version/(\d{1,6}).*Safari/"),
    )
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser by its family (in lower case) and major version."""

    name: str
    version: int


@lru_cache(1024)
def browser_of(user_agent: str) -> Browser | None:
    """The browser that calls itself so; None for what is none."""
    for name, mark in _MARKS:
        found = mark.search(user_agent[:_LONGEST])
        if found is not None:
            return Browser(name, int(found[1]))
    return None


def unfit_browser(
    user_agent: str,
    policy: Policy,
    *,
    signs: bool,
    cookies: bool = True,
    javascript: bool = True,
) -> tuple[Violation, ...]:
    """What ENV-01 says of the browser that calls itself so; nothing of what is none."""
    browser = browser_of(user_agent)
    if browser is None:
        return ()
    claim = BrowserUse(
        name=browser.name,
        version=browser.version,
        oldest=OLDEST.get(browser.name, 0),
        cookies=cookies,
        javascript=javascript,
        signs=signs,
    )
    return browser_is_supported(claim, policy)

"""A person with a browser, who signs in on the pages of ЕСИА."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from lxml import html

__all__ = ["Person", "Way"]

_PASSWORD: Final = "poligon"  # everybody's on the stand
_PRIVATE: Final = "Как частное лицо"
_MOST_PAGES: Final = 10


@dataclass(frozen=True)
class Way:
    """The headings of the pages on a person's way, and the address of the system at its end."""

    headings: list[str]
    end: str

    @property
    def told(self) -> dict[str, str]:
        """What the system is told by that address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.end).query).items()}


@dataclass(frozen=True)
class Person:
    """Signs in as `login`, takes the role whose button says `role`, and consents to what is asked
    unless `consents` is false."""

    session: requests.Session
    login: str
    role: str = _PRIVATE
    consents: bool = True

    def go(self, url: str) -> Way:
        """Open an address in the browser and do what its pages want."""
        headings = []
        answer = self._opened(url)
        while not answer.is_redirect:
            page = html.fromstring(answer.content, base_url=answer.url)
            headings.append(page.findtext(".//h1") or "")
            assert len(headings) < _MOST_PAGES, headings
            answer = self._pressed(page, answer.url, headings[-1])
        return Way(headings, answer.headers["Location"])

    def _pressed(self, page: html.HtmlElement, url: str, heading: str) -> requests.Response:
        """The answer to the form that the page wants filled in."""
        typed = {}
        match heading:
            case "Вход":
                typed = {"login": self.login, "password": _PASSWORD}
                label = "Войти"
            case "Как войти?":
                label = self.role
            case "Предоставить доступ?":
                label = "Предоставить" if self.consents else "Отказать"
            case _:
                raise AssertionError(page.text_content())
        (button,) = page.xpath(
            "//button[normalize-space(.) = $label or normalize-space(b) = $label]", label=label
        )
        (form,) = button.iterancestors("form")
        assert set(typed) == set(form.fields), "the form has other fields"
        if button.get("name"):
            typed[button.get("name")] = button.get("value")
        return self._opened(urljoin(url, form.action), typed)

    def _opened(self, url: str, typed: dict[str, str] | None = None) -> requests.Response:
        """The page at an address, or the redirect that leads away from the stand."""
        stand = urlsplit(url).netloc
        method = "GET" if typed is None else "POST"
        answer = self.session.request(method, url, data=typed, allow_redirects=False)
        while answer.is_redirect:
            location = urljoin(answer.url, answer.headers["Location"])
            if urlsplit(location).netloc != stand:
                break
            answer = self.session.get(location, allow_redirects=False)
        return answer

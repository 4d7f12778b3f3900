"""Pages that people see: server-rendered, without scripts, nothing fetched from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mocks.core.http import Answer
from mocks.core.service import Call
from mocks.esia.addresses import base_path
from mocks.esia.clients import Clients
from mocks.esia.logins import PRIVATE, Login, Logins

__all__ = ["PASSWORD", "error_page", "login_page", "message_page", "qr_page"]

PASSWORD: Final = "poligon"
"""Everybody's password: no secret, the page itself tells it. Any other one is wrong."""

REFRESH_S: Final = 3
"""How often the page of a QR code looks whether it was confirmed."""

_HTML: Final = "text/html; charset=utf-8"
_PAGES: Final = Path(__file__).parent / "pages"
# Pages show what other systems say of themselves: no script of theirs runs, nobody frames them.
# `form-action` is left out: browsers would apply it to the redirect back to the system.
_HEADERS: Final = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "
     "frame-ancestors 'none'; base-uri 'none'"),
    ("Referrer-Policy", "no-referrer"),
)  # fmt: skip


def login_page(
    call: Call, login: Login, *, problem: str = "", entered: str = "", status: int = 200
) -> Answer:
    """The page of the step that comes next; `entered` is what was typed as a login."""
    logins = call.tenant.state(Logins)
    shown = {**_common(call, login), "problem": problem}
    match logins.step(login):
        case "password":
            return _page("password", status, **shown, login=entered, password=PASSWORD)
        case "role":
            roles = logins.roles(login)
            return _page("role", status, **shown, roles=roles, private=PRIVATE)
        case _:
            titles = list(dict.fromkeys(scope.title for scope in logins.missing(login)))
            return _page("consent", status, **shown, role=login.role, titles=titles)


def qr_page(call: Call, login: Login, content: str, lifetime_s: int, problem: str) -> Answer:
    """The page of a QR code that waits, or has a `problem`."""
    shown = {"content": content, "lifetime_s": lifetime_s, "problem": problem}
    waits = not problem
    return _page("qr", 200, **_common(call, login), **shown, waits=waits, refresh_s=REFRESH_S)


def error_page(text: str, status: int = 400) -> Answer:
    """What a person sees when there is nowhere to send them back to."""
    return message_page("Ошибка входа", text, status, alarm=True)


def message_page(title: str, text: str, status: int = 200, *, alarm: bool = False) -> Answer:
    """A page that only says something."""
    return _page("message", status, title=title, text=text, alarm=alarm)


def _common(call: Call, login: Login) -> dict[str, Any]:
    client = call.tenant.state(Clients).find(login.request.client)
    return {
        "system": login.request.client if client is None else client.name,
        "action": f"{base_path(call)}/login/{login.id}",
        "person": "" if login.person is None else str(login.person.name),
    }


def _page(name: str, status: int, **shown: Any) -> Answer:
    text = _templates().get_template(f"{name}.html.j2").render(shown)
    return Answer(status, text.encode(), _HTML, _HEADERS)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

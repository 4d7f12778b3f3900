"""Sign-out: `/idp/ext/Logout` ends the person's session and leads back to the system."""

from mocks.core.http import Answer
from mocks.core.service import Call, Service
from mocks.esia.addresses import base_path
from mocks.esia.clients import Clients
from mocks.esia.errors import Declined
from mocks.esia.login_page import error_page, message_page
from mocks.esia.parameters import parameters, required
from mocks.esia.sessions import COOKIE, Sessions

__all__ = ["add_routes"]


def add_routes(service: Service) -> None:
    """Let `service` sign people out."""
    service.get("/idp/ext/Logout")(_logout)


def _logout(call: Call) -> Answer:
    """End the session; back to `redirect_url` if the system has registered it."""
    try:
        given = parameters(call.request.query)
        client = call.tenant.state(Clients).known(required(given, "client_id"))
        back = given.get("redirect_url", "")
        if back and not client.leads_back_to(back):
            raise Declined("007023", back[:200])
    except Declined as declined:
        return error_page(declined.description)
    call.tenant.state(Sessions).end(call.request)
    cookie = f"{COOKIE}=; Path={base_path(call) or '/'}; HttpOnly; SameSite=Lax; Max-Age=0"
    forget = ("Set-Cookie", cookie)
    if back:
        return Answer(302, headers=(("Location", back), ("Cache-Control", "no-store"), forget))
    page = message_page("Вы вышли", "Сеанс в ЕСИА завершён.")
    return Answer(page.status, page.body, page.media_type, (*page.headers, forget))

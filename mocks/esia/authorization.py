"""The request for a code: `/aas/oauth2/ac`, and `/aas/oauth2/v2/ac` with the bare signature."""

from collections.abc import Callable
from typing import Final, TypeAlias
from urllib.parse import urlencode

from mocks.core.http import Answer
from mocks.core.register import new_id
from mocks.core.service import Call, Service
from mocks.esia.addresses import base_path
from mocks.esia.client_signatures import check_v1, check_v2
from mocks.esia.clients import Client, Clients
from mocks.esia.codes import Codes
from mocks.esia.errors import Declined
from mocks.esia.faults import ALTERED_STATE, LOGIN_UNAVAILABLE
from mocks.esia.login_page import error_page
from mocks.esia.logins import PRIVATE, CodeRequest, Login, Logins
from mocks.esia.parameters import Parameters, parameters, required
from mocks.esia.people import known_person, person_of_login
from mocks.esia.pkce import challenge_of
from mocks.esia.scopes import Scope, scopes_of
from mocks.esia.sessions import COOKIE, Session, Sessions
from mocks.esia.timestamps import check_timestamp

__all__ = ["LOGIN_PARAMETER", "ROLE_PARAMETER", "add_routes", "decline", "go_on", "with_session"]

LOGIN_PARAMETER: Final = "poligon_login"
"""Ours: who signs in without being asked; for tests that have no browser."""

ROLE_PARAMETER: Final = "poligon_role"
"""Ours: which role they take, PRIVATE if none is named."""

Check: TypeAlias = Callable[[Call, Client, Parameters], None]


def add_routes(service: Service) -> None:
    """Let `service` answer requests for a code, by GET and by POST."""
    for path, check in (("/aas/oauth2/ac", check_v1), ("/aas/oauth2/v2/ac", _check_bare)):
        service.get(path)(_handler(check))
        service.post(path)(_handler(check))


def _handler(check: Check) -> Callable[[Call], Answer]:
    def ask(call: Call) -> Answer:
        try:
            given = _given(call)
            client = call.tenant.state(Clients).known(required(given, "client_id"))
            redirect_uri = required(given, "redirect_uri")
            if not client.leads_back_to(redirect_uri):
                raise Declined("007023", redirect_uri[:200])
        except Declined as declined:
            return error_page(declined.description)
        try:
            request = _checked(call, client, given, check)
            return _begin(call, request, given)
        except Declined as declined:
            return _leave(call, redirect_uri, given.get("state"), declined)

    return ask


def _given(call: Call) -> Parameters:
    return parameters(call.request.query if call.request.method != "POST" else call.request.body)


def _check_bare(call: Call, client: Client, given: Parameters) -> None:
    check_v2(call, client, given, [given.get("redirect_uri", "")])


def _checked(call: Call, client: Client, given: Parameters, check: Check) -> CodeRequest:
    """The request, if everything about it is good; Declined."""
    if call.hit(LOGIN_UNAVAILABLE):
        raise Declined("007008")
    if required(given, "response_type") != "code":
        raise Declined("007009", "response_type: ожидается code")
    access_type = given.get("access_type", "online")
    if access_type not in ("online", "offline"):
        raise Declined("007003", "access_type: ожидается online или offline")
    state = required(given, "state")
    check_timestamp(call, required(given, "timestamp"))
    check(call, client, given)
    asked = _allowed(client, scopes_of(given.get("scope", "")))
    if given.get("scope_org"):
        asked += _allowed(client, _organizations_scopes(given["scope_org"]))
    return CodeRequest(
        client=client.mnemonic,
        redirect_uri=given["redirect_uri"],
        state=state,
        scopes=tuple(scope for scope in asked if not _is_of_chosen(scope)),
        scope_org=tuple(scope for scope in asked if _is_of_chosen(scope)),
        challenge=challenge_of(given),
        nonce=given.get("nonce"),
        offline=access_type == "offline",
    )


def _allowed(client: Client, scopes: tuple[Scope, ...]) -> tuple[Scope, ...]:
    for scope in scopes:
        if scope.name not in client.scopes:
            raise Declined("007019", f"системе не разрешена область {scope.name}")
    return scopes


def _organizations_scopes(text: str) -> tuple[Scope, ...]:
    scopes = scopes_of(text)
    for scope in scopes:
        if not scope.is_organizations:
            raise Declined("007006", f"scope_org: {scope} не область доступа организации")
    return scopes


def _is_of_chosen(scope: Scope) -> bool:
    return scope.is_organizations and scope.oid is None


# --- the person's way -----------------------------------------------------------------------------


def _begin(call: Call, request: CodeRequest, given: Parameters) -> Answer:
    logins = call.tenant.state(Logins)
    login = logins.begin(request, call.key, call.now_us)
    try:
        if LOGIN_PARAMETER in given:
            return _go_unasked(call, login, given)
        if given.get("prompt") != "login":
            _identify_by_session(call, login)
        return go_on(call, login)
    except Declined:
        logins.end(login)
        raise


def _identify_by_session(call: Call, login: Login) -> None:
    session = call.tenant.state(Sessions).of(call.request, call.now_us)
    person = None if session is None else known_person(call.tenant.records, session.person)
    if session is not None and person is not None:
        logins = call.tenant.state(Logins)
        logins.identify(login, person, session.method, session.began_us)


def _go_unasked(call: Call, login: Login, given: Parameters) -> Answer:
    """A test says who signs in and as whom; consent is taken for given."""
    logins = call.tenant.state(Logins)
    person = person_of_login(call.tenant.records, given[LOGIN_PARAMETER])
    if person is None:
        raise Declined("007004", f"{LOGIN_PARAMETER}: такой учётной записи нет")
    logins.identify(login, person, "PWD", call.now_us)
    if not logins.choose(login, given.get(ROLE_PARAMETER, PRIVATE)):
        raise Declined("007004", f"{ROLE_PARAMETER}: такой роли у пользователя нет")
    session = call.tenant.state(Sessions).begin(person.index, "PWD", call.key, call.now_us)
    logins.consent(login)
    return with_session(call, session, go_on(call, login))


def go_on(call: Call, login: Login) -> Answer:
    """To the next page, or back to the system once nothing is left to ask. Declined."""
    logins = call.tenant.state(Logins)
    if login.person is not None:
        logins.scopes(login)  # what cannot be granted is not asked about
    if logins.step(login) != "done":
        location = f"{base_path(call)}/login/{login.id}"
        return Answer(302, headers=(("Location", location), ("Cache-Control", "no-store")))
    logins.end(login)
    request = login.request
    code = call.tenant.state(Codes).issue(
        logins.grant(login), request.redirect_uri, request.challenge, call.key, call.now_us
    )
    return _redirect(call, request.redirect_uri, {"code": code}, request.state)


def decline(call: Call, login: Login, declined: Declined) -> Answer:
    """The login is over: back to the system with an error."""
    call.tenant.state(Logins).end(login)
    return _leave(call, login.request.redirect_uri, login.request.state, declined)


def _leave(call: Call, redirect_uri: str, state: str | None, declined: Declined) -> Answer:
    told = {"error": declined.error, "error_description": declined.description}
    return _redirect(call, redirect_uri, told, state)


def with_session(call: Call, session: Session, answer: Answer) -> Answer:
    """`answer` with the cookie of a session."""
    cookie = f"{COOKIE}={session.id}; Path={base_path(call) or '/'}; HttpOnly; SameSite=Lax"
    return Answer(
        answer.status, answer.body, answer.media_type, (*answer.headers, ("Set-Cookie", cookie))
    )


def _redirect(call: Call, uri: str, told: dict[str, str], state: str | None) -> Answer:
    if state is not None:
        altered = call.hit(ALTERED_STATE)
        told = {**told, "state": new_id(call.key, "altered state") if altered else state}
    location = f"{uri}{'&' if '?' in uri else '?'}{urlencode(told)}"
    return Answer(302, headers=(("Location", location), ("Cache-Control", "no-store")))

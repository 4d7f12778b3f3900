"""The change of a code, a refresh token or of the system's own name for markers:
`/aas/oauth2/te`, and `/aas/oauth2/v3/te` with the bare signature."""

from collections.abc import Callable, Collection
from typing import Any, Final

from mocks.core.http import Answer, json_answer
from mocks.core.register import new_id
from mocks.core.service import Call, Service
from mocks.esia.client_signatures import check_v1, check_v2
from mocks.esia.clients import Client, Clients
from mocks.esia.codes import Codes
from mocks.esia.consents import Consents
from mocks.esia.errors import Declined
from mocks.esia.faults import ALTERED_STATE, flaws_of
from mocks.esia.grants import Grant, check_within
from mocks.esia.markers import ACCESS_S, Markers
from mocks.esia.oids import organization_by_oid, person_by_oid
from mocks.esia.parameters import Parameters, parameters, required
from mocks.esia.refresh_tokens import RefreshTokens
from mocks.esia.scopes import OPENID, Scope, scopes_of
from mocks.esia.timestamps import check_timestamp

__all__ = ["add_routes"]

_GRANT_TYPES: Final = ("authorization_code", "refresh_token", "client_credentials")


def add_routes(service: Service) -> None:
    """Let `service` give markers."""
    service.post("/aas/oauth2/te")(_handler(bare=False))
    service.post("/aas/oauth2/v3/te")(_handler(bare=True))


def _handler(bare: bool) -> Callable[[Call], Answer]:
    def give(call: Call) -> Answer:
        given: Parameters = {}
        try:
            given = parameters(call.request.body)
            told = _given(call, given, bare)
        except Declined as declined:
            told = {"error": declined.error, "error_description": declined.description}
            if "state" in given:
                told["state"] = given["state"]
            return json_answer(told, 400, {"Cache-Control": "no-store"})
        return json_answer(told, headers={"Cache-Control": "no-store"})

    return give


def _given(call: Call, given: Parameters, bare: bool) -> dict[str, Any]:
    client = call.tenant.state(Clients).known(required(given, "client_id"))
    grant_type = required(given, "grant_type")
    if grant_type not in _GRANT_TYPES:
        raise Declined("007012", f"grant_type: ожидается {' | '.join(_GRANT_TYPES)}")
    if given.get("token_type", "Bearer").lower() != "bearer":
        raise Declined("007003", "token_type: ожидается Bearer")
    state = required(given, "state")
    check_timestamp(call, required(given, "timestamp"))
    if bare:
        needs_hash = grant_type != "refresh_token"  # some clients leave it out there
        endings = _endings(grant_type, given)
        check_v2(call, client, given, endings, needs_hash=needs_hash)
    else:
        check_v1(call, client, given)
    asked = scopes_of(given.get("scope", ""))
    match grant_type:
        case "authorization_code":
            code = required(given, "code")
            required(given, "redirect_uri")
            codes = call.tenant.state(Codes)
            grant = codes.redeem(code, client.mnemonic, given, asked, call.now_us)
        case "refresh_token":
            grant = _refreshed(call, client, given, asked)
        case _:
            grant = _own_grant(call, client, asked)
    return _markers(call, client, grant, state)


def _endings(grant_type: str, given: Parameters) -> Collection[str]:
    """How the signed text may end; of a refresh public clients sign either of two."""
    back = given.get("redirect_uri", "")
    if grant_type == "authorization_code":
        return [back + given.get("code", "")]
    if grant_type == "refresh_token":
        return [back, given.get("refresh_token", "")]
    return [back]


def _refreshed(call: Call, client: Client, given: Parameters, asked: tuple[Scope, ...]) -> Grant:
    token = required(given, "refresh_token")
    tokens = call.tenant.state(RefreshTokens)
    grant = tokens.find(token, client.mnemonic)
    check_within(asked, grant)
    tokens.use_up(token)
    return grant


def _own_grant(call: Call, client: Client, asked: tuple[Scope, ...]) -> Grant:
    """What a system may see without a person at the screen: organizations, and people who have
    consented."""
    people = set()
    for scope in asked:
        if scope.name not in client.scopes:
            raise Declined("007019", f"системе не разрешена область {scope.name}")
        if scope.oid is None or scope.name == OPENID:
            raise Declined("007006", f"{scope}: ожидается oid")
        if scope.is_organizations:
            if organization_by_oid(call.tenant.records, scope.oid) is None:
                raise Declined("007019", f"{scope}: такой организации нет")
        else:
            people.add(_consenting(call, client, scope))
    if len(people) > 1:
        raise Declined("007006", "области доступа разных людей")
    return Grant(client=client.mnemonic, scopes=asked, person=next(iter(people), None))


def _consenting(call: Call, client: Client, scope: Scope) -> int:
    """The index of the person whose scope it is; Declined 007019 without their consent."""
    person = None if scope.oid is None else person_by_oid(call.tenant.records, scope.oid)
    consents = call.tenant.state(Consents)
    if person is None or consents.missing(client.mnemonic, person.index, [scope]):
        raise Declined("007019", f"{scope}: согласия пользователя нет")
    return person.index


def _markers(call: Call, client: Client, grant: Grant, state: str) -> dict[str, Any]:
    markers = call.tenant.state(Markers)
    issue = markers.issue(grant, client, call.key, call.now_us, flaws_of(call))
    altered = call.hit(ALTERED_STATE)
    told: dict[str, Any] = {
        "access_token": issue.access,
        "expires_in": ACCESS_S if client.expires_in == "number" else str(ACCESS_S),
        "state": new_id(call.key, "altered state") if altered else state,
        "token_type": "Bearer",
    }
    if issue.id is not None:
        told["id_token"] = issue.id
    if grant.offline:
        told["refresh_token"] = call.tenant.state(RefreshTokens).issue(grant, call.key)
    return told

"""ЕАИС: participants register, get and rotate credentials, read licences and changes.

The sources name the system and what it exchanges. Tokens are those of OAuth 2.0 (RFC 6749, client
credentials); the other paths and names are ours.
"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import (
    Submission,
    asked_organization,
    in_force,
    organization_of,
    standing_of,
)
from mocks.case_work.cases import Step
from mocks.case_work.entry_routes import as_of, shown
from mocks.case_work.terms import day_after, last_moment
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.inboxes import Message
from mocks.core.moments import moment
from mocks.core.register import digest_of, request_id_taken
from mocks.core.service import Call, Service
from mocks.eais.credentials import LATE_US, LIFETIME_DAYS, TOKEN_LIFETIME_S
from mocks.eais.participants import (
    MOST_PARTICIPANTS,
    Participant,
    Participants,
    registration_data,
)
from mocks.licence_registry.registry import LicenceRegistry
from world.records import Organization

__all__ = ["service"]

service: Final = Service(
    "eais",
    own_faults={
        "late_credentials": "новые учётные данные начинают действовать через 10 минут",
        "token_rejected": "действующий токен отвергается (OPS-07)",
        "stale_licences": "сведения о лицензиях отдаются суточной давности",
    },
    begin=lambda tenant: tenant.state(LicenceRegistry),
)


class Registration(Submission):
    """An organization that wants to take part."""

    kpp: str | None = None


class Rotation(BaseModel):
    """The secret that is to be replaced."""

    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(min_length=1, max_length=64)]


# --- registration and credentials


@service.post("/v1/participants")
def register(call: Call) -> Answer:
    """Register an organization: 201 with credentials, shown once; 200 without them for a
    repetition."""
    asked = call.request.read(Registration)
    state = call.tenant.state(Participants)
    digest = digest_of(asked)
    repeated = state.by_request.get((asked.inn, asked.request_id))
    if repeated is not None:
        if repeated.request_digest != digest:
            raise request_id_taken(asked.request_id)
        return json_answer(_view(call, repeated))
    organization = organization_of(call, asked.inn, asked.ogrn)
    if asked.kpp != organization.kpp:
        raise Refusal(422, "kpp-mismatch", "КПП не тот, что в реестре", field="kpp")
    if not in_force(organization):
        message = f"Организация {standing_of(organization)}"
        raise Refusal(422, "organization-not-active", message, field="inn")
    if state.of_organization(organization) is not None:
        message = f"Организация {asked.inn} уже зарегистрирована"
        raise Refusal(409, "already-registered", message, field="inn")
    if len(state) >= MOST_PARTICIPANTS:
        raise Refusal(507, "too-many", "Реестр участников заполнен")
    participant = Participant(
        number=f"{len(state) + 1:08}",
        inn=organization.inn,
        valid_from=call.tenant.clock.calendar.date(call.now_us),
        valid_until=None,
        history=[Step(call.now_us, "active", "Участник зарегистрирован", None)],
        organization=organization.index,
        data=registration_data(organization),
        request_digest=digest,
    )
    state.add(participant, asked.request_id, call.now_us)
    issued = _issue(call, participant)
    return json_answer({**_view(call, participant), "credentials": issued}, 201)


@service.post("/v1/participants/{participant}/credentials")
def rotate(call: Call) -> Answer:
    """Replace the secret; the old one works for a day more."""
    participant = _participant(call)
    asked = call.request.read(Rotation)
    participant.credentials.check(asked.secret, call.now_us)
    return json_answer({"credentials": _issue(call, participant)}, 201)


@service.post("/v1/participants/{participant}/credentials/reset")
def reset(call: Call) -> Answer:
    """Send a new secret to the organization's e-mail of the registry, when the old one is lost."""
    participant = _participant(call)
    organization = _registered(call, participant)
    issued = _issue(call, participant)
    call.tenant.inboxes.deliver(
        Message(
            id=f"eais-{participant.number}-{call.now_us}",
            channel="email",
            to=organization.email,
            subject="ЕАИС: новые учётные данные",
            text=f"Идентификатор {issued['client_id']}, секрет {issued['client_secret']}",
            sender="eais",
            sent_us=call.now_us,
            delivered_us=call.now_us,
        )
    )
    return json_answer({"sent": True}, 202)


@service.post("/v1/token")
def token(call: Call) -> Answer:
    """An access token for credentials (RFC 6749, 4.4): form fields grant_type, client_id,
    client_secret."""
    form = call.request.form()
    if form.get("grant_type") != "client_credentials":
        message = "Ожидается grant_type=client_credentials"
        raise Refusal(400, "unsupported_grant_type", message, field="grant_type")
    state = call.tenant.state(Participants)
    participant = state.by_number(form.get("client_id", ""))
    if participant is None:
        raise Refusal(401, "invalid_client", "Неверные учётные данные")
    participant.credentials.check(form.get("client_secret", ""), call.now_us)
    issued = {
        "access_token": state.tokens.issue(participant.number, call.key, call.now_us),
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME_S,
    }
    return json_answer(issued, headers={"Cache-Control": "no-store"})


def _issue(call: Call, participant: Participant) -> dict[str, str]:
    calendar, now_us = call.tenant.clock.calendar, call.now_us
    from_us = now_us + (LATE_US if call.hit("late_credentials") else 0)
    last_us = last_moment(calendar, day_after(calendar, now_us, LIFETIME_DAYS))
    return {
        "client_id": participant.number,
        "client_secret": participant.credentials.renew(call.key, now_us, from_us, last_us + 1),
        "valid_until": moment(call.tenant, last_us),
    }


# --- the exchange


@service.get("/v1/participants/{participant}")
def show(call: Call) -> Answer:
    """One's own entry."""
    return json_answer(_view(call, _authorized_self(call)))


@service.post("/v1/participants/{participant}/confirmation")
def confirm(call: Call) -> Answer:
    """Confirm the data that the registries have changed; Refusal 409 if nothing has changed."""
    participant = _authorized_self(call)
    organization = _registered(call, participant)
    call.tenant.state(Participants).confirm(participant, organization, call.now_us)
    return json_answer(_view(call, participant))


@service.get("/v1/licences")
def licences(call: Call) -> Answer:
    """Licences of the organization of parameter `inn`, from the registry that licensing bodies
    keep."""
    _authorized(call)
    organization = asked_organization(call)
    registry = call.tenant.state(Participants).licences
    as_of_us = as_of(call, "stale_licences")
    found = registry.of_organization(organization)
    told = shown(call, found, as_of_us)
    return json_answer({"as_of": moment(call.tenant, as_of_us), "licences": told})


@service.get("/v1/changes")
def changes(call: Call) -> Answer:
    """Changes of licences and participants."""
    _authorized(call)
    return feed_page(call)


def _participant(call: Call) -> Participant:
    number = call.values["participant"]
    found = call.tenant.state(Participants).by_number(number)
    if found is None:
        raise Refusal(404, "no-such-participant", f"Участника {number} нет")
    if found.state == "closed":
        raise Refusal(409, "closed", f"Участник {number} исключён")
    return found


def _registered(call: Call, participant: Participant) -> Organization:
    organization = call.tenant.records.known_organization(participant.organization)
    if organization is None:
        message = f"ИНН {participant.inn} нет в реестрах"
        raise Refusal(404, "no-such-organization", message)
    return organization


def _authorized(call: Call) -> str:
    """The number of the participant whose token came with the request; Refusal 401 (RFC 6750)."""
    scheme, _, token = (call.request.header("Authorization") or "").partition(" ")
    number = call.tenant.state(Participants).tokens.participant(token.strip(), call.now_us)
    if scheme.lower() != "bearer" or number is None or call.hit("token_rejected"):
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Refusal(401, "invalid_token", "Нужен действующий токен", headers=headers)
    return number


def _authorized_self(call: Call) -> Participant:
    number = _authorized(call)
    participant = _participant(call)
    if participant.number != number:
        raise Refusal(403, "foreign-participant", "Это запись другого участника")
    return participant


def _view(call: Call, participant: Participant) -> dict[str, Any]:
    return participant.view(call.tenant, call.now_us)

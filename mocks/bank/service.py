"""The bank: OpenID Connect CIBA for identification, checks of accounts and cards, statements.

Real: CIBA Core 1.0 in poll mode with its errors, claims as СберБизнес ID names them, the JWS and
its key set. Ours: the form of `login_hint` (`account:БИК:счёт:ИНН` or `card:номер`), the checks'
paths, one client with a known secret, EdDSA instead of GOST. `/v1/customers/…` and `/app/…` stand
for the customer and the bank's staff.
"""

from typing import Any, Final

from mocks.accounts.cards import card_of, card_owner
from mocks.accounts.ledger import Accounts, AccountState, MoneyRefused
from mocks.bank.card_verification import Verification, Verifications
from mocks.bank.clients import authenticated
from mocks.bank.customers import claims_about, holder_of, holder_of_hint
from mocks.bank.identification import CONFIRM_S, TOKEN_S, Consent, Consents
from mocks.bank.requests import AccountChange, AccountCheck, CardCheck, HeldAmount
from mocks.bank.statements import Signer
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from world.identifiers import is_valid_settlement_account
from world.microseconds import SECOND_US
from world.records import Organization

__all__ = ["service"]

ISSUER: Final = "https://id.bank.test"

_GRANT: Final = "urn:openid:params:grant-type:ciba"
_MOST_NONCE: Final = 256


def oauth_error(refusal: Refusal) -> Answer:
    """The refusal as OAuth 2 words it (RFC 6749, 5.2)."""
    problem = {"error": refusal.code, "error_description": refusal.message}
    if refusal.field is not None:
        problem["field"] = refusal.field
    return json_answer(problem, refusal.status, refusal.headers)


service: Final = Service(
    "bank",
    own_faults={
        "false_refusal": "банк не узнаёт своего клиента, хотя сведения верны (OPS-07)",
        "stale_state": "сведения о счёте отстали: закрытый или заблокированный показан открытым",
        "confirmation_lost": "подтверждение клиента не дошло до банка, запрос ждёт до истечения",
        "wrong_signature": "выписка подписана чужим ключом",
    },
    refuse=oauth_error,
)


# --- identification -------------------------------------------------------------------------------


@service.post("/bc-authorize")
def start_identification(call: Call) -> Answer:
    """Ask the customer for consent (CIBA, 7.1); 400 `unknown_user_id` if the bank has no such
    customer."""
    form = call.request.form()
    client_id = authenticated(call, form)
    if "openid" not in form.get("scope", "").split():
        raise Refusal(400, "invalid_scope", "scope: ожидается openid", field="scope")
    nonce = form.get("nonce")
    if nonce is not None and len(nonce) > _MOST_NONCE:
        raise Refusal(400, "invalid_request", f"nonce: больше {_MOST_NONCE} знаков", field="nonce")
    customer = holder_of_hint(call, form.get("login_hint", ""))
    if customer is None or call.hit("false_refusal"):
        message = "Банк не обслуживает такого клиента"
        raise Refusal(400, "unknown_user_id", message, field="login_hint")
    consents = call.tenant.state(Consents)
    consent = consents.ask(client_id, customer.index, nonce, call.key, call.now_us)
    return json_answer(
        {"auth_req_id": consent.id, "expires_in": CONFIRM_S, "interval": consent.interval_s}
    )


@service.post("/token")
def give_tokens(call: Call) -> Answer:
    """The portal polls (CIBA, 10.1): a signed statement and an access token, once."""
    form = call.request.form()
    client_id = authenticated(call, form)
    if form.get("grant_type") != _GRANT:
        message = f"grant_type: ожидается {_GRANT}"
        raise Refusal(400, "unsupported_grant_type", message, field="grant_type")
    consent = call.tenant.state(Consents).redeem(
        form.get("auth_req_id", ""), client_id, call.key, call.now_us
    )
    organization = _consenting(call, consent)
    issued_s = int(call.tenant.clock.calendar.local(call.now_us).timestamp())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": client_id,
        "sub": f"{organization.account.bik}:{organization.account.number}",
        "iat": issued_s,
        "exp": issued_s + TOKEN_S,
        "urn:openid:params:jwt:claim:auth_req_id": consent.id,
    }
    if consent.nonce is not None:
        claims["nonce"] = consent.nonce
    claims |= claims_about(call.tenant, organization)
    signer = Signer(call.tenant.seed)
    return json_answer(
        {
            "access_token": consent.access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_S,
            "id_token": signer.signed(claims, by_stranger=call.hit("wrong_signature")),
        },
        headers={"Cache-Control": "no-store"},
    )


@service.get("/userinfo")
def show_customer_to_client(call: Call) -> Answer:
    """The customer's data today, for the access token."""
    scheme, _, token = (call.request.header("Authorization") or "").partition(" ")
    consents = call.tenant.state(Consents)
    consent = consents.of_token(token if scheme == "Bearer" else "", call.now_us)
    organization = _consenting(call, consent)
    return json_answer(claims_about(call.tenant, organization))


def _consenting(call: Call, consent: Consent) -> Organization:
    """Who has consented; Refusal 400 if a test had added them and taken them back."""
    try:
        return call.tenant.records.organization(consent.organization)
    except IndexError:
        message = "Банк не обслуживает такого клиента"
        raise Refusal(400, "unknown_user_id", message) from None


@service.get("/jwks")
def show_keys(call: Call) -> Answer:
    """The keys by which statements are checked."""
    return json_answer(Signer(call.tenant.seed).public_keys())


@service.post("/app/requests/{id}/confirm")
def confirm(call: Call) -> Answer:
    """The customer confirms in the bank's application."""
    consents = call.tenant.state(Consents)
    if call.hit("confirmation_lost"):
        consents.find(call.values["id"])
    else:
        consents.answer(call.values["id"], "confirmed", call.now_us)
    return json_answer({"auth_req_id": call.values["id"], "answer": "confirmed"})


@service.post("/app/requests/{id}/decline")
def decline(call: Call) -> Answer:
    """The customer declines."""
    call.tenant.state(Consents).answer(call.values["id"], "declined", call.now_us)
    return json_answer({"auth_req_id": call.values["id"], "answer": "declined"})


@service.get("/app/customers/{inn}/requests")
def show_requests(call: Call) -> Answer:
    """What the customer is asked to confirm, the earliest first."""
    organization = call.tenant.records.organization_by_inn(call.values["inn"])
    if organization is None:
        raise Refusal(404, "not_found", "Банк не обслуживает такого клиента")
    waiting = call.tenant.state(Consents).waiting(organization.index, call.now_us)
    return json_answer(
        {
            "requests": [
                {
                    "auth_req_id": each.id,
                    "client_id": each.client_id,
                    "expires_in": each.left_us(call.now_us) / SECOND_US,
                }
                for each in waiting
            ]
        }
    )


# --- checks ---------------------------------------------------------------------------------------


@service.post("/v1/account-checks")
def check_account(call: Call) -> Answer:
    """Whether the organization has this account and what state it is in; whose else it may be the
    bank does not tell."""
    asked = call.request.read(AccountCheck)
    if not is_valid_settlement_account(asked.account, asked.bik):
        message = "Контрольный ключ счёта не соответствует БИК"
        raise Refusal(422, "invalid", message, field="account")
    holder = holder_of(call.tenant, asked.inn, asked.bik, asked.account)
    if holder is None or call.hit("false_refusal"):
        message = "У организации с этим ИНН такого счёта нет"
        return json_answer({"result": "not_found", "message": message})
    state = call.tenant.state(Accounts).state(holder)
    if state != "open" and call.hit("stale_state"):
        state = "open"
    return json_answer({"result": state, "message": _STATE_TEXTS[state], "holder": _holder(holder)})


_STATE_TEXTS: Final[dict[AccountState, str]] = {
    "open": "Счёт открыт",
    "blocked": "Операции по счёту приостановлены",
    "closed": "Счёт закрыт",
}


@service.post("/v1/card-verifications")
def verify_card(call: Call) -> Answer:
    """Hold a small sum on the card's account, which its holder is then asked for (ACC-03)."""
    asked = call.request.read(CardCheck)
    holder = _card_holder(call, asked)
    try:
        verification = call.tenant.state(Verifications).begin(holder, call.key, call.now_us)
    except MoneyRefused as refused:
        message = "Банк отклонил операцию по карте"
        raise Refusal(422, refused.reason, message, field="number") from None
    return json_answer(_verification(call.tenant, verification), 201)


@service.get("/v1/card-verifications/{id}")
def show_verification(call: Call) -> Answer:
    """Where the verification is."""
    verification = call.tenant.state(Verifications).find(call.values["id"])
    return json_answer(_verification(call.tenant, verification))


@service.post("/v1/card-verifications/{id}/amount")
def tell_amount(call: Call) -> Answer:
    """The holder tells the held sum; the third wrong one ends it."""
    asked = call.request.read(HeldAmount)
    verification = call.tenant.state(Verifications).guess(
        call.values["id"], asked.kopecks, call.now_us
    )
    return json_answer(_verification(call.tenant, verification))


def _card_holder(call: Call, asked: CardCheck) -> Organization:
    records = call.tenant.records
    holder = card_owner(records, asked.number)
    card = None if holder is None else card_of(records, holder)
    good = card is not None and (asked.expiry_month, asked.expiry_year, asked.csc) == (
        card.expiry_month,
        card.expiry_year,
        card.csc,
    )
    if holder is None or card is None or not good or call.hit("false_refusal"):
        raise Refusal(422, "invalid_card", "Банк не выпускал такой карты", field="number")
    if card.is_expired(call.tenant.clock.calendar.date(call.now_us)):
        raise Refusal(422, "card_expired", "Срок действия карты истёк", field="expiry_year")
    if holder.inn != asked.inn:
        raise Refusal(422, "not_holder", "Карта выпущена другой организации", field="inn")
    return holder


def _verification(tenant: Tenant, verification: Verification) -> dict[str, Any]:
    return {
        "verification_id": verification.id,
        "status": verification.status,
        "attempts_left": verification.attempts_left,
        "expires_at": moment(tenant, verification.expires_us),
    }


# --- the customer and the bank's staff ------------------------------------------------------------


@service.get("/v1/customers/{inn}")
def show_customer(call: Call) -> Answer:
    """What the customer sees in the bank's application: account, holds, card."""
    organization = _customer(call)
    accounts = call.tenant.state(Accounts)
    card = card_of(call.tenant.records, organization)
    return json_answer(
        {
            **_holder(organization),
            "account": {
                "number": organization.account.number,
                "bik": organization.account.bik,
                "bank": organization.account.bank,
                "state": accounts.state(organization),
                "balance_kopecks": accounts.balance(organization),
                "available_kopecks": accounts.available(organization),
            },
            "holds": [
                {"id": hold_id, "kopecks": kopecks}
                for hold_id, kopecks in accounts.holds(organization).items()
            ],
            "card": {
                "number": card.number,
                "expiry_month": card.expiry_month,
                "expiry_year": card.expiry_year,
                "csc": card.csc,
            },
        }
    )


@service.get("/v1/customers/{inn}/statement")
def show_statement(call: Call) -> Answer:
    """The latest 1,000 movements on the account, oldest first."""
    organization = _customer(call)
    accounts = call.tenant.state(Accounts)
    entries = accounts.entries(organization)
    moved = sum(entry.kopecks for entry in entries)
    balance = accounts.balance(organization)
    return json_answer(
        {
            "account": organization.account.number,
            "opening_kopecks": balance - moved,
            "entries": [
                {
                    "at": moment(call.tenant, entry.at_us),
                    "document": entry.document,
                    "kopecks": entry.kopecks,
                    "balance_kopecks": entry.balance_kopecks,
                    "purpose": entry.purpose,
                }
                for entry in entries
            ],
            "closing_kopecks": balance,
        }
    )


@service.route("PUT", "/v1/customers/{inn}/account")
def change_account(call: Call) -> Answer:
    """The bank's staff block, open or close the account."""
    organization = _customer(call)
    accounts = call.tenant.state(Accounts)
    accounts.change_state(organization, call.request.read(AccountChange).state)
    state = accounts.state(organization)
    return json_answer({"account": organization.account.number, "state": state})


def _customer(call: Call) -> Organization:
    organization = call.tenant.records.organization_by_inn(call.values["inn"])
    if organization is None:
        raise Refusal(404, "not_found", "Банк не обслуживает такого клиента")
    return organization


def _holder(organization: Organization) -> dict[str, Any]:
    return {"inn": organization.inn, "name": organization.short_name}

"""An ИНН is confirmed by a code, and the register fills the requisites in (REG-14, REG-09)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.accounts.account import Account
from portal.accounts.one_time_codes import (
    CodeWanted,
    TypedCode,
    code_outcome,
    enter_code,
    send_code_to,
)
from portal.ports.registers import RegisterRecord
from portal.ports.unavailable import Unavailable
from portal.rules import identifiers
from portal.rules.identifiers import Requisites
from portal.rules.rule import Violation, every
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case
from rulebook import Kind

__all__ = [
    "ConfirmedInn",
    "InnCode",
    "InnToConfirm",
    "confirm_organization_inn",
    "inn_is_confirmed",
    "request_inn_code",
]


@dataclass(frozen=True, kw_only=True)
class InnToConfirm(CodeWanted):
    """The ИНН of an organization that is to be registered, and where the code is to go: to the
    phone of the account, or to its mail."""

    kind: Kind
    inn: str


@dataclass(frozen=True, kw_only=True)
class InnCode(TypedCode):
    """The code that has come for an ИНН."""

    kind: Kind
    inn: str


@dataclass(frozen=True, kw_only=True)
class ConfirmedInn(Entity):
    """That an account has confirmed an ИНН; its id names both."""

    KIND: ClassVar[str] = "confirmed_inn"

    account: str
    inn: str
    at: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """By account."""
        return {"account": self.account}


@use_case(InnToConfirm)
def request_inn_code(context: Context, form: InnToConfirm) -> Outcome:
    """Send a code to the person who registers the organization."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    wrong = _inn_violations(context, form.kind, form.inn)
    if wrong:
        return refused(wrong)
    in_vain = send_code_to(context, _purpose(account.id, form.inn), account, form.channel)
    return code_outcome(in_vain, form.channel)


@use_case(InnCode)
def confirm_organization_inn(context: Context, form: InnCode) -> Outcome:
    """Confirm an ИНН by the code; what the register says of the organization is filled in.

    While the register is silent the ИНН is confirmed all the same, and nothing is filled in
    (VER-09).
    """
    account = context.actor.account or ""
    wrong = _inn_violations(context, form.kind, form.inn)
    if wrong:
        return refused(wrong)
    _, found = enter_code(context, _purpose(account, form.inn), form.code)
    if found:
        return refused(found)
    confirmed_id = _id(account, form.inn)
    before = context.unit.get(ConfirmedInn, confirmed_id)
    context.unit.put(
        ConfirmedInn(
            id=confirmed_id,
            version=0 if before is None else before.version,
            account=account,
            inn=form.inn,
            at=context.now,
        )
    )
    context.note("confirm_organization_inn", form.inn, "confirmed")
    try:
        record = context.portal.ports.registers.find(form.kind, form.inn)
    except Unavailable as silent:
        return Outcome(state="confirmed", data={"requisites": None, "silent": silent.system})
    filled = None if record is None else _filled_in(record)
    return Outcome(state="confirmed", data={"requisites": filled, "silent": None})


def inn_is_confirmed(context: Context, account: str, inn: str) -> bool:
    """Whether the account has confirmed this ИНН."""
    return context.unit.get(ConfirmedInn, _id(account, inn)) is not None


def _filled_in(record: RegisterRecord) -> dict[str, Any]:
    """Fields of the application by their names."""
    legal = record.kind == "legal"
    filled = {
        "full_name": record.full_name,
        "inn": record.inn,
        "ogrn": record.ogrn,
        "head_name": record.head_name,
        "head_inn": record.head_inn,
        "head_position": record.head_position,
    }
    if legal:
        filled |= {
            "kpp": record.kpp or "",
            "legal_address": record.address,
            "founding_date": record.registered.isoformat(),
        }
    return filled


def _inn_violations(context: Context, kind: Kind, inn: str) -> list[Violation]:
    claim = Requisites(kind=kind, inn=inn, ogrn="")
    rules = identifiers.legal_inn, identifiers.person_inn, identifiers.no_other_signs
    found = list(every(rule(claim, context.policy) for rule in rules))
    return found if found or inn else [Violation("REG-01", "inn")]


def _id(account: str, inn: str) -> str:
    return f"{account}/{inn}"


def _purpose(account: str, inn: str) -> str:
    return f"inn/{account}/{inn}"

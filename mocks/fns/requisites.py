"""Settlement account and address of an organization against the registers of ФНС (BND-16)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import organization_of
from mocks.case_work.verification import FALSE_REFUSAL
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.person_match import same_text
from mocks.core.service import Call
from world.identifiers import is_valid_bik, is_valid_settlement_account

__all__ = ["check_account", "check_address"]


class AccountCheck(BaseModel):
    """An account said to be the organization's."""

    model_config = ConfigDict(extra="forbid")

    inn: str
    bik: str
    account: str


class AddressCheck(BaseModel):
    """An address said to be the organization's, of a branch if `kpp` is the branch's (BND-12)."""

    model_config = ConfigDict(extra="forbid")

    inn: str
    kpp: str | None = None
    address: Annotated[str, Field(min_length=1, max_length=1000)]


def check_account(call: Call) -> Answer:
    """Whether a bank has reported this account of the organization; Refusal 422 if its key does
    not fit the БИК (ID-15)."""
    asked = call.request.read(AccountCheck)
    if not is_valid_bik(asked.bik):
        raise Refusal(422, "bad-bik", "БИК: ожидается 9 цифр, первая — 0, 1 или 2", field="bik")
    if not is_valid_settlement_account(asked.account, asked.bik):
        message = "Расчётный счёт: ожидается 20 цифр с верным ключом"
        raise Refusal(422, "bad-account", message, field="account")
    known = organization_of(call, asked.inn).account
    same = (asked.bik, asked.account) == (known.bik, known.number)
    if same and not call.hit(FALSE_REFUSAL):
        return json_answer({"result": "match", "message": "Счёт принадлежит организации"})
    message = "Банк не сообщал в ФНС о таком счёте организации"
    return json_answer({"result": "mismatch", "message": message})


def check_address(call: Call) -> Answer:
    """Whether it is the address of the registry's record, and whether ФНС takes that for true."""
    asked = call.request.read(AddressCheck)
    organization = organization_of(call, asked.inn)
    offices = {branch.kpp: branch.address for branch in organization.branches}
    address = offices.get(asked.kpp or "", organization.address)
    if asked.kpp not in (None, organization.kpp, *offices):
        message = f"У организации нет подразделения с КПП {asked.kpp}"
        raise Refusal(404, "no-such-kpp", message, field="kpp")
    if not same_text(asked.address, str(address)):
        message = "Адрес не совпадает с записью реестра"
        return json_answer({"result": "mismatch", "message": message})
    if address is organization.address and organization.standing == "unreliable":
        message = "Сведения об адресе признаны недостоверными"
        return json_answer({"result": "unreliable", "message": message})
    return json_answer({"result": "match", "message": "Адрес совпадает с записью реестра"})

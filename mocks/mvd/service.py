"""The passport base of МВД: a check of series, number, date of issue and holder."""

import bz2
import datetime as dt
from collections.abc import Callable
from typing import Annotated, Final

from pydantic import Field

from mocks.core.http import Answer, Refusal, json_answer, text_answer
from mocks.core.person_match import NamedPerson, differing
from mocks.core.service import Call, Service
from mocks.core.xml import xml_answer
from mocks.mvd.passports import FALSE_REFUSAL, InvalidPassports, Verdict, verdict_about
from mocks.mvd.uprid import VerifyRequest, verify_response
from world.records import Person

__all__ = ["service"]

service: Final = Service(
    "mvd",
    own_faults={
        "base_update": "база обновляется: сведения о паспорте временно не даются",
        FALSE_REFUSAL: "действительный паспорт объявляется недействительным (OPS-07)",
        "stale_list": "список недействительных паспортов не обновлён с прошлой выгрузки",
    },
    hosts=("guvm.mvd.ru",),
)

_UPDATE_S: Final = 600  # assumption: how soon to ask again while the base is updated
_REQUEST_IDS: Final = 10**9
_LIST: Final = "/upload/expired-passports/list_of_expired_passports.csv"


class PassportCheck(NamedPerson):
    """What is asked about a passport."""

    series: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    issued: dt.date


@service.post("/v1/passport-checks")
def check_passport(call: Call) -> Answer:
    """Valid or not, and why; whose it is must agree in full (ACC-08, BND-09)."""
    asked = call.request.read(PassportCheck)

    def wrong(holder: Person) -> list[str]:
        issued = ["issued"] if asked.issued != holder.passport.issued else []
        return issued + differing(asked, holder)

    verdict = _verdict(call, asked.series, asked.number, wrong)
    answer: dict[str, object] = {"result": verdict.result, "message": verdict.message}
    if verdict.fields:
        answer["fields"] = list(verdict.fields)
    return json_answer(answer)


@service.post("/v1/uprid")
def identify(call: Call) -> Answer:
    """Simplified identification: valid if passport, name and СНИЛС or ИНН are one person's."""
    asked = VerifyRequest(call.request.body)
    verdict = _verdict(call, asked["passportSeries"], asked["passportNumber"], asked.differing)
    request_id = call.key.word("request") % _REQUEST_IDS
    return xml_answer(verify_response(asked.namespace, verdict.result == "valid", request_id))


@service.get(_LIST)
def invalid_passports(call: Call) -> Answer:
    """The list of invalid passports."""
    return text_answer(_list(call), media_type="text/csv")


@service.get(f"{_LIST}.bz2")
def packed_invalid_passports(call: Call) -> Answer:
    """The list packed, as МВД published it."""
    return Answer(200, bz2.compress(_list(call).encode()), "application/x-bzip2")


def _verdict(
    call: Call, series: str, number: str, differs: Callable[[Person], list[str]]
) -> Verdict:
    if call.hit("base_update"):
        message = "База недействительных паспортов обновляется"
        raise Refusal(503, "base-update", message, retry_after_s=_UPDATE_S)
    holder = call.tenant.records.person_by_passport(series, number)
    if holder is not None:
        call.tenant.state(InvalidPassports).asked(holder)
    return verdict_about(holder, holder is not None and call.hit(FALSE_REFUSAL), differs)


def _list(call: Call) -> str:
    return call.tenant.state(InvalidPassports).csv(call.hit("stale_list"))

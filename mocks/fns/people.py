"""People as ФНС knows them: a check of name, birth date and ИНН, and «Узнать ИНН».

The public service of ФНС takes a form at `/inn-proc.do` (`c=innMy`, the answer at once) and, in
its newer version, at `/inn-new-proc.do` and `/inn-new-proc.json`: `c=find` gives a `requestId`,
`c=get` with it the number. Its clients disagree which of the two paths takes which, so both take
both; it never asks for a captcha here.
"""

import datetime as dt
import re
from collections import OrderedDict
from typing import Final

from mocks.case_work.verification import FALSE_REFUSAL
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.person_match import NamedPerson, differing, verdict
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.identifiers import is_valid_person_inn

__all__ = ["check_person", "find_inn", "find_inn_at_once"]

_RUSSIAN_PASSPORT: Final = "21"  # code of the document in the form of ФНС
_DOCUMENT: Final = re.compile(r"(\d{2}) ?(\d{2}) ?(\d{6})", re.ASCII)
_DATE: Final = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)
_MOST_REQUESTS: Final = 10_000  # found numbers that wait to be fetched, the latest ones
_NOT_FOUND: Final = 1  # assumption: the service's own codes are not published


class PersonCheck(NamedPerson):
    """Whose ИНН is it said to be."""

    inn: str


class InnRequests:
    """What `c=find` has found for a tenant, by the number of the request."""

    def __init__(self, tenant: Tenant) -> None:
        self._found: OrderedDict[str, str | None] = OrderedDict()

    def put(self, request_id: str, inn: str | None) -> None:
        """Keep an answer until it is fetched, as often as one likes."""
        self._found[request_id] = inn
        if len(self._found) > _MOST_REQUESTS:
            self._found.popitem(last=False)

    def get(self, request_id: str) -> str | None:
        """The ИНН found, None if there is none; KeyError for an unknown request."""
        return self._found[request_id]


def check_person(call: Call) -> Answer:
    """Whether name, birth date and ИНН are one person's (ACC-04, BND-09)."""
    asked = call.request.read(PersonCheck)
    if not is_valid_person_inn(asked.inn):
        message = "ИНН: ожидается 12 цифр с верным контрольным числом"
        raise Refusal(422, "bad-inn", message, field="inn")
    holder = call.tenant.records.person_by_inn(asked.inn)
    if holder is not None and call.hit(FALSE_REFUSAL):
        holder = None
    nobodys, confirmed = "ИНН никому не присвоен", "Сведения о лице подтверждены"
    return json_answer(verdict(asked, holder, nobodys, confirmed))


def find_inn_at_once(call: Call) -> Answer:
    """`c=innMy`: `{"code": 1, "inn": …}`, or code 0 if nobody is such."""
    form = call.request.form()
    problems = _problems(form, "innMy")
    if problems:
        return _refused(problems)
    inn = _inn_of(call, form)
    if inn is None:
        return json_answer({"captchaRequired": False, "code": 0})
    return json_answer({"captchaRequired": False, "code": 1, "inn": inn})


def find_inn(call: Call) -> Answer:
    """`c=find` gives a number of the request, `c=get` the ИНН found (state 1) or none (state 0)."""
    form = call.request.form()
    requests = call.tenant.state(InnRequests)
    if form.get("c") == "get":
        return _fetched(requests, form.get("requestId", ""))
    problems = _problems(form, "find")
    if problems:
        return _refused(problems)
    request_id = f"{call.key.word('inn'):016X}{call.key.word('request'):016X}"
    requests.put(request_id, _inn_of(call, form))
    return json_answer({"captchaRequired": False, "requestId": request_id})


def _fetched(requests: InnRequests, request_id: str) -> Answer:
    try:
        inn = requests.get(request_id)
    except KeyError:
        return _refused({"requestId": "Недопустимый идентификатор запроса"})
    if inn is None:
        return json_answer({"state": 0, "error_code": _NOT_FOUND})
    return json_answer({"state": 1, "inn": inn})


def _problems(form: dict[str, str], operation: str) -> dict[str, str]:
    """What is wrong in the form of `operation`, by its fields."""
    fits = {
        "c": form.get("c") == operation,
        "fam": bool(form.get("fam")),
        "nam": bool(form.get("nam")),
        "otch": "otch" in form or form.get("opt_otch") == "1",
        "bdate": _date(form.get("bdate", "")) is not None,
        "doctype": form.get("doctype") == _RUSSIAN_PASSPORT,
        "docno": _DOCUMENT.fullmatch(form.get("docno", "")) is not None,
        "docdt": not form.get("docdt") or _date(form["docdt"]) is not None,
    }
    return {name: _PROBLEMS[name] for name, well in fits.items() if not well}


def _inn_of(call: Call, form: dict[str, str]) -> str | None:
    """Whose the passport is, if everything else of a form without problems is theirs too."""
    number = form["docno"].replace(" ", "")
    holder = call.tenant.records.person_by_passport(number[:4], number[4:])
    birth_date, issued = _date(form["bdate"]), _date(form.get("docdt", ""))
    if holder is None or birth_date is None or issued not in (None, holder.passport.issued):
        return None
    asked = NamedPerson.model_construct(
        last_name=form["fam"],
        first_name=form["nam"],
        patronymic=form.get("otch") or None,
        birth_date=birth_date,
    )
    return None if differing(asked, holder) else holder.inn


_PROBLEMS: Final = {
    "c": "Неизвестная операция",
    "fam": "Укажите фамилию",
    "nam": "Укажите имя",
    "otch": "Укажите отчество или отметьте, что его нет",
    "bdate": "Дата рождения: ожидается ДД.ММ.ГГГГ",
    "doctype": "Принимается только паспорт гражданина России (21)",
    "docno": "Паспорт: ожидается «NN NN NNNNNN»",
    "docdt": "Дата выдачи: ожидается ДД.ММ.ГГГГ",
}


def _date(text: str) -> dt.date | None:
    match = _DATE.fullmatch(text)
    try:
        return dt.date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _refused(problems: dict[str, str]) -> Answer:
    """As the service refuses forms: all problems by field, the first as the message."""
    first = next(iter(problems.values()))
    errors = {name: [message] for name, message in problems.items()}
    return json_answer({"ERROR": first, "ERRORS": errors, "STATUS": 400}, 400)

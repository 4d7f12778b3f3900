"""Employees, their roles and rights (chapter ROLE): of the organization that has named its
departments last, a colleague of whoever acts, unless a table names somebody else."""

import base64
import datetime as dt
import re
from typing import Any, Final

import requests

from features.acts.accounts import code_of
from features.acts.act import ACTS, act, view
from features.acts.binding import bound_last
from features.acts.head_change import colleague_of
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of

__all__ = ["account_in", "consent_given", "hired", "left_work", "staffed"]

_TIMEOUT_S: Final = 60.0
_CODE: Final = "10"
_JOB: Final = ("Специалист", "Канцелярия")
_INVITATION: Final = re.compile(r"/invitations/(\w+)")
_COLUMNS: Final = (
    *("ФИО", "ИНН", "СНИЛС", "Должность", "Подразделение", "Код подразделения"),
    *("Телефон", "Почта", "Роль"),
)


def staffed(scene: Scene) -> str:
    """The organization that has named its departments last, or was bound last; LookupError."""
    for deed in reversed(scene.deeds):
        if deed.act.name == "set_departments" and deed.outcome.accepted:
            return str(deed.payload["organization"])
    return bound_last(scene)


# --- what people and employers do outside the portal


def hired(persona: Persona, by: Persona, scene: Scene) -> tuple[str, str]:
    """Position and department of the persona at the organization of `by`, who reports a contract
    unless there is one."""
    job = _job_of(persona, by)
    _report(scene, persona, by, "ПРИЕМ", scene.driver.now().date(), job)
    return job


def left_work(persona: Persona, by: Persona, scene: Scene) -> None:
    """The organization of `by` reports that it is the persona's last day of work."""
    _report(scene, persona, by, "УВОЛЬНЕНИЕ", scene.driver.now().date(), _job_of(persona, by))


def consent_given(persona: Persona, scene: Scene) -> None:
    """Let the persona approve whatever organizations ask of them."""
    address = f"{scene.driver.outside('citizen_portal')}/v1/cabinet/{persona.person.snils}/consents"
    asked = requests.get(address, timeout=_TIMEOUT_S)
    asked.raise_for_status()
    for consent in asked.json()["consents"]:
        if consent["status"] == "requested":
            given = requests.post(f"{address}/{consent['consent_id']}/approve", timeout=_TIMEOUT_S)
            given.raise_for_status()


def _job_of(persona: Persona, by: Persona) -> tuple[str, str]:
    """What the documents say: of a colleague in the country as it is."""
    employment = persona.filing.employee.employment
    if persona.organization.index == by.organization.index:
        return employment.position, employment.department
    return _JOB


def _report(
    scene: Scene, persona: Persona, by: Persona, event: str, day: dt.date, job: tuple[str, str]
) -> None:
    position, department = job
    body = {
        "request_id": f"{event == 'ПРИЕМ'}-{persona.person.index}-{by.organization.index}",
        "inn": by.organization.inn,
        "snils": persona.person.snils,
        "event": event,
        "date": day.isoformat(),
        "position": position,
        "department": department,
    }
    address = f"{scene.driver.outside('citizen_portal')}/v1/labour-events"
    answer = requests.post(address, json=body, timeout=_TIMEOUT_S)
    if answer.status_code != requests.codes.conflict:  # employed already
        answer.raise_for_status()


# --- adding


@act("называет подразделения", "set_departments")
def departments(persona: Persona, scene: Scene) -> dict[str, Any]:
    """One, by the code 10: the colleague's."""
    _, name = _job_of(colleague_of(persona, scene), persona)
    return {
        "organization": staffed(scene),
        "departments": [{"code": _CODE, "name": name}, {"code": "20", "name": _JOB[1]}],
    }


def _data(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """What is typed about `whom`, a persona, as far as the table does not say otherwise."""
    for name, value in _typed(scene.cast[payload.pop("whom")], persona, scene).items():
        payload.setdefault(name, value)


def _typed(whom: Persona, by: Persona, scene: Scene) -> dict[str, str]:
    position, department = hired(whom, by, scene)
    name, inn = str(whom.person.name), whom.person.inn
    if whom.organization.index == by.organization.index:
        entry = whom.filing.employee  # with the mistakes of the scenario
        name, inn, position = entry.full_name, entry.inn, entry.position
    return {
        "full_name": name,
        "inn": inn,
        "snils": whom.person.snils,
        "position": position,
        "department": department,
        "department_code": "20" if department == _JOB[1] else _CODE,
        "phone": whom.person.phone,
        "email": whom.person.email,
    }


@act("добавляет сотрудника", "add_employee", _data)
def new_employee(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The colleague, with what the labour contract says."""
    return {
        "organization": staffed(scene),
        "whom": colleague_of(persona, scene).name,
        "role": "emp",
    }


@act("вводит код добавления", "confirm_employee")
def code_of_adding(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that has come to whoever adds."""
    code = code_of(persona, scene)
    return {
        "organization": staffed(scene),
        "employee": scene.known(persona, "employee"),
        "code": code,
    }


@act("просит код добавления ещё раз", "employee_code")
@act("приглашает сотрудника ещё раз", "repeat_invitation")
@act("отзывает приглашение", "withdraw_invitation")
def employee_added_last(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Whom the persona has added last."""
    return {"organization": staffed(scene), "employee": scene.known(persona, "employee")}


@act("принимает приглашение", "accept_invitation")
def accepted_invitation(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link that came last, with the consent to compare the data."""
    consent_given(persona, scene)
    return {"invitation": _invitation_of(persona, scene)}


@act("принимает приглашение без согласия на сверку", "accept_invitation")
def accepted_without_consent(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link that came last."""
    return {"invitation": _invitation_of(persona, scene)}


@act("принимает чужое приглашение", "accept_invitation")
def anothers_invitation(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The link that came to anybody else."""
    others = [each for each in scene.cast if each.name != persona.name]
    return {"invitation": next(filter(None, (_invitation_of(each, scene) for each in others)), "")}


def _invitation_of(persona: Persona, scene: Scene) -> str:
    letters = [each.text for each in scene.driver.inbox(persona.person.email)]
    found = [match[1] for match in map(_INVITATION.search, letters) if match]
    return found[-1] if found else ""


@view("сотрудников", "employees")
@view("подразделения", "departments")
@view("роли организации", "list_roles")
@view("ревизию прав", "access_report")
def of_organization(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of that organization."""
    return {"organization": staffed(scene)}


# --- roles


def _rights(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Rights in a table stand in one cell, by commas."""
    if isinstance(payload["rights"], str):
        payload["rights"] = [each for each in payload["rights"].replace(" ", "").split(",") if each]


@act("создаёт роль", "create_role", _rights)
def own_role(persona: Persona, scene: Scene) -> dict[str, Any]:
    """One that prepares papers."""
    return {
        "organization": staffed(scene),
        "title": "Курьер",
        "rights": ["upload_documents", "view_applications"],
    }


@act("меняет роль", "change_role", _rights)
def changed_role(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The one that was made last, with one right more."""
    return {**own_role(persona, scene), "role": scene.known(persona, "role"), "title": "Курьер"}


def account_in(scene: Scene, name: str) -> str:
    """The account of a persona by that name, who has been let in; LookupError."""
    return str(scene.known(scene.cast[name], "account"))


def _account(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The accounts of `whom`, and of `former` if there is one: personas."""
    payload["account"] = account_in(scene, payload.pop("whom"))
    if "former" in payload:
        payload["former"] = account_in(scene, payload["former"])


@act("меняет доступ сотрудника", "change_employee_access", _account)
def changed_access(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the colleague: a manager from now on."""
    return {**_entry(persona, scene), "role": "mgr"}


@act("увольняет сотрудника", "dismiss_employee", _account)
def dismissed(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The colleague."""
    return _entry(persona, scene)


def _entry(persona: Persona, scene: Scene) -> dict[str, Any]:
    return {"organization": staffed(scene), "whom": colleague_of(persona, scene).name}


# --- administrators


@act("просит код смены администратора", "request_admin_code")
def admin_code(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By SMS."""
    return {"organization": staffed(scene), "channel": "sms"}


def _confirmed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign with the certificate of `owner`, a persona, if a token is to confirm it."""
    _account(payload, persona, scene)
    owner = payload.pop("owner")
    if payload["second"] != "token" or not owner:
        return
    asked = {"organization": payload["organization"], "account": payload["account"]}
    text = scene.driver.read(persona, "admin_act_to_sign", asked).data["text"]
    signature = signer_of(scene.cast[owner], scene).sign(text.encode(), scene)
    payload["signature"] = base64.b64encode(signature).decode()


@act("назначает администратора", "appoint_admin", _confirmed)
@act("снимает администратора", "remove_admin", _confirmed)
def admin_act(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The colleague, by the code that comes; a token needs none."""
    scene.do(persona, ACTS["просит код смены администратора"])
    return {
        **_entry(persona, scene),
        "second": "sms",
        "code": code_of(persona, scene),
        "owner": persona.name,
    }


@act("заменяет администратора", "replace_admin", _confirmed)
def admin_replaced(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By the colleague; whom, a table says."""
    return {**admin_act(persona, scene), "former": persona.name}


# --- reviews


@act("исправляет отклонение", "fix_access_deviation", _account)
def fixed_deviation(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The colleague's entry is closed."""
    return {**_entry(persona, scene), "remedy": "close"}


@act("завершает ревизию прав", "complete_access_review")
def completed_review(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of that organization."""
    return {"organization": staffed(scene)}


@act("задаёт риск доступа", "set_access_risk")
def risk(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A high one."""
    return {"organization": staffed(scene), "risk": "high"}


# --- lists


def _listed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """A list with the colleague on it, and the row `row` besides (empty: none), under `header`."""
    row, header = payload.pop("row"), payload.pop("header")
    typed = _typed(scene.cast[payload.pop("whom")], persona, scene)
    good = [*(typed[name] for name in _FIELDS), "emp"]
    lines = [header or ";".join(_COLUMNS), ";".join(good), *([row] if row else [])]
    payload["content"] = base64.b64encode("\n".join(lines).encode()).decode()


_FIELDS: Final = (
    *("full_name", "inn", "snils", "position", "department", "department_code"),
    *("phone", "email"),
)


@act("загружает список сотрудников", "import_employees", _listed)
def employee_list(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the colleague on it."""
    return {
        "organization": staffed(scene),
        "whom": colleague_of(persona, scene).name,
        "row": "",
        "header": "",
    }


@act("вводит код загрузки списка", "confirm_employee_import")
def code_of_list(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The code that has come to whoever sends the list."""
    code = code_of(persona, scene)
    return {
        "organization": staffed(scene),
        "source": scene.known(persona, "source"),
        "code": code,
    }


@view("загрузку списка", "employee_import")
def list_sent_last(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The list that the persona has sent last."""
    return {"organization": staffed(scene), "source": scene.known(persona, "source")}

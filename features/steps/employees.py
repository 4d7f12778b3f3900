"""Employees who are in an organization before a scenario begins, and what their employers and they
themselves do outside the portal."""

from pytest_bdd import given, parsers, when

from features.acts.act import ACTS
from features.acts.doing import done
from features.acts.employees import consent_given, hired, left_work
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene
from features.steps.accounts import confirmed, signed_in, signed_in_by_bank
from features.steps.binding import activated
from features.steps.head_change import heads

__all__ = ["heads_too"]

_NAME = r"«(?P<name>[^»]+)»"


@given(parsers.re(rf"у {_NAME} штат"))
def _with_departments(scene: Scene, name: str) -> None:
    """The cabinet is active and bound to its head, who has named the departments."""
    heads(scene, name)
    done(scene, scene.cast[name], "называет подразделения")


@given(parsers.re(rf"{_NAME} приняла? на работу «(?P<whom>[^»]+)» в роли «(?P<role>[^»]+)»"))
def _employed(scene: Scene, name: str, whom: str, role: str) -> None:
    """Invited and accepted, with a confirmed account, signed in."""
    head, employee = scene.cast[name], scene.cast[whom]
    given_role = filled(role, head, scene)
    _added(scene, head, employee, given_role)
    done(scene, employee, "принимает приглашение")


@given(parsers.re(rf"{_NAME} пригласила? «(?P<whom>[^»]+)»"))
def _invited(scene: Scene, name: str, whom: str) -> None:
    """With a confirmed account, signed in; the invitation is not accepted yet."""
    _added(scene, scene.cast[name], scene.cast[whom], "emp")


@given(parsers.re(rf"{_NAME} приняла? на работу администратором «(?P<whom>[^»]+)»"))
def _appointed(scene: Scene, name: str, whom: str) -> None:
    """Employed first, then appointed by a code; the next code may be asked for at once."""
    _employed(scene, name, whom, "mgr")
    done(scene, scene.cast[name], "назначает администратора", {"whom": whom})
    scene.driver.advance("1m")


@given(parsers.re(rf"{_NAME} руководит вместо «(?P<former>[^»]+)»"))
def _succeeds(scene: Scene, name: str, former: str) -> None:
    """Appointed by the former head, the role confirmed by the code."""
    confirmed(scene, scene.cast[name])
    done(scene, scene.cast[former], "назначает нового руководителя")
    done(scene, scene.cast[former], "вводит код роли нового руководителя")


@given(parsers.re(rf"{_NAME} руководит и своей организацией"))
def heads_too(scene: Scene, name: str) -> None:
    """The cabinet is active and bound to its head, who has an account already."""
    persona = scene.cast[name]
    signed_in_by_bank(scene, persona)
    activated(scene, name)
    done(scene, persona, "привязывает организацию")


@given(parsers.re(rf"запись {_NAME} заблокирована"))
def _blocked(scene: Scene, name: str) -> None:
    """By ten wrong passwords (AUTH-14)."""
    persona = scene.cast[name]
    for _ in range(2):
        for _ in range(5):
            scene.do(persona, ACTS["входит по паролю"], {"password": "Другой-пароль-1"})
        scene.driver.advance("30m")


def _added(scene: Scene, head: Persona, employee: Persona, role: str) -> None:
    confirmed(scene, employee)
    signed_in(scene, employee)
    done(scene, head, "добавляет сотрудника", {"whom": employee.name, "role": role})
    done(scene, head, "вводит код добавления")


@given(parsers.re(rf"«(?P<whom>[^»]+)» сегодня уходит из организации {_NAME}"))
def _leaves(scene: Scene, whom: str, name: str) -> None:
    """It is the last day of work, so the employer reports."""
    employee, head = scene.cast[whom], scene.cast[name]
    hired(employee, head, scene)
    left_work(employee, head, scene)


@given(parsers.re(rf"{_NAME} согласна? на сверку сведений"))
@when(parsers.re(rf"{_NAME} согласна? на сверку сведений"))
def _consents(scene: Scene, name: str) -> None:
    consent_given(scene.cast[name], scene)


@given(parsers.re(rf"{_NAME} в кабинете организации"))
def _inside(scene: Scene, name: str) -> None:
    """Signed in for the organization by password."""
    persona = scene.cast[name]
    if scene.do(persona, ACTS["входит по паролю в кабинет организации"]).state == "code_needed":
        done(scene, persona, "вводит код входа")

"""Organizations that are activated or bound before a scenario begins."""

from dataclasses import asdict
from typing import Final

from pytest_bdd import given, parsers, then

from features.acts.act import ACTS, VIEWS
from features.acts.doing import done
from features.acts.faces import enrol
from features.acts.registration import prepare, upload_papers
from features.scene import Scene, told
from features.steps.registration import both_checks_done

__all__ = ["activated"]

_NAME = r"«(?P<name>[^»]+)»"
_BY_PASSPORT: Final = (
    *("регистрируется", "вводит код активации", "входит по паролю", "вводит код входа"),
    "подтверждает личность по паспорту",
)
_CHECKED: Final = "5m"  # as long as the registers take at most (ACC-04)


@given(parsers.re(rf"проверки организации {_NAME} завершены"))
def _verified(scene: Scene, name: str) -> None:
    """Registered, and both agencies have nothing to remark."""
    persona = scene.cast[name]
    prepare(persona, scene)
    done(scene, persona, "подаёт заявку")
    scene.driver.advance("1m")
    both_checks_done(scene, name)


@given(parsers.re(rf"кабинет организации {_NAME} активирован"))
def activated(scene: Scene, name: str) -> None:
    """Verified and activated; it is not bound to anybody yet."""
    _verified(scene, name)
    persona = scene.cast[name]
    done(scene, persona, "запрашивает код активации кабинета")
    done(scene, persona, "активирует кабинет")


@given(parsers.re(rf"организация {_NAME} привязана"))
def _bound(scene: Scene, name: str) -> None:
    """Added with its papers, confirmed as the policy wants it."""
    persona = scene.cast[name]
    upload_papers(persona, scene)
    done(scene, persona, "добавляет организацию")
    if persona.filing.kind != "legal":
        done(scene, persona, "подтверждает привязку кодом")


@given(parsers.re(rf"у организации {_NAME} (?P<number>\d+) филиала?"))
def _with_branches(scene: Scene, name: str, number: str) -> None:
    """So the register says; each has a КПП of its own that differs by the last digits."""
    organization = scene.cast[name].organization
    kpp = organization.kpp or ""
    branches = [
        {
            "number": each,
            "name": f"Филиал № {each}",
            "kpp": f"{kpp[:4]}43{each:03d}",
            "address": asdict(organization.address),
        }
        for each in range(1, int(number) + 1)
    ]
    scene.driver.change_organization(organization.index, {"branches": branches})


@given(parsers.re(rf"{_NAME} в личном кабинете, биометрия сдана"))
def _enrolled(scene: Scene, name: str) -> None:
    """A bank has a template of the face, the portal knows whose by the СНИЛС: confirmed by passport
    and signed in by signature."""
    persona = scene.cast[name]
    enrol(persona, scene)
    for phrase in _BY_PASSPORT:
        done(scene, persona, phrase)
    scene.driver.advance(_CHECKED)
    done(scene, persona, "просит запрос для подписи")
    done(scene, persona, "входит по подписи")


@given(parsers.re(rf"привязка {_NAME} ждёт руководителя"))
def _waits_for_head(scene: Scene, name: str) -> None:
    """Added with its papers; the link is in the head's mail."""
    persona = scene.cast[name]
    upload_papers(persona, scene)
    scene.do(persona, ACTS["добавляет организацию"], {"confirmation": "head"})


@given(parsers.re(rf"{_NAME} ошибается в номере организации (?P<times>\d+) раза?"))
def _mistypes(scene: Scene, name: str, times: str) -> None:
    """Each time a number with a wrong check digit."""
    persona = scene.cast[name]
    for _ in range(int(times)):
        scene.do(persona, ACTS["привязывает организацию"], {"number": "7707083894"})


@then(parsers.re(rf"в «Моих организациях» {_NAME} названо правило (?P<rule>[A-Z]+-\d\d)"))
def _named(scene: Scene, name: str, rule: str) -> None:
    """The list wants something of the person by this rule, and by no other."""
    outcome = scene.see(scene.cast[name], VIEWS["мои организации"])
    named = sorted({broken.rule for broken in outcome.violations})
    assert named == [rule], f"ожидалось, что названо {rule}; получено: {told(outcome)}"
    scene.asserted.refused.append(rule)

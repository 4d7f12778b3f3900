"""What cells of tables mean."""

from collections.abc import Sequence
from typing import Any

import pytest

import rulebook
from features.acts.act import Act
from features.driver import Outcome, Received
from features.field_titles import UnknownField, field_name
from features.personas import Cast
from features.placeholders import filled, value_of
from features.scene import Deed, Scene
from features.steps.tables import WrongTable, rows_of
from tests.features.set_portal import Portal

BOOK = rulebook.load()


class ReachedPortal(Portal):
    """People receive what a test says."""

    def __init__(self) -> None:
        self.received: dict[str, list[str]] = {}

    def inbox(self, contact: str) -> Sequence[Received]:
        texts = self.received.get(contact, [])
        return [Received(channel="sms", subject="", text=text) for text in texts]


@pytest.fixture
def scene() -> Scene:
    driver: Any = ReachedPortal()
    cast = Cast(driver.world, driver.now().date(), BOOK, BOOK.policy())
    cast.introduce("Анна", "representative")
    cast.introduce("Олег", "sole_proprietor")
    return Scene(driver, cast, BOOK)


def text(scene: Scene, cell: str) -> str:
    return filled(cell, scene.cast["Анна"], scene)


def test_a_persona_has_the_fields_of_the_filing_and_their_own(scene: Scene) -> None:
    anna, oleg = scene.cast["Анна"], scene.cast["Олег"]
    assert text(scene, "{ИНН}") == anna.organization.inn
    assert text(scene, "{личный ИНН}") == anna.person.inn
    assert text(scene, "{Олег.ОГРНИП}") == oleg.organization.ogrn
    assert text(scene, "ИНН {ИНН}!") == f"ИНН {anna.organization.inn}!"
    assert text(scene, "{сегодня}") == "02.02.2026"
    assert text(scene, "{дата рождения}") == f"{anna.person.birth_date:%d.%m.%Y}"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("без первого знака", lambda inn: inn[1:]),
        ("без последнего знака", lambda inn: inn[:-1]),
        ("с лишней цифрой", lambda inn: inn + "0"),
        ("через пробел", lambda inn: f"{inn[:4]} {inn[4:]}"),
        ("через дефис, без последнего знака", lambda inn: f"{inn[:3]}-{inn[3:-1]}"),
    ],
)
def test_changes_are_made_from_left_to_right(scene: Scene, change: str, expected: Any) -> None:
    assert text(scene, f"{{ИНН, {change}}}") == expected(scene.cast["Анна"].organization.inn)


@pytest.mark.parametrize("change", ["с опечаткой", "с другой последней цифрой"])
def test_a_typo_changes_one_digit(scene: Scene, change: str) -> None:
    inn = scene.cast["Анна"].organization.inn
    wrong = text(scene, f"{{ИНН, {change}}}")
    assert [a == b for a, b in zip(inn, wrong, strict=True)].count(False) == 1


def test_codes_are_those_received_last(scene: Scene) -> None:
    driver: Any = scene.driver
    driver.received[scene.cast["Анна"].person.phone] = ["Код 1234", "Код 567890. Заявка 12"]
    assert text(scene, "{код из СМС}") == "567890"
    with pytest.raises(LookupError, match="не приходил код"):
        text(scene, "{код из письма}")


def test_what_the_portal_has_given_is_known_by_its_name(scene: Scene) -> None:
    act = Act("подаёт", "file", lambda persona, scene: {})
    for number in ("1", "2"):
        outcome = Outcome(state="filed", data={"organization": number})
        scene.deeds.append(Deed("Анна", act, {}, outcome))
    assert text(scene, "{ответ.organization}") == "2"
    with pytest.raises(LookupError, match="такого ещё не получал"):
        text(scene, "{ответ.certificate}")


@pytest.mark.parametrize(
    ("cell", "usual", "expected"),
    [
        ("пусто", "x", ""),
        ("нет", "x", None),
        ("нет", True, False),
        ("да", False, True),
        ("5", 1, 5),
        ("-5", 1, -5),
        ("5", "1", "5"),
        ("пять", 1, "пять"),
        ("да", "x", "да"),
    ],
)
def test_a_cell_has_the_type_of_what_it_stands_for(
    scene: Scene, cell: str, usual: object, expected: object
) -> None:
    assert value_of(cell, usual, scene.cast["Анна"], scene) == expected


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("{ИНН, наоборот}", "«наоборот» не умеем"),
        ("{Пётр.ИНН}", "«Пётр» в сценарии не представлен; есть: Анна, Олег"),
        ("{ИНН банка}", "поля «ИНН банка» нет; похожие"),
    ],
)
def test_what_nobody_has_is_named(scene: Scene, cell: str, why: str) -> None:
    with pytest.raises(LookupError, match=why):
        text(scene, cell)


def test_names_in_latin_letters_stand_for_themselves() -> None:
    assert field_name("documents.0.kind") == "documents.0.kind"
    assert field_name("ИНН руководителя") == "head_inn"
    with pytest.raises(UnknownField):
        field_name("ИНН рукводителя")


def test_a_table_has_exactly_its_columns() -> None:
    assert rows_of([["поле", "значение"], ["ИНН", "1"]], "поле", "значение") == [("ИНН", "1")]
    assert rows_of(None, "поле", "значение") == []
    with pytest.raises(WrongTable, match="столбцы таблицы: поле; нужны: поле, значение"):
        rows_of([["поле"]], "поле", "значение")

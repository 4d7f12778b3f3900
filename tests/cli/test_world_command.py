"""`poligon world`: a record by index or by number, and numbers that are wrong or nobody's."""

import json
import re
import shlex
from pathlib import Path

import pytest

from poligon.app import run
from world import identifiers
from world.country import World

DOCS = Path(__file__).resolve().parents[2] / "docs"
# A command in a listing, and what it printed: up to the next one or the end of the listing.
EXAMPLE = re.compile(r"^\$ poligon (world .*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)

Captured = pytest.CaptureFixture[str]


def shown(capsys: Captured, *words: str) -> str:
    assert run(["world", *words]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def refused(capsys: Captured, *words: str) -> str:
    assert run(["world", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_organization_is_shown_in_russian(capsys: Captured) -> None:
    assert shown(capsys, "organization", "--index", "0") == (
        "Номер                 0\n"
        "Вид                   юридическое лицо\n"
        "Размер                Малый бизнес\n"
        "Состояние             действует\n"
        'Полное наименование   ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ "ТЕХНОТЕХ"\n'
        'Краткое наименование  ООО "ТЕХНОТЕХ"\n'
        "ИНН                   7715970401\n"
        "ОГРН                  1257708239920\n"
        "КПП                   771501001\n"
        "Дата регистрации      24.07.2025\n"
        "Адрес                 107435, г. Москва, ул. Шахтерская, д. 139, оф. 19\n"
        "Руководитель          Савельев Ким Харлампович, генеральный директор с 24.07.2025 "
        "(человек 0)\n"
        "Уставный капитал      10\u202f000 руб.\n"
        "Учредитель            Савельев Ким Харлампович, доля 10\u202f000 руб. (человек 0)\n"
        "ОКВЭД                 49.41 Деятельность автомобильного грузового транспорта\n"
        "ОКВЭД                 33.12 Ремонт машин и оборудования\n"
        "Счёт                  40702810086282145241 в АО «Россельхозбанк», БИК 044525111, "
        "корр. счёт 30101810200000000111\n"
        "Телефон               +74957142016\n"
        "Почта                 info@tekhnotekh-0.test\n"
        "Работников            0\n"
    )


def test_person_is_shown_in_english_with_what_they_head_and_where_they_work(
    capsys: Captured,
) -> None:
    lines = shown(capsys, "person", "--index", "2", "--lang", "en").splitlines()
    assert lines[:4] == [
        "Index     2",
        "Name      Кулагин Касьян Артёмович",
        "Gender    male",
        "Born      1996-02-23, г. Тобольск",
    ]
    assert 'Heads     ООО "СЕВЕРПРОМ" (organization 2)' in lines
    assert lines[-1] == (
        'Works     АО "ТРИУМФИНВЕСТ" (organization 26): бухгалтер, бухгалтерия, since 2015-03-22'
    )


def test_json_of_an_organization_is_its_record_and_its_employees(capsys: Captured) -> None:
    world = World(1)
    record = json.loads(shown(capsys, "organization", "--index", "26", "--json"))
    organization = world.organization(26)
    assert record["inn"] == organization.inn
    assert record["registered"] == organization.registered.isoformat()
    assert record["head"]["person"] == organization.head.person
    assert record["branches"][0]["address"]["region"] == organization.branches[0].address.region
    people = [contract["person"] for contract in record["employees"]]
    assert people == [contract.person for contract in world.employees_of(26)] != []


def test_json_of_a_person_is_their_record_what_they_head_and_where_they_work(
    capsys: Captured,
) -> None:
    record = json.loads(shown(capsys, "person", "--index", "2", "--json"))
    assert record["passport"]["series"] == "7116"
    assert record["birth_date"] == "1996-02-23"
    assert record["heads"] == [2, 6, 9, 31]
    assert record["employment"]["organization"] == 26


@pytest.mark.parametrize(
    ("sort", "option", "number"),
    [
        ("organization", "--inn", World(1).organization(26).inn),
        ("organization", "--ogrn", World(1).organization(26).ogrn),
        ("person", "--inn", World(1).person(26).inn),
        ("person", "--snils", World(1).person(26).snils),
    ],
)
def test_number_finds_its_owner(sort: str, option: str, number: str, capsys: Captured) -> None:
    by_index = shown(capsys, sort, "--index", "26")
    assert shown(capsys, sort, option, number) == by_index


def test_seed_is_another_country(capsys: Captured) -> None:
    assert World(7).organization(3).inn in shown(
        capsys, "organization", "--index", "3", "--seed", "7"
    )


def test_number_of_an_organization_beyond_the_country_is_nobodys(capsys: Captured) -> None:
    inn = World(1).organization(26).inn
    words = ["organization", "--inn", inn, "--organizations", "26", "--lang", "en"]
    assert refused(capsys, *words) == (
        f"--inn: nobody has {inn} in country 1 of 26 records\n1 error; nothing was done\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["organization", "--inn", "7707083894"],
            "--inn: в номере 7707083894 не сходится контрольное число: в конце 4, должно быть 3",
        ),
        (
            ["person", "--inn", "500100732258"],
            "--inn: в номере 500100732258 не сходится контрольное число: в конце 58, "
            "должно быть 59",
        ),
        (
            ["organization", "--ogrn", "1027700132196"],
            "--ogrn: в номере 1027700132196 не сходится контрольное число: в конце 6, "
            "должно быть 5",
        ),
        (
            ["person", "--snils", "11223344596"],
            "--snils: в номере 11223344596 не сходится контрольное число: в конце 96, "
            "должно быть 95",
        ),
        (
            ["organization", "--inn", "77 07083893"],
            "--inn: ожидалось цифр подряд: 10/12, получено «77 07083893»",
        ),
        (
            ["person", "--inn", "7707083893"],
            "--inn: ожидалось цифр подряд: 12, получено «7707083893»",
        ),
        (
            ["person", "--snils", "١١٢٢٣٣٤٤٥٩٥"],
            "--snils: ожидалось цифр подряд: 11, получено «١١٢٢٣٣٤٤٥٩٥»",
        ),
        (
            ["organization"],
            "нужен ровно один из ключей --index, --inn, --ogrn; дано: 0",
        ),
        (
            ["person", "--index", "1", "--snils", "11223344595"],
            "нужен ровно один из ключей --index, --inn, --snils; дано: 2",
        ),
        (
            ["organization", "--index", "5", "--organizations", "5"],
            "--index: ожидалось целое число от 0 до 4, получено «5»",
        ),
        (
            ["organization", "--index", "-1"],
            "--index: ожидалось целое число от 0 до 99999999, получено «-1»",
        ),
        (
            ["organization", "--index", "first"],
            "--index: ожидалось целое число от 0 до 99999999, получено «first»",
        ),
        (
            ["person", "--index", "1", "--organizations", "10000001"],
            "--organizations: ожидалось целое число от 1 до 10000000, получено «10000001»",
        ),
        (
            ["person", "--index", "1", "--seed", "-1"],
            "--seed: ожидалось целое число от 0 до 9223372036854775807, получено «-1»",
        ),
    ],
)
def test_wrong_word_is_told_and_is_exit_2(words: list[str], message: str, capsys: Captured) -> None:
    assert refused(capsys, *words) == f"{message}\n1 ошибка; ничего не сделано\n"


@pytest.mark.parametrize(
    ("option", "number"),
    [
        ("--inn", "7707083893"),  # a bank's, but not of this country
        ("--ogrn", identifiers.ogrn("202770013219")),  # right check digit, but no sign of an ОГРН
    ],
)
def test_right_number_of_nobody_is_told_and_is_exit_2(
    option: str, number: str, capsys: Captured
) -> None:
    assert refused(capsys, "organization", option, number) == (
        f"{option}: номера {number} ни у кого нет в стране 1, где записей 10000000\n"
        "1 ошибка; ничего не сделано\n"
    )


def test_all_wrong_words_are_told_at_once(capsys: Captured) -> None:
    told = refused(capsys, "person", "--index", "x", "--seed", "y", "--lang", "fr")
    assert [line.partition(":")[0] for line in told.splitlines()[:-1]] == [
        "--lang",
        "--seed",
        "--index",
    ]


@pytest.mark.parametrize("words", [[], ["city"], ["organization", "--snils", "11223344595"]])
def test_what_the_command_does_not_know_is_exit_2(words: list[str], capsys: Captured) -> None:
    assert "подсказка: poligon world --help" in refused(capsys, *words)


@pytest.mark.parametrize(("page", "examples"), [("country.md", 2), ("command-line.md", 3)])
def test_examples_of_the_pages_are_what_the_command_prints(
    page: str, examples: int, capsys: Captured
) -> None:
    found = EXAMPLE.findall((DOCS / page).read_text(encoding="utf-8"))
    assert len(found) == examples
    for words, printed in found:
        run(shlex.split(words))
        captured = capsys.readouterr()
        assert captured.out + captured.err == printed


def test_page_of_the_command_line_explains_every_option() -> None:
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    section = page.partition("## `poligon world`")[2]
    for option in ("index", "inn", "ogrn", "snils", "seed", "organizations", "json", "lang"):
        assert f"| `--{option}" in section

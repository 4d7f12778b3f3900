"""What is said of a foreign portal: its abilities, and the people who exist there."""

import datetime as dt
from pathlib import Path

import pytest

import rulebook
from features.driver import Settings, Unsupported, opened
from features.drivers.external_settings import abilities_in
from features.known_people import KnownPeople
from features.settings_file import WrongFile
from world.country import World

DAY = dt.date(2026, 2, 2)
ABILITIES = """version: 1
portal: /api
time: {lacks: "часы стенда не переводятся"}
keys: header
inbox: admin
use_cases:
  pay: {lacks: "оплаты на портале нет"}
"""
PEOPLE = """version: 1
personas:
  - kind: person
    like: 3
    person: {name: "Ким Ольга", inn: "500100732259", birth_date: "1980-02-29"}
  - kind: person
    like: 3
    form: {email: "test@stand.test"}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "said.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_portal_lacks_is_refused_with_the_reason_of_its_file(tmp_path: Path) -> None:
    abilities = abilities_in(written(tmp_path, ABILITIES))
    assert (sorted(abilities.can), abilities.has_areas) == (["inbox", "keys"], False)
    with pytest.raises(Unsupported, match=r"time \(часы стенда не переводятся\)"):
        abilities.need("time")
    with pytest.raises(Unsupported, match=r"load \(в файле возможностей не указано\)"):
        abilities.need("load")
    with pytest.raises(Unsupported, match=r"pay \(оплаты на портале нет\)"):
        abilities.need_use_case("pay")
    abilities.need("keys")
    abilities.need_use_case("sign_up")


def test_a_portal_whose_area_is_named_is_shared_by_all_scenarios(tmp_path: Path) -> None:
    named = abilities_in(written(tmp_path, "version: 1\narea: main\n"))
    own = abilities_in(written(tmp_path, "version: 1\n"))
    assert (named.area, named.has_areas, own.area, own.has_areas) == ("main", False, None, True)


def test_the_example_of_the_documentation_is_good(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/writing-specs.md").read_text(encoding="utf-8")
    abilities, people = (part.partition("```")[0] for part in page.split("```yaml\n")[1:3])
    said = abilities_in(written(tmp_path, abilities))
    assert sorted(said.can) == ["faults", "inbox", "keys", "outside", "time"]
    assert sorted(said.lacks) == ["load", "policy", "records"]
    assert said.services.format(area="a", service="egrul") == "/a/egrul"
    known = KnownPeople(written(tmp_path, people))
    persona = known.take("Ольга", "representative", World(1), DAY)
    assert persona.filing.form.full_name == persona.organization.full_name == "АО «Проба»"
    assert persona.filing.form.head_phone == "+79161234568"


@pytest.mark.parametrize(
    ("was", "instead", "told"),
    [
        ("version: 1", "version: 2", r":1: version: нужна версия 1"),
        ("keys: header", "keys: admin", r":4: keys: ожидалось header"),
        ("keys: header", "policy: admin", r":4: policy: по HTTP этого не сделать"),
        ("keys: header", "key: header", r":4: key: нет такого"),
        ("  pay:", "  pay_nobody:", r":7: use_cases.pay_nobody: нет такого"),
        ("portal: /api", "portal: '/{tenant}'", r":2: portal: подставить можно: \{area\}"),
        ('{lacks: "часы стенда не переводятся"}', "{lacks: 5}", r":3: time.lacks: .*текст"),
    ],
)
def test_a_wrong_file_of_abilities_is_told_by_line_and_key(
    tmp_path: Path, was: str, instead: str, told: str
) -> None:
    with pytest.raises(WrongFile, match=told):
        abilities_in(written(tmp_path, ABILITIES.replace(was, instead)))


def test_people_are_as_the_file_says_and_none_comes_twice(tmp_path: Path) -> None:
    world = World(1)
    known = KnownPeople(written(tmp_path, PEOPLE))
    first = known.take("Анна", "person", world, DAY)
    second = known.take("Пётр", "person", world, DAY)
    assert (str(first.person.name), first.person.inn) == ("Ким Ольга", "500100732259")
    assert first.person.birth_date == dt.date(1980, 2, 29)
    assert (first.filing.form.email, second.filing.form.email)[1] == "test@stand.test"
    assert first.filing.form.email != second.filing.form.email
    with pytest.raises(Unsupported, match="больше нет людей вида person"):
        known.take("Инна", "person", world, DAY)


def test_processes_share_the_people_among_them(tmp_path: Path) -> None:
    path, world = written(tmp_path, PEOPLE), World(1)
    shares = [KnownPeople(path, share, 2).take("Анна", "person", world, DAY) for share in (0, 1)]
    assert [each.filing.form.email == "test@stand.test" for each in shares] == [False, True]


@pytest.mark.parametrize(
    ("was", "instead", "told"),
    [
        ("kind: person\n    like: 3\n    person", "kind: boss\n    person", r":3: .*0.kind: ожид"),
        ('inn: "500100732259"', "inn: 500100732259", r":5: personas.0.person.inn: .*в кавычках"),
        ('inn: "500100732259"', 'tax: "1"', r":5: personas.0.person.tax: нет такого; есть: birth"),
        ("1980-02-29", "29.02.1980", r":5: .*birth_date: ожидалась дата ГГГГ-ММ-ДД"),
        ("Ким Ольга", "Ким", r":5: .*name: ожидались фамилия, имя"),
        ("like: 3", "like: -1", r":4: personas.0.like: ожидалось целое число от 0"),
        ("like: 3", "like: 99999999999", r":4: personas.0.like: организаций в стране"),
    ],
)
def test_a_wrong_file_of_people_is_told_by_line_and_key(
    tmp_path: Path, was: str, instead: str, told: str
) -> None:
    with pytest.raises(WrongFile, match=told):
        KnownPeople(written(tmp_path, PEOPLE.replace(was, instead, 1)))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (None, "нужен адрес"),
        ("localhost:80", "нужен адрес"),
        ("http://127.0.0.1:9", "не отвечает: ConnectionError"),
    ],
)
def test_an_address_of_no_use_is_refused(address: str | None, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        opened(
            "features.drivers.external:open_stand", Settings(book=rulebook.load(), base_url=address)
        )


def test_one_portal_for_all_scenarios_needs_people_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, ABILITIES)
    settings = Settings(book=rulebook.load(), base_url="http://127.0.0.1:9", capabilities=path)
    with pytest.raises(ValueError, match="--personas"):
        opened("features.drivers.external:open_stand", settings)

"""What people, companies and streets are called.

Words come from Faker's Russian lists and are picked by keyed draws: to seed a Faker per record
costs ten times more and is not safe between threads.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from world.attributes import Attributes
from world.records import FullName, Gender

__all__ = ["company_title", "initials", "latin", "person_name", "street"]

_WITHOUT_PATRONYMIC: Final = 0.01  # share of people; assumption

_FIRST_WORDS: Final = (
    "Альфа", "Балт", "Вектор", "Волга", "Гарант", "Гранит", "Дельта", "Енисей", "Звезда", "Интер",
    "Кедр", "Контур", "Кристалл", "Лидер", "Магистраль", "Маяк", "Мегаполис", "Меридиан", "Новатор",
    "Орион", "Партнёр", "Перспектива", "Полюс", "Прогресс", "Профи", "Ресурс", "Русь", "Север",
    "Сибирь", "Сириус", "Сокол", "Союз", "Спектр", "Старт", "Стимул", "Техно", "Триумф", "Урал",
    "Феникс", "Форум", "Эверест", "Эталон", "Юпитер", "Янтарь",
)  # fmt: skip
_SECOND_WORDS: Final = (
    "Агро", "Аудит", "Дизайн", "Дом", "Инвест", "Инжиниринг", "Комплект", "Консалт", "Лес",
    "Логистик", "Маркет", "Мебель", "Мед", "Монтаж", "Пласт", "Пром", "Проект", "Ремонт", "Сервис",
    "Снаб", "Софт", "Строй", "Текстиль", "Тех", "Торг", "Транс", "Трейд", "Финанс", "Хим",
    "Электро", "Энерго",
)  # fmt: skip

# Приказ МИД России от 12.02.2020 № 2113, as in passports (ICAO Doc 9303).
_LATIN: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
        "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip


def person_name(person: Attributes, gender: Gender) -> FullName:
    """Last name, first name and patronymic that agree with the gender."""
    lasts, firsts, patronymics = _people_words()[gender]
    named = person.unit("patronymic/none") >= _WITHOUT_PATRONYMIC
    return FullName(
        last=person.one_of("last name", lasts),
        first=person.one_of("first name", firsts),
        patronymic=person.one_of("patronymic", patronymics) if named else None,
    )


def initials(name: FullName) -> str:
    """«Иванов И. И.»"""
    given = [part for part in (name.first, name.patronymic) if part]
    return " ".join([name.last, *(f"{part[0]}." for part in given)])


def company_title(organization: Attributes) -> str:
    """What stands between the quotation marks of a company's name; many share one."""
    first = organization.one_of("title/first", _FIRST_WORDS)
    return f"{first}{organization.one_of('title/second', _SECOND_WORDS).lower()}"


def street(entity: Attributes) -> str:
    """A street with its type."""
    return f"ул. {entity.one_of('street', _street_words())}"


def latin(text: str) -> str:
    """Small Latin letters for Russian ones, other characters as they are."""
    return text.lower().translate(_LATIN)


# Faker takes a quarter of a second to load, and most commands meet nobody.


@cache
def _people_words() -> Mapping[Gender, tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """Last names, first names, patronymics."""
    from faker.providers.person.ru_RU import Provider  # noqa: PLC0415

    return {
        "male": (Provider.last_names_male, Provider.first_names_male, Provider.middle_names_male),
        "female": (
            Provider.last_names_female,
            Provider.first_names_female,
            Provider.middle_names_female,
        ),
    }


@cache
def _street_words() -> Sequence[str]:
    from faker.providers.address.ru_RU import Provider  # noqa: PLC0415

    return Provider.street_titles

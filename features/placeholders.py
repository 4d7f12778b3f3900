"""Values in the tables of specs: what a persona has, changed so that a boundary is met.

`{ИНН}` is a field of the acting persona, `{Анна.ИНН}` another persona's, `{ответ.organization}`
what the portal has given them, `{код из СМС}` the code they were sent last (`… из письма`,
`… из приложения`), `{сегодня}` the
portal's date. After commas come changes, from left to right: `{ИНН, без последнего знака}`.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from features.field_titles import field_name
from features.personas import Persona
from features.scene import Scene
from world.documents import printed_date

__all__ = ["ABSENT", "CHANGES", "EMPTY", "app_of", "filled", "value_of"]

ABSENT: Final = "нет"
"""The cell of a field that is left out of the payload altogether."""
EMPTY: Final = "пусто"
"""The cell of an empty value."""
_PLACEHOLDER: Final = re.compile(r"\{([^{}]+)\}")
_CODE: Final = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_DECIMAL: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_CODES: Final = {"код из СМС": "phone", "код из письма": "email"}
_CODE_IN_APP: Final = "код из приложения"
_FLAGS: Final = {"да": True, "нет": False}


def _with_a_typo(text: str) -> str:
    """The last digit but one is another, so that check digits of every kind disagree."""
    place = max(len(text) - 2, 0)
    return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def _with_another_last(text: str) -> str:
    return f"{text[:-1]}{(int(text[-1]) + 1) % 10}"


CHANGES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "без первого знака": lambda text: text[1:],
        "без последнего знака": lambda text: text[:-1],
        "с лишней цифрой": lambda text: f"{text}0",
        "с другой последней цифрой": _with_another_last,
        "с опечаткой": _with_a_typo,
        "через пробел": lambda text: f"{text[:4]} {text[4:]}",
        "через дефис": lambda text: f"{text[:3]}-{text[3:]}",
        "без +7": lambda text: text.removeprefix("+7"),
        "через 8": lambda text: f"8{text.removeprefix('+7')}",
        "прописными": str.upper,
        "строчными": str.lower,
    }
)
"""Changes of a value by their names."""


def value_of(cell: str, usual: Any, persona: Persona, scene: Scene) -> Any:
    """What a cell means in place of the `usual` value: None if the field is left out, True or False
    in place of a flag, a number in place of one, a text otherwise."""
    if isinstance(usual, bool) and cell in _FLAGS:
        return _FLAGS[cell]
    if cell == ABSENT:
        return None
    text = filled(cell, persona, scene)
    if isinstance(usual, float) and _DECIMAL.fullmatch(text):
        return float(text)
    is_number = isinstance(usual, int) and not isinstance(usual, bool)
    return int(text) if is_number and text.lstrip("-").isdigit() else text


def filled(text: str, persona: Persona, scene: Scene) -> str:
    """`text` with its placeholders filled; `пусто` is the empty text. LookupError for what nobody
    has."""
    if text == EMPTY:
        return ""
    return _PLACEHOLDER.sub(lambda found: _filled(found[1], persona, scene), text)


def _filled(placeholder: str, persona: Persona, scene: Scene) -> str:
    name, *changes = (part.strip() for part in placeholder.split(","))
    text = _named(name, persona, scene)
    for change in changes:
        if change not in CHANGES:
            raise LookupError(f"«{change}» не умеем; умеем: {', '.join(CHANGES)}")
        text = CHANGES[change](text)
    return text


def _named(name: str, persona: Persona, scene: Scene) -> str:
    whose, _, rest = name.partition(".")
    if whose == "ответ":
        return str(scene.known(persona, rest))
    if rest:
        persona, name = scene.cast[whose], rest
    if name == _CODE_IN_APP:
        return _latest_code(app_of(persona, scene), scene)
    if name in _CODES:
        return _latest_code(getattr(persona.person, _CODES[name]), scene)
    if name == "сегодня":
        return printed_date(scene.driver.now().date())
    return _fact(field_name(name), persona)


def app_of(persona: Persona, scene: Scene) -> str:
    """The token of the application that the persona has connected last."""
    for deed in reversed(scene.deeds):
        if deed.persona == persona.name and deed.act.name == "connect_app":
            return str(deed.payload["token"])
    raise LookupError(f"«{persona.name}» приложения не подключает")


def _fact(field: str, persona: Persona) -> str:
    if not field.startswith("person_"):
        return str(getattr(persona.filing.form, field))
    own = field.removeprefix("person_")
    if own == "birth_date":
        return printed_date(persona.person.birth_date)
    return str(getattr(persona.person, own))


def _latest_code(contact: str, scene: Scene) -> str:
    for message in reversed(scene.driver.inbox(contact)):
        codes = _CODE.findall(message.text)
        if codes:
            return str(codes[-1])
    raise LookupError(f"на {contact} не приходил код")

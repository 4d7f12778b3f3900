"""What personas receive by SMS, by e-mail and in the application."""

from typing import Final

from pytest_bdd import parsers, then

from features.placeholders import app_of
from features.scene import Scene

__all__: list[str] = []

_CONTACTS: Final = {"СМС": "phone", "письмо": "email"}


@then(
    parsers.re(r"«(?P<name>[^»]+)» получает (?P<what>СМС|письмо|push) со словами «(?P<text>[^»]+)»")
)
def _received(scene: Scene, name: str, what: str, text: str) -> None:
    texts = _texts(scene, name, what)
    assert any(text in each for each in texts), f"ожидалось «{text}»; получено: {texts}"
    scene.asserted.accepted = True


@then(
    parsers.re(
        r"«(?P<name>[^»]+)» не получает (?P<what>СМС|письмо|push) со словами «(?P<text>[^»]+)»"
    )
)
def _not_received(scene: Scene, name: str, what: str, text: str) -> None:
    texts = _texts(scene, name, what)
    assert not any(text in each for each in texts), f"«{text}» не ожидалось; получено: {texts}"


@then(
    parsers.re(
        r"у «(?P<name>[^»]+)» (?P<number>\d+) (?P<what>СМС|письмо|писем|письма)"
        r"(?: со словами «(?P<text>[^»]+)»)?"
    )
)
def _counted(scene: Scene, name: str, number: str, what: str, text: str | None) -> None:
    texts = _texts(scene, name, "СМС" if what == "СМС" else "письмо")
    texts = [each for each in texts if text is None or text in each]
    assert len(texts) == int(number), f"ожидалось сообщений: {number}; получено: {texts}"


def _texts(scene: Scene, name: str, what: str) -> list[str]:
    persona = scene.cast[name]
    contact = app_of(persona, scene) if what == "push" else getattr(persona.person, _CONTACTS[what])
    return [f"{each.subject} {each.text}".strip() for each in scene.driver.inbox(contact)]

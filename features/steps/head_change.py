"""Organizations with a head who acts for them, and heads who have just become it."""

from pytest_bdd import given, parsers

from features.acts.act import ACTS
from features.acts.doing import done
from features.acts.head_change import colleague_of
from features.scene import Scene
from features.steps.accounts import confirmed, signed_in_by_bank
from features.steps.binding import activated

__all__ = ["heads", "ready_to_sign"]

_NAME = r"«(?P<name>[^»]+)»"
_INTO_CABINET = "входит по паролю в кабинет организации"


@given(parsers.re(rf"{_NAME} руководит организацией"))
def heads(scene: Scene, name: str) -> None:
    """The cabinet is active and bound to its head, who is signed in."""
    persona = scene.cast[name]
    confirmed(scene, persona)
    signed_in_by_bank(scene, persona)
    activated(scene, name)
    done(scene, persona, "привязывает организацию")


@given(parsers.re(rf"{_NAME} передала? руководство организацией тому, кого на портале нет"))
def _named(scene: Scene, name: str) -> None:
    """To the colleague, whose new account waits for the link of the letter."""
    persona = scene.cast[name]
    heads(scene, name)
    done(scene, persona, "назначает нового руководителя")
    done(scene, persona, "вводит код роли нового руководителя")


@given(parsers.re(rf"{_NAME} передала? руководство организацией"))
def _handed_over(scene: Scene, name: str) -> None:
    """To the colleague, who has an account; the role is confirmed by the code."""
    persona = scene.cast[name]
    confirmed(scene, colleague_of(persona, scene))
    _named(scene, name)


@given(parsers.re(rf"у {_NAME} в кабинете договор и сертификат"))
def ready_to_sign(scene: Scene, name: str) -> None:
    """In the cabinet of the organization, with a certificate that was tried and a contract."""
    persona = scene.cast[name]
    if persona.kind == "head":  # the register's, whom the bank knows
        signed_in_by_bank(scene, persona, for_organization=True)
    elif scene.do(persona, ACTS[_INTO_CABINET]).state == "code_needed":
        done(scene, persona, "вводит код входа")
    done(scene, persona, "привязывает сертификат")
    scene.do(persona, ACTS["делает пробную подпись"])
    done(scene, persona, "загружает документ в кабинет")

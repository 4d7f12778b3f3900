"""Applications for registration: what comes before them, what their card says."""

from typing import Final

from pytest_bdd import given, parsers, then, when

from features.acts.act import ACTS, VIEWS
from features.acts.registration import prepare, upload_papers
from features.scene import Scene, told
from features.steps.accounts import enters_again

__all__ = ["both_checks_done"]

_RULE: Final = r"[A-Z]{2,5}-\d{2}"
_WEEK: Final = 5  # working days


@given(parsers.re(r"«(?P<name>[^»]+)» подготовила? заявку"))
def _prepared(scene: Scene, name: str) -> None:
    """The ИНН and the corporate mail are confirmed, the papers are uploaded."""
    prepare(scene.cast[name], scene)


@given(parsers.re(r"«(?P<name>[^»]+)» загрузила? документы"))
def _uploaded(scene: Scene, name: str) -> None:
    upload_papers(scene.cast[name], scene)


@given(parsers.re(r"заявка «(?P<name>[^»]+)» на проверке"))
def _in_verification(scene: Scene, name: str) -> None:
    """Filed and confirmed by the register: the data are with both agencies."""
    persona = scene.cast[name]
    prepare(persona, scene)
    outcome = scene.do(persona, ACTS["подаёт заявку"])
    assert outcome.state == "verifying", told(outcome)
    scene.driver.advance("1m")


@then(parsers.re(rf"в заявке «(?P<name>[^»]+)» названо правило (?P<rule>{_RULE})"))
def _named(scene: Scene, name: str, rule: str) -> None:
    """The card wants something of the applicant by this rule, and by no other."""
    outcome = scene.see(scene.cast[name], VIEWS["заявку"])
    named = sorted({broken.rule for broken in outcome.violations})
    assert named == [rule], f"ожидалось, что названо {rule}; получено: {told(outcome)}"
    scene.asserted.refused.append(rule)


@then(parsers.re(r"в заявке «(?P<name>[^»]+)» ничего не названо"))
def _nothing_named(scene: Scene, name: str) -> None:
    outcome = scene.see(scene.cast[name], VIEWS["заявку"])
    assert outcome.accepted, told(outcome)
    assert outcome.violations == (), told(outcome)
    scene.asserted.accepted = True


@then(parsers.re(rf"карточка «(?P<name>[^»]+)» — (?:принято|отказ (?P<rule>{_RULE}))"))
def _card(scene: Scene, name: str, rule: str | None) -> None:
    """What a table of examples says of each row."""
    if rule is None:
        _nothing_named(scene, name)
    else:
        _named(scene, name, rule)


@given(parsers.re(r"«(?P<name>[^»]+)» входит снова(?: через (?P<pause>\S+))?"))
@when(parsers.re(r"«(?P<name>[^»]+)» входит снова(?: через (?P<pause>\S+))?"))
def _again(scene: Scene, name: str, pause: str | None) -> None:
    """The session has long been over."""
    if pause is not None:
        scene.driver.advance(pause)
    enters_again(scene, scene.cast[name])


@given(parsers.re(r"обе проверки «(?P<name>[^»]+)» завершены"))
@when(parsers.re(r"обе проверки «(?P<name>[^»]+)» завершены"))
def both_checks_done(scene: Scene, name: str) -> None:
    """Time passes until they are: a working week is enough for the country's agencies."""
    persona = scene.cast[name]
    for _ in range(_WEEK):
        scene.driver.advance("1wd")
        enters_again(scene, persona)
        if scene.see(persona, VIEWS["заявку"]).state != "verifying":
            return
    raise AssertionError(f"проверки «{name}» не завершились за рабочую неделю")

"""Applications to agencies (chapter APP), begun for the organization that was bound last; whatever
is done then is done with the one that was begun last, unless a table names another."""

import base64
from typing import Any, Final

from features.acts.act import act, view
from features.acts.binding import bound_last
from features.acts.doing import done
from features.personas import Persona
from features.scene import Scene
from features.signing import signer_of
from world.file_formats import file_content

__all__ = ["begun_last"]

_APPEAL: Final = {"subject": "Отчётность", "text": "Какую форму сдавать?"}
_SUBSIDY: Final = {"amount": "150000", "purpose": "Покупка оборудования"}
_TITLES: Final = {"report": "Отчёт", "contract": "Договор", "attachment": "Приложение"}


def begun_last(scene: Scene) -> str:
    """The application that was begun last, by whomever; LookupError."""
    return str(_one(scene)["application"])


def _one(scene: Scene) -> dict[str, Any]:
    for deed in reversed(scene.deeds):
        if deed.act.name == "draft_application" and deed.outcome.accepted:
            organization = deed.payload["organization"]
            return {
                "organization": organization,
                "application": deed.outcome.data["application"],
            }
    raise LookupError("заявлений в сценарии ещё не было")


def _of_version(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the version that the persona sees on the card; 0 of what they do not see."""
    card = scene.driver.read(persona, "application_card", _one(scene))
    return {**_one(scene), "version": card.data.get("version", 0)}


# --- preparing


@act("проверяет поля обращения", "check_application")
def typed(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All that an appeal wants beside what is known."""
    return {"organization": bound_last(scene), "kind": "appeal", "fields": dict(_APPEAL)}


def _as_format(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The content in the format that the scenario names."""
    file_format = payload.pop("file_format")
    title = _TITLES.get(payload["document_type"], "Документ")
    payload["file_name"] = f"{title}.{file_format}"
    payload["content"] = base64.b64encode(file_content(file_format, [title])).decode()


@act("загружает документ к заявлению", "upload_document", _as_format)
def paper(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A contract in PDF."""
    return {"context": "library", "document_type": "contract", "file_format": "pdf"}


def _with_papers(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Those that a subsidy wants, in the formats that the scenario names («нет»: without one)."""
    wanted = {name: payload.pop(name, None) for name in ("report", "contract")}
    payload["documents"] = [
        done(
            scene,
            persona,
            "загружает документ к заявлению",
            {"document_type": name, "file_format": file_format},
        ).data["document"]
        for name, file_format in wanted.items()
        if file_format
    ]


@act("готовит обращение", "draft_application")
def appeal(persona: Persona, scene: Scene) -> dict[str, Any]:
    """An appeal that can be submitted as it is."""
    return {"organization": bound_last(scene), "kind": "appeal", "fields": dict(_APPEAL)}


@act("готовит заявление на субсидию", "draft_application", _with_papers)
def subsidy(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With every document that it wants; it has to be signed."""
    return {
        "organization": bound_last(scene),
        "kind": "subsidy",
        "fields": dict(_SUBSIDY),
        "report": "xlsx",
        "contract": "pdf",
    }


@act("готовит платное заявление", "draft_application")
def paid_one(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A duplicate of a certificate."""
    fields = {"reason": "Утеря"}
    return {
        "organization": bound_last(scene),
        "kind": "duplicate_certificate",
        "fields": fields,
    }


@act("правит черновик", "edit_application")
def edited(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Another text."""
    return {**_of_version(persona, scene), "fields": {"text": "Уточнённый вопрос"}}


@act("удаляет черновик", "discard_application")
def discarded(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As it is now."""
    return _of_version(persona, scene)


# --- submitting


@act("подаёт заявление", "submit_application")
def submission(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As it is now, without a signature."""
    return _of_version(persona, scene)


def _signed(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """Sign the application with the certificate of `signed_by`, a persona."""
    signer = payload.pop("signed_by")
    text = scene.driver.read(persona, "application_to_sign", _one(scene)).data.get("text", "")
    signature = signer_of(scene.cast[signer], scene).sign(text.encode(), scene)
    payload["signature"] = base64.b64encode(signature).decode()


@act("подаёт заявление с подписью", "sign_application", _signed)
def signed_submission(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As it is now, with the organization's certificate."""
    return {**_of_version(persona, scene), "signed_by": persona.name}


@act("переносит заявление", "move_application")
def moved(persona: Persona, scene: Scene) -> dict[str, Any]:
    """To the organization that was bound last."""
    return {**_of_version(persona, scene), "to": bound_last(scene)}


@act("оплачивает заявление", "pay")
def payment(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By its number, the whole price."""
    return {
        "organization": bound_last(scene),
        "purpose": "service",
        "service": "application",
        "subject": scene.known(persona, "number"),
    }


# --- considering


@act("одобряет заявление", "decide_application")
def approved(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With a comment."""
    return _decision(scene, is_good=True)


@act("отклоняет заявление", "decide_application")
def rejected(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With a comment."""
    return _decision(scene, is_good=False)


def _decision(scene: Scene, *, is_good: bool) -> dict[str, Any]:
    return {
        "application": begun_last(scene),
        "approved": is_good,
        "comment": "Решение № 7",
    }


@act("запрашивает у заявителя сведения", "request_information")
def asked(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Which period it is about."""
    return {"application": begun_last(scene), "comment": "Уточните период"}


@act("отвечает ведомству", "answer_application_request")
def answered(persona: Persona, scene: Scene) -> dict[str, Any]:
    """By a text."""
    return {**_of_version(persona, scene), "answer": "Первый квартал"}


@act("спрашивает оператора", "ask_operator")
def question(persona: Persona, scene: Scene) -> dict[str, Any]:
    """On the card of the application."""
    return {**_one(scene), "question": "Когда ждать решения?"}


@act("отвечает на вопрос в карточке", "answer_operator_question")
def reply(persona: Persona, scene: Scene) -> dict[str, Any]:
    """To the first one."""
    return {"application": begun_last(scene), "number": 0, "answer": "На следующей неделе"}


# --- seeing


@view("бланк обращения", "application_form")
def blank(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With what is known of the organization."""
    return {"organization": bound_last(scene), "kind": "appeal"}


@view("карточку заявления", "application_card")
def card(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the application that was begun last."""
    return _one(scene)


@view("вопросы операторам", "operator_questions")
def questions(persona: Persona, scene: Scene) -> dict[str, Any]:
    """That wait for an answer."""
    return {}


@view("заявления организации", "applications")
def listed(persona: Persona, scene: Scene) -> dict[str, Any]:
    """As many as the persona may see."""
    return {"organization": bound_last(scene)}


@view("акт по заявлению", "application_act")
def electronic_act(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the application that was begun last."""
    return _one(scene)


@view("акты в архиве", "list_documents")
def archive(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Electronic acts among the documents."""
    return {"document_type": "act"}


@view("отчёт мониторинга", "applications_report")
def report(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of everything that was submitted."""
    return {"organization": bound_last(scene)}


@view("отчёт мониторинга файлом", "applications_report_file")
def report_file(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of everything that was submitted."""
    return {"organization": bound_last(scene)}

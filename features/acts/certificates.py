"""Certificates of a cabinet, and what is signed with them (chapters CERT and SIG).

What decides how a signature comes to be is no field of a form: whose certificate (`owner`), with
which `mistake` of the rule book's defects, by a clock that is so many seconds ahead (`clock_s`),
over which `content`.
"""

import base64
import datetime as dt
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID

from features.acts.act import act, view
from features.personas import Persona
from features.placeholders import filled
from features.scene import Scene
from features.signing import Signer, container_of, signer_of
from signatures import cms
from world.file_formats import file_content

__all__ = ["new_certificate", "signature_over", "trial"]


def signature_over(content: bytes, payload: dict[str, Any], scene: Scene, owner: str) -> str:
    """A signature as the payload wants it; takes out of it what is no field of a form."""
    signer = _signer(owner, payload.pop("mistake", ""), scene)
    ahead = dt.timedelta(seconds=payload.pop("clock_s"))
    at = scene.driver.now() + ahead
    message = cms.sign(content, signer.key, signer.certificate, at=at)
    return base64.b64encode(message).decode()


def _signer(owner: str, mistake: str, scene: Scene) -> Signer:
    return signer_of(scene.cast[owner], scene, *([mistake] if mistake else []))


# --- binding


def _file(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    """The file that is uploaded, by what it `holds`: a certificate, or what should not be there."""
    owner, holds = payload.pop("owner"), payload.pop("holds")
    signer = _signer(owner, payload.pop("mistake"), scene)
    content = {
        "cer": lambda: signer.file,
        "pfx": lambda: container_of(scene.cast[owner], scene),
        "p7b": lambda: cms.bundle([signer.certificate]),
        "key": lambda: signer.key.pem,
        "pdf": lambda: file_content("pdf", ["Устав"]),
        "ed25519": lambda: _of_foreign_algorithm(scene),
    }[holds]()
    payload["content"] = base64.b64encode(content).decode()


def _of_foreign_algorithm(scene: Scene) -> bytes:
    """A certificate of Ed25519, which is none of CERT-07's."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ed25519")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=scene.driver.now(),
        not_valid_after=scene.driver.now() + dt.timedelta(days=1),
    )
    return made.sign(key, None).public_bytes(serialization.Encoding.DER)


@act("выбирает файл для входа", "choose_sign_in_file", _file)
def file_to_sign_in(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A container with the persona's own certificate and key."""
    return {"owner": persona.name, "holds": "pfx", "mistake": ""}


@act("привязывает сертификат", "bind_certificate", _file)
def new_certificate(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The persona's own open certificate."""
    return {
        "owner": persona.name,
        "holds": "cer",
        "mistake": "",
        "carrier": "token",
        "file_name": "certificate.cer",
    }


@act("меняет сертификат", "replace_certificate", _file)
def another_certificate(persona: Persona, scene: Scene) -> dict[str, Any]:
    """One in the place of the certificate that was bound last."""
    return {**new_certificate(persona, scene), "certificate": _bound(persona, scene)}


def _signed_trial(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    content, owner = payload.pop("content"), payload.pop("owner")
    is_signed = payload.pop("signed")
    signature = signature_over(content.encode(), payload, scene, owner)
    payload["signature"] = signature if is_signed else ""


@act("делает пробную подпись", "trial_signature", _signed_trial)
def trial(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Over the challenge, with the certificate that was bound last, by the persona's own clock."""
    return {
        "certificate": _bound(persona, scene),
        "content": scene.known(persona, "challenge"),
        "owner": persona.name,
        "mistake": "",
        "clock_s": persona.filing.environment.clock_skew_s,
        "signed": True,
        "key_report": "used",
    }


@act("просит код замены сертификата", "send_replacement_code")
def code_of_replacement(persona: Persona, scene: Scene) -> dict[str, Any]:
    """For the certificate that was bound last."""
    return {"certificate": _bound(persona, scene)}


@act("подтверждает замену сертификата", "confirm_replacement", _signed_trial)
def proof_of_replacement(persona: Persona, scene: Scene) -> dict[str, Any]:
    """With the code from the SMS and a trial signature."""
    code = filled("{код из СМС}", persona, scene)
    return {**trial(persona, scene), "code": code}


@view("сертификаты", "list_certificates")
def certificates(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of the cabinet."""
    return {}


@view("предупреждения о сертификатах", "certificate_warnings")
def warnings(persona: Persona, scene: Scene) -> dict[str, Any]:
    """All of the cabinet."""
    return {}


# --- signing documents


def _signed_files(payload: dict[str, Any], persona: Persona, scene: Scene) -> None:
    owner, others = payload.pop("owner"), payload.pop("last_owner")
    content = base64.b64decode(payload.pop("last_content"))
    documents = payload.pop("documents")
    files = []
    for number, document in enumerate(documents, 1):
        is_last = number == len(documents)
        signer = others if is_last else owner
        given = {"mistake": "", "clock_s": payload["clock_s"]}
        own = content if is_last else _content_of(document, persona, scene)
        files.append({"document": document, "signature": signature_over(own, given, scene, signer)})
    payload.pop("clock_s")
    payload["files"] = files


def _content_of(document: str, persona: Persona, scene: Scene) -> bytes:
    shown = scene.driver.read(persona, "document_content", {"document": document})
    return base64.b64decode(shown.data["content"])


@act("подписывает документы", "sign_documents", _signed_files)
def signing(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Every document that the persona has uploaded into the cabinet, with the certificate that was
    bound last; the last document may be signed by another, or over another content."""
    documents = [
        deed.outcome.data["document"]
        for deed in scene.deeds
        if deed.persona == persona.name
        and deed.act.phrase == "загружает документ в кабинет"
        and deed.outcome.accepted
    ]
    last = _content_of(documents[-1], persona, scene)
    return {
        "certificate": _bound(persona, scene),
        "documents": documents,
        "last_content": base64.b64encode(last).decode(),
        "owner": persona.name,
        "last_owner": persona.name,
        "clock_s": persona.filing.environment.clock_skew_s,
        "key_report": "used",
    }


@act("загружает документ в кабинет", "upload_document")
def document_of_cabinet(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A contract, another one each time."""
    title = f"Договор {len(scene.deeds)}"
    content = file_content("pdf", [title])
    return {
        "context": "library",
        "document_type": "contract",
        "file_name": f"{title}.pdf",
        "content": base64.b64encode(content).decode(),
    }


@view("подпись документа", "signed_document")
def signature_of_document(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the document that was uploaded last."""
    return {"document": scene.known(persona, "document")}


# --- orders (CERT-13)


@act("заказывает сертификат", "order_certificate")
def order(persona: Persona, scene: Scene) -> dict[str, Any]:
    """A certificate in a file, of the authority that is first in the register."""
    passports = [
        deed.outcome.data["document"]
        for deed in scene.deeds
        if deed.persona == persona.name
        and deed.outcome.accepted
        and deed.outcome.data.get("document_type") == "passport"
    ]
    return {
        "authority": "north",
        "algorithm": "ecc",
        "delivery": "file",
        "head_snils": persona.filing.form.head_snils,
        "documents": passports[-1:],
        "code_word": "ромашка",
    }


@act("оплачивает сертификат", "pay_certificate")
def payment(persona: Persona, scene: Scene) -> dict[str, Any]:
    """The whole price of the latest order."""
    price = scene.known(persona, "price_kopecks")
    return {"order": _order(persona, scene), "payment_id": "pay-1", "kopecks": price}


@act("предъявляет паспорт центру", "identify_representative")
def shown_passport(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Their own."""
    passport = persona.person.passport
    return {
        "order": _order(persona, scene),
        "series": passport.series,
        "number": passport.number,
    }


@act("получает сертификат", "receive_certificate")
def receipt(persona: Persona, scene: Scene) -> dict[str, Any]:
    """Of the latest order."""
    return {"order": _order(persona, scene), "carrier": "file"}


def _order(persona: Persona, scene: Scene) -> Any:
    return scene.known(persona, "order")


def _bound(persona: Persona, scene: Scene) -> Any:
    """The certificate that the persona's organization has bound last, whoever did."""
    return scene.known(persona, "certificate")

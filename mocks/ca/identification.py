"""Who stands behind an application: by a passport shown in person, or by a signature that the
person has already (63-ФЗ, art. 18, part 1)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from mocks.case_work.files import decoded_file
from mocks.core.passport_restrictions import RESTRICTIONS
from mocks.core.service import Call
from mocks.pki.authorities import Authorities
from signatures.certificates import subject_of
from signatures.cms import signed
from signatures.gost import GostUnavailable
from signatures.refusals import SignatureRefused
from world.records import Person

__all__ = ["ByPassport", "BySignature", "Identification", "failure"]


class ByPassport(BaseModel):
    """A passport, shown at the authority."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["in_person"]
    series: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class BySignature(BaseModel):
    """A detached CMS signature over the application's number (UTF-8), Base64 of DER."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["signature"]
    signature: Annotated[str, Field(max_length=40_000)]


class Identification(RootModel[Annotated[ByPassport | BySignature, Field(discriminator="method")]]):
    """One of the ways, by its `method`."""


def failure(call: Call, number: str, signer: Person, shown: ByPassport | BySignature) -> str | None:
    """Why `shown` does not identify `signer`; None if it does. Refusal 422 for a signature that is
    not in Base64."""
    if isinstance(shown, ByPassport):
        return _passport_failure(signer, shown)
    return _signature_failure(call, number, signer, shown)


def _passport_failure(signer: Person, shown: ByPassport) -> str | None:
    passport = signer.passport
    if (passport.series, passport.number) != (shown.series, shown.number):
        return "Паспорт не того, кто указан представителем"
    return None if passport.restriction is None else RESTRICTIONS[passport.restriction]


def _signature_failure(call: Call, number: str, signer: Person, shown: BySignature) -> str | None:
    message = decoded_file(shown.signature, "signature")
    try:
        certificate = signed(message, number.encode()).certificate
        call.tenant.state(Authorities).check(certificate, call.now_us)
    except SignatureRefused as refusal:
        return refusal.message
    except GostUnavailable as missing:
        return f"ГОСТ здесь не работает: {missing}"
    if subject_of(certificate).snils != signer.snils:
        return "Подпись не того, кто указан представителем"
    return None

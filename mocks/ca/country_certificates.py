"""Certificates that the country describes (`world.filings`), with the mistakes of its defects.

An applicant of a test signs with them: a good certificate of any organization, or one that is
expired, revoked, personal, of an authority that is not accredited.
"""

import datetime as dt
from typing import Final

import rulebook
from mocks.ca.containers import container_file
from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from mocks.pki.asked_algorithm import require_gost
from mocks.pki.authorities import Authorities, Identity
from mocks.pki.files import bundle_file, certificate_file, certificate_pem, key_pem
from rulebook import Defect
from world.certificate_profiles import CertificateProfile
from world.dates import WORLD_DATE
from world.defects import apply_all
from world.filings import filing_of

__all__ = ["show_bundle", "show_certificate", "show_container", "show_key", "show_pem"]

_LAST_DAY: Final = dt.date(2199, 12, 31)


def show_key(call: Call) -> Answer:
    """The private key."""
    return key_pem(_identity(call).key)


def show_certificate(call: Call) -> Answer:
    """The certificate as a file .cer."""
    return certificate_file(_identity(call).certificate)


def show_pem(call: Call) -> Answer:
    """The certificate and those above it as PEM."""
    identity = _identity(call)
    return certificate_pem(identity.certificate, *identity.chain)


def show_bundle(call: Call) -> Answer:
    """The same as a file .p7b."""
    identity = _identity(call)
    return bundle_file([identity.certificate, *identity.chain])


def show_container(call: Call) -> Answer:
    """The same with the private key as a file .pfx."""
    identity = _identity(call)
    return container_file(call, identity.key, identity.certificate, identity.chain)


def _identity(call: Call) -> Identity:
    profile = _profile(call)
    require_gost(profile.algorithm)
    return call.tenant.state(Authorities).of_profile(profile)


def _profile(call: Call) -> CertificateProfile:
    world = call.tenant.records.world
    defects = _defects(call.request.parameter("defects") or "")
    key = _number(call.request.parameter("key") or "0", "key")
    day = _day(call.values["day"])
    try:
        filing = filing_of(world, _number(call.values["index"], "index"), day)
    except IndexError:
        message = f"Организации {call.values['index']} в стране нет"
        raise Refusal(404, "no-such-organization", message, field="index") from None
    try:
        return apply_all(
            defects, filing, world=world, policy=call.tenant.policy, key=key
        ).certificate
    except ValueError:
        message = "У этой организации такой ошибки не бывает"
        raise Refusal(422, "defect-not-applicable", message, field="defects") from None


def _defects(text: str) -> list[Defect]:
    book = rulebook.load()
    named = [each for each in text.split(",") if each]
    unknown = [each for each in named if each not in book.defects]
    if unknown:
        message = f"Ошибки «{unknown[0][:40]}» в своде правил нет"
        raise Refusal(422, "no-such-defect", message, field="defects")
    return [book.defects[each] for each in named]


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not WORLD_DATE <= day <= _LAST_DAY:
        message = f"День подачи: дата ГГГГ-ММ-ДД с {WORLD_DATE} по {_LAST_DAY}"
        raise Refusal(422, "bad-day", message, field="day")
    return day


def _number(text: str, field: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        raise Refusal(422, "bad-number", f"{field}: ожидается целое число от 0", field=field)
    return int(text)

"""The register of accredited certification authorities, and of trusted roots.

Real: the XML list and two of its addresses, certificates by their thumbprint. Ours: everything
under `/v1`, and that anybody withdraws and removes there: those are the controls of a test.
"""

import hashlib
from collections.abc import Iterable
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from mocks.ca_registry.published_list import published_list
from mocks.ca_registry.register import CaRegister, Edition
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call, Service
from mocks.core.xml import XML
from mocks.pki.asked_algorithm import asked_algorithm
from mocks.pki.authorities import Authorities, available_algorithms
from mocks.pki.files import certificate_file, certificate_pem
from signatures.certificates import Certificate

__all__ = ["service"]

T = TypeVar("T")

_OUTDATED: Final = "outdated_roots"
_SIGNER: Final = "CA-REGISTRY"  # the mnemonic under whose certificate the list is signed

service: Final = Service(
    "ca_registry",
    own_faults={
        _OUTDATED: "список устарел: нет корня head-2025 и центров под ним (CERT-17)",
    },
    hosts=("e-trust.gosuslugi.ru",),
)


class Decision(BaseModel):
    """Why the register is changed."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=500)]


# --- the list


@service.get("/CA/DownloadTSL")
@service.get("/app/scc/portal/api/v1/portal/ca/getxml")
def download(call: Call) -> Answer:
    """The list of authorities, those whose accreditation is over too."""
    edition, authorities = _listed(call), call.tenant.state(Authorities)
    calendar, signer = call.tenant.clock.calendar, authorities.identity(_SIGNER)
    return Answer(200, published_list(edition, authorities, calendar, signer), XML)


@service.get("/Shared/DownloadCert")
def certificate(call: Call) -> Answer:
    """The certificate of an authority or a root by `thumbprint`: SHA-1, 40 hexadecimal digits."""
    wanted = (call.request.parameter("thumbprint") or "").lower()
    for each in _certificates(call):
        if hashlib.sha1(each.dump(), usedforsecurity=False).hexdigest() == wanted:
            return certificate_file(each)
    raise Refusal(404, "no-such-certificate", "Сертификата с таким отпечатком в реестре нет")


@service.get("/v1/authorities")
def authorities(call: Call) -> Answer:
    """Authorities in JSON."""
    edition = _listed(call)
    shown = [each.view(call.tenant) for each in edition.authorities]
    return json_answer({**_head(call, edition), "authorities": shown})


@service.get("/v1/roots")
def roots(call: Call) -> Answer:
    """Roots in JSON."""
    edition = _listed(call)
    shown = [each.view(call.tenant) for each in edition.roots]
    return json_answer({**_head(call, edition), "roots": shown})


@service.get("/v1/roots/{algorithm}.pem")
def trusted_roots(call: Call) -> Answer:
    """Certificates of the roots that are trusted now, in one algorithm, as PEM."""
    algorithm = asked_algorithm(call.values["algorithm"])
    state = call.tenant.state(Authorities)
    trusted = (each for each in _listed(call).roots if each.history[-1].state == "trusted")
    return certificate_pem(*(state.issuer(each.root.id, algorithm).certificate for each in trusted))


def _listed(call: Call) -> Edition:
    register = call.tenant.state(CaRegister)
    return register.outdated() if call.hit(_OUTDATED) else register.present(call.now_us)


def _head(call: Call, edition: Edition) -> dict[str, object]:
    issued_us = call.tenant.clock.calendar.instant(edition.issued)
    return {"version": edition.version, "issued": moment(call.tenant, issued_us)}


def _certificates(call: Call) -> Iterable[Certificate]:
    state = call.tenant.state(Authorities)
    edition = _listed(call)
    names = [each.authority.id for each in edition.authorities]
    names += [each.root.id for each in edition.roots]
    algorithms = available_algorithms()
    return (state.issuer(name, each).certificate for name in names for each in algorithms)


# --- changes


@service.post("/v1/authorities/{id}/withdrawal")
def withdraw(call: Call) -> Answer:
    """End an accreditation: certificates of the authority are foreign from now on."""
    return _move_authority(call, "terminated")


@service.post("/v1/authorities/{id}/accreditation")
def accredit(call: Call) -> Answer:
    """Give it back."""
    return _move_authority(call, "active")


@service.post("/v1/roots/{id}/removal")
def remove(call: Call) -> Answer:
    """Take a root out of the trusted ones."""
    return _move_root(call, "removed")


@service.post("/v1/roots/{id}/return")
def put_back(call: Call) -> Answer:
    """Put it back."""
    return _move_root(call, "trusted")


def _move_authority(call: Call, state: str) -> Answer:
    decision, register = call.request.read(Decision), call.tenant.state(CaRegister)
    entry = _entry(call, register.authorities, "no-such-authority", "Удостоверяющего центра")
    register.move_authority(entry, state, call.now_us, decision.reason)
    return json_answer(entry.view(call.tenant))


def _move_root(call: Call, state: str) -> Answer:
    decision, register = call.request.read(Decision), call.tenant.state(CaRegister)
    entry = _entry(call, register.roots, "no-such-root", "Корневого сертификата")
    register.move_root(entry, state, call.now_us, decision.reason)
    return json_answer(entry.view(call.tenant))


def _entry(call: Call, entries: dict[str, T], code: str, what: str) -> T:
    found = entries.get(call.values["id"])
    if found is None:
        raise Refusal(404, code, f"{what} «{call.values['id'][:40]}» в реестре нет")
    return found

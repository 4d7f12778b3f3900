"""How personas sign: with keys and certificates that the country's authorities have given them."""

from dataclasses import dataclass
from functools import lru_cache

import requests

from features.personas import Persona
from features.scene import Scene
from signatures import cms
from signatures.certificates import Certificate, parsed
from signatures.keys import PrivateKey

__all__ = ["Signer", "container_of", "signer_of"]

_TIMEOUT_S = 60.0  # the first to ask for a key waits until the authorities have theirs


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with its certificate; `file` is the certificate as people upload it."""

    key: PrivateKey
    certificate: Certificate
    file: bytes

    def sign(self, content: bytes, scene: Scene) -> bytes:
        """A detached CMS signature over `content`, made now."""
        return cms.sign(content, self.key, self.certificate, at=scene.driver.now())


def signer_of(persona: Persona, scene: Scene, *defects: str) -> Signer:
    """The persona as a signer for their organization; the certificate has the mistakes of their
    filing, and `defects` besides (`cert_personal` is the certificate of a person)."""
    address, query = _place(persona, scene, defects)
    file = _fetched(f"{address}/certificate.cer", query)
    return Signer(_key(_fetched(f"{address}/key.pem", query)), parsed(file), file)


def container_of(persona: Persona, scene: Scene) -> bytes:
    """The same key and certificate as a .pfx file, which nobody should upload (CERT-05)."""
    address, query = _place(persona, scene, ())
    return _fetched(f"{address}/container.pfx", query)


def _place(
    persona: Persona, scene: Scene, defects: tuple[str, ...]
) -> tuple[str, dict[str, str | int]]:
    index, day = persona.organization.index, persona.filing.as_of
    known = scene.book.defects
    wrong = [each for each in (*persona.defects, *defects) if known[each].where == "certificate"]
    query: dict[str, str | int] = {"key": index}
    if wrong:
        query["defects"] = ",".join(dict.fromkeys(wrong))
    return f"{scene.driver.outside('ca')}/v1/organizations/{index}/{day}", query


def _fetched(address: str, query: dict[str, str | int]) -> bytes:
    answer = requests.get(address, params=query, timeout=_TIMEOUT_S)
    answer.raise_for_status()
    return answer.content


@lru_cache(64)
def _key(pem: bytes) -> PrivateKey:
    """Reading an RSA key takes longer than a scenario's other steps together."""
    return PrivateKey.from_pem(pem)

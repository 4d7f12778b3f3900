"""What an information system signs for ЕСИА, with nothing of the project: by `cryptography`, and
with GOST by the openssl command."""

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from tests.clients.openssl import openssl
from tests.clients.stand import MOSCOW, Credentials
from world.certificate_profiles import KeyAlgorithm

__all__ = ["InformationSystem"]

_DER: Final = serialization.Encoding.DER


@dataclass(frozen=True)
class InformationSystem:
    """A system with its key and certificate; at `callback`, where people come back to, nobody
    listens."""

    credentials: Credentials
    mnemonic: str = "POLIGON"
    algorithm: KeyAlgorithm = "rsa"
    callback: str = "http://127.0.0.1:5000/callback"

    def register(self, session: requests.Session, address: str, **card: Any) -> None:
        """Enter it at the ЕСИА of that address, with its certificate and its callback."""
        whole = {
            "name": "Учётная система",
            "certificates": [self.credentials.certificate.read_text("ascii")],
            "redirect_uris": [self.callback],
            **card,
        }
        answer = session.put(f"{address}/v1/clients/{self.mnemonic}", json=whole)
        assert answer.status_code == 201, answer.text

    def first(self, scope: str, state: str) -> dict[str, Any]:
        """What the first version of the protocol adds to the parameters of OAuth."""
        timestamp = _timestamp()
        secret = self._cms(f"{scope}{timestamp}{self.mnemonic}{state}".encode())
        return {"timestamp": timestamp, "client_secret": _base64url(secret)}

    def second(
        self, scope: str, state: str, *, code: str = "", scope_org: str = ""
    ) -> dict[str, Any]:
        """What the second one adds."""
        timestamp = _timestamp()
        text = f"{self.mnemonic}{scope}{scope_org}{timestamp}{state}{self.callback}{code}"
        return {
            "timestamp": timestamp,
            "client_secret": _base64url(self._signature(text.encode())),
            "client_certificate_hash": self._digest(self._certificate.public_bytes(_DER)).hex(),
        }

    @property
    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.credentials.certificate.read_bytes())

    @property
    def _key(self) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key(self.credentials.key.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
        return key

    def _cms(self, text: bytes) -> bytes:
        """A detached signature, DER."""
        if self.algorithm == "gost":
            files = "-signer", self.credentials.certificate, "-inkey", self.credentials.key
            return _by_openssl("cms", "-sign", "-binary", "-outform", "DER", *files, data=text)
        builder = pkcs7.PKCS7SignatureBuilder().set_data(text)
        builder = builder.add_signer(self._certificate, self._key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        return builder.sign(_DER, options)

    def _signature(self, text: bytes) -> bytes:
        if self.algorithm == "gost":
            words = "dgst", "-md_gost12_256", "-sign", self.credentials.key
            return _by_openssl(*words, data=text)
        key = self._key
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return key.sign(text, ec.ECDSA(hashes.SHA256()))

    def _digest(self, data: bytes) -> bytes:
        if self.algorithm == "gost":
            return _by_openssl("dgst", "-md_gost12_256", "-binary", data=data)
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        return digest.finalize()


def _by_openssl(*words: str | Path, data: bytes) -> bytes:
    verdict = openssl(*words, data=data, gost=True)
    assert verdict.code == 0, verdict.said
    return verdict.out


def _timestamp() -> str:
    return f"{dt.datetime.now(MOSCOW):%Y.%m.%d %H:%M:%S %z}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

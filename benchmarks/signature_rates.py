"""How fast signatures are made and checked in one process, beside the bare arithmetic of a key.

Bare is what `cryptography`, for GOST the engine of OpenSSL, makes or checks over the same bytes.
Everything takes turns in a round, so that its ratio to the bare one doesn't depend on how fast the
machine is just then. The certificate is one that has been read before, as that of a client that
comes again. `chain, lists` besides checks the chain to the root, with the lists of both authorities
at that moment; `remembered` asks the authorities as services do, who have found it good before.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from lxml import etree

from mocks.ca.service import service
from mocks.core.country import Country
from mocks.pki.authorities import Authorities, Identity
from mocks.pki.hierarchy import root_of
from signatures import cms, gost, verification, xmldsig
from signatures.verification import Trust
from world.certificate_profiles import KeyAlgorithm

__all__ = ["BARE_SIGN", "BARE_VERIFY", "OPERATIONS", "rates"]

BARE_SIGN, BARE_VERIFY = "bare, sign", "bare, verify"
OPERATIONS: Final = {
    BARE_SIGN: BARE_SIGN,
    "CMS, sign": BARE_SIGN,
    "XMLDSig, sign": BARE_SIGN,
    BARE_VERIFY: BARE_VERIFY,
    "CMS, verify": BARE_VERIFY,
    "CMS, verify; remembered": BARE_VERIFY,
    "CMS, verify; chain, lists": BARE_VERIFY,
    "XMLDSig, verify": BARE_VERIFY,
}
"""What is measured, and what it is compared with."""

_AUTHORITY: Final = "north"  # certifies systems
_DATA: Final = b"openid fullname snils2026.02.02 10:00:00 +0300POLIGONstate"
_MESSAGE: Final = (
    '<t:SenderProvidedRequestData xmlns:t="urn:t" Id="D"><t:MessageID>032b1646-ff00-11f0-8000-'
    '0242ac120002</t:MessageID><t:MessagePrimaryContent><a:Request xmlns:a="urn:a"><a:number>'
    "7715970401</a:number></a:Request></t:MessagePrimaryContent></t:SenderProvidedRequestData>"
)

_Work: TypeAlias = Callable[[], object]


def rates(algorithm: KeyAlgorithm, turn_s: float, turns: int) -> Mapping[str, float]:
    """Operations per CPU-second by their names, each measured for so many turns of so long."""
    work = _work(algorithm)
    for each in work.values():
        each()
    done = dict.fromkeys(work, 0)
    used_s = dict.fromkeys(work, 0.0)
    for _ in range(turns):
        for name, each in work.items():
            until = time.perf_counter() + turn_s
            began = time.process_time()
            while time.perf_counter() < until:
                each()
                done[name] += 1
            used_s[name] += time.process_time() - began
    return {name: done[name] / used_s[name] for name in work}


def _work(algorithm: KeyAlgorithm) -> dict[str, _Work]:
    tenant = Country([service], seed=1).tenant()
    authorities = tenant.state(Authorities)
    own = authorities.identity("POLIGON", algorithm)
    now, now_us = tenant.clock.local(), tenant.now_us
    issuers = ((_AUTHORITY, algorithm), (root_of(_AUTHORITY).id, algorithm))
    trust = Trust(
        roots=[own.chain[1]],
        known=[own.chain[0]],
        crls=[authorities.revocation_list(each, now_us) for each in issuers],
    )
    message = cms.sign(_DATA, own.key, own.certificate, at=now)
    signature, target = _signed(own)
    bare_sign, bare_verify = _bare(own)
    return {
        BARE_SIGN: bare_sign,
        "CMS, sign": lambda: cms.sign(_DATA, own.key, own.certificate, at=now),
        "XMLDSig, sign": lambda: xmldsig.sign(target, own.key, own.certificate, xmldsig.SMEV),
        BARE_VERIFY: bare_verify,
        "CMS, verify": lambda: cms.signed(message, _DATA),
        "CMS, verify; remembered": lambda: authorities.check(
            cms.signed(message, _DATA).certificate, now_us
        ),
        "CMS, verify; chain, lists": lambda: verification.check(
            cms.signed(message, _DATA).certificate, now, trust
        ),
        "XMLDSig, verify": lambda: xmldsig.signed(signature, target, xmldsig.SMEV),
    }


def _signed(own: Identity) -> tuple[etree._Element, etree._Element]:
    """A signature and the element that it stands beside."""
    root = etree.fromstring(f"<message>{_MESSAGE}</message>")
    root.append(xmldsig.sign(root[0], own.key, own.certificate, xmldsig.SMEV))
    return root[1], root[0]


def _bare(own: Identity) -> tuple[_Work, _Work]:
    """Signing and verifying by the key alone."""
    if own.key.algorithm == "gost":
        private, public = gost.GostKey(own.key.pkcs8), gost.GostPublicKey(own.key.spki)
        made = private.sign(gost.digest(_DATA))
        return (
            lambda: private.sign(gost.digest(_DATA)),
            lambda: public.verify(made, gost.digest(_DATA)),
        )
    key = load_der_private_key(own.key.pkcs8, password=None)
    signature = own.key.sign(_DATA)
    if isinstance(key, rsa.RSAPrivateKey):
        rsa_key, scheme, digest = key.public_key(), padding.PKCS1v15(), hashes.SHA256()
        return (
            lambda: key.sign(_DATA, scheme, digest),
            lambda: rsa_key.verify(signature, _DATA, scheme, digest),
        )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    ecc_key, ecdsa = key.public_key(), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    return (
        lambda: key.sign(_DATA, ecdsa),
        lambda: ecc_key.verify(signature, _DATA, ecdsa),
    )

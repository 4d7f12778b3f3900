"""Markers (маркеры): access and id tokens of ЕСИА, signed JWTs that the tenant knows.

Keys are those of the country, so another tenant's markers have a good signature here too: what is
not in this tenant's register was never issued by it.
"""

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from mocks.core.draw_keys import DrawKey
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from mocks.esia.clients import Client, Written
from mocks.esia.errors import rest_refusal
from mocks.esia.faults import Flaws
from mocks.esia.grants import Grant
from mocks.esia.oids import organization_oid, person_oid
from mocks.esia.scopes import OPENID
from mocks.pki.authorities import Authorities
from signatures import jws
from signatures.gost import GostUnavailable
from signatures.keys import PublicKey, SigningKey
from signatures.refusals import SignatureRefused
from world.certificate_profiles import KeyAlgorithm
from world.microseconds import EPOCH

__all__ = ["ACCESS_S", "ID_S", "ISSUER", "OWN_MNEMONIC", "Issue", "Markers", "seconds"]

ISSUER: Final = "http://esia.gosuslugi.ru/"
"""`iss`, wherever the service is: clients have it written down."""

OWN_MNEMONIC: Final = "ESIA"
"""The identity that signs markers."""

ACCESS_S: Final = 3_600
"""Lifetime of an access marker, as real ones have it."""

ID_S: Final = 10_800
"""Lifetime of an id marker, as real ones have it."""

_MOST: Final = 20_000  # markers known, the latest
_WRONG_ISSUER: Final = "http://esia.example.test/"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a client gets: `id` is None unless it asked for `openid`."""

    access: str
    id: str | None


@dataclass(frozen=True, slots=True)
class _Issued:
    """What an access marker was made of, and the digest of its text."""

    grant: Grant
    algorithm: KeyAlgorithm
    digest: bytes


class Markers:
    """Markers of one tenant, the latest 20,000."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._authorities = tenant.state(Authorities)
        self._issued: OrderedDict[str, _Issued] = OrderedDict()

    def issue(self, grant: Grant, client: Client, key: DrawKey, now_us: int, flaws: Flaws) -> Issue:
        """An access marker for `grant`, and an id marker if a person was to be identified, as
        `client` reads them. GostUnavailable."""
        # Two tenants with one seed that are asked the same must not know each other's markers.
        sid = new_id(key, f"sid/{self._tenant.name}")
        signer = self._authorities.identity(OWN_MNEMONIC, client.algorithm).key
        now_s = seconds(self._tenant, now_us)
        claims = _access_claims(grant) | _common_claims(sid, grant, now_s, ACCESS_S, flaws)
        access = _signed("access", claims, signer, flaws)
        self._issued[sid] = _Issued(grant, client.algorithm, _digest(access))
        if len(self._issued) > _MOST:
            self._issued.popitem(last=False)
        told: str | None = None
        if grant.person is not None and OPENID in grant.scope_names:
            claims = self._id_claims(grant, grant.person, client.sub)
            claims |= _common_claims(sid, grant, now_s, ID_S, flaws)
            told = _signed("id", claims, signer, flaws)
        return Issue(access, told)

    def granted(self, token: str, now_us: int) -> Grant:
        """What an access marker stands for; Refusal 401 ESIA-005011 if it is not one of this
        tenant's or was revoked, ESIA-005013 if it has expired."""
        try:
            sid = jws.unverified_claims(token).get("urn:esia:sid")
            issued = self._issued.get(sid) if isinstance(sid, str) else None
            if issued is None:
                raise rest_refusal("ESIA-005011")
            signer = self._authorities.identity(OWN_MNEMONIC, issued.algorithm).key
            claims = jws.verified_claims(token, _public(signer.spki))
        except (SignatureRefused, GostUnavailable):
            raise rest_refusal("ESIA-005011") from None
        # Anybody may have the keys of the country: signed is not issued yet.
        is_issued = _digest(token) == issued.digest
        if not is_issued or claims["iss"] != ISSUER or issued.grant.revoked:
            raise rest_refusal("ESIA-005011")
        if seconds(self._tenant, now_us) >= claims["exp"]:
            raise rest_refusal("ESIA-005013")
        return issued.grant

    def _id_claims(self, grant: Grant, person: int, sub: Written) -> dict[str, Any]:
        oid = person_oid(person)
        claims: dict[str, Any] = {
            "aud": grant.client,
            "sub": oid if sub == "number" else str(oid),
            "amr": grant.method,
            "urn:esia:amd": grant.method,
            "auth_time": seconds(self._tenant, grant.authenticated_us),
            "urn:esia:sbj": {
                "urn:esia:sbj:typ": "P",
                "urn:esia:sbj:is_tru": True,
                "urn:esia:sbj:oid": oid,
                "urn:esia:sbj:nam": f"OID.{oid}",
            },
        }
        if grant.nonce is not None:
            claims["nonce"] = grant.nonce
        return claims


def seconds(tenant: Tenant, us: int) -> int:
    """Model time as whole seconds of the epoch, rounded down (NumericDate of RFC 7519)."""
    return (tenant.clock.calendar.local(us) - EPOCH) // dt.timedelta(seconds=1)


def _access_claims(grant: Grant) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "client_id": grant.client,
        "scope": " ".join(str(scope) for scope in grant.scopes),
    }
    if grant.person is not None:
        claims["urn:esia:sbj_id"] = person_oid(grant.person)
    return claims


def _common_claims(
    sid: str, grant: Grant, now_s: int, lifetime_s: int, flaws: Flaws
) -> dict[str, Any]:
    # Expired a lifetime ago: beyond what any client's clock or leeway makes good.
    issued_s = now_s - 2 * lifetime_s if flaws.expired else now_s
    claims: dict[str, Any] = {
        "iss": _WRONG_ISSUER if flaws.wrong_issuer else ISSUER,
        "urn:esia:sid": sid,
        "nbf": issued_s,
        "iat": issued_s,
        "exp": issued_s + lifetime_s,
    }
    if grant.organization is not None:
        claims["urn:esia:org:oid"] = organization_oid(grant.organization)
    return claims


def _signed(kind: str, claims: Mapping[str, Any], signer: SigningKey, flaws: Flaws) -> str:
    token = jws.signed(claims, signer, {"ver": 1, "typ": "JWT", "sbt": kind})
    if not flaws.wrong_signature:
        return token
    other = jws.signed({**claims, "exp": 0}, signer, {"ver": 1, "typ": "JWT", "sbt": kind})
    return f"{token.rpartition('.')[0]}.{other.rpartition('.')[2]}"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@lru_cache(16)
def _public(spki: bytes) -> PublicKey:
    return PublicKey(spki)

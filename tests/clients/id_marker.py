"""The id marker as joserfc validates it."""

from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

__all__ = ["EsiaClaims", "id_claims"]


class EsiaClaims(jwt.JWTClaimsRegistry):
    """ЕСИА's `sub` is a number, against RFC 7519, unless the card of a system says otherwise."""

    def validate_sub(self, value: object) -> None:
        self.check_value("sub", value)


def id_claims(
    token: str,
    key: RSAKey | ECKey,
    audience: str,
    algorithm: str = "RS256",
    registry: type[jwt.JWTClaimsRegistry] = EsiaClaims,
) -> dict[str, Any]:
    """The claims of a good marker; JoseError for another."""
    # `ver` and `sbt` in the head are ЕСИА's own.
    heads = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    claims = jwt.decode(token, key, registry=heads).claims
    registry(
        iss={"essential": True, "value": "http://esia.gosuslugi.ru/"},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        nbf={"essential": True},
    ).validate(claims)
    return claims

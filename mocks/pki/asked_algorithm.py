"""An algorithm as a client names it."""

from mocks.core.http import Refusal
from signatures import gost
from world.certificate_profiles import ALGORITHMS, KeyAlgorithm

__all__ = ["asked_algorithm", "require_gost"]


def asked_algorithm(name: str) -> KeyAlgorithm:
    """One of CERT-07's by its name in a path; Refusal 404, 503 for GOST where there is none."""
    found = next((each for each in ALGORITHMS if each == name), None)
    if found is None:
        message = f"Алгоритма «{name[:20]}» нет, есть: {', '.join(ALGORITHMS)}"
        raise Refusal(404, "no-such-algorithm", message)
    require_gost(found)
    return found


def require_gost(algorithm: KeyAlgorithm) -> None:
    """Refusal 503 says what is missing if `algorithm` is GOST and it does not work here."""
    reason = gost.unavailable() if algorithm == "gost" else None
    if reason is not None:
        raise Refusal(503, "gost-unavailable", f"ГОСТ здесь не работает: {reason}")

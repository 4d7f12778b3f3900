"""Which authorities are accredited and which roots are trusted, as a tenant's register says
(CERT-01, CERT-17)."""

from collections.abc import Iterable

from mocks.pki import hierarchy
from signatures.certificates import Certificate
from world.certificate_profiles import KeyAlgorithm

__all__ = ["TrustList"]


class TrustList:
    """The register of one tenant; `seed` is the country's.

    An accreditation may be withdrawn and given again, a root taken out and put back.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.withdrawn: set[str] = set()
        self.distrusted: set[str] = set()

    def accredited(self) -> tuple[str, ...]:
        """Ids of the accredited authorities, in the order of the country."""
        return tuple(
            each.id
            for each in hierarchy.AUTHORITIES
            if each.accredited and each.id not in self.withdrawn
        )

    def roots(self, algorithms: Iterable[KeyAlgorithm]) -> list[Certificate]:
        """The certificates of trusted roots in these algorithms. GostUnavailable."""
        return [
            hierarchy.root_issuer(root, algorithm, self._seed).certificate
            for root in hierarchy.TRUSTED_ROOTS
            if root.id not in self.distrusted
            for algorithm in algorithms
        ]

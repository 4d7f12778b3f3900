"""Which authorities are accredited and which roots are trusted, as a tenant's register says
(CERT-01, CERT-17)."""

from collections.abc import Iterable

from mocks.pki import hierarchy
from mocks.pki.hierarchy import Root
from signatures.certificates import Certificate
from world.certificate_profiles import KeyAlgorithm

__all__ = ["TrustList"]


class TrustList:
    """The register of one tenant; `seed` is the country's.

    An accreditation may be withdrawn and given again, a root taken out and put back; `revision`
    grows with each such change.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._withdrawn: set[str] = set()
        self._distrusted: set[str] = set()
        self.revision = 0

    # --- reading

    def accredited(self) -> tuple[str, ...]:
        """Ids of the accredited authorities, in the order of the country."""
        return tuple(each.id for each in hierarchy.AUTHORITIES if self.accredits(each.id))

    def accredits(self, authority_id: str) -> bool:
        """Whether an authority is accredited now; KeyError."""
        return hierarchy.authority(authority_id).accredited and authority_id not in self._withdrawn

    def trusted(self) -> tuple[Root, ...]:
        """The roots that are trusted, in the order of the country."""
        return tuple(root for root in hierarchy.TRUSTED_ROOTS if root.id not in self._distrusted)

    def roots(self, algorithms: Iterable[KeyAlgorithm]) -> list[Certificate]:
        """The certificates of trusted roots in these algorithms. GostUnavailable."""
        algorithms = tuple(algorithms)
        return [
            hierarchy.root_issuer(root, algorithm, self._seed).certificate
            for root in self.trusted()
            for algorithm in algorithms
        ]

    # --- changing; each tells whether that was a change

    def withdraw(self, authority_id: str) -> bool:
        """Take an accreditation away; KeyError if there is no such authority."""
        if not self.accredits(authority_id):
            return False
        self._withdrawn.add(authority_id)
        return self._changed()

    def accredit(self, authority_id: str) -> bool:
        """Give a withdrawn accreditation back; KeyError if there is no such authority."""
        hierarchy.authority(authority_id)
        if authority_id not in self._withdrawn:
            return False
        self._withdrawn.remove(authority_id)
        return self._changed()

    def distrust(self, root_id: str) -> bool:
        """Take a root out; KeyError if there is none of that id."""
        if hierarchy.ROOTS[root_id] not in self.trusted():
            return False
        self._distrusted.add(root_id)
        return self._changed()

    def trust(self, root_id: str) -> bool:
        """Put a root back that was taken out; KeyError if there is none of that id."""
        _ = hierarchy.ROOTS[root_id]
        if root_id not in self._distrusted:
            return False
        self._distrusted.remove(root_id)
        return self._changed()

    def _changed(self) -> bool:
        self.revision += 1
        return True

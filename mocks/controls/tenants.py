"""A tenant, and the country with its tenant `main`, in a test's hands."""

from typing import Literal

from mocks.controls.clock import ClockControls
from mocks.controls.faults import FaultControls
from mocks.controls.journal import JournalControls
from mocks.controls.records import RecordControls
from mocks.core.country import MAIN, Country, TenantError
from mocks.core.inboxes import Message
from mocks.core.tenant import Tenant
from world.country import World

__all__ = ["CountryControls", "TenantControls"]


class TenantControls:
    """A tenant by its name; TenantError from any act if there is none (any more).

    `url` is where its services are: `{url}/{service}/…`.
    """

    def __init__(self, country: Country, name: str, url: str) -> None:
        self._country = country
        self.name = name
        self.url = url
        self.clock = ClockControls(self._state)
        self.faults = FaultControls(self._state)
        mocks = (name for name, system in country.book.systems.items() if system.role == "mock")
        self.journal = JournalControls(self._state, {*country.services, *mocks})
        self.records = RecordControls(self._state)

    @property
    def state(self) -> Tenant:
        """The tenant itself; whoever uses it holds its `lock`."""
        return self._state()

    def _state(self) -> Tenant:
        return self._country.tenant(self.name)

    def inbox(
        self, contact: str, folder: Literal["inbox", "spam"] | None = "inbox"
    ) -> tuple[Message, ...]:
        """What `contact` (phone, address, device) has received by now; None is every folder.

        ValueError for another folder.
        """
        if folder not in ("inbox", "spam", None):
            raise ValueError(f"folder: {folder!r} is neither inbox nor spam")
        tenant = self.state
        with tenant.lock:
            tenant.settle()
            return tenant.inboxes.of(contact, folder)

    def contacts(self) -> dict[str, int]:
        """Everybody who has received something by now, and how many messages."""
        tenant = self.state
        with tenant.lock:
            tenant.settle()
            return dict(tenant.inboxes.contacts())

    def clear_inbox(self, contact: str | None = None) -> None:
        """Forget the messages of `contact`, or of everybody."""
        tenant = self.state
        with tenant.lock:
            tenant.settle()
            tenant.inboxes.clear(contact)


class CountryControls(TenantControls):
    """The country: what it does by itself is done to the tenant `main`."""

    def __init__(self, country: Country, url: str) -> None:
        super().__init__(country, MAIN, url)

    @property
    def world(self) -> World:
        """The people and organizations, before any tenant's changes."""
        return self._country.world

    def tenant(self, name: str, seed: int | None = None) -> TenantControls:
        """The tenant of that name, made now if there is none; TenantError if one of another
        `seed` is there."""
        found = self._existing(name)
        if found is None:
            try:
                found = self._country.create_tenant(name, seed)
            except TenantError:
                found = self._existing(name)  # another thread may have made it meanwhile
                if found is None:
                    raise
        if seed is not None and found.seed != seed:
            raise TenantError(f"{name!r}: there is such a tenant already, its seed is {found.seed}")
        return TenantControls(self._country, name, f"{self.url}/{name}")

    def _existing(self, name: str) -> Tenant | None:
        try:
            return self._country.tenant(name)
        except TenantError:
            return None

"""Balances of organizations' accounts and what changes them; all money is whole kopecks.

A payment is first held, then charged; what is charged goes to the Treasury, so that money moves and
never appears or vanishes.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from mocks.core.tenant import Tenant
from rulebook.kinds import Tier
from world.attributes import Attributes
from world.records import Organization

__all__ = ["AccountState", "Accounts", "Entry", "MoneyRefused", "Refused"]

AccountState: TypeAlias = Literal["open", "blocked", "closed"]
"""`blocked`: operations are suspended (НК РФ, статья 76)."""

Refused: TypeAlias = Literal["insufficient_funds", "account_blocked", "account_closed"]

_MOST_ENTRIES: Final = 1_000  # kept per account, the latest

# Opening balances in kopecks, each as likely as any other; assumptions.
_OPENING: Final[dict[Tier, tuple[int, int]]] = {
    "small": (5_000_000, 100_000_000),
    "medium": (100_000_000, 10_000_000_000),
    "large": (10_000_000_000, 1_000_000_000_000),
}
_INDICES: Final = 2**32  # those that a test has added have negative indices


class MoneyRefused(Exception):
    """The bank does not let the money go."""

    def __init__(self, reason: Refused) -> None:
        super().__init__(reason)
        self.reason: Refused = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a statement: `kopecks` are negative if the account was charged; `balance_kopecks`
    is what it came to."""

    at_us: int
    document: str
    kopecks: int
    balance_kopecks: int
    purpose: str


@dataclass(slots=True)
class _Account:
    balance: int
    holds: dict[str, int] = field(default_factory=dict)
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=_MOST_ENTRIES))


class Accounts:
    """The accounts of one tenant, by the index of their organization; those that were never touched
    take no room. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._seed = tenant.records.world.seed
        self._accounts: dict[int, _Account] = {}
        self._states: dict[int, AccountState] = {}
        self.treasury_kopecks = 0

    # --- reading

    def state(self, organization: Organization) -> AccountState:
        """As the bank has put it; of a liquidated organization closed."""
        if organization.standing == "liquidated":
            return "closed"
        return self._states.get(organization.index, "open")

    def balance(self, organization: Organization) -> int:
        """Kopecks on the account, held ones too."""
        account = self._accounts.get(organization.index)
        return self.opening(organization) if account is None else account.balance

    def available(self, organization: Organization) -> int:
        """Kopecks that can be spent."""
        return self.balance(organization) - sum(self.holds(organization).values())

    def holds(self, organization: Organization) -> dict[str, int]:
        """Held kopecks by id."""
        account = self._accounts.get(organization.index)
        return {} if account is None else dict(account.holds)

    def entries(self, organization: Organization) -> tuple[Entry, ...]:
        """The latest 1,000 lines of the statement, oldest first."""
        account = self._accounts.get(organization.index)
        return () if account is None else tuple(account.entries)

    def opening(self, organization: Organization) -> int:
        """Kopecks with which the account began: a function of the country and the organization."""
        low, high = _OPENING[organization.tier]
        account = Attributes("bank accounts", self._seed, organization.index % _INDICES)
        return low + account.below("opening", high - low + 1)

    # --- changing

    def change_state(self, organization: Organization, state: AccountState) -> None:
        """The bank blocks, opens or closes the account."""
        self._states[organization.index] = state

    def hold(
        self, organization: Organization, kopecks: int, hold_id: str, *, to_budget: bool = False
    ) -> None:
        """Set `kopecks` aside; MoneyRefused if they cannot be. Payments to the budget pass a
        blocked account (НК РФ, статья 76, пункт 1)."""
        state = self.state(organization)
        if state == "closed":
            raise MoneyRefused("account_closed")
        if state == "blocked" and not to_budget:
            raise MoneyRefused("account_blocked")
        if kopecks > self.available(organization):
            raise MoneyRefused("insufficient_funds")
        self._account(organization).holds[hold_id] = kopecks

    def release(self, organization: Organization, hold_id: str) -> None:
        """What was held can be spent again."""
        self._account(organization).holds.pop(hold_id, None)

    def charge(
        self, organization: Organization, hold_id: str, kopecks: int, purpose: str, now_us: int
    ) -> None:
        """Take `kopecks`, at most what is held, for the Treasury and release the rest; KeyError if
        nothing is held under that id, ValueError for another sum: then all stays as it is."""
        holds = self._account(organization).holds
        if not 0 < kopecks <= holds[hold_id]:
            raise ValueError(f"expected 1 to {holds[hold_id]} kopecks, got {kopecks}")
        del holds[hold_id]
        self._move(organization, -kopecks, hold_id, purpose, now_us)

    def give_back(
        self, organization: Organization, kopecks: int, document: str, purpose: str, now_us: int
    ) -> None:
        """Return `kopecks` from the Treasury to the account."""
        self._move(organization, kopecks, document, purpose, now_us)

    def _move(
        self, organization: Organization, kopecks: int, document: str, purpose: str, now_us: int
    ) -> None:
        account = self._account(organization)
        account.balance += kopecks
        self.treasury_kopecks -= kopecks
        account.entries.append(Entry(now_us, document, kopecks, account.balance, purpose))

    def _account(self, organization: Organization) -> _Account:
        found = self._accounts.get(organization.index)
        if found is None:
            found = self._accounts[organization.index] = _Account(self.opening(organization))
        return found

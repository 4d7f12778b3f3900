"""Requests for a code that wait for a person: to sign in, to choose a role, to consent."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from mocks.core.draw_keys import DrawKey
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from mocks.esia.consents import Consents
from mocks.esia.errors import Declined
from mocks.esia.grants import Grant, Method
from mocks.esia.oids import organization_oid, person_oid
from mocks.esia.people import Role, roles_of
from mocks.esia.scopes import Scope
from world.microseconds import SECOND_US
from world.records import Person

__all__ = ["LOGIN_S", "PRIVATE", "CodeRequest", "Login", "Logins", "Step"]

LOGIN_S: Final = 900
"""How long a person may take, in seconds; assumption."""

PRIVATE: Final = "person"
"""The role of who signs in for nobody else."""

_MOST: Final = 10_000  # the latest

Step: TypeAlias = Literal["password", "role", "consent", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequest:
    """A request for a code that was found good: `scope_org` are areas of whichever organization
    the person will choose."""

    client: str
    redirect_uri: str
    state: str
    scopes: tuple[Scope, ...]
    scope_org: tuple[Scope, ...]
    challenge: str | None
    nonce: str | None
    offline: bool


@dataclass(eq=False, slots=True)
class Login:
    """A request for a code on its way; `person` has signed in, `role` is chosen."""

    id: str
    request: CodeRequest
    began_us: int
    person: Person | None = None
    method: Method = "PWD"
    authenticated_us: int = 0
    role: Role | None = None
    role_chosen: bool = False
    consented: bool = False


class Logins:
    """Logins of one tenant, the latest 10,000."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._logins: OrderedDict[str, Login] = OrderedDict()

    def begin(self, request: CodeRequest, key: DrawKey, now_us: int) -> Login:
        """Wait for a person."""
        login = Login(new_id(key, "login"), request, now_us)
        self._logins[login.id] = login
        if len(self._logins) > _MOST:
            self._logins.popitem(last=False)
        return login

    def find(self, login_id: str, now_us: int) -> Login | None:
        """The login of that id, unless it took too long or is done."""
        login = self._logins.get(login_id)
        return None if login is None or now_us - login.began_us >= LOGIN_S * SECOND_US else login

    def end(self, login: Login) -> None:
        """The person goes back to the system."""
        self._logins.pop(login.id, None)

    # --- steps

    def identify(self, login: Login, person: Person, method: Method, at_us: int) -> None:
        """The person has signed in at `at_us`, and has chosen nothing yet; who has no organization
        acts for nobody else."""
        login.person, login.method, login.authenticated_us = person, method, at_us
        login.role, login.role_chosen = None, not self.roles(login)
        login.consented = False

    def roles(self, login: Login) -> Sequence[Role]:
        """Organizations that the person may act for."""
        if login.person is None:
            return ()
        roles = roles_of(self._tenant.records, login.person)
        return [role for role in roles if role.organization.standing != "liquidated"]

    def choose(self, login: Login, word: str) -> bool:
        """Take the role: PRIVATE, or the ОГРН or ИНН of an organization; whether there is such a
        one."""
        if word == PRIVATE:
            login.role, login.role_chosen = None, True
            return True
        for role in self.roles(login):
            if word in (role.organization.ogrn, role.organization.inn):
                login.role, login.role_chosen = role, True
                return True
        return False

    def step(self, login: Login) -> Step:
        """What the person has to do now."""
        if login.person is None:
            return "password"
        if not login.role_chosen:
            return "role"
        if not login.consented and self.missing(login):
            return "consent"
        return "done"

    def missing(self, login: Login) -> list[Scope]:
        """Areas that the person is still to consent to."""
        assert login.person is not None  # asked only of who has signed in
        consents = self._tenant.state(Consents)
        return consents.missing(login.request.client, login.person.index, self.scopes(login))

    def consent(self, login: Login) -> None:
        """The person agrees to everything that is asked."""
        assert login.person is not None
        consents = self._tenant.state(Consents)
        consents.give(login.request.client, login.person.index, self.scopes(login))
        login.consented = True

    def scopes(self, login: Login) -> tuple[Scope, ...]:
        """What is asked, of this person and of the chosen organization.

        Declined 007019 for somebody else's data, 007194 for an organization that the person does
        not belong to.
        """
        assert login.person is not None
        own = person_oid(login.person.index)
        asked = []
        for scope in login.request.scopes:
            if scope.is_organizations:
                if not self._belongs(login.person, scope.oid):
                    raise Declined("007194", str(scope))
                asked.append(scope)
            elif scope.oid not in (None, own):
                raise Declined("007019", str(scope))
            else:
                asked.append(replace(scope, oid=own))
        if login.role is not None:
            chosen = organization_oid(login.role.organization.index)
            asked += [replace(scope, oid=chosen) for scope in login.request.scope_org]
        return tuple(dict.fromkeys(asked))

    def grant(self, login: Login) -> Grant:
        """What the person has granted. Declined as of `scopes`."""
        assert login.person is not None
        organization = None if login.role is None else login.role.organization.index
        return Grant(
            client=login.request.client,
            scopes=self.scopes(login),
            person=login.person.index,
            organization=organization,
            offline=login.request.offline,
            nonce=login.request.nonce,
            method=login.method,
            authenticated_us=login.authenticated_us,
        )

    def _belongs(self, person: Person, oid: int | None) -> bool:
        """Whether the person is somebody in the organization of that account."""
        return any(
            organization_oid(role.organization.index) == oid
            for role in roles_of(self._tenant.records, person)
        )

"""requests-oauthlib, unmodified, signs people in through ЕСИА over TLS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from oauthlib.oauth2.rfc6749.errors import MismatchingStateError
from requests_oauthlib import OAuth2Session

from mocks.core.country import MAIN
from tests.clients.browser import Person, Way
from tests.clients.id_marker import id_claims
from tests.clients.information_system import InformationSystem
from tests.clients.openssl import needs_openssl
from tests.clients.stand import OTHER, TENANTS, Stand, standing
from tests.signatures.needs_gost import ALGORITHMS
from world.certificate_profiles import KeyAlgorithm

UCHET = "UCHET"
CALLBACK = "https://uchet.example.test/callback"  # the library takes no http
SCOPE = "openid fullname snils usr_org"
STATE = "a-state"
# Of the country with seed 1: КУЛАГИН heads ООО "СЕВЕРПРОМ" and three more.
KULAGIN, KULAGIN_OID, KULAGIN_SNILS = 2, 1_000_000_002, "72559357432"
SEVERPROM, SEVERPROM_OID, SEVERPROM_NAME = 2, 1_200_000_002, 'ООО "СЕВЕРПРОМ"'

pytestmark = needs_openssl  # which signs in GOST


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path, tls=True) as made:
        yield made


class Portal:
    """A system that signs people in: a session of the library, and what is signed for it."""

    def __init__(
        self, stand: Stand, tenant: str = MAIN, algorithm: KeyAlgorithm = "rsa", **card: Any
    ) -> None:
        self.stand = stand
        self.address = stand.address("esia", tenant)
        credentials = stand.credentials(UCHET, algorithm)
        self.signer = InformationSystem(credentials, UCHET, algorithm, CALLBACK)
        self.signer.register(stand.session(), self.address, **card)
        self.session = OAuth2Session(UCHET, redirect_uri=CALLBACK, scope=SCOPE.split(), state=STATE)
        stand.prepare(self.session)

    def sends(self, signed: str = SCOPE) -> Way:
        """The way of a person who is sent to ЕСИА with a signature over the scope `signed`."""
        url, _ = self.session.authorization_url(
            f"{self.address}/aas/oauth2/ac",
            access_type="offline",
            **self.signer.first(signed, STATE),
        )
        return Person(self.stand.session(), KULAGIN_SNILS, SEVERPROM_NAME).go(url)

    def completes(self, found: Way) -> dict[str, Any]:
        """Markers for a person who has come back."""
        told: dict[str, Any] = self.session.fetch_token(
            f"{self.address}/aas/oauth2/te",
            authorization_response=found.end,
            include_client_id=True,
            scope=SCOPE,
            state=STATE,
            **self.signer.first(SCOPE, STATE),
        )
        return told

    def refreshes(self, token: str | None = None) -> dict[str, Any]:
        told: dict[str, Any] = self.session.refresh_token(
            f"{self.address}/aas/oauth2/te",
            refresh_token=token,
            client_id=UCHET,
            state=STATE,
            **self.signer.first(SCOPE, STATE),
        )
        return told

    def reads(self, path: str) -> Any:
        """What ЕСИА tells of a person or an organization."""
        answer = self.session.get(f"{self.address}/rs{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.mark.parametrize("tenant", TENANTS)
def test_head_of_an_organization_signs_in_for_it(stand: Stand, tenant: str) -> None:
    portal = Portal(stand, tenant, sub="text")
    told = portal.completes(portal.sends())

    assert sorted(told) == ["access_token", "expires_at", "expires_in", "id_token",
                            "refresh_token", "state", "token_type"]  # fmt: skip
    assert (told["expires_in"], told["state"], told["token_type"]) == (3600, STATE, "Bearer")
    key = RSAKey.import_key(stand.markers_key(tenant).read_bytes())
    claims = id_claims(told["id_token"], key, UCHET, registry=JWTClaimsRegistry)
    assert claims["sub"] == "1000000002"
    assert claims["urn:esia:sbj"]["urn:esia:sbj:oid"] == KULAGIN_OID
    assert claims["urn:esia:org:oid"] == SEVERPROM_OID

    person = stand.country.world.person(KULAGIN)
    seen = portal.reads(f"/prns/{KULAGIN_OID}")
    assert (seen["lastName"], seen["firstName"]) == (person.name.last, person.name.first)
    assert seen["snils"] == "725-593-574 32"
    roles = portal.reads(f"/prns/{KULAGIN_OID}/roles")["elements"]
    headed = stand.country.world.organizations_headed_by(KULAGIN)
    chief = [role["shortName"] for role in roles if role["chief"]]
    assert chief == [organization.short_name for organization in headed]
    assert SEVERPROM_NAME in chief


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_flow_is_signed_in_every_algorithm(stand: Stand, algorithm: KeyAlgorithm) -> None:
    portal = Portal(stand, algorithm=algorithm)
    portal.completes(portal.sends())
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"


def test_lifetime_written_as_text_is_read(stand: Stand) -> None:
    portal = Portal(stand, expires_in="text")
    assert portal.completes(portal.sends())["expires_in"] == 3600
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"


def test_refresh_token_works_once(stand: Stand) -> None:
    portal = Portal(stand)
    first = portal.completes(portal.sends())
    second = portal.refreshes()
    assert second["access_token"] != first["access_token"]
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"
    with pytest.raises(OAuth2Error, match="ESIA-007011") as refused:
        portal.refreshes(first["refresh_token"])
    assert refused.value.error == "invalid_grant"


@pytest.mark.parametrize("tenant", TENANTS)
def test_system_itself_reads_an_organization(stand: Stand, tenant: str) -> None:
    portal = Portal(stand, tenant)
    names = ("org_shortname", "org_ogrn", "org_inn", "org_emps")
    areas = " ".join(f"http://esia.gosuslugi.ru/{name}?org_oid={SEVERPROM_OID}" for name in names)
    portal.session = OAuth2Session(client=BackendApplicationClient(UCHET, scope=areas))
    stand.prepare(portal.session)
    told = portal.session.fetch_token(
        f"{portal.address}/aas/oauth2/te",
        include_client_id=True,
        state=STATE,
        **portal.signer.first(areas, STATE),
    )
    assert "id_token" not in told

    organization = stand.country.world.organization(SEVERPROM)
    seen = portal.reads(f"/orgs/{SEVERPROM_OID}")
    assert seen.pop("eTag")
    assert seen == {
        "stateFacts": ["Identifiable"],
        "oid": SEVERPROM_OID,
        "shortName": organization.short_name,
        "ogrn": organization.ogrn,
        "inn": organization.inn,
        "staffCount": 1 + len(stand.country.world.employees_of(SEVERPROM)),
        "isLiquidated": False,
    }
    employees = portal.reads(f"/orgs/{SEVERPROM_OID}/emps?embed=(elements)")["elements"]
    assert [each["prnOid"] for each in employees if each["chief"]] == [KULAGIN_OID]


# --- refusals


def test_altered_state_is_noticed_by_the_library(stand: Stand) -> None:
    portal = Portal(stand)
    stand.plan("esia", "altered_state", times=1)
    found = portal.sends()
    with pytest.raises(MismatchingStateError):
        portal.completes(found)


def test_signature_over_another_scope_comes_back_as_access_denied(stand: Stand) -> None:
    portal = Portal(stand)
    found = portal.sends(signed="openid")
    assert found.headings == []
    with pytest.raises(OAuth2Error, match="ESIA-007053") as refused:
        portal.completes(found)
    assert refused.value.error == "access_denied"


def test_key_of_another_system_gets_no_markers(stand: Stand) -> None:
    portal = Portal(stand)
    found = portal.sends()
    portal.signer = InformationSystem(stand.credentials("STRANGER"), UCHET, callback=CALLBACK)
    with pytest.raises(OAuth2Error, match="ESIA-007005") as refused:
        portal.completes(found)
    assert refused.value.error == "unauthorized_client"


def test_marker_of_another_tenant_opens_nothing(stand: Stand) -> None:
    portal = Portal(stand)
    portal.completes(portal.sends())
    other = stand.address("esia", OTHER)
    answer = portal.session.get(f"{other}/rs/prns/{KULAGIN_OID}")
    assert (answer.status_code, answer.json()["code"]) == (401, "ESIA-005011")
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"

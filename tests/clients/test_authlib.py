"""Authlib, unmodified, signs people in through ЕСИА with PKCE, in both versions of its protocol."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc6749.errors import MismatchingStateException
from joserfc.jwk import ECKey, RSAKey

from mocks.core.country import MAIN
from tests.clients.browser import Person, Way
from tests.clients.id_marker import id_claims
from tests.clients.information_system import InformationSystem
from tests.clients.openssl import needs_openssl, openssl
from tests.clients.stand import TENANTS, Stand, standing
from tests.signatures.needs_gost import ALGORITHMS, needs_gost
from world.certificate_profiles import KeyAlgorithm

SCOPE = "openid fullname snils"
ORGANIZATION_SCOPE = "org_shortname org_ogrn"
STATE = "a-state"
VERIFIER = "dBjftJeZ4CVP-mBLG8bZfrU0a4gN_kZ-h1JL4_lbSkc"  # of 43 characters, the fewest
# Of the country with seed 1: КУЛАГИН heads ООО "СЕВЕРПРОМ" and three more.
KULAGIN, KULAGIN_OID, KULAGIN_SNILS = 2, 1_000_000_002, "72559357432"
SEVERPROM, SEVERPROM_OID, SEVERPROM_NAME = 2, 1_200_000_002, 'ООО "СЕВЕРПРОМ"'

pytestmark = needs_openssl  # which signs in GOST
VERSIONS = pytest.mark.parametrize("version", [1, 2])


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


class Portal:
    """A system that signs people in: a session of the library, and what is signed for it."""

    def __init__(
        self,
        stand: Stand,
        tenant: str = MAIN,
        version: int = 1,
        algorithm: KeyAlgorithm = "rsa",
        mnemonic: str = "POLIGON",
    ) -> None:
        self.stand = stand
        self.address = stand.address("esia", tenant)
        self.version = version
        credentials = stand.credentials(mnemonic, algorithm)
        self.signer = InformationSystem(credentials, mnemonic, algorithm)
        self.session = OAuth2Session(
            mnemonic,
            redirect_uri=self.signer.callback,
            scope=SCOPE,
            token_endpoint_auth_method="none",
            code_challenge_method="S256",
        )
        stand.prepare(self.session)

    @property
    def authorization(self) -> str:
        return f"{self.address}/aas/oauth2/{'ac' if self.version == 1 else 'v2/ac'}"

    @property
    def markers(self) -> str:
        return f"{self.address}/aas/oauth2/{'te' if self.version == 1 else 'v3/te'}"

    def signed(self, scope: str = SCOPE, **parts: str) -> dict[str, Any]:
        """The parameters that OAuth has not; `parts` are signed by the second version alone."""
        if self.version == 1:
            return self.signer.first(scope, STATE)
        return self.signer.second(scope, STATE, **parts)

    def sends(self, verifier: str | None = VERIFIER, **asked: str) -> Way:
        """The way of a person who is sent to ЕСИА."""
        parts = {name: asked[name] for name in ("scope_org",) if name in asked}
        url, _ = self.session.create_authorization_url(
            self.authorization,
            state=STATE,
            code_verifier=verifier,
            access_type="offline",
            **self.signed(**parts),
            **asked,
        )
        return Person(self.stand.session(), KULAGIN_SNILS, SEVERPROM_NAME).go(url)

    def completes(self, found: Way, verifier: str | None = VERIFIER, **asked: str) -> Any:
        """Markers for a person who has come back."""
        return self.session.fetch_token(
            self.markers,
            authorization_response=found.end,
            state=STATE,
            body=f"state={STATE}",
            code_verifier=verifier,
            scope=SCOPE,
            **self.signed(code=found.told.get("code", ""), **asked),
            **asked,
        )

    def refreshes(self, token: str | None = None) -> Any:
        return self.session.refresh_token(
            self.markers,
            refresh_token=token,
            body=f"state={STATE}",
            redirect_uri=self.signer.callback,
            **self.signed(),
        )

    def asks_for_itself(self, scope: str) -> Any:
        """Markers in the system's own name."""
        return self.session.fetch_token(
            self.markers,
            grant_type="client_credentials",
            body=f"state={STATE}",
            redirect_uri=self.signer.callback,
            scope=scope,
            **self.signed(scope),
        )

    def reads(self, path: str) -> Any:
        """What ЕСИА tells of a person or an organization."""
        answer = self.session.get(f"{self.address}/rs{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


def refusal(asked: Callable[[], object]) -> tuple[str, str]:
    """Error and code of the refusal that something asked for must end with."""
    with pytest.raises(OAuthError) as refused:
        asked()
    return refused.value.error, refused.value.description.partition(":")[0]


@pytest.mark.parametrize("tenant", TENANTS)
@VERSIONS
def test_person_signs_in_with_a_code_that_is_bound(stand: Stand, tenant: str, version: int) -> None:
    portal = Portal(stand, tenant, version)
    found = portal.sends(nonce="a-nonce")
    assert found.headings == ["Вход", "Как войти?", "Предоставить доступ?"]
    told = portal.completes(found)

    assert (told["expires_in"], told["state"], told["token_type"]) == (3600, STATE, "Bearer")
    key = RSAKey.import_key(stand.markers_key(tenant).read_bytes())
    claims = id_claims(told["id_token"], key, "POLIGON")
    assert (claims["nonce"], claims["sub"]) == ("a-nonce", KULAGIN_OID)
    person = stand.country.world.person(KULAGIN)
    seen = portal.reads(f"/prns/{KULAGIN_OID}")
    assert (seen["lastName"], seen["firstName"]) == (person.name.last, person.name.first)
    assert seen["snils"] == "725-593-574 32"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@VERSIONS
def test_flow_is_signed_in_every_algorithm(
    stand: Stand, version: int, algorithm: KeyAlgorithm
) -> None:
    portal = Portal(stand, version=version, algorithm=algorithm)
    portal.completes(portal.sends())
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_chosen_organization_is_opened_by_the_second_version(
    stand: Stand, algorithm: KeyAlgorithm
) -> None:
    portal = Portal(stand, version=2, algorithm=algorithm)
    portal.completes(portal.sends(scope_org=ORGANIZATION_SCOPE), scope_org=ORGANIZATION_SCOPE)
    organization = stand.country.world.organization(SEVERPROM)
    seen = portal.reads(f"/orgs/{SEVERPROM_OID}")
    assert (seen["shortName"], seen["ogrn"]) == (SEVERPROM_NAME, organization.ogrn)
    assert organization.short_name == SEVERPROM_NAME


@VERSIONS
def test_refresh_token_works_once(stand: Stand, version: int) -> None:
    portal = Portal(stand, version=version)
    first = portal.completes(portal.sends())
    second = portal.refreshes()
    assert second["access_token"] != first["access_token"]
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"
    assert refusal(lambda: portal.refreshes(first["refresh_token"])) == (
        "invalid_grant", "ESIA-007011"
    )  # fmt: skip


@pytest.mark.parametrize("tenant", TENANTS)
@VERSIONS
def test_system_itself_reads_an_organization(stand: Stand, tenant: str, version: int) -> None:
    portal = Portal(stand, tenant, version)
    names = ("org_shortname", "org_inn", "org_emps")
    areas = [f"http://esia.gosuslugi.ru/{name}?org_oid={SEVERPROM_OID}" for name in names]
    told = portal.asks_for_itself(" ".join(areas))
    assert "id_token" not in told

    organization = stand.country.world.organization(SEVERPROM)
    seen = portal.reads(f"/orgs/{SEVERPROM_OID}")
    assert (seen["shortName"], seen["inn"]) == (SEVERPROM_NAME, organization.inn)
    employees = portal.reads(f"/orgs/{SEVERPROM_OID}/emps?embed=(elements)")["elements"]
    staff = stand.country.world.employees_of(SEVERPROM)
    expected = [1_000_000_000 + person for person in (KULAGIN, *(each.person for each in staff))]
    assert [each["prnOid"] for each in employees] == expected


@VERSIONS
def test_system_itself_reads_a_person_who_has_consented(stand: Stand, version: int) -> None:
    portal = Portal(stand, version=version)
    scope = f"snils?oid={KULAGIN_OID}"
    assert refusal(lambda: portal.asks_for_itself(scope)) == ("access_denied", "ESIA-007019")
    portal.sends()
    portal.asks_for_itself(scope)
    assert portal.reads(f"/prns/{KULAGIN_OID}")["snils"] == "725-593-574 32"


# --- markers in other algorithms


def registered(stand: Stand, algorithm: KeyAlgorithm) -> Portal:
    """A system whose markers are of that algorithm."""
    portal = Portal(stand, mnemonic="UCHET")
    portal.signer.register(stand.session(), portal.address, algorithm=algorithm)
    return portal


def test_marker_of_es256_is_validated(stand: Stand) -> None:
    portal = registered(stand, "ecc")
    told = portal.completes(portal.sends())
    key = ECKey.import_key(stand.markers_key(algorithm="ecc").read_bytes())
    claims = id_claims(told["id_token"], key, "UCHET", "ES256")
    assert claims["sub"] == KULAGIN_OID


@needs_gost
def test_marker_of_gost_is_validated_by_openssl(stand: Stand, tmp_path: Path) -> None:
    portal = registered(stand, "gost")
    content, _, signature = portal.completes(portal.sends())["id_token"].rpartition(".")
    file = tmp_path / "signature"
    file.write_bytes(base64.urlsafe_b64decode(signature + "=="))
    key = stand.markers_key(algorithm="gost")
    for text, answer in ((content, "Verified OK"), (content + "A", "Verification failure")):
        verdict = openssl(
            "dgst", "-md_gost12_256", "-verify", key, "-signature", file,
            data=text.encode(), gost=True,
        )  # fmt: skip
        assert verdict.out.decode().strip() == answer


# --- refusals


@VERSIONS
@pytest.mark.parametrize(
    ("sent", "shown", "refused"),
    [
        pytest.param(VERIFIER, "A" * 43, ("invalid_grant", "ESIA-007040"), id="wrong"),
        pytest.param(VERIFIER, None, ("invalid_request", "ESIA-007014"), id="missing"),
        pytest.param(None, VERIFIER, ("invalid_grant", "ESIA-007039"), id="unasked"),
    ],
)
def test_verifier_that_does_not_fit_is_refused(
    stand: Stand, version: int, sent: str | None, shown: str | None, refused: tuple[str, str]
) -> None:
    portal = Portal(stand, version=version)
    found = portal.sends(sent)
    assert refusal(lambda: portal.completes(found, shown)) == refused
    portal.completes(found, sent)  # the code is still good


@VERSIONS
def test_signature_of_another_key_is_refused(stand: Stand, version: int) -> None:
    portal = Portal(stand, version=version)
    found = portal.sends()
    portal.signer = InformationSystem(stand.credentials("STRANGER"))
    expected = [("unauthorized_client", "ESIA-007005"), ("access_denied", "ESIA-007053")]
    assert refusal(lambda: portal.completes(found)) == expected[version - 1]


@VERSIONS
def test_altered_state_is_noticed_by_the_library(stand: Stand, version: int) -> None:
    portal = Portal(stand, version=version)
    stand.plan("esia", "altered_state", times=1)
    found = portal.sends()
    with pytest.raises(MismatchingStateException):
        portal.completes(found)

"""Lists and OCSP as they are served: in every algorithm, on the clock, broken by plan."""

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse

import mocks
from mocks.cert_status.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer, Request
from mocks.pki.authorities import Authorities, Identity
from mocks.pki.issued import Issued
from signatures import gost
from signatures.certificates import Certificate, parsed
from signatures.refusals import SignatureRefused
from signatures.revocation import Revocation
from signatures.verification import Trust, check
from tests.mocks.asking import ask, ask_json
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.ocsp_questions import question

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
DAY_US = 86_400_000_000
SECOND_US = 1_000_000


class Stand:
    """A country whose system POLIGON is asked about."""

    def __init__(self, algorithm: Any, *kinds: str) -> None:
        faults = [
            Fault.model_validate({"id": kind, "service": "cert_status", "kind": kind})
            for kind in kinds
        ]
        self.country = Country([service], seed=1, faults=faults)
        self.tenant = self.country.tenant()
        self.authorities = self.tenant.state(Authorities)
        self.algorithm = algorithm
        self.identity: Identity = self.authorities.identity("POLIGON", algorithm)
        found = self.authorities.register.find(
            ("north", algorithm), self.identity.certificate.serial_number
        )
        assert found is not None
        self.issued: Issued = found

    def get(self, path: str) -> Answer:
        answer = ask(self.country, "GET", f"/cert_status/{path}")
        assert answer.status == 200, answer.body.decode(errors="replace")
        return answer

    def lists(self) -> list[CertificateList]:
        """Those of the authority and of its root."""
        return [
            CertificateList.load(self.get(f"{name}-{self.algorithm}.crl").body, strict=True)
            for name in ("north", "head")
        ]

    def question(self, issuer: str, certificate: Certificate, **options: Any) -> bytes:
        above = self.authorities.issuer(issuer, self.algorithm)
        return question(above, certificate.serial_number, **options)

    def post(self, issuer: str, content: bytes) -> OCSPResponse:
        answer = ask(self.country, "POST", f"/cert_status/{issuer}-{self.algorithm}", content)
        assert (answer.status, answer.media_type) == (200, "application/ocsp-response")
        return OCSPResponse.load(answer.body, strict=True)

    def answers(self) -> list[OCSPResponse]:
        """OCSP answers about the system and about its authority."""
        own, authority = self.identity.certificate, self.identity.chain[0]
        return [
            self.post("north", self.question("north", own)),
            self.post("head", self.question("head", authority)),
        ]

    def verdict(self, at: dt.datetime | None = None, **source: Any) -> str:
        """`good`, or the code of the refusal; now if no moment is given."""
        authority, root = self.identity.chain
        trust = Trust(roots=[root], known=[authority], **source)
        try:
            check(self.identity.certificate, at or self.tenant.clock.local(), trust)
        except SignatureRefused as refusal:
            return refusal.code
        return "good"

    def end(self, reason: Any) -> None:
        self.authorities.end(self.issued, reason, self.tenant.now_us)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["error"]


@EACH
def test_list_and_answer_tell_what_has_befallen_a_certificate(algorithm: Any) -> None:
    stand = Stand(algorithm)
    told = []
    acts: tuple[Callable[[], None], ...] = (
        lambda: None,
        lambda: stand.end("certificate_hold"),
        lambda: stand.authorities.lift(stand.issued, stand.tenant.now_us),
        lambda: stand.end("key_compromise"),
    )
    for act in acts:
        stand.tenant.advance(SECOND_US)
        act()
        told.append((stand.verdict(crls=stand.lists()), stand.verdict(ocsps=stand.answers())))
    assert told == [
        ("good", "good"), ("on-hold", "on-hold"), ("good", "good"), ("revoked", "revoked"),
    ]  # fmt: skip


@EACH
def test_list_is_good_for_a_day_and_an_answer_for_an_hour(algorithm: Any) -> None:
    stand = Stand(algorithm)
    now = stand.tenant.clock.local()
    lists, answers = stand.lists(), stand.answers()
    for span, source in (
        (dt.timedelta(days=1), {"crls": lists}),
        (dt.timedelta(hours=1), {"ocsps": answers}),
    ):
        assert stand.verdict(now + span, **source) == "good"
        late = now + span + dt.timedelta(seconds=1)
        assert stand.verdict(late, **source) == "status-unknown"


@EACH
def test_answers_follow_the_clock(algorithm: Any) -> None:
    stand = Stand(algorithm)
    for _ in range(3):
        stand.tenant.advance(200 * DAY_US)
        stand.identity = stand.authorities.identity("POLIGON", algorithm)
        assert stand.verdict(crls=stand.lists()) == "good"
        assert stand.verdict(ocsps=stand.answers()) == "good"


def test_production_hosts_are_those_that_certificates_name() -> None:
    stand = Stand("ecc")
    certificate = stand.identity.certificate
    urls = [*certificate.ocsp_urls, *(each.url for each in certificate.crl_distribution_points)]
    assert urls == ["http://ocsp.poligon.test/north-ecc", "http://crl.poligon.test/north-ecc.crl"]
    assert set(service.hosts) == {"ocsp.poligon.test", "crl.poligon.test"}


@EACH
def test_certificate_of_an_issuer_is_had_from_where_certificates_say(algorithm: Any) -> None:
    stand = Stand(algorithm)
    for name, expected in zip(("north", "head"), stand.identity.chain, strict=True):
        answer = stand.get(f"{name}-{algorithm}.cer")
        assert answer.media_type == "application/pkix-cert"
        assert parsed(answer.body).dump() == expected.dump()


def test_request_in_the_path_is_answered_as_one_in_the_body() -> None:
    stand = Stand("ecc")
    slashed = 0
    for filler in range(40):
        content = stand.question("north", stand.identity.certificate, nonce=bytes([filler] * 8))
        text = base64.b64encode(content).decode()
        slashed += "/" in text
        posted = stand.post("north", content).dump()
        assert stand.get(f"north-ecc/{text}").body == posted
    assert slashed


def test_production_hosts_answer_in_process_to_an_escaped_request_too() -> None:
    stand = Stand("ecc")
    content = stand.question("north", stand.identity.certificate)
    escaped = quote(base64.b64encode(content), safe="")
    with mocks.running(seed=1, services=["cert_status"]):
        # Nothing has been issued in this country, so its system is unknown.
        answer = requests.get(f"http://ocsp.poligon.test/north-ecc/{escaped}", timeout=5)
        status = OCSPResponse.load(answer.content).response_data["responses"][0]["cert_status"]
        assert status.name == "unknown"
        read = requests.get("http://crl.poligon.test/north-ecc.crl", timeout=5)
        assert CertificateList.load(read.content).dump() == stand.lists()[0].dump()


def test_certificate_of_another_issuer_is_unknown() -> None:
    stand = Stand("ecc")
    content = stand.question("guarantor", stand.identity.certificate)
    response = stand.post("north", content).response_data["responses"]
    assert [each["cert_status"].name for each in response] == ["unknown"]


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"nothing"])
def test_what_is_no_request_is_malformed(content: bytes) -> None:
    stand = Stand("ecc")
    assert stand.post("north", content)["response_status"].native == "malformed_request"
    path = base64.b64encode(content).decode() or "="
    answer = OCSPResponse.load(stand.get(f"north-ecc/{path}").body)
    assert answer["response_status"].native == "malformed_request"


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("GET", "nobody-ecc.crl", (404, "no-such-issuer")),
        ("GET", "north-dsa.crl", (404, "no-such-algorithm")),
        ("GET", "north-ecc", (405, "method")),
        ("POST", "north-ecc.crl", (404, "no-such-algorithm")),
        ("GET", "north.crl", (404, "no-such-path")),
        ("GET", "v1/statuses/north-ecc/xyz", (422, "bad-serial")),
        ("GET", f"v1/statuses/north-ecc/{'1' * 41}", (422, "bad-serial")),
    ],
)
def test_what_there_is_not_is_refused(method: str, path: str, error: object) -> None:
    country = Country([service], seed=1)
    assert refused(ask(country, method, f"/cert_status/{path}")) == error


def test_without_gost_the_refusal_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gost, "unavailable", lambda: "libcrypto has no GOST engine")
    answer = ask(Country([service]), "GET", "/cert_status/north-gost.crl")
    assert refused(answer) == (503, "gost-unavailable")


def test_status_is_told_in_json_too() -> None:
    stand = Stand("ecc")
    url = f"/cert_status/v1/statuses/north-ecc/{stand.issued.serial:X}"
    good = {"serial": f"{stand.issued.serial:x}", "status": "good", "since": None, "reason": None}
    assert ask_json(stand.country, "GET", url) == good
    stand.tenant.advance(90 * SECOND_US)
    stand.end("cessation_of_operation")
    stand.tenant.advance(DAY_US)
    assert ask_json(stand.country, "GET", url) == {
        **good,
        "status": "revoked",
        "since": "2026-02-02T10:01:30.000+03:00",
        "reason": "cessation_of_operation",
    }


def test_tenants_have_revocations_of_their_own() -> None:
    stand = Stand("ecc")
    stand.country.create_tenant("other").state(Authorities).identity("POLIGON", "ecc")
    stand.end("key_compromise")
    path = f"cert_status/v1/statuses/north-ecc/{stand.issued.serial:x}"
    statuses = [ask_json(stand.country, "GET", f"{name}/{path}") for name in ("", "/other")]
    assert [each["status"] for each in statuses] == ["revoked", "good"]


# --- faults


@EACH
def test_stale_list_is_two_days_old(algorithm: Any) -> None:
    stand = Stand(algorithm, "stale_crl")
    stand.tenant.advance(5 * DAY_US)
    stand.end("key_compromise")
    body = stand.lists()[0]["tbs_cert_list"]
    now = stand.tenant.clock.local()
    assert body["next_update"].native == now - dt.timedelta(days=1)
    assert stand.verdict(crls=stand.lists()) == "status-unknown"
    assert stand.verdict(now - dt.timedelta(days=2), crls=stand.lists()) == "good"


@EACH
@pytest.mark.parametrize(
    ("kind", "lists", "answers"),
    [
        ("stale_crl", "status-unknown", "good"),
        ("forged_crl", "status-unknown", "good"),
        ("stale_ocsp", "good", "status-unknown"),
        ("forged_ocsp", "good", "status-unknown"),
        ("ocsp_unknown", "good", "status-unknown"),
        ("ocsp_wrong_nonce", "good", "good"),
    ],
)
def test_fault_spoils_what_it_is_about_and_nothing_else(
    algorithm: Any, kind: str, lists: str, answers: str
) -> None:
    stand = Stand(algorithm, kind)
    assert stand.verdict(crls=stand.lists()) == lists
    assert stand.verdict(ocsps=stand.answers()) == answers
    assert kind in {name for entry in stand.tenant.journal for name in entry.faults}


def test_responder_asks_to_try_later() -> None:
    stand = Stand("ecc", "ocsp_try_later")
    response = stand.post("north", stand.question("north", stand.identity.certificate))
    assert response.dump() == bytes.fromhex("30030a0103")


def test_nonce_of_the_answer_is_another_one() -> None:
    stand = Stand("ecc", "ocsp_wrong_nonce")
    content = stand.question("north", stand.identity.certificate, nonce=bytes(range(16)))
    assert stand.post("north", content).nonce_value.native == bytes(16)
    sound = Stand("ecc")
    assert sound.post("north", content).nonce_value.native == bytes(range(16))


def test_slow_check_takes_minutes_and_is_no_refusal() -> None:
    """CERT-08: the answer comes, three minutes later."""
    delay = {"constant": "180s"}
    fault = {"id": "slow", "service": "ocsp", "kind": "delay", "delay": delay}
    country = Country([service], seed=1, faults=[Fault.model_validate(fault)])
    exchange = country.open(Request("GET", "/cert_status/north-ecc.crl"))
    exchange.enter()
    assert exchange.planned_us == 180 * SECOND_US
    assert exchange.end().answer.status == 200


def test_revocation_is_told_by_its_own_second() -> None:
    stand = Stand("ecc")
    stand.tenant.advance(SECOND_US + 700_000)
    stand.end("key_compromise")
    status = stand.authorities.status(("north", "ecc"), stand.issued.serial, stand.tenant.now_us)
    assert isinstance(status, Revocation)
    assert status.at == stand.tenant.clock.calendar.local(SECOND_US)

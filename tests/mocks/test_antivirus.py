"""The antivirus: EICAR, a list of its own, archives, and what goes wrong with it."""

import base64
import hashlib
import io
import zipfile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mocks.antivirus.scanner import EICAR_SIGNATURE, MOST_ENTRIES, MOST_UNPACKED, scan
from mocks.antivirus.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from tests.mocks.asking import ask, ask_json
from world.documents import EICAR

SECOND_US = 1_000_000
COUNTRY = Country([service])


def country(*kinds: str) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        fault = Fault.model_validate({"id": kind, "service": "antivirus", "kind": kind})
        COUNTRY.tenant().plan_fault(fault)
    return COUNTRY


def scanned(of: Country, content: bytes, version: str = "v3.0") -> Any:
    body = {"timeout": "10000", "object": base64.b64encode(content).decode(), "name": "устав.pdf"}
    return ask_json(of, "POST", f"/antivirus/api/{version}/scanmemory", body)


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("version", ["v3.0", "v3.1"])
def test_clean_content_is_clean(version: str) -> None:
    assert scanned(country(), b"%PDF-1.4", version) == {
        "object": "memory",
        "scanResult": "CLEAN",
        "containsOfficeMacro": "false",
        "name": "устав.pdf",
    }


def test_the_eicar_string_is_detected_wherever_it_stands() -> None:
    for content in (EICAR, b"%PDF-1.4 " + EICAR + b"\n%%EOF"):
        answer = scanned(country(), content)
        assert (answer["scanResult"], answer["detectionName"]) == ("DETECT", "EICAR-Test-File")
    assert scanned(country(), EICAR[:-1])["scanResult"] == "CLEAN"


def test_an_archive_is_as_bad_as_what_is_in_it_and_the_way_is_told() -> None:
    answer = scanned(country(), packed(a=b"text", b=packed(deep=EICAR)))
    assert answer["scanResult"] == "DETECT"
    seen = [(each["object"], each["scanResult"]) for each in answer["subObjectsScanResults"]]
    assert seen == [
        ("memory//a", "CLEAN"),
        ("memory//b", "DETECT"),
        ("memory//b//deep", "DETECT"),
    ]


def test_archives_are_unpacked_four_deep_and_no_deeper() -> None:
    content = EICAR
    for _ in range(4):
        content = packed(inner=content)
    assert scan(content, [EICAR_SIGNATURE])[0].verdict == "DETECT"
    assert scan(packed(inner=content), [EICAR_SIGNATURE])[0].verdict == "NON_SCANNED (SKIPPED)"


def test_a_zip_bomb_is_skipped_and_not_unpacked() -> None:
    bomb = packed(zeros=b"\0" * (MOST_UNPACKED + 1))
    assert len(bomb) < 100_000
    assert scanned(country(), bomb)["scanResult"] == "NON_SCANNED (SKIPPED)"


def test_a_password_and_a_broken_archive_are_told_apart() -> None:
    protected = bytearray(packed(secret=b"x" * 100))
    central = protected.index(b"PK\x01\x02")
    protected[6] |= 1  # the flag of encryption, in both headers
    protected[central + 8] |= 1
    answer = scanned(country(), bytes(protected))
    assert answer["scanResult"] == "NON_SCANNED (PASSWORD PROTECTED)"
    broken = bytearray(packed(file=bytes(range(256)) * 50))
    broken[60:90] = b"\xff" * 30
    assert scanned(country(), bytes(broken))["scanResult"] == "NON_SCANNED (CORRUPTED)"


def test_macros_of_office_documents_are_noticed() -> None:
    answer = scanned(
        country(), packed(**{"word/document.xml": b"<w/>", "word/vbaProject.bin": b"1"})
    )
    assert (answer["scanResult"], answer["containsOfficeMacro"]) == ("CLEAN", "true")


def test_signatures_of_the_list_are_detected_by_digest_or_by_text_until_removed() -> None:
    of = country()
    digest = hashlib.sha256(b"bad one").hexdigest()
    for signature in (
        {"name": "Test.Digest", "sha256": digest},
        {"name": "Test.Text", "text": "зловред"},
    ):
        assert ask(of, "POST", "/antivirus/v1/signatures", signature).status == 201
    assert scanned(of, b"bad one")["detectionName"] == "Test.Digest"
    assert scanned(of, "много зловредов".encode())["detectionName"] == "Test.Text"
    names = [s["name"] for s in ask_json(of, "GET", "/antivirus/v1/signatures")["signatures"]]
    assert names == ["EICAR-Test-File", "Test.Digest", "Test.Text"]
    assert ask(of, "DELETE", "/antivirus/v1/signatures/Test.Text").status == 204
    assert scanned(of, "зловред".encode())["scanResult"] == "CLEAN"
    assert ask(of, "DELETE", "/antivirus/v1/signatures/Test.Text").status == 404


@pytest.mark.parametrize(
    ("signature", "status"),
    [
        ({"name": "EICAR-Test-File", "text": "other"}, 409),
        ({"name": "Test", "text": "text", "sha256": "0" * 64}, 422),
        ({"name": "Test"}, 422),
        ({"name": "Test", "sha256": "0" * 63}, 422),
        ({"name": "with space", "text": "text"}, 422),
    ],
)
def test_wrong_signatures_are_refused(signature: dict[str, str], status: int) -> None:
    assert ask(country(), "POST", "/antivirus/v1/signatures", signature).status == status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"object": "не base64"}, "bad-base64"),
        ({"object": "QQ==", "extra": 1}, "invalid"),
        ({"name": "a"}, "invalid"),
        (b"\xff", "bad-encoding"),
    ],
)
def test_wrong_requests_are_refused(body: object, code: str) -> None:
    answer = ask(country(), "POST", "/antivirus/api/v3.0/scanmemory", body)
    assert (answer.status // 100, f'"error":"{code}"'.encode() in answer.body) == (4, True)


@pytest.mark.parametrize(
    ("kind", "content", "result"),
    [
        ("false_positive", b"clean", "DETECT"),
        ("false_positive", EICAR, "DETECT"),
        ("missed", EICAR, "CLEAN"),
        ("engine_error", b"clean", "SERVER_ERROR"),
    ],
)
def test_its_own_faults_change_the_verdict_and_stand_in_the_journal(
    kind: str, content: bytes, result: str
) -> None:
    of = country(kind)
    assert scanned(of, content)["scanResult"] == result
    (entry,) = of.tenant().journal
    assert entry.faults == ((kind,) if (kind, content) != ("false_positive", EICAR) else ())


def test_statistics_count_requests_and_bytes_until_cleared() -> None:
    of = country()
    scanned(of, b"12345")
    scanned(of, EICAR)
    counted = ask_json(of, "GET", "/antivirus/api/v3.0/getstatistics")["statistics"]
    assert (counted["total_requests"], counted["infected_requests"]) == (2, 1)
    assert (counted["processed_data"], counted["infected_data"]) == (5 + 68, 68)
    ask_json(of, "POST", "/antivirus/api/v3.0/clearstatistics")
    counted = ask_json(of, "GET", "/antivirus/api/v3.0/getstatistics")["statistics"]
    assert set(counted.values()) == {0}


def update_status(of: Country) -> Any:
    return ask_json(of, "GET", "/antivirus/api/v3.0/update/status")


def test_an_update_takes_two_minutes_of_the_tenants_clock() -> None:
    of = country()
    start = ask_json(of, "POST", "/antivirus/api/v3.0/update/start")
    again = ask_json(of, "POST", "/antivirus/api/v3.0/update/start")
    assert (start, again) == ({"status": "update started"}, {"status": "update already launched"})
    of.tenant().advance(120 * SECOND_US - 1)
    assert update_status(of) == {"status": "in progress"}
    of.tenant().advance(1)
    assert update_status(of) == {"status": "completed", "last_update_result": "success"}
    date = ask_json(of, "GET", "/antivirus/api/v3.0/basesdate")
    assert date == {"databaseVersion": "02.02.2026 07:02 GMT"}  # the clock began at 10:00 in Moscow


def test_bases_are_updated_every_hour_by_themselves_unless_updates_are_stuck() -> None:
    of = country()
    update_status(of)  # the engine begins to live
    of.tenant().advance(5 * 3600 * SECOND_US + 120 * SECOND_US)
    assert ask_json(of, "GET", "/antivirus/api/v3.1/basesdate") == {
        "databaseVersion": "02.02.2026 12:02 GMT"
    }
    of = country("stuck_update")
    update_status(of)
    of.tenant().advance(3600 * SECOND_US + 120 * SECOND_US)
    assert update_status(of) == {"status": "completed", "last_update_result": "error"}
    assert ask_json(of, "GET", "/antivirus/api/v3.0/basesdate") == {
        "databaseVersion": "02.02.2026 07:00 GMT"
    }


def many(count: int, name: str = "") -> bytes:
    return packed(**{f"{number}{name}": b"" for number in range(count)})


def test_ten_thousand_objects_are_scanned_and_not_one_more() -> None:
    findings = scan(many(MOST_ENTRIES), [EICAR_SIGNATURE])
    assert (findings[0].verdict, len(findings)) == ("CLEAN", MOST_ENTRIES + 1)
    findings = scan(many(MOST_ENTRIES + 1), [EICAR_SIGNATURE])
    assert [finding.verdict for finding in findings] == ["NON_SCANNED (SKIPPED)"]


def test_objects_of_all_archives_inside_are_counted_together() -> None:
    inner = many(MOST_ENTRIES // 2)
    findings = scan(packed(a=inner, b=inner, c=b"text"), [EICAR_SIGNATURE])
    assert len(findings) == 1 + 3 + MOST_ENTRIES // 2
    assert {f.path: f.verdict for f in findings}["//b"] == "NON_SCANNED (SKIPPED)"


def test_of_a_long_name_the_end_is_told() -> None:
    findings = scan(packed(**{"x" * 60_000 + "vbaProject.bin": b"1"}), [EICAR_SIGNATURE])
    assert findings[0].macro
    assert len(findings[1].path) == len("//") + 255


def test_a_wrong_checksum_spoils_one_object_and_the_others_are_scanned() -> None:
    content = bytearray(packed(first=b"text", second=EICAR))
    content[content.index(b"PK\x03\x04") + 14] ^= 1  # CRC-32 in the first local header
    content[content.index(b"PK\x01\x02") + 16] ^= 1  # and in the directory
    findings = scan(bytes(content), [EICAR_SIGNATURE])
    assert [(finding.path, finding.verdict) for finding in findings] == [
        ("", "DETECT"),
        ("//first", "NON_SCANNED (CORRUPTED)"),
        ("//second", "DETECT"),
    ]


def test_methods_of_packing_other_than_those_of_documents_are_skipped() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", EICAR)
    findings = scan(target.getvalue(), [EICAR_SIGNATURE])
    assert [finding.verdict for finding in findings] == ["NON_SCANNED (SKIPPED)"] * 2


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from([0, 1, 0x7F, 0xFF])), max_size=6
    )
)
@example(changes=[])
def test_no_damaged_archive_is_more_than_the_scanner_can_take(
    changes: list[tuple[int, int]],
) -> None:
    content = bytearray(packed(a=b"hello" * 50, b=packed(c=b"x" * 99)))
    for place, byte in changes:
        content[place % len(content)] = byte
    assert scan(bytes(content), [EICAR_SIGNATURE])[0].path == ""


def test_a_clean_file_does_not_use_up_the_infected_one_that_will_be_missed() -> None:
    of = country()
    fault = {"id": "f", "service": "antivirus", "kind": "missed", "times": 1}
    of.tenant().plan_fault(Fault.model_validate(fault))
    verdicts = [scanned(of, content)["scanResult"] for content in (b"clean", EICAR, EICAR)]
    assert verdicts == ["CLEAN", "CLEAN", "DETECT"]

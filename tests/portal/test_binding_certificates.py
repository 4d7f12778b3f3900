"""Certificates are bound and tried; nothing of a container is kept."""

import datetime as dt
import json
from typing import Any

import pytest

from portal.ports.signatures import CertificateStatus, WrongSignature
from portal.ports.store import Store
from portal.tasks import Task
from portal.use_case import Actor, Outcome
from signatures.certificates import Request, SubjectData, issue
from signatures.cms import bundle
from signatures.keys import derived_key
from signatures.pkcs12 import container
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet, encoded, kept
from tests.portal.wiring import Stand, broken, journal, portal_with

KEY = derived_key("ecc", "test", 1)
OPEN = issue(
    Request(
        serial=1,
        subject=SubjectData(common_name="ООО «Ромашка»"),
        spki=KEY.spki,
        not_before=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        not_after=dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
    ),
    KEY,
)
CONTAINER = container(KEY, OPEN, "poligon", salt=b"salt")
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="cabinet")
def _cabinet(stand: Stand) -> Cabinet:
    return Cabinet(stand)


# --- binding


def test_a_good_certificate_is_bound_and_waits_for_its_trial(
    stand: Stand, cabinet: Cabinet
) -> None:
    facts = cabinet.certificate()
    outcome = cabinet.bind(cabinet.member(), facts, carrier="smartcard")
    assert (outcome.state, outcome.refusal, outcome.violations) == ("bound", None, ())
    told = dict(outcome.data)
    assert len(told.pop("certificate")) == len(told.pop("challenge")) == 32
    assert told == {
        "serial": facts.serial,
        "common_name": "ООО «Ромашка»",
        "issuer": "УЦ",
        "algorithm": "gost",
        "carrier": "smartcard",
        "fingerprint": facts.fingerprint,
        "not_before": "2026-02-02T10:00:00+03:00",
        "not_after": "2027-02-02T10:00:00+03:00",
        "state": "bound",
        "state_title": "Привязан, нужна пробная подпись",
        "locked": False,
    }
    assert journal(stand, cabinet.id) == [("bind_certificate", "bound")]


def test_the_same_certificate_again_is_the_same_record(stand: Stand, cabinet: Cabinet) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    first, second = cabinet.bind(actor, facts), cabinet.bind(actor, facts)
    assert first.data == second.data
    assert len(kept(stand, cabinet)) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CONTAINER, "контейнер с закрытым ключом"),
        (KEY.pem, "в файле закрытый ключ"),
        (KEY.pkcs8, "в файле закрытый ключ"),
        (bundle([OPEN]), "это PKCS#7, а нужен сертификат .cer"),
        (b"", "это не сертификат X.509"),
        (b"-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----", "это не сертификат X.509"),
        (CONTAINER[:-1], "это не сертификат X.509"),
    ],
)
def test_nothing_but_an_open_certificate_is_bound_and_nothing_else_is_kept(
    stand: Stand, cabinet: Cabinet, content: bytes, reason: str
) -> None:
    actor = cabinet.member()
    outcome = stand.act(
        "bind_certificate", actor, content=encoded(content), file_name="key.pfx", key="once"
    )
    assert broken(outcome) == ["CERT-05 content"]
    assert outcome.violations[0].reason is not None
    assert outcome.violations[0].reason.ru == reason
    assert kept(stand, cabinet) == []
    if content:
        written = [line.body for line in stand.store.journal()]
        assert not any(encoded(content)[:24].encode() in body for body in written)


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        ("not_accredited", "CERT-01"),
        ("expired", "CERT-02"),
        ("revoked", "CERT-03"),
        ("on_hold", "CERT-03"),
        ("unknown_root", "CERT-17"),
    ],
)
def test_a_certificate_that_does_not_stand_well_is_not_bound(
    stand: Stand, cabinet: Cabinet, status: CertificateStatus, rule: str
) -> None:
    facts = cabinet.certificate()
    stand.signatures.statuses[facts.fingerprint] = status
    outcome = cabinet.bind(cabinet.member(), facts)
    assert (broken(outcome), outcome.refusal) == ([f"{rule} certificate"], "wrong")
    assert kept(stand, cabinet) == []


def test_an_updated_list_of_roots_clears_the_error_of_the_chain(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    stand.signatures.statuses[facts.fingerprint] = "unknown_root"
    assert broken(cabinet.bind(actor, facts)) == ["CERT-17 certificate"]
    stand.signatures.statuses[facts.fingerprint] = "good"
    assert cabinet.bind(actor, facts).state == "bound"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(0, "bound"), (1, "refused")],
)
def test_a_certificate_is_bound_to_its_last_second(
    stand: Stand, cabinet: Cabinet, moment: int, expected: str
) -> None:
    facts = cabinet.certificate()
    actor = cabinet.member()
    stand.clock.move_to(facts.not_after + moment * SECOND)
    outcome = cabinet.bind(actor, facts)
    assert outcome.state == expected
    assert broken(outcome) == ([] if expected == "bound" else ["CERT-02 certificate"])


def test_a_personal_certificate_and_anothers_are_told_with_every_other_mistake(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor = cabinet.member()
    personal = cabinet.certificate(legal_inn=None, ogrn=None)
    assert broken(cabinet.bind(actor, personal)) == ["CERT-04 certificate"]
    foreign = cabinet.certificate(legal_inn=OTHER_LEGAL["inn"], ogrn=OTHER_LEGAL["ogrn"])
    stand.signatures.statuses[foreign.fingerprint] = "revoked"
    outcome = cabinet.bind(actor, foreign, carrier="paper")
    assert broken(outcome) == ["CERT-16 carrier", "CERT-03 certificate", "CERT-04 certificate"]


def test_a_sole_proprietor_binds_their_own_certificate(stand: Stand) -> None:
    cabinet = Cabinet(stand, "sole_proprietor", dict(SOLE))
    assert cabinet.bind(cabinet.member(), cabinet.certificate()).state == "bound"


@pytest.mark.parametrize(("code", "rule"), [("algorithm", "CERT-07"), ("weak-key", "SEC-02")])
def test_a_key_that_is_not_admitted_is_named(
    stand: Stand, cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch, code: str, rule: str
) -> None:
    def wrong(_: bytes) -> Any:
        raise WrongSignature(code, "")

    facts = cabinet.certificate()
    monkeypatch.setattr(stand.signatures, "certificate", wrong)
    assert broken(cabinet.bind(cabinet.member(), facts)) == [f"{rule} content"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CONTAINER, "pkcs12"),
        (bundle([OPEN]), "pkcs7"),
        (KEY.pem, None),
        (b"", None),
        (CONTAINER[:-1], None),
    ],
)
def test_a_container_and_a_bundle_are_files_to_sign_in_with_and_not_kept(
    stand: Stand, content: bytes, expected: str | None
) -> None:
    outcome = stand.act("choose_sign_in_file", content=encoded(content))
    if expected is None:
        assert broken(outcome) == ["CERT-06 content"]
    else:
        assert (outcome.state, outcome.data) == ("fits", {"file": expected})
    assert stand.store.journal() == []


def test_an_open_certificate_does_not_sign_in(stand: Stand, cabinet: Cabinet) -> None:
    outcome = stand.act("choose_sign_in_file", content=encoded(cabinet.certificate().der))
    assert broken(outcome) == ["CERT-06 content"]


# --- who may


@pytest.mark.parametrize("role", ["mgr", "acc", "oper", "rep", "emp"])
def test_who_has_no_right_to_manage_certificates_binds_none(
    stand: Stand, cabinet: Cabinet, role: str
) -> None:
    outcome = cabinet.bind(cabinet.member(role), cabinet.certificate())
    assert (broken(outcome), outcome.refusal) == (["CERT-18"], "forbidden")
    assert journal(stand, cabinet.id) == [("bind_certificate", "forbidden")]
    assert kept(stand, cabinet) == []


@pytest.mark.parametrize("role", ["head", "admin", "tech"])
def test_head_and_administrators_bind_certificates(cabinet: Cabinet, role: str) -> None:
    assert cabinet.bind(cabinet.member(role), cabinet.certificate()).state == "bound"


def test_a_stranger_finds_no_organization_and_is_noted(stand: Stand, cabinet: Cabinet) -> None:
    cabinet.member()
    stranger = Actor(account="stranger", organization=cabinet.id)
    outcome = cabinet.bind(stranger, cabinet.certificate())
    assert (outcome.refusal, outcome.violations) == ("absent", ())
    assert stand.read("list_certificates", stranger).refusal == "absent"
    acts = ("bind_certificate", "list_certificates")
    assert journal(stand, cabinet.id) == [(act, "another's") for act in acts]


def test_a_certificate_of_another_cabinet_is_absent_and_noted(
    stand: Stand, cabinet: Cabinet
) -> None:
    bound = cabinet.bind(cabinet.member(), cabinet.certificate()).data["certificate"]
    other = Cabinet(stand, numbers=dict(OTHER_LEGAL)).member("head", "500100732260")
    acts = ("trial_signature", "confirm_replacement", "send_replacement_code")
    for act in acts:
        assert stand.act(act, other, certificate=bound).refusal == "absent"
    assert journal(stand, cabinet.id)[1:] == [(act, "another's") for act in acts]


# --- a status check that lasts (CERT-08)


def plans(stand: Stand) -> list[tuple[str, str]]:
    found = stand.store.up_to(Task.KIND, "due", "9999", 100)
    tasks = [json.loads(bytes(each.body)) for each in found]
    return [(task["name"], task["due"][11:19]) for task in tasks if "check" in task["name"]]


def test_while_the_status_is_unknown_the_answer_is_later_and_the_check_goes_on(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    stand.signatures.down = True
    outcome = cabinet.bind(actor, facts)
    assert (outcome.state, outcome.refusal) == ("checking", "later")
    assert broken(outcome) == ["CERT-08 certificate"]
    stand.after(seconds=179)
    stand.signatures.down = False
    assert list(cabinet.states(actor).values()) == ["checking"]
    stand.after(seconds=1)
    assert list(cabinet.states(actor).values()) == ["bound"]


def test_a_check_that_lasts_longer_is_repeated_every_three_minutes(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    stand.signatures.down = True
    cabinet.bind(actor, facts)
    assert plans(stand) == [("check_certificate_status", "10:03:00")]
    stand.after(seconds=180)
    assert plans(stand) == [("check_certificate_status", "10:06:00")]
    assert (
        stand.act("trial_signature", actor, certificate=next(iter(cabinet.states(actor)))).refusal
        == "later"
    )


def test_the_person_who_asks_again_need_not_wait_for_the_check(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    stand.signatures.down = True
    first = cabinet.bind(actor, facts)
    stand.signatures.down = False
    second = cabinet.bind(actor, facts)
    assert second.state == "bound"
    assert second.data["certificate"] == first.data["certificate"]
    stand.after(seconds=180)
    assert list(cabinet.states(actor).values()) == ["bound"]


def test_a_certificate_found_revoked_later_is_refused_by_letter(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    stand.signatures.down = True
    cabinet.bind(actor, facts)
    stand.signatures.down = False
    stand.signatures.statuses[facts.fingerprint] = "revoked"
    stand.after(seconds=180)
    assert cabinet.states(actor) == {}
    assert journal(stand, cabinet.id) == [("bind_certificate", "refused")]
    (letter,) = stand.messenger.sent_to("500100732259@mail.test")
    assert letter.startswith("Сертификат отозван (certificate revoked).")


def test_other_mistakes_are_refused_though_the_status_is_unknown(
    stand: Stand, cabinet: Cabinet
) -> None:
    personal = cabinet.certificate(legal_inn=None, ogrn=None)
    stand.signatures.down = True
    outcome = cabinet.bind(cabinet.member(), personal)
    assert (broken(outcome), outcome.refusal) == (["CERT-04 certificate"], "wrong")
    assert kept(stand, cabinet) == []


# --- the trial (CERT-14)


def bound(cabinet: Cabinet, actor: Actor, **facts: Any) -> tuple[Outcome, Any]:
    certificate = cabinet.certificate(**facts)
    return cabinet.bind(actor, certificate), certificate


def test_a_trial_signature_makes_the_certificate_work(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    certificate = cabinet.active(actor)
    assert cabinet.states(actor) == {certificate: "active"}
    assert journal(stand, cabinet.id)[-1] == ("trial_signature", "active")


def test_without_a_signature_nothing_was_tried(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    outcome, _ = bound(cabinet, actor)
    tried = stand.act("trial_signature", actor, certificate=outcome.data["certificate"])
    assert broken(tried) == ["CERT-14 signature"]
    warned = stand.read("certificate_warnings", actor)
    assert (broken(warned), warned.state) == (["CERT-14 items.0"], "warned")


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", "содержание изменено"), ("другой запрос", "содержание изменено")],
)
def test_a_trial_is_over_the_very_challenge(
    stand: Stand, cabinet: Cabinet, content: str, reason: str
) -> None:
    actor = cabinet.member()
    outcome, facts = bound(cabinet, actor)
    tried = stand.act(
        "trial_signature",
        actor,
        certificate=outcome.data["certificate"],
        signature=cabinet.signed(content, facts),
    )
    assert broken(tried) == ["SIG-06 signature"]
    assert tried.violations[0].reason is not None
    assert tried.violations[0].reason.ru == reason


def test_a_trial_with_another_certificate_proves_nothing(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    outcome, _ = bound(cabinet, actor)
    tried = stand.act(
        "trial_signature",
        actor,
        certificate=outcome.data["certificate"],
        signature=cabinet.signed(outcome.data["challenge"], cabinet.certificate()),
    )
    assert broken(tried) == ["SIG-06 signature"]


@pytest.mark.parametrize(("skew_s", "expected"), [(300, []), (301, ["CERT-10 signature"])])
def test_a_clock_that_is_wrong_by_more_than_the_tolerance_spoils_the_trial(
    stand: Stand, cabinet: Cabinet, skew_s: int, expected: list[str]
) -> None:
    actor = cabinet.member()
    outcome, facts = bound(cabinet, actor)
    signed = cabinet.signed(
        outcome.data["challenge"], facts, at=stand.clock.now() - skew_s * SECOND
    )
    tried = stand.act(
        "trial_signature", actor, certificate=outcome.data["certificate"], signature=signed
    )
    assert broken(tried) == expected


def test_another_persons_key_does_not_sign_for_one(stand: Stand, cabinet: Cabinet) -> None:
    head, admin = cabinet.member(), cabinet.member("admin", "500100732260")
    outcome, facts = bound(cabinet, admin)
    signed = cabinet.signed(outcome.data["challenge"], facts)
    certificate = outcome.data["certificate"]
    tried = [
        stand.act("trial_signature", actor, certificate=certificate, signature=signed)
        for actor in (admin, head)
    ]
    assert [broken(each) for each in tried] == [["CERT-16 key"], []]


def test_a_wrong_pin_is_told_from_a_missing_key_and_the_third_locks(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor = cabinet.member()
    outcome, facts = bound(cabinet, actor)
    certificate = outcome.data["certificate"]
    signed = cabinet.signed(outcome.data["challenge"], facts)

    def tried(report: str) -> tuple[list[str], str | None]:
        done = stand.act(
            "trial_signature", actor, certificate=certificate, signature=signed, key_report=report
        )
        reason = done.violations[0].reason if done.violations else None
        return broken(done), None if reason is None else reason.ru

    assert [
        tried(key) for key in ("wrong_pin", "unavailable", "wrong_pin", "wrong_pin", "used")
    ] == [
        (["CERT-09 pin"], "осталось попыток: 2"),
        (["CERT-16 key"], "invalid token"),
        (["CERT-09 pin"], "осталось попыток: 1"),
        (["CERT-09 pin"], "носитель заблокирован"),
        (["CERT-09 pin"], "носитель заблокирован"),
    ]
    (item,) = stand.read("list_certificates", actor).data["items"]
    assert (item["locked"], item["state"]) == (True, "bound")


def test_a_right_pin_forgives_the_wrong_ones_before(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    outcome, facts = bound(cabinet, actor)
    certificate = outcome.data["certificate"]
    for report in ("wrong_pin", "wrong_pin"):
        stand.act("trial_signature", actor, certificate=certificate, key_report=report)
    signed = cabinet.signed(outcome.data["challenge"], facts)
    assert (
        stand.act("trial_signature", actor, certificate=certificate, signature=signed).state
        == "active"
    )
    assert kept(stand, cabinet)[0].pin_failures == 0

"""Chapter CERT: certificates at a moment, their files, keys, terms, and the order of a new one."""

import datetime as dt
from dataclasses import replace
from typing import Any, get_args

import pytest

from portal.ports.signatures import CertificateFacts, CertificateStatus
from portal.rules import certificates
from portal.rules.certificate_claims import (
    ORDER_STEPS,
    CabinetCertificate,
    CertificateOrder,
    ClientClock,
    Expiring,
    FileContent,
    KeyAccess,
    KeyAlgorithmClaim,
    Management,
    OrganizationCertificate,
    PinEntry,
    PresentedCertificate,
    Reminded,
    Replacement,
    SignInFile,
    Trial,
    Upload,
)
from portal.rules.rule import RULES, Found, Violation
from rulebook import Kind, Text, load
from tests.portal.findings import found
from world import defects
from world.calendar import Calendar
from world.country import World
from world.filings import Filing, filing_of

BOOK = load()
POLICY = BOOK.policy()
WORLD = World(1)
DAY = dt.date(2026, 2, 2)
CALENDAR = Calendar(start=dt.datetime(2026, 2, 2, 10))
NOW = CALENDAR.local(0)
SECOND = dt.timedelta(seconds=1)
YEAR = dt.timedelta(days=365)

FACTS = CertificateFacts(
    fingerprint="f" * 64,
    serial="1f",
    common_name="ООО «Ромашка»",
    inn="500100732259",
    legal_inn="7707083893",
    ogrn="1027700132195",
    ogrnip=None,
    snils="11223344595",
    issuer="УЦ «Северная подпись»",
    algorithm="ecc",
    not_before=NOW - YEAR,
    not_after=NOW + YEAR,
    der=b"certificate",
)
AT_A_MOMENT = ("CERT-01", "CERT-02", "CERT-03", "CERT-08", "CERT-17")


def presented(status: CertificateStatus | None = "good", **facts: Any) -> PresentedCertificate:
    return PresentedCertificate(facts=replace(FACTS, **facts), status=status, at=NOW)


def broken_at_a_moment(claim: PresentedCertificate) -> list[str]:
    return [each.rule for rule in AT_A_MOMENT for each in RULES[rule](claim, POLICY)]


# --- a certificate at a moment


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("good", []),
        ("not_accredited", ["CERT-01"]),
        ("expired", ["CERT-02"]),
        ("not_yet_valid", ["CERT-02"]),
        ("revoked", ["CERT-03"]),
        ("on_hold", ["CERT-03"]),
        ("unknown_root", ["CERT-17"]),
        (None, ["CERT-08"]),
    ],
)
def test_every_status_breaks_a_rule_of_its_own(
    status: CertificateStatus | None, expected: list[str]
) -> None:
    assert broken_at_a_moment(presented(status)) == expected


def test_each_status_that_there_is_has_been_asked_about() -> None:
    assert len(get_args(CertificateStatus)) == 7


def test_an_authority_that_is_not_in_the_register_is_named() -> None:
    text = Text("центр: УЦ «Северная подпись»", "УЦ «Северная подпись»")
    assert certificates.accredited(presented("not_accredited"), POLICY) == (
        Violation("CERT-01", "certificate", text),
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"not_before": NOW}, []),
        ({"not_before": NOW + SECOND}, ["ещё не начал действовать"]),
        ({"not_after": NOW}, []),
        ({"not_after": NOW - SECOND}, ["срок истёк"]),
    ],
)
def test_a_certificate_is_in_force_from_its_first_to_its_last_second(
    facts: dict[str, Any], expected: list[str]
) -> None:
    reasons = [reason for _, reason in found(certificates.in_force, presented(**facts))]
    assert reasons == expected


def test_the_end_of_a_certificate_is_named_once_and_that_of_its_issuer_as_such() -> None:
    both = presented("expired", not_after=NOW - SECOND)
    assert found(certificates.in_force, both) == [("certificate", "срок истёк")]
    assert found(certificates.in_force, presented("expired")) == [
        ("certificate", "не действует сертификат издателя")
    ]


def test_a_hold_is_told_from_a_revocation() -> None:
    assert found(certificates.not_revoked, presented("revoked")) == [("certificate", None)]
    assert found(certificates.not_revoked, presented("on_hold")) == [
        ("certificate", "действие приостановлено")
    ]


# --- whose it is


def of(kind: Kind, own_inn: str, own_ogrn: str, **facts: Any) -> OrganizationCertificate:
    return OrganizationCertificate(
        facts=replace(FACTS, **facts), kind=kind, inn=own_inn, ogrn=own_ogrn
    )


PROPRIETOR = {"legal_inn": None, "ogrn": None, "ogrnip": "304500116000157"}


@pytest.mark.parametrize(
    ("claim", "fits"),
    [
        (of("legal", "7707083893", "1027700132195"), True),
        (of("legal", "7707083894", "1027700132195"), False),
        (of("legal", "7707083893", "1027700132196"), False),
        (of("legal", "7707083893", "1027700132195", legal_inn=None, ogrn=None), False),
        (of("legal", "7707083893", "1027700132195", legal_inn=None), False),
        (of("legal", "7707083893", "1027700132195", ogrn=None), False),
        (of("sole_proprietor", "500100732259", "304500116000157", **PROPRIETOR), True),
        (
            of("sole_proprietor", "500100732259", "304500116000157", legal_inn=None, ogrn=None),
            True,
        ),
        (of("sole_proprietor", "500100732258", "304500116000157", **PROPRIETOR), False),
        (of("sole_proprietor", "500100732259", "304500116000158", **PROPRIETOR), False),
        (of("sole_proprietor", "500100732259", "304500116000157"), False),
    ],
)
def test_a_certificate_is_of_the_organization_by_both_its_numbers(
    claim: OrganizationCertificate, fits: bool
) -> None:
    assert found(certificates.of_organization, claim) == ([] if fits else [("certificate", None)])


# --- files and algorithms


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("certificate", None),
        ("pkcs12", "контейнер с закрытым ключом"),
        ("private_key", "в файле закрытый ключ"),
        ("pkcs7", "это PKCS#7, а нужен сертификат .cer"),
        ("other", "это не сертификат X.509"),
    ],
)
def test_only_an_open_certificate_is_bound(content: FileContent, reason: str | None) -> None:
    expected = [] if reason is None else [("content", reason)]
    assert found(certificates.open_file, Upload(content=content)) == expected


def test_a_container_that_was_kept_breaks_the_rule_once_more() -> None:
    assert found(certificates.open_file, Upload(content="pkcs12", kept=True)) == [
        ("content", "контейнер с закрытым ключом"),
        ("content", "файл сохранён"),
    ]
    assert found(certificates.open_file, Upload(content="certificate", kept=True)) == []


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        ("pkcs12", True),
        ("pkcs7", True),
        ("certificate", False),
        ("private_key", False),
        ("other", False),
    ],
)
def test_a_container_and_a_bundle_sign_in_and_nothing_else(
    content: FileContent, fits: bool
) -> None:
    expected = [] if fits else [("content", None)]
    assert found(certificates.sign_in_file, SignInFile(content=content)) == expected


@pytest.mark.parametrize(
    ("algorithm", "known"),
    [("rsa", True), ("ecc", True), ("gost", True), ("dsa", False), ("ed25519", False), ("", False)],
)
def test_three_algorithms_are_known(algorithm: str, known: bool) -> None:
    expected = [] if known else [("certificate", None)]
    assert found(certificates.known_algorithm, KeyAlgorithmClaim(algorithm=algorithm)) == expected


# --- keys


@pytest.mark.parametrize(
    ("is_right", "failed_before", "expected"),
    [
        (True, 0, None),
        (True, 2, None),
        (True, 3, "носитель заблокирован"),
        (False, 0, "осталось попыток: 2"),
        (False, 1, "осталось попыток: 1"),
        (False, 2, "носитель заблокирован"),
        (False, 3, "носитель заблокирован"),
    ],
)
def test_the_third_wrong_pin_locks_the_carrier(
    is_right: bool, failed_before: int, expected: str | None
) -> None:
    claim = PinEntry(is_right=is_right, failed_before=failed_before)
    assert found(certificates.pin, claim) == ([] if expected is None else [("pin", expected)])


def test_a_policy_may_allow_more_attempts() -> None:
    claim = PinEntry(is_right=True, failed_before=3)
    assert found(certificates.pin, claim, **{"CERT-09.max_pin_attempts": 4}) == []


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [
        (0, None),
        (300, None),
        (-300, None),
        (301, "часы спешат на 301 с"),
        (-301, "часы отстают на 301 с"),
    ],
)
def test_a_clock_may_differ_by_five_minutes_either_way(ahead_s: int, expected: str | None) -> None:
    claim = ClientClock(signing_time=NOW + ahead_s * SECOND, at=NOW)
    assert found(certificates.clock_agrees, claim) == (
        [] if expected is None else [("signature", expected)]
    )


def test_a_clock_that_is_not_told_cannot_differ() -> None:
    assert found(certificates.clock_agrees, ClientClock(signing_time=None, at=NOW)) == []


@pytest.mark.parametrize("carrier", ["token", "smartcard", "file", "cloud"])
def test_a_key_may_lie_on_any_of_the_carriers(carrier: str) -> None:
    claim = KeyAccess(carrier=carrier, available=True, owner_inn="1", signer_inn="1")
    assert found(certificates.key_is_at_hand, claim) == []


def test_a_strict_policy_admits_tokens_and_cards_alone() -> None:
    claim = KeyAccess(carrier="file", available=True, owner_inn="1", signer_inn="1")
    strict = {"CERT-16.carriers": ["token", "smartcard"]}
    assert found(certificates.key_is_at_hand, claim, **strict) == [("carrier", None)]


@pytest.mark.parametrize(
    ("carrier", "available", "owner", "expected"),
    [
        ("paper", True, "1", [("carrier", None)]),
        ("token", False, "1", [("key", "invalid token")]),
        ("token", True, "2", [("key", "это ключ другого человека")]),
        ("token", True, None, []),
        ("paper", False, "2", [("carrier", None), ("key", "invalid token")]),
    ],
)
def test_a_key_that_is_away_or_anothers_does_not_sign(
    carrier: str, available: bool, owner: str | None, expected: list[tuple[str, str | None]]
) -> None:
    claim = KeyAccess(carrier=carrier, available=available, owner_inn=owner, signer_inn="1")
    assert found(certificates.key_is_at_hand, claim) == expected


# --- in the cabinet


def reminders(now: dt.datetime, sent: list[int], bound_at: dt.datetime = NOW) -> Reminded:
    return Reminded(not_after=NOW + dt.timedelta(days=60), bound_at=bound_at, now=now, sent=sent)


@pytest.mark.parametrize(
    ("days", "before"),
    [(30, []), (14, [30]), (7, [30, 14]), (1, [30, 14, 7])],
)
def test_a_reminder_is_owed_from_its_very_second_on(days: int, before: list[int]) -> None:
    moment = NOW + dt.timedelta(days=60 - days)
    assert found(certificates.reminded, reminders(moment - SECOND, before)) == []
    assert found(certificates.reminded, reminders(moment, before)) == [
        ("certificate", f"за {days} дн.")
    ]
    assert found(certificates.reminded, reminders(moment, [*before, days])) == []


def test_a_certificate_bound_late_owes_no_reminder_of_before() -> None:
    bound_at = NOW + dt.timedelta(days=60 - 14) + SECOND
    at_the_end = NOW + dt.timedelta(days=60)
    assert found(certificates.reminded, reminders(at_the_end, [7, 1], bound_at)) == []
    assert found(certificates.reminded, reminders(at_the_end, [], bound_at)) == [
        ("certificate", "за 7 дн."),
        ("certificate", "за 1 дн."),
    ]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (dt.timedelta(days=30) + SECOND, None),
        (dt.timedelta(days=30), "осталось дней: 30"),
        (dt.timedelta(days=1, hours=23), "осталось дней: 1"),
        (dt.timedelta(), "осталось дней: 0"),
        (-SECOND, None),
    ],
)
def test_whoever_looks_at_a_certificate_is_warned_for_its_last_thirty_days(
    left: dt.timedelta, expected: str | None
) -> None:
    claim = Expiring(not_after=NOW + left, at=NOW)
    assert found(certificates.reminded, claim) == (
        [] if expected is None else [("certificate", expected)]
    )


def test_without_reminders_in_the_policy_nobody_is_warned() -> None:
    claim = Expiring(not_after=NOW, at=NOW)
    assert found(certificates.reminded, claim, **{"CERT-11.remind_days_before": []}) == []


def test_reminders_are_those_of_the_policy_the_earliest_first() -> None:
    policy = BOOK.policy({"CERT-11.remind_days_before": [3, 10, 3]})
    assert certificates.reminder_days(policy) == (10, 3)
    end = NOW + dt.timedelta(days=20)
    assert certificates.due_reminders(end, NOW, policy) == {
        10: NOW + dt.timedelta(days=10),
        3: NOW + dt.timedelta(days=17),
    }


def test_a_bound_certificate_opens_the_cabinet_to_its_last_second() -> None:
    claim = CabinetCertificate(not_after=NOW, at=NOW)
    assert found(certificates.not_expired_since, claim) == []
    late = replace(claim, at=NOW + SECOND)
    assert found(certificates.not_expired_since, late) == [("certificate", None)]


@pytest.mark.parametrize("missing", ORDER_STEPS)
def test_a_certificate_is_not_issued_before_every_step(missing: Any) -> None:
    done = [step for step in ORDER_STEPS if step != missing]
    claim = CertificateOrder(kind="legal", done=done, delivery="token")
    assert found(certificates.every_step_is_done, claim) == [(missing, None)]


@pytest.mark.parametrize("delivery", ["token", "file"])
def test_a_certificate_is_issued_after_every_step(delivery: str) -> None:
    claim = CertificateOrder(kind="legal", done=ORDER_STEPS, delivery=delivery)
    assert found(certificates.every_step_is_done, claim) == []


def test_a_sole_proprietor_needs_no_founding_documents() -> None:
    done = [step for step in ORDER_STEPS if step != "founding_documents"]
    claim = CertificateOrder(kind="sole_proprietor", done=done, delivery="file")
    assert found(certificates.every_step_is_done, claim) == []


def test_every_missing_step_is_named_at_once_and_how_it_is_to_come() -> None:
    claim = CertificateOrder(kind="legal", done=["head", "ogrn"], delivery="post")
    assert [field for field, _ in found(certificates.every_step_is_done, claim)] == [
        "founding_documents",
        "inn",
        "payment",
        "identification",
        "delivery",
    ]


def test_a_bound_certificate_needs_a_trial_signature() -> None:
    assert found(certificates.trial_made, Trial(made=True)) == []
    assert found(certificates.trial_made, Trial(made=False)) == [("certificate", None)]


@pytest.mark.parametrize(
    ("code", "trial", "expected"),
    [
        (True, True, []),
        (False, True, ["code"]),
        (True, False, ["signature"]),
        (False, False, ["code", "signature"]),
    ],
)
def test_a_replacement_takes_a_code_and_a_trial(
    code: bool, trial: bool, expected: list[str]
) -> None:
    claim = Replacement(code_confirmed=code, trial_made=trial)
    assert [field for field, _ in found(certificates.replacement, claim)] == expected


@pytest.mark.parametrize("role", BOOK.roles)
def test_certificates_are_managed_by_head_and_administrators_alone(role: str) -> None:
    rights = [right.id for right in BOOK.rights.values() if role in right.roles]
    expected = [] if role in ("head", "admin", "tech") else [Found("")]
    broken = certificates.manager(Management(rights=rights), POLICY)
    assert [Found(each.field) for each in broken] == expected


# --- filings of the country


def judged(filing: Filing) -> list[str]:
    """The rules of certificates that a filing breaks at noon of its day."""
    profile = filing.certificate
    noon = CALENDAR.local(CALENDAR.midnight(filing.as_of)) + dt.timedelta(hours=12)
    upload = Upload(content="certificate" if profile.file == "cer" else "pkcs12")
    if broken := certificates.open_file(upload, POLICY):
        return [each.rule for each in broken]
    is_proprietor = filing.kind == "sole_proprietor"
    facts = replace(
        FACTS,
        inn=profile.subject.inn,
        legal_inn=profile.subject.legal_inn,
        ogrn=None if is_proprietor else profile.subject.ogrn,
        ogrnip=profile.subject.ogrn if is_proprietor else None,
        not_before=CALENDAR.local(CALENDAR.midnight(profile.not_before)),
        not_after=CALENDAR.local(CALENDAR.midnight(profile.not_after + dt.timedelta(days=1))),
    )
    status: CertificateStatus = "good"
    if not profile.authority.accredited:
        status = "not_accredited"
    elif profile.revoked_on is not None and profile.revoked_on <= filing.as_of:
        status = "revoked"
    claim = PresentedCertificate(facts=facts, status=status, at=noon)
    organization = OrganizationCertificate(
        facts=facts, kind=filing.kind, inn=filing.form.inn, ogrn=filing.form.ogrn
    )
    signed = noon + dt.timedelta(seconds=filing.environment.clock_skew_s)
    clock = ClientClock(signing_time=signed, at=noon)
    return [
        *broken_at_a_moment(claim),
        *(each.rule for each in certificates.of_organization(organization, POLICY)),
        *(each.rule for each in certificates.clock_agrees(clock, POLICY)),
    ]


MISTAKES = [
    defect for defect in BOOK.defects.values() if defect.where in ("certificate", "environment")
]


@pytest.mark.parametrize("index", range(20))
def test_a_good_filing_of_the_country_breaks_no_rule_of_certificates(index: int) -> None:
    assert judged(filing_of(WORLD, index, DAY)) == []


@pytest.mark.parametrize("defect", MISTAKES, ids=lambda defect: str(defect.id))
def test_each_mistake_with_a_certificate_breaks_exactly_its_rule(defect: Any) -> None:
    judgements = set()
    for index in range(20):
        filing = filing_of(WORLD, index, DAY)
        if filing.kind in defect.kinds:
            spoiled = defects.apply(defect, filing, world=WORLD, policy=POLICY, key=index)
            judgements.add((tuple(judged(spoiled)), defect.rule_for(filing.kind)))
    assert judgements == {((defect.caught_by,), defect.caught_by)}


def test_every_rule_of_the_chapter_is_written() -> None:
    wanted = {
        rule.id for rule in BOOK.rules.values() if rule.chapter == "CERT" and "feature" in rule.use
    }
    assert wanted <= set(RULES)

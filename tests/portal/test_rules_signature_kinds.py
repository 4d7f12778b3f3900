"""Chapter SIG: what each kind of signature opens, and what becomes of what is signed."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.rules import signature_kinds
from portal.rules.rule import RULES
from portal.rules.signature_kinds import (
    ACTIONS,
    Action,
    DocumentMark,
    NonqualifiedForm,
    SignatureKind,
    SignedAction,
    SignedContent,
    SigningSession,
)
from rulebook import load
from signatures.refusals import REFUSALS
from tests.portal.findings import found

BOOK = load()
POLICY = BOOK.policy()
NOW = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
KINDS_OF_ACTION = ("SIG-01", "SIG-02", "SIG-03", "SIG-04", "SIG-05")
OPEN = ("reference", "static_reports", "notification_settings")
SENSITIVE = ("transfer_authority", "close_cabinet")


def signed(action: Action, kind: SignatureKind, **more: Any) -> SignedAction:
    return SignedAction(action=action, kind=kind, at=NOW, **more)


def broken(claim: SignedAction) -> list[str]:
    return [each.rule for rule in KINDS_OF_ACTION for each in RULES[rule](claim, POLICY)]


# --- what a kind opens


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("kind", ["none", "simple", "nonqualified", "qualified"])
def test_each_kind_opens_its_own_actions(action: Action, kind: SignatureKind) -> None:
    if action in OPEN:
        expected = []
    elif kind == "nonqualified":
        expected = ["SIG-02"]
    elif kind == "simple" and action in ("register_organization", "bind_organization"):
        expected = ["SIG-01"]
    elif kind in ("none", "simple"):
        expected = ["SIG-04"]
    else:
        expected = ["SIG-05", "SIG-05"] if action in SENSITIVE else []
    assert broken(signed(action, kind)) == expected


@pytest.mark.parametrize(
    ("stamped", "second_factor", "expected"),
    [
        (NOW, True, []),
        (None, True, [("signature", "нет метки времени")]),
        (NOW, False, [("code", "нет второго фактора")]),
        (None, False, [("signature", "нет метки времени"), ("code", "нет второго фактора")]),
    ],
)
def test_what_is_sensitive_takes_a_time_stamp_and_a_second_factor(
    stamped: dt.datetime | None, second_factor: bool, expected: list[tuple[str, str]]
) -> None:
    claim = signed("transfer_authority", "qualified", stamped=stamped, second_factor=second_factor)
    assert found(signature_kinds.enhanced, claim) == expected


def test_nothing_but_what_is_sensitive_asks_for_a_stamp() -> None:
    assert found(signature_kinds.enhanced, signed("file_application", "qualified")) == []


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (dt.timedelta(days=365), []),
        (dt.timedelta(days=365) + SECOND, [("signature", "прошло больше 365 дн.")]),
    ],
)
def test_a_nonqualified_signature_lasts_a_year_and_not_a_second_more(
    age: dt.timedelta, expected: list[tuple[str, str]]
) -> None:
    claim = signed("reference", "nonqualified", issued=NOW - age)
    assert found(signature_kinds.nonqualified_term, claim) == expected
    assert found(signature_kinds.nonqualified_term, replace(claim, kind="qualified")) == []


def test_the_term_of_nonqualified_signatures_is_the_policys() -> None:
    claim = signed("reference", "nonqualified", issued=NOW - dt.timedelta(days=100))
    days = "SIG-03.nep_max_days"
    assert found(signature_kinds.nonqualified_term, claim, **{days: 100}) == []
    assert found(signature_kinds.nonqualified_term, claim, **{days: 99}) != []


# --- what is signed


def test_a_signature_that_fits_its_content_breaks_nothing() -> None:
    assert found(signature_kinds.exact_content, SignedContent(refusal=None)) == []


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ("malformed", "подпись не разбирается"),
        ("digest", "содержание изменено"),
        ("signature", "подпись неверна"),
        ("no-certificate", "в подписи нет сертификата"),
        ("wrong-signer", "подписано другим сертификатом"),
        ("wrong-usage", "подпись не проверяется"),
    ],
)
def test_what_is_wrong_with_a_signature_is_told(refusal: str, reason: str) -> None:
    assert refusal in REFUSALS
    assert found(signature_kinds.exact_content, SignedContent(refusal=refusal)) == [
        ("signature", reason)
    ]


@pytest.mark.parametrize(
    ("is_signed", "mark", "status", "fits"),
    [
        (True, "подписан ЭП", "Подписан", True),
        (True, "", "Подписан", False),
        (True, "подписан ЭП", "Черновик", False),
        (False, "", "Черновик", False),
        (False, "подписан ЭП", "Подписан", False),
    ],
)
def test_what_is_given_out_as_signed_is_signed_and_marked(
    is_signed: bool, mark: str, status: str, fits: bool
) -> None:
    claim = DocumentMark(is_signed=is_signed, mark=mark, status=status)
    assert found(signature_kinds.marked, claim) == ([] if fits else [("document", None)])


@pytest.mark.parametrize(
    ("chosen", "used", "expected"),
    [
        ("a", ["a", "a"], []),
        ("", ["a"], "сертификат не выбран"),
        ("c", ["c"], "сертификат не привязан"),
        ("a", ["a", "b"], "файлы подписаны разными сертификатами"),
        ("a", [], []),
    ],
)
def test_many_files_are_signed_with_one_bound_certificate(
    chosen: str, used: list[str], expected: str | list[str]
) -> None:
    claim = SigningSession(chosen=chosen, bound=["a", "b"], used=used)
    assert found(signature_kinds.one_certificate, claim) == (
        [("certificate", expected)] if expected else []
    )


@pytest.mark.parametrize(
    ("is_xml", "refusal", "expected"),
    [
        (True, None, []),
        (False, None, [("document", "это не XML")]),
        (False, "malformed", [("document", "это не XML")]),
        (True, "malformed", [("document", "подпись не разбирается")]),
        (True, "no-certificate", [("document", "в подписи нет сертификата")]),
        (True, "digest", []),
        (True, "signature", []),
    ],
)
def test_a_nonqualified_signature_is_xml_and_a_changed_document_is_not_its_concern(
    is_xml: bool, refusal: str | None, expected: list[tuple[str, str]]
) -> None:
    claim = NonqualifiedForm(is_xml=is_xml, refusal=refusal)
    assert found(signature_kinds.nonqualified_form, claim) == expected


def test_every_rule_of_the_chapter_is_written() -> None:
    wanted = {
        rule.id for rule in BOOK.rules.values() if rule.chapter == "SIG" and "feature" in rule.use
    }
    assert wanted <= set(RULES)

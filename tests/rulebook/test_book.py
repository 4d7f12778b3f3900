"""What the rooms ask the book: rules, systems under any name, defects by applicant, the matrix."""

from __future__ import annotations

import doctest
import pickle
from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
import yaml

from rulebook import MatrixRow, UnknownEntryError, load, matrix
from rulebook.frozen import FrozenMapping

BOOK = load()
DOCUMENT = Path(__file__).parents[2] / "docs" / "rulebook.md"


def test_book_is_read_once() -> None:
    assert load() is BOOK


def test_version_is_twelve_hexadecimal_digits() -> None:
    assert len(BOOK.version) == 12
    assert set(BOOK.version) <= set("0123456789abcdef")


def test_book_survives_a_trip_to_another_process() -> None:
    arrived = pickle.loads(pickle.dumps(BOOK))
    assert (arrived.version, arrived.rules, arrived.parameters) == (
        BOOK.version,
        BOOK.rules,
        BOOK.parameters,
    )


def test_records_and_tables_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        BOOK.rule("ID-01").rule = "anything goes"  # type: ignore[misc]
    with pytest.raises(TypeError):
        BOOK.rules["ID-01"] = BOOK.rule("ID-02")  # type: ignore[index]
    with pytest.raises(TypeError):
        BOOK.rule("VER-02").params["typical_h"] = None  # type: ignore[index]


def test_frozen_mapping_equals_a_plain_one_and_ignores_later_changes() -> None:
    source = {"a": 1}
    frozen = FrozenMapping(source)
    source["b"] = 2
    assert frozen == {"a": 1}
    assert hash(frozen) == hash(FrozenMapping({"a": 1}))


def test_rule_gives_its_whole_entry() -> None:
    rule = BOOK.rule("CERT-05")
    assert (rule.chapter, rule.context, rule.use) == ("CERT", "cabinet", ("feature", "sim", "http"))
    assert rule.text("ru").startswith("К кабинету привязывается открытый сертификат .cer")
    assert rule.text("en").startswith("The cabinet takes an open .cer certificate")
    assert rule.message.in_language("ru").startswith("Вы загрузили контейнер")
    assert rule.message.in_language("en").startswith("You uploaded a container")


def test_unknown_rule_is_refused_with_the_nearest_ids() -> None:
    with pytest.raises(UnknownEntryError) as caught:
        BOOK.rule("REG-2")
    assert (caught.value.what, caught.value.name) == ("rule", "REG-2")
    assert "REG-02" in caught.value.suggestions
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("operator", "operator"),
        ("operators", "operator"),
        ("sms", "sms_gateway"),
        ("mail", "mail_server"),
        ("email", "mail_server"),
        ("registry_officers", "registry_officer"),
        ("support", "support_desk"),
        ("push", "push_service"),
        ("payments", "payment_gateway"),
        ("ocsp", "cert_status"),
    ],
)
def test_system_is_found_by_id_and_alias(name: str, system: str) -> None:
    assert BOOK.system(name).id == system


def test_unknown_system_is_refused() -> None:
    with pytest.raises(UnknownEntryError, match=r"no system egrull; did you mean egrul"):
        BOOK.system("egrull")


def test_system_has_a_title_in_each_language() -> None:
    assert BOOK.system("sms").title("ru") == "СМС-шлюз"
    assert BOOK.system("sms").title("en") == "SMS gateway"


def test_typo_in_a_number_is_caught_by_the_rule_of_the_applicants_kind() -> None:
    inn, ogrn = BOOK.defects["inn_typo"], BOOK.defects["ogrn_typo"]
    assert [inn.rule_for("legal"), inn.rule_for("sole_proprietor")] == ["ID-01", "ID-02"]
    assert [ogrn.rule_for("legal"), ogrn.rule_for("sole_proprietor")] == ["ID-03", "ID-04"]


def test_defects_a_sole_proprietor_cannot_have() -> None:
    inapplicable = [
        defect.id for defect in BOOK.defects.values() if defect.rule_for("sole_proprietor") is None
    ]
    assert inapplicable == [
        "name_abbreviated",
        "address_outdated",
        "capital_missing",
        "poa_expired",
        "poa_wrong_kind",
        "document_missing",
        "cert_personal",
        "founding_date_format",
        "bank_account_mismatch",
        "poa_term_missing",
    ]


def test_every_defect_applies_to_a_legal_entity_and_is_caught_by_its_rule() -> None:
    for defect in BOOK.defects.values():
        assert defect.rule_for("legal") == defect.caught_by


def test_every_rule_that_catches_a_defect_works_in_the_model() -> None:
    for defect in BOOK.defects.values():
        for kind in defect.kinds:
            caught_by = defect.rule_for(kind)
            assert caught_by is not None
            assert "sim" in BOOK.rule(caught_by).use


def test_larger_business_has_the_functions_of_the_smaller_first() -> None:
    small, medium, large = (BOOK.features(tier) for tier in ("small", "medium", "large"))
    assert small == ("registration", "licence_requests", "status_tracking", "single_tax_number")
    assert medium[:4] == small
    assert large[: len(medium)] == medium
    assert large[-1] == "custom_workflows"


def test_rights_of_a_role_are_those_that_list_it() -> None:
    assert BOOK.rights_of("oper") == (
        "view_applications",
        "upload_documents",
        "notification_settings",
    )
    with pytest.raises(UnknownEntryError, match=r"no role operator; did you mean oper"):
        BOOK.rights_of("operator")


def test_conflict_about_confirming_a_binding_names_its_parameter() -> None:
    named = [conflict for conflict in BOOK.conflicts if conflict.parameter]
    assert [conflict.parameter for conflict in named] == ["BND.confirmation"]
    assert "binding.confirmation" in named[0].resolved


def test_matrix_has_a_row_per_rule_in_the_order_of_the_book() -> None:
    rows = matrix(BOOK)
    assert [row.rule for row in rows] == list(BOOK.rules)
    rule = BOOK.rule("OPS-04")
    assert rows[list(BOOK.rules).index("OPS-04")] == MatrixRow(
        "OPS-04", "OPS", rule.rule, rule.rule_en, frozenset({"sim", "load"})
    )


def test_row_marks_follow_the_order_of_uses() -> None:
    by_rule = {row.rule: row for row in matrix(BOOK)}
    assert by_rule["OPS-04"].marks() == (False, True, False, False, True)
    assert by_rule["OPS-02"].marks() == (True, True, True, True, True)
    assert by_rule["OPS-04"].text("ru") == BOOK.rule("OPS-04").rule
    assert by_rule["OPS-04"].text("en") == BOOK.rule("OPS-04").rule_en


def test_matrix_counts_every_use_of_every_rule() -> None:
    counted = Counter(use for row in matrix(BOOK) for use in row.uses)
    assert sum(counted.values()) == sum(len(rule.use) for rule in BOOK.rules.values())
    assert counted["load"] == 6


def test_entry_shown_in_the_document_is_the_books() -> None:
    block = DOCUMENT.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    (shown,) = yaml.safe_load(block)
    rule = BOOK.rule(shown["id"])
    assert (shown["rule"], shown["rule_en"]) == (rule.rule, rule.rule_en)
    assert shown["message"] == {"ru": rule.message.ru, "en": rule.message.en}
    assert (shown["sources"], shown["use"]) == (list(rule.sources), list(rule.use))
    for name, entry in shown["params"].items():
        parameter = rule.params[name]
        assert {key: getattr(parameter, key) for key in entry} == entry


def test_examples_of_the_document_are_true() -> None:
    results = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert results.attempted > 0
    assert results.failed == 0

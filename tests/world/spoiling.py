"""Filings of one country spoiled by defects, and what each defect may change."""

import datetime as dt
import itertools
from functools import partial

from hypothesis import strategies as st

from rulebook import Kind, Policy, load
from world.attributes import Attributes
from world.country import World
from world.defects import MISTAKES, apply, apply_all
from world.defects.occasion import Occasion
from world.documents import Document
from world.filings import Filing, filing_of

BOOK = load()
POLICY = BOOK.policy()
COUNTRY = World(2026)
DAY = dt.date(2026, 4, 20)


def next_of(kind: Kind, index: int) -> int:
    return next(i for i in itertools.count(index) if COUNTRY.population.kind(i) == kind)


INDICES = st.integers(0, COUNTRY.organizations - 1_000)  # nobody's next is so far away
LEGAL = INDICES.map(partial(next_of, "legal"))
SOLE = INDICES.map(partial(next_of, "sole_proprietor"))
KEYS = st.integers(0, 2**64 - 1)

# What each defect may change: all the paths of one row change, and nothing else does.
CHANGES: dict[str, list[set[str]]] = {
    "inn_typo": [{"form.inn"}],
    "ogrn_typo": [{"form.ogrn"}],
    "spaces_in_requisites": [{"form.inn"}, {"form.ogrn"}],
    "inn_ogrn_swapped": [{"form.inn", "form.ogrn"}],
    "inn_of_other_org": [{"form.inn"}],
    "name_abbreviated": [{"form.full_name"}],
    "address_outdated": [{"form.legal_address"}],
    "capital_missing": [{"form.capital"}],
    "org_liquidated": [
        {"subject.organization.standing"},
        {"subject.organization.standing", "subject.organization.closed"},
    ],
    "poa_expired": [{"documents.authority.valid_until"}],
    "poa_wrong_kind": [{"documents.authority.kind", "documents.authority.file_name"}],
    "document_missing": [
        {"documents.charter.*"},
        {"documents.*_certificate.*"},
        {"documents.egrul_extract.*"},
    ],
    "document_wrong_format": [{"documents.*.file_format", "documents.*.file_name"}],
    "document_too_large": [{"documents.*.size"}],
    "document_infected": [{"documents.*.comment"}],
    "phone_without_code": [{"form.phone"}, {"form.head_phone"}, {"form.contact_phone"}],
    "email_invalid": [{"form.email"}, {"form.head_email"}],
    "cert_expired": [
        {"certificate.not_before", "certificate.not_after"},
        {"certificate.not_after"},  # of an organization that is younger than any earlier one
    ],
    "cert_revoked": [{"certificate.revoked_on"}],
    "cert_not_accredited": [{"certificate.authority.*"}],
    "cert_personal": [
        {
            "certificate.subject.common_name",
            "certificate.subject.legal_inn",
            "certificate.subject.ogrn",
        }
    ],
    "snils_typo": [{"form.head_snils"}],
    "passport_restricted": [
        {"subject.applicant.passport.restriction", "subject.passport_restricted_on"}
    ],
    "account_unconfirmed": [{"subject.account_confirmed_on"}],
    "required_field_missing": [
        {f"form.head_{name}"} for name in ("name", "birth_date", "inn", "position")
    ],
    "founding_date_format": [{"form.founding_date"}],
    "bank_account_mismatch": [{"form.account"}],
    "poa_term_missing": [{"documents.authority.valid_until"}],
    "terms_not_accepted": [{"form.terms_accepted"}],
    "cert_container_pfx": [{"certificate.file"}],
    "clock_skew": [{"environment.clock_skew_s"}],
    "employee_data_mismatch": [
        {"employee.full_name"},
        {"employee.inn"},
        {"employee.position"},
    ],
}


def filed(index: int) -> Filing:
    return filing_of(COUNTRY, index, DAY)


def spoiled(defect: str, filing: Filing, key: int, policy: Policy = POLICY) -> Filing:
    return apply(BOOK.defects[defect], filing, world=COUNTRY, policy=policy, key=key)


def spoiled_by_all(defects: list[str], filing: Filing, key: int) -> Filing:
    entries = [BOOK.defects[defect] for defect in defects]
    return apply_all(entries, filing, world=COUNTRY, policy=POLICY, key=key)


def applicable(kind: Kind) -> list[str]:
    return [each.id for each in BOOK.defects.values() if kind in each.kinds]


def changed_document(before: Filing, after: Filing) -> Document:
    (document,) = set(after.documents) - set(before.documents)
    return document


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def places_that_differ(before: str, after: str) -> int:
    return sum(a != b for a, b in zip(before, after, strict=True))


class Extreme(Attributes):
    """Draws that all have the least or the greatest value."""

    def __init__(self, value: float) -> None:
        self.value = value

    def unit(self, attribute: str, k: int = 0) -> float:
        return self.value


def spoiled_in_extreme(defect: str, filing: Filing, value: float) -> Filing:
    occasion = Occasion(filing=filing, world=COUNTRY, policy=POLICY, chance=Extreme(value))
    return MISTAKES[defect](filing, occasion)

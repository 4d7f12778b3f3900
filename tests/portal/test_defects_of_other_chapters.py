"""Mistakes that are met elsewhere than in a registration: each breaks exactly the rule that the
rule book names for it, through the use cases of its chapter; every mistake of the book is met.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from portal.use_case import Actor
from rulebook import load
from tests.portal.binders import binder
from tests.portal.cabinets import Cabinet, encoded
from tests.portal.fakes import MovedClock
from tests.portal.filings import COUNTRY, FILED_ON, LEGAL, SOLE, filing
from tests.portal.people import known
from tests.portal.test_binding_certificates import CONTAINER
from tests.portal.test_employee_defects import DEFECT as OF_EMPLOYEES
from tests.portal.test_identity import form as identity_form
from tests.portal.test_registering import CHAPTERS
from tests.portal.wiring import broken, portal_with
from world.defects import apply
from world.filings import Filing

BOOK: Final = load()
MORNING: Final = dt.datetime.combine(FILED_ON, dt.time(10))


def certificate_bound(filed: Filing) -> list[str]:
    """What is said of the file that is uploaded into the cabinet as its certificate."""
    numbers = {"inn": filed.form.inn, "ogrn": filed.form.ogrn}
    cabinet = Cabinet(portal_with(clock=MovedClock(MORNING)), filed.kind, numbers)
    whose = {"inn": filed.form.inn} if filed.kind == "sole_proprietor" else {}
    head, facts = cabinet.member(), cabinet.certificate(**whose)
    content = CONTAINER if filed.certificate.file == "pfx" else facts.der
    return broken(cabinet.stand.act("bind_certificate", head, content=encoded(content)))


def identity_checked(filed: Filing) -> list[str]:
    """What stands between an account and its confirmation after МВД has seen the passport."""
    person = filed.subject.applicant
    passport = person.passport
    stand = portal_with(clock=MovedClock(MORNING))
    if passport.restriction is not None:
        stand.mvd.passports[passport.series, passport.number] = (passport.restriction, ())
    account = known(stand, person, state="active", snils=None)
    form = identity_form(
        stand,
        account,
        snils=person.snils,
        passport_series=passport.series,
        passport_number=passport.number,
        passport_issued=f"{passport.issued:%d.%m.%Y}",
        passport_issued_by=passport.issued_by,
    )
    begun = stand.act("confirm_identity", Actor(account=account), **form)
    stand.after(minutes=5)
    return broken(begun) + broken(stand.read("my_account", Actor(account=account)))


def organization_added(filed: Filing) -> list[str]:
    """What is said of the requisites with which an organization is added."""
    stand = portal_with(clock=MovedClock(MORNING))
    if filed.form.account != filed.subject.organization.account.number:
        stand.fns.foreign_accounts.add(filed.form.account)
    index = next(each for each in LEGAL if filing(each).form.ogrn == filed.form.ogrn)
    firm = binder(stand, index, filed)
    return broken(firm.add(confirmation="signature", signature=firm.sign_binding()))


HERE: Final[Mapping[str, Callable[[Filing], list[str]]]] = {
    "cert_container_pfx": certificate_bound,
    "passport_restricted": identity_checked,
    "bank_account_mismatch": organization_added,
}
CASES: Final = [
    (name, index)
    for name in sorted(HERE)
    for index in (*LEGAL, *SOLE)
    if filing(index).kind in BOOK.defects[name].kinds
]


@pytest.mark.parametrize(("name", "index"), CASES)
def test_what_is_good_breaks_no_rule(name: str, index: int) -> None:
    assert HERE[name](filing(index)) == []


@pytest.mark.parametrize("key", range(3))
@pytest.mark.parametrize(("name", "index"), CASES)
def test_each_mistake_is_refused_by_exactly_its_rule(name: str, index: int, key: int) -> None:
    good, defect = filing(index), BOOK.defects[name]
    wrong = apply(defect, good, world=COUNTRY, policy=BOOK.policy(), key=key)
    named = {each.split()[0] for each in HERE[name](wrong)}
    assert named == {defect.rule_for(good.kind)}


def test_every_mistake_of_the_rule_book_is_tried_through_a_use_case() -> None:
    in_registration = {
        defect.id
        for defect in BOOK.defects.values()
        if all(str(defect.rule_for(kind)).startswith(CHAPTERS) for kind in defect.kinds)
    }
    assert in_registration | {*HERE, OF_EMPLOYEES.id} == {*BOOK.defects}
    assert in_registration.isdisjoint({*HERE, OF_EMPLOYEES.id})

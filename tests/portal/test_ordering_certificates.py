"""A certificate is ordered from the cabinet, step by step (CERT-13)."""

from typing import Any

import pytest

from portal.ports.authority import OrderState
from portal.ports.store import Store
from portal.use_case import Actor, Context, Outcome
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet, encoded
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.file_formats import file_content

HEAD_SNILS = "11223344595"
PASSPORT: dict[str, Any] = {"series": "4510", "number": "123456"}
PAYMENT: dict[str, Any] = {"payment_id": "pay-1", "kopecks": 350_000}


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="cabinet")
def _cabinet(stand: Stand) -> Cabinet:
    return Cabinet(stand)


def uploaded(stand: Stand, actor: Actor, kind: str) -> str:
    outcome = stand.act(
        "upload_document",
        actor,
        context="library",
        document_type=kind,
        file_name="Документ.pdf",
        content=encoded(file_content("pdf", [kind])),
    )
    return str(outcome.data["document"])


def ordered(stand: Stand, actor: Actor, *kinds: str, **changes: Any) -> Outcome:
    given: dict[str, Any] = {
        "authority": "north",
        "algorithm": "ecc",
        "delivery": "file",
        "head_snils": HEAD_SNILS,
        "code_word": "ромашка",
        "documents": [uploaded(stand, actor, kind) for kind in kinds],
        **changes,
    }
    return stand.act("order_certificate", actor, **given)


def test_a_certificate_is_issued_step_by_step_and_bound(stand: Stand, cabinet: Cabinet) -> None:
    actor, facts = cabinet.member(), cabinet.certificate()
    outcome = ordered(stand, actor, "charter")
    order, story = outcome.data["order"], [outcome.state]
    stand.authority.move("payment")
    story.append(stand.act("pay_certificate", actor, order=order, **PAYMENT).state)
    story.append(stand.act("identify_representative", actor, order=order, **PASSPORT).state)
    stand.authority.issued = facts.der
    received = stand.act("receive_certificate", actor, order=order, carrier="file")
    assert [*story, received.state] == ["checking", "identification", "issued", "bound"]
    assert received.data["fingerprint"] == facts.fingerprint
    (sent,) = stand.authority.orders.values()
    assert (sent.inn, sent.ogrn) == ("7707083893", "1027700132195")
    assert (sent.head_name, sent.representative) == ("Иванов Иван Иванович", HEAD_SNILS)
    assert [each.kind for each in sent.documents] == ["charter"]


def test_an_application_that_a_crash_keeps_from_the_database_is_not_made_twice(
    stand: Stand, cabinet: Cabinet
) -> None:
    actor = cabinet.member()
    documents = [uploaded(stand, actor, "charter")]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(stand.portal, "_commit", _crashes)
        with pytest.raises(SystemError):
            ordered(stand, actor, documents=documents)
    assert [*stand.authority.orders] == ["CERT-1"]
    assert ordered(stand, actor, documents=documents).data["number"] == "CERT-1"
    assert ordered(stand, actor, documents=documents).data["number"] == "CERT-2"
    assert ordered(stand, actor, documents=documents, delivery="token").data["number"] == "CERT-3"


def _crashes(context: Context) -> None:
    raise SystemError


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        ("documents", ["founding_documents", "payment", "identification"]),
        ("checking", ["head", "inn", "ogrn", "payment", "identification"]),
        ("payment", ["payment", "identification"]),
        ("identification", ["identification"]),
        ("refused", ["head", "inn", "ogrn", "payment", "identification"]),
        ("lapsed", ["payment", "identification"]),
    ],
)
def test_before_every_step_nothing_is_handed_over_and_each_missing_one_is_named(
    stand: Stand, cabinet: Cabinet, state: OrderState, missing: list[str]
) -> None:
    actor = cabinet.member()
    order = ordered(stand, actor, "charter").data["order"]
    stand.authority.move(state)
    outcome = stand.act("receive_certificate", actor, order=order)
    assert outcome.refusal == "state"
    assert broken(outcome) == [f"CERT-13 {step}" for step in missing]
    assert cabinet.states(actor) == {}


def test_an_application_without_founding_documents_does_not_reach_the_authority(
    stand: Stand, cabinet: Cabinet
) -> None:
    outcome = ordered(stand, cabinet.member(), delivery="post", head_snils="1")
    assert broken(outcome) == [
        "CERT-13 founding_documents",
        "CERT-13 delivery",
        "ID-06 head_snils",
    ]
    assert stand.authority.orders == {}


def test_a_sole_proprietor_orders_without_founding_documents(stand: Stand) -> None:
    cabinet = Cabinet(stand, "sole_proprietor", dict(SOLE))
    actor = cabinet.member()
    outcome = ordered(stand, actor)
    stand.authority.move("documents", missing=["passport"])
    passport = uploaded(stand, actor, "passport")
    supplemented = stand.act(
        "supplement_order", actor, order=outcome.data["order"], documents=[passport]
    )
    assert (outcome.state, supplemented.state) == ("checking", "checking")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("head_snils", "CERT-13 head"),
        ("ogrn", "CERT-13 ogrn"),
        ("representative", "CERT-13 identification"),
        ("csr", "CERT-13 delivery"),
    ],
)
def test_what_the_authority_does_not_take_is_named(
    stand: Stand, cabinet: Cabinet, field: str, expected: str
) -> None:
    stand.authority.refusing = [field]
    assert broken(ordered(stand, cabinet.member(), "charter")) == [expected]


def test_a_strangers_passport_identifies_nobody(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    order = ordered(stand, actor, "charter").data["order"]
    stand.authority.move("identification")
    outcome = stand.act(
        "identify_representative", actor, order=order, series="4510", number="654321"
    )
    assert broken(outcome) == ["CERT-13 identification"]


def test_an_authority_that_does_not_answer_is_asked_later(stand: Stand, cabinet: Cabinet) -> None:
    actor = cabinet.member()
    order = ordered(stand, actor, "charter").data["order"]
    stand.authority.down = True
    answers = [
        ordered(stand, actor, "charter"),
        *(stand.act(name, actor, **form) for name, form in steps(order)),
    ]
    title = stand.portal.book.systems["ca"].name
    assert [(each.refusal, broken(each)) for each in answers] == [("later", ["OPS-02"])] * 5
    assert all(title in str(each.violations[0].reason) for each in answers)


def steps(order: str) -> list[tuple[str, dict[str, Any]]]:
    """What follows an order."""
    return [
        ("supplement_order", {"order": order, "documents": []}),
        ("pay_certificate", {"order": order, **PAYMENT}),
        ("identify_representative", {"order": order, **PASSPORT}),
        ("receive_certificate", {"order": order}),
    ]


def test_orders_are_for_managers_of_certificates_and_of_their_own_organization(
    stand: Stand, cabinet: Cabinet
) -> None:
    order = ordered(stand, cabinet.member(), "charter").data["order"]
    accountant = cabinet.member("acc", "500100732260")
    assert broken(ordered(stand, accountant, "charter")) == ["CERT-18"]
    other = Cabinet(stand, numbers=dict(OTHER_LEGAL)).member("head", "500100732261")
    for name, form in steps(order):
        refused = stand.act(name, accountant, **form)
        assert (refused.refusal, broken(refused)) == ("forbidden", ["CERT-18"])
        assert journal(stand, cabinet.id)[-1] == (name, "forbidden")
        assert stand.act(name, other, **form).refusal == "absent"
        assert journal(stand, cabinet.id)[-1] == (name, "another's")


def test_a_certificate_issued_for_another_organization_is_not_bound(
    stand: Stand, cabinet: Cabinet
) -> None:
    """The authority's own mistake (its fault wrong_inn)."""
    actor = cabinet.member()
    order = ordered(stand, actor, "charter").data["order"]
    stand.authority.move("issued")
    stand.authority.issued = cabinet.certificate(legal_inn="7736050003").der
    assert broken(stand.act("receive_certificate", actor, order=order)) == ["CERT-04 certificate"]

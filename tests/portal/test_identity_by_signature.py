"""Confirming who a person is by their own qualified signature (ACC-03, AUTH-07, CERT)."""

import base64
import json
from typing import Any

import pytest

from portal.ports.signatures import CertificateStatus
from portal.ports.store import Store
from portal.use_case import Actor
from tests.portal.people import KIM, OTHER, account_of, activated, known
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="account")
def _account(stand: Stand) -> str:
    return activated(stand)


def signature(
    stand: Stand, inn: str, status: CertificateStatus = "good", algorithm: str = "gost"
) -> dict[str, str]:
    given = stand.act("begin_signature_sign_in").data
    held = stand.signatures.issue(stand.clock, inn=inn, algorithm=algorithm)
    stand.signatures.statuses[held.fingerprint] = status
    message = stand.signatures.sign(given["text"].encode(), held)
    return {
        "challenge": given["challenge"],
        "signature": base64.b64encode(message).decode(),
    }


def test_ones_own_qualified_signature_confirms_at_once(stand: Stand, account: str) -> None:
    proof = signature(stand, KIM.inn)
    outcome = stand.act("confirm_identity_by_signature", Actor(account=account), **proof)
    assert outcome.state == "confirmed"
    assert account_of(stand, account).confirmed_by == "signature"


def test_anothers_signature_confirms_nobody(stand: Stand, account: str) -> None:
    known(stand, OTHER)
    proof = signature(stand, OTHER.inn)
    outcome = stand.act("confirm_identity_by_signature", Actor(account=account), **proof)
    assert (outcome.state, broken(outcome)) == ("active", ["ACC-03 way"])


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"status": "revoked"}, "CERT-03"),
        ({"status": "unknown_root"}, "CERT-17"),
        ({"algorithm": "dsa"}, "CERT-07"),
    ],
)
def test_what_is_wrong_with_ones_own_certificate_is_named(
    stand: Stand, account: str, facts: Any, rule: str
) -> None:
    proof = signature(stand, KIM.inn, **facts)
    outcome = stand.act("confirm_identity_by_signature", Actor(account=account), **proof)
    assert (outcome.state, broken(outcome)) == ("active", [f"{rule} signature"])
    line = json.loads(stand.store.journal(account)[-1].body)
    told = (line["action"], line["result"], line["rules"], line["way"])
    assert told == ("confirm_identity", "refused", [rule], "signature")


def test_an_answer_to_another_challenge_confirms_nobody(stand: Stand, account: str) -> None:
    proof = signature(stand, KIM.inn)
    other = stand.act("begin_signature_sign_in").data["challenge"]
    answer = {**proof, "challenge": other}
    outcome = stand.act("confirm_identity_by_signature", Actor(account=account), **answer)
    assert (outcome.state, broken(outcome)) == ("active", ["AUTH-07 signature"])


def test_a_signature_whose_status_is_not_known_is_asked_for_again(
    stand: Stand, account: str
) -> None:
    proof = signature(stand, KIM.inn)
    stand.signatures.down = True
    later = stand.act("confirm_identity_by_signature", Actor(account=account), **proof)
    assert later.refusal == "later"
    stand.signatures.down = False
    again = stand.act("confirm_identity_by_signature", Actor(account=account), **proof)
    assert again.state == "confirmed"

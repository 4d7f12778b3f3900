"""No password, code or token is kept or logged, whatever the gateways do (SEC-01)."""

import logging
import re
from collections.abc import Sequence

import pytest

from portal.ports.store import Change, JournalEntry
from portal.store.memory import MemoryStore
from portal.use_case import Actor
from tests.portal.people import (
    HOME,
    KIM,
    PASSWORD,
    actor_with,
    code_sent_to,
    form_of,
)
from tests.portal.wiring import Stand, portal_with

NEW = "Qm4#vTzLkw9!"
OPERATOR = Actor(operator="Петрова")


class RememberingStore(MemoryStore):
    """A store that remembers everything that was ever committed to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        super().commit(changes, entries)
        for change in changes:
            self.written += [change.id, *change.keys.values(), *change.unique.values()]
            self.written.append(bytes(change.body or b"").decode())
        self.written += [text for entry in entries for text in (entry.subject, entry.body.decode())]


def lived_through(stand: Stand) -> set[str]:
    """A life with every secret there is; the secrets."""
    secrets = {PASSWORD, NEW}
    account = stand.act("sign_up", key="k1", **form_of(KIM)).data["account"]
    codes = [code_sent_to(stand, KIM.phone)]
    stand.act("activate_account", key="k2", account=account, code=codes[-1])
    begun = stand.act("sign_in", HOME, key="k3", login=KIM.phone, password=PASSWORD)
    codes.append(code_sent_to(stand, KIM.phone))
    inside = stand.act(
        "enter_sign_in_code", HOME, key="k4", sign_in=begun.data["sign_in"], code=codes[-1]
    )
    secrets.add(inside.data["token"])
    actor = actor_with(stand, inside)
    stand.act("change_password", actor, key="k5", old=PASSWORD, password=NEW)
    stand.act("request_recovery", key="k6", inn=KIM.inn, email=KIM.email)
    codes.append(code_sent_to(stand, KIM.email))
    recovery = {"inn": KIM.inn, "email": KIM.email, "code": codes[-1], "password": PASSWORD}
    assert stand.act("recover_password", HOME, key=None, **recovery).state == "recovered"
    asked = stand.act(
        "ask_support_for_access",
        inn=KIM.inn,
        ogrn="1",
        phone=KIM.phone,
        contact="письмом",
        documents=["Устав.pdf"],
    )
    request = asked.data["request"]
    stand.act("decide_access", OPERATOR, request=request, identity_verified=True)
    temporary = re.search(r"пароль: (\S+)\. ", stand.messenger.sent_to(KIM.email)[-1])
    assert temporary is not None
    return secrets | set(codes) | {temporary[1]}


def test_nothing_secret_is_ever_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = RememberingStore()
    secrets = lived_through(portal_with(store=store))
    assert len(secrets) == 7
    written, logged = "\n".join(store.written), caplog.text
    assert KIM.phone in written
    for secret in secrets:
        assert not re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", written), secret
        assert secret not in logged


def test_a_code_that_no_gateway_takes_is_not_written_either(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    store = RememberingStore()
    stand = portal_with(store=store)
    stand.messenger.refusing.update(("sms", "email"))
    stand.act("sign_up", **form_of(KIM))
    assert len(stand.messenger.attempts) == 1
    assert "000002" not in "\n".join(store.written)
    assert "000002" not in caplog.text

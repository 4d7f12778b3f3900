"""Gateways of SMS, e-mail and push over HTTP."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from portal.ports.messenger import Fate, Letter, NotSent
from portal.ports.unavailable import Unavailable
from portal.registries.http_client import Answer, HttpClient
from portal.registries.reading import reading

__all__ = ["HttpMessenger"]

_SMS_SENDER: Final = "GOSUSLUGI"
_MAIL_SENDER: Final = {"email": "no-reply@portal.test", "name": "Портал"}
_PROJECT: Final = "portal"
_LONGEST_ID: Final = 64
_TAKEN: Final = 409  # the gateway has a letter of that id already
_WRONG: Final = (400, 404, 422)
"""A contact that cannot be, or that nobody has: to try again is in vain, and so is to wait."""
_FATES: Final[Mapping[str, Fate]] = {
    "queued": "on_its_way",
    "sent": "on_its_way",
    "delivered": "delivered",
    "failed": "failed",
    "expired": "failed",
}


class HttpMessenger:
    """The port `Messenger`."""

    def __init__(self, sms: HttpClient, mail: HttpClient, push: HttpClient) -> None:
        self._sms = sms
        self._mail = mail
        self._push = push

    def send(self, letter: Letter) -> None:
        """As the port says; a contact that is nobody's gets nothing."""
        try:
            self._given(letter)
        except Unavailable as why:
            raise NotSent(str(why)) from why

    def fate(self, letter: Letter) -> Fate:
        """As the port says: a gateway that is given the same again says where it is."""
        try:
            answer = self._given(letter)
            if answer.status in _WRONG:
                return "failed"
            if letter.channel == "push":
                with reading(self._push.system):
                    number = str(answer.content["name"]).rpartition("/")[2]
                answer = self._push.json("GET", f"/v1/messages/{number}")
            with reading(self._client_of(letter).system):
                return _FATES[answer.content["status"]]
        except Unavailable as why:
            raise NotSent(str(why)) from why

    def _client_of(self, letter: Letter) -> HttpClient:
        return {"sms": self._sms, "email": self._mail, "push": self._push}[letter.channel]

    def _given(self, letter: Letter) -> Answer:
        known = (_TAKEN, *_WRONG)
        term = {} if letter.validity_s is None else {"validity_s": letter.validity_s}
        if letter.channel == "sms":
            body: dict[str, Any] = {
                "id": _id_of(letter),
                "to": letter.to,
                "from": _SMS_SENDER,
                "text": letter.text,
                **term,
            }
            return self._sms.json("POST", "/v1/messages", body=body, known=known)
        if letter.channel == "email":
            body = {
                "id": _id_of(letter),
                "from": _MAIL_SENDER,
                "to": letter.to,
                "subject": letter.subject or "Уведомление портала",
                "text": letter.text,
                **term,
            }
            return self._mail.json("POST", "/v1/messages", body=body, known=known)
        notice = {"title": letter.subject, "body": letter.text}
        ttl = {} if letter.validity_s is None else {"android": {"ttl": f"{letter.validity_s}s"}}
        return self._push.json(
            "POST",
            f"/v1/projects/{_PROJECT}/messages:send",
            body={"message": {"token": letter.to, "notification": notice, **ttl}},
            headers={"Idempotency-Key": letter.id},
            known=known,
        )


def _id_of(letter: Letter) -> str:
    """The letter's id as gateways take it: a digest of a longer one."""
    if len(letter.id) <= _LONGEST_ID:
        return letter.id
    return hashlib.sha256(letter.id.encode()).hexdigest()

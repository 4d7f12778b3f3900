"""The REST face: the same operations as resources, in JSON or in the XML of the exchange.

JSON is signed as bytes: the header `Smev-Signature` holds a detached PKCS#7 over the body, in
base64, in requests and in answers. XML is signed as in an envelope, which is all that it lacks.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Handler
from mocks.core.xml import xml_answer
from mocks.smev import json_answers, json_messages
from mocks.smev.documents import answer_element, operation_of, parsed_root
from mocks.smev.errors import SmevError, invalid_content
from mocks.smev.operations import Asked, perform
from mocks.smev.signing import sign_bytes, signer_of_bytes

__all__ = ["PATHS", "SIGNATURE_HEADER", "rest_handler"]

SIGNATURE_HEADER: Final = "Smev-Signature"

PATHS: Final[Mapping[str, str]] = {
    "SendRequest": "/v1/requests",
    "GetRequest": "/v1/requests/next",
    "SendResponse": "/v1/responses",
    "GetResponse": "/v1/responses/next",
    "GetStatus": "/v1/statuses/next",
    "Ack": "/v1/acknowledgements",
}
"""Where each operation is asked by POST."""

_READERS: Final[Mapping[str, Callable[[Call], Asked]]] = {
    "SendRequest": json_messages.request,
    "GetRequest": json_messages.selection,
    "SendResponse": json_messages.response,
    "GetResponse": json_messages.selection,
    "GetStatus": json_messages.status_question,
    "Ack": json_messages.acknowledgement,
}
_ANSWERS: Final[Mapping[str, Callable[[Call, Any], dict[str, Any]]]] = {
    "SendRequest": json_answers.receipt,
    "GetRequest": json_answers.request_message,
    "SendResponse": json_answers.receipt,
    "GetResponse": json_answers.response_message,
    "GetStatus": json_answers.status,
    "Ack": json_answers.acknowledgement,
}


def rest_handler(operation: str) -> Handler:
    """The handler of one operation."""

    def answer(call: Call) -> Answer:
        if "xml" in (call.request.header("Content-Type") or ""):
            return _answer_xml(call, operation)
        return _answer_json(call, operation)

    return answer


def _answer_json(call: Call, operation: str) -> Answer:
    try:
        caller = signer_of_bytes(call, call.request.body, _signature(call)).mnemonic
        asked = _READERS[operation](call)
        outcome = perform(call, operation, caller, asked)
    except SmevError as error:
        return json_answer(error.as_json(), error.kind.status)
    answer = json_answer(_ANSWERS[operation](call, outcome))
    signature = base64.b64encode(sign_bytes(call, answer.body)).decode()
    return Answer(answer.status, answer.body, answer.media_type, ((SIGNATURE_HEADER, signature),))


def _signature(call: Call) -> bytes | None:
    header = call.request.header(SIGNATURE_HEADER)
    if header is None:
        return None
    try:
        return base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _answer_xml(call: Call, operation: str) -> Answer:
    try:
        element = parsed_root(call.request.body)
        if operation_of(element) != operation:
            raise invalid_content(f"Здесь ожидается {operation}Request")
        return xml_answer(answer_element(call, element, {}))
    except SmevError as error:
        return xml_answer(error.element(), error.kind.status)

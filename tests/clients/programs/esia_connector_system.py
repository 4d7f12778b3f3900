"""A system that signs people in with esia-connector.

Without a `code` it says where to send the person, with one what ЕСИА tells of them, or what the
client has raised.
"""

import json
import sys
from typing import Any

from esia_connector.client import EsiaAuth, EsiaSettings
from esia_connector.exceptions import HttpError, IncorrectMarkerError


def told(given: dict[str, Any]) -> Any:
    auth = EsiaAuth(EsiaSettings(**given["settings"]))
    if "code" not in given:
        return auth.get_auth_url(state=given["state"])
    validate = given.get("validate_token", True)
    person = auth.complete_authorization(given["code"], given["state"], validate_token=validate)
    return {
        "oid": person.oid,
        "main": person.get_person_main_info(),
        "contacts": person.get_person_contacts(),
        "addresses": person.get_person_addresses(),
        "documents": person.get_person_documents(),
    }


def outcome(given: dict[str, Any]) -> Any:
    try:
        return told(given)
    except HttpError as error:
        answer = error.args[0].response
        return {"raised": "HttpError", "status": answer.status_code, "answer": answer.json()}
    except IncorrectMarkerError as error:
        return {"raised": "IncorrectMarkerError", "because": type(error.args[0]).__name__}


json.dump(outcome(json.load(sys.stdin)), sys.stdout, ensure_ascii=False)

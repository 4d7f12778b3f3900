"""`kill -9` of the server at random moments under load: what was acknowledged is there once,
nothing is half-done, verification goes on, time does not go back, the journal is whole.

POLIGON_KILLS is the number of rounds: 5, in `dev.py nightly` 50. POLIGON_KILLS_SEED (1) seeds the
moments, as far as processes can repeat anything. The agencies work for days, in which they are
asked thousands of times: the end of every verification is waited for under POLIGON_KILLS_END, as in
`dev.py nightly`; otherwise until both agencies have every case.
"""

import base64
import datetime as dt
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from portal.store.sql_store import SqlStore
from tests.portal.http_client import Client
from tests.portal.killed_server import KilledServer, kill_during
from tests.portal.ready_applicants import ReadyApplicant
from tests.portal.registered_whole import (
    is_decided,
    is_under_way,
    numbers_of,
    parts_of,
    planned_steps,
    unfinished_checks,
    uploads_of,
)
from tests.portal.submitting import Load, Submission
from world.file_formats import file_content

ROUNDS: Final = int(os.environ.get("POLIGON_KILLS", "5"))
SEED: Final = int(os.environ.get("POLIGON_KILLS_SEED", "1"))
APPLICANTS: Final = 4  # in a round
THREADS: Final = 4
LONGEST_PAUSE_S: Final = 0.05  # between the answer that was waited for and the kill
TO_THE_END: Final = "POLIGON_KILLS_END" in os.environ
STEP: Final = "4h"
MOST_STEPS: Final = 120  # of a verification; it is over in four or five days
PDF: Final = base64.b64encode(file_content("pdf", ("Устав",))).decode()

Left = dict[str, str | None]  # organizations and documents by the key of their submission


def test_what_was_acknowledged_survives_kills_and_nothing_is_half_done(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    server = KilledServer(tmp_path)
    sent: list[Submission] = []
    organizations: list[str] = []
    for number in range(ROUNDS + 1):
        with server.records() as store:
            left = check_records(store, sent)
            check_plans(store, organizations)
            newcomers = server.newcomers(store, APPLICANTS)
        with server.running() as (child, client):
            repeat(client, sent, left)
            check_shown(client, sent)
            organizations += [made_by(each.answer) for each in sent if is_registration(each)]
            if number == ROUNDS:
                check_the_end(server, client, organizations)
                break
            server.advance(client, "1h")
            sent = submissions_of(newcomers, client, server.now(client))
            chance.shuffle(sent)
            load = Load(client.address, sent, THREADS)
            after, pause_s = chance.randrange(len(sent)), chance.uniform(0, LONGEST_PAUSE_S)
            kill_during(load, child, client, after, pause_s)
            assert load.refused == []
    assert len(organizations) == len(set(organizations)) == ROUNDS * APPLICANTS
    with server.records() as store:
        check_plans(store, organizations)


def submissions_of(
    applicants: Sequence[ReadyApplicant], client: Client, now: dt.datetime
) -> list[Submission]:
    """A registration and an upload of each."""
    found = []
    for each in applicants:
        paper = {
            "context": "registration",
            "document_type": "charter",
            "file_name": f"{each.account}.pdf",
            "content": PDF,
        }
        application = each.application(client, now)
        found.append(Submission(each, "register-organization", application, f"r-{each.account}"))
        found.append(Submission(each, "upload-document", paper, f"u-{each.account}"))
    return found


def check_records(store: SqlStore, sent: Sequence[Submission]) -> Left:
    """What submissions have left: all that was acknowledged, and of no other a part."""
    left = {each.key: left_of(store, each) for each in sent}
    acknowledged = {each.key: made_by(each.answer) for each in sent if each.answer is not None}
    assert acknowledged.items() <= left.items()
    return left


def left_of(store: SqlStore, submission: Submission) -> str | None:
    """The organization with all that belongs to it, or the document; nothing of it otherwise."""
    if is_registration(submission):
        parts = parts_of(store, submission)
        found = parts["organization"]
        assert parts == dict.fromkeys(parts, found)
    else:
        found = uploads_of(store, submission)
    assert len(found) <= 1
    return next(iter(found), None)


def check_plans(store: SqlStore, organizations: Sequence[str]) -> None:
    """Every application goes on by itself, or has been decided."""
    assert [each for each in organizations if not planned_steps(store, each)] == []


def check_the_end(server: KilledServer, client: Client, organizations: Sequence[str]) -> None:
    """Every verification ends (or is under way), and none by another's case: an agency that was
    killed with the server has begun to count anew."""
    with server.records() as store:
        unfinished = unfinished_checks(store, organizations)
    assert left_in_the_end(server, client, organizations) == []
    if TO_THE_END:
        with server.records() as store:
            numbers = numbers_of(store, unfinished)
        assert len(set(numbers)) == len(numbers) == len(unfinished)


def left_in_the_end(
    server: KilledServer, client: Client, organizations: Sequence[str]
) -> Sequence[str]:
    """Let time pass until every verification is over (or under way); those that are not."""
    left, is_there = organizations, is_decided if TO_THE_END else is_under_way
    for _ in range(MOST_STEPS):
        server.advance(client, STEP)
        with server.records() as store:
            left = [each for each in left if not is_there(store, each)]
        if not left:
            break
    return left


def repeat(client: Client, sent: Sequence[Submission], left: Left) -> None:
    """Send everything again under its key: what had been done has the outcome that it had."""
    for each in sent:
        answer = each.send(client)
        assert answer.status_code == 200, answer.text
        assert each.answer in (None, answer.json())
        assert left[each.key] in (None, made_by(answer.json()))
        each.answer = answer.json()


def check_shown(client: Client, sent: Sequence[Submission]) -> None:
    """What the applicants see: each is there once."""
    for each in sent:
        if is_registration(each):
            items = items_of(client, each, "registrations")
            assert [item["organization"] for item in items] == [made_by(each.answer)]
        else:
            items = items_of(client, each, "list-documents")
            ids = [item["document"] for item in items if item["file_name"] in each.payload.values()]
            assert ids == [made_by(each.answer)]


def is_registration(submission: Submission) -> bool:
    return submission.path == "register-organization"


def made_by(answer: dict[str, Any] | None) -> str:
    """The organization or the document that an answer names."""
    assert answer is not None
    data = answer["data"]
    return str(data.get("organization") or data["document"])


def items_of(client: Client, submission: Submission, view: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {submission.applicant.token}"}
    answer = client.get(f"/portal/v1/{view}", headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["data"]["items"]
    return items

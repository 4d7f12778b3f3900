"""Uploading documents, and giving them out."""

import base64
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from portal.documents.stored_document import StoredContent
from portal.organizations.organization import Membership, Organization, membership_id
from portal.ports.store import Store
from portal.registration.registration import requisites_of
from portal.rules.documents import AcceptedFile, type_is_chosen
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.filings import LEGAL, application_of, filing
from tests.portal.wiring import Stand, broken, journal, portal_with
from world.documents import EICAR
from world.file_formats import FileFormat, file_content

IVAN = Actor(account="ivan", session="s1")
MEGABYTE = 1_048_576


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(store=store)


def upload(
    stand: Stand,
    kind: FileFormat = "pdf",
    actor: Actor = IVAN,
    content: bytes | None = None,
    **form: Any,
) -> Outcome:
    file = file_content(kind, ["Устав"]) if content is None else content
    payload = {
        "context": "library",
        "document_type": "charter",
        "file_name": f"Устав.{kind}",
        "content": base64.b64encode(file).decode(),
        **form,
    }
    return stand.act("upload_document", actor, **payload)


def listed(stand: Stand, actor: Actor = IVAN, **query: str) -> list[str]:
    outcome = stand.read("list_documents", actor, **query)
    return [item["file_name"] for item in outcome.data["items"]]


def test_an_accepted_file_is_ready_and_in_the_journal(stand: Stand) -> None:
    outcome = upload(stand)
    assert (outcome.state, outcome.violations) == ("ready", ())
    assert outcome.data["status_title"] == "Готово"
    noted = journal(stand, IVAN.account or "") == [("upload_document", "ready")]
    done = AcceptedFile(status=outcome.data["status"], noted=noted)
    assert type_is_chosen(done, stand.portal.policy) == ()


def test_everything_that_is_wrong_with_a_file_is_said_at_once(stand: Stand) -> None:
    content = file_content("xml", ["Устав"], size=5 * MEGABYTE + 1, comment=EICAR)
    outcome = upload(stand, "xml", content=content, context="registration", document_type="")
    assert outcome.refusal == "wrong"
    assert broken(outcome) == [
        "DOC-12 document_type",
        "DOC-01 content",
        "DOC-07 content",
        "DOC-10 content",
    ]
    assert listed(stand) == []


def test_an_infected_file_is_blocked_and_seen_so_while_the_others_are_taken(stand: Stand) -> None:
    infected = upload(stand, content=file_content("pdf", ["Устав"], comment=EICAR))
    clean = upload(stand, file_name="Чистый.pdf")
    assert broken(infected) == ["DOC-07 content"]
    assert clean.state == "ready"
    blocked = stand.read("list_documents", IVAN, status="blocked").data["items"]
    assert [(each["file_name"], each["status_title"]) for each in blocked] == [
        ("Устав.pdf", "Заблокирован")
    ]
    assert journal(stand, IVAN.account or "")[0] == ("upload_document", "blocked")
    refused = stand.read("document_content", IVAN, document=blocked[0]["document"])
    assert (refused.refusal, broken(refused)) == ("state", ["DOC-08 content"])
    assert stand.store.get("document_content", blocked[0]["document"]) is None


def test_a_file_waits_while_the_antivirus_is_silent(stand: Stand) -> None:
    stand.antivirus.down = True
    clean = upload(stand)
    infected = upload(
        stand, content=file_content("pdf", ["Приказ"], comment=EICAR), file_name="Приказ.pdf"
    )
    assert (clean.state, infected.state) == ("scanning", "scanning")
    early = stand.read("document_content", IVAN, document=clean.data["document"])
    assert early.refusal == "state"
    stand.after(minutes=1)
    assert listed(stand, status="ready") == []
    stand.antivirus.down = False
    stand.after(hours=1)
    assert listed(stand, status="ready") == ["Устав.pdf"]
    assert listed(stand, status="blocked") == ["Приказ.pdf"]
    lines = [json.loads(each.body) for each in stand.store.journal(IVAN.account)]
    mine = [each for each in lines if each["document"] == infected.data["document"]]
    assert [each["result"] for each in mine] == ["scanning", "blocked"]


def test_a_session_uploads_up_to_its_total(stand: Stand) -> None:
    for _ in range(4):
        assert (
            upload(stand, content=file_content("pdf", ["1"], size=20 * MEGABYTE)).state == "ready"
        )
    assert upload(stand, content=file_content("pdf", ["1"], size=20 * MEGABYTE)).state == "ready"
    assert broken(upload(stand)) == ["DOC-10 session"]
    assert upload(stand, context="registration").state == "ready"
    assert upload(stand, actor=Actor(account="ivan", session="s2")).state == "ready"


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "jpg", "png"])
def test_the_same_bytes_are_given_out(stand: Stand, kind: FileFormat) -> None:
    document = upload(stand, kind).data["document"]
    given = base64.b64decode(
        stand.read("document_content", IVAN, document=document).data["content"]
    )
    assert given == file_content(kind, ["Устав"])


def test_altered_bytes_are_not_given_out(stand: Stand) -> None:
    document = upload(stand).data["document"]
    unit = Unit(stand.store)
    kept = unit.get(StoredContent, document)
    assert kept is not None
    unit.put(replace(kept, content="AAAA"))
    unit.commit()
    refused = stand.read("document_content", IVAN, document=document)
    assert broken(refused) == ["DOC-08 content"]


def test_an_archive_has_the_chosen_documents_and_no_others(stand: Stand) -> None:
    first, second, _ = (upload(stand).data["document"] for _ in range(3))
    outcome = stand.read("documents_archive", IVAN, documents=[first, second, first])
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(outcome.data["content"]))) as archive:
        assert archive.namelist() == ["Устав.pdf", "Устав (2).pdf"]
        assert archive.read("Устав (2).pdf") == file_content("pdf", ["Устав"])


@pytest.mark.parametrize("name", ["../Устав.pdf", "C:\\Users\\Анна\\Устав.pdf", "/etc/Устав.pdf"])
def test_a_file_in_an_archive_has_no_place_in_folders(stand: Stand, name: str) -> None:
    document = upload(stand, file_name=name).data["document"]
    outcome = stand.read("documents_archive", IVAN, documents=[document])
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(outcome.data["content"]))) as archive:
        assert archive.namelist() == ["Устав.pdf"]


def test_an_archive_of_nothing_or_of_what_is_not_there_is_refused(stand: Stand) -> None:
    document = upload(stand).data["document"]
    assert broken(stand.read("documents_archive", IVAN, documents=[])) == ["DOC-08 documents"]
    outcome = stand.read("documents_archive", IVAN, documents=[document, "nowhere"])
    assert outcome.refusal == "absent"


def test_an_archive_with_anothers_document_is_absent_and_the_attempt_noted(stand: Stand) -> None:
    petr = Actor(account="petr", session="s2")
    document, own = (upload(stand, actor=each).data["document"] for each in (IVAN, petr))
    outcome = stand.read("documents_archive", petr, documents=[own, document])
    assert (outcome.refusal, dict(outcome.data)) == ("absent", {})
    assert journal(stand, "ivan")[-1] == ("documents_archive", "another's")


def test_the_list_is_filtered_by_days_type_and_status(stand: Stand) -> None:
    upload(stand, file_name="Первый.pdf")
    stand.after(days=1)
    upload(stand, file_name="Второй.pdf", document_type="report")
    assert listed(stand) == ["Второй.pdf", "Первый.pdf"]
    assert listed(stand, date_to="2026-02-02") == ["Первый.pdf"]
    assert listed(stand, date_from="2026-02-03", date_to="2026-02-03") == ["Второй.pdf"]
    assert listed(stand, date_from="2026-02-04") == []
    assert listed(stand, document_type="charter") == ["Первый.pdf"]
    assert listed(stand, status="scanning") == []


def test_a_filter_that_names_nothing_there_is_is_refused(stand: Stand) -> None:
    outcome = stand.read("list_documents", IVAN, date_from="вчера", document_type="poem")
    assert broken(outcome) == ["DOC-09 date_from", "DOC-09 document_type"]


def test_anothers_document_is_not_there_and_the_attempt_is_noted(stand: Stand) -> None:
    document = upload(stand).data["document"]
    outcome = stand.read("document_content", Actor(account="oleg"), document=document)
    assert (outcome.state, outcome.refusal) == ("absent", "absent")
    line = json.loads(stand.store.journal(IVAN.account)[-1].body)
    told = (line["action"], line["result"], line["account"], line["document"])
    assert told == ("document_content", "another's", "oleg", document)


def firm_of(stand: Stand, **roles: str) -> None:
    """An organization, and the roles of accounts in it."""
    unit = Unit(stand.store)
    form = application_of(filing(LEGAL[0]))
    unit.put(Organization(id="firm", kind="legal", tier="small", requisites=requisites_of(form)))
    for account, role in roles.items():
        unit.put(
            Membership(
                id=membership_id(account, "firm"),
                account=account,
                organization="firm",
                role=role,
                since=stand.clock.now(),
            )
        )
    unit.commit()


@pytest.mark.parametrize(("role", "sees"), [("head", True), ("mgr", True), ("acc", False)])
def test_who_manages_an_organizations_documents_has_those_of_others(
    stand: Stand, role: str, sees: bool
) -> None:
    firm_of(stand, ivan="oper", oleg=role)
    of_firm = upload(stand, actor=Actor(account="ivan", organization="firm")).data["document"]
    oleg = Actor(account="oleg", organization="firm")
    assert (stand.read("document_content", oleg, document=of_firm).refusal is None) == sees
    assert listed(stand, oleg) == (["Устав.pdf"] if sees else [])
    lines = [("upload_document", "ready"), ("document_content", "another's")]
    assert journal(stand, "firm") == (lines[:1] if sees else lines)


@pytest.mark.parametrize(
    ("role", "refusal"),
    [("oper", None), ("emp", None), ("tech", "forbidden"), ("rep", "forbidden")],
)
def test_who_has_not_the_right_uploads_nothing_for_an_organization(
    stand: Stand, role: str, refusal: str | None
) -> None:
    firm_of(stand, ivan=role)
    assert upload(stand, actor=Actor(account="ivan", organization="firm")).refusal == refusal


def test_nothing_is_uploaded_for_another_organization(stand: Stand) -> None:
    firm_of(stand, oleg="head")
    outcome = upload(stand, actor=Actor(account="ivan", organization="firm"))
    assert outcome.refusal == "absent"
    assert journal(stand, "firm") == [("upload_document", "another's")]

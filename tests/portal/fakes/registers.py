"""Registers of organizations and people, and the agencies that verify."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.ports.employment import Consent, TypedEmployee
from portal.ports.people_registers import AuthorityVerdict, NamedPerson, PassportVerdict, Verdict
from portal.ports.registers import RegisterChange, RegisterRecord
from portal.ports.verification import Agency, CaseState, CaseView, Remark, UnknownCase
from rulebook import Kind
from tests.portal.fakes.kernel import Failing


class RecordedRegisters(Failing):
    """ЕГРЮЛ and ЕГРИП with the records that a test has put in."""

    system = "egrul"

    def __init__(self) -> None:
        super().__init__()
        self.records: list[RegisterRecord] = []
        self.log: list[RegisterChange] = []

    def add(self, record: RegisterRecord) -> RegisterRecord:
        self.records.append(record)
        return record

    def change(self, ogrn: str, **fields: Any) -> RegisterRecord:
        """Put other facts into a record; the change is in the log."""
        at = next(at for at, each in enumerate(self.records) if each.ogrn == ogrn)
        changed = self.records[at] = replace(self.records[at], **fields)
        number = len(self.log) + 1
        self.log.append(
            RegisterChange(number, changed.kind, changed.ogrn, changed.inn, tuple(fields))
        )
        return changed

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        self._answering()
        for record in self.records:
            if record.kind == kind and number in (record.ogrn, record.inn):
                return record
        return None

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        self._answering()
        return [each for each in self.log if each.kind == kind and each.number > after]


class SetFns(Failing):
    """ФНС that finds everybody in order, but those in `people` (by ИНН) and `foreign_accounts`; the
    code of authority that it sends to a head is `authority_code`."""

    system = "fns"
    authority_code = "135790"

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, tuple[Verdict, Sequence[str]]] = {}
        self.foreign_accounts: set[str] = set()

    def check_person(self, person: NamedPerson, inn: str) -> tuple[Verdict, Sequence[str]]:
        self._answering()
        return self.people.get(inn, ("match", ()))

    def check_account(self, inn: str, bik: str, account: str) -> bool:
        self._answering()
        return account not in self.foreign_accounts

    def ask_authority_code(
        self, request_id: str, inn: str, ogrn: str, representative_inn: str
    ) -> str | None:
        self._answering()
        return f"CODE-{request_id}"

    def confirm_authority(self, number: str, code: str) -> AuthorityVerdict:
        self._answering()
        return "confirmed" if code == self.authority_code else "wrong_code"


class SetMvd(Failing):
    """МВД that finds every passport good, but those in `passports` (by series and number)."""

    system = "mvd"

    def __init__(self) -> None:
        super().__init__()
        self.passports: dict[tuple[str, str], tuple[PassportVerdict, Sequence[str]]] = {}

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        self._answering()
        return self.passports.get((series, number), ("valid", ()))


class SetVerification(Failing):
    """ФНС and ПФР as a test moves their cases on; a case begins in progress."""

    system = "smev"

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, CaseView] = {}
        self.of: dict[str, str] = {}  # whose they are, by ИНН
        self.submitted: list[tuple[Agency, str, Mapping[str, str]]] = []
        self.replies: list[tuple[Agency, str]] = []
        self.hurried: list[str] = []

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        self._answering()
        number = f"{agency}-{request_id}"
        if number not in self.cases:
            self.submitted.append((agency, request_id, dict(data)))
            self.cases[number] = CaseView(number=number, state="in_progress")
            self.of[number] = data["inn"]
        return number

    def state(self, agency: Agency, number: str, inn: str) -> CaseView:
        self._answering()
        if number not in self.cases or self.of[number] != inn:
            raise UnknownCase(number)
        return self.cases[number]

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        self._answering()
        if number not in self.cases or self.of[number] != data["inn"]:
            raise UnknownCase(number)
        self.submitted.append((agency, request_id, dict(data)))
        self.cases[number] = CaseView(number=number, state="in_progress")
        return number

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        self.replies.append((agency, text))
        return self.change(agency, number, request_id, data)

    def hurry(self, agency: Agency, number: str) -> None:
        self._answering()
        self.hurried.append(number)

    def answer(self, agency: Agency, state: CaseState, *remarks: Remark) -> None:
        """Move the latest case of an agency on."""
        number = [each for each in self.cases if each.startswith(f"{agency}-")][-1]
        self.cases[number] = CaseView(number=number, state=state, remarks=remarks)


class SetEmployment(Failing):
    """Contracts of people by СНИЛС (everybody else has none, but a consent is asked of them all),
    and the states of their consents, which they give at once unless a test says otherwise."""

    system = "citizen_portal"

    def __init__(self) -> None:
        super().__init__()
        self.contracts: dict[str, TypedEmployee] = {}
        self.consents: dict[str, Consent] = {}
        self.asked: list[str] = []
        self.strangers: set[str] = set()
        self._of: dict[str, str] = {}

    def ask_consent(self, request_id: str, inn: str, snils: str) -> Consent | None:
        self._answering()
        if snils in self.strangers:
            return None
        if request_id not in self._of:
            self._of[request_id] = snils
            self.asked.append(snils)
        approved = Consent(number=request_id, state="approved")
        return self.consents.get(snils, approved)

    def differing(self, consent: Consent, typed: TypedEmployee) -> Sequence[str]:
        self._answering()
        if consent.state != "approved":
            return ()
        contract = self.contracts.get(self._of[consent.number])
        if contract is None:
            return ("employment",)
        fields = ("full_name", "inn", "position", "department")
        return [name for name in fields if getattr(contract, name) != getattr(typed, name)]

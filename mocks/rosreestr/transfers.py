"""Transfers of rights: an application, an examination, a new entry in the registry."""

from dataclasses import dataclass
from typing import Final

from mocks.case_work.applicants import in_force, standing_of
from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.work import Works
from mocks.core.tenant import Tenant
from mocks.rosreestr.objects import Holder
from mocks.rosreestr.registry import SERVICE, RightsRegistry

__all__ = ["REGISTRATION_WORKING_DAYS", "Transfer", "Transfers"]

REGISTRATION_WORKING_DAYS: Final = 7
"""218-ФЗ, art. 16, part 1."""

STATES: Final = StateTable(
    titles={
        "in_examination": "Правовая экспертиза",
        "registered": "Переход права зарегистрирован",
        "refused": "В регистрации отказано",
    },
    follows={"in_examination": frozenset({"registered", "refused"})},
)


@dataclass
class Transfer:
    """The object, who takes it over, and the document on which that rests."""

    cadastral_number: str
    to_inn: str
    basis: str


class Transfers:
    """A tenant's applications for registration."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._registry = tenant.state(RightsRegistry)
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Transfer] = Docket("RIGHT", STATES, on_drop=self._works.drop)

    def examine(self, case: Case[Transfer], now_us: int) -> None:
        """Take an application in; Refusal 503 if there is no waiting place."""
        self._works.take_in(self.docket, case, self._decide, now_us)

    def _decide(self, case: Case[Transfer], now_us: int) -> None:
        records = self._tenant.records
        estate = self._registry.by_number(case.subject.cadastral_number)
        giver = records.organization_by_inn(case.inn)
        taker = records.organization_by_inn(case.subject.to_inn)
        if estate is None or giver is None or taker is None:
            case.move("refused", now_us, "Объекта или стороны нет в реестрах")
            return
        if estate.right.holder != Holder("organization", giver.index):
            case.move("refused", now_us, "Право заявителя на объект не зарегистрировано")
            return
        for side in (giver, taker):
            if not in_force(side):
                message = f"Организация с ИНН {side.inn} {standing_of(side)}"
                case.move("refused", now_us, message)
                return
        after = self._registry.transfer(estate, taker, now_us)
        case.move("registered", now_us, f"Запись о праве {after.right.number}")

"""The service of ЕГРИП."""

from typing import Final

from mocks.core.service import Service
from mocks.egrip.extract import FORM, KINDS, add_extract, entry_number
from mocks.extracts.register import OWN_FAULTS, Register
from mocks.extracts.request import RequestForm
from mocks.extracts.routes import add_routes
from world import identifiers

__all__ = ["REGISTER", "service"]

REGISTER: Final = Register(
    kind="sole_proprietor",
    title="ЕГРИП",
    form=FORM,
    request=RequestForm(
        FORM.message,
        "FNSVipIPRequest",
        "ЗапросИП",
        {"ОГРНИП": identifiers.is_valid_ogrnip, "ИНН": identifiers.is_valid_person_inn},
    ),
    kinds=KINDS,
    entry_number=entry_number,
    add_extract=add_extract,
)

service: Final = Service("egrip", own_faults=OWN_FAULTS)
add_routes(service, REGISTER)

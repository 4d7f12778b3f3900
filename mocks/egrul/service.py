"""The service of ЕГРЮЛ, with the public search that serves both registers."""

from typing import Final

from mocks.core.service import Service
from mocks.egrul.extract import FORM, KINDS, add_extract, entry_number
from mocks.egrul.site import add_site, refuse
from mocks.extracts.register import OWN_FAULTS, Register
from mocks.extracts.request import RequestForm
from mocks.extracts.routes import add_routes
from world import identifiers

__all__ = ["REGISTER", "service"]

REGISTER: Final = Register(
    kind="legal",
    title="ЕГРЮЛ",
    form=FORM,
    request=RequestForm(
        FORM.message,
        "FNSVipULRequest",
        "ЗапросЮЛ",
        {"ОГРН": identifiers.is_valid_ogrn, "ИННЮЛ": identifiers.is_valid_legal_inn},
    ),
    kinds=KINDS,
    entry_number=entry_number,
    add_extract=add_extract,
)

service: Final = Service(
    "egrul",
    own_faults={**OWN_FAULTS, "captcha": "публичный поиск требует ввести цифры с картинки"},
    hosts=("egrul.nalog.ru",),
    refuse=refuse,
)
add_routes(service, REGISTER)
add_site(service)

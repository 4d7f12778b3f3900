"""Filings of the country as a portal receives them."""

import dataclasses
import datetime as dt
from typing import Any

from portal.adapters import country_record
from portal.ports.registers import RegisterRecord
from portal.rules.registration import Application
from world.country import World
from world.filings import Filing, filing_of
from world.records import Organization

FILED_ON = dt.date(2026, 4, 20)
COUNTRY = World(2026)
LEGAL = [index for index in range(40) if COUNTRY.organization(index).kind == "legal"][:4]
SOLE = [index for index in range(40) if COUNTRY.organization(index).kind != "legal"][:4]


def filing(index: int) -> Filing:
    """The good filing of an organization of the country."""
    return filing_of(COUNTRY, index, FILED_ON)


def application_of(filed: Filing) -> Application:
    """The form of a filing as the portal takes it."""
    return Application(kind=filed.kind, **dataclasses.asdict(filed.form))


def record_of(organization: Organization, country: World = COUNTRY) -> RegisterRecord:
    """What the register says of an organization."""
    return country_record.record_of(organization, country.person(organization.head.person))


def changed(application: Application, **fields: Any) -> Application:
    """The application with other fields."""
    return dataclasses.replace(application, **fields)

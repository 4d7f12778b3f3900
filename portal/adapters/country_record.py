"""A register's record of an organization of the country, for whoever answers the port `Registers`
without a register."""

from portal.ports.registers import RegisterRecord
from world.records import Organization, Person

__all__ = ["record_of"]


def record_of(organization: Organization, head: Person) -> RegisterRecord:
    """What the register says of `organization`, whose head is `head`."""
    is_legal = organization.kind == "legal"
    return RegisterRecord(
        kind=organization.kind,
        inn=organization.inn,
        ogrn=organization.ogrn,
        kpp=organization.kpp,
        full_name=organization.full_name,
        short_name=organization.short_name,
        standing=organization.standing,
        registered=organization.registered,
        address=str(organization.address),
        head_name=str(head.name),
        head_inn=head.inn,
        head_position=organization.head.position,
        head_since=organization.head.since if is_legal else None,
        capital_kopecks=organization.capital_kopecks,
    )

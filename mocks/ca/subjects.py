"""What an authority writes into a certificate, from the registries (приказ ФСБ № 795)."""

from signatures.certificates import SubjectData
from world.records import Organization, Person

__all__ = ["subject_for"]


def subject_for(organization: Organization, signer: Person, legal_inn: str) -> SubjectData:
    """The subject of a certificate of `signer` for an organization; `legal_inn` is the ИНН that is
    written for a legal entity."""
    name = signer.name
    given_name = " ".join(part for part in (name.first, name.patronymic) if part)
    if organization.kind == "sole_proprietor":
        return SubjectData(
            common_name=str(name),
            surname=name.last,
            given_name=given_name,
            country="RU",
            inn=signer.inn,
            ogrnip=organization.ogrn,
            snils=signer.snils,
        )
    address = organization.address
    street = ", ".join(part for part in (address.street, address.house, address.flat) if part)
    heads = organization.head.person == signer.index
    return SubjectData(
        common_name=organization.short_name,
        surname=name.last,
        given_name=given_name,
        title=organization.head.position if heads else "Представитель",
        organization=organization.short_name,
        street=street,
        locality=address.locality,
        region=f"{address.region} {address.region_name}",
        country="RU",
        inn=signer.inn,
        legal_inn=legal_inn,
        ogrn=organization.ogrn,
        snils=signer.snils,
    )

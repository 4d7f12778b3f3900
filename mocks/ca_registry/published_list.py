"""The list of accredited authorities in the form of e-trust.gosuslugi.ru: XML with a signature.

Names of elements and their order are those of the published list, statuses too; addresses, means
and numbers of the authorities are made up.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from asn1crypto import x509
from lxml import etree

from mocks.ca_registry.register import AuthorityEntry, Edition
from mocks.core.xml import serialized
from mocks.pki.authorities import Authorities, Identity, available_algorithms
from signatures import xmldsig
from signatures.certificates import Issuer
from world.calendar import Calendar
from world.certificate_profiles import Authority

__all__ = ["published_list"]

_SHORT_NAMES: Final = {
    "common_name": "CN",
    "organization_name": "O",
    "country_name": "C",
}
_MEANS: Final = "Средства УЦ «Полигон»"
_CLASS: Final = "КС1"
_REMEMBERED: Final = 64  # lists, some 60 KB each


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the list says of an authority; `statuses` are titles and since when, the latest last."""

    authority: Authority
    number: int
    inn: str
    ogrn: str
    issuers: tuple[Issuer, ...]
    statuses: tuple[tuple[str, str], ...]


def published_list(
    edition: Edition, authorities: Authorities, calendar: Calendar, signer: Identity
) -> bytes:
    """The document of `edition`, signed by `signer`."""
    entries = tuple(_listed(each, authorities, calendar) for each in edition.authorities)
    issued = edition.issued.isoformat(timespec="seconds")
    return _document(edition.version, issued, entries, signer)


def _listed(entry: AuthorityEntry, authorities: Authorities, calendar: Calendar) -> _Listed:
    name = entry.authority.id
    return _Listed(
        authority=entry.authority,
        number=entry.number,
        inn=entry.inn,
        ogrn=entry.ogrn,
        issuers=tuple(authorities.issuer(name, each) for each in available_algorithms()),
        statuses=tuple(
            (entry.title(step), calendar.local(step.at_us).isoformat(timespec="seconds"))
            for step in entry.history
        ),
    )


@lru_cache(_REMEMBERED)
def _document(version: int, issued: str, entries: Sequence[_Listed], signer: Identity) -> bytes:
    """Most who ask want the list of the same day; tenants of one country have the same one."""
    root = etree.Element("АккредитованныеУдостоверяющиеЦентры")
    _text(root, "Версия", str(version))
    _text(root, "Дата", issued)
    for entry in entries:
        _add_authority(root, entry)
    root.append(xmldsig.sign(root, signer.key, signer.certificate, xmldsig.ENVELOPED))
    return serialized(root)


def _add_authority(root: etree._Element, entry: _Listed) -> None:
    authority = entry.authority
    center = etree.SubElement(root, "УдостоверяющийЦентр")
    _text(center, "Название", authority.name)
    _text(center, "ЭлектроннаяПочта", f"{authority.id}@ca.test")
    _text(center, "КраткоеНазвание", authority.name)
    _text(center, "АдресСИнформациейПоУЦ", f"http://{authority.id}.ca.test/")
    _add_address(center)
    complexes = etree.SubElement(center, "ПрограммноАппаратныеКомплексы")
    complex_ = etree.SubElement(complexes, "ПрограммноАппаратныйКомплекс")
    _text(complex_, "Псевдоним", authority.name)
    _text(complex_, "КлассСредствЭП", _CLASS)
    _add_address(complex_)
    _text(complex_, "СредстваУЦ", _MEANS)
    keys = etree.SubElement(complex_, "КлючиУполномоченныхЛиц")
    for issuer in entry.issuers:
        _add_key(keys, issuer)
    _text(center, "ИНН", entry.inn)
    _text(center, "ОГРН", entry.ogrn)
    _text(center, "РеестровыйНомер", str(entry.number))
    center.append(list(_statuses(entry))[-1])
    history = etree.SubElement(center, "ИсторияСтатусовАккредитации")
    history.extend(_statuses(entry))


def _add_address(parent: etree._Element) -> None:
    address = etree.SubElement(parent, "Адрес")
    _text(address, "Страна", "RU")
    _text(address, "Индекс", "125000")
    _text(address, "УлицаДом", "ул. Полигонная, д. 1")
    _text(address, "Город", "г. Москва")


def _add_key(keys: etree._Element, issuer: Issuer) -> None:
    key = etree.SubElement(keys, "Ключ")
    _text(key, "ИдентификаторКлюча", issuer.certificate.key_identifier.hex().upper())
    lists = etree.SubElement(key, "АдресаСписковОтзыва")
    if issuer.addresses is not None:
        _text(lists, "Адрес", issuer.addresses.crl)
    data = etree.SubElement(etree.SubElement(key, "Сертификаты"), "ДанныеСертификата")
    certificate = issuer.certificate
    digest = hashlib.sha1(certificate.dump(), usedforsecurity=False).hexdigest()
    _text(data, "Отпечаток", digest.upper())
    _text(data, "КемВыдан", _printed(certificate.issuer))
    _text(data, "КомуВыдан", _printed(certificate.subject))
    _text(data, "СерийныйНомер", f"{certificate.serial_number:X}")
    _text(data, "ПериодДействияС", certificate.not_valid_before.isoformat())
    _text(data, "ПериодДействияДо", certificate.not_valid_after.isoformat())
    _text(data, "Данные", base64.b64encode(certificate.dump()).decode())


def _statuses(entry: _Listed) -> Iterator[etree._Element]:
    for title, since in entry.statuses:
        status = etree.Element("СтатусАккредитации")
        _text(status, "Статус", title)
        _text(status, "ДействуетС", since)
        yield status


def _printed(name: x509.Name) -> str:
    parts = (part for relative in name.chosen for part in relative)
    return ", ".join(f"{_SHORT_NAMES[p['type'].native]}={p['value'].native}" for p in parts)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text

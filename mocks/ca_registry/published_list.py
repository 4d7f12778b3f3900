"""The list of accredited authorities in the form of e-trust.gosuslugi.ru: XML with a signature.

Names of elements and their order are those of the published list, statuses too; addresses, means
and numbers of the authorities are made up.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from asn1crypto import x509
from lxml import etree

from mocks.ca_registry.register import AuthorityEntry
from mocks.pki.authorities import Authorities, Identity, available_algorithms
from signatures import xmldsig
from signatures.certificates import Issuer
from world.calendar import Calendar

__all__ = ["published_list"]

_SHORT_NAMES: Final = {
    "common_name": "CN",
    "organization_name": "O",
    "country_name": "C",
}
_MEANS: Final = "Средства УЦ «Полигон»"
_CLASS: Final = "КС1"


def published_list(
    version: int,
    issued: dt.datetime,
    entries: Iterable[AuthorityEntry],
    authorities: Authorities,
    calendar: Calendar,
    signer: Identity,
) -> etree._Element:
    """The list with that number, which came out at that moment, signed by `signer`."""
    root = etree.Element("АккредитованныеУдостоверяющиеЦентры")
    _text(root, "Версия", str(version))
    _text(root, "Дата", issued.isoformat(timespec="seconds"))
    for entry in entries:
        _add_authority(root, entry, authorities, calendar)
    root.append(xmldsig.sign(root, signer.key, signer.certificate, xmldsig.ENVELOPED))
    return root


def _add_authority(
    root: etree._Element, entry: AuthorityEntry, authorities: Authorities, calendar: Calendar
) -> None:
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
    for algorithm in available_algorithms():
        _add_key(keys, authorities.issuer(authority.id, algorithm))
    _text(center, "ИНН", entry.inn)
    _text(center, "ОГРН", entry.ogrn)
    _text(center, "РеестровыйНомер", str(entry.number))
    statuses = list(_statuses(entry, calendar))
    center.append(statuses[-1])
    history = etree.SubElement(center, "ИсторияСтатусовАккредитации")
    history.extend(_statuses(entry, calendar))


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


def _statuses(entry: AuthorityEntry, calendar: Calendar) -> Iterator[etree._Element]:
    for step in entry.history:
        status = etree.Element("СтатусАккредитации")
        _text(status, "Статус", entry.title(step))
        since = calendar.local(step.at_us).isoformat(timespec="seconds")
        _text(status, "ДействуетС", since)
        yield status


def _printed(name: x509.Name) -> str:
    parts = (part for relative in name.chosen for part in relative)
    return ", ".join(f"{_SHORT_NAMES[p['type'].native]}={p['value'].native}" for p in parts)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text

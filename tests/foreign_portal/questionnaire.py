"""The questionnaire of a company: what has to look how. Every check has a code by which it can be
switched off."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

Answers: TypeAlias = Mapping[str, str]
Finding: TypeAlias = tuple[str, str]
"""The field, and what is wrong with it."""
Check: TypeAlias = Callable[[Answers], Iterator[Finding]]

CHECKS: Final[dict[str, Check]] = {}
_MOBILES: Final = ("mobile", "directorMobile", "contactMobile")
_NAMES: Final = ("directorName", "contactName")
_MAILS: Final = ("mail", "directorMail")
_ID_PARTS: Final = {"idSeries": r"\d{4}", "idNumber": r"\d{6}", "idIssued": None, "idIssuer": r".+"}
_WRONG_CHECK: Final = "контрольный разряд не сходится"


def check(code: str) -> Callable[[Check], Check]:
    def keep(function: Check) -> Check:
        CHECKS[code] = function
        return function

    return keep


def problems(answers: Answers, off: frozenset[str]) -> list[dict[str, str]]:
    return [
        {"code": code, "at": field, "text": text}
        for code, function in CHECKS.items()
        if code not in off
        for field, text in function(answers)
    ]


def _is_company(answers: Answers) -> bool:
    return answers.get("type") == "company"


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _weighted(text: str, weights: tuple[int, ...]) -> int:
    return sum(int(sign) * weight for sign, weight in zip(text, weights, strict=False)) % 11 % 10


def _company_tax_id(text: str) -> bool:
    if not _digits(text, 10) or text.startswith("0000"):
        return False
    return _weighted(text, (2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(text[9])


def person_tax_id(text: str) -> bool:
    if not _digits(text, 12) or text.startswith("0000"):
        return False
    first = _weighted(text, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    second = _weighted(text, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    return (first, second) == (int(text[10]), int(text[11]))


def _reg_no(text: str, length: int) -> bool:
    if not _digits(text, length) or text[0] == "0":
        return False
    return int(text[:-1]) % (length - 2) % 10 == int(text[-1])


def _is_mixed_up(answers: Answers) -> bool:
    tax, reg = answers.get("taxId", ""), answers.get("regNo", "")
    if _is_company(answers):
        return _reg_no(tax, 13) and _company_tax_id(reg)
    return _reg_no(tax, 15) and person_tax_id(reg)


def _to_check(answers: Answers, field: str) -> bool:
    text = answers.get(field, "")
    return bool(text) and text.isascii() and text.isdigit() and not _is_mixed_up(answers)


@check("TAX_ID_COMPANY")
def _tax_id_company(answers: Answers) -> Iterator[Finding]:
    wrong = not _company_tax_id(answers.get("taxId", ""))
    if _is_company(answers) and _to_check(answers, "taxId") and wrong:
        yield "taxId", _WRONG_CHECK


@check("TAX_ID_PERSON")
def _tax_id_person(answers: Answers) -> Iterator[Finding]:
    wrong = not person_tax_id(answers.get("taxId", ""))
    if not _is_company(answers) and _to_check(answers, "taxId") and wrong:
        yield "taxId", _WRONG_CHECK
    director = answers.get("directorTaxId", "")
    if director and not person_tax_id(director):
        yield "directorTaxId", _WRONG_CHECK


@check("REG_NO_COMPANY")
def _reg_no_company(answers: Answers) -> Iterator[Finding]:
    wrong = not _reg_no(answers.get("regNo", ""), 13)
    if _is_company(answers) and _to_check(answers, "regNo") and wrong:
        yield "regNo", _WRONG_CHECK


@check("REG_NO_PERSON")
def _reg_no_person(answers: Answers) -> Iterator[Finding]:
    wrong = not _reg_no(answers.get("regNo", ""), 15)
    if not _is_company(answers) and _to_check(answers, "regNo") and wrong:
        yield "regNo", _WRONG_CHECK


@check("REASON_CODE")
def _reason_code(answers: Answers) -> Iterator[Finding]:
    text = answers.get("reasonCode", "")
    right = re.fullmatch(r"\d{4}[0-9A-Z]{2}\d{3}", text) if _is_company(answers) else not text
    if text and not right:
        yield "reasonCode", "девять знаков, только у организаций"


@check("PENSION_NO")
def _pension_no(answers: Answers) -> Iterator[Finding]:
    text = answers.get("directorPensionNo", "")
    if not text:
        return
    if not _digits(text, 11):
        yield "directorPensionNo", "одиннадцать цифр"
    elif text[:9] > "001001998":
        total = sum(int(sign) * (9 - place) for place, sign in enumerate(text[:9]))
        if total % 101 % 100 != int(text[9:]):
            yield "directorPensionNo", "контрольное число не сходится"


@check("EXTRA_SIGNS")
def _extra_signs(answers: Answers) -> Iterator[Finding]:
    for field in ("taxId", "regNo"):
        extra = sorted(set(answers.get(field, "")) - set("0123456789"))
        if extra:
            yield field, f"лишние знаки: «{extra[0]}»"


@check("MIXED_UP")
def _mixed_up(answers: Answers) -> Iterator[Finding]:
    if _is_mixed_up(answers):
        yield "taxId", "здесь ОГРН"
        yield "regNo", "здесь ИНН"


@check("MOBILE")
def _mobile(answers: Answers) -> Iterator[Finding]:
    for field in _MOBILES:
        text = answers.get(field, "")
        if text and not re.fullmatch(r"\+7[0-9]{10}", text):
            yield field, "+7 и десять цифр"


@check("MAIL")
def _mail(answers: Answers) -> Iterator[Finding]:
    for field in _MAILS:
        text = answers.get(field, "")
        if text and not re.fullmatch(r"[^@\s,]+@[\w-]+(\.[\w-]+)+", text):
            yield field, "не похоже на адрес"


@check("BORN")
def _born(answers: Answers) -> Iterator[Finding]:
    text = answers.get("directorBorn", "")
    if text and _day(text, r"(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d{4})") is None:
        yield "directorBorn", "ДД.ММ.ГГГГ"


@check("FOUNDED")
def _founded(answers: Answers) -> Iterator[Finding]:
    text = answers.get("founded", "")
    if text and _day(text, r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)") is None:
        yield "founded", "ГГГГ-ММ-ДД"


@check("FULL_NAME")
def _full_name(answers: Answers) -> Iterator[Finding]:
    for field in _NAMES:
        text = answers.get(field, "")
        if text and not re.fullmatch(r"[А-ЯЁ][а-яё]+(-?[А-ЯЁа-яё]+)*( [А-Яа-яЁё-]{2,}){1,4}", text):
            yield field, "полностью, русскими буквами"


@check("ID_DATA")
def _id_data(answers: Answers) -> Iterator[Finding]:
    for field, form in _ID_PARTS.items():
        text = answers.get(field, "")
        right = _day(text, r"(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d{4})") is not None
        if form is not None:
            right = re.fullmatch(form, text) is not None
        if not right:
            yield field, "так паспорт не записывают"


@check("BANK_DATA")
def _bank_data(answers: Answers) -> Iterator[Finding]:
    code, account = answers.get("bankCode", ""), answers.get("bankAccount", "")
    if not _digits(code, 9):
        yield "bankCode", "девять цифр"
    elif not _digits(account, 20):
        yield "bankAccount", "двадцать цифр"
    else:
        weights = (7, 1, 3) * 8
        key = sum(int(s) * w for s, w in zip(code[-3:] + account, weights, strict=False))
        if key % 10:
            yield "bankAccount", "ключ не сходится"
    if not answers.get("bankName"):
        yield "bankName", "банк не назван"


def _day(text: str, form: str) -> date | None:
    found = re.fullmatch(form, text, re.ASCII)
    try:
        return found and date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None

"""Check digits and forms of identifiers: known numbers, typing errors, characters that only look
like digits."""

import re
from collections.abc import Callable

import pytest
import stdnum.ru.inn
import stdnum.ru.ogrn
from hypothesis import given
from hypothesis import strategies as st

from world import identifiers as ids

BIK, ACCOUNT = "044525225", "40702810200000000001"

# Numbers of public companies, as their own reports print them; numbers that documents give as
# examples stand for people.
VALID: list[tuple[Callable[[str], bool], str]] = [
    (ids.is_valid_legal_inn, "7707083893"),  # Сбербанк
    (ids.is_valid_legal_inn, "7736050003"),  # Газпром
    (ids.is_valid_legal_inn, "7708503727"),  # РЖД
    (ids.is_valid_legal_inn, "7736207543"),  # Яндекс
    (ids.is_valid_person_inn, "500100732259"),
    (ids.is_valid_ogrn, "1027700132195"),  # Сбербанк
    (ids.is_valid_ogrn, "1027700070518"),  # Газпром
    (ids.is_valid_ogrn, "1037739877295"),  # РЖД
    (ids.is_valid_ogrnip, "304500116000157"),
    (ids.is_valid_snils, "11223344595"),
]
CHECKED = [*VALID, (lambda text: ids.is_valid_settlement_account(text, BIK), ACCOUNT)]


@pytest.mark.parametrize(("is_valid", "number"), CHECKED)
def test_known_number_is_valid(is_valid: Callable[[str], bool], number: str) -> None:
    assert is_valid(number)


@pytest.mark.parametrize(("is_valid", "number"), VALID)
def test_of_nine_wrong_digits_in_a_place_no_more_than_one_passes(
    is_valid: Callable[[str], bool], number: str
) -> None:
    # Remainders are more than ten, so that two of them share a check digit: 0 and 10 of eleven.
    for place, right in enumerate(number):
        typed = [number[:place] + d + number[place + 1 :] for d in "0123456789" if d != right]
        assert sum(map(is_valid, typed)) <= 1


@pytest.mark.parametrize(("is_valid", "number"), VALID)
def test_wrong_check_digit_is_refused(is_valid: Callable[[str], bool], number: str) -> None:
    assert not any(is_valid(number[:-1] + d) for d in "0123456789" if d != number[-1])


def test_every_wrong_digit_of_an_account_is_refused() -> None:
    for place, right in enumerate(ACCOUNT):
        for digit in "0123456789":
            typed = ACCOUNT[:place] + digit + ACCOUNT[place + 1 :]
            assert ids.is_valid_settlement_account(typed, BIK) == (digit == right)


@pytest.mark.parametrize(("is_valid", "number"), CHECKED)
@pytest.mark.parametrize(
    "spoiled",
    [
        lambda n: n.translate({ord("0") + d: 0x0660 + d for d in range(10)}),  # "١٢" are digits too
        lambda n: n[:2] + " " + n[2:],
        lambda n: n[:3] + "-" + n[3:],
        lambda n: n + "\n",
        lambda n: " " + n,
        lambda n: n[:-1],
        lambda n: n + "0",
        lambda n: "",
        lambda n: "²" * len(n),
        lambda n: "+" + n[1:],
    ],
)
def test_anything_but_ascii_digits_in_a_row_is_refused(
    is_valid: Callable[[str], bool], number: str, spoiled: Callable[[str], str]
) -> None:
    assert not is_valid(spoiled(number))


@pytest.mark.parametrize("zeros", [10, 12, 13, 15, 11])
def test_zeros_are_nobodys_number(zeros: int) -> None:
    checks = [is_valid for is_valid, _ in VALID]
    assert not any(is_valid("0" * zeros) for is_valid in checks)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_legal_inn_agrees_with_stdnum(payload: str) -> None:
    assert stdnum.ru.inn.validate(ids.legal_inn(payload)) == ids.legal_inn(payload)


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_person_inn_agrees_with_stdnum(payload: str) -> None:
    assert stdnum.ru.inn.validate(ids.person_inn(payload)) == ids.person_inn(payload)


@given(st.from_regex(r"[15][0-9]{11}", fullmatch=True))
def test_ogrn_agrees_with_stdnum(payload: str) -> None:
    assert stdnum.ru.ogrn.validate(ids.ogrn(payload)) == ids.ogrn(payload)


@pytest.mark.parametrize(
    ("payload", "number"),
    [
        ("30450011600015", "304500116000157"),  # 30450011600015 = 13 · 2342308584616 + 7
        ("30000000000000", "300000000000004"),  # 10^13 ≡ 10 (mod 13), 3 · 10 ≡ 4
    ],
)
def test_ogrnip_check_digit_is_the_last_digit_of_the_remainder_by_13(
    payload: str, number: str
) -> None:
    assert ids.ogrnip(payload) == number


def test_ogrnip_with_a_remainder_above_nine_ends_with_its_last_digit() -> None:
    # 30000000000006 ≡ 4 + 6 = 10 (mod 13); python-stdnum expects "10" and refuses the number.
    assert 30000000000006 % 13 == 10
    assert ids.ogrnip("30000000000006") == "300000000000060"
    assert ids.is_valid_ogrnip("300000000000060")


@pytest.mark.parametrize("sign", "02346789")
def test_number_with_another_sign_is_no_ogrn(sign: str) -> None:
    number = ids.ogrn(sign + "02770013219")
    assert not ids.is_valid_ogrn(number)


def test_ogrnip_begins_with_three() -> None:
    assert not ids.is_valid_ogrnip(ids.ogrnip("40450011600015"))


@pytest.mark.parametrize(
    ("payload", "check"),
    [
        # 1·9 + 1·8 + 2·7 + 2·6 + 3·5 + 3·4 + 4·3 + 4·2 + 5·1 = 95
        ("112233445", "95"),
        ("087654301", "99"),  # 8·8 + 7·7 + 6·6 + 5·5 + 4·4 + 3·3 + 0 + 1 = 200 ≡ 99
        ("087654302", "00"),  # 201 ≡ 100, which is written 00
        ("087654303", "00"),  # 202 = 2 · 101
    ],
)
def test_snils_check_number_is_a_sum_modulo_101(payload: str, check: str) -> None:
    assert ids.snils(payload) == payload + check


def test_snils_up_to_001_001_998_has_any_check_number_and_the_next_one_its_own() -> None:
    assert ids.snils("001001998") == "00100199800"
    assert ids.snils("001001999") == "00100199965"
    assert ids.is_valid_snils("00100199812")
    assert ids.is_valid_snils("00100199899")
    # 1·7 + 1·4 + 9·3 + 9·2 + 9·1 = 65
    assert ids.is_valid_snils("00100199965")
    assert not ids.is_valid_snils("00100199966")


@pytest.mark.parametrize("kpp", ["770701001", "7707AZ001", "526301001"])
def test_kpp_has_letters_only_in_the_reason(kpp: str) -> None:
    assert ids.is_valid_kpp(kpp)


@pytest.mark.parametrize(
    "kpp", ["77070100", "7707010011", "7707az001", "7707АА001", "770A01001", "77070100A", ""]
)
def test_malformed_kpp_is_refused(kpp: str) -> None:
    assert not ids.is_valid_kpp(kpp)


@pytest.mark.parametrize(
    ("phone", "valid"),
    [
        ("+79161234567", True),
        ("+74951234567", True),
        ("89161234567", False),
        ("9161234567", False),
        ("+7916123456", False),
        ("+791612345678", False),
        ("+7 9161234567", False),
        ("+7916123456٧", False),
        ("+375291234567", False),
    ],
)
def test_phone_is_plus_seven_and_ten_digits(phone: str, valid: bool) -> None:
    assert ids.is_valid_phone(phone) == valid


@pytest.mark.parametrize(
    ("is_valid", "right", "wrong"),
    [
        (ids.is_valid_passport_series, "4509", ["45 09", "450", "45091", "45О9"]),
        (ids.is_valid_passport_number, "123456", ["12345", "1234567", "12345a"]),
        (ids.is_valid_department_code, "770-001", ["770001", "77-0001", "770-01"]),
        (ids.is_valid_bik, BIK, ["04452522", "0445252255", "944525225", "04452522a"]),
    ],
)
def test_form_without_check_digit(
    is_valid: Callable[[str], bool], right: str, wrong: list[str]
) -> None:
    assert is_valid(right)
    assert not any(map(is_valid, wrong))


# The key of Sberbank's account at the Bank of Russia is in its own requisites: …0 4 0000…
def test_correspondent_account_fits_its_bank_and_no_other() -> None:
    assert ids.correspondent_account("3010181000000000225", "044525225") == "30101810400000000225"
    assert ids.is_valid_correspondent_account("30101810400000000225", "044525225")
    assert not ids.is_valid_correspondent_account("30101810300000000225", "044525225")
    assert not ids.is_valid_correspondent_account("30101810400000000225", "044525187")


def test_account_fits_the_bank_of_its_key_only() -> None:
    # 7·2 + 1·2 + 3·5 = 31 for 225 and 7·1 + 1·8 + 3·7 = 36 for 187: the keys differ.
    assert ids.is_valid_settlement_account(ACCOUNT, "044525225")
    assert not ids.is_valid_settlement_account(ACCOUNT, "044525187")


def test_account_at_the_bank_of_russia_counts_with_the_number_of_the_unit() -> None:
    # Units 000 to 002 are the Bank of Russia's; from 003 on a bank's own number counts.
    payload = "4010281000000001000"
    unit, bank = (ids.settlement_account(payload, bik) for bik in ("044525002", "044525003"))
    assert unit == ids.settlement_account(payload, "044525001")
    assert unit == ids.correspondent_account(payload, "044525003")
    assert unit != bank


@pytest.mark.parametrize(
    ("make", "length"),
    [(ids.legal_inn, 9), (ids.person_inn, 10), (ids.ogrn, 12), (ids.ogrnip, 14), (ids.snils, 9)],
)
def test_payload_of_another_length_or_alphabet_is_an_error(
    make: Callable[[str], str], length: int
) -> None:
    for payload in ("1" * (length - 1), "1" * (length + 1), "١" * length):
        with pytest.raises(ValueError, match=re.escape(f"expected {length} digits")):
            make(payload)

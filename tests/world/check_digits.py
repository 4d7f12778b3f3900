"""Check digits by the words of their rules, where no independent library is right or is at hand."""

import re


def snils_agrees(snils: str) -> bool:
    """The sum of nine digits weighed 9 to 1, modulo 101; 100 and 101 are written 00."""
    if re.fullmatch(r"\d{11}", snils) is None:
        return False
    total = sum(int(snils[place]) * (9 - place) for place in range(9))
    while total > 101:
        total %= 101
    return snils[9:] == ("00" if total in (100, 101) else f"{total:02}")


def ogrnip_agrees(ogrnip: str) -> bool:
    """The last digit of the remainder of 14 digits by 13; python-stdnum forgets «last digit of»."""
    if re.fullmatch(r"3\d{14}", ogrnip) is None:
        return False
    return ogrnip[-1] == str(int(ogrnip[:-1]) % 13)[-1]


def account_key_agrees(account: str, bik: str) -> bool:
    """Weights 7, 1, 3 over the last three digits of the БИК and the account sum up to tens."""
    if re.fullmatch(r"\d{20}", account) is None:
        return False
    digits = [int(digit) for digit in bik[-3:] + account]
    return sum(digit * (7, 1, 3)[place % 3] for place, digit in enumerate(digits)) % 10 == 0

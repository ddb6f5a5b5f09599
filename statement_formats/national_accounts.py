"""Account numbers as a country's banks write them, turned into IBANs where the country's rule allows it."""

from functools import lru_cache

# Only those modules of the library that need none of its data files: under Odoo 19 these cannot be opened, because
# Odoo replaces the loader of the package (odoo/_monkeypatches).
from stdnum.es import ccc
from stdnum.iso7064 import mod_97_10

# Bank codes of Czechia (register of Česká národní banka) and Slovakia (Národná banka Slovenska), present and former.
_CZECH_BANKS = {
    "0100", "0300", "0600", "0710", "0800", "2010", "2020", "2060", "2070", "2100", "2200", "2220", "2240", "2250",
    "2260", "2275", "2600", "2700", "3030", "3050", "3060", "3500", "4000", "4300", "5500", "5800", "6000", "6100",
    "6200", "6210", "6300", "6363", "6700", "6800", "7910", "7940", "7950", "7960", "7970", "7980", "7990", "8030",
    "8040", "8060", "8090", "8150", "8190", "8198", "8199", "8200", "8215", "8220", "8225", "8230", "8240", "8250",
    "8255", "8265", "8270", "8280", "8293", "8299", "8500", "8610", "8660",
}  # fmt: skip
_SLOVAK_BANKS = {
    "0200", "0720", "0900", "1100", "1111", "3000", "3100", "5200", "5600", "5900", "6500", "7300", "7500", "7930",
    "8120", "8130", "8160", "8170", "8180", "8191", "8320", "8330", "8350", "8360", "8370", "8390", "8400", "8410",
    "8420", "8430", "8440", "8450",
}  # fmt: skip
# Digits (letters too in France) of the national number that an IBAN holds (ISO 13616 registry).
_LENGTHS = {"BE": 12, "CZ": 20, "ES": 20, "FR": 23, "SK": 20}
_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
# The key of a French RIB reads letters as digits: A and J are 1, B, K and S are 2, and so on.
_RIB_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


@lru_cache(maxsize=8192)
def iban_of(country, bban):
    """Give an IBAN from the national number, its check digits computed.

    :param country: two letters
    :param bban: basic bank account number (str)
    :return: str, or ``''`` where the country has no account numbers of this form
    """
    if not (bban.isascii() and bban.isalnum()) or len(bban) != _LENGTHS[country]:
        return ""
    return f"{country}{mod_97_10.calc_check_digits(bban + country)}{bban}"


@lru_cache(maxsize=8192)
def spanish_account(bank, branch, account):
    """Give the IBAN of a Spanish account; its two check digits (CCC) are computed, as Norma 43 leaves them out.

    :param bank: 4 digits, branch: 4 digits, account: 10 digits
    :return: str
    """
    check = ccc.calc_check_digits(f"{bank}{branch}00{account}")
    return iban_of("ES", f"{bank}{branch}{check}{account}") or f"{bank}{branch}{check}{account}"


@lru_cache(maxsize=8192)
def french_account(bank, branch, account):
    """Give the IBAN of a French account; the key of the RIB is computed, as CFONB 120 leaves it out.

    :param bank: 5 digits, branch: 5 digits, account: 11 letters or digits
    :return: str; the parts one after the other where they make no RIB
    """
    digits = [part.translate(_RIB_DIGITS) for part in (bank, branch, account)]
    if (len(bank), len(branch), len(account)) != (5, 5, 11) or not all(
        part.isascii() and part.isdigit() for part in digits
    ):
        return bank + branch + account
    key = 97 - (89 * int(digits[0]) + 15 * int(digits[1]) + 3 * int(digits[2])) % 97
    bban = f"{bank}{branch}{account}{key:02}"
    return iban_of("FR", bban) or bban


def is_czech_account(prefix, number):
    """Tell whether prefix and number have the check digits of Czech and Slovak accounts (weighted, modulo 11).

    :param prefix: 6 digits, number: 10 digits
    :return: bool; False where the number is zero
    """
    return bool(number.strip("0")) and all(
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, part.zfill(10), strict=True)) % 11 == 0
        for part in (prefix, number)
    )


@lru_cache(maxsize=8192)
def czech_account(prefix, number, bank):
    """Give the IBAN of a Czech or Slovak account, else the number as people write it (``19-2000145399/0800``).

    :param prefix: 6 digits, number: 10 digits, bank: 4 digits or ``''``
    :return: str, ``''`` where there is no account
    """
    if not (prefix + number).strip("0"):
        return ""
    written = number.lstrip("0")
    written = f"{prefix.lstrip('0')}-{number}" if prefix.strip("0") else written
    if not bank.strip("0"):
        return written
    if len(bank) == 4 and bank.isascii() and bank.isdigit() and is_czech_account(prefix, number):
        if bank in _CZECH_BANKS:
            return iban_of("CZ", bank + prefix + number)
        if bank in _SLOVAK_BANKS:
            return iban_of("SK", bank + prefix + number)
    return f"{written}/{bank}"


def belgian_account(number):
    """Give the IBAN of a Belgian account number of 12 digits; any other number is given as it is.

    Its last two digits are the first ten modulo 97, or 97.
    """
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return number
    return iban_of("BE", number) if int(number[10:]) == (int(number[:10]) % 97 or 97) else number

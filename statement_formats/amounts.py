"""Amounts as banks write them, read into exact decimals."""

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from .errors import StatementFormatError
from .sentence import _lt
from .text import DIGITS

# No bank account moves 10^15 in one entry; what says so is damaged or hostile. Five decimals is the most that
# ISO 20022 (ActiveOrHistoricCurrencyAndAmount) allows.
DIGITS_WHOLE_MAX = 15
DIGITS_FRACTION_MAX = 5

# ISO 4217 currencies whose smallest unit is not a hundredth.
CURRENCY_DIGITS = {
    "BIF": 0,
    "CLP": 0,
    "DJF": 0,
    "GNF": 0,
    "ISK": 0,
    "JPY": 0,
    "KMF": 0,
    "KRW": 0,
    "PYG": 0,
    "RWF": 0,
    "UGX": 0,
    "UYI": 0,
    "VND": 0,
    "VUV": 0,
    "XAF": 0,
    "XOF": 0,
    "XPF": 0,
    "BHD": 3,
    "IQD": 3,
    "JOD": 3,
    "KWD": 3,
    "LYD": 3,
    "OMR": 3,
    "TND": 3,
}

_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
# Nearly all amounts are written so; neither marks nor size need a closer look.
_SIMPLE = re.compile(rf"-?\d{{1,{DIGITS_WHOLE_MAX}}}(?:([.,])\d{{1,{DIGITS_FRACTION_MAX}}})?", re.ASCII)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+", re.ASCII)
_BARE = re.compile(r"([+-]?)([\d.,]+)", re.ASCII)
# ISO 4217, with codes of former currencies that old files still have.
_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
    LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
    PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND
    TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VES VND VUV WST XAF XAG XAU XCD XOF XPF YER ZAR ZMW ZWL
"""
CURRENCIES = frozenset(_CODES.split())
# How currencies are abbreviated beside their sign, in capitals and without dots.
_SHORT = """
    KR ZŁ ZL KČ KC FT LEI FR SFR RS RP RM TL ЛВ РУБ Р ГРН DIN KN DH BS GS Q R S B A C US NT HK AU CA NZ SG MEX
"""
_ABBREVIATIONS = frozenset(_SHORT.split())
# Signs and names that mean one currency only; "$", "C$", "¥" and "kr" mean several.
_CLEAR = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS",
    "₴": "UAH", "₫": "VND", "₱": "PHP", "฿": "THB", "₦": "NGN", "₸": "KZT", "₾": "GEL", "₡": "CRC", "₲": "PYG",
    "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "R$": "BRL", "US$": "USD", "A$": "AUD", "AU$": "AUD",
    "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "NT$": "TWD",
}  # fmt: skip
_CURRENCY_TEXT = re.compile(r"[^\W\d_]*[$€£₹₽₺₩₪₴₫₱฿₦₸₾₡₲]|[^\W\d_]+")
_DEBIT_MARKS = {"DR", "DB", "DT", "D", "S"}
_CREDIT_MARKS = {"CR", "CT", "C", "H"}
# Spaces of all widths (str.isspace covers U+00A0, U+2009, U+202F), straight and typographic apostrophes.
_GROUPING = re.compile("[\\s'\u2018\u2019`\u00b4]")
_GROUPED = re.compile("[0-9]{1,3}(?:[\\s'\u2018\u2019`\u00b4](?:[0-9]{3}|[0-9]{2}(?=\\D[0-9])))+(?:[.,][0-9]*)?")
_INDIAN = re.compile(r"\d{1,2}(?:,\d\d)*,\d{3}", re.ASCII)
# Other dashes; the digits and marks of Arabic, Persian and full-width numbers.
_MINUS = DIGITS | str.maketrans("\u2212\u2013\u2014\ufe63\uff0d\u066b\u066c\uff0e\uff0c", "-----.,.,")
_AROUND = re.compile(r"(.*?)([.,]?[0-9].*[0-9][.,]?|[.,]?[0-9][.,]?)([^0-9]*)", re.DOTALL)
_WHOLE = re.compile(r"[.,]-{1,2}(?=\s|[A-Za-z]|$)")
_SIGNS = re.compile(r"[+()-]|[^\W\d_]+|\S")


def _bounded(number, text):
    exponent = number.as_tuple().exponent
    if number.adjusted() >= DIGITS_WHOLE_MAX:
        raise StatementFormatError(
            _lt(
                'The amount "%(text)s" is larger than any bank account can hold; the file is damaged. '
                "Please ask the bank for a new one.",
                text=text[:40],
            )
        )
    if -exponent > DIGITS_FRACTION_MAX:
        raise StatementFormatError(
            _lt(
                'The amount "%(text)s" has more than %(digits)s decimals; no currency '
                "has. Please check the column or the file.",
                text=text[:40],
                digits=DIGITS_FRACTION_MAX,
            )
        )
    return number


def without_negative_zeros(record, *names):
    """Give a record whose zeros have no sign: a debit of nothing is 0.00, not -0.00.

    :param record: a dataclass
    :param names: of its fields with a ``Decimal`` or None (str)
    :return: the same record where nothing changes
    """
    changes = {}
    for name in names:
        amount = getattr(record, name)
        if not amount and amount is not None and amount.is_signed():
            changes[name] = abs(amount)
    return replace(record, **changes) if changes else record


def plain_amount(text, what="amount"):
    """Read an amount of a format that prescribes its spelling: digits, one decimal mark, maybe a sign.

    :param text: str such as ``12.30``, ``12,30``, ``12,`` (MT940) or ``-5``
    :param what: the name of the field for the refusal
    :return: ``Decimal``
    :raise StatementFormatError: not such an amount (NaN, Infinity, exponents, two marks), or absurdly large
    """
    text = text.strip()
    if _SIMPLE.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if len(text) > 40 or not _PLAIN.fullmatch(text):
        raise StatementFormatError(
            _lt(
                '"%(text)s" is not an amount (in the field %(what)s); the file is damaged. Please ask '
                "the bank for a new one.",
                text=text[:40],
                what=what,
            )
        )
    return _bounded(Decimal(text.replace(",", ".")), text)


def minor_amount(text, currency, what="amount"):
    """Read a whole number of the currency's smallest unit (BAI2: "implied decimals").

    :param text: str of digits, maybe with a sign
    :param currency: ISO 4217 code (str)
    :param what: the name of the field for the refusal
    :return: ``Decimal`` in the currency
    :raise StatementFormatError: anything else
    """
    number = plain_amount(text, what)
    if "." in text or "," in text:
        raise StatementFormatError(
            _lt(
                'The amount "%(text)s" has a decimal mark, which BAI2 does not allow; the file is '
                "damaged. Please ask the bank for a new one.",
                text=text[:40],
            )
        )
    return number.scaleb(-CURRENCY_DIGITS.get(currency, 2))


def is_bare(text):
    """Tell whether an amount is written with nothing but digits, marks and a sign in front."""
    return bool(_BARE.fullmatch(text))


def _split_marks(text):
    """Give (sign, bare digits with their marks) of an amount as people write it; sign 0 where its marks disagree."""
    match = _BARE.fullmatch(text)
    if match:
        return -1 if match[1] == "-" else 1, match[2]
    return _split_written(text)


@lru_cache(maxsize=8192)
def _split_written(text):
    text = _WHOLE.sub(" ", text.strip().translate(_MINUS))
    match = _AROUND.fullmatch(text)
    if not match:
        return 1, text
    before, digits, after = match.groups()
    if digits[:1] == "." and before[-1:].isalpha():
        # The point of an abbreviation: "Rs.500.00".
        digits = digits[1:]
    if digits[-1:] in ".," and after.strip():
        digits, after = digits[:-1], digits[-1] + after
    negative, debit, credit, positive, minuses = False, False, False, False, 0
    for place, around in (("before", before), ("after", after)):
        for sign in _SIGNS.findall(around):
            word = sign.upper()
            if sign in "()-":
                negative = True
                minuses += sign == "-"
            elif sign == "+":
                positive = True
            elif word in _DEBIT_MARKS and (place == "after" or len(word) > 1):
                debit = True
            elif word in _CREDIT_MARKS and (place == "after" or len(word) > 1):
                credit = True
            elif sign in "./" or word in CURRENCIES or word in _ABBREVIATIONS or unicodedata.category(sign[0]) == "Sc":
                continue
            else:
                return 1, text
    if ("(" in before) != (")" in after) or ")" in before or "(" in after:
        return 1, text
    if _GROUPING.search(digits):
        digits = _GROUPING.sub("", digits) if _GROUPED.fullmatch(digits) else text
    is_contradiction = credit and (negative or debit) or positive and (negative or debit) or minuses > 1
    return 0 if is_contradiction else -1 if negative or debit else 1, digits


@lru_cache(maxsize=8192)
def currency_code(text):
    """Give the ISO 4217 code that a text names: the code itself or a sign of one currency only (``€``, ``zł``).

    :param text: str, a currency or an amount with one
    :return: str; '' where there is none, or more than one
    """
    found = {
        _CLEAR.get(word, word)
        for word in map(str.upper, _CURRENCY_TEXT.findall(text[:80]))
        if word in CURRENCIES or word in _CLEAR
    }
    return found.pop() if len(found) == 1 else ""


def has_credit_mark(text):
    """Tell whether an amount carries a credit mark (``45.00 CR``), or None where it carries any other sign.

    :param text: str
    """
    if _BARE.fullmatch(text):
        return None if text[0] in "+-" else False
    signs = {word.upper() for word in _SIGNS.findall(text)}
    if signs & {"+", "-", "(", "\u2212", "\u2013"} or signs & _DEBIT_MARKS:
        return None
    return bool(signs & _CREDIT_MARKS)


def detect_decimal(texts):
    """Tell from all amounts of a column which mark is the decimal one.

    :param texts: iterable of str
    :return: ``'.'`` or ``','``; ``''`` where the values allow both readings ("1,234" and nothing else); None where
        there is no mark at all
    :raise StatementFormatError: some values can only be read one way and others only the other way
    """
    proof = {".": "", ",": ""}
    is_open = False
    for text in texts:
        bare = _split_marks(text)[1]
        marks = [char for char in bare if char in ".,"]
        if not marks:
            continue
        last = marks[-1]
        other = "," if last == "." else "."
        whole, _mark, fraction = bare.rpartition(last)
        if other in marks or len(marks) == 1 and (len(fraction) != 3 or len(whole) > 3 or whole in ("", "0")):
            proof[last] = text
        elif len(marks) > 1:
            proof[other] = text
        else:
            is_open = True
    if proof["."] and proof[","]:
        raise StatementFormatError(
            _lt(
                'The amounts are written in two ways ("%(one)s" and "%(other)s"), so neither can '
                "be trusted. Please export the file again with one decimal mark.",
                one=proof["."].strip()[:40],
                other=proof[","].strip()[:40],
            )
        )
    if proof[","]:
        return ","
    if proof["."]:
        return "."
    return "" if is_open else None


def looks_like_amount(text):
    """Tell whether a text may be an amount, whatever its decimal mark."""
    bare = _split_marks(text)[1] if len(text) <= 40 else ""
    return bool(_BARE.fullmatch(bare)) and any(char.isdigit() for char in bare)


def written_amount(text, decimal="."):
    """Read an amount as people and banks' tables write it.

    Takes spaces, thin spaces, apostrophes and the other mark as thousands separators, Indian grouping too; currency
    signs and codes on either side; leading or trailing minus; parentheses; trailing CR/DR, C/D, H/S. A minus beside
    a debit mark says the same thing twice.

    :param text: str such as ``1.234,56-``, ``(1,234.56)``, ``CHF 1'234.50``, ``45.00 DR``, ``₹1,23,456.00``
    :param decimal: the decimal mark, ``'.'`` or ``','``
    :return: ``Decimal``, signed
    :raise StatementFormatError: not an amount, absurdly large, or with marks that contradict each other
    """
    simple = _SIMPLE.fullmatch(text)
    if simple and simple[1] in (None, decimal):
        return Decimal(text.replace(",", "."))
    sign, bare = _split_marks(text[:80])
    grouping = "," if decimal == "." else "."
    whole, _mark, fraction = bare.partition(decimal)
    groups = whole.split(grouping)
    is_grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    is_grouped = is_grouped or bool(_INDIAN.fullmatch(whole.replace(grouping, ",")))
    number = "".join(groups) + ("." + fraction if fraction else "")
    if len(text) > 80 or not is_grouped or grouping in fraction or not _DIGITS.fullmatch(number):
        raise StatementFormatError(
            _lt(
                '"%(text)s" is not an amount with "%(decimal)s" as its decimal mark. Please check the '
                "column and the decimal mark.",
                text=text.strip()[:40],
                decimal=decimal,
            )
        )
    if not sign:
        raise StatementFormatError(
            _lt(
                'The signs of the amount "%(text)s" contradict each other. Please check the column of amounts, or ask '
                "the bank which sign is right.",
                text=text.strip()[:40],
            )
        )
    return _bounded(Decimal(number) * sign, text)

"""Amounts as banks write them, read into exact decimals."""

import re
from decimal import Decimal

from .errors import StatementFormatError
from .sentence import _lt

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
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+", re.ASCII)
_CURRENCY = re.compile(r"(?:\b[A-Z]{1,3})?\$|[€£¥₹₽₺₩]|\b[A-Z]{3}\b|\bFr\.|\bkr\.?|\bzł", re.IGNORECASE)
_BARE = re.compile(r"([+-]?)([\d.,]+)", re.ASCII)
_DEBIT_SUFFIX = re.compile(r"\s*\b(?:DR|DB|DT|D|S)\.?$", re.IGNORECASE)
_CREDIT_SUFFIX = re.compile(r"\s*\b(?:CR|CT|C|H)\.?$", re.IGNORECASE)
# Spaces of all widths (str.isspace covers U+00A0, U+2009, U+202F), straight and typographic apostrophes.
_GROUPING = re.compile("[\\s'\u2018\u2019`\u00b4]")


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


def plain_amount(text, what="amount"):
    """Read an amount of a format that prescribes its spelling: digits, one decimal mark, maybe a sign.

    :param text: str such as ``12.30``, ``12,30``, ``12,`` (MT940) or ``-5``
    :param what: the name of the field for the refusal
    :return: ``Decimal``
    :raise StatementFormatError: not such an amount (NaN, Infinity, exponents, two marks), or absurdly large
    """
    text = text.strip()
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


def _split_marks(text):
    """Give (sign, bare digits with their marks) of an amount as people write it."""
    match = _BARE.fullmatch(text)
    if match:
        return -1 if match[1] == "-" else 1, match[2]
    text = text.strip().replace("\u2212", "-").replace("\u2013", "-")
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    if _DEBIT_SUFFIX.search(text):
        sign, text = -sign, _DEBIT_SUFFIX.sub("", text)
    else:
        text = _CREDIT_SUFFIX.sub("", text)
    text = _GROUPING.sub("", _CURRENCY.sub("", text))
    if text[:1] in "+-" or text[-1:] in "+-":
        mark = text[0] if text[:1] in ("+", "-") else text[-1:]
        sign = -sign if mark == "-" else sign
        text = text[1:] if text[:1] in ("+", "-") else text[:-1]
    return sign, text


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

    Takes spaces, thin spaces, apostrophes and the other mark as thousands separators; currency signs and codes;
    leading or trailing minus; parentheses; trailing CR/DR, C/D, H/S.

    :param text: str such as ``1.234,56-``, ``(1,234.56)``, ``CHF 1'234.50``, ``45.00 DR``
    :param decimal: the decimal mark, ``'.'`` or ``','``
    :return: ``Decimal``, signed
    :raise StatementFormatError: not an amount, or absurdly large
    """
    sign, bare = _split_marks(text[:80])
    grouping = "," if decimal == "." else "."
    whole, _mark, fraction = bare.partition(decimal)
    groups = whole.split(grouping)
    is_grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
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
    return _bounded(Decimal(number) * sign, text)

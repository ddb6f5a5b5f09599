"""The amounts of OFX files: of entries, with the mark that groups thousands; of balances; in another currency."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from .amounts import CURRENCY_DIGITS, detect_decimal, plain_amount, written_amount
from .errors import StatementFormatError
from .sentence import _lt

_PLAIN_AMOUNT = re.compile(r" ?[+-]?\d{1,15}(?:[.,]\d{0,5})? ?", re.ASCII)
# An amount whose mark may be the decimal one or group thousands.
_THREE_DIGITS = re.compile(r">\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*<", re.ASCII)
_AMOUNTS = re.compile(r"<(?:TRNAMT|BALAMT)>([^<\r\n]{1,40})", re.IGNORECASE)
_CURDEF = re.compile(r"<CURDEF>\s*([A-Z]{3})", re.IGNORECASE)


def currency_amount(fields, amount, currency):
    """Give (amount in the account's currency, original amount, original currency).

    ``CURRENCY`` says that the amount itself is in another currency, ``ORIGCURRENCY`` that it was and has been
    converted already (OFX 2.3, 5.2); the rate is account currency per foreign unit.
    """
    foreign = fields.get("CURRENCY.CURSYM", "").upper()
    if foreign and foreign != currency:
        rate = _rate(fields.get("CURRENCY.CURRATE", ""))
        digits = Decimal(1).scaleb(-CURRENCY_DIGITS.get(currency, 2))
        return (amount * rate).quantize(digits, ROUND_HALF_EVEN), amount, foreign
    foreign = fields.get("ORIGCURRENCY.CURSYM", "").upper()
    return amount, None, foreign if foreign != currency else ""


def _rate(text):
    """Read an exchange rate, which may have more decimals than an amount.

    :raise StatementFormatError: not a positive number
    """
    text = text.strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,9}(?:\.\d{0,12})?", text, re.ASCII) or not Decimal(text):
        raise StatementFormatError(
            _lt(
                '"%(text)s" is not an exchange rate; the file is damaged. Please ask the bank for a new one.',
                text=text[:40],
            )
        )
    return Decimal(text)


def grouping_mark(text):
    """Tell which mark groups thousands in a file, '' where none does or nothing tells.

    ``-1,250`` may be either. The other amounts of the file say which of both marks is the decimal one; three decimals
    behind a comma there are only in currencies that have them.

    :param text: str, the file
    """
    if not _THREE_DIGITS.search(text):
        return ""
    amounts = [amount.strip() for amount in _AMOUNTS.findall(text)]
    try:
        decimal = detect_decimal(amounts)
    except StatementFormatError:
        return ""
    if decimal:
        return "," if decimal == "." else "."
    currency = _CURDEF.search(text)
    has_three = currency and CURRENCY_DIGITS.get(currency.group(1).upper()) == 3
    return "" if has_three or not any("," in amount for amount in amounts) else ","


def entry_amount(text, grouping):
    """Read TRNAMT; groups of thousands and a currency count only where the decimal mark is certain.

    :param grouping: the mark that groups thousands, or ''
    :raise StatementFormatError: not an amount
    """
    text = text.replace(" ", "")
    if grouping and _THREE_DIGITS.fullmatch(f">{text}<"):
        text = text.replace(grouping, "")
    if not _PLAIN_AMOUNT.fullmatch(text):
        decimal = detect_decimal([text])
        if decimal:
            return written_amount(text, decimal)
    return plain_amount(text, "TRNAMT")


def balance_amount(text, warnings):
    """Read BALAMT, which no entry depends on: an unreadable one is left out with a warning.

    :return: ``Decimal``, or None
    """
    if not text:
        return None
    if _PLAIN_AMOUNT.fullmatch(text):
        return plain_amount(text, "BALAMT")
    try:
        decimal = detect_decimal([text])
        found = written_amount(text, decimal) if decimal else None
    except StatementFormatError:
        found = None
    if found is None:
        warnings.append(_lt('The balance "%(text)s" cannot be read and is left out.', text=text[:40]))
    else:
        warnings.append(_lt('The balance "%(text)s" is read as %(amount)s.', text=text[:40], amount=found))
    return found

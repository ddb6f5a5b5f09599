"""What the lines of a text hold: amounts, dates, numbers of documents, the payer's reference, a currency."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ...statement_formats.amounts import CURRENCIES, written_amount
from ...statement_formats.errors import StatementFormatError
from . import table

_AMOUNT = re.compile(
    r"(?<![\w/.,:#-])[-+]?(?:(?:[$€£¥] ?|[A-Z]{3} )?-?(?:\d{1,3}(?:[,.'\u202f\xa0 ]\d{3})+|\d+)[.,]\d{2}-?"
    r"|[$€£¥] ?\d{1,3}(?:[,.]\d{3})*)(?![\w/%]| %|[.,:]\d)"
)
_WORD = re.compile(r"[^\s,;()\[\]\"“”„|]+")
_MONTH = (
    r"(?:jan|f[eé]b|f[eé]v|m[aä]r|apr|avr|abr|may|mai|mag|jun|jui|jul|aug|ao[uû]|ago|sep|set|oct|okt|ott|out|nov|"
    r"d[eé]c|dez|dic|ene|gen)[^\W\d]{0,8}"
)
_DATE = re.compile(
    rf"(?<![\w/-])(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}(?![\w/])"
    rf"|\d{{1,2}}[./ -]?{_MONTH}[./ -]{{0,2}}\d{{2,4}}(?![.,]?\d))",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\b(?:payment|remittance|transfer|wire|eft|ach|bacs|chaps|sepa|cheque|check|advice|zahlungs?|ueberweisungs?|paiement|virement|"
    r"pago|transferencia)[ -]?(?:ref(?:erence|erenz|erencia|\.)?|no|number|nr|num(?:ero)?|id|advice no)\b[ .:#]{0,4}"
    r"([^\r\n]{4,60})|\br(?:é|e)f(?:\.|erence|érence|erencia)? (?:du |de |del )?"
    r"(?:virement|paiement|pago|transferencia)[ .:#]{0,4}([^\r\n]{4,60})",
    re.IGNORECASE,
)
DOCUMENT_WORD = re.compile(
    r"invoices?|inv|bills?|factures?|rechnung(?:en|snummer|snr)?|re|rg|facturas?|facturen|factuur|fattur[ae]|credit|"
    r"note|document|gutschrift|avoir|creditnota|cr[eé]dito|abono|rectificativ[ae]|nr|no|number|numero|n|n°|#",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\d{1,2}(?:er|re|[eè]me|e|st|nd|rd|th|te[nrs]?|[ºª])", re.IGNORECASE)
# Beside these, the numbers of invoices have another form.
CREDIT_WORD = re.compile(r"credit|note|gutschrift|avoir|creditnota|cr[eé]dito|abono|rectificativ[ae]", re.IGNORECASE)
# Codes of currencies that are words or names in a text.
CURRENCY_WORDS = {"ALL", "TOP", "CUP", "MOP", "GIP", "PEN"}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a line.

    :param start: int, its place
    :param end: int, the place behind it
    :param value: Decimal
    :param is_bracketed: whether it is below zero by its brackets alone
    """

    start: int
    end: int
    value: Decimal
    is_bracketed: bool = False


def blank(match):
    """Give as many spaces as a match has letters."""
    return " " * len(match.group())


def amount_matches(line):
    """Find the amounts of a line; the year of a date before one is no part of it: ``15 Jan 26 150.00``."""
    return _AMOUNT.finditer(_DATE.sub(blank, line))


def decimal_mark(lines):
    """Find the decimal mark of all amounts in some lines."""
    try:
        return table.decimal_mark([match.group() for line in lines for match in amount_matches(line)])
    except StatementFormatError:
        return "."


def amounts_of(line, decimal, is_bracketed=False):
    """Give the amounts of a line.

    :param decimal: str, the decimal mark
    :param is_bracketed: whether all amounts of the text are in brackets, which then mean nothing
    :return: list of :class:`Amount`
    """
    found = []
    for match in amount_matches(line):
        text = match.group()
        if text[:3].isalpha() and text[:3] not in CURRENCIES:
            text = text[3:]  # a word as "NET"
        try:
            value = written_amount(text, decimal)
        except StatementFormatError:
            continue
        is_negative = has_brackets(match) and not is_bracketed
        start = match.end() - len(text.lstrip())
        found.append(Amount(start, match.end(), -abs(value) if is_negative else value, is_negative and value > 0))
    return found


def has_brackets(match):
    """Whether a match is the whole content of a pair of brackets."""
    text = match.string
    return text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")"


def are_currencies_mixed(lines):
    """Whether the amounts of a text are in several currencies, by the codes beside them."""
    found = set()
    for line in lines:
        for match in amount_matches(line):
            beside = re.match(r" ?([A-Z]{3})\b", line[match.end() :]), re.match(r"([A-Z]{3}) ", match.group())
            found |= {one.group(1) for one in beside if one} & CURRENCIES
    return len(found) > 1


def shape(number):
    """The form of a number: ``INV/2026/00003`` and ``INV/2026/00104`` have one form."""
    return re.sub(r"[0-9]+", "9", number.upper())


def numbers_of(line):
    """Give what may be numbers of documents in a line, as (place, text): those after such a word, else all."""
    bare = _AMOUNT.sub(blank, _DATE.sub(blank, line))
    found, after_word, is_invoice = [], [], False
    previous = ""
    for match in _WORD.finditer(bare):
        word = match.group().strip(".:;,#*-–")
        digits = sum(char.isdigit() for char in word)
        is_number = digits and len(word) >= 3 and word[0] not in "$€£¥" and not re.fullmatch(r"\d+[.,]?\d*%?", word)
        is_number = is_number or word.isdigit() and len(word) >= 3
        if _ORDINAL.fullmatch(word):
            is_number = False  # of a day
        if is_number and "@" not in word and "://" not in word:
            has_word = bool(DOCUMENT_WORD.fullmatch(previous.strip(".:,")))
            if not word.isdigit() or len(word) >= 4 or has_word:
                found.append((match.start(), word))
                if has_word:
                    after_word.append(found[-1])
                    is_invoice = is_invoice or not CREDIT_WORD.fullmatch(previous.strip(".:,"))
        previous = match.group()
    shapes = {shape(number) for _place, number in after_word}
    return [one for one in found if shape(one[1]) in shapes] if is_invoice else found


def reference_in(text):
    """Give the payer's reference of the payment that a text names, or ''."""
    for match in _REFERENCE.finditer(text[:200_000]):
        if reference := _reference_of(match):
            return reference
    return ""


def _reference_of(match):
    """Give the first of the words behind “payment reference” that can be one, or ''."""
    for word in (match.group(1) or match.group(2)).split()[:3]:
        reference = word.strip(".,;:()-/#")
        if len(reference) >= 4 and any(map(str.isdigit, reference)) and not _DATE.fullmatch(reference):
            return reference
    return ""


def without_reference(line):
    """Give a line without the reference of the payment, which is no document."""
    match = _REFERENCE.search(line)
    reference = _reference_of(match) if match else ""
    if not reference:
        return line
    end = line.index(reference, match.start()) + len(reference)
    return line[: match.start()] + " " * (end - match.start()) + line[end:]


def currency_in(text):
    """Give the one currency whose code is in a text as a word of its own, or ''."""
    found = set(re.findall(r"\b[A-Z]{3}\b", text[:200_000])) & CURRENCIES - CURRENCY_WORDS
    return found.pop() if len(found) == 1 else ""

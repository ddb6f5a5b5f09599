"""One entry of MT940 and MT942: the statement line :61: with its information field :86:."""

import re
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from .amounts import plain_amount
from .dates import booking_date, compact_date, full_date, optional_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference, is_iban, same_account
from .model import Line
from .mt940_details import read_details, read_supplement
from .return_reasons import find_return_code, reason_words
from .sentence import _lt
from .text import shared, squeeze

_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4}| {1,4})? ?(?P<mark>[RE]?[CD])(?P<funds>[A-Z])? {0,10}"
    r"(?P<amount>\d[\d,.]{0,19}) ?(?P<code>(?!NONREF)[A-Z][A-Z0-9 ]{3})?(?P<rest>.*)",
    re.ASCII,
)
# Where :61: only says in which word of :86: the reference is.
_POINTER = re.compile(r"/?(EREF|KREF|MREF|MARF|PREF|CREF|RREF|CDTRREF)[+/]?")
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}|P?\d{7,10}")
# The number of payments of a batch booking among the text: "TOTAAL 3 POSTEN", "ANZAHL POSTEN: 94".
_COUNT = re.compile(r"(?:TOTAAL|ANZAHL POSTEN ?:?) ?(\d{1,7})(?!\d)")
# Returned payments: SWIFT's type RTI, and the German codes of kinds of entries.
_RETURN_TYPES = {"RTI", "RTN", "RET"}
_REPEATING = ("counterparty_name", "bank_text")
_NOTHING = MappingProxyType({})
_RETURN_CODES = {"009", "059", "108", "109", "159", "181", "182", "183", "184"}


def damaged(what, text):
    """Give the refusal of a field that cannot be read.

    :param what: name of the field, a ``Sentence``
    :param text: its content
    """
    return StatementFormatError(
        _lt(
            '%(what)s "%(text)s" of the MT940 file cannot be read; the file is damaged. Please '
            "ask the bank for a new one.",
            what=what,
            text=squeeze(text)[:60],
        )
    )


@lru_cache(maxsize=4096)
def _booking_day(value_date, text):
    """Read the entry date MMDD: of the years around, the one that comes nearest to the value date.

    :raise StatementFormatError: the calendar has no such day in any of these years
    """
    month, day = int(text[:2]), int(text[2:])
    if not month and not day:
        return value_date
    nearest = None
    for year in (value_date.year, value_date.year - 1, value_date.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if nearest is None or abs(found - value_date) < abs(nearest - value_date):
            nearest = found
        if abs(found - value_date) <= timedelta(days=180):
            break
    return nearest or full_date(value_date.year, month, day, f"{value_date.year}{text}")


def _dates(match, balance_day, warnings):
    """Give (booking date, value date) of an entry; either may be missing, not both.

    :param balance_day: the day of a balance of the statement, or None
    """
    booked = (match["booked"] or "").strip()
    if not booked:
        day = booking_date(match["value"], compact_date, warnings)
        return day, day
    value_date = optional_date(match["value"], compact_date, warnings)
    if value_date is not None:
        try:
            return _booking_day(value_date, booked), value_date
        except StatementFormatError:
            return booking_date(f"{value_date.year}{booked}", compact_date, warnings), value_date
    # Without the year of a value date, that of the statement's balance counts.
    if not match["value"].strip("0") and balance_day is not None:
        return _booking_day(balance_day, booked), None
    return booking_date(match["value"][:2] + booked, compact_date, warnings), None


def _from_references(fields, reference, supplement, own_account):
    """Settle what the two references of :61: and its second line mean; give (reference, text that is left).

    ASN, SNS and RegioBank write the other side's account as the reference and its name below it, Rabobank the
    account below; most banks a reference and a text.
    """
    if is_iban(reference) and reference != fields.get("reference"):
        name = fields.get("counterparty_name")
        if not same_account(reference, own_account):
            fields["counterparty_account"] = fields.get("counterparty_account") or reference
            fields["counterparty_name"] = name or supplement
        return "", "" if supplement == fields.get("counterparty_name") else supplement
    account = clean_account(supplement) if supplement else ""
    is_account = is_iban(account) or (fields.get("counterparty_name") and _ACCOUNT.fullmatch(account))
    if is_account and not fields.get("counterparty_account"):
        if not same_account(account, own_account):
            fields["counterparty_account"] = account
        return reference, ""
    return reference, supplement


def _amount_of(money, currency, sign, what):
    """Give (amount, currency) of a sum beside the entry's own; (None, '') where there is none."""
    if not money:
        return None, ""
    try:
        return sign * plain_amount(money[1], what), money[0] or currency
    except StatementFormatError:
        # Beside the entry; what was booked is in :61: itself.
        return None, ""


def _fill_return(fields, beside, is_return):
    """Fill code and words of a returned payment.

    :param beside: fields of the second line of :61:
    :param is_return: whether the entry says that it is one; then the bank's texts may have the code
    """
    code = fields.get("return_code") or beside.get("return_code", "")
    if not code and is_return:
        code = find_return_code(f"{fields.get('bank_text', '')} {fields['label']}")
    fields["return_code"] = code
    fields["return_reason"] = fields.get("return_reason") or beside.get("return_reason") or reason_words(code)


def read_entry(lines, details, is_ns, currency, own_account, balance_day, warnings):
    """Read :61: and its :86: as a line.

    :param lines: list of str, the lines of :61:
    :param details: list of str, the lines of :86: (or :NS:), may be empty
    :param is_ns: whether the details are of the field :NS:
    :param currency: of the account
    :param own_account: number of the account
    :param balance_day: the day of a balance of the statement, or None
    :param warnings: list to which sentences about assumptions are added
    :return: ``Line``, or None for an entry that the bank only expects (EC, ED)
    :raise StatementFormatError: date, mark or amount cannot be read
    """
    match = _ENTRY.fullmatch(lines[0].strip())
    if not match:
        raise damaged(_lt("The entry"), lines[0])
    mark = match["mark"]
    if mark in ("EC", "ED"):
        return None
    booked, value_date = _dates(match, balance_day, warnings)
    # RC reverses a credit, RD a debit.
    is_reversal = mark in ("RC", "RD")
    sign = 1 if mark in ("C", "RD") else -1
    is_credit = (sign > 0) != is_reversal
    reference, _slashes, bank_reference = match["rest"].partition("//")
    fields = read_details(details, is_credit, own_account, is_ns) if details else {"label": ""}
    money, targets = fields.pop("money", _NOTHING), fields.pop("references", _NOTHING)
    code, own_code = (match["code"] or "").rstrip(), fields.pop("transaction_code", "")
    supplement = squeeze(" ".join(lines[1:])) if len(lines) > 1 else ""
    beside = read_supplement(supplement, is_credit, own_account) if supplement else _NOTHING
    if beside:
        supplement = ""
        money, targets = {**beside["money"], **money}, {**beside["references"], **targets}
        own_code = own_code or beside["transaction_code"]
    reference = clean_reference(reference)
    pointer = _POINTER.fullmatch(reference) if reference else None
    if pointer:
        reference = clean_reference(targets.get(pointer.group(1), ""))
    if supplement or (reference and not pointer and is_iban(reference)):
        reference, supplement = _from_references(fields, reference, supplement, own_account)
    fields["reference"] = fields.get("reference") or reference or fields.get("batch_id", "")
    fields["label"] = fields["label"] or supplement or reference or fields.get("counterparty_name", "")
    if own_code in _RETURN_CODES or code[1:] in _RETURN_TYPES or is_reversal or fields.get("return_code") or beside:
        _fill_return(fields, beside, is_reversal or code[1:] in _RETURN_TYPES or own_code in _RETURN_CODES)
    if fields.get("batch_id"):
        count = _COUNT.search(fields["label"].upper())
        fields["batch_reference"] = clean_reference(bank_reference)
        fields["batch_count"] = int(count.group(1)) if count else 0
    for name in _REPEATING:
        if fields.get(name):
            fields[name] = shared(fields[name])
    if money:
        original, original_currency = _amount_of(money.get("OCMT"), currency, sign, "OCMT")
        charges, charges_currency = _amount_of(money.get("CHGS"), currency, -1, "CHGS")
        if original_currency not in ("", currency):
            fields["original_amount"], fields["original_currency"] = original, original_currency
        if charges_currency == currency:
            fields["charges"] = charges
    return Line(
        date=booked,
        value_date=value_date,
        amount=sign * plain_amount(match["amount"], "entry"),
        currency=currency,
        bank_reference=clean_reference(bank_reference),
        transaction_code=shared("+".join(filter(None, (code, own_code)))),
        is_reversal=is_reversal,
        check_number=reference if code[1:] == "CHK" else "",
        raw="\n".join([":61:" + "\n".join(lines)] + ([":86:" + "\n".join(details)] if details else [])),
        **fields,
    )

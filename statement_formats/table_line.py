"""One row of a table as a line: who the other party is, what it is for, and what a bank puts into the description."""

import re

from .amounts import currency_code
from .cells import text_of
from .identity import clean_account, clean_reference, same_account
from .model import Line
from .mt940_details import read_details
from .mt940_keywords import KEYWORD
from .national_accounts import czech_account
from .references import find_structured_reference
from .return_reasons import find_return_code, reason_words
from .sepa_words import read_sepa_words
from .text import shared

# "SEPA Overboeking IBAN: NL... BIC: ... Naam: ... Omschrijving: ..." (ABN AMRO).
_WITH_IBAN = re.compile(
    r"(?<!\w)IBAN: ?[A-Z]{2}\d{2}.*(?<!\w)(?:Naam|Name|Nom|Omschrijving|Verwendungszweck): ", re.IGNORECASE
)
# A spreadsheet has removed the zeros in front of a bank's code.
_CZECH_BANK = re.compile(r"\d{3,4}", re.ASCII)
_CZECH_ACCOUNT = re.compile(r"\d{2,16}", re.ASCII)


def read_counterparty(reader, row, amount):
    """Give (name, account) of the other party: the payee of money that went, the payer of money that came."""
    mapping = reader.mapping
    name = text_of(row, mapping.counterparty_name)
    account = text_of(row, mapping.counterparty_account)
    is_out = amount < 0
    if not name:
        name = text_of(row, mapping.payee_name if is_out else mapping.payer_name)
    if not account:
        account = text_of(row, mapping.payee_account if is_out else mapping.payer_account)
    account = clean_account(account) if account else ""
    bank = text_of(row, mapping.counterparty_bank)
    if bank and _CZECH_BANK.fullmatch(bank) and _CZECH_ACCOUNT.fullmatch(account):
        digits = account.zfill(16)
        account = clean_account(czech_account(digits[:6], digits[6:], bank.zfill(4)))
    if account:
        own = text_of(row, mapping.account) or mapping.account_number
        account = "" if own and same_account(account, own) else account
    return name, account


def _has_words(label):
    """Tell whether a bank has put all that it knows of an entry into the description, with words or codes before it."""
    return bool(label[:1] == "/" and KEYWORD.match(label) or _WITH_IBAN.search(label))


def read_line(reader, row, day, amount, names):
    """Turn a row into a line.

    :param reader: ``Reader`` of the table
    :param row: list of cells
    :param day: its date (``datetime.date``)
    :param amount: what it moved, signed (``Decimal``)
    :param names: of the columns, for the bank's raw row (list of str)
    :return: ``Line``
    :raise StatementFormatError: charges that are no amount
    """
    mapping = reader.mapping
    texts = [text_of(row, index) for index in mapping.label]
    label = " ".join(dict.fromkeys(filter(None, texts))) if len(texts) > 1 else "".join(texts)
    name, account = read_counterparty(reader, row, amount)
    reference = clean_reference(text_of(row, mapping.reference))
    currency = reader.currency(row)
    original = original_currency = None
    if mapping.original_amount is not None:
        original = reader.optional_amount(row, mapping.original_amount)
        original_currency = text_of(row, mapping.original_currency).upper()
        original_currency = currency_code(original_currency) or original_currency
        if not original or not original_currency or original_currency == currency:
            original, original_currency = None, ""
        else:
            original = abs(original) if amount > 0 else -abs(original)
    charges = None
    if mapping.fee is not None:
        fee = reader.amount(row, mapping.fee)
        if fee:
            charges = -abs(fee)
            amount += charges
    structured = ""
    if not name and not account and _has_words(label):
        found = read_details([label], amount > 0, text_of(row, mapping.account) or mapping.account_number)
        label, structured = found["label"], found.get("structured_reference", "")
        name, account = found.get("counterparty_name", ""), found.get("counterparty_account", "")
        reference = reference or found.get("reference", "")
    words = read_sepa_words(label) if "+" in label or ":" in label else None
    if words:
        label = words["label"]
        reference = reference or words["end_to_end_id"]
    reason = text_of(row, mapping.return_reason)
    return Line(
        date=day,
        value_date=reader.value_date(row),
        amount=amount,
        currency=shared(currency),
        label=label or name or reference,
        reference=reference,
        structured_reference=structured or find_structured_reference(label) or find_structured_reference(reference),
        counterparty_name=shared(name),
        counterparty_account=account,
        bank_reference=clean_reference(text_of(row, mapping.bank_reference)),
        check_number=text_of(row, mapping.check_number),
        transaction_code=shared(text_of(row, mapping.transaction_code)),
        end_to_end_id=words["end_to_end_id"] if words else "",
        mandate_id=clean_reference(text_of(row, mapping.mandate_id)) or (words["mandate_id"] if words else ""),
        ultimate_name=shared(words["ultimate_name"]) if words and words["ultimate_name"] != name else "",
        return_code=find_return_code(reason) if reason else "",
        return_reason=reason and (reason_words(reason) or reason),
        charges=charges,
        original_amount=original,
        original_currency=original_currency or "",
        raw=dict(zip(names, map(str, row), strict=False)),
    )

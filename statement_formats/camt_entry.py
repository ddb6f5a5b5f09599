"""One booked entry of a CAMT message: what it is, who it is from, and the single payments of a batch booking."""

from .amounts import plain_amount
from .camt_batch import read_batch, with_payments
from .camt_fields import (
    RETURNS,
    date_text,
    original_amount,
    read_charges,
    read_fields,
    signed,
    transaction_code,
)
from .camt_xml import amount_at, nodes, text_at
from .dates import booking_date, iso_date, optional_date
from .errors import StatementFormatError
from .identity import clean_reference
from .model import Line
from .sentence import _lt
from .text import shared, squeeze


def read_entry(entry, raw, own, statement_date, warnings, booked_amount=None):
    """Turn one booked entry (``Ntry``) into a line.

    The credit/debit mark is that of the booking; a reversal (``RvslInd``) keeps it and only means that the payment
    which is reversed went the other way (ISO 20022, ReportEntry/ReversalIndicator).

    :param entry: the entry as plain data, see ``camt_xml``
    :param raw: the entry as the file has it (str)
    :param own: (number, owner's name in lower case) of the statement's account, never taken for the other side's
    :param statement_date: the day to book on where the entry names none, or None
    :param warnings: list to which sentences about assumptions are added
    :param booked_amount: (text, currency) to take in place of the entry's amount in another currency or in none
    :return: ``Line``
    :raise StatementFormatError: amount, mark or date missing or impossible
    """
    amount = booked_amount or amount_at(entry, "Amt")
    if amount is None:
        raise StatementFormatError(
            _lt(
                "An entry has no amount with a currency; the file is damaged. Please ask the bank for a new one.",
            )
        )
    mark = text_at(entry, "CdtDbtInd")
    number = signed(amount, mark, "Ntry")
    is_reversal = text_at(entry, "RvslInd") in ("true", "1")
    value_date = optional_date(date_text(entry, "ValDt"), iso_date, warnings)
    booked = date_text(entry, "BookgDt")
    booked = booking_date(booked, iso_date, warnings) if booked else value_date or statement_date
    if booked is None:
        raise StatementFormatError(
            _lt(
                "The entry of %(amount)s %(currency)s has no date; the file is damaged. Please ask the "
                "bank for a new one.",
                amount=amount[0],
                currency=amount[1],
            )
        )
    transactions = nodes(entry, "NtryDtls", "TxDtls")
    single = transactions[0] if len(transactions) == 1 else {}
    entry_text = squeeze(text_at(entry, "AddtlNtryInf"))
    sign = -1 if number < 0 else 1
    original, original_currency = original_amount(single or entry, amount[1], sign)
    foreign = amount_at(entry, "Amt") if booked_amount else None
    if foreign and foreign[1]:
        original, original_currency = sign * plain_amount(foreign[0], "Ntry"), foreign[1]
    charges = read_charges(entry, amount[1])
    code = transaction_code(entry) or transaction_code(single)
    is_return = is_reversal or code[-4:] in RETURNS or code.startswith("NRTI")
    fields = read_fields(single, entry_text, (number >= 0) != is_reversal, own, is_return)
    fields["check_number"] = fields["check_number"] or text_at(entry, "NtryDtls", "Btch", "ChqNb")
    reference = clean_reference(text_at(entry, "AcctSvcrRef"))
    if len(transactions) > 1 or nodes(entry, "NtryDtls", "Btch"):
        fields.update(read_batch(entry, transactions, number), batch_reference=reference)
    line = Line(
        date=booked,
        value_date=value_date,
        amount=number,
        currency=shared(amount[1]),
        bank_reference=reference or clean_reference(text_at(single, "Refs", "AcctSvcrRef")),
        transaction_code=shared(code),
        is_reversal=is_reversal,
        charges=read_charges(single, amount[1]) if charges is None else charges,
        original_amount=original,
        original_currency=original_currency,
        raw=raw,
        **fields,
    )
    return with_payments(line, transactions, entry_text, is_return, own) if len(transactions) > 1 else line

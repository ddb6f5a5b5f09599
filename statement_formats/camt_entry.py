"""One booked entry of a CAMT message: what it is, who it is from, and the single payments of a batch."""

import re
from dataclasses import replace
from decimal import Decimal

from .amounts import plain_amount
from .camt_xml import amount_at, nodes, text_at, texts
from .dates import iso_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference, same_account
from .model import Line
from .references import find_structured_reference
from .sentence import _lt
from .text import squeeze

# SIX writes whether the payer's bank rejected the reference into the remittance text.
_SWISS_REJECT = re.compile(r"\?REJECT\?\d", re.ASCII)


def signed(amount, mark, what):
    """Give an amount text its sign from a credit/debit mark.

    :param amount: (text, currency)
    :param mark: ``CRDT`` or ``DBIT``
    :param what: name of the field for the refusal
    :return: ``Decimal``
    :raise StatementFormatError: no amount, or another mark
    """
    if mark not in ("CRDT", "DBIT"):
        raise StatementFormatError(
            _lt(
                "An entry says neither CRDT nor DBIT (in %(what)s), so nobody can tell whether money "
                "came or went; the file is damaged. Please ask the bank for a new one.",
                what=what,
            )
        )
    number = plain_amount(amount[0], what)
    return number if mark == "CRDT" else -number


def _date(node, *path):
    """Give the date at a path, be it ``Dt`` or ``DtTm``, or None."""
    text = text_at(node, *path, "Dt") or text_at(node, *path, "DtTm")
    return iso_date(text) if text else None


def account_number(node):
    """Give the account number of an account element: IBAN, or another scheme's id (``Othr/Id``)."""
    return clean_account(text_at(node, "Id", "IBAN") or text_at(node, "Id", "Othr", "Id"))


def _party_name(parties, role):
    """Name of a party: ``Cdtr/Pty/Nm`` (version 08 on), ``Cdtr/Nm`` (to 07), an agent's, or the ultimate party's."""
    for name in (role, f"Ultmt{role}"):
        found = (
            text_at(parties, name, "Pty", "Nm")
            or text_at(parties, name, "Nm")
            or text_at(parties, name, "Agt", "FinInstnId", "Nm")
        )
        if found:
            return squeeze(found)
    return ""


def _counterparty(details, is_credit, own_account):
    """Give (name, account) of the other side; ``is_credit`` is about the payment that was made, before a reversal."""
    for parties in nodes(details, "RltdPties"):
        for role in ("Dbtr", "Cdtr") if is_credit else ("Cdtr", "Dbtr"):
            accounts = nodes(parties, f"{role}Acct")
            account = account_number(accounts[0]) if accounts else ""
            if account and same_account(account, own_account):
                continue
            name = _party_name(parties, role)
            if name or account:
                return name, account
    return "", ""


def _charges(node):
    """Sum of the charges contained in the amount (signed, negative when taken off), or None.

    Version 02 has the charge itself under ``Chrgs``, later ones a ``Rcrd`` each; ``ChrgInclInd`` false is a notice
    of charges that will be booked apart (ISO 20022, ChargesRecord).
    """
    if "Chrgs" not in node:
        return None
    total = None
    for charges in nodes(node, "Chrgs"):
        for record in nodes(charges, "Rcrd") or [charges]:
            amount = amount_at(record, "Amt")
            if amount is None or text_at(record, "ChrgInclInd") in ("false", "0"):
                continue
            mark = text_at(record, "CdtDbtInd") or "DBIT"
            total = (total or Decimal(0)) + signed(amount, mark, "Chrgs")
    return total


def _transaction_code(node):
    """Give the bank transaction code: domain-family-subfamily, or the bank's own."""
    for code in nodes(node, "BkTxCd"):
        domain = [
            text_at(code, "Domn", "Cd"),
            text_at(code, "Domn", "Fmly", "Cd"),
            text_at(code, "Domn", "Fmly", "SubFmlyCd"),
        ]
        if domain[0]:
            return "-".join(filter(None, domain))
        return text_at(code, "Prtry", "Cd")
    return ""


def _original(details, currency, sign):
    """Give (amount, currency) of the payment as it was instructed, where that was in another currency."""
    if "AmtDtls" not in details:
        return None, ""
    for path in (("AmtDtls", "InstdAmt", "Amt"), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt")):
        amount = amount_at(details, *path)
        if amount and amount[1] and amount[1] != currency:
            return sign * plain_amount(amount[0], path[1]), amount[1]
    return None, ""


def _detail_amount(details, currency):
    """Give the amount text of one payment of a batch in the entry's currency, or None."""
    for path in (
        ("Amt",),
        ("AmtDtls", "TxAmt", "Amt"),
        ("AmtDtls", "InstdAmt", "Amt"),
        ("AmtDtls", "CntrValAmt", "Amt"),
    ):
        amount = amount_at(details, *path)
        if amount and amount[1] in (currency, ""):
            return amount
    return None


def _remittance(details):
    """Give (text, structured reference) of what the payer wrote."""
    parts = texts(details, "RmtInf", "Ustrd")
    structured = ""
    for block in nodes(details, "RmtInf", "Strd"):
        parts += texts(block, "AddtlRmtInf") + texts(block, "RfrdDocInf", "Nb")
        structured = structured or "".join(text_at(block, "CdtrRefInf", "Ref").split())
        is_belgian = text_at(block, "CdtrRefInf", "Tp", "CdOrPrtry", "Prtry") == "BBA"
        if is_belgian and len(structured) == 12:
            # Belgian banks leave out the marks with which the reference stands on the invoice.
            structured = f"+++{structured[:3]}/{structured[3:7]}/{structured[7:]}+++"
    return squeeze(_SWISS_REJECT.sub("", " ".join(parts))), structured


def _fields(details, entry_text, is_credit, own_account):
    """Give the fields of a ``Line`` that say who paid and what for."""
    remittance, structured = _remittance(details) if "RmtInf" in details else ("", "")
    bank_text = squeeze(text_at(details, "AddtlTxInf")) or entry_text
    label = remittance or structured or bank_text
    name, account = _counterparty(details, is_credit, own_account)
    return {
        "label": label,
        "structured_reference": structured or find_structured_reference(label),
        "reference": clean_reference(text_at(details, "Refs", "EndToEndId")),
        "counterparty_name": name,
        "counterparty_account": account,
        "bank_text": bank_text,
        "check_number": text_at(details, "Refs", "ChqNb"),
    }


def _batch_details(line, transactions, entry_text, is_reversal, own_account):
    """Give the single payments of a batch as lines, or none where one of them has no amount of its own."""
    mark = "CRDT" if line.amount >= 0 else "DBIT"
    result = []
    for index, details in enumerate(transactions, start=1):
        amount = _detail_amount(details, line.currency)
        if amount is None:
            return ()
        number = signed(amount, text_at(details, "CdtDbtInd") or mark, "TxDtls")
        reference = clean_reference(text_at(details, "Refs", "AcctSvcrRef"))
        if reference in ("", line.bank_reference):
            reference = f"{line.bank_reference}/{index}" if line.bank_reference else ""
        original, original_currency = _original(details, line.currency, -1 if number < 0 else 1)
        result.append(
            replace(
                line,
                amount=number,
                bank_reference=reference,
                charges=_charges(details),
                transaction_code=_transaction_code(details) or line.transaction_code,
                original_amount=original,
                original_currency=original_currency,
                raw="",
                **_fields(details, entry_text, (number >= 0) != is_reversal, own_account),
            )
        )
    return tuple(result)


def read_entry(entry, raw, own_account, statement_date):
    """Turn one booked entry (``Ntry``) into a line.

    The credit/debit mark is that of the booking; a reversal (``RvslInd``) keeps it and only means that the payment
    which is taken back went the other way (ISO 20022, ReportEntry/ReversalIndicator).

    :param entry: the entry as plain data, see ``camt_xml``
    :param raw: the entry as it stands in the file (str)
    :param own_account: number of the statement's account, so that it is never taken for the other side's
    :param statement_date: the day to book on where the entry names none, or None
    :return: ``Line``
    :raise StatementFormatError: amount, mark or date missing or impossible
    """
    amount = amount_at(entry, "Amt")
    if amount is None:
        raise StatementFormatError(
            _lt(
                "An entry has no amount with a currency; the file is damaged. Please ask the bank for a new one.",
            )
        )
    number = signed(amount, text_at(entry, "CdtDbtInd"), "Ntry")
    is_reversal = text_at(entry, "RvslInd") in ("true", "1")
    value_date = _date(entry, "ValDt")
    booked = _date(entry, "BookgDt") or value_date or statement_date
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
    original, original_currency = _original(single or entry, amount[1], -1 if number < 0 else 1)
    charges = _charges(entry)
    fields = _fields(single, entry_text, (number >= 0) != is_reversal, own_account)
    fields["check_number"] = fields["check_number"] or text_at(entry, "NtryDtls", "Btch", "ChqNb")
    line = Line(
        date=booked,
        value_date=value_date,
        amount=number,
        currency=amount[1],
        bank_reference=(
            clean_reference(text_at(entry, "AcctSvcrRef")) or clean_reference(text_at(single, "Refs", "AcctSvcrRef"))
        ),
        transaction_code=_transaction_code(entry) or _transaction_code(single),
        is_reversal=is_reversal,
        charges=_charges(single) if charges is None else charges,
        original_amount=original,
        original_currency=original_currency,
        raw=raw,
        **fields,
    )
    if len(transactions) < 2:
        return line
    return replace(line, details=_batch_details(line, transactions, entry_text, is_reversal, own_account))

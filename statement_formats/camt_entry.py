"""One booked entry of a CAMT message: what it is, who it is from, and the single payments of a batch."""

import re
from dataclasses import replace
from decimal import Decimal

from .amounts import plain_amount
from .camt_xml import amount_at, nodes, text_at, texts
from .dates import booking_date, iso_date, optional_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference, same_account
from .model import Line
from .mt940_details import read_details
from .references import find_structured_reference, variable_symbol
from .return_reasons import find_return_code, reason_words
from .sentence import _lt
from .text import squeeze

# SIX writes whether the payer's bank rejected the reference into the remittance text.
_SWISS_REJECT = re.compile(r"\?REJECT\?\d", re.ASCII)
# What a bank that has no fields for it puts into the additional information: the text of :86: of MT940.
_AS_MT940 = re.compile(r"/[A-Z]{4}/|\d{3}\?\d\d|\?\d\d")
# Sub-families of the bank transaction code for payments that came back.
_RETURNS = {"RRTN", "UPDD", "PRDD", "RPCR", "RRCT", "RVRS", "UPCQ", "UPCT", "CQRV", "RCDD", "RDDT"}
# Amounts beside the booked one, the surest for the account first (ISO 20022, AmountAndCurrencyExchange).
AMOUNTS_BESIDE = ("AnncdPstngAmt", "TxAmt", "CntrValAmt", "InstdAmt", "PrtryAmt")
_LABEL_MAX = 1000


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


def _date_text(node, name):
    """Give the text of a date at a path, be it ``Dt`` or ``DtTm``, or ''."""
    return text_at(node, name, "Dt") or text_at(node, name, "DtTm")


def account_number(node):
    """Give the account number of an account element: IBAN, or another scheme's id (``Othr/Id``)."""
    return clean_account(text_at(node, "Id", "IBAN") or text_at(node, "Id", "Othr", "Id"))


def _name_of(parties, role):
    """Name of a party: ``Cdtr/Pty/Nm`` (version 08 on), ``Cdtr/Nm`` (to 07), an agent's, else a line of its address."""
    if role not in parties:
        return ""
    return squeeze(
        text_at(parties, role, "Pty", "Nm")
        or text_at(parties, role, "Nm")
        or text_at(parties, role, "Agt", "FinInstnId", "Nm")
        or text_at(parties, role, "Pty", "PstlAdr", "AdrLine")
        or text_at(parties, role, "PstlAdr", "AdrLine")
    )


def _counterparty(details, is_credit, own):
    """Give (name, account, ultimate name) of the other side.

    :param is_credit: about the payment that was made, before a reversal
    :param own: (number, owner's name) of the statement's account, which is never the other side
    """
    for parties in nodes(details, "RltdPties"):
        for role in ("Dbtr", "Cdtr") if is_credit else ("Cdtr", "Dbtr"):
            accounts = nodes(parties, f"{role}Acct")
            account = account_number(accounts[0]) if accounts else ""
            if account and same_account(account, own[0]):
                continue
            ultimate = _name_of(parties, f"Ultmt{role}")
            name = _name_of(parties, role) or ultimate
            # Without an account only the owner's name tells that it is the own side.
            if account or (name and name.casefold() != own[1]):
                return name, account, ultimate if ultimate != name else ""
    return "", "", ""


def _charges(node, currency):
    """Sum of the charges contained in the amount (signed, negative when taken off), or None.

    Version 02 has the charge itself under ``Chrgs``, later ones a ``Rcrd`` each; ``ChrgInclInd`` false is a notice
    of charges that will be booked apart (ISO 20022, ChargesRecord). Charges in another currency are left out.
    """
    if "Chrgs" not in node:
        return None
    total = None
    for charges in nodes(node, "Chrgs"):
        for record in nodes(charges, "Rcrd") or [charges]:
            amount = amount_at(record, "Amt")
            if amount is None or text_at(record, "ChrgInclInd") in ("false", "0"):
                continue
            if amount[1] not in ("", currency):
                continue
            mark = text_at(record, "CdtDbtInd") or "DBIT"
            total = (total or Decimal(0)) + signed(amount, mark, "Chrgs")
    return total


def _return_reason(details, is_return, texts_of_bank):
    """Give (code, words) of a payment that came back, or two ''.

    :param is_return: whether the entry is one; then the bank's texts may have the code
    :param texts_of_bank: iterable of str
    """
    for info in nodes(details, "RtrInf"):
        code = text_at(info, "Rsn", "Cd")
        words = squeeze(" ".join(texts(info, "AddtlInf"))) or text_at(info, "Rsn", "Prtry")
        if not code and reason_words(words):
            code, words = words.upper(), ""
        return code, words or reason_words(code)
    code = find_return_code(" ".join(texts_of_bank)) if is_return else ""
    return code, reason_words(code)


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


def amounts_in(entry, currency):
    """Give what an entry in another currency is worth in the account's own, as far as the bank says it.

    :param entry: the entry as plain data
    :param currency: the account's currency
    :return: dict by name of the element of unsigned ``Decimal``
    """
    found = {}
    transactions = nodes(entry, "NtryDtls", "TxDtls")
    for name in AMOUNTS_BESIDE:
        amount = amount_at(entry, "AmtDtls", name, "Amt")
        if amount and amount[1] == currency:
            found[name] = plain_amount(amount[0], name)
            continue
        amounts = [amount_at(details, "AmtDtls", name, "Amt") for details in transactions]
        if amounts and all(amount and amount[1] == currency for amount in amounts):
            found[name] = sum(plain_amount(amount[0], name) for amount in amounts)
    amounts = [amount_at(details, "Amt") for details in transactions]
    if amounts and all(amount and amount[1] == currency for amount in amounts):
        found.setdefault("TxAmt", sum(plain_amount(amount[0], "TxDtls") for amount in amounts))
    return found


def _remittance(details):
    """Give (text, structured reference) of what the payer wrote."""
    parts = texts(details, "RmtInf", "Ustrd")
    structured = ""
    for block in nodes(details, "RmtInf", "Strd"):
        parts += texts(block, "AddtlRmtInf") + texts(block, "RfrdDocInf", "Nb")
        structured = structured or "".join(text_at(block, "CdtrRefInf", "Ref").split())
        is_belgian = text_at(block, "CdtrRefInf", "Tp", "CdOrPrtry", "Prtry") == "BBA"
        if is_belgian and len(structured) == 12:
            # Belgian banks leave out the marks that the reference has on the invoice.
            structured = f"+++{structured[:3]}/{structured[3:7]}/{structured[7:]}+++"
    return squeeze(_SWISS_REJECT.sub("", " ".join(parts))), structured


def _fields(details, entry_text, is_credit, own, is_return):
    """Give the fields of a ``Line`` that say who paid and what for."""
    remittance, structured = _remittance(details) if "RmtInf" in details else ("", "")
    bank_text = squeeze(text_at(details, "AddtlTxInf")) or entry_text
    label = remittance or structured or bank_text
    name, account, ultimate = _counterparty(details, is_credit, own) if "RltdPties" in details else ("", "", "")
    reference = clean_reference(text_at(details, "Refs", "EndToEndId"))
    code = reason = ""
    if is_return or "RtrInf" in details:
        code, reason = _return_reason(details, is_return, (bank_text, remittance))
    fields = {
        "label": label,
        "structured_reference": structured or find_structured_reference(label) or variable_symbol(reference),
        "reference": reference,
        "end_to_end_id": reference,
        "mandate_id": clean_reference(text_at(details, "Refs", "MndtId")),
        "counterparty_name": name,
        "counterparty_account": account,
        "ultimate_name": ultimate,
        "bank_text": bank_text,
        "check_number": text_at(details, "Refs", "ChqNb"),
        "batch_id": clean_reference(text_at(details, "Refs", "PmtInfId")),
        "return_code": code,
        "return_reason": reason,
    }
    if not remittance and not name and bank_text and _AS_MT940.match(bank_text):
        found = read_details([bank_text], is_credit, own[0])
        fields.update({key: value for key, value in found.items() if value and key in fields and key != "bank_text"})
    return fields


def _batch_of(entry, transactions, mark):
    """Give what is said of a batch as a whole: dict of ``Line`` fields."""
    batches = nodes(entry, "NtryDtls", "Btch")
    ids = {clean_reference(text_at(details, "Refs", "PmtInfId")) for details in transactions[:1000]}
    fields = {"batch_id": ids.pop() if len(ids) == 1 else "", "batch_count": len(transactions)}
    if batches:
        batch = batches[0]
        count = text_at(batch, "NbOfTxs")
        total = amount_at(batch, "TtlAmt")
        batch_id = clean_reference(text_at(batch, "PmtInfId")) or clean_reference(text_at(batch, "MsgId"))
        fields["batch_id"] = batch_id or fields["batch_id"]
        if count.isascii() and count.isdigit():
            fields["batch_count"] = int(count[:9])
        if total:
            fields["batch_total"] = signed(total, text_at(batch, "CdtDbtInd") or mark, "TtlAmt")
    return fields


def _batch_details(line, transactions, entry_text, is_return, own):
    """Give the single payments of a batch as lines.

    Where the amount of one of them is missing, it is what the others leave of the sum; where more are missing, theirs
    stays None.
    """
    mark = "CRDT" if line.amount >= 0 else "DBIT"
    amounts = []
    for details in transactions:
        amount = _detail_amount(details, line.currency)
        amounts.append(amount and signed(amount, text_at(details, "CdtDbtInd") or mark, "TxDtls"))
    if amounts.count(None) == 1:
        rest = line.amount - sum(amount for amount in amounts if amount is not None)
        if rest and (rest > 0) == (line.amount > 0):
            amounts[amounts.index(None)] = rest
    result = []
    for index, (details, number) in enumerate(zip(transactions, amounts, strict=True), start=1):
        reference = clean_reference(text_at(details, "Refs", "AcctSvcrRef"))
        if reference in ("", line.bank_reference):
            reference = f"{line.bank_reference}/{index}" if line.bank_reference else ""
        sign = -1 if (line.amount if number is None else number) < 0 else 1
        original, original_currency = _original(details, line.currency, sign)
        is_credit = (sign > 0) != line.is_reversal
        fields = _fields(details, entry_text, is_credit, own, is_return)
        fields["batch_id"] = fields["batch_id"] or line.batch_id
        result.append(
            replace(
                line,
                amount=number,
                bank_reference=reference,
                charges=_charges(details, line.currency),
                transaction_code=_transaction_code(details) or line.transaction_code,
                original_amount=original,
                original_currency=original_currency,
                batch_count=0,
                batch_total=None,
                raw="",
                **fields,
            )
        )
    return tuple(result)


def _with_details(line, details):
    """Give a batch with its payments; where they cannot take its place, their names and references are its label."""
    charges = line.charges
    if charges is None and any(detail.charges is not None for detail in details):
        charges = sum(detail.charges for detail in details if detail.charges is not None)
    line = replace(line, details=details, charges=charges)
    if line.is_batch:
        return line
    texts_of_parts, length = [], 0
    for detail in details:
        own = detail.label if detail.label != line.label else ""
        text = " ".join(dict.fromkeys(filter(None, (detail.counterparty_name, own, detail.reference))))
        length += len(text) + 2
        if length > _LABEL_MAX:
            break
        texts_of_parts.append(text)
    parts = "; ".join(filter(None, texts_of_parts))
    names = {detail.counterparty_name for detail in details}
    accounts = {detail.counterparty_account for detail in details}
    return replace(
        line,
        label=": ".join(filter(None, (line.label, parts))),
        counterparty_name=names.pop() if len(names) == 1 else "",
        counterparty_account=accounts.pop() if len(accounts) == 1 else "",
    )


def read_entry(entry, raw, own, statement_date, warnings, booked_amount=None):
    """Turn one booked entry (``Ntry``) into a line.

    The credit/debit mark is that of the booking; a reversal (``RvslInd``) keeps it and only means that the payment
    which is taken back went the other way (ISO 20022, ReportEntry/ReversalIndicator).

    :param entry: the entry as plain data, see ``camt_xml``
    :param raw: the entry as the file has it (str)
    :param own: (number, owner's name in lower case) of the statement's account, never taken for the other side's
    :param statement_date: the day to book on where the entry names none, or None
    :param warnings: list to which sentences about assumptions are added
    :param booked_amount: (text, currency) to take in place of the entry's amount in another currency
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
    value_date = optional_date(_date_text(entry, "ValDt"), iso_date, warnings)
    booked = _date_text(entry, "BookgDt")
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
    original, original_currency = _original(single or entry, amount[1], sign)
    if booked_amount:
        foreign = amount_at(entry, "Amt")
        original, original_currency = sign * plain_amount(foreign[0], "Ntry"), foreign[1]
    charges = _charges(entry, amount[1])
    code = _transaction_code(entry) or _transaction_code(single)
    is_return = is_reversal or code[-4:] in _RETURNS or code.startswith("NRTI")
    fields = _fields(single, entry_text, (number >= 0) != is_reversal, own, is_return)
    fields["check_number"] = fields["check_number"] or text_at(entry, "NtryDtls", "Btch", "ChqNb")
    if len(transactions) > 1 or (not fields["batch_id"] and nodes(entry, "NtryDtls", "Btch")):
        fields.update(_batch_of(entry, transactions, mark))
    line = Line(
        date=booked,
        value_date=value_date,
        amount=number,
        currency=amount[1],
        bank_reference=(
            clean_reference(text_at(entry, "AcctSvcrRef")) or clean_reference(text_at(single, "Refs", "AcctSvcrRef"))
        ),
        transaction_code=code,
        is_reversal=is_reversal,
        charges=_charges(single, amount[1]) if charges is None else charges,
        original_amount=original,
        original_currency=original_currency,
        raw=raw,
        **fields,
    )
    if len(transactions) < 2:
        return line
    return _with_details(line, _batch_details(line, transactions, entry_text, is_return, own))

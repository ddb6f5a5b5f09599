"""What the elements of a CAMT message say: signs, parties, charges, references, reasons of returns."""

import re
from decimal import Decimal

from .amounts import plain_amount
from .camt_xml import amount_at, nodes, text_at, texts
from .errors import StatementFormatError
from .identity import clean_account, clean_reference, same_account
from .mt940_details import read_details
from .references import find_structured_reference, variable_symbol
from .return_reasons import find_return_code, reason_words
from .sentence import _lt
from .text import shared, squeeze

# SIX writes whether the payer's bank rejected the reference into the remittance text.
_SWISS_REJECT = re.compile(r"\?REJECT\?\d", re.ASCII)
# What a bank that has no fields for it puts into the additional information: the text of :86: of MT940.
_AS_MT940 = re.compile(r"/[A-Z]{4}/|\d{3}\?\d\d|\?\d\d")
# Sub-families of the bank transaction code for returned payments.
RETURNS = {"RRTN", "UPDD", "PRDD", "RPCR", "RRCT", "RVRS", "UPCQ", "UPCT", "CQRV", "RCDD", "RDDT"}
# Amounts beside the booked one, the surest for the account first (ISO 20022, AmountAndCurrencyExchange).
AMOUNTS_BESIDE = ("AnncdPstngAmt", "TxAmt", "CntrValAmt", "InstdAmt", "PrtryAmt")


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


def date_text(node, name):
    """Give the text of the date in an element (``Dt`` or ``DtTm``), or ''."""
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


def read_charges(node, currency):
    """Give the sum of the charges contained in the amount (signed, negative when deducted), or None.

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
    return _total_charges(node, currency) if total is None else total


def _total_charges(node, currency):
    """Give the sum of charges that is stated without the charges themselves (from version 03 on), or None."""
    for charges in nodes(node, "Chrgs"):
        amount = amount_at(charges, "TtlChrgsAndTaxAmt")
        if amount and "Rcrd" not in charges and amount[1] in ("", currency):
            return signed(amount, "DBIT", "Chrgs")
    return None


def _return_reason(details, is_return, texts_of_bank):
    """Give (code, words) of why a payment was returned, or two ''.

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


def transaction_code(node):
    """Give the bank transaction code of an entry or a payment: domain-family-subfamily, else the bank's own, or ''."""
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


def original_amount(details, currency, sign):
    """Give (amount, currency) of the payment as it was instructed, where that was in another currency."""
    if "AmtDtls" not in details:
        return None, ""
    for path in (("AmtDtls", "InstdAmt", "Amt"), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "CntrValAmt", "Amt")):
        amount = amount_at(details, *path)
        if amount and amount[1] and amount[1] != currency:
            return sign * plain_amount(amount[0], path[1]), amount[1]
    return None, ""


def detail_amount(details, currency):
    """Give the amount text of one payment of a batch booking in the entry's currency, or None."""
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


def read_fields(details, entry_text, is_credit, own, is_return):
    """Give the fields of a ``Line`` that say who paid and what for.

    :param details: one payment (``TxDtls``) as plain data
    :param entry_text: what the bank says of the whole entry (str)
    :param is_credit: whether the payment (before a reversal) brought money in
    :param own: (number, owner's name in lower case) of the statement's account
    :param is_return: whether the entry is a returned payment
    :return: dict
    """
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
        "counterparty_name": shared(name),
        "counterparty_account": account,
        "ultimate_name": ultimate,
        "bank_text": shared(bank_text),
        "check_number": text_at(details, "Refs", "ChqNb"),
        "batch_id": clean_reference(text_at(details, "Refs", "PmtInfId")),
        "return_code": code,
        "return_reason": reason,
    }
    if not remittance and not name and bank_text and _AS_MT940.match(bank_text):
        found = read_details([bank_text], is_credit, own[0])
        fields.update({key: value for key, value in found.items() if value and key in fields and key != "bank_text"})
    return fields

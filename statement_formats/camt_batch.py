"""A batch booking of a CAMT message: one booked sum and the single payments that it is made of."""

from dataclasses import replace

from .camt_fields import detail_amount, original_amount, read_charges, read_fields, signed, transaction_code
from .camt_xml import amount_at, nodes, text_at
from .identity import clean_reference

_LABEL_MAX = 1000


def read_batch(entry, transactions, booked):
    """Give what the bank says of a batch booking as a whole.

    :param entry: the entry as plain data
    :param transactions: its payments (``TxDtls``), maybe none
    :param booked: the booked sum, signed
    :return: dict of ``Line`` fields
    """
    batches = nodes(entry, "NtryDtls", "Btch")
    ids = {clean_reference(text_at(details, "Refs", "PmtInfId")) for details in transactions[:1000]}
    fields = {
        "batch_id": ids.pop() if len(ids) == 1 else "",
        "batch_count": len(transactions),
        "batch_total": booked,
    }
    if batches:
        batch = batches[0]
        count = text_at(batch, "NbOfTxs")
        total = amount_at(batch, "TtlAmt")
        batch_id = clean_reference(text_at(batch, "PmtInfId")) or clean_reference(text_at(batch, "MsgId"))
        fields["batch_id"] = batch_id or fields["batch_id"]
        if count.isascii() and count.isdigit():
            fields["batch_count"] = int(count[:9])
        if total:
            mark = text_at(batch, "CdtDbtInd") or ("CRDT" if booked >= 0 else "DBIT")
            fields["batch_total"] = signed(total, mark, "TtlAmt")
    return fields


def _payments(line, transactions, entry_text, is_return, own):
    """Give the single payments of a batch booking as lines.

    Where the amount of one of them is missing, it is what the others leave of the sum; where more are missing, theirs
    stays None.
    """
    mark = "CRDT" if line.amount >= 0 else "DBIT"
    amounts = []
    for details in transactions:
        amount = detail_amount(details, line.currency)
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
        original, original_currency = original_amount(details, line.currency, sign)
        is_credit = (sign > 0) != line.is_reversal
        fields = read_fields(details, entry_text, is_credit, own, is_return)
        fields["batch_id"] = fields["batch_id"] or line.batch_id
        result.append(
            replace(
                line,
                amount=number,
                bank_reference=reference,
                charges=read_charges(details, line.currency),
                transaction_code=transaction_code(details) or line.transaction_code,
                original_amount=original,
                original_currency=original_currency,
                # In place of the entry they still say which sum they are parts of.
                batch_total=line.amount,
                raw="",
                **fields,
            )
        )
    return tuple(result)


def _parts_text(line, details):
    """Give names and references of the payments of a batch booking as one text of bounded length."""
    parts, length = [], 0
    for detail in details:
        own = detail.label if detail.label != line.label else ""
        text = " ".join(dict.fromkeys(filter(None, (detail.counterparty_name, own, detail.reference))))
        length += len(text) + 2
        if length > _LABEL_MAX:
            break
        parts.append(text)
    return "; ".join(filter(None, parts))


def with_payments(line, transactions, entry_text, is_return, own):
    """Give a batch booking with its payments; where they cannot take its place, its label names them.

    :param line: ``Line`` of the entry
    :param transactions: its payments (``TxDtls``), two or more
    :param entry_text: what the bank says of the whole entry (str)
    :param is_return: whether the entry is of returned payments
    :param own: (number, owner's name in lower case) of the statement's account
    :return: ``Line`` with ``details``
    """
    details = _payments(line, transactions, entry_text, is_return, own)
    charges = line.charges
    if charges is None and any(detail.charges is not None for detail in details):
        charges = sum(detail.charges for detail in details if detail.charges is not None)
    line = replace(line, details=details, charges=charges)
    if line.is_batch:
        return line
    names = {detail.counterparty_name for detail in details}
    accounts = {detail.counterparty_account for detail in details}
    return replace(
        line,
        label=": ".join(filter(None, (line.label, _parts_text(line, details)))),
        counterparty_name=names.pop() if len(names) == 1 else "",
        counterparty_account=accounts.pop() if len(accounts) == 1 else "",
    )

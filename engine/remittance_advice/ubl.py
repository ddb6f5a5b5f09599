"""Remittance advice in UBL 2.1 (OASIS, document type ``RemittanceAdvice``)."""

from decimal import Decimal

from lxml import etree

from ...statement_formats.amounts import plain_amount
from ...statement_formats.dates import iso_date
from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from ...statement_formats.text import squeeze
from ...statement_formats.xml_safe import safe_xml
from .model import ZERO, Advice, AdviceLine

NAME = "ubl"
ROOT = "RemittanceAdvice"
# What names the document that a line pays, and whether its amount is deducted.
_REFERENCES = (
    ("InvoiceDocumentReference", False), ("SelfBilledInvoiceDocumentReference", False),
    ("CreditNoteDocumentReference", True), ("SelfBilledCreditNoteDocumentReference", True),
    ("DebitNoteDocumentReference", False), ("ReminderDocumentReference", False),
    ("AdditionalDocumentReference", False),
)  # fmt: skip


def root_of(content):
    """Give the root element of an XML file, read safely.

    :param content: bytes
    :raise StatementFormatError: not well-formed, or with a document type
    """
    try:
        content = safe_xml(content)
    except StatementFormatError as error:
        raise StatementFormatError(
            _lt("The XML has a document type, entities or an unknown encoding, which no remittance advice has.")
        ) from error
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StatementFormatError(
            _lt("The XML is cut off or damaged. Ask the payer to send the remittance advice again.")
        ) from error


def read(content):
    """Read an advice.

    :param content: bytes
    :return: :class:`Advice`
    :raise StatementFormatError: no remittance advice, or damaged
    """
    root = root_of(content)
    if _name(root) != ROOT:
        raise StatementFormatError(
            _lt(
                "The file is XML, but no remittance advice (its document is “%(name)s”). Ask the payer for a UBL "
                "RemittanceAdvice, or for a table.",
                name=_name(root)[:60],
            )
        )
    total = _amount(_first(root, "TotalPaymentAmount"))
    lines = _all_lines(root)
    if total is not None and _sum(lines) != total:
        # Where debits less credits make the total, their sides tell the signs and not what the lines are of.
        sided = (_all_lines(root, sign) for sign in (1, -1))
        lines = next((found for found in sided if _sum(found) == total), lines)
    if not lines:
        # An advice without lines may name its one document at the top.
        lines = [line for element in _children(root, "BillingReference") for line in _whole(element, root)]
    if not lines:
        raise StatementFormatError(_lt("The remittance advice has no lines. Ask the payer for one with its documents."))
    customer = _first(root, "AccountingCustomerParty", "Party")
    account = _first(root, "PaymentMeans", "PayerFinancialAccount", "ID")
    return Advice(
        NAME,
        lines=lines,
        reference=_text(_first(root, "PaymentOrderReference"))
        or _text(_first(root, "PaymentMeans", "PaymentID"))
        or _text(_first(root, "PayerReference"))
        or _text(_first(root, "ID")),
        payer_name=_text(_first(customer, "PartyName", "Name"))
        or _text(_first(customer, "PartyLegalEntity", "RegistrationName")),
        payer_account=_text(account),
        payer_email=_text(_first(customer, "Contact", "ElectronicMail")),
        currency=_text(_first(root, "DocumentCurrencyCode")) or _currency(root),
        payment_date=_date(_first(root, "PaymentMeans", "PaymentDueDate")) or _date(_first(root, "IssueDate")),
        total=total,
    )


def _name(element):
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element, name):
    return [child for child in element if _name(child) == name] if element is not None else []


def _first(element, *path):
    for name in path:
        found = _children(element, name)
        if not found:
            return None
        element = found[0]
    return element


def _text(element):
    return squeeze("".join(element.itertext()))[:200] if element is not None else ""


def _amount(element):
    return plain_amount(_text(element)) if element is not None and _text(element) else None


def _date(element):
    try:
        return iso_date(_text(element)) if element is not None else None
    except StatementFormatError:
        return None


def _currency(root):
    codes = {element.get("currencyID") for element in root.iter() if isinstance(element.tag, str)} - {None, ""}
    return codes.pop()[:3] if len(codes) == 1 else ""


def _documents(billing):
    """Give (number, is credit) of the documents that a reference names."""
    return [
        (_text(_first(element, "ID")), is_credit)
        for name, is_credit in _REFERENCES
        for element in _children(billing, name)
        if _text(_first(element, "ID"))
    ]


def _all_lines(root, sign=0):
    return [
        line
        for number, element in enumerate(_children(root, "RemittanceAdviceLine"), 1)
        for line in _lines(element, number, sign)
    ]


def _sum(lines):
    return sum((line.amount for line in lines), ZERO)


def _lines(element, row, sign):
    """Read a line.

    :param sign: 1 where a debit is what is paid, -1 where a credit is, 0 where what the line is of tells that
    :return: list of :class:`AdviceLine`
    """
    debit = _amount(_first(element, "DebitLineAmount")) or ZERO
    credit = _amount(_first(element, "CreditLineAmount")) or ZERO
    billings = _children(element, "BillingReference")
    documents = [one for billing in billings for one in _documents(billing)]
    numbers = [_text(_first(one, "ID")) for one in _children(element, "DocumentReference")]
    documents = documents or [(number, False) for number in numbers if number]
    note = " ".join(_text(note) for note in _children(element, "Note"))
    # Senders write what they pay as a debit or as a credit; what a line is of tells the sign.
    amount = abs(debit - credit)
    deduction, reason, items = _allowances(billings)
    if sign:
        amount = sign * (debit - credit)
    if not documents:
        number = _text(_first(element, "InvoicingPartyReference"))
        is_paid = sign or number or debit >= credit
        return [AdviceLine(number, amount if is_paid else -amount, reason=note, row=row)]
    number, is_credit = documents[0]
    others = tuple(text for text, _is_credit in documents[1:])
    if len(documents) > 1 and len(items) == len(documents):
        return [
            AdviceLine(text, -abs(part) if credit_note else part, reason=note, row=row)
            for (text, credit_note), part in zip(documents, items, strict=True)
        ]
    amount = -amount if is_credit and not sign else amount
    if len(documents) == 1 and (rows := _items(billings, amount)):
        return [
            AdviceLine(number, part, taken, why or note, "", (), row, item_number=item)
            for item, part, taken, why in rows
        ]
    return [AdviceLine(number, amount, deduction, reason or note, "", others, row)]


def _allowances(billings, lines=None):
    """Give (deduction, its reason, amounts of the referenced lines) of a line's references, or of some of their
    lines."""
    deduction, reasons, items = ZERO, [], []
    for billing in billings:
        for line in lines or _children(billing, "BillingReferenceLine"):
            if (amount := _amount(_first(line, "Amount"))) is not None:
                items.append(amount)
            for charge in _children(line, "AllowanceCharge"):
                if _text(_first(charge, "ChargeIndicator")) != "true":
                    deduction += abs(_amount(_first(charge, "Amount")) or Decimal(0))
                    reasons.append(_text(_first(charge, "AllowanceChargeReason")))
    return deduction, ", ".join(filter(None, reasons)), items


def _items(billings, amount):
    """Give (number of the line, amount, deduction, its reason) where a reference names the lines of its document and
    what is paid for each; empty where these do not add up to the amount."""
    rows = []
    for billing in billings:
        for line in _children(billing, "BillingReferenceLine"):
            number, part = _text(_first(line, "ID")), _amount(_first(line, "Amount"))
            if not number or part is None:
                return []
            rows.append((number, part, *_allowances([billing], [line])[:2]))
    total = sum((part for _number, part, _taken, _why in rows), ZERO)
    if abs(total) != abs(amount):
        return []
    return [(number, part if total == amount else -part, taken, why) for number, part, taken, why in rows]


def _whole(billing, root):
    total = _amount(_first(root, "TotalPaymentAmount"))
    documents = _documents(billing)
    if len(documents) == 1 and total is not None:
        yield AdviceLine(documents[0][0], -total if documents[0][1] else total, row=1)
    else:
        for number, _is_credit in documents:
            yield AdviceLine(number, None, row=1)

"""What a CODA movement says: its communication, free or structured, and its transaction code.

The positions are those of enclosure III of the Febelfin standard (types of structured communication), the codes those
of enclosure II. A communication runs over the records 2.1 to 2.3, information over 3.1 to 3.3.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .amounts import DIGITS_WHOLE_MAX
from .references import find_structured_reference, is_rf
from .text import squeeze

# Families of transactions.
_FAMILIES = {
    "01": "Credit transfer",
    "02": "Instant credit transfer",
    "03": "Cheque",
    "04": "Card",
    "05": "Direct debit",
    "07": "Commercial paper",
    "09": "Counter transaction",
    "11": "Securities",
    "13": "Credit",
    "30": "Various transactions",
    "35": "Account closing",
    "41": "International credit transfer",
    "43": "Foreign cheque",
    "47": "Foreign commercial paper",
    "80": "Costs charged separately",
}
# Operations that say more than their family; 37, 49, 87 and 99 mean the same in every family.
_OPERATIONS = {
    "0103": "Standing order",
    "0105": "Payment of wages",
    "0107": "Collective credit transfer",
    "0154": "Credit transfer that could not be carried out",
    "0205": "Payment of wages",
    "0207": "Collective instant credit transfer",
    "0402": "Card payment",
    "0403": "Settlement of credit cards",
    "0404": "Cash withdrawal",
    "0408": "Card payment",
    "0450": "Card payments received",
    "0453": "Cash deposit",
    "0503": "Unpaid direct debit",
    "0505": "Reimbursed direct debit",
    "0550": "Direct debits collected",
    "0554": "Reimbursed direct debit",
    "0901": "Cash withdrawal",
    "0950": "Cash deposit",
}
_EVERY_FAMILY = {
    "37": "Costs",
    "49": "Cancellation or correction",
    "87": "Costs reimbursed",
    "99": "Cancellation or correction",
}
_CHEQUES = ("03", "43")
# Why a direct debit was not paid (communication 127).
_REFUSALS = {
    "1": "Technical problem",
    "2": "Reason not specified",
    "3": "Debtor disagrees",
    "4": "Debtor's account problem",
}


def title(code):
    """Give the name of a transaction code, or ``''``.

    :param code: 8 digits: type, family (2), operation (2), category (3)
    """
    family, operation = code[1:3], code[3:5]
    if operation in _EVERY_FAMILY and family in _FAMILIES:
        return f"{_FAMILIES[family]}: {_EVERY_FAMILY[operation].lower()}"
    return _OPERATIONS.get(family + operation) or _FAMILIES.get(family, "")


@dataclass(slots=True)
class Communication:
    """What is read from the communication and the information records of a movement."""

    label: str = ""
    reference: str = ""
    structured_reference: str = ""
    name: str = ""
    number: str = ""
    mandate: str = ""
    creditor_id: str = ""
    return_type: str = ""
    return_code: str = ""
    return_reason: str = ""
    ultimate_name: str = ""
    original_amount: Decimal | None = None
    original_currency: str = ""
    information: list = field(default_factory=list)

    def complete(self, other):
        """Take label and references over from another communication, where this one has none.

        :param other: ``Communication``
        """
        if not (self.label or self.structured_reference):
            self.label, self.structured_reference = other.label, other.structured_reference
            self.reference = self.reference or other.reference

    def add_information(self, text, is_structured):
        """Read an information record: the counterparty's name (001), the ultimate one (008, 009), else text.

        :param text: the text of the records 3.1 to 3.3 (str)
        """
        kind = text[:3]
        if not is_structured:
            self.information.append(squeeze(text))
        elif kind == "001":
            self.name = self.name or squeeze(text[3:73])
        elif kind in ("008", "009"):
            self.ultimate_name = self.ultimate_name or squeeze(text[3:73])
        elif kind in ("002", "004", "005"):
            self.information.append(squeeze(text[3:]))
        elif kind == "006":
            self.information.append(squeeze(text[3:33]))


def _money(text):
    """Read an amount of 12 digits and 3 decimals; None where it is zero or none at all."""
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return None
    amount = Decimal(text).scaleb(-3)
    return amount if amount.adjusted() < DIGITS_WHOLE_MAX else None


def _belgian_reference(digits):
    """Give 12 digits as a Belgian structured communication where their check digits are right, else ``''``."""
    return find_structured_reference(f"+++{digits[:3]}/{digits[3:7]}/{digits[7:12]}+++")


def communication_of(text, is_structured):
    """Read the communication of a movement.

    :param text: the communication of the records 2.1, 2.2 and 2.3 with all its blanks (str)
    :param is_structured: whether its first three characters name its type
    :return: ``Communication``
    """
    if not is_structured:
        label = squeeze(text)
        return Communication(label=label, structured_reference=find_structured_reference(label))
    kind, body = text[:3], text[3:]
    found = Communication()
    if kind == "100":
        reference = body[:25].replace(" ", "")
        found.label = found.reference = reference
        found.structured_reference = reference if is_rf(reference) else ""
    elif kind in ("101", "102"):
        digits = body[:12]
        found.structured_reference = _belgian_reference(digits)
        found.label = found.structured_reference or squeeze(digits)
        found.reference = "" if found.structured_reference else squeeze(digits)
    elif kind == "103":
        found.number = found.label = squeeze(body[:12])
    elif kind == "105":
        found.original_amount, found.original_currency = _money(body[15:30]), body[42:45].strip()
        found.structured_reference = _belgian_reference(body[45:57])
        found.label = found.structured_reference
    elif kind == "113":
        found.name = squeeze(body[40:56])
        found.label = squeeze(f"{body[40:56]} {body[56:66]}")
        found.original_amount, found.original_currency = _money(body[66:81]), body[93:96].strip()
    elif kind == "114":
        found.label = squeeze(f"{body[27:43]} {body[43:53]}")
        found.reference = squeeze(body[53:69])
    elif kind == "127":
        found.creditor_id, found.mandate = squeeze(body[9:44]), squeeze(body[44:79])
        found.label = squeeze(body[79:141])
        found.return_type, found.return_code = body[141:142].strip(), body[142:146].strip()
        found.return_reason = _REFUSALS.get(body[8:9], "")
        found.structured_reference = find_structured_reference(found.label)
    else:
        found.label = squeeze(body)
    return found


def fields_of(found, code):
    """Give the label, references and cheque number of a movement.

    Of information of the bank and a communication, the communication is the label: it is what the payer wrote.

    :param found: ``Communication`` with its information
    :param code: transaction code (str)
    :return: dict of fields of ``Line``
    """
    information = squeeze(" ".join(found.information))
    return {
        "label": found.label or information,
        "reference": found.reference or found.number,
        "structured_reference": found.structured_reference or find_structured_reference(information),
        "check_number": found.number if code[1:3] in _CHEQUES else "",
    }

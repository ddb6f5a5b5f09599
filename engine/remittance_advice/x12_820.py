"""Remittance advice in EDI X12, transaction set 820 (payment order, remittance advice).

One RMR segment a document: its number, what is paid (RMR04), what was invoiced (RMR05), the discount (RMR06); ADX
segments after it say what else was deducted, with a reason by code (data element 426).
"""

import re

from ...statement_formats.amounts import plain_amount
from ...statement_formats.dates import compact_date
from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from .model import SEGMENTS_MAX, ZERO, Advice, AdviceLine
from .reasons import split_by_reason

NAME = "x12_820"
# Qualifiers of RMR01 and REF01 whose amount is deducted: credit memos.
_CREDITS = {"CM", "CL"}
# Qualifiers of REF01 that name a document as RMR02 does (data element 128): invoices, credit and debit memos. Orders,
# packing slips or carriers' numbers are no document that is paid.
_DOCUMENTS = {"IV", "IK", "OI", "DL", "DB", *_CREDITS}
_DISCOUNT = "90"
# Data element 426, as far as a reason of ours is meant.
_REASONS = {
    "01": "pricing", "03": "pricing", "04": "damaged", "05": "damaged", "06": "dispute", "07": "other", "11": "damaged",
    "12": "damaged", "51": "other", "55": "tax_withheld", "56": "late_discount", "59": "not_received", "72": "damaged",
    "90": "late_discount", "LO": "other",
}  # fmt: skip
_WORDS = {
    "01": _lt("Pricing error"), "03": _lt("Extension error"), "04": _lt("Not accepted: damaged"),
    "05": _lt("Not accepted: quality"), "06": _lt("Quantity contested"), "07": _lt("Incorrect product"),
    "11": _lt("Returned: damaged"), "12": _lt("Returned: quality"), "15": _lt("Returned"),
    "51": _lt("Interest or penalty"), "52": _lt("Credit for overpayment"), "55": _lt("Tax deducted"),
    "56": _lt("Volume discount"), "59": _lt("Not received"), "72": _lt("Authorized return"),
    "90": _lt("Early payment allowance"),
}  # fmt: skip


def sniff(text):
    """Tell whether a text begins as an 820."""
    start = text.lstrip()[:4000]
    return bool(re.match(r"ISA.{100,}?ST.820|(?:GS[^A-Za-z0-9].{10,}?)?ST[^A-Za-z0-9]820", start, re.DOTALL))


def segments(text):
    """Split a text into segments, each a list of elements; the separators are those that its header declares.

    :raise StatementFormatError: more segments than an advice has
    """
    text = text.strip()
    if text.startswith("ISA") and len(text) > 106:
        element, end = text[3], text[105]
    else:
        element = text[2:3] or "*"
        end = "~" if "~" in text else "\n"
    parts = text.split(end)
    if len(parts) > SEGMENTS_MAX:
        raise StatementFormatError(_lt("The EDI file has more segments than a remittance advice has."))
    return [part.strip().split(element) for part in parts if part.strip()]


def read(text):
    """Read the advices of an interchange, one a transaction set.

    :param text: str
    :return: list of :class:`Advice`
    :raise StatementFormatError: no 820, or damaged
    """
    found = segments(text)
    starts = [place for place, one in enumerate(found) if one[0] == "ST"]
    if not starts or any(found[place][1:2] != ["820"] for place in starts):
        raise StatementFormatError(_lt("The EDI file is no remittance advice (X12 820). Ask the payer for one."))
    if sum(one[0] == "SE" for one in found) < len(starts):
        raise StatementFormatError(_lt("The EDI file is cut off: its end is missing. Ask the payer to send it again."))
    advices = []
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        reader = _Reader()
        for row, segment in enumerate(found[start:end], start + 1):
            reader.take(row, segment + [""] * (12 - len(segment)))
        advices.append(reader.finished())
    return advices


class _Reader:
    def __init__(self):
        self.advice = Advice(NAME)
        self._document = None

    def take(self, row, segment):
        """Take the next segment."""
        name = segment[0]
        if name == "BPR":
            self.advice.total = _amount(segment[2])
            self.advice.payer_account = self.advice.payer_account or segment[9].strip()
            self.advice.payment_date = _date(segment[16]) if len(segment) > 16 else None
        elif name == "TRN" and not self.advice.reference:
            self.advice.reference = segment[2].strip()
        elif name == "CUR":
            self.advice.currency = segment[2].strip()
        elif name == "N1" and segment[1] in ("PR", "BY"):
            self.advice.payer_name = self.advice.payer_name or segment[2].strip()
        elif name == "PER" and segment[3] == "EM" and not self.advice.payer_email:
            self.advice.payer_email = segment[4].strip()
        elif name == "RMR":
            self._finish_document()
            self._document = {"row": row, "segment": segment, "numbers": [], "adjustments": []}
        elif name == "REF" and self._document and segment[1] in _DOCUMENTS:
            self._document["numbers"].append(segment[2].strip())
        elif name == "ADX":
            self._adjust(row, segment)
        elif name in ("ENT", "SE"):
            self._finish_document()

    def _adjust(self, row, segment):
        amount, code = _amount(segment[1]) or ZERO, segment[2].strip()
        if self._document:
            self._document["adjustments"].append((amount, code))
        elif amount:
            reason = str(_WORDS.get(code, code))
            number = segment[4].strip()
            self.advice.lines.append(
                AdviceLine(number, amount, reason=reason, reason_code=_REASONS.get(code, ""), row=row)
            )

    def _finish_document(self):
        document, self._document = self._document, None
        if not document:
            return
        segment = document["segment"]
        is_credit = segment[1] in _CREDITS
        paid, gross, discount = _amount(segment[4]), _amount(segment[5]), abs(_amount(segment[6]) or ZERO)
        # Some senders name the discount of RMR06 again as an adjustment.
        taken = sum(
            (-amount for amount, code in document["adjustments"] if (-amount, code) != (discount, _DISCOUNT)), ZERO
        )
        deduction = discount + max(taken, ZERO)
        if paid is None:
            paid = gross - discount - taken if gross is not None else None
        if is_credit and paid is not None:
            paid = -abs(paid)
        elif gross is not None and paid is not None and gross >= paid >= 0:
            deduction = min(deduction, gross - paid) if deduction else gross - paid
        codes = [code for _amount_, code in document["adjustments"]]
        code = _REASONS.get(codes[0], "") if codes else "late_discount" if discount else ""
        others = tuple(text for text in dict.fromkeys(document["numbers"]) if text)
        words = ", ".join(str(_WORDS.get(one, one)) for one in dict.fromkeys(codes))
        line = AdviceLine(segment[2].strip(), paid, deduction, words, code, others, document["row"])
        parts = [
            (-amount, _REASONS.get(one, "other"), str(_WORDS.get(one, one)))
            for amount, one in document["adjustments"]
            if (-amount, one) != (discount, _DISCOUNT)
        ]
        parts.insert(0, (discount, "late_discount", str(_WORDS[_DISCOUNT])))
        self.advice.lines += split_by_reason(line, parts)

    def finished(self):
        """Give the advice.

        :raise StatementFormatError: without a line
        """
        self._finish_document()
        if not self.advice.lines:
            raise StatementFormatError(
                _lt("The remittance advice has no lines (RMR). Ask the payer for one with its documents.")
            )
        return self.advice


def _amount(text):
    text = text.strip()
    return plain_amount(text) if text else None


def _date(text):
    try:
        return compact_date(text) if text.strip() else None
    except StatementFormatError:
        return None

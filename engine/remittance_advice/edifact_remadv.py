"""Remittance advice in UN/EDIFACT, message REMADV (D.96A and later).

One DOC segment a document: its kind (380 invoice, 381 credit note) and number; MOA segments after it are amounts by
qualifier: 12 and 11 what is paid, 9 what is due, 77 and 39 what was invoiced, 52 the discount; AJT with MOA 165 what
else was deducted, with a reason by code (data element 4465).
"""

import re

from ...statement_formats.amounts import plain_amount
from ...statement_formats.dates import compact_date
from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from .model import SEGMENTS_MAX, ZERO, Advice, AdviceLine
from .reasons import split_by_reason

NAME = "edifact_remadv"
# Qualifiers of RFF that name a document as DOC does (data element 1153): invoices, credit and debit notes.
_DOCUMENTS = ("IV", "OI", "CD", "DL")
_CREDIT_KINDS = {"381", "83", "261", "262", "308", "396", "420", "458"}
# Qualifiers of amounts.
_PAID, _DUE, _INVOICED = ("12", "11", "143"), ("9",), ("77", "39", "38")
_DISCOUNT, _ADJUSTED = ("52", "53"), ("165", "8")
_REASONS = {
    "2": "damaged", "3": "damaged", "4": "other", "5": "pricing", "9": "pricing", "11": "bank_fee", "17": "damaged",
    "13": "dispute", "19": "late_discount", "26": "tax_withheld", "32": "not_received", "35": "damaged",
    "39": "late_discount",
}  # fmt: skip
_WORDS = {
    "1": _lt("Agreed settlement"), "2": _lt("Below specification"), "3": _lt("Damaged goods"),
    "4": _lt("Short delivery"), "5": _lt("Price query"), "9": _lt("Invoice error"), "10": _lt("Costs for draft"),
    "11": _lt("Bank charges"),
    "12": _lt("Agent commission"), "13": _lt("Counter claim"), "14": _lt("Wrong delivery"),
    "15": _lt("Goods returned to agent"), "16": _lt("Goods partly returned"), "17": _lt("Transport damage"),
    "19": _lt("Trade discount"), "20": _lt("Late delivery"), "21": _lt("Advertising costs"),
    "22": _lt("Customs duties"),
    "26": _lt("Taxes"), "32": _lt("Goods not delivered"), "33": _lt("Late delivery"), "35": _lt("Goods returned"),
    "37": _lt("Credit note"), "38": _lt("Deducted bonus"), "39": _lt("Deducted discount"),
    "40": _lt("Deducted freight costs"),
}  # fmt: skip


def sniff(text):
    """Tell whether a text begins as an EDIFACT interchange or message."""
    return bool(re.match(r"\s*(?:UNA.{6}\s*UN[BGH]|UN[BH]\+)", text[:200], re.DOTALL))


def segments(text):
    """Split an interchange into segments: lists of elements, each a list of components.

    :raise StatementFormatError: more segments than an advice has
    """
    text = text.strip()
    component, element, release, end = ":", "+", "?", "'"
    if text.startswith("UNA"):
        component, element, _decimal, release, _space, end = text[3:9]
        text = text[9:]
    # Characters are gathered in a list: to add each to a text of megabytes would copy that text each time.
    found, elements, parts, gathered = [], [], [], []
    chars = iter(text)
    for char in chars:
        if char == release and release.strip():
            gathered.append(next(chars, ""))
        elif char in (end, element, component):
            parts.append("".join(gathered))
            gathered = []
            if char in (end, element):
                elements.append(parts)
                parts = []
            if char == end:
                found.append(elements)
                elements = []
                if len(found) > SEGMENTS_MAX:
                    raise StatementFormatError(_lt("The EDI file has more segments than a remittance advice has."))
        elif char not in "\r\n":
            gathered.append(char)
    return [[[part.strip() for part in parts] for parts in segment] for segment in found if segment[0][0].strip()]


def read(text):
    """Read the advices of an interchange, one a message.

    :param text: str
    :return: list of :class:`Advice`
    :raise StatementFormatError: no REMADV, or damaged
    """
    found = segments(text)
    starts = [place for place, one in enumerate(found) if one[0][0] == "UNH"]
    kinds = [_part(found[place], 2, 0) for place in starts]
    if kinds.count("REMADV") != len(kinds) or not kinds:
        raise StatementFormatError(_lt("The EDI file is no remittance advice (REMADV). Ask the payer for one."))
    if sum(one[0][0] == "UNT" for one in found) < len(starts):
        raise StatementFormatError(_lt("The EDI file is cut off: its end is missing. Ask the payer to send it again."))
    advices = []
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        reader = _Reader()
        for row, segment in enumerate(found[start:end], start + 1):
            reader.take(row, segment)
        advices.append(reader.finished())
    return advices


def _part(segment, element, component):
    if element < len(segment) and component < len(segment[element]):
        return segment[element][component]
    return ""


def _amount(text):
    return plain_amount(text) if text else None


class _Reader:
    def __init__(self):
        self.advice = Advice(NAME)
        self._document = None
        self._is_adjustment = self._is_summary = False
        self._totals = {}

    def take(self, row, segment):
        """Take the next segment."""
        name = segment[0][0]
        take = getattr(self, f"_take_{name.lower()}", None)
        if take:
            take(row, segment)

    def _take_bgm(self, _row, segment):
        self.advice.reference = _part(segment, 2, 0)

    def _take_rff(self, _row, segment):
        kind, number = _part(segment, 1, 0), _part(segment, 1, 1)
        if self._document:
            if kind in _DOCUMENTS:
                self._document["numbers"].append(number)
        elif kind in ("PQ", "PK", "PB", "CRF", "AEK"):
            # The payment's own references, which the bank's text contains.
            self.advice.reference = number

    def _take_dtm(self, _row, segment):
        if not self._document and _part(segment, 1, 0) in ("209", "203", "138", "137") and not self.advice.payment_date:
            try:
                self.advice.payment_date = compact_date(_part(segment, 1, 1)[:8])
            except StatementFormatError:
                self.advice.payment_date = None

    def _take_nad(self, _row, segment):
        if _part(segment, 1, 0) in ("PR", "BY", "PL") and not self.advice.payer_name:
            self.advice.payer_name = _part(segment, 4, 0) or _part(segment, 3, 0)

    def _take_fii(self, _row, segment):
        if _part(segment, 1, 0) in ("OR", "PB"):
            self.advice.payer_account = _part(segment, 2, 0)

    def _take_cux(self, _row, segment):
        self.advice.currency = self.advice.currency or _part(segment, 1, 1)

    def _take_doc(self, row, segment):
        self._finish_document()
        number = _part(segment, 2, 0)
        self._document = {
            "row": row, "kind": _part(segment, 1, 0), "number": number, "numbers": [], "amounts": {}, "taken": [],
            "codes": [],
        }  # fmt: skip
        self._is_adjustment = False

    def _take_ajt(self, _row, segment):
        self._is_adjustment = True
        if self._document:
            self._document["codes"].append(_part(segment, 1, 0))

    def _take_uns(self, _row, _segment):
        self._finish_document()
        self._is_summary = True

    _take_unt = _take_uns

    def _take_moa(self, _row, segment):
        kind, amount = _part(segment, 1, 0), _amount(_part(segment, 1, 1))
        if amount is None:
            return
        self.advice.currency = self.advice.currency or _part(segment, 1, 2)
        if not self._document:
            self._totals.setdefault(kind, amount)
        elif kind in _ADJUSTED or self._is_adjustment:
            code = self._document["codes"][-1] if self._document["codes"] else ""
            self._document["taken"].append((abs(amount), code))
        else:
            self._document["amounts"].setdefault(kind, amount)

    def _finish_document(self):
        document, self._document, self._is_adjustment = self._document, None, False
        if not document:
            return
        amounts = document["amounts"]

        def first(kinds):
            return next((amounts[kind] for kind in kinds if kind in amounts), None)

        gross, discount = first(_INVOICED), abs(first(_DISCOUNT) or ZERO)
        taken = sum((amount for amount, _code in document["taken"]), ZERO)
        paid = first(_PAID)
        if paid is None:
            paid = first(_DUE)
        if paid is None and gross is not None:
            paid = gross - discount - taken
        deduction = discount + taken
        if gross is not None and paid is not None and gross >= paid >= 0:
            deduction = min(deduction, gross - paid) if deduction else gross - paid
        if document["kind"] in _CREDIT_KINDS and paid is not None:
            paid, deduction = -abs(paid), ZERO
        codes = list(dict.fromkeys(document["codes"]))
        code = _REASONS.get(codes[0], "other") if codes else "late_discount" if discount else ""
        line = AdviceLine(
            document["number"],
            paid,
            deduction,
            ", ".join(str(_WORDS.get(one, one)) for one in codes),
            code,
            tuple(number for number in dict.fromkeys(document["numbers"]) if number),
            document["row"],
        )
        parts = [(amount, _REASONS.get(one, "other"), str(_WORDS.get(one, one))) for amount, one in document["taken"]]
        parts.insert(0, (discount, "late_discount", str(_WORDS["39"])))
        self.advice.lines += split_by_reason(line, parts)

    def finished(self):
        """Give the advice.

        :raise StatementFormatError: without a line
        """
        self._finish_document()
        if not self.advice.lines:
            raise StatementFormatError(
                _lt("The remittance advice has no lines (DOC). Ask the payer for one with its documents.")
            )
        self.advice.total = next((self._totals[kind] for kind in (*_PAID, "128", *_DUE) if kind in self._totals), None)
        return self.advice

"""Remittance advice as a table: rows of cells under a header, wherever they come from (CSV, Excel, web page, text).

How it works: the header is the first row with a column of document numbers and one of amounts. All amounts together
give the decimal mark. A row without a number is the total where it adds up, else an amount that is of no document.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from ...statement_formats.amounts import CURRENCIES, detect_decimal, looks_like_amount, written_amount
from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt
from ...statement_formats.text import fold, squeeze
from .columns import has_word, role_of
from .model import ZERO, Advice, AdviceLine, check_count
from .reasons import reason_of, split_by_reason
from .wording import CURRENCY_WORDS

HEADER_ROWS = 500
NUMBER_MAX = 60
ITEM_MAX = 200
_TOTAL = re.compile(
    r"(?:grand |sub ?|net ?|sous )?(?:total\w*|summe|somme|suma|totaal|gesamt\w*|sum)\b|amount paid|payment amount"
    r"|zahlbetrag"
)
# "Net" beside a column of VAT is what is owed without VAT.
_NET = re.compile(r"\b(?:net|netto\w*|nett|neto|ht|excl)\b")
_PAY = re.compile(r"\b(?:pay|paid|paye|pago|pagad|zahl|gezahlt|bezahlt|regl|vire|betaa|remit|settle)")
_STATUS_NOT_PAID = re.compile(
    r"(?:on hold|held|reject\w*|pending|blocked|cancel\w*|disputed|unpaid|not \w+|open|declined|gesperrt|abgelehnt|"
    r"offen|zuruckgestellt|storniert|bloque\w*|refuse\w*|rejete\w*|en attente|en litige|annule\w*|pendiente|"
    r"rechazad\w|bloquead\w|anulad\w|geblokkeerd|afgewezen|openstaand|sospes\w|rifiutat\w|annullat\w)\b"
)
_NOT_PAID = {"", "no", "nein", "non", "nee", "not paid", "unpaid", "open", "offen", "n/a", "na", "nil"}
# A code of a currency is no part of a word: "ALLOWANCE" has none.
_CURRENCY = re.compile(r"(?<![^\W\d_])[A-Z]{3}(?![^\W\d_])")
CREDIT = re.compile(r"\b(?:credit|cn|cm|avoir|gutschrift|abono|rectificativ[ae]|nota di credito|creditnota|credito)\b")


def find_header(rows):
    """Find the header of the table of documents.

    :param rows: list of lists of cells
    :return: (index, dict role -> list of places, the surest first), or None
    """
    for index, cells in enumerate(rows[:HEADER_ROWS]):
        ranked = {}
        for place, cell in enumerate(cells):
            if isinstance(cell, str) and cell:
                role, rank = role_of(cell)
                # "RE-5501 1.000" is a document and a part of its amount.
                if role and not (role == "number" and sum(map(str.isdigit, cell)) > 2):
                    ranked.setdefault(role, []).append((rank, place))
        if "number" not in ranked or not ranked.keys() & {"paid", "gross", "remaining"}:
            continue
        columns = {role: [place for _rank, place in sorted(places)] for role, places in ranked.items()}
        if "tax" in ranked:
            net = [place for place in columns.get("paid", ()) if _is_net(cells[place])]
            ranked["paid"] = [one for one in ranked.get("paid", ()) if one[1] not in net]
            columns["paid"] = [place for place in columns.get("paid", ()) if place not in net]
            if not columns["paid"] and "gross" not in columns:
                columns["paid"] = net
            # Beside a tax, of several plain amounts the total is what is owed.
            plain = [place for rank, place in sorted(ranked.get("paid", ())) if rank]
            totals = [place for place in plain if has_word("total", cells[place])]
            if len(plain) > len(totals) == 1:
                ranked["paid"] = [one for one in ranked["paid"] if not one[0] or one[1] in totals]
                columns["paid"] = [place for _rank, place in sorted(ranked["paid"])]
        sure = [place for rank, place in sorted(ranked.get("paid", ())) if rank == 0]
        if sure and len(ranked["paid"]) > len(sure):
            # Beside what was paid, a plain "Amount" is what was owed.
            columns["gross"] = columns.get("gross", []) + [one for one in columns["paid"] if one not in sure]
            columns["paid"] = sure
        if not columns.keys() & {"paid", "gross"}:
            columns["gross"] = columns["remaining"]
        return index, columns
    return None


def _is_net(header):
    words = fold(header)
    return bool(_NET.search(words)) and not _PAY.search(words)


def read(rows, format_name):
    """Read the table.

    :param rows: list of lists of cells: str, ``Decimal`` or ``date``
    :return: :class:`Advice`, or None where there is no header or no row under it
    :raise StatementFormatError: amounts that are written in two ways
    """
    found = find_header(rows)
    if found is None:
        return None
    index, columns = found
    table = Table(rows, index, columns)
    advice = Advice(format_name, lines=table.lines, total=table.total, warnings=table.warnings)
    advice.currency = table.currency
    return advice if advice.lines else None


def read_all(rows, format_name):
    """Read the table of one payment, or of several by a column of the payment's number: an advice for each.

    :return: list of :class:`Advice`, of None as ``read`` gives it
    :raise StatementFormatError: more payments than are read at once
    """
    found = find_header(rows)
    if found is None or "payment" not in found[1]:
        return [read(rows, format_name)]
    index, columns = found
    of_rows = [_payment_of(cells, columns) for cells in rows[index + 1 :]]
    payments = [payment for payment in dict.fromkeys(of_rows) if payment]
    if "" in of_rows or len(payments) < 2:
        is_one = "" not in of_rows and payments
        return [_of_payment(read(rows, format_name), payments[0] if is_one else "")]
    check_count(payments)  # each is read by a loop over all rows
    return [
        _of_payment(
            read(
                rows[: index + 1]
                + [cells if one == payment else [] for cells, one in zip(rows[index + 1 :], of_rows, strict=True)],
                format_name,
            ),
            payment,
        )
        for payment in payments
    ]


def _payment_of(cells, columns):
    """The number of a row's payment; '' of a document without one, None of any other row."""
    place, number = columns["payment"][0], columns["number"][0]
    payment = squeeze(_number_text(cells[place])) if place < len(cells) else ""
    is_document = number < len(cells) and any(map(str.isdigit, _number_text(cells[number])))
    return payment if any(map(str.isdigit, payment)) else "" if is_document else None


def _of_payment(advice, payment):
    if advice:
        advice.reference = payment
    return advice


def decimal_mark(texts):
    """Find the decimal mark of amounts; in "1,234" alone the mark groups thousands."""
    mark = detect_decimal(texts)
    if mark == "":
        return "." if any("," in text for text in texts) else ","
    return mark or "."


class Table:
    """The rows under a header.

    :param rows: list of lists of cells
    :param header: index of the header
    :param columns: as ``find_header`` gives them
    """

    def __init__(self, rows, header, columns):
        self.columns, self.warnings, self.lines, self.total = columns, [], [], None
        self._texts = []
        self._sum = ZERO
        body = list(enumerate(rows[header + 1 :], header + 2))
        money = [place for role in ("paid", "gross", "discount", "deduction") for place in columns.get(role, ())]
        texts = [
            cells[place]
            for _number, cells in body
            for place in money
            if place < len(cells) and isinstance(cells[place], str) and looks_like_amount(cells[place])
        ]
        self.decimal = decimal_mark(texts)
        self.currency = self._currency(rows[header], body, texts)
        self._headers = rows[header]
        # Where one row says what was paid, a row that says nothing is not paid.
        self._has_paid = any(_is_filled(cell) for _number, cells in body for cell in self._cells(cells, "paid"))
        self._sign = 1
        found = [self._amount(cells, role) for _number, cells in body for role in ("paid", "gross")]
        if len([one for one in found if one]) > 1 and not any(one > 0 for one in found if one):
            self._sign = -1  # the payer's own books: what is owed to others is below zero
        self._has_amounts = any(self._amount(cells, "paid") is not None for _number, cells in body)
        for number, cells in body:
            self._read_row(number, cells)
        self._name_items()
        self._settle_deductions()
        # What remains may be what is paid now or is open after it, an amount beside a tax may be with or without it.
        is_remaining = columns.get("gross") == columns.get("remaining", ())
        is_plain = "tax" in columns and "gross" not in columns and not self._is_paid_sure
        if (
            (is_remaining or is_plain and not has_word("total", self._headers[columns["paid"][0]]))
            and (self.total != self._sum)
            or self._sign < 0
            or self._are_currencies_mixed
        ):
            self.lines[:] = [replace(line, is_unsure=True) for line in self.lines]

    def _name_items(self):
        """Where several rows are of one document, what is written beside each is its item."""
        counts = Counter(line.number for line in self.lines)
        self.lines[:] = [
            replace(line, item=text) if line.number and counts[line.number] > 1 and not line.item else line
            for line, text in zip(self.lines, self._texts, strict=True)
        ]

    def _currency(self, header, body, texts):
        """The one currency that the columns, the header or the amounts name, or ''."""
        named = {self._text(cells, "currency").upper() for _number, cells in body}
        for text in (*(cell for cell in header if isinstance(cell, str)), *texts):
            named |= set(_CURRENCY.findall(text)) - CURRENCY_WORDS
        named &= CURRENCIES
        self._are_currencies_mixed = len(named) > 1
        return named.pop() if len(named) == 1 else ""

    def _cells(self, cells, role):
        return [cells[place] for place in self.columns.get(role, ()) if place < len(cells) and cells[place] != ""]

    def _text(self, cells, role):
        return next((squeeze(str(cell)) for cell in self._cells(cells, role)), "")

    def _amount(self, cells, role):
        """The first amount in the columns of a role, or None."""
        found = next((one for one in map(self._amount_of, self._cells(cells, role)) if one is not None), None)
        return None if found is None else self._sign * found

    def _amount_of(self, cell):
        if isinstance(cell, Decimal):
            return cell
        text = str(cell).strip()
        if not _is_filled(text) or isinstance(cell, (date, datetime)):
            return None
        try:
            return written_amount(text, self.decimal)
        except StatementFormatError:
            return None

    def _deductions(self, cells):
        """What the columns of deductions say is deducted: list of (Decimal, code of the reason, words)."""
        found = []
        for role in ("discount", "deduction"):
            for place in self.columns.get(role, ()):
                amount = self._amount_of(cells[place]) if place < len(cells) else None
                if amount:
                    header = squeeze(self._headers[place])
                    code = reason_of(header) or ("late_discount" if role == "discount" else "")
                    found.append((abs(amount), code, header if code else ""))
        return found

    def _read_row(self, row, cells):
        numbers = [squeeze(_number_text(cell)) for cell in self._cells(cells, "number")]
        numbers = [text for text in dict.fromkeys(numbers) if len(text) <= NUMBER_MAX]
        paid, gross = self._amount(cells, "paid"), self._amount(cells, "gross")
        label = " ".join(squeeze(cell) for cell in cells if isinstance(cell, str))
        documents = [text for text in numbers if any(char.isdigit() for char in text)]
        if numbers and _is_total(numbers[0]):
            documents = []
        if paid is None and gross is None:
            if documents and len(documents[0].split()) == 1 and not find_header([cells]):
                self.warnings.append(
                    _lt("Row %(row)s: %(number)s has no amount and is left out.", row=row, number=documents[0])
                )
            return
        if not documents:
            if paid is not None or not self._has_amounts:
                self._read_other_row(row, numbers, label, paid if paid is not None else gross)
            return
        if self._is_not_paid(cells, paid, gross):
            self.warnings.append(
                _lt("Row %(row)s: nothing is paid for %(number)s; it is left out.", row=row, number=documents[0])
            )
            return
        text = self._text(cells, "reason")
        for line in self._lines(row, cells, documents, paid, gross):
            self._add(line, "" if line.deduction else text)

    def _is_not_paid(self, cells, paid, gross):
        if _STATUS_NOT_PAID.match(fold(self._text(cells, "status"))):
            return True
        if gross is None:
            return False
        if paid is None:
            texts = [squeeze(str(cell)) for cell in self._cells(cells, "paid")]
            return self._has_amounts or self._has_paid and all(fold(text.strip("-–—. ")) in _NOT_PAID for text in texts)
        return not paid and bool(gross) and sum((one[0] for one in self._deductions(cells)), ZERO) != abs(gross)

    def _settle_deductions(self):
        """Where a column says an amount and others what is deducted, the total tells whether that is in the amount;
        without it a person has to confirm."""
        if "gross" in self.columns or not any(line.deduction for line in self.lines):
            return
        if self._is_paid_sure:
            return
        less = [
            replace(line, amount=line.amount - sum(one.deduction for one in self.lines if one.row == line.row))
            if line.deduction and line.amount
            else line
            for line in self.lines
        ]
        amounts = sum((line.amount for line in less), ZERO)
        if self.total is not None and amounts == self.total:
            self.lines[:] = less
        elif self.total is None or self.total != self._sum:
            self.lines[:] = [replace(line, is_unsure=bool(line.deduction)) for line in self.lines]

    @property
    def _is_paid_sure(self):
        """Whether the column of amounts says that they were paid."""
        places = self.columns.get("paid", ())
        return bool(places) and role_of(self._headers[places[0]]) == ("paid", 0)

    def _add(self, line, text=""):
        self.lines.append(line)
        self._texts.append(text[:ITEM_MAX])
        self._sum += line.amount

    def _lines(self, row, cells, numbers, paid, gross):
        parts = self._deductions(cells)
        named = sum((amount for amount, _code, _words in parts), ZERO)
        is_credit = bool(CREDIT.search(fold(self._text(cells, "kind"))))
        if is_credit:
            paid, gross = (None if one is None else -abs(one) for one in (paid, gross))
        if paid is None:
            paid = gross - named if gross > 0 else gross
        deduction = named
        if gross is not None and gross > paid >= 0 and not named:
            deduction = gross - paid
        elif gross is not None and named and gross - named != paid:
            self.warnings.append(
                _lt(
                    "Row %(row)s: %(gross)s less %(deduction)s is not %(paid)s; what is paid counts.",
                    row=row, gross=gross, deduction=named, paid=paid,
                )
            )  # fmt: skip
            deduction = max(gross - paid, ZERO)
        reason = self._text(cells, "reason") if deduction else ""
        codes = {code for _amount, code, _words in parts}
        code = codes.pop() if deduction and len(codes) == 1 else ""
        code = (code or reason_of(reason)) if deduction else ""
        reason = reason or ", ".join(words for _amount, _code, words in parts if words and code != "late_discount")
        item = self._text(cells, "item")
        if not any(map(str.isalpha, item)):
            item = ""  # the number of the row
        line = AdviceLine(numbers[0], paid, deduction, reason, code, tuple(numbers[1:]), row, item[:ITEM_MAX])
        return split_by_reason(line, parts)

    def _read_other_row(self, row, numbers, label, amount):
        """A row without a document: the total, or an amount of its own."""
        if _TOTAL.search(fold(label)) or self.lines and amount == self._sum:
            self.total = amount
            return
        if amount:
            text = next(iter(numbers), "") or label
            self._add(AdviceLine("", amount, reason=text[:200], row=row))


def _is_filled(cell):
    return not isinstance(cell, str) or cell.strip("-–— ") != ""


def _is_total(text):
    """Whether the cell of a number says that its row is the total: ``Total (2 invoices)``, but not ``SUM-2026-001``."""
    return bool(_TOTAL.match(fold(text))) and not any(map(str.isdigit, text.split()[0]))


def _number_text(cell):
    """A document's number as it is written, also where a spreadsheet holds it as a number."""
    if isinstance(cell, Decimal):
        return format(cell.quantize(Decimal(1)) if cell == cell.to_integral_value() else cell, "f")
    return "" if isinstance(cell, (date, datetime)) else str(cell)

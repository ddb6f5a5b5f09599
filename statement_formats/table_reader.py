"""Reads the cells of a table by a mapping: dates, amounts, and the sign of each amount."""

from datetime import date, datetime
from decimal import Decimal

from .amounts import CURRENCIES, currency_code, detect_decimal, has_credit_mark, is_bare, plain_amount, written_amount
from .balance_rows import kind_of
from .cells import cell_at, is_date, text_of
from .dates import YEAR_MAX, YEAR_MIN, detect_order, order_note, read_date, written_month_end
from .errors import MappingRequired, StatementFormatError
from .marks import is_debit_mark, read_marks
from .sentence import _lt

_PREVIEW = 20
_COLUMNS_SHOWN = 30
_LAST_OF_MARKS = "CcRrTtHh."
_WARNINGS_MAX = 20
_NOT_ZERO = "123456789"


def shown(rows):
    """Give the first rows as texts, for a preview."""
    return [[str(cell) for cell in row[:_COLUMNS_SHOWN]] for row in rows[:_PREVIEW]]


class Reader:
    """Reads cells by a mapping whose date order and decimal mark are settled from the whole column.

    :param mapping: complete ``Mapping``
    :param rows: list of rows that look like entries
    :raise MappingRequired: dates, amounts or marks that can be read in two ways
    """

    def __init__(self, mapping, rows):
        self.mapping = mapping
        self.warnings = []
        # '' where no text says anything: cells with real dates and numbers, or whole amounts only.
        self.date_order = mapping.date_order or self._settle_dates(rows)
        self.decimal = mapping.decimal or self._settle_decimal(rows)
        self._currencies = self._written_currencies(rows)
        debits = [self.amount(row, mapping.debit) for row in rows] if mapping.debit is not None else []
        # French banks write "-12,50" in the debit column; elsewhere a negative debit is one that is reversed.
        self.is_debit_signed = any(value for value in debits) and all(value <= 0 for value in debits if value)
        credits = [self.amount(row, mapping.credit) for row in rows] if mapping.credit is not None else []
        # Some card exports write "-12.50" in the credit column too, for refunds.
        self.is_credit_negative = any(credits) and all(value <= 0 for value in credits if value)
        self.is_unmarked_debit = self._settle_unmarked(rows)
        self._is_debit = self._settle_marks(rows) if mapping.direction is not None else {}
        self.contradiction = ""
        # Numbers of the rows whose running balance cannot be read.
        self._unread = {}
        # Whether the marks count where the amounts have signs that contradict them.
        self.is_by_marks = False
        self.has_redundant_marks = bool(self._is_debit) and self._repeats_signs(rows)

    def _written_currencies(self, rows):
        """Give the codes that the amounts are written with (``-10.00 USD``), where no column has the currencies.

        One that only some of the amounts have says nothing of the others, which are the account's: none then.
        """
        mapping = self.mapping
        if mapping.currency is not None:
            return set()
        places = [place for place in (mapping.amount, mapping.debit, mapping.credit) if place is not None]
        amounts = {cell_at(row, place) for row in rows for place in places}
        texts = {amount for amount in amounts if isinstance(amount, str) and any(char in _NOT_ZERO for char in amount)}
        written = {"" if is_bare(text) else currency_code(text) for text in texts}
        if any(amount and not isinstance(amount, str) for amount in amounts):
            written.add("")
        codes = written - {""}
        if codes == {mapping.account_currency}:
            return set()
        if len(codes) == 1 and "" in written:
            self._say(
                _lt(
                    "Only some of the amounts are written with a currency (%(currency)s). All of them are read in the "
                    "account's currency.",
                    currency=next(iter(codes)),
                )
            )
            return set()
        return codes

    def currency(self, row):
        """Give the currency of a row: of its column, written with its amount, or the account's."""
        mapping = self.mapping
        if mapping.second_currency and self._is_second(row):
            return mapping.second_currency
        if mapping.currency is not None:
            text = text_of(row, mapping.currency).upper()
            return (text if text in CURRENCIES else currency_code(text) or text) or mapping.account_currency
        if not self._currencies:
            return mapping.account_currency
        if len(self._currencies) == 1:
            return next(iter(self._currencies))
        for place in (mapping.amount, mapping.debit, mapping.credit, mapping.balance):
            code = currency_code(text_of(row, place))
            if code:
                return code
        return mapping.account_currency

    def _settle_dates(self, rows):
        texts = [
            cell.strip()
            for row in rows
            for cell in (cell_at(row, self.mapping.date),)
            if isinstance(cell, str) and is_date(cell)
        ]
        if not texts:
            return ""
        order, is_certain = detect_order(texts)
        if order and is_certain is False:
            self.warnings.append(order_note(order, texts[0]))
        if order:
            return order
        impossible = {
            name: next((text for text in texts if read_date(text, name) is None), "") for name in ("dmy", "mdy")
        }
        if not any(impossible.values()):
            raise MappingRequired(
                _lt(
                    'The dates of the table (such as "%(text)s") can be read day first or month first. '
                    "Please choose which.",
                    text=texts[0][:40],
                ),
                self.mapping,
                shown(rows),
            )
        raise StatementFormatError(
            _lt(
                "The dates of the table do not all fit one order of day and month (such as "
                '"%(one)s" and "%(other)s"). Please check the column of dates, or export '
                "the file again.",
                one=impossible["dmy"][:40],
                other=impossible["mdy"][:40],
            )
        )

    def _settle_decimal(self, rows):
        columns = [
            column
            for column in (self.mapping.amount, self.mapping.debit, self.mapping.credit, self.mapping.balance)
            if column is not None
        ]
        texts = [
            cell
            for row in rows
            for column in columns
            for cell in (cell_at(row, column),)
            if isinstance(cell, str) and cell
        ]
        decimal = detect_decimal(texts)
        if decimal == "":
            raise MappingRequired(
                _lt(
                    'The amounts of the table (such as "%(text)s") can be read with "." or with "," as '
                    "their decimal mark. Please choose which.",
                    text=texts[0][:40],
                ),
                self.mapping,
                shown(rows),
            )
        return decimal or ""

    def _settle_unmarked(self, rows):
        """Tell whether amounts without a mark go out: where others are marked CR, and none has a minus."""
        if self.mapping.amount is None or self.mapping.direction is not None:
            return False
        cells = [cell_at(row, self.mapping.amount) for row in rows]
        if not any(isinstance(cell, str) and cell[-1:] in _LAST_OF_MARKS for cell in cells if cell):
            return False
        marks = {
            has_credit_mark(cell) for cell in cells if isinstance(cell, str) and any(char in _NOT_ZERO for char in cell)
        }
        if marks != {True, False}:
            return False
        self.warnings.append(
            _lt("Amounts without a mark are read as money that went out, because others are marked as credits.")
        )
        return True

    def _settle_marks(self, rows):
        """Give a dict from each text of the direction column to whether it means money out.

        :raise MappingRequired: a text that is not known
        """
        mapping = self.mapping
        texts = list(dict.fromkeys(text_of(row, mapping.direction) for row in rows))
        chosen = dict.fromkeys(mapping.debit_marks, True) | dict.fromkeys(mapping.credit_marks, False)
        if chosen:
            marks = {text: chosen.get(text, is_debit_mark(text)) for text in texts}
        else:
            marks = read_marks(texts)[0] or {text: is_debit_mark(text) for text in texts}
            marks.setdefault("", None)
        unknown = {text for text in texts if marks.get(text) is None}
        # Rows with balances have no marks.
        if unknown:
            of_entries = [row for row in rows if not any(kind_of(text_of(row, index)) for index in mapping.label)]
            unknown &= {text_of(row, mapping.direction) for row in of_entries}
            marks |= {text: False for text in texts if marks.get(text) is None and text not in unknown}
        if unknown:
            raise MappingRequired(
                _lt(
                    '"%(text)s" does not say whether money came or went. Please check the column with '
                    "the debit and credit marks.",
                    text=min(unknown)[:20],
                ),
                mapping,
                shown(rows),
            )
        return marks

    def _repeats_signs(self, rows):
        """Tell whether the amounts have signs that say the same as the marks; remember one that says otherwise."""
        mapping = self.mapping
        negative = agreeing = 0
        for row in rows:
            amount = self.amount(row, mapping.amount)
            if amount is not None and amount < 0:
                negative += 1
                agreeing += self._is_debit[text_of(row, mapping.direction)]
        if not negative:
            return False
        debits = sum(
            bool(self._is_debit[text_of(row, mapping.direction)] and self.amount(row, mapping.amount)) for row in rows
        )
        if agreeing == negative == debits:
            return True
        self.contradiction = _lt(
            "The signs of the amounts and the debit and credit marks of the table contradict each other. Please "
            "choose which of them counts.",
        )
        return False

    def date(self, row, index):
        """Give the date in a cell, or None."""
        cell = cell_at(row, index)
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date):
            return cell if YEAR_MIN <= cell.year <= YEAR_MAX else None
        text = cell.strip() if isinstance(cell, str) else ""
        if not text:
            return None
        order = self.date_order or "dmy"
        return read_date(text, order) or self._month_end(text, order)

    def value_date(self, row):
        """Give the value date of a row, or None; one that cannot be read is left out with a warning."""
        index = self.mapping.value_date
        found = self.date(row, index) if index is not None else None
        if found is None and index is not None:
            text = text_of(row, index)
            # Banks fill a date that they do not have with zeros.
            if text.strip("0-./ "):
                self._say(_lt('"%(text)s" is not a date and is left out.', text=text[:20]))
        return found

    def _month_end(self, text, order):
        """Give the last day of February for a 30 February, with a warning, else None."""
        found = written_month_end(text, order) if "30" in text or "29" in text else None
        if found is not None:
            self._say(_lt('The date "%(text)s" does not exist; %(day)s is taken.', text=text[:20], day=found))
        return found

    def _say(self, sentence):
        if len(self.warnings) < _WARNINGS_MAX and sentence not in self.warnings:
            self.warnings.append(sentence)

    def amount(self, row, index):
        """Give the amount in a cell, or None where it is empty."""
        cell = cell_at(row, index)
        if isinstance(cell, Decimal):
            return plain_amount(format(cell, "f"))
        text = cell.strip() if isinstance(cell, str) else str(cell)
        if not text or text in "-–—":
            return None
        return written_amount(text, self.decimal or ".")

    def _amount_place(self, row):
        mapping = self.mapping
        return mapping.second_amount if self._is_second(row) else mapping.amount

    def _is_second(self, row):
        """Tell whether the amount of a row is in the column for another currency."""
        mapping = self.mapping
        if mapping.second_amount is None or cell_at(row, mapping.amount) != "":
            return False
        return cell_at(row, mapping.second_amount) != ""

    def side_amount(self, row, index, number):
        """Give the running balance of an entry, or None with a warning where it cannot be read.

        :param row: list of cells
        :param index: column of the balance (int)
        :param number: number of the row, for the warning
        """
        try:
            return self.amount(row, index)
        except StatementFormatError:
            self._unread[number] = True
            return None

    def unread_note(self):
        """Name the rows whose balance could not be read; None where there are none."""
        if not self._unread:
            return None
        unread = list(self._unread)
        rows = ", ".join(map(str, unread[:10])) + (", ..." if len(unread) > 10 else "")
        return _lt("Balances that cannot be read are left out: %(count)s (row %(rows)s).", count=len(unread), rows=rows)

    def optional_amount(self, row, index):
        """Give the amount in a cell that is no part of the money that moved, or None where it cannot be read."""
        try:
            return self.amount(row, index) if index is not None else None
        except StatementFormatError:
            return None

    def line_amount(self, row, *, is_balance=False):
        """Give the signed amount of a row, or None where it has none.

        :param row: list of cells
        :param is_balance: whether it is a row with a balance, which needs no mark (bool)
        :raise StatementFormatError: a direction mark that is not known
        """
        mapping = self.mapping
        if mapping.amount is not None:
            amount = self.amount(row, self._amount_place(row))
            if (
                amount is not None
                and self.is_unmarked_debit
                and not is_balance
                and not has_credit_mark(str(cell_at(row, mapping.amount)))
            ):
                amount = -amount
            if amount is not None and mapping.direction is not None and not self.has_redundant_marks:
                mark = text_of(row, mapping.direction)
                is_debit = self._is_debit[mark] if mark in self._is_debit else is_debit_mark(mark)
                is_debit = False if is_balance and not mark else is_debit
                if is_debit is None:
                    raise StatementFormatError(
                        _lt(
                            '"%(text)s" does not say whether money came or went. Please check the column with '
                            "the debit and credit marks.",
                            text=mark[:20],
                        )
                    )
                amount = abs(amount) if self.is_by_marks else amount
                amount = -amount if is_debit else amount
        else:
            debit, credit = self.amount(row, mapping.debit), self.amount(row, mapping.credit)
            amount = None
            if debit is not None or credit is not None:
                debit, credit = debit or Decimal(0), credit or Decimal(0)
                if self.is_credit_negative and mapping.column_set:
                    credit = -credit
                amount = credit + (debit if self.is_debit_signed else -debit)
        return -amount if mapping.is_inverted and amount is not None else amount

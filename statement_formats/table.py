"""From rows of cells to statements; shared by CSV and XLSX."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from .amounts import detect_decimal, plain_amount, written_amount
from .dates import YEAR_MAX, YEAR_MIN, detect_order, order_note, read_date
from .errors import MappingRequired, StatementFormatError
from .guess import cell_at, guess_mapping, is_amount, is_date, is_debit_mark, text_of
from .identity import clean_account, clean_reference, is_iban
from .mapping import HEADER_ROWS_MAX, find_header, relocate
from .model import Line, Statement
from .references import find_structured_reference
from .sentence import _lt
from .table_balance import with_balances

_PREVIEW = 20
_DATE_SHAPE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_IBAN_IN_TEXT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")


def _shown(rows):
    return [[str(cell) for cell in row[:30]] for row in rows[:_PREVIEW]]


def _placed(rows, mapping):
    """Give (mapping for this file, index of the first row below the header).

    :raise MappingRequired: the remembered headers are not in this file, or nothing tells what the columns are
    """
    if mapping is None or not mapping.is_complete:
        guessed = guess_mapping(rows)
        if mapping is not None:
            guessed = replace(
                guessed,
                **{
                    name: getattr(mapping, name)
                    for name in (
                        "date_order",
                        "decimal",
                        "delimiter",
                        "encoding",
                        "sheet",
                        "account_number",
                        "is_inverted",
                    )
                },
                account_currency=mapping.account_currency or guessed.account_currency,
            )
        if not guessed.is_complete:
            missing = _lt("dates") if guessed.date is None else _lt("amounts")
            raise MappingRequired(
                _lt(
                    "The table does not tell which column holds the %(missing)s. Please choose what each column means.",
                    missing=missing,
                ),
                guessed,
                _shown(rows),
            )
        index = find_header(rows)
        return guessed, 0 if index is None else index + 1
    if not mapping.header:
        return mapping, 0
    for index, row in enumerate(rows[:HEADER_ROWS_MAX]):
        moved = relocate(mapping, row)
        if moved is not None:
            return moved, index + 1
    raise MappingRequired(
        _lt(
            "The table does not have the columns that this bank account's files had until now. "
            "Please choose again what each column means.",
        ),
        guess_mapping(rows),
        _shown(rows),
    )


class _Reader:
    """Reads cells by a mapping whose date order and decimal mark are settled from the whole column.

    :param mapping: complete ``Mapping``
    :param rows: list of (row number counted from 1, row)
    """

    def __init__(self, mapping, rows):
        self.mapping = mapping
        self.warnings = []
        # '' where no text says anything: cells with real dates and numbers, or whole amounts only.
        self.date_order = mapping.date_order or self._settle_dates(rows)
        self.decimal = mapping.decimal or self._settle_decimal(rows)
        debits = [self.amount(row, mapping.debit) for _number, row in rows] if mapping.debit is not None else []
        # French banks write "-12,50" in the debit column; elsewhere a negative debit is one that is taken back.
        self.is_debit_signed = any(value for value in debits) and all(value <= 0 for value in debits if value)

    def _settle_dates(self, rows):
        texts = [
            cell.strip()
            for _number, row in rows
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
                _shown([row for _n, row in rows]),
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
            for _number, row in rows
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
                _shown([row for _n, row in rows]),
            )
        return decimal or ""

    def date(self, row, index):
        """Give the date in a cell, or None."""
        cell = cell_at(row, index)
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date):
            return cell if YEAR_MIN <= cell.year <= YEAR_MAX else None
        return read_date(cell.strip(), self.date_order or "dmy") if isinstance(cell, str) and cell.strip() else None

    def amount(self, row, index):
        """Give the amount in a cell, or None where it is empty."""
        cell = cell_at(row, index)
        if isinstance(cell, Decimal):
            return plain_amount(format(cell, "f"))
        text = cell.strip() if isinstance(cell, str) else str(cell)
        if not text or text in "-–—":
            return None
        return written_amount(text, self.decimal or ".")

    def line_amount(self, row):
        """Give the signed amount of a row, or None where it has none.

        :raise StatementFormatError: a direction mark that is not known
        """
        mapping = self.mapping
        if mapping.amount is not None:
            amount = self.amount(row, mapping.amount)
            if amount is not None and mapping.direction is not None:
                is_debit = is_debit_mark(text_of(row, mapping.direction))
                if is_debit is None:
                    raise StatementFormatError(
                        _lt(
                            '"%(text)s" does not say whether money came or went. Please check the column with '
                            "the debit and credit marks.",
                            text=text_of(row, mapping.direction)[:20],
                        )
                    )
                amount = -amount if is_debit else amount
        else:
            debit, credit = self.amount(row, mapping.debit), self.amount(row, mapping.credit)
            amount = None
            if debit is not None or credit is not None:
                debit = debit or Decimal(0)
                amount = (credit or Decimal(0)) + (debit if self.is_debit_signed else -debit)
        return -amount if mapping.is_inverted and amount is not None else amount


def _line(reader, row, day, amount, names):
    """Turn a row into a line."""
    mapping = reader.mapping
    label = " ".join(dict.fromkeys(filter(None, (text_of(row, index) for index in mapping.label))))
    name = text_of(row, mapping.counterparty_name)
    reference = clean_reference(text_of(row, mapping.reference))
    return Line(
        date=day,
        value_date=reader.date(row, mapping.value_date),
        amount=amount,
        currency=text_of(row, mapping.currency).upper() or mapping.account_currency,
        label=label or name or reference,
        reference=reference,
        structured_reference=find_structured_reference(label) or find_structured_reference(reference),
        counterparty_name=name,
        counterparty_account=clean_account(text_of(row, mapping.counterparty_account)),
        bank_reference=clean_reference(text_of(row, mapping.bank_reference)),
        check_number=text_of(row, mapping.check_number),
        transaction_code=text_of(row, mapping.transaction_code),
        raw=dict(zip(names, map(str, row), strict=False)),
    )


def _lines(reader, rows, names):
    """Read all rows: list of (account, line, balance after it or None).

    A row without date and amount is a remark; below the last entry totals may follow. An amount without a readable
    date in the midst of the entries is refused: it would be lost.

    :raise StatementFormatError: names the row that cannot be read
    """
    found = []
    mapping = reader.mapping
    left_out = []
    undated = None
    for number, row in rows:
        if not any(cell != "" for cell in row):
            continue
        try:
            day = reader.date(row, mapping.date)
            amount = reader.line_amount(row) if day or _is_amount_row(reader, row) else None
            balance = reader.amount(row, mapping.balance) if day else None
        except StatementFormatError as error:
            raise StatementFormatError(_lt("Row %(number)s: %(error)s", number=number, error=error.sentence)) from error
        if day is None or amount is None:
            if amount is not None:
                undated = undated or (number, text_of(row, mapping.date))
            left_out.append(number)
            if not (undated and _DATE_SHAPE.search(undated[1])):
                continue
        if undated:
            raise StatementFormatError(
                _lt(
                    'Row %(number)s has an amount, but no possible date ("%(text)s"). Please check '
                    "the file or the column of dates.",
                    number=undated[0],
                    text=undated[1][:40],
                )
            )
        line = _line(reader, row, day, amount, names)
        found.append((clean_account(text_of(row, mapping.account)), line, balance))
    if left_out:
        shown = ", ".join(map(str, left_out[:10])) + (", ..." if len(left_out) > 10 else "")
        reader.warnings.append(
            _lt(
                "Rows left out because they have no date or no amount: %(count)s (row %(rows)s).",
                count=len(left_out),
                rows=shown,
            )
        )
    return found


def _is_amount_row(reader, row):
    """Tell whether a row without a date has an amount in the columns of amounts."""
    mapping = reader.mapping
    return any(
        is_amount(cell_at(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit) if index is not None
    )


def _account_in(rows):
    """Find the one IBAN that the rows above the header name, or ''."""
    found = {
        clean_account(match)
        for row in rows
        for cell in row
        if isinstance(cell, str)
        for match in _IBAN_IN_TEXT.findall(cell[:200])
        if is_iban(clean_account(match))
    }
    return found.pop() if len(found) == 1 else ""


def parse_table(rows, mapping, name):
    """Turn the rows of a table into statements, one an account and currency.

    :param rows: list of rows (lists of str, Decimal, date), header and remarks included
    :param mapping: ``Mapping`` or None; an incomplete one is completed by guessing
    :param name: name of the statements (str)
    :return: (list of ``Statement``, list of warnings, the ``Mapping`` that was used)
    :raise StatementFormatError: a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    mapping, first = _placed(rows, mapping)
    numbered = list(enumerate(rows[first:], start=first + 1))
    names = [str(cell) for cell in mapping.header]
    if not names or len(set(names)) < len(names):
        width = max(map(len, rows), default=0)
        names = [f"{index + 1}: {names[index]}" if index < len(names) else str(index + 1) for index in range(width)]
    dated = [(number, row) for number, row in numbered if _has_date_and_amount(row, mapping)]
    reader = _Reader(mapping, dated)
    groups = {}
    for account, line, balance in _lines(reader, numbered, names):
        groups.setdefault((account, line.currency), []).append((line, balance))
    own = mapping.account_number or _account_in(rows[:first])
    statements = [
        with_balances(
            Statement(
                account_number=clean_account(account or own),
                currency=currency,
                name=name,
            ),
            entries,
        )
        for (account, currency), entries in groups.items()
    ]
    used = replace(mapping, date_order=reader.date_order, decimal=reader.decimal)
    return statements, reader.warnings, used


def _has_date_and_amount(row, mapping):
    """Tell whether a row looks like an entry, so that its date and amounts may speak for the whole column."""
    cell = cell_at(row, mapping.date)
    has_date = isinstance(cell, date) or isinstance(cell, str) and any(char.isdigit() for char in cell)
    return has_date and any(
        is_amount(cell_at(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit) if index is not None
    )


def most_common_width(rows):
    """Give (number of columns that most rows have, how many rows have it)."""
    widths = Counter(len(row) for row in rows if any(row))
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))

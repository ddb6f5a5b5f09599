"""What the cells of a table look like: dates, amounts, account numbers, currencies, marks."""

import re
from datetime import date
from decimal import Decimal

from .amounts import CURRENCIES, currency_code, looks_like_amount
from .dates import ORDERS, read_date
from .identity import clean_account, is_iban
from .text import squeeze

SAMPLE = 200
_WITH_DECIMALS = re.compile(r"[.,]\d{1,2}(?![\d.,]*\d)")
_ACCOUNT = re.compile(r"(?=(?:\D*\d){5})[A-Z0-9 ./*-]{6,42}", re.IGNORECASE)


def cell_at(row, index):
    """Give a cell, '' where the row is too short."""
    return row[index] if index is not None and index < len(row) else ""


def text_of(row, index):
    """Give a cell as text, '' where the row is too short."""
    if index is None or index >= len(row):
        return ""
    cell = row[index]
    return squeeze(cell) if isinstance(cell, str) else str(cell)


def is_date(cell):
    return isinstance(cell, date) or isinstance(cell, str) and any(read_date(cell, order) for order in ORDERS)


def is_amount(cell):
    if isinstance(cell, Decimal):
        return True
    return isinstance(cell, str) and looks_like_amount(cell)


def has_decimals(cell):
    """Tell whether an amount is written with one or two decimals: a number of something seldom is."""
    if isinstance(cell, Decimal):
        return cell != cell.to_integral_value()
    return isinstance(cell, str) and bool(_WITH_DECIMALS.search(cell))


def share(cells, test):
    """Give the share of cells (0 to 1) for which a test is true; 0 without cells."""
    return sum(map(bool, map(test, cells))) / len(cells) if cells else 0


def is_iban_cell(cell):
    return isinstance(cell, str) and len(cell) < 60 and is_iban(clean_account(cell))


def is_account_cell(cell):
    """Tell whether a cell may be an account number: an IBAN, or mostly digits."""
    return is_iban_cell(cell) or bool(_ACCOUNT.fullmatch(str(cell).strip())) and not has_decimals(cell)


def is_currency(cell):
    return isinstance(cell, str) and (
        cell.strip().upper() in CURRENCIES
        or len(cell) < 8
        and not any(char.isdigit() for char in cell)
        and bool(currency_code(cell))
    )


class Columns:
    """The cells of each column in a sample of rows.

    :param rows: list of rows below the header
    """

    def __init__(self, rows):
        self.rows = [row for row in rows if sum(cell != "" for cell in row) > 1][:SAMPLE]
        # Rows of notes and totals are no entries: an entry has a date.
        dated = [row for row in self.rows if any(is_date(cell) for cell in row)]
        self.rows = dated or self.rows
        self.width = min(max(map(len, self.rows), default=0), 60)
        self._cells = {}

    def cells(self, index):
        """Give the cells of a column that are not empty."""
        if index not in self._cells:
            found = (cell_at(row, index) for row in self.rows)
            self._cells[index] = [cell for cell in found if cell != "" and cell != "-"]
        return self._cells[index]

    def is_full(self, index):
        return len(self.cells(index)) > len(self.rows) * 0.8

    def dates(self):
        """Give the columns of dates."""
        return [index for index in range(self.width) if self.is_full(index) and share(self.cells(index), is_date) > 0.9]

    def amounts(self):
        """Give the columns that may be amounts."""
        dates = self.dates()
        return [
            index
            for index in range(self.width)
            if index not in dates and self.cells(index) and share(self.cells(index), is_amount) > 0.9
        ]

    def money(self):
        """Give the columns that look like amounts of money: with decimals, or there is none with decimals."""
        amounts = [index for index in self.amounts() if not share(self.cells(index), is_account_cell) > 0.9]
        written = [index for index in amounts if share(self.cells(index), has_decimals)]
        return written or amounts

    def different(self, index):
        """Give the different texts of a column, in the order of their first appearance."""
        return list(dict.fromkeys(text_of(row, index) for row in self.rows))

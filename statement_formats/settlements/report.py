"""The rows of a settlement report, by the names of their columns, and what all readers of them need."""

import csv
import io
import re
from decimal import Decimal

from .. import xlsx
from ..amounts import CURRENCIES, CURRENCY_DIGITS, detect_decimal, written_amount
from ..csv_file import find_delimiter
from ..dates import detect_order, read_date
from ..errors import LINES_MAX, MappingRequired, StatementFormatError, too_many_lines
from ..mapping import Mapping
from ..sentence import _lt
from ..text import decode, squeeze

# Reports begin with their header or with a few rows of title.
HEADER_ROWS = 30
_COLUMNS_MAX = 400
_LINE_MAX = 200_000
_CELL_LINES_MAX = 60
_NAME = re.compile(r"[\s_()\[\]]+")
_TEXT_MAX = 500


def column_name(text):
    """Give the name of a column in one spelling: ``Created (UTC)`` and ``created_utc`` are the same."""
    return _NAME.sub(" ", str(text)).strip().casefold()


def read_rows(content):
    """Read the rows of a CSV file or of an Excel workbook.

    :param content: bytes
    :return: list of (number of the row as the file counts, list of str); of a workbook the first sheet with rows
    :raise StatementFormatError: damaged, cut off or no table
    """
    if not content.strip():
        raise StatementFormatError(_lt("The file is empty. Please download the report again."))
    if xlsx.sniff(content[:4]):
        _title, rows = xlsx.read_table(content, "")
        width = max(map(len, rows), default=0)
        # A workbook leaves out empty cells at the end of a row.
        return [
            (number, [str(cell).strip() for cell in row] + [""] * (width - len(row)))
            for number, row in enumerate(rows, 1)
        ]
    text, _encoding = decode(content)
    if any(len(line) > _LINE_MAX for line in text.split("\n")):
        raise StatementFormatError(
            _lt(
                "The file has a line of more than 200,000 characters, which no settlement report has. Please "
                "download it from the payment processor again.",
            )
        )
    delimiter = find_delimiter(text)
    if not delimiter:
        raise StatementFormatError(
            _lt("The file is no table: no mark divides its lines into columns. Please download it as CSV.")
        )
    return _csv_rows(text, delimiter)


def _csv_rows(text, delimiter):
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    number = 1
    try:
        for cells in reader:
            if len(cells) > _COLUMNS_MAX or any(cell.count("\n") > _CELL_LINES_MAX for cell in cells):
                raise StatementFormatError(
                    _lt(
                        "Row %(row)s cannot be told apart from what follows it: a quotation mark is not closed, or it "
                        "has too many columns. Please download the report again.",
                        row=number,
                    )
                )
            if any(cell.strip() for cell in cells):
                rows.append((number, [cell.strip() for cell in cells]))
            number = reader.line_num + 1
            if len(rows) > LINES_MAX:
                raise too_many_lines()
    except csv.Error as error:
        raise StatementFormatError(
            _lt("Row %(row)s cannot be read (%(error)s). Please download the report again.", row=number, error=error)
        ) from error
    if text.count('"') % 2:
        raise StatementFormatError(
            _lt("The file is cut off within a quoted text, or damaged. Please download the report again.")
        )
    return rows


def find_columns(rows, required):
    """Find the header of a report.

    :param rows: list of (number, list of str)
    :param required: iterable of sets of column names (see ``column_name``), one of which has to be there
    :return: (index of the header in ``rows``, its names as a dict of name to place), or None
    """
    for index, (_number, cells) in enumerate(rows[:HEADER_ROWS]):
        names = {}
        for place, cell in enumerate(cells):
            names.setdefault(column_name(cell), place)
        if any(wanted <= names.keys() for wanted in required):
            return index, names
    return None


def missing_columns(rows, required, own):
    """Tell which columns a header lacks that is nearly the one of a report.

    :param rows: list of (number, list of str)
    :param required: iterable of sets of column names, one of which a report has
    :param own: names (set) that hardly any other table has; a header with two of them is taken for a report's
    :return: list of str in the order of the alphabet; [] where no row is nearly a header of it
    """
    for _number, cells in rows[:HEADER_ROWS]:
        names = {column_name(cell) for cell in cells}
        if len(names & own) > 1:
            return sorted(min((wanted - names for wanted in required), key=len))
    return []


class Row:
    """One row of a report.

    :param report: the ``Report`` that it belongs to
    :param number: the number of the row in the file (int)
    :param cells: list of str
    """

    __slots__ = ("report", "number", "cells")

    def __init__(self, report, number, cells):
        self.report, self.number, self.cells = report, number, cells

    def text(self, *names):
        """Give the first text in one of the columns, '' where there is none."""
        for name in names:
            place = self.report.columns.get(name)
            if place is not None and place < len(self.cells) and self.cells[place]:
                return squeeze(self.cells[place])[:_TEXT_MAX]
        return ""

    def texts(self, *names):
        """Give all different texts of the columns, as a tuple."""
        return tuple(dict.fromkeys(filter(None, (self.text(name) for name in names))))

    def amount(self, *names, required=True):
        """Read an amount (Decimal); zero where the cell is empty and not required.

        :raise StatementFormatError: no amount, naming the row and the column
        """
        text = self.text(*names)
        if not text and not required:
            return Decimal(0)
        try:
            return written_amount(text, self.report.decimal)
        except StatementFormatError as error:
            raise self.error(
                _lt('the column "%(column)s" holds no amount ("%(text)s")', column=names[0], text=text[:40])
            ) from error

    def date(self, *names):
        """Read a date, with or without a time of day.

        :raise StatementFormatError: no date, naming the row and the column
        """
        text = self.text(*names)
        found = read_date(text, self.report.date_order)
        if found is None:
            raise self.error(
                _lt('the column "%(column)s" holds no possible date ("%(text)s")', column=names[0], text=text[:40])
            )
        return found

    def currency(self, *names):
        """Read a currency code, in capitals.

        :raise StatementFormatError: no such code, naming the row and the column
        """
        code = self.text(*names).upper()
        if code not in CURRENCIES:
            raise self.error(
                _lt('the column "%(column)s" holds no currency code ("%(text)s")', column=names[0], text=code[:40])
            )
        return code

    def check_digits(self, currency, *amounts):
        """Refuse amounts with more decimals than the currency has.

        :raise StatementFormatError: naming the row and the amount
        """
        smallest = Decimal(1).scaleb(-CURRENCY_DIGITS.get(currency, 2))
        for amount in amounts:
            if amount % smallest:
                raise self.error(
                    _lt(
                        "the amount %(amount)s has more decimals than the currency %(currency)s",
                        amount=amount,
                        currency=currency or "?",
                    )
                )

    def check_sum(self, gross, fee, net):
        """Refuse a row whose gross amount and fee do not make its net amount.

        :raise StatementFormatError: naming the row and the amounts
        """
        if gross + fee != net:
            raise self.error(
                _lt(
                    "%(gross)s gross and a fee of %(fee)s do not make %(net)s net",
                    gross=gross,
                    fee=fee,
                    net=net,
                )
            )

    def error(self, reason):
        """Make the refusal of the file for what is wrong with this row.

        :param reason: ``Sentence`` without its full stop
        """
        return StatementFormatError(
            _lt(
                "Row %(row)s: %(reason)s. Nothing of the file can be used then; please download the report again.",
                row=self.number,
                reason=reason,
            )
        )


class Report:
    """The rows under the header of a report.

    :param rows: list of (number, list of str), all rows of the file
    :param header: index of the header
    :param columns: dict of column name to place
    :param decimal: the decimal mark where the processor always writes the same, else None to tell it from ``amounts``
    :param amounts: names of the columns with amounts
    :param dates: names of the columns with dates, whose order of day and month is found from all rows
    :param date_order: that order where a person has chosen it, or ''
    :param ids: names of the columns that identify a row; rows that have none may be equal (two fees of one day)
    :param is_id_unique: whether the processor gives each row an id of its own
    """

    def __init__(
        self, rows, header, columns, *, decimal=".", amounts=(), dates=(), ids=(), is_id_unique=False, date_order=""
    ):
        self.columns = columns
        self.rows = [Row(self, number, cells) for number, cells in rows[header + 1 :]]
        self.decimal = decimal
        self.date_order = date_order or "ymd"
        self._check_widths(rows[header][1])
        self._check_repeats(ids, is_id_unique)
        if decimal is None:
            # Where all amounts are such as 1,234 the comma groups thousands: no currency here has three decimals.
            texts = [text for row in self.rows for name in amounts if (text := row.text(name))]
            self.decimal = detect_decimal(texts) or "."
        if dates and not date_order:
            self._tell_order([text for row in self.rows for name in dates if (text := row.text(name))])

    def _tell_order(self, texts):
        if not texts:
            return
        order, _is_certain = detect_order(texts)
        if not order and all(read_date(text, one) for text in texts for one in ("dmy", "mdy")):
            raise MappingRequired(
                _lt(
                    'Dates such as "%(text)s" can be read in two ways. Please choose the order of day and month.',
                    text=texts[0][:40],
                ),
                Mapping(),
                [[text] for text in texts[:20]],
            )
        if not order:
            raise StatementFormatError(
                _lt(
                    'Dates such as "%(text)s" can be read in two ways, or not at all. Please download the report with '
                    "dates as year-month-day, or for a period with a day after the 12th.",
                    text=texts[0][:40],
                )
            )
        self.date_order = order

    def _check_widths(self, header):
        """Refuse a file with a row that has lost columns, or has more of them than the header."""
        width = max((place for place, name in enumerate(header, 1) if name), default=0)
        for row in self.rows:
            if len(row.cells) < width:
                if row is self.rows[-1]:
                    raise StatementFormatError(
                        _lt("The file is cut off in the middle of its last row. Please download the report again.")
                    )
                raise row.error(_lt("it is cut off: it has fewer columns than the header"))
            if any(row.cells[len(header) :]):
                raise row.error(_lt("it has more columns than the header"))

    def _check_repeats(self, ids, is_id_unique):
        """Refuse a file that has a row twice, by its id or cell by cell: its money would count twice."""
        seen = {}
        for row in self.rows:
            name = row.text(*ids)
            if not name:
                continue
            other = seen.setdefault(name if is_id_unique else tuple(row.cells), row)
            if other is not row:
                raise StatementFormatError(
                    _lt(
                        "The rows %(one)s and %(other)s are the same, so the file was put together wrongly. Please "
                        "download the report again.",
                        one=other.number,
                        other=row.number,
                    )
                )

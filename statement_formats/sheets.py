"""What all kinds of spreadsheets have in common: several sheets, of which one holds the statement."""

from dataclasses import replace
from decimal import Decimal

from . import column_sets
from .errors import LINES_MAX, StatementFormatError, too_many_lines
from .guess_headers import find_header
from .mapping import COLUMN_MAX
from .model import ParsedFile
from .sentence import _lt
from .table import parse_table

SHEETS_MAX = 20
# The last row of an Excel sheet.
ROW_MAX = 1_048_576


class Rows:
    """The rows of a sheet (lists of cells), without the empty ones at the ends of rows and sheet.

    A stray cell at the far end of the sheet makes a million empty rows before it; they share one list.
    """

    def __init__(self):
        self.rows = []
        self._blank = []
        self._count = 0

    def add(self, cells, number=None):
        """Add a row.

        :param cells: list of cells
        :param number: its number counted from 1 (int), or None if it follows the row before it
        :raise StatementFormatError: more rows than memory is meant for
        """
        if number is not None and len(self.rows) < number <= ROW_MAX:
            self.rows.extend([self._blank] * (number - 1 - len(self.rows)))
        del cells[COLUMN_MAX:]
        while cells and cells[-1] == "":
            cells.pop()
        self.rows.append(cells)
        self._count += 1
        if self._count > LINES_MAX or len(self.rows) > ROW_MAX:
            raise too_many_lines()

    def finished(self):
        """Give the rows without the empty ones at the end."""
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        return self.rows


def exact(number):
    """Give a binary number as Excel shows it: its 15 digits are what was typed or exported."""
    return Decimal(format(number, ".15g"))


def choose_sheet(sheets, wanted, others=None):
    """Choose the sheet that was asked for, else the first with known headers, else the first.

    :param sheets: iterable of (title, rows), read one by one
    :param wanted: title (str), or '' for any
    :param others: list to which the titles of other sheets with known headers are added, or None to stop at the first
    :return: (title, rows)
    :raise StatementFormatError: no table in any of them
    """
    first = chosen = None
    sheets = iter(sheets)
    for _number in range(SHEETS_MAX):
        try:
            title, rows = next(sheets)
        except StopIteration:
            break
        except StatementFormatError:
            if chosen is None:
                raise
            # A damaged sheet beside the statement touches nothing of it.
            break
        is_table = bool(rows) and (column_sets.find(rows) is not None or find_header(rows) is not None)
        if chosen is None and rows and (title == wanted if wanted else is_table):
            chosen = title, rows
            if others is None:
                break
        elif is_table and others is not None and len(rows) > 1:
            others.append(title)
        first = first or (rows and not wanted and (title, rows))
    if not chosen and not first:
        raise StatementFormatError(_lt("The Excel file holds no table. Please choose the sheet with the statement."))
    return chosen or first


def parse_sheets(sheets, mapping, name, variant):
    """Read the statement from the sheets of a spreadsheet.

    :param sheets: iterable of (title, rows)
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :param name: name of the format (str)
    :param variant: its exact version (str)
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: no table, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    others = []
    sheet, rows = choose_sheet(sheets, mapping.sheet if mapping is not None else "", others)
    statements, warnings, used = parse_table(rows, mapping, sheet)
    if others:
        warnings = [
            *warnings,
            _lt(
                "Only the sheet %(sheet)s is read. Other sheets look like statements too: %(others)s. Please save each "
                "of them as a file of its own and import it.",
                sheet=sheet,
                others=", ".join(f'"{title[:40]}"' for title in others[:10]),
            ),
        ]
    return ParsedFile(
        format=name,
        variant=variant,
        statements=tuple(statements),
        warnings=tuple(warnings),
        mapping=replace(used, sheet=sheet),
    )

"""What all kinds of spreadsheets have in common: several sheets, of which one holds the statement."""

from dataclasses import replace
from decimal import Decimal

from . import column_sets
from .errors import LINES_MAX, MappingRequired, StatementFormatError, too_many_lines
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
        if number is not None and len(self.rows) < number - 1 < ROW_MAX:
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


class Choice:
    """The sheet of a workbook that is read, and what else it has.

    ``titles`` are those of all sheets with data, ``tables`` those of them with known headers.
    """

    def __init__(self):
        self.title, self.rows = "", None
        self.titles, self.tables = [], []


def choose_sheet(sheets, wanted, *, is_needed=True, is_whole=False):
    """Choose the sheet that was asked for, else the first with known headers, else the first.

    :param sheets: iterable of (title, rows), read one by one
    :param wanted: title (str), or '' for any
    :param is_needed: whether no other sheet may be taken for the one that was asked for (bool)
    :param is_whole: whether all sheets are looked at, or none behind the one that is chosen (bool)
    :return: ``Choice``
    :raise StatementFormatError: no table in any of them
    """
    choice, by_rank = Choice(), {}
    sheets = iter(sheets)
    for _number in range(SHEETS_MAX):
        try:
            title, rows = next(sheets)
        except StopIteration:
            break
        except StatementFormatError:
            if not by_rank:
                raise
            # A damaged sheet beside the statement touches nothing of it.
            break
        if not rows:
            continue
        is_table = column_sets.find(rows) is not None or find_header(rows) is not None
        if len(rows) > 1:
            choice.titles.append(title)
            choice.tables += [title] if is_table else []
        rank = 0 if title == wanted else 1 if is_table else 2
        by_rank.setdefault(rank, (title, rows))
        if not is_whole and rank == (0 if wanted else 1):
            break
    if wanted and is_needed and 0 not in by_rank:
        raise StatementFormatError(
            _lt('The Excel file has no sheet "%(sheet)s" with a table. Please choose another sheet.', sheet=wanted[:40])
        )
    if not by_rank:
        raise StatementFormatError(_lt("The Excel file holds no table. Please choose the sheet with the statement."))
    choice.title, choice.rows = by_rank[min(by_rank)]
    return choice


def parse_sheets(sheets, mapping, name, variant):
    """Read the statement from the sheets of a spreadsheet.

    A remembered sheet that is not there is no reason to stop: many are named after a month or an account.

    :param sheets: iterable of (title, rows)
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :param name: name of the format (str)
    :param variant: its exact version (str)
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: no table, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    wanted = mapping.sheet if mapping is not None else ""
    is_needed = mapping is not None and not mapping.is_remembered and not mapping.is_asked
    choice = choose_sheet(sheets, wanted, is_needed=is_needed, is_whole=True)
    try:
        statements, warnings, used = parse_table(choice.rows, mapping, choice.title)
    except MappingRequired as error:
        if error.mapping is not None:
            error.mapping = replace(error.mapping, sheet=choice.title)
        error.sheets = choice.titles
        raise
    others = [title for title in choice.tables if title != choice.title]
    if others:
        warnings = [
            *warnings,
            _lt(
                "Only the sheet %(sheet)s is read. Other sheets look like statements too: %(others)s. Each sheet is "
                "imported by itself: another one can be chosen among the columns of the table.",
                sheet=choice.title,
                others=", ".join(f'"{title[:40]}"' for title in others[:10]),
            ),
        ]
    return ParsedFile(
        format=name,
        variant=variant,
        statements=tuple(statements),
        warnings=tuple(warnings),
        mapping=replace(used, sheet=choice.title),
    )

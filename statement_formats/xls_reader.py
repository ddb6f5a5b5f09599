"""The cells of Excel 97-2003 workbooks (BIFF), read by ``xlrd``."""

import io
import struct

import xlrd
from xlrd.compdoc import CompDocError

from .errors import StatementFormatError
from .mapping import COLUMN_MAX
from .sentence import _lt
from .sheets import SHEETS_MAX, Rows, exact

# 65,536 rows, all that a sheet can have, of 20 columns are about 12 MB.
_BYTES_MAX = 32 << 20
# What xlrd raises for files that are damaged or made to harm: it checks few of the numbers in them.
_DAMAGED = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    ArithmeticError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def _cell(book, cell):
    """Turn a cell into text, an exact decimal or a date; '' where it is empty."""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return cell.value.strip()
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return exact(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, book.datemode).date()
        except (xlrd.xldate.XLDateError, ArithmeticError, ValueError):
            return exact(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return str(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        # "#N/A" in a column of amounts is refused by its row; an empty cell would leave the row out.
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return ""


def _sheets(book):
    for index in range(min(book.nsheets, SHEETS_MAX)):
        sheet = book.sheet_by_index(index)
        rows = Rows()
        for number in range(sheet.nrows):
            rows.add([_cell(book, cell) for cell in sheet.row(number)[:COLUMN_MAX]])
        book.unload_sheet(index)
        yield sheet.name, rows.finished()


def read_sheets(content):
    """Give (title, rows) of all sheets.

    :raise StatementFormatError: too large, encrypted, damaged or an attack
    """
    if len(content) > _BYTES_MAX:
        raise StatementFormatError(
            _lt(
                "The Excel file has more than %(limit)s MB. Please save the statement as .xlsx or CSV.",
                limit=_BYTES_MAX >> 20,
            )
        )
    try:
        book = xlrd.open_workbook(
            file_contents=content, on_demand=True, ragged_rows=True, logfile=io.StringIO(), verbosity=0
        )
        return list(_sheets(book))
    except StatementFormatError:
        raise
    except _DAMAGED as error:
        if "encrypted" in str(error):
            raise StatementFormatError(
                _lt("The Excel file is protected by a password. Please save it without one, as .xlsx or CSV.")
            ) from error
        raise StatementFormatError(
            _lt(
                "The file is a workbook of Excel 97-2003 that cannot be read: it is damaged, or a document of another "
                "program. Please download it again, or save it as .xlsx or CSV.",
            )
        ) from error

"""XLSX workbooks (Office Open XML), read with openpyxl in its streaming mode after a look at the archive."""

import io
import re
import warnings as python_warnings
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from .errors import LINES_MAX, StatementFormatError, too_many_lines
from .mapping import COLUMN_MAX, find_header
from .model import ParsedFile
from .table import parse_table

NAME = "xlsx"
TITLE = "XLSX (Excel)"

# 100,000 rows of 10 columns unpack to about 60 MB.
_BYTES_UNPACKED_MAX = 256 << 20
_MEMBERS_MAX = 2000
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def sniff(head):
    """Tell whether the start of a file is a ZIP archive, which of all statement files only XLSX is."""
    return head.startswith(b"PK\x03\x04")


def _damaged(error=None):
    refusal = StatementFormatError("The Excel file is damaged or cut off. Please download it again, or save it as CSV.")
    refusal.__cause__ = error
    return refusal


def _check_archive(content):
    """Unpack every part once, piece by piece, and count: sizes in the directory may lie.

    :raise StatementFormatError: no workbook, too many or too large parts, a document type or a zero byte in a part
    """
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                raise StatementFormatError(
                    "The file is a ZIP archive, but no Excel workbook. Please unpack it and import the files in it."
                )
            if len(members) > _MEMBERS_MAX:
                raise StatementFormatError(
                    f"The Excel file has {len(members)} parts; no statement has more than "
                    f"{_MEMBERS_MAX}. Please save it as CSV."
                )
            for member in members:
                tail = b""
                with archive.open(member) as part:
                    while chunk := part.read(1 << 18):
                        unpacked += len(chunk)
                        if unpacked > _BYTES_UNPACKED_MAX:
                            raise StatementFormatError(
                                f"The Excel file unpacks to more than {_BYTES_UNPACKED_MAX >> 20} MB, which can be "
                                f"used for an attack. Please save the statement as CSV."
                            )
                        is_xml = member.filename.lower().endswith((".xml", ".rels"))
                        if is_xml and (_FORBIDDEN.search(tail + chunk) or b"\0" in chunk):
                            raise StatementFormatError(
                                "The Excel file declares a document type or entities, which a workbook never does "
                                "and which can be used for an attack. Please save the statement as CSV."
                            )
                        tail = chunk[-16:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, StatementFormatError):
            raise
        raise _damaged(error) from error


def _cell(value):
    """Turn a cell into text, an exact decimal or a date.

    Excel stores numbers in binary; the 15 digits that it shows are what was typed or exported.
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise StatementFormatError(
                "The Excel file holds a number that is none (NaN or infinity). Please check the file."
            )
        return Decimal(format(value, ".15g"))
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value).strip()


def _sheet_rows(sheet):
    """Give the rows of a sheet, without the empty cells at their ends.

    A stray cell at the far end of the sheet makes a million empty rows before it; they cost next to nothing here.
    """
    rows = []
    count = 0
    empty, blank = (None,) * COLUMN_MAX, []
    for row in sheet.iter_rows(values_only=True, max_col=COLUMN_MAX):
        if row == empty:
            rows.append(blank)
            continue
        cells = [_cell(value) for value in row]
        while cells and cells[-1] == "":
            cells.pop()
        rows.append(cells)
        count += 1
        if count > LINES_MAX:
            raise too_many_lines()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _read(content, wanted):
    """Give (name, rows) of the sheet that was asked for, else of the first with known headers, else of the first.

    openpyxl raises whatever a damaged part makes it stumble over, so all of its errors mean "damaged".
    """
    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            first = None
            for sheet in book.worksheets[:20]:
                if wanted and sheet.title != wanted:
                    continue
                sheet.reset_dimensions()
                rows = _sheet_rows(sheet)
                if rows and (wanted or find_header(rows) is not None):
                    return sheet.title, rows
                first = first or (rows and (sheet.title, rows))
    except StatementFormatError:
        raise
    except Exception as error:
        raise _damaged(error) from error
    if not first:
        raise StatementFormatError("The Excel file holds no table. Please choose the sheet with the statement.")
    return first


def parse(content, mapping=None):
    """Read an XLSX workbook; formulas count with the values that were saved with them.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, an attack, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    _check_archive(content)
    sheet, rows = _read(content, mapping.sheet if mapping is not None else "")
    statements, warnings, used = parse_table(rows, mapping, sheet)
    return ParsedFile(
        format=NAME,
        variant="XLSX",
        statements=tuple(statements),
        warnings=tuple(warnings),
        mapping=replace(used, sheet=sheet),
    )

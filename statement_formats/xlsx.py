"""XLSX workbooks (Excel, LibreOffice), after a look at the archive that they come in."""

import io
import zipfile
import zlib
from dataclasses import replace

from .errors import StatementFormatError
from .guess import find_header
from .model import ParsedFile
from .sentence import _lt
from .table import parse_table
from .xlsx_reader import Workbook

NAME = "xlsx"
TITLE = "XLSX (Excel)"

# 100,000 rows of 10 columns unpack to about 60 MB.
_BYTES_UNPACKED_MAX = 192 << 20
_MEMBERS_MAX = 2000
_SHEETS_MAX = 20


def sniff(head):
    """Tell whether the start of a file is a ZIP archive, which of all statement files only XLSX is."""
    return head.startswith(b"PK\x03\x04")


class _Archive:
    """Unpacks parts on demand, piece by piece, and counts: the sizes in the directory may lie."""

    def __init__(self, archive):
        self._archive = archive
        self._names = {member.filename: member for member in archive.infolist()}
        self._left = _BYTES_UNPACKED_MAX
        if "xl/workbook.xml" not in self._names:
            raise StatementFormatError(
                _lt(
                    "The file is a ZIP archive, but no Excel workbook. Please unpack it and import the files in it.",
                )
            )
        if len(self._names) > _MEMBERS_MAX:
            raise StatementFormatError(
                _lt(
                    "The Excel file has %(count)s parts; no statement has more than %(limit)s. Please save it as CSV.",
                    count=len(self._names),
                    limit=_MEMBERS_MAX,
                )
            )

    def unpack(self, name):
        """Give the bytes of a part, or None where there is none.

        :raise StatementFormatError: all parts together unpack to more than the limit
        """
        member = self._names.get(name)
        if member is None:
            return None
        with self._archive.open(member) as part:
            content = part.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise StatementFormatError(
                _lt(
                    "The Excel file unpacks to more than %(limit)s MB, which can be used for "
                    "an attack. Please save the statement as CSV.",
                    limit=_BYTES_UNPACKED_MAX >> 20,
                )
            )
        return content


def read_table(content, wanted):
    """Give (name, rows) of the sheet that was asked for, else of the first with known headers, else of the first.

    :raise StatementFormatError: damaged, an attack, or no table in it
    """
    first = None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = Workbook(_Archive(archive).unpack)
            for title, part in book.sheets[:_SHEETS_MAX]:
                if wanted and title != wanted:
                    continue
                rows = book.rows(part)
                if rows and (wanted or find_header(rows) is not None):
                    return title, rows
                first = first or (rows and (title, rows))
    except StatementFormatError:
        raise
    # What the standard library raises for damaged, encrypted and unknown kinds of archives.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise StatementFormatError(
            _lt("The Excel file is damaged or cut off. Please download it again, or save it as CSV.")
        ) from error
    if not first:
        raise StatementFormatError(_lt("The Excel file holds no table. Please choose the sheet with the statement."))
    return first


def parse(content, mapping=None):
    """Read an XLSX workbook; formulas count with the values that were saved with them.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, an attack, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    sheet, rows = read_table(content, mapping.sheet if mapping is not None else "")
    statements, warnings, used = parse_table(rows, mapping, sheet)
    return ParsedFile(
        format=NAME,
        variant="XLSX",
        statements=tuple(statements),
        warnings=tuple(warnings),
        mapping=replace(used, sheet=sheet),
    )

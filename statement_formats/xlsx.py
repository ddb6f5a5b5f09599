"""XLSX workbooks (Excel, LibreOffice), after a look at the archive that they come in."""

import io
import zipfile
import zlib

from .errors import StatementFormatError
from .sentence import _lt
from .sheets import choose_sheet, parse_sheets
from .xlsx_reader import Workbook

NAME = "xlsx"
TITLE = "XLSX (Excel)"

# 100,000 rows of 10 columns unpack to about 60 MB.
_BYTES_UNPACKED_MAX = 192 << 20
_MEMBERS_MAX = 2000


def sniff(head):
    """Tell whether the start of a file is a ZIP archive, which of all statement files only XLSX is."""
    return head.startswith(b"PK\x03\x04")


# A part that only this kind of spreadsheet has.
_OTHER_BOOKS = {
    "xl/workbook.bin": _lt("a binary workbook of Excel (XLSB)"),
    "Index/Document.iwa": _lt("a spreadsheet of Apple Numbers"),
    "META-INF/manifest.xml": _lt("an OpenDocument spreadsheet (ODS)"),
}


class _Archive:
    """Unpacks parts on demand, piece by piece, and counts: the sizes in the directory may lie."""

    def __init__(self, archive):
        self._archive = archive
        self._names = {member.filename: member for member in archive.infolist()}
        self._left = _BYTES_UNPACKED_MAX
        other = next((what for part, what in _OTHER_BOOKS.items() if part in self._names), None)
        if other:
            raise StatementFormatError(
                _lt("The file is %(what)s. Please save it as .xlsx or CSV, and import that.", what=other)
            )
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


def read_sheets(content):
    """Give (name, rows) of all sheets, one by one.

    :raise StatementFormatError: damaged, or an attack
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = Workbook(_Archive(archive).unpack)
            for title, part in book.sheets:
                yield title, book.rows(part)
    except StatementFormatError:
        raise
    # What the standard library raises for damaged, encrypted and unknown kinds of archives.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise StatementFormatError(
            _lt("The Excel file is damaged or cut off. Please download it again, or save it as CSV.")
        ) from error


def read_table(content, wanted):
    """Give (name, rows) of the sheet that was asked for, else of the first with known headers, else of the first.

    :param content: bytes
    :param wanted: name of the sheet (str), or ''
    :raise StatementFormatError: damaged, an attack, or no table in it
    """
    choice = choose_sheet(read_sheets(content), wanted)
    return choice.title, choice.rows


def parse(content, mapping=None):
    """Read an XLSX workbook; formulas count with the values that were saved with them.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, an attack, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    return parse_sheets(read_sheets(content), mapping, NAME, "XLSX")

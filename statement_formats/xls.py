"""Excel 97-2003 workbooks (BIFF)."""

from .errors import StatementFormatError
from .sentence import _lt
from .sheets import parse_sheets

NAME = "xls"
TITLE = "XLS (Excel 97-2003)"


def sniff(head):
    """Tell whether the start of a file is a compound document, which of all statement files only XLS is."""
    return head.startswith(b"\xd0\xcf\x11\xe0")


def parse(content, mapping=None):
    """Read an Excel 97-2003 workbook; formulas count with the values that were saved with them.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, an attack, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    # What Excel writes around a workbook of any kind that it encrypts.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise StatementFormatError(
            _lt("The Excel file is protected by a password. Please save it without one, as .xlsx or CSV.")
        )
    # Its library is large, and few files need it.
    from .xls_reader import read_sheets

    return parse_sheets(read_sheets(content), mapping, NAME, "XLS")

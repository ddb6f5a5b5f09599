"""XML Spreadsheet 2003 (SpreadsheetML), which banks often save as ``.xls`` or ``.xml``.

Source: Microsoft, "XML Spreadsheet Reference" (Office 2003).
"""

from decimal import Decimal

from .amounts import plain_amount
from .dates import YEAR_MAX, YEAR_MIN, iso_date
from .errors import StatementFormatError
from .mapping import COLUMN_MAX
from .sentence import _lt
from .sheets import Rows, exact, parse_sheets
from .text import without_zero_bytes
from .xml_safe import forget, iterate

NAME = "spreadsheetml"
TITLE = "XML Spreadsheet 2003 (Excel)"

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{_NAMESPACE}}}"


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is an XML spreadsheet."""
    return head.startswith(b"<") and _NAMESPACE.encode() in head[:4096]


def _place(element, name):
    """Give a number that counts from 1 in an attribute, or None."""
    text = element.get(_SS + name, "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else None


def _value(data):
    """Turn the content of a cell into text, an exact decimal or a date."""
    text = "".join(data.itertext()).strip()
    kind = data.get(_SS + "Type", "String")
    if kind == "Number":
        try:
            return exact(float(text)) if "e" in text.lower() else Decimal(plain_amount(text))
        except (StatementFormatError, ValueError, OverflowError):
            # A number with more decimals than any amount: an exchange rate, or a text in the wrong place.
            return text[:60]
    if kind == "DateTime":
        try:
            found = iso_date(text)
        except StatementFormatError:
            return text[:60]
        return found if YEAR_MIN <= found.year <= YEAR_MAX else text[:60]
    return text


def _cells(row):
    cells = []
    for child in row:
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] != "Cell":
            continue
        place = _place(child, "Index")
        index = len(cells) if place is None else place - 1
        if not len(cells) <= index < COLUMN_MAX:
            continue
        cells.extend([""] * (index - len(cells)))
        data = next((part for part in child if part.tag == _SS + "Data"), None)
        cells.append("" if data is None else _value(data))
        cells.extend([""] * min(_place(child, "MergeAcross") or 0, COLUMN_MAX - len(cells)))
    return cells


def _sheets(content):
    """Give (title, rows) of all sheets."""
    sheets = {}
    for _name, element in iterate(content, ("Row",)):
        table = element.getparent()
        sheet = table.getparent() if table is not None else None
        title = sheet.get(_SS + "Name", "") if sheet is not None else ""
        sheets.setdefault(title, Rows()).add(_cells(element), _place(element, "Index"))
        forget(element)
    return [(title, rows.finished()) for title, rows in sheets.items()]


def parse(content, mapping=None):
    """Read an XML spreadsheet.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, an attack, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    if _NAMESPACE.encode() not in without_zero_bytes(content)[:8192]:
        raise StatementFormatError(_lt("The XML is no spreadsheet. Please download it from the bank again."))
    return parse_sheets(_sheets(content), mapping, NAME, "XML Spreadsheet 2003")

"""The cells of an XLSX workbook (Office Open XML, ECMA-376 part 1), read in pieces and by nothing that could run.

Formulas count with the values that were saved with them. A cell is a text, an exact decimal or a date.

Why not openpyxl: it gives the same cells (``tests/test_statement_sheets.py`` compares them), but takes nearly three
times as long (100,000 rows: 16 s, not 6), while users wait, and gives amounts as floats.
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from .dates import YEAR_MAX, YEAR_MIN, iso_date
from .errors import StatementFormatError, too_many_lines
from .mapping import COLUMN_MAX
from .sentence import _lt
from .sheets import Rows, exact
from .xml_safe import forget, iterate

# Number formats that ECMA-376 18.8.30 defines as dates; 27-36 and 50-58 are those of East Asian locales.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(50, 59)}
_NOT_DATE_PARTS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_DATE_LETTERS = re.compile(r"[dy]|mmm", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = "0123456789"
_STRINGS_MAX = 2_000_000


def _column(reference, columns):
    """Give the index of the column that a reference such as ``AB12`` names, from 0; ``columns`` remembers them."""
    letters = reference.rstrip(_DIGITS)
    found = columns.get(letters)
    if found is None:
        found = 0
        for letter in letters[:4].upper():
            found = found * 26 + ord(letter) - 64
        columns[letters] = found = found - 1
    return found


def _number(text):
    """Read a number: Excel stores them in binary, and the 15 digits that it shows are what was typed or exported."""
    if not _NUMBER.fullmatch(text) or len(text) > 60:
        raise StatementFormatError(
            _lt(
                'The Excel file holds a number that is none ("%(text)s"). Please check the file, or save it as CSV.',
                text=text[:20],
            )
        )
    return Decimal(text) if len(text) <= 15 and "e" not in text.lower() else exact(float(text))


@lru_cache(maxsize=4096)
def _day(text, is_1904):
    """Read the number of a day as a date; what can be no day of a statement stays a number."""
    number = _number(text)
    if not 0 < number < 80000:
        return number
    found = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
    found += timedelta(days=int(number))
    return found if YEAR_MIN <= found.year <= YEAR_MAX else number


def _text(element):
    """Give the text of a string: one piece, or one a font; hints of its sound (``rPh``) are not part of it."""
    if len(element) == 1 and element[0].tag.endswith("}t"):
        return (element[0].text or "").strip()
    parts = [node.text or "" for node in element.iter("{*}t") if not node.getparent().tag.endswith("}rPh")]
    return "".join(parts).strip()


class Workbook:
    """A workbook whose parts are given by name.

    :param read: function from the name of a part to its bytes, or None where there is no such part
    """

    def __init__(self, read):
        self._read = read
        content = read("xl/workbook.xml") or b""
        parts = self._relations(read("xl/_rels/workbook.xml.rels") or b"<a/>")
        self.sheets = []
        self._is_1904 = False
        for name, element in iterate(content, ("sheet", "workbookPr")):
            if name == "workbookPr":
                self._is_1904 = element.get("date1904") in ("1", "true")
                continue
            key = next((value for key, value in element.items() if key.endswith("}id")), "")
            target = parts.get(key)
            if target:
                self.sheets.append((element.get("name", ""), target))
        self._date_styles = self._styles(read(parts.get("/styles", "")))
        self._strings = self._shared_strings(read(parts.get("/sharedStrings", "")))

    @staticmethod
    def _relations(content):
        """Give the names of the parts by relation id, and by type for styles and shared strings."""
        parts = {}
        for _name, element in iterate(content, ("Relationship",)):
            target = element.get("Target", "")
            target = target[1:] if target.startswith("/") else "xl/" + target
            parts[element.get("Id", "")] = target
            parts["/" + element.get("Type", "").rpartition("/")[2]] = target
        return parts

    @staticmethod
    def _styles(content):
        """Give the set of style numbers (as texts) that show a number as a date."""
        custom, found = set(), set()
        for name, element in iterate(content or b"<a/>", ("numFmt", "cellXfs")):
            if name == "numFmt":
                if _DATE_LETTERS.search(_NOT_DATE_PARTS.sub("", element.get("formatCode", "")[:200])):
                    custom.add(element.get("numFmtId"))
                continue
            for index, style in enumerate(element):
                number = style.get("numFmtId", "0")
                if number in custom or number.isdigit() and int(number[:5]) in _DATE_FORMATS:
                    found.add(str(index))
        return found

    @staticmethod
    def _shared_strings(content):
        """Give the table of shared strings."""
        strings = []
        for _name, element in iterate(content or b"<a/>", ("si",)):
            strings.append(_text(element))
            forget(element)
            if len(strings) > _STRINGS_MAX:
                raise too_many_lines()
        return strings

    def _cell(self, element):
        """Turn a cell into text, an exact decimal or a date; '' where it is empty."""
        kind = element.get("t")
        value = formula = ""
        for child in element:
            name = child.tag.rpartition("}")[2]
            if name == "v":
                value = child.text or ""
            elif name == "f":
                formula = "=" + (child.text or "")[:40]
            elif name == "is":
                return _text(child)
        if kind == "s":
            index = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1
            if not 0 <= index < len(self._strings):
                raise StatementFormatError(
                    _lt(
                        "The Excel file is damaged: a text is missing. Please download it again, or save it as CSV.",
                    )
                )
            return self._strings[index]
        if kind == "d":
            return iso_date(value)
        if kind in ("str", "e", "b", "inlineStr") or not value:
            # A formula that was never calculated is no empty cell: its row would be left out.
            return value.strip() or formula
        value = value.strip()
        return _day(value, self._is_1904) if element.get("s") in self._date_styles else _number(value)

    def rows(self, part):
        """Give the rows of a sheet (lists of cells), without the empty ones at the ends of rows and sheet.

        :param part: name of the sheet's part
        :raise StatementFormatError: too many rows, or rows out of order
        """
        rows, columns = Rows(), {}
        for _name, element in iterate(self._read(part) or b"", ("row",)):
            number = element.get("r", "")
            cells = []
            for child in element:
                reference = child.get("r")
                index = _column(reference, columns) if reference else len(cells)
                if not 0 <= index < COLUMN_MAX:
                    continue
                while len(cells) <= index:
                    cells.append("")
                cells[index] = self._cell(child)
            rows.add(cells, int(number[:8]) if number.isascii() and number.isdigit() else None)
            forget(element)
        return rows.finished()

"""CSV, with semicolons, commas, tabs or bars, as banks export it."""

import csv
import io
import re
from dataclasses import replace

from . import column_sets
from .cells import is_date
from .errors import LINES_MAX, StatementFormatError, too_many_lines
from .guess_headers import count_known, find_header
from .mapping import COLUMN_MAX
from .model import ParsedFile
from .sentence import _lt
from .table import most_common_width, parse_table
from .text import decode, split_lines

NAME = "csv"
TITLE = "CSV"

_DELIMITERS = ";\t,|"
_SAMPLE = 60
_CELL_LINES_MAX = 20
_LINE_MAX = 200_000
_EXCEL_HINT = re.compile(r"\A\s*sep=(.)[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is a table: some lines, and one mark that cuts them evenly."""
    text = head.decode("utf-8", "replace")
    return bool(_EXCEL_HINT.match(text) or find_delimiter(text) or find_delimiter(_unquoted(text)))


def _unquoted(text):
    """Remove the quotation marks around whole lines, which a spreadsheet adds that took them for one column.

    :param text: str
    :return: str; ``''`` where the lines are not like that
    """
    lines = [line.strip() for line in split_lines(text)]
    filled = [line for line in lines if line]
    # The last one may be cut where only the beginning is looked at.
    if len(filled) < 2 or not all(len(line) > 1 and line[0] == line[-1] == '"' for line in filled[:-1]):
        return ""
    return "\n".join(line[1:-1].replace('""', '"') for line in lines)


def find_delimiter(text):
    """Find the mark that cuts most lines into equally many columns.

    :param text: str, the beginning of the file is enough
    :return: str of one character, or '' where none makes a table
    """
    lines = []
    for line in split_lines(text[:65536]):
        lines.append(line[:5000])
        if len(lines) == _SAMPLE:
            break
    best, best_score = "", (False, 0)
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        width, count = most_common_width(rows)
        if width > 2 or width == 2 and count > 1:
            # Decimal commas also cut every line once; the mark that makes more columns is the right one, and one
            # that makes known headers is right in spite of any notes around the table.
            score = (column_sets.find(rows) is not None or find_header(rows) is not None, (width - 1) * count)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _rows(text, delimiter):
    """Read all rows.

    :raise StatementFormatError: a quotation mark that is never closed, too many rows or columns
    """
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(row) > COLUMN_MAX:
                raise StatementFormatError(
                    _lt(
                        "Row %(row)s has %(columns)s columns; no bank statement has more than %(limit)s. "
                        "Please check the file.",
                        row=len(rows) + 1,
                        columns=len(row),
                        limit=COLUMN_MAX,
                    )
                )
            if any("\n" in cell and cell.count("\n") > _CELL_LINES_MAX for cell in row):
                raise StatementFormatError(
                    _lt(
                        "A quotation mark in row %(row)s is never closed, so the rest of the file cannot be "
                        "told apart. Please export it again.",
                        row=len(rows) + 1,
                    )
                )
            rows.append([cell.strip() for cell in row])
            if len(rows) > LINES_MAX:
                raise too_many_lines()
    except csv.Error as error:
        raise StatementFormatError(
            _lt(
                "Row %(row)s of the table cannot be read (%(error)s). Please export the file again.",
                row=len(rows) + 1,
                error=error,
            )
        ) from error
    return rows


def _check_end(text, rows, delimiter):
    """Refuse a file that ends within a row with a date; a note below the table may end as it likes.

    :raise StatementFormatError: an open quotation mark at the end, or a last row without its last columns and line end
    """
    is_cut = False
    if text.count('"') % 2:
        try:
            for _row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                pass
        except csv.Error as error:
            is_cut = "unexpected end" in str(error)
    if rows and not text.endswith(("\n", "\r")):
        width, count = most_common_width(rows)
        is_cut = is_cut or 1 < len(rows[-1]) < width and count > 1
    if is_cut and (len(rows[-1]) > 1 or rows[-1][:1] == [""]) and any(map(_begins_with_date, rows[-1])):
        raise StatementFormatError(
            _lt(
                "The file is cut off in the middle of its last row. Please download it from the bank again.",
            )
        )


def _begins_with_date(cell):
    return is_date(cell[:10]) or is_date(cell)


def parse(content, mapping=None):
    """Read a CSV file.

    :param content: bytes
    :param mapping: ``Mapping`` of the bank account, or None to guess
    :return: ``ParsedFile`` with the mapping that was used
    :raise StatementFormatError: damaged, cut off, or a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    text, encoding = decode(content, mapping.encoding if mapping is not None else "", count_known)
    if any(len(line) > _LINE_MAX for line in split_lines(text)):
        raise StatementFormatError(
            _lt(
                "The file has a line of more than 200,000 characters, which no table has. Please "
                "download it from the bank again.",
            )
        )
    hint = _EXCEL_HINT.match(text)
    delimiter = mapping.delimiter if mapping is not None else ""
    delimiter = delimiter or (hint.group(1) if hint else "") or find_delimiter(text)
    if not delimiter:
        text = _unquoted(text)
        delimiter = find_delimiter(text)
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise StatementFormatError(
            _lt(
                "The file is no table: no mark divides its lines into columns. Please export it as CSV "
                "with semicolons or commas.",
            )
        )
    text = text[hint.end() :] if hint else text
    rows = _rows(text, delimiter)
    _check_end(text, rows, delimiter)
    statements, warnings, used = parse_table(rows, mapping, "CSV")
    return ParsedFile(
        format=NAME,
        variant=f"CSV ({encoding})",
        statements=tuple(statements),
        warnings=tuple(warnings),
        # A guessed encoding is guessed again for each file: the next one may have other letters.
        mapping=replace(used, delimiter=delimiter),
    )

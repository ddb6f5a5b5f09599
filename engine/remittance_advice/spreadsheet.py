"""Remittance advice as CSV, XLSX or XLS: of a workbook the first sheet with a table of documents."""

import csv
import io

from ...statement_formats import xls_reader, xlsx
from ...statement_formats.csv_file import find_delimiter
from ...statement_formats.sheets import SHEETS_MAX
from . import table

CSV, XLSX, XLS = "csv", "xlsx", "xls"
_COLUMNS_MAX = 400
_ROWS_MAX = 20_000


def read_csv(text):
    """Read the advices in CSV.

    :param text: str
    :return: list of ``Advice``, or None where the text is no table of documents
    """
    delimiter = find_delimiter(text)
    if not delimiter:
        return None
    rows = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(cells) > _COLUMNS_MAX or len(rows) > _ROWS_MAX:
                return None
            rows.append([cell.strip() for cell in cells])
    except csv.Error:
        return None
    advices = table.read_all(rows, CSV)
    return advices if all(advices) else None


def read_workbook(content):
    """Read the advices in a workbook of Excel.

    :param content: bytes
    :return: list of ``Advice``, of None where no sheet has a table of documents
    :raise StatementFormatError: a damaged workbook, or an attack
    """
    if xlsx.sniff(content[:4]):
        sheets, name = xlsx.read_sheets(content), XLSX
    else:
        sheets, name = xls_reader.read_sheets(content), XLS
    for _number, (_title, rows) in zip(range(SHEETS_MAX), sheets, strict=False):
        advices = table.read_all(rows[:_ROWS_MAX], name)
        if all(advices):
            return advices
    return [None]

"""A first guess at what the columns of a table mean: headers in four languages, then the look of the cells."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .amounts import looks_like_amount
from .dates import ORDERS, read_date
from .mapping import COLUMNS, Mapping, find_header, from_header, normalize
from .text import squeeze

_DEBIT_MARKS = re.compile(
    "-|d|dr|db|dt|debit|dbit|debits|soll|s|af|cargo|debe|out|belastung|lastschrift|adeudo|gasto|sortie"
)
_CREDIT_MARKS = re.compile(r"\+|c|cr|ct|credit|crdt|credits|haben|h|bij|abono|haber|in|gutschrift|ingreso|entree")


def is_debit_mark(text):
    """Read a direction mark (``DR``, ``Soll``, ``-``): True for money out, False for money in, None for neither."""
    mark = normalize(text) or text.strip()
    if _DEBIT_MARKS.fullmatch(mark):
        return True
    return False if _CREDIT_MARKS.fullmatch(mark) else None


_SAMPLE = 200


def cell_at(row, index):
    """Give a cell, '' where the row is too short."""
    return row[index] if index is not None and index < len(row) else ""


def text_of(row, index):
    """Give a cell as text."""
    cell = cell_at(row, index)
    return squeeze(cell) if isinstance(cell, str) else str(cell)


def is_date(cell):
    return isinstance(cell, date) or isinstance(cell, str) and any(read_date(cell, order) for order in ORDERS)


def is_amount(cell):
    if isinstance(cell, Decimal):
        return True
    return isinstance(cell, str) and looks_like_amount(cell)


def _fill_from_contents(mapping, rows):
    """Complete a mapping from what the cells look like; only what is beyond doubt.

    :param mapping: ``Mapping``, maybe empty
    :param rows: list of rows below the header
    :return: ``Mapping``
    """
    rows = [row for row in rows[:_SAMPLE] if sum(cell != "" for cell in row) > 1]
    if not rows:
        return mapping
    taken = {getattr(mapping, role) for role in COLUMNS} | set(mapping.label)
    changes = {}
    columns = {
        index: [cell for cell in (cell_at(row, index) for row in rows) if cell != ""]
        for index in range(min(max(map(len, rows)), 60))
        if index not in taken
    }
    dates = [
        index
        for index, cells in columns.items()
        if len(cells) > len(rows) * 0.8 and sum(map(is_date, cells)) >= len(cells) * 0.9
    ]
    amounts = [
        index
        for index, cells in columns.items()
        if index not in dates and cells and sum(map(is_amount, cells)) >= len(cells) * 0.9
    ]
    if mapping.date is None and dates:
        changes["date"] = dates[0]
        if len(dates) == 2 and mapping.value_date is None:
            changes["value_date"] = dates[1]
    has_amount = mapping.amount is not None or mapping.debit is not None or mapping.credit is not None
    if not has_amount:
        full = [index for index in amounts if len(columns[index]) > len(rows) * 0.8]
        # A column of whole numbers only beside one with decimals is a number of something.
        with_decimals = [
            index
            for index in full
            if any(isinstance(cell, str) and re.search(r"[.,]\d\d\b", cell) for cell in columns[index])
        ]
        full = with_decimals or full
        if len(full) == 1:
            changes["amount"] = full[0]
    texts = [index for index in columns if index not in dates and index not in amounts]
    if not mapping.label and texts:
        lengths = {index: sum(len(str(cell)) for cell in columns[index]) for index in texts}
        changes["label"] = (max(texts, key=lengths.get),)
    return replace(mapping, **changes)


def guess_mapping(rows):
    """Guess what the columns of a table mean, from its headers (English, French, German, Spanish) and contents.

    :param rows: list of rows (lists of str, Decimal or date), the whole table or its beginning
    :return: ``Mapping``; ``is_complete`` tells whether it is enough to read the table
    """
    index = find_header(rows)
    if index is None:
        return _fill_from_contents(Mapping(), rows)
    mapping = _fill_from_contents(from_header(rows[index]), rows[index + 1 :])
    body = rows[index + 1 : index + 1 + _SAMPLE]
    marks = [column for column in (mapping.transaction_code, *mapping.label) if _holds_marks(body, column)]
    if marks and mapping.direction is None and mapping.amount is not None:
        mapping = replace(mapping, direction=marks[0])
    labels = tuple(column for column in mapping.label if column not in marks)
    mapping = replace(
        mapping,
        label=labels or mapping.label,
        transaction_code=None if mapping.transaction_code == mapping.direction else mapping.transaction_code,
    )
    if mapping.direction is not None and any(
        text_of(row, mapping.amount).startswith(("-", "\u2212", "(")) for row in body
    ):
        # The amounts have their sign already; the mark only says it again.
        mapping = replace(mapping, direction=None)
    return mapping


def _holds_marks(rows, index):
    """Tell whether most cells of a column are debit or credit marks."""
    texts = [text for text in (text_of(row, index) for row in rows) if text]
    return bool(texts) and sum(is_debit_mark(text) is not None for text in texts) > len(texts) * 0.6

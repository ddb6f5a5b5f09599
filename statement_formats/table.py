"""From rows of cells to statements; shared by CSV and XLSX."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from .amounts import detect_decimal, plain_amount, written_amount
from .dates import YEAR_MAX, YEAR_MIN, detect_order, read_date
from .errors import MappingRequired, StatementFormatError
from .identity import clean_account, clean_reference, is_iban
from .mapping import COLUMNS, HEADER_ROWS_MAX, Mapping, find_header, from_header, normalize, relocate
from .model import Line, Statement
from .references import find_structured_reference
from .table_balance import with_balances
from .text import squeeze

_DEBIT_MARKS = frozenset(
    'd|dr|db|dt|debit|dbit|debits|soll|s|af|cargo|debe|out|belastung|lastschrift|adeudo|gasto|sortie'.split('|'))
_CREDIT_MARKS = frozenset(
    'c|cr|ct|credit|crdt|credits|haben|h|bij|abono|haber|in|gutschrift|ingreso|entree'.split('|'))
_SAMPLE = 200
_PREVIEW = 20
_IBAN_IN_TEXT = re.compile(r'\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b')


def _shown(rows):
    return [[str(cell) for cell in row[:30]] for row in rows[:_PREVIEW]]


def _cell(row, index):
    """Give a cell, '' where the row is too short."""
    return row[index] if index is not None and index < len(row) else ''


def _text(row, index):
    """Give a cell as text."""
    cell = _cell(row, index)
    return squeeze(cell) if isinstance(cell, str) else str(cell)


def _is_date(cell):
    return isinstance(cell, date) or isinstance(cell, str) and any(read_date(cell, order) for order in ('dmy', 'mdy'))


def _is_amount(cell):
    if isinstance(cell, Decimal):
        return True
    if not isinstance(cell, str) or not any(char.isdigit() for char in cell) or len(cell) > 40:
        return False
    for decimal in '.,':
        try:
            written_amount(cell, decimal)
        except StatementFormatError:
            continue
        return True
    return False


def _fill_from_contents(mapping, rows):
    """Complete a mapping from what the cells look like; only what is beyond doubt.

    :param mapping: ``Mapping``, maybe empty
    :param rows: list of rows below the header
    :return: ``Mapping``
    """
    rows = [row for row in rows[:_SAMPLE] if sum(cell != '' for cell in row) > 1]
    if not rows:
        return mapping
    taken = {getattr(mapping, role) for role in COLUMNS} | set(mapping.label)
    changes = {}
    columns = {
        index: [cell for cell in (_cell(row, index) for row in rows) if cell != '']
        for index in range(min(max(map(len, rows)), 60)) if index not in taken
    }
    dates = [index for index, cells in columns.items()
             if len(cells) > len(rows) * 0.8 and sum(map(_is_date, cells)) >= len(cells) * 0.9]
    amounts = [index for index, cells in columns.items()
               if index not in dates and cells and sum(map(_is_amount, cells)) >= len(cells) * 0.9]
    if mapping.date is None and dates:
        changes['date'] = dates[0]
        if len(dates) == 2 and mapping.value_date is None:
            changes['value_date'] = dates[1]
    has_amount = mapping.amount is not None or mapping.debit is not None or mapping.credit is not None
    if not has_amount:
        full = [index for index in amounts if len(columns[index]) > len(rows) * 0.8]
        # A column of whole numbers only beside one with decimals is a number of something.
        with_decimals = [index for index in full if any(
            isinstance(cell, str) and re.search(r'[.,]\d\d\b', cell) for cell in columns[index])]
        full = with_decimals or full
        if len(full) == 1:
            changes['amount'] = full[0]
    texts = [index for index in columns if index not in dates and index not in amounts]
    if not mapping.label and texts:
        lengths = {index: sum(len(str(cell)) for cell in columns[index]) for index in texts}
        changes['label'] = (max(texts, key=lengths.get),)
    return replace(mapping, **changes)


def guess_mapping(rows):
    """Guess what the columns of a table mean, from its headers (English, French, German, Spanish) and contents.

    :param rows: list of rows (lists of str, Decimal or date), the whole table or its beginning
    :return: ``Mapping``; ``is_complete`` tells whether it is enough to read the table
    """
    index = find_header(rows)
    if index is None:
        return _fill_from_contents(Mapping(), rows)
    mapping = _fill_from_contents(from_header(rows[index]), rows[index + 1:])
    body = rows[index + 1:index + 1 + _SAMPLE]
    if mapping.direction is None and mapping.amount is not None:
        for role in ('transaction_code', 'label'):
            column = getattr(mapping, role)
            column = column[0] if role == 'label' and column else column
            if column in (None, ()):
                continue
            marks = {normalize(_text(row, column)) for row in body} - {''}
            if marks and marks <= _DEBIT_MARKS | _CREDIT_MARKS:
                changes = {'label': mapping.label[1:]} if role == 'label' else {role: None}
                mapping = replace(mapping, direction=column, **changes)
                break
    if mapping.direction is not None and any(
            _text(row, mapping.amount).lstrip().startswith(('-', '\u2212', '(')) for row in body):
        # The amounts have their sign already; the mark only says it again.
        mapping = replace(mapping, direction=None)
    return mapping


def _placed(rows, mapping):
    """Give (mapping for this file, index of the first row below the header).

    :raise MappingRequired: the remembered headers are not in this file, or nothing tells what the columns are
    """
    if mapping is None or not mapping.is_complete:
        guessed = guess_mapping(rows)
        if mapping is not None:
            guessed = replace(guessed, **{
                name: getattr(mapping, name)
                for name in ('date_order', 'decimal', 'delimiter', 'encoding', 'sheet', 'account_number', 'is_inverted')
            }, account_currency=mapping.account_currency or guessed.account_currency)
        if not guessed.is_complete:
            missing = 'dates' if guessed.date is None else 'amounts'
            raise MappingRequired(f'The table does not tell which column holds the {missing}. Please choose what each '
                                  f'column means.', guessed, _shown(rows))
        index = find_header(rows)
        return guessed, 0 if index is None else index + 1
    if not mapping.header:
        return mapping, 0
    for index, row in enumerate(rows[:HEADER_ROWS_MAX]):
        moved = relocate(mapping, row)
        if moved is not None:
            return moved, index + 1
    raise MappingRequired('The table does not have the columns that this bank account\'s files had until now. Please '
                          'choose again what each column means.', guess_mapping(rows), _shown(rows))


class _Reader:
    """Reads cells by a mapping whose date order and decimal mark are settled from the whole column.

    :param mapping: complete ``Mapping``
    :param rows: list of (row number counted from 1, row)
    """

    def __init__(self, mapping, rows):
        self.mapping = mapping
        self.warnings = []
        self.date_order = mapping.date_order or self._settle_dates(rows)
        self.decimal = mapping.decimal or self._settle_decimal(rows)
        debits = [self.amount(row, mapping.debit) for _number, row in rows] if mapping.debit is not None else []
        # French banks write "-12,50" in the debit column; elsewhere a negative debit is one that is taken back.
        self.is_debit_signed = any(value for value in debits) and all(value <= 0 for value in debits if value)

    def _settle_dates(self, rows):
        texts = [cell.strip() for _number, row in rows
                 for cell in (_cell(row, self.mapping.date),) if isinstance(cell, str) and cell.strip()]
        order, is_certain = detect_order(texts)
        if order and is_certain is False:
            self.warnings.append(f'Dates such as "{texts[0][:40]}" are read {"day" if order == "dmy" else "month"} '
                                 f'first, because only then the file is in order of date.')
        if order or not texts:
            return order or 'dmy'
        impossible = {
            name: next((text for text in texts if read_date(text, name) is None), '') for name in ('dmy', 'mdy')}
        if not any(impossible.values()):
            raise MappingRequired(f'The dates of the table (such as "{texts[0][:40]}") can be read day first or month '
                                  f'first. Please choose which.', self.mapping, _shown([row for _n, row in rows]))
        raise StatementFormatError(f'The dates of the table do not all fit one order of day and month (such as '
                                   f'"{impossible["dmy"][:40]}" and "{impossible["mdy"][:40]}"). Please check the '
                                   f'column of dates, or export the file again.')

    def _settle_decimal(self, rows):
        columns = [column for column in (
            self.mapping.amount, self.mapping.debit, self.mapping.credit, self.mapping.balance) if column is not None]
        texts = [cell for _number, row in rows for column in columns
                 for cell in (_cell(row, column),) if isinstance(cell, str) and cell]
        decimal = detect_decimal(texts)
        if not decimal:
            raise MappingRequired(f'The amounts of the table (such as "{texts[0][:40]}") can be read with "." or with '
                                  f'"," as their decimal mark. Please choose which.', self.mapping,
                                  _shown([row for _n, row in rows]))
        return decimal

    def date(self, row, index):
        """Give the date in a cell, or None."""
        cell = _cell(row, index)
        if isinstance(cell, datetime):
            cell = cell.date()
        if isinstance(cell, date):
            return cell if YEAR_MIN <= cell.year <= YEAR_MAX else None
        return read_date(cell.strip(), self.date_order) if isinstance(cell, str) and cell.strip() else None

    def amount(self, row, index):
        """Give the amount in a cell, or None where it is empty."""
        cell = _cell(row, index)
        if isinstance(cell, Decimal):
            return plain_amount(format(cell, 'f'))
        text = cell.strip() if isinstance(cell, str) else str(cell)
        if not text or text in '-–—':
            return None
        return written_amount(text, self.decimal)

    def line_amount(self, row):
        """Give the signed amount of a row, or None where it has none.

        :raise StatementFormatError: a direction mark that is not known
        """
        mapping = self.mapping
        if mapping.amount is not None:
            amount = self.amount(row, mapping.amount)
            if amount is not None and mapping.direction is not None:
                mark = normalize(_text(row, mapping.direction)) or _text(row, mapping.direction)
                if mark in _DEBIT_MARKS or mark == '-':
                    amount = -amount
                elif mark not in _CREDIT_MARKS and mark != '+':
                    raise StatementFormatError(f'"{mark[:20]}" does not say whether money came or went. Please check '
                                               f'the column with the debit and credit marks.')
        else:
            debit, credit = self.amount(row, mapping.debit), self.amount(row, mapping.credit)
            amount = None
            if debit is not None or credit is not None:
                debit = debit or Decimal(0)
                amount = (credit or Decimal(0)) + (debit if self.is_debit_signed else -debit)
        return -amount if mapping.is_inverted and amount is not None else amount


def _line(reader, row, day, amount, names):
    """Turn a row into a line."""
    mapping = reader.mapping
    label = ' '.join(dict.fromkeys(filter(None, (_text(row, index) for index in mapping.label))))
    name = _text(row, mapping.counterparty_name)
    reference = clean_reference(_text(row, mapping.reference))
    return Line(
        date=day,
        value_date=reader.date(row, mapping.value_date),
        amount=amount,
        currency=_text(row, mapping.currency).upper() or mapping.account_currency,
        label=label or name or reference,
        reference=reference,
        structured_reference=find_structured_reference(label) or find_structured_reference(reference),
        counterparty_name=name,
        counterparty_account=clean_account(_text(row, mapping.counterparty_account)),
        bank_reference=clean_reference(_text(row, mapping.bank_reference)),
        check_number=_text(row, mapping.check_number),
        transaction_code=_text(row, mapping.transaction_code),
        raw=dict(zip(names, map(str, row), strict=False)),
    )


def _lines(reader, rows, names):
    """Read all rows: list of (account, line, balance after it or None).

    A row without date and amount is a remark; below the last entry totals may follow. An amount without a readable
    date in the midst of the entries is refused: it would be lost.

    :raise StatementFormatError: names the row that cannot be read
    """
    found = []
    mapping = reader.mapping
    left_out = []
    undated = None
    for number, row in rows:
        if not any(cell != '' for cell in row):
            continue
        try:
            day = reader.date(row, mapping.date)
            amount = reader.line_amount(row) if day or _is_amount_row(reader, row) else None
            balance = reader.amount(row, mapping.balance) if day else None
        except StatementFormatError as error:
            raise StatementFormatError(f'Row {number}: {error}') from error
        if day is None or amount is None:
            if amount is not None:
                undated = undated or number
            left_out.append(number)
            continue
        if undated:
            raise StatementFormatError(f'Row {undated} has an amount, but no possible date '
                                       f'("{_text(dict(rows).get(undated, []), mapping.date)[:40]}"). Please check the '
                                       f'file or the column of dates.')
        line = _line(reader, row, day, amount, names)
        found.append((clean_account(_text(row, mapping.account)), line, balance))
    if left_out:
        shown = ', '.join(map(str, left_out[:10])) + (', ...' if len(left_out) > 10 else '')
        reader.warnings.append(f'{len(left_out)} rows without a date or an amount are left out (row {shown}).')
    return found


def _is_amount_row(reader, row):
    """Tell whether a row without a date has an amount in the columns of amounts."""
    mapping = reader.mapping
    return any(_is_amount(_cell(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit)
               if index is not None)


def _account_in(rows):
    """Find the one IBAN that the rows above the header name, or ''."""
    found = {
        clean_account(match) for row in rows for cell in row if isinstance(cell, str)
        for match in _IBAN_IN_TEXT.findall(cell[:200]) if is_iban(clean_account(match))
    }
    return found.pop() if len(found) == 1 else ''


def parse_table(rows, mapping, name):
    """Turn the rows of a table into statements, one an account and currency.

    :param rows: list of rows (lists of str, Decimal, date), header and remarks included
    :param mapping: ``Mapping`` or None; an incomplete one is completed by guessing
    :param name: name of the statements (str)
    :return: (list of ``Statement``, list of warnings, the ``Mapping`` that was used)
    :raise StatementFormatError: a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    mapping, first = _placed(rows, mapping)
    numbered = list(enumerate(rows[first:], start=first + 1))
    names = [str(cell) for cell in mapping.header]
    if not names or len(set(names)) < len(names):
        width = max(map(len, rows), default=0)
        names = [f'{index + 1}: {names[index]}' if index < len(names) else str(index + 1) for index in range(width)]
    dated = [(number, row) for number, row in numbered if _has_date_and_amount(row, mapping)]
    reader = _Reader(mapping, dated)
    groups = {}
    for account, line, balance in _lines(reader, numbered, names):
        groups.setdefault((account, line.currency), []).append((line, balance))
    own = mapping.account_number or _account_in(rows[:first])
    statements = [
        with_balances(Statement(
            account_number=clean_account(account or own),
            currency=currency,
            name=name,
        ), entries)
        for (account, currency), entries in groups.items()
    ]
    used = replace(mapping, date_order=reader.date_order, decimal=reader.decimal)
    return statements, reader.warnings, used


def _has_date_and_amount(row, mapping):
    """Tell whether a row looks like an entry, so that its date and amounts may speak for the whole column."""
    cell = _cell(row, mapping.date)
    has_date = isinstance(cell, date) or isinstance(cell, str) and any(char.isdigit() for char in cell)
    return has_date and any(
        _is_amount(_cell(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit) if index is not None)


def most_common_width(rows):
    """Give (number of columns that most rows have, how many rows have it)."""
    widths = Counter(len(row) for row in rows if any(row))
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))

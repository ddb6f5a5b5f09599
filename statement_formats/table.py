"""From rows of cells to statements; shared by CSV and spreadsheets."""

from collections import Counter
from dataclasses import replace
from datetime import date

from .balance_rows import is_not_booked
from .balance_signs import settle_signs
from .cells import cell_at, is_amount
from .doubts import amounts_doubt
from .errors import MappingRequired
from .guess import guess_columns
from .identity import clean_account
from .mapping import COLUMNS, HEADER_ROWS_MAX, relocate
from .model import Statement
from .sentence import _lt
from .table_balance import is_proven, with_balances
from .table_reader import Reader, shown
from .table_rows import account_in, read_lines

_STATES_SAMPLE = 100
_STATES_MAX = 4
_STATE_MAX = 30
# What a user or an earlier file has settled, and a guess keeps.
_SETTLED = (
    "date_order",
    "decimal",
    "delimiter",
    "encoding",
    "sheet",
    "account_number",
    "rows_skipped",
)


def _guessed(rows, mapping):
    """Guess the columns of a table, with what a mapping that is not complete has settled already.

    :raise MappingRequired: nothing tells which columns hold the dates and amounts
    """
    start = mapping.rows_skipped if mapping is not None else 0
    header_row = mapping.header_row if mapping is not None else None
    guess = guess_columns(rows, start, header_row if header_row is not None and header_row < len(rows) else None)
    if mapping is not None:
        guess.mapping = replace(
            guess.mapping,
            **{name: getattr(mapping, name) or getattr(guess.mapping, name) for name in _SETTLED},
            header_row=mapping.header_row,
            is_inverted=mapping.is_inverted or guess.mapping.is_inverted,
            account_currency=mapping.account_currency or guess.mapping.account_currency,
        )
    if not guess.mapping.is_complete:
        missing = _lt("dates") if guess.mapping.date is None else _lt("amounts")
        raise MappingRequired(
            _lt(
                "The table does not tell which column holds the %(missing)s. Please choose what each column means.",
                missing=missing,
            ),
            guess.mapping,
            shown(rows[guess.header_row or 0 :]),
        )
    return guess


def _placed(rows, mapping):
    """Give a complete mapping for this file, and the index of the first row below the header.

    :raise MappingRequired: the headers that it was made from are not in this file
    """
    if not mapping.header:
        return mapping, max(mapping.rows_skipped, 0 if mapping.header_row is None else mapping.header_row + 1)
    first = mapping.rows_skipped
    for index, row in enumerate(rows[first : first + HEADER_ROWS_MAX], start=first):
        moved = relocate(mapping, row)
        if moved is not None:
            return moved, index + 1
    raise MappingRequired(
        _lt(
            "The table does not have the columns that this bank account's files had until now. "
            "Please choose again what each column means.",
        ),
        guess_columns(rows).mapping,
        shown(rows),
    )


def parse_table(rows, mapping, name):
    """Turn the rows of a table into statements, one an account and currency.

    :param rows: list of rows (lists of str, Decimal, date), header and remarks included
    :param mapping: ``Mapping`` or None; an incomplete one is completed by guessing
    :param name: name of the statements (str)
    :return: (list of ``Statement``, list of warnings, the ``Mapping`` that was used)
    :raise StatementFormatError: a row that cannot be read
    :raise MappingRequired: a person has to say what the columns, dates or amounts mean
    """
    guess, is_asked = None, mapping is not None and mapping.is_asked
    is_remembered = mapping is not None and mapping.is_remembered
    if mapping is not None and mapping.is_complete:
        mapping, first = _placed(rows, mapping)
    else:
        guess = _guessed(rows, mapping)
        mapping = guess.mapping
        first = mapping.rows_skipped if guess.header_row is None else guess.header_row + 1
    mapping = _with_states(mapping, rows[first:])
    if is_asked:
        raise MappingRequired(
            _lt("Choose what each column means."),
            replace(mapping, is_asked=False, is_remembered=False),
            shown(rows[max(first - 1, 0) :]),
        )
    numbered = list(enumerate(rows[first:], start=first + 1))
    names = [str(cell) for cell in mapping.header]
    if not names or len(set(names)) < len(names):
        width = max(map(len, rows), default=0)
        names = [f"{index + 1}: {names[index]}" if index < len(names) else str(index + 1) for index in range(width)]
    reader = Reader(mapping, [row for row in rows[first:] if _has_date_and_amount(row, mapping)])
    own = mapping.account_number or account_in(rows[:first])
    preview = shown(rows[max(first - 1, 0) :])
    notes = len(reader.warnings)
    found = read_lines(reader, numbered, names)
    signs_doubt = settle_signs(found, mapping, reader.warnings)
    statements = _statements(found, own, name)
    if guess is not None:
        _check_guess(guess, reader, found, statements, rows[first:], preview)
    elif reader.contradiction and not is_proven(statements, found, by_column=mapping.balance is not None):
        # A person has chosen that the marks count.
        reader.is_by_marks = True
        del reader.warnings[notes:]
        found = read_lines(reader, numbered, names)
        statements = _statements(found, own, name)
    doubt = signs_doubt or _elsewhere_doubt(found, mapping)
    if doubt and (guess is not None or is_remembered):
        raise MappingRequired(doubt, replace(mapping, is_remembered=False), preview)
    used = replace(
        mapping,
        date_order=reader.date_order,
        decimal=reader.decimal,
        direction=None if reader.has_redundant_marks else mapping.direction,
        is_remembered=False,
    )
    return statements, reader.warnings, used


def _statements(found, own, name):
    """Give a statement an account and currency, with the balances that are stated or proven."""
    groups = {}
    for account, line, balance in found.entries:
        groups.setdefault((account, line.currency), []).append((line, balance))
    return [
        with_balances(
            Statement(account_number=clean_account(account or own), currency=currency, name=name),
            entries,
            found.opening.get((account, currency)),
            found.closing.get((account, currency)),
        )
        for (account, currency), entries in groups.items()
    ]


def _check_guess(guess, reader, found, statements, rows, preview):
    """Ask for the columns where the guess is not proven.

    :raise MappingRequired: a doubt that no balance answers
    """
    is_sure = is_proven(statements, found, by_column=guess.is_proven)
    doubt = guess.doubts[0] if guess.doubts else reader.contradiction
    mapping = guess.mapping
    if not doubt and not is_sure:
        doubt, mapping = amounts_doubt(guess, reader, found, statements, rows)
    if doubt and not is_sure:
        raise MappingRequired(doubt, mapping, preview)


def _with_states(mapping, rows):
    """Find the column that says which rows are booked, where no header names it: a few texts, one of them "pending"."""
    if mapping.status is not None:
        return mapping
    used = {getattr(mapping, role) for role in COLUMNS if role != "transaction_code"}
    sample = rows[:_STATES_SAMPLE] + rows[_STATES_SAMPLE:][-_STATES_SAMPLE:]
    texts = {}
    for row in sample:
        for place, cell in enumerate(row):
            if place not in used and isinstance(cell, str) and len(cell) <= _STATE_MAX:
                texts.setdefault(place, set()).add(cell)
    for place, found in texts.items():
        is_only_label = mapping.label == (place,)
        if len(found) <= _STATES_MAX and not is_only_label and any(map(is_not_booked, found)):
            return replace(mapping, status=place, label=tuple(index for index in mapping.label if index != place))
    return mapping


def _elsewhere_doubt(found, mapping):
    """Give a doubt where an entry has its amount in a column that is not read as one, or None."""
    if found.elsewhere is None:
        return None
    number, text, place = found.elsewhere
    name = mapping.header[place] if place < len(mapping.header) else ""
    return _lt(
        'Row %(number)s has no amount where the other rows have theirs, but "%(text)s" in the column "%(column)s". '
        "Please choose which columns hold the amounts; as they are chosen now, the row is left out.",
        number=number,
        text=text[:40],
        column=str(name)[:40] or place + 1,
    )


def _has_date_and_amount(row, mapping):
    """Tell whether a row looks like an entry, so that the whole column is read as its date and amounts are."""
    cell = cell_at(row, mapping.date)
    has_date = isinstance(cell, date) or isinstance(cell, str) and any(char.isdigit() for char in cell)
    return has_date and any(
        is_amount(cell_at(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit) if index is not None
    )


def most_common_width(rows):
    """Give (number of columns that most rows have, how many rows have it), not counting rows of one column."""
    widths = Counter(len(row) for row in rows if any(row) and len(row) > 1)
    return max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))

"""From rows of cells to statements; shared by CSV and spreadsheets."""

from collections import Counter
from dataclasses import replace
from datetime import date

from .balance_rows import is_not_booked
from .balance_signs import OWED, settle_signs
from .cells import cell_at, is_amount, text_of
from .doubts import amounts_doubt, owed_doubt
from .errors import MappingRequired
from .guess import guess_columns
from .identity import clean_account
from .mapping import HEADER_ROWS_MAX, relocate
from .model import Statement
from .sentence import _lt
from .table_balance import is_proven, with_balances
from .table_reader import Reader, shown
from .table_rows import account_in, read_lines
from .table_stated import add_stated
from .table_states import find_states

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
    with_states, states_doubt = find_states(mapping, rows[first:], is_guess=guess is not None)
    if is_asked:
        mapping = mapping if states_doubt else with_states
        raise MappingRequired(
            _lt("Choose what each column means."),
            replace(mapping, is_asked=False, is_remembered=False, answers=()),
            shown(rows[max(first - 1, 0) :]),
        )
    is_chosen = guess is None and not is_remembered
    # What was asked counts as answered where a person has then chosen the columns.
    answers = mapping.answers if is_chosen or "columns" in mapping.answers else ()
    kind = mapping.transaction_code
    if not states_doubt or "states" not in answers:
        mapping = with_states
    reader = Reader(mapping, [row for row in rows[first:] if _has_date_and_amount(row, mapping)])
    own = mapping.account_number or account_in(rows[:first])
    preview = shown(rows[max(first - 1, 0) :])
    table = _Table(reader, rows, first, _names(rows, mapping), own, name)
    found, signs, statements = table.reading(is_chosen=is_chosen or "columns" in answers)
    if guess is not None:
        guess.mapping = mapping
        _check_guess(guess, reader, found, statements, rows[first:], preview)
    doubts = {}
    if reader.contradiction and not is_proven(statements, found, by_column=mapping.balance is not None):
        doubts["marks"] = reader.contradiction
        reader.is_by_marks = True
        found, signs, statements = table.reading(is_chosen=True)
    if signs.doubt and not (is_chosen and mapping.is_signed_by_balance):
        doubts["oldest" if signs.is_first else "signs"] = signs.doubt
    if found.elsewhere:
        doubts["amounts"] = _elsewhere_doubt(found, mapping)
    if states_doubt and _has_unbooked(found, rows, with_states):
        doubts["states"] = states_doubt
    elif states_doubt:
        # The running balance contains all rows, or a person has said that they are booked.
        mapping = replace(mapping, status=None, transaction_code=kind)
    mapping = replace(
        mapping,
        is_signed_by_balance=mapping.is_signed_by_balance or signs.is_by_balance,
        is_remembered=False,
    )
    # The oldest entry is another one in each file.
    answers = tuple(answer for answer in answers if answer != "oldest")
    for answer, doubt in doubts.items():
        if answer not in answers:
            raise MappingRequired(doubt, replace(mapping, answers=(*answers, answer)), preview)
    used = replace(
        mapping,
        date_order=reader.date_order,
        decimal=reader.decimal,
        direction=None if reader.has_redundant_marks else mapping.direction,
        answers=tuple(dict.fromkeys(("columns", *answers))) if is_chosen else answers,
    )
    return statements, reader.warnings, used


def _has_unbooked(found, rows, mapping):
    """Tell whether a row was left out for its state."""
    return any(is_not_booked(text_of(rows[number - 1], mapping.status)) for number in found.not_booked)


def _names(rows, mapping):
    """Give the names of the columns for the bank's raw row; a name that two have gets its number."""
    names = [str(cell) for cell in mapping.header]
    if names and len(set(names)) == len(names):
        return names
    width = max(map(len, rows), default=0)
    return [f"{index + 1}: {names[index]}" if index < len(names) else str(index + 1) for index in range(width)]


def _below(rows, mapping):
    """Give the rows below the last entry."""
    below = []
    for row in reversed(rows):
        if _has_date_and_amount(row, mapping):
            break
        below.append(row)
    return below


class _Table:
    """The rows of a table, with what it takes to read them once more in another way."""

    def __init__(self, reader, rows, first, names, own, name):
        self._reader, self._names = reader, names
        self._rows, self._first = rows[first:], first
        self._own, self._name = own, name
        self._around = rows[: max(first - 1, 0)] + _below(self._rows, reader.mapping)
        self._notes = len(reader.warnings)

    def reading(self, *, is_chosen):
        """Give (``Found``, ``Signs``, list of ``Statement``); the warnings of an earlier reading are dropped."""
        del self._reader.warnings[self._notes :]
        found = read_lines(self._reader, enumerate(self._rows, start=self._first + 1), self._names)
        add_stated(found, self._reader, self._around)
        signs = settle_signs(found, self._reader.mapping, self._reader.warnings, is_chosen=is_chosen)
        return found, signs, _statements(found, self._own, self._name)


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
    if is_sure:
        doubt = owed_doubt(mapping, found)
        if doubt:
            # The answer holds that a balance with the other sign proves the amounts.
            mapping = replace(mapping, is_inverted=not mapping.is_inverted, answers=(OWED,))
            raise MappingRequired(doubt, mapping, preview)
    elif doubt:
        answers = ("marks",) if doubt is reader.contradiction else ()
        raise MappingRequired(doubt, replace(mapping, answers=answers), preview)


def _elsewhere_doubt(found, mapping):
    """Give a doubt about an entry that has its amount in a column which is not read as one."""
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

"""Which rows of a table are booked: the column that says so, and the running balance, which knows better.

A word such as "Cancelled" is a state in one table, a kind of booked entry in another, and somebody's note in a third.
A column counts as that of states where its header says so, where a person has chosen it, or where a guess finds
nothing but states in a column that has no other meaning; anything else is asked about. A row that the running balance
contains is booked, whatever its state says.
"""

from dataclasses import replace
from operator import itemgetter

from .balance_rows import is_booked, is_not_booked, is_pending
from .mapping import COLUMNS
from .sentence import _lt
from .table_balance import orders_of

_SAMPLE = 100
_TEXTS_MAX = 4
_TEXT_MAX = 30


def _texts_of(rows):
    """Give the different texts of each column (dict from its index to set of str) in the first and the last rows."""
    texts = {}
    for row in rows[:_SAMPLE] + rows[_SAMPLE:][-_SAMPLE:]:
        for place, cell in enumerate(row):
            if cell != "":
                texts.setdefault(place, set()).add(cell if isinstance(cell, str) else str(cell))
    return {
        place: found for place, found in texts.items() if len(found) <= _TEXTS_MAX and max(map(len, found)) <= _TEXT_MAX
    }


def find_states(mapping, rows, *, is_guess):
    """Find the column that says which rows are booked, where neither a header nor a person names it.

    :param mapping: ``Mapping``
    :param rows: list of the rows below the header
    :param is_guess: whether the mapping is guessed for this file; only then a column is taken without asking (bool)
    :return: (``Mapping``, ``Sentence`` to ask with or None; then the mapping is what to fill in)
    """
    if mapping.status is not None:
        return mapping, None
    used = {getattr(mapping, role) for role in COLUMNS}
    doubtful = None
    for place, texts in _texts_of(rows).items():
        is_certain = all(is_booked(text) or is_pending(text) for text in texts)
        if place == mapping.transaction_code and is_certain and any(map(is_pending, texts)):
            doubtful = doubtful or (place, min(filter(is_pending, texts)))
        if place in used:
            continue
        if is_guess and is_certain and (place not in mapping.label or _is_beside_label(mapping, place, texts)):
            labels = tuple(index for index in mapping.label if index != place)
            return replace(mapping, status=place, label=labels), None
        is_state = any(map(is_pending, texts)) or any(map(is_booked, texts)) and any(map(is_not_booked, texts))
        if doubtful is None and place not in mapping.label and is_state:
            doubtful = place, min(filter(is_not_booked, texts))
    if doubtful is None:
        return mapping, None
    place, text = doubtful
    name = mapping.header[place] if place < len(mapping.header) else ""
    doubt = _lt(
        'The column "%(column)s" has the text "%(text)s", which may mean that a row is not booked. Please choose '
        "whether it is the column of the status; rows that are not booked are then left out.",
        column=str(name)[:40] or place + 1,
        text=text,
    )
    kind = None if place == mapping.transaction_code else mapping.transaction_code
    return replace(mapping, status=place, transaction_code=kind), doubt


def _is_beside_label(mapping, place, texts):
    """Tell whether a column of states was guessed as a part of the description, which other columns hold, too."""
    return len(mapping.label) > 1 and any(map(is_booked, texts))


class UnbookedRow:
    """A row that its state says is not booked; ``place`` is the number of entries above it."""

    __slots__ = ("entry", "is_pending", "number", "place")

    def __init__(self, place, number, entry, state):
        self.place, self.number, self.entry = place, number, entry
        self.is_pending = is_pending(state)


def booked_by_balance(rows, entries):
    """Give those of some rows that the running balance contains.

    :param rows: list of ``UnbookedRow``, in the order of the table
    :param entries: list of (account, ``Line``, running balance or None), in the order of the table
    :return: list of ``UnbookedRow``
    """
    groups = {(row.entry[0], row.entry[1].currency): [] for row in rows}
    for item in _in_order(rows, entries):
        account, line, _balance = _entry_of(item)
        group = groups.get((account, line.currency))
        if group is not None:
            group.append(item)
    booked = []
    for group in groups.values():
        orders = orders_of(group, [_entry_of(item)[1].date for item in group])
        booked += min(map(_walk, orders), key=itemgetter(1))[0]
    return sorted(booked, key=lambda row: row.number)


def _in_order(rows, entries):
    """Yield entries and ``UnbookedRow`` as they follow each other in the table."""
    start = 0
    for row in rows:
        yield from entries[start : row.place]
        yield row
        start = row.place
    yield from entries[start:]


def _entry_of(item):
    return item.entry if isinstance(item, UnbookedRow) else item


def _walk(order):
    """Follow the running balance, oldest first.

    :param order: list of (account, ``Line``, running balance or None) and ``UnbookedRow``
    :return: (list of the ``UnbookedRow`` that it contains, number of entries that it does not follow from)
    """
    booked, breaks, known, between, run = [], 0, None, 0, []
    for item in order:
        _account, line, balance = _entry_of(item)
        if item.__class__ is UnbookedRow:
            run.append((line, balance, item))
            continue
        between += line.amount
        if balance is None:
            continue
        found = _contained(run, known, None if known is None and not run else balance - between)
        breaks += found is None
        booked += found or []
        known, between, run = balance, 0, []
    # Banks may show what the balance will be with what is pending; nothing booked follows that proves it.
    return booked + [row for row in _contained(run, known, None) or [] if not row.is_pending], breaks


def _contained(run, known, needed):
    """Give those of the rows between two balances that lead from one to the other, or None where none do.

    :param run: list of (``Line``, running balance or None, ``UnbookedRow``), oldest first
    :param known: the balance before them, or None
    :param needed: the balance after them, or None
    """
    following, last = [], known
    for line, balance, row in run:
        if balance is not None and last is not None and line.amount and balance == last + line.amount:
            following.append((line, row))
        last = balance if balance is not None and (last is None or following and following[-1][1] is row) else last
    if needed is None:
        return [row for _line, row in following]
    every = [(line, row) for line, _balance, row in run]
    if known is None:
        return [row for _line, row in following] if last == needed else []
    for chosen in (following, [], every):
        if known + sum(line.amount for line, _row in chosen) == needed:
            return [row for _line, row in chosen]
    return None

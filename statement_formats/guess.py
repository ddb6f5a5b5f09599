"""A first guess at what the columns of a table mean, and whether it is proven or has to be asked about.

How it works: the row of headers is looked for among the sets of columns that are known (`column_sets`), then among
headers in many languages (`header_words`). What the headers leave open comes from the look of the cells. A running
balance that adds up proves the amounts (`proof`). Whatever is neither known nor proven is a doubt, and the caller asks.
"""

from dataclasses import dataclass, field, replace
from itertools import combinations

from . import column_sets
from .cells import (
    SAMPLE,
    Columns,
    has_decimals,
    is_account_cell,
    is_amount,
    is_currency,
    is_iban_cell,
    share,
    text_of,
)
from .doubts import as_direction, two_valued
from .guess_headers import find_header, one_counterparty, read_header
from .header_words import roles_of
from .mapping import COLUMNS, Mapping
from .marks import TEXT_MAX, is_debit_mark, read_marks
from .proof import prove
from .sentence import _lt


@dataclass
class Guess:
    """What a table's columns seem to mean.

    ``header_row`` is the index of the headers, None where there are none; ``doubts`` are the reasons to ask (a
    running balance that adds up over the whole table answers them); ``is_proven`` tells that it does in the sample.
    """

    mapping: Mapping
    header_row: int | None = None
    doubts: list = field(default_factory=list)
    is_proven: bool = False
    columns: Columns | None = None


def _complete(mapping, columns):
    """Fill what the headers left open from the contents; only what is beyond doubt.

    :return: ``Mapping``
    """
    taken = {getattr(mapping, role) for role in COLUMNS} | set(mapping.label)
    changes, dates, amounts = {}, columns.dates(), set(columns.amounts())
    free = [index for index in range(columns.width) if index not in taken and columns.cells(index)]
    if mapping.date is None:
        free_dates = [index for index in free if index in dates]
        if free_dates:
            changes["date"] = free_dates[0]
        if len(free_dates) == 2 and mapping.value_date is None:
            changes["value_date"] = free_dates[1]
    others = [index for index in free if index not in dates]
    if mapping.currency is None:
        codes = [index for index in others if columns.is_full(index) and share(columns.cells(index), is_currency) == 1]
        if len(codes) == 1:
            changes["currency"] = codes[0]
    ibans = [index for index in others if share(columns.cells(index), is_iban_cell) >= 0.6]
    for index in ibans:
        is_own = len(set(columns.different(index))) == 1 and len(columns.rows) > 1
        role = "account" if is_own else "counterparty_account"
        if getattr(mapping, role) is None:
            changes.setdefault(role, index)
    texts = [
        index
        for index in others
        if index not in amounts
        and index not in ibans
        and index not in changes.values()
        and len(columns.different(index)) > min(1, len(columns.rows) - 1)
        and share(columns.cells(index), is_account_cell) < 0.9
    ]
    if not mapping.label and texts:
        # A description is the text that differs most from row to row, then the longest one.
        sizes = {
            index: (len(columns.different(index)), sum(len(str(cell)) for cell in columns.cells(index)))
            for index in texts
        }
        changes["label"] = (max(texts, key=sizes.get),)
    return replace(mapping, **changes)


def _guess_amounts(mapping, columns):
    """Guess the columns of the amounts where no header names them, or none where it would be mere chance.

    :return: ``Mapping``
    """
    taken = {getattr(mapping, role) for role in COLUMNS} | set(mapping.label)
    money = [index for index in columns.money() if index not in taken]
    if len(money) == 1 and columns.is_full(money[0]):
        return replace(mapping, amount=money[0])
    filled = {index: [bool(text_of(row, index).strip("0.,- ")) for row in columns.rows] for index in money}
    pairs = [
        (one, other)
        for one, other in combinations(money, 2)
        if all(left != right for left, right in zip(filled[one], filled[other], strict=True))
        and any(filled[one])
        and any(filled[other])
    ]
    # Money out comes first in nearly all tables, and is more often; where only one of both is so, ask.
    if len(pairs) == 1 and sum(filled[pairs[0][0]]) > sum(filled[pairs[0][1]]):
        return replace(mapping, debit=pairs[0][0], credit=pairs[0][1])
    return mapping


def _with_marks(mapping, columns, doubts):
    """Take a column of debit and credit marks as the direction, where the amounts have no signs of their own.

    :param doubts: list that a sentence is added to where it has to be asked
    :return: ``Mapping``
    """
    if mapping.amount is None:
        return mapping
    if mapping.direction is not None:
        return mapping
    used = {getattr(mapping, role) for role in COLUMNS if role != "transaction_code"}
    if any(text_of(row, mapping.amount).lstrip("€$£ ").startswith(("-", "\u2212", "(")) for row in columns.rows):
        return _without_marks(mapping, columns)
    for place in range(columns.width):
        if place in used or not columns.cells(place):
            continue
        texts = [text for text in columns.different(place) if text]
        if len(texts) > 4 or max(map(len, texts)) > TEXT_MAX or share(columns.cells(place), is_amount) > 0.5:
            continue
        marks, is_clear = read_marks(texts)
        if marks is None:
            continue
        if not is_clear or len(columns.cells(place)) < len(columns.rows) or min(map(len, texts)) < 3:
            doubts.append(_sign_doubt(columns, place))
        return as_direction(mapping, columns, place)
    return mapping


def _unknown_marks(mapping, columns):
    """Give the column with two texts that may be marks, beside amounts without a sign, or None."""
    if mapping.amount is None or mapping.direction is not None:
        return None
    if any(text_of(row, mapping.amount).lstrip("€$£ ").startswith(("-", "\u2212", "(")) for row in columns.rows):
        return None
    place = two_valued(mapping, columns, len(columns.rows))
    return None if place in mapping.label else place


def _without_marks(mapping, columns):
    """Take columns that hold nothing but marks out of the description."""
    labels = tuple(
        index
        for index in mapping.label
        if share(columns.cells(index), lambda cell: is_debit_mark(str(cell)) is not None) <= 0.6
    )
    return replace(mapping, label=labels or mapping.label)


def _sign_doubt(columns, place):
    texts = [text for text in columns.different(place) if text]
    return _lt(
        "No amount of the table has a minus, and a column has only the texts %(texts)s. Please choose which of its "
        "columns says whether money came or went.",
        texts=", ".join(f'"{text[:20]}"' for text in texts[:2]),
    )


def _rivals(mapping, columns, header):
    """Give the columns that could be the amount too: amounts of money under a header that is not known."""
    used = {getattr(mapping, role) for role in COLUMNS}
    names = [roles_of(cell)[0] if isinstance(cell, str) and cell else () for cell in header]
    found = []
    for index in columns.money():
        if index in used or index in mapping.label or index < len(names) and names[index]:
            continue
        cells = columns.cells(index)
        if share(cells, has_decimals) > 0.5 and any(text_of(row, index).strip("0.,- ") for row in columns.rows):
            found.append(index)
    return found


def guess_columns(rows, start=0, header_row=None):
    """Guess what the columns of a table mean, and name the reasons not to trust the guess.

    :param rows: list of rows (lists of str, Decimal or date), the whole table or its beginning
    :param start: index of the first row that belongs to the table (int)
    :param header_row: index of the row of headers (int), or None to find it
    :return: ``Guess``
    """
    known = column_sets.find(rows, start, header_row)
    index = known[0] if known else header_row if header_row is not None else find_header(rows, start)
    below = start if index is None else index + 1
    columns = Columns(rows[below : below + SAMPLE * 2])
    header = rows[index] if index is not None else []
    doubts = []
    if known:
        mapping, is_known = known[1].mapping(header), True
    else:
        found, rivals = read_header(header, columns)
        mapping = Mapping(header=tuple(str(cell) for cell in header), **one_counterparty(found))
        is_known = mapping.is_complete and mapping.date is not None
        mapping = _complete(mapping, columns)
        if rivals:
            doubts.append(_rival_doubt(header, [mapping.amount, *rivals]))
    return _settle(mapping, index, columns, header, doubts, is_known, is_set=bool(known))


def _settle(mapping, index, columns, header, doubts, is_known, *, is_set):
    """Complete a guess with marks and proof, and collect what has to be asked."""
    if mapping.amount is not None and (mapping.debit is not None or mapping.credit is not None):
        mapping = _signed_or_split(mapping, columns, doubts)
    guessed = mapping
    if not mapping.is_complete:
        # The running balance finds the amounts, or the look of the columns suggests them.
        proven = prove(columns, mapping, 2)
        guessed = proven or _with_marks(_guess_amounts(mapping, columns), columns, doubts)
        place = None if proven else _unknown_marks(guessed, columns)
        if place is not None:
            guessed = as_direction(guessed, columns, place)
    elif not is_set:
        guessed = _with_marks(mapping, columns, doubts)
        rivals = _rivals(guessed, columns, header)
        if rivals:
            doubts.append(_rival_doubt(header, [guessed.amount or guessed.debit, *rivals]))
        if (guessed.debit is None) != (guessed.credit is None) and guessed.amount is None:
            guessed = _with_other_side(guessed, columns, doubts)
        proven = prove(columns, guessed, 1 if guessed.balance is not None else 2)
        if proven is None:
            proven = prove(columns, replace(mapping, direction=None, is_inverted=False), 1)
        guessed = proven or guessed
    else:
        proven = prove(columns, mapping, 1) if mapping.balance is not None else None
        # Where the running balance says otherwise than the set, the bank has changed its table.
        guessed = proven or guessed
    if not is_known and guessed.is_complete:
        doubts.append(
            _lt(
                "The table has no headers that are known, and no running balance proves what its columns mean. Please "
                "check what each column holds.",
            )
            if index is None
            else _lt(
                "Not all headers of the table are known, and no running balance proves what its columns mean. Please "
                "check what each column holds.",
            )
        )
    return Guess(guessed, index, doubts, proven is not None, columns)


def _rival_doubt(header, places):
    names = [str(header[place]) if place is not None and place < len(header) else "" for place in places]
    return _lt(
        "More than one column of the table could hold the amounts (%(names)s). Please choose the right one.",
        names=", ".join(f'"{name[:30]}"' for name in names[:4] if name) or len(places),
    )


def _signed_or_split(mapping, columns, doubts):
    """Choose between a column of amounts and columns of debits and credits, where a table has all of them."""
    rows = columns.rows
    is_signed = any(text_of(row, mapping.amount).startswith(("-", "\u2212", "(")) for row in rows)
    if is_signed or mapping.debit is None or mapping.credit is None:
        if not is_signed and rows:
            doubts.append(_rival_doubt(mapping.header, [mapping.amount, mapping.debit, mapping.credit]))
        return replace(mapping, debit=None, credit=None)
    return replace(mapping, amount=None)


def _with_other_side(mapping, columns, doubts):
    """Ask for the column of money in where only that of money out is known, and the other way round."""
    rivals = _rivals(mapping, columns, mapping.header)
    if len(rivals) == 1:
        side = "credit" if mapping.credit is None else "debit"
        mapping = replace(mapping, **{side: rivals[0]})
    doubts.append(
        _lt(
            "The table has a column for money that came or for money that went, but none for the other. Please choose "
            "which columns hold the amounts.",
        )
    )
    return mapping


def guess_mapping(rows):
    """Guess what the columns of a table mean, from its headers and contents.

    :param rows: list of rows (lists of str, Decimal or date), the whole table or its beginning
    :return: ``Mapping``; ``is_complete`` tells whether it is enough to read the table
    """
    return guess_columns(rows).mapping

"""Rows that may be an entry or not: ``TOTAL`` is the sum of a table and a petrol station, ``Vortrag`` a lecture too.

Only the numbers tell. An entry changes the running balance by its amount, a total is the sum of entries, and two
balances differ by the entries between them. What they do not tell is an entry where it has entries of the account on
both sides, since totals come first or last; at the ends nobody can tell, and a person has to.
"""

from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from .balance_rows import TURNOVER

ENTRY, NO_ENTRY, UNCLEAR = "entry", "no entry", "unclear"


class DoubtfulRow(NamedTuple):
    """A row with a date and an amount whose description is a word for a balance or a total.

    ``place`` is the number of entries above it, ``amount`` what it is worth as an entry, ``value`` as a balance or a
    total, ``balance`` the running balance after it or None. ``is_certain_word`` tells that the description is the
    word alone and that nobody pays for what it names ("Balance").
    """

    place: int
    number: int
    row: list
    day: object
    text: str
    kind: str
    is_certain_word: bool
    account: str
    currency: str
    amount: Decimal
    value: Decimal
    balance: Decimal | None


class _Sums:
    """Sums of the entries of one account between two places of the table."""

    def __init__(self, entries, account, currency):
        own = [
            line.amount if (number, line.currency) == (account, currency) else Decimal(0)
            for number, line, _balance in entries
        ]
        self.end = len(own)
        self._credits = list(accumulate((max(amount, Decimal(0)) for amount in own), initial=Decimal(0)))
        self._debits = list(accumulate((max(-amount, Decimal(0)) for amount in own), initial=Decimal(0)))
        self._counts = list(accumulate(map(bool, own), initial=0))

    def of(self, first, last):
        """Give (credits, debits, number of entries)."""
        return tuple(sums[last] - sums[first] for sums in (self._credits, self._debits, self._counts))

    def has_total(self, value, first, last):
        """Tell whether an amount is the sum of two entries or more: of all, of those that came or of those that went"""
        credits, debits, count = self.of(first, last)
        return count > 1 and abs(value) in (credits, debits, abs(credits - debits))


def _follows(entries, row):
    """Tell whether the running balance of a row follows from the one above or, newest first, from the one below."""
    near = entries[max(row.place - 1, 0) : row.place + 1]
    return row.balance is not None and any(
        balance is not None and account == row.account and balance + row.amount == row.balance
        for account, _line, balance in near
    )


def _proven_balances(rows, sums):
    """Give the numbers of the rows that are balances: they differ by the entries between them."""
    proven = set()
    for one, other in pairwise(row for row in rows if row.kind != TURNOVER):
        credits, debits, count = sums.of(one.place, other.place)
        if count and abs(other.value - one.value) == abs(credits - debits):
            proven |= {one.number, other.number}
    return proven


def _is_balance(row, sums, opening):
    """Tell whether a row is the opening balance with all entries above it, or with all below it."""
    if opening is None or row.kind == TURNOVER:
        return False
    changes = [credits - debits for credits, debits, _count in (sums.of(0, row.place), sums.of(row.place, sums.end))]
    return row.value - opening in changes


def judge(rows, entries, openings):
    """Tell what doubtful rows are. Costs one pass over the entries for each account that has such rows.

    :param rows: list of ``DoubtfulRow``, in the order of the table
    :param entries: list of (account, ``Line``, running balance or None), in the order of the table
    :param openings: dict of the opening balances (Decimal) that other rows state, by account and currency
    :return: list of (``DoubtfulRow``, ``ENTRY``, ``NO_ENTRY`` or ``UNCLEAR``)
    """
    by_account = {}
    for row in rows:
        by_account.setdefault((row.account, row.currency), []).append(row)
    verdicts = []
    for (account, currency), own in by_account.items():
        sums = _Sums(entries, account, currency)
        balances = _proven_balances(own, sums)
        places = [0, *(row.place for row in own), sums.end]
        for index, row in enumerate(own, start=1):
            ranges = {
                (0, sums.end), (0, row.place), (row.place, sums.end),
                (places[index - 1], row.place), (row.place, places[index + 1]),
            }  # fmt: skip
            is_total = row.kind == TURNOVER and any(sums.has_total(row.value, *place) for place in ranges)
            is_inside = sums.of(0, row.place)[2] and sums.of(row.place, sums.end)[2]
            is_balance = row.number in balances or _is_balance(row, sums, openings.get((account, currency)))
            if _follows(entries, row):
                verdict = ENTRY
            elif is_total or is_balance or not sums.of(0, sums.end)[2]:
                verdict = NO_ENTRY
            else:
                verdict = ENTRY if is_inside and not row.is_certain_word else UNCLEAR
            verdicts.append((row, verdict))
    return sorted(verdicts, key=lambda pair: pair[0].number)

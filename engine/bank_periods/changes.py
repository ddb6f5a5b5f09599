"""A bank reconciliation's figures: their fingerprint, and what has changed since they were taken.

How to use
    ``fingerprint(header, rows)`` once the figures are taken, and again to verify them.
    ``compare(stored, current, ...)`` at any time: what differs, one :class:`Change` each.

How it works
    Rows are plain values, matched by the number of their journal item or bank transaction. Amounts are exact decimals.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

CONFIRMED, OUTSTANDING, UNMATCHED, ELSEWHERE = "confirmed", "outstanding", "unmatched", "elsewhere"


@dataclass(frozen=True)
class Row:
    """A remittance, or a bank transaction that was not matched, at one moment.

    :ivar key: id of its journal item; of the bank transaction where ``section`` is ``UNMATCHED``
    :ivar amount: Decimal, in the currency of the bank account
    :ivar bank_key: id of the bank transaction that it is matched with, or None
    :ivar foreign: the amount in the currency of its journal item and that currency, as text, where it is compared
    """

    section: str
    key: int
    name: str
    date: object
    amount: Decimal
    partner: int = 0
    bank_key: int = 0
    is_matched: bool = False
    foreign: str = ""


@dataclass(frozen=True)
class Change:
    """One thing that differs: ``kind`` is amount, foreign, date, partner, gone, unmatched or backdated; ``was`` and
    ``now`` are rows, None where there is none."""

    kind: str
    was: Row | None
    now: Row | None

    @property
    def row(self):
        """The row by which the change is named."""
        return self.was or self.now


def fingerprint(header, rows):
    """Give the SHA-256 of a period's figures.

    :param header: dict of plain values
    :param rows: list of lists of plain values, in a fixed order
    :return: 64 hexadecimal digits

    >>> fingerprint({"closing": "1.00"}, []) == fingerprint({"closing": "1.00"}, [])
    True
    >>> fingerprint({"closing": "1.00"}, []) == fingerprint({"closing": "1.01"}, [])
    False
    """
    text = json.dumps([header, rows], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def compare(stored, current, date_from=None, date_to=None):
    """Tell what has changed since the rows were stored.

    That an outstanding remittance is confirmed or matched later, and that an unmatched bank transaction is matched with
    a payment that is there, is what comes next and no change. With a range, whatever has come into it is one.

    :param stored: rows as they were
    :param current: rows as they are, of the stored keys and of the range
    :param date_from: first day of a closed period, or None for one that is still open
    :param date_to: its last day
    :return: list of :class:`Change`, in the order of the stored rows, then what is new by date

    >>> paid = Row(CONFIRMED, 1, "P1", 5, Decimal("10"), bank_key=7, is_matched=True)
    >>> [change.kind for change in compare([paid], [])]
    ['gone']
    >>> less = Row(OUTSTANDING, 1, "P1", 5, Decimal("9"), bank_key=7, is_matched=True)
    >>> [change.kind for change in compare([paid], [less])]
    ['amount']
    >>> compare([], [less])
    []
    >>> [change.kind for change in compare([], [less], 1, 30)]
    ['backdated']
    """
    now = {(row.section == UNMATCHED, row.key): row for row in current}
    known = {(row.section == UNMATCHED, row.key) for row in stored}
    changes = []
    for was in stored:
        row = now.get((was.section == UNMATCHED, was.key))
        if row is None:
            changes.append(Change("gone", was, None))
            continue
        if row.amount != was.amount:
            changes.append(Change("amount", was, row))
        elif row.foreign != was.foreign:
            changes.append(Change("foreign", was, row))
        if row.date != was.date:
            changes.append(Change("date", was, row))
        if row.partner != was.partner and was.section != UNMATCHED:
            changes.append(Change("partner", was, row))
        if was.is_matched and (not row.is_matched or row.bank_key != was.bank_key):
            changes.append(Change("unmatched", was, row))
    if date_from is not None:
        new = [row for key, row in now.items() if key not in known and date_from <= row.date <= date_to]
        changes += [Change("backdated", None, row) for row in sorted(new, key=lambda row: (row.date, row.key))]
    return changes

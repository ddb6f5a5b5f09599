"""A batch booking in two messages without a reference that both have: its sum in one, its payments in the other.

A bank books a file of direct debits or transfers as one sum (CAMT.053, MT940) and lists the payments elsewhere
(CAMT.054 or 052, a detailed export). Where both have the bank's reference of the booked sum, that proves it, and
this module is not needed.

How to use: ``pair_batches(wholes, groups)`` with a :class:`Booked` for each entry that may be a sum and for each group
of payments that a message calls parts of one sum.

How it works: the amount always agrees to the cent. The same payment order (ISO 20022 ``PmtInfId``, German ``KREF``)
within a few days is proof. Without it, day and amount agree, and what both sides say does not contradict: not the
number of payments, not the payment order and not, in one format, the bank's reference of the sum. An entry that a
message says is a batch booking comes before one that may be anything.
Each is in one pair at most. Cost: linear in the number of entries.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

# How many days may be between the messages about one payment order.
DAYS_OF_ORDER_MAX = 5


@dataclass(frozen=True, slots=True)
class Booked:
    """A sum, or the payments that make one up.

    :param key: how the caller knows it
    :param days: the days on which another message may show it: booking date, value date
    :param amount: of the sum, signed
    :param order: identification of the payment order, or ''
    :param reference: the bank's reference of the sum, or ''
    :param count: the number of payments, 0 where it is not known
    :param source: what tells two messages of one kind apart from two kinds: (format, is it a whole statement)
    """

    key: Any
    days: tuple[date, ...]
    amount: Decimal
    order: str = ""
    reference: str = ""
    count: int = 0
    source: tuple = ()


def _is_near(one, other):
    return any(abs((day - found).days) <= DAYS_OF_ORDER_MAX for day in one.days for found in other.days)


def _may_be_one(whole, group):
    if whole.order and group.order and whole.order != group.order:
        return False
    is_one_format = whole.source[:1] == group.source[:1]
    if is_one_format and whole.reference and group.reference and whole.reference != group.reference:
        return False
    if whole.count and group.count:
        return whole.count == group.count
    # Two statements of one format list the same entries the same way: an equal amount is another entry then.
    is_twice_booked = whole.source == group.source and bool(whole.source and whole.source[1])
    return not is_twice_booked


def pair_batches(wholes, groups):
    """Find which entries are the sums of which groups of payments.

    :param wholes: list of ``Booked``, entries that may be sums
    :param groups: list of ``Booked``, groups of two payments or more
    :return: list of (key of the sum, key of the group, whether the payment order proves it)
    """
    by_order, by_day = {}, {}
    for whole in sorted(wholes, key=lambda whole: not (whole.order or whole.count)):
        if whole.order:
            by_order.setdefault((whole.order, whole.amount), []).append(whole)
        for day in whole.days:
            by_day.setdefault((day, whole.amount), []).append(whole)
    used, pairs = set(), {}

    def take(group, candidates, fits, is_certain):
        if group.key in pairs:
            return
        for whole in candidates:
            if whole.key not in used and fits(whole, group):
                used.add(whole.key)
                pairs[group.key] = (whole.key, group.key, is_certain)
                return

    for group in groups:
        take(group, by_order.get((group.order, group.amount), ()) if group.order else (), _is_near, True)
    for group in groups:
        for day in group.days:
            take(group, by_day.get((day, group.amount), ()), _may_be_one, False)
    return list(pairs.values())

"""Planned payments as plain values: dates, amounts, the items they pay, and what is left of them when less is owed.

*How to use.* ``payment_dates`` and ``even_amounts`` propose a schedule, ``split`` tells which item each planned payment
pays, ``shrink`` fits a schedule to what is still open of the items. Amounts are exact decimals in one currency.

*How it works.* Splitting is the waterfall: planned payments are allocated to items, first to last, or pro rata where
the account's payments are. Shrinking takes from the end of the schedule, so that the next planned payment is the last
one to change, and then allocates again.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ..items.waterfall import allocate_to_items

UNITS = ("weeks", "months")
PLANNED_PAYMENTS_MAX = 120


@dataclass
class PlannedPayment:
    """One planned payment as the shrinking sees it.

    ``keeps_items``: its items were chosen, so it never moves to others. ``is_fixed``: it is being charged; it changes
    last, and is never dropped.
    """

    key: Hashable
    parts: dict = field(default_factory=dict)
    keeps_items: bool = False
    is_fixed: bool = False

    @property
    def amount(self) -> Decimal:
        return sum(self.parts.values(), Decimal(0))


def payment_dates(first: date, count: int, interval: int, unit: str) -> list[date]:
    """The dates of a schedule.

    :param first: date of the first planned payment
    :param count: how many, 1 to PLANNED_PAYMENTS_MAX
    :param interval: how many units apart, at least 1
    :param unit: one of UNITS; a month keeps the day of the first date where the month has it
    :return: dates, ascending

    >>> [day.isoformat() for day in payment_dates(date(2026, 1, 31), 3, 1, "months")]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """
    if not 1 <= count <= PLANNED_PAYMENTS_MAX or interval < 1 or unit not in UNITS:
        raise ValueError((count, interval, unit))
    return [first + relativedelta(**{unit: interval * number}) for number in range(count)]


def even_amounts(total: Decimal, count: int, step: Decimal) -> list[Decimal]:
    """An amount in equal parts that add up to it exactly; the first ones carry the odd cents.

    :param total: above 0, a multiple of the step
    :param count: how many parts, at least 1
    :param step: the smallest amount of the currency
    :return: parts, none of them negative (0 where the total is less than ``count`` steps)

    >>> even_amounts(Decimal("100"), 3, Decimal("0.01"))
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    """
    steps, odd = divmod(int(total / step), count)
    return [step * (steps + (number < odd)) for number in range(count)]


def split(
    amounts: list[tuple[Hashable, Decimal]], items: list[tuple[Hashable, Decimal]], step: Decimal | None = None
) -> dict:
    """Which item each planned payment pays: the waterfall, negative items taken by the one that settles.

    :param amounts: ``(planned payment key, amount)``, first to last
    :param items: ``(item key, open amount)`` in listed order
    :param step: the smallest amount of the currency, to pay all items pro rata
    :return: ``{planned payment key: {item key: amount}}``
    """
    result = {key: {} for key, _amount in amounts}
    for key, item, amount in allocate_to_items(amounts, items, step):
        result[key][item] = result[key].get(item, Decimal(0)) + amount
    return result


def _within(wanted: Decimal, available: Decimal) -> Decimal:
    """As much of a signed amount as a signed available amount allows."""
    if wanted * available <= 0:
        return Decimal(0)
    return min(wanted, available) if wanted > 0 else max(wanted, available)


def shrink(
    planned_payments: list[PlannedPayment], items: list[tuple[Hashable, Decimal]], step: Decimal | None = None
) -> dict:
    """Fit a schedule to what is open: nothing is planned beyond it, and what goes is taken from the end.

    :param planned_payments: first to last
    :param items: ``(item key, open amount)`` in listed order
    :param step: the smallest amount of the currency, to pay all items pro rata
    :return: ``{planned payment key: {item key: amount}}``; an empty dict where nothing is left of a planned payment
    """
    left = dict(items)
    order = sorted(planned_payments, key=lambda one: not one.is_fixed)
    result = {}
    for one in order:
        if one.keeps_items:
            result[one.key] = {}
            for item, wanted in one.parts.items():
                amount = _within(wanted, left.get(item, Decimal(0)))
                if amount:
                    result[one.key][item] = amount
                    left[item] -= amount
    allocating = [one for one in order if not one.keeps_items]
    covered = {}
    for item, _open in items:
        wanted = sum((one.parts.get(item, Decimal(0)) for one in allocating), Decimal(0))
        covered[item] = _within(wanted, left[item])
    room = sum(covered.values(), Decimal(0))
    amounts = []
    for one in allocating:
        amount = max(min(one.amount, room), Decimal(0))
        amounts.append((one.key, amount))
        room -= amount
    result.update(split(amounts, [(item, amount) for item, amount in covered.items() if amount], step))
    return result

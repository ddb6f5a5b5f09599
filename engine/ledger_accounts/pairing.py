"""Which open lines of an account a rule reconciles: exact pairs first, then sums, then what is within the tolerance.

How to use
    ``plan(rows, ...)`` with the rows of ``rules_sql.rule_lines``: lines that share what the rule asks for have one key.

How it works
    *Exact pairs*: of one key, currency and amount, debits and credits are walked by date, both at once. Two within the
    days allowed are a pair; of two that are not, the earlier one is passed over. That takes as many pairs as there can
    be, the oldest first, in one pass over the sorted lines.
    *Groups*: all lines of a key that add up to zero; debits are allocated to credits, oldest first.
    *Tolerance*: where one debit and one credit are all that is left of a key.
    The same lines give the same plan.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import groupby

from ..items.waterfall import allocate

ZERO = Decimal(0)


class Line(NamedTuple):
    """A row of ``rules_sql.rule_lines``: amount signed, in the line's currency."""

    id: int
    date: object
    currency_id: int
    amount: Decimal
    key: str
    company_id: int = 0


@dataclass
class Plan:
    """What a rule takes.

    ``pairs``: ``(debit id, credit id, amount)``, the amount in their currency. ``differing``: pairs ``(debit Line,
    credit Line)`` whose difference is booked to the account of the tolerance. ``amounts``: what is reconciled of all,
    ``{currency id: Decimal}``.
    """

    pairs: list = field(default_factory=list)
    differing: list = field(default_factory=list)
    amounts: dict = field(default_factory=lambda: defaultdict(Decimal))


def plan(rows, takes="pair", days_max=0, amount_within=ZERO, tolerance_currency=None):
    """Plan what a rule takes.

    :param rows: iterable of ``(id, date, currency_id, amount, key, company_id)``, by key, currency, date and id
    :param takes: ``pair``, or ``group`` for all lines of a key together
    :param days_max: how many days may be between the lines; 0 for any number
    :param amount_within: Decimal, the largest difference of a pair
    :param tolerance_currency: id of the currency in which differences are booked, or None for no tolerance
    :return: :class:`Plan`

    >>> from datetime import date
    >>> january = date(2026, 1, 1)
    >>> rows = [(1, january, 1, Decimal(5), ""), (2, january, 1, Decimal(-5), ""), (3, january, 1, Decimal(-6), "")]
    >>> plan(rows).pairs
    [(1, 2, Decimal('5'))]
    """
    result = Plan()
    for (_key, currency_id), lines in groupby(map(_line, rows), key=lambda line: (line.key, line.currency_id)):
        if takes == "group":
            if is_zero_group(lines, days_max):
                debits = [(line.id, line.amount) for line in lines if line.amount > 0]
                result.amounts[currency_id] += sum(amount for _id, amount in debits)
                credits_ = [(line.id, -line.amount) for line in lines if line.amount < 0]
                result.pairs += [
                    (debit, credit, amount) for credit, debit, amount in allocate(credits_, debits)
                ]  # fmt: skip
            continue
        pairs = exact_pairs(lines, days_max)
        result.pairs += [(debit.id, credit.id, debit.amount) for debit, credit in pairs]
        if pairs:
            result.amounts[currency_id] += sum(debit.amount for debit, _credit in pairs)
        if amount_within > 0 and currency_id == tolerance_currency:
            taken = {line.id for pair in pairs for line in pair}
            left = [line for line in lines if line.id not in taken]
            if pair := differing_pair(left, days_max, amount_within):
                result.differing.append(pair)
                result.amounts[currency_id] += min(abs(line.amount) for line in pair)
    return result


def _line(row):
    line_id, day, currency_id, amount, *rest = row
    return Line(line_id, day, currency_id, Decimal(amount), *rest)


def is_zero_group(lines, days_max):
    """Whether lines add up to zero and are within the days allowed.

    :param lines: list of :class:`Line`, by date
    """
    return not sum(line.amount for line in lines) and _within(lines[0], lines[-1], days_max)


def exact_pairs(lines, days_max):
    """Pairs of a debit and a credit of the same amount, as many as there can be, the oldest first.

    :param lines: list of :class:`Line` of one key and currency, by date
    :return: list of ``(debit, credit)``
    """
    sides = {}
    for line in lines:
        sides.setdefault(abs(line.amount), ([], []))[line.amount < 0].append(line)
    found = []
    for debits, credits_ in sides.values():
        debit = credit = 0
        while debit < len(debits) and credit < len(credits_):
            one, other = debits[debit], credits_[credit]
            if _within(one, other, days_max):
                found.append((one, other))
                debit, credit = debit + 1, credit + 1
            elif one.date < other.date:
                debit += 1
            else:
                credit += 1
    return found


def differing_pair(lines, days_max, amount_within):
    """The one debit and the one credit of a key, where they differ by no more than is allowed; else None.

    The difference is an entry of one company, so that both must be of it.
    """
    if len({line.company_id for line in lines}) != 1 or len(lines) != 2:
        return None
    debit, credit = sorted(lines, key=lambda line: -line.amount)
    difference = abs(debit.amount + credit.amount)
    if debit.amount > 0 > credit.amount and difference <= amount_within and _within(debit, credit, days_max):
        return debit, credit
    return None


def _within(one, other, days_max):
    return not days_max or abs((one.date - other.date).days) <= days_max

"""What balances say of the signs of the amounts, where the amounts do not follow them as they are written."""

from dataclasses import replace
from typing import NamedTuple

from .sentence import _lt
from .table_balance import orders_of


def turn_doubly_signed(lines, places, opening, closing):
    """Give amounts that have a minus beside a mark or type of debit or credit the sign that the balances prove.

    :param lines: list of ``Line``, read as mark and minus together say; those at ``places`` are changed where the
        balances prove the other sign
    :param places: list of int
    :param opening: Decimal, balance before all lines, or None
    :param closing: Decimal, balance after them, or None
    :return: bool, whether the signs are proven; True where there are no such amounts
    """
    if not places:
        return True
    if opening is None or closing is None:
        return False
    missing = closing - opening - sum(line.amount for line in lines)
    if missing and missing != -2 * sum(lines[place].amount for place in places):
        return False
    for place in places if missing else ():
        lines[place] = replace(lines[place], amount=-lines[place].amount)
    return True


class _Comparison(NamedTuple):
    """How a running balance follows from amounts in one order of the rows.

    ``changes`` is the change of the balance by each entry, None where it is not known; ``reversed`` are the places of
    the entries whose change is their amount with the other sign, ``unexplained`` counts those where it is neither.
    """

    entries: list
    changes: list
    reversed: list
    unexplained: int


def _compare(entries, opening):
    changes, turned, unexplained, known = [], [], 0, opening
    for place, (line, balance) in enumerate(entries):
        change = balance - known if balance is not None and known is not None else None
        changes.append(change)
        known = balance
        if change is None or change == line.amount:
            continue
        if change == -line.amount:
            turned.append(place)
        else:
            unexplained += 1
    return _Comparison(entries, changes, turned, unexplained)


def _is_right(comparison):
    return not comparison.reversed and not comparison.unexplained


def _follows_by_day(entries, opening):
    """Tell whether each day's entries follow the day before, upwards or downwards: tables mix the order of a day."""
    known, days = {opening}, {}
    for line, balance in entries:
        days.setdefault(line.date, []).append((line, balance))
    for rows in days.values():
        known = {order[-1][1] for order in (rows, rows[::-1]) for start in known if _is_right(_compare(order, start))}
    return bool(known)


def _contradiction(entries, opening):
    """Give the ``_Comparison`` in which amounts have the wrong sign, or None where some order needs none to turn."""
    found = [_compare(order, opening) for order in orders_of(entries)]
    if any(map(_is_right, found)) or _follows_by_day(found[0].entries, opening):
        return None
    wrong = [comparison for comparison in found if len(comparison.reversed) > comparison.unexplained]
    return min(wrong, key=lambda comparison: comparison.unexplained, default=None)


def _signed(comparison):
    """Give the entries with the signs that the balance says, and the first one of which it says nothing, or None."""
    signed, unknown = [], None
    for (line, balance), change in zip(comparison.entries, comparison.changes, strict=True):
        if change is None and line.amount and unknown is None:
            unknown = line
        if change is not None and change != line.amount:
            original = line.original_amount and -line.original_amount
            line = replace(line, amount=change, original_amount=original)
        signed.append((line, balance))
    return signed, unknown


def settle_signs(found, mapping, warnings):
    """Give amounts without signs those that the running balance says, and name the one that contradicts it.

    The balance says nothing of the oldest entry unless the table states the opening balance.

    :param found: ``Found``; its entries are changed
    :param mapping: ``Mapping`` by which they were read
    :param warnings: list to which a ``Sentence`` is added where signs were taken from the balance
    :return: ``Sentence`` to ask with, or None
    """
    if mapping.balance is None:
        return None
    groups, doubt = {}, None
    for place, (account, line, balance) in enumerate(found.entries):
        groups.setdefault((account, line.currency), []).append((place, line, balance))
    for (account, currency), rows in groups.items():
        comparison = _contradiction(
            [(line, balance) for _place, line, balance in rows], found.opening.get((account, currency))
        )
        if comparison is None:
            continue
        is_unsigned = mapping.amount is not None and mapping.direction is None and _has_one_sign(rows)
        if not is_unsigned or comparison.unexplained:
            place = comparison.reversed[0]
            line = comparison.entries[place][0]
            doubt = doubt or _lt(
                "The running balance changes by %(change)s at %(date)s, where the table has the amount %(amount)s. "
                "Please choose which columns hold the amounts, or which one says whether money came or went.",
                change=comparison.changes[place],
                date=line.date,
                amount=line.amount,
            )
            continue
        signed, unknown = _signed(comparison)
        by_old = {id(old): new for (old, _), (new, _) in zip(comparison.entries, signed, strict=True)}
        for place, line, balance in rows:
            found.entries[place] = account, by_old[id(line)], balance
        if unknown is not None:
            doubt = doubt or _lt(
                "No amount of the table has a minus, but its running balance falls. It tells of each amount whether "
                "it came or went, except of the first one (%(amount)s at %(date)s). Please say whether money that "
                "went out is positive, which counts for that one; or export the table from an earlier day on.",
                amount=abs(unknown.amount),
                date=unknown.date,
            )
        warnings.append(
            _lt("No amount of the table has a sign of its own; the running balance tells which of them went out.")
        )
    return doubt


def _has_one_sign(rows):
    amounts = [line.amount for _place, line, _balance in rows]
    return min(amounts) >= 0 or max(amounts) <= 0

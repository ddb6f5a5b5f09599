"""What balances say of the signs of the amounts, where the amounts do not follow them as they are written."""

from dataclasses import replace
from typing import NamedTuple

from .sentence import _lt
from .table_balance import orders_of


def settle_doubly_signed(lines, places, opening, closing, warnings):
    """Give amounts that have a minus beside a mark or type of debit or credit the sign that the balances prove.

    Without balances the mark or type counts, with a warning.

    :param lines: list of ``Line``, read as mark and minus together say; those at ``places`` are changed
    :param places: list of int
    :param opening: Decimal, balance before all lines, or None
    :param closing: Decimal, balance after them, or None
    :param warnings: list to which a ``Sentence`` is added
    :return: bool, False where the balances prove neither
    """
    missing = None
    if not places:
        return True
    if opening is None or closing is None:
        warnings.append(
            _lt(
                "Amounts with a minus beside a mark or type that says credit or debit: %(count)s (such as %(amount)s). "
                "The mark or type counts, no balances prove it. Please compare them with the bank's own list.",
                count=len(places),
                amount=-abs(lines[places[0]].amount),
            )
        )
    else:
        missing = closing - opening - sum(line.amount for line in lines)
        if missing and missing != -2 * sum(lines[place].amount for place in places):
            return False
    if missing != 0:
        for place in places:
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


def _agrees(entries, known):
    """Tell whether each amount is the change of the running balance, oldest first, where that is known."""
    for line, balance in entries:
        if balance is not None and known is not None and balance - known != line.amount:
            return False
        known = balance
    return True


def _follows(entries, opening):
    """Tell whether the running balance follows from all amounts, at least from one."""
    orders = orders_of(entries, [line.date for line, _balance in entries])
    is_linked = any(change is not None for change in _compare(orders[0], opening).changes)
    return is_linked and (any(_agrees(order, opening) for order in orders) or _follows_by_day(orders[0], opening))


def _follows_by_day(entries, opening):
    """Tell whether each day's entries follow the day before, upwards or downwards: tables mix the order of a day."""
    known, days = {opening}, {}
    for line, balance in entries:
        days.setdefault(line.date, []).append((line, balance))
    for rows in days.values():
        known = {order[-1][1] for order in (rows, rows[::-1]) for start in known if _agrees(order, start)}
    return bool(known)


def _contradiction(entries, opening):
    """Give the ``_Comparison`` in which amounts have the wrong sign, or None where some order needs none to turn."""
    orders = orders_of(entries, [line.date for line, _balance in entries])
    if any(_agrees(order, opening) for order in orders) or _follows_by_day(orders[0], opening):
        return None
    found = [_compare(order, opening) for order in orders]
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


# The answer of a person that the running balance may be what is owed, see `Mapping`.
OWED = "owed"


class Signs(NamedTuple):
    """What a running balance says of the signs of a table.

    ``doubt`` is a ``Sentence`` to ask with or None; ``is_first`` tells that it is about the oldest entry, which is
    another one in each file; ``is_by_balance`` that the running balance gives the signs, or would with the answer.
    """

    doubt: object = None
    is_first: bool = False
    is_by_balance: bool = False


def settle_signs(found, mapping, warnings, *, is_chosen):
    """Give amounts without signs those that the running balance says, and name the one that contradicts it.

    The balance says nothing of the oldest entry unless the table states the opening balance. Where a person has chosen
    what the columns mean, no sign is changed unless that was chosen, too; the balance of a card may be what is owed.

    :param found: ``Found``; its entries are changed
    :param mapping: ``Mapping`` by which they were read
    :param warnings: list to which a ``Sentence`` is added where signs were taken from the balance
    :param is_chosen: whether a person has chosen the columns (bool)
    :return: ``Signs``
    """
    if mapping.balance is None:
        return Signs()
    groups, result = {}, Signs()
    for place, (account, line, _balance) in enumerate(found.entries):
        groups.setdefault((account, line.currency), []).append(place)
    for key, places in groups.items():
        opening = found.opening.get(key)
        entries = [found.entries[place][1:] for place in places]
        comparison = _contradiction(entries, opening)
        may_be_owed = mapping.is_inverted or OWED in mapping.answers
        if comparison is None or may_be_owed and _is_owed(found, key, places, entries):
            continue
        is_unsigned = mapping.amount is not None and mapping.direction is None and _has_one_sign(entries)
        may_change = mapping.is_signed_by_balance or not (is_chosen or mapping.is_inverted)
        if not is_unsigned or comparison.unexplained or mapping.is_inverted and not may_change:
            result = result if result.doubt else Signs(_contradicted(comparison))
            continue
        signed, unknown = _signed(comparison)
        if unknown is not None:
            result = result if result.doubt else Signs(_first_unknown(unknown), is_first=True, is_by_balance=True)
        elif not may_change:
            result = result if result.doubt else Signs(_not_yet_chosen(), is_by_balance=True)
        else:
            result = result._replace(is_by_balance=True)
        if not may_change:
            continue
        by_old = {id(old): new for (old, _), (new, _) in zip(comparison.entries, signed, strict=True)}
        for place, (line, balance) in zip(places, entries, strict=True):
            found.entries[place] = key[0], by_old[id(line)], balance
        warnings.append(
            _lt("No amount of the table has a sign of its own; the running balance tells which of them went out.")
        )
    return result


def _is_owed(found, key, places, entries):
    """Tell whether the running balance is what is owed; then its sign is turned, so that it is that of the account."""
    opening, closing = found.opening.get(key), found.closing.get(key)
    owed = [(line, balance if balance is None else -balance) for line, balance in entries]
    if not _follows(owed, opening if opening is None else -opening):
        return False
    for place, (line, balance) in zip(places, owed, strict=True):
        found.entries[place] = key[0], line, balance
    for balances, value in ((found.opening, opening), (found.closing, closing)):
        if value is not None:
            balances[key] = -value
    return True


def _contradicted(comparison):
    place = comparison.reversed[0]
    line = comparison.entries[place][0]
    return _lt(
        "The running balance changes by %(change)s at %(date)s, where the table has the amount %(amount)s. "
        "Please choose which columns hold the amounts, or which one says whether money came or went.",
        change=comparison.changes[place],
        date=line.date,
        amount=line.amount,
    )


def _first_unknown(line):
    return _lt(
        "No amount of the table has a minus, but its running balance falls. It tells of each amount whether "
        "it came or went, except of the first one (%(amount)s at %(date)s). Please say whether money that "
        "went out is positive, which counts for that one; or export the table from an earlier day on.",
        amount=abs(line.amount),
        date=line.date,
    )


def _not_yet_chosen():
    return _lt(
        "No amount of the table has a minus, but its running balance falls. It tells of each amount whether it came or "
        "went: with these columns the signs are taken from it. Please check what each column holds."
    )


def _has_one_sign(entries):
    amounts = [line.amount for line, _balance in entries]
    return min(amounts) >= 0 or max(amounts) <= 0

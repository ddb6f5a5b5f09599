"""What a column of running balances says: the order of the rows, the opening and the closing balance."""

from dataclasses import replace

from .sentence import _lt


def _breaks(entries):
    """Give the index of the first entry whose balance does not follow from the one before it, or None."""
    known = None
    for index, (line, balance) in enumerate(entries):
        if known is not None:
            known += line.amount
        if balance is not None:
            if known is not None and known != balance:
                return index
            known = balance
    return None


def _balances(entries):
    """Give (opening, closing) of entries whose balances follow from each other."""
    total, opening, closing = 0, None, None
    for line, balance in entries:
        total += line.amount
        if balance is not None and opening is None:
            opening = balance - total
        closing = balance if balance is not None else closing + line.amount if closing is not None else None
    return opening, closing


def _links(entries):
    """Count the entries that change the running balance as it says, or give -1 where one does not."""
    if _breaks(entries) is not None:
        return -1
    is_known, count = False, 0
    for line, balance in entries:
        if balance is not None:
            count += is_known and bool(line.amount)
            is_known = True
    return count


def is_proven(statements, found, *, by_column):
    """Tell whether balances prove the amounts of all statements of a table.

    :param statements: list of ``Statement``
    :param found: what has the ``entries`` (account, line, running balance) that they were made from
    :param by_column: whether only one reading of the amounts agrees with the running balance (bool)
    :return: True where each statement's amounts lead from its opening to its closing balance, stated apart from them,
        or its running balance follows from at least one amount (two in all)
    """
    if not by_column and not (found.opening.keys() & found.closing.keys()):
        return False
    links = {}
    for _account, line, balance in found.entries:
        links[id(line)] = balance
    total = 0
    for statement in statements:
        count = _links([(line, links[id(line)]) for line in statement.lines])
        is_stated = any(key[1] == statement.currency for key in found.opening.keys() & found.closing.keys())
        if is_stated and statement.difference == 0 and statement.total:
            total += 2
        elif count < 1 or not by_column:
            return False
        total += count
    return total >= 2


def orders_of(entries, dates):
    """Give the orders, oldest first, in which entries may follow each other.

    :param entries: list in the order of the file
    :param dates: list of the day of each (``datetime.date``)
    :return: list of such lists as ``entries``: one, or two where all is of one day
    """
    is_newest_first = dates != sorted(dates) and dates[0] >= dates[-1]
    orders = [entries[::-1], entries] if is_newest_first else [entries, entries[::-1]]
    # All on one day: the dates do not tell the order, only the balances can.
    return orders[:1] if len(set(dates)) > 1 else orders


def with_balances(statement, entries, opening=None, closing=None):
    """Complete a statement with its lines, oldest first, and with the balances that are stated or proven.

    Many banks list the newest entry first; then the balances follow from each other bottom-up. Where they follow
    in neither order, no balance is given, and a warning says so.

    :param statement: ``Statement`` without lines
    :param entries: list of (``Line``, running balance after it or None), in the order of the file
    :param opening: the balance before the entries that the file states (Decimal), or None
    :param closing: the balance after the entries that the file states (Decimal), or None
    :return: ``Statement``
    """
    orders = orders_of(entries, [line.date for line, _balance in entries])
    chosen = next((order for order in orders if _breaks(order) is None), None)
    stated = opening, closing
    opening = closing = None
    warnings = statement.warnings
    if chosen is not None:
        opening, closing = _balances(chosen)
    else:
        chosen = orders[0]
        line, balance = chosen[_breaks(chosen)]
        warnings += (
            _lt(
                "The running balance does not follow from the amounts (at %(date)s: %(amount)s, balance %(balance)s), "
                "so opening and closing balance are not taken from it.",
                date=line.date,
                amount=line.amount,
                balance=balance,
            ),
        )
    opening = stated[0] if opening is None else opening
    closing = stated[1] if closing is None else closing
    lines = [line for line, _balance in chosen]
    if [line.date for line in lines] != sorted(line.date for line in lines):
        lines.sort(key=lambda line: line.date)
    return replace(
        statement, lines=tuple(lines), balance_start=opening, balance_end=closing, warnings=warnings
    ).with_period()

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


def with_balances(statement, entries):
    """Complete a statement with its lines, oldest first, and with the balances that a running balance proves.

    Many banks list the newest entry first; then the balances follow from each other bottom-up. Where they follow
    in neither order, no balance is given, and a warning says so.

    :param statement: ``Statement`` without lines
    :param entries: list of (``Line``, running balance after it or None), in the order of the file
    :return: ``Statement``
    """
    dates = [line.date for line, _balance in entries]
    is_newest_first = dates != sorted(dates) and dates[0] >= dates[-1]
    orders = [entries[::-1], entries] if is_newest_first else [entries, entries[::-1]]
    # All on one day: the dates do not tell the order, only the balances can.
    if len(set(dates)) > 1:
        orders = orders[:1]
    chosen = next((order for order in orders if _breaks(order) is None), None)
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
    lines = [line for line, _balance in chosen]
    if [line.date for line in lines] != sorted(line.date for line in lines):
        lines.sort(key=lambda line: line.date)
    return replace(
        statement, lines=tuple(lines), balance_start=opening, balance_end=closing, warnings=warnings
    ).with_period()

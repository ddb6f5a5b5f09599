"""Balances that a table states around its entries: ``Opening balance;1,000.00`` above the headers or below the end."""

from .balance_rows import CLOSING, OPENING, kind_of
from .cells import is_amount
from .errors import StatementFormatError
from .sentence import _lt


def _stated(reader, rows):
    """Give the balances that rows state: the words in front, the only amount behind them.

    :return: dict of Decimal by ``opening`` and ``closing``; one that is stated twice and differs is left out
    """
    found = {}
    for row in rows:
        cells = [cell for cell in row if cell != ""]
        kind = kind_of(cells[0].rstrip(":")) if cells and isinstance(cells[0], str) else ""
        amounts = [cell for cell in cells[1:] if is_amount(cell)]
        if kind in (OPENING, CLOSING) and len(amounts) == 1:
            try:
                found.setdefault(kind, set()).add(reader.amount(amounts, 0))
            except StatementFormatError:
                # Balances around the table are information only.
                continue
    return {kind: values.pop() for kind, values in found.items() if len(values) == 1}


def add_stated(found, reader, rows):
    """Take the balances stated around a table of one account where its entries lead from one to the other.

    :param found: ``Found``
    :param reader: ``Reader``; a warning is added where its entries do not, and no running balance tells more
    :param rows: list of the rows above the headers and below the last entry
    """
    keys = {(account, line.currency) for account, line, _balance in found.entries}
    if len(keys) != 1 or found.opening or found.closing:
        return
    stated = _stated(reader, rows)
    if len(stated) < 2:
        return
    (key,) = keys
    opening, closing = stated[OPENING], stated[CLOSING]
    if opening + sum(line.amount for _account, line, _balance in found.entries) == closing:
        found.opening[key], found.closing[key] = opening, closing
    elif reader.mapping.balance is None:
        reader.warnings.append(
            _lt(
                "The balances that are stated beside the table (%(opening)s and %(closing)s) do not agree with its "
                "entries, and are not used.",
                opening=opening,
                closing=closing,
            )
        )

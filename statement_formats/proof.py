"""What a running balance proves: which column is the amount, which sign means money out, which row came first."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations

from .amounts import detect_decimal, written_amount
from .cells import cell_at, text_of
from .dates import detect_order, read_date
from .errors import StatementFormatError
from .marks import read_marks

_COLUMNS_MAX = 10
_TEXT_MAX = 25
_NAMES = (
    "reference", "bank_reference", "counterparty_name", "counterparty_account", "payer_name", "payee_name",
    "payer_account", "payee_account", "account",
)  # fmt: skip


def links(amounts, balances):
    """Count how often a running balance follows from the one before it and the amount.

    :param amounts: list of Decimal or None, oldest first
    :param balances: list of Decimal or None, after each amount
    :return: int, entries that change the balance as it says; -1 where one does not
    """
    known, count = None, 0
    for amount, balance in zip(amounts, balances, strict=True):
        if known is not None:
            known += amount or 0
        if balance is not None:
            if known is not None:
                if known != balance:
                    return -1
                count += bool(amount)
            known = balance
    return count


class _Numbers:
    """The amounts of a sample of rows, by column."""

    def __init__(self, columns, mapping, candidates):
        self.rows = columns.rows
        texts = [cell for index in candidates for cell in columns.cells(index) if isinstance(cell, str)]
        try:
            self._decimal = mapping.decimal or detect_decimal(texts) or "."
        except StatementFormatError:
            self._decimal = ""
        self._read = {}

    def column(self, index):
        """Give the amounts of a column, None where it is empty, or None where one cannot be read."""
        if not self._decimal:
            return None
        if index not in self._read:
            try:
                self._read[index] = [self._amount(cell_at(row, index)) for row in self.rows]
            except StatementFormatError:
                self._read[index] = None
        return self._read[index]

    def _amount(self, cell):
        if isinstance(cell, Decimal):
            return Decimal(format(cell, "f"))
        text = str(cell).strip()
        return written_amount(text, self._decimal) if text and text not in "-–—" else None


def _orders(columns, mapping):
    """Give the orders in which the rows may follow each other: 1 as they are, -1 from the last to the first."""
    cells = [cell_at(row, mapping.date) for row in columns.rows]
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    order = mapping.date_order or detect_order(texts)[0] or "dmy"
    days = [
        cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else read_date(cell, order)
        for cell in cells
        if not isinstance(cell, Decimal)
    ]
    days = [day for day in days if day]
    if not days or days[0] == days[-1]:
        return (1, -1)
    return (1,) if days[0] < days[-1] else (-1,)


def _may_be_marks(mapping, place, texts):
    """Tell whether two texts may be marks: words that are known, or any where neither names nor descriptions are.

    A few entries of two payers follow a running balance by chance as marks do.
    """
    if place == mapping.direction or read_marks(texts)[0] is not None:
        return True
    names = {*mapping.label, *(getattr(mapping, role) for role in _NAMES)}
    return place not in names


def _readings(columns, mapping, numbers, candidates):
    """Yield (changes of the mapping, signed amounts) of all ways to read the amounts."""

    def signed(debit, credit):
        return [
            None if out is None and into is None else (into or 0) - (abs(out) if is_negative else out or 0)
            for out, into in zip(debit, credit, strict=True)
            for is_negative in (out is not None and out < 0 and all(x is None or x <= 0 for x in debit),)
        ]

    # The days of a short table would divide its first entry from the others as marks do.
    dates = columns.dates()
    free = [index for index in candidates if index != mapping.balance]
    singles = [mapping.amount] if mapping.amount is not None else free
    has_pair = mapping.debit is not None and mapping.credit is not None
    if mapping.amount is None and has_pair:
        singles, pairs = [], [(mapping.debit, mapping.credit)]
    elif mapping.amount is not None:
        pairs = []
    else:
        pairs = list(combinations(free, 2))
    for index in singles:
        amounts = numbers.column(index)
        if amounts is None:
            continue
        changes = {"amount": index, "debit": None, "credit": None, "direction": None, "is_inverted": False}
        yield changes, amounts
        yield changes | {"is_inverted": True}, [amount and -amount for amount in amounts]
        for place in range(columns.width):
            texts = columns.different(place)
            if len(texts) != 2 or place in candidates or place in dates or max(map(len, texts)) > _TEXT_MAX:
                continue
            if not _may_be_marks(mapping, place, texts):
                continue
            cells = [text_of(row, place) for row in columns.rows]
            for debit, credit in (texts, texts[::-1]):
                marked = [
                    amount and (-amount if cell == debit else amount)
                    for amount, cell in zip(amounts, cells, strict=True)
                ]
                marks = {"debit_marks": (debit,) if debit else (), "credit_marks": (credit,) if credit else ()}
                if debit and credit:
                    yield changes | marks | {"direction": place}, marked
    for debit, credit in pairs:
        out, into = numbers.column(debit), numbers.column(credit)
        if out is None or into is None or any(one and other for one, other in zip(out, into, strict=True)):
            continue
        if not has_pair and not (any(out) and any(into)):
            continue
        changes = {"amount": None, "direction": None, "is_inverted": False}
        yield changes | {"debit": debit, "credit": credit}, signed(out, into)
        yield changes | {"debit": credit, "credit": debit}, signed(into, out)


def prove(columns, mapping, links_min):
    """Find the one way to read the amounts from which the running balance follows.

    :param columns: ``Columns``, the sample
    :param mapping: ``Mapping`` with the date; an amount, pair or balance that it names is not looked for elsewhere
    :param links_min: how many entries must change the balance as it says (int)
    :return: ``Mapping`` that is proven, or None: no balance, none that follows, or more than one reading
    """
    if mapping.date is None:
        return None
    named = (mapping.amount, mapping.debit, mapping.credit, mapping.balance)
    candidates = list(dict.fromkeys([*filter(lambda index: index is not None, named), *columns.money()]))[:_COLUMNS_MAX]
    numbers = _Numbers(columns, mapping, candidates)
    orders = _orders(columns, mapping)
    groups = {}
    for place, row in enumerate(columns.rows):
        groups.setdefault((text_of(row, mapping.account), text_of(row, mapping.currency)), []).append(place)
    found = {}
    for changes, amounts in _readings(columns, mapping, numbers, candidates):
        used = {changes.get("amount"), changes.get("debit", mapping.debit), changes.get("credit", mapping.credit)}
        for balance in [mapping.balance] if mapping.balance is not None else candidates:
            if balance in used or numbers.column(balance) is None:
                continue
            balances = numbers.column(balance)
            if sum(value is not None for value in balances) < len(balances) / 2:
                continue
            for order in orders:
                counts = [
                    links([amounts[place] for place in places[::order]], [balances[place] for place in places[::order]])
                    for places in groups.values()
                ]
                if min(counts, default=-1) < 0 or sum(counts) < links_min:
                    continue
                # On one day only, a balance before each entry looks like one after it with the sign turned.
                if changes.get("is_inverted") and len(orders) > 1:
                    continue
                key = tuple(amount or 0 for amount in amounts)
                # A second reading with the same amounts is no other one; the simpler was first.
                found.setdefault(key, (changes | {"balance": balance}, set()))[1].add(order)
    if len(found) != 1:
        return None
    ((changes, _orders_found),) = found.values()
    return replace(mapping, **changes)

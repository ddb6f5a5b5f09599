"""From the rows of a table to its entries, and the rows that are none: balances, totals, notes, pending entries."""

import re
from dataclasses import replace

from .balance_rows import CLOSING, OPENING, is_not_booked, kind_of
from .cells import cell_at, is_amount, text_of
from .errors import MappingRequired, StatementFormatError
from .identity import clean_account, clean_reference, is_iban, same_account
from .model import Line
from .references import find_structured_reference
from .sentence import _lt

_DATE_SHAPE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_IBAN_IN_TEXT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")


def account_in(rows):
    """Find the one IBAN that the rows above the header name, or ''."""
    found = {
        clean_account(match)
        for row in rows
        for cell in row
        if isinstance(cell, str)
        for match in _IBAN_IN_TEXT.findall(cell[:200])
        if is_iban(clean_account(match))
    }
    return found.pop() if len(found) == 1 else ""


def _counterparty(reader, row, amount):
    """Give (name, account) of the other party: the payee of money that went, the payer of money that came."""
    mapping = reader.mapping
    name = text_of(row, mapping.counterparty_name)
    account = text_of(row, mapping.counterparty_account)
    is_out = amount < 0
    if not name:
        name = text_of(row, mapping.payee_name if is_out else mapping.payer_name)
    if not account:
        account = text_of(row, mapping.payee_account if is_out else mapping.payer_account)
    account = clean_account(account) if account else ""
    if account:
        own = text_of(row, mapping.account) or mapping.account_number
        account = "" if own and same_account(account, own) else account
    return name, account


def _line(reader, row, day, amount, names):
    """Turn a row into a line."""
    mapping = reader.mapping
    label = " ".join(dict.fromkeys(filter(None, (text_of(row, index) for index in mapping.label))))
    name, account = _counterparty(reader, row, amount)
    reference = clean_reference(text_of(row, mapping.reference))
    currency = text_of(row, mapping.currency).upper() or mapping.account_currency
    original = original_currency = None
    if mapping.original_amount is not None:
        original = reader.optional_amount(row, mapping.original_amount)
        original_currency = text_of(row, mapping.original_currency).upper()
        if not original or not original_currency or original_currency == currency:
            original, original_currency = None, ""
        else:
            original = abs(original) if amount > 0 else -abs(original)
    charges = None
    if mapping.fee is not None:
        fee = reader.amount(row, mapping.fee)
        if fee:
            charges = -abs(fee)
            amount += charges
    return Line(
        date=day,
        value_date=reader.date(row, mapping.value_date),
        amount=amount,
        currency=currency,
        label=label or name or reference,
        reference=reference,
        structured_reference=find_structured_reference(label) or find_structured_reference(reference),
        counterparty_name=name,
        counterparty_account=account,
        bank_reference=clean_reference(text_of(row, mapping.bank_reference)),
        check_number=text_of(row, mapping.check_number),
        transaction_code=text_of(row, mapping.transaction_code),
        charges=charges,
        original_amount=original,
        original_currency=original_currency or "",
        raw=dict(zip(names, map(str, row), strict=False)),
    )


def _row_kind(reader, row, day):
    """Tell whether a row is a balance or a total: its description, else its first words say so."""
    mapping = reader.mapping
    has_label = False
    for index in mapping.label:
        label = cell_at(row, index)
        if isinstance(label, str) and label:
            has_label = True
            kind = kind_of(label)
            if kind:
                return kind
    if has_label and day:
        return ""
    used = {mapping.date, mapping.amount, mapping.debit, mapping.credit, mapping.balance}
    return next(
        filter(
            None,
            (
                kind_of(cell)
                for index, cell in enumerate(row[:12])
                if isinstance(cell, str) and cell and (index not in used or index == mapping.date)
            ),
        ),
        "",
    )


class Found:
    """What the rows of a table hold.

    ``entries`` are (account, line, balance after it or None); ``opening`` and ``closing`` the balances that rows of
    their own state, by account and currency.
    """

    def __init__(self):
        self.entries = []
        self.opening, self.closing = {}, {}
        self.left_out, self.not_booked = [], []


def read_lines(reader, rows, names):
    """Read all rows.

    A row without date and amount is a remark; below the last entry totals may follow. An amount without a readable
    date in the midst of the entries is refused: it would be lost.

    :return: ``Found``
    :raise StatementFormatError: names the row that cannot be read
    """
    found = Found()
    mapping = reader.mapping
    undated = None
    section = account = ""
    for number, row in rows:
        if not any(cell != "" for cell in row):
            continue
        day = reader.date(row, mapping.date)
        if day is None and mapping.account is None:
            # Tables of several accounts follow each other: an account number, then the headers again.
            section = account_in([row]) or section
            if section and _is_header(row, mapping):
                account, section = section, ""
                continue
        kind = _row_kind(reader, row, day)
        if kind:
            if not _keep_balance(reader, row, kind, found):
                found.left_out.append(number)
            continue
        if _is_not_booked(mapping, row, day):
            found.not_booked.append(number)
            continue
        try:
            amount = reader.line_amount(row) if day or _is_amount_row(reader, row) else None
            balance = reader.amount(row, mapping.balance) if day and mapping.balance is not None else None
        except StatementFormatError as error:
            if day is None and not found.entries:
                # A note above the entries that happens to hold a number.
                found.left_out.append(number)
                continue
            if isinstance(error, MappingRequired):
                raise
            raise StatementFormatError(_lt("Row %(number)s: %(error)s", number=number, error=error.sentence)) from error
        if day is None or amount is None:
            if amount is not None:
                undated = undated or (number, text_of(row, mapping.date))
            elif _is_continued(mapping, row) and found.entries:
                _continue(found, mapping, row, names)
                continue
            found.left_out.append(number)
            if not (undated and _DATE_SHAPE.search(undated[1])):
                continue
        if undated:
            raise StatementFormatError(
                _lt(
                    'Row %(number)s has an amount, but no possible date ("%(text)s"). Please check '
                    "the file or the column of dates.",
                    number=undated[0],
                    text=undated[1][:40],
                )
            )
        line = _line(reader, row, day, amount, names)
        found.entries.append((account or clean_account(text_of(row, mapping.account)), line, balance))
    _warn_of_rows(reader, found)
    return found


def _is_not_booked(mapping, row, day):
    """Tell whether a row is not booked yet: its state says so, or a word in place of its date ("Reserved")."""
    if mapping.status is not None and is_not_booked(text_of(row, mapping.status)):
        return True
    return day is None and any(is_not_booked(text_of(row, index)) for index in (mapping.date, mapping.transaction_code))


def _is_header(row, mapping):
    """Tell whether a row repeats the headers of the table."""
    return bool(mapping.header) and tuple(str(cell) for cell in row if cell != "") == tuple(
        filter(None, mapping.header)
    )


def _is_continued(mapping, row):
    """Tell whether a row only goes on with the description of the entry above it: nothing else is filled."""
    filled = [index for index, cell in enumerate(row) if cell != ""]
    return bool(filled) and filled[0] > 0 and set(filled) <= set(mapping.label)


def _continue(found, mapping, row, names):
    """Add the description of a row to the last entry."""
    account, line, balance = found.entries[-1]
    more = " ".join(filter(None, (text_of(row, index) for index in mapping.label)))
    raw = dict(line.raw)
    for index in mapping.label:
        if index < len(names) and text_of(row, index):
            raw[names[index]] = f"{raw.get(names[index], '')} {text_of(row, index)}".strip()
    label = f"{line.label} {more}".strip()
    reference = line.structured_reference or find_structured_reference(label)
    found.entries[-1] = account, replace(line, label=label, structured_reference=reference, raw=raw), balance


def _keep_balance(reader, row, kind, found):
    """Take the amount of a row with an opening or closing balance, and tell whether it has one."""
    mapping = reader.mapping
    try:
        value = reader.amount(row, mapping.balance) if mapping.balance is not None else None
        value = reader.line_amount(row, is_balance=True) if value is None else value
    except StatementFormatError:
        # A balance that cannot be read is only information.
        return False
    if value is None or kind not in (OPENING, CLOSING):
        return False
    key = (
        clean_account(text_of(row, mapping.account)),
        text_of(row, mapping.currency).upper() or mapping.account_currency,
    )
    if kind == OPENING:
        found.opening.setdefault(key, value)
    else:
        found.closing[key] = value
    return True


def _warn_of_rows(reader, found):
    def numbers(rows):
        return ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")

    if found.left_out:
        reader.warnings.append(
            _lt(
                "Rows left out because they have no date or no amount: %(count)s (row %(rows)s).",
                count=len(found.left_out),
                rows=numbers(found.left_out),
            )
        )
    if found.not_booked:
        reader.warnings.append(
            _lt(
                "Rows left out because they are pending, declined or cancelled: %(count)s (row %(rows)s).",
                count=len(found.not_booked),
                rows=numbers(found.not_booked),
            )
        )


def _is_amount_row(reader, row):
    """Tell whether a row without a date has an amount in the columns of amounts."""
    mapping = reader.mapping
    return any(
        is_amount(cell_at(row, index)) for index in (mapping.amount, mapping.debit, mapping.credit) if index is not None
    )

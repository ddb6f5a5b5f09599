"""From the rows of a table to its entries, and the rows that are none: balances, totals, notes, pending entries."""

import re
from bisect import bisect
from dataclasses import replace

from .balance_rows import BALANCE, CLOSING, OPENING, is_not_booked, kind_of, read_kind
from .cells import cell_at, has_decimals, is_amount, text_of
from .doubtful_rows import ENTRY, UNCLEAR, DoubtfulRow, judge
from .errors import MappingRequired, StatementFormatError
from .identity import clean_account, is_iban
from .mapping import COLUMNS
from .references import find_structured_reference
from .sentence import _lt
from .table_line import read_counterparty, read_line
from .table_states import UnbookedRow, booked_by_balance

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


def _row_kind(reader, row, day):
    """Tell whether a row is a balance or a total: its description, else its first words say so.

    :return: (kind, whether entries have such a description, whether it is that word alone)
    """
    mapping = reader.mapping
    labels = [label for index in mapping.label if isinstance(label := cell_at(row, index), str) and label]
    for label in labels:
        kind, is_doubtful, is_alone = read_kind(label)
        if not kind:
            continue
        if is_doubtful and day:
            name, account = read_counterparty(reader, row, 0)
            is_named = account or name not in ("", label) or len(set(labels)) > 1
            return ("", False, False) if is_named else (kind, True, is_alone)
        if not is_doubtful or kind != BALANCE:
            return kind, False, is_alone
    if labels and day:
        return "", False, False
    used = {mapping.date, mapping.amount, mapping.debit, mapping.credit, mapping.balance}
    kinds = (
        kind_of(cell)
        for index, cell in enumerate(row[:12])
        if isinstance(cell, str) and cell and (index not in used or index == mapping.date)
    )
    return next(filter(None, kinds), ""), False, False


def _doubtful(reader, row, day, number, found, kind, is_alone, account):
    """Give a row that only the other rows can explain as ``DoubtfulRow``; None where it has no amount of its own."""
    mapping = reader.mapping
    both = [reader.optional_amount(row, mapping.debit), reader.optional_amount(row, mapping.credit)]
    try:
        amount = reader.line_amount(row)
        value = reader.line_amount(row, is_balance=True)
    except StatementFormatError:
        return None
    if not amount or all(both):
        return None
    return DoubtfulRow(
        place=len(found.entries),
        number=number,
        row=row,
        day=day,
        text=next(text for index in mapping.label if (text := text_of(row, index))),
        kind=kind,
        is_certain_word=is_alone and kind == BALANCE,
        account=account or clean_account(text_of(row, mapping.account)),
        currency=reader.currency(row),
        amount=amount,
        value=value,
        balance=reader.optional_amount(row, mapping.balance),
    )


def _settle_doubtful(reader, doubtful, found, names):
    """Take the rows that are entries after all to their place, and the balances out of the others.

    :raise StatementFormatError: names the row that may be either
    """
    entries = []
    opened = set(found.opening)
    for row, verdict in judge(doubtful, found.entries, found.opening):
        if verdict == ENTRY:
            line = read_line(reader, row.row, row.day, row.amount, names)
            entries.append((row.place, (row.account, line, row.balance)))
            continue
        if verdict == UNCLEAR:
            raise StatementFormatError(
                _lt(
                    'Row %(number)s ("%(text)s", %(amount)s) may be a payment, or a balance or total of the table, '
                    "which the other rows do not tell. Please delete the row from the file, or give it another "
                    "description if it is a payment.",
                    number=row.number,
                    text=row.text[:40],
                    amount=row.amount,
                )
            )
        kind = row.kind
        if kind == BALANCE:
            kind = CLOSING if (row.account, row.currency) in opened else OPENING
            opened.add((row.account, row.currency))
        if not _keep_balance(reader, row.row, kind, found):
            found.totals.append(row.number)
    for place, entry in reversed(entries):
        found.entries.insert(place, entry)


class Found:
    """What the rows of a table hold.

    ``entries`` are (account, line, balance after it or None); ``opening`` and ``closing`` the balances that rows of
    their own state, by account and currency; ``elsewhere`` is (row number, text, column counted from 1) of the first
    entry that has its amount in a column which is not read as one, or None.
    """

    def __init__(self):
        self.entries = []
        self.opening, self.closing = {}, {}
        self.left_out, self.totals, self.not_booked = [], [], []
        self.elsewhere = None


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
    doubtful, unbooked = [], []
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
        kind, is_doubtful, is_alone = _row_kind(reader, row, day)
        if is_doubtful:
            doubt = _doubtful(reader, row, day, number, found, kind, is_alone, account)
            if doubt:
                doubtful.append(doubt)
                continue
            kind = "" if kind == BALANCE else kind
        if kind:
            if not _keep_balance(reader, row, kind, found):
                (found.totals if day else found.left_out).append(number)
            continue
        if _is_not_booked(mapping, row, day):
            # Only a running balance can tell that it is booked after all.
            entry = mapping.balance is not None and _unbooked_entry(reader, row, day, account, names)
            if entry:
                unbooked.append(UnbookedRow(len(found.entries), number, entry, text_of(row, mapping.status)))
            found.not_booked.append(number)
            continue
        try:
            amount = reader.line_amount(row) if day or _is_amount_row(reader, row) else None
            balance = reader.side_amount(row, mapping.balance, number) if day and mapping.balance is not None else None
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
            if day is not None and found.elsewhere is None:
                found.elsewhere = _other_money(mapping, number, row)
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
        try:
            line = read_line(reader, row, day, amount, names)
        except StatementFormatError as error:
            raise StatementFormatError(_lt("Row %(number)s: %(error)s", number=number, error=error.sentence)) from error
        found.entries.append((account or clean_account(text_of(row, mapping.account)), line, balance))
    if unbooked:
        doubtful = _settle_unbooked(unbooked, doubtful, found)
    if doubtful:
        _settle_doubtful(reader, doubtful, found, names)
    _warn_of_rows(reader, found)
    return found


def _other_money(mapping, number, row):
    """Give (row number, text, column) of an amount of money where nothing is read, or None."""
    used = {getattr(mapping, role) for role in COLUMNS if role not in ("original_amount", "fee")} | set(mapping.label)
    for place, cell in enumerate(row):
        if (
            place not in used
            and cell != ""
            and has_decimals(cell)
            and is_amount(cell)
            and text_of(row, place).strip("0.,- ")
        ):
            return number, text_of(row, place), place
    return None


def _is_not_booked(mapping, row, day):
    """Tell whether a row is not booked yet: its state says so, or a word in place of its date ("Reserved")."""
    if mapping.status is not None and is_not_booked(text_of(row, mapping.status)):
        return True
    return day is None and any(is_not_booked(text_of(row, index)) for index in (mapping.date, mapping.transaction_code))


def _unbooked_entry(reader, row, day, account, names):
    """Give the entry (account, line, running balance) that a row would be if it was booked; None where it is none."""
    try:
        amount = reader.line_amount(row) if day else None
        if not amount:
            return None
        line = read_line(reader, row, day, amount, names)
    except StatementFormatError:
        return None
    balance = reader.optional_amount(row, reader.mapping.balance)
    return account or clean_account(text_of(row, reader.mapping.account)), line, balance


def _settle_unbooked(unbooked, doubtful, found):
    """Take the rows to their place that are booked after all, because the running balance contains them.

    :return: list of ``DoubtfulRow`` with the places that they have now
    """
    booked = booked_by_balance(unbooked, found.entries)
    if not booked:
        return doubtful
    numbers = [row.number for row in booked]
    entries, start = [], 0
    for row in booked:
        entries += [*found.entries[start : row.place], row.entry]
        start = row.place
    found.entries = entries + found.entries[start:]
    found.not_booked = sorted(set(found.not_booked) - set(numbers))
    return [row._replace(place=row.place + bisect(numbers, row.number)) for row in doubtful]


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
        reader.currency(row),
    )
    if kind == OPENING:
        found.opening.setdefault(key, value)
    else:
        found.closing[key] = value
    return True


def _warn_of_rows(reader, found):
    def numbers(rows):
        return ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")

    note = reader.unread_note()
    if note:
        reader.warnings.append(note)
    if found.left_out:
        reader.warnings.append(
            _lt(
                "Rows left out because they have no date or no amount: %(count)s (row %(rows)s).",
                count=len(found.left_out),
                rows=numbers(found.left_out),
            )
        )
    if found.totals:
        reader.warnings.append(
            _lt(
                "Rows left out because they are balances or totals: %(count)s (row %(rows)s).",
                count=len(found.totals),
                rows=numbers(found.totals),
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

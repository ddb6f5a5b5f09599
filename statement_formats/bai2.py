"""BAI2 cash management balance reporting (Bank Administration Institute, version 2; ANSI X9.121)."""

import re
from dataclasses import dataclass, field
from itertools import combinations

from .amounts import minor_amount
from .bai2_codes import CONTAINED, RETURNS, REVERSALS, direction, title
from .bai2_text import read_text
from .balance_signs import settle_doubly_signed
from .dates import booking_date, compact_date, optional_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference
from .model import Line, ParsedFile, Statement
from .references import find_structured_reference
from .return_reasons import find_return_code, reason_words
from .sentence import _lt
from .text import decode, shared, split_lines, squeeze

NAME = "bai2"
TITLE = "BAI2"

_SNIFF = re.compile(rb"\A\s*01,[^,\r\n]*,[^,\r\n]*,\d{6,8},(?:[^\r\n]*[\r\n]+\s*|[^\r\n/]*/\s*)02,")
# Records of a fixed length that were not put on lines of their own.
_RUN_ON = re.compile(r"/[ \t]+(?=(?:02|03|16|49|88|98|99),)")
_RECORDS = {"01", "02", "03", "16", "88", "49", "98", "99"}
_OPENING, _CLOSING, _CURRENT = "010", "015", "030"


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is BAI2: a 01 record followed by a 02 record."""
    return bool(_SNIFF.match(head))


def _damaged(what, record):
    return StatementFormatError(
        _lt(
            '%(what)s in the BAI2 record "%(record)s"; the file is damaged or cut off. Please ask '
            "the bank for a new one.",
            what=what,
            record=record[:50],
        )
    )


@dataclass(slots=True)
class _Account:
    """One account (03 to 49) while it is read; ``records`` and ``total`` are added up to check its trailer."""

    number: str
    currency: str
    day: object
    balances: dict
    total: int = 0
    total_absolute: int = 0
    records: int = 0
    lines: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    # Places of the lines whose amount has a minus, though their type says which way the money went.
    doubly_signed: list = field(default_factory=list)


def _logical_records(text):
    """Join continuation records (88) to what they continue.

    A record that ends with "/" is complete to its last field, so the continuation starts a new one; without it the
    text goes on. The place is marked by a line end.

    :return: generator of (text, number of physical records)
    """
    current, count = None, 0
    for line in split_lines(text):
        line = line.strip("\x1a \t")
        if not line:
            continue
        code = line[:2]
        if code not in _RECORDS or line[2:3] != "," and line[:3] != "88:":
            raise _damaged(_lt("There is an unknown record type"), line)
        if code == "88":
            if current is None:
                raise _damaged(_lt("There is nothing to continue"), line)
            is_text = current.startswith("16") and not current.endswith("/")
            current = current.removesuffix("/") + ("\n" if is_text else ",\n") + line[3:]
            count += 1
            continue
        if current is not None:
            yield current, count
        current, count = line, 1
    if current is not None:
        yield current, count


def _whole(text, what, record):
    """Read a whole number with an optional sign; '' is 0."""
    text = text.strip()
    if not re.fullmatch(r"[+-]?\d{0,18}", text, re.ASCII):
        raise _damaged(_lt('%(what)s "%(text)s" is not a whole number', what=what, text=text[:20]), record)
    return int(text) if text.strip("+-") else 0


def _skip_funds(fields, index, record, warnings):
    """Skip a funds type and what belongs to it.

    ``S`` is followed by three amounts, ``V`` by a value date and time, ``D`` by a count of pairs (days, amount). When
    funds are available touches no amount: what cannot be read there is only named.

    :return: (index after it, value date or None)
    """
    funds = fields[index].strip().upper() if index < len(fields) else ""
    index += 1
    if funds == "S":
        return index + 3, None
    if funds == "V":
        day = fields[index].strip() if index < len(fields) else ""
        return index + 2, optional_date(day, compact_date, warnings)
    if funds == "D":
        pairs = _whole(fields[index], _lt("The number of distributions"), record) if index < len(fields) else 0
        if not 0 <= pairs <= len(fields):
            raise _damaged(_lt("The number of distributions is wrong"), record)
        return index + 1 + 2 * pairs, None
    if funds not in ("", "Z", "0", "1", "2"):
        warnings.append(_lt('The funds type "%(funds)s" is unknown and not looked at.', funds=funds[:10]))
    return index, None


def _open_account(record, group, count):
    """Read a 03 record: account, currency, and its status and summary amounts."""
    fields = record.replace("\n", "").rstrip("/").split(",")
    currency = (fields[2].strip().upper() if len(fields) > 2 else "") or group["currency"]
    account = _Account(number=clean_account(fields[1]), currency=currency, day=group["day"], balances={}, records=count)
    index = 3
    while index < len(fields):
        code = fields[index].strip()
        if not code:
            # An account without a status, or more commas than the standard has before the line's end.
            index += 1
            continue
        amount = fields[index + 1] if index + 1 < len(fields) else ""
        number = _whole(amount, _lt("The amount"), record)
        account.total += number
        account.total_absolute += abs(number)
        if amount.strip():
            account.balances[code.zfill(3)] = minor_amount(amount, currency, f"type {code}")
        index, _value = _skip_funds(fields, index + 3, record, account.warnings)
    return account


def _add_line(account, record, raw_count):
    """Read a 16 record into the account."""
    fields = record.removesuffix("/").split(",")
    if len(fields) < 3:
        raise _damaged(_lt("The entry is not complete"), record)
    code = fields[1].strip().zfill(3)
    number = _whole(fields[2], _lt("The amount"), record)
    account.total += number
    account.total_absolute += abs(number)
    account.records += raw_count
    index, value_date = _skip_funds(fields, 3, record, account.warnings)
    rest = [part.strip() for part in fields[index:]]
    bank_reference, customer_reference = (rest + ["", ""])[:2]
    written = ",".join(fields[index + 2 :]).replace(",\n", "\n")
    text = squeeze(written).strip(", ")
    sign = direction(code)
    if sign == 0:
        # 890 and the like are messages; an amount without a direction cannot be booked.
        if number:
            account.warnings.append(
                _lt(
                    'An entry of the type %(code)s says neither credit nor debit and is left out: "%(record)s".',
                    code=code,
                    record=squeeze(record)[:60],
                )
            )
        return
    amount = minor_amount(fields[2] if fields[2].strip() else "0", account.currency, "entry") * sign
    if number < 0:
        account.doubly_signed.append(len(account.lines))
    name = title(code)
    customer_reference = clean_reference(customer_reference)
    return_code = find_return_code(text) if code in RETURNS else ""
    named = read_text(written, sign > 0) if ":" in written or "=" in written else {}
    account.lines.append(
        Line(
            date=account.day,
            value_date=value_date,
            amount=amount,
            currency=account.currency,
            label=named.get("label") or text or name,
            reference=customer_reference or named.get("end_to_end_id", ""),
            end_to_end_id=named.get("end_to_end_id", ""),
            structured_reference=find_structured_reference(text),
            counterparty_name=shared(named.get("counterparty_name", "")),
            counterparty_account=named.get("counterparty_account", ""),
            bank_reference=clean_reference(bank_reference),
            bank_text=name,
            check_number=named.get("check_number") or (customer_reference if code == "475" else ""),
            transaction_code=shared(code),
            is_reversal=code in REVERSALS,
            return_code=return_code,
            return_reason=reason_words(return_code) or (name if code in RETURNS else ""),
            raw=record,
        )
    )


def _check(stated_total, total, absolute, stated_records, records, record, is_proven=False):
    """Compare a trailer with what was read; give a warning where the bank leaves its total at zero.

    :param is_proven: whether the entries lead from the opening to the closing balance; then a wrong total, with the
        right number of records, is the bank's own mistake
    :raise StatementFormatError: the trailer's total or number of records differs
    """
    if stated_records != records:
        raise _damaged(
            _lt(
                "%(stated)s records are stated where the file holds %(count)s",
                stated=stated_records,
                count=records,
            ),
            record,
        )
    # Some banks add up without the signs.
    if stated_total in (total, absolute):
        return []
    if stated_total == 0:
        return [_lt("The bank states no control total, so the amounts could not be checked.")]
    if is_proven:
        return [
            _lt(
                "The control total %(stated)s is stated where the amounts make %(total)s; the balances agree with the "
                "entries.",
                stated=stated_total,
                total=total,
            )
        ]
    raise _damaged(
        _lt(
            "The control total %(stated)s is stated where the amounts make %(total)s",
            stated=stated_total,
            total=total,
        ),
        record,
    )


def _settle_signs(account, record):
    """Settle the sign of amounts that have a minus beside a type that says credit or debit.

    :raise StatementFormatError: the balances prove neither
    """
    if not account.doubly_signed:
        return
    stated = _statement(account)
    if not settle_doubly_signed(
        account.lines, account.doubly_signed, stated.balance_start, stated.balance_end, account.warnings
    ):
        raise _damaged(
            _lt(
                "An amount has a minus (%(amount)s) beside a type that says credit or debit, and the balances do not "
                "tell which counts",
                amount=-abs(account.lines[account.doubly_signed[0]].amount),
            ),
            record,
        )


def _leave_out_contained(account):
    """Leave out entries that others contain, where the balances agree without them and do not agree with them."""
    difference = _statement(account).difference
    totals = {}
    for line in account.lines if difference else ():
        if line.transaction_code in CONTAINED:
            totals[line.transaction_code] = totals.get(line.transaction_code, 0) + line.amount
    choices = (chosen for size in range(1, len(totals) + 1) for chosen in combinations(totals, size))
    found = next((chosen for chosen in choices if sum(map(totals.get, chosen)) == difference), ())
    if not found:
        return
    count = len(account.lines)
    account.lines = [line for line in account.lines if line.transaction_code not in found]
    account.warnings.append(
        _lt(
            "Entries left out because others contain them: %(count)s (%(types)s). The balances agree without them.",
            count=count - len(account.lines),
            types=", ".join(f"{code} {title(code)}" for code in found),
        )
    )


def _statement(account):
    opening = account.balances.get(_OPENING)
    closing = account.balances.get(_CLOSING)
    is_interim = closing is None and _CURRENT in account.balances
    return Statement(
        account_number=account.number,
        currency=account.currency,
        name=f"BAI2 {account.day}",
        date_from=account.day,
        date_to=account.day,
        balance_start=opening,
        balance_end=account.balances.get(_CURRENT) if is_interim else closing,
        lines=tuple(account.lines),
        warnings=tuple(dict.fromkeys(account.warnings)),
        kind="report" if is_interim else "statement",
    )


def parse(content, mapping=None):
    """Read a BAI2 file, checking the counts and control totals of accounts, groups and file.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, counts or totals that do not agree, no file trailer
    """
    text, _encoding = decode(content)
    try:
        return _read(text)
    except StatementFormatError:
        if not _RUN_ON.search(text):
            raise
    # Its counts and control totals prove whether that is how it was meant.
    return _read(_RUN_ON.sub("/\n", text))


def _read(text):
    """Read the records of a file; see ``parse``."""
    statements, warnings = [], []
    records_file = records_group = 0
    totals_file, totals_group = [0, 0], [0, 0]
    accounts_group = groups = 0
    group = account = None
    is_closed = False
    for record, count in _logical_records(text):
        code = record[:2]
        if is_closed and code == "01":
            records_file, totals_file, groups, is_closed = 0, [0, 0], 0, False
        elif is_closed:
            raise _damaged(_lt("There is something after the end of the file"), record)
        records_file += count
        records_group += count
        fields = [part.strip() for part in record.removesuffix("/").split(",")]
        if code == "02":
            group = _group(fields, record, warnings)
            if group["warning"]:
                warnings.append(group["warning"])
            records_group, totals_group, accounts_group = count, [0, 0], 0
        elif code == "03":
            if group is None or account is not None:
                raise _damaged(_lt("An account starts before the one before it ends"), record)
            account = _open_account(record, group, count)
        elif code == "16":
            if account is None:
                raise _damaged(_lt("An entry is outside of any account"), record)
            _add_line(account, record, count)
        elif code in ("49", "98", "99"):
            fields += [""] * 4
            stated = _whole(fields[1], _lt("The control total"), record)
            if code == "49":
                if account is None:
                    raise _damaged(_lt("An account ends that never started"), record)
                _settle_signs(account, record)
                _leave_out_contained(account)
                account.warnings += _check(
                    stated,
                    account.total,
                    account.total_absolute,
                    _whole(fields[2], _lt("The count"), record),
                    account.records + count,
                    record,
                    _statement(account).difference == 0,
                )
                totals_group[0] += stated
                totals_group[1] += abs(stated)
                accounts_group += 1
                if group["is_wanted"]:
                    statements.append(_statement(account))
                account = None
                continue
            if account is not None or (code == "98") != (group is not None):
                raise _damaged(_lt("A group or an account is not closed"), record)
            held = accounts_group if code == "98" else groups
            totals, records = (totals_group, records_group) if code == "98" else (totals_file, records_file)
            if _whole(fields[2], _lt("The count"), record) != held:
                raise _damaged(
                    _lt("%(stated)s accounts are stated where the file holds %(count)s", stated=fields[2], count=held)
                    if code == "98"
                    else _lt(
                        "%(stated)s groups are stated where the file holds %(count)s", stated=fields[2], count=held
                    ),
                    record,
                )
            warnings += _check(stated, *totals, _whole(fields[3], _lt("The count"), record), records, record)
            if code == "98":
                totals_file = [totals_file[0] + stated, totals_file[1] + abs(stated)]
                groups += 1
                group = None
            else:
                is_closed = True
    if not is_closed:
        raise StatementFormatError(
            _lt(
                "The BAI2 file is cut off: its last record (99) is missing. Please download it from the bank again.",
            )
        )
    return ParsedFile(format=NAME, variant="BAI2", statements=tuple(statements), warnings=tuple(warnings))


def _group_left_out(status, record):
    """Give the warning about a group that the bank has marked (status 2 and 4), '' for any other."""
    if status == "2":
        return _lt('A group that the bank marks as a deletion is left out: "%(record)s".', record=record[:50])
    if status == "4":
        return _lt('A group that the bank marks as a test is left out: "%(record)s".', record=record[:50])
    return ""


def _group(fields, record, warnings):
    """Read a 02 record: day and currency; deletions and tests (group status 2 and 4) are not wanted."""
    fields = fields + [""] * 8
    status = fields[3]
    return {
        "day": booking_date(fields[4], compact_date, warnings),
        "currency": fields[6].upper() or "USD",
        "is_wanted": status not in ("2", "4"),
        "warning": _group_left_out(status, record),
    }

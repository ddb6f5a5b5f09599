"""ABO statements of Czech and Slovak banks, also named GPC: records of 128 characters.

A statement is a record 074 with both balances and both turnovers, followed by its entries (075), each with records 076
to 079 of text. Some banks write longer records 075 with more text at their end.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .currency_numbers import CURRENCY_BY_NUMBER
from .errors import LINES_MAX, too_many_lines
from .fixed_width import Remarks, check_closing, read_records
from .identity import clean_reference
from .model import Line, ParsedFile, Statement
from .national_accounts import czech_account, is_czech_account
from .references import find_structured_reference
from .sentence import _lt
from .text import shared, squeeze

NAME = "abo"
TITLE = "ABO (GPC)"

_SNIFF = re.compile(rb"\A074[\d ]{16}[^\r\n;]{95}")
_WIDTH = 128
_ENCODINGS = ("cp1250", "cp852", "iso8859-2")
_DECIMALS = 2
# Posting codes: 1 debit, 2 credit. Reversals are 4 (of a debit) and 5 (of a credit) at most banks, 3 and 4 at others.
_REVERSALS = ({"4": 1, "5": -1}, {"3": 1, "4": -1})
# Where the banks' internal form has the digits of the account number; the prefix follows after them.
_INTERNAL_NUMBER = (4, 5, 6, 7, 8, 3, 9, 1, 2, 0)


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is ABO: a record 074 with its two balances."""
    return bool(_SNIFF.match(head))


@dataclass(slots=True)
class _Entry:
    """A record 075 with the records that continue it."""

    record: object
    code: str
    amount: Decimal
    bank_reference: str = ""
    texts: list = field(default_factory=list)
    raw: list = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A statement while it is read."""

    record: object
    account: str
    holder: str
    opening: Decimal
    opening_day: object
    closing: Decimal
    debits: Decimal
    credits: Decimal
    number: str
    day: object
    entries: list = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)


def _sign(record, position):
    mark = record.part(position, position)
    if mark not in ("+", "-"):
        raise record.refused(_lt('the sign "%(mark)s" is neither + nor -', mark=mark))
    return 1 if mark == "+" else -1


def _account_parts(text):
    """Give (prefix, number) of an account of 16 digits, in the written form or in the banks' internal one.

    The check digits tell which form it is; where neither has them it is taken as written.
    """
    digits = text.replace(" ", "0").rjust(16, "0")
    if not (digits.isascii() and digits.isdigit()):
        return "", ""
    prefix, number = digits[:6], digits[6:]
    if not is_czech_account(prefix, number):
        inner = "".join(digits[place] for place in _INTERNAL_NUMBER)
        if is_czech_account(digits[10:], inner):
            return digits[10:], inner
    return prefix, number


def _open(record):
    """Read record 074."""
    record.reaching(114)
    prefix, number = _account_parts(record.field(4, 19))
    account = czech_account(prefix, number, "")
    if not account:
        raise record.refused(_lt("it names no account"))
    turnovers = []
    for first, what in ((76, _lt("the turnover of debits")), (91, _lt("the turnover of credits"))):
        # The sign of a turnover is 0 or +, and - where reversals outweigh.
        amount = record.money(first, first + 13, _DECIMALS, what)
        turnovers.append(-amount if record.part(first + 14, first + 14) == "-" else amount)
    remarks = Remarks()
    return _Draft(
        record=record,
        account=account,
        holder=squeeze(record.part(20, 39)),
        opening_day=record.value_day(40, 45, "dmy", remarks),
        opening=_sign(record, 60) * record.money(46, 59, _DECIMALS, _lt("the old balance")),
        closing=_sign(record, 75) * record.money(61, 74, _DECIMALS, _lt("the new balance")),
        debits=turnovers[0],
        credits=turnovers[1],
        number=record.part(106, 108).lstrip("0"),
        day=record.day(109, 114, "dmy", _lt("the date of the statement")),
        remarks=remarks,
    )


def _entry(record):
    """Read record 075; its sign is decided when all entries are known."""
    record.reaching(91)
    code = record.part(61, 61)
    if code not in ("1", "2", "3", "4", "5"):
        raise record.refused(_lt('the posting code "%(code)s" is unknown', code=code))
    amount = record.money(49, 60, _DECIMALS, _lt("the amount"))
    return _Entry(record=record, code=code, amount=amount, raw=[record.text.rstrip()])


def _signs(draft):
    """Give the sign of each posting code: of the two ways to number reversals, the one that the balances prove."""
    codes = {entry.code for entry in draft.entries}
    sums = {code: sum((entry.amount for entry in draft.entries if entry.code == code), Decimal(0)) for code in codes}
    for reversals in _REVERSALS:
        signs = {"1": -1, "2": 1, **reversals}
        total = sum((signs.get(code, 0) * amount for code, amount in sums.items()), Decimal(0))
        if codes <= signs.keys() and draft.opening + total == draft.closing:
            return signs
    if "3" in codes and "5" in codes:
        raise draft.record.refused(_lt("its entries use the posting codes 3 and 5, which no bank uses together"))
    return {"1": -1, "2": 1, **(_REVERSALS[1] if "3" in codes else _REVERSALS[0])}


def _currency(draft):
    """Give the currency of the account, where all entries name the same one by its number (``0203``), else ``''``."""
    numbers = {entry.record.part(119, 122) for entry in draft.entries}
    if len(numbers) != 1:
        return ""
    number = numbers.pop()
    return CURRENCY_BY_NUMBER.get(number[1:], "") if number[:1] == "0" and len(number) == 4 else ""


def _symbol(record, first, last):
    """Give a symbol without its leading zeros, ``''`` where it is zero."""
    return record.part(first, last).lstrip("0")


def _line(draft, entry, sign, currency):
    """Turn an entry into a line; what the payer gives to know a payment by is its variable symbol."""
    record = entry.record
    prefix, number = _account_parts(record.field(20, 35))
    bank = record.part(74, 77)
    variable, constant, specific = _symbol(record, 62, 71), _symbol(record, 78, 81), _symbol(record, 82, 91)
    name = squeeze(record.part(98, 117))
    symbols = [f"{key}{value}" for key, value in (("VS", variable), ("KS", constant), ("SS", specific)) if value]
    text = squeeze(" ".join([*entry.texts, record.field(129, 268) if record.length > _WIDTH else ""]))
    day = record.value_day(123, 128, "dmy", draft.remarks) or record.value_day(92, 97, "dmy", draft.remarks)
    account = czech_account(prefix, number, bank)
    return Line(
        date=day or draft.day,
        value_date=record.value_day(92, 97, "dmy", draft.remarks),
        amount=sign * entry.amount,
        currency=currency,
        label=text or name or " ".join(symbols),
        reference=variable,
        structured_reference=find_structured_reference(text),
        # Without an account on the other side the field says what the bank did, such as a fee.
        counterparty_name=shared(name) if account else "",
        counterparty_account=account,
        bank_reference=clean_reference(entry.bank_reference or record.part(36, 48).lstrip("0")),
        bank_text=" ".join(symbols) or name,
        transaction_code=shared(entry.code),
        is_reversal=entry.code not in ("1", "2"),
        raw="\n".join(entry.raw),
    )


def _close(draft):
    """Check record 074 against the entries, and give the statement.

    :raise StatementFormatError: the entries do not make up the new balance
    """
    signs, currency = _signs(draft), _currency(draft)
    lines = tuple(_line(draft, entry, signs[entry.code], currency) for entry in draft.entries)
    check_closing(draft.record, draft.account, draft.opening, lines, draft.closing)
    debits = sum((line.amount for line in lines if (line.amount < 0) != line.is_reversal), Decimal(0))
    credits_sum = sum((line.amount for line in lines if (line.amount >= 0) != line.is_reversal), Decimal(0))
    if draft.opening - draft.debits + draft.credits != draft.closing:
        draft.remarks.say(_lt("The turnovers that the bank states do not make up its balances. The entries do."))
    elif (-debits, credits_sum) != (draft.debits, draft.credits):
        draft.remarks.say(
            _lt("The turnovers that the bank states are not those of the entries. The entries agree with the balances.")
        )
    return Statement(
        account_number=draft.account,
        account_name=draft.holder,
        currency=currency,
        name=f"{draft.day.year}/{draft.number}" if draft.number else f"ABO {draft.day}",
        # The old balance has the day of the statement before.
        date_from=None if lines else draft.opening_day,
        date_to=draft.day,
        balance_start=draft.opening,
        balance_end=draft.closing,
        lines=lines,
        warnings=draft.remarks.sentences(),
    )


def parse(content, mapping=None):
    """Read an ABO file, checking that each statement's entries make up its new balance.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, of a wrong length, or a balance that does not agree
    """
    statements = []
    draft = None
    count = 0
    for record in read_records(content, TITLE, _WIDTH, _ENCODINGS, is_open=True):
        kind = record.text[:3]
        if kind == "074":
            if draft is not None:
                statements.append(_close(draft))
            draft = _open(record)
            continue
        if kind not in ("075", "076", "077", "078", "079"):
            raise record.refused(_lt('the record type "%(kind)s" is unknown', kind=kind))
        if draft is None:
            raise record.refused(_lt("it is outside of a statement (record 074)"))
        if kind == "075":
            count += 1
            if count > LINES_MAX:
                raise too_many_lines()
            draft.entries.append(_entry(record))
            continue
        if not draft.entries:
            raise record.refused(_lt("it adds to an entry (record 075) that is not before it"))
        entry = draft.entries[-1]
        entry.raw.append(record.text.rstrip())
        if kind == "076":
            entry.bank_reference = record.part(4, 29)
            entry.texts.append(record.part(36, 127))
        else:
            entry.texts.append(record.field(4, 127).rstrip())
    if draft is not None:
        statements.append(_close(draft))
    return ParsedFile(
        format=NAME,
        variant="ABO",
        statements=tuple(statement.with_period() for statement in statements),
    )

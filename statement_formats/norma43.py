"""Norma 43 (Cuaderno 43) of the Spanish banks' association AEB: records of 80 characters.

Each account goes from its record 11 to its record 33. An entry is a record 22, with up to five records 23 of text and a
record 24 with the original currency. The file ends with a record 88; some banks begin it with a record 00.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .currency_numbers import CURRENCY_BY_NUMBER
from .errors import LINES_MAX, too_many_lines
from .fixed_width import WESTERN_ENCODINGS, Remarks, check_closing, check_count, read_records
from .identity import clean_reference
from .model import Line, ParsedFile, Statement
from .national_accounts import spanish_account
from .references import find_structured_reference
from .sentence import _lt
from .text import join_wrapped, shared

NAME = "norma43"
TITLE = "Norma 43"

_SNIFF = re.compile(rb"\A(?:00[^\r\n]*[\r\n]+){0,3}11\d{18}[\d ]{12}[^\r\n]{18}")
_WIDTH = 80
_DECIMALS = 2
_TEXT_WIDTH = 38
# Common concepts (the "concepto común" that all banks share).
_CONCEPTS = {
    "01": "Cheques and withdrawals",
    "02": "Deposits",
    "03": "Direct debits, receipts and bills",
    "04": "Transfers",
    "05": "Loan repayments",
    "06": "Remittances of bills",
    "07": "Subscriptions",
    "08": "Dividends and coupons",
    "09": "Stock exchange operations",
    "10": "Petrol cheques",
    "11": "Cash machine",
    "12": "Cards",
    "13": "Foreign operations",
    "14": "Returned and unpaid items",
    "15": "Wages and social insurance",
    "16": "Stamps, brokerage and policies",
    "17": "Interest, commissions, costs and taxes",
    "98": "Cancellations and corrections",
    "99": "Various",
}
_CHEQUES, _CORRECTIONS = "01", "98"


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is Norma 43: a record 11 with account, dates and balance."""
    return bool(_SNIFF.match(head))


@dataclass(slots=True)
class _Entry:
    """A record 22 with the texts of its records 23."""

    record: object
    amount: Decimal
    texts: list = field(default_factory=list)
    raw: list = field(default_factory=list)
    original_amount: Decimal | None = None
    original_currency: str = ""


@dataclass(slots=True)
class _Draft:
    """An account while it is read."""

    number: str
    account: str
    currency: str
    holder: str
    opening: Decimal
    date_from: object
    date_to: object
    entries: list = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)


def _sign(record, position):
    """Read a mark: 1 is a debit (or an overdrawn balance), 2 a credit."""
    mark = record.part(position, position)
    if mark not in ("1", "2"):
        raise record.refused(_lt('the mark "%(mark)s" is neither 1 (debit) nor 2 (credit)', mark=mark))
    return -1 if mark == "1" else 1


def _currency(text):
    return CURRENCY_BY_NUMBER.get(text, text if text.isalpha() else "")


def _open(record):
    """Read record 11: an account, its period and opening balance."""
    record.reaching(50)
    what = _lt("the account")
    bank, branch, account = record.digits(3, 6, what), record.digits(7, 10, what), record.digits(11, 20, what)
    remarks = Remarks()
    return _Draft(
        number=record.part(3, 20),
        account=spanish_account(bank.zfill(4), branch.zfill(4), account.zfill(10)),
        currency=_currency(record.part(48, 50)),
        holder=record.part(52, 77),
        opening=_sign(record, 33) * record.money(34, 47, _DECIMALS, _lt("the opening balance")),
        date_from=record.value_day(21, 26, "ymd", remarks),
        date_to=record.value_day(27, 32, "ymd", remarks),
        remarks=remarks,
    )


def _entry(record):
    """Read record 22."""
    record.reaching(42)
    amount = _sign(record, 28) * record.money(29, 42, _DECIMALS, _lt("the amount"))
    return _Entry(record=record, amount=amount, raw=[record.text.rstrip()])


def _add_original(draft, entry, record):
    """Read record 24, the amount in the currency in which it was paid."""
    digits = record.part(8, 21)
    currency = _currency(record.part(5, 7))
    if currency and digits.isascii() and digits.isdigit():
        entry.original_amount = record.scaled(digits, _DECIMALS, _lt("the original amount"))
        entry.original_currency = currency
    else:
        draft.remarks.add(_lt("Original amounts that cannot be read are left out"), record, digits)


def _line(draft, entry):
    """Turn an entry into a line."""
    record = entry.record
    concept, own_concept = record.part(23, 24), record.part(25, 27)
    # The document number and the first reference are filled with zeros from the left.
    document, first = record.part(43, 52).lstrip("0"), clean_reference(record.part(53, 64).lstrip("0"))
    second = clean_reference(record.part(65, 80))
    label = join_wrapped(entry.texts, _TEXT_WIDTH)
    original = entry.original_amount
    value_date = record.value_day(17, 22, "ymd", draft.remarks)
    if value_date and not record.part(11, 16).strip("0"):
        draft.remarks.add(_lt("Operation dates that are missing are taken from the value date"), record)
        booked = value_date
    else:
        booked = record.day(11, 16, "ymd", _lt("the operation date"))
    return Line(
        date=booked,
        value_date=value_date,
        amount=entry.amount,
        currency=draft.currency,
        label=label or " ".join(filter(None, (first, second))) or _CONCEPTS.get(concept, ""),
        reference=second or first or document,
        structured_reference=find_structured_reference(label),
        bank_text=_CONCEPTS.get(concept, ""),
        check_number=document if concept == _CHEQUES and entry.amount < 0 else "",
        transaction_code=shared(concept + ("+" + own_concept if own_concept else "")),
        is_reversal=concept == _CORRECTIONS,
        original_amount=original.copy_sign(entry.amount) if original else None,
        original_currency=entry.original_currency if original else "",
        raw="\n".join(entry.raw),
    )


def _close(draft, record):
    """Check record 33 against what was read, and give the statement.

    :raise StatementFormatError: numbers, sums or balance differ
    """
    record.reaching(73)
    if record.part(3, 20) != draft.number:
        raise record.refused(
            _lt(
                "it closes the account %(account)s, but the account %(open_account)s is open",
                account=record.part(3, 20),
                open_account=draft.number,
            )
        )
    # An entry of zero counts on the side of its mark, so the mark is asked, not the amount.
    for first, mark, what in ((21, "1", _lt("debits")), (40, "2", _lt("credits"))):
        amounts = [abs(entry.amount) for entry in draft.entries if entry.record.part(28, 28) == mark]
        count = int(record.digits(first, first + 4, _lt("the number of entries")))
        total = record.money(first + 5, first + 18, _DECIMALS, _lt("the sum of the entries"))
        # Five digits count to 99,999 and start again.
        if (count, total) != (len(amounts) % 100_000, sum(amounts, Decimal(0))):
            raise record.refused(
                _lt(
                    "it states %(count)s %(what)s of %(total)s, but the file holds %(held)s of %(sum)s",
                    count=count,
                    what=what,
                    total=total,
                    held=len(amounts),
                    sum=sum(amounts, Decimal(0)),
                )
            )
    closing = _sign(record, 59) * record.money(60, 73, _DECIMALS, _lt("the closing balance"))
    lines = tuple(_line(draft, entry) for entry in draft.entries)
    check_closing(record, draft.account, draft.opening, lines, closing)
    return Statement(
        account_number=draft.account,
        account_name=draft.holder,
        currency=draft.currency,
        name=f"Norma 43 {draft.date_to or ''}".strip(),
        date_from=draft.date_from,
        date_to=draft.date_to,
        balance_start=draft.opening,
        balance_end=closing,
        lines=lines,
        warnings=draft.remarks.sentences(),
    )


def parse(content, mapping=None):
    """Read a Norma 43 file, checking sums, numbers of entries and balance of each account in it.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, of a wrong length or cut off, or sums that do not agree
    """
    statements, remarks = [], Remarks()
    draft = record = None
    count = entries = 0
    is_closed = False
    for record in read_records(content, TITLE, _WIDTH, WESTERN_ENCODINGS):
        kind = record.text[:2]
        if is_closed and kind in ("00", "11"):
            # Several files in one: each counts its records.
            count, is_closed = 0, False
        if is_closed:
            raise record.refused(_lt("it is after the end of the file (record 88)"))
        if kind == "88":
            if draft is not None:
                raise record.refused(_lt("the account before it is not closed (record 33)"))
            # Some banks count this record, too.
            check_count(remarks, record.part(21, 26), count, count + 1)
            is_closed = True
            continue
        count += 1
        if kind == "00" and count == 1:
            continue
        if kind == "11":
            if draft is not None:
                raise record.refused(_lt("the account before it is not closed (record 33)"))
            draft = _open(record)
            continue
        if kind not in ("22", "23", "24", "33"):
            raise record.refused(_lt('the record type "%(kind)s" is unknown', kind=kind))
        if draft is None:
            raise record.refused(_lt("it is outside of an account (record 11)"))
        if kind == "22":
            entries += 1
            if entries > LINES_MAX:
                raise too_many_lines()
            draft.entries.append(_entry(record))
        elif kind == "33":
            statements.append(_close(draft, record))
            draft = None
        elif not draft.entries:
            raise record.refused(_lt("it adds to an entry (record 22) that is not before it"))
        else:
            entry = draft.entries[-1]
            entry.raw.append(record.text.rstrip())
            if kind == "23":
                entry.texts += [record.field(5, 42).rstrip(), record.field(43, 80).rstrip()]
            else:
                _add_original(draft, entry, record)
    if draft is not None:
        raise record.refused(_lt("the file ends here, before the account is closed (record 33)"))
    if not is_closed and record is not None:
        remarks.say(_lt("The file has no closing record (88). The amounts of its accounts agree with their balances."))
    return ParsedFile(
        format=NAME,
        variant="Norma 43",
        statements=tuple(statement.with_period() for statement in statements),
        warnings=remarks.sentences(),
    )

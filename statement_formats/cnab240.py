"""CNAB 240 account statements of Brazilian banks (FEBRABAN, "extrato para conciliação bancária", segment E).

A file goes from its header (record type 0) to its trailer (9). A batch of the service 04 is the statement of one
account: its header (1) has the opening balance, its trailer (5) the closing balance and the sums of the entries (3,
segment E).
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .errors import LINES_MAX, StatementFormatError, too_many_lines
from .fixed_width import WESTERN_ENCODINGS, Remarks, check_closing, check_count, read_records
from .identity import clean_account, clean_reference
from .model import Line, ParsedFile, Statement
from .sentence import _lt
from .text import shared, squeeze

NAME = "cnab240"
TITLE = "CNAB 240"

_SNIFF = re.compile(rb"\A\d{3}00000[^\r\n]{150}")
_BATCH = re.compile(rb"[\r\n]\d{7}1[^\r\n](\d\d)")
_WIDTH = 240
_DECIMALS = 2
_SERVICE = "04"
# Categories of entries (FEBRABAN G034), debits from 101, credits from 201.
_CATEGORIES = {
    "101": "Cheques", "102": "Charges", "103": "Reversals", "104": "Advised entries", "105": "Bank fees",
    "106": "Investment", "107": "Loan", "108": "Foreign exchange", "109": "Tax on transactions",
    "110": "Tax on financial operations", "111": "Income tax", "112": "Payment of suppliers",
    "113": "Payment of employees", "114": "Electronic withdrawal", "115": "Shares", "116": "Insurance",
    "117": "Transfer between accounts", "118": "Returned in clearing", "119": "Returned cheques",
    "120": "Transfer between banks", "121": "Advance to suppliers", "122": "Payment order", "123": "Cash withdrawal",
    "124": "Cheque paid", "125": "Various payments", "126": "Payment of taxes", "127": "Credit card bill",
    "201": "Deposits", "202": "Collected bills", "203": "Returned cheques", "204": "Reversals",
    "205": "Advised entries", "206": "Investment redeemed", "207": "Loan", "208": "Foreign exchange",
    "209": "Transfer between banks", "210": "Shares", "211": "Dividends", "212": "Insurance",
    "213": "Transfer between accounts", "214": "Special deposits", "215": "Returned in clearing",
    "216": "Credit order", "217": "Payment of suppliers", "218": "Various payments", "219": "Payment of wages",
    "220": "Cash deposit", "221": "Payment of taxes", "222": "Card sales",
}  # fmt: skip
_CHEQUES = ("101", "124")
_REVERSALS = ("103", "118", "119", "203", "204", "215")
# Entries on blocked money: of some banks they are no part of the balance.
_BLOCKED = "SSR"


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is CNAB 240 with a statement in its first batch."""
    if not _SNIFF.match(head):
        return False
    batch = _BATCH.search(head)
    # Without line ends, the header of the first batch follows the 240 characters of the header of the file.
    return (batch[1] if batch else head[_WIDTH + 9 : _WIDTH + 11]) == _SERVICE.encode()


@dataclass(slots=True)
class _Draft:
    """A batch while it is read."""

    batch: str
    account: str
    currency: str
    holder: str
    name: str
    opening: Decimal
    opening_day: object
    records: int = 1
    entries: list = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)


def _sign(record, position):
    """Read a mark: D is a debit (or an overdrawn balance), C a credit."""
    mark = record.part(position, position)
    if mark not in ("C", "D"):
        raise record.refused(_lt('the mark "%(mark)s" is neither C (credit) nor D (debit)', mark=mark))
    return 1 if mark == "C" else -1


def _balance(record, what):
    """Read a balance; a balance of zero needs no mark."""
    amount = record.money(151, 168, _DECIMALS, what)
    return amount * _sign(record, 169) if amount else amount


def _open(record):
    """Read the header of a batch."""
    record.reaching(173)
    if record.part(10, 11) != _SERVICE:
        raise StatementFormatError(
            _lt(
                "Line %(line)s of the CNAB 240 file begins a batch of the service %(service)s, which is no account "
                'statement. Please ask the bank for the statement ("extrato para conciliação bancária", service 04).',
                line=record.number,
                service=record.part(10, 11),
            )
        )
    number, check = record.part(59, 70), record.part(71, 71) or record.part(72, 72)
    currency = record.part(171, 173)
    sequence = record.part(174, 178).lstrip("0")
    return _Draft(
        batch=record.part(4, 7),
        account=clean_account(number + check).lstrip("0"),
        # The currency of older versions is a code of the bank; an account of a Brazilian bank is in reais.
        currency=currency if re.fullmatch(r"[A-Z]{3}", currency) else "BRL",
        holder=squeeze(record.part(73, 102)),
        name=f"CNAB {sequence}" if sequence else "",
        opening=_balance(record, _lt("the opening balance")),
        opening_day=record.value_day(143, 150, "dmy", Remarks()),
    )


def _line(draft, record):
    """Read an entry, segment E."""
    record.reaching(169)
    amount = _sign(record, 169) * record.money(151, 168, _DECIMALS, _lt("the amount"))
    category = record.part(170, 172)
    document = clean_reference(record.part(202, 240))
    complement = record.part(114, 133) if record.part(112, 113).strip("0") else ""
    text = squeeze(record.part(177, 201))
    is_account = record.part(112, 113) == "01" and complement.replace(" ", "").isdigit()
    other = record.field(114, 133)
    # Bank, branch and account of the other side, where they are given.
    counterparty = (
        "/".join(part.strip().lstrip("0") for part in (other[:3], other[3:8], other[8:])) if is_account else ""
    )
    name = _CATEGORIES.get(category, "")
    return Line(
        date=record.day(143, 150, "dmy", _lt("the entry date")),
        value_date=record.value_day(135, 142, "dmy", draft.remarks),
        amount=amount,
        currency=draft.currency,
        label=text if is_account or not complement else f"{text} {squeeze(complement)}",
        reference=document,
        counterparty_account=counterparty if counterparty.rpartition("/")[2] else "",
        bank_text=shared(name or text),
        check_number=document.lstrip("0") if category in _CHEQUES else "",
        transaction_code=shared(category + ("+" + record.part(173, 176) if record.part(173, 176) else "")),
        is_reversal=category in _REVERSALS,
        raw=record.text.rstrip(),
    )


def _lines(draft, closing):
    """Give the lines that make up the balance: all, or all but those on blocked money where only these add up."""
    lines = [line for line, _record in draft.entries]
    free = [line for line, record in draft.entries if record.part(109, 111) != _BLOCKED]
    if draft.opening + sum((line.amount for line in lines), Decimal(0)) == closing:
        return tuple(lines)
    if draft.opening + sum((line.amount for line in free), Decimal(0)) != closing:
        return tuple(lines)
    for _entry, record in draft.entries:
        if record.part(109, 111) == _BLOCKED:
            draft.remarks.add(_lt("Entries on blocked money are left out, as the balances leave them out"), record)
    return tuple(free)


def _close(draft, record):
    """Check the trailer of a batch against what was read, and give the statement."""
    record.reaching(169)
    closing = _balance(record, _lt("the closing balance"))
    sums = ((177, True, _lt("the sum of the debits")), (195, False, _lt("the sum of the credits")))
    if not record.part(177, 212):
        draft.remarks.say(_lt("The bank states no sums, so only the balances could be checked."))
        sums = ()
    for first, is_debit, what in sums:
        stated = record.money(first, first + 17, _DECIMALS, what)
        total = sum((abs(line.amount) for line, _record in draft.entries if (line.amount < 0) == is_debit), Decimal(0))
        if stated != total:
            raise record.refused(
                _lt("%(what)s is %(stated)s, but the entries make %(total)s", what=what, stated=stated, total=total)
            )
    lines = _lines(draft, closing)
    check_closing(record, draft.account, draft.opening, lines, closing)
    check_count(draft.remarks, record.part(171, 176), draft.records)
    day = record.value_day(143, 150, "dmy", draft.remarks)
    return Statement(
        account_number=draft.account,
        account_name=draft.holder,
        currency=draft.currency,
        name=draft.name or f"CNAB {day or ''}".strip(),
        date_from=None if lines else draft.opening_day,
        date_to=day,
        balance_start=draft.opening,
        balance_end=closing,
        lines=lines,
        warnings=draft.remarks.sentences(),
        # P and I: within the day; F: the day's end.
        kind="report" if record.part(170, 170) == "I" else "statement",
    )


def parse(content, mapping=None):
    """Read a CNAB 240 file of account statements, checking sums, numbers of records and balances of each account.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, of a wrong length or cut off, or sums that do not agree
    """
    statements, remarks = [], Remarks()
    draft = record = None
    count = entries = 0
    is_open = is_closed = False
    for record in read_records(content, TITLE, _WIDTH, WESTERN_ENCODINGS):
        kind = record.part(8, 8)
        count += 1
        if is_closed and kind != "0":
            raise record.refused(_lt("it is after the end of the file (record type 9)"))
        if (kind == "0") == is_open and kind in ("0", "1", "3", "5", "9"):
            raise record.refused(
                _lt("a file begins before the one before it ends (record type 9)")
                if is_open
                else _lt("it is before the header of the file (record type 0)")
            )
        if kind == "0":
            is_open, is_closed, count = True, False, 1
        elif kind == "1":
            if draft is not None:
                raise record.refused(_lt("the batch before it is not closed (record type 5)"))
            draft = _open(record)
        elif kind in ("3", "5") and (draft is None or record.part(4, 7) != draft.batch):
            raise record.refused(_lt("it belongs to no batch that is open (record type 1)"))
        elif kind == "3":
            draft.records += 1
            if record.part(14, 14) != "E":
                draft.remarks.add(_lt("Records of other segments are left out"), record, record.part(14, 14))
                continue
            entries += 1
            if entries > LINES_MAX:
                raise too_many_lines()
            draft.entries.append((_line(draft, record), record))
        elif kind == "5":
            draft.records += 1
            statements.append(_close(draft, record))
            draft = None
        elif kind == "9":
            if draft is not None:
                raise record.refused(_lt("the batch before it is not closed (record type 5)"))
            check_count(remarks, record.part(24, 29), count)
            is_open, is_closed = False, True
        else:
            raise record.refused(_lt('the record type "%(kind)s" is unknown', kind=kind))
    if record is not None and not is_closed:
        raise record.refused(_lt("the file ends here, without its trailer (record type 9)"))
    return ParsedFile(
        format=NAME,
        variant="CNAB 240",
        statements=tuple(statement.with_period() for statement in statements),
        warnings=remarks.sentences(),
    )

"""CFONB 120, account statements of French banks: records of 120 characters.

A statement goes from its old balance (record 01) to its new balance (07). An entry is a record 04. Records 05 after it
say more, each with a qualifier of three letters. The last character of an amount is its last digit and its sign.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .errors import LINES_MAX, too_many_lines
from .fixed_width import WESTERN_ENCODINGS, Remarks, check_closing, read_records
from .identity import clean_account, clean_reference
from .model import Line, ParsedFile, Statement
from .national_accounts import french_account
from .references import find_structured_reference
from .return_reasons import find_return_code, reason_words
from .sentence import _lt
from .text import shared, squeeze

NAME = "cfonb120"
TITLE = "CFONB 120"

_SNIFF = re.compile(rb"\A01[0-9A-Z]{5}.{4}[0-9A-Z]{5}[A-Z ]{3}[0-9 ].[0-9A-Z]{11}.{2}\d{6}[^\r\n]{64}")
_WIDTH = 120
# Digit and sign in one character, as EBCDIC prints it; its braces are é and è in the French variant of ASCII.
_LAST_DIGITS = {char: (str(digit), 1) for digit, char in enumerate("{ABCDEFGHI")}
_LAST_DIGITS |= {char: (str(digit), -1) for digit, char in enumerate("}JKLMNOPQR")}
_LAST_DIGITS |= {"é": ("0", 1), "è": ("0", -1)}
_CHEQUE = "01"
# Qualifiers whose text is part of the label, in the order in which people read it.
_LABELS = ("LIB", "LCC", "LC2", "LCS")


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is CFONB 120: a record 01 with account, date and balance."""
    return bool(_SNIFF.match(head))


@dataclass(slots=True)
class _Entry:
    """A record 04 with the texts of its records 05 by qualifier."""

    record: object
    amount: Decimal
    texts: dict = field(default_factory=dict)
    raw: list = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A statement while it is read; ``pending`` is the entry that further records may belong to."""

    identity: str
    account: str
    currency: str
    decimals: int
    opening: Decimal
    opening_day: object
    lines: list = field(default_factory=list)
    pending: object = None
    remarks: Remarks = field(default_factory=Remarks)


def _amount(record, decimals, what):
    """Read the amount of a record 01, 04 or 07 with its sign."""
    text = record.part(91, 104)
    digit, sign = _LAST_DIGITS.get(text[-1:], (text[-1:], 1))
    digits = text[:-1] + digit
    if not (digits.isascii() and digits.isdigit()):
        raise record.refused(_lt('%(what)s "%(text)s" is not a number with its sign', what=what, text=text[:20]))
    return sign * record.scaled(digits, decimals, what)


def _open(record):
    """Read record 01."""
    record.reaching(104)
    decimals = record.part(20, 20)
    decimals = int(decimals) if decimals in ("0", "1", "2", "3") else 2
    return _Draft(
        identity=_identity(record),
        account=french_account(record.part(3, 7), record.part(12, 16), record.part(22, 32)),
        currency=record.part(17, 19),
        decimals=decimals,
        opening=_amount(record, decimals, _lt("the old balance")),
        opening_day=record.day(35, 40, "dmy", _lt("the date of the old balance")),
    )


def _identity(record):
    """Give bank, branch, currency and account, by which the records of one statement belong together."""
    return "/".join((record.part(3, 7), record.part(12, 16), record.part(17, 19), record.part(22, 32)))


def _money_text(text):
    """Read currency, number of decimals and 14 digits (MMO, FEE).

    :return: (amount, currency), or (None, ``''``) where it cannot be read
    """
    currency, decimals, digits = text[:3], text[3:4], text[4:18].strip()
    if not (currency.isalpha() and decimals in ("0", "1", "2", "3") and digits.isascii() and digits.isdigit()):
        return None, ""
    return Decimal(digits).scaleb(-int(decimals)), currency


def _line(draft, entry):
    """Turn an entry into a line."""
    record, texts = entry.record, entry.texts
    is_credit = entry.amount >= 0

    def text(*qualifiers):
        return next((found for name in qualifiers if (found := squeeze(texts.get(name, "")))), "")

    operation = squeeze(record.part(49, 79))
    parts = [text(name) for name in _LABELS]
    label = squeeze(" ".join(filter(None, parts))) or squeeze(texts.get("RCN", "")[35:70])
    original, original_currency = _money_text(texts.get("MMO", ""))
    if original_currency == draft.currency:
        original = None
    fee, fee_currency = _money_text(texts.get("FEE", ""))
    client_reference = clean_reference(texts.get("RCN", "")[:35])
    # A bank of its own often names the other side with the qualifier of the account's owner.
    name = text("NPY", "NBE") if is_credit else text("NBE", "NPY")
    account = clean_account(text("CPY") if is_credit else text("CBE"))
    rejection = record.part(41, 42)
    # The reason of a return: its code (ISO 20022), then words.
    returned = squeeze(texts.get("RET", ""))
    return_code = find_return_code(returned)
    return Line(
        date=record.day(35, 40, "dmy", _lt("the accounting date")),
        value_date=record.value_day(43, 48, "dmy", draft.remarks),
        amount=entry.amount,
        currency=draft.currency,
        label=f"{operation} {label}".strip() if label and not label.startswith(operation) else label or operation,
        reference=client_reference or clean_reference(record.part(105, 120)) or clean_reference(text("REF")),
        structured_reference=find_structured_reference(" ".join([*parts, client_reference, texts.get("RCN", "")])),
        counterparty_name=shared(name),
        counterparty_account=account,
        bank_text=shared(operation),
        check_number=record.part(82, 88).lstrip("0") if record.part(33, 34) == _CHEQUE else "",
        transaction_code=shared(record.part(33, 34)),
        is_reversal=bool(rejection.strip("0")) or bool(returned),
        charges=-fee if fee and fee_currency == draft.currency else None,
        original_amount=original.copy_sign(entry.amount) if original else None,
        original_currency=original_currency if original else "",
        end_to_end_id=client_reference,
        mandate_id=clean_reference(texts.get("RUM", "")[:35]),
        ultimate_name=text("NPO") if is_credit else text("NBU"),
        return_code=return_code,
        return_reason=returned.removeprefix(return_code).strip() or reason_words(return_code),
        raw="\n".join(entry.raw),
    )


def _finish(draft):
    """Turn the pending entry into a line."""
    if draft.pending is not None:
        draft.lines.append(_line(draft, draft.pending))
        draft.pending = None


def _close(draft, record):
    """Check record 07 against what was read, and give the statement."""
    record.reaching(104)
    day = record.day(35, 40, "dmy", _lt("the date of the new balance"))
    closing = _amount(record, draft.decimals, _lt("the new balance"))
    _finish(draft)
    lines = tuple(draft.lines)
    check_closing(record, draft.account, draft.opening, lines, closing)
    return Statement(
        account_number=draft.account,
        currency=draft.currency,
        name=f"CFONB {day}",
        # The old balance has the day of the statement before.
        date_from=None if lines else draft.opening_day,
        date_to=day,
        balance_start=draft.opening,
        balance_end=closing,
        lines=lines,
        warnings=draft.remarks.sentences(),
    )


def _add_text(draft, record):
    """Read a record 05 into the entry before it."""
    entry = draft.pending
    if entry is None:
        raise record.refused(_lt("it adds to an entry (record 04) that is not before it"))
    qualifier = record.part(46, 48)
    entry.raw.append(record.text.rstrip())
    # A qualifier that comes several times goes on, but for those with fields at fixed places.
    was = entry.texts.get(qualifier)
    if was is None:
        entry.texts[qualifier] = record.field(49, 118)
    elif qualifier in _LABELS:
        entry.texts[qualifier] = f"{was.rstrip()} {record.part(49, 118)}"


def parse(content, mapping=None):
    """Read a CFONB 120 file, checking that each statement's entries make up its new balance.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, of a wrong length or cut off, or a balance that does not agree
    """
    statements = []
    draft = record = None
    entries = 0
    for record in read_records(content, TITLE, _WIDTH, WESTERN_ENCODINGS):
        kind = record.text[:2]
        if kind not in ("01", "04", "05", "07"):
            raise record.refused(_lt('the record type "%(kind)s" is unknown', kind=kind))
        if kind == "01":
            if draft is not None:
                raise record.refused(_lt("the statement before it is not closed (record 07)"))
            draft = _open(record)
            continue
        if draft is None:
            raise record.refused(_lt("it is outside of a statement (record 01)"))
        if _identity(record) != draft.identity:
            raise record.refused(
                _lt(
                    "it belongs to the account %(account)s, but the statement is of %(open_account)s",
                    account=_identity(record),
                    open_account=draft.identity,
                )
            )
        if kind == "04":
            entries += 1
            if entries > LINES_MAX:
                raise too_many_lines()
            record.reaching(104)
            amount = _amount(record, draft.decimals, _lt("the amount"))
            _finish(draft)
            draft.pending = _Entry(record=record, amount=amount, raw=[record.text.rstrip()])
        elif kind == "05":
            _add_text(draft, record)
        else:
            statements.append(_close(draft, record))
            draft = None
    if draft is not None:
        raise record.refused(_lt("the file ends here, without the new balance (record 07)"))
    return ParsedFile(
        format=NAME,
        variant="CFONB 120",
        statements=tuple(statement.with_period() for statement in statements),
    )

"""CODA 2, the coded statement of account of Belgian banks (Febelfin, records of 128 characters).

A file holds statements one after the other, each from its header (record 0) to its trailer (record 9). A movement is a
record 2.1 with the detail number 0000, its continuations (2.2, 2.3) and information (3.1 to 3.3). A movement that
sums up others is followed by its details: the same sequence number, other detail numbers.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from .coda_text import communication_of, fields_of, title
from .errors import LINES_MAX, too_many_lines
from .fixed_width import WESTERN_ENCODINGS, Remarks, check_closing, check_count, read_records
from .identity import clean_account, clean_reference
from .model import Line, ParsedFile, Statement
from .national_accounts import belgian_account
from .return_reasons import reason_words
from .sentence import _lt
from .text import shared, squeeze

NAME = "coda"
TITLE = "CODA"

_WIDTH = 128
_DECIMALS = 3
_MESSAGES_MAX = 5
# Charges are details of a movement with the operation 37, their reimbursement is 87 (enclosure II).
_CHARGES = ("37", "87")
# The movement's first digit: 1 and 2 are sums of payments (by the account holder, by the bank), 3 one payment with
# charges.
_SUMS = ("1", "2")
_PARTS = ("5", "6", "7")


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is CODA: a header record with the application code 05."""
    line = head[:_WIDTH]
    return line[:5] == b"00000" and line[5:14].isdigit() and line[14:16] == b"05" and line[16:17] in (b" ", b"D")


@dataclass(slots=True)
class _Movement:
    """A record 2.1 with what continues it; ``parts`` are its details."""

    record: object
    sequence: str
    detail: str
    amount: Decimal
    code: str
    is_structured: bool
    communication: list
    raw: list
    reference: str = ""
    counterparty_account: str = ""
    counterparty_name: str = ""
    return_type: str = ""
    return_code: str = ""
    information: list = field(default_factory=list)
    parts: list = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A statement while it is read; ``pending`` is the movement that further records may belong to."""

    application: str
    account: str = ""
    currency: str = ""
    holder: str = ""
    name: str = ""
    opening: Decimal = Decimal(0)
    closing: Decimal | None = None
    closing_record: object = None
    closing_day: object = None
    records: int = 0
    lines: list = field(default_factory=list)
    pending: object = None
    messages: list = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)

    @property
    def has_balances(self):
        """Whether it is a statement: a separate application (only transfers, only direct debits) has no balances."""
        return not self.application.strip("0 ")


def _sign(record, position):
    mark = record.part(position, position)
    if mark not in ("0", "1"):
        raise record.refused(_lt('the mark "%(mark)s" is neither 0 (credit) nor 1 (debit)', mark=mark))
    return 1 if mark == "0" else -1


def _account(structure, text):
    """Read an account of 37 characters with its currency.

    :param structure: 0 Belgian number, 1 foreign number, 2 Belgian IBAN, 3 foreign IBAN
    :return: (account, currency)
    """
    if structure == "0":
        return belgian_account(clean_account(text[:12])), text[13:16].strip()
    return clean_account(text[:34]), text[34:37].strip()


def _header(record):
    """Read record 0."""
    record.reaching(_WIDTH - 44)
    if record.part(128, 128) == "1":
        raise record.refused(_lt("it is of CODA version 1, which banks gave up; version 2 is read"))
    draft = _Draft(application=record.part(84, 88))
    if record.part(17, 17) == "D":
        draft.remarks.say(_lt("The bank marks the statement as a duplicate."))
    return draft


def _opening(draft, record):
    """Read record 1: the account and its old balance."""
    record.reaching(64)
    draft.account, draft.currency = _account(record.part(2, 2), record.field(6, 42))
    draft.opening = _sign(record, 43) * record.money(44, 58, _DECIMALS, _lt("the old balance"))
    draft.holder = squeeze(record.part(65, 90))
    number = record.part(126, 128) or record.part(3, 5)
    draft.name = number if number.strip("0") else ""


def _movement(draft, record):
    """Read record 2.1."""
    record.reaching(121)
    amount = _sign(record, 32) * record.money(33, 47, _DECIMALS, _lt("the amount"))
    return _Movement(
        record=record,
        sequence=record.digits(3, 6, _lt("the sequence number")),
        detail=record.digits(7, 10, _lt("the detail number")),
        amount=amount,
        code=record.part(54, 61),
        is_structured=record.part(62, 62) == "1",
        communication=[record.field(63, 115)],
        raw=[record.text.rstrip()],
    )


def _continue(draft, movement, record, kind):
    """Read the records 2.2 and 2.3, which belong to the movement before them."""
    if movement is None or record.part(3, 10) != movement.sequence + movement.detail:
        raise record.refused(_lt("it continues a movement that is not before it"))
    movement.raw.append(record.text.rstrip())
    if kind == "22":
        movement.communication.append(record.field(11, 63))
        movement.reference = record.part(64, 98)
        movement.return_type, movement.return_code = record.part(113, 113), record.part(114, 117)
    else:
        account = record.field(11, 47)
        movement.counterparty_account = clean_account(account[:34])
        movement.counterparty_name = squeeze(record.part(48, 82))
        movement.communication.append(record.field(83, 125))


def _inform(draft, movement, record, kind):
    """Read the records 3.1 to 3.3, further information on a movement."""
    if movement is None:
        raise record.refused(_lt("it gives information on a movement that is not before it"))
    if record.part(3, 6) != movement.sequence:
        draft.remarks.add(_lt("Information that belongs to no movement is left out"), record)
        return
    movement.raw.append(record.text.rstrip())
    if kind == "31":
        movement.information.append((record.part(40, 40) == "1", [record.field(41, 113)]))
    elif movement.information:
        movement.information[-1][1].append(record.field(11, 115 if kind == "32" else 100))


def _charges(movement):
    """Give the charges among the details of a movement, or None."""
    amounts = [part.amount for part in movement.parts if part.code[3:5] in _CHARGES]
    return sum(amounts, Decimal(0)) if amounts else None


def _line(draft, movement, parts=()):
    """Turn a movement into a line.

    :param parts: the lines of its details, where it is a sum
    """
    record = movement.record
    day = record.day(116, 121, "dmy", _lt("the entry date"))
    found = communication_of("".join(movement.communication), movement.is_structured)
    for is_structured, texts in movement.information:
        found.add_information("".join(texts), is_structured)
    if not parts and not (movement.counterparty_name or found.name):
        # Of a payment with charges, the payment itself may be a detail that names who paid and what for.
        for part in movement.parts:
            if part.code[3:5] not in _CHARGES:
                movement.counterparty_name = part.counterparty_name
                movement.counterparty_account = movement.counterparty_account or part.counterparty_account
                found.complete(communication_of("".join(part.communication), part.is_structured))
    name = title(movement.code)
    fields = fields_of(found, movement.code)
    original = found.original_amount
    order = clean_reference(movement.reference)
    return_type = (movement.return_type or found.return_type).strip("0")
    return_code = movement.return_code or found.return_code
    return Line(
        date=day,
        value_date=record.value_day(48, 53, "dmy", draft.remarks),
        amount=movement.amount,
        currency=draft.currency,
        label=fields["label"] or name,
        reference=order or fields["reference"],
        structured_reference=fields["structured_reference"],
        counterparty_name=shared(movement.counterparty_name or found.name),
        counterparty_account=movement.counterparty_account,
        bank_reference=clean_reference(record.part(11, 31)),
        bank_text=name,
        check_number=fields["check_number"],
        transaction_code=shared(movement.code),
        is_reversal=bool(return_type) or movement.code[3:5] in ("49", "99"),
        charges=None if parts else _charges(movement),
        original_amount=original.copy_sign(movement.amount) if original else None,
        original_currency=found.original_currency if original else "",
        end_to_end_id="" if parts else order,
        mandate_id=found.mandate,
        ultimate_name=found.ultimate_name,
        return_code=return_code,
        return_reason=reason_words(return_code) or found.return_reason,
        batch_id=order if parts else "",
        batch_count=len(parts),
        batch_total=movement.amount if parts else None,
        details=parts,
        raw="\n".join(movement.raw),
    )


def _finish(draft):
    """Turn the pending movement into a line; the payments of a sum become its details."""
    movement = draft.pending
    if movement is None:
        return
    parts = ()
    if movement.code[:1] in _SUMS:
        parts = tuple(_line(draft, part) for part in movement.parts if part.code[:1] in _PARTS)
    draft.lines.append(_line(draft, movement, parts))
    draft.pending = None


def _statement(draft, record):
    """Check record 9 against what was read, and give the statement.

    :raise StatementFormatError: no new balance, or sums that differ
    """
    if draft.closing_record is None:
        raise record.refused(_lt("the statement ends without its new balance (record 8)"))
    lines = tuple(draft.lines)
    for first, last, is_debit, what in (
        (23, 37, True, _lt("the sum of the debits")),
        (38, 52, False, _lt("the sum of the credits")),
    ):
        stated = record.money(first, last, _DECIMALS, what)
        total = sum((abs(line.amount) for line in lines if (line.amount < 0) == is_debit), Decimal(0))
        if stated != total:
            raise record.refused(
                _lt("%(what)s is %(stated)s, but the entries make %(total)s", what=what, stated=stated, total=total)
            )
    if draft.has_balances:
        check_closing(draft.closing_record, draft.account, draft.opening, lines, draft.closing)
    check_count(draft.remarks, record.part(17, 22), draft.records)
    warnings = draft.remarks.sentences()
    if draft.messages:
        warnings += (_lt('The bank writes: "%(text)s".', text=squeeze(" ".join(draft.messages))[:400]),)
    day = draft.closing_day
    return Statement(
        account_number=draft.account,
        account_name=draft.holder,
        currency=draft.currency,
        name=f"{day.year}/{draft.name}" if draft.name else f"CODA {day}",
        date_to=day,
        balance_start=draft.opening if draft.has_balances else None,
        balance_end=draft.closing if draft.has_balances else None,
        lines=lines,
        warnings=warnings,
        kind="statement" if draft.has_balances else "notification",
    )


def _add(draft, movement, record):
    """Put a movement into the statement, or into the sum that it is a detail of."""
    if movement.detail == "0000":
        _finish(draft)
        draft.pending = movement
        return
    above = draft.pending
    if above is None or above.sequence != movement.sequence:
        raise record.refused(_lt("it is the detail of a movement that is not before it"))
    above.parts.append(movement)


def parse(content, mapping=None):
    """Read a CODA file, checking balances, sums and numbers of records of each statement in it.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: records out of order, of a wrong length or cut off, or sums that do not agree
    """
    statements = []
    draft = movement = record = None
    count = 0
    for record in read_records(content, TITLE, _WIDTH, WESTERN_ENCODINGS):
        kind = record.text[0] if record.text[0] not in "23" else record.text[:2]
        if (draft is None) != (kind == "0"):
            raise record.refused(
                _lt("the statement before it is not closed (record 9)")
                if kind == "0"
                else _lt("it is outside of a statement, before its header (record 0)")
            )
        if kind == "0":
            draft, movement = _header(record), None
            continue
        if kind not in ("4", "9"):
            draft.records += 1
        if kind not in ("0", "1", "9") and not draft.account:
            raise record.refused(_lt("it is before the account and its old balance (record 1)"))
        if kind in ("21", "22", "23", "31", "32", "33") and draft.closing_record is not None:
            raise record.refused(_lt("it is after the new balance (record 8)"))
        if kind == "1":
            if draft.account:
                raise record.refused(_lt("it opens a second account in one statement"))
            _opening(draft, record)
            if not draft.account:
                raise record.refused(_lt("it names no account"))
        elif kind == "21":
            count += 1
            if count > LINES_MAX:
                raise too_many_lines()
            movement = _movement(draft, record)
            _add(draft, movement, record)
        elif kind in ("22", "23"):
            _continue(draft, movement, record, kind)
        elif kind in ("31", "32", "33"):
            _inform(draft, movement, record, kind)
        elif kind == "8":
            record.reaching(63)
            draft.closing = _sign(record, 42) * record.money(43, 57, _DECIMALS, _lt("the new balance"))
            draft.closing_day = record.day(58, 63, "dmy", _lt("the date of the new balance"))
            draft.closing_record = record
            _finish(draft)
        elif kind == "4":
            if len(draft.messages) < _MESSAGES_MAX:
                draft.messages.append(record.part(33, 112))
        elif kind == "9":
            record.reaching(52)
            statements.append(_statement(draft, record))
            draft = movement = None
        else:
            raise record.refused(_lt('the record type "%(kind)s" is unknown', kind=kind))
    if draft is not None:
        raise record.refused(_lt("the file ends here, without its trailer (record 9)"))
    return ParsedFile(
        format=NAME,
        variant="CODA 2",
        statements=tuple(statement.with_period() for statement in statements),
    )

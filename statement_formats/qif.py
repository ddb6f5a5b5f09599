"""QIF, Quicken's interchange format: bank, cash, card, asset and liability registers."""

import re
from dataclasses import dataclass, field

from .amounts import detect_decimal, written_amount
from .dates import detect_order, order_note, read_date, written_month_end
from .errors import MappingRequired, StatementFormatError
from .identity import clean_account
from .mapping import Mapping
from .model import Line, ParsedFile, Statement
from .references import find_structured_reference
from .sentence import _lt
from .text import decode, shared, split_lines, squeeze

NAME = "qif"
TITLE = "QIF (Quicken)"

_SNIFF = re.compile(rb"\A\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE)
_REGISTERS = {"bank", "cash", "ccard", "oth a", "oth l"}
_SPLIT_FIELDS = {"S": "category", "E": "memo", "$": "amount", "%": "percent"}


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is QIF."""
    return bool(_SNIFF.match(head))


@dataclass(slots=True)
class _Register:
    """The entries of one account, each a list of (letter, text)."""

    account: str = ""
    type: str = ""
    entries: list = field(default_factory=list)


def _registers(text):
    """Group the records by account.

    :raise StatementFormatError: an investment register, or the last record not closed by ``^``
    """
    registers = []
    account, section, record = "", "", []
    for line in split_lines(text):
        line = line.rstrip()
        if not line.strip():
            continue
        if line.startswith("!"):
            if record:
                break
            section = line[1:].strip().lower()
            if section.startswith("type:"):
                kind = section[5:].strip()
                if kind == "invst":
                    raise StatementFormatError(
                        _lt(
                            "The QIF file holds an investment account. Please export the register of a bank "
                            "account, cash or a credit card.",
                        )
                    )
                if kind in _REGISTERS:
                    registers.append(_Register(account=account, type=kind))
        elif line.strip() == "^":
            if section == "account":
                account = next((value for letter, value in record if letter == "N"), "")
            elif registers and section == f"type:{registers[-1].type}" and record:
                registers[-1].entries.append(record)
            record = []
        else:
            record.append((line[0].upper(), line[1:].strip()))
    if record:
        raise StatementFormatError(
            _lt('The QIF file is cut off: its last entry is not closed by "^". Please export it again.')
        )
    return registers


def _number_of(register):
    """Give the account number of a register, '' where its account has only a name ("Checking")."""
    return clean_account(register.account) if any(char.isdigit() for char in register.account) else ""


def _check_accounts(registers):
    """Refuse a file of several accounts that only their names tell apart: all would go to one journal.

    :raise StatementFormatError: names two of them
    """
    names = dict.fromkeys(register.account for register in registers if register.entries and not _number_of(register))
    if len(names) > 1:
        one, other = list(names)[:2]
        raise StatementFormatError(
            _lt(
                'The QIF file holds several accounts without a number ("%(one)s" and "%(other)s"), so nothing says '
                "which bank journal each belongs to. Please export each account to a file of its own.",
                one=one[:40],
                other=other[:40],
            )
        )


def _date_order(registers, mapping):
    """Find in which order the dates have day and month, from all of them.

    :return: (order, list of warnings)
    :raise StatementFormatError: a text that is no date
    :raise MappingRequired: day and month cannot be distinguished
    """
    texts = [
        value for register in registers for record in register.entries for letter, value in record if letter == "D"
    ]
    if mapping is not None and mapping.date_order:
        return mapping.date_order, []
    if not texts:
        return "mdy", []
    # Only Quicken itself writes the apostrophe, and it writes month first wherever both readings are possible.
    order, is_certain = detect_order(texts)
    if not order and is_certain is None and read_date(texts[0], "dmy") is None and read_date(texts[0], "mdy") is None:
        raise StatementFormatError(
            _lt('"%(text)s" is not a date. Please export the QIF file again.', text=texts[0][:40])
        )
    if not order:
        possible = all(read_date(text, "dmy") for text in texts) and all(read_date(text, "mdy") for text in texts)
        if not possible:
            wrong = next(text for text in texts if not read_date(text, "dmy") or not read_date(text, "mdy"))
            raise StatementFormatError(
                _lt(
                    "The dates of the QIF file do not all fit one order of day and month (such as "
                    '"%(text)s"). Please export it again.',
                    text=wrong[:40],
                )
            )
        raise MappingRequired(
            _lt(
                'The dates of the QIF file (such as "%(text)s") can be read day first or month first. '
                "Please choose which.",
                text=texts[0],
            ),
            Mapping(),
            [[text] for text in texts[:20]],
        )
    warnings = []
    if is_certain is False:
        warnings.append(order_note(order, texts[0]))
    return order, warnings


def _splits(record):
    """Collect the splits of an entry (category, memo, amount) as the register has them."""
    splits = []
    for letter, value in record:
        if letter == "S":
            splits.append({"category": value})
        elif letter in _SPLIT_FIELDS and splits:
            splits[-1][_SPLIT_FIELDS[letter]] = value
    return splits


def _line(record, order, decimal, warnings):
    """Turn one record into a line; a 30 February is taken for the month's last day, with a warning."""
    fields = {}
    for letter, value in record:
        fields.setdefault(letter, value)
    amount_text = fields.get("T") or fields.get("U", "")
    if not fields.get("D") or not amount_text:
        raise StatementFormatError(_lt("An entry of the QIF file has no date or no amount. Please export it again."))
    day = read_date(fields["D"], order)
    if day is None:
        day = written_month_end(fields["D"], order)
        if day is not None:
            warnings.append(
                _lt('The date "%(text)s" does not exist; %(day)s is taken.', text=fields["D"][:20], day=day)
            )
    if day is None:
        raise StatementFormatError(
            _lt(
                '"%(text)s" is not a possible date of a bank statement. Please check the order of '
                "day and month, or export the file again.",
                text=fields["D"][:40],
            )
        )
    payee, memo, number = fields.get("P", ""), fields.get("M", ""), fields.get("N", "")
    label = squeeze(memo or payee)
    raw = {"record": [shared(letter + value) for letter, value in record]}
    splits = _splits(record)
    if splits:
        raw["splits"] = splits
    return Line(
        date=day,
        amount=written_amount(amount_text, decimal),
        label=label,
        reference="" if number.isdigit() else number,
        check_number=number if number.isdigit() else "",
        structured_reference=find_structured_reference(f"{memo} {payee}"),
        counterparty_name=shared(squeeze(payee)),
        transaction_code=fields.get("L", "") if fields.get("L", "").startswith("[") else "",
        raw=raw,
    )


def _statement(register, order, decimal):
    """Turn a register into a statement; Quicken's own first record "Opening Balance" is the opening balance."""
    warnings = []
    lines = [_line(record, order, decimal, warnings) for record in register.entries]
    opening = None
    if lines and lines[0].counterparty_name.lower() == "opening balance":
        opening = lines.pop(0).amount
    lines.sort(key=lambda line: line.date)
    return Statement(
        account_number=_number_of(register),
        account_name=register.account,
        name=f"QIF {register.type}",
        balance_start=opening,
        lines=tuple(lines),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def parse(content, mapping=None):
    """Read a QIF file; it names neither currency nor, mostly, the account.

    :param content: bytes
    :param mapping: ``Mapping`` whose ``date_order``, ``decimal``, ``encoding`` settle what the file leaves open
    :return: ``ParsedFile``
    :raise StatementFormatError: cut off, an investment register, or a wrong date or amount
    :raise MappingRequired: day and month cannot be distinguished
    """
    text, _encoding = decode(content, mapping.encoding if mapping is not None else "")
    registers = _registers(text)
    _check_accounts(registers)
    order, warnings = _date_order(registers, mapping)
    decimal = (
        (mapping.decimal if mapping is not None else "")
        or detect_decimal(
            value for register in registers for record in register.entries for letter, value in record if letter in "TU"
        )
        or "."
    )
    return ParsedFile(
        format=NAME,
        variant="QIF",
        statements=tuple(
            _statement(register, order, decimal).with_period() for register in registers if register.entries
        ),
        warnings=tuple(warnings),
    )

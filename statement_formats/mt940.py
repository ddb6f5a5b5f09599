"""MT940 statements and MT942 interim reports (SWIFT Standards, category 9), with the banks' usual liberties."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .amounts import plain_amount
from .dates import compact_date, full_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference, is_iban
from .model import Line, ParsedFile, Statement
from .mt940_details import read_details, read_money
from .sentence import _lt
from .text import decode, split_lines, squeeze

NAME = "mt940"
TITLE = "MT940, MT942 (SWIFT)"

_SNIFF = re.compile(rb"(?:^|[\r\n]|\{4:\s*):20:[^\r\n]*\r?\n(?:[^\r\n]*\r?\n){0,6}?:(?:25P?|21|28C?):")
_TAG = re.compile(r":(\d\d[A-Z]?):")
_BLOCK = re.compile(r"^(?:\{[1235]:.*?)?\{4:")
_ENTRY = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<mark>[RE]?[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>\d[\d,.]{0,16})(?P<code>[A-Z][A-Z0-9 ]{3})?(?P<rest>.*)",
    re.ASCII,
)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})([\d,.]{1,18})", re.ASCII)
_TOTALS = re.compile(r"(\d{1,5})([A-Z]{3})([\d,.]{1,18})", re.ASCII)
_CURRENCY_SUFFIX = re.compile(r"([A-Z]{3})$")


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is MT940 or MT942: a :20: soon followed by its account."""
    return bool(_SNIFF.search(head))


def _damaged(what, text):
    return StatementFormatError(
        _lt(
            '%(what)s "%(text)s" of the MT940 file cannot be read; the file is damaged. Please '
            "ask the bank for a new one.",
            what=what,
            text=squeeze(text)[:60],
        )
    )


@dataclass(slots=True)
class _Draft:
    """One message while it is read: the fields between one :20: and the next."""

    name: str
    account: str = ""
    number: str = ""
    opening: tuple | None = None
    closing: tuple | None = None
    currency: str = ""
    is_page: bool = False
    is_followed: bool = False
    is_interim: bool = False
    entries: list = field(default_factory=list)
    totals: dict = field(default_factory=dict)


def _fields(lines):
    """Give each field as (tag, list of its lines); block headers and end marks are taken off.

    :raise StatementFormatError: a block 4 that is not closed
    """
    tag, content = "", []
    is_open = False
    for line in lines:
        if "{4:" in line:
            is_open = True
            line = _BLOCK.sub("", line)
        stripped = line.rstrip()
        if stripped in ("-", "-}") or stripped.startswith("-}"):
            is_open = False
            if tag:
                yield tag, content
            tag, content = "", []
            continue
        match = _TAG.match(line)
        if match:
            if tag:
                yield tag, content
            # Blanks at the end stay: in a field that is cut at a fixed width they are part of the text.
            tag, content = match.group(1), [line[match.end() :]]
        elif tag and stripped:
            content.append(line)
    if tag:
        yield tag, content
    if is_open:
        raise StatementFormatError(
            _lt(
                "The MT940 file is cut off: its last message is not closed. Please download it from the bank again.",
            )
        )


def _balance(lines):
    """Read :60: or :62: as (amount, date, currency)."""
    match = _BALANCE.fullmatch("".join(lines).strip())
    if not match:
        raise _damaged(_lt("The balance"), "".join(lines))
    mark, day, currency, amount = match.groups()
    number = plain_amount(amount, "balance")
    return (number if mark == "C" else -number), compact_date(day), currency


def _booking_day(value_date, text):
    """Read the entry date MMDD: of the years around, the one that comes nearest to the value date."""
    month, day = int(text[:2]), int(text[2:])
    nearest = None
    for year in (value_date.year, value_date.year - 1, value_date.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if nearest is None or abs(found - value_date) < abs(nearest - value_date):
            nearest = found
        if abs(found - value_date) <= timedelta(days=180):
            break
    return nearest or full_date(value_date.year, month, day, text)


def _sign(mark):
    """Give the sign of a mark: RC takes a credit back, RD a debit; EC and ED are expected ones (MT942)."""
    return 1 if mark in ("C", "RD", "EC") else -1


def _entry(lines, details, currency):
    """Read :61: and its :86: as a line, or None for an entry that is only expected (EC, ED)."""
    match = _ENTRY.fullmatch(lines[0].strip())
    if not match:
        raise _damaged(_lt("The entry"), lines[0])
    value_date = compact_date(match["value"])
    mark = match["mark"]
    if mark in ("EC", "ED"):
        return None
    sign = _sign(mark)
    amount = sign * plain_amount(match["amount"], "entry")
    reference, _slashes, bank_reference = match["rest"].partition("//")
    supplement = squeeze(" ".join(lines[1:]))
    fields = read_details(details) if details else {"label": supplement}
    money = read_money(supplement + " " + " ".join(details)) if "O" in supplement or details else {}
    original_currency, original = money.get("OCMT", ("", ""))
    if original_currency in ("", currency):
        original_currency, original = "", ""
    charges = money.get("CHGS", ("", ""))[1]
    code = match["code"] or ""
    own_code = fields.pop("transaction_code", "")
    reference = clean_reference(reference)
    fields["reference"] = fields.get("reference") or reference
    fields["label"] = fields["label"] or supplement or reference
    return Line(
        date=_booking_day(value_date, match["booked"]) if match["booked"] else value_date,
        value_date=value_date,
        amount=amount,
        currency=currency,
        bank_reference=clean_reference(bank_reference),
        transaction_code=code + ("+" + own_code if own_code else ""),
        is_reversal=mark in ("RC", "RD"),
        check_number=reference if code[1:] == "CHK" else "",
        charges=-plain_amount(charges, "CHGS") if charges else None,
        original_amount=sign * plain_amount(original, "OCMT") if original else None,
        original_currency=original_currency,
        raw="\n".join([":61:" + "\n".join(lines)] + ([":86:" + "\n".join(details)] if details else [])),
        **fields,
    )


def _drafts(text):
    """Group the fields into messages."""
    draft = None
    is_after_entry = False
    for tag, lines in _fields(split_lines(text)):
        if tag == "20":
            if draft is not None:
                yield draft
            draft = _Draft(name=squeeze(lines[0]))
        if draft is None:
            raise StatementFormatError(
                _lt(
                    "The MT940 file starts in the middle of a statement (with the field :%(tag)s:). Please "
                    "download it from the bank again.",
                    tag=tag,
                )
            )
        if tag in ("25", "25P"):
            draft.account = clean_account(lines[0])
        elif tag in ("28", "28C"):
            draft.number = squeeze(lines[0])
        elif tag in ("60F", "60M"):
            draft.opening = _balance(lines)
            draft.currency = draft.opening[2]
            draft.is_page = tag == "60M"
        elif tag in ("62F", "62M"):
            draft.closing = _balance(lines)
            draft.is_followed = tag == "62M"
        elif tag == "34F":
            draft.is_interim = True
            draft.currency = lines[0][:3]
        elif tag in ("13", "13D"):
            draft.is_interim = True
        elif tag in ("90C", "90D"):
            draft.is_interim = True
            draft.totals[tag] = "".join(lines)
        elif tag == "61":
            draft.entries.append((lines, []))
        elif tag == "86" and is_after_entry:
            draft.entries[-1][1].extend(lines)
        is_after_entry = tag == "61" or (tag == "86" and is_after_entry)
    if draft is not None:
        yield draft


def _check_totals(totals, lines):
    """Compare :90C: and :90D: (number and sum of credits and debits) with the entries; give warnings."""
    for tag, text in totals.items():
        match = _TOTALS.fullmatch(text.strip())
        if not match:
            raise _damaged(_lt("The sum"), text)
        amounts = [abs(line.amount) for line in lines if (line.amount >= 0) == (tag == "90C")]
        if (int(match.group(1)), plain_amount(match.group(3), "sum")) != (len(amounts), sum(amounts, Decimal(0))):
            figures = {
                "count": int(match.group(1)),
                "total": match.group(3),
                "held": len(amounts),
                "sum": sum(amounts, Decimal(0)),
            }
            yield (
                _lt("The bank states %(count)s credits of %(total)s, the file holds %(held)s of %(sum)s.", **figures)
                if tag == "90C"
                else _lt(
                    "The bank states %(count)s debits of %(total)s, the file holds %(held)s of %(sum)s.", **figures
                )
            )


def _statement(draft):
    """Turn a message into a statement.

    :raise StatementFormatError: no closing balance (cut off), or no account
    """
    is_statement = draft.opening is not None or draft.closing is not None or not draft.is_interim
    if is_statement and (draft.closing is None or draft.opening is None):
        missing = _lt("closing balance (:62F:)") if draft.closing is None else _lt("opening balance (:60F:)")
        raise StatementFormatError(
            _lt(
                "The statement %(name)s of account %(account)s has no %(missing)s: the file is cut "
                "off. Please download it from the bank again.",
                name=draft.name,
                account=draft.account,
                missing=missing,
            )
        )
    account, currency = draft.account, draft.currency
    suffix = _CURRENCY_SUFFIX.search(account)
    if suffix and not is_iban(account) and (is_iban(account[:-3]) or account[:-3].isdigit()):
        account, currency = account[:-3], currency or suffix.group(1)
    if is_statement and draft.closing[2] != draft.currency:
        raise StatementFormatError(
            _lt(
                "The statement %(name)s opens in %(currency)s and closes in %(other_currency)s; the file is "
                "damaged. Please ask the bank for a new one.",
                name=draft.name,
                currency=draft.currency,
                other_currency=draft.closing[2],
            )
        )
    read = [_entry(lines, details, currency) for lines, details in draft.entries]
    lines = tuple(line for line in read if line is not None)
    warnings = list(_check_totals(draft.totals, lines))
    if len(lines) < len(read):
        warnings.append(
            _lt("Entries left out because the bank only expects them: %(count)s.", count=len(read) - len(lines))
        )
    return Statement(
        account_number=account,
        currency=currency,
        name=draft.number or draft.name,
        # The opening balance bears the day of the closing one before it.
        date_from=draft.opening[1] if draft.opening and not lines else None,
        date_to=draft.closing[1] if draft.closing else None,
        balance_start=draft.opening[0] if draft.opening else None,
        balance_end=draft.closing[0] if draft.closing else None,
        lines=lines,
        warnings=tuple(warnings),
        kind="statement" if is_statement else "report",
    )


def parse(content, mapping=None):
    """Read an MT940 or MT942 file of any number of messages; pages (:60M:, :62M:) become one statement again.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: a field that cannot be read, or a message without its end
    """
    text, _encoding = decode(content)
    drafts = []
    for draft in _drafts(text):
        previous = drafts[-1] if drafts else None
        if previous and previous.is_followed and draft.is_page and previous.account == draft.account:
            if previous.closing[0] != draft.opening[0]:
                raise StatementFormatError(
                    _lt(
                        "A page of the statement %(name)s of account %(account)s is missing: one ends with "
                        "%(closing)s, the next starts with %(opening)s. Please download the statement again.",
                        name=previous.name,
                        account=draft.account,
                        closing=previous.closing[0],
                        opening=draft.opening[0],
                    )
                )
            previous.entries += draft.entries
            previous.closing, previous.is_followed = draft.closing, draft.is_followed
        else:
            drafts.append(draft)
    if drafts and drafts[-1].is_followed:
        raise StatementFormatError(
            _lt(
                "The MT940 file ends with an intermediate balance (:62M:): its last pages are missing. "
                "Please download the whole statement from the bank.",
            )
        )
    statements = [_statement(draft) for draft in drafts]
    is_interim = bool(statements) and statements[0].kind == "report"
    return ParsedFile(
        format=NAME,
        variant="MT942" if is_interim else "MT940",
        statements=tuple(statement.with_period() for statement in statements),
    )

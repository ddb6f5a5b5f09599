"""MT940 statements and MT942 interim reports (SWIFT Standards, category 9), with the liberties that banks take."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from .amounts import plain_amount
from .dates import compact_date, optional_date
from .errors import StatementFormatError
from .identity import clean_account, is_iban
from .model import ParsedFile, Statement
from .mt940_entry import damaged, read_entry
from .sentence import _lt
from .text import decode, split_lines, squeeze

NAME = "mt940"
TITLE = "MT940, MT942 (SWIFT)"

_SNIFF = re.compile(rb"(?:^|[\x01-\x03\r\n]|\{4:\s*):20:[^\r\n]*[\r\n]+(?:[^\r\n]*[\r\n]+){0,6}?:(?:25P?|21|28C?):")
# Only known fields: a text may have a line that starts with a time between colons.
_TAG = re.compile(r":(13D?|20|21|23|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]|NS):")
_BLOCK = re.compile(r"^(?:\{[1235]:.*?)?\{4:")
_END = re.compile(r"\s*-(?:\}.*|X{3}\s*|\s*)")
# Before files had line ends (German data exchange by diskette).
_OLD_LINE_END = b"@@:20:"
# What frames a file on a terminal line or under DOS: SOH, STX, ETX, EOT, substitute.
_FRAMING = b"\x01\x02\x03\x04\x1a"
_BALANCE = re.compile(r"([CD])\s*(\d{6})\s*([A-Z]{3})?\s*([\d,.]{1,24})", re.ASCII)
_TOTALS = re.compile(r"(\d{1,5})\s*([A-Z]{3})?\s*([\d,.]{1,18})", re.ASCII)
_CURRENCY_SUFFIX = re.compile(r"/?([A-Z]{3})$")
_BANK_PREFIX = re.compile(r"(?:IBAN|[A-Z]{4,11}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)/(?=.*\d)")


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is MT940 or MT942: a :20: soon followed by its account."""
    return bool(_SNIFF.search(head) or (_OLD_LINE_END in head and _SNIFF.search(head.replace(b"@@", b"\n"))))


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
    warnings: list = field(default_factory=list)


def _fields(lines):
    """Give each field as (tag, list of its lines); block headers and end marks are removed."""
    tag, content = "", []
    for line in lines:
        if "{4:" in line:
            line = _BLOCK.sub("", line)
        if "-" in line[:4] and _END.fullmatch(line):
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
        elif tag and line and not line.isspace():
            content.append(line)
    if tag:
        yield tag, content


def _balance(lines, warnings):
    """Read :60: or :62: as (amount, date or None, currency or '' where the bank leaves it out)."""
    # Under a last field there may be a trailer of the bank's own.
    match = _BALANCE.fullmatch(lines[0].strip()) or _BALANCE.fullmatch("".join(lines).strip())
    if not match:
        raise damaged(_lt("The balance"), "".join(lines))
    mark, day, currency, amount = match.groups()
    number = plain_amount(amount, "balance")
    return (number if mark == "C" else -number), optional_date(day, compact_date, warnings), currency or ""


def _account(text):
    """Give (account number, currency) of :25:, without the bank's name in front and the currency behind.

    ``NL91ABNA0417164300EUR``, ``TRIODOSBANK/0390123456``, ``//AT39364/12345678912/EUR``, ``37040044/532013000``.
    """
    account = clean_account(text).strip("/")
    if account.startswith("IBAN") and is_iban(account[4:]):
        account = account[4:]
    account = _BANK_PREFIX.sub("", account, count=1)
    suffix = _CURRENCY_SUFFIX.search(account)
    if suffix and not is_iban(account):
        rest = account[: suffix.start()]
        if is_iban(rest) or rest.replace("/", "").isdigit() or suffix.group().startswith("/"):
            return rest, suffix.group(1)
    return account, ""


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
            # Behind an entry it is a misprint for :86:.
            if not draft.entries:
                draft.account, currency = _account(lines[0])
                draft.currency = draft.currency or currency
        elif tag in ("28", "28C"):
            draft.number = squeeze(lines[0]).strip("/ ")
        elif tag in ("60", "60F", "60M"):
            draft.opening = _balance(lines, draft.warnings)
            draft.currency = draft.opening[2] or draft.currency
            draft.is_page = tag == "60M"
        elif tag in ("62", "62F", "62M"):
            draft.closing = _balance(lines, draft.warnings)
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
            draft.entries.append((lines, [], False))
        elif tag == "86" and is_after_entry:
            draft.entries[-1][1].extend(lines)
        elif tag == "NS" and is_after_entry and not draft.entries[-1][1]:
            draft.entries[-1] = (draft.entries[-1][0], lines, True)
        is_after_entry = tag == "61" or (tag in ("86", "NS") and is_after_entry)
    if draft is not None:
        yield draft


def _check_totals(totals, lines):
    """Compare :90C: and :90D: (number and sum of credits and debits) with the entries; give warnings."""
    for tag, text in totals.items():
        match = _TOTALS.fullmatch(text.strip())
        if not match:
            yield _lt('The sum "%(text)s" cannot be read, so the entries were not compared with it.', text=text[:40])
            continue
        amounts = [abs(line.amount) for line in lines if (line.amount >= 0) == (tag == "90C")]
        stated = plain_amount(match.group(3), "sum")
        if (int(match.group(1)), stated) != (len(amounts), sum(amounts, Decimal(0))):
            figures = {
                "count": int(match.group(1)),
                "total": stated,
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


def _check_pages(draft, statement):
    """Give warnings about pages that are not in the file.

    :raise StatementFormatError: the statement ends with an intermediate balance that its entries do not explain
    """
    if draft.is_followed and statement.difference:
        raise StatementFormatError(
            _lt(
                "The MT940 file ends with an intermediate balance (:62M:) that its entries do not add up to: pages of "
                "the statement are missing. Please download the whole statement from the bank.",
            )
        )
    if draft.is_followed:
        yield _lt(
            "The statement %(name)s ends with an intermediate balance (:62M:), which its entries add up to. If the "
            "bank has further pages of it, please import them too.",
            name=statement.name,
        )
    if draft.is_page:
        yield _lt(
            "The statement %(name)s starts with an intermediate balance (:60M:): its first pages are not in the file.",
            name=statement.name,
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
    account, warnings = draft.account, draft.warnings
    currency = draft.currency
    if is_statement:
        written = [balance[2] for balance in (draft.opening, draft.closing)]
        currency = currency or written[1]
        if written[1] not in ("", currency):
            raise StatementFormatError(
                _lt(
                    "The statement %(name)s opens in %(currency)s and closes in %(other_currency)s; the file is "
                    "damaged. Please ask the bank for a new one.",
                    name=draft.name,
                    currency=currency,
                    other_currency=written[1],
                )
            )
        if "" in written and currency:
            warnings.append(
                _lt("A balance has no currency; that of the statement is taken: %(currency)s.", currency=currency)
            )
        elif not currency:
            warnings.append(_lt("The statement has no currency; that of its journal is taken."))
    lines, expected = [], 0
    balance_day = next((balance[1] for balance in (draft.closing, draft.opening) if balance and balance[1]), None)
    for place, entry in enumerate(draft.entries):
        # The text of an entry is in its line then; both of all entries would be twice the memory.
        draft.entries[place] = None
        line = read_entry(*entry, currency, account, balance_day, warnings)
        if line is None:
            expected += 1
        else:
            lines.append(line)
    lines = tuple(lines)
    warnings += _check_totals(draft.totals, lines)
    if expected:
        warnings.append(_lt("Entries left out because the bank only expects them: %(count)s.", count=expected))
    statement = Statement(
        account_number=account,
        currency=currency,
        name=draft.number or draft.name,
        # The opening balance has the day of the closing one before it.
        date_from=draft.opening[1] if draft.opening and not lines else None,
        date_to=draft.closing[1] if draft.closing else None,
        balance_start=draft.opening[0] if draft.opening else None,
        balance_end=draft.closing[0] if draft.closing else None,
        lines=lines,
        kind="statement" if is_statement else "report",
    )
    return replace(statement, warnings=tuple(dict.fromkeys([*warnings, *_check_pages(draft, statement)])))


def parse(content, mapping=None):
    """Read an MT940 or MT942 file of any number of messages; pages (:60M:, :62M:) become one statement again.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: an entry or a balance that cannot be read, or a message without its end
    """
    if b"\0" not in content:
        content = content.translate(None, _FRAMING)
    if _OLD_LINE_END in content:
        content = content.replace(b"@@", b"\n")
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
            previous.warnings += draft.warnings
            previous.closing, previous.is_followed = draft.closing, draft.is_followed
        else:
            drafts.append(draft)
    statements = [_statement(draft) for draft in drafts]
    is_interim = bool(statements) and statements[0].kind == "report"
    return ParsedFile(
        format=NAME,
        variant="MT942" if is_interim else "MT940",
        statements=tuple(statement.with_period() for statement in statements),
    )

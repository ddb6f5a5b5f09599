"""OFX 1 (SGML), OFX 2 (XML) and QFX: the bank and credit card statements of Open Financial Exchange 1.0 to 2.3."""

import html
import re
from dataclasses import dataclass, field, replace

from .dates import booking_date, compact_date, optional_date
from .errors import StatementFormatError
from .identity import clean_account, clean_reference
from .model import Line, ParsedFile, Statement
from .ofx_amounts import balance_amount, currency_amount, entry_amount, grouping_mark
from .references import find_structured_reference
from .sentence import _lt
from .text import decode, guess_encoding, shared, squeeze

NAME = "ofx"
TITLE = "OFX, QFX"

_SNIFF = re.compile(rb"OFXHEADER|<OFX>", re.IGNORECASE)
_TOKEN = re.compile(r"<(/?)([A-Za-z0-9._]+)\s*(/?)>((?:[^<]|<!\[CDATA\[.*?\]\]>)*)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_HEADER = re.compile(r"^\s*(ENCODING|CHARSET|VERSION)\s*:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_VERSION_XML = re.compile(r'VERSION\s*=\s*["\'](\d{3})["\']')
_CODECS = {"1252": "cp1252", "ISO-8859-1": "latin-1", "8859-1": "latin-1", "UTF-8": "utf-8", "UNICODE": "utf-8"}

# An SGML element without text may be an aggregate or an empty field; only these are aggregates that matter here.
_STATEMENTS = {"STMTRS", "CCSTMTRS"}
_AGGREGATES = _STATEMENTS | {
    "OFX",
    "BANKACCTFROM",
    "CCACCTFROM",
    "BANKACCTTO",
    "CCACCTTO",
    "BANKTRANLIST",
    "BANKTRANLISTP",
    "STMTTRN",
    "STMTTRNP",
    "PAYEE",
    "EXTDPAYEE",
    "CURRENCY",
    "ORIGCURRENCY",
    "LEDGERBAL",
    "AVAILBAL",
    "BAL",
    "BALLIST",
    "STMTTRNRS",
    "CCSTMTTRNRS",
    "SIGNONMSGSRSV1",
    "BANKMSGSRSV1",
    "CREDITCARDMSGSRSV1",
    "SONRS",
    "STATUS",
    "FI",
    "INVSTMTRS",
    "INVSTMTMSGSRSV1",
    "INVSTMTTRNRS",
    "INVTRANLIST",
    "INVBANKTRAN",
    "IMAGEDATA",
}
# Types of entries (11.4.4.3) that take money out of a bank account.
_TYPES_OUT = {"DEBIT", "DIRECTDEBIT", "CHECK", "CASH"}
_TYPES_OF_CHARGES = {"FEE", "SRVCHG"}
_TRANSACTION_PARTS = {"PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY"}


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is OFX of any version."""
    return bool(_SNIFF.search(head[:4096]))


@dataclass(slots=True)
class _Draft:
    """One STMTRS or CCSTMTRS while it is read; fields are keyed ``AGGREGATE.FIELD``."""

    fields: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    pending: int = 0


def _text(raw):
    """Take the value of an element: character references and CDATA resolved, spaces squeezed."""
    if "<" in raw:
        raw = _CDATA.sub(lambda match: html.escape(match.group(1), quote=False), raw)
    return squeeze(html.unescape(raw) if "&" in raw else raw)


def _header(text):
    """Give the fields of an OFX 1 header by name."""
    return {key.upper(): value for key, value in _HEADER.findall(text)}


def _decoded(content):
    """Decode by what the bytes prove (UTF-8 is hard to be by chance), else by what the header says."""
    guessed = guess_encoding(content)
    if guessed in ("cp1252", "latin-1"):
        header = _header(content[:2048].decode("latin-1"))
        guessed = _CODECS.get(header.get("CHARSET", "").upper(), guessed)
        guessed = "cp1252" if guessed == "utf-8" else guessed
    text, _encoding = decode(content, guessed)
    return text


def _line(fields, raw, currency, grouping, warnings):
    """Turn the fields of one STMTTRN into a line."""
    posted = fields.get("STMTTRN.DTPOSTED", "")
    if not posted or "STMTTRN.TRNAMT" not in fields:
        raise StatementFormatError(
            _lt(
                "A transaction of the OFX file has no date or no amount; the file is damaged. Please "
                "download it from the bank again.",
            )
        )
    amount = entry_amount(fields["STMTTRN.TRNAMT"], grouping)
    amount, original, original_currency = currency_amount(fields, amount, currency)
    name = fields.get("STMTTRN.NAME") or fields.get("PAYEE.NAME", "")
    memo = fields.get("STMTTRN.MEMO", "")
    # NAME holds 32 characters: some banks let the text go on in MEMO, others repeat it there.
    label = memo if not name or memo.startswith(name) else f"{name} {memo}" if memo else name
    started = fields.get("STMTTRN.DTUSER") or fields.get("STMTTRN.DTAVAIL", "")
    return Line(
        date=booking_date(posted, compact_date, warnings),
        value_date=optional_date(started, compact_date, warnings),
        amount=amount,
        currency=shared(currency),
        label=label,
        reference=clean_reference(fields.get("STMTTRN.REFNUM", "")),
        structured_reference=find_structured_reference(label),
        counterparty_name=shared(fields.get("PAYEE.NAME") or name),
        counterparty_account=clean_account(fields.get("BANKACCTTO.ACCTID") or fields.get("CCACCTTO.ACCTID", "")),
        bank_reference=clean_reference(fields.get("STMTTRN.FITID", "")),
        check_number=fields.get("STMTTRN.CHECKNUM", ""),
        transaction_code=shared(fields.get("STMTTRN.TRNTYPE", "")),
        original_amount=original,
        original_currency=original_currency,
        raw=raw,
    )


def _with_signs(draft):
    """Give the lines of a statement, those that went out negative although the bank writes no minus.

    OFX wants signed amounts (2.3, 11.4.3.1). A statement whose types name debits but in which nothing has a minus does
    not follow that; the types count then.
    """
    certain = {"DEBIT"} if "CCSTMTRS.CURDEF" in draft.fields else _TYPES_OUT
    unsigned = [line for line in draft.lines if line.transaction_code in certain and line.amount > 0]
    if not unsigned:
        return draft.lines
    negative = {line.transaction_code for line in draft.lines if line.amount < 0}
    if negative:
        if any(line.transaction_code in negative for line in unsigned):
            draft.warnings.append(
                _lt(
                    "Transactions that are debits by their type but have no minus, as others have: %(count)s (such as "
                    "%(amount)s at %(date)s). They are read as money that came in. Please compare them with the "
                    "bank's list.",
                    count=len(unsigned),
                    amount=unsigned[0].amount,
                    date=unsigned[0].date,
                )
            )
        return draft.lines
    lines = [
        replace(line, amount=-line.amount, original_amount=line.original_amount and -line.original_amount)
        if line.transaction_code in certain | _TYPES_OF_CHARGES
        else line
        for line in draft.lines
    ]
    draft.warnings.append(
        _lt(
            "No amount of the file has a minus, though some are debits by their type; those are taken as money that "
            "went out. Please compare the closing balance with the bank's.",
        )
    )
    return lines


def _statement(draft):
    fields = draft.fields
    lines = _with_signs(draft)
    account = fields.get("BANKACCTFROM.ACCTID") or fields.get("CCACCTFROM.ACCTID", "")
    closing = fields.get("LEDGERBAL.BALAMT", "")
    closing_day = fields.get("LEDGERBAL.DTASOF", "")
    start, end = fields.get("BANKTRANLIST.DTSTART", ""), fields.get("BANKTRANLIST.DTEND", "")
    if draft.pending:
        draft.warnings.append(
            _lt(
                "Pending entries left out: %(count)s. They will come as booked entries in a later file.",
                count=draft.pending,
            )
        )
    return Statement(
        account_number=clean_account(account),
        currency=_currency(fields),
        name=f"OFX {end[:8] or closing_day[:8]}".strip(),
        date_from=optional_date(start, compact_date, draft.warnings),
        date_to=optional_date(end or closing_day, compact_date, draft.warnings),
        balance_end=balance_amount(closing, draft.warnings),
        lines=tuple(sorted(lines, key=lambda line: line.date)),
        warnings=tuple(dict.fromkeys(draft.warnings)),
    )


def _currency(fields):
    return (fields.get("STMTRS.CURDEF") or fields.get("CCSTMTRS.CURDEF", "")).upper()


def _add_line(draft, transaction, raw, grouping):
    """Add a STMTTRN (dict of fields) to the lines of its statement."""
    draft.lines.append(_line(transaction, raw, _currency(draft.fields), grouping, draft.warnings))
    action = transaction.get("STMTTRN.CORRECTACTION", "")
    if action:
        draft.warnings.append(
            _lt(
                "The entry %(entry)s corrects the earlier entry %(earlier)s (%(action)s); please look at both.",
                entry=transaction.get("STMTTRN.FITID", ""),
                earlier=transaction.get("STMTTRN.CORRECTFITID", ""),
                action=action.lower(),
            )
        )


def _drafts(text):
    """Walk the elements and give each bank or card statement with its fields and lines.

    An entry whose end tag is missing ends where the next one starts or its list ends.

    :raise StatementFormatError: an element of the file that is not closed (cut off), an entry outside of a statement
    """
    stack = []
    draft, transaction, start = None, None, 0
    grouping = grouping_mark(text)
    for match in _TOKEN.finditer(text):
        closing, name, is_empty, raw = match.groups()
        name = name.upper()
        if closing:
            if name not in _AGGREGATES or name not in stack:
                continue
            while stack.pop() != name:
                pass
            if draft is not None and transaction is not None and "STMTTRN" not in stack:
                end = match.end(3) + 1 if name == "STMTTRN" else match.start()
                _add_line(draft, transaction, text[start:end], grouping)
                transaction = None
            if name == "STMTTRN":
                continue
            if name == "STMTTRNP" and draft is not None:
                draft.pending += 1
            elif name in _STATEMENTS and draft is not None:
                yield draft
                draft = None
            continue
        value = _text(raw)
        if name in _AGGREGATES and not value:
            if not is_empty:
                if name == "STMTTRN" and draft is not None and transaction is not None:
                    while stack.pop() != name:
                        pass
                    _add_line(draft, transaction, text[start : match.start()], grouping)
                    transaction = None
                stack.append(name)
                if name in _STATEMENTS:
                    draft = _Draft()
                elif name == "STMTTRN" and "INVSTMTRS" not in stack:
                    if draft is None:
                        raise StatementFormatError(
                            _lt(
                                "A transaction of the OFX file is outside of a statement; the file is damaged. Please "
                                "download it from the bank again.",
                            )
                        )
                    transaction, start = {}, match.start()
            continue
        if not stack or not value:
            continue
        inside = stack[-1]
        if transaction is not None and (inside == "STMTTRN" or inside in _TRANSACTION_PARTS):
            transaction.setdefault(f"{inside}.{name}", value)
        elif draft is not None:
            draft.fields.setdefault(f"{inside}.{name}", value)
    if stack:
        raise StatementFormatError(
            _lt(
                "The OFX file is cut off: its element %(element)s is not closed. "
                "Please download it from the bank again.",
                element=stack[-1],
            )
        )


def parse(content, mapping=None):
    """Read the bank and credit card statements of an OFX file.

    OFX gives the closing balance only, as of the download, so the opening one stays unknown.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: not closed, a transaction without date or amount, or no statement in it
    """
    text = _decoded(content)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise StatementFormatError(
            _lt(
                "The OFX file declares a document type or entities, which a bank statement never does "
                "and which can be used for an attack. Please download it from the bank again.",
            )
        )
    start = re.search("<OFX>", text, re.IGNORECASE)
    if not start:
        raise StatementFormatError(_lt("The OFX file ends after its header. Please download it from the bank again."))
    header = text[: start.start()]
    version = _VERSION_XML.search(header)
    version = version.group(1) if version else _header(header).get("VERSION", "")
    statements = [_statement(draft) for draft in _drafts(text[start.start() :])]
    if not statements:
        what = _lt("an investment account") if "INVSTMTRS" in text.upper() else _lt("no bank or credit card account")
        raise StatementFormatError(
            _lt(
                "The OFX file holds %(what)s. Please export the statement of a bank account or a credit card.",
                what=what,
            )
        )
    return ParsedFile(
        format=NAME,
        variant=f"OFX {version}".strip(),
        statements=tuple(statement.with_period() for statement in statements),
    )

"""CAMT.053 statements, CAMT.052 intraday reports and CAMT.054 notifications (ISO 20022, versions 02 to 13)."""

import contextlib
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .balance_signs import settle_doubly_signed
from .camt_entry import read_entry
from .camt_fields import AMOUNTS_BESIDE, account_number, amounts_in, signed
from .camt_states import Unbooked, read_status, settle_states
from .camt_xml import amount_at, iterate, nodes, text_at
from .dates import iso_date, optional_date
from .errors import StatementFormatError
from .model import ParsedFile, Statement
from .sentence import _lt
from .text import squeeze

NAME = "camt"
TITLE = "CAMT.052, CAMT.053, CAMT.054 (ISO 20022 XML)"

_VERSION = re.compile(rb"camt\.0(5[234])\.001\.(\d\d)")
_MESSAGE = re.compile(rb"BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)")
_KINDS = {"Stmt": "statement", "Rpt": "report", "Ntfctn": "notification"}
_MESSAGE_OF_KIND = {"statement": "camt.053", "report": "camt.052", "notification": "camt.054"}
_MESSAGES = {"BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn"}
_TAGS = {"Ntry", *_KINDS, *_MESSAGES}
_VERSION_MIN, _VERSION_MAX = 2, 13


def sniff(head):
    """Tell whether the start of a file (UTF-8 bytes) is a CAMT message."""
    return b"<" in head and bool(_MESSAGE.search(head) or _VERSION.search(head))


class _Entries:
    """The entries of one statement, read one by one; what is not booked is counted by its status.

    Account and balances come before the entries (ISO 20022, AccountStatement), so the first entry already has them.
    """

    def __init__(self, header):
        self.header = header
        self.warnings = []
        accounts = nodes(header, "Acct")
        account = accounts[0] if accounts else {}
        self.account = account_number(account)
        self.account_name = squeeze(text_at(account, "Nm") or text_at(account, "Ownr", "Nm"))
        self.own = (self.account, squeeze(text_at(account, "Ownr", "Nm")).casefold())
        self.balances = _balances(header, self.warnings)
        self.currency = text_at(account, "Ccy") or self.balances.currency
        self.day = self.balances.closing_day or optional_date(text_at(header, "CreDtTm"), iso_date, [])
        self.lines = []
        self.unbooked = []
        self.left_out = {}
        # Number of a line in another currency -> what it is worth in the account's.
        self.worth = {}
        # Places of the lines whose amounts have a minus although a mark says which way the money went.
        self.doubly_signed = []

    def add(self, entry, raw):
        status = read_status(entry)
        if status:
            self.unbooked.append(self._unbooked(entry, raw, status))
            return
        booked = self._in_account_currency(entry)
        line = read_entry(entry, raw, self.own, self.day, self.warnings, booked)
        if line.amount and amount_at(entry, "Amt")[0].lstrip().startswith("-"):
            self.doubly_signed.append(len(self.lines))
        self.lines.append(line)

    def _in_account_currency(self, entry):
        """Give (text, currency) of an entry in another currency or in none, or None where its amount is right."""
        amount = amount_at(entry, "Amt")
        if amount and self.currency and not amount[1]:
            return amount[0], self.currency
        worth = amounts_in(entry, self.currency) if amount and self.currency and amount[1] != self.currency else {}
        if worth:
            self.worth[len(self.lines)] = worth
            return str(next(iter(worth.values()))), self.currency
        return None

    def _unbooked(self, entry, raw, status):
        """Give an entry that may not be booked as ``Unbooked``; what cannot be read of it touches no amount."""
        amount = amount_at(entry, "Amt")
        line = None
        if amount and amount[1] == self.currency:
            with contextlib.suppress(StatementFormatError):
                line = read_entry(entry, raw, self.own, self.day, [])
        return Unbooked(len(self.lines), status, line)

    def settle_states(self):
        """Take the entries that are booked after all to their place, and count the others by their status."""
        missing = None
        if not self.worth and not self.doubly_signed and None not in (self.balances.opening, self.balances.closing):
            missing = self.balances.closing - self.balances.opening - sum(line.amount for line in self.lines)
        booked, self.left_out = settle_states(self.unbooked, missing, self.warnings)
        for entry in reversed(booked):
            self.lines.insert(entry.place, entry.line)

    def settle_signs(self):
        """Settle the sign of amounts that have a minus beside their credit/debit mark.

        :raise StatementFormatError: the balances prove neither the minus nor the mark
        """
        opening, closing = self.balances.opening, self.balances.closing
        if not settle_doubly_signed(self.lines, self.doubly_signed, opening, closing, self.warnings):
            raise StatementFormatError(
                _lt(
                    'An entry of account %(number)s has the amount %(amount)s with a minus beside its mark "debit" or '
                    '"credit", and the balances do not tell which of them counts. Please ask the bank for a new file.',
                    number=self.account,
                    amount=-abs(self.lines[self.doubly_signed[0]].amount),
                )
            )

    def settle_worth(self):
        """Take the amounts in the account's currency that the balances prove, where entries are in another one.

        :raise StatementFormatError: the balances contradict all of them
        """
        if not self.worth:
            return
        needed = None
        if self.balances.opening is not None and self.balances.closing is not None:
            needed = self.balances.closing - self.balances.opening
        settled = sum(line.amount for number, line in enumerate(self.lines) if number not in self.worth)
        for name in AMOUNTS_BESIDE:
            amounts = {
                number: (1 if self.lines[number].amount >= 0 else -1) * worth.get(name, next(iter(worth.values())))
                for number, worth in self.worth.items()
            }
            if needed is None or settled + sum(amounts.values()) == needed:
                break
        else:
            raise StatementFormatError(
                _lt(
                    "The statement of account %(number)s holds entries in another currency, and their amounts in "
                    "%(currency)s do not agree with its balances. Please ask the bank for a new file.",
                    number=self.account,
                    currency=self.currency,
                )
            )
        for number, amount in amounts.items():
            self.lines[number] = replace(self.lines[number], amount=amount)
        values = {"count": len(amounts), "currency": self.currency}
        self.warnings.append(
            _lt(
                "Entries in another currency than the account's: %(count)s. Their amounts in %(currency)s, as the bank "
                "gives them beside, are taken; the balances do not prove them.",
                **values,
            )
            if needed is None
            else _lt(
                "Entries in another currency than the account's: %(count)s. Their amounts in %(currency)s, as the bank "
                "gives them beside, are taken; the balances agree with them.",
                **values,
            )
        )


class _Balances(NamedTuple):
    """Opening and closing balance of a statement (``Decimal`` or None), their days and their currency."""

    opening: Decimal | None
    closing: Decimal | None
    opening_day: date | None
    closing_day: date | None
    currency: str


def _balances(tree, warnings):
    """Read the balances of a statement; all others than booked ones are informative and not looked at.

    Opening is OPBD, else the previous closing (PRCD); closing is CLBD, else the last interim booked balance (ITBD) of
    an intraday report. Of two interim balances and no opening the first opens (a page of a statement has both).

    :param warnings: list to which sentences about assumptions are added
    :return: ``_Balances``
    """
    by_code = {}
    for balance in nodes(tree, "Bal"):
        # Some banks write the code where their own words belong.
        code = text_at(balance, "Tp", "CdOrPrtry", "Cd") or text_at(balance, "Tp", "CdOrPrtry", "Prtry")
        amount = amount_at(balance, "Amt")
        if amount is None or code not in ("OPBD", "PRCD", "CLBD", "ITBD"):
            continue
        mark = text_at(balance, "CdtDbtInd")
        if not mark:
            warnings.append(_lt("The balance %(amount)s has no mark; a credit is taken.", amount=amount[0][:40]))
        day = text_at(balance, "Dt", "Dt") or text_at(balance, "Dt", "DtTm")
        by_code.setdefault(code, []).append(
            (signed(amount, mark or "CRDT", "Bal"), optional_date(day, iso_date, warnings), amount[1])
        )
    interim = by_code.get("ITBD", [])
    opening = (by_code.get("OPBD") or by_code.get("PRCD") or interim[: len(interim) - 1] or [None])[0]
    closing = (by_code.get("CLBD") or interim or [None])[-1]
    return _Balances(
        opening[0] if opening else None,
        closing[0] if closing else None,
        # A previous closing balance has the date of the day before the period.
        opening[1] if opening and "OPBD" in by_code else None,
        closing[1] if closing else None,
        next((balance[2] for balance in (opening, closing) if balance and balance[2]), ""),
    )


def _check_summary(tree, lines, left_out):
    """Warn where the number of entries that the bank states is not the number in the file."""
    stated = text_at(tree, "TxsSummry", "TtlNtries", "NbOfNtries")
    count = len(lines) + left_out
    if stated.isascii() and stated.isdigit() and int(stated[:9]) != count:
        return [_lt("The bank states %(stated)s entries, the file holds %(count)s.", stated=stated[:9], count=count)]
    return []


def _statement(entries, kind):
    """Build a statement from its ``_Entries``."""
    tree, number, warnings = entries.header, entries.account, entries.warnings
    entries.settle_worth()
    entries.settle_signs()
    entries.settle_states()
    lines, left_out, balances = entries.lines, entries.left_out, entries.balances
    period_from = text_at(tree, "FrToDt", "FrDtTm") or text_at(tree, "FrToDt", "FrDt")
    period_to = text_at(tree, "FrToDt", "ToDtTm") or text_at(tree, "FrToDt", "ToDt")
    currency = entries.currency or (lines[0].currency if lines else "")
    for line in lines:
        if line.currency and line.currency != currency:
            raise StatementFormatError(
                _lt(
                    "The statement of account %(number)s is in %(currency)s, but holds an entry of "
                    "%(amount)s %(other_currency)s. Please ask the bank for a new file.",
                    number=number,
                    currency=currency,
                    amount=line.amount,
                    other_currency=line.currency,
                )
            )
    warnings += [
        _lt(
            "Entries left out because they are not booked yet: %(count)s (status %(status)s). They will come as booked "
            "entries in a later file.",
            count=count,
            status=status,
        )
        for status, count in sorted(left_out.items())
    ]
    warnings += _check_summary(tree, lines, sum(left_out.values()))
    name = text_at(tree, "Id")
    sequence = text_at(tree, "LglSeqNb") or text_at(tree, "ElctrncSeqNb")
    return Statement(
        account_number=number,
        account_name=entries.account_name,
        currency=currency,
        name=squeeze(name or sequence),
        date_from=optional_date(period_from, iso_date, warnings) or balances.opening_day,
        date_to=optional_date(period_to, iso_date, warnings) or balances.closing_day,
        balance_start=balances.opening,
        balance_end=balances.closing,
        lines=tuple(lines),
        warnings=tuple(dict.fromkeys(warnings)),
        kind=kind,
    )


def _pages_merged(parsed):
    """Join the pages of one statement: the same account and kind, page after page until the last.

    :param parsed: list of (``Statement``, page number, is it the last page)
    :return: list of ``Statement``
    """
    result = []
    is_open = False
    for statement, page, is_last in parsed:
        previous = result[-1] if result else None
        is_next = (
            is_open
            and page > 1
            and (previous.account_number, previous.currency, previous.kind)
            == (statement.account_number, statement.currency, statement.kind)
        )
        if is_next:
            result[-1] = replace(
                previous,
                lines=previous.lines + statement.lines,
                balance_end=statement.balance_end,
                date_to=statement.date_to,
                warnings=previous.warnings + statement.warnings,
            )
        else:
            result.append(statement)
        is_open = not is_last
    return result


def _page(header):
    """Give (page number, is it the last page); a statement without pages is (0, True)."""
    for pagination in ("StmtPgntn", "RptPgntn", "NtfctnPgntn"):
        number = text_at(header, pagination, "PgNb")
        if number.isascii() and number.isdigit():
            return int(number[:5]), text_at(header, pagination, "LastPgInd") != "false"
    return 0, True


def parse(content, mapping=None):
    """Read a CAMT message in pieces: one entry at a time is in memory as XML.

    :param content: bytes
    :param mapping: not used
    :return: ``ParsedFile``
    :raise StatementFormatError: not well-formed, not safe, or an entry without amount, mark or date
    """
    parsed = []
    entries = None
    version = _VERSION.search(content[:4096])
    kind = "statement"
    for name, element, parent_name, parent, raw in iterate(content, _TAGS, "Ntry"):
        if name == "Ntry":
            if parent_name in _KINDS:
                entries = entries or _Entries(parent)
                entries.add(element, raw)
        elif name in _KINDS and parent_name in _MESSAGES:
            kind = _KINDS[name]
            entries = entries or _Entries(element)
            parsed.append((_statement(entries, kind), *_page(element)))
            entries = None
    message = _MESSAGE_OF_KIND[kind]
    number = int(version.group(2)) if version else 0
    warnings = ()
    if version and not _VERSION_MIN <= number <= _VERSION_MAX:
        warnings = (
            _lt(
                "The file is %(message)s version %(version)s; versions 02 to 13 are known. Please compare the lines "
                "with the bank's own list.",
                message=message,
                version=f"{number:02}",
            ),
        )
    return ParsedFile(
        format=NAME,
        variant=f"{message}.001.{number:02}" if version else message,
        statements=tuple(statement.with_period() for statement in _pages_merged(parsed)),
        warnings=warnings,
    )

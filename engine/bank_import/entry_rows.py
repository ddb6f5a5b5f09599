"""The rows of a bank transaction, its journal entry and its two journal items, as Odoo's ``create`` leaves them.

How to use: ``entry_rows(Facts(Amounts(...), ...), values, sequence)`` for each transaction. It gives the columns that
are a transaction's own; what all transactions of a kind have in common comes from rows that Odoo itself wrote, see
``account.bulk.import``.

How it works: each value follows the method of Odoo that is named beside it. Amounts are rounded in their currency and
written with its digits, as the ORM writes them. Cost: a few dicts a transaction, no queries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from xmlrpc.client import MAXINT

from odoo.tools.float_utils import float_is_zero, float_repr, float_round

MOVE, ITEM, LINE = "account_move", "account_move_line", "account_bank_statement_line"
FOLLOWER, FOLLOWED, MESSAGE = "mail_followers", "mail_followers_mail_message_subtype_rel", "mail_message"
# In the order in which rows refer to each other; one statement writes all, so the keys are checked at its end.
TABLES = (MOVE, LINE, ITEM, FOLLOWER, FOLLOWED, MESSAGE)

# Values of a transaction that are a column of its table, as they are.
PLAIN = (
    "partner_id", "payment_ref", "partner_name", "account_number", "transaction_type", "structured_reference",
    "end_to_end_id", "mandate_id", "return_code", "return_reason", "unique_import_id", "import_format",
    "import_batch_id", "raw_data", "transaction_details",
)  # fmt: skip
# All values that the rows are made of; a transaction with others is not simple.
KNOWN = frozenset({*PLAIN, "journal_id", "date", "amount", "ref", "charges", "foreign_currency_id", "amount_currency"})


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as rows need it."""

    id: int
    rounding: float
    digits: int

    def round(self, amount: float) -> float:
        return float_round(amount, precision_rounding=self.rounding)

    def is_zero(self, amount: float) -> bool:
        return float_is_zero(amount, precision_rounding=self.rounding)

    def text(self, amount: float) -> str:
        """The amount as the ORM writes a monetary field: rounded, also one that another currency's rounding made."""
        return float_repr(self.round(amount) or 0.0, self.digits)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a transaction is worth, signed as money that comes in (``_prepare_move_line_default_vals``).

    :param journal: in the bank account's currency
    :param transaction: in the transaction's own currency: the foreign one, or else the bank account's
    :param company: in the company's currency
    """

    journal: float
    transaction: float
    company: float
    journal_currency: Currency
    transaction_currency: Currency
    company_currency: Currency

    @property
    def is_simple(self) -> bool:
        """Whether all three are more than nothing and of one sign."""
        if (
            self.journal_currency.is_zero(self.journal)
            or self.transaction_currency.is_zero(self.transaction)
            or self.company_currency.is_zero(self.company)
        ):
            return False
        return (self.journal > 0) == (self.transaction > 0) == (self.company > 0)


@dataclass(slots=True)
class Facts:
    """What the rows of one transaction need beside the transaction's own values.

    :param partner_values: columns of the entry that Odoo derives from the partner
    :param keeps_open: for the bank's side and the other side, whether the account shows what is open
    :param name: number of the entry, with its prefix and number
    :param messages: ids of the notes in the entry's chatter
    """

    amounts: Amounts
    partner_values: dict
    keeps_open: tuple[bool, bool]
    move_id: int = 0
    line_id: int = 0
    item_ids: tuple[int, int] = (0, 0)
    follower_ids: tuple[int, ...] = ()
    message_ids: tuple[int, ...] = ()
    name: str = "/"
    sequence_prefix: str | None = None
    sequence_number: int | None = None


def internal_index(day: date, sequence: int, line_id: int) -> str:
    """``account.bank.statement.line._compute_internal_index``"""
    return f"{day:%Y%m%d}{MAXINT - sequence:0>10}{line_id:0>10}"


def entry_rows(facts: Facts, values: dict[str, Any], sequence: int) -> dict[str, list[dict[str, Any]]]:
    """The columns of a transaction's rows that are its own.

    :param values: as ``account.journal._prepare_statement_line`` gives them, ``date`` a date
    :param sequence: of the transaction, as it is by default
    :return: table -> its rows, of the entry, the transaction and the two items: the bank's side first
    """
    day = values["date"].isoformat()
    return {
        MOVE: [_move_row(facts, values, day)],
        LINE: [_line_row(facts, values, sequence)],
        ITEM: _item_rows(facts, values, day),
    }


def _move_row(facts, values, day):
    amounts = facts.amounts
    # ``_compute_amount`` of an entry adds up its debits: the bank's side of money in, the other side of money out.
    total = amounts.journal if amounts.company > 0 else -amounts.transaction
    return {
        "id": facts.move_id,
        "statement_line_id": facts.line_id,
        "name": facts.name,
        "sequence_prefix": facts.sequence_prefix,
        "sequence_number": facts.sequence_number,
        "date": day,
        "ref": values.get("ref") or None,
        "partner_id": values.get("partner_id") or None,
        **facts.partner_values,
        # ``_synchronize_from_moves``
        "currency_id": amounts.transaction_currency.id,
        "amount_total": amounts.transaction_currency.text(total),
        "amount_total_signed": amounts.company_currency.text(abs(amounts.company)),
        "amount_total_in_currency_signed": amounts.transaction_currency.text(abs(total)),
    }


def _line_row(facts, values, sequence):
    amounts = facts.amounts
    row = {name: values.get(name) or None for name in PLAIN}
    row |= {
        "id": facts.line_id,
        "move_id": facts.move_id,
        "amount": amounts.journal_currency.text(amounts.journal),
        # ``_compute_is_reconciled``: all of it waits on the suspense account.
        "amount_residual": -amounts.transaction,
        "internal_index": internal_index(values["date"], sequence, facts.line_id),
        "charges": amounts.journal_currency.text(values["charges"] or 0.0) if "charges" in values else None,
    }
    if values.get("foreign_currency_id"):
        row |= {
            "foreign_currency_id": amounts.transaction_currency.id,
            "amount_currency": amounts.transaction_currency.text(amounts.transaction),
        }
    return row


def _item_rows(facts, values, day):
    amounts = facts.amounts
    sides = (
        (amounts.journal, amounts.company, amounts.journal_currency),
        (-amounts.transaction, -amounts.company, amounts.transaction_currency),
    )
    rows = []
    company = amounts.company_currency
    for item_id, keeps_open, (amount, balance, currency) in zip(facts.item_ids, facts.keeps_open, sides, strict=True):
        in_currency, in_company, nothing = currency.text(amount), company.text(balance), company.text(0.0)
        rows.append({
            "id": item_id,
            "move_id": facts.move_id,
            "statement_line_id": facts.line_id,
            "move_name": facts.name,
            "date": day,
            "ref": values.get("ref") or None,
            "name": values.get("payment_ref") or None,
            "partner_id": values.get("partner_id") or None,
            "currency_id": currency.id,
            "amount_currency": in_currency,
            # ``_compute_totals`` of an entry's item takes its amount for the price of one.
            "price_subtotal": in_currency,
            "price_total": in_currency,
            "balance": in_company,
            "debit": in_company if balance > 0 else nothing,
            "credit": company.text(-balance) if balance < 0 else nothing,
            # ``_compute_amount_residual``
            "amount_residual": in_company if keeps_open else nothing,
            "amount_residual_currency": in_currency if keeps_open else currency.text(0.0),
        })  # fmt: skip
    return rows


def differing(expected: dict[str, Any], stored: dict[str, Any]) -> list[str]:
    """The columns in which a row that Odoo wrote is another than the one that was expected.

    :param expected: columns -> values of a row; amounts may be text
    :param stored: the row as the database gives it, as JSON
    """
    return [column for column, value in expected.items() if not _is_same(value, stored.get(column))]


def _is_same(value, stored):
    if isinstance(value, str) and isinstance(stored, int | float):
        return float(value) == stored
    return value == stored

"""The rows of a bank transaction, its journal entry and its two journal items, as Odoo's ``create`` leaves them.

How to use: ``own_values(Facts(Amounts(...), ...), values, sequence)`` for each transaction, and ``OwnColumns`` for its
kind. They give the columns that are a transaction's own; what all transactions of a kind have in common comes from rows
that Odoo itself wrote, see ``account.bulk.import``.

How it works: a transaction is sent to the database once, as what its rows are made of; the database makes the rows,
whose columns follow the methods of Odoo that are named beside them. Amounts are rounded in their currency and written
with its digits, as the ORM writes them. Cost: a dict a transaction, no queries.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from xmlrpc.client import MAXINT

from odoo.tools import SQL
from odoo.tools.float_utils import float_repr, float_round

MOVE, ITEM, LINE = "account_move", "account_move_line", "account_bank_statement_line"
FOLLOWER, FOLLOWED, MESSAGE = "mail_followers", "mail_followers_mail_message_subtype_rel", "mail_message"
# Those whose rows have ids; one statement writes all, so the keys are checked at its end.
TABLES = (MOVE, LINE, ITEM, FOLLOWER, MESSAGE)

# Values of a transaction that are a column of its table, as they are.
PLAIN = (
    "partner_id", "payment_ref", "partner_name", "account_number", "transaction_type", "structured_reference",
    "end_to_end_id", "mandate_id", "return_code", "return_reason", "unique_import_id", "import_format",
    "import_batch_id", "raw_data", "transaction_details",
)  # fmt: skip
# All values that the rows are made of; a transaction with others is not simple.
KNOWN = frozenset({*PLAIN, "journal_id", "date", "amount", "ref", "charges", "foreign_currency_id", "amount_currency"})

# What Odoo derives from the partner of an entry, for Odoo to compute once for each partner: column -> its SQL type.
OF_PARTNER = {
    "commercial_partner_id": "int", "partner_shipping_id": "int", "partner_bank_id": "int", "fiscal_position_id": "int",
    "invoice_payment_term_id": "int", "preferred_payment_method_line_id": "int",
    "invoice_partner_display_name": "text",
}  # fmt: skip
# What the rows of a transaction are made of: name -> its SQL type. What is empty is left out.
OWN_TYPES = {
    **dict.fromkeys(PLAIN, "text"), "partner_id": "int", "raw_data": "jsonb", "transaction_details": "jsonb",
    **OF_PARTNER,
    "move_id": "int", "line_id": "int", "item_ids": "int[]", "follower_ids": "int[]", "message_ids": "int[]",
    "statement_id": "int", "name": "text", "sequence_prefix": "text", "sequence_number": "int", "date": "date",
    "ref": "text", "internal_index": "text", "charges": "numeric",
    # Signed, but the total.
    "in_journal": "numeric", "in_transaction": "numeric", "in_company": "numeric", "total": "numeric",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as rows need it."""

    id: int
    rounding: float
    digits: int

    def round(self, amount: float) -> float:
        return float_round(amount, precision_rounding=self.rounding)

    def text(self, amount: float) -> str:
        """The amount as the ORM writes a monetary field: rounded, also one that another currency's rounding made."""
        return self.text_of_rounded(self.round(amount))

    def text_of_rounded(self, amount: float) -> str:
        return float_repr(amount or 0.0, self.digits)


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
        """Whether all three, which are rounded, are more than nothing and of one sign."""
        if not (self.journal and self.transaction and self.company):
            return False
        return (self.journal > 0) == (self.transaction > 0) == (self.company > 0)

    @property
    def texts(self) -> dict[str, str]:
        """The amounts as the ORM writes them."""
        found = {"in_journal": self.journal_currency.text_of_rounded(self.journal)}
        for name, amount, currency in (
            ("in_transaction", self.transaction, self.transaction_currency),
            ("in_company", self.company, self.company_currency),
        ):
            is_same = amount == self.journal and currency == self.journal_currency
            found[name] = found["in_journal"] if is_same else currency.text_of_rounded(amount)
        # ``_compute_amount`` of an entry adds up its debits: the bank's side of money in, the other side of money out.
        if self.company < 0:
            found["total"] = found["in_transaction"].removeprefix("-")
        elif self.transaction_currency == self.journal_currency:
            found["total"] = found["in_journal"]
        else:
            found["total"] = self.transaction_currency.text(self.journal)
        return found


@dataclass(slots=True)
class Facts:
    """What the rows of one transaction need beside the transaction's own values.

    :param partner_values: columns of the entry that Odoo derives from the partner
    :param name: number of the entry, with its prefix and number
    :param message_ids: ids of the notes in the entry's chatter
    """

    amounts: Amounts
    partner_values: dict
    move_id: int = 0
    line_id: int = 0
    statement_id: int | None = None
    item_ids: tuple[int, ...] = ()
    follower_ids: tuple[int, ...] = ()
    message_ids: tuple[int, ...] = ()
    name: str = "/"
    sequence_prefix: str | None = None
    sequence_number: int | None = None


def internal_index(day: date, sequence: int, line_id: int) -> str:
    """``account.bank.statement.line._compute_internal_index``"""
    return f"{day:%Y%m%d}{MAXINT - sequence:0>10}{line_id:0>10}"


def own_values(facts: Facts, values: dict[str, Any], sequence: int) -> dict[str, Any]:
    """What the rows of one transaction are made of: the names of ``OWN_TYPES``, without those that are empty.

    :param values: as ``account.journal._prepare_statement_line`` gives them, ``date`` a date
    :param sequence: of the transaction, as it is by default
    """
    amounts, day = facts.amounts, values["date"]
    own = {name: value for name in PLAIN if (value := values.get(name))}
    own |= facts.partner_values
    own |= amounts.texts
    own |= {
        "move_id": facts.move_id,
        "line_id": facts.line_id,
        "statement_id": facts.statement_id,
        "item_ids": facts.item_ids,
        "follower_ids": facts.follower_ids,
        "message_ids": facts.message_ids,
        "name": facts.name,
        "sequence_prefix": facts.sequence_prefix,
        "sequence_number": facts.sequence_number,
        "date": day.isoformat(),
        "internal_index": internal_index(day, sequence, facts.line_id),
    }
    if ref := values.get("ref"):
        own["ref"] = ref
    if "charges" in values:
        charges, currency = values["charges"], amounts.journal_currency
        own["charges"] = currency.text(charges) if charges else currency.text_of_rounded(0.0)
    return own


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """The columns of the rows of one kind of transactions that are a transaction's own.

    :param is_in: whether money comes in
    :param has_partner: whether the transactions have a partner; one without has the columns ``OF_PARTNER`` in common
    :param is_foreign: whether the transactions have a foreign currency
    :param keeps_open: for the bank's side and the other side, whether the account shows what is open
    """

    is_in: bool
    has_partner: bool
    is_foreign: bool
    keeps_open: tuple[bool, bool]

    def of(self, table: str, place: int) -> dict[str, SQL]:
        """The columns of a row: name -> expression over ``own``, a row of ``OWN_TYPES``.

        :param place: of the row among those that a transaction has in this table: of the items the bank's side is the
            first
        """
        if table == ITEM:
            return self._of_item(place)
        return {MOVE: self._of_move, LINE: self._of_line, FOLLOWER: _of_follower, MESSAGE: _of_message}[table](place)

    def _of_move(self, _place):
        names = ("name", "sequence_prefix", "sequence_number", "date", "ref", "partner_id")
        return {
            **{name: _own(name) for name in (*names, *(OF_PARTNER if self.has_partner else ()))},
            "id": _own("move_id"),
            "statement_line_id": _own("line_id"),
            "amount_total": _own("total"),
            "amount_total_signed": SQL("ABS(own.in_company)"),
            "amount_total_in_currency_signed": _own("total"),
        }

    def _of_line(self, _place):
        return {
            **{name: _own(name) for name in (*PLAIN, "move_id", "statement_id", "internal_index", "charges")},
            "id": _own("line_id"),
            "amount": _own("in_journal"),
            # ``_compute_is_reconciled``: all of it waits on the suspense account.
            "amount_residual": SQL("- own.in_transaction"),
            **({"amount_currency": _own("in_transaction")} if self.is_foreign else {}),
        }

    def _of_item(self, place):
        amount, balance = (
            (_own("in_journal"), _own("in_company"))
            if place == 0
            else (SQL("- own.in_transaction"), SQL("- own.in_company"))
        )
        is_debit = self.is_in == (place == 0)
        open_amounts = {"amount_residual": balance, "amount_residual_currency": amount}
        return {
            **{name: _own(name) for name in ("move_id", "statement_id", "date", "ref", "partner_id")},
            "id": SQL("own.item_ids[%s]", place + 1),
            "statement_line_id": _own("line_id"),
            "move_name": _own("name"),
            "name": _own("payment_ref"),
            "amount_currency": amount,
            # ``_compute_totals`` of an entry's item takes its amount for the price of one.
            "price_subtotal": amount,
            "price_total": amount,
            "balance": balance,
            "debit" if is_debit else "credit": SQL("ABS(own.in_company)"),
            # ``_compute_amount_residual``
            **(open_amounts if self.keeps_open[place] else {}),
        }


def _own(name):
    return SQL.identifier("own", name)


def _of_follower(place):
    return {"id": SQL("own.follower_ids[%s]", place + 1), "res_id": _own("move_id")}


def _of_message(place):
    return {"id": SQL("own.message_ids[%s]", place + 1), "res_id": _own("move_id")}


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

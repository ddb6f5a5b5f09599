"""What a match is made of before it is booked: plain values, made by planning, read by booking."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account that takes a part of a bank transaction.

    :param account: account.account
    :param partner: res.partner, maybe none
    :param taxes: account.tax, which are part of the amount
    :param analytic_distribution: dict as Odoo stores it, or False
    :param label: str; empty takes the transaction's own
    :param preset: account.reconcile.model that it comes from, maybe none
    :param journal: account.journal, the other bank account of an internal transfer, maybe none
    """

    account: Any
    partner: Any
    taxes: Any
    analytic_distribution: Any = False
    label: str = ""
    preset: Any = None
    journal: Any = None


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a bank transaction is matched with.

    :param record: the record as it was named: account.move, account.move.line, account.payment,
        account.reconcile.model, account.account, account.journal (a transfer) or res.partner (a deposit)
    :param entity_type: one of ``matched_entity_type``
    :param lines: the open account.move.line records that it settles, earliest due first; none for a preset
    :param residual: what is open, in the currency of the lines, positive in the transaction's direction
    :param discounted: the same less the early payment discount, where it is due
    :param open: what is open, in the transaction's currency; None for a preset
    :param asked: what is to be paid of it now: ``open``, or what the early payment discount leaves
    :param amount: how much of the transaction goes to it
    :param is_settled: pay it in full whatever the amount is; the difference is the exchange result
    :param partner: res.partner whose deposit it is, for what is left of the money
    :param account_line: :class:`AccountLine` where an account takes it, else None
    """

    record: Any
    entity_type: str
    lines: Any
    residual: Decimal | None = None
    discounted: Decimal | None = None
    open: Decimal | None = None
    asked: Decimal | None = None
    amount: Decimal | None = None
    is_settled: bool = False
    partner: Any = None
    account_line: AccountLine | None = None

    @property
    def is_discounted(self):
        """Whether the amount is what the early-payment discount leaves, so that the rest is the discount."""
        return self.open is not None and self.asked != self.open and self.amount == self.asked


@dataclass(slots=True)
class Counterpart:
    """One journal item that takes the suspense line's place.

    :param values: values of the account.move.line, ``amount_currency`` and ``balance`` signed
    :param lines: the account.move.line records that it is reconciled with, earliest due first
    :param split: how much of it pays each item, ``{account.reconciliation.item id: Decimal}`` in the currency of the
        lines; None for the order of the account
    """

    values: dict
    lines: Any = None
    split: dict | None = None


@dataclass(slots=True)
class Booking:
    """A match that is ready to be booked.

    :param line: account.bank.statement.line
    :param counterparts: list of :class:`Counterpart` that balance the bank's own journal item
    :param entity_type: one of ``matched_entity_type``
    :param partner: res.partner that the transaction is with, maybe none
    :param named: ``[(model, id), ...]``, what was matched, for the decision log
    :param decision: what else the decision log keeps: ``action``, ``probability``, ``reasons``, ``rivals``,
        ``rule_id``, ``lines``, ``batch``
    :param transfer_journal: account.journal to which the money is on its way, where its other side is not matched yet
    """

    line: Any
    counterparts: list
    entity_type: str
    partner: Any
    named: list
    decision: dict = field(default_factory=dict)
    transfer_journal: Any = None

    @property
    def targets(self):
        """The journal items that are reconciled."""
        lines = self.line.env["account.move.line"]
        return lines.union(*(counterpart.lines for counterpart in self.counterparts if counterpart.lines))

"""What every settlement report is turned into: a payout and the entries that it is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# What an entry can be. The sign of its amounts says which way the money went, not its kind.
KINDS = ("payment", "refund", "dispute", "dispute_reversal", "fee", "adjustment", "transfer", "reserve")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a payout: a payment that was collected, a refund, a fee of its own.

    ``gross`` + ``fee`` = ``net``, all exact, signed and in the currency of the payout: positive is money for the
    merchant, so a fee that was taken is negative. ``reference`` is the processor's own id of the entry,
    ``payment_reference`` that of the payment (for a refund or a chargeback: of the payment that it reverses).
    ``references`` are the merchant's numbers: order, invoice, whatever the shop handed over.
    ``original_amount`` is the gross amount in the currency that the payer paid in, where that is another one.
    ``line`` is the row of the file, counted from 1.
    """

    kind: str
    date: date
    gross: Decimal
    fee: Decimal
    net: Decimal
    reference: str = ""
    payment_reference: str = ""
    references: tuple[str, ...] = ()
    description: str = ""
    customer_name: str = ""
    customer_email: str = ""
    original_amount: Decimal | None = None
    original_currency: str = ""
    text: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """One payout of a processor to a bank account.

    ``reference`` identifies it for the processor; ``bank_references`` are texts that the bank transaction may contain.
    ``currency`` is empty where the report does not name it. ``amount_net`` is what reaches the bank;
    ``is_amount_stated`` tells whether the report states it, or it is the sum of the entries. A list of payouts gives
    settlements without entries: ``is_itemized`` is False then.
    """

    processor: str
    reference: str
    payout_date: date
    currency: str
    amount_net: Decimal
    entries: tuple[Entry, ...] = ()
    bank_references: tuple[str, ...] = ()
    is_amount_stated: bool = False
    is_itemized: bool = True

    @property
    def amount_gross(self):
        """What payers paid, less what went back to them: the gross amounts, signed."""
        return sum((entry.gross for entry in self.entries), Decimal(0))

    @property
    def amount_fees(self):
        """The sum of the fees, negative where they were taken."""
        return sum((entry.fee for entry in self.entries), Decimal(0))


@dataclass(frozen=True, slots=True)
class SettlementFile:
    """The content of one report: ``processor`` names the module that read it, ``variant`` the kind of report.

    ``is_account_history``: the report lists all movements of an account with the processor, so it can be imported as
    the bank statement of that account as well.
    """

    processor: str
    settlements: tuple[Settlement, ...]
    variant: str = ""
    warnings: tuple[str, ...] = ()
    is_account_history: bool = False

"""What is read of a remittance advice, whatever its format. Plain values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ...statement_formats.errors import StatementFormatError
from ...statement_formats.sentence import _lt

ZERO = Decimal(0)
# The most segments of an EDI file that are read.
SEGMENTS_MAX = 200_000
ADVICES_MAX = 100
# Why less was paid than was owed, as far as an advice tells it by a code; the reasons of ``account.dispute``.
REASONS = (
    "late_discount", "pricing", "damaged", "bank_fee", "tax_withheld", "not_received", "dispute", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """What is paid for one document.

    :param number: the document's number as the payer writes it; empty where the payer adds or deducts an amount of no
        document
    :param amount: Decimal, what is paid for it, below zero where a credit note is taken; None where the advice names
        the document only, so that all that is open is meant
    :param deduction: Decimal, how much less than is owed is paid, above zero
    :param reason: str, why
    :param reason_code: one of ``REASONS``, or ''
    :param other_numbers: further texts that may be the document's number, the likelier first
    :param row: int, its place in the file, from 1
    :param item: the item of the document that is paid, as the payer names it, or ''
    :param item_number: the number of that item's line on the document, or ''
    :param is_unsure: whether nothing proves the amount, so that a person has to confirm it; so it is of a line without
        an amount
    """

    number: str
    amount: Decimal | None
    deduction: Decimal = ZERO
    reason: str = ""
    reason_code: str = ""
    other_numbers: tuple[str, ...] = ()
    row: int = 0
    item: str = ""
    item_number: str = ""
    is_unsure: bool = False

    def __post_init__(self):
        if self.amount is None:
            object.__setattr__(self, "is_unsure", True)


@dataclass(slots=True)
class Advice:
    """A remittance advice as read.

    :param format: name of the reader
    :param lines: list of :class:`AdviceLine`
    :param reference: the payer's reference of the payment, which the bank's text may contain
    :param payer_name: str, payer_account: str (IBAN or account number), payer_email: str; '' where not given
    :param currency: ISO 4217 code, or ''
    :param payment_date: ``datetime.date``, or None
    :param total: Decimal, the total that the advice states, or None
    :param warnings: list of ``Sentence``
    """

    format: str
    lines: list = field(default_factory=list)
    reference: str = ""
    payer_name: str = ""
    payer_account: str = ""
    payer_email: str = ""
    currency: str = ""
    payment_date: date | None = None
    total: Decimal | None = None
    warnings: list = field(default_factory=list)

    @property
    def sum_of_lines(self):
        """What the lines add up to (Decimal), or None where one has no amount."""
        if any(line.amount is None for line in self.lines):
            return None
        return sum((line.amount for line in self.lines), ZERO)


def check_count(advices):
    """Refuse a file of more payments than are read at once.

    :param advices: list, one a payment
    :raise StatementFormatError: naming how many
    """
    if len(advices) > ADVICES_MAX:
        raise StatementFormatError(
            _lt(
                "It holds %(count)s remittance advices. Ask for one file for each payment, or split it.",
                count=len(advices),
            )
        )

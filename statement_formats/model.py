"""What every format is turned into: lines, statements, and the file that holds them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .amounts import without_negative_zeros
from .identity import unique_ids
from .mapping import Mapping

# The kinds of statements whose balances are not the bank's last word.
PRELIMINARY_KINDS = ("report", "notification")


# Not frozen: a file has 100,000 of them, and to make a frozen one takes several times as long.
@dataclass(slots=True)
class Line:
    """One booked entry of a bank account.

    ``amount`` is signed: positive is money that came in. It is exact, in ``currency``, and is what the bank booked;
    ``charges`` (signed, negative when deducted, in ``currency``) are already contained in it. ``original_amount`` is
    the same entry in the currency in which the payer or the shop stated it. ``is_reversal`` never changes the sign: a
    reversed credit is a negative amount with the mark.

    ``reference`` is what the payer or the payment order named; where there is one, it is the same as
    ``end_to_end_id`` (ISO 20022). ``counterparty_name`` belongs to ``counterparty_account``; ``ultimate_name`` is on
    whose behalf it was paid or collected. ``return_code`` (ISO 20022 or NACHA) and ``return_reason`` (words) say why
    a payment was returned.

    A batch booking is one entry for many payments, its ``details``. ``batch_id`` is the identification of the payment
    order, ``batch_reference`` the bank's reference of the booked sum, ``batch_count`` the number of payments,
    ``batch_total`` their sum (signed). The details have all four too: another message may bring the sum without them,
    or them without the sum. ``amount`` is None only in the details of a batch booking whose payments have no
    amounts of their own.
    """

    date: date
    amount: Decimal | None
    currency: str = ""
    value_date: date | None = None
    label: str = ""
    reference: str = ""
    structured_reference: str = ""
    counterparty_name: str = ""
    counterparty_account: str = ""
    bank_reference: str = ""
    bank_text: str = ""
    check_number: str = ""
    transaction_code: str = ""
    is_reversal: bool = False
    charges: Decimal | None = None
    original_amount: Decimal | None = None
    original_currency: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    ultimate_name: str = ""
    return_code: str = ""
    return_reason: str = ""
    batch_id: str = ""
    batch_reference: str = ""
    batch_count: int = 0
    batch_total: Decimal | None = None
    details: tuple["Line", ...] = ()
    raw: str | dict = ""

    @property
    def days(self):
        """The days on which another message may show this line: its own first (tuple of date)."""
        return (self.date,) if self.value_date in (None, self.date) else (self.date, self.value_date)

    @property
    def is_batch(self):
        """Whether the entry is a sum whose single payments are known and add up to it exactly."""
        amounts = [detail.amount for detail in self.details]
        return len(amounts) > 1 and None not in amounts and sum(amounts) == self.amount


def _unsigned_zeros(line):
    """Give a line whose zeros have no sign, its payments among them."""
    # Hardly any entry has more than one amount, and nearly all move money.
    if line.amount and line.charges is None and line.original_amount is None and not line.details:
        return line
    line = without_negative_zeros(line, "amount", "charges", "original_amount", "batch_total")
    details = tuple(map(_unsigned_zeros, line.details))
    return line if details == line.details else replace(line, details=details)


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of one account in one period, oldest first, with its balances where the file gives them.

    ``kind`` is ``statement`` (end of day, booked), ``report`` (intraday) or ``notification`` (a list of entries
    without balances). ``account_number`` is as the bank writes it, without spaces; empty where the format has none.
    """

    account_number: str = ""
    currency: str = ""
    name: str = ""
    date_from: date | None = None
    date_to: date | None = None
    balance_start: Decimal | None = None
    balance_end: Decimal | None = None
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()
    kind: str = "statement"
    account_name: str = ""

    @property
    def total(self):
        """The sum of the lines, signed."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def opening_and_closing(self):
        """Both balances (Decimal), the one that the file leaves out computed from the other; or (None, None)."""
        start, end = self.balance_start, self.balance_end
        if start is None and end is None:
            return None, None
        return end - self.total if start is None else start, start + self.total if end is None else end

    @property
    def difference(self):
        """Opening + lines - closing: zero when the statement is whole, None when a balance is not given."""
        if self.balance_start is None or self.balance_end is None:
            return None
        return self.balance_start + self.total - self.balance_end

    def unique_ids(self, account=None):
        """Give each line the identity by which a second import knows it again.

        :param account: the account number to identify by, where the caller knows it better than the file
        :return: list of str, one a line; see ``identity.unique_ids``
        """
        return unique_ids([self], account)[0]

    def split_batches(self):
        """Replace each batch booking, whose single payments add up exactly, by those payments.

        The bank's raw row stays with the first of them.

        :return: (``Statement`` with the same total, list that says of each of its lines which batch booking it is a
            payment of: its place in this statement, or None)
        """
        lines, places = [], []
        for place, line in enumerate(self.lines):
            if line.is_batch:
                first, *others = line.details
                lines += [replace(first, raw=first.raw or line.raw), *others]
                places += [place] * len(line.details)
            else:
                lines.append(line)
                places.append(None)
        return replace(self, lines=tuple(lines)), places

    def with_unsigned_zeros(self):
        """Give the statement without a sign at any zero."""
        statement = without_negative_zeros(self, "balance_start", "balance_end")
        return replace(statement, lines=tuple(map(_unsigned_zeros, self.lines)))

    def with_period(self):
        """Give the statement with a missing first or last day taken from its lines."""
        dates = [line.date for line in self.lines]
        return replace(
            self,
            date_from=self.date_from or min(dates, default=None),
            date_to=self.date_to or max(dates, default=None),
        )


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """The content of one file: ``format`` names the module that read it, ``variant`` the exact version.

    ``mapping`` is set for tables: the mapping that was used, for the caller to remember.
    """

    format: str
    statements: tuple[Statement, ...]
    variant: str = ""
    warnings: tuple[str, ...] = ()
    mapping: Mapping | None = None

    def unique_ids(self, account=None):
        """Give the identities of all lines, one list a statement; see ``identity.unique_ids``."""
        return unique_ids(self.statements, account)

"""What matching works with: bank transactions, open items, the reasons for a pair, and what is suggested."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from . import bank_text

# The types of suggestions that are documents, and whose side each is.
DOCUMENT_SIDES = {"ar_invoice": "customer", "ap_invoice": "supplier"}
# Of a label's bare numbers, how many documents are looked up by, and how long those are: shorter ones say too little,
# longer ones are no numbers of a sequence.
NUMBERS_MAX = 4
DIGITS_MIN, DIGITS_MAX = 3, 9


class Reason(NamedTuple):
    """One reason for or against a pair.

    :param kind: key of ``WEIGHTS``, or ``expense_learned``
    :param params: dict for the sentence that explains it
    :param weight: log-likelihood ratio in bits, positive where it supports the pair
    """

    kind: str
    params: dict
    weight: float


@dataclass(frozen=True, slots=True)
class KnownPayer:
    """Why an account owner may be the payer, before it is weighed.

    :param kind: key of ``WEIGHTS``
    :param trust: float, 0..1; slightly above 1 for what somebody entered
    :param bits_max: most that it may weigh: little where it was learned in passing, or of a common word
    :param params: dict for the sentence that explains it
    """

    kind: str
    trust: float
    params: dict
    bits_max: float = 13.0


class Reference:
    """A document's number or reference, taken apart once because it is compared often."""

    __slots__ = ("text", "key", "digits", "number", "rarity")

    def __init__(self, text, key):
        self.text, self.key = text, key
        self.digits = sum(map(str.isdigit, key))
        self.number = bank_text.trailing_number(text)
        # The chance that so many digits and letters are in a label by accident.
        self.rarity = 10.0**-self.digits * 8.0 ** -(len(key) - self.digits)


@dataclass(slots=True, eq=False)
class OpenItem:
    """Something that a bank transaction can settle.

    :param record: (model, id)
    :param entity_type: ``ar_invoice``, ``ap_invoice`` or ``payment``
    :param amount: open, signed so that money coming in settles what is positive, in ``currency_id``
    :param balance: the same in company currency
    :param line_ids: the open lines of the item
    :param is_unapplied: a registered payment of which something isn't applied to a document yet
    :param names: other names than the owner's that are printed on the document: of a member, of who gets the delivery
    :param planned: (amount, day) of the planned payments that are charged to a saved payment method
    :param parts: installments of a document: tuple of ``OpenItem``, one a due date
    """

    record: tuple
    entity_type: str
    amount: Decimal
    balance: Decimal
    currency_id: int
    company_id: int
    date: date
    due: date
    owner_id: int | None
    owner_name: str
    refs: tuple
    line_ids: tuple
    journal_id: int
    move_id: int
    is_document: bool
    is_unapplied: bool = False
    names: tuple = ()
    planned: tuple = ()
    discount: Decimal | None = None
    discount_date: date | None = None
    parts: tuple = ()
    references: tuple = ()

    def __post_init__(self):
        pairs = {bank_text.compact(ref): ref for ref in reversed(self.refs) if ref}
        self.references = tuple(Reference(ref, key) for key, ref in pairs.items() if key)


@dataclass(slots=True, eq=False)
class Transaction:
    """A bank transaction as scoring sees it.

    :param amount: signed, in the journal's currency
    :param balance: signed, what it was booked at in company currency; None where that is the journal's currency
    :param known_payers: account owner id -> ``KnownPayer``
    :param owners: account owner id -> ``Reason`` why it may be the payer
    :param is_owner_known: one of those reasons is more than a name
    :param names: account owner id -> ``Reason`` of the name that the bank wrote
    :param item_names: (account owner id, names on a document) -> the same, for who isn't among those
    :param cited_owners: account owners of the open documents that the label names
    :param end_to_end: the payer's own reference of the payment, which some send with every payment
    :param mandate: of a direct debit
    :param end_keys: keys that only ``end_to_end`` has
    :param cheques: numbers of cheques, which are no document's
    :param cited_at_end: as ``cited``, of ``end_keys``
    :param cited: compacted references in the label that are those of some document -> set of move ids
    :param amount_counts: (signed amount, currency id) -> how many open items have it
    :param amount_reasons: (kind, signed amount, currency id, date of a discount) -> ``Reason``, the same for all items
    """

    id: int
    journal_id: int
    company_id: int
    currency_id: int
    amount: Decimal
    foreign_currency_id: int | None
    foreign_amount: Decimal
    date: date
    label: str
    name: str
    account_number: str
    structured: str
    owner_id: int | None
    owner_name: str
    transaction_type: str = ""
    end_to_end: str = ""
    mandate: str = ""
    balance: Decimal | None = None
    texts: tuple = ()
    keys: frozenset = frozenset()
    end_keys: frozenset = frozenset()
    cheques: frozenset = frozenset()
    key_count: int = 0
    near_keys: dict = field(default_factory=dict)
    compacted: tuple = ()
    compacted_text: str = ""
    numbers: frozenset = frozenset()
    words: frozenset = frozenset()
    known_payers: dict = field(default_factory=dict)
    owners: dict = field(default_factory=dict)
    is_owner_known: bool = False
    cited: dict = field(default_factory=dict)
    cited_at_end: dict = field(default_factory=dict)
    cited_owners: frozenset = frozenset()
    amount_counts: dict = field(default_factory=dict)
    amount_reasons: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    item_names: dict = field(default_factory=dict)
    rejected: dict = field(default_factory=dict)

    def __post_init__(self):
        self.balance = self.amount if self.balance is None else self.balance
        self.texts = tuple(dict.fromkeys(text for text in (self.structured, self.label, *self.texts) if text))
        self.cheques = frozenset(number for text in self.texts for number in bank_text.cheque_numbers(text))
        keys = [key for key in bank_text.reference_keys(*self.texts) if key.lstrip("0") not in self.cheques]
        self.keys, self.key_count = frozenset(keys), max(len(keys), 1)
        self.end_keys = frozenset(bank_text.reference_keys(self.end_to_end)) - self.keys
        # A key that differs from another by one character has its beginning or its end in common with it.
        for key in keys:
            if len(key) >= 6:
                self.near_keys.setdefault(key[:3], []).append(key)
                self.near_keys.setdefault(key[-3:], []).append(key)
        self.compacted = tuple(map(bank_text.compact, self.texts))
        self.compacted_text = " ".join(self.compacted)
        pieces = [piece for text in self.texts for piece in bank_text.pieces(text)]
        self.numbers = frozenset(piece.lstrip("0") for piece in pieces if piece.isdigit())
        self.words = frozenset(bank_text.fold_as_sql(f"{self.name} {self.label} {self.transaction_type}").split())

    @property
    def is_client_named(self):
        """Whether the transaction says, in whatever way, which client or document it is of."""
        return bool(self.known_payers or self.cited) or any(
            why.kind in ("owner_name", "owner_cut", "owner_shared", "owner_in_label") for why in self.names.values()
        )

    @property
    def document_numbers(self):
        """Numbers in the label that a document's sequence may have given it, as integers, the longest first."""
        able = [number for number in self.numbers - self.cheques if DIGITS_MIN <= len(number) <= DIGITS_MAX]
        return [int(number) for number in sorted(able, key=lambda one: (-len(one), one))[:NUMBERS_MAX]]

    @property
    def booked_rate(self):
        """What one unit of company currency is in the transaction's, as it was booked (Decimal); 0 where it is worth
        nothing."""
        return self.amount / self.balance if self.balance else Decimal(0)

    @property
    def bank_texts(self):
        """All that the bank wrote about it."""
        return (self.name, *self.texts, self.transaction_type)


@dataclass(slots=True)
class Candidates:
    """What may be the match of one transaction, and what comparing needs.

    :param items: list of ``OpenItem``
    :param transfers: list of (``Transaction`` of the other side, Decimal: its amount in this one's currency)
    :param settlements: list of (total, list of ``OpenItem``), payments that could be paid out together as this
        transaction, signed
    :param settlement_count: how many payouts there could be, whatever their amount
    :param expenses: list of (preset id, trust 0..1, number of confirmations)
    :param convert: function (transaction, currency id, Decimal) -> the amount in the transaction's currency, exactly as
        booking converts it
    :param unit: function (currency id) -> Decimal, the currency's smallest unit
    :param digits: decimal places of the transaction's currency
    :param own_accounts: journal id -> account number, compacted
    :param company_name: str
    :param own_names: ``OwnAccountNames``
    """

    items: list
    transfers: list
    settlements: list
    settlement_count: int
    expenses: list
    convert: object
    unit: object
    digits: int
    own_accounts: dict
    company_name: str
    own_names: object


class Suggestion(NamedTuple):
    """What a bank transaction may be, with its reasons.

    :param entity_type: ``ar_invoice``, ``ap_invoice``, ``payment``, ``internal_transfer`` or ``expense``
    :param records: tuple of (model, id)
    :param amounts: tuple of Decimal, how much of the transaction goes to each record, in the journal's currency,
        positive in the direction of the transaction
    :param probability: 0..1, calibrated
    :param reasons: tuple of ``Reason``, the strongest first
    :param is_whole: the transaction's amount is used to the cent and settles what is named in full
    :param is_for_person: never taken automatically, however likely it is
    :param is_settled: one thing in another currency that is paid in full, the difference being the exchange result
    :param note: ``''``, ``partial``, ``several_lines``, ``overpaid``, ``several_solutions``, ``discount``,
        ``combined``, ``foreign``, ``fee``
    :param score: bits before the suggestions of the transaction share one probability
    :param partners: ids of the transactions that must be the same for this to be true: both sides of a transfer, all
        that pay one document together
    :param none: bits of "none of these", which the suggestions of a transaction share their probability with
    :param claims: what it would use up: ("line", id) of open lines, ("transaction", id) of both sides of a transfer
    """

    entity_type: str
    records: tuple
    amounts: tuple
    probability: float
    reasons: tuple
    is_whole: bool
    note: str
    score: float = 0.0
    claims: frozenset = frozenset()
    is_for_person: bool = False
    is_settled: bool = False
    partners: frozenset = frozenset()
    none: float = -2.0

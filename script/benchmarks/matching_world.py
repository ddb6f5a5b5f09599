"""The words, prices and records that made-up ledgers consist of."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


def _words(text):
    return text.split()


FIRST = _words("""
    Léa Emma Liam Noah Olivia Lucas Mia Jean Marie Anna Carlos Sofia Ahmed Fatima Wei Li Ivan Olga Hans Greta
    Tom Sarah David Laura Paul Julie Marc Nina Peter Eva Omar Leila Raj Priya Ken Yuki José Ana Björn Ingrid
""")
LAST = _words("""
    Tremblay Gagnon Roy Côté Bouchard Smith Jones Brown Garcia Martinez Müller Schmidt Weber Rossi Nguyen Chen
    Kim Singh Kowalski Novak Jensen Larsen Dubois Moreau Petit Ivanov Silva Santos Khan Ali Young Hill Baker
    Green Adams Nelson Carter Mitchell Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris
    Rogers Reed Cook
""")
TRADE = _words("""
    Lumber Rink Garden Paper Pool Sport Print Water Power Office Clean Food Music Safety Travel Tool Light
    Steel Glass Stone Ice Judo Swim Copper Cedar Maple Harbour Summit Valley River
""")
KIND = _words("""
    Supplies Services Works Partners Studio Systems Trading Solutions Group Rentals Depot Company
""")
FORM = ["Inc", "Ltd", "GmbH", "SA", "LLC", ""]
PRICES = [Decimal(x) for x in ("50", "75", "85", "99", "120", "150", "170", "199.99", "250", "320", "480.50")]
SHOPS = ["AMAZON MKTPL", "SHELL OIL", "STARBUCKS STORE", "ZOOM.US", "GOOGLE ADS", "UBER TRIP", "STAPLES",
         "POSTE CANADA", "HYDRO BILL PMT", "MONTHLY ACCOUNT FEE", "WIRE FEE", "INTEREST PAID", "ADOBE SYSTEMS",
         "PARKING"]  # fmt: skip
PREFIXES = ["", "", "SEPA CREDIT TRANSFER ", "VIR SEPA RECU /DE ", "INCOMING WIRE ", "EREF+NOTPROVIDED SVWZ+",
            "E-TRANSFER FROM ", "DIRECT DEPOSIT ", "ACH CREDIT ", "GUTSCHRIFT "]  # fmt: skip
START = date(2026, 1, 5)


@dataclass(slots=True, eq=False)
class Member:
    """A contact of an account owner: a child, a parent, an invoice address."""

    number: int
    owner: "Owner"
    name: str
    email: str


@dataclass(slots=True, eq=False)
class Owner:
    """An account owner; ``account`` is the number that it pays from, ``is_account_known`` whether the ledger has it,
    ``reference`` its client number, perhaps ``''``."""

    number: int
    name: str
    is_vendor: bool
    account: str
    is_account_known: bool
    documents: list = field(default_factory=list)
    members: list = field(default_factory=list)
    reference: str = ""


@dataclass(slots=True, eq=False)
class Document:
    """An invoice, bill or credit note; ``parts`` are (amount, due date), ``amount`` is signed as money coming in."""

    number: int
    owner: Owner
    name: str
    ref: str
    payment_reference: str
    amount: Decimal
    currency: str
    day: date
    parts: list
    kind: str
    is_open: bool = True
    discount: Decimal | None = None
    discount_day: date | None = None
    member: Member | None = None
    order: str = ""


@dataclass(slots=True, eq=False)
class Payment:
    """A registered payment with an open outstanding line."""

    number: int
    owner: Owner
    amount: Decimal
    day: date
    memo: str
    method: str


@dataclass(slots=True, eq=False)
class Line:
    """A bank transaction and the truth about it.

    :param truth: list of ``Document``, ``Payment`` or ``Line``; empty where it matches nothing
    :param is_whole: the truth is settled to the cent
    """

    number: int
    journal: str
    day: date
    amount: Decimal
    label: str
    name: str
    account: str
    scenario: str
    truth: list
    is_whole: bool = True
    is_matchable: bool = False
    original: tuple = ()
    owner: Owner | None = None
    end_to_end: str = ""


@dataclass(slots=True)
class Ledger:
    owners: list
    documents: list
    payments: list
    lines: list

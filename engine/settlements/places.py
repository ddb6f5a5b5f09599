"""Where each entry of a payout belongs: the registered payment or the document that it names. No database.

How to use
    ``keys(entry)`` gives what to look for, strongest first; ``choose(entry, candidates)`` picks one of what was found,
    or none where that is not certain; ``whose(entry, candidates)`` gives at least the account owner.

How it works: the processor's own id of the entry is stronger than that of the payment it belongs to, this than the
numbers that the shop handed over, and these than what is in the description. The strongest key that finds
anything decides; where it finds several, the amount has to tell them apart.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

# An order number has at least so many characters; shorter ones are found in any text.
KEY_LENGTH_MIN = 4
_WORDS = re.compile(r"[^\s,;()\"']+")
# Odoo numbers the attempts to pay one document: INV/2026/00017-1.
_ATTEMPT = re.compile(r"-\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered payment or a document that an entry may belong to.

    ``keys`` are its texts, ``normalized`` (``statement_formats/text.py``). ``open`` is what is open of it in
    ``currency``, signed as the entry that settles it: positive where money came in.
    """

    model: str
    id: int
    keys: frozenset[str]
    open: Decimal
    currency: str
    owner_id: int

    @property
    def is_payment(self):
        return self.model == "account.payment"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of an entry: its gross amount in the currency of the payout, and texts, strongest first."""

    amount: Decimal
    currency: str
    groups: tuple[frozenset[str], ...]
    original_amount: Decimal | None = None
    original_currency: str = ""

    def amount_in(self, currency):
        """Give the amount in a currency, or None where the report does not state it."""
        if currency == self.currency:
            return self.amount
        return self.original_amount if currency == self.original_currency else None


def with_attempts(texts):
    """Give texts with and without the number of an attempt to pay at their end.

    >>> sorted(with_attempts(["INV/2026/00017-1"]))
    ['INV/2026/00017', 'INV/2026/00017-1']
    """
    return {one for text in texts if text for one in (text, _ATTEMPT.sub("", text))}


def numbers_in(description):
    """Give the words of a description that can be the number of an order or a document, and the description itself.

    >>> sorted(numbers_in("Invoice INV/2026/00017."))
    ['INV/2026/00017', 'INV/2026/00017.', 'Invoice INV/2026/00017.']
    """
    words = [word for word in _WORDS.findall(description) if any(char.isdigit() for char in word)]
    words += [word.strip(".:#!?") for word in words]
    return {text for text in (*words, description.strip()) if len(text) >= KEY_LENGTH_MIN}


def keys(reference, payment_reference, references, description):
    """Give the texts by which an entry's payment or document is looked for, in groups, strongest first.

    :return: list of sets of str, as they are written
    """
    groups = [with_attempts([reference]), with_attempts([payment_reference]), with_attempts(references)]
    groups.append(with_attempts(numbers_in(description)))
    return [{text for text in group if len(text) >= KEY_LENGTH_MIN} for group in groups]


def _fits(wanted, candidate):
    """Whether a candidate is open in the entry's direction, and for how much; a payment clears whole or not at all."""
    amount = wanted.amount_in(candidate.currency)
    if amount is None or amount * candidate.open <= 0:
        return False
    if candidate.is_payment:
        return amount == candidate.open
    # A refund settles a credit note, with no more than what is open of it.
    return amount > 0 or amount >= candidate.open


def choose(wanted, candidates):
    """Pick the payment or document that an entry settles.

    :param wanted: ``Wanted``
    :param candidates: list of ``Candidate``
    :return: ``Candidate``, or None where none fits or several do
    """
    for group in wanted.groups:
        found = [one for one in candidates if group & one.keys and _fits(wanted, one)]
        for some in ([one for one in found if one.is_payment], [one for one in found if not one.is_payment]):
            if len(some) > 1:
                some = [one for one in some if wanted.amount_in(one.currency) == one.open]
                if len(some) != 1:
                    return None
            if some:
                return some[0]
    return None


def whose(wanted, candidates):
    """Give the account owner of an entry, by the payments and documents that it names, open or not.

    :return: id of the account owner, or None
    """
    for group in wanted.groups:
        owners = {one.owner_id for one in candidates if group & one.keys} - {0}
        if owners:
            return owners.pop() if len(owners) == 1 else None
    return None

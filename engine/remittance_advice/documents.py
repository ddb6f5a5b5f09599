"""Which document a line of a remittance advice means. No database.

How to use
    ``choose(numbers, amount, gross, Candidates(found))`` picks one of the documents that were found, and tells whether
    that is certain.

How it works: certain is the line's own number, however its letters and digits are divided. A further number (the
payer's own, an order's) may be of another document, so it is certain only with exactly the amount. The end of a number
with exactly the amount is a suggestion, for a person to confirm.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ..bank_matching.bank_text import compact

# So much of a number at least has to be there where only its end is, and of a further number.
END_MIN = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that a line may mean.

    :param id: of the document
    :param keys: its number and references as ``compact`` gives them
    :param open: Decimal, what is open of it, above zero where the payer owes it
    :param total: Decimal, its total in the same sign
    :param owner_id: of the account owner
    :param orders: the numbers of its orders as ``compact`` gives them, which other documents may have too
    """

    id: int
    keys: frozenset[str]
    open: Decimal
    total: Decimal
    owner_id: int
    orders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a document.

    :param id: of its journal item
    :param keys: its label, product and product's code as ``compact`` gives them
    """

    id: int
    keys: frozenset[str]


class Candidates:
    """The documents that lines may mean, found by number and by its end without comparing all of them.

    :param found: iterable of :class:`Candidate`
    """

    def __init__(self, found):
        self.by_key, self.by_order, self.by_end = defaultdict(list), defaultdict(list), defaultdict(list)
        for one in found:
            for key in one.keys:
                self.by_key[key].append(one)
            for key in one.orders:
                self.by_order[key].append(one)
            for end in {key[-END_MIN:] for key in one.keys | one.orders}:
                self.by_end[end].append(one)

    def ending(self, key):
        """Give those one of whose numbers ends with a text."""
        return [
            one
            for one in self.by_end.get(key[-END_MIN:], ())
            if any(other.endswith(key) for other in one.keys | one.orders)
        ]


def choose(numbers, amount, gross, candidates):
    """Pick the document that a line means.

    :param numbers: texts that may be its number: its own first, then further ones, the likelier first
    :param amount: Decimal, what is paid; None where all that is open is
    :param gross: Decimal, what is owed by the line, or None
    :param candidates: :class:`Candidates`
    :return: (:class:`Candidate` or None, whether that is certain)
    """
    keys = [compact(number) for number in numbers]
    for place, key in enumerate(keys):
        is_own = not place
        if not key or not is_own and len(key) < END_MIN:
            continue
        named = candidates.by_key.get(key)
        found = named or candidates.by_order.get(key, ())
        fitting = _of_amount(found, amount, gross)
        if len(found) > 1:
            found = fitting or [one for one in found if _has_sign(one, amount)]
        if len(found) == 1:
            does_fit = found[0] in fitting
            return found[0], is_own or does_fit if named else is_own and does_fit
        if found:
            return None, False
    for key in keys:
        if len(key) < END_MIN:
            continue
        found = _of_amount(candidates.ending(key), amount, gross)
        if len(found) == 1:
            return found[0], False
    return None, False


def choose_item(text, number, items):
    """Pick the item of a document that a line pays.

    :param text: its label, product or code as the payer writes it, or ''
    :param number: the number of its line on the document, or ''
    :param items: list of :class:`Item`, in listed order
    :return: :class:`Item`, or None where it is none, or not certain

    >>> items = [Item(7, frozenset({"COURSE", "C1"})), Item(8, frozenset({"SKATES"}))]
    >>> choose_item("Course", "", items).id, choose_item("", "2", items).id, choose_item("Course", "2", items).id
    (7, 8, 7)
    """
    key = compact(text)
    found = [item for item in items if key and key in item.keys]
    if not found and number.isascii() and number.isdecimal() and len(number) < 6 and 0 < int(number) <= len(items):
        found = [items[int(number) - 1]]
    return found[0] if len(found) == 1 else None


def _of_amount(candidates, amount, gross):
    wanted = {amount, gross} - {None}
    return [one for one in candidates if one.open in wanted or one.total in wanted]


def _has_sign(candidate, amount):
    return amount is None or candidate.open * amount > 0

"""One document that several bank transactions pay together: found among what each of them is only a part of."""

from collections import defaultdict
from math import gcd, log2

from . import scoring
from .model import DOCUMENT_SIDES
from .scoring import reason
from .subset_sums import subset_sums

# The most parts of a document, the days within which they are paid, and the most transactions that are looked at.
PARTS_MAX, DAYS_MAX, LINES_MAX = 4, 31, 12
# A transaction with a likelier suggestion is left out.
PROBABILITY_LEAST = 0.5
# Reasons that identify the document or its owner; an amount that is a part of another one does not.
TELLING = frozenset((
    "reference_exact", "reference_inside", "reference_end_to_end", "owner_given", "owner_account", "owner_learned",
    "owner_name", "owner_email", "owner_number", "owner_mandate",
))  # fmt: skip


def join_lines(found, transactions, digits):
    """Add to what transactions may be that some of them together pay one document to the cent.

    The document's reference, or a payer who is known, must be in each of them, and there must be one way only.

    :param found: dict transaction id -> list of ``Suggestion``; changed in place
    :param transactions: dict transaction id -> ``Transaction``
    :param digits: function (transaction) -> decimal places of its currency
    """
    parts = defaultdict(list)
    for number, suggestions in found.items():
        part = _part(suggestions)
        if part is not None:
            parts[part.records, transactions[number].currency_id].append((number, part))
    for lines in parts.values():
        if 2 <= len(lines) <= LINES_MAX:
            _join(lines, found, transactions, digits)


def open_rests(found, transactions):
    """Give the amounts that would complete a document which a transaction pays a part of.

    :return: set of signed Decimal
    """
    rests = set()
    for number, suggestions in found.items():
        part = _part(suggestions)
        if part is not None:
            sign = 1 if transactions[number].amount > 0 else -1
            rests.add(sign * (_open(part) - abs(transactions[number].amount)))
    return rests


def _part(suggestions):
    """The best suggestion, where it pays a part of one document and something says that it is that document."""
    best = suggestions[0] if suggestions else None
    if (
        best is None
        or best.note != "partial"
        or len(best.records) != 1
        or best.entity_type not in DOCUMENT_SIDES
        or best.is_for_person
        or best.probability < PROBABILITY_LEAST
        or TELLING.isdisjoint(found.kind for found in best.reasons)
    ):
        return None
    return best if any(found.kind in ("amount_part", "amount_fee") for found in best.reasons) else None


def _open(part):
    return next(found.params["amount"] for found in part.reasons if found.kind in ("amount_part", "amount_fee"))


def _join(lines, found, transactions, digits):
    lines.sort(key=lambda line: (transactions[line[0]].date, line[0]))
    first = transactions[lines[0][0]]
    unit = 10 ** digits(first)
    cents = [int(abs(transactions[number].amount) * unit) for number, _part in lines]
    target = int(_open(lines[0][1]) * unit)
    search = subset_sums(target, cents, size_max=PARTS_MAX)
    if len(search.solutions) != 1 or not search.is_complete:
        return
    chosen = [lines[place] for place in search.solutions[0]]
    days = [transactions[number].date for number, _part in chosen]
    if (max(days) - min(days)).days > DAYS_MAX:
        return
    grain = gcd(target, *(cents[place] for place in search.solutions[0]))
    bits = log2(scoring.WEIGHTS["amount_lines"].m * (target // grain) / len(lines) ** 2)
    partners = frozenset(number for number, _part in chosen)
    for number, part in chosen:
        amount = next(why for why in part.reasons if why.kind in ("amount_part", "amount_fee"))
        params = {key: amount.params[key] for key in ("amount", "currency_id")}
        joint = reason("amount_lines", bits, **params, count=len(chosen) - 1)
        reasons = [joint, *(why for why in part.reasons if why is not amount)]
        reasons.sort(key=lambda why: (-abs(why.weight), why.kind))
        whole = part._replace(
            reasons=tuple(reasons),
            score=scoring.score("prior", reasons),
            is_whole=True,
            note="several_lines",
            partners=partners,
        )
        rest = [one for one in found[number] if one is not part]
        ranked = sorted([whole, *rest], key=lambda one: (-one.score, one.records))
        shares = scoring.probabilities([one.score for one in ranked], none=part.none)
        found[number] = [one._replace(probability=share) for one, share in zip(ranked, shares, strict=True)]

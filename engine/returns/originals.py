"""Which earlier payment a bank transaction returns: ranked by what names it, by its amount and by its owner."""

from dataclasses import dataclass
from decimal import Decimal

from ..bank_matching.subset_sums import subset_sums

# How sure a payment is that the bank names by a reference: with a code of a return, with a word of one, without both.
NAMED_CODED, NAMED_STATED, NAMED_ONLY = 0.999, 0.95, 0.7
# Named, but more came off than was paid: a fee of which the file says nothing.
NAMED_FEE, NAMED_FEE_UNSTATED = 0.8, 0.3
# Named and stated, but less was returned than was paid.
NAMED_PART = 0.7
# Not named: of the same account owner, or of anybody.
OWNED_STATED, AMOUNT_STATED = 0.85, 0.5
# A fee is at most this share of what was returned; beyond it, another payment is meant.
FEE_SHARE_MAX = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Original:
    """A payment or an earlier bank transaction that may have been returned.

    :param move_id: id of its entry
    :param line_ids: ids of its receivable or payable journal items
    :param amount: Decimal above 0, in the currency of the transaction
    :param is_converted: whether the amount was converted from another currency, and so can differ by rates
    :param named_by: ``end_to_end``, ``structured``, ``payment``, ``document`` or ``""``
    :param is_owned: whether the bank names its owner, account number or mandate
    :param days: days from it to the transaction, 0 or above
    :param is_divisible: whether a part of it can be returned
    """

    move_id: int
    line_ids: tuple
    amount: Decimal
    is_converted: bool
    named_by: str
    is_owned: bool
    days: int
    is_divisible: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """A payment with the probability that it is the returned one.

    :param fee: Decimal, the bank's fee in the same transaction, in the direction of the transaction
    :param is_proven: whether a code and a reference prove it, to the cent
    :param is_part: whether only a part of it was returned
    """

    original: Original
    probability: float
    fee: Decimal
    is_proven: bool
    is_part: bool = False


def rank(originals, total, charges, is_coded, is_stated, rate_share):
    """Rank the payments that may have been returned.

    :param originals: iterable of :class:`Original`
    :param total: Decimal above 0, the transaction's amount
    :param charges: Decimal, what of it are the bank's charges by its file, in the transaction's direction
    :param is_coded: whether the bank's file gives a code of a return
    :param is_stated: whether a code, a reason or a word says that it is a return
    :param rate_share: Decimal, by how much a converted amount can differ
    :return: list of :class:`Ranked`, the surest first
    """
    found = []
    for original in originals:
        fee, rate_difference = fee_and_rate_difference(
            total, original.amount, original.amount if original.is_converted else Decimal(0), charges, rate_share
        )
        is_exact = fee in (0, charges) or bool(rate_difference)
        if not is_exact and fee < 0 and original.is_divisible and original.named_by and is_stated:
            # The bank's charges are no part of the returned amount.
            found.append((NAMED_PART, original, charges if 0 < charges < total else Decimal(0), False, True))
            continue
        if not is_exact and (fee < 0 or fee > FEE_SHARE_MAX * original.amount or not original.named_by):
            continue
        probability = _probability(original, is_exact, is_coded, is_stated)
        if probability:
            found.append((probability, original, fee, is_exact, False))
    counts = {}
    for probability, *_rest in found:
        counts[probability] = counts.get(probability, 0) + 1
    ranked = [
        Ranked(
            original,
            probability / counts[probability],
            fee,
            probability == NAMED_CODED and counts[probability] == 1 and is_exact and not original.is_converted,
            is_part,
        )
        for probability, original, fee, is_exact, is_part in found
    ]
    return sorted(ranked, key=lambda one: (-one.probability, one.original.days, one.original.move_id))


def fee_and_rate_difference(total, amount, converted, charges, rate_share):
    """Tell the bank's fee from the difference between the exchange rates of two days.

    :param total: Decimal above 0, the transaction's amount
    :param amount: Decimal, what was paid, in the same currency
    :param converted: Decimal, what of it was converted from another currency
    :param charges: Decimal, the bank's charges by its file, in the transaction's direction
    :param rate_share: Decimal, by how much of itself a converted amount can differ
    :return: the fee and the rate difference, Decimals that add up to what the total is more than the amount
    """
    more = total - amount
    if more not in (0, charges):
        for fee in (*([charges] if charges > 0 else []), Decimal(0)):
            difference = more - fee
            # Beside payments in the transaction's own currency, what is more may be a fee that the bank does not state.
            is_rate = converted == amount or fee or difference < 0
            if is_rate and abs(difference) <= rate_share * converted:
                return fee, difference
    return more, Decimal(0)


def _probability(original, is_exact, is_coded, is_stated):
    if original.named_by:
        if is_exact:
            return NAMED_CODED if is_coded else NAMED_STATED if is_stated else NAMED_ONLY
        return NAMED_FEE if is_stated else NAMED_FEE_UNSTATED
    if not is_stated:
        return 0
    return OWNED_STATED if original.is_owned else AMOUNT_STATED


def together(originals, total, charges, smallest):
    """Find several payments that the bank names and that were returned in one sum.

    :param originals: iterable of :class:`Original`
    :param total: Decimal above 0, the transaction's amount
    :param charges: Decimal, as for :func:`rank`
    :param smallest: Decimal, the smallest unit of the currency
    :return: tuple of the :class:`Original`, empty where none or more than one set of them makes the sum
    """
    named = [one for one in originals if one.named_by and not one.is_converted]
    sizes = [int(one.amount / smallest) for one in named]
    for target in dict.fromkeys((total, total - charges)):
        found = subset_sums(int(target / smallest), sizes, solutions_max=2)
        if found.is_complete and len(found.solutions) == 1:
            return tuple(named[place] for place in found.solutions[0])
    return ()

"""Which earlier payment a bank transaction takes back: ranked by what names it, by its amount and by whose it is."""

from dataclasses import dataclass
from decimal import Decimal

# How sure a payment is that the bank names by a reference: with a code of a return, with a word of one, without both.
NAMED_CODED, NAMED_TOLD, NAMED_ONLY = 0.999, 0.95, 0.7
# Named, but more came off than was paid: a fee of which the file says nothing.
NAMED_FEE, NAMED_FEE_UNTOLD = 0.8, 0.3
# Not named: of the same account owner, or of anybody.
OWNED_TOLD, AMOUNT_TOLD = 0.85, 0.5
# A fee is at most this share of what came back; beyond it, another payment is meant.
FEE_SHARE_MAX = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Original:
    """A payment or an earlier bank transaction that may have come back.

    :param move_id: id of its entry
    :param line_ids: ids of its receivable or payable journal items
    :param amount: Decimal above 0, in the currency of the transaction
    :param is_converted: whether the amount was converted from another currency, and so can differ by rates
    :param named_by: ``end_to_end``, ``structured``, ``payment``, ``document`` or ``""``
    :param is_owned: whether the bank names its owner, account number or mandate
    :param days: days from it to the transaction, 0 or above
    """

    move_id: int
    line_ids: tuple
    amount: Decimal
    is_converted: bool
    named_by: str
    is_owned: bool
    days: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A payment with how sure it is that it came back.

    :param fee: Decimal, what the bank took beside it, in the direction of the transaction
    :param is_proven: whether a code and a reference prove it, to the cent
    """

    original: Original
    probability: float
    fee: Decimal
    is_proven: bool


def rank(originals, total, charges, is_coded, is_told, rate_share):
    """Rank what may have come back.

    :param originals: iterable of :class:`Original`
    :param total: Decimal above 0, the transaction's amount
    :param charges: Decimal, what of it are the bank's charges by its file, in the transaction's direction
    :param is_coded: whether the bank's file gives a code of a return
    :param is_told: whether a code, a reason or a word says that it is a return
    :param rate_share: Decimal, by how much a converted amount can differ
    :return: list of :class:`Ranked`, the surest first
    """
    found = []
    for original in originals:
        fee, is_exact = total - original.amount, False
        if fee in (0, charges):
            is_exact = True
        elif original.is_converted and abs(fee) <= rate_share * original.amount:
            fee, is_exact = Decimal(0), True
        elif fee < 0 or fee > FEE_SHARE_MAX * original.amount or not original.named_by:
            continue
        probability = _probability(original, is_exact, is_coded, is_told)
        if probability:
            found.append((probability, original, fee, is_exact))
    counts = {}
    for probability, *_rest in found:
        counts[probability] = counts.get(probability, 0) + 1
    ranked = [
        Ranked(
            original,
            probability / counts[probability],
            fee,
            probability == NAMED_CODED and counts[probability] == 1 and is_exact and not original.is_converted,
        )
        for probability, original, fee, is_exact in found
    ]
    return sorted(ranked, key=lambda one: (-one.probability, one.original.days, one.original.move_id))


def _probability(original, is_exact, is_coded, is_told):
    if original.named_by:
        if is_exact:
            return NAMED_CODED if is_coded else NAMED_TOLD if is_told else NAMED_ONLY
        return NAMED_FEE if is_told else NAMED_FEE_UNTOLD
    if not is_told:
        return 0
    return OWNED_TOLD if original.is_owned else AMOUNT_TOLD

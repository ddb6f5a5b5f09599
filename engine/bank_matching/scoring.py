"""Evidence to probability: how well an open item fits a bank transaction, and why.

The model is Fellegi and Sunter's (A Theory for Record Linkage, 1969): each piece of evidence is worth the logarithm, to
base 2, of how often one sees it in a true pair (m) over how often in a false one (u). The bits add up, with the prior,
to the score of a suggestion; the suggestions of one transaction, "none of these" among them, share one probability, so
that two that fit equally well get at most a half each. Where the ledger shows how common a value is (an amount, a
reference, a name, an owner's open items), u is that frequency: a rare value weighs more.
"""

from dataclasses import dataclass
from math import exp, log2

from .model import Reason


@dataclass(frozen=True, slots=True)
class Weight:
    """How often a piece of evidence is seen in true and in false pairs, and where that figure comes from."""

    m: float
    u: float
    source: str

    @property
    def bits(self):
        return log2(self.m / self.u)


# How many open items a ledger is assumed to have. A constant, so that the same evidence weighs the same tomorrow; it
# cancels out wherever u is counted in the ledger.
ITEMS = 2**14
# How many open items' worth of people outside the ledger have a name of one word, of several words.
NAMESAKES = {1: 8.0}
NAMESAKES_MANY_WORDS = 0.5
# Most that one piece of evidence may weigh: beyond it the model's own errors are larger than what it says.
BITS_MAX = 13.0

# m was counted on the training seeds of script/bench matching, smoothed and rounded; u too where nothing else is said.
WEIGHTS = {
    "prior": Weight(0.75, ITEMS, "three of four transactions pay one open item, and each of them is as likely"),
    "prior_payment": Weight(
        3.0, ITEMS, "a registered payment is expected on the bank, four times as sure as a document"
    ),
    "prior_transfer": Weight(0.75, ITEMS, "as the prior of a document"),
    "prior_settlement": Weight(
        0.10, 1, "one transaction of ten pays out several registered payments; u is in the reason of the sum"
    ),
    "none": Weight(0.25, 1, "one transaction of four has nothing open to pay"),
    "prior_none_in": Weight(0.10, 1, "money that comes in mostly pays something; expenses only go out; counted"),
    "prior_none_named": Weight(0.06, 1, "of those that name a client or a document, one of sixteen; counted"),
    "amount_exact": Weight(0.85, 1 / ITEMS, "u: how many open items have this amount, counted in the ledger"),
    "amount_discount": Weight(0.70, 1 / ITEMS, "as exact; not everyone who may takes the discount"),
    "amount_discount_late": Weight(0.03, 1 / ITEMS, "some take the discount after its date"),
    "amount_installment": Weight(0.60, 1 / ITEMS, "one due date of a document with several"),
    "amount_fee": Weight(0.04, 0.03, "short by at most 3 %: charges taken off"),
    "amount_part": Weight(0.06, 0.50, "half of all open items are larger than a transaction"),
    "amount_over": Weight(0.01, 0.50, "hardly anyone pays more than is open"),
    "amount_over_near": Weight(0.02, 0.03, "more than is open by at most 5 %: rounded up, or charges added"),
    "amount_foreign": Weight(0.60, 0.02, "within 3 % at the day's rate"),
    "amount_foreign_discount": Weight(0.50, 1 / 256, "to the cent at the rate of the transaction"),
    "amount_sum": Weight(0.15, 1.0, "u: how many sums there are over how many amounts they can hit"),
    "amount_settlement": Weight(0.50, 1.0, "u: as for sums, over the days that could be paid out"),
    "amount_lines": Weight(0.30, 1.0, "u: how many pairs of transactions there are over how many amounts they can hit"),
    "sum_all": Weight(0.60, 0.08, "who pays several documents mostly pays all that is due"),
    "reference_exact": Weight(0.60, 1 / ITEMS, "u: how many documents have it, and how short it is"),
    "reference_inside": Weight(0.10, 1 / ITEMS, "the same, run together with other text"),
    "reference_end_to_end": Weight(0.20, 1 / ITEMS, "u: as exact; some payers send the same one with every payment"),
    "reference_number": Weight(0.12, 1.0, "u: the chance that a number of so many digits is in the label by accident"),
    "reference_typo": Weight(0.04, 1 / 256, "one character wrong; neighbouring documents differ by one as well"),
    "reference_truncated": Weight(0.04, 1 / 512, "the label ends within the reference"),
    "reference_other": Weight(0.02, 0.60, "a label that names another document rarely pays this one"),
    "reference_unknown": Weight(0.20, 0.30, "the label has a number, but not this one"),
    "owner_given": Weight(0.93, 1 / ITEMS, "u: how many open items the account owner has"),
    "owner_account": Weight(0.95, 1 / ITEMS, "u: as above; who uses this bank account"),
    "owner_learned": Weight(0.93, 1 / ITEMS, "u: as above; less the more often it was rejected"),
    "owner_name": Weight(0.60, 1 / ITEMS, "u: how many open items the account owner has; more for a name of one word"),
    "owner_shared": Weight(0.60, 1 / 32, "u: times how many account owners have such a name"),
    "owner_shared_account": Weight(0.95, 1 / 32, "u: times how many account owners pay from it"),
    "owner_cut": Weight(0.30, 1 / ITEMS, "u: as above; the beginning of only one name, as far as the field goes"),
    "owner_close": Weight(0.20, 1 / 128, "a name that is nearly the same"),
    "owner_similar": Weight(0.10, 1 / 16, "a part of the name"),
    "owner_in_label": Weight(0.30, 1 / ITEMS, "u: as above; parents and firms pay for others"),
    "owner_in_label_other": Weight(0.05, 1 / 128, "the same, but the payer's name is another client's"),
    "owner_other_word": Weight(0.04, 0.10, "who differs by a word is mostly somebody else, at times a relative"),
    "owner_email": Weight(0.90, 1 / ITEMS, "u: how many open items the account owner has"),
    "owner_number": Weight(0.60, 1 / ITEMS, "u: as above; a short number is in a label by accident, too"),
    "owner_mandate": Weight(0.95, 1 / ITEMS, "u: as above; a mandate is one client's"),
    "owner_cited": Weight(0.60, 1 / ITEMS, "u: how many open items the account owner has"),
    "owner_absent": Weight(0.35, 0.98, "the label doesn't hold the name; many labels don't"),
    "owner_other_name": Weight(0.08, 0.97, "the bank names another person; some pay for others"),
    "owner_other": Weight(0.015, 0.97, "the payer is known to be someone else"),
    "owner_known": Weight(0.02, 0.60, "a payout comes from the bank or the card company, not from a client"),
    "date_near": Weight(0.75, 0.25, "paid between the document's date and ten days after it is due"),
    "date_late": Weight(0.22, 0.30, "paid up to two months late"),
    "date_very_late": Weight(0.02, 0.25, "older than that"),
    "date_early": Weight(0.01, 0.20, "paid before the document was made"),
    "payment_near": Weight(0.93, 0.10, "a payment reaches the bank within days"),
    "payment_far": Weight(0.02, 0.60, "registered weeks before or after"),
    "payment_journal": Weight(0.02, 0.50, "the payment was registered on another bank account"),
    "payment_waiting": Weight(0.01, 0.60, "who has registered a payment waits for it at the bank"),
    "payment_waiting_document": Weight(0.50, 0.50, "says whose the choice is, not what is likelier"),
    "planned_waiting": Weight(0.01, 0.60, "what is charged by itself is rarely paid beside it"),
    "currency_other": Weight(0.10, 0.30, "most documents are paid in their own currency"),
    "transfer_amount": Weight(0.90, 1 / ITEMS, "u: how many transactions of the own accounts have this amount"),
    "transfer_rate": Weight(0.70, 1 / 128, "within 3 % at the day's rate"),
    "transfer_fee": Weight(0.05, 1 / 1024, "short by at most 1 % and 50 in the currency"),
    "transfer_account": Weight(0.60, 1 / 1024, "the other side's account is the company's own"),
    "transfer_name": Weight(0.40, 1 / 256, "the other side has the company's name"),
    "transfer_words": Weight(0.50, 1 / 24, "words banks and people write on transfers"),
    "transfer_same_day": Weight(0.90, 0.10, "both sides within two days"),
    "transfer_days": Weight(0.10, 0.50, "more than two days apart"),
    "settlement_fee": Weight(0.40, 0.05, "u: how many payouts are larger by at most 5 %"),
    "settlement_no_words": Weight(0.20, 0.96, "card companies mostly say who they are"),
    "settlement_words": Weight(0.80, 0.04, "names of card companies, and what they write"),
    "settlement_refunds": Weight(0.50, 1.0, "one payout of two with refunds takes them off, others come by themselves"),
    "expense_transfer": Weight(0.01, 0.60, "money that changed the account only is no expense"),
    "rejected": Weight(0.02, 0.60, "somebody said no to this; fades by half in 90 days"),
}

_BITS = {kind: weight.bits for kind, weight in WEIGHTS.items()}

# The pieces of evidence are not quite independent, so their sum says too much: by this factor, fitted on the training
# seeds (script/bench matching --fit).
CALIBRATION = 0.85
PROBABILITY_MAX = 0.9999

# What is learned counts in full from so much weight on: a confirmation of one transaction counts 1, half after a year.
LEARNED_FULL, LEARNED_FULL_COMMON = 0.5, 2.0
LEARNED_BITS_LEAST = 3.0
CONFIRMATION_HALF_LIFE = 365
REJECTION_HALF_LIFE = 90


def _rounded(bits):
    return round(max(-BITS_MAX, min(BITS_MAX, bits)), 2)


_ROUNDED = {kind: _rounded(bits) for kind, bits in _BITS.items()}


def reason(kind, bits=None, **params):
    """Make a reason of the table's weight, or of a weight that was counted, within bounds.

    :param bits: float or None
    """
    return Reason(kind, params, _ROUNDED[kind] if bits is None else _rounded(bits))


def counted(kind, u, **params):
    """Make a reason whose u was counted.

    :param u: float, how often a false pair shows it
    """
    return reason(kind, log2(WEIGHTS[kind].m / max(u, 1e-9)), **params)


def score(prior, reasons):
    """Add the bits up.

    :param prior: key of ``WEIGHTS``
    :param reasons: iterable of ``Reason``
    :return: float
    """
    return _BITS[prior] + sum(found.weight for found in reasons)


NONE = _BITS["none"]
NONE_IN = _BITS["prior_none_in"]
NONE_NAMED = _BITS["prior_none_named"]


def probabilities(scores, calibration=None, none=NONE):
    """Share one probability among suggestions that exclude each other, and none of them.

    :param scores: list of bits
    :param none: bits of "none of these"
    :param calibration: float, instead of ``CALIBRATION``
    :return: list of floats that add up to at most 1
    """
    calibration = CALIBRATION if calibration is None else calibration
    top = max([none, *scores])
    shares = [2.0 ** (calibration * (bits - top)) for bits in scores]
    total = sum(shares) + 2.0 ** (calibration * (none - top))
    return [min(PROBABILITY_MAX, share / total) for share in shares]


def fade(count, days, half_life):
    """Give what a count from so many days ago is still worth.

    :param count: float
    :param days: int, at least 0
    :param half_life: days after which half of it is left
    """
    return count * exp(-0.6931471805599453 * max(days, 0) / half_life)


def learned_bits_max(weight, share, is_common):
    """Give the most that something learned may weigh as evidence.

    :param weight: float, what its confirmations are worth today
    :param share: float, 0..1, its part of what the same key was confirmed for
    :param is_common: the key is a single word
    :return: float, bits
    """
    full = LEARNED_FULL_COMMON if is_common else LEARNED_FULL
    if share < 0.9 or weight < full:
        return LEARNED_BITS_LEAST + (0.0 if share < 0.9 else 2.0 * weight / full)
    return BITS_MAX


def learned_weight(confirmations, confirmed_days, rejections, rejected_days):
    """Give how far something learned can be trusted: the mean of a Beta distribution over faded counts.

    :return: float between 0 and 1; one fresh confirmation gives 0.9
    """
    yes = fade(confirmations, confirmed_days, CONFIRMATION_HALF_LIFE)
    no = fade(rejections, rejected_days, REJECTION_HALF_LIFE)
    return (yes + 0.8) / (yes + no + 1.0)

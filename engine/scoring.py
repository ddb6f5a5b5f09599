"""Evidence to probability: how well an open item fits a bank transaction, and why.

The model is Fellegi and Sunter's (A Theory for Record Linkage, 1969): each piece of evidence is worth the logarithm, to
base 2, of how often one sees it in a true pair (m) over how often in a false one (u). The bits add up, with the prior,
to the score of a hypothesis; the hypotheses of one transaction, "none of these" among them, share one probability, so
that two that fit equally well get at most a half each. Where the ledger tells how common a value is (an amount, a
reference, a name, an owner's open items), u is that frequency: a rare value weighs more.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import exp, log2

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from . import labels


@dataclass(frozen=True, slots=True)
class Weight:
    """How often a piece of evidence is seen in true and in false pairs, and where that figure comes from."""

    m: float
    u: float
    source: str

    @property
    def bits(self):
        return log2(self.m / self.u)


# How many open items a ledger is thought to have. A constant, so that the same evidence weighs the same tomorrow; it
# cancels out wherever u is counted in the ledger.
ITEMS = 2**14
# Of partners with names that somebody could read from a label.
NAMES = 2**12
# Most that one piece of evidence may weigh: beyond it the model's own errors are larger than what it says.
BITS_MAX = 13.0

# m was counted on the training seeds of script/bench-matching, smoothed and rounded; u too where nothing else is said.
WEIGHTS = {
    "prior": Weight(0.75, ITEMS, "three of four transactions pay one open item, and each of them is as likely"),
    "prior_payment": Weight(
        3.0, ITEMS, "a registered payment is expected on the bank, four times as sure as a document"
    ),
    "prior_transfer": Weight(0.75, ITEMS, "as the prior of a document"),
    "prior_settlement": Weight(
        0.10, 1, "one transaction of ten pays out several registered payments; u stands with the sum"
    ),
    "none": Weight(0.25, 1, "one transaction of four has nothing open to pay"),
    "amount_exact": Weight(0.85, 1 / ITEMS, "u: how many open items have this amount, counted in the ledger"),
    "amount_discount": Weight(0.70, 1 / ITEMS, "as exact; not everyone who may takes the discount"),
    "amount_discount_late": Weight(0.03, 1 / ITEMS, "some take the discount after its date"),
    "amount_installment": Weight(0.60, 1 / ITEMS, "one due date of a document with several"),
    "amount_fee": Weight(0.04, 0.03, "short by at most 3 %: charges taken off"),
    "amount_part": Weight(0.06, 0.50, "half of all open items are larger than a transaction"),
    "amount_over": Weight(0.01, 0.50, "hardly anyone pays more than is open"),
    "amount_foreign": Weight(0.60, 0.02, "within 3 % at the day's rate"),
    "amount_sum": Weight(0.15, 1.0, "u: how many sums there are over how many amounts they can hit"),
    "amount_settlement": Weight(0.50, 1.0, "u: as for sums, over the days that could be paid out"),
    "sum_all": Weight(0.60, 0.08, "who pays several documents mostly pays all that is due"),
    "reference_exact": Weight(0.60, 1 / ITEMS, "u: how many documents bear it, and how short it is"),
    "reference_inside": Weight(0.10, 1 / ITEMS, "the same, run together with other text"),
    "reference_number": Weight(0.12, 1.0, "u: the chance that a number of so many digits stands in the label"),
    "reference_typo": Weight(0.04, 1 / 256, "one character wrong; neighbouring documents differ by one as well"),
    "reference_truncated": Weight(0.04, 1 / 512, "the label ends within the reference"),
    "reference_other": Weight(0.02, 0.60, "a label that names another document rarely pays this one"),
    "reference_unknown": Weight(0.20, 0.30, "the label has a number, but not this one"),
    "owner_given": Weight(0.93, 1 / ITEMS, "u: how many open items the account owner has"),
    "owner_account": Weight(0.95, 1 / ITEMS, "u: as above; who uses this bank account"),
    "owner_learned": Weight(0.93, 1 / ITEMS, "u: as above; less the more often it was turned down"),
    "owner_name": Weight(0.60, 1 / NAMES, "u: how many account owners have such a name"),
    "owner_close": Weight(0.20, 1 / 128, "a name that is nearly the same"),
    "owner_similar": Weight(0.10, 1 / 16, "a part of the name"),
    "owner_absent": Weight(0.35, 0.98, "the label doesn't hold the name; many labels don't"),
    "owner_other_name": Weight(0.08, 0.97, "the bank names another person; some pay for others"),
    "owner_other": Weight(0.015, 0.97, "the payer is known to be someone else"),
    "date_near": Weight(0.75, 0.25, "paid between the document's date and ten days after it is due"),
    "date_late": Weight(0.22, 0.30, "paid up to two months late"),
    "date_very_late": Weight(0.02, 0.25, "older than that"),
    "date_early": Weight(0.01, 0.20, "paid before the document was made"),
    "payment_near": Weight(0.93, 0.10, "a payment reaches the bank within days"),
    "payment_far": Weight(0.02, 0.60, "registered weeks before or after"),
    "payment_journal": Weight(0.02, 0.50, "the payment was registered on another bank account"),
    "currency_other": Weight(0.10, 0.30, "most documents are paid in their own currency"),
    "transfer_amount": Weight(0.90, 1 / ITEMS, "u: how many transactions of the own accounts have this amount"),
    "transfer_rate": Weight(0.70, 1 / 128, "within 3 % at the day's rate"),
    "transfer_fee": Weight(0.05, 1 / 1024, "short by at most 1 % and 50 in the currency"),
    "transfer_account": Weight(0.60, 1 / 1024, "the other side's account is the company's own"),
    "transfer_name": Weight(0.40, 1 / 256, "the other side bears the company's name"),
    "transfer_words": Weight(0.50, 1 / 24, "words banks and people write on transfers"),
    "transfer_same_day": Weight(0.90, 0.10, "both sides within two days"),
    "transfer_days": Weight(0.10, 0.50, "more than two days apart"),
    "settlement_words": Weight(0.80, 0.04, "names of card companies, and what they write"),
    "rejected": Weight(0.02, 0.60, "somebody said no to this; fades by half in 90 days"),
}

_BITS = {kind: weight.bits for kind, weight in WEIGHTS.items()}

# The pieces of evidence are not quite independent, so their sum says too much: by this factor, fitted on the training
# seeds (script/bench-matching --fit).
CALIBRATION = 0.85
PROBABILITY_MAX = 0.9999

CONFIRMATION_HALF_LIFE = 365
REJECTION_HALF_LIFE = 90


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    :param kind: key of ``WEIGHTS``, or ``expense_learned``
    :param params: dict for the sentence that explains it
    :param weight: log-likelihood ratio in bits, positive where it speaks for the pair
    """

    kind: str
    params: dict
    weight: float


class Reference:
    """A document's number or reference, taken apart once because it is compared often."""

    __slots__ = ("text", "key", "digits", "number", "rarity")

    def __init__(self, text, key):
        self.text, self.key = text, key
        self.digits = sum(map(str.isdigit, key))
        self.number = labels.trailing_number(text)
        # The chance that so many digits and letters stand in a label by accident.
        self.rarity = 10.0**-self.digits * 8.0 ** -(len(key) - self.digits)


@dataclass(slots=True, eq=False)
class OpenItem:
    """Something that a bank transaction can settle.

    :param record: (model, id)
    :param entity_type: ``ar_invoice``, ``ap_invoice`` or ``payment``
    :param amount: open, signed so that money coming in settles what is positive, in ``currency_id``
    :param balance: the same in company currency
    :param line_ids: the open lines of the item
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
    discount: Decimal | None = None
    discount_date: date | None = None
    parts: tuple = ()
    references: tuple = ()

    def __post_init__(self):
        pairs = {labels.compact(ref): ref for ref in reversed(self.refs) if ref}
        self.references = tuple(Reference(ref, key) for key, ref in pairs.items() if key)


@dataclass(slots=True, eq=False)
class Transaction:
    """A bank transaction as scoring sees it.

    :param amount: signed, in the journal's currency
    :param owners: account owner id -> ``Reason`` why it is thought to be the payer
    :param is_owner_known: one of those reasons is more than a name
    :param cited: compacted references in the label that are those of some document -> set of move ids
    :param amount_counts: (signed amount, currency id) -> how many open items have it
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
    texts: tuple = ()
    keys: frozenset = frozenset()
    key_count: int = 0
    near_keys: dict = field(default_factory=dict)
    compacted: tuple = ()
    numbers: frozenset = frozenset()
    words: frozenset = frozenset()
    owners: dict = field(default_factory=dict)
    is_owner_known: bool = False
    cited: dict = field(default_factory=dict)
    amount_counts: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    rejected: dict = field(default_factory=dict)

    def __post_init__(self):
        self.texts = tuple(dict.fromkeys(text for text in (self.structured, self.label, *self.texts) if text))
        keys = labels.reference_keys(*self.texts)
        self.keys, self.key_count = frozenset(keys), max(len(keys), 1)
        # A key that differs from another by one character has its beginning or its end in common with it.
        for key in keys:
            if len(key) >= 6:
                self.near_keys.setdefault(key[:3], []).append(key)
                self.near_keys.setdefault(key[-3:], []).append(key)
        self.compacted = tuple(map(labels.compact, self.texts))
        pieces = [piece for text in self.texts for piece in labels.pieces(text)]
        self.numbers = frozenset(piece.lstrip("0") for piece in pieces if piece.isdigit())
        self.words = frozenset(labels.fold(f"{self.name} {self.label} {self.transaction_type}").split())

    @property
    def payer_text(self):
        """Where the payer's name may stand: in the bank's own field for it, else anywhere in the label."""
        return self.name or self.label


def reason(kind, bits=None, **params):
    """Make a reason of the table's weight, or of a weight that was counted, within bounds.

    :param bits: float or None
    """
    bits = _BITS[kind] if bits is None else bits
    return Reason(kind, params, round(max(-BITS_MAX, min(BITS_MAX, bits)), 2))


def counted(kind, u, **params):
    """Make a reason whose u was counted.

    :param u: float, how often a false pair shows it
    """
    return reason(kind, log2(WEIGHTS[kind].m / max(u, 1e-9)), **params)


def commonness(amount):
    """Give how many unseen rivals an amount has: round amounts are paid for many things.

    :param amount: Decimal
    """
    amount = abs(amount)
    if amount % 1:
        return 0.05
    return 2.0 if amount % 100 == 0 else 1.0 if amount % 10 == 0 else 0.4


def amount_reason(kind, transaction, amount, currency_id, **params):
    """Weigh an amount that fits to the cent by how many open items have it."""
    count = transaction.amount_counts.get((amount, currency_id), 0)
    u = (max(count, 1) + commonness(amount)) / ITEMS
    return counted(kind, u, amount=abs(amount), currency_id=currency_id, count=count, **params)


def reference_reason(transaction, item):
    """Weigh what the label says about the item's numbers and references.

    :return: ``Reason`` or None where the label says nothing about any document
    """
    best = None
    for reference in item.references:
        found = _one_reference(transaction, reference)
        if found and (best is None or found.weight > best.weight):
            best = found
    others = [key for key, move_ids in transaction.cited.items() if item.move_id not in move_ids]
    if best is not None and (best.kind == "reference_exact" or not others):
        return best
    if others:
        other = max(others, key=lambda key: (len(key), key))
        if not transaction.cited.keys() - set(others):
            return reason("reference_other", reference=other)
    if best is None and any(len(number) >= 4 for number in transaction.numbers):
        return reason("reference_unknown")
    return best


def _one_reference(transaction, reference):
    key = reference.key
    if key in transaction.keys:
        count = len(transaction.cited.get(key, ())) or 1
        u = max(count / ITEMS, transaction.key_count * reference.rarity)
        return counted("reference_exact", u, reference=reference.text)
    best = None
    number = reference.number
    if len(number) >= 2 and number in transaction.numbers:
        u = min(1.0, len(transaction.numbers) * 4 * 10.0 ** -len(number))
        found = counted("reference_number", u, reference=number)
        best = found if found.weight > 0 else None
    if reference.digits < 3 or len(key) < 5 or not transaction.keys:
        return best
    if any(key in text for text in transaction.compacted):
        u = max(1 / ITEMS, 4 * transaction.key_count * reference.rarity)
        return counted("reference_inside", u, reference=reference.text)
    if reference.digits >= 4 and len(key) >= 7:
        near = transaction.near_keys.get(key[:3], []) + transaction.near_keys.get(key[-3:], [])
        if any(abs(len(one) - len(key)) <= 1 and OSA.distance(one, key, score_cutoff=1) <= 1 for one in near):
            found = reason("reference_typo", reference=reference.text)
        elif any(key[:6] in text and _is_cut(text, key) for text in transaction.compacted):
            found = reason("reference_truncated", reference=reference.text)
        else:
            return best
        if best is None or found.weight > best.weight:
            best = found
    return best


def _is_cut(text, key):
    """Whether a text ends with the beginning of a key, with at least six of its characters and a digit."""
    rest = text[text.rfind(key[:6]) :]
    return 6 <= len(rest) < len(key) and key.startswith(rest) and rest[-1].isdigit()


@lru_cache(maxsize=65536)
def _joined(text):
    words = labels.name_words(text)
    return words, frozenset(words), " ".join(words), " ".join(sorted(words))


@lru_cache(maxsize=65536)
def similarity(text, name):
    """Give how much of a name stands in a text, 0 to 100: words in any order, misspelled or cut off.

    :param text: str, as the bank wrote it
    :param name: str, an account owner's
    """
    words, present, joined, ordered = _joined(text)
    wanted, sought, wanted_joined, wanted_ordered = _joined(name)
    if not words or not wanted:
        return 0
    whole = fuzz.ratio(ordered, wanted_ordered)
    if whole >= 90:
        return whole
    if whole < 45 and present.isdisjoint(sought) and not fuzz.partial_ratio(joined, wanted_joined, score_cutoff=65):
        return whole
    whole = max(whole, fuzz.ratio(joined.replace(" ", ""), wanted_joined.replace(" ", "")))
    # Every word of the name is looked for among those of the text; a longer word counts more.
    hit = 0.0
    for word in wanted:
        if word in present:
            hit += len(word)
        elif len(word) >= 4:
            best = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=75)
            is_cut = any(len(one) >= 4 and word.startswith(one) for one in words)
            hit += len(word) * (0.95 if is_cut else best[1] / 100 if best else 0)
    part = 100 * hit / sum(map(len, wanted))
    # All words of the name, each of them whole, among others.
    return 100 if part >= 99.9 else max(whole, part)


def owner_reason(transaction, item):
    """Weigh who paid against whose item it is.

    :return: ``Reason``
    """
    if not item.owner_id:
        return None
    found = transaction.owners.get(item.owner_id)
    if found is not None:
        return found
    if transaction.is_owner_known:
        return reason("owner_other", owner=item.owner_name)
    return name_reason(transaction, item.owner_id, item.owner_name)


def name_reason(transaction, owner_id, owner_name):
    """Weigh a name against what the bank wrote; remembered, because an owner has many items."""
    if owner_id in transaction.names:
        return transaction.names[owner_id]
    score = similarity(transaction.payer_text, owner_name)
    if transaction.name and score < 85:
        score = max(score, 0.99 * similarity(transaction.label, owner_name))
    if score >= 80:
        found = reason("owner_close", owner=owner_name, similarity=round(score))
    elif score >= 60:
        found = reason("owner_similar", owner=owner_name, similarity=round(score))
    else:
        # The bank's own field says who paid; so does a label in which the whole name of somebody else stands.
        is_named = transaction.name or any(why.kind == "owner_name" for why in transaction.names.values())
        found = reason("owner_other_name" if is_named else "owner_absent", owner=owner_name)
    transaction.names[owner_id] = found
    return found


def date_reason(transaction, item):
    """Weigh the transaction's date against the item's date and terms."""
    if item.entity_type == "payment":
        days = (transaction.date - item.date).days
        if -3 <= days <= 7:
            return reason("payment_near", days=days)
        return reason("payment_far", days=days) if days < -3 or days > 30 else None
    late = (transaction.date - max(item.due, item.date)).days
    if (transaction.date - item.date).days < -3:
        return reason("date_early", days=(item.date - transaction.date).days)
    if late <= 10:
        return reason("date_near", days=late)
    return reason("date_late" if late <= 62 else "date_very_late", days=late)


def other_reasons(transaction, item):
    """Weigh everything but the amount.

    :return: list of ``Reason``
    """
    reasons = [
        reference_reason(transaction, item),
        owner_reason(transaction, item),
        date_reason(transaction, item),
    ]
    if item.entity_type == "payment" and item.journal_id != transaction.journal_id:
        reasons.append(reason("payment_journal"))
    if item.currency_id not in (transaction.currency_id, transaction.foreign_currency_id):
        reasons.append(reason("currency_other"))
    return [found for found in reasons if found is not None]


def rejected_reasons(transaction, records):
    """Weigh that somebody turned exactly this down before, as far as it hasn't faded.

    :param records: iterable of (model, id)
    :return: list of ``Reason``
    """
    faded = transaction.rejected.get(frozenset(records), 0)
    return [reason("rejected", WEIGHTS["rejected"].bits * min(1.0, faded))] if faded > 0.05 else []


def score(prior, reasons):
    """Add the bits up.

    :param prior: key of ``WEIGHTS``
    :param reasons: iterable of ``Reason``
    :return: float
    """
    return _BITS[prior] + sum(found.weight for found in reasons)


def probabilities(scores, calibration=None):
    """Share one probability among hypotheses that exclude each other, and none of them.

    :param scores: list of bits
    :param calibration: float, instead of ``CALIBRATION``
    :return: list of floats that add up to at most 1
    """
    calibration = CALIBRATION if calibration is None else calibration
    none = _BITS["none"]
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


def learned_weight(confirmations, confirmed_days, rejections, rejected_days):
    """Give how far something learned can be trusted: the mean of a Beta distribution over faded counts.

    :return: float between 0 and 1; one fresh confirmation gives 0.9
    """
    yes = fade(confirmations, confirmed_days, CONFIRMATION_HALF_LIFE)
    no = fade(rejections, rejected_days, REJECTION_HALF_LIFE)
    return (yes + 0.8) / (yes + no + 1.0)

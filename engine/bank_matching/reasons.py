"""What speaks for and against an open item being what a bank transaction is: reference, payer, date, currency, amount.

Each piece of evidence becomes a ``Reason`` with its weight in bits; the weights are in ``scoring.py``.
"""

from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from . import bank_text
from .scoring import ITEMS, WEIGHTS, counted, reason


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
    if others and _may_be_for_cited(transaction, item):
        return best
    if best is not None and (best.kind == "reference_exact" or not others):
        return best
    if others:
        other = max(others, key=lambda key: (len(key), key))
        if not transaction.cited.keys() - set(others):
            return reason("reference_other", reference=other)
    if best is None and any(len(number) >= 4 for number in transaction.numbers):
        return reason("reference_unknown")
    return best


def _may_be_for_cited(transaction, item):
    """Whether an item is a payment that may be for a document that the label names: of its owner, and unapplied."""
    return item.is_unapplied and item.owner_id in transaction.cited_owners


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
    words = bank_text.name_words(text)
    return words, frozenset(words), " ".join(words), " ".join(sorted(words))


@lru_cache(maxsize=65536)
def similarity(text, name):
    """Give how much of a name is found in a text, 0 to 100: words in any order, misspelled or cut off.

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
    if _may_be_for_cited(transaction, item):
        return counted("owner_cited", 1 / ITEMS, owner=item.owner_name)
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
        # The bank's own field says who paid; so does a label with the whole name of somebody else.
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

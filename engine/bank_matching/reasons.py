"""Reasons for and against an open item being what a bank transaction is: reference, payer, date, currency, amount.

Each agreement and each difference becomes a ``Reason`` with its weight in bits; the weights are in ``scoring.py``.
"""

from rapidfuzz.distance import OSA

from . import names
from .scoring import ITEMS, WEIGHTS, counted, reason

# So many days around its date a planned payment may be what the bank shows.
PLANNED_DAYS = 10
# What names two account owners equally doesn't say which of them it is: never taken automatically by itself.
SHARED = frozenset(["owner_shared", "owner_shared_account"])


def commonness(amount):
    """Give how many unseen rivals an amount has: round amounts are paid for many things.

    :param amount: Decimal
    """
    amount = abs(amount)
    if amount % 1:
        return 0.05
    return 2.0 if amount % 100 == 0 else 1.0 if amount % 10 == 0 else 0.4


def amount_reason(kind, transaction, amount, currency_id, **params):
    """Weigh an amount that fits to the cent by how many open items have it; remembered, because many may have it."""
    key = kind, amount, currency_id, *params.values()
    if key not in transaction.amount_reasons:
        count = transaction.amount_counts.get((amount, currency_id), 0)
        u = (max(count, 1) + commonness(amount)) / ITEMS
        transaction.amount_reasons[key] = counted(
            kind, u, amount=abs(amount), currency_id=currency_id, count=count, **params
        )
    return transaction.amount_reasons[key]


def reference_reason(transaction, item):
    """Weigh what the label says about the item's numbers and references.

    :return: ``Reason`` or None where the label says nothing about any document
    """
    best = None
    for reference in item.references:
        found = _one_reference(transaction, reference, item.entity_type == "payment")
        if found and (best is None or found.weight > best.weight):
            best = found
    others = [key for key, move_ids in transaction.cited.items() if item.move_id not in move_ids]
    if others and may_be_for_cited(transaction, item):
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


def may_be_for_cited(transaction, item):
    """Whether an item is a payment that may be for a document that the label names: of its owner, and unapplied."""
    return item.is_unapplied and item.owner_id in transaction.cited_owners


def _one_reference(transaction, reference, is_payment):
    key = reference.key
    if key in transaction.end_keys:
        count = len(transaction.cited_at_end.get(key, ())) or 1
        u = max(count / ITEMS, len(transaction.end_keys) * reference.rarity)
        return counted("reference_end_to_end", u, reference=reference.text)
    if key in transaction.keys:
        count = len(transaction.cited.get(key, ())) or 1
        u = max(count / ITEMS, transaction.key_count * reference.rarity)
        return counted("reference_exact", u, reference=reference.text)
    best = None
    number = reference.number
    if number in transaction.numbers and len(number) >= 2 and (is_payment or number not in transaction.cheques):
        u = min(1.0, len(transaction.numbers) * 4 * 10.0 ** -len(number))
        found = counted("reference_number", u, reference=number)
        best = found if found.weight > 0 else None
    if reference.digits < 3 or len(key) < 5 or not transaction.keys:
        return best
    if key in transaction.compacted_text:
        u = max(1 / ITEMS, 4 * transaction.key_count * reference.rarity)
        return counted("reference_inside", u, reference=reference.text)
    if reference.digits >= 4 and len(key) >= 7:
        near = (*transaction.near_keys.get(key[:3], ()), *transaction.near_keys.get(key[-3:], ()))
        if near and any(abs(len(one) - len(key)) <= 1 and OSA.distance(one, key, score_cutoff=1) <= 1 for one in near):
            found = reason("reference_typo", reference=reference.text)
        elif key[:6] in transaction.compacted_text and any(_is_cut(text, key) for text in transaction.compacted):
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


def owner_reason(transaction, item):
    """Weigh who paid against whose item it is.

    :return: ``Reason``
    """
    if not item.owner_id:
        return None
    found = transaction.owners.get(item.owner_id)
    if found is not None:
        return found
    if may_be_for_cited(transaction, item):
        return counted("owner_cited", 1 / ITEMS, owner=item.owner_name)
    if transaction.is_owner_known:
        return reason("owner_other", owner=item.owner_name)
    return name_reason(transaction, item)


def name_reason(transaction, item):
    """Weigh the names of an item's owner, and those printed on the document, against what the bank wrote; remembered,
    because an owner has many items."""
    found = transaction.names.get(item.owner_id)
    if found is not None and found.kind not in ("owner_other_word", "owner_similar"):
        return found
    key = item.owner_id, item.names
    if key not in transaction.item_names:
        transaction.item_names[key] = max(
            [_names_fit(transaction, (item.owner_name, *item.names)), *([found] if found else [])],
            key=lambda one: one.weight,
        )
    return transaction.item_names[key]


def _names_fit(transaction, owner_names):
    """Weigh names that no look-up by words has found."""
    best = names.NO_FIT, ""
    for text, is_field in ((transaction.name, True), (transaction.label, False)):
        for name in owner_names:
            fit = names.compare(text, name, is_field)
            if fit.kind and fit.rank > best[0].rank:
                best = fit, name
    fit, name = best
    if not fit.kind:
        # The bank's own field says who paid; so does a label with the whole name of somebody else.
        is_named = transaction.name or any(why.kind == names.WHOLE for why in transaction.names.values())
        return reason("owner_other_name" if is_named else "owner_absent", owner=owner_names[0])
    kind = names.CLOSE if fit.kind in (names.WHOLE, names.CUT) else fit.kind
    return reason(kind, owner=name, similarity=fit.score)


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
    for amount, day in item.planned:
        if amount == abs(transaction.amount) and abs((transaction.date - day).days) <= PLANNED_DAYS:
            reasons.append(reason("planned_waiting", date=day))
            break
    if item.currency_id not in (transaction.currency_id, transaction.foreign_currency_id):
        reasons.append(reason("currency_other"))
    return [found for found in reasons if found is not None]


def rejected_reasons(transaction, records):
    """Weigh that somebody rejected exactly this before, less as time passes.

    :param records: iterable of (model, id)
    :return: list of ``Reason``
    """
    faded = transaction.rejected.get(frozenset(records), 0)
    return [reason("rejected", WEIGHTS["rejected"].bits * min(1.0, faded))] if faded > 0.05 else []

"""All that a bank transaction may be: one open item, an installment, several items, a payout of payments, a transfer,
an expense. Each becomes a ``Suggestion`` with its reasons; together with "none of these" they share one probability.
"""

from collections import defaultdict
from decimal import Decimal
from math import comb, gcd, log2

from . import reasons as about
from . import scoring
from .certain_matches import GAP
from .make_suggestion import claims_of, make_suggestion
from .model import DOCUMENT_SIDES, Reason
from .payouts import payouts
from .reasons import amount_reason, other_reasons
from .scoring import reason
from .subset_sums import subset_sums
from .transfers import RATE_DIFFERENCE_MAX, expense, says_transfer, transfer

# Largest share of an amount that charges may take off a payment.
FEE_MAX = Decimal("0.03")
OVER_NEAR_MAX = Decimal("0.05")
SUM_DOCUMENTS_MAX = 40
SUM_OWNERS_MAX = 3
SOLUTIONS_MAX = 3
KEPT_MAX = 24
# A single item this sure makes it pointless to look for sums.
SUM_NEEDED_BELOW = 4.0


def propose(transaction, candidates):
    """Give all suggestions for a transaction, the likeliest first; equally likely ones in a fixed order.

    Costs no query; at most ``SUM_OWNERS_MAX`` bounded searches.

    :param transaction: ``Transaction``
    :param candidates: ``Candidates``
    :return: list of at most ``KEPT_MAX`` ``Suggestion``
    """
    cited = {move_id for move_ids in transaction.cited.values() for move_id in move_ids}
    transaction.cited_owners = frozenset(
        item.owner_id for item in candidates.items if item.is_document and item.owner_id and item.move_id in cited
    )
    found = []
    for item in candidates.items:
        single = _single(transaction, item, candidates)
        if single is not None:
            found.append(single)
        for part in item.parts:
            installment = _installment(transaction, part)
            if installment is not None:
                found.append(installment)
    best = max((one.score for one in found if one.is_whole), default=-99.0)
    if best - scoring.WEIGHTS["none"].bits < SUM_NEEDED_BELOW:
        found += _sums(transaction, candidates)
    if transaction.cited_owners:
        # Payments that may be for a document come before it, even if the label names the document.
        known = {one.records for one in found}
        sums = _sums(transaction, candidates, about.may_be_for_cited)
        found += [one for one in sums if one.records not in known]
    found += payouts(transaction, candidates)
    transfers = [pair for other in candidates.transfers if (pair := transfer(transaction, *other, candidates))]
    found += transfers
    found += [expense(transaction, candidates, transfers, *learned) for learned in candidates.expenses]
    found = _payments_first(found, transaction, candidates.items)
    found.sort(key=lambda one: (-one.score, one.records))
    del found[KEPT_MAX:]
    sides = {number for pair in transfers if pair.is_whole for number in pair.partners}
    is_named = transaction.is_client_named or any(
        says_transfer(side)
        for side in (transaction, *(other for other, _amount in candidates.transfers))
        if side.id in sides
    )
    none = scoring.NONE_NAMED if is_named else scoring.NONE_IN if transaction.amount > 0 else scoring.NONE
    shares = scoring.probabilities([one.score for one in found], none=none)
    return [one._replace(probability=share, none=none) for one, share in zip(found, shares, strict=True)]


def _single(transaction, item, candidates):
    if (item.amount > 0) != (transaction.amount > 0):
        return None
    is_foreign = item.currency_id not in (transaction.currency_id, transaction.foreign_currency_id)
    compare = _compare_converted if is_foreign else _compare
    compared = compare(transaction, item, candidates)
    if compared is None:
        return None
    amount, used, is_whole, note = compared
    is_over = amount.kind in ("amount_over", "amount_over_near")
    if is_over and (item.entity_type == "payment" or not (item.owner_id or transaction.owner_id)):
        # The rest would have no owner: the amount of a payment is fixed, and a deposit needs an owner.
        return None
    is_payment = item.entity_type == "payment"
    # A payment is one amount: what reached the bank of it is all of it, at the bank's rate.
    is_settled = is_payment and amount.kind == "amount_foreign"
    reasons = [amount, *other_reasons(transaction, item)]
    return make_suggestion(
        transaction,
        item.entity_type,
        (item.record,),
        (abs(transaction.amount) if is_settled else used,),
        "prior_payment" if is_payment else "prior",
        reasons,
        is_whole,
        note,
        claims_of(item),
        is_for_person=is_payment and item.journal_id != transaction.journal_id,
        is_settled=is_settled,
    )


def _compare(transaction, item, candidates):
    """Compare amounts in one currency: the journal's, or the one that the bank's file names.

    :return: ``Reason``, how much of the transaction is used, whether that settles the item in full, the note; or None
    """
    is_own = item.currency_id == transaction.currency_id
    paid = transaction.amount if is_own else transaction.foreign_amount
    if not paid:
        return None
    used, params = abs(transaction.amount), {"amount": abs(item.amount), "currency_id": item.currency_id}
    if paid == item.amount:
        return amount_reason("amount_exact", transaction, paid, item.currency_id), used, True, ""
    if item.discount is not None and paid == item.discount:
        is_due = transaction.date <= item.discount_date
        kind = "amount_discount" if is_due else "amount_discount_late"
        amount = amount_reason(kind, transaction, paid, item.currency_id, date=item.discount_date)
        return amount, used, is_due, "discount" if is_due else "partial"
    difference = abs(abs(item.amount) - abs(paid))
    params["difference"] = difference
    if abs(paid) < abs(item.amount):
        kind = "amount_fee" if difference <= FEE_MAX * abs(item.amount) else "amount_part"
        return reason(kind, **params), used, False, "partial"
    kind = "amount_over_near" if difference <= OVER_NEAR_MAX * abs(item.amount) else "amount_over"
    used = min(used, abs(candidates.convert(transaction, item.currency_id, item.amount)))
    return (reason(kind, **params), used, False, "overpaid") if used else None


def _compare_converted(transaction, item, candidates):
    """Compare an item in another currency at the transaction's rate; see :func:`_compare`."""
    total = abs(transaction.amount)
    open_amount = abs(candidates.convert(transaction, item.currency_id, item.amount))
    # What is worth less than the smallest unit of a currency can't be paid, nor pay.
    if not open_amount or not transaction.balance:
        return None
    if abs(item.amount) * total < candidates.unit(item.currency_id) * open_amount:
        return None
    params = {"amount": abs(item.amount), "currency_id": item.currency_id}
    if item.discount is not None and transaction.date <= item.discount_date:
        asked = abs(candidates.convert(transaction, item.currency_id, item.discount))
        if asked == total:
            return reason("amount_foreign_discount", **params, date=item.discount_date), total, False, "discount"
    if abs(total - open_amount) <= RATE_DIFFERENCE_MAX * open_amount:
        kind = "amount_foreign"
    else:
        kind = "amount_part" if total < open_amount else "amount_over"
    return reason(kind, **params), min(total, open_amount), False, "foreign"


def _installment(transaction, part):
    if part.amount != transaction.amount or part.currency_id != transaction.currency_id:
        return None
    reasons = [amount_reason("amount_installment", transaction, part.amount, part.currency_id),
               *other_reasons(transaction, part)]  # fmt: skip
    used = (abs(transaction.amount),)
    return make_suggestion(
        transaction, part.entity_type, (part.record,), used, "prior", reasons, True, "", claims_of(part)
    )


def _payments_first(found, transaction, items):
    """Where a registered payment of the same owner waits for the bank, it comes before the documents that it may be
    for: with one of those matched, the money would be there twice.

    Payments that make up the whole transaction rank above the owner's documents. One that is as much as a document
    leaves that document to a person.

    :param found: list of ``Suggestion``
    :return: the list, such documents for a person to choose
    """
    waiting = {item.line_ids[0]: item for item in items if item.is_unapplied and item.owner_id}
    if not waiting:
        return found
    by_line = {line_id: item for item in items for line_id in item.line_ids}
    amounts = _waiting_amounts(waiting.values(), transaction)
    payments = {}
    for one in found:
        lines = {line_id for _kind, line_id in one.claims}
        if (
            one.entity_type == "payment"
            and lines <= waiting.keys()
            and (len(lines) > 1 or one.is_whole or one.is_settled)
        ):
            owners = {waiting[line_id].owner_id for line_id in lines}
            if len(owners) == 1:
                (owner_id,) = owners
                payments[owner_id] = max(payments.get(owner_id, -99.0), one.score)
    ranked = []
    for one in found:
        if one.entity_type in DOCUMENT_SIDES:
            documents = [by_line[line_id] for _kind, line_id in one.claims]
            scores = [payments[item.owner_id] for item in documents if item.owner_id in payments]
            if scores:
                bits = min(scoring.WEIGHTS["payment_waiting"].bits, max(scores) - GAP - one.score)
                why = Reason("payment_waiting", {}, round(bits, 2))
                one = one._replace(reasons=(why, *one.reasons), score=one.score + bits, is_for_person=True)
            elif any(amounts[item.owner_id] & _amounts_of(item) for item in documents):
                why = Reason("payment_waiting_document", {}, 0.0)
                one = one._replace(reasons=(*one.reasons, why), is_for_person=True)
        ranked.append(one)
    return ranked


def _waiting_amounts(payments, transaction):
    """What of the owners' documents their registered payments may be for.

    :param payments: ``OpenItem`` of registered payments that are not applied and wait for the bank
    :return: dict owner id -> set of (amount, currency id); the transaction's own among them where they make it up
    """
    amounts, sums = defaultdict(set), defaultdict(Decimal)
    for item in payments:
        amounts[item.owner_id].add((item.amount, item.currency_id))
        sums[item.owner_id, item.currency_id] += item.amount
    for (owner_id, currency_id), total in sums.items():
        if (total, currency_id) == (transaction.amount, transaction.currency_id):
            amounts[owner_id].add((total, currency_id))
    return amounts


def _amounts_of(item):
    """The amounts that a payment of a document may have: what is open of it, or an installment of it."""
    return {(one.amount, one.currency_id) for one in (item, *item.parts)}


def _sums(transaction, candidates, which=None):
    """Several items of one account owner that add up to the transaction.

    :param which: called with the transaction and an item, whether it is meant; None for all
    """
    by_owner = defaultdict(list)
    for item in candidates.items:
        is_meant = which is None or which(transaction, item)
        if is_meant and item.currency_id == transaction.currency_id and item.owner_id:
            by_owner[item.owner_id, item.entity_type == "payment"].append(item)
    cited = {move_id for move_ids in transaction.cited.values() for move_id in move_ids}
    ranked = []
    for (owner_id, _is_payment), items in by_owner.items():
        is_cited = any(item.move_id in cited for item in items)
        owner = about.owner_reason(transaction, items[0])
        if len(items) > 1 and (is_cited or owner.weight > 0):
            ranked.append((-owner.weight - 13 * is_cited, owner_id, owner, items))
    ranked.sort(key=lambda row: row[:2])
    found = []
    for _rank, _owner_id, owner, items in ranked[:SUM_OWNERS_MAX]:
        found += _sums_of(transaction, owner, items, cited, candidates.digits)
    return found


def _sums_of(transaction, owner, items, cited, digits):
    """The ways in which the items of one owner add up: those that the label names, else whatever a search finds."""
    sign = 1 if transaction.amount > 0 else -1
    unit = Decimal(1).scaleb(digits)
    summed = [item for item in items if item.move_id in cited or (item.date - transaction.date).days <= 3]
    summed.sort(key=lambda item: (item.move_id not in cited, item.due, item.date, item.record))
    # Where not all items can be looked at, others might add up as well.
    is_cut = len(summed) > SUM_DOCUMENTS_MAX
    summed = summed[:SUM_DOCUMENTS_MAX]
    cents = [int(sign * item.amount * unit) for item in summed]
    target = int(abs(transaction.amount) * unit)
    named = tuple(place for place, item in enumerate(summed) if item.move_id in cited)
    if len(named) > 1 and sum(cents[place] for place in named) == target:
        return [_sum(transaction, owner, summed, named, cents, target, cited, len(items), 1)]
    search = subset_sums(target, cents, solutions_max=SOLUTIONS_MAX)
    count = len(search.solutions) + (is_cut or not search.is_complete)
    return [
        _sum(transaction, owner, summed, chosen, cents, target, cited, len(items), count)
        for chosen in search.solutions
        if any(cents[place] > 0 for place in chosen)
    ]


def _sum(transaction, owner, summed, chosen, cents, target, cited, open_count, solution_count):
    """One way to add up.

    :param chosen: places in ``summed``
    :param open_count: how many items of the owner are open
    :param solution_count: how many ways there are, at least
    """
    chosen_items = [summed[place] for place in chosen]
    uncited = [item for item in chosen_items if item.move_id not in cited]
    is_named = not uncited and len(cited) >= len(chosen)
    # Round amounts meet by accident: only so many different sums are possible among them.
    grain = gcd(target, *(cents[place] for place in chosen))
    sums = 1 if is_named else _sums_meant(len(summed), chosen)
    places = max(sum(map(abs, cents)) // grain, 1)
    bits = log2(scoring.WEIGHTS["amount_sum"].m * places / sums) + log2(open_count) - log2(solution_count)
    currency_id = transaction.currency_id
    reasons = [
        reason("amount_sum", bits, amount=abs(transaction.amount), currency_id=currency_id, count=len(chosen)),
        owner,
        about.date_reason(transaction, max(chosen_items, key=lambda item: (item.date, item.record))),
    ]
    if len(chosen) == len(summed) and not is_named:
        reasons.append(reason("sum_all", count=len(chosen)))
    references = [about.reference_reason(transaction, item) for item in chosen_items]
    reasons += [found for found in references if found is not None and found.weight > 0]
    is_other = cited - {item.move_id for item in chosen_items} or (uncited and len(uncited) < len(chosen))
    if is_other and not all(about.may_be_for_cited(transaction, item) for item in chosen_items):
        # A payer who lists documents lists all of them.
        reasons.append(reason("reference_other", reference=max(transaction.cited)))
    is_elsewhere = any(
        item.entity_type == "payment" and item.journal_id != transaction.journal_id for item in chosen_items
    )
    if is_elsewhere:
        reasons.append(reason("payment_journal"))
    sign = 1 if transaction.amount > 0 else -1
    is_unique = solution_count == 1
    return make_suggestion(
        transaction,
        chosen_items[0].entity_type,
        [item.record for item in chosen_items],
        [sign * item.amount for item in chosen_items],
        "prior",
        [found for found in reasons if found is not None],
        is_unique,
        "combined" if is_unique else "several_solutions",
        claims_of(*chosen_items),
        is_for_person=is_elsewhere,
    )


def _sums_meant(count, chosen):
    """How many sums somebody could mean who pays several of so many items: mostly the oldest, or those in a row.

    :param chosen: places of those that are paid, by due date
    """
    subsets = sum(comb(count, size) for size in range(2, len(chosen) + 1))
    in_a_row = chosen[-1] - chosen[0] + 1 == len(chosen)
    return min(subsets, count * (count + 1)) if in_a_row else subsets

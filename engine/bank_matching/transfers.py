"""Suggestions of transfers between own accounts, and of expenses."""

from datetime import timedelta
from decimal import Decimal
from math import log2

from . import bank_text, names, scoring
from . import reasons as about
from .make_suggestion import make_suggestion
from .model import Reason
from .scoring import counted, reason

# Largest share of an amount that charges may take off a transfer.
TRANSFER_FEE_MAX, TRANSFER_FEE_FLAT = Decimal("0.01"), 50
RATE_DIFFERENCE_MAX = Decimal("0.03")
# Shortest number of an own account that is looked for in a text.
OWN_NUMBER_MIN = 8


def transfer(transaction, other, converted, candidates):
    """The other side of a transfer between own accounts, its amount given in this one's currency."""
    if (other.amount > 0) == (transaction.amount > 0):
        return None
    difference = abs(abs(transaction.amount) - abs(converted))
    is_whole, note = True, ""
    if transaction.currency_id != other.currency_id:
        if difference > RATE_DIFFERENCE_MAX * abs(converted):
            return None
        is_whole, note = difference <= RATE_DIFFERENCE_MAX / 2 * abs(converted), "foreign"
        amount = reason("transfer_rate", amount=abs(other.amount), currency_id=other.currency_id)
    elif not difference:
        same = sum(1 for one, _amount in candidates.transfers if one.amount == other.amount)
        u = (same + about.commonness(other.amount) / 4) / scoring.ITEMS
        amount = counted("transfer_amount", u, amount=abs(other.amount), currency_id=other.currency_id, count=same)
    else:
        if difference > TRANSFER_FEE_MAX * abs(converted) + TRANSFER_FEE_FLAT or difference > abs(converted) / 5:
            return None
        is_whole, note = False, "fee"
        amount = reason("transfer_fee", amount=abs(other.amount), currency_id=other.currency_id, difference=difference)
    days = bank_days(transaction.date, other.date)
    reasons = [amount, reason("transfer_same_day" if days <= 2 else "transfer_days", days=days)]
    if any(
        _names_account(seen, candidates.own_accounts.get(journal_id))
        for journal_id, seen in ((transaction.journal_id, other), (other.journal_id, transaction))
    ):
        reasons.append(reason("transfer_account"))
    if any(_names_company(side, candidates.company_name) for side in (transaction, other)):
        reasons.append(reason("transfer_name", owner=candidates.company_name))
    else:
        if any(side.is_owner_known for side in (transaction, other)):
            reasons.append(reason("owner_other", owner=candidates.company_name))
    naming = sum(
        bool(seen.words & bank_text.TRANSFER_WORDS) or _is_named(far.journal_id, seen, candidates)
        for seen, far in ((transaction, other), (other, transaction))
    )
    if naming:
        reasons.append(reason("transfer_words", scoring.WEIGHTS["transfer_words"].bits * (1.7 if naming == 2 else 1.0)))
    records = [("account.bank.statement.line", other.id)]
    used, claims = (abs(transaction.amount),), [("transaction", transaction.id), ("transaction", other.id)]
    pair = make_suggestion(
        transaction, "internal_transfer", records, used, "prior_transfer", reasons, is_whole, note, claims
    )
    return pair._replace(partners=frozenset((transaction.id, other.id)))


def says_transfer(side):
    """Whether a transaction says that it is a transfer between own accounts, not just that money was transferred."""
    words = side.words
    is_directed = not words.isdisjoint(("TRANSFER", "TRF", "VIREMENT")) and not words.isdisjoint(("TO", "FROM", "VERS"))
    return is_directed or not words.isdisjoint(bank_text.OWN_TRANSFER_WORDS)


def bank_days(one, other):
    """Give how many days on which banks work lie between two days; a weekend counts nothing.

    >>> from datetime import date
    >>> bank_days(date(2026, 1, 9), date(2026, 1, 13))  # Friday to Tuesday
    2
    """
    first, last = min(one, other), max(one, other)
    return sum((first + timedelta(days=number)).weekday() < 5 for number in range(1, (last - first).days + 1))


def _names_account(side, number):
    """Whether a transaction names one of the company's own accounts, in its field or in its text."""
    if not number:
        return False
    is_number = len(number) >= OWN_NUMBER_MIN and sum(map(str.isdigit, number)) >= OWN_NUMBER_MIN - 2
    in_text = is_number and any(number in text for text in side.compacted)
    return bank_text.compact(side.account_number) == number or in_text


def _is_named(journal_id, side, candidates):
    """Whether a transaction says by an own account's name that it is a transfer to or from it."""
    named = candidates.own_names.find(side.bank_texts, side.journal_id)
    return named is not None and named.is_clear and named.journal_id == journal_id


def _names_company(side, company_name):
    """Whether a transaction names the company itself as its other side."""
    return any(
        names.compare(text, company_name, is_field).kind in (names.WHOLE, names.CUT)
        for text, is_field in ((side.name, True), (side.label, False))
        if text
    )


def expense(transaction, candidates, transfers, preset_id, trust, count):
    """A kind of expense that people gave transactions with this label: alone, it is as likely as they were right.

    What looks like a transfer is that first: money that only changed the account is no expense.
    """
    trust = min(trust, 0.9999)
    bits = log2(trust / (1 - trust))
    reasons = [Reason("expense_learned", {"count": count}, round(bits, 2))]
    own_numbers = [number for key, number in candidates.own_accounts.items() if key != transaction.journal_id]
    named = candidates.own_names.find(transaction.bank_texts, transaction.journal_id)
    if (
        any(pair.score > scoring.NONE for pair in transfers)
        or any(_names_account(transaction, number) for number in own_numbers)
        or (named is not None and named.is_clear)
        or _names_company(transaction, candidates.company_name)
    ):
        reasons.append(reason("expense_transfer"))
    records = (("account.reconcile.model", preset_id),)
    return make_suggestion(transaction, "expense", records, (abs(transaction.amount),), "none", reasons, True, "", ())

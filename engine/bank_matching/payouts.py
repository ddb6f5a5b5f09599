"""Suggestions of payouts: registered payments of some days that the bank paid out in one sum."""

from decimal import Decimal

from . import bank_text
from .make_suggestion import claims_of, make_suggestion
from .scoring import counted, reason

# Largest share of a payout that charges may take off, and the days whose payments are paid out together.
SETTLEMENT_FEE_MAX = Decimal("0.05")
SETTLEMENT_DAYS_MAX = 4


def payouts(transaction, candidates):
    """Registered payments of some days that the bank paid out in one sum, perhaps less its charges."""
    found, target, fitting = [], transaction.amount, candidates.settlements
    has_words = bool(transaction.words & bank_text.SETTLEMENT_WORDS)
    for total, items in fitting:
        short = abs(total - target)
        params = {"amount": abs(total), "currency_id": transaction.currency_id, "count": len(items)}
        if short:
            amount = counted("settlement_fee", 0.05 * len(fitting), **params, difference=short)
        else:
            places = abs(total).scaleb(candidates.digits) / (100 if target % 1 == 0 else 1)
            u = candidates.settlement_count / float(max(places, 1))
            amount = counted("amount_settlement", u, **params)
        days = max((transaction.date - item.date).days for item in items)
        reasons = [amount, reason("payment_near", days=days)]
        sign = 1 if total > 0 else -1
        refunds = sum(1 for item in items if sign * item.amount < 0)
        if refunds:
            reasons.append(reason("settlement_refunds", refunds=refunds))
        if has_words or short:
            reasons.append(reason("settlement_words" if has_words else "settlement_no_words"))
        if transaction.is_owner_known:
            reasons.append(reason("owner_known"))
        # Charges are taken off the largest payments, which stay open by so much.
        left, used = abs(target), {}
        for item in sorted(items, key=lambda item: (sign * item.amount, item.record)):
            used[item.record] = min(left, sign * item.amount)
            left -= used[item.record]
        paid = [(item, used[item.record]) for item in items if used[item.record]]
        found.append(
            make_suggestion(
                transaction,
                "payment",
                [item.record for item, _amount in paid],
                [amount for _item, amount in paid],
                "prior_settlement",
                reasons,
                not short,
                "fee" if short else "combined",
                claims_of(*items),
            )
        )
    return found


def is_settlement(target, total):
    """Whether a transaction's amount may be a payout of so much, perhaps less its charges."""
    return 0 <= (total - target) * (1 if total > 0 else -1) <= SETTLEMENT_FEE_MAX * abs(total)


def settlement_windows(groups):
    """Give the payouts that are possible: each day's, and those of neighbouring days, of one method.

    :param groups: list of (method, date, total, list of lines) of one journal, currency and direction, by method and
        date
    :return: list of (total, lines) with two or more lines
    """
    windows = []
    for start in range(len(groups)):
        total, lines = Decimal(0), []
        for method, _date, amount, more in groups[start : start + SETTLEMENT_DAYS_MAX]:
            if method != groups[start][0]:
                break
            total, lines = total + amount, lines + more
            if len(lines) > 1:
                windows.append((total, lines))
    return windows

"""How much of a bank transaction goes to each of several targets: exact decimals, no database.

How to use
    ``share_out(total, opens)`` where no amounts were given; ``split_balance(amounts, balance, digits)`` for the same
    amounts in company currency.
"""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)


def share_out(total, opens):
    """Share a transaction over targets in the order given.

    A target that gives money back (a credit note beside invoices) adds to what can be shared, as far as it is needed.

    >>> share_out(Decimal(100), [Decimal(75), Decimal(75), Decimal(20)])
    [Decimal('75'), Decimal('25'), Decimal('0')]
    >>> share_out(Decimal(100), [Decimal(150), Decimal(-50)])
    [Decimal('150'), Decimal('-50')]
    """
    owed = sum((amount for amount in opens if amount > 0), ZERO)
    back = min(max(owed - total, ZERO), -sum((amount for amount in opens if amount < 0), ZERO))
    money, amounts = total + back, []
    for amount in opens:
        if amount > 0:
            part = min(amount, money)
            money -= part
        else:
            part = -min(-amount, back)
            back += part
        amounts.append(part)
    return amounts


def split_balance(amounts, balance, digits):
    """Share an amount of company currency in proportion, to the cent.

    Each share is the difference of two roundings of the running amount, so that they add up exactly.

    :param amounts: list of Decimal that add up to other than zero
    :param balance: Decimal, what they add up to in company currency
    :param digits: decimal places of the company currency
    :return: list of Decimal

    >>> split_balance([Decimal(1), Decimal(1), Decimal(1)], Decimal(100), 2)
    [Decimal('33.33'), Decimal('33.34'), Decimal('33.33')]
    """
    whole, cent = sum(amounts, ZERO), Decimal(1).scaleb(-digits)
    running, before, shares = ZERO, ZERO, []
    for amount in amounts:
        running += amount
        until = (balance * running / whole).quantize(cent, rounding=ROUND_HALF_UP)
        shares.append(until - before)
        before = until
    return shares

"""Amounts in the digits of a currency."""

from odoo.tools import SQL


def rounded(amount: SQL, rounding: SQL) -> SQL:
    """An amount as a multiple of the smallest amount of its currency.

    :param amount: a numeric expression
    :param rounding: the smallest amount of the currency
    """
    return SQL("(ROUND((%(amount)s) / %(rounding)s) * %(rounding)s)", amount=amount, rounding=rounding)


def running_share(amount: SQL, until: SQL, part: SQL, whole: SQL, rounding: SQL) -> SQL:
    """A part's share of an amount that is spread over a running total: the difference of the two roundings.

    :param amount: what is spread
    :param until: the running total, this part included
    :param part: this part
    :param whole: the total of all parts
    :param rounding: the smallest amount of the currency
    """
    before = SQL("(%s - %s)", until, part)
    return SQL(
        "(%s - %s)",
        *(rounded(SQL("%s * %s / %s", amount, running, whole), rounding) for running in (until, before)),
    )

"""Amounts that are spread over parts, so that the rounded parts add up to the whole."""

from odoo.tools import SQL


def running_share(amount: SQL, until: SQL, part: SQL, whole: SQL, rounding: SQL) -> SQL:
    """A part's share of an amount that is spread over a running total: the difference of the two roundings.

    :param amount: what is spread
    :param until: the running total, this part included
    :param part: this part
    :param whole: the total of all parts
    :param rounding: the smallest amount of the currency
    """
    return SQL(
        "(ROUND(%(amount)s * %(until)s / %(whole)s / %(rounding)s) * %(rounding)s"
        " - ROUND(%(amount)s * (%(until)s - %(part)s) / %(whole)s / %(rounding)s) * %(rounding)s)",
        amount=amount,
        until=until,
        part=part,
        whole=whole,
        rounding=rounding,
    )

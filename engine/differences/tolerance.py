"""Whether the difference between what is open and what was paid may be written off by a company's policy."""


def difference_within(total, asked, amount_max, percent_max):
    """Give the difference of a payment that a policy covers.

    Both limits must hold; a limit of zero covers nothing.

    :param total: Decimal above 0, what was paid
    :param asked: Decimal, what is open of all that it pays
    :param amount_max: Decimal, the largest difference
    :param percent_max: Decimal, the largest difference as a percentage of what is open
    :return: Decimal, above 0 where more was paid; None where there is none or it is beyond a limit

    >>> from decimal import Decimal
    >>> difference_within(Decimal("99.50"), Decimal(100), Decimal(1), Decimal(1))
    Decimal('-0.50')
    >>> difference_within(Decimal("98.50"), Decimal(100), Decimal(1), Decimal(5)) is None
    True
    >>> difference_within(Decimal("9.50"), Decimal(10), Decimal(1), Decimal(1)) is None
    True
    """
    difference = total - asked
    if not difference or asked <= 0:
        return None
    if abs(difference) > amount_max or abs(difference) * 100 > percent_max * asked:
        return None
    return difference

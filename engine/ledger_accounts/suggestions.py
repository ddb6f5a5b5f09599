"""Which suggestion for an account comes first: confidence from what the lines share, plain Python.

How to use
    ``rank(candidates, limit)`` with what the queries of ``suggestions_sql.py`` have found.

How it works
    A candidate starts from what its lines share (``BASE``), gains where they are of one partner and close in time, and
    loses with each month between them. A line is in one suggestion only: the surest has it.
"""

from dataclasses import dataclass, field

# How sure lines that add up to zero are to belong together, by what they share.
BASE = {
    "rule": 0.97,
    "reference": 0.92,
    "order": 0.92,
    # Less than the order: where all of it adds up, it is one suggestion.
    "product_order": 0.91,
    "partner_opposite": 0.82,
    "reference_sum": 0.8,
    "partner": 0.75,
    "opposite": 0.68,
    "partner_sum": 0.62,
}
SAME_PARTNER, SAME_DAYS, PER_MONTH, CONFIDENCE_MAX, CONFIDENCE_MIN = 0.04, 0.03, 0.04, 0.99, 0.2
# So many days between payment and what it pays are usual.
DAYS_CLOSE, DAYS_MONTH = 5, 30


@dataclass(frozen=True)
class Candidate:
    """Open lines that may belong together.

    :ivar kind: a key of ``BASE``
    :ivar line_ids: tuple of ids of journal items
    :ivar key: what they share, as text
    :ivar days: days between the first and the last
    :ivar amount: sum of the debits, in their currency
    :ivar is_one_partner: whether all have the same partner
    :ivar count: how many lines of its key and currency, or of its key and amount, were looked at
    """

    kind: str
    line_ids: tuple
    key: str | None
    currency_id: int
    days: int
    amount: object
    is_one_partner: bool
    count: int = 2
    rule_id: int = 0
    extra: dict = field(default_factory=dict, compare=False)

    @property
    def confidence(self):
        """How sure it is, from 0 to 1.

        >>> near = Candidate("reference", (1, 2), "A1", 1, 0, 10, True)
        >>> far = Candidate("reference", (1, 2), "A1", 1, 90, 10, True)
        >>> near.confidence > far.confidence
        True
        """
        value = BASE[self.kind] + SAME_PARTNER * self.is_one_partner
        value += SAME_DAYS if self.days <= DAYS_CLOSE else -PER_MONTH * (self.days // DAYS_MONTH)
        return round(max(CONFIDENCE_MIN, min(CONFIDENCE_MAX, value)), 2)


def rank(candidates, limit):
    """Give the surest candidates, none of which shares a line with another.

    :param candidates: iterable of :class:`Candidate`
    :param limit: how many at most
    :return: list of :class:`Candidate`, surest first; of equal ones that of fewer and older lines

    >>> one = Candidate("opposite", (1, 2), None, 1, 0, 10, False)
    >>> other = Candidate("reference", (2, 3), "A1", 1, 0, 10, False)
    >>> [found.kind for found in rank([one, other], 5)]
    ['reference']
    """
    taken, found = set(), []
    for one in sorted(candidates, key=lambda one: (-one.confidence, len(one.line_ids), one.line_ids)):
        if taken.isdisjoint(one.line_ids):
            found.append(one)
            taken.update(one.line_ids)
            if len(found) >= limit:
                break
    return found

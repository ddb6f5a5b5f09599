"""What the page of a bank period lists, and what is counted of it.

How to use
    ``Offered.of(rows, confirmed)`` once: its rows take a pass over the account. Then, for each look at the page, with
    the ids of what is confirmed *now*: ``holds(confirmed)`` says whether the list is still right, ``counts`` and
    ``chosen`` give what the page shows.

How it works
    Whatever remittances are worked out from is found out to be written anew by ``page_sql.versions``. What is confirmed
    in the period itself is not part of that, so ticking needs no other list. One thing in it does depend on a tick: a
    payment that the bank has shown in parts counts as a whole where it was confirmed as a whole.
"""

from array import array
from dataclasses import dataclass


@dataclass(frozen=True)
class Offered:
    """The remittances of a period's page in their order, as columns.

    :ivar ids: ids of the remittances
    :ivar units: their amounts, in the smallest digit of the currency
    :ivar stays: of each, whether it is offered where it is not confirmed, too
    :ivar moved: of each, whether a bank transaction of the period has moved it
    :ivar in_parts: ids of payments that the bank has shown in parts
    :ivar whole: which of these were confirmed
    """

    ids: array
    units: array
    stays: bytes
    moved: bytes
    in_parts: frozenset
    whole: frozenset

    @classmethod
    def of(cls, rows, confirmed):
        """Make a list.

        :param rows: ``(id, units, stays, is_moved, is_in_parts)``, in the order of the page
        :param confirmed: set of ids that are confirmed in the period
        """
        in_parts = frozenset(row[0] for row in rows if row[4])
        return cls(
            array("q", (row[0] for row in rows)),
            array("q", (row[1] for row in rows)),
            bytes(bool(row[2]) for row in rows),
            bytes(bool(row[3]) for row in rows),
            in_parts,
            in_parts & confirmed,
        )

    def holds(self, confirmed):
        """Whether the list is right with what is confirmed now."""
        return self.in_parts & confirmed == self.whole

    def counts(self, confirmed):
        """Count the remittances that are offered, that are confirmed, and that are moved but not confirmed.

        >>> listed = Offered.of([(7, 100, True, True, False), (8, 250, True, False, False), (9, 5, False, True, False)],
        ...                     {8, 9})
        >>> listed.counts({8, 9}), listed.counts({7}), listed.counts(set())
        ((3, 2, 1), (2, 1, 0), (2, 0, 1))
        """
        offered = ticked = matched = 0
        for key, stays, moved in zip(self.ids, self.stays, self.moved, strict=True):
            is_confirmed = key in confirmed
            offered += stays or is_confirmed
            ticked += is_confirmed
            matched += stays and moved and not is_confirmed
        return offered, ticked, matched

    def chosen(self, confirmed, only_open=False, found=None):
        """The ids of what is offered, in the order of the page.

        :param only_open: leave out what is confirmed
        :param found: the ids to choose among; None: all
        """
        return [
            key for key, stays in zip(self.ids, self.stays, strict=True)
            if (not only_open if key in confirmed else stays) and (found is None or key in found)
        ]  # fmt: skip

    def of_amount(self, units):
        """The ids of the remittances of an amount, in or out."""
        return {key for key, own in zip(self.ids, self.units, strict=True) if abs(own) == units}

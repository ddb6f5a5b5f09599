"""Which entry is the sum of which payments, where no reference of the bank says so; no database needed."""

from datetime import date
from decimal import Decimal

try:
    from odoo.addons.account_reconciliation.engine.bank_import.batches import Booked, pair_batches
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the folder of the tests
    from unittest import TestCase

    from engine.bank_import.batches import Booked, pair_batches

DAY = date(2026, 4, 10)
STATEMENT, NOTICE = ("camt", True), ("camt", False)


def booked(key, amount=-30, day=DAY, **fields):
    return Booked(key, (day,), Decimal(amount), **fields)


class TestBatches(TestCase):
    def assertPaired(self, wholes, groups, *expected):
        self.assertEqual(pair_batches(wholes, groups), list(expected))

    def test_payment_order_is_proof_on_another_day_too(self):
        later = date(2026, 4, 13)
        self.assertPaired(
            [booked("sum", order="SCT-1")], [booked("parts", day=later, order="SCT-1")], ("sum", "parts", True)
        )
        much_later = date(2026, 5, 10)
        self.assertPaired([booked("sum", order="SCT-1")], [booked("parts", day=much_later, order="SCT-1")])
        self.assertPaired([booked("sum", order="SCT-1")], [booked("parts", amount=-31, order="SCT-1")])

    def test_day_and_sum_suggest_it(self):
        self.assertPaired([booked("sum")], [booked("parts", count=2)], ("sum", "parts", False))
        self.assertPaired([booked("sum", day=date(2026, 4, 11))], [booked("parts", count=2)])

    def test_contradictions(self):
        self.assertPaired([booked("sum", order="SCT-1")], [booked("parts", order="SCT-2")])
        self.assertPaired([booked("sum", count=3)], [booked("parts", count=2)])
        self.assertPaired([booked("sum", source=STATEMENT)], [booked("parts", count=2, source=STATEMENT)])
        self.assertPaired(
            [booked("sum", reference="B-1", source=STATEMENT)],
            [booked("parts", reference="B-2", count=2, source=NOTICE)],
        )
        # Another format may have another reference.
        self.assertPaired(
            [booked("sum", reference="B-1", source=("mt940", True))],
            [booked("parts", reference="B-2", count=2, source=NOTICE)],
            ("sum", "parts", False),
        )
        # The number of payments says that it is a batch.
        self.assertPaired(
            [booked("sum", count=2, source=STATEMENT)], [booked("parts", count=2, source=STATEMENT)],
            ("sum", "parts", False),
        )  # fmt: skip
        self.assertPaired(
            [booked("sum", source=STATEMENT)], [booked("parts", count=2, source=NOTICE)], ("sum", "parts", False)
        )

    def test_entry_that_is_called_a_batch_comes_first(self):
        self.assertPaired(
            [booked("payment"), booked("sum", count=2)], [booked("parts", count=2)], ("sum", "parts", False)
        )

    def test_each_is_in_one_pair(self):
        wholes = [booked("sum 1"), booked("sum 2"), booked("sum 3")]
        groups = [booked("parts 1", count=2), booked("parts 2", count=2)]
        self.assertPaired(wholes, groups, ("sum 1", "parts 1", False), ("sum 2", "parts 2", False))
        self.assertPaired(
            [booked("sum", order="SCT-1")],
            [booked("other", count=2), booked("parts", order="SCT-1")],
            ("sum", "parts", True),
        )

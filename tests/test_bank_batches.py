"""One batch in two messages is counted once: its sum is known again from its payments, and they from it."""

from datetime import date
from decimal import Decimal

try:
    from odoo.addons.account_reconciliation.engine.bank_import.batches import BatchPair, Entry, entry_of, pair_batches
    from odoo.tests import BaseCase as TestCase

    from .statement_common import read
except ImportError:  # run alone, without Odoo, from the folder of the tests
    from unittest import TestCase

    from statement_common import read

    from engine.bank_import.batches import BatchPair, Entry, entry_of, pair_batches

DAY = date(2026, 4, 10)


def total(key="sum", amount=-30, **fields):
    return Entry(key, (DAY,), Decimal(amount), **fields)


def parts(*amounts, prefix="part", **fields):
    return [Entry(f"{prefix}{number}", (DAY,), Decimal(amount), **fields) for number, amount in enumerate(amounts)]


class TestBatches(TestCase):
    def assertPaired(self, one, others, is_certain=True):
        keys = tuple(part.key for part in others)
        self.assertEqual(pair_batches([one], others), [BatchPair(one.key, keys, True, is_certain)])
        self.assertEqual(pair_batches(others, [one]), [BatchPair(one.key, keys, False, is_certain)])

    def assertNotPaired(self, ones, others):
        self.assertEqual(pair_batches(ones, others), [])
        self.assertEqual(pair_batches(others, ones), [])

    def test_same_payment_order(self):
        self.assertPaired(total(batch_id="SCT-1"), parts(-10, -20, batch_id="SCT-1"))

    def test_reference_of_the_booked_sum(self):
        self.assertPaired(total(bank_reference="A-4"), parts(-10, -20, batch_reference="A-4", bank_reference="P"))

    def test_payments_that_do_not_add_up_are_not_the_sum(self):
        self.assertNotPaired([total(batch_id="SCT-1")], parts(-10, -19, batch_id="SCT-1"))
        self.assertNotPaired([total(batch_id="SCT-1")], parts(-30, batch_id="SCT-1"))

    def test_another_payment_order_of_the_same_sum(self):
        self.assertNotPaired([total(batch_id="SCT-1")], parts(-10, -20, batch_id="SCT-2"))

    def test_day_sum_and_number_only_suggest_it(self):
        fields = {"batch_total": Decimal(-30), "batch_count": 2, "batch_reference": "X"}
        self.assertPaired(total(), parts(-10, -20, **fields), is_certain=False)
        self.assertPaired(total(batch_count=2), parts(-10, -20, **fields), is_certain=False)
        self.assertNotPaired([total(batch_count=3)], parts(-10, -20, **fields))
        self.assertNotPaired([Entry("sum", (date(2026, 4, 11),), Decimal(-30))], parts(-10, -20, **fields))

    def test_two_that_look_alike_are_left_to_a_person(self):
        fields = {"batch_total": Decimal(-30), "batch_count": 2}
        one, other = (
            parts(-10, -20, batch_reference="X", **fields),
            parts(-5, -25, prefix="p", batch_reference="Y", **fields),
        )
        self.assertNotPaired([total()], one + other)
        self.assertNotPaired([total(), total("second")], one)

    def test_unmarked_payments_that_happen_to_add_up(self):
        self.assertNotPaired([total()], parts(-10, -20))

    def test_each_entry_is_in_one_pair(self):
        sums = [total(batch_id="SCT-1"), total("again", batch_id="SCT-1")]
        self.assertEqual(len(pair_batches(sums, parts(-10, -20, batch_id="SCT-1"))), 1)

    def test_from_the_messages_of_a_bank(self):
        (statement,) = read("camt053_v08_parties_and_returns.xml").statements
        detailed = statement.split_batches()
        collected = [line for line in detailed.lines if line.batch_id == "SDD-0302"]
        self.assertEqual([line.amount for line in collected], [Decimal("20.00"), Decimal("30.00")])
        for names in ({"batch_id": "SDD-0302"}, {"bank_reference": "A-5"}, {}):
            with self.subTest(names=names):
                day = collected[0].date
                news = [Entry("sum", (day,), Decimal("50.00"), **names)]
                olds = [entry_of(line, number) for number, line in enumerate(collected)]
                (pair,) = pair_batches(news, olds)
                self.assertEqual((pair.total, pair.parts, pair.is_certain), ("sum", (0, 1), bool(names)))

"""Planned payments as plain values: they add up, whatever the amounts."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..engine.planned_payments.schedule import PlannedPayment, even_amounts, payment_dates, shrink, split

CENT = Decimal("0.01")
cents = st.integers(min_value=0, max_value=500000).map(lambda value: value * CENT)


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_months_keep_the_day_where_they_have_it(self):
        days = payment_dates(date(2026, 1, 31), 4, 1, "months")
        self.assertEqual(days, [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)])
        self.assertEqual(payment_dates(date(2026, 1, 31), 2, 2, "weeks")[1], date(2026, 2, 14))

    def test_nonsense_is_refused(self):
        for arguments in ((0, 1, "weeks"), (121, 1, "weeks"), (1, 0, "weeks"), (1, 1, "days")):
            with self.assertRaises(ValueError):
                payment_dates(date(2026, 1, 31), *arguments)

    @settings(deadline=None, max_examples=200)
    @given(cents, st.integers(min_value=1, max_value=120))
    def test_even_amounts_add_up_to_the_cent(self, total, count):
        parts = even_amounts(total, count, CENT)
        self.assertEqual(sum(parts), total)
        self.assertLessEqual(max(parts) - min(parts), CENT)
        self.assertEqual(parts, sorted(parts, reverse=True))

    def test_reference_example_in_two_planned_payments(self):
        """$170 = 75 + 75 + 20, 100 paid at checkout: the two planned payments pay the 50 and the 20 that are left."""
        left = [("swim", Decimal(0)), ("judo", Decimal(50)), ("pass", Decimal(20))]
        self.assertEqual(
            split([(1, Decimal(35)), (2, Decimal(35))], left),
            {1: {"judo": Decimal(35)}, 2: {"judo": Decimal(15), "pass": Decimal(20)}},
        )

    def test_less_owed_takes_from_the_end(self):
        schedule = [
            PlannedPayment("one", {"swim": Decimal(60)}),
            PlannedPayment("two", {"swim": Decimal(15), "judo": Decimal(45)}),
            PlannedPayment("three", {"judo": Decimal(30), "pass": Decimal(20)}),
        ]
        left = shrink(schedule, [("swim", Decimal(15)), ("judo", Decimal(75)), ("pass", Decimal(20))])
        self.assertEqual(
            left,
            {
                "one": {"swim": Decimal(15), "judo": Decimal(45)},
                "two": {"judo": Decimal(30), "pass": Decimal(20)},
                "three": {},
            },
        )

    @settings(deadline=None, max_examples=300)
    @given(
        st.lists(st.tuples(cents, st.floats(0, 1)), min_size=1, max_size=6),
        st.integers(min_value=1, max_value=6),
        st.sets(st.integers(0, 5)),
        st.integers(0, 5),
        st.sampled_from((None, CENT)),
    )
    def test_shrinking_never_plans_beyond_what_is_open_and_never_adds(self, items, count, chosen, fixed, step):
        before = [(number, amount) for number, (amount, _share) in enumerate(items)]
        after = [
            (number, (amount * Decimal(str(share))).quantize(CENT)) for number, (amount, share) in enumerate(items)
        ]
        total = sum(amount for _number, amount in before)
        amounts = list(enumerate(even_amounts(total, count, CENT)))
        allocated = split(amounts, before, step)
        schedule = [PlannedPayment(key, allocated[key], key in chosen, key == fixed) for key, _amount in amounts]
        left = shrink(schedule, after, step)
        for number, available in after:
            planned = sum(parts.get(number, Decimal(0)) for parts in left.values())
            self.assertLessEqual(planned, available)
        for one in schedule:
            self.assertLessEqual(sum(left[one.key].values()), one.amount)
            self.assertTrue(all(part > 0 for part in left[one.key].values()))
            if one.keeps_items:
                self.assertLessEqual(set(left[one.key]), set(one.parts))
        # All that is still open of what was planned whole stays planned.
        self.assertEqual(sum(sum(parts.values()) for parts in left.values()), sum(amount for _n, amount in after))
        # What fits already is left alone: shrinking twice changes nothing more.
        again = [
            PlannedPayment(one.key, left[one.key], one.keeps_items, one.is_fixed) for one in schedule if left[one.key]
        ]
        self.assertEqual(shrink(again, after, step), {one.key: left[one.key] for one in again})

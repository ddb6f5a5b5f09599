"""Which transactions of two files may be one: equal day and amount, each once, those with the same words first."""

from datetime import date
from decimal import Decimal

try:
    from odoo.addons.account_reconciliation.engine.bank_import import duplicates
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the root of the repository
    from unittest import TestCase

    from engine.bank_import import duplicates

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MAY = [date(2026, 5, day) for day in range(1, 32)]


def one(key, day, amount, text, *more_days):
    return duplicates.Candidate(key, tuple(MAY[number - 1] for number in (day, *more_days)), Decimal(amount), text)


class TestPairDuplicates(TestCase):
    def test_same_payment_written_by_two_formats(self):
        olds = [one("old", 4, "95.00", "Inscription judo Élodie Marie-Claude Bouchard INV/2026/00017")]
        news = [one("new", 4, "95.00", "MARIE-CLAUDE BOUCHA INV/2026/00017")]
        self.assertEqual(duplicates.pair_duplicates(news, olds), [("new", "old", True)])

    def test_other_words_are_said_to_be_others(self):
        olds = [one("old", 4, "95.00", "Karate Fiona Campbell")]
        news = [one("new", 4, "95.00", "Hockey nets, second half")]
        self.assertEqual(duplicates.pair_duplicates(news, olds), [("new", "old", False)])

    def test_nothing_to_compare_is_no_agreement(self):
        self.assertEqual(
            duplicates.pair_duplicates([one("new", 4, "9", "")], [one("old", 4, "9", "Coffee")]),
            [("new", "old", False)],
        )

    def test_another_day_sign_or_cent_is_another_transaction(self):
        olds = [one("old", 4, "95.00", "Karate")]
        for day, amount in ((5, "95.00"), (4, "-95.00"), (4, "95.01")):
            self.assertEqual(duplicates.pair_duplicates([one("new", day, amount, "Karate")], olds), [])

    def test_value_date_of_one_format_is_booking_day_of_the_other(self):
        olds = [one("old", 4, "95.00", "Karate")]
        self.assertEqual(duplicates.pair_duplicates([one("new", 5, "95.0", "Karate", 4)], olds), [("new", "old", True)])

    def test_two_equal_coffees_are_two(self):
        news = [one(number, 4, "-3.50", "Coffee") for number in range(3)]
        pairs = duplicates.pair_duplicates(news, [one("a", 4, "-3.50", "COFFEE"), one("b", 4, "-3.50", "COFFEE")])
        self.assertEqual(pairs, [(0, "a", True), (1, "b", True)])

    def test_same_words_come_first_whatever_the_order(self):
        olds = [one("rent", 4, "50", "Rent of hall"), one("judo", 4, "50", "Judo club")]
        news = [one("x", 4, "50", "Ice"), one("y", 4, "50", "JUDO CLUB")]
        self.assertEqual(duplicates.pair_duplicates(news, olds), [("x", "rent", False), ("y", "judo", True)])

    def test_thousands_of_equal_ones_are_all_paired(self):
        olds = [one(number, 4, "5", "Fee") for number in range(3000)]
        news = [one(number, 4, "5", "Fee") for number in range(3000)]
        self.assertEqual(len(duplicates.pair_duplicates(news, olds)), 3000)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(("a ice", "rent", ""))), max_size=12),
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(("ICE", "rental", ""))), max_size=12),
    )
    def test_each_day_and_amount_pairs_as_many_as_both_have(self, news, olds):
        pairs = duplicates.pair_duplicates(
            [one(number, day, amount, text) for number, (day, amount, text) in enumerate(news)],
            [one(number, day, amount, text) for number, (day, amount, text) in enumerate(olds)],
        )
        self.assertEqual(len({new for new, _old, _agree in pairs}), len(pairs))
        self.assertEqual(len({old for _new, old, _agree in pairs}), len(pairs))
        for day in range(1, 4):
            for amount in range(1, 4):
                both = [sum(row[:2] == (day, amount) for row in rows) for rows in (news, olds)]
                found = sum(news[new][:2] == (day, amount) == olds[old][:2] for new, old, _agree in pairs)
                self.assertEqual(found, min(both))

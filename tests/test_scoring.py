"""Evidence as likelihoods: what weighs more than what, and that the bits make a probability."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..engine.bank_matching import names, reasons, scoring
from ..engine.bank_matching.model import OpenItem, Transaction
from ..engine.bank_matching.subset_sums import subset_sums


def transaction(amount="100", label="", **values):
    values = {
        "id": 1, "journal_id": 1, "company_id": 1, "currency_id": 1, "amount": Decimal(amount),
        "foreign_currency_id": None, "foreign_amount": Decimal(0), "date": date(2026, 1, 15),
        "label": label, "name": "", "account_number": "",
        "structured": "", "owner_id": None, "owner_name": "", **values,
    }  # fmt: skip
    return Transaction(**values)


def item(amount="100", number=1, **values):
    values = {
        "record": ("account.move", number), "entity_type": "ar_invoice", "amount": Decimal(amount),
        "balance": Decimal(amount), "currency_id": 1, "company_id": 1, "date": date(2026, 1, 10),
        "due": date(2026, 1, 10), "owner_id": number, "owner_name": "Tremblay family",
        "refs": (f"INV/2026/{number:05d}",), "line_ids": (number,),
        "journal_id": 2, "move_id": number, "is_document": True, **values,
    }  # fmt: skip
    return OpenItem(**values)


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    def test_every_weight_says_where_it_comes_from(self):
        for kind, weight in scoring.WEIGHTS.items():
            self.assertGreater(len(weight.source), 10, kind)

    def test_rare_amount_weighs_more_than_common_one(self):
        one, other = transaction("123.45"), transaction("100")
        one.amount_counts[Decimal("123.45"), 1] = 1
        other.amount_counts[Decimal("100"), 1] = 30
        rare = reasons.amount_reason("amount_exact", one, Decimal("123.45"), 1)
        common = reasons.amount_reason("amount_exact", other, Decimal("100"), 1)
        self.assertGreater(rare.weight, common.weight + 4)

    def test_whole_reference_weighs_more_than_its_number_than_a_typo(self):
        def weight(label):
            found = reasons.reference_reason(transaction(label=label), item(number=4711))
            return found.weight if found else 0.0

        exact, number, typo = weight("INV/2026/04711"), weight("invoice 4711"), weight("INV/2026/07411")
        self.assertGreater(exact, number)
        self.assertGreater(number, 0)
        self.assertGreater(exact, typo)
        self.assertGreater(typo, 0)
        self.assertEqual(weight("thank you"), 0)

    def test_digit_of_a_number_weighs_nothing(self):
        self.assertIsNone(reasons.reference_reason(transaction(label="9"), item(number=9)))

    def test_label_that_names_another_document_speaks_against(self):
        one = transaction(label="INV/2026/00077")
        one.cited["INV202600077"] = {77}
        found = reasons.reference_reason(one, item(number=12))
        self.assertEqual(found.kind, "reference_other")
        self.assertLess(found.weight, -4)

    def test_names(self):
        for text, name, least, most in (
            ("TREMBLAY LEA", "Léa Tremblay", 97, 100),
            ("LUMBER INC LUM-77", "Lumber Inc", 97, 100),
            ("TREMBL LEA", "Léa Tremblay", 80, 99),
            ("MUELLER HANS", "Hans Müller", 80, 99),
            ("SEPA CREDIT JOHN DOE", "John Smith", 0, 59),
            ("GARCIA", "Carlos Martinez", 0, 59),
            ("", "Carlos Martinez", 0, 0),
        ):
            score = names.compare(text, name).score
            self.assertTrue(least <= score <= most, (text, name, score))

    def test_two_that_fit_equally_share_the_probability(self):
        one, other = scoring.probabilities([9.0, 9.0])
        self.assertEqual(one, other)
        self.assertLessEqual(one + other, 1)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.floats(-40, 40), max_size=20))
    def test_probabilities_are_probabilities(self, scores):
        shares = scoring.probabilities(scores)
        self.assertTrue(all(0 <= share <= scoring.PROBABILITY_MAX for share in shares))
        ranked = sorted(zip(scores, shares, strict=True))
        self.assertEqual([share for _score, share in ranked], sorted(shares))

    def test_what_was_learned_fades(self):
        fresh = scoring.learned_weight(5, 0, 0, 0)
        old = scoring.learned_weight(5, 3 * 365, 0, 0)
        doubted = scoring.learned_weight(5, 0, 3, 0)
        forgiven = scoring.learned_weight(5, 0, 3, 2 * 365)
        self.assertGreater(fresh, old)
        self.assertGreater(fresh, doubted)
        self.assertGreater(forgiven, doubted)


@tagged("post_install", "-at_install")
class TestCombinations(BaseCase):
    def test_one_and_several_solutions(self):
        self.assertEqual(subset_sums(300, [100, 250, 200]).solutions, ((0, 2),))
        self.assertEqual(len(subset_sums(300, [100, 100, 200]).solutions), 2)
        self.assertEqual(subset_sums(301, [100, 250, 200]).solutions, ())

    def test_credit_note_is_netted(self):
        self.assertEqual(subset_sums(70, [100, -30]).solutions, ((0, 1),))

    def test_budget_ends_the_search_and_says_so(self):
        amounts = [1000 + 7 * n for n in range(24)]
        found = subset_sums(sum(amounts) // 2 + 1, amounts, budget=500)
        self.assertFalse(found.is_complete)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.integers(-50, 200).filter(bool), max_size=8), st.integers(-50, 400))
    def test_same_as_trying_every_subset(self, amounts, target):
        wanted = set()
        for mask in range(1 << len(amounts)):
            chosen = tuple(n for n in range(len(amounts)) if mask >> n & 1)
            if len(chosen) >= 2 and sum(amounts[n] for n in chosen) == target:
                wanted.add(chosen)
        found = subset_sums(target, amounts, solutions_max=1000, budget=10**6)
        self.assertEqual(set(found.solutions), wanted)
        self.assertEqual(len(found.solutions), len(wanted))

"""The certain ones among many: nothing is promised twice, near ties are for a person, order changes nothing."""

import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..engine.bank_matching.certain_matches import certain_matches
from ..engine.bank_matching.model import Suggestion

THRESHOLD = 0.995


def claim(score, *lines, whole=True, note=""):
    records = tuple(("account.move", line) for line in lines)
    return Suggestion(
        "ar_invoice", records, (Decimal(1),) * len(lines), 0.0, (), whole, note, score,
        frozenset(("line", line) for line in lines),
    )  # fmt: skip


def transfer(score, one, other):
    claims = frozenset({("transaction", one), ("transaction", other)})
    records = (("account.bank.statement.line", other),)
    return Suggestion(
        "internal_transfer", records, (Decimal(1),), 0.0, (), True, "", score, claims, partners=frozenset({one, other})
    )


@tagged("post_install", "-at_install")
class TestCertainMatches(BaseCase):
    def chosen(self, suggestions):
        return {key: one.records for key, (one, _rivals) in certain_matches(suggestions, THRESHOLD).items()}

    def test_certain_one_is_granted(self):
        self.assertEqual(self.chosen({1: [claim(15, 7), claim(0, 8)]}), {1: (("account.move", 7),)})

    def test_uncertain_partial_and_ambiguous_ones_are_not(self):
        self.assertEqual(self.chosen({1: [claim(2, 7)]}), {})
        self.assertEqual(self.chosen({1: [claim(15, 7, whole=False)]}), {})
        self.assertEqual(self.chosen({1: [claim(15, 7, 8, note="several_solutions")]}), {})

    def test_near_tie_is_for_a_person(self):
        self.assertEqual(self.chosen({1: [claim(15, 7), claim(15, 8)]}), {})
        self.assertEqual(self.chosen({1: [claim(15, 7), claim(10, 8)]}), {})

    def test_two_transactions_for_one_document_get_none(self):
        self.assertEqual(self.chosen({1: [claim(15, 7)], 2: [claim(20, 7)]}), {})

    def test_what_is_granted_frees_the_others_of_a_tie(self):
        """One names its document; the other could be either, and then can only be the one that is left."""
        found = self.chosen({1: [claim(22, 7), claim(9, 8)], 2: [claim(12, 7), claim(12, 8)]})
        self.assertEqual(found, {1: (("account.move", 7),), 2: (("account.move", 8),)})

    def test_contested_document_stays_contested(self):
        """Two claim document 7; that a third takes document 8 settles nothing between them."""
        found = self.chosen({1: [claim(15, 7)], 2: [claim(15, 7), claim(3, 8)], 3: [claim(15, 8)]})
        self.assertEqual(found, {3: (("account.move", 8),)})

    def test_transfer_needs_both_sides(self):
        self.assertEqual(len(self.chosen({1: [transfer(15, 1, 2)], 2: [transfer(15, 2, 1)]})), 2)
        self.assertEqual(
            self.chosen({1: [transfer(15, 1, 2)], 2: [claim(30, 7), transfer(15, 2, 1)]}), {2: (("account.move", 7),)}
        )
        self.assertEqual(self.chosen({1: [transfer(15, 1, 2)]}), {})

    def test_order_changes_nothing_and_nothing_is_promised_twice(self):
        for seed in range(60):
            chance = random.Random(seed)
            suggestions = {
                key: [
                    claim(chance.randrange(0, 25), *chance.sample(range(12), chance.choice((1, 1, 2))))
                    for _ in range(4)
                ]
                for key in range(10)
            }
            expected = self.chosen(suggestions)
            keys = list(suggestions)
            chance.shuffle(keys)
            self.assertEqual(self.chosen({key: suggestions[key][::-1] for key in keys}), expected)
            promised = [record for records in expected.values() for record in records]
            self.assertEqual(len(promised), len(set(promised)))

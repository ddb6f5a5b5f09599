"""The rules of returned payments: words in many languages, reasons, and the ranking of what may have been returned."""

import doctest
from decimal import Decimal

from odoo.tests import BaseCase

from ..engine.returns import originals, words
from ..engine.returns.originals import Original, rank


class TestReturnWords(BaseCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(words).failed, 0)
        self.assertEqual(doctest.testmod(originals).failed, 0)

    def test_banks_of_many_countries_write_of_a_return(self):
        for text in (
            "CHQ 000204 RETURNED NSF", "Unpaid direct debit", "ACH RETURN R01", "CHARGEBACK 4471", "DISHONOURED CHEQUE",
            "SEPA-Rücklastschrift", "RUECKLASTSCHRIFT ENTG.", "Rückgabe mangels Deckung", "Rücküberweisung",
            "REJET PRLV SEPA", "Chèque impayé", "Retour prélèvement", "DEVOLUCIÓN RECIBO", "Recibo devuelto",
            "Insoluto SDD", "Storno SEPA incasso", "GESTORNEERD", "Devolução de débito", "Zwrot przelewu",
        ):  # fmt: skip
            self.assertTrue(words.says_return(text), text)

    def test_refunds_and_other_texts_are_no_returns(self):
        for text in ("REFUND OF FEES", "Remboursement inscription", "Erstattung", "Rent March", "INV/2026/00012",
                     "RETURNING CLIENT DISCOUNT", "RUECKERT GMBH"):  # fmt: skip
            self.assertFalse(words.says_return(text), text)

    def test_reason_in_words(self):
        for given, expected in (
            (("AM04", "", "x"), ("AM04", "There was not enough money in the account")),
            (("", "MD06 by the payer", "x"), ("", "MD06 by the payer")),
            (("", "", "ACH RETURN R01"), ("R01", "There was not enough money in the account")),
            (("", "", "CHEQUE RETURNED REFER TO DRAWER"), ("", "The bank refers to the drawer of the cheque")),
            (("", "", "CHQ RETURNED STALE DATED"), ("", "The cheque is too old")),
            (("", "", "a text with R01 that is no return"), ("", "")),
            (("ZZ99", "", "returned"), ("ZZ99", "")),
        ):
            self.assertEqual(words.return_reason(*given), expected)


class TestReturnRanking(BaseCase):
    def original(self, move_id, amount=100, named_by="", is_owned=False, is_converted=False, days=10):
        return Original(move_id, (move_id,), Decimal(amount), is_converted, named_by, is_owned, days)

    def ranked(self, *originals, total=100, charges=0, is_coded=False, is_stated=True):
        found = rank(originals, Decimal(total), Decimal(charges), is_coded, is_stated or is_coded, Decimal("0.05"))
        return [(one.original.move_id, one.is_proven, one.fee) for one in found]

    def test_code_and_reference_prove_it(self):
        named = self.original(1, named_by="end_to_end")
        self.assertEqual(self.ranked(named, is_coded=True), [(1, True, 0)])
        self.assertEqual(self.ranked(named), [(1, False, 0)])
        self.assertEqual(self.ranked(self.original(1), is_coded=True), [(1, False, 0)])

    def test_a_second_one_of_the_same_reference_leaves_neither_proven(self):
        both = (self.original(1, named_by="payment", days=20), self.original(2, named_by="payment", days=5))
        self.assertEqual(self.ranked(*both, is_coded=True), [(2, False, 0), (1, False, 0)])

    def test_known_charges_are_exact_and_unknown_ones_are_not(self):
        named = self.original(1, named_by="payment")
        self.assertEqual(self.ranked(named, total=104, charges=4, is_coded=True), [(1, True, 4)])
        self.assertEqual(self.ranked(named, total=104, is_coded=True), [(1, False, 4)])
        self.assertEqual(self.ranked(self.original(1), total=104, is_coded=True), [], "any payment would do")

    def test_a_vendors_bank_keeps_its_charges(self):
        named = self.original(1, named_by="payment")
        self.assertEqual(self.ranked(named, total=97, charges=-3, is_coded=True), [(1, True, -3)])

    def test_less_than_was_paid_is_no_return_of_it(self):
        self.assertEqual(self.ranked(self.original(1, named_by="payment"), total=60, is_coded=True), [])

    def test_converted_amounts_are_never_proven(self):
        converted = self.original(1, amount="99.5", named_by="end_to_end", is_converted=True)
        self.assertEqual(self.ranked(converted, is_coded=True), [(1, False, 0)])

    def test_whose_it_is_comes_first(self):
        one, other = self.original(1), self.original(2, is_owned=True, days=300)
        self.assertEqual([row[0] for row in self.ranked(one, other)], [2, 1])

    def test_amount_alone_needs_a_word(self):
        self.assertEqual(self.ranked(self.original(1, is_owned=True), is_stated=False), [])

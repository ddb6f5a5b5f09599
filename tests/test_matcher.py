"""Which bank transactions are matched by themselves, and what is only suggested: business cases."""

from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..engine.bank_matching.scoring import WEIGHTS
from ..models.bank_matching.reason_sentences import SENTENCES
from .common.matcher import MatcherCommon


@tagged("post_install", "-at_install")
class TestMatcher(MatcherCommon):
    def test_reference_and_exact_amount_and_payer(self):
        invoice = self.document([75, 75, 20])
        line = self.transaction(170, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        self.assertMatched(line, invoice)
        self.assertIn(f"Reference {invoice.name} found in the label", " ".join(self.matcher._explain(self.best(line))))

    def test_short_number_pays_nothing(self):
        """A label "9" must not pay INV/2026/00009."""
        invoice = self.document([75], name="INV/2026/00009")
        self.assertOnlySuggested(self.transaction(75, "9"))
        self.assertFalse(self.decided(self.transaction(60, "9")))
        self.assertEqual(invoice.name, "INV/2026/00009")

    def test_number_with_another_amount_is_a_part(self):
        """An invoice number with another amount is a suggestion of a partial payment, never booked by itself."""
        invoice = self.document([75, 75, 20])
        line = self.transaction(100, invoice.name, partner_id=self.family.id)
        self.assertOnlySuggested(line, invoice)
        best = self.best(line)
        self.assertEqual((best.note, best.is_whole, best.amounts), ("partial", False, (100,)))
        self.assertGreater(best.probability, 0.9)

    def test_vendor_reference_after_the_vendor_name(self):
        """LUMBER INC LUM-77."""
        vendor = self.owner("Lumber Inc")
        bill = self.document([450], "in_invoice", partner=vendor, ref="LUM-77")
        self.document([450], "in_invoice", partner=self.vendor, ref="RS-77")
        line = self.transaction(-450, "LUMBER INC LUM-77")
        self.assertMatched(line, bill)
        self.assertEqual(self.best(line).entity_type, "ap_invoice")

    def test_two_due_dates_paid_in_one_sum(self):
        """A document with two due dates (30/70) paid in one sum is matched whole."""
        terms = self.payment_terms((30, 0), (70, 30))
        invoice = self.document([1000], invoice_payment_term_id=terms.id)
        line = self.transaction(1000, invoice.name, partner_id=self.family.id)
        self.assertMatched(line, invoice)
        self.assertEqual(self.best(line).amounts, (1000,))
        first = self.transaction(300, f"{invoice.name} 1/2", partner_id=self.family.id)
        owed = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertMatched(first, owed.sorted("date_maturity")[0])

    def test_customer_refund_goes_to_the_credit_note(self):
        """A refund to a client is proposed on the client's credit note or deposit, not on payables."""
        both = self.owner("Golden Clubs")
        credit = self.document([80], "out_refund", partner=both)
        self.document([95], "in_invoice", partner=both, ref="GC-1")
        line = self.transaction(-80, "REFUND GOLDEN CLUBS", partner_id=both.id)
        self.assertMatched(line, credit)
        self.assertEqual(self.best(line).entity_type, "ar_invoice")

    def test_customer_refund_goes_to_the_deposit(self):
        deposit = self.payment(60)
        owed = deposit.move_id._owed_lines()
        line = self.transaction(-60, "Refund deposit Tremblay", partner_id=self.family.id, date="2026-01-20")
        self.assertEqual(self.best(line).records, (("account.move.line", owed.id),))

    def test_short_by_three_percent_is_never_decided(self):
        """$9,700 must not pay $10,000."""
        invoice = self.document([10000])
        line = self.transaction(9700, f"{invoice.name} Tremblay family", partner_id=self.family.id)
        self.assertOnlySuggested(line, invoice)
        self.assertEqual(self.best(line).note, "partial")

    def test_order_changes_nothing(self):
        invoices = [self.document([price]) for price in (110, 120, 130)]
        lines = self.env["account.bank.statement.line"].union(*(
            self.transaction(invoice.amount_total, f"Tremblay {invoice.name}", partner_id=self.family.id)
            for invoice in invoices
        ))  # fmt: skip
        forward, backward = self.decided(lines), self.decided(lines[::-1])
        self.assertEqual(forward, backward)
        self.assertEqual(len(forward), 3)

    def test_registered_payment_comes_before_documents(self):
        self.document([100])
        payment = self.payment(100)
        line = self.transaction(100, "Tremblay family", partner_id=self.family.id, date="2026-01-17")
        self.assertEqual(self.best(line).records, (("account.payment", payment.id),))
        self.assertEqual(self.best(line).entity_type, "payment")

    # -- several documents, several transactions ---------------------------------------------------------------

    def test_two_documents_listed_in_the_label(self):
        first, second = self.document([110]), self.document([63.5])
        self.document([40])
        line = self.transaction(173.5, f"{first.name}, {second.name}", partner_id=self.family.id)
        self.assertMatched(line, first, second)
        best = self.best(line)
        self.assertEqual((best.note, sum(best.amounts)), ("combined", Decimal("173.5")))

    def test_credit_note_is_netted(self):
        invoice, credit = self.document([110.1]), self.document([20.35], "out_refund")
        line = self.transaction(89.75, f"{invoice.name} less {credit.name}", partner_id=self.family.id)
        best = self.best(line)
        self.assertEqual(dict(zip(best.records, best.amounts, strict=True)), {
            ("account.move", invoice.id): Decimal("110.1"), ("account.move", credit.id): Decimal("-20.35"),
        })  # fmt: skip

    def test_several_ways_to_add_up_are_only_suggested(self):
        for price in (60, 60, 60):
            self.document([price])
        line = self.transaction(120, "Tremblay", partner_id=self.family.id)
        self.assertOnlySuggested(line)
        self.assertIn("several_solutions", [one.note for one in self.suggested(line)])

    def test_equal_documents_are_a_tie(self):
        self.document([75])
        self.document([75])
        self.assertOnlySuggested(self.transaction(75, "Tremblay family", partner_id=self.family.id))

    def test_two_transactions_for_one_document(self):
        """Whether both are asked about or only one of them: neither is matched by itself."""
        invoice = self.document([182.35])
        lines = self.transaction(182.35, invoice.name, partner_id=self.family.id)
        lines |= self.transaction(182.35, invoice.name, partner_id=self.family.id, date="2026-01-16")
        self.assertFalse(self.decided(lines))
        self.assertFalse(self.decided(lines[0]))
        self.assertFalse(self.decided(lines[1]))

    def test_two_parts_of_one_document_are_suggested(self):
        """Parts that don't settle it; those that do are in test_bank_sums.py."""
        invoice = self.document([200])
        for amount in (120, 70):
            line = self.transaction(amount, f"part of {invoice.name}", partner_id=self.family.id)
            self.assertOnlySuggested(line, invoice)

    def test_payout_of_card_payments(self):
        payments = [self.payment(amount, partner=self.owner(name)) for amount, name in (
            (31.5, "Anna Berg"), (75, "Carlos Dias"), (120.25, "Ellen Falk"))]  # fmt: skip
        line = self.transaction(226.75, "MERCHANT SETTLEMENT 150126", date="2026-01-16")
        self.assertEqual(set(self.best(line).records), {("account.payment", payment.id) for payment in payments})
        self.assertTrue(self.decided(line))
        less = self.transaction(220.05, "MERCHANT SETTLEMENT 150126", date="2026-01-16")
        self.assertOnlySuggested(less)
        self.assertEqual(self.best(less).note, "fee")
        self.assertEqual(sum(self.best(less).amounts), Decimal("220.05"))

    # -- amounts that differ on purpose ------------------------------------------------------------------------

    def _discounted(self):
        terms = self.payment_terms((100, 30), early_discount=True, discount_percentage=2, discount_days=10)
        return self.document([1000], invoice_payment_term_id=terms.id)

    def test_early_payment_discount_in_time(self):
        invoice = self._discounted()
        line = self.transaction(980, invoice.name, partner_id=self.family.id, date="2026-01-20")
        self.assertMatched(line, invoice)
        self.assertEqual((self.best(line).note, self.best(line).amounts), ("discount", (980,)))

    def test_early_payment_discount_too_late(self):
        invoice = self._discounted()
        line = self.transaction(980, invoice.name, partner_id=self.family.id, date="2026-01-21")
        self.assertOnlySuggested(line, invoice)
        self.assertFalse(self.best(line).is_whole)

    def test_paid_more_than_is_open(self):
        invoice = self.document([100])
        line = self.transaction(150, invoice.name, partner_id=self.family.id)
        self.assertOnlySuggested(line, invoice)
        self.assertEqual((self.best(line).note, self.best(line).amounts), ("overpaid", (100,)))

    # -- currencies and own accounts ---------------------------------------------------------------------------

    def test_foreign_currency_stated_by_the_bank(self):
        euro = self.setup_other_currency("EUR")
        invoice = self.document([300], currency_id=euro.id)
        line = self.transaction(
            148.2, invoice.name, partner_id=self.family.id, foreign_currency_id=euro.id, amount_currency=300
        )
        self.assertMatched(line, invoice)
        self.assertEqual(self.best(line).amounts, (Decimal("148.2"),))

    def test_foreign_document_paid_in_company_currency_is_suggested(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        invoice = self.document([300], currency_id=euro.id)
        line = self.transaction(148.2, invoice.name, partner_id=self.family.id)
        self.assertOnlySuggested(line, invoice)
        self.assertEqual(self.best(line).note, "foreign")

    def test_foreign_document_is_found_by_what_it_is_worth_on_the_day(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        for asked, paid in ((300, 148.2), (500, 250)):
            invoice = self.document([asked], currency_id=euro.id)
            line = self.transaction(paid, "TRN 77")
            self.assertOnlySuggested(line, invoice)
            self.assertEqual(self.best(line).note, "foreign")

    def test_transfer_between_own_accounts(self):
        out = self.transaction(-1234.5, "INTERNAL TRANSFER")
        into = self.transaction(1234.5, "Internal transfer", journal=self.savings, date="2026-01-16")
        decided = self.matcher._decide(out | into)
        self.assertEqual(len(decided), 1, "a pair is given once")
        line, suggestion, _rivals = decided[0]
        self.assertEqual((line, suggestion.entity_type), (out, "internal_transfer"))
        self.assertEqual(suggestion.records, (("account.bank.statement.line", into.id),))
        self.assertMatched(into, out)

    def test_transfer_less_a_fee_is_suggested(self):
        out = self.transaction(-1000, "INTERNAL TRANSFER")
        into = self.transaction(995, "Internal transfer", journal=self.savings)
        self.assertOnlySuggested(out, into)
        self.assertEqual(self.best(out).note, "fee")

    # -- what doesn't belong -----------------------------------------------------------------------------------

    def test_other_companies_are_never_looked_at(self):
        other = self.setup_other_company()
        invoice = self.document(
            [{"price_unit": 182.35, "account_id": other["default_account_revenue"].id}],
            company_id=other["company"].id,
            journal_id=other["default_journal_sale"].id,
        )
        self.assertFalse(self.suggested(self.transaction(182.35, invoice.name, partner_id=self.family.id)))

    def test_number_that_another_company_has_too_says_nothing(self):
        first, second = self.document([110]), self.document([63.5])
        line = self.transaction(173.5, f"{first.name}, {second.name}", partner_id=self.family.id)
        before = self.best(line)
        other = self.setup_other_company()
        for name in (first.name, second.name):
            self.document(
                [{"price_unit": 7, "account_id": other["default_account_revenue"].id}],
                company_id=other["company"].id,
                journal_id=other["default_journal_sale"].id,
                name=name,
            )
        self.assertEqual(self.best(line), before)
        self.assertMatched(line, first, second)

    def test_reconciled_draft_and_paid_are_no_candidates(self):
        invoice = self.document([75])
        line = self.transaction(75, invoice.name, partner_id=self.family.id)
        invoice.button_draft()
        self.assertFalse(self.suggested(line))
        invoice.action_post()
        self.assertTrue(self.suggested(line))
        self.register_payment(invoice)
        self.assertNotIn(("account.move", invoice.id), [one.records[0] for one in self.suggested(line)])

    def test_hostile_labels_change_nothing_and_harm_nothing(self):
        self.document([75])
        for label in ("'; DROP TABLE account_move; --", "%s %(x)s %%", "\u202e\x1b[31m|&!<->:*()", "9" * 5000,
                      "RF18 " * 900, "((((" * 900, "\\" * 900, "İıßﬁ" * 300):  # fmt: skip
            line = self.transaction(75, label, partner_name=label[:200], account_number=label[:60])
            for one in self.suggested(line):
                self.matcher._explain(one)
            self.assertFalse(self.decided(line), label)

    def test_every_reason_has_a_sentence(self):
        kinds = {kind for kind in WEIGHTS if not kind.startswith("prior")} - {"none"}
        self.assertEqual(kinds | {"expense_learned"}, set(SENTENCES))

    def test_threshold_lies_between_nine_tenths_and_one(self):
        self.assertEqual(self.company.bank_match_threshold, 0.995)
        for wrong in (0.5, 1.2):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.company.bank_match_threshold = wrong
                self.company.flush_recordset()

    def test_queries_do_not_grow_with_the_transactions(self):
        lines = self.env["account.bank.statement.line"]
        for number in range(30):
            invoice = self.document([100 + number])
            lines |= self.transaction(100 + number, invoice.name, partner_id=self.family.id)
        self.env.flush_all()
        self.matcher._decide(lines[:1])
        counts = []
        for some in (lines[:3], lines):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.matcher._decide(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLess(counts[1], 50)

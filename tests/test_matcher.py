"""Which bank transactions are matched by themselves, and what is only suggested: business cases."""

from odoo.tests import tagged

from .common import ReconciliationCommon


class MatcherCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.matcher = cls.env["account.bank.matcher"]
        cls.savings = cls.bank.copy({"name": "Savings", "code": "SAV"})
        cls.savings.default_account_id = cls.bank.default_account_id.copy()

    @classmethod
    def transaction(cls, amount, label, date="2026-01-15", journal=None, **values):
        """A bank transaction as an import leaves it."""
        return cls.env["account.bank.statement.line"].create({
            "journal_id": (journal or cls.bank).id, "date": date, "amount": amount, "payment_ref": label, **values,
        })  # fmt: skip

    @classmethod
    def owner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    def suggested(self, line):
        return self.matcher._suggest(line)[line.id]

    def best(self, line):
        return next(iter(self.suggested(line)), None)

    def decided(self, lines):
        """dict line -> records of what was decided."""
        return {line: suggestion.records for line, suggestion, _rivals in self.matcher._decide(lines)}

    def assertMatched(self, line, *records):
        expected = tuple((record._name, record.id) for record in records)
        decided = self.decided(line)
        self.assertEqual(decided.get(line), expected, self._told(line))

    def assertOnlySuggested(self, line, *records):
        self.assertFalse(self.decided(line), self._told(line))
        if records:
            expected = tuple((record._name, record.id) for record in records)
            self.assertEqual(self.best(line).records, expected, self._told(line))

    def _told(self, line):
        return "\n".join(
            f"{one.probability:.4f} {one.records} {one.note} {'; '.join(self.matcher._explain(one))}"
            for one in self.suggested(line)
        )


@tagged("post_install", "-at_install")
class TestMatcher(MatcherCommon):
    def test_reference_and_exact_amount_and_payer(self):
        invoice = self.document([75, 75, 20])
        line = self.transaction(170, f"Payment {invoice.name} thank you", partner_name="TREMBLAY FAMILY")
        self.assertMatched(line, invoice)
        self.assertIn(f"Reference {invoice.name} stands in the label", " ".join(self.matcher._explain(self.best(line))))

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
        terms = self.env["account.payment.term"].create({
            "name": "30/70",
            "line_ids": [
                (0, 0, {"value": "percent", "value_amount": 30, "nb_days": 0}),
                (0, 0, {"value": "percent", "value_amount": 70, "nb_days": 30}),
            ],
        })  # fmt: skip
        invoice = self.document([1000], invoice_payment_term_id=terms.id)
        line = self.transaction(1000, invoice.name, partner_id=self.family.id)
        self.assertMatched(line, invoice)
        self.assertEqual(self.best(line).amounts, (1000,))
        first = self.transaction(300, f"{invoice.name} 1/2", partner_id=self.family.id)
        owed = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertMatched(first, owed.sorted("date_maturity")[0])

    def test_customer_refund_goes_to_the_credit_note(self):
        """A customer refund going out is proposed on the customer's credit note or deposit, not on payables."""
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

"""What a bank transaction was booked at stays its worth: plans, suggestions, transfers and discounts go by it."""

from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankRates(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        cls.euro_bank = cls.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": cls.euro.id})
        cls.euro_bank.default_account_id = cls.bank.default_account_id.copy({"code": "101778"})
        cls.discount = cls.payment_terms((100, 30), early_discount=True, discount_percentage=2, discount_days=10)

    def enter_late(self, rate, currency=None):
        self.env["res.currency.rate"].create({
            "name": "2026-02-10", "rate": rate, "currency_id": (currency or self.euro).id,
            "company_id": self.company.id,
        })  # fmt: skip

    def accounts(self, line):
        return line.sudo().move_id.line_ids.account_id

    @property
    def exchange_accounts(self):
        return self.company.income_currency_exchange_account_id | self.company.expense_currency_exchange_account_id

    def test_document_in_company_currency_after_a_late_rate(self):
        for late in (0.95, 0.85):
            with self.subTest(late=late):
                bill = self.document([100], "in_invoice")
                line = self.transaction(-90, bill.name, journal=self.euro_bank)
                before = line.get_match_suggestions(limit=1)[0]
                with self.env.cr.savepoint():
                    self.enter_late(late)
                    after = line.get_match_suggestions(limit=1)[0]
                    self.assertEqual((after["amounts"], after["confidence"]), (before["amounts"], before["confidence"]))
                    line.match_with(bill)
                    self.assertBooked(line)
                    self.assertEqual(bill.payment_state, "paid")
                    self.assertFalse(self.accounts(line) & self.exchange_accounts)
                    self.env["res.currency.rate"].search([("name", "=", "2026-02-10")]).unlink()

    def test_document_in_a_third_currency_after_a_late_rate(self):
        pound = self.setup_other_currency("GBP", rates=[("2026-01-01", 0.8)])
        invoice = self.document([80], currency_id=pound.id)
        line = self.transaction(90, invoice.name, journal=self.euro_bank)
        self.enter_late(0.95)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))

    def test_search_shows_what_is_open_at_the_booked_rate(self):
        invoice = self.document([100])
        line = self.transaction(90, journal=self.euro_bank)
        self.enter_late(0.95)
        (row,) = line.search_match_targets(invoice.name)
        self.assertEqual(row["open"], 90)

    def test_transfer_is_found_after_a_late_rate(self):
        out, into = self.transaction(-100, "to euro"), self.transaction(90, "from dollar", journal=self.euro_bank)
        before = [line.get_match_suggestions(limit=1)[0] for line in (out, into)]
        self.enter_late(0.95)
        after = [line.get_match_suggestions(limit=1)[0] for line in (out, into)]
        for one, other in zip(before, after, strict=True):
            self.assertEqual((one["entity_type"], one["records"], one["confidence"]),
                             (other["entity_type"], other["records"], other["confidence"]))  # fmt: skip
        self.assertEqual(after[0]["entity_type"], "internal_transfer")
        out.match_transfer(into)
        self.assertBooked(out)
        self.assertFalse((self.accounts(out) | self.accounts(into)) & self.exchange_accounts)

    # -- early payment discount -------------------------------------------------------------------------------

    def discounted(self, currency, **values):
        return self.document(
            [600, 400], date="2026-02-05", currency_id=currency.id, invoice_payment_term_id=self.discount.id, **values
        )

    def test_discount_in_the_currency_that_the_file_names(self):
        self.enter_late(0.8)
        invoice = self.discounted(self.euro)
        line = self.transaction(1225, invoice.name, foreign_currency_id=self.euro.id, amount_currency=980)
        self.assertEqual(line.auto_match()["matched"], 1)
        self.assertBooked(line, "matched")
        self.assertIn("early payment discount", line.match_explanation)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))
        self.assertInvariants(invoice)

    def test_discount_of_several_documents_in_the_currency_that_the_file_names(self):
        invoices = self.discounted(self.euro) | self.discounted(self.euro)
        line = self.transaction(2200.03, foreign_currency_id=self.euro.id, amount_currency=1960)
        line.match_with(invoices)
        self.assertBooked(line)
        self.assertEqual(invoices.mapped("payment_state"), ["paid", "paid"])
        self.assertInvariants(invoices)

    def test_discount_at_the_rate_of_the_transaction(self):
        """The file names no other amount than the dollars: 980 EUR are 1088.89."""
        invoice = self.discounted(self.euro)
        line = self.transaction(1088.89, f"Tremblay family {invoice.name}")
        best = line.get_match_suggestions(limit=1)[0]
        self.assertEqual(best["note"], "discount")
        self.assertIn("early payment discount", " ".join(best["reasons"]))
        line.accept_match(best["records"], best["amounts"], best["settle"])
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertInvariants(invoice)

    def test_discount_of_a_document_in_company_currency_on_a_foreign_account(self):
        invoice = self.discounted(self.company.currency_id)
        line = self.transaction(882, f"Tremblay family {invoice.name}", journal=self.euro_bank)
        self.enter_late(0.95)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.accounts(line) & self.exchange_accounts)
        line.action_unmatch()
        self.assertEqual(invoice.amount_residual, 1000)

    def test_discount_on_a_foreign_account_whose_rate_moved(self):
        """1000 EUR at 0.9 are 1111.11 USD; 980 EUR at 0.8 are 1225 USD: the rest is discount and exchange result."""
        invoice = self.discounted(self.euro)
        self.enter_late(0.8)
        line = self.transaction(980, invoice.name, journal=self.euro_bank)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))
        self.assertInvariants(invoice)

    def test_discount_that_odoo_does_not_give_is_not_claimed(self):
        """On a credit note, and where the terms have none any more."""
        credit = self.discounted(self.company.currency_id, move_type="out_refund")
        invoice = self.discounted(self.company.currency_id)
        lines = [self.transaction(sign * 980, f"Tremblay family {document.name}")
                 for sign, document in ((-1, credit), (1, invoice))]  # fmt: skip
        self.assertEqual(lines[1].get_match_suggestions(limit=1)[0]["note"], "discount")
        self.discount.early_discount = False
        for line in lines:
            best = line.get_match_suggestions(limit=1)[0]
            self.assertNotEqual(best["note"], "discount")
            self.assertNotIn("early payment discount", " ".join(best["reasons"]))

    def test_late_discount_is_neither_claimed_nor_taken(self):
        invoice = self.discounted(self.euro)
        line = self.transaction(1088.89, f"Tremblay family {invoice.name}", date="2026-03-10")
        best = line.get_match_suggestions(limit=1)[0]
        self.assertNotIn("early payment discount", " ".join(best["reasons"]))
        line.accept_match(best["records"], best["amounts"], best["settle"])
        self.assertEqual(invoice.payment_state, "partial")

"""Received is what the bank got, by whatever route it was booked."""

from odoo import Command
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon
from .common.reports import ReportChecks, exact


@tagged("post_install", "-at_install")
class TestReceived(BankMatchingCommon, ReportChecks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-01-15", 0.8)])

    def received(self):
        """``{(status, ledger code): received}`` of “Payment by ledger code”."""
        rows = self.report_rows("payment", self.company)
        return {
            (state, account.name): float(exact(amount))
            for state, account, amount in rows._read_group(
                [("company_id", "=", self.company.id)], ["state", "account_id"], ["amount:sum"]
            )
        }

    def register(self, invoice, **values):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return register.create({"payment_date": "2026-01-15", **values})._create_payments()

    def test_fee_taken_off_by_the_bank_is_not_received_by_either_route(self):
        self.register(self.document([100]), amount=97, payment_difference_handling="reconcile",
                      writeoff_account_id=self.fees_code.id)  # fmt: skip
        self.assertEqual(self.received(), {("applied", "Swimming"): 97})
        invoice = self.document([100])
        self.transaction(97, invoice.name).match_with([invoice, self.fees])
        self.assertEqual(self.received(), {("applied", "Swimming"): 194})
        self.assertReportsTie(self.company)

    def test_one_of_two_documents_is_worth_what_the_bank_got(self):
        """305 pay two documents of 134.75 and 305, a fee takes 134.75: both are received in proportion."""
        invoices = self.document([134.75]) | self.document([305])
        self.transaction(305, "both, less a fee").match_with([*invoices, self.fees])
        self.assertEqual(invoices.mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(self.received(), {("applied", "Swimming"): 305})
        self.assertReportsTie(self.company)
        bills = self.document([40], move_type="in_invoice") | self.document([60], move_type="in_invoice")
        self.transaction(-60, "both, less a discount").match_with([*bills, self.fees])
        rows = self.report_rows("payment", self.company).filtered(lambda row: row.side == "supplier")
        self.assertEqual(exact(sum(rows.mapped("amount"))), exact(-60))

    def test_debts_that_cancel_each_other_out_bear_the_fee_by_their_size(self):
        """An invoice is set off against a bill, the bank takes its fee of 3: that is all that it moved."""
        for owed, shown, worth in ((100, -3, [-101.5, 98.5]), (99.99, -2.99, [-101.49, 98.5])):
            with self.subTest(owed=owed):
                invoice, bill = self.document([100]), self.document([owed], move_type="in_invoice")
                line = self.transaction(shown, "set off")
                line.book_lines([
                    {"kind": "document", "record": ("account.move", invoice.id), "amount": -100},
                    {"kind": "document", "record": ("account.move", bill.id), "amount": owed},
                    {"kind": "preset", "preset_id": self.fees.id},
                ])  # fmt: skip
                self.assertEqual((invoice | bill).mapped("payment_state"), ["paid", "paid"])
                rows = self.report_rows("payment", self.company)
                rows = rows.filtered(lambda row, line=line: row.counterpart_move_id == line.sudo().move_id)
                self.assertEqual(sorted(rows.mapped("amount")), worth)
                self.assertReportsTie(self.company)

    def test_discount_with_its_tax_is_not_received_by_either_route(self):
        tax = self.env["account.tax"].create({"name": "15 %", "amount": 15, "company_id": self.company.id})
        terms = self.payment_terms(
            (100, 30), early_discount=True, discount_percentage=2, discount_days=90,
            early_pay_discount_computation="included",
        )  # fmt: skip
        priced = {"price_unit": 100, "tax_ids": [Command.set(tax.ids)]}
        self.register(self.document([priced], invoice_payment_term_id=terms.id))
        self.assertEqual(self.received(), {("applied", "Swimming"): 112.7})
        invoice = self.document([priced], invoice_payment_term_id=terms.id)
        line = self.transaction(112.7, invoice.name, date="2026-01-20")
        line.match_with(invoice)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.received(), {("applied", "Swimming"): 225.4})
        self.assertReportsTie(self.company)

    def test_surplus_that_is_booked_as_income_was_received_by_either_route(self):
        income = self.company_data["default_account_revenue"]
        self.register(self.document([100]), amount=102, payment_difference_handling="reconcile",
                      writeoff_account_id=income.id)  # fmt: skip
        self.assertEqual(self.received(), {("applied", "Swimming"): 102})
        invoice = self.document([100])
        self.transaction(102, invoice.name).match_with([invoice, self.preset("Rounding", income)])
        self.assertEqual(self.received(), {("applied", "Swimming"): 204})
        self.assertReportsTie(self.company)

    def test_transaction_that_clears_a_payment_brings_what_it_books_beside_it(self):
        waiting = self.register(self.document([40]))
        invoice = self.document([100])
        self.transaction(137, "both").match_with([waiting, invoice, self.fees])
        self.assertEqual(self.received(), {("applied", "Swimming"): 137})
        self.assertReportsTie(self.company)

    def test_fee_taken_where_the_bank_shows_a_registered_payment(self):
        """It is received for what it pays once the bank has shown it, as long as that match is there."""
        invoice = self.document([60, 40])
        payment = self.register(invoice)
        line = self.transaction(97, "card")
        for _time in range(2):
            self.assertEqual(self.received(), {("applied", "Swimming"): 60, ("applied", "Judo"): 40})
            self.assertReportsTie(self.company)
            line.match_with([payment, self.fees])
            self.assertEqual(self.received(), {("applied", "Swimming"): 58.2, ("applied", "Judo"): 38.8})
            self.assertReportsTie(self.company)
            line.action_unmatch()
        self.assertInvariants(invoice)

    def test_fee_taken_where_the_bank_shows_several_payments(self):
        """In proportion to the payments; also of a deposit that is applied to nothing."""
        invoice = self.document([100])
        payments = self.register(invoice) | self.payment(200)
        self.transaction(294.99, "cards").match_with([*payments, self.fees])
        self.assertEqual(self.received(), {("applied", "Swimming"): 98.33, ("unreconciled", False): 196.66})
        self.assertReportsTie(self.company)
        payments[1].action_cancel()
        self.assertEqual(self.received(), {("applied", "Swimming"): 100})
        self.assertReportsTie(self.company)

    def test_exchange_difference_where_the_bank_shows_a_registered_payment(self):
        """Registered at 0.9, shown by the bank at 0.8."""
        invoice = self.document([72], currency_id=self.euro.id)
        payment = self.register(invoice, payment_date="2026-01-10", currency_id=self.euro.id)
        self.assertEqual(self.received(), {("applied", "Swimming"): 80})
        line = self.transaction(90, "card", date="2026-01-20", foreign_currency_id=self.euro.id, amount_currency=72)
        line.match_with(payment)
        self.assertEqual(self.received(), {("applied", "Swimming"): 90})
        self.assertReportsTie(self.company)
        line.action_unmatch()
        self.assertEqual(self.received(), {("applied", "Swimming"): 80})
        self.assertReportsTie(self.company)

    def test_charge_of_what_a_vendor_got_counts_as_paid(self):
        bill = self.document([100], move_type="in_invoice")
        self.transaction(-103, bill.name).match_with([bill, self.fees])
        self.assertEqual(sum(self.received().values()), -103)
        self.assertReportsTie(self.company)

    def test_what_went_to_another_account_of_money_was_not_received_for_the_invoice(self):
        cash = self.savings.default_account_id.copy({"code": "101777", "name": "Petty cash", "reconcile": False})
        invoice = self.document([60])
        self.transaction(100, invoice.name).book_lines([
            {"kind": "document", "record": ("account.move", invoice.id), "amount": 60},
            {"kind": "account", "account_id": cash.id, "amount": 40},
        ])  # fmt: skip
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.received(), {("applied", "Swimming"): 60})
        self.assertReportsTie(self.company)

    def test_payment_that_is_corrected_brings_what_it_books_now(self):
        """Posted again with another amount, in the other direction, after it had been applied."""
        payment = self.register(self.document([60, 40]))
        for values, received in (({"amount": 80}, 80), ({"payment_type": "outbound"}, -80)):
            payment.action_draft()
            payment.write(values)
            payment.action_post()
            self.assertEqual(self.received(), {("unreconciled", False): received})
            self.assertReportsTie(self.company)

    def test_transaction_whose_other_account_becomes_one_that_is_reconciled(self):
        """What it books there is written off, or waits to be cleared, as the account is now."""
        kept = self.company_data["default_account_assets"].copy({"code": "141902", "reconcile": False})
        invoice = self.document([60, 40])
        line = self.transaction(97, invoice.name)
        line.book_lines([
            {"kind": "document", "record": ("account.move", invoice.id), "amount": 100},
            {"kind": "account", "account_id": kept.id, "amount": -3},
        ])  # fmt: skip
        for values, swim, judo in (
            ({}, 58.2, 38.8), ({"reconcile": True}, 60, 40), ({"account_type": "expense"}, 58.2, 38.8),
        ):  # fmt: skip
            kept.write(values)
            self.assertEqual(self.received(), {("applied", "Swimming"): swim, ("applied", "Judo"): judo})
            self.assertReportsTie(self.company)
        self.assertInvariants(invoice)

    def test_reversal_of_a_transaction_takes_back_what_it_brought(self):
        invoice = self.document([100])
        line = self.transaction(97, invoice.name)
        line.match_with([invoice, self.fees])
        line.sudo().move_id._reverse_moves([{"date": "2026-02-20"}])
        self.env.flush_all()
        reversal = line.sudo().move_id.reversal_move_ids
        reversal.action_post()
        self.assertEqual(sum(self.received().values()), 0)
        self.assertReportsTie(self.company)

    def test_exchange_difference_of_the_payment_is_received_for_what_it_paid(self):
        for currency in (self.company.currency_id, self.euro):
            with self.subTest(currency=currency.name):
                invoice = self.document([60, 40], currency_id=self.euro.id)
                payment = self.register(invoice, currency_id=currency.id)
                self.assertEqual(invoice.amount_residual, 0)
                rows = self.report_rows("payment", self.company).filtered(
                    lambda row, payment=payment: row.counterpart_move_id == payment.move_id
                )
                self.assertEqual(rows.mapped("state"), ["applied", "applied"])
                self.assertEqual(sorted(rows.mapped("amount")), [50, 75])
                paid = self.report_rows("paid.item", self.company).filtered(lambda row: row.move_id == invoice)  # noqa: B023
                self.assertEqual(sorted(paid.mapped("amount")), [50, 75])
        self.assertReportsTie(self.company)

    def test_exchange_difference_of_a_part_leaves_the_rest_unreconciled(self):
        invoice = self.document([60], currency_id=self.euro.id)
        other = self.document([40], currency_id=self.euro.id)
        payment = self.payment(125, date="2026-01-15")
        self.reconcile(invoice, payment)
        self.assertEqual(self.received(), {("applied", "Swimming"): 75, ("unreconciled", False): 50})
        self.reconcile(other, payment)
        self.assertEqual(self.received(), {("applied", "Swimming"): 125})
        self.assertReportsTie(self.company)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.received(), {("unreconciled", False): 125})
        self.assertReportsTie(self.company)

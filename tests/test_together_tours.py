"""Remittance advice, a deposit slip and a dispute in a browser."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestTogetherTours(AccountTestInvoicingHttpCommon, BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.preset("Damages", cls.fees_code.copy({"code": "659100", "name": "Damages"}))

    def start(self, path, name):
        self.start_tour(f"/odoo/{path}", f"account_reconciliation_{name}", login="matching.accountant")
        self.env.invalidate_all()

    def test_remittance_advice(self):
        invoice = self.document([75, 75, 20], post=False, payment_reference="TOUR-4711")
        for line, name in zip(invoice.invoice_line_ids, ("Skating course", "Hockey course", "Locker"), strict=True):
            line.name = name
        invoice.action_post()
        line = self.transaction(50, "stores", date=str(self.company._today()))
        self.start("remittance-advice", "remittance_advice")
        self.assertBooked(line)
        self.assertEqual(self.applied(invoice), [0, 30, 20])

    def test_deposit_slip(self):
        today = str(self.company._today())
        cheques = self.payment(40, date=today, memo="Cheque 1") | self.payment(60, date=today, memo="Cheque 2")
        line = self.transaction(100, "DEPOSIT", date=today)
        self.start("action-account.action_account_payments", "deposit_slip")
        self.assertBooked(line)
        self.assertEqual(cheques.mapped("is_matched"), [True, True])

    def test_dispute(self):
        invoice = self.document([60, 40])
        self.transaction(90, invoice.name).match_with(invoice)
        self.start(f"customer-invoices/{invoice.id}", "dispute")
        self.assertEqual((invoice.dispute_ids.reason, invoice.dispute_ids.amount), ("damaged", 10))
        self.start("disputes", "dispute_settled")
        self.assertEqual((invoice.amount_residual, invoice.dispute_ids.state), (0, "resolved"))

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestReportTours(AccountTestInvoicingHttpCommon, ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_with("tour_reports", "account_reconciliation.group_client_billing")
        today = fields.Date.to_string(fields.Date.today())
        cls.invoice = cls.document([75, 75, 20], date=today)
        cls.register_payment(cls.invoice, 100, payment_date=today)
        cls.payment(30, date=today)

    def test_reports(self):
        """Look at the overview and at what stands behind it, then at the reports."""
        self.start_tour("/odoo/reconciliation-overview", "account_reconciliation_reports", login="tour_reports")
        self.assertEqual(self.left(self.invoice), [0, 50, 20], "looking changes nothing")

    def test_empty_bank_account_offers_the_import(self):
        self.user_with("tour_bank", "account_reconciliation.group_accountant")
        self.start_tour(
            "/odoo/reconciliation-overview", "account_reconciliation_overview_empty_bank", login="tour_bank"
        )

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestTours(AccountTestInvoicingHttpCommon, ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.user_with("tour_accountant", "account_reconciliation.group_accountant")
        cls.invoice = cls.document([75, 75, 20])
        cls.register_payment(cls.invoice, 100)
        cls.deposit = cls.payment(30)

    def test_client_billing(self):
        """Look at an account, modify a reconciliation, pay the rest, delete one reconciliation."""
        self.start_tour(
            f"/odoo/{self.family.id}/client-billing", "account_reconciliation_client_billing", login="tour_accountant"
        )
        self.assertEqual(self.left(self.invoice), [0, 0, 20])
        self.assertInvariants(self.invoice)

    def test_reconcile_all_accounts(self):
        self.start_tour("/odoo/client-accounts", "account_reconciliation_reconcile_all", login="tour_accountant")
        self.assertEqual(self.deposit.reconciliation_status, "full")
        self.assertEqual(self.left(self.invoice), [0, 20, 20])

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
        """Look at an account, modify a reconciliation and undo it, pay the rest, delete one, search, reconcile."""
        self.start_tour(
            f"/odoo/{self.family.id}/client-billing", "account_reconciliation_client_billing", login="tour_accountant"
        )
        self.assertEqual(self.invoice.reconciliation_status, "full", "the rest and the deposit went to it again")
        self.assertTrue(self.family.message_ids.attachment_ids, "the statement of account")
        self.assertInvariants(self.invoice)

    def test_reconcile_all_accounts(self):
        self.start_tour("/odoo/client-accounts", "account_reconciliation_reconcile_all", login="tour_accountant")
        self.assertEqual(self.deposit.reconciliation_status, "full")
        self.assertEqual(self.left(self.invoice), [0, 20, 20])


@tagged("post_install", "-at_install")
class TestPhoneTours(AccountTestInvoicingHttpCommon, ReconciliationCommon):
    browser_size = "390x844"
    touch_enabled = True

    def test_client_billing(self):
        self.user_with("phone_accountant", "account_reconciliation.group_accountant")
        self.register_payment(self.document([75, 75, 20]), 100)
        self.start_tour(
            f"/odoo/{self.family.id}/client-billing",
            "account_reconciliation_client_billing_phone",
            login="phone_accountant",
        )

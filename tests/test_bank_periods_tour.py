from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestBankPeriodTour(AccountTestInvoicingHttpCommon, BankPeriodCommon):
    def test_a_month(self):
        """Open a period, tick, book what is missing, close, follow the trace, reopen."""
        self.user_with("bank.tour", "account_reconciliation.group_accountant")
        self.bank.name = "Tour bank"
        self.fees.name = "Tour fees"
        paid = self.payment(100, date="2026-01-10")
        self.payment(40, date="2026-01-20", memo="Waits")
        self.clear(self.transaction(100, "2026-01-12", "Deposit"), paid)
        action = self.env.ref("account_reconciliation.action_bank_reconciliations")
        self.start_tour(f"/odoo/action-{action.id}", "account_reconciliation_bank_period", login="bank.tour")
        period = self.periods.search([("journal_id", "=", self.bank.id)])
        self.assertEqual((period.state, period.remaining, period.reopen_reason), ("open", 0, "A cheque was forgotten"))
        self.assertEqual(period.snapshot_ids.mapped("is_closing"), [True])

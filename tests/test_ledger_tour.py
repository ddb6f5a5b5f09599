"""The page of an account in a browser."""

from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common.ledger_accounts import LedgerCommon


@tagged("post_install", "-at_install")
class TestLedgerTour(AccountTestInvoicingHttpCommon, LedgerCommon):
    def test_account_is_reconciled_by_keys_and_mouse(self):
        for amount, label, reference in (
            (100, "Sale", "P-1"), (-97, "Payout", "P-1"), (-3, "Fee", "P-1"), (50, "Sale", "Q-7"),
            (-45, "Payout", "Q-7"), (12, "<img src=x onerror=\"document.body.dataset.hacked='1'\">", "R-9"),
        ):  # fmt: skip
            self.entry(amount, label, ref=reference)
        self.start_tour(
            "/odoo/accounts-to-reconcile", "account_reconciliation_ledger_account", login="ledger.accountant"
        )
        kinds = self.env["account.ledger.reconciliation"].search([("account_id", "=", self.clearing.id)])
        self.assertEqual(sorted(kinds.mapped(lambda one: (one.kind, one.state))),
                         [("difference", "done"), ("suggestion", "undone")])  # fmt: skip
        [booked] = self.lines.search([("account_id", "=", self.differences_code.id)])
        self.assertEqual((booked.balance, booked.name), (5, "Fee of the card company"))

"""The page of an account, its rules and proofs, and the closing checklist in a browser."""

from dateutil.relativedelta import relativedelta
from odoo import fields
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

    def test_rule_is_run_and_undone(self):
        self.entry(100, "Sale", ref="P-1")
        self.entry(-100, "Payout", ref="P-1")
        self.entry(7, "Sale", ref="P-2")
        rule = self.env["account.ledger.rule"].create({
            "name": "Payouts", "account_id": self.clearing.id, "takes": "pair", "same_reference": True,
        })  # fmt: skip
        self.start_tour("/odoo/account-rules", "account_reconciliation_ledger_rule", login="ledger.accountant")
        self.assertEqual((rule.run_ids.partial_count, rule.run_ids.reconciliation_ids.state), (1, "undone"))
        self.assertFalse(any(self.lines.search([("account_id", "=", self.clearing.id)]).mapped("reconciled")))

    def month_end_proof(self):
        self.day = fields.Date.end_of(self.company._today() - relativedelta(months=1), "month")
        self.entry(100, date=str(self.day))
        proofs = self.env["account.ledger.proof"].with_user(self.accountant)
        return proofs.create({"account_id": self.clearing.id, "date": self.day})

    def test_proof_is_prepared(self):
        proof = self.month_end_proof()
        self.start_tour("/odoo/account-proofs", "account_reconciliation_ledger_proof", login="ledger.accountant")
        self.assertEqual((proof.state, proof.prepared_uid), ("prepared", self.accountant))
        self.assertIn("Settled in February", proof.note)

    def test_checklist_of_a_month(self):
        proof = self.month_end_proof()
        proof.action_prepare()
        proof.with_user(self.reviewer).action_review()
        self.start_tour("/odoo/closing-checklists", "account_reconciliation_ledger_closing", login="ledger.accountant")
        closing = self.env["account.closing"].search([("date", "=", self.day)])
        self.assertEqual(closing.line_ids.filtered("is_done").account_id, self.clearing)

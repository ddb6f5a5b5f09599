"""Branches of one company pay for each other: what is another's never keeps a user from the own document."""

from odoo import Command
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestBranches(ReconciliationCommon):
    def test_document_paid_by_another_branch_opens_with_its_own_selected(self):
        """As Odoo's own ``TestCompanyBranch.test_reconciliation`` opens it, seen by an accountant."""
        self.company.write({"child_ids": [Command.create({"name": "East"}), Command.create({"name": "West"})]})
        east, west = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branches
        user = self.user_with("branches", "account_reconciliation.group_accountant")
        user.company_ids = [Command.set((self.company | east | west).ids)]
        invoice = self.document([1000], company_id=east.id)
        refund = self.document([1000], "out_refund", company_id=west.id)
        self.reconcile(invoice, refund)
        self.env.invalidate_all()
        own = invoice.with_user(user).with_context(allowed_company_ids=east.ids)
        with Form(own) as form:
            self.assertEqual(form.amount_residual, 0)
        self.assertEqual(own.bank_transaction_count, 0)
        self.assertFalse(own._reconciled_moves(own.line_ids), "the credit note is for those who may read it")
        both = own.with_context(allowed_company_ids=(east | west).ids)
        self.assertEqual(both._reconciled_moves(both.line_ids), refund)

    def test_presets_of_the_company_above_serve_its_branches(self):
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        east = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branch
        user = self.user_with("branches", "account_reconciliation.group_accountant")
        user.company_ids = [Command.set((self.company | east).ids)]
        preset = self.env["account.reconcile.model"].create({
            "name": "Fees", "company_id": self.company.id, "match_label": "contains", "match_label_param": "fee",
            "line_ids": [Command.create({"account_id": self.company_data["default_account_expense"].id})],
        })  # fmt: skip
        journal = self.env["account.journal"].create(
            {"name": "East bank", "type": "bank", "code": "EAST", "company_id": east.id}
        )
        lines = self.env["account.bank.statement.line"].create(
            [
                {"journal_id": journal.id, "date": "2026-02-10", "amount": -5, "payment_ref": "fee"},
                {"journal_id": journal.id, "date": "2026-02-11", "amount": -5, "payment_ref": "fee"},
            ]
        )
        first, second = lines.with_user(user).with_context(allowed_company_ids=east.ids)
        suggested = [row["records"] for row in first.get_match_suggestions()]
        self.assertIn([(preset._name, preset.id)], suggested)
        first.match_expense(preset)
        preset.trigger = "auto_reconcile"
        second.auto_match()
        self.assertEqual((first | second).mapped("match_status"), ["manual", "matched"])

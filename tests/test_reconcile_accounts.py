"""“Reconcile account” and “Reconcile all accounts”: oldest to newest, apart where they must be, the same twice."""

from unittest.mock import patch

from odoo import Command
from odoo.addons.account_reconciliation.models.reconcile_accounts import account_reconciliation_run
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestReconcileAccounts(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_family = cls.env["res.partner"].create({"name": "Gagnon family"})

    def test_oldest_money_pays_oldest_document_first_item_first(self):
        march = self.document([40, 40], date="2026-03-01")
        january = self.document([50, 30], date="2026-01-01")
        late = self.payment(50, date="2026-03-01")
        early = self.payment(60, date="2026-02-01")
        summary = self.family.action_reconcile_account()
        self.assertEqual(self.applied(january, early), [50, 10])
        self.assertEqual(self.applied(january, late), [0, 20])
        self.assertEqual(self.applied(march, late), [30, 0])
        currency = self.company.currency_id.name
        self.assertEqual(
            summary,
            {
                "accounts": 1,
                "partials": 3,
                "transactions": 4,
                "amounts": {currency: 110},
                "open_documents": {currency: 50},
                "open_money": {},
            },
        )
        self.assertInvariants()

    def test_same_day_invoice_and_payment_are_not_special(self):
        """The guide: money goes to the oldest unreconciled invoice, not to the one made the same day."""
        older = self.document([80], date="2026-01-01")
        same_day = self.document([80], date="2026-02-01")
        payment = self.payment(80, date="2026-02-01")
        self.family.action_reconcile_account()
        self.assertEqual(self.applied(older, payment), [80])
        self.assertEqual(same_day.reconciliation_status, "not_reconciled")

    def test_second_run_changes_nothing(self):
        moves = self.document([75, 75, -10]) | self.document([30], date="2026-02-01") | self.payment(100).move_id
        self.family.action_reconcile_account()
        was = self.snapshot(moves)
        again = self.family.action_reconcile_account()
        self.assertEqual(again["partials"], 0)
        self.assertEqual(again["accounts"], 0)
        self.assertEqual(self.snapshot(moves), was)

    def test_credit_notes_deposits_and_bank_entries_are_money_too(self):
        invoice = self.document([100, 100])
        credit = self.document([30], "out_refund", date="2026-01-12")
        deposit = self.payment(50, date="2026-01-11")
        self.family.action_reconcile_account()
        self.assertEqual(self.applied(invoice), [80, 0])
        self.assertEqual(credit.reconciliation_status, "full")
        self.assertEqual(deposit.reconciliation_status, "full")
        self.assertInvariants()

    def test_members_are_reconciled_with_their_account_owner(self):
        invoice = self.document([75], partner=self.member)
        payment = self.payment(75)
        self.member.action_reconcile_account()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(payment.reconciliation_status, "full")

    def test_accounts_currencies_and_sides_stay_apart(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        dollars = self.document([100])
        euros = self.document([100], currency_id=euro.id)
        bill = self.document([100], "in_invoice", partner=self.family)
        payment = self.payment(40, currency_id=euro.id)
        self.payment(25, partner=self.other_family)
        self.family.action_reconcile_account()
        self.assertEqual(self.applied(euros, payment), [40])
        for untouched in (dollars, bill):
            self.assertEqual(untouched.reconciliation_status, "not_reconciled")

    def test_suppliers(self):
        old = self.document([60, 40], "in_invoice", date="2026-01-01")
        new = self.document([50], "in_invoice", date="2026-02-01")
        payment = self.payment(120, direction="outbound", partner_type="supplier", date="2026-02-10")
        self.vendor.action_reconcile_account()
        self.assertEqual(self.applied(old, payment), [60, 40])
        self.assertEqual(self.applied(new, payment), [20])

    def test_exchange_difference_leaves_exact_items(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.7)])
        invoices = self.document([33.35, 66.61], currency_id=euro.id) | self.document(
            [20.01], currency_id=euro.id, date="2026-01-11"
        )
        for amount in (17.17, 50.5, 52.3):
            self.payment(amount, currency_id=euro.id, date="2026-02-10")
        self.family.action_reconcile_account()
        self.assertEqual(set(invoices.mapped("reconciliation_status")), {"full"})
        self.assertInvariants()

    def test_several_accounts_at_once_and_the_summary_of_the_run(self):
        self.document([100])
        self.payment(60)
        self.document([20], partner=self.other_family)
        self.payment(50, partner=self.other_family)
        wizard = self.env["account.reconcile.accounts"].create({"scope": "all"})
        self.assertEqual(wizard.account_count, 2)
        self.assertEqual(wizard.transaction_count, 4)
        self.assertIn("80.00", wizard.amount_text)
        action = wizard.action_reconcile()
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(run.state, "done")
        self.assertEqual((run.account_count, run.done_count, run.touched_count, run.partial_count), (2, 2, 2, 2))
        self.assertIn("80.00", run.amounts)
        reasons = {account.partner_id: account.message for account in run.account_ids}
        self.assertIn("No money left", reasons[self.family])
        self.assertIn("No open document left", reasons[self.other_family])
        self.assertFalse(self.env["account.reconcile.accounts"].create({"scope": "all"}).account_count)

    def test_selected_scope_touches_nobody_else(self):
        self.document([100])
        mine = self.payment(60)
        self.document([20], partner=self.other_family)
        theirs = self.payment(50, partner=self.other_family)
        self.env["account.reconcile.accounts"].create({
            "scope": "selected", "partner_ids": [Command.set(self.member.ids)],
        }).action_reconcile()  # fmt: skip
        self.assertEqual(mine.reconciliation_status, "full")
        self.assertEqual(theirs.reconciliation_status, "not_reconciled")

    def test_progress_in_slices(self):
        for number in range(3):
            family = self.env["res.partner"].create({"name": f"Family {number}"})
            self.document([10], partner=family)
            self.payment(10, partner=family)
        run = self.env["account.reconciliation.run"]._start(self.company)
        with patch.object(account_reconciliation_run, "ACCOUNTS_AT_ONCE", 2):
            first, second, last = run.process_slice(0), run.process_slice(0), run.process_slice(0)
        self.assertEqual([slice_["done_count"] for slice_ in (first, second, last)], [2, 3, 3])
        self.assertEqual([slice_["state"] for slice_ in (first, second, last)], ["running", "running", "done"])
        with self.assertRaises(UserError):
            run.sudo()._set_state("running")

    def test_cancelled_run_leaves_pending_accounts_alone(self):
        self.document([10])
        payment = self.payment(10)
        run = self.env["account.reconciliation.run"]._start(self.company)
        run.action_cancel()
        self.assertEqual(run.process_slice()["state"], "cancelled")
        self.assertEqual(payment.reconciliation_status, "not_reconciled")

    def test_one_account_that_fails_is_left_whole_and_named(self):
        """A tax on payment without its journal can't be booked: that account waits, the others go on."""
        self.company.tax_exigibility = True
        tax = self.env["account.tax"].create({
            "name": "on payment", "amount": 15, "tax_exigibility": "on_payment", "company_id": self.company.id,
            "cash_basis_transition_account_id": self.env["account.account"].create({
                "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True}).id,
        })  # fmt: skip
        broken = self.document([10, {"price_unit": 50, "tax_ids": [Command.set(tax.ids)]}], partner=self.other_family)
        self.payment(10, partner=self.other_family)
        good = self.document([10])
        self.payment(10)
        self.company.tax_cash_basis_journal_id = False
        action = self.env["account.reconcile.accounts"].create({"scope": "all"}).action_reconcile()
        run = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(good.reconciliation_status, "full")
        self.assertEqual(broken.reconciliation_status, "not_reconciled")
        failed = run.account_ids.filtered(lambda account: account.state == "failed")
        self.assertEqual(failed.partner_id, self.other_family)
        self.assertIn("cash basis journal", failed.message)

    def run_batch(self):
        """The scheduled action, without the commits that a test can't have; returns how often it would commit."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as commit:
            self.env["account.reconcile.accounts"].run_batch()
        return commit.call_count

    def test_scheduled_action_reconciles_every_company(self):
        self.document([10])
        payment = self.payment(10)
        self.run_batch()
        self.assertEqual(payment.reconciliation_status, "full")
        self.assertFalse(self.env["account.reconciliation.run"].search([("state", "=", "running")]))

    def test_scheduled_action_goes_on_with_a_run_that_was_cut_off(self):
        self.document([10])
        payment = self.payment(10)
        run = self.env["account.reconciliation.run"]._start(self.company)
        self.run_batch()
        self.assertEqual(run.state, "done")
        self.assertEqual(payment.reconciliation_status, "full")

    def test_scheduled_action_is_off_by_default(self):
        self.assertFalse(self.env.ref("account_reconciliation.cron_reconcile_all_accounts").active)

    def test_undoing_a_run_gives_the_ledger_back(self):
        """I6: what was reconciled can be undone, and the ledger is what it was, field by field."""
        moves = self.document([75, 75, -10]) | self.document([30], date="2026-02-01") | self.payment(120).move_id
        was = self.snapshot(moves)
        self.family.action_reconcile_account()
        self.assertNotEqual(self.snapshot(moves), was)
        moves._owed_lines().remove_move_reconcile()
        self.assertEqual(self.snapshot(moves), was)

    def test_billing_header_of_a_client_who_is_a_vendor_too(self):
        self.document([100])
        self.payment(30, partner=self.family)
        self.document([80], "in_invoice", partner=self.family)
        self.env["res.partner"].create({"type": "delivery", "street": "1 Rink Street", "parent_id": self.family.id})
        header = self.env["account.reconciliation.transaction"].get_billing_header(self.member.id)
        self.assertEqual(header["partner_id"], self.family.id)
        self.assertEqual(header["count"], 3)
        self.assertEqual(header["members"], ["Léa Tremblay"])
        self.assertEqual(
            [
                (total["side"], total["balance"], total["open_documents"], total["open_money"])
                for total in header["totals"]
            ],
            [("customer", 70, 100, 30), ("supplier", 80, 80, 0)],
        )

"""The scheduled action, charges by saved payment method, failures and what a person has to do."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .common.planned_payments import PlannedCommon

RUN = "odoo.addons.account_reconciliation.models.planned_payments.account_planned_payment_charge"


@tagged("post_install", "-at_install")
class TestDueRun(PlannedCommon):
    def make_due(self, planned_payments, days=0):
        self.env.cr.execute(
            "UPDATE account_planned_payment SET due_date = %s WHERE id = ANY(%s)",
            [self.day(-days), planned_payments.ids],
        )
        self.env.invalidate_all()

    def test_only_what_is_due_is_paid_each_on_its_items(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        first, second = self.plan(invoice, [20, 75], splits=[{items[2].id: 20}, {items[0].id: 75}])
        self.run_due()
        self.assertEqual((first.state, second.state), ("done", "planned"))
        self.assertEqual(self.applied(invoice), [0, 0, 20])
        self.assertEqual(first.payment_id.amount, 20)
        self.assertIn("is done", self.note(invoice))
        self.assertPlanned(invoice)
        self.assertInvariants(invoice)

    def test_running_twice_changes_nothing_more(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75])
        self.run_due()
        was = self.snapshot(invoice | planned_payment.payment_id.move_id)
        self.run_due()
        self.assertEqual(self.snapshot(invoice | planned_payment.payment_id.move_id), was)
        self.assertEqual(self.env["account.payment"].search_count([("partner_id", "=", self.family.id)]), 1)

    def test_commits_after_each_planned_payment(self):
        invoice = self.document([75, 75])
        self.make_due(self.plan(invoice, [50, 50, 50]), days=1)
        self.assertEqual(self.run_due(), 4)

    def test_one_that_fails_leaves_the_others_alone(self):
        bad, good = self.document([75]), self.document([30])
        (failing,) = self.plan(bad, [75], method=self.method("Broken"))
        (fine,) = self.plan(good, [30])
        post = type(self.env["account.payment"]).action_post

        def action_post(payment):
            if payment.amount == 75:
                raise UserError(self.env._("The bank is closed."))
            return post(payment)

        with patch.object(type(self.env["account.payment"]), "action_post", action_post), mute_logger(RUN):
            self.run_due()
        self.assertEqual((failing.state, fine.state), ("failed", "done"))
        self.assertEqual(failing.failure_message, "The bank is closed.")
        self.assertEqual(bad.reconciliation_status, "planned")
        self.assertFalse(self.env["account.payment"].search([("amount", "=", 75)]))

    def test_what_the_database_stops_is_left_to_the_next_run(self):
        """A conflict with somebody else is nothing to report; whatever else stops the database is."""
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75])
        payments, cr = type(self.env["account.payment"]), self.env.cr
        for error, level in ((errors.DeadlockDetected, None), (errors.QueryCanceled, "ERROR")):
            with (
                patch.object(payments, "action_post", side_effect=error),
                patch.object(cr, "rollback") as rollback,
                self.assertLogs(RUN, "ERROR") if level else self.assertNoLogs(RUN),
            ):
                self.run_due()
            rollback.assert_called_once_with()
            self.assertEqual((planned_payment.state, planned_payment.attempt_count), ("planned", 0))
        self.run_due()
        self.assertEqual(planned_payment.state, "done")

    def test_method_that_needs_a_person_makes_one_to_do(self):
        cheque = self.method("Cheque", needs_person=True)
        invoice = self.document([75])
        invoice.invoice_user_id = self.user_with("manager", "account_reconciliation.group_accountant")
        (planned_payment,) = self.plan(invoice, [75], method=cheque)
        self.run_due()
        self.run_due()
        self.assertEqual(planned_payment.state, "planned")
        self.assertEqual(len(planned_payment.activity_ids), 1)
        self.assertEqual(planned_payment.activity_ids.user_id, invoice.invoice_user_id)
        planned_payment.action_pay_now()
        self.assertEqual(planned_payment.state, "done")
        self.assertFalse(planned_payment.activity_ids)
        self.assertEqual(self.applied(invoice), [75])

    def test_scheduled_action_is_there_and_on(self):
        self.assertTrue(self.env.ref("account_reconciliation.cron_planned_payments").active)

    def test_states_change_by_declared_transitions_only(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75])
        planned_payment.action_pay_now()
        for state in ("planned", "processing", "cancelled"):
            with self.assertRaisesRegex(UserError, "can't become"):
                planned_payment._set_state(state)


@tagged("post_install", "-at_install")
class TestCharges(PlannedCommon):
    def setUp(self):
        super().setUp()
        if not self.demo_provider():
            self.skipTest("needs the demo payment provider")

    def charged(self, invoice):
        return self.env["payment.transaction"].sudo().search([("invoice_ids", "in", invoice.ids)])

    def test_saved_payment_method_is_charged_once_and_applied_to_its_items(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        (planned_payment,) = self.plan(invoice, [20], token=self.token(), splits=[{items[2].id: 20}])
        self.run_due()
        self.assertEqual(planned_payment.state, "done")
        self.assertEqual(self.applied(invoice), [0, 0, 20])
        transaction = self.charged(invoice)
        self.assertEqual((transaction.state, transaction.amount), ("done", 20))
        self.assertEqual(transaction.reference, planned_payment.reference)
        self.assertEqual(transaction.payment_id, planned_payment.payment_id)
        self.run_due()
        self.assertEqual(self.charged(invoice), transaction)
        self.assertInvariants(invoice)

    def test_reference_is_committed_before_the_charge(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        seen = []
        charge = type(self.env["payment.transaction"])._charge_with_token

        def _charge_with_token(transaction):
            seen.append((commit.call_count, transaction.reference, planned_payment.state))
            return charge(transaction)

        with (
            patch.object(type(self.env["payment.transaction"]), "_charge_with_token", _charge_with_token),
            self.no_commit() as commit,
        ):
            self.env["account.planned.payment"].run_due()
        # One for the number of planned payments, one for the stored transaction.
        self.assertEqual(seen, [(2, planned_payment.reference, "processing")])

    def test_cut_off_after_the_charge_is_registered_not_charged_again(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        with self.no_commit():
            transaction = planned_payment._prepare_charge()
            transaction._charge_with_token()
        self.assertEqual((planned_payment.state, transaction.state), ("processing", "done"))
        with patch.object(type(transaction), "_charge_with_token") as charge:
            self.run_due()
        charge.assert_not_called()
        self.assertEqual(planned_payment.state, "done")
        self.assertEqual(self.charged(invoice), transaction)

    def test_cut_off_before_the_answer_asks_a_person(self):
        for answer, state, status in (
            ("action_charge_succeeded", "done", "full"),
            ("action_charge_failed", "failed", "planned"),
        ):
            invoice = self.document([75])
            (planned_payment,) = self.plan(invoice, [75], token=self.token())
            transaction = planned_payment._prepare_charge()
            with patch.object(type(transaction), "_charge_with_token") as charge:
                self.run_due()
                self.assertFalse(planned_payment.activity_ids, "it may still be running")
                transaction.last_state_change = fields.Datetime.now() - timedelta(hours=1)
                self.run_due()
                self.run_due()
            charge.assert_not_called()
            self.assertEqual(planned_payment.state, "processing")
            self.assertIn(planned_payment.reference, planned_payment.activity_ids.note)
            with self.assertRaisesRegex(UserError, "can't be deleted"):
                planned_payment.unlink()
            with self.assertRaisesRegex(UserError, "being charged"):
                invoice.button_draft()
            getattr(planned_payment, answer)()
            self.assertEqual((planned_payment.state, invoice.reconciliation_status), (state, status))

    def test_charge_that_succeeds_after_other_money_has_paid_everything_is_a_deposit(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        with self.no_commit():
            transaction = planned_payment._prepare_charge()
        self.register_payment(invoice)
        self.assertEqual((planned_payment.state, planned_payment.amount), ("processing", 0))
        self.assertEqual(invoice.reconciliation_status, "full")
        transaction._set_done()
        self.run_due()
        self.assertEqual(planned_payment.state, "done")
        self.assertEqual(planned_payment.payment_id.move_id._owed_lines().amount_residual, -75)
        self.assertTrue(any("stays on the account as a deposit" in message.body for message in invoice.message_ids))
        self.assertInvariants(invoice)

    def test_charge_that_fails_after_other_money_has_paid_everything_is_not_tried_again(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        with self.no_commit():
            planned_payment._prepare_charge()
        self.register_payment(invoice)
        planned_payment.action_charge_failed()
        self.assertEqual((planned_payment.state, planned_payment.is_coming), ("failed", False))
        self.assertFalse(planned_payment.next_attempt_date)

    def test_only_one_of_two_who_want_it_charges(self):
        """Who comes second finds the transaction of the first, and leaves it alone."""
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        planned_payment._prepare_charge()
        with patch.object(type(self.env["payment.transaction"]), "_charge_with_token") as charge:
            self.run_due()
        charge.assert_not_called()
        with self.assertRaisesRegex(UserError, "can't be paid now"):
            planned_payment.action_pay_now()
        self.assertEqual(len(self.charged(invoice)), 1)

    def test_failed_charge_is_retried_by_policy_and_the_account_manager_told(self):
        invoice = self.document([75])
        manager = self.user_with("manager", "account_reconciliation.group_accountant")
        invoice.invoice_user_id = manager
        (planned_payment,) = self.plan(invoice, [75], token=self.token("error"))
        for attempt, again in ((1, self.day(3)), (2, self.day(3)), (3, False)):
            with mute_logger(RUN):
                self.run_due()
            self.assertEqual((planned_payment.state, planned_payment.attempt_count), ("failed", attempt))
            self.assertEqual(planned_payment.next_attempt_date, again)
            self.assertEqual(len(self.charged(invoice)), attempt)
            self.assertEqual(invoice.reconciliation_status, "planned" if again else "not_reconciled")
            self.assertFalse(self.applied(invoice)[0])
            self.run_due()
            self.assertEqual(planned_payment.attempt_count, attempt, "not before its date")
            self.env.cr.execute("UPDATE account_planned_payment SET next_attempt_date = next_attempt_date - 3")
            self.env.invalidate_all()
        self.assertEqual(len(set(self.charged(invoice).mapped("reference"))), 3)
        notes = invoice.message_ids.filtered(lambda message: "failed" in message.body)
        self.assertEqual(len(notes), 3)
        self.assertIn(manager.partner_id, notes.notified_partner_ids)
        self.assertEqual(planned_payment.activity_ids.user_id, manager)
        self.assertFalse(self.env["account.payment"].search([("partner_id", "=", self.family.id)]))

    def test_failed_one_can_be_tried_again_with_another_saved_payment_method(self):
        self.company.planned_retry_count = 0
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token("cancel"))
        self.run_due()
        self.assertEqual((planned_payment.state, planned_payment.is_coming), ("failed", False))
        planned_payment.write({"payment_token_id": self.token().id, "due_date": self.day()})
        self.assertEqual((planned_payment.state, invoice.reconciliation_status), ("planned", "planned"))
        self.run_due()
        self.assertEqual((planned_payment.state, invoice.reconciliation_status), ("done", "full"))

    def test_failed_one_comes_back_only_for_what_is_still_open(self):
        self.company.planned_retry_count = 0
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token("error"))
        self.run_due()
        self.register_payment(invoice, 50)
        with self.no_commit():
            planned_payment.payment_token_id = False
            planned_payment.payment_method_line_id = self.manual
            planned_payment.action_pay_now()
        self.assertEqual((planned_payment.state, planned_payment.amount), ("done", 25))
        self.assertInvariants(invoice)

    def test_pending_charge_waits_and_is_then_done(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token("pending"))
        self.run_due()
        transaction = self.charged(invoice)
        self.assertEqual((planned_payment.state, transaction.state), ("processing", "pending"))
        self.assertEqual(invoice.reconciliation_status, "planned")
        transaction._set_done()
        self.run_due()
        self.assertEqual((planned_payment.state, invoice.reconciliation_status), ("done", "full"))

    def test_pending_charge_that_fails_at_the_provider(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token("pending"))
        self.run_due()
        transaction = self.charged(invoice)
        transaction._set_error("No money")
        transaction._post_process()
        self.assertEqual((planned_payment.state, planned_payment.failure_message), ("failed", "No money"))

    def test_money_that_comes_after_the_items_were_paid_stays_on_the_account(self):
        invoice = self.document([75, 75])
        first, second = self.plan(invoice, [75, 75], token=self.token("pending"))
        self.run_due()
        self.register_payment(invoice)
        self.assertEqual((first.state, second.state), ("processing", "cancelled"))
        transaction = self.charged(invoice)
        transaction._set_done()
        self.run_due()
        self.assertEqual(first.state, "done")
        self.assertEqual(first.payment_id.reconciliation_status, "not_reconciled")
        self.assertInvariants(invoice)
        self.assertPlanned(invoice)

    def test_expired_saved_payment_method(self):
        token = self.token()
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=token)
        token.active = False
        self.run_due()
        self.assertEqual(planned_payment.state, "failed")
        self.assertIn("expired", planned_payment.failure_message)
        self.assertFalse(self.charged(invoice))
        other = self.document([30])
        with self.assertRaisesRegex(UserError, "expired"):
            self.plan(other, [30], token=token)
        with self.assertRaisesRegex(UserError, "isn't"):
            self.plan(other, [30], token=self.token(partner=self.vendor))
        self.assertFalse(other.planned_payment_ids)

    def test_desk_may_charge_and_may_not_read_the_provider(self):
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        invoice = self.document([75])
        token = self.token().with_user(desk)
        planned_payment = invoice.with_user(desk).plan_payments(
            [{"due_date": self.day(4), "amount": 75}], payment_token=token
        )
        with self.no_commit():
            planned_payment.action_pay_now()
        self.assertEqual(planned_payment.state, "done")
        with self.assertRaises(AccessError):
            self.env["payment.provider"].with_user(desk).search([]).read(["name"])

"""Payments that are confirmed later: locked while they process, undone whole where they are rejected."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestProcessingPayments(PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.echeck = cls.method("eCheck", is_confirmed_later=True)

    def pay(self, invoice, amount):
        return self.register_payment(invoice, amount, payment_method_line_id=self.echeck.id)

    def test_reconciled_at_once_and_locked_until_confirmed(self):
        invoice = self.document([75, 75, 20])
        payment = self.pay(invoice, 100)
        self.assertEqual(payment.confirmation_state, "processing")
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        item = invoice.reconciliation_item_ids.sorted("sequence")[0]
        change = {"document": invoice, "money": payment.move_id._owed_lines(), "split": {item.id: 75}}
        routes = {
            "modify": lambda: invoice._modify_reconciliations([change]),
            "delete": lambda: invoice.action_delete_reconciliations(),
            "unreconcile": lambda: invoice._owed_lines().remove_move_reconcile(),
            "payments widget": lambda: invoice.js_remove_outstanding_partial(invoice._partials_with().id),
            "reset": lambda: payment.action_draft(),
            "reset of the entry": lambda: payment.move_id.button_draft(),
            "cancel": lambda: payment.action_cancel(),
            "unlink": lambda: payment.unlink(),
            "cancelling the document": lambda: invoice.button_cancel(),
        }
        for name, route in routes.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "still processing"), self.env.cr.savepoint():
                route()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        payment.action_confirm_payment()
        self.assertEqual(payment.confirmation_state, "confirmed")
        invoice.action_delete_reconciliations()
        self.assertEqual(self.applied(invoice), [0, 0, 0])

    def test_no_key_of_the_context_unlocks_it(self):
        """What a remote call can send as its context has no effect: the options of the addon are an object."""
        invoice = self.document([75, 75, 20])
        self.pay(invoice, 100)
        for sent in (
            {"reconciliation_unlocked": True, "reconciliation_items_checked": True},
            {"reconciliation_options": True},
            {"reconciliation_options": {"is_unlocked": True, "is_items_checked": True, "is_own_write": True}},
        ):
            lines = invoice._owed_lines().with_context(**sent)
            with self.subTest(sent), self.assertRaisesRegex(UserError, "still processing"), self.env.cr.savepoint():
                lines.remove_move_reconcile()
        self.assertEqual(self.applied(invoice), [75, 25, 0])

    def test_other_payments_of_the_document_are_not_locked(self):
        invoice = self.document([75, 75])
        self.pay(invoice, 50)
        cash = self.register_payment(invoice, 30)
        invoice.action_delete_reconciliations(cash.move_id.id)
        self.assertEqual(self.applied(invoice), [50, 0])

    def test_rejected_payment_is_taken_back_whole(self):
        invoice, other = self.document([75, 75]), self.document([30])
        was = self.snapshot(invoice | other)
        payment = self.payment(130, payment_method_line_id=self.echeck.id)
        self.reconcile(payment, other, invoice)
        self.assertEqual(payment.reconciliation_status, "full")
        payment.action_reject_payment()
        self.assertEqual((payment.state, payment.move_id.state), ("rejected", "cancel"))
        self.assertEqual(self.snapshot(invoice | other), was)
        for document in (invoice, other):
            self.assertIn("rejected", self.note(document))
        self.assertInvariants()
        with self.assertRaisesRegex(UserError, "isn't waiting"):
            payment.action_reject_payment()

    def test_rejected_in_a_closed_period_is_reversed_today(self):
        invoice = self.document([75])
        payment = self.pay(invoice, 75)
        self.company.fiscalyear_lock_date = "2026-06-30"
        payment.action_reject_payment()
        self.assertEqual(payment.confirmation_state, "rejected")
        self.assertEqual(payment.move_id.state, "posted")
        self.assertTrue(payment.move_id.reversal_move_ids)
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertFalse(payment.move_id._owed_lines()._open_amount())

    def test_planned_payment_waits_for_the_confirmation_of_its_payment(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], method=self.echeck)
        self.run_due()
        self.assertEqual(
            (planned_payment.state, planned_payment.payment_id.confirmation_state), ("processing", "processing")
        )
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertPlanned(invoice)
        self.run_due()
        planned_payment.payment_id.action_confirm_payment()
        self.assertEqual(planned_payment.state, "done")

    def test_planned_payment_whose_payment_is_rejected_comes_again(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], method=self.echeck)
        self.run_due()
        payment = planned_payment.payment_id
        payment.action_reject_payment()
        self.assertEqual((planned_payment.state, planned_payment.next_attempt_date), ("failed", self.day(3)))
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertIn("rejected", planned_payment.failure_message)
        self.assertPlanned(invoice)

    def test_rejected_where_the_method_books_straight_to_the_bank_account(self):
        """Without a bank statement such a payment counts as matched in Odoo; nothing has shown that it came."""
        self.echeck.payment_account_id = self.bank.default_account_id
        invoice = self.document([75])
        payment = self.pay(invoice, 75)
        payment.action_reject_payment()
        self.assertEqual((payment.state, invoice.reconciliation_status), ("rejected", "not_reconciled"))

    def test_posted_again_it_waits_again(self):
        for button in ("action_confirm_payment", "action_reject_payment"):
            payment = self.payment(75, payment_method_line_id=self.echeck.id)
            getattr(payment, button)()
            payment.action_draft()
            self.assertFalse(payment.confirmation_state)
            payment.action_post()
            self.assertEqual(payment.confirmation_state, "processing")

    def test_confirming_and_rejecting_need_the_permission(self):
        invoice = self.document([75])
        payment = self.pay(invoice, 75)
        remover = self.user_with("remover", "account_reconciliation.group_delete_reconciliations")
        for method in ("action_confirm_payment", "action_reject_payment"):
            with self.assertRaises(AccessError):
                getattr(payment.with_user(remover), method)()
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        payment.with_user(desk).action_reject_payment()
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")

    def test_ordinary_methods_wait_for_nothing(self):
        payment = self.register_payment(self.document([75]), 75)
        self.assertFalse(payment.confirmation_state)
        with self.assertRaisesRegex(UserError, "isn't waiting"):
            payment.action_confirm_payment()

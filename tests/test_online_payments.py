"""Money that comes together with its invoice: at checkout, from the portal, by saved payment method."""

from odoo.fields import Command
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestOnlinePayments(PlannedCommon):
    def setUp(self):
        super().setUp()
        self.provider = self.demo_provider()
        if not self.provider:
            self.skipTest("needs the demo payment provider")

    def pay_online(self, invoices, amount=None, token=None, state="done", **values):
        """What the portal's routes do: a transaction for these invoices, confirmed, post-processed."""
        transaction = self.env["payment.transaction"].sudo().create({
            "provider_id": self.provider.id,
            "payment_method_id": self.provider.with_context(active_test=False).payment_method_ids[:1].id,
            "amount": sum(invoices.mapped("amount_residual")) if amount is None else amount,
            "currency_id": invoices.currency_id.id,
            "partner_id": self.family.id,
            "token_id": token and token.id,
            "operation": "online_token" if token else "online_direct",
            "invoice_ids": [Command.set(invoices.ids)],
            **values,
        })  # fmt: skip
        if token:
            transaction._charge_with_token()
        else:
            transaction._set_done()
        transaction._post_process()
        return transaction.payment_id

    def test_partial_payment_at_checkout_follows_listed_order(self):
        invoice = self.document([75, 75, 20])
        payment = self.pay_online(invoice, 100)
        self.assertEqual(self.applied(invoice, payment), [75, 25, 0])
        self.assertEqual(self.left(invoice), [0, 50, 20])
        self.assertInvariants(invoice)

    def test_full_payment_at_checkout(self):
        invoice = self.document([75, 75, 20])
        payment = self.pay_online(invoice)
        self.assertEqual((invoice.reconciliation_status, payment.reconciliation_status), ("full", "full"))

    def test_outstanding_balance_pays_several_invoices_oldest_first(self):
        newer = self.document([50, 30], date="2026-02-05")
        older = self.document([60, 40], date="2026-01-05")
        payment = self.pay_online(newer | older, 130)
        self.assertEqual(self.applied(older, payment), [60, 40])
        self.assertEqual(self.applied(newer, payment), [30, 0])
        self.assertInvariants(newer | older)

    def test_recurring_invoice_charged_by_saved_payment_method(self):
        invoice = self.document([75, 20])
        payment = self.pay_online(invoice, token=self.token())
        self.assertEqual(self.applied(invoice, payment), [75, 20])
        self.assertEqual(invoice.reconciliation_status, "full")

    def test_draft_invoice_paid_at_checkout_is_posted_and_reconciled(self):
        invoice = self.document([75, 75, 20], post=False)
        payment = self.pay_online(invoice, 100)
        self.assertEqual(self.applied(invoice, payment), [75, 25, 0])

    def test_paid_in_part_at_checkout_and_the_rest_in_planned_payments(self):
        invoice = self.document([75, 75, 20])
        self.pay_online(invoice, 100)
        first, second = self.plan(invoice, [35, 35], token=self.token())
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.run_due()
        self.assertEqual(self.applied(invoice, first.payment_id), [0, 35, 0])
        self.env.cr.execute("UPDATE account_planned_payment SET due_date = %s", [self.day()])
        self.env.invalidate_all()
        self.run_due()
        self.assertEqual(self.applied(invoice, second.payment_id), [0, 15, 20])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_client_pays_the_next_planned_payment_online_and_it_lands_on_its_items(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        first, second = self.plan(invoice, [20, 75], first=3, splits=[{items[2].id: 20}, {items[1].id: 75}])
        payment = self.pay_online(invoice, 20)
        self.assertEqual(self.applied(invoice, payment), [0, 0, 20])
        self.assertEqual((first.state, first.payment_id), ("done", payment))
        self.assertEqual(second.state, "planned")
        self.assertPlanned(invoice)
        self.assertInvariants(invoice)

    def test_client_pays_more_and_less_than_a_planned_payment_online(self):
        invoice = self.document([75, 75, 20])
        first, second, third = self.plan(invoice, [60, 60, 50], first=3)
        self.pay_online(invoice, 40)
        self.assertEqual((first.state, first.amount), ("planned", 20))
        self.assertIn("paid in part", self.note(invoice))
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.pay_online(invoice, 50)
        self.assertEqual((first.state, second.state, second.amount), ("done", "planned", 30))
        self.assertPlanned(invoice)
        self.pay_online(invoice)
        self.assertEqual((second.state, third.state), ("done", "done"))
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_client_pays_beyond_the_schedule_online(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        (planned_payment,) = self.plan(invoice, [20], first=3, splits=[{items[2].id: 20}])
        payment = self.pay_online(invoice, 100)
        self.assertEqual(planned_payment.state, "done")
        self.assertEqual(self.applied(invoice, payment), [75, 5, 20])
        self.assertInvariants(invoice)

    def test_outstanding_balance_with_a_schedule_pays_its_planned_payments(self):
        invoice, other = self.document([75, 75]), self.document([30], date="2026-01-01")
        planned_payments = self.plan(invoice, [75, 75], first=3)
        self.pay_online(invoice | other)
        self.assertEqual(planned_payments.mapped("state"), ["done", "done"])
        self.assertEqual((invoice | other).mapped("reconciliation_status"), ["full", "full"])
        self.assertInvariants(invoice | other)

    def test_planned_payment_that_is_being_charged_is_left_to_its_own_money(self):
        invoice = self.document([75, 75])
        first, second = self.plan(invoice, [75, 75], token=self.token("pending"))
        self.run_due()
        payment = self.pay_online(invoice, 75)
        self.assertEqual((first.state, second.state, second.payment_id), ("processing", "done", payment))
        self.assertEqual(self.applied(invoice, payment), [0, 75])
        first.sudo().transaction_id._set_done()
        self.run_due()
        self.assertEqual(self.applied(invoice, first.payment_id), [75, 0])
        self.assertInvariants(invoice)

    def test_document_with_several_due_dates(self):
        terms = self.payment_terms((50, 0), (50, 30))
        invoice = self.document([75, 75, 20], invoice_payment_term_id=terms.id)
        first, second = self.plan(invoice, [100, 70], first=3)
        payment = self.pay_online(invoice, 100)
        self.assertEqual((first.state, second.state), ("done", "planned"))
        self.assertEqual(self.applied(invoice, payment), [75, 25, 0])
        second.action_pay_now()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_payment_added_later_assumes_nothing(self):
        invoice = self.document([75])
        self.plan(invoice, [75], first=3)
        self.payment(75)
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertEqual(self.applied(invoice), [0])

"""In which order money falls on the items of a document: listed, oldest due, pro rata, explicit; and back again."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestAllocationOrder(PlannedCommon):
    def set_order(self, order, owner=None, company=None):
        """Set what a company does, or an account owner in a company."""
        if owner:
            owner.with_company(company or self.company).allocation_order = order
        else:
            (company or self.company).allocation_order = order

    def make_payment(self, document, amount):
        wizard = self.env["account.make.payment"].with_context(make_payment_move_ids=document.ids)
        return Form(wizard.create({"partner_id": document.partner_id.id, "amount": amount, "date": "2026-01-15"}))

    # -- listed --------------------------------------------------------------------------------------------------------

    def test_listed_order_is_what_a_new_company_does(self):
        self.assertEqual(self.env["res.company"].create({"name": "New rink"}).allocation_order, "listed")
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.assertEqual(self.applied(invoice), [75, 25, 0])

    # -- pro rata ------------------------------------------------------------------------------------------------------

    def test_pro_rata_to_the_cent(self):
        """$170 = 75 + 75 + 20, paid 100: 44.117..., 44.117..., 11.764... The odd cent goes to the largest remainder."""
        self.set_order("pro_rata")
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.assertEqual(self.applied(invoice), [44.12, 44.12, 11.76])
        self.assertInvariants(invoice)

    def test_several_payments_add_up_as_one_would(self):
        self.set_order("pro_rata")
        one, many = self.document([75, 75, 20]), self.document([75, 75, 20])
        self.register_payment(one, 100)
        for amount in (33.33, 33.33, 0.01, 33.33):
            self.register_payment(many, amount)
            self.assertInvariants(many)
        for at_once, step_by_step in zip(self.applied(one), self.applied(many), strict=True):
            self.assertAlmostEqual(at_once, step_by_step, delta=0.02)
        self.register_payment(many)
        self.assertEqual(self.left(many), [0, 0, 0])
        self.assertInvariants(many)

    def test_taking_back_restores_what_was_before(self):
        for order in ("listed", "oldest", "pro_rata", "explicit"):
            self.set_order(order)
            invoice = self.document([75, 75, 20, -7])
            self.register_payment(invoice, 33.33)
            before, states = self.applied(invoice), []
            for amount in (40, 0.07, None):
                states.append((self.register_payment(invoice, amount), before))
                before = self.applied(invoice)
            for payment, was in reversed(states):
                invoice.action_delete_reconciliations(payment.move_id.id)
                self.assertEqual(self.applied(invoice), was, order)
                self.assertInvariants(invoice)

    def test_discount_line_is_taken_by_the_payment_that_settles(self):
        self.set_order("pro_rata")
        invoice = self.document([75, 75, -20])
        self.register_payment(invoice, 50)
        self.assertEqual(self.applied(invoice), [25, 25, 0])
        self.register_payment(invoice)
        self.assertEqual(self.left(invoice), [0, 0, 0])
        self.assertInvariants(invoice)

    def test_what_was_told_stays_and_the_rest_is_shared(self):
        """Pro rata is of what is open: 10 of 10 + 30 left."""
        self.set_order("pro_rata")
        invoice = self.document([40, 30])
        first = self.payment(30)
        first_item = invoice.reconciliation_item_ids.sorted("sequence")[0]
        invoice._modify_reconciliations(
            [{"document": invoice, "money": first.move_id._owed_lines(), "split": {first_item.id: 30}}]
        )
        self.register_payment(invoice, 20)
        self.assertEqual(self.applied(invoice), [35, 15])

    def test_exact_in_both_currencies(self):
        self.set_order("pro_rata")
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([33.33, 33.33, 33.34, 0.07], currency_id=euro.id)
        for amount, date in ((50, "2026-01-20"), (11.11, "2026-02-20")):
            self.reconcile(invoice, self.payment(amount, currency_id=euro.id, date=date))
            self.assertInvariants(invoice)
        self.register_payment(invoice, 20, currency_id=self.company.currency_id.id, payment_date="2026-02-21")
        self.assertInvariants(invoice)
        self.register_payment(invoice, payment_date="2026-02-22")
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants()

    def test_credit_note_is_shared_on_both_sides(self):
        self.set_order("pro_rata")
        invoice, credit = self.document([60, 40]), self.document([30, 10], "out_refund")
        self.reconcile(invoice, credit)
        self.assertEqual(self.applied(invoice), [24, 16])
        self.assertEqual(self.applied(credit), [30, 10])
        self.assertInvariants(invoice | credit)

    def test_planned_payments_are_pro_rata_too(self):
        self.set_order("pro_rata")
        invoice = self.document([60, 40], date=str(self.today_date))
        first, second = self.plan(invoice, [50, 50])
        self.assertEqual([self.parts(first), self.parts(second)], [[30, 20], [30, 20]])
        self.register_payment(invoice, 50, payment_date=self.today_date)
        self.assertEqual(self.planned(invoice), [30, 20])
        self.assertPlanned(invoice)

    # -- oldest due item first -----------------------------------------------------------------------------------------

    def test_oldest_due_follows_the_planned_payments(self):
        self.set_order("oldest")
        invoice = self.document([75, 75, 20], date=str(self.today_date), invoice_date_due=self.day(60))
        swim, judo, _membership = invoice.reconciliation_item_ids.sorted("sequence")
        # The second item is due first, the third with the document, the first last.
        self.plan(invoice, [75, 75], first=10, splits=[{judo.id: 75}, {swim.id: 75}])
        self.env["account.planned.payment"].search([("move_id", "=", invoice.id)]).sorted("due_date")[
            1
        ].due_date = self.day(90)
        self.register_payment(invoice, 85, payment_date=self.today_date)
        self.assertEqual(self.applied(invoice), [0, 75, 10])
        self.assertInvariants(invoice)
        self.assertPlanned(invoice)

    def test_oldest_due_without_planned_payments_is_the_listed_order(self):
        self.set_order("oldest")
        terms = self.payment_terms((30, 0), (70, 30))
        for values in ({}, {"invoice_payment_term_id": terms.id}):
            invoice = self.document([75, 75, 20], **values)
            self.register_payment(invoice, 100)
            self.assertEqual(self.applied(invoice), [75, 25, 0])

    # -- explicit ------------------------------------------------------------------------------------------------------

    def test_explicit_asks_in_make_payment_and_proposes_nothing(self):
        self.set_order("explicit")
        invoice = self.document([75, 75, 20])
        form = self.make_payment(invoice, 100)
        self.assertTrue(form.is_explicit)
        self.assertEqual(form.amount_applied, 0)
        with form.item_ids.edit(1) as row:
            row.amount = 60
        form.save().action_pay()
        self.assertEqual(self.applied(invoice), [0, 60, 0])
        self.assertEqual(self.env["account.payment"].search([], limit=1, order="id desc").amount, 100)

    def test_explicit_leaves_accounts_to_a_person(self):
        self.set_order("explicit", self.family)
        invoice, payment = self.document([75, 75, 20]), self.payment(100)
        other = self.env["res.partner"].create({"name": "Roy family"})
        theirs, their_payment = self.document([50], partner=other), self.payment(50, partner=other)
        wizard = self.env["account.reconcile.accounts"].create({"scope": "all", "company_id": self.company.id})
        self.assertTrue(wizard.has_explicit)
        self.assertEqual((wizard.account_count, wizard.transaction_count), (1, 2))
        wizard.action_reconcile()
        self.assertEqual((theirs.reconciliation_status, their_payment.reconciliation_status), ("full", "full"))
        self.assertEqual(self.family.action_reconcile_account()["partials"], 0)
        self.assertEqual(
            (invoice.reconciliation_status, payment.reconciliation_status), ("not_reconciled", "not_reconciled")
        )

    def test_explicit_still_gives_lines_where_odoo_pays(self):
        self.set_order("explicit")
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertInvariants(invoice)

    # -- which order holds ---------------------------------------------------------------------------------------------

    def test_the_account_owner_comes_before_the_company(self):
        self.set_order("pro_rata")
        self.set_order("listed", self.family)
        invoice = self.document([60, 40], partner=self.member)
        self.register_payment(invoice, 50)
        self.assertEqual(self.applied(invoice), [50, 0])
        self.set_order(False, self.family)
        invoice = self.document([60, 40], partner=self.member)
        self.register_payment(invoice, 50)
        self.assertEqual(self.applied(invoice), [30, 20])

    def test_an_account_has_an_order_for_each_company(self):
        other = self.setup_other_company(name="Second rink")["company"]
        self.set_order("pro_rata", self.family)
        self.assertEqual(self.family._allocation_order(self.company), "pro_rata")
        self.assertEqual(self.family._allocation_order(other), "listed")

    def test_two_accounts_in_one_go_each_in_its_order(self):
        other = self.env["res.partner"].create({"name": "Roy family"})
        self.set_order("pro_rata", other)
        mine, theirs = self.document([60, 40]), self.document([60, 40], partner=other)
        self.payment(50), self.payment(50, partner=other)
        (self.family | other).action_reconcile_account()
        self.assertEqual([self.applied(mine), self.applied(theirs)], [[50, 0], [30, 20]])
        self.assertInvariants(mine | theirs)

    def test_changing_the_order_rewrites_nothing(self):
        invoice = self.document([60, 40])
        self.register_payment(invoice, 50)
        self.set_order("pro_rata")
        self.env.flush_all()
        self.assertEqual(self.applied(invoice), [50, 0])
        self.register_payment(invoice, 10)
        self.assertEqual(self.applied(invoice), [52, 8])

    def test_delete_and_recreate_uses_the_order_of_now(self):
        invoice = self.document([60, 40])
        self.register_payment(invoice, 50)
        self.set_order("pro_rata")
        self.env.cr.execute(
            "DELETE FROM account_reconciliation_line WHERE amount_currency = 50 AND move_id = %s", [invoice.id]
        )
        self.env.invalidate_all()
        self.assertEqual(invoice.reconciliation_status, "error")
        invoice.action_repair_reconciliation()
        self.assertEqual(self.applied(invoice), [30, 20])
        self.assertInvariants(invoice)

    def test_preview_is_what_is_posted(self):
        for order in ("listed", "oldest", "pro_rata"):
            self.set_order(order)
            invoice = self.document([75, 75, 20, -5])
            form = self.make_payment(invoice, 100)
            preview = [row["amount"] for row in form.item_ids._records]
            form.save().action_pay()
            self.assertEqual(self.applied(invoice), preview, order)
            by_odoo = self.document([75, 75, 20, -5])
            self.register_payment(by_odoo, 100)
            self.assertEqual(self.applied(by_odoo), preview, order)

    def test_document_without_a_partner_is_paid_as_the_company_does(self):
        self.set_order("pro_rata")
        receipt = self.document([60, 40], "out_receipt")
        receipt.button_draft()
        receipt.partner_id = False
        receipt.action_post()
        self.register_payment(receipt, 50)
        self.assertEqual(self.applied(receipt), [30, 20])

    def test_who_may_choose(self):
        clerk = self.user_with("clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.family.with_user(clerk).allocation_order = "pro_rata"
        invoice = self.document([60, 40])
        self.set_order("pro_rata", self.family)
        with_clerk = self.env["account.payment.register"].with_user(clerk).with_context(
            active_model="account.move", active_ids=invoice.ids
        )  # fmt: skip
        with_clerk.create({"amount": 50, "payment_date": "2026-01-15"})._create_payments()
        self.assertEqual(self.applied(invoice), [30, 20])

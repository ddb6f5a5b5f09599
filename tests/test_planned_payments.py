"""Schedules: making them, what they lock, and how they follow their document."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestPlannedPayments(PlannedCommon):
    # -- status -----------------------------------------------------------------------------------------------------

    def test_planned_while_planned_payments_cover_everything_open(self):
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.assertEqual(invoice.reconciliation_status, "partial")
        first, second = self.plan(invoice, [35, 35], first=7)
        self.assertEqual(self.planned(invoice), [0, 50, 20])
        self.assertEqual(self.parts(first), [0, 35, 0])
        self.assertEqual(self.parts(second), [0, 15, 20])
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertIn(invoice, self.env["account.move"].search([("reconciliation_status", "=", "planned")]))
        self.assertPlanned(invoice)

    def test_partial_where_planned_payments_do_not_cover_everything(self):
        invoice = self.document([75, 75, 20])
        self.plan(invoice, [50, 50], first=7)
        self.assertEqual(self.planned(invoice), [75, 25, 0])
        self.assertEqual(invoice.reconciliation_status, "partial")

    def test_from_planned_to_full_planned_payment_by_planned_payment(self):
        invoice = self.document([75, 75, 20])
        planned_payments = self.plan(invoice, [60, 60, 50])
        for number, planned_payment in enumerate(planned_payments, 1):
            self.assertEqual(invoice.reconciliation_status, "planned")
            planned_payment.action_pay_now()
            self.assertEqual(planned_payment.state, "done")
            self.assertEqual(invoice.planned_payment_count, 3 - number)
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_partial_once_all_have_occurred_and_something_is_open(self):
        invoice = self.document([75, 75])
        for planned_payment in self.plan(invoice, [50, 50]):
            planned_payment.action_pay_now()
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.assertEqual(self.left(invoice), [0, 50])

    # -- making -----------------------------------------------------------------------------------------------------

    def test_planned_payment_pays_its_items_wherever_they_stand(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        last, middle = self.plan(invoice, [20, 30], splits=[{items[2].id: 20}, {items[1].id: 30}])
        self.assertTrue(last.keeps_items)
        last.action_pay_now()
        self.assertEqual(self.applied(invoice), [0, 0, 20])
        middle.action_pay_now()
        self.assertEqual(self.applied(invoice), [0, 30, 20])
        self.assertEqual(middle.payment_id.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_discount_line_is_taken_by_the_planned_payment_that_settles(self):
        invoice = self.document([75, 75, -20])
        planned_payments = self.plan(invoice, [65, 65])
        self.assertEqual(self.planned(invoice), [75, 75, -20])
        self.assertEqual(invoice.reconciliation_status, "planned")
        for planned_payment in planned_payments:
            planned_payment.action_pay_now()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_dialog_previews_what_it_stores(self):
        invoice = self.document([75, 75, 20])
        form = Form(self.env["account.plan.payments"].with_context(default_move_id=invoice.id))
        self.assertEqual(form.amount_open, 170)
        form.payment_count = 3
        rows = [form.row_ids.edit(number) for number in range(3)]
        self.assertEqual([row.amount for row in rows], [56.67, 56.67, 56.66])
        self.assertEqual([row.due_date for row in rows], [self.day(months=number) for number in range(3)])
        self.assertIn("item 1 $ 56.67", rows[0].items_text.replace("\xa0", " "))
        self.assertIn("item 2", rows[1].items_text)
        self.assertIn("item 3", rows[2].items_text)
        self.assertFalse(form.problem)
        with form.row_ids.edit(0) as row:
            row.amount = 100
        self.assertIn("43.33", form.problem)
        with form.row_ids.edit(2) as row:
            row.amount = 13.33
        self.assertFalse(form.problem)
        wizard = form.save()
        wizard.action_plan()
        self.assertEqual(invoice.planned_payment_ids.sorted("number").mapped("amount"), [100, 56.67, 13.33])
        self.assertEqual(self.planned(invoice), [75, 75, 20])

    def test_dialog_with_chosen_items_and_weeks(self):
        invoice = self.document([75, 75, 20])
        form = Form(self.env["account.plan.payments"].with_context(default_move_id=invoice.id))
        form.split_by = "chosen"
        with form.item_ids.edit(0) as item:
            item.ticked = False
        with form.item_ids.edit(1) as item:
            item.amount = 40
        self.assertEqual(form.amount, 60)
        form.unit = "weeks"
        form.interval = 2
        form.payment_count = 2
        form.date_first = self.day(3)
        form.save().action_plan()
        self.assertEqual(self.planned(invoice), [0, 40, 20])
        self.assertEqual(invoice.planned_payment_ids.sorted("number").mapped("due_date"), [self.day(3), self.day(17)])
        self.assertEqual(invoice.planned_payment_ids.mapped("keeps_items"), [True, True])

    def test_make_payment_leads_to_the_schedule(self):
        invoice = self.document([75, 75])
        form = Form(
            self.env["account.make.payment"].with_context(
                default_partner_id=self.family.id, make_payment_move_ids=invoice.ids
            )
        )
        action = form.save().action_plan_payments()
        self.assertEqual(action["res_model"], "account.plan.payments")
        self.assertEqual(action["context"], {"default_move_id": invoice.id})

    def test_vendor_bill_in_planned_payments(self):
        bill = self.document([60, 40], "in_invoice")
        method = self.bank.outbound_payment_method_line_ids[:1]
        first, second = self.plan(bill, [50, 50], method=method)
        first.action_pay_now()
        self.assertEqual(first.payment_id.payment_type, "outbound")
        self.assertEqual(self.applied(bill), [50, 0])
        second.action_pay_now()
        self.assertEqual(bill.reconciliation_status, "full")
        self.assertInvariants(bill)

    def test_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([33.33, 33.33, 33.34], currency_id=euro.id)
        first, second = self.plan(invoice, [50, 50])
        self.assertEqual(first.currency_id, euro)
        (first | second).action_pay_now()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(first.payment_id.currency_id, euro)
        self.assertInvariants(invoice)

    def test_opening_entry_in_planned_payments(self):
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "date": "2026-01-01",
            "line_ids": [
                (0, 0, {"account_id": receivable.id, "partner_id": self.family.id, "debit": 90}),
                (0, 0, {"account_id": self.swim_code.id, "credit": 90}),
            ],
        })  # fmt: skip
        entry.action_post()
        for planned_payment in self.plan(entry, [45, 45]):
            self.assertEqual(planned_payment.partner_id, self.family)
            planned_payment.action_pay_now()
            self.assertEqual(planned_payment.payment_id.partner_id, self.family)
        self.assertEqual(entry.reconciliation_status, "full")

    def test_entry_of_several_accounts_can_not_be_planned(self):
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        entry = self.opening_entry((self.family, 50, "2026-01-31"), (other, 100, "2026-01-31"))
        self.assertFalse(entry.can_plan_payments)
        with self.assertRaisesRegex(UserError, "several accounts"):
            self.plan(entry, [150])

    # -- bad input --------------------------------------------------------------------------------------------------

    def test_bad_input_is_refused_with_a_sentence_and_nothing_is_stored(self):
        invoice = self.document([75, 75])
        item = invoice.reconciliation_item_ids.sorted("sequence")[0]
        stranger = self.document([10], partner=self.env["res.partner"].create({"name": "Stranger"}))
        alien = stranger.reconciliation_item_ids
        day = self.day(1)
        bad = [
            ([], "no planned payment"),
            ([{"due_date": self.day(-1), "amount": 10}], "that day is over"),
            ([{"due_date": day, "amount": 0}], "above zero"),
            ([{"due_date": day, "amount": -5}], "above zero"),
            ([{"due_date": day, "amount": 0.001}], "above zero"),
            ([{"due_date": day, "amount": 100}, {"due_date": day, "amount": 51}], "only .*150"),
            ([{"due_date": day, "amount": 50, "split": {item.id: 40}}], "items add up to"),
            ([{"due_date": day, "amount": 80, "split": {item.id: 80}}], "is open"),
            ([{"due_date": day, "amount": 10, "split": {alien.id: 10}}], "is open"),
            ([{"due_date": day, "amount": 1}] * 121, "at most 120"),
        ]
        for rows, sentence in bad:
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                invoice.plan_payments(rows, payment_method_line=self.manual)
        with self.assertRaisesRegex(UserError, "Choose how"):
            invoice.plan_payments([{"due_date": day, "amount": 10}])
        outbound = self.bank.outbound_payment_method_line_ids[:1]
        with self.assertRaisesRegex(UserError, "other direction"):
            invoice.plan_payments([{"due_date": day, "amount": 10}], payment_method_line=outbound)
        draft = self.document([10], post=False)
        with self.assertRaisesRegex(UserError, "posted documents only"):
            self.plan(draft, [10])
        self.assertFalse(invoice.planned_payment_ids)
        self.assertEqual(self.planned(invoice), [0, 0])

    def test_planned_payments_that_do_not_add_up_are_refused_by_the_dialog(self):
        invoice = self.document([75, 75])
        form = Form(self.env["account.plan.payments"].with_context(default_move_id=invoice.id))
        with form.row_ids.edit(0) as row:
            row.amount = 10
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "add up to"):
            wizard.action_plan()
        self.assertFalse(invoice.planned_payment_ids)

    def test_second_schedule_over_the_same_items_is_refused(self):
        invoice = self.document([75, 75])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        self.plan(invoice, [50], splits=[{items[0].id: 50}])
        with self.assertRaisesRegex(UserError, "planned already"):
            self.plan(invoice, [10], splits=[{items[0].id: 10}])
        self.plan(invoice, [75])
        self.assertEqual(self.planned(invoice), [50, 75])
        with self.assertRaisesRegex(UserError, "planned already"):
            self.plan(invoice, [25])

    def test_database_refuses_to_plan_beyond_what_is_open(self):
        invoice = self.document([20])
        (planned_payment,) = self.plan(invoice, [20])
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE account_planned_payment_line SET amount = 21 WHERE planned_payment_id = %s",
                [planned_payment.id],
            )

    # -- rescheduling and deleting ------------------------------------------------------------------------------------

    def test_reschedule(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], first=3)
        planned_payment.due_date = self.day(10)
        self.assertEqual(planned_payment.due_date, self.day(10))
        self.assertIn(str(self.day(10)), self.note(invoice))
        with self.assertRaisesRegex(UserError, "that day is over"):
            planned_payment.due_date = self.day(-1)
        with self.assertRaisesRegex(UserError, "Only the date and the method"):
            planned_payment.with_user(self.user_with("desk", "account_reconciliation.group_admin")).amount = 5

    def test_deleting_a_planned_payment_frees_its_items_and_says_so(self):
        invoice = self.document([75, 75])
        first, second = self.plan(invoice, [75, 75])
        first.unlink()
        self.assertEqual(self.planned(invoice), [0, 75])
        self.assertIn("deleted", self.note(invoice))
        second.action_pay_now()
        with self.assertRaisesRegex(UserError, "is done. To undo"):
            second.unlink()

    def test_search_overdue_and_next_days(self):
        invoice = self.document([75, 75])
        first, second = self.plan(invoice, [75, 75], first=2)
        self.env.cr.execute("UPDATE account_planned_payment SET due_date = %s WHERE id = %s", [self.day(-2), first.id])
        self.env.invalidate_all()
        self.assertTrue(first.is_overdue)
        self.assertFalse(second.is_overdue)

    # -- locks ------------------------------------------------------------------------------------------------------

    def modify(self, document, money, amounts):
        items = document.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        split = {item.id: amount for item, amount in zip(items, amounts, strict=True) if amount}
        document._modify_reconciliations([
            {"document": document, "money": money.move_id._owed_lines(), "split": split}
        ])  # fmt: skip

    def test_items_linked_to_a_planned_payment_can_not_be_modified(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        self.plan(invoice, [50, 20], first=5)
        for amounts in ([75, 20, 5], [75, 20, 0], [70, 30, 0], [75, 0, 0]):
            with self.assertRaisesRegex(UserError, "Delete the planned payment first"), self.env.cr.savepoint():
                self.modify(invoice, payment, amounts)
        self.modify(invoice, payment, [70, 25, 0])
        self.assertEqual(self.applied(invoice), [70, 25, 0])
        self.assertInvariants(invoice)
        self.assertPlanned(invoice)

    def test_items_linked_to_a_planned_payment_can_not_be_deleted_by_any_route(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        (planned_payment,) = self.plan(invoice, [50], first=5)
        routes = {
            "dialog": lambda: invoice.action_delete_reconciliations(),
            "payments widget": lambda: invoice.js_remove_outstanding_partial(invoice._partials_with().id),
            "unreconcile": lambda: payment.move_id._owed_lines().remove_move_reconcile(),
            "cancelling the payment": lambda: payment.action_cancel(),
        }
        for name, route in routes.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "Delete the planned payment first"),
                self.env.cr.savepoint(),
            ):
                route()
        self.assertEqual(self.applied(invoice), [75, 25])
        planned_payment.unlink()
        invoice.action_delete_reconciliations()
        self.assertEqual(self.applied(invoice), [0, 0])

    def test_other_documents_are_not_locked(self):
        planned, free = self.document([75]), self.document([30])
        self.plan(planned, [75], first=5)
        self.register_payment(free, 30)
        free.action_delete_reconciliations()
        self.assertEqual(free.reconciliation_status, "not_reconciled")

    # -- following the document ---------------------------------------------------------------------------------------

    def test_credit_note_shortens_the_schedule_from_its_end_and_says_so(self):
        invoice = self.document([75, 75, 20])
        first, second, third = self.plan(invoice, [60, 60, 50], first=5)
        credit = self.document([60], "out_refund")
        self.reconcile(invoice, credit)
        self.assertEqual((first.amount, second.amount, third.state), (60, 50, "cancelled"))
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertIn("shortened from its end", self.note(invoice))
        self.assertInvariants(invoice)
        self.assertPlanned(invoice)
        (first | second).action_pay_now()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertInvariants(invoice)

    def test_other_payment_shortens_chosen_items_only(self):
        invoice = self.document([75, 75, 20])
        items = invoice.reconciliation_item_ids.sorted("sequence")
        one, two, three = self.plan(
            invoice, [40, 35, 20], first=5, splits=[{items[0].id: 40}, {items[0].id: 35}, {items[2].id: 20}]
        )
        self.register_payment(invoice, 50)
        self.assertEqual((one.amount, two.state, three.amount), (25, "cancelled", 20))
        self.assertPlanned(invoice)

    def test_reconcile_account_shortens_the_schedule(self):
        invoice = self.document([75, 75])
        self.plan(invoice, [75, 75], first=5)
        self.payment(150)
        self.family.action_reconcile_account()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(set(invoice.planned_payment_ids.mapped("state")), {"cancelled"})
        self.assertPlanned(invoice)

    def test_reset_to_draft_and_cancel_cancel_the_schedule(self):
        for leave in ("button_draft", "button_cancel"):
            invoice = self.document([75, 75])
            planned_payments = self.plan(invoice, [75, 75], first=5)
            self.assertTrue(invoice.has_planned_payments)
            getattr(invoice, leave)()
            self.assertEqual(planned_payments.mapped("state"), ["cancelled", "cancelled"])
            self.assertIn("schedule is cancelled", self.note(invoice))
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(self.planned(invoice), [0, 0])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")

    def test_what_was_planned_stays_known_where_its_item_is_deleted_from_the_corrected_document(self):
        invoice = self.document([75, 20])
        (planned_payment,) = self.plan(invoice, [95], first=5)
        names = planned_payment.items_text
        invoice.button_draft()
        invoice.invoice_line_ids[1].unlink()
        invoice.action_post()
        self.env.invalidate_all()
        self.assertEqual((planned_payment.state, planned_payment.amount), ("cancelled", 95))
        self.assertEqual(sum(planned_payment.line_ids.mapped("amount")), 95)
        self.assertEqual(planned_payment.items_text, names)
        self.assertPlanned(invoice)

    def test_correcting_or_repairing_the_document_keeps_the_schedule(self):
        invoice = self.document([75, 75, 20])
        first, second = self.plan(invoice, [85, 85], first=5)
        invoice._rebuild_reconciliation()
        self.assertEqual(self.planned(invoice), [75, 75, 20])
        self.assertEqual((first.amount, second.amount), (85, 85))
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertPlanned(invoice)
        first.action_pay_now()
        invoice._rebuild_reconciliation()
        self.assertTrue(first.line_ids.item_id)
        self.assertPlanned(invoice)

    # -- permissions --------------------------------------------------------------------------------------------------

    def test_permissions(self):
        invoice = self.document([75, 75])
        viewer = self.user_with("viewer", "account_reconciliation.group_client_billing")
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        remover = self.user_with("remover", "account_reconciliation.group_delete_reconciliations")
        general = self.user_with("general", "account_reconciliation.group_general")
        rows = [{"due_date": self.day(1), "amount": 75}]
        for user in (viewer, remover, general):
            with self.assertRaises(AccessError):
                invoice.with_user(user).plan_payments(rows, payment_method_line=self.manual)
        planned_payment = invoice.with_user(desk).plan_payments(rows, payment_method_line=self.manual)
        self.assertEqual(planned_payment.with_user(viewer).amount, 75)
        with self.assertRaises(AccessError):
            planned_payment.with_user(general).read(["amount"])
        with self.assertRaises(AccessError):
            planned_payment.with_user(viewer).write({"due_date": self.day(9)})
        with self.assertRaises(AccessError):
            self.env["account.planned.payment"].with_user(desk).create({"move_id": invoice.id})
        for user in (viewer, remover):
            with self.assertRaises(AccessError):
                planned_payment.with_user(user).action_pay_now()
        for user in (viewer, remover, general, self.user_with("portal", "base.group_portal")):
            with self.assertRaises(AccessError):
                self.env["account.planned.payment"].with_user(user).run_due()
        with self.assertRaises(AccessError):
            planned_payment.with_user(desk).action_delete()
        with self.assertRaises(AccessError):
            planned_payment.with_user(desk).unlink()
        planned_payment.with_user(remover).action_delete()
        self.assertFalse(planned_payment.exists())

    def test_desk_can_pay_now(self):
        invoice = self.document([75, 75])
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        planned_payment = invoice.with_user(desk).plan_payments(
            [{"due_date": self.day(1), "amount": 75}], payment_method_line=self.manual
        )
        planned_payment.action_pay_now()
        self.assertEqual(planned_payment.state, "done")
        self.assertEqual(planned_payment.payment_id.create_uid, desk)

    def test_clients_and_other_companies_read_none_of_it(self):
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75])
        portal = self.user_with("portal", "base.group_portal")
        for record in (planned_payment, planned_payment.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(portal).read(["amount"])
        for name in ("planned_payment_ids", "planned_payment_count", "amount_planned", "has_planned_payments"):
            with self.assertRaises(AccessError):
                invoice.with_user(portal).read([name])
        other = self.setup_other_company()["company"]
        stranger = self.user_with("stranger", "account_reconciliation.group_owner")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(
            self.env["account.planned.payment"].with_user(stranger).search([("id", "=", planned_payment.id)])
        )

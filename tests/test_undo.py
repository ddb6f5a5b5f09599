"""Undo: of what was modified, deleted or paid by hand, and of a run of “Reconcile accounts” as a whole."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


def undo_of(env, action):
    """Press the button “Undo” of a message."""
    undo = action["params"]["undo"]
    return getattr(env[undo["model"]].browse(undo["res_id"]), undo["method"])()


@tagged("post_install", "-at_install")
class TestUndoByHand(ReconciliationCommon):
    def all_but_numbers(self, moves):
        """What reconciling may change, but for matching numbers, which count on (I6)."""
        move_rows, line_rows, payment_rows = self.snapshot(moves)
        for row in line_rows:
            row["full_reconcile_id"] = bool(row["full_reconcile_id"])
            row["matching_number"] = (row["matching_number"] or "")[:1] == "P"
        return move_rows, line_rows, payment_rows

    def change(self, document, money, amounts):
        table = self.env["account.reconciliation.modify"].create({"move_id": document.id})
        for row, amount in zip(
            table.line_ids.filtered(lambda row: row.money_line_id.move_id == money), amounts, strict=True
        ):
            row.amount = amount
        return table.action_save()

    def test_modified_amounts_per_item_come_back(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        was = self.all_but_numbers(invoice | payment.move_id)
        action = self.change(invoice, payment.move_id, [5, 75, 20])
        self.assertEqual(self.applied(invoice), [5, 75, 20])
        undo_of(self.env, action)
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertEqual(self.all_but_numbers(invoice | payment.move_id), was)
        self.assertInvariants()

    def test_what_was_applied_is_taken_off(self):
        invoice, payment = self.document([75, 75]), self.payment(60)
        was = self.snapshot(invoice | payment.move_id)
        undo_of(self.env, self.change(invoice, payment.move_id, [10, 50]))
        self.assertEqual(self.snapshot(invoice | payment.move_id), was)

    def test_deleted_reconciliations_come_back_with_their_items(self):
        invoice = self.document([75, 75, 20])
        first, second = self.register_payment(invoice, 80), self.payment(50)
        self.change(invoice, second.move_id, [0, 30, 20])
        moves = invoice | (first | second).move_id
        was = self.all_but_numbers(moves)
        action = invoice.action_delete_reconciliations()
        self.assertEqual(self.applied(invoice), [0, 0, 0])
        undo_of(self.env, action)
        self.assertEqual(self.applied(invoice, first), [75, 5, 0])
        self.assertEqual(self.applied(invoice, second), [0, 30, 20])
        self.assertEqual(self.all_but_numbers(moves), was)
        self.assertInvariants()

    def test_credit_note_keeps_the_items_of_both_sides(self):
        invoice, credit = self.document([75, 75]), self.document([30, 40], "out_refund")
        self.reconcile(invoice, credit)
        self.change(credit, invoice, [20, 40])
        applied = self.applied(invoice), self.applied(credit)
        undo_of(self.env, credit.action_delete_reconciliations())
        self.assertEqual((self.applied(invoice), self.applied(credit)), applied)
        self.assertInvariants()

    def test_exchange_difference_is_made_again(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([40, 60], currency_id=euro.id)
        payment = self.payment(80, currency_id=euro.id, date="2026-02-10")
        self.change(invoice, payment.move_id, [20, 60])
        applied, left = self.applied(invoice), invoice._owed_lines().amount_residual
        undo_of(self.env, invoice.action_delete_reconciliations())
        self.assertEqual(self.applied(invoice), applied)
        self.assertAlmostEqual(invoice._owed_lines().amount_residual, left, 2)
        self.assertInvariants()

    def test_changed_since_is_refused(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        action = invoice.action_delete_reconciliations()
        other = self.payment(30)
        self.change(invoice, payment.move_id, [10, 0])
        with self.assertRaisesRegex(UserError, "changed these reconciliations since"):
            undo_of(self.env, action)
        self.assertEqual(self.applied(invoice), [10, 0])
        self.assertEqual(other.reconciliation_status, "not_reconciled")

    def test_used_once(self):
        invoice = self.document([75])
        self.register_payment(invoice, 50)
        action = invoice.action_delete_reconciliations()
        undo_of(self.env, action)
        with self.assertRaises(Exception):  # noqa: B017  (the record is gone: MissingError)
            undo_of(self.env, action)
        self.assertEqual(self.applied(invoice), [50])

    def test_message_offers_undo_to_those_who_may(self):
        desk = self.user_with("undo_desk", "account_reconciliation.group_admin")
        invoice, payment = self.document([75, 75]), self.payment(60)
        item = invoice.reconciliation_item_ids[0]
        change = {"document": invoice.with_user(desk), "money": payment.move_id._owed_lines().with_user(desk)}
        undo = invoice.with_user(desk)._modify_reconciliations([change | {"split": {item.id: 60}}])
        self.assertTrue(undo)
        self.assertFalse(undo._notify("done")["params"]["undo"], "it would be a deletion")
        with self.assertRaisesRegex(AccessError, "Delete reconciliations"):
            undo.action_undo()
        undo = invoice.with_user(desk)._modify_reconciliations([change | {"split": {item.id: 40}}])
        self.assertTrue(undo._notify("done")["params"]["undo"])
        undo.action_undo()
        self.assertEqual(self.applied(invoice), [60, 0])

    def test_nobody_undoes_what_somebody_else_did(self):
        invoice = self.document([75])
        self.register_payment(invoice, 50)
        action = invoice.action_delete_reconciliations()
        other = self.user_with("undo_other", "account_reconciliation.group_accountant")
        with self.assertRaises(AccessError):
            undo_of(self.env(user=other, su=False), action)

    def test_payment_made_is_taken_back(self):
        invoice = self.document([75, 75, 20])
        was = self.snapshot(invoice)
        dialog = Form(
            self.env["account.make.payment"].with_context(
                default_partner_id=self.family.id, make_payment_move_ids=invoice.ids
            )
        )
        dialog.amount = 100
        action = dialog.save().action_pay()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        payment = self.env["account.payment"].browse(action["params"]["undo"]["res_id"])
        self.assertEqual(payment.amount, 100)
        undo_of(self.env, action)
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(self.snapshot(invoice), was)


@tagged("post_install", "-at_install")
class TestUndoOfRuns(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_family = cls.env["res.partner"].create({"name": "Gagnon family"})

    def run_all(self):
        run = self.env["account.reconciliation.run"]._start(self.company)
        run._process()
        return run

    def test_whole_run_is_taken_back_field_by_field(self):
        moves = self.document([75, 75, -10]) | self.document([30], date="2026-02-01") | self.payment(120).move_id
        moves |= self.document([50], partner=self.other_family)
        moves |= self.payment(20, partner=self.other_family).move_id
        was = self.snapshot(moves)
        run = self.run_all()
        self.assertEqual(run.partial_count, 2)
        self.assertNotEqual(self.snapshot(moves), was)
        self.assertTrue(run.can_undo)
        run.action_undo()
        self.assertEqual((run.state, run.undone_count, run.kept_count), ("undone", 2, 0))
        self.assertEqual(self.snapshot(moves), was)
        self.assertFalse(run.can_undo)
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            run.action_undo()
        again = self.run_all()
        self.assertEqual(again.partial_count, 2, "the same is planned again")

    def test_by_odoos_own_method_too(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([40, 60], currency_id=euro.id)
        payment = self.payment(80, currency_id=euro.id, date="2026-02-10")
        run = self.run_all()
        self.assertEqual((run.partial_count, run.odoo_count), (1, 1))
        run.action_undo()
        self.assertEqual(run.state, "undone")
        self.assertEqual(self.applied(invoice), [0, 0])
        self.assertEqual(payment.reconciliation_status, "not_reconciled")

    def test_what_something_was_built_upon_stays_and_is_named(self):
        invoice, payment = self.document([100]), self.payment(40)
        other, other_payment = self.document([50], partner=self.other_family), self.payment(50, self.other_family)
        run = self.run_all()
        later = self.payment(30, date="2026-03-01")
        self.reconcile(invoice, later)
        run.action_undo()
        self.assertEqual((run.state, run.undone_count, run.kept_count), ("undone", 1, 1))
        self.assertEqual(self.applied(invoice, payment), [40])
        self.assertEqual(self.applied(other, other_payment), [0])
        kept = run.account_ids.filtered(lambda account: account.state == "kept")
        self.assertEqual(kept.partner_id, self.family)
        self.assertIn(invoice.display_name, kept.message)
        self.assertIn(later.display_name, kept.message)

    def test_amounts_that_a_person_changed_stay(self):
        invoice, payment = self.document([60, 60]), self.payment(80)
        run = self.run_all()
        self.env.cr.execute("UPDATE account_partial_reconcile SET create_date = create_date - INTERVAL '1 hour'"
                            " WHERE id = ANY(%s)", [run.account_ids.partial_ids])  # fmt: skip
        self.env.cr.execute("UPDATE account_reconciliation_line SET create_date = create_date - INTERVAL '1 hour'"
                            " WHERE partial_id = ANY(%s)", [run.account_ids.partial_ids])  # fmt: skip
        items = invoice.reconciliation_item_ids.sorted("sequence")
        invoice._modify_reconciliations([
            {"document": invoice, "money": payment.move_id._owed_lines(), "split": {items[0].id: 20, items[1].id: 60}}
        ])  # fmt: skip
        run.action_undo()
        self.assertEqual(run.kept_count, 1)
        self.assertIn("changed since", run.account_ids.message)
        self.assertEqual(self.applied(invoice), [20, 60])

    def test_locked_reconciliation_stays_and_says_why(self):
        invoice, payment = self.document([60, 60]), self.payment(80)
        run = self.run_all()
        invoice.plan_payments([{"due_date": "2099-01-01", "amount": 40}], self.bank.inbound_payment_method_line_ids[0])
        run.action_undo()
        self.assertEqual(run.kept_count, 1)
        self.assertTrue(run.account_ids.message)
        self.assertEqual(sum(self.applied(invoice, payment)), 80)

    def test_what_is_gone_already_is_no_obstacle(self):
        invoice = self.document([60])
        self.payment(40)
        run = self.run_all()
        invoice.action_delete_reconciliations()
        run.action_undo()
        self.assertEqual((run.state, run.undone_count, run.kept_count), ("undone", 1, 0))

    def test_in_slices(self):
        for number in range(3):
            family = self.env["res.partner"].create({"name": f"Family {number}"})
            self.document([50], partner=family)
            self.payment(20, partner=family)
        run = self.run_all()
        action = run.action_start_undo()
        self.assertEqual(action["params"]["account_count"], 3)
        progress = run.process_undo_slice()
        self.assertEqual(progress, {"state": "undone", "done_count": 3, "kept_count": 0})

    def test_needs_the_permission_to_delete(self):
        self.document([60])
        self.payment(40)
        desk = self.user_with("run_desk", "account_reconciliation.group_admin")
        action = self.family.with_user(desk).action_reconcile_account_now()
        self.assertIn("reconciled", action["params"]["message"])
        self.assertFalse(action["params"]["undo"])
        run = self.env["account.reconciliation.run"].search([], limit=1)
        for method in ("action_undo", "action_start_undo", "process_undo_slice"):
            with self.assertRaisesRegex(AccessError, "Delete reconciliations"):
                getattr(run.with_user(desk), method)()

    def test_message_of_one_account(self):
        invoice = self.document([60])
        self.payment(40)
        accountant = self.user_with("run_accountant", "account_reconciliation.group_accountant")
        action = self.family.with_user(accountant).action_reconcile_account_now()
        self.assertIn("20.00", action["params"]["message"])
        self.assertEqual(self.applied(invoice), [40])
        self.assertIs(undo_of(self.env(user=accountant, su=False), action), True)
        self.assertEqual(self.applied(invoice), [0])
        self.env["account.payment"].search([("partner_id", "=", self.family.id)]).action_draft()
        nothing = self.family.with_user(accountant).action_reconcile_account_now()
        self.assertIn("Nothing to reconcile", nothing["params"]["message"])

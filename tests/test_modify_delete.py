"""Making, modifying and deleting reconciliations by hand, and Make payment."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestModifyDelete(ReconciliationCommon):
    def modify(self, document, money, amounts):
        items = document.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        split = {item.id: amount for item, amount in zip(items, amounts, strict=True) if amount}
        money_line = (money.move_id if money._name == "account.payment" else money)._owed_lines()
        document._modify_reconciliations([{"document": document, "money": money_line, "split": split}])

    def test_same_total_other_items_keeps_the_partial(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        partial = invoice._partials_with(payment.move_id)
        self.modify(invoice, payment, [5, 75, 20])
        self.assertEqual(self.applied(invoice, payment), [5, 75, 20])
        self.assertEqual(invoice._partials_with(payment.move_id), partial)
        self.assertInvariants(invoice)

    def test_less_frees_the_money(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        self.modify(invoice, payment, [75, 0, 5])
        self.assertEqual(self.applied(invoice, payment), [75, 0, 5])
        self.assertEqual(payment.move_id._owed_lines()._open_amount(), Decimal(20))
        self.assertEqual(payment.reconciliation_status, "partial")
        self.assertInvariants(invoice)

    def test_more_uses_what_was_left(self):
        invoice = self.document([75, 75])
        payment = self.payment(100)
        self.modify(invoice, payment, [10, 20])
        self.assertEqual(self.applied(invoice), [10, 20])
        self.modify(invoice, payment, [30, 70])
        self.assertEqual(self.applied(invoice), [30, 70])
        self.assertInvariants(invoice)

    def test_modified_lines_keep_a_matching_number(self):
        invoice = self.document([75, 75, 20])
        payment = self.payment(100)
        self.modify(invoice, payment, [75, 25, 0])
        self.modify(invoice, payment, [75, 0, 5])
        self.env.flush_all()
        self.env.invalidate_all()
        lines = invoice._owed_lines() | payment.move_id._owed_lines()
        partial = invoice._partials_with(payment.move_id)
        self.assertEqual(lines.mapped("matching_number"), [f"P{partial.id}"] * 2)

    def test_nothing_takes_it_back(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        self.modify(invoice, payment, [0, 0])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertEqual(payment.reconciliation_status, "not_reconciled")

    def test_taking_all_of_it_back_is_deleting(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        self.modify(invoice.with_user(desk), payment.with_user(desk), [25, 50])
        with self.assertRaisesRegex(AccessError, "Delete reconciliations"):
            self.modify(invoice.with_user(desk), payment.with_user(desk), [0, 0])
        self.assertEqual(self.applied(invoice), [25, 50])

    def test_amounts_can_move_between_two_payments_in_one_save(self):
        invoice = self.document([60, 40])
        cash, card = self.payment(60), self.payment(40)
        self.reconcile(invoice, cash)
        self.reconcile(invoice, card)
        first, second = invoice.reconciliation_item_ids.sorted("sequence")
        invoice._modify_reconciliations([
            {"document": invoice, "money": cash.move_id._owed_lines(), "split": {first.id: 20, second.id: 40}},
            {"document": invoice, "money": card.move_id._owed_lines(), "split": {first.id: 40}},
        ])  # fmt: skip
        self.assertEqual(self.applied(invoice, cash), [20, 40])
        self.assertEqual(self.applied(invoice, card), [40, 0])
        self.assertInvariants(invoice)

    def test_split_over_two_due_dates(self):
        terms = self.payment_terms((50, 0), (50, 30))
        invoice = self.document([60, 40], invoice_payment_term_id=terms.id)
        payment = self.payment(90)
        self.modify(invoice, payment, [50, 40])
        self.assertEqual(self.applied(invoice), [50, 40])
        self.assertEqual(len(invoice._partials_with(payment.move_id)), 2)
        self.modify(invoice, payment, [60, 30])
        self.assertEqual(self.applied(invoice), [60, 30])
        self.assertInvariants(invoice)

    def test_credit_note_modified_from_its_own_side(self):
        invoice = self.document([75, 75])
        credit = self.document([60, 40], "out_refund")
        self.reconcile(invoice, credit)
        self.modify(credit, invoice, [20, 40])
        self.assertEqual(self.applied(credit), [20, 40])
        self.assertEqual(sum(self.applied(invoice)), 60)
        self.assertInvariants(invoice | credit)

    def test_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        invoice = self.document([33.33, 66.67], currency_id=euro.id)
        payment = self.payment(80, currency_id=euro.id, date="2026-02-10")
        self.modify(invoice, payment, [10.01, 30.02])
        self.assertEqual([round(a, 2) for a in self.applied(invoice)], [10.01, 30.02])
        self.assertInvariants()
        self.modify(invoice, payment, [13.33, 66.67])
        self.assertEqual([round(a, 2) for a in self.applied(invoice)], [13.33, 66.67])
        self.assertInvariants()

    def test_part_of_a_foreign_payment_makes_no_exchange_difference_at_one_rate(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.8773)])
        invoice = self.document([33.33, 66.67], currency_id=euro.id)
        payment = self.payment(80, currency_id=euro.id)
        for amounts in ([10.01, 0.03], [13.37, 21.19], [0, 47.77], [33.33, 46.67]):
            self.modify(invoice, payment, amounts)
            self.assertFalse(invoice._partials_with(payment.move_id).exchange_move_id)
            self.assertInvariants()

    def test_modifying_leaves_a_note_on_both_sides(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        self.modify(invoice, payment, [50, 50])
        for record in (invoice, payment):
            note = record.message_ids[0].body
            self.assertIn("Reconciliation modified", note)
            self.assertIn("25.00", note)
            self.assertIn("50.00", note)

    def test_never_over_applied_on_either_side(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        was = self.snapshot(invoice | payment.move_id)
        for amounts, word in (([80, 20], "item 1"), ([75, 75], payment.name), ([-5, 75], "item 1")):
            with self.assertRaisesRegex(UserError, word), self.env.cr.savepoint():
                self.modify(invoice, payment, amounts)
            self.env.invalidate_all()
            self.assertEqual(self.snapshot(invoice | payment.move_id), was)

    def test_delete_one_and_all(self):
        invoice = self.document([75, 75])
        cash, card = self.register_payment(invoice, 100), self.register_payment(invoice, 50)
        before_all = self.snapshot(cash.move_id)
        invoice.action_delete_reconciliations(card.move_id.id)
        self.assertEqual(self.applied(invoice), [75, 25])
        self.assertEqual(card.reconciliation_status, "not_reconciled")
        self.assertIn("Reconciliation deleted", invoice.message_ids[0].body)
        self.assertIn("Reconciliation deleted", card.message_ids[0].body)
        invoice.action_delete_reconciliations()
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertNotEqual(self.snapshot(cash.move_id), before_all)
        with self.assertRaisesRegex(UserError, "no reconciliation"):
            invoice.action_delete_reconciliations()

    def test_delete_through_odoos_own_buttons(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        invoice.js_remove_outstanding_partial(invoice._partials_with(payment.move_id).id)
        self.assertEqual(self.left(invoice), [75, 75])
        self.assertInvariants(invoice)

    # -- the dialogs --------------------------------------------------------------------------------------

    def test_dialog_of_a_document(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        deposit = self.payment(30)
        wizard = self.env["account.reconciliation.modify"].create({"move_id": invoice.id})
        self.assertEqual(
            [(line.money_line_id.move_id, line.item_id.display_name, line.amount) for line in wizard.line_ids],
            [(payment.move_id, "item 1", 75), (payment.move_id, "item 2", 25), (payment.move_id, "item 3", 0)]
            + [(deposit.move_id, f"item {n}", 0) for n in (1, 2, 3)],
        )  # fmt: skip
        with Form(wizard) as form:
            with form.line_ids.edit(5) as row:
                row.amount = 50
            self.assertIn("too much", form.problem)
            with form.line_ids.edit(5) as row:
                row.amount = 20
            self.assertFalse(form.problem)
        wizard.action_save()
        self.assertEqual(self.applied(invoice, deposit), [0, 0, 20])
        self.assertEqual(self.applied(invoice, payment), [75, 25, 0])
        self.assertInvariants(invoice)

    def test_dialog_of_a_payment_offers_open_documents(self):
        old = self.document([75, 20], date="2026-01-02")
        new = self.document([30], date="2026-01-08")
        payment = self.payment(100)
        wizard = self.env["account.reconciliation.modify"].create({"move_id": payment.move_id.id})
        self.assertEqual(wizard.line_ids.document_id, old | new)
        wizard.line_ids.filtered(lambda line: line.document_id == new).amount = 30
        wizard.action_save()
        self.assertEqual(self.applied(new, payment), [30])
        self.assertEqual(old.reconciliation_status, "not_reconciled")

    def test_dialog_refuses_when_nothing_was_changed(self):
        invoice = self.document([75])
        self.register_payment(invoice, 30)
        wizard = self.env["account.reconciliation.modify"].create({"move_id": invoice.id})
        with self.assertRaisesRegex(UserError, "No amount was changed"):
            wizard.action_save()

    # -- make payment -------------------------------------------------------------------------------------

    def make_payment(self, amount, ticked=(), **values):
        form = Form(self.env["account.make.payment"].with_context(default_partner_id=self.family.id))
        form.amount = amount
        form.journal_id = self.bank
        for name, value in values.items():
            setattr(form, name, value)
        for number in range(len(form.document_ids)):
            with form.document_ids.edit(number) as row:
                if row.move_id in ticked:
                    row.ticked = True
        return form

    def test_amount_is_what_is_ticked_until_another_is_entered(self):
        january, february = self.document([75, 20], date="2026-01-01"), self.document([50], date="2026-02-01")
        form = Form(self.env["account.make.payment"].with_context(default_partner_id=self.family.id))
        for number, amount in ((0, 95), (1, 145)):
            with form.document_ids.edit(number) as row:
                row.ticked = True
            self.assertEqual(form.amount, amount)
        form.amount = 60
        with form.document_ids.edit(1) as row:
            row.ticked = False
        self.assertEqual(form.amount, 60)
        form.save().action_pay()
        self.assertEqual((self.applied(january), self.applied(february)), ([60, 0], [0]))

    def test_make_payment_for_ticked_documents(self):
        january = self.document([75, 75, 20], date="2026-01-01")
        february = self.document([50], date="2026-02-01")
        form = self.make_payment(100, [january])
        self.assertEqual([form.item_ids.edit(n).amount for n in range(3)], [75, 25, 0])
        self.assertEqual(form.amount_deposit, 0)
        form.save().action_pay()
        self.assertEqual(self.applied(january), [75, 25, 0])
        self.assertEqual(february.reconciliation_status, "not_reconciled")
        self.assertInvariants()

    def test_make_payment_assumes_nothing(self):
        invoice = self.document([100])
        self.make_payment(100).save().action_pay()
        payment = self.env["account.payment"].search([("partner_id", "=", self.family.id)])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertEqual(payment.reconciliation_status, "not_reconciled")
        self.assertEqual(payment.state, "in_process")

    def test_overpayment_stays_as_credit(self):
        invoice = self.document([60])
        form = self.make_payment(100, [invoice])
        self.assertEqual(form.amount_deposit, 40)
        form.save().action_pay()
        payment = self.env["account.payment"].search([("partner_id", "=", self.family.id)])
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(payment.reconciliation_status, "partial")

    def test_amounts_edited_per_item_before_posting(self):
        invoice = self.document([75, 75, 20])
        form = self.make_payment(100, [invoice])
        for number, amount in enumerate((5, 75, 20)):
            with form.item_ids.edit(number) as row:
                row.amount = amount
        form.save().action_pay()
        self.assertEqual(self.applied(invoice), [5, 75, 20])
        self.assertInvariants()

    def test_discount_line_in_make_payment(self):
        invoice = self.document([75, 75, -20])
        form = self.make_payment(130, [invoice])
        form.save().action_pay()
        self.assertEqual(self.applied(invoice), [75, 75, -20])
        self.assertEqual(invoice.reconciliation_status, "full")

    def test_pay_a_vendor(self):
        bill = self.document([60, 40], "in_invoice")
        form = Form(self.env["account.make.payment"].with_context(
            default_partner_id=self.vendor.id, default_operation="pay", make_payment_move_ids=bill.ids))  # fmt: skip
        form.amount = 70
        form.journal_id = self.bank
        form.save().action_pay()
        self.assertEqual(self.applied(bill), [60, 10])

    # -- journal entries: each item is a line of its own, perhaps of another account ----------------------

    def shared_entry(self):
        """The opening balances of two accounts in one entry."""
        self.neighbours = self.env["res.partner"].create({"name": "Gagnon family"})
        return self.opening_entry((self.neighbours, 100, "2026-01-05"), (self.family, 50, "2026-01-31"))

    def test_each_line_of_an_entry_is_paid_by_itself(self):
        entry = self.opening_entry((self.family, 100, "2026-01-05"), (self.family, 50, "2026-01-31"))
        payment = self.payment(60)
        self.modify(entry, payment, [0, 50])
        self.assertEqual(self.applied(entry), [0, 50])
        self.modify(entry, payment, [20, 30])
        self.assertEqual(self.applied(entry), [20, 30])
        self.modify(entry, payment, [30, 20])
        self.assertEqual(self.applied(entry), [30, 20])
        self.assertInvariants(entry)

    def test_make_payment_pays_the_own_line_of_a_shared_entry(self):
        entry = self.shared_entry()
        form = self.make_payment(70, [entry])
        self.assertEqual(len(form.item_ids), 1)
        self.assertEqual(form.amount_deposit, 20)
        form.save().action_pay()
        self.assertEqual(self.applied(entry), [0, 50])
        self.assertInvariants(entry)

    def test_make_payment_goes_the_way_of_the_document(self):
        """Client billing opens it from a transaction: what the account owes is received, what it is owed is paid."""
        owed = self.opening_entry((self.family, 50, "2026-01-31"))
        credit = self.opening_entry((self.family, -40, "2026-01-31"))
        bill = self.document([60], "in_invoice")
        for document, operation in ((owed, "receive"), (credit, "refund"), (bill, "pay")):
            partner = document._owed_lines().partner_id
            form = Form(self.env["account.make.payment"].with_context(
                default_partner_id=partner.id, make_payment_move_ids=document.ids))  # fmt: skip
            self.assertEqual(form.operation, operation)
            form.journal_id = self.bank
            form.amount = 10
            form.save().action_pay()
            self.assertEqual(self.applied(document), [10])

    def test_own_part_of_a_shared_entry_is_shown_and_deleted_alone(self):
        entry = self.shared_entry()
        theirs, ours = self.payment(100, partner=self.neighbours), self.payment(50)
        self.modify(entry, theirs, [100, 0])
        self.modify(entry, ours, [0, 50])
        self.assertEqual([row["amount"] for row in entry.get_reconciliation_report(self.family)], [50])
        transaction = self.env["account.reconciliation.transaction"].search(
            [("move_id", "=", entry.id), ("partner_id", "=", self.family.id)]
        )
        action = transaction.action_open_reconciliations()
        wizard = self.env["account.reconciliation.modify"].with_context(**action["context"]).create({})
        self.assertEqual(wizard.line_ids.money_line_id.move_id, ours.move_id)
        self.assertEqual((wizard.amount_total, wizard.amount_residual), (50, 0))
        wizard.action_delete()
        self.assertEqual(self.applied(entry), [100, 0])

    def test_own_part_of_a_shared_bank_transaction_is_deleted_alone(self):
        invoice = self.document([75])
        other = self.document([30], partner=self.env["res.partner"].create({"name": "Gagnon family"}))
        deposit = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": "2026-01-20", "payment_ref": "card settlement", "amount": 105,
        })  # fmt: skip
        deposit.match_with(invoice | other)
        move = deposit.move_id
        self.assertEqual([row["amount"] for row in move.get_reconciliation_report(self.family)], [75])
        move.action_delete_reconciliations(partner_id=self.family.id)
        self.assertEqual((self.applied(invoice), self.applied(other)), ([0], [30]))

    def test_refund_to_a_client_for_a_credit_note(self):
        credit = self.document([60], "out_refund")
        form = self.make_payment(45, operation="refund")
        with form.document_ids.edit(0) as row:
            row.ticked = True
        form.save().action_pay()
        self.assertEqual(self.applied(credit), [45])

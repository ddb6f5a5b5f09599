"""A short payment that is accepted: the rest is disputed, listed and aged apart, left out of reminders, and settled."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common.access import AccessCommon
from .common.access_actions import BANK, MANAGE, VIEW, action_of
from .common.bank_matching import BankMatchingCommon
from .common.planned_payments import PlannedCommon

DISPUTE = "account.dispute"
ACTIONS = {}
action = action_of(ACTIONS)


@action({VIEW, BANK})
def read_disputes(call, ledger):
    return call(DISPUTE, "search_read", [("id", "=", ledger.dispute)], ["amount", "note"])


@action({MANAGE, BANK})
def dispute_what_is_open(call, ledger):
    return call("account.move", "dispute_rest", [ledger.invoice], "damaged")


@action({MANAGE, BANK})
def withdraw_a_dispute(call, ledger):
    return call(DISPUTE, "action_withdraw", [ledger.dispute])


@action({MANAGE, BANK})
def write_a_dispute_off(call, ledger):
    return call(DISPUTE, "action_write_off", [ledger.dispute], ledger.preset)


@action({VIEW, BANK})
def read_differences(call, ledger):
    return call("account.difference", "search_read", [("id", "=", ledger.difference)], ["amount", "reason"])


@action(BANK)
def read_policies_for_differences(call, ledger):
    return call("account.difference.policy", "search_read", [("id", "=", ledger.policy)], ["amount_max"])


@tagged("post_install", "-at_install")
class TestDisputeAccessByOrm(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.company_data["default_account_expense"]
        preset = cls.env["account.reconcile.model"].create({
            "name": "Damages", "company_id": cls.company.id,
            "line_ids": [fields.Command.create({
                "account_id": account.id, "amount_type": "percentage", "amount_string": "100",
            })],
        })  # fmt: skip
        settled, disputed = cls.document([30]), cls.document([40])
        settled.dispute_rest("damaged").action_write_off(preset)
        policy = cls.env["account.difference.policy"].create({
            "company_id": cls.company.id, "amount_max": 1, "percent_max": 1, "preset_id": preset.id,
        })  # fmt: skip
        cls.mine.dispute, cls.mine.preset = disputed.dispute_rest("damaged").id, preset.id
        cls.mine.policy = policy.id
        cls.mine.difference = cls.env["account.difference"].search([("move_ids", "=", settled.id)]).id

    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))

    def test_nobody_writes_disputes_and_differences(self):
        for model, number in ((DISPUTE, self.mine.dispute), ("account.difference", self.mine.difference)):
            record = self.env[model].browse(number)
            for user in self.users.values():
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.with_user(user).write({"amount": 1})
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.with_user(user).unlink()


@tagged("post_install", "-at_install")
class TestDisputes(BankMatchingCommon, PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_off = cls.preset("Damages", cls.fees_code.copy({"code": "659100", "name": "Damages"}))

        cls.thirds = cls.env["account.payment.term"].create({"name": "Three", "line_ids": [
            fields.Command.create({"value": "percent", "value_amount": share, "nb_days": days})
            for share, days in ((33.3333, 0), (33.3333, 30), (33.3334, 120))
        ]})  # fmt: skip

    def short_payment(self, paid=90, price=100):
        invoice = self.document([price * 0.6, price * 0.4])
        line = self.transaction(paid, invoice.name)
        line.match_with([("account.move", invoice.id)])
        return invoice, line

    def test_short_payment_is_accepted_and_taken_back_with_the_match(self):
        invoice = self.document([60, 40])
        line = self.transaction(90, invoice.name)
        before = self.bank_snapshot(line), self.snapshot(invoice)
        line.match_with([("account.move", invoice.id)])
        self.assertTrue(line.get_bank_matching_details()["is_paid_short"])
        dialog = self.env["account.dispute.open"].with_user(self.accountant)
        dialog.create({"statement_line_id": line.id, "reason": "damaged", "note": "two boxes wet"}).action_dispute()
        self.assertFalse(line.get_bank_matching_details()["is_paid_short"])
        dispute = invoice.dispute_ids
        self.assertEqual(
            (dispute.move_id, dispute.amount, dispute.amount_open, dispute.state, dispute.side),
            (invoice, 10, 10, "open", "customer"),
        )
        self.assertEqual((dispute.partner_id, dispute.note, dispute.date), (self.family, "two boxes wet", line.date))
        self.assertTrue(invoice.is_disputed)
        self.assertEqual(self.left(invoice), [0, 10])
        line.action_unmatch()
        self.assertFalse(dispute.exists())
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)

    def snapshot(self, *documents):
        self.env.flush_all()
        self.env.invalidate_all()
        lines = ["amount_residual", "reconciled", "matching_number", "balance", "no_followup"]
        return [(one.read(["amount_residual", "payment_state"]), one.line_ids.read(lines)) for one in documents]

    def test_left_out_of_reminders_and_of_what_is_overdue(self):
        invoice, line = self.short_payment()
        owner = self.family.with_company(self.company)
        self.assertEqual(owner.receivable_overdue, 10)
        line.dispute_rest("pricing")
        self.assertTrue(invoice._owed_lines().no_followup)
        owner.invalidate_recordset()
        self.assertEqual(owner.receivable_overdue, 0)
        rows = self.env["account.reconciliation.transaction"]
        late = [("move_id", "=", invoice.id), ("is_overdue", "=", True)]
        self.assertFalse(rows.search(late))
        invoice.dispute_ids.with_user(self.accountant).action_withdraw()
        owner.invalidate_recordset()
        self.assertEqual((owner.receivable_overdue, invoice.dispute_ids.state), (10, "withdrawn"))
        self.assertEqual(rows.search(late).is_overdue, True)
        self.assertFalse(invoice._owed_lines().no_followup)

    def test_marks_of_a_person_and_of_another_dispute_stay(self):
        invoice, line = self.short_payment()
        line.dispute_rest("pricing")
        invoice.dispute_ids.with_user(self.accountant).action_withdraw()
        again = invoice.with_user(self.accountant).dispute_rest("damaged")
        line.action_unmatch()
        self.assertEqual(invoice.dispute_ids, again, "with the match goes the dispute that it had left")
        self.assertTrue(all(invoice._owed_lines().mapped("no_followup")), "the other dispute is open")
        again.action_withdraw()
        self.assertFalse(any(invoice._owed_lines().mapped("no_followup")))
        marked, line = self.short_payment()
        marked._owed_lines().no_followup = True
        line.dispute_rest("pricing")
        line.action_unmatch()
        self.assertTrue(all(marked._owed_lines().mapped("no_followup")), "a person had left it out before")

    def test_what_is_open_beyond_the_dispute_is_overdue(self):
        invoice, line = self.short_payment()
        line.dispute_rest("pricing")
        owner = self.family.with_company(self.company)
        back = self.transaction(-90, "R", return_code="AM04", date="2026-02-15")
        back.match_with([("account.move.line", line.move_id._owed_lines().id)])
        # The match of the short payment stays, so the dispute does; what was returned is owed.
        self.env.invalidate_all()
        self.assertEqual((invoice.amount_residual, invoice.dispute_ids.amount_open), (100, 10))
        self.assertEqual(owner.receivable_overdue, 90)
        self.assertIn(owner, self.env["res.partner"].search([("receivable_overdue", ">", 89)]))
        invoice._owed_lines().no_followup = False
        self.env.invalidate_all()
        self.assertEqual(owner.receivable_overdue, 100, "a person has it in reminders")

    def test_installments_that_are_not_due_are_not_disputed(self):
        invoice = self.document([300], date="2026-02-01", invoice_payment_term_id=self.thirds.id)
        line = self.transaction(90, invoice.name)
        line.match_with([("account.move", invoice.id)])
        self.assertEqual(line.dispute_rest("pricing").amount, 10)
        self.assertTrue(all(invoice._owed_lines().mapped("no_followup")))
        owner = self.family.with_company(self.company)
        with freeze_time("2026-03-20"):
            self.env.invalidate_all()
            self.assertEqual(owner.receivable_overdue, 100, "the second is due, and the first but for 10")
        dispute = invoice.dispute_ids.with_user(self.accountant)
        dispute.action_withdraw()
        self.assertFalse(any(invoice._owed_lines().mapped("no_followup")))
        self.assertEqual(invoice.with_user(self.accountant).dispute_rest("pricing").amount, self.due_now(invoice))

    def test_dispute_of_an_installment_ends_with_it(self):
        for by_write_off in (True, False):
            with self.subTest(by_write_off=by_write_off):
                invoice = self.document([300], date="2026-02-01", invoice_payment_term_id=self.thirds.id)
                line = self.transaction(90, invoice.name)
                line.match_with([("account.move", invoice.id)])
                dispute = line.dispute_rest("pricing").with_user(self.accountant)
                self.assertEqual((dispute.state, dispute.amount_open, invoice.is_disputed), ("open", 10, True))
                if by_write_off:
                    dispute.action_write_off(self.write_off.id)
                    with self.assertRaisesRegex(UserError, "not disputed any more"), self.env.cr.savepoint():
                        dispute.action_write_off(self.write_off.id)
                else:
                    self.transaction(10, invoice.name).match_with([("account.move", invoice.id)])
                self.assertEqual((invoice.amount_residual, dispute.state, dispute.amount_open), (200, "resolved", 0))
                self.assertFalse(invoice.is_disputed)
                self.assertIn(dispute, dispute.search([("state", "=", "resolved")]))
                self.assertNotIn(dispute, dispute.search([("state", "=", "open")]))
                owner = self.family.with_company(self.company)
                with freeze_time("2026-03-20"):
                    self.env.invalidate_all()
                    self.assertEqual(owner.receivable_overdue, 100, "all of the second one, which is due")
                dispute.action_withdraw()
                self.assertFalse(any(invoice._owed_lines().mapped("no_followup")))
                self.transaction(200, invoice.name).match_with([("account.move", invoice.id)])

    def test_installments_of_what_is_disputed_are_not_paid_by_themselves(self):
        """Neither registered nor charged, nor tried again; those that pay what is not disputed go on."""
        today = self.today_date
        invoice = self.document([60, 40], date=str(today))
        self.transaction(20, invoice.name, date=str(today)).match_with([("account.move", invoice.id)])
        first, second, third = self.plan(invoice, [30, 30, 20])
        (second | third).due_date = today
        failed = self.plan(self.document([50], date=str(today)), [50])
        failed._fail("declined")
        failed._own_write().next_attempt_date = today
        # Of the 80 that are open, 30 are disputed.
        self.env["account.dispute"]._open(invoice, "pricing", "2 too much", amount=invoice.currency_id._exact(30))
        dispute = invoice.dispute_ids.with_user(self.accountant)
        failed.move_id.dispute_rest("damaged")
        self.assertFalse(first.hold_reason)
        self.assertIn("50.00", failed.hold_reason)
        self.assertIn("Pricing, 2 too much", second.hold_reason)
        self.run_due()
        installments = first | second | third | failed
        self.assertEqual(installments.mapped("state"), ["done", "planned", "planned", "failed"])
        self.assertEqual((invoice.amount_residual, failed.move_id.amount_residual, failed.attempt_count), (50, 50, 1))
        failed.action_pay_now()
        self.assertEqual(failed.state, "done", "a person may pay it")
        dispute.action_withdraw()
        self.assertFalse(second.hold_reason)
        self.run_due()
        self.assertEqual((second.state, third.state, invoice.amount_residual), ("done", "done", 0))
        self.assertInvariants()

    def due_now(self, invoice):
        """What is open of the lines that were paid in part or are due."""
        today = fields.Date.context_today(invoice)
        lines = invoice._owed_lines().sorted("date_maturity")
        return sum(one.amount_residual for one in lines if one == lines[0] or one.date_maturity <= today)

    def test_one_of_several_documents_is_disputed_already(self):
        first, second = self.document([100]), self.document([50])
        line = self.transaction(120, "X")
        line.match_with([("account.move", first.id), ("account.move", second.id)], [90, 30])
        first.with_user(self.accountant).dispute_rest("damaged")
        self.assertTrue(line.get_bank_matching_details()["is_paid_short"])
        self.assertEqual(line.dispute_rest("pricing").mapped("amount"), [20])

    def test_what_is_settled_is_not_withdrawn(self):
        invoice, line = self.short_payment()
        dispute = line.dispute_rest("damaged").with_user(self.accountant)
        self.register_payment(invoice)
        self.env.invalidate_all()
        dispute.action_withdraw()
        self.assertEqual(dispute.state, "resolved")

    def test_aged_from_the_day_of_the_dispute(self):
        _invoice, line = self.short_payment()
        dispute = line.dispute_rest("dispute")
        with freeze_time("2026-03-12"):
            dispute.invalidate_recordset()
            self.assertEqual(dispute.days, 30)

    def test_settled_by_a_payment_a_credit_note_or_a_write_off_and_open_again(self):
        disputes = self.env["account.dispute"].with_user(self.accountant)
        for settle in ("payment", "credit_note", "write_off"):
            invoice, line = self.short_payment()
            dispute = line.dispute_rest("damaged")
            if settle == "payment":
                settled = self.register_payment(invoice).move_id
            elif settle == "credit_note":
                settled = self.document([10], "out_refund")
                self.reconcile(invoice, settled)
            else:
                dispute.action_write_off(self.write_off)
                entry = invoice._reconciled_moves(invoice._owed_lines()).filtered(
                    lambda move: move.move_type == "entry"
                )
                settled = entry.filtered(lambda move: not move.statement_line_id)
                self.assertEqual(settled.line_ids.filtered("debit").account_id, self.write_off.line_ids.account_id)
                written_off = self.env["account.difference"].search([("entry_id", "=", settled.id)])
                self.assertEqual(
                    (written_off.amount, written_off.balance, written_off.reason, written_off.partner_id),
                    (-10, -10, "damaged", self.family),
                )
            self.env.invalidate_all()
            self.assertEqual((dispute.state, dispute.amount_open), ("resolved", 0), settle)
            self.assertEqual(invoice.amount_residual, 0)
            self.assertIn(dispute, disputes.search([("state", "=", "resolved")]))
            self.assertFalse(invoice.is_disputed)
            (invoice._owed_lines().matched_credit_ids).filtered(
                lambda partial, settled=settled: partial.credit_move_id.move_id == settled
            ).unlink()
            self.env.invalidate_all()
            self.assertEqual((dispute.state, dispute.amount_open), ("open", 10), settle)
            self.assertIn(dispute, disputes.search([("state", "=", "open")]))
        self.assertInvariants()

    def test_vendors_side_and_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({
            "name": "2026-01-01", "rate": 0.8, "currency_id": euro.id, "company_id": self.company.id,
        })  # fmt: skip
        bill = self.document([100], "in_invoice", currency_id=euro.id)
        self.register_payment(bill, 80)
        dispute = bill.with_user(self.accountant).dispute_rest("not_received")
        self.assertEqual((dispute.side, dispute.amount, dispute.currency_id), ("supplier", 20, euro))
        dispute.action_write_off(self.write_off)
        self.env.invalidate_all()
        self.assertEqual((bill.amount_residual, dispute.state), (0, "resolved"))
        self.assertInvariants()

    def test_what_can_not_be_disputed(self):
        invoice, line = self.short_payment()
        line.dispute_rest("damaged")
        with self.assertRaisesRegex(UserError, "disputed already"):
            line.dispute_rest("damaged")
        with self.assertRaisesRegex(UserError, "is not a reason"):
            self.document([5]).with_user(self.accountant).dispute_rest("because")
        paid, _line = self.short_payment(100)
        with self.assertRaisesRegex(UserError, "Nothing of .* is open"):
            paid.with_user(self.accountant).dispute_rest("damaged")
        with self.assertRaisesRegex(UserError, "one account and no taxes"):
            taxed = self.preset("Taxed", self.fees_code, self.company_data["default_tax_purchase"])
            invoice.dispute_ids.with_user(self.accountant).action_write_off(taxed)

    def test_deduction_of_a_remittance_advice_is_disputed(self):
        invoice = self.document([60, 40])
        advice = self.env["account.remittance.advice"].with_user(self.accountant).import_advice(
            "", f"Invoice,Gross,Deduction,Paid,Reason\n{invoice.name},100.00,10.00,90.00,Damaged skates\n".encode()
        )  # fmt: skip
        advice.payment_date = "2026-02-10"
        line = self.transaction(90, "X")
        advice.action_book()
        dispute = invoice.dispute_ids
        self.assertEqual((dispute.amount, dispute.note, dispute.statement_line_id), (10, "Damaged skates", line))
        advice.action_undo()
        self.assertFalse(invoice.dispute_ids)

    def test_who_may_dispute(self):
        invoice = self.document([100])
        for group, is_allowed in (
            ("group_bank_reconciliation", True), ("group_manage_reconciliations", True),
            ("group_client_billing", False), ("group_general", False),
        ):  # fmt: skip
            user = self.user_with(f"dispute.{group}", f"account_reconciliation.{group}")
            move = invoice.with_user(user)
            if is_allowed:
                dispute = move.dispute_rest("damaged")
                self.assertEqual(dispute.read(["amount"])[0]["amount"], 100)
                dispute.action_withdraw()
                with self.assertRaises(UserError):
                    dispute.write({"amount": 1})
            else:
                with self.assertRaises(AccessError):
                    move.dispute_rest("damaged")
        self.assertEqual(invoice.dispute_ids[:1].date_withdrawn, fields.Date.context_today(invoice))

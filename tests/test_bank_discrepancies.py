"""A closed period never changes silently: what changes later is named, by whatever route."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common.bank_periods import BankPeriodCommon, plain


@tagged("post_install", "-at_install")
class TestBankDiscrepancies(BankPeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paid = cls.payment(100, date="2026-01-10")
        cls.seen = cls.transaction(100, "2026-01-12", "Deposit")
        cls.clear(cls.seen, cls.paid)
        cls.cheque = cls.payment(40, date="2026-01-25", direction="outbound", partner_type="supplier")
        cls.unknown = cls.transaction(7, "2026-01-28", "Unknown")
        cls.january = cls.period(1, start=500, end=607)
        cls.january.action_confirm_matched()
        cls.january.action_close("7.00 from an unknown payer")

    def assertNamed(self, kinds, *words, period=None):
        self.env.flush_all()
        self.env.invalidate_all()
        period = period or self.january
        self.assertEqual(self.kinds(period), kinds)
        text = "\n".join(self.messages(period))
        for word in words:
            self.assertIn(word, text)
        self.assertEqual(period.has_discrepancies, bool(kinds))
        self.assertEqual(period in self.periods.search([("has_discrepancies", "=", True)]), bool(kinds))
        self.assertEqual(period in self.periods.search([("has_discrepancies", "=", False)]), not kinds)

    def test_nothing_has_changed(self):
        self.assertNamed([])

    def test_what_another_period_has_confirmed_is_known(self):
        cheque = self.payment(
            30, date="2026-01-20", direction="outbound", partner_type="supplier", journal_id=self.savings.id
        )
        first = self.period(1, journal=self.savings)
        second = self.period(2, end=-30, journal=self.savings)
        second.action_confirm(cheque)
        first.action_close()
        self.assertNamed([], period=first)
        self.assertTrue(first.is_fully_reconciled)
        second.action_unconfirm(cheque)
        second.action_confirm(cheque)
        self.assertNamed([], period=first)
        cheque.action_draft()
        self.assertNamed(["gone"], f"{cheque.name} of 01/20/2026", "was reset to draft", period=first)

    def test_amount_date_and_partner_of_a_payment(self):
        name = self.paid.name
        self.paid.action_draft()
        # The bank's transaction pays nothing any more, so it is a movement of its own.
        self.assertNamed(["gone", "backdated"], f"{name} of 01/10/2026 ($ 100.00) was reset to draft")
        self.paid.write({"amount": 90, "date": "2026-01-11", "partner_id": self.vendor.id})
        self.paid.action_post()
        self.assertNamed(
            ["amount", "date", "partner", "unmatched", "backdated"],
            "the amount was $ 100.00 and is $ 90.00", "the date was 01/10/2026 and is 01/11/2026",
            "the partner was Tremblay family and is Rink Supplies", "no longer matched",
        )  # fmt: skip

    def test_deleted_payment(self):
        name = self.paid.name
        self.paid.action_draft()
        self.paid.unlink()
        self.assertNamed(["gone", "backdated"], f"{name} of 01/10/2026 ($ 100.00) was deleted")

    def test_cancelled_payment(self):
        self.paid.action_draft()
        self.paid.action_cancel()
        self.assertNamed(["gone", "backdated"], "was deleted")

    def test_unmatched_transaction(self):
        self.seen.action_undo_reconciliation()
        self.assertNamed(["unmatched", "backdated"], "is no longer matched with its bank transaction", "Deposit")

    def test_backdated_entry_and_bank_transaction(self):
        late = self.payment(5, date="2026-01-31")
        self.transaction(-3, "2026-01-30", "Late fee")
        self.assertNamed(
            ["backdated", "backdated"], f"{late.name} of 01/31/2026 ($ 5.00) has come into the period", "Late fee"
        )

    def test_outstanding_that_is_voided_and_bank_transaction_that_changes(self):
        self.cheque.action_draft()
        self.unknown.amount = 8
        self.assertNamed(["gone", "amount"], "was reset to draft", "the amount was $ 7.00 and is $ 8.00")

    def test_deleted_bank_transaction(self):
        self.unknown.unlink()
        self.assertNamed(["gone"], "Bank transaction Unknown of 01/28/2026 ($ 7.00) was deleted")

    def test_what_comes_next_is_no_discrepancy(self):
        """The cheque clears in February; a payment of January had been confirmed and is matched later."""
        february = self.period(2)
        self.clear(self.transaction(-40, "2026-02-03"), self.cheque)
        self.assertEqual(february.action_confirm_matched()["total_reconciled"], -40)
        self.assertNamed([])

    def test_unmatched_transaction_that_is_booked_later_is_a_late_entry(self):
        self.book(self.unknown, self.swim_code)
        self.assertNamed(["backdated"], "has come into the period since it was closed")

    def test_entry_booked_straight_to_a_ledger_code_that_is_taken_back(self):
        fee = self.transaction(-5, "2026-02-02", "Fee")
        self.book(fee, self.fees)
        february = self.period(2, start=607, end=602)
        february.action_confirm_matched()
        february.action_close()
        fee.action_undo_reconciliation()
        self.assertNamed(
            ["gone", "backdated"], "is no longer matched: its bank transaction is booked otherwise", period=february
        )

    def test_payment_that_moves_to_another_bank_account(self):
        self.paid.action_draft()
        self.paid.move_id.name = False
        self.savings.inbound_payment_method_line_ids.payment_account_id = self.paid.outstanding_account_id
        self.paid.journal_id = self.savings
        self.paid.action_post()
        self.assertNamed(["gone", "backdated"], "no longer moves money on this bank account")

    # -- before closing ---------------------------------------------------------------------------------------

    def test_confirmed_payment_of_an_open_period_that_changes(self):
        payment = self.payment(20, date="2026-02-05")
        february = self.period(2, start=607, end=627)
        february.action_confirm(payment)
        payment.action_draft()
        payment.amount = 25
        payment.action_post()
        self.assertNamed(["amount"], "the amount was $ 20.00 and is $ 25.00", period=february)
        self.assertEqual(february.total_reconciled, 20, "until somebody accepts it, what was confirmed counts")
        with self.assertRaisesRegex(UserError, "can't be closed: since it was confirmed"):
            february.action_close()
        february.balance_end = 632
        self.assertEqual(february.action_accept_changes()["remaining"], 0)
        self.assertNamed([], period=february)
        self.assertIn("the amount was $ 20.00 and is $ 25.00", plain(html2plaintext(february.message_ids[0].body)))
        february.action_close()

    def test_deleted_payment_of_an_open_period(self):
        payment = self.payment(20, date="2026-02-05")
        february = self.period(2, start=607, end=627)
        february.action_confirm(payment)
        name = payment.name
        payment.action_draft()
        payment.unlink()
        self.assertNamed(["gone"], f"{name} of 02/05/2026 ($ 20.00) was deleted", period=february)
        self.assertEqual(february.action_accept_changes()["confirmed_count"], 0)
        self.assertNamed([], period=february)

    def test_taking_a_confirmed_payment_back_leaves_a_note_by_its_user(self):
        desk = self.user_with("desk", "account_reconciliation.group_admin")
        payment = self.paid.with_user(desk)
        payment.action_draft()
        note = self.january.message_ids[0]
        self.assertIn("which is confirmed here, was reset to draft", note.body)
        self.assertEqual(note.author_id, desk.partner_id)

    # -- reopening --------------------------------------------------------------------------------------------

    def test_reopened_and_closed_again_it_is_clean(self):
        self.book(self.unknown, self.swim_code)
        self.assertNamed(["backdated"])
        self.january.action_reopen("7.00 is a registration")
        self.january.action_confirm_matched()
        self.assertEqual(self.january.remaining, 0)
        self.january.action_close()
        self.assertNamed([])
        self.assertEqual(len(self.january.snapshot_ids), 2, "what it was closed on first is kept")

    # -- the scheduled check ----------------------------------------------------------------------------------

    def check(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=100.0):
            self.env.ref("account_reconciliation.cron_bank_discrepancies").with_user(self.env.user)
            self.periods._cron_check_discrepancies()

    def test_scheduled_check_tells_the_accountants_once(self):
        accountant = self.user_with("informed", "account_reconciliation.group_accountant")
        desk = self.user_with("not.informed", "account_reconciliation.group_admin")
        was = len(self.january.message_ids)
        self.check()
        self.assertEqual(len(self.january.message_ids), was, "nothing to tell")
        self.assertTrue(self.january.check_date)
        self.seen.action_undo_reconciliation()
        self.check()
        message = self.january.message_ids[0]
        self.assertIn("has changed since", message.body)
        self.assertIn(accountant.partner_id, message.notified_partner_ids)
        self.assertNotIn(desk.partner_id, message.notified_partner_ids)
        was = len(self.january.message_ids)
        self.check()
        self.assertEqual(len(self.january.message_ids), was, "noted already")
        self.payment(5, date="2026-01-31")
        self.check()
        self.assertEqual(len(self.january.message_ids), was + 1, "something new")

    def test_scheduled_check_leaves_companies_that_switched_it_off(self):
        self.seen.action_undo_reconciliation()
        self.company.bank_reconciliation = False
        self.check()
        self.assertFalse(self.january.sudo().check_date)

"""Undoing much at once: in slices, newest first, as far as nothing was built upon it."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.ledger_accounts import account_ledger_reconciliation_undo as undo
from .common.ledger_accounts import LedgerCommon


@tagged("post_install", "-at_install")
class TestLedgerUndo(LedgerCommon):
    def setUp(self):
        super().setUp()
        for name, value in (
            ("PAIRS_AT_ONCE", 2), ("PARTIALS_AT_ONCE", 2), ("PARTIALS_WITH_PROGRESS", 3), ("SECONDS_OF_SLICE", 0),
        ):  # fmt: skip
            patcher = patch.object(undo, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def run_rule(self, count):
        """A rule takes so many pairs at once.

        :return: ``(the account.ledger.reconciliation, their lines)``
        """
        pairs = [(self.entry(7, f"N-000{number}"), self.entry(-7, f"N-000{number}")) for number in range(count)]
        rule = (
            self.env["account.ledger.rule"]
            .with_user(self.accountant)
            .create({"name": "Payouts", "account_id": self.clearing.id, "same_word": True})
        )
        rule.action_run()
        done = self.env["account.ledger.reconciliation"].search([("rule_id", "=", rule.id)])
        return done.with_user(self.accountant), [line for pair in pairs for line in pair]

    def test_few_are_taken_back_at_once(self):
        done, lines = self.run_rule(3)
        self.assertEqual(done.action_start_undo()["tag"], "display_notification")
        self.assertEqual((done.state, self.open_of(*lines)), ("undone", [7, -7] * 3))

    def test_many_are_taken_back_in_slices(self):
        done, lines = self.run_rule(5)
        before = self.snapshot(self.lines.union(*lines).move_id)
        action = done.action_start_undo()
        self.assertEqual(action["params"], {"ids": done.ids, "total": 5})
        progress = []
        while not progress or progress[-1]["state"] == "undoing":
            # What a slice has done is done, also where the others never come.
            with patch.object(undo, "SECONDS_OF_SLICE", 0.0001):
                progress.append(done.process_undo_slice())
        self.assertGreater(len(progress), 2)
        self.assertEqual(sorted({one["done_count"] for one in progress}), [2, 4, 5])
        self.assertEqual((done.state, self.open_of(*lines)), ("undone", [7, -7] * 5))
        self.assertIn("Undone", done.action_open_undone()["params"]["message"])
        self.assertNotEqual(self.snapshot(self.lines.union(*lines).move_id), before)
        with self.assertRaisesRegex(UserError, "already"):
            done.action_start_undo()

    def test_interrupted_undo_goes_on(self):
        done, lines = self.run_rule(5)
        done.action_start_undo()
        done._undo_next()
        self.assertEqual((done.state, done._undo_count()), ("undoing", 2))
        self.assertIn("Undo again", done.action_open_undone()["params"]["message"])
        self.assertEqual(sum(1 for amount in self.open_of(*lines) if amount), 4, "two pairs are open")
        done.action_undo()
        self.assertEqual((done.state, self.open_of(*lines)), ("undone", [7, -7] * 5))

    def test_what_was_built_upon_stays(self):
        """Of many, only what something was built upon stays; the newest are looked at first."""
        debit, first, second, last = self.entry(100), self.entry(-30), self.entry(-20), self.entry(-50)
        early = self.reconciliation(self.ledger().reconcile_lines([debit.id, first.id, second.id]))
        (debit | last).reconcile()
        done, lines = self.run_rule(4)
        (early | done).action_start_undo()
        (early | done).action_undo()
        self.assertEqual((early.state, done.state), ("kept", "undone"))
        self.assertIn("was reconciled later", early.message)
        self.assertEqual(self.open_of(debit, first, second, last, *lines), [0] * 4 + [7, -7] * 4)
        last.remove_move_reconcile()
        early.action_start_undo()
        self.assertEqual((early.state, self.open_of(debit, first, second)), ("undone", [100, -30, -20]))

    def test_entry_that_can_not_be_cancelled_holds_no_other_back(self):
        done, lines = self.run_rule(4)
        debit, credit = self.entry(100), self.entry(-97)
        locked = self.reconciliation(
            self.ledger().book_difference([debit.id, credit.id], self.differences_code.id, "fee")
        )
        self.company.sudo().fiscalyear_lock_date = locked.move_id.date
        both = locked | done
        both.action_start_undo()
        self.assertEqual(both.mapped("state"), ["undoing"] * 2)
        with patch.object(undo, "SECONDS_OF_SLICE", 5):
            self.assertEqual(both.process_undo_slice()["state"], "done")
        self.assertEqual((locked.state, locked.move_id.state, done.state), ("kept", "posted", "undone"))
        self.assertIn("lock", locked.message.lower())
        self.assertEqual(self.open_of(debit, credit, *lines), [0, 0] + [7, -7] * 4)

    def test_what_is_stopped_before_its_turn_is_as_it_was(self):
        first, _lines = self.run_rule(4)
        debit, credit = self.entry(100), self.entry(-100)
        last = self.reconciliation(self.ledger().reconcile_lines([debit.id, credit.id]))
        both = first | last
        both.action_start_undo()
        both._undo_next()
        self.assertIn("Undo again", both.action_open_undone()["params"]["message"])
        self.assertEqual((first.state, last.state), ("done", "undone"))

    def test_lines_that_share_one_do_not_hold_each_other_back(self):
        """Slices of one reconciliation: what it made later is not built upon what it made first."""
        debit = self.entry(100)
        credits_ = [self.entry(-10, f"part {number}") for number in range(5)]
        done = self.reconciliation(self.ledger().reconcile_lines([line.id for line in (debit, *credits_)]))
        self.assertEqual(done.partial_count, 5)
        done.action_start_undo()
        while done._undo_next():
            pass
        self.assertEqual((done.state, self.open_of(debit, *credits_)), ("undone", [100] + [-10] * 5))

    def test_bank_transaction_that_was_booked_to_the_account_stays_matched(self):
        sale = self.entry(100, "PO-1234")
        transaction = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-01-20", "amount": 100, "payment_ref": "payout"}
        )
        transaction.book_lines([{"kind": "account", "account_id": self.clearing.id, "label": "PO-1234"}])
        payout = transaction.move_id.line_ids.filtered(lambda line: line.account_id == self.clearing)
        done = self.reconciliation(self.ledger().reconcile_lines([sale.id, payout.id]))
        done.action_undo()
        self.assertEqual((done.state, transaction.match_status), ("undone", "manual"))
        self.assertEqual(self.open_of(sale, payout), [100, -100])

    def test_difference_goes_as_a_whole(self):
        debit, credit = self.entry(100), self.entry(-97)
        done = self.reconciliation(
            self.ledger().book_difference([debit.id, credit.id], self.differences_code.id, "fee")
        )
        with patch.object(undo, "PARTIALS_AT_ONCE", 1):
            done.action_undo()
        self.assertEqual((done.state, done.move_id.state), ("undone", "cancel"))
        self.assertEqual(self.open_of(debit, credit), [100, -97])

    def test_who_may(self):
        done, _lines = self.run_rule(4)
        clerk = self.user_with("ledger.clerk", "account_reconciliation.group_bank_reconciliation")
        for method in ("action_start_undo", "process_undo_slice", "action_open_undone"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(done.with_user(clerk), method)()

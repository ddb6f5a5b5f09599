"""What counts as one cash movement of a bank account, so that opening balance and remittances give the closing one."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestBankRemittances(BankPeriodCommon):
    """What one cash movement is."""

    def amounts(self, journal=None):
        self.remittances.invalidate_model()
        found = self.remittances.search([("journal_id", "=", (journal or self.bank).id)])
        return [(one.kind, one.amount) for one in found]

    def test_payment_is_a_remittance_and_the_transaction_that_clears_it_is_none(self):
        payment = self.payment(100)
        transaction = self.transaction(100, "2026-01-20")
        self.assertEqual(self.amounts(), [("receipt", 100)], "of the transaction only the bank knows yet")
        self.clear(transaction, payment)
        self.assertEqual(self.amounts(), [("receipt", 100)])
        remittance = self.remittance(payment)
        self.assertEqual((remittance.statement_line_id, remittance.is_matched), (transaction, True))
        self.assertEqual(remittance.bank_date, date(2026, 1, 20))

    def test_one_transaction_clears_a_batch_of_payments(self):
        payments = (
            self.payment(100) | self.payment(40) | self.payment(60, direction="outbound", partner_type="supplier")
        )
        self.clear(self.transaction(80, "2026-01-20"), *payments)
        self.assertEqual(self.amounts(), [("receipt", 100), ("receipt", 40), ("payment", -60)])
        self.assertEqual(self.remittance(payments).mapped("is_matched"), [True] * 3)

    def test_what_the_bank_kept_is_a_remittance_of_its_own(self):
        payment = self.payment(100)
        transaction = self.transaction(98, "2026-01-20")
        self.clear(transaction, payment)
        self.assertEqual(self.amounts(), [("receipt", 100)], "the fee isn't booked yet")
        self.book(transaction, self.fees)
        self.assertEqual(self.amounts(), [("receipt", 100), ("difference", -2)])

    def test_what_of_a_transaction_is_not_matched_does_not_count(self):
        transaction = self.transaction(100, "2026-01-20")
        self.book(transaction, self.swim_code, 30)
        self.assertEqual(self.amounts(), [("bank", 30)])
        self.assertFalse(self.remittance(transaction).is_matched)
        self.book(transaction, self.judo_code)
        self.assertEqual(self.amounts(), [("bank", 100)])
        self.assertTrue(self.remittance(transaction).is_matched)

    def test_entry_on_the_bank_account(self):
        move = self.entry(self.bank.default_account_id, 25, self.fees)
        self.assertEqual(self.amounts(), [("entry", 25)])
        self.assertFalse(self.remittance(move).is_matched)

    def entry(self, account, amount, counterpart, post=True):
        move = self.env["account.move"].create({
            "move_type": "entry",
            "date": "2026-01-20",
            "line_ids": [
                Command.create({"account_id": account.id, "balance": amount, "name": "entry"}),
                Command.create({"account_id": counterpart.id, "balance": -amount, "name": "entry"}),
            ],
        })  # fmt: skip
        if post:
            move.action_post()
        return move

    def test_entry_that_clears_a_payment_by_hand_is_not_a_second_one(self):
        payment = self.payment(100)
        outstanding = payment._seek_for_lines()[0]
        move = self.entry(self.bank.default_account_id, 100, outstanding.account_id)
        (outstanding | move.line_ids.filtered(lambda line: line.account_id == outstanding.account_id)).reconcile()
        self.assertEqual(self.amounts(), [("receipt", 100)])

    def test_drafts_are_none(self):
        self.entry(self.bank.default_account_id, 25, self.fees, post=False)
        payment = self.payment(100)
        payment.action_draft()
        self.assertEqual(self.amounts(), [])

    def test_reversed_payment_and_its_reversal_cancel_out(self):
        payment = self.payment(100)
        payment.move_id._reverse_moves([{"date": date(2026, 1, 25)}], cancel=True)
        self.assertEqual(self.amounts(), [("receipt", 100), ("reversal", -100)])

    def test_transfer_moves_money_on_both_accounts(self):
        wizard = self.env["account.bank.transfer"].create({
            "journal_id": self.bank.id, "destination_journal_id": self.savings.id, "amount": 500, "date": "2026-01-20",
        })  # fmt: skip
        payments = wizard._transfer()
        self.assertEqual(self.amounts(), [("transfer", -500)])
        self.assertEqual(self.amounts(self.savings), [("transfer", 500)])
        on_the_way = payments.move_id.line_ids.filtered(
            lambda line: line.account_id == self.company.transfer_account_id
        )
        self.assertEqual(on_the_way.mapped("reconciled"), [True, True])
        self.clear(self.transaction(-500, "2026-01-21"), payments[0])
        self.clear(self.transaction(500, "2026-01-22", journal=self.savings), payments[1])
        self.assertEqual((self.amounts(), self.amounts(self.savings)), ([("transfer", -500)], [("transfer", 500)]))

    def test_foreign_payment_and_what_the_bank_made_of_it(self):
        """100 EUR booked at 2 for 1 are 50; the bank gave 48: the payment and the difference give what came."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        payment = self.payment(100, currency_id=euro.id)
        transaction = self.transaction(48, "2026-01-20", foreign_currency_id=euro.id, amount_currency=100)
        _liquidity, suspense, _others = transaction._seek_for_lines()
        outstanding = payment._seek_for_lines()[0]
        transaction.move_id.with_context(force_delete=True, skip_readonly_check=True).write({
            "line_ids": [
                Command.create({
                    "account_id": outstanding.account_id.id, "currency_id": euro.id, "amount_currency": -100,
                    "balance": -48, "name": "cleared",
                }),
                Command.delete(suspense.id),
            ]
        })  # fmt: skip
        own = transaction.move_id.line_ids.filtered(lambda line: line.account_id == outstanding.account_id)
        (own | outstanding).reconcile()
        self.assertTrue(outstanding.reconciled)
        self.assertEqual(self.amounts(), [("receipt", 50), ("difference", -2)])

    def test_foreign_payment_that_comes_in_two_parts_adds_up_to_the_cent(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 3.0)])
        payment = self.payment(100, currency_id=euro.id)
        self.assertEqual(self.amounts(), [("receipt", 33.33)])
        outstanding = payment._seek_for_lines()[0]
        for amount, balance in ((50, 16.67), (50, 16.66)):
            move = self.env["account.move"].create({
                "move_type": "entry",
                "date": "2026-01-20",
                "line_ids": [
                    Command.create({"account_id": self.bank.default_account_id.id, "balance": balance}),
                    Command.create({
                        "account_id": outstanding.account_id.id, "currency_id": euro.id, "amount_currency": -amount,
                        "balance": -balance,
                    }),
                ],
            })  # fmt: skip
            move.action_post()
            (outstanding | move.line_ids.filtered(lambda line: line.account_id == outstanding.account_id)).reconcile()
        self.assertTrue(outstanding.reconciled)
        self.assertEqual(self.amounts(), [("receipt", 33.33)])

    def test_account_in_foreign_currency_is_reconciled_in_it(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        bank = self.bank.copy({"name": "Euro", "code": "EUB", "currency_id": euro.id})
        with patch.object(type(self), "bank", bank):
            own = self.payment(100, currency_id=euro.id)
            # 30 dollars are 60 euros of that day.
            self.payment(30, currency_id=self.company.currency_id.id)
        self.clear(self.transaction(100, "2026-01-20", journal=bank), own)
        self.assertEqual(self.amounts(bank), [("receipt", 100), ("receipt", 60)])
        self.assertEqual(self.period(journal=bank).currency_id, euro)
        # A revaluation moves no money.
        self.env["account.move"].create({
            "move_type": "entry",
            "date": "2026-01-31",
            "line_ids": [
                Command.create({
                    "account_id": bank.default_account_id.id, "balance": 3, "amount_currency": 0,
                    "currency_id": euro.id,
                }),
                Command.create({"account_id": self.fees.id, "balance": -3}),
            ],
        }).action_post()  # fmt: skip
        self.assertEqual(self.amounts(bank), [("receipt", 100), ("receipt", 60)])

    def test_whatever_the_bank_moved_is_what_the_remittances_add_up_to(self):
        """I9: with everything matched, the remittances give exactly the bank's own movements."""
        first, second = self.payment(100), self.payment(55.55)
        self.clear(self.transaction(152.31, "2026-01-20"), first, second)
        self.book(self.env["account.bank.statement.line"].search([], limit=1), self.fees)
        self.book(self.transaction(-12.5, "2026-01-21"), self.fees)
        self.book(self.transaction(0.01, "2026-01-22"), self.swim_code)
        transactions = self.env["account.bank.statement.line"].search([("journal_id", "=", self.bank.id)])
        period = self.period(start=10, end=10 + sum(transactions.mapped("amount")))
        self.assertEqual(period.action_confirm_matched()["remaining"], 0)
        self.assertTrue(period.is_balanced)
        self.assertTrue(period.is_fully_reconciled)

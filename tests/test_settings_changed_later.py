"""Settings that change after something was booked: journals, types of accounts, accounts of banks, lock dates."""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestSettingsChangedLater(BankPeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.misc = cls.company_data["default_journal_misc"]
        cls.income = cls.company_data["default_account_revenue"]
        cls.receivable = cls.company_data["default_account_receivable"]

    @classmethod
    def entry(cls, account, amount, other=None, **values):
        """A posted entry that debits an account and credits another one."""
        move = cls.env["account.move"].create({
            "move_type": "entry", "journal_id": cls.misc.id, "date": "2026-03-01", **values, "line_ids": [
                Command.create({"account_id": account.id, "partner_id": cls.family.id, "balance": amount}),
                Command.create({"account_id": (other or cls.income).id, "balance": -amount}),
            ],
        })  # fmt: skip
        move.action_post()
        return move

    def balances(self, move):
        return [(item.amount_total, item.amount_reconciled) for item in move.reconciliation_item_ids]

    def test_entry_in_the_exchange_journal_has_an_item(self):
        self.company.currency_exchange_journal_id = self.misc
        opening = self.entry(self.receivable, 100)
        payment = self.payment(60)
        self.family.action_reconcile_account()
        self.assertEqual(self.balances(opening), [(100, 60)])
        self.assertEqual(opening.reconciliation_status, "partial")
        self.assertEqual([row["amount"] for row in opening.get_reconciliation_report()], [60])
        method = self.bank.inbound_payment_method_line_ids[:1]
        self.assertTrue(opening.plan_payments([{"due_date": "2030-01-01", "amount": 10}], payment_method_line=method))
        listed = self.env["account.reconciliation.transaction"].search([("partner_id", "=", self.family.id)])
        self.assertEqual(listed.move_id, opening | payment.move_id)
        self.assertInvariants(opening)

    def test_exchange_difference_has_no_item_whatever_its_journal_is_used_for(self):
        self.company.currency_exchange_journal_id = self.misc
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-01-15", 0.8)])
        invoice = self.document([60, 40], currency_id=euro.id)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"payment_date": "2026-01-15", "currency_id": self.company.currency_id.id}
        payment = register.create(values)._create_payments()
        exchange = (payment.move_id | invoice).line_ids.matched_credit_ids.exchange_move_id
        self.assertTrue(exchange)
        self.assertFalse(exchange.reconciliation_item_ids)
        self.assertFalse(self.env["account.reconciliation.transaction"].search([("move_id", "in", exchange.ids)]))
        self.assertInvariants(invoice)

    def test_account_that_becomes_receivable_gives_its_entries_items(self):
        account = self.company_data["default_account_assets"].copy({"code": "101398", "reconcile": True})
        debt = self.entry(account, 100)
        paid = self.entry(account, -60)
        (debt | paid).line_ids.filtered(lambda line: line.account_id == account).reconcile()
        self.assertFalse(debt.reconciliation_item_ids)
        account.account_type = "asset_receivable"
        self.assertEqual(self.balances(debt), [(100, 60)])
        self.assertEqual(debt.reconciliation_status, "partial")
        self.assertInvariants(debt | paid)

    def test_entries_of_an_account_that_was_never_reconciled_are_open(self):
        account = self.company_data["default_account_assets"].copy({"code": "101397", "reconcile": False})
        debt = self.entry(account, 100)
        account.account_type = "asset_receivable"
        self.assertEqual(debt.line_ids.filtered(lambda line: line.account_id == account).amount_residual, 100)
        self.reconcile(debt, self.entry(account, -60))
        self.assertEqual(self.balances(debt), [(100, 60)])
        self.assertInvariants(debt)

    def test_ledger_code_of_documents_does_not_become_receivable(self):
        self.document([75])
        with self.assertRaisesRegex(UserError, "ledger code of 1 posted lines"), self.cr.savepoint():
            self.swim_code.account_type = "asset_receivable"
        self.assertEqual(self.swim_code.account_type, "income")

    def test_account_with_debts_stays_receivable(self):
        account = self.receivable.copy({"code": "121399"})
        account.account_type = "asset_current"
        account.account_type = "asset_receivable"
        self.entry(account, 100)
        for account_type in ("asset_current", "liability_payable"):
            with self.assertRaisesRegex(UserError, "1 posted journal items"), self.cr.savepoint():
                account.account_type = account_type
        self.assertEqual(account.account_type, "asset_receivable")

    def test_bank_account_that_entries_of_other_journals_moved_keeps_its_account(self):
        account = self.savings.default_account_id
        other = account.copy({"code": "101488"})
        self.savings.default_account_id = other
        self.savings.default_account_id = account
        self.entry(account, 100)
        period = self.period(month=3, end=100, journal=self.savings)
        period.action_confirm_all()
        with self.assertRaisesRegex(UserError, "Entries of other journals"):
            self.savings.default_account_id = other
        self.assertFalse(period.get_discrepancies())

    def test_exchange_difference_stays_one_when_the_companys_settings_change(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-01-15", 0.8)])
        invoice = self.document([60, 40], currency_id=euro.id)
        payment = self.register_payment(invoice, currency_id=self.company.currency_id.id)
        exchange = (payment.move_id | invoice).line_ids.matched_credit_ids.exchange_move_id
        self.assertTrue(exchange)
        self.company.write({
            "currency_exchange_journal_id": self.misc.id,
            "income_currency_exchange_account_id": self.income.copy({"code": "419901"}).id,
            "expense_currency_exchange_account_id": self.income.copy({"code": "419902"}).id,
        })  # fmt: skip
        self.env.flush_all()
        self.assertFalse(self.env["account.reconciliation.transaction"].search([("move_id", "in", exchange.ids)]))
        exchange._rebuild_reconciliation()
        self.assertFalse(exchange.reconciliation_item_ids)

    def test_bank_account_with_transactions_keeps_its_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        self.savings.currency_id = euro
        self.savings.currency_id = False
        self.savings.currency_id = euro
        line = self.transaction(1000, "2026-03-05", journal=self.savings)
        line.book_lines([{"kind": "client", "partner_id": self.family.id, "amount": 1000}])
        period = self.period(month=3, end=1000, journal=self.savings)
        period.action_confirm_all()
        period.action_close()
        with self.assertRaisesRegex(UserError, "has transactions in EUR"), self.cr.savepoint():
            self.savings.currency_id = False
        self.savings.currency_id = euro
        self.transaction(10, "2026-03-05")
        self.bank.currency_id = self.company.currency_id
        self.assertEqual((period.currency_id, period.total_reconciled), (euro, 1000))

    def test_journal_with_transactions_stays_that_of_a_bank_account(self):
        self.savings.type = "cash"
        self.savings.type = "bank"
        self.transaction(10, "2026-03-05", journal=self.savings)
        with self.assertRaisesRegex(UserError, "stays the journal of a bank account"), self.cr.savepoint():
            self.savings.type = "general"
        self.assertEqual(self.savings.type, "bank")

    def test_account_of_transfers_stays_while_one_waits(self):
        out = self.transaction(-50, "2026-03-05")
        out.match_with(self.savings)
        other = self.company.transfer_account_id.copy({"code": "101999"})
        with self.assertRaisesRegex(UserError, "1 transfers of .* wait on"), self.cr.savepoint():
            self.company.transfer_account_id = other
        out.action_undo_reconciliation()
        self.company.transfer_account_id = other
        self.assertEqual(self.company.transfer_account_id, other)

    def test_partner_of_a_transaction_leaves_what_it_was_booked_at(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        self.savings.currency_id = euro
        line = self.transaction(100, "2026-03-05", journal=self.savings)
        self.assertEqual(line._seek_for_lines()[0].balance, 111.11)
        self.env["res.currency.rate"].create({
            "currency_id": euro.id, "company_id": self.company.id, "name": "2026-03-01", "rate": 0.8,
        })  # fmt: skip
        line.write({"partner_id": self.family.id, "payment_ref": "of the Tremblay family"})
        self.assertEqual(line.move_id.line_ids.mapped("balance"), [111.11, -111.11])
        self.assertEqual(line.move_id.line_ids.partner_id, self.family)
        line.amount = 200
        self.assertEqual(line._seek_for_lines()[0].balance, 250)

    def test_ignored_transactions_do_not_hold_a_lock_date_back(self):
        line = self.transaction(10, "2026-01-20")
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.company.fiscalyear_lock_date = "2026-01-31"
        line.action_ignore("a test of the bank")
        self.company.fiscalyear_lock_date = "2026-01-31"
        self.assertEqual(str(self.company.fiscalyear_lock_date), "2026-01-31")

"""A large import that was interrupted: its statement counts as none, and importing the same file again completes it."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from ..engine.bank_import.statement_kinds import IMPORTING
from ..engine.overview import balances_sql
from ..models.bank_import.account_bulk_import import LINES_MIN
from ..wizards import account_bank_statement_import_batch, account_bank_statement_import_write
from .common.bank_import import BankImportCommon, mt940

COUNT = 3 * LINES_MIN


@tagged("post_install", "-at_install")
class TestBankImportInterrupted(BankImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = [(1 + place // 10, 1 + place, f"Rent {place}") for place in range(COUNT)]
        cls.total = sum(amount for _day, amount, _text in cls.rows)
        cls.content = mt940(cls.rows, 1000, 1000 + cls.total)

    def interrupt(self, calls=2, content=None):
        """Begin to import a file in parts: the first call reads it, each one after it writes a part.

        :return: the statement that is being imported
        """
        wizard = self.wizard(content or self.content)
        with (
            patch.object(account_bank_statement_import_write, "SLICE", LINES_MIN),
            patch.object(account_bank_statement_import_batch, "SLICES_IN_BULK", 1),
        ):
            for _call in range(calls):
                wizard.process_slice(0)
        return self.statements()

    def statements(self):
        return self.env["account.bank.statement"].search([("journal_id", "=", self.bank.id)])

    def assertComplete(self, statement):
        self.assertEqual(self.statements(), statement)
        self.assertEqual(statement.import_kind, "statement")
        self.assertFalse(statement.import_note)
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1000, 1000 + self.total))
        self.assertTrue(statement.is_complete)
        self.assertEqual(len(self.transactions()), COUNT)
        lines = statement.line_ids.sorted("internal_index")
        self.assertEqual(statement.first_line_index, lines[0].internal_index)
        self.assertEqual(lines.mapped("amount"), [amount for _day, amount, _text in self.rows])
        self.assertEqual(lines.move_id.line_ids.statement_id, statement)
        self.assertEqual(len(lines.move_id.line_ids.filtered("statement_id")), 2 * COUNT)

    def test_importing_again_completes_it(self):
        for calls in (2, 3, 4):
            with self.subTest(parts=calls - 1):
                savepoint = self.env.cr.savepoint()
                begun = self.interrupt(calls)
                self.assertEqual((begun.import_kind, len(begun.line_ids)), (IMPORTING, (calls - 1) * LINES_MIN))
                self.assertIn("Import the same file again", begun.import_note)
                self.assertComplete(self.bring(self.content))
                self.assertEqual(self.statements(), begun)
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

    def test_importing_again_in_parts_completes_it(self):
        begun = self.interrupt()
        self.interrupt(3)
        self.assertEqual(len(begun.line_ids), COUNT)
        self.interrupt(2)
        self.assertComplete(begun)

    def card(self):
        """The balance on Odoo's card of the bank account."""
        self.env.flush_all()
        return self.bank._get_journal_dashboard_bank_running_balance()[self.bank.id]

    def test_its_balances_are_what_its_transactions_lead_to(self):
        self.bring(b"Date,Description,Amount\n2026-03-30,Before,8\n2026-03-31,Before,-1\n", name="march.csv")
        for parts in (1, 2):
            begun = self.interrupt(2)[0] if parts == 1 else self.interrupt(3)[0]
            total = 7 + sum(amount for _day, amount, _text in self.rows[: len(begun.line_ids)])
            self.assertEqual((begun.balance_start, begun.balance_end, begun.balance_end_real), (7, total, total))
            self.assertEqual(begun.line_ids.sorted("internal_index")[-1].running_balance, total)
            self.assertEqual(begun.first_line_index, min(begun.line_ids.mapped("internal_index")))
            self.assertEqual(self.card(), (True, total))

    def test_no_closing_balance_is_taken_from_it(self):
        self.interrupt()
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": date(2026, 4, 1), "date_to": date(2026, 4, 30),
        })  # fmt: skip
        self.assertEqual(period._statement_balances(), (None, None))
        self.assertFalse(self.env.execute_query(balances_sql.last_statements(self.bank.ids)))

    def test_a_later_file_without_balances_starts_where_it_ends(self):
        begun = self.interrupt()
        later = self.bring(b"Date,Description,Amount\n2026-04-28,Later,5\n2026-04-29,Later,-6\n", name="later.csv")
        self.assertEqual(later.balance_start, begun.balance_end_real)
        self.assertEqual(later.balance_start, sum(begun.line_ids.mapped("amount")))

    def test_somebody_else_completes_it_meanwhile(self):
        """Another file is exactly what is written so far: what follows goes into a statement of its own."""
        wizard = self.wizard(self.content)
        first = self.rows[:LINES_MIN]
        with (
            patch.object(account_bank_statement_import_write, "SLICE", LINES_MIN),
            patch.object(account_bank_statement_import_batch, "SLICES_IN_BULK", 1),
        ):
            wizard.process_slice(0)
            wizard.process_slice(0)
            month = self.bring(mt940(first, 1000, 1000 + sum(amount for _day, amount, _text in first)))
            while not wizard.process_slice(0)["is_done"]:
                pass
        self.assertEqual(len(month.line_ids), LINES_MIN)
        rest = self.statements() - month
        self.assertEqual((rest.import_kind, len(rest.line_ids)), ("statement", COUNT - LINES_MIN))
        self.assertEqual((rest.balance_start, rest.balance_end_real), (month.balance_end_real, 1000 + self.total))
        self.assertTrue(month.is_complete and rest.is_complete and rest.is_valid)

    def test_a_transaction_typed_into_it_stays_in_it(self):
        begun = self.interrupt()
        typed = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "statement_id": begun.id, "amount": 3, "payment_ref": "By hand",
            "date": date(2026, 4, 2),
        })  # fmt: skip
        self.assertEqual(self.bring(self.content), begun)
        self.assertEqual((len(begun.line_ids), typed.statement_id), (COUNT + 1, begun))
        self.assertFalse(begun.is_complete)
        self.assertEqual(begun.balance_end, 1000 + self.total + 3)

    def test_another_file_takes_its_transactions_over(self):
        begun = self.interrupt()
        self.rows = self.rows[: LINES_MIN - 10]
        rest = mt940(self.rows, 1000, 1000 + sum(amount for _day, amount, _text in self.rows))
        statement = self.bring(rest)
        self.assertEqual(len(statement.line_ids), LINES_MIN - 10)
        self.assertTrue(statement.is_complete)
        self.assertEqual((begun.import_kind, len(begun.line_ids)), (IMPORTING, 10))
        self.assertEqual(begun.balance_start, statement.balance_end_real)
        self.assertEqual(begun.balance_end_real, begun.balance_start + sum(begun.line_ids.mapped("amount")))
        # What is left goes where the whole file is completed.
        self.assertEqual(self.bring(self.content), self.statements())
        self.assertEqual(self.statements().mapped("import_kind"), ["statement"] * 2)
        self.assertEqual(len(self.transactions()), COUNT)
        self.assertEqual((self.statements() - statement).balance_end_real, 1000 + self.total)

    def test_it_can_be_deleted(self):
        begun = self.interrupt()
        begun.unlink()
        self.assertEqual(len(self.transactions()), LINES_MIN)
        self.assertComplete(self.bring(self.content))

    def test_what_odoo_creates_leaves_none_behind(self):
        """Nothing of it can be written in bulk: no statement stands there without a transaction."""
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        self.assertFalse(self.interrupt())
        self.assertEqual(len(self.transactions()), LINES_MIN)
        statement = self.bring(self.content)
        self.assertEqual((len(statement.line_ids), self.statements()), (COUNT, statement))

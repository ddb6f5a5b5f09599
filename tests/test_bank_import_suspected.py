"""One transaction in files of two formats: never twice without a word, never two equal ones counted as one."""

import importlib.util
from pathlib import Path

from odoo.tests import tagged
from odoo.tools.sql import table_exists

from .common.bank_import import BankImportCommon, mt940, ofx, ofx_file

MIGRATION = Path(__file__).parent.parent / "migrations" / "19.0.1.1.0" / "pre-suspected_duplicates.py"


@tagged("post_install", "-at_install")
class TestBankImportSuspected(BankImportCommon):
    def test_other_format_of_the_same_day_adds_no_line_twice(self):
        first = self.bring(ofx_file(ofx([(2, "100.00", "RENT OF HALL TREMB", "F1"), (3, "-40.00", "ICE", "F2")])))
        again = self.bring(mt940([(2, 100, "Rent of hall Tremblay"), (3, -40, "Ice, April")], 1000, 1060))
        self.assertEqual([line[:2] for line in self.transactions()], [(2, 100), (3, -40)])
        self.assertEqual(again, first)

    def test_reference_of_the_bank_decides_across_formats(self):
        self.bring(ofx_file(ofx([(2, "100.00", "Rent", "BR-77")])))
        content = mt940([(2, 100, "Something else")], 0, 100).replace(b"NONREF", b"NONREF//BR-77")
        (row,) = self.wizard(content).statement_ids
        self.assertEqual((row.duplicate_count, row.suspected_count), (1, 0))

    def test_second_equal_payment_is_new(self):
        self.bring(ofx_file(ofx([(2, "-3.50", "COFFEE", "F1")])))
        self.bring(mt940([(2, -3.5, "Coffee"), (2, -3.5, "Coffee")], 10, 3))
        self.assertEqual(len(self.transactions()), 2)

    def test_one_format_is_sure_of_itself(self):
        """Two references of one bank in one format are two transactions, however equal."""
        self.bring(ofx_file(ofx([(2, "-3.50", "COFFEE", "F1")])))
        wizard = self.wizard(ofx_file(ofx([(2, "-3.50", "COFFEE", "F2")])))
        self.assertEqual((wizard.suspected_count, wizard.new_count), (0, 1))

    def test_other_words_are_imported_and_said(self):
        self.bring(ofx_file(ofx([(2, "50.00", "KARATE CAMPBELL", "F1")])))
        statement = self.bring(mt940([(2, 50, "Rent of hall")], 1000, 1050))
        self.assertEqual(len(self.transactions()), 2)
        self.assertIn("look like", statement.import_note)

    def test_preview_asks_and_the_user_decides(self):
        self.bring(ofx_file(ofx([(2, "100.00", "RENT", "F1"), (2, "50.00", "KARATE", "F2")])))
        wizard = self.wizard(mt940([(2, 100, "Rent"), (2, 50, "Hockey"), (3, 7, "Fine")], 1000, 1157))
        self.assertEqual((wizard.suspected_count, wizard.left_out_count, wizard.new_count), (2, 1, 2))
        hockey, rent = wizard.suspected_ids
        self.assertEqual((hockey.name, hockey.is_left_out), ("Hockey", False))
        self.assertEqual((rent.name, rent.other_name, rent.is_left_out), ("Rent", "RENT RENT", True))
        hockey.is_left_out, rent.is_left_out = True, False
        self.assertEqual((wizard.left_out_count, wizard.new_count), (1, 2))
        wizard.action_import()
        self.assertEqual(self.transactions(), [(2, 100, "RENT"), (2, 50, "KARATE"), (2, 100, "Rent"), (3, 7, "Fine")])
        # What was taken in is known for certain from now on.
        again = self.wizard(mt940([(2, 100, "Rent"), (2, 50, "Hockey"), (3, 7, "Fine")], 1000, 1157))
        self.assertEqual((again.duplicate_count, again.suspected_ids.mapped("name")), (2, ["Hockey"]))

    def test_what_was_typed_by_hand_is_taken_over(self):
        by_hand = self.lines.create({
            "journal_id": self.bank.id, "date": "2026-04-02", "amount": 100, "payment_ref": "Rent of the hall",
        })  # fmt: skip
        statement = self.bring(mt940([(2, 100, "Rent of hall"), (3, -40, "Ice")], 1000, 1060))
        self.assertIn(by_hand, statement.line_ids)
        self.assertEqual(len(self.transactions()), 2)
        self.assertTrue(statement.is_complete)

    def test_left_out_lines_leave_the_balances_right(self):
        self.bring(mt940([(2, 100, "Rent of hall")], 1000, 1100))
        statement = self.bring(ofx_file(ofx([(2, "100.00", "RENT OF HALL", "F1"), (3, "7.00", "FINE", "F2")],
                                            closing="1107.00")))  # fmt: skip
        new = statement.filtered(lambda s: s.line_ids.filtered(lambda line: line.amount == 7))
        self.assertEqual((new.balance_start, new.balance_end_real), (1100, 1107))
        self.assertTrue(new.is_complete)

    def test_two_formats_uploaded_together(self):
        wizard = self.wizard(ofx_file(ofx([(2, "100.00", "RENT", "F1")])), mt940([(2, 100, "Rent")], 1000, 1100))
        self.assertEqual((wizard.new_count, wizard.suspected_count), (1, 1))
        wizard.action_import()
        self.assertEqual(len(self.transactions()), 1)

    def test_same_file_uploaded_twice_at_once(self):
        content = mt940([(2, 100, "Rent"), (2, 100, "Rent")], 1000, 1200)
        wizard = self.wizard(content, content)
        self.assertEqual((wizard.new_count, wizard.duplicate_count), (2, 2))
        while not wizard.process_slice(0)["is_done"]:
            pass
        self.assertEqual(len(self.transactions()), 2)

    def test_other_account_and_day_are_others(self):
        self.bring(ofx_file(ofx([(2, "100.00", "RENT", "F1")])))
        wizard = self.wizard(mt940([(3, 100, "Rent")], 0, 100), mt940([(2, 100, "Rent")], 0, 100, account="55502"))
        self.assertEqual((wizard.suspected_count, wizard.new_count), (0, 2))

    def test_update_drops_the_table_of_the_former_name(self):
        spec = importlib.util.spec_from_file_location("suspected_duplicates", MIGRATION)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        self.env.cr.execute("CREATE TABLE IF NOT EXISTS account_bank_statement_import_lookalike (id serial)")
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.assertFalse(table_exists(self.env.cr, "account_bank_statement_import_lookalike"))
        self.assertTrue(table_exists(self.env.cr, self.env["account.bank.statement.import.duplicate"]._table))

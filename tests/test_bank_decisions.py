"""The decision log only grows, and shows where somebody tampered with it (I10)."""

import importlib.util
import json
from pathlib import Path
from unittest.mock import MagicMock, patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import errors

from .common.bank_matching import BankMatchingCommon

MIGRATION = Path(__file__).parent.parent / "migrations" / "19.0.1.1.0" / "pre-decision_log_ends.py"


@tagged("post_install", "-at_install")
class TestBankDecisions(BankMatchingCommon):
    def decisions(self, line):
        return self.env["account.bank.match.decision"].search([("statement_line_id", "=", line.id)], order="id")

    def test_each_decision_is_written_down(self):
        invoice = self.document([50])
        line = self.transaction(50, "Tremblay")
        line.match_with(invoice)
        line.action_unmatch()
        line.action_ignore("Not ours")
        line.action_unignore()
        found = self.decisions(line)
        self.assertEqual(found.mapped("action"), ["manual", "unmatch", "ignore", "unignore"])
        self.assertEqual(found.user_id, self.accountant)
        self.assertEqual(found[0].chosen, invoice.display_name)
        self.assertIn("Tremblay", found[0].transaction)
        self.assertEqual(json.loads(found[0].payload)["records"][0][:2], ["account.move", invoice.id])
        self.assertEqual(json.loads(found[0].payload)["amounts"], ["50.00"])

    def test_log_is_written_for_nobody_to_change(self):
        line = self.transaction(50)
        line.action_ignore("x")
        found = self.decisions(line)
        with self.assertRaises(UserError):
            found.sudo().write({"action": "auto"})
        with self.assertRaises(UserError):
            found.sudo().unlink()
        with self.assertRaises(AccessError):
            self.env["account.bank.match.decision"].with_user(self.accountant).create({"payload": "x"})
        for statement in (
            "UPDATE account_bank_match_decision SET action = 'auto' WHERE id = %s",
            "DELETE FROM account_bank_match_decision WHERE id = %s",
            "UPDATE account_bank_match_decision SET statement_line_id = NULL, reasons = 'y' WHERE id = %s",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(errors.RaiseException), self.cr.savepoint():
                self.env.cr.execute(statement, [found.id])

    def test_deleting_the_transaction_leaves_the_decision(self):
        line = self.transaction(50, "To be deleted")
        line.action_ignore("x")
        found = self.decisions(line)
        line.sudo().unlink()
        found.invalidate_recordset()
        self.assertFalse(found.statement_line_id)
        self.assertIn("To be deleted", found.transaction)
        self.assertFalse(found.verify_chains(self.bank))

    def test_chain_verifies_and_shows_a_break(self):
        lines = [self.transaction(amount) for amount in (1, 2, 3)]
        for line in lines:
            line.action_ignore("x")
        found = self.decisions(lines[1])
        log = self.env["account.bank.match.decision"].with_user(self.accountant)
        self.assertEqual(log.verify_chains(), [])
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE account_bank_match_decision DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE account_bank_match_decision SET payload = replace(payload, 'ignore', 'ignored') WHERE id = %s",
            [found.id],
        )
        self.env.invalidate_all()
        broken = log.verify_chains(self.bank)
        self.assertEqual(len(broken), 1)
        self.assertIn(f"number {found.number}", broken[0])
        self.env.cr.execute(
            "DELETE FROM account_bank_match_decision WHERE journal_id = %s AND number >= %s",
            [self.bank.id, found.number],
        )
        self.assertEqual(len(log.verify_chains(self.bank)), 1, "rows cut off at the end are missed as well")
        self.transaction(60).action_ignore("x")
        self.transaction(70).action_ignore("x")
        broken = log.verify_chains(self.bank)
        self.assertEqual(len(broken), 1, "also when as many were added since")
        self.bank.active = False
        self.assertEqual(len(log.verify_chains()), 1, "the log of an archived bank account as well")

    def test_goes_on_from_what_others_added_meanwhile(self):
        """What was committed after this transaction began, which it can't see: a second cursor sees it."""
        self.transaction(5).action_ignore("x")
        log = self.env["account.bank.match.decision"].search([("journal_id", "=", self.bank.id)])
        committed = MagicMock()
        committed.return_value.__enter__.return_value.fetchall.return_value = [(7, "abc")]
        line = self.transaction(6)
        with patch.object(type(self.env.registry), "cursor", committed):
            line.action_ignore("y")
        found = self.decisions(line)
        self.assertEqual((log.number, found.number, found.previous_hash), (1, 8, "abc"))
        self.transaction(7).action_ignore("z")
        last = self.env["account.bank.match.decision"].search([("journal_id", "=", self.bank.id)], limit=1)
        self.assertEqual((last.number, last.previous_hash), (9, found.hash))

    def test_while_modules_are_installed_nobody_else_is_asked(self):
        """The table may still be the installation's own: another cursor would not find it."""
        line = self.transaction(50)
        registry = self.env.registry
        with patch.object(registry, "ready", False), patch.object(registry, "cursor", side_effect=AssertionError):
            line.action_ignore("x")
        self.assertEqual(self.decisions(line).mapped("action"), ["ignore"])

    def test_earlier_ends_are_cleared_away(self):
        for amount in (1, 2, 3):
            self.transaction(amount).action_ignore("x")
        self.transaction(4, journal=self.savings).action_ignore("x")
        self.env["account.bank.match.chain"]._gc_earlier_ends()
        rows = self.env.execute_query(
            SQL(
                "SELECT journal_id, number FROM account_bank_match_chain WHERE journal_id = ANY(%s) ORDER BY number",
                (self.bank | self.savings).ids,
            )
        )
        self.assertEqual(rows, [(self.savings.id, 1), (self.bank.id, 3)])
        log = self.env["account.bank.match.decision"].with_user(self.accountant)
        self.assertEqual(log.verify_chains(), [])
        self.transaction(5).action_ignore("x")
        self.assertEqual(log.verify_chains(), [])

    def test_update_lets_a_log_have_several_ends(self):
        self.env.cr.execute(
            "ALTER TABLE account_bank_match_chain"
            " ADD CONSTRAINT account_bank_match_chain_journal_uniq UNIQUE (journal_id)"
        )
        spec = importlib.util.spec_from_file_location("decision_log_ends", MIGRATION)
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.migrate(self.env.cr, "19.0.1.0.0")
        migration.migrate(self.env.cr, "19.0.1.0.0")
        # No other cursor can read the table before the update is committed.
        with patch.object(self.env.registry, "ready", False):
            for amount in (1, 2):
                self.transaction(amount).action_ignore("x")
        self.assertEqual(self.env["account.bank.match.decision"].with_user(self.accountant).verify_chains(), [])

    def test_each_journal_has_its_own_chain(self):
        for journal in (self.bank, self.savings, self.bank):
            self.transaction(5, journal=journal).action_ignore("x")
        log = self.env["account.bank.match.decision"]
        journals = self.bank | self.savings
        numbers = {j: log.search([("journal_id", "=", j.id)], order="number").mapped("number") for j in journals}
        self.assertEqual(numbers, {self.bank: [1, 2], self.savings: [1]})

    def test_others_read_none_of_it(self):
        self.transaction(5).action_ignore("x")
        for role in ("admin", "general"):
            user = self.user_with(f"log.{role}", f"account_reconciliation.group_{role}")
            with self.assertRaises(AccessError):
                self.env["account.bank.match.decision"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.env["account.bank.match.decision"].with_user(user).verify_chains()

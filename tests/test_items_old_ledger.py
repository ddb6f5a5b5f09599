"""What an old ledger holds stops no installation and no update: it is named, and the rest is filled (invariant I15)."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..engine.items import items_sql
from .common import ReconciliationCommon

LOGGER = "odoo.addons.account_reconciliation.models.items.account_reconciliation_line_fill"


@tagged("post_install", "-at_install")
class TestOldLedger(ReconciliationCommon):
    def install_anew(self):
        self.env.cr.execute("DELETE FROM account_reconciliation_line; DELETE FROM account_reconciliation_item")
        self.env.invalidate_all()
        self.env["account.reconciliation.line"].init()
        self.env.invalidate_all()

    def test_a_document_that_cannot_be_read_is_left_out(self):
        documents = [self.document([75, 20]) for _number in range(5)]
        for document in documents:
            self.register_payment(document, 80)
        bad = documents[2]
        insert_items = items_sql.insert_items

        def fails_for_one(which):
            return insert_items(SQL("%s AND 1 / (m.id - %s) IS NOT NULL", which, bad.id))

        with (
            patch.object(items_sql, "insert_items", fails_for_one),
            mute_logger("odoo.sql_db"),
            self.assertLogs(LOGGER, "WARNING") as log,
        ):
            self.install_anew()
        self.assertIn(bad.name, log.output[-1])
        for document in documents:
            if document != bad:
                self.assertEqual(self.applied(document), [75, 5])
        self.assertFalse(bad.reconciliation_item_ids)
        self.assertEqual(bad.reconciliation_status, "error")
        self.assertIn(bad.name, bad._reconciliation_errors()[0]["sentence"])
        bad.action_repair_reconciliation()
        self.assertEqual(self.applied(bad), [75, 5])
        self.assertEqual(bad.reconciliation_status, "partial")
        self.assertInvariants()

    def test_a_reconciliation_beyond_its_document(self):
        """A partial of more than its document, as no Odoo of today makes it: the document is in error, not the rest."""
        invoice, other = self.document([75, 20]), self.document([30])
        self.register_payment(invoice, 80)
        self.register_payment(other, 30)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET amount = 500, debit_amount_currency = 500,"
            " credit_amount_currency = 500 WHERE debit_move_id IN %s",
            [tuple(invoice._owed_lines().ids)],
        )
        self.install_anew()
        self.assertEqual((invoice.reconciliation_status, other.reconciliation_status), ("error", "full"))
        self.assertEqual(self.applied(other), [30])

    def test_mending_items_of_an_older_version(self):
        """Items that were worth their prices, and not what the entry books, with money on them."""
        self.company.tax_calculation_rounding_method = "round_globally"
        tax = self.env["account.tax"].create({"name": "10", "amount": 10, "company_id": self.company.id})
        hours = {"price_unit": 25.05, "quantity": 1.33, "tax_ids": [Command.set(tax.ids)]}
        invoice, simple, zero = self.document([hours, hours, hours]), self.document([75, 20]), self.document([50, -50])
        self.register_payment(invoice, 80)
        self.register_payment(simple, 80)
        entry = self.opening_entry((self.family, 40, "2026-01-31"))
        moves = invoice | simple | zero | entry
        was = self.snapshot(moves)
        lines = moves.reconciliation_line_ids
        figures = lines.read(["amount", "amount_untaxed", "amount_received"])
        self.env.cr.execute(
            """
            UPDATE account_reconciliation_item SET balance_total = NULL, balance_untaxed = NULL;
            UPDATE account_reconciliation_item AS item
               SET amount_total = amount_total + change, amount_residual = amount_residual + change,
                   amount_untaxed = 33.32
              FROM (SELECT id, CASE WHEN ROW_NUMBER() OVER (ORDER BY id) = 1 THEN -0.01
                                    WHEN ROW_NUMBER() OVER (ORDER BY id) = 3 THEN 0.01 ELSE 0 END AS change
                      FROM account_reconciliation_item WHERE move_id = %(invoice)s) AS old
             WHERE item.id = old.id AND (item.amount_residual <> 0 OR change = 0);
            UPDATE account_reconciliation_item SET amount_reconciled = 0, amount_residual = amount_total
             WHERE move_id = %(zero)s
            """,
            {"invoice": invoice.id, "zero": zero.id},
        )
        self.env.invalidate_all()
        made, failed = self.env["account.reconciliation.line"]._correct_worth()
        self.assertEqual((made, failed), (2, []))
        self.env.invalidate_all()
        self.assertEqual(self.snapshot(moves), was)
        kept = moves.reconciliation_line_ids.read(["amount", "amount_untaxed", "amount_received"])
        self.assertEqual(
            sorted((row["amount"], row["amount_untaxed"], row["amount_received"]) for row in kept),
            sorted((row["amount"], row["amount_untaxed"], row["amount_received"]) for row in figures),
        )
        self.assertInvariants()

    def test_mending_twice_changes_nothing(self):
        invoice = self.document([75, 20])
        self.register_payment(invoice, 80)
        was = self.snapshot(invoice)
        self.assertEqual(self.env["account.reconciliation.line"]._correct_worth(), (0, []))
        self.assertEqual(self.snapshot(invoice), was)

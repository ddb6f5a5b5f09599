from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestStatus(ReconciliationCommon):
    def test_document_from_not_reconciled_to_full(self):
        invoice = self.document([75, 75])
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.register_payment(invoice, 100)
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.register_payment(invoice)
        self.assertEqual(invoice.reconciliation_status, "full")

    def test_payment_from_deposit_to_full(self):
        payment = self.payment(100)
        self.assertEqual(payment.reconciliation_status, "not_reconciled")
        self.reconcile(payment, self.document([60]))
        self.assertEqual(payment.reconciliation_status, "partial")
        self.reconcile(payment, self.document([40]))
        self.assertEqual(payment.reconciliation_status, "full")

    def test_draft_is_not_reconciled(self):
        invoice = self.document([75], post=False)
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")

    def test_entry_without_receivable_line_has_no_status(self):
        entry = self.init_invoice_entry()
        self.assertFalse(entry.reconciliation_status)

    def init_invoice_entry(self):
        entry = self.env["account.move"].create({
            "line_ids": [
                (0, 0, {"name": "a", "account_id": self.swim_code.id, "debit": 10}),
                (0, 0, {"name": "b", "account_id": self.judo_code.id, "credit": 10}),
            ],
        })  # fmt: skip
        entry.action_post()
        return entry

    def test_planned_while_future_payments_cover_all_that_is_open(self):
        invoice = self.document([75, 75])
        self.register_payment(invoice, 75)
        item = invoice.reconciliation_item_ids.sorted("sequence")[1]

        def plan(amount):
            self.env.cr.execute(
                "UPDATE account_reconciliation_item SET amount_planned = %s WHERE id = %s", [amount, item.id]
            )
            self.env.invalidate_all()

        plan(75)
        self.assertEqual(invoice.reconciliation_status, "planned")
        plan(50)
        self.assertEqual(invoice.reconciliation_status, "partial")

    def test_error_when_lines_do_not_add_up_and_repair(self):
        invoice = self.document([75, 75])
        payment = self.register_payment(invoice, 100)
        self.env.cr.execute(
            "UPDATE account_reconciliation_line SET amount_currency = 20, amount = 20"
            " WHERE move_id = %s AND amount_currency = 25",
            [invoice.id],
        )
        self.env.invalidate_all()
        self.assertEqual(invoice.reconciliation_status, "error")
        self.assertEqual(payment.reconciliation_status, "error")
        sentence = invoice._reconciliation_errors()[0]["sentence"]
        self.assertIn("5.00", sentence)
        self.assertIn(invoice.name, sentence)
        self.assertIn(invoice, self.env["account.move"].search([("reconciliation_status", "=", "error")]))
        payment.move_id.action_repair_reconciliation()
        self.assertEqual(invoice.reconciliation_status, "partial")
        self.assertEqual(self.applied(invoice), [75, 25])
        self.assertIn("deleted and recreated", invoice.message_ids[0].body)

    def test_database_refuses_over_application(self):
        invoice = self.document([20])
        self.register_payment(invoice)
        line = invoice.reconciliation_line_ids
        for statement in (
            "UPDATE account_reconciliation_line SET amount_currency = 50 WHERE id = %s",
            "UPDATE account_reconciliation_line SET amount_currency = -1 WHERE id = %s",
            "INSERT INTO account_reconciliation_line (partial_id, item_id, move_line_id, move_id, counterpart_line_id,"
            " counterpart_move_id, currency_id, company_id, amount, amount_currency)"
            " SELECT partial_id, item_id, move_line_id, move_id, counterpart_line_id, counterpart_move_id, currency_id,"
            " company_id, amount, amount_currency FROM account_reconciliation_line WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [line.id])

    def test_each_account_of_a_shared_entry_has_its_own_status(self):
        """Opening balances of several accounts are often one entry; client billing shows each account's part."""
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        entry = self.opening_entry((self.family, 50, "2026-01-31"), (other, 100, "2026-01-31"))
        payment = self.payment(50)
        ours = entry._owed_lines().filtered(lambda line: line.partner_id == self.family)
        (payment.move_id._owed_lines() | ours).reconcile()
        rows = self.env["account.reconciliation.transaction"].search([("move_id", "=", entry.id)])
        self.assertEqual(
            {row.partner_id: row.reconciliation_status for row in rows},
            {self.family: "full", other: "not_reconciled"},
        )
        full = [("move_id", "=", entry.id), ("reconciliation_status", "=", "full")]
        self.assertEqual(rows.search(full).partner_id, self.family)
        self.assertEqual(entry.reconciliation_status, "partial")

    def test_search_and_group_by_status(self):
        full, partial, open_ = self.document([10]), self.document([20]), self.document([30])
        self.register_payment(full)
        self.register_payment(partial, 5)
        moves = full | partial | open_
        domain = [("id", "in", moves.ids)]
        for status, expected in (("full", full), ("partial", partial), ("not_reconciled", open_)):
            self.assertEqual(
                self.env["account.move"].search([*domain, ("reconciliation_status", "=", status)]), expected
            )
        self.assertEqual(
            self.env["account.move"].search([*domain, ("reconciliation_status", "!=", "full")]), open_ | partial
        )
        groups = dict(self.env["account.move"]._read_group(domain, ["reconciliation_status"], ["__count"]))
        self.assertEqual(groups, {"full": 1, "partial": 1, "not_reconciled": 1})

    def test_reading_the_status_of_a_page_costs_no_query_a_document(self):
        moves = self.env["account.move"].union(*(self.document([10]) for _n in range(6)))
        self.env.flush_all()
        self.env.invalidate_all()
        moves.mapped("name")
        with self.assertQueryCount(1):
            moves.mapped("reconciliation_status")

"""Balances, undo of a run, the calendar and bank reconciliations in the browser, on a laptop and on a phone."""

from odoo import Command, fields
from odoo.addons.account.tests.common import AccountTestInvoicingHttpCommon
from odoo.tests import tagged

from .common import ReconciliationCommon


class ScreenTours(AccountTestInvoicingHttpCommon, ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_with("screens", "account_reconciliation.group_accountant")

    def make_statements(self):
        """Two statements: 100 (matched) and -12 (unmatched), then 50 with a wrong opening balance."""
        statements = [
            self.env["account.bank.statement"].create({
                "name": name,
                "journal_id": self.bank.id,
                "balance_start": start,
                "balance_end_real": end,
                "line_ids": [
                    Command.create({"date": day, "amount": amount, "payment_ref": f"{name} {amount}",
                                    "journal_id": self.bank.id})
                    for day, amount in lines
                ],
            })
            for name, start, end, lines in (
                ("January", 0, 88, [("2026-01-05", 100), ("2026-01-06", -12)]),
                ("February", 88, 138, [("2026-02-05", 50)]),
            )
        ]  # fmt: skip
        statements[1].balance_start, statements[1].balance_end_real = 100, 138
        invoice = self.document([100], date="2026-01-01")
        statements[0].line_ids.filtered(lambda line: line.amount == 100).match_with(invoice)
        return statements


@tagged("post_install", "-at_install")
class TestScreenTours(ScreenTours):
    def test_balances(self):
        _january, february = self.make_statements()
        self.start_tour("/odoo/reconciliation-overview", "account_reconciliation_balances", login="screens")
        self.env.invalidate_all()
        self.assertEqual((february.balance_start, february.balance_end_real), (88, 138))

    def test_run_is_undone(self):
        invoice = self.document([75, 75])
        self.payment(100)
        run = self.env["account.reconciliation.run"]._start(self.company)
        run._process()
        self.start_tour("/odoo/reconciliation-runs", "account_reconciliation_undo_run", login="screens")
        self.env.invalidate_all()
        self.assertEqual((run.state, self.applied(invoice)), ("undone", [0, 0]))

    def test_calendar(self):
        invoice = self.document([75, 75, 20], date=str(fields.Date.today()))
        invoice.plan_payments(
            [{"due_date": fields.Date.today(), "amount": 170}], self.bank.inbound_payment_method_line_ids[:1]
        )
        self.start_tour("/odoo/planned-payments", "account_reconciliation_calendar", login="screens")
        planned = self.env["account.planned.payment"].search([("move_id", "=", invoice.id)])
        self.assertEqual(planned.calendar_color, 4, "blue, as what is planned")
        planned._set_state("failed")
        self.assertEqual(planned.calendar_color, 1, "red")


@tagged("post_install", "-at_install")
class TestPhoneScreenTours(ScreenTours):
    browser_size = "390x844"
    touch_enabled = True

    def test_overview(self):
        self.make_statements()
        self.start_tour("/odoo/reconciliation-overview", "account_reconciliation_overview_phone", login="screens")
        self.assertTrue(self.bank.get_bank_balances()[0]["problems"], "looking changes nothing")

    def test_bank_period(self):
        self.make_statements()
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": "2026-01-31", "balance_end": 88,
        })  # fmt: skip
        self.start_tour(
            f"/odoo/bank-reconciliations/{period.id}", "account_reconciliation_period_phone", login="screens"
        )
        self.env.invalidate_all()
        self.assertEqual(len(period.confirmation_ids), 1)

"""The examples of docs/integrators.md, run over JSON-2 and XML-RPC; and the server actions that it lists."""

import re
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common.bank_periods import BankPeriodCommon

PAGE = Path(__file__).parents[1] / "docs" / "integrators.md"
STATEMENT = "Date,Description,Amount\n2026-07-02,Bakery,-12.50\n2026-07-03,Refund of the bakery,2.50\n"


def examples():
    """The blocks of Python on the page, in order."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


@tagged("post_install", "-at_install")
class TestIntegrators(BankPeriodCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.user_with("programs", "account_reconciliation.group_owner")
        in_a_month = fields.Datetime.now() + timedelta(days=30)
        cls.key = cls.env["res.users.apikeys"].with_user(cls.user)._generate("rpc", "programs", in_a_month)
        cls.preset = cls.env["account.reconcile.model"].create({
            "name": "Bank fees", "company_id": cls.company.id,
            "line_ids": [(0, 0, {"account_id": cls.fees.id, "amount_type": "percentage", "amount_string": "100"})],
        })  # fmt: skip

    def world(self):
        """What the examples call by name: the ids that a program knows."""
        paid, due = (self.document([75, 75, 20]) for _each in range(2))
        other_family = self.env["res.partner"].create({"name": "Roy family"})
        self.register_payment(paid, 100)
        self.payment(30)
        today = fields.Date.today()
        return {
            "URL": self.base_url(),
            "DATABASE": self.env.cr.dbname,
            "LOGIN": self.user.login,
            "KEY": self.key,
            "print": lambda *_texts: None,
            "partner": self.family.id,
            "invoice": paid.id,
            "open_invoice": self.document([100, 70], partner=other_family).id,
            "method": self.bank.inbound_payment_method_line_ids[0].id,
            "in_a_month": fields.Date.to_string(today + timedelta(days=30)),
            "in_two_months": fields.Date.to_string(today + timedelta(days=60)),
            "bank_journal": self.bank.id,
            "file_in_base64": b64encode(STATEMENT.encode()).decode(),
            "bank_line": self.transaction(
                170, "2026-01-20", f"Tremblay family {due.name}", partner_id=self.family.id
            ).id,
            "fee_line": self.transaction(-5, "2026-01-21", "Monthly fee").id,
            "outgoing_line": self.transaction(-40, "2026-01-22", "To savings").id,
            "incoming_line": self.transaction(40, "2026-01-22", "From chequing", journal=self.savings).id,
            "odd_line": self.transaction(1, "2026-01-23", "Test").id,
            "preset": self.preset.id,
            "fee_account": self.fees.id,
            "clearing_account": self.clearing_account().id,
            "first_day": "2026-01-01",
            "last_day": "2026-01-31",
            "balance": 0.0,
        }

    def clearing_account(self):
        """An account with a debit and a credit that belong together."""
        account = self.fees.copy({"code": "CLEAR1", "account_type": "asset_current", "reconcile": True})
        moves = self.env["account.move"].create([
            {"ref": "PO 1", "date": "2026-01-20", "line_ids": [
                (0, 0, {"account_id": account.id, "balance": amount}),
                (0, 0, {"account_id": self.fees.id, "balance": -amount}),
            ]}
            for amount in (60, -60)
        ])  # fmt: skip
        moves.action_post()
        return account

    def run_page(self, protocol):
        world = self.world()
        journal = self.env["account.journal"].browse(world["bank_journal"])
        blocks = examples()
        exec(blocks[0], world)

        def call(*args, **arguments):
            self.env.invalidate_all()  # what is pending goes to the database first
            with self.allow_requests(all_requests=True):
                return world[protocol](*args, **arguments)

        world["call"] = call
        for number, block in enumerate(blocks[1:], 2):
            if "account.bank.reconciliation" in block:
                # What the bank says at the end of the month: all that is offered in it.
                world["balance"] = self.balance_of(journal)
            with self.subTest(protocol=protocol, block=number):
                exec(block, world)
        self.env.invalidate_all()
        return world

    def balance_of(self, journal):
        period = self.period(journal=journal)
        offered = self.env["account.bank.remittance"].search(period._offered_domain())
        balance = sum(offered.mapped("amount"))
        period.unlink()
        return balance

    def assertDone(self, world):
        lines = self.env["account.bank.statement.line"]
        self.assertEqual(lines.browse(world["bank_line"]).match_status, "matched", "certain by its reference")
        self.assertEqual(lines.browse(world["fee_line"]).matched_entity_type, "expense")
        self.assertEqual(lines.browse(world["outgoing_line"]).matched_entity_type, "internal_transfer")
        self.assertEqual(lines.browse(world["odd_line"]).match_status, "unmatched")
        self.assertEqual(lines.search_count([("move_id.date", "=", "2026-07-02"), ("amount", "=", -12.5)]), 1)
        self.assertEqual(
            self.env["account.move"].browse(world["open_invoice"]).amount_residual, 70, "the first is paid"
        )
        period = self.env["account.bank.reconciliation"].browse(world["period"])
        self.assertEqual(period.state, "open", "reopened")
        self.assertEqual(len(period.snapshot_ids), 2)

    def test_json2(self):
        self.assertDone(self.run_page("json2"))

    def test_xmlrpc(self):
        self.assertDone(self.run_page("xmlrpc_call"))

    def test_server_actions(self):
        invoice = self.document([75, 75, 20])
        self.payment(170)
        line = self.transaction(-5, "2026-01-21", "Monthly fee")
        period = self.period()
        for name, records in (
            ("server_action_reconcile_account", self.family),
            ("server_action_auto_match", line),
            ("server_action_bank_snapshot", period),
        ):
            action = self.env.ref(f"account_reconciliation.{name}")
            context = {"active_model": records._name, "active_ids": records.ids, "active_id": records.id}
            action.with_user(self.user).with_context(**context).run()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(line.match_status, "unmatched", "nothing certain")
        self.assertEqual(len(period.snapshot_ids), 1)

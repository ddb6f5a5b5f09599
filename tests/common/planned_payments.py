"""What the tests of planned payments share."""

from contextlib import contextmanager
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo import fields

from .reconciliation import ReconciliationCommon


class PlannedCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today_date = fields.Date.today()
        cls.manual = cls.bank.inbound_payment_method_line_ids[:1]
        cls.company.write({"planned_retry_count": 2, "planned_retry_days": 3})

    @classmethod
    def day(cls, days=0, months=0):
        return cls.today_date + relativedelta(days=days, months=months)

    @classmethod
    def plan(cls, document, amounts, first=0, token=None, method=None, splits=None):
        """Plan a document in monthly planned payments of these amounts, the first in so many days."""
        rows = [
            {
                "due_date": cls.day(first, months=number),
                "amount": amount,
                "split": splits[number] if splits else None,
            }
            for number, amount in enumerate(amounts)
        ]
        return document.plan_payments(rows, payment_method_line=method or cls.manual, payment_token=token)

    @classmethod
    def method(cls, name, direction="inbound", **values):
        return cls.env["account.payment.method.line"].create({
            "name": name,
            "journal_id": cls.bank.id,
            "payment_method_id": cls.env.ref(f"account.account_payment_method_manual_{direction[:-5]}").id,
            "payment_account_id": (cls.bank.inbound_payment_method_line_ids.payment_account_id[:1]).id,
            **values,
        })  # fmt: skip

    @classmethod
    def demo_provider(cls):
        """The demo provider of the company, or None where the module isn't installed."""
        provider = cls.env["payment.provider"].sudo().search(
            [("code", "=", "demo"), ("company_id", "=", cls.company.id)], limit=1
        )  # fmt: skip
        if provider:
            provider.write({"state": "test", "is_published": True, "allow_tokenization": True})
            provider.journal_id = cls.bank
        return provider

    @classmethod
    def token(cls, outcome="done", partner=None):
        """A saved payment method whose charges have a given result."""
        provider = cls.demo_provider()
        return cls.env["payment.token"].sudo().create({
            "provider_id": provider.id,
            "payment_method_id": provider.with_context(active_test=False).payment_method_ids[:1].id,
            "payment_details": "4242",
            "provider_ref": "test",
            "partner_id": (partner or cls.family).id,
            "demo_simulated_state": outcome,
        })  # fmt: skip

    @contextmanager
    def no_commit(self):
        """The scheduled action commits, which a test can't; what would be committed is counted."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1000.0) as commit:
            yield commit

    def run_due(self):
        with self.no_commit() as commit:
            self.env["account.planned.payment"].run_due()
        return commit.call_count

    def planned(self, document):
        """What is planned for each item, in listed order."""
        items = document.reconciliation_item_ids.sorted(lambda item: (item.sequence, item.move_line_id.id))
        return items.mapped("amount_planned")

    def parts(self, planned_payment):
        """What a planned payment pays of each item, in listed order of its document."""
        items = planned_payment.move_id.reconciliation_item_ids.sorted(
            lambda item: (item.sequence, item.move_line_id.id)
        )
        return [
            sum(planned_payment.line_ids.filtered(lambda line, i=i: line.item_id == i).mapped("amount")) for i in items
        ]

    def note(self, record):
        """The newest notes of a record, newest first, as one text."""
        return " | ".join(record.message_ids.mapped("body"))

    def assertPlanned(self, documents):
        """The items' planned amounts are those of the planned payments, and never more than is open."""
        self.env.flush_all()
        self.env.invalidate_all()
        for item in documents.reconciliation_item_ids:
            lines = self.env["account.planned.payment.line"].search([("item_id", "=", item.id)])
            coming = lines.filtered("planned_payment_id.is_coming")
            self.assertAlmostEqual(item.amount_planned, sum(coming.mapped("amount")), 6, item.display_name)
            self.assertLessEqual(abs(item.amount_planned), abs(item.amount_residual) + 1e-6, item.display_name)

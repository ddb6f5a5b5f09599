"""The overview: every figure is what the ledger says, and opens rows that add up to it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.reports import ReportCommon


@tagged("post_install", "-at_install")
class TestOverview(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()

    def days_ago(self, days):
        return fields.Date.to_string(self.today - timedelta(days=days))

    def overview(self, **dates):
        self.env.flush_all()
        self.env.invalidate_all()
        overview = self.env["account.reconciliation.overview"].get_overview(**dates)
        return next(found for found in overview["companies"] if found["id"] == self.company.id)

    def bank_line(self, amount, days_ago):
        return self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": self.days_ago(days_ago), "payment_ref": "bank", "amount": amount,
        })  # fmt: skip

    def rows_of(self, action):
        return self.env[action["res_model"]].search(action["domain"])

    def bank_tile(self, **dates):
        return next(bank for bank in self.overview(**dates)["banks"] if bank["id"] == self.bank.id)

    def test_unmatched_transactions_of_a_bank_account(self):
        self.bank_line(100, 40)
        self.bank_line(-30, 5)
        ignored = self.bank_line(7, 50)
        ignored.action_ignore("a test of the bank")
        self.statement_entry(50, self.company_data["default_account_receivable"], self.family, self.days_ago(3))
        tile = self.bank_tile()
        self.assertEqual((tile["count"], tile["money_in"], tile["money_out"]), (2, 100, -30))
        self.assertEqual(tile["oldest"], self.days_ago(40))
        rows = self.rows_of(tile["open"])
        self.assertEqual(sorted(rows.mapped("amount")), [-30, 100])

    def test_dates_limit_what_counts(self):
        self.bank_line(100, 40)
        self.bank_line(-30, 5)
        tile = self.bank_tile(date_from=self.days_ago(10), date_to=self.days_ago(0))
        self.assertEqual((tile["count"], tile["oldest"]), (1, self.days_ago(5)))
        self.assertEqual(self.rows_of(tile["open"]).mapped("amount"), [-30])

    def test_share_matched_leaves_out_what_is_ignored(self):
        self.statement_entry(50, self.company_data["default_account_receivable"], self.family, self.days_ago(0))
        self.bank_line(100, 0)
        self.bank_line(7, 0).action_ignore("a test of the bank")
        self.assertEqual(self.bank_tile()["share"][-1], 0.5)
        self.assertIs(self.bank_tile()["share"][0], False)

    def test_spark_line_on_the_card(self):
        self.bank_line(100, 0)
        card = self.bank._get_journal_dashboard_data_batched()[self.bank.id]
        self.assertEqual(card["matched_share"]["label"], "0%")
        self.assertEqual(card["matched_share"]["points"], "0,23.0 120,23.0")

    def test_unreconciled_items_by_age(self):
        for days, price in ((0, 10), (30, 20), (31, 40), (91, 80)):
            self.document([price], date=self.days_ago(days))
        self.payment(5, date=self.days_ago(61))
        self.document([7], "in_invoice", date=self.days_ago(61))
        clients, vendors = self.overview()["ages"]
        documents, money = clients["rows"]
        self.assertEqual(
            [(cell["count"], cell["amount"]) for cell in documents["cells"]], [(2, 30), (1, 40), (0, 0), (1, 80)]
        )
        self.assertEqual([cell["amount"] for cell in money["cells"]], [0, 0, 5, 0])
        self.assertEqual((documents["count"], documents["amount"]), (4, 150))
        self.assertEqual(vendors["rows"][0]["cells"][2]["amount"], 7)
        self.assertEachCellOpensItsRows()

    def assertEachCellOpensItsRows(self, **dates):
        overview = self.overview(**dates)
        for side in overview["ages"]:
            for row in side["rows"]:
                for cell in [*row["cells"], row]:
                    rows = self.rows_of(cell["open"])
                    self.assertEqual(len(rows), cell["count"], cell["open"]["name"])
                    self.assertAlmostEqual(sum(abs(found.balance_residual) for found in rows), cell["amount"], 2)

    def test_open_of_a_range(self):
        for days, price in ((0, 10), (40, 40)):
            self.document([price], date=self.days_ago(days))
        self.assertEachCellOpensItsRows(date_from=self.days_ago(50), date_to=self.days_ago(35))
        documents = self.overview(date_from=self.days_ago(50), date_to=self.days_ago(35))["ages"][0]["rows"][0]
        self.assertEqual((documents["count"], documents["amount"]), (1, 40))

    def test_share_of_payments_reconciled_by_month(self):
        invoice = self.document([75], date=self.days_ago(0))
        self.register_payment(invoice, payment_date=self.days_ago(0))
        self.payment(25, date=self.days_ago(0))
        month = self.overview()["months"][-1]
        self.assertEqual((month["received"], month["applied"], month["share"]), (100, 75, 0.75))
        self.assertEqual(self.rows_of(month["open_rest"]).mapped("amount"), [25])
        self.assertEqual(sum(self.rows_of(month["open"]).mapped("amount")), 100)

    def test_twelve_months_or_those_of_the_range(self):
        self.assertEqual(len(self.overview()["months"]), 12)
        months = self.overview(date_from="2026-01-15", date_to="2026-03-10")["months"]
        self.assertEqual([month["label"] for month in months], ["Jan 2026", "Feb 2026", "Mar 2026"])

    def test_planned_payments_of_the_next_90_days(self):
        invoice = self.document([100, 100], date=self.days_ago(0))
        dates = [3, 20, 60, 120]
        invoice.plan_payments(
            [{"due_date": self.today + timedelta(days=days), "amount": 50} for days in dates],
            payment_method_line=self.bank.inbound_payment_method_line_ids[:1],
        )
        spans = self.overview()["planned"]
        self.assertEqual([span["count"] for span in spans], [0, 1, 1, 1])
        for span in spans:
            self.assertEqual(len(self.rows_of(span["open"])), span["count"])
        self.assertEqual(spans[1]["amount"], self.company.currency_id.format(50))

    def test_range_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(UserError, "before the first"):
            self.overview(date_from="2026-02-01", date_to="2026-01-01")

    def test_needs_client_billing(self):
        general = self.user_with("overview.general", "account_reconciliation.group_general")
        with self.assertRaisesRegex(AccessError, "Client billing"):
            self.env["account.reconciliation.overview"].with_user(general).get_overview()

    def test_whoever_sees_billing_sees_the_overview(self):
        user = self.user_with("overview.billing", "account_reconciliation.group_client_billing")
        self.document([75])
        overview = self.env["account.reconciliation.overview"].with_user(user).get_overview()
        self.assertEqual([company["id"] for company in overview["companies"]], self.company.ids)
        self.assertEqual(overview["companies"][0]["ages"][0]["rows"][0]["amount"], 75)

    def test_companies_are_kept_apart(self):
        other = self.setup_other_company()
        self.document([75])
        both = (self.company | other["company"]).ids
        overview = self.env["account.reconciliation.overview"].with_context(allowed_company_ids=both).get_overview()
        amounts = {company["id"]: company["ages"][0]["rows"][0]["amount"] for company in overview["companies"]}
        self.assertEqual(amounts, {self.company.id: 75, other["company"].id: 0})

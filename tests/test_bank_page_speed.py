"""The page's cost does not grow with the number of remittances: the same queries for ten and for a hundred."""

from odoo.tests import tagged

from .common.bank_periods import BankPeriodCommon


@tagged("post_install", "-at_install")
class TestBankPageSpeed(BankPeriodCommon):
    def pay(self, count):
        self.env["account.payment"].create([
            {
                "payment_type": "inbound", "partner_type": "customer", "partner_id": self.family.id, "amount": 1,
                "date": "2026-01-15", "journal_id": self.bank.id,
            }
            for _number in range(count)
        ]).action_post()  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()

    def queries(self, call, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        was = self.env.cr.sql_log_count
        call(*args)
        self.env.flush_all()
        return self.env.cr.sql_log_count - was

    def test_same_queries_whatever_the_number(self):
        period = self.period(end=10)
        self.pay(10)
        calls = {
            "page": lambda: period.get_page(),
            "totals": lambda: period.get_totals(),
            "confirm all": lambda: period.action_confirm_all(),
            "discrepancies": lambda: period.get_discrepancies(),
            "untick all": lambda: period.action_unconfirm_all(),
        }
        few = {name: self.queries(call) for name, call in calls.items()}
        self.pay(90)
        for name, call in calls.items():
            with self.subTest(name):
                self.assertLessEqual(self.queries(call), few[name])

    def test_one_tick(self):
        self.pay(20)
        period = self.period(end=20)
        one = self.remittances.search([("journal_id", "=", self.bank.id)], limit=1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            period.action_confirm(one.ids)
            self.env.flush_all()

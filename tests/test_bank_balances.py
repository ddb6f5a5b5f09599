"""What the bank says and what the books say: the difference is exactly what its reasons add up to."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestBankBalances(ReconciliationCommon):
    def statement(self, start, amounts, name, **values):
        """A statement of the bank with a transaction for each ``(day, amount)``."""
        return self.env["account.bank.statement"].create({
            "name": name,
            "journal_id": self.bank.id,
            "balance_start": start,
            "balance_end_real": start + sum(amount for _day, amount in amounts),
            "line_ids": [
                Command.create({"date": day, "amount": amount, "payment_ref": f"{name} {place}",
                                "journal_id": self.bank.id})
                for place, (day, amount) in enumerate(amounts)
            ],
            **values,
        })  # fmt: skip

    def balance(self):
        [found] = self.bank.get_bank_balances()
        if found["statement"]:
            self.assertAlmostEqual(found["statement"]["balance"] - found["books"], found["difference"], 2)
            self.assertAlmostEqual(sum(reason["amount"] for reason in found["reasons"]), found["difference"], 2)
        return found

    def reasons(self):
        return {reason["kind"]: (reason["count"], reason["amount"]) for reason in self.balance()["reasons"]}

    def test_no_statement_yet(self):
        found = self.balance()
        self.assertFalse(found["statement"])
        self.assertEqual((found["books"], found["difference"], found["reasons"]), (0, 0, []))

    def test_each_reason_by_itself(self):
        invoice = self.document([75, 25], date="2026-01-01")
        self.statement(0, [("2026-01-05", 100), ("2026-01-06", -12)], "January")
        self.assertEqual(self.reasons(), {"unmatched": (2, 88)})
        income, fee = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.bank.id)], order="amount desc"
        )
        income.match_with(invoice)
        self.assertEqual(self.reasons(), {"unmatched": (1, -12)})
        self.assertEqual(self.balance()["books"], 100)
        fee.action_ignore("Test entry of the bank")
        self.assertEqual(self.reasons(), {"ignored": (1, -12)})
        self.payment(40, date="2026-01-20")
        self.assertEqual(self.reasons(), {"ignored": (1, -12), "outstanding": (1, -40)})
        self.env["account.bank.statement.line"].create({
            "date": "2026-02-02", "amount": 7, "payment_ref": "later", "journal_id": self.bank.id,
        })  # fmt: skip
        self.assertEqual(
            self.reasons(),
            {"unmatched": (1, 7), "ignored": (1, -12), "outstanding": (1, -40), "later": (1, -7)},
        )

    def test_a_balance_from_before_the_ledger(self):
        self.statement(500, [("2026-01-05", 10)], "January")
        self.assertEqual(self.reasons(), {"unmatched": (1, 10), "other": (0, 500)})
        entry = self.env["account.move"].create({
            "date": "2026-01-01",
            "line_ids": [
                Command.create({"account_id": self.bank.default_account_id.id, "balance": 500}),
                Command.create({"account_id": self.swim_code.id, "balance": -500}),
            ],
        })  # fmt: skip
        entry.action_post()
        self.assertEqual(self.reasons(), {"unmatched": (1, 10)}, "the opening entry brings it into the books")

    def test_foreign_bank_account(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        self.bank = self.bank.copy({"currency_id": euro.id, "default_account_id": False, "name": "Euro bank"})
        self.statement(0, [("2026-01-05", 30), ("2026-01-06", 20)], "January")
        found = self.balance()
        self.assertEqual(found["currency_id"], euro.id)
        self.assertEqual((found["statement"]["balance"], found["books"]), (50, 0))

    def test_gap_is_named_and_mended_by_its_opening(self):
        self.statement(0, [("2026-01-05", 100)], "January")
        march = self.statement(100, [("2026-03-05", 50)], "March")
        self.assertEqual(self.balance()["problems"], [])
        march.balance_start, march.balance_end_real = 170, 150
        [problem] = self.balance()["problems"]
        self.assertEqual(problem["kind"], "gap")
        for part in ("March", "January", "170.00", "100.00", "70.00"):
            self.assertIn(part, problem["sentence"])
        self.assertEqual(problem["actions"][0]["statement_id"], march.id)
        march.action_correct_opening()
        self.assertEqual((march.balance_start, march.balance_end_real), (100, 150))
        self.assertEqual(self.balance()["problems"], [])

    def test_gap_of_a_missing_statement_is_not_hidden(self):
        self.statement(0, [("2026-01-05", 100)], "January")
        march = self.statement(170, [("2026-03-05", 50)], "March")
        [problem] = self.balance()["problems"]
        self.assertEqual(problem["actions"][0]["action"]["context"]["default_journal_id"], self.bank.id)
        with self.assertRaisesRegex(UserError, "Import what is missing"):
            march.action_correct_opening()
        self.assertEqual(march.balance_start, 170)

    def test_overlap_is_named(self):
        january = self.statement(0, [("2026-01-05", 100), ("2026-01-31", 20)], "January")
        february = self.statement(120, [("2026-02-28", 5)], "February")
        self.assertEqual(self.balance()["problems"], [])
        self.env["account.bank.statement.line"].create({
            "date": "2026-02-10", "amount": 0.5, "payment_ref": "late", "journal_id": self.bank.id,
            "statement_id": january.id,
        })  # fmt: skip
        self.env["account.bank.statement.line"].create({
            "date": "2026-02-05", "amount": 0.5, "payment_ref": "early", "journal_id": self.bank.id,
            "statement_id": february.id,
        })  # fmt: skip
        kinds = [problem["kind"] for problem in self.balance()["problems"]]
        self.assertIn("overlap", kinds)

    def test_preliminary_reports_are_not_the_banks_last_word(self):
        self.statement(0, [("2026-01-05", 100)], "January")
        today = self.statement(100, [("2026-02-05", 50)], "Today")
        self.env.flush_all()
        # As the import writes it: users can't.
        self.env.cr.execute("UPDATE account_bank_statement SET import_kind = 'report' WHERE id = %s", [today.id])
        self.env.invalidate_all()
        self.assertEqual(self.balance()["statement"]["name"], "January")
        self.assertEqual(self.reasons(), {"unmatched": (2, 150), "later": (1, -50)})

    def test_costs_the_same_queries_however_many_there_are(self):
        self.statement(0, [("2026-01-05", 100)], "January")
        self.bank.get_bank_balances()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.bank.get_bank_balances()
        self.statement(100, [(f"2026-02-{day:02}", day) for day in range(1, 25)], "February")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self.bank.get_bank_balances()

    def test_who_may_see_them(self):
        self.statement(0, [("2026-01-05", 100)], "January")
        for group, may in (
            ("group_general", False),
            ("group_client_billing", True),
            ("group_bank_reconciliation", True),
        ):
            user = self.user_with(f"balances_{group}", f"account_reconciliation.{group}")
            journal = self.bank.with_user(user)
            if may:
                self.assertEqual(journal.get_bank_balances()[0]["statement"]["balance"], 100)
            else:
                with self.assertRaises(AccessError):
                    journal.get_bank_balances()
        desk = self.user_with("balances_desk", "account_reconciliation.group_admin")
        with self.assertRaises(AccessError):
            self.env["account.bank.statement"].search([], limit=1).with_user(desk).action_correct_opening()

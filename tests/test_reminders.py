"""Reminders of accountants: one to-do for each subject, removed when nothing is left; figures in the digest e-mail."""

from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon

ACCOUNTANT = "account_reconciliation.group_accountant"
DESK = "account_reconciliation.group_admin"


@tagged("post_install", "-at_install")
class ReminderCommon(PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.user_with("ann", ACCOUNTANT)
        cls.desk = cls.user_with("desk", DESK)
        # What the company of the database has is none of these tests' business.
        cls.env["res.company"].search([]).reminder_user_ids = False
        cls.company.reminder_user_ids = cls.ann

    def bank_line(self, amount=100, journal=None, date="2026-01-10"):
        return self.env["account.bank.statement.line"].create({
            "journal_id": (journal or self.bank).id, "date": date, "payment_ref": "bank", "amount": amount,
        })  # fmt: skip

    def bank_period(self, months_ago=2):
        first = self.today_date.replace(day=1)
        for _month in range(months_ago):
            first = (first - timedelta(days=1)).replace(day=1)
        return self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": first,
            "date_to": (first + timedelta(days=31)).replace(day=1) - timedelta(days=1),
            "balance_start": 0, "balance_end": 0,
        })  # fmt: skip

    def failed_planned_payment(self):
        invoice = self.document([75], date=str(self.today_date))
        planned = self.plan(invoice, [75], first=3)
        planned._set_state("failed")
        return planned


@tagged("post_install", "-at_install")
class TestReminders(ReminderCommon):
    def remind(self):
        self.env["account.reconciliation.reminder"].sudo()._cron_remind()  # as scheduled actions run
        self.env.invalidate_all()

    def todos(self, user):
        """The to-dos of a user: ``{(subject, bank account or company): how many}``."""
        reminders = self.env["account.reconciliation.reminder"].search([("company_id", "=", self.company.id)])
        return {
            (one.subject, one.journal_id or one.company_id): one.count
            for one in reminders
            for activity in one.activity_ids
            if activity.user_id == user
        }

    def test_one_todo_for_each_subject(self):
        self.bank_line(), self.bank_line()
        self.payment(50)
        self.failed_planned_payment()
        self.bank_period()
        self.remind()
        self.assertEqual(
            self.todos(self.ann),
            {
                ("unmatched", self.bank): 2,
                ("money", self.company): 1,
                ("failed", self.company): 1,
                ("periods", self.bank): 1,
            },
        )

    def test_again_changes_nothing_and_more_changes_the_todo(self):
        self.bank_line()
        self.remind()
        reminder = self.env["account.reconciliation.reminder"].search([("journal_id", "=", self.bank.id)])
        activity = reminder.activity_ids
        self.assertEqual(activity.summary, f"Bank transactions to match: 1 ({self.bank.display_name})")
        self.remind()
        self.assertEqual(reminder.activity_ids, activity)
        self.bank_line()
        self.remind()
        self.assertEqual(reminder.activity_ids, activity, "the same to-do, with another figure")
        self.assertEqual(activity.summary, f"Bank transactions to match: 2 ({self.bank.display_name})")
        self.assertFalse(self.env["mail.mail"].search([("recipient_ids", "in", self.ann.partner_id.ids)]))

    def test_each_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        bea = self.user_with("bea", ACCOUNTANT)
        bea.lang = "fr_FR"
        self.company.reminder_user_ids |= bea
        self.bank_line()
        self.remind()
        reminder = self.env["account.reconciliation.reminder"].search([("journal_id", "=", self.bank.id)])
        summaries = {activity.user_id: activity.summary for activity in reminder.activity_ids}
        self.assertIn("Bank transactions to match", summaries[self.ann])
        self.assertEqual(summaries[bea], reminder.with_user(bea).with_context(lang="fr_FR").display_name)
        self.assertNotEqual(summaries[bea], summaries[self.ann])

    def test_it_goes_when_nothing_is_left(self):
        lines = self.bank_line() | self.bank_line()
        self.remind()
        lines.action_ignore("a test of the bank")
        self.remind()
        self.assertFalse(self.todos(self.ann))
        self.bank_line()
        self.remind()
        self.assertEqual(self.todos(self.ann), {("unmatched", self.bank): 1})
        self.assertEqual(
            self.env["account.reconciliation.reminder"].search_count([("journal_id", "=", self.bank.id)]), 1
        )

    def test_done_is_done_until_the_next_morning(self):
        self.bank_line()
        self.remind()
        activities = self.env["mail.activity"].with_user(self.ann).search(
            [("res_model", "=", "account.reconciliation.reminder"), ("user_id", "=", self.ann.id)]
        )  # fmt: skip
        activities.action_feedback("later")
        self.assertFalse(self.todos(self.ann))
        self.remind()
        self.assertEqual(self.todos(self.ann), {("unmatched", self.bank): 1})

    def test_only_what_a_user_may_see(self):
        """The desk takes payments and reconciles them; bank accounts are for accountants."""
        self.company.reminder_user_ids |= self.desk
        self.bank_line()
        self.payment(50)
        self.remind()
        self.assertEqual(set(self.todos(self.ann)), {("unmatched", self.bank), ("money", self.company)})
        self.assertEqual(set(self.todos(self.desk)), {("money", self.company)})
        reminders = self.env["account.reconciliation.reminder"].with_user(self.desk).search([])
        self.assertEqual(set(reminders.mapped("subject")), {"money"})

    def test_who_is_no_longer_chosen_has_none(self):
        self.bank_line()
        self.remind()
        self.company.reminder_user_ids = False
        self.remind()
        self.assertFalse(self.todos(self.ann))

    def test_each_company_by_itself(self):
        other = self.setup_other_company(name="Second rink")
        bob = self.user_with("bob", ACCOUNTANT)
        bob.write({"company_ids": [Command.set(other["company"].ids)], "company_id": other["company"].id})
        other["company"].reminder_user_ids = bob | self.ann  # she may not see that company
        self.bank_line(journal=other["default_journal_bank"])
        self.remind()
        reminder = self.env["account.reconciliation.reminder"].search([("company_id", "=", other["company"].id)])
        self.assertEqual(reminder.activity_ids.user_id, bob)
        self.assertFalse(self.todos(self.ann))
        self.assertNotIn(reminder, reminder.with_user(self.ann).search([]))

    def test_a_bank_account_that_is_not_reconciled_by_period_waits_for_nothing(self):
        self.bank_period()
        self.company.bank_reconciliation = False
        self.remind()
        self.assertFalse(self.todos(self.ann))

    def test_a_period_that_is_not_over_can_wait(self):
        self.bank_period(months_ago=0)
        self.remind()
        self.assertFalse(self.todos(self.ann))

    def test_a_click_opens_what_waits(self):
        line, payment, planned, period = (
            self.bank_line(),
            self.payment(50),
            self.failed_planned_payment(),
            self.bank_period(),
        )
        self.remind()
        reminders = self.env["account.reconciliation.reminder"].search([("company_id", "=", self.company.id)])
        for subject, expected in (("unmatched", line), ("failed", planned), ("periods", period)):
            action = reminders.filtered(lambda one, subject=subject: one.subject == subject).action_open()
            self.assertEqual(self.env[action["res_model"]].search(action["domain"]), expected)
        action = reminders.filtered(lambda one: one.subject == "money").action_open()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(payment.move_id, rows.move_id)

    def test_who_has_no_permission_reads_none(self):
        self.bank_line()
        self.remind()
        clerk = self.user_with("clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.env["account.reconciliation.reminder"].with_user(clerk).search([])

    def test_nobody_writes_them_by_hand(self):
        self.bank_line()
        self.remind()
        reminder = self.env["account.reconciliation.reminder"].search([("journal_id", "=", self.bank.id)])
        with self.assertRaises(AccessError):
            reminder.with_user(self.ann).count = 0


@tagged("post_install", "-at_install")
class TestDigest(ReminderCommon):
    KPIS = ("kpi_bank_unmatched", "kpi_money_not_applied", "kpi_planned_failed", "kpi_bank_periods")

    def setUp(self):
        super().setUp()
        self.digest = self.env["digest.digest"].create({
            "name": "Every morning", "company_id": self.company.id, "periodicity": "daily",
            "user_ids": [Command.set((self.ann | self.desk).ids)], **dict.fromkeys(self.KPIS, True),
        })  # fmt: skip

    def figures(self, user):
        """What a user's e-mail says, of the last day."""
        return {
            kpi["kpi_name"]: kpi["kpi_col1"]["value"] for kpi in self.digest._compute_kpis(self.company, user)
        }  # fmt: skip

    def test_figures_are_all_that_waits(self):
        self.bank_line(), self.bank_line()
        self.payment(50)
        self.bank_period()
        figures = self.figures(self.ann)
        self.assertEqual([str(figures[kpi]) for kpi in self.KPIS if kpi != "kpi_planned_failed"], ["2", "1", "1"])

    def test_failed_planned_payments(self):
        planned = self.failed_planned_payment()
        self.env["account.planned.payment"].flush_model()
        self.env.cr.execute(
            "UPDATE account_planned_payment SET due_date = %s WHERE id = %s", [self.day(-1), planned.id]
        )
        self.env.invalidate_all()
        self.assertEqual(str(self.figures(self.ann)["kpi_planned_failed"]), "1")

    def test_only_for_those_who_may_see_them(self):
        clerk = self.user_with("clerk", "account.group_account_invoice")
        self.bank_line()
        self.assertEqual(set(self.figures(self.desk)), {"kpi_money_not_applied", "kpi_planned_failed"})
        self.assertFalse(self.figures(clerk))

    def test_not_of_a_company_that_the_user_does_not_see(self):
        other = self.setup_other_company(name="Second rink")["company"]
        self.digest.company_id = other
        self.assertFalse(self.figures(self.ann))

    def test_another_company_does_not_count(self):
        other = self.setup_other_company(name="Second rink")
        self.bank_line(journal=other["default_journal_bank"])
        self.assertEqual(str(self.figures(self.ann)["kpi_bank_unmatched"]), "0")

    def test_what_came_later_does_not_count_before(self):
        """The e-mail compares with the period before: what had a later date was not there then."""
        self.bank_line(date=str(self.today_date))
        before = datetime.combine(self.day(-1), datetime.max.time())
        digest = self.digest.with_user(self.ann).with_context(start_datetime=before, end_datetime=before)
        self.assertEqual(digest.kpi_bank_unmatched_value, 0)

    def test_the_email_is_made(self):
        self.bank_line()
        self.digest._action_send_to_user(self.ann)
        mail = self.env["mail.mail"].sudo().search([("subject", "like", "Every morning")])
        self.assertIn("Bank transactions to match", mail.body_html)
        self.assertIn("account_reconciliation.action_bank_transactions", mail.body_html)

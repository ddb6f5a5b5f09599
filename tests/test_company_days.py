"""Accounting days are the company's, west and east of UTC, whoever asks and wherever they are."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon

TORONTO, AUCKLAND = "America/Toronto", "Pacific/Auckland"
# The evening of 4 June in Toronto, and the morning of 5 June in Auckland: UTC is in between.
EVENING_WEST, MORNING_EAST = "2030-06-05 01:30:00", "2030-06-04 20:00:00"
FOURTH, FIFTH, EIGHTH = date(2030, 6, 4), date(2030, 6, 5), date(2030, 6, 8)


@tagged("post_install", "-at_install")
class TestCompanyDays(PlannedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.tz = False

    def planned_on(self, day, **values):
        with freeze_time("2030-06-01 12:00:00"):
            document = self.document([75], date="2030-05-01")
            return document.plan_payments([{"due_date": day, "amount": 75}], **{
                "payment_method_line": self.manual, **values
            })  # fmt: skip

    def ages(self, planned_payment):
        self.env.invalidate_all()
        return planned_payment.is_overdue, planned_payment in planned_payment.search([("is_overdue", "=", True)])

    def test_day_is_of_the_setting_else_of_the_companys_contact(self):
        with freeze_time(EVENING_WEST):
            self.company.partner_id.tz = TORONTO
            self.assertEqual(self.company._today(), FOURTH)
            self.company.accounting_tz = AUCKLAND
            self.assertEqual(self.company._today(), FIFTH)

    def test_day_of_a_branch_is_its_parents(self):
        branch = self.env["res.company"].create({"name": "Lakeside branch", "parent_id": self.company.id})
        branch.partner_id.tz = False
        self.company.accounting_tz = TORONTO
        with freeze_time(EVENING_WEST):
            self.assertEqual(branch._today(), FOURTH)
            branch.accounting_tz = AUCKLAND
            self.assertEqual((branch._today(), self.company._today()), (FIFTH, FOURTH))

    def test_day_without_any_setting_is_of_the_country_else_of_a_user_else_utc(self):
        self.company.write({"accounting_tz": False, "country_id": self.env.ref("base.nz").id})
        self.company.partner_id.tz = False
        users = self.env["res.users"].search([("company_ids", "in", self.company.ids)])
        users.tz = False
        with freeze_time(MORNING_EAST):
            # New Zealand has two zones, Japan one.
            self.assertEqual(self.company._today(), FOURTH)
            self.company.country_id = self.env.ref("base.jp")
            self.assertEqual(self.company._today(), FIFTH)
        self.company.country_id = self.env.ref("base.ca")
        with freeze_time(EVENING_WEST):
            self.assertEqual(self.company._today(), FIFTH)
            users[0].tz = TORONTO
            self.assertEqual(self.company._today(), FOURTH)

    def test_day_is_the_same_for_users_of_any_zone(self):
        self.company.accounting_tz = TORONTO
        with freeze_time(EVENING_WEST):
            for zone in (False, "UTC", AUCKLAND):
                self.env.user.tz = zone
                self.assertEqual(self.company._today(), FOURTH)
                self.assertEqual(self.company.with_context(tz=zone)._today(), FOURTH)

    def test_planned_payment_is_not_paid_on_the_evening_before(self):
        self.company.accounting_tz = TORONTO
        planned_payment = self.planned_on(FIFTH)
        with freeze_time(EVENING_WEST):
            self.run_due()
            self.assertEqual(planned_payment.state, "planned")
        with freeze_time("2030-06-05 04:30:00"):
            self.run_due()
            self.assertEqual((planned_payment.state, planned_payment.payment_id.date), ("done", FIFTH))

    def test_planned_payment_is_paid_on_its_morning_east_of_utc(self):
        self.company.accounting_tz = AUCKLAND
        planned_payment = self.planned_on(FIFTH)
        with freeze_time("2030-06-04 11:00:00"):
            self.run_due()
            self.assertEqual(planned_payment.state, "planned")
        with freeze_time(MORNING_EAST):
            self.run_due()
            self.assertEqual((planned_payment.state, planned_payment.payment_id.date), ("done", FIFTH))

    def test_planned_payments_of_two_companies_each_on_its_own_day(self):
        other = self.setup_other_company()["company"]
        self.company.accounting_tz, other.accounting_tz = TORONTO, AUCKLAND
        with freeze_time(MORNING_EAST):
            self.assertEqual((self.company | other)._grouped_by_today(), {FOURTH: self.company, FIFTH: other})
        planned = self.env["account.planned.payment"]
        planned_payment = self.planned_on(FIFTH)
        with freeze_time(MORNING_EAST):
            self.assertNotIn(planned_payment, planned.search(planned._due_domain(self.company | other)))

    def test_charge_is_dated_the_companys_day(self):
        if not self.demo_provider():
            self.skipTest("the demo payment provider is not installed")
        self.company.accounting_tz = TORONTO
        planned_payment = self.planned_on(FOURTH, payment_method_line=None, payment_token=self.token())
        with freeze_time(EVENING_WEST):
            self.run_due()
            self.assertEqual((planned_payment.state, planned_payment.payment_id.date), ("done", FOURTH))

    def test_retry_counts_from_the_companys_day(self):
        if not self.demo_provider():
            self.skipTest("the demo payment provider is not installed")
        self.company.accounting_tz = TORONTO
        planned_payment = self.planned_on(FOURTH, payment_method_line=None, payment_token=self.token("error"))
        with freeze_time(EVENING_WEST):
            self.run_due()
        self.assertEqual((planned_payment.state, planned_payment.next_attempt_date), ("failed", date(2030, 6, 7)))
        with freeze_time("2030-06-07 01:30:00"):
            self.run_due()
            self.assertEqual(planned_payment.attempt_count, 1)
        with freeze_time("2030-06-07 05:30:00"):
            self.run_due()
            self.assertEqual(planned_payment.attempt_count, 2)

    def test_rejected_payment_of_a_closed_period_is_reversed_on_the_companys_day(self):
        self.company.accounting_tz = TORONTO
        self.manual.is_confirmed_later = True
        planned_payment = self.planned_on(FOURTH)
        with freeze_time("2030-06-04 15:00:00"):
            self.run_due()
        payment = planned_payment.payment_id
        self.company.fiscalyear_lock_date = None
        with freeze_time(EVENING_WEST):
            self.patch(type(payment), "_can_cancel_entry", lambda _payment: False)
            payment.action_reject_payment()
            self.assertEqual(payment.move_id.reversal_move_ids.date, FOURTH)

    def test_planned_payment_is_overdue_once_its_day_is_over_for_the_company(self):
        planned_payment = self.planned_on(FOURTH)
        for zone, moment, is_overdue in (
            (TORONTO, EVENING_WEST, False), (AUCKLAND, EVENING_WEST, True), (AUCKLAND, MORNING_EAST, True),
            (TORONTO, "2030-06-05 04:30:00", True), (AUCKLAND, "2030-06-04 11:00:00", False),
        ):  # fmt: skip
            self.company.accounting_tz = zone
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.assertEqual(self.ages(planned_payment), (is_overdue, is_overdue))

    def test_planned_payment_can_be_moved_to_today_of_the_company_only(self):
        self.company.accounting_tz = TORONTO
        planned_payment = self.planned_on(EIGHTH)
        with freeze_time(EVENING_WEST):
            planned_payment.due_date = FOURTH
            self.assertEqual(planned_payment.due_date, FOURTH)
            self.company.accounting_tz = AUCKLAND
            with self.assertRaisesRegex(UserError, "that day is over"):
                planned_payment.due_date = FOURTH

    def test_period_wizards_and_overview_propose_the_companys_day(self):
        self.company.accounting_tz = TORONTO
        with freeze_time("2030-06-01 02:00:00"):
            self.env.invalidate_all()
            period = self.env["account.bank.reconciliation"].new({"journal_id": self.bank.id})
            self.assertEqual((period.date_from, period.date_to), (date(2030, 5, 1), date(2030, 5, 31)))
            last = date(2030, 5, 31)
            for model in ("account.make.payment", "account.bank.adjustment", "account.bank.transfer"):
                self.assertEqual(self.env[model].default_get(["date"])["date"], last, model)
            self.assertEqual(self.env["account.plan.payments"].default_get(["date_first"])["date_first"], last)
            self.assertEqual(self.env["account.reconciliation.overview"].get_overview()["today"], "2030-05-31")

    def test_period_to_close_is_reminded_of_once_it_is_over_for_the_company(self):
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": self.bank.id, "date_from": "2030-06-01", "date_to": FOURTH, "balance_start": 0,
            "balance_end": 0,
        })  # fmt: skip
        reminders = self.env["account.reconciliation.reminder"]
        for zone, count in ((TORONTO, 0), (AUCKLAND, 1)):
            self.company.accounting_tz = zone
            with freeze_time(EVENING_WEST):
                found = reminders._count_waiting(self.company, "periods")
            self.assertEqual(found.get((self.company.id, period.journal_id.id), 0), count, zone)

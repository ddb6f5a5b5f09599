"""The data of the screen “Bank Matching” and of the journal's card, and who may read it."""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankMatchingScreen(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.bank.with_user(cls.accountant)

    def overview(self, **filters):
        return self.journal.get_bank_matching_overview(filters)

    def labels(self, status="all", **filters):
        return [row["label"] for row in self.journal.get_bank_matching_page(status, filters)]

    # -- the figures ---------------------------------------------------------------------------------------

    def test_each_status_is_counted_and_ignored_are_no_work(self):
        invoice = self.document([40])
        self.transaction(40, "paid").match_with(invoice)
        self.transaction(-5, "test").action_ignore("a test of the bank")
        self.transaction(100, "first")
        self.transaction(-30.5, "second")
        overview = self.overview()
        self.assertEqual(
            {status: (row["count"], row["amount"]) for status, row in overview["statuses"].items()},
            {"unmatched": (2, 69.5), "matched": (0, 0), "manual": (1, 40), "ignored": (1, -5)},
        )
        self.assertEqual(overview["progress"]["total"], 3, "the ignored one is no part of the work")
        self.assertEqual(overview["progress"]["unmatched"], 2)
        self.assertEqual(overview["progress"]["amount"], 69.5)
        self.assertAlmostEqual(overview["progress"]["share"], 1 / 3)

    def test_account_without_transactions_is_done(self):
        overview = self.overview()
        self.assertEqual((overview["progress"]["total"], overview["progress"]["share"]), (0, 1.0))
        self.assertFalse(overview["last_import"])

    def test_progress_is_of_the_period_and_not_of_what_is_searched(self):
        self.transaction(10, "January rent", date="2026-01-05")
        self.transaction(20, "February rent", date="2026-02-05")
        self.transaction(30, "February shop", date="2026-02-06")
        overview = self.overview(date_from="2026-02-01", date_to="2026-02-28", search="rent")
        self.assertEqual(overview["statuses"]["unmatched"]["count"], 1)
        self.assertEqual(overview["progress"]["unmatched"], 2)

    def test_last_import_is_that_of_the_newest_imported_transaction(self):
        line = self.transaction(10, unique_import_id="1")
        self.transaction(20)
        self.assertEqual(self.overview()["last_import"], line.create_date)

    def test_journals_tell_what_each_has_left(self):
        self.transaction(10, journal=self.savings)
        left = {row["id"]: row["unmatched"] for row in self.overview()["journals"]}
        self.assertEqual((left[self.bank.id], left[self.savings.id]), (0, 1))

    def test_without_a_bank_account_given_the_one_with_work_is_opened(self):
        self.transaction(10, journal=self.savings)
        overview = self.env["account.journal"].with_user(self.accountant).get_bank_matching_overview()
        self.assertEqual(overview["journal"]["id"], self.savings.id)

    def test_presets_are_those_of_this_bank_account(self):
        elsewhere = self.preset("Interest", self.fees_code, match_journal_ids=[Command.set(self.savings.ids)])
        names = [preset["name"] for preset in self.overview()["presets"]]
        self.assertIn(self.fees.name, names)
        self.assertNotIn(elsewhere.name, names)

    def test_suspense_account_stays_while_transactions_wait_on_it(self):
        invoice = self.document([50])
        line = self.transaction(50)
        other = self.bank.suspense_account_id.copy({"code": "999001", "name": "Other suspense"})
        with self.assertRaisesRegex(UserError, "1 bank transactions of"):
            self.bank.suspense_account_id = other
        line.match_with(invoice)
        self.bank.suspense_account_id = other
        self.assertEqual(line.match_status, "manual")
        line.action_unmatch()
        self.assertEqual(line.match_status, "unmatched")

    def test_queries_do_not_grow_with_the_transactions(self):
        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.overview(search="rent")
            self.journal.get_bank_matching_page("unmatched")
            return self.env.cr.sql_log_count - start

        self.transaction(1, "rent", partner_id=self.family.id)
        count_queries()  # fills the caches that most requests find filled
        few = count_queries()
        for number in range(30):
            self.transaction(number + 1, f"rent {number}", partner_id=self.family.id)
        count_queries()
        self.assertEqual(count_queries(), few)

    # -- the list ------------------------------------------------------------------------------------------

    def test_page_is_newest_first_and_pages_follow_each_other(self):
        for day in range(1, 6):
            self.transaction(day, f"day {day}", date=f"2026-02-0{day}")
        page = self.journal.get_bank_matching_page("unmatched", {}, limit=2, offset=2)
        self.assertEqual([row["label"] for row in page], ["day 3", "day 2"])
        oldest_first = self.env["account.bank.statement.line"].browse(self.journal.get_bank_matching_ids())
        self.assertEqual(oldest_first.mapped("payment_ref"), [f"day {day}" for day in range(1, 6)])

    def test_tabs_part_the_transactions(self):
        self.transaction(40, "manual").match_with(self.document([40]))
        self.transaction(-5, "ignored").action_ignore("a test")
        self.transaction(1, "unmatched")
        for status in ("manual", "ignored", "unmatched"):
            self.assertEqual(self.labels(status), [status])
        self.assertEqual(self.labels("matched"), [])
        self.assertEqual(len(self.labels("all")), 3)

    def test_search_by_label_name_reference_account_and_amount(self):
        self.transaction(1234.5, "CARD 77 SHOP", partner_name="Green Grocer", ref="R-100")
        self.transaction(-60, "other", partner_id=self.family.id, account_number="DE44")
        for term, found in (
            ("card shop", ["CARD 77 SHOP"]),
            ("grocer", ["CARD 77 SHOP"]),
            ("r-100", ["CARD 77 SHOP"]),
            ("1234.50", ["CARD 77 SHOP"]),
            ("1234,50", ["CARD 77 SHOP"]),
            ("-60", ["other"]),
            ("tremblay", ["other"]),
            ("de44", ["other"]),
            ("card tremblay", []),
        ):
            with self.subTest(term=term):
                self.assertEqual(self.labels(search=term), found)

    def test_what_is_not_posted_is_not_shown(self):
        line = self.transaction(10, "draft")
        line.sudo().move_id.button_draft()
        self.assertEqual(self.labels(), [])

    def test_filters_that_mean_nothing_are_refused_with_a_sentence(self):
        with self.assertRaisesRegex(UserError, "not a date"):
            self.labels(date_from="someday")
        with self.assertRaisesRegex(UserError, "no status"):
            self.labels("lost")
        sales = self.company_data["default_journal_sale"].with_user(self.accountant)
        with self.assertRaisesRegex(UserError, "not a bank account"):
            sales.get_bank_matching_overview()

    # -- one transaction -----------------------------------------------------------------------------------

    def test_details_tell_what_was_booked_and_decided(self):
        invoice = self.document([40])
        line = self.transaction(40, "Tremblay", partner_name="M TREMBLAY")
        details = line.get_bank_matching_details()
        self.assertEqual((details["status"], details["booked"], details["decisions"]), ("unmatched", [], []))
        line.match_with(invoice)
        details = line.get_bank_matching_details()
        self.assertEqual(details["status"], "manual")
        self.assertEqual([row["documents"] for row in details["booked"]], [[invoice.display_name]])
        self.assertEqual([row["amount"] for row in details["booked"]], [40])
        self.assertEqual(details["decisions"][0]["user"], self.accountant.name)
        self.assertIn(invoice.name, details["decisions"][0]["chosen"])

    def test_accepting_keeps_what_spoke_for_it_and_what_else_was_shown(self):
        invoice = self.document([41.17])
        self.document([41.17])
        line = self.transaction(41.17, f"{invoice.name} Tremblay family")
        line.accept_match([["account.move", invoice.id]])
        details = line.get_bank_matching_details()
        self.assertEqual(details["status"], "manual")
        self.assertGreater(details["confidence"], 0.5)
        self.assertIn(invoice.name, details["explanation"])
        decision = details["decisions"][0]
        self.assertEqual(decision["reasons"], details["explanation"].splitlines())
        self.assertTrue(decision["rivals"])

    def test_choice_against_the_suggestion_keeps_the_suggestion_as_a_rival(self):
        named, chosen = self.document([41.17]), self.document([90])
        line = self.transaction(41.17, f"{named.name} Tremblay family")
        line.accept_match([["account.move", chosen.id]], [41.17])
        decision = line.get_bank_matching_details()["decisions"][0]
        self.assertFalse(decision["probability"] > 0.5)
        self.assertIn(named.name, decision["rivals"][0])

    def test_transfer_sides_equal_amounts_first(self):
        line = self.transaction(-500, "to savings", date="2026-02-10")
        near = self.transaction(490, "near", journal=self.savings, date="2026-02-11")
        equal = self.transaction(500, "equal", journal=self.savings, date="2026-02-20")
        self.transaction(500, "same account")
        self.transaction(-500, "same direction", journal=self.savings)
        far = self.transaction(300, "far away", journal=self.savings, date="2026-06-01")
        found = line.search_transfer_targets()
        self.assertEqual([row["id"] for row in found], [equal.id, near.id])
        self.assertEqual([row["fee"] for row in found], [0, 10])
        self.assertEqual([row["id"] for row in line.search_transfer_targets("far")], [far.id])

    def test_transfer_with_fee_named_by_remote_calls(self):
        line = self.transaction(-500)
        other = self.transaction(490, journal=self.savings)
        answer = line.accept_match(
            [["account.bank.statement.line", other.id], ["account.reconcile.model", self.fees.id]]
        )
        self.assertEqual(answer["state"], "done")
        self.assertBooked(line)
        self.assertBooked(other)
        fee = line.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.fees_code)
        self.assertEqual(fee.balance, 10)

    def test_expense_and_transfer_take_ids(self):
        line = self.transaction(-7)
        line.match_expense(self.fees.id)
        self.assertBooked(line)
        out, into = self.transaction(-80), self.transaction(80, journal=self.savings)
        out.match_transfer(into.id)
        self.assertBooked(into)

    def test_count_of_suggestions_is_what_accepting_them_matches(self):
        invoices = self.document([41.17]) | self.document([52.33])
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for invoice in invoices:
            lines |= self.transaction(invoice.amount_total, f"{invoice.name} Tremblay family")
        lines |= self.transaction(3.5, "who knows")
        self.assertEqual(lines.count_suggestions(0.95), 2)
        self.assertEqual(lines.accept_suggestions(0.95)["accepted"], 2)
        self.assertEqual(invoices.mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(lines.count_suggestions(0.95), 0)
        with self.assertRaisesRegex(UserError, "50%"):
            lines.count_suggestions(0.1)

    def test_transfer_suggested_from_both_sides_is_accepted_once(self):
        out = self.transaction(-1500, "Transfer to savings", date="2026-02-10")
        into = self.transaction(1500, "Transfer from bank", journal=self.savings, date="2026-02-10")
        best = out.get_match_suggestions()[0]
        self.assertEqual(best["entity_type"], "internal_transfer")
        (out | into).accept_suggestions(0.5)
        self.assertEqual((out.match_status, into.match_status), ("manual", "manual"))

    # -- the journal's card --------------------------------------------------------------------------------

    def test_card_tells_what_is_unmatched(self):
        self.transaction(40).match_with(self.document([40]))
        self.transaction(-5).action_ignore("a test")
        for amount in (100, -30.5, 1):
            self.transaction(amount, unique_import_id=str(amount))
        data = json.loads(self.journal.kanban_dashboard)
        self.assertEqual((data["match_total"], data["match_unmatched"], data["match_percent"]), (4, 3, 25))
        self.assertIn("70.50", data["match_amount"])
        self.assertTrue(data["match_last_import"])

    def test_card_costs_one_query_for_all_journals(self):
        self.transaction(1)
        self.transaction(1, journal=self.savings)
        self.env.flush_all()
        journals = self.journal | self.savings.with_user(self.accountant)
        data = {journal.id: {} for journal in journals}
        journals._fill_bank_cash_dashboard_data(data)
        start = self.env.cr.sql_log_count
        data = {journal.id: {} for journal in journals}
        journals._fill_bank_cash_dashboard_data(data)
        both = self.env.cr.sql_log_count - start
        start = self.env.cr.sql_log_count
        data = {self.journal.id: {}}
        self.journal._fill_bank_cash_dashboard_data(data)
        one = self.env.cr.sql_log_count - start
        self.assertLessEqual(both, one + 2, "Odoo's own part may ask for the other journal; this addon's asks once")

    def test_card_opens_the_screen_of_its_account(self):
        action = self.journal.action_open_bank_matching()
        self.assertEqual(action["tag"], "account_reconciliation.bank_matching")
        self.assertEqual(action["context"], {"default_journal_id": self.bank.id})

    # -- who may -------------------------------------------------------------------------------------------

    def test_only_who_reconciles_banks_may_ask(self):
        line = self.transaction(10)
        for group in ("group_general", "group_admin", "group_client_billing"):
            user = self.user_with(f"screen.{group}", f"account_reconciliation.{group}")
            journal, own = self.bank.with_user(user), line.with_user(user)
            for call in (
                journal.get_bank_matching_overview,
                journal.get_bank_matching_page,
                journal.get_bank_matching_ids,
                own.get_bank_matching_details,
                own.search_transfer_targets,
                lambda own=own: own.count_suggestions(0.9),
            ):
                with self.subTest(group=group, call=getattr(call, "__name__", "")), self.assertRaises(AccessError):
                    call()

    def test_card_of_others_tells_nothing(self):
        self.transaction(10)
        invoicing = self.user_with("screen.invoicing", "account.group_account_user")
        invoicing.group_ids -= self.env.ref("account_reconciliation.group_bank_reconciliation")
        self.assertFalse(invoicing.has_group("account_reconciliation.group_bank_reconciliation"))
        data = json.loads(self.bank.with_user(invoicing).kanban_dashboard)
        self.assertNotIn("match_unmatched", data)

    def test_clients_may_nothing(self):
        client = self.user_with("screen.client", "base.group_portal")
        with self.assertRaises(AccessError):
            self.bank.with_user(client).get_bank_matching_overview()
        with self.assertRaises(AccessError):
            self.transaction(10).with_user(client).get_bank_matching_details()

    def test_other_company_is_out_of_sight(self):
        other = self.setup_other_company()["default_journal_bank"]
        with self.assertRaises(AccessError):
            other.with_user(self.accountant).get_bank_matching_overview()
        ids = [row["id"] for row in self.overview()["journals"]]
        self.assertNotIn(other.id, ids)

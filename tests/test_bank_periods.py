"""Bank reconciliation by period: what is offered, confirming, balancing, closing, and what is refused."""

from datetime import date
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common.bank_periods import BankPeriodCommon, plain


@tagged("post_install", "-at_install")
class TestBankPeriods(BankPeriodCommon):
    def refused(self, words, call, *args, error=UserError, **kwargs):
        """A sentence with these words, and nothing changed."""
        with self.assertRaisesRegex(error, words) as caught, self.env.cr.savepoint():
            call(*args, **kwargs)
        self.env.invalidate_all()
        return str(caught.exception)

    # -- what is proposed ---------------------------------------------------------------------------------

    def test_current_month_is_proposed(self):
        period = self.periods.create({"journal_id": self.savings.id})
        today = fields.Date.context_today(period)
        self.assertEqual(period.date_from, today.replace(day=1))
        self.assertEqual(period.date_to, fields.Date.end_of(today, "month"))

    def test_opening_balance_is_the_closing_balance_before(self):
        self.period(1, end=120)
        period = self.periods.create({
            "journal_id": self.bank.id, "date_from": "2026-02-01", "date_to": "2026-02-28",
        })  # fmt: skip
        self.assertEqual(period.balance_start, 120)
        other = self.periods.create({
            "journal_id": self.savings.id, "date_from": "2026-02-01", "date_to": "2026-02-28",
        })  # fmt: skip
        self.assertEqual(other.balance_start, 0)

    def test_balances_come_from_the_imported_statement(self):
        lines = self.transaction(100, "2026-01-10") | self.transaction(-30, "2026-01-20")
        self.env["account.bank.statement"].create({
            "name": "January", "balance_start": 1000, "balance_end_real": 1070, "line_ids": [Command.set(lines.ids)],
        })  # fmt: skip
        self.transaction(5, "2026-02-03")
        values = {"journal_id": self.bank.id, "date_from": "2026-01-01"}
        january = self.periods.create({**values, "date_to": "2026-01-31"})
        self.assertEqual((january.balance_start, january.balance_end), (1000, 1070))
        january.unlink()
        # A statement that goes on after the end of the period: what was there on its last day.
        part = self.periods.create({**values, "date_to": "2026-01-15"})
        self.assertEqual((part.balance_start, part.balance_end), (1000, 1100))

    def test_what_was_entered_stays_when_dates_change(self):
        period = self.period(start=10, end=20)
        period.date_to = "2026-02-05"
        self.assertEqual((period.balance_start, period.balance_end), (10, 20))

    # -- dates ----------------------------------------------------------------------------------------------

    def test_start_before_end(self):
        for end in ("2026-01-01", "2025-12-31"):
            self.refused(
                "The start date 01/01/2026 must be before the end date",
                self.periods.create, {"journal_id": self.bank.id, "date_from": "2026-01-01", "date_to": end},
            )  # fmt: skip
        period = self.period()
        self.refused("must be before the end date 12/31/2025", period.write, {"date_to": "2025-12-31"})
        self.assertEqual(period.date_to, date(2026, 1, 31))

    def test_periods_of_one_account_do_not_overlap(self):
        self.period(2)
        february = "already reconciled from 02/01/2026 to 02/28/2026"
        for start, end in (("2026-02-28", "2026-03-05"), ("2026-01-05", "2026-02-01"), ("2026-02-10", "2026-02-12")):
            self.refused(
                february, self.periods.create, {"journal_id": self.bank.id, "date_from": start, "date_to": end}
            )
        march = self.period(3)
        self.refused(february, march.write, {"date_from": "2026-02-20"})
        self.period(2, journal=self.savings)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_overlap_and_wrong_order(self):
        """Two people at once: whoever comes second is refused by the database itself."""
        period, other = self.period(1), self.period(3)
        self.env.flush_all()
        for column, value in (("date_from", "2026-01-20"), ("date_to", "2026-02-01")):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    f"UPDATE account_bank_reconciliation SET {column} = %s WHERE id = %s", [value, other.id]
                )
        self.assertEqual((period.date_to, other.date_from), (date(2026, 1, 31), date(2026, 3, 1)))

    def test_range_is_not_narrowed_past_a_confirmed_remittance(self):
        payment = self.payment(100, date="2026-01-15")
        period = self.period()
        period.action_confirm(payment)
        name = payment.name
        for values in ({"date_from": "2026-01-16"}, {"date_to": "2026-01-14"}):
            text = self.refused("would exclude it", period.write, values)
            self.assertIn(name, text)
            self.assertIn("01/15/2026", text)
        period.write({"date_from": "2026-01-15", "date_to": "2026-01-16"})
        period.action_unconfirm(payment)
        period.write({"date_to": "2026-02-10", "date_from": "2026-01-20"})

    def test_account_is_not_changed_under_what_is_confirmed(self):
        period = self.period()
        period.action_confirm(self.payment(100))
        self.refused("the bank account can't be changed", period.write, {"journal_id": self.savings.id})

    def test_only_bank_accounts(self):
        sales = self.company_data["default_journal_sale"]
        self.refused("is not a bank account", self.periods.create, {"journal_id": sales.id})

    # -- what is offered --------------------------------------------------------------------------------------

    def test_outstanding_cheque_is_offered_in_the_next_period(self):
        self.payment(100, date="2026-01-30")
        january, february = self.period(1), self.period(2)
        self.payment(20, date="2026-02-03")
        self.assertEqual(self.offered(january), [(100, "period", False)])
        self.assertEqual(self.offered(february), [(100, "earlier", False), (20, "period", False)])
        february.action_confirm_all()
        self.assertEqual(self.offered(january), [])
        self.assertEqual(self.offered(february), [(100, "earlier", True), (20, "period", True)])

    def test_what_had_cleared_before_the_first_period_is_in_its_opening_balance(self):
        old, outstanding, late = (self.payment(amount, date="2025-11-20") for amount in (1, 2, 3))
        self.clear(self.transaction(1, "2025-11-25"), old)
        self.clear(self.transaction(3, "2026-01-05"), late)
        self.book(self.transaction(4, "2025-12-05"), self.fees)
        self.assertEqual(self.offered(self.period()), [(2, "earlier", False), (3, "earlier", False)])
        self.assertTrue(outstanding)

    def test_payment_dated_later_that_the_bank_has_moved_already(self):
        payment = self.payment(70, date="2026-02-02")
        self.clear(self.transaction(70, "2026-01-31"), payment)
        january = self.period(end=70)
        self.assertEqual(self.offered(january), [(70, "later", False)])
        self.assertTrue(january.action_confirm_matched()["is_balanced"])
        self.refused("would exclude it", january.write, {"date_to": "2026-01-30"})

    def test_search_and_filter_of_the_page(self):
        self.payment(100, memo="Rent of hall")
        self.payment(33.5, memo="Skates")
        period = self.period()
        for search, amounts in (
            ("rent", [100]),
            ("33.50", [33.5]),
            ("33,50", [33.5]),
            ("-100,00", [100]),
            ("3350", []),
            ("1e2", []),
            ("Tremblay", [100, 33.5]),
            ("", [100, 33.5]),
        ):
            rows = period.get_page(search=search)["rows"]
            self.assertEqual([row["amount"] for row in rows], amounts, search)
        period.action_confirm(self.remittances.search([("amount", "=", 100), ("journal_id", "=", self.bank.id)]))
        page = period.get_page(only_open=True)
        self.assertEqual([row["amount"] for row in page["rows"]], [33.5])
        page = period.get_page(offset=1, limit=1)
        self.assertEqual((page["length"], [row["amount"] for row in page["rows"]]), (2, [33.5]))

    def test_partner_of_another_company_is_named(self):
        """As in Odoo's lists: who sees a remittance sees whose it is."""
        partner = self.payment(100).partner_id
        company = self.env["res.company"].create({"name": "Another company"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [company.id, partner.id])
        self.env.invalidate_all()
        user = self.user_with("reads", "account_reconciliation.group_accountant")
        (row,) = self.period().with_user(user).get_page()["rows"]
        self.assertEqual(row["partner_id"], (partner.id, partner.display_name))

    # -- confirming -------------------------------------------------------------------------------------------

    def test_running_totals(self):
        first, second = self.payment(100), self.payment(30, direction="outbound", partner_type="supplier")
        period = self.period(start=1000, end=1070)
        self.assertEqual(period.remaining, -70)
        totals = period.action_confirm(first)
        self.assertEqual((totals["total_reconciled"], totals["remaining"]), (100, 30))
        totals = period.action_confirm(self.remittance(second).ids)
        self.assertEqual((totals["total_reconciled"], totals["remaining"], totals["is_balanced"]), (70, 0, True))
        self.assertTrue(period.is_fully_reconciled)
        totals = period.action_unconfirm(second)
        self.assertEqual((totals["remaining"], totals["confirmed_count"], totals["offered_count"]), (30, 1, 2))
        self.assertFalse(period.is_fully_reconciled)

    def test_who_and_when(self):
        user = self.user_with("ticks", "account_reconciliation.group_accountant")
        period = self.period()
        payment = self.payment(100)
        period.with_user(user).action_confirm(payment)
        confirmation = period.confirmation_ids
        self.assertEqual((confirmation.create_uid, confirmation.amount), (user, 100))
        self.assertTrue(confirmation.create_date)
        row = period.get_page()["rows"][0]
        self.assertEqual((row["is_confirmed"], row["confirmed_by"]), (True, "ticks"))

    def test_cents_do_not_drift(self):
        for _number in range(30):
            self.payment(0.1)
        period = self.period(end=3)
        period.action_confirm_all()
        self.assertEqual((period.total_reconciled, period.remaining), (3.0, 0.0))

    def test_all_matched_leaves_what_only_the_books_know(self):
        paid, waits, next_month = (self.payment(amount) for amount in (100, 20, 3))
        self.clear(self.transaction(100, "2026-01-20"), paid)
        self.clear(self.transaction(3, "2026-02-02"), next_month)
        period = self.period()
        totals = period.get_totals()
        self.assertEqual((totals["offered_count"], totals["matched_count"]), (3, 1))
        period.action_confirm_matched()
        self.assertEqual(self.offered(period), [(100, "period", True), (20, "period", False), (3, "period", False)])
        self.assertTrue(waits)

    def test_what_remains_is_explained_by_ignored_bank_transactions(self):
        self.clear(self.transaction(100, "2026-01-20"), self.payment(100))
        self.transaction(-45.9, "2026-01-21").action_ignore("private")
        self.transaction(-7, "2026-02-01").action_ignore("private, of the next month")
        period = self.period(end=54.1)
        period.action_confirm_matched()
        totals = period.get_totals()
        self.assertEqual((totals["remaining"], totals["ignored_count"], totals["ignored_amount"]), (45.9, 1, -45.9))
        self.assertEqual(period.action_open_ignored()["context"]["tab"], "ignored")
        period.balance_end = 100
        self.assertEqual(period.get_totals()["ignored_count"], 0, "nothing remains")

    def test_nothing_to_confirm_is_fully_reconciled_where_the_balances_agree(self):
        self.assertFalse(self.period(start=100, end=0).is_fully_reconciled)
        self.assertTrue(self.period(2, start=100, end=100).is_fully_reconciled)

    def test_remittance_is_confirmed_once(self):
        payment = self.payment(100)
        january, february = self.period(1), self.period(2)
        january.action_confirm(payment)
        text = self.refused("is confirmed in", february.action_confirm, self.remittance(payment))
        self.assertIn("January 2026", text)
        self.assertEqual(january.action_confirm(payment)["confirmed_count"], 1, "twice in the same period is once")

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_confirmation(self):
        payment = self.payment(100)
        january, february = self.period(1), self.period(2)
        january.action_confirm(payment)
        self.env.flush_all()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint(flush=False):
            self.env.cr.execute(
                "INSERT INTO account_bank_reconciliation_confirmation"
                " (reconciliation_id, move_line_id, move_line_key, date, amount)"
                " SELECT %s, move_line_id, move_line_key, date, amount"
                " FROM account_bank_reconciliation_confirmation WHERE reconciliation_id = %s",
                [february.id, january.id],
            )

    def test_what_is_not_offered_is_refused_by_name(self):
        period = self.period()
        later = self.payment(100, date="2026-03-15")
        self.refused(f"{later.name} is dated 03/15/2026, which is not in the period", period.action_confirm, later)
        with patch.object(type(self), "bank", self.savings):
            other = self.payment(100)
        self.refused("moved money on Savings", period.action_confirm, other)
        draft = self.payment(100)
        remittance = self.remittance(draft)
        draft.action_draft()
        self.refused("not a posted remittance", period.action_confirm, remittance.ids)
        self.refused("no posted remittance", period.action_confirm, [])
        good = self.payment(5)
        self.refused("not in the period", period.action_confirm, self.remittance(good | later))
        self.assertFalse(period.confirmation_ids, "all or nothing")

    def test_deleting_a_period_frees_its_remittances(self):
        payment = self.payment(100)
        period = self.period()
        period.action_confirm(payment)
        period.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.remittance(payment).reconciliation_id)
        self.assertEqual(self.period().action_confirm(payment)["confirmed_count"], 1)

    # -- closing ----------------------------------------------------------------------------------------------

    def closed(self, month=1, amount=100, start=0):
        payment = self.payment(amount, date=f"2026-{month:02}-15")
        period = self.period(month, start=start, end=start + amount)
        period.action_confirm(payment)
        period.action_close()
        return period

    def test_close_when_balanced(self):
        period = self.closed()
        self.assertEqual((period.state, period.close_uid, period.close_reason), ("closed", self.env.user, False))
        self.assertTrue(period.snapshot_ids.is_closing)
        self.refused("is closed already", period.action_close)

    def test_close_unbalanced_takes_a_reason_and_the_permission(self):
        period = self.period(end=7)
        self.refused("is not balanced: .*7.00 remain", period.action_close)
        self.refused("is not balanced", period.action_close, "   ")
        user = self.user_with("may not", "account_reconciliation.group_bank_reconciliation")
        self.refused(
            "Close unbalanced bank reconciliations",
            period.with_user(user).action_close,
            "The bank says so",
            error=AccessError,
        )
        self.assertEqual(period.state, "open")
        period.action_close("The bank is looking into it")
        self.assertEqual((period.state, period.close_reason), ("closed", "The bank is looking into it"))
        self.assertEqual(period.snapshot_ids.close_reason, "The bank is looking into it")

    def test_closed_figures_do_not_change(self):
        period = self.closed()
        for values in ({"balance_end": 5}, {"balance_start": 5}, {"date_to": "2026-02-15"}, {"journal_id": 1}):
            self.refused("is closed, so its figures can't be changed", period.write, values)
        self.refused("nothing can be ticked or unticked", period.action_confirm_all)
        self.refused("nothing can be ticked or unticked", period.action_unconfirm_all)
        self.refused("can't be deleted", period.unlink)

    def test_state_is_never_written_by_hand(self):
        user = self.user_with("by hand", "account_reconciliation.group_owner")
        period = self.period(end=7).with_user(user)
        self.refused("never by hand", period.write, {"state": "closed"})
        period.action_close("reason")
        self.refused("never by hand", period.write, {"state": "open"})
        self.refused("never by hand", period.write, {"close_reason": "another"})
        self.refused(
            "never by hand", period.create,
            {"journal_id": self.savings.id, "state": "closed"},
        )  # fmt: skip

    def test_reopening_takes_a_reason_and_shows_on_later_periods(self):
        january = self.closed(1)
        february = self.closed(2, start=100)
        self.assertFalse(february.is_after_reopened)
        self.refused("Give a reason", january.action_reopen, " ")
        january.action_reopen("A fee was forgotten")
        self.env.invalidate_all()
        self.assertEqual((january.state, january.reopen_reason), ("open", "A fee was forgotten"))
        self.assertTrue(february.is_after_reopened)
        self.assertIn("An earlier period was reopened", february.message_ids[0].body)
        self.assertEqual(self.periods.search([("is_after_reopened", "=", True)]), february)
        self.refused("is open already", january.action_reopen, "again")
        january.action_close()
        self.env.invalidate_all()
        self.assertFalse(february.is_after_reopened)

    def test_fully_reconciled_of_a_closed_period_is_what_it_was(self):
        period = self.closed()
        self.assertTrue(period.is_fully_reconciled)
        self.payment(5, date="2026-01-20")
        self.env.invalidate_all()
        self.assertTrue(period.is_fully_reconciled)

    # -- the book ---------------------------------------------------------------------------------------------

    def test_book_checks_what_is_carried_forward(self):
        january, february = self.period(1, end=100), self.period(2, start=100, end=150)
        april = self.period(4, start=149, end=149)
        other = self.period(4, journal=self.savings)
        self.assertEqual((january.chain_state, february.chain_state, april.chain_state), ("first", "ok", "differs"))
        self.assertIn("Gap of 31 days, 03/01/2026 to 03/31/2026", april.chain_note)
        self.assertIn("by $ -1.00", plain(april.chain_note))
        self.assertEqual(other.chain_state, "first")
        april.balance_start = 150
        self.assertEqual(april.chain_state, "gap")

    def test_variance_over_time_is_grouped_by_the_database(self):
        self.period(1, end=5)
        self.period(2, start=5, end=5)
        groups = self.periods._read_group([("journal_id", "=", self.bank.id)], ["date_to:month"], ["remaining:sum"])
        self.assertEqual([amount for _month, amount in groups], [-5, 0])
        # The graph takes measures that have an aggregate function only.
        self.assertEqual(self.periods.fields_get(["remaining"])["remaining"].get("aggregator"), "sum")

    # -- from the page ----------------------------------------------------------------------------------------

    def test_adjustment_is_filled_in_and_offered_at_once(self):
        period = self.period(start=100, end=97.5)
        action = period.action_adjustment()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual((form.amount, form.date), (-2.5, date(2026, 1, 31)))
        with form.line_ids.edit(0) as line:
            line.account_id = self.fees
        form.save().action_post()
        self.assertEqual(self.offered(period), [(-2.5, "period", False)])
        self.assertTrue(period.action_confirm_all()["is_balanced"])

    def test_adjustment_in_another_currency_balances_to_the_cent(self):
        """Each counterpart for itself would be rounded up, and the entry refused."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.75)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        wizard = self.env["account.bank.adjustment"].create({
            "bank_journal_id": euro_bank.id, "date": "2026-01-31", "ref": "three fees",
            "line_ids": [Command.create({"account_id": self.fees.id, "amount": -10.01}) for _number in range(3)],
        })  # fmt: skip
        wizard.action_post()
        move = self.env["account.move"].search([("ref", "=", "three fees")])
        self.assertEqual(move.state, "posted")
        self.assertEqual(move.line_ids[0].balance, -40.04)
        self.assertEqual(sorted(move.line_ids[1:].mapped("balance")), [13.34, 13.35, 13.35])

    def test_adjustment_of_nothing_is_refused(self):
        wizard = self.env["account.bank.adjustment"].create({"bank_journal_id": self.bank.id, "date": "2026-01-31"})
        self.refused("Enter what the bank account moves by", wizard.action_post)

    def test_transfer_is_filled_in_and_offered_at_once(self):
        period = self.period(start=100, end=40)
        action = period.action_bank_transfer()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({
            "destination_journal_id": self.savings.id,
        })  # fmt: skip
        self.assertEqual((wizard.journal_id, wizard.amount, wizard.amount_received), (self.bank, 60, 60))
        wizard.action_transfer()
        self.assertEqual(self.offered(period), [(-60, "period", False)])
        self.assertEqual(self.offered(self.period(journal=self.savings)), [(60, "period", False)])

    def test_transfer_to_itself_or_of_nothing_is_refused(self):
        values = {"journal_id": self.bank.id, "destination_journal_id": self.savings.id, "amount": 5}
        for change, words in (({"destination_journal_id": self.bank.id}, "Choose two"), ({"amount": 0}, "above zero")):
            self.refused(words, self.env["account.bank.transfer"].create(values | change).action_transfer)

    def test_unmatched_bank_transactions_of_the_period(self):
        transaction = self.transaction(5, "2026-01-10")
        self.transaction(6, "2026-02-10")
        period = self.period()
        self.assertEqual(period.unmatched_count, 1)
        action = period.action_open_unmatched()
        self.assertIn(action["type"], ("ir.actions.act_window", "ir.actions.client"))
        self.book(transaction, self.fees)
        period.invalidate_recordset()
        self.assertEqual(period.unmatched_count, 0)

    # -- the trace --------------------------------------------------------------------------------------------

    def test_trace_from_snapshot_to_items_to_the_bank_and_back(self):
        invoice = self.document([75, 75, 20])
        payment = self.register_payment(invoice, 100)
        transaction = self.transaction(100, "2026-01-20")
        self.clear(transaction, payment)
        period = self.period(end=100)
        period.action_confirm_matched()
        period.action_close()
        line = period.snapshot_ids.line_ids
        self.assertEqual((line.action_open_source()["res_model"], line.action_open_source()["res_id"]),
                         ("account.payment", payment.id))  # fmt: skip
        action = line.action_open_items()
        items = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sorted(items.mapped("amount")), [25, 75])
        self.assertEqual(items.account_id, self.swim_code | self.judo_code)
        self.assertEqual(line.action_open_bank_transaction()["res_id"], transaction.id)
        for back in (payment, payment.move_id, transaction, items[0]):
            self.assertEqual(back.action_open_bank_reconciliation()["res_id"], period.id, back)
        self.assertEqual(self.env[action["res_model"]].search(transaction.action_open_paid_items()["domain"]), items)
        row = self.remittance(payment)
        self.assertEqual(row.action_open_source(), line.action_open_source())
        self.refused("confirmed in no bank reconciliation", self.payment(5).action_open_bank_reconciliation)

    # -- bad input --------------------------------------------------------------------------------------------

    def test_bad_input_is_refused_in_a_sentence(self):
        period = self.period()
        self.refused("is not a posted remittance", period.action_confirm, [2**31 - 1])
        for value in (["zero"], [None], 5, "all", [[1]], [2**40], self.family):
            self.refused("not a remittance|is not a posted remittance", period.action_confirm, value)
        self.assertFalse(period.confirmation_ids)

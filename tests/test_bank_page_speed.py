"""The page's cost does not grow with the number of remittances, and nothing kept in memory is older than the books."""

import doctest
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..engine.bank_periods import offered, page_sql
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
        # Never balanced: what the bank counts and the books leave out is asked for each time.
        period = self.period(end=1000)
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

    def test_a_list_of_periods_asks_no_more_for_more_of_them(self):
        """What has changed, what nobody has matched, how a period follows on the one before: for all at once."""
        names = ["discrepancy_count", "has_discrepancies", "unmatched_count", "chain_state", "is_fully_reconciled"]

        def closed(months):
            for month in months:
                self.transaction(5, f"2026-{month:02}-03")
                self.period(month=month).action_close("as it is")

        def queries():
            return self.queries(lambda: self.periods.search([("journal_id", "=", self.bank.id)]).read(names))

        closed((1, 2))
        few = queries()
        closed((3, 4, 5))
        self.assertLessEqual(queries(), few)
        periods = self.periods.search([("journal_id", "=", self.bank.id)])
        self.assertEqual(periods.mapped("unmatched_count"), [1] * 5)
        self.assertEqual(periods.mapped("discrepancy_count"), [0] * 5)
        self.transaction(7, "2026-03-09")
        periods.invalidate_recordset()
        self.assertEqual(periods.sorted("date_from").mapped("discrepancy_count"), [0, 0, 1, 0, 0])

    def test_a_page_turn_looks_for_no_changes(self):
        self.pay(3)
        period = self.period(end=3)
        period.action_confirm_all()
        whole = self.queries(period.get_page)
        turned = self.queries(lambda: period.get_page(offset=1, with_discrepancies=False))
        self.assertLess(turned, whole)
        self.assertNotIn("discrepancies", period.get_page(with_discrepancies=False))

    def worked_out(self, call):
        """What a call returns, and how many periods it had to work the remittances out of."""
        with patch.object(
            type(self.periods), "_work_out", autospec=True, side_effect=type(self.periods)._work_out
        ) as mock:
            result = call()
        return result, sum(len(one.args[1]) for one in mock.call_args_list)

    def test_remittances_are_worked_out_once_an_opening(self):
        """Not for turning a page, searching, ticking or the form, while nothing in the books has changed."""
        self.assertEqual(doctest.testmod(offered).failed, 0)
        self.pay(3)
        period = self.period(end=3)
        one, two, _three = self.remittances.search([("journal_id", "=", self.bank.id)]).ids
        self.assertEqual(self.worked_out(period.get_page)[1], 1)
        for name, call, expected in (
            ("page turn", lambda: len(period.get_page(offset=1, with_discrepancies=False)["rows"]), 2),
            ("name", lambda: period.get_page("Tremblay", with_discrepancies=False)["length"], 3),
            ("amount", lambda: period.get_page("-1.00", with_discrepancies=False)["length"], 3),
            ("nothing", lambda: period.get_page("Skates", with_discrepancies=False)["length"], 0),
            ("tick", lambda: period.action_confirm([one])["confirmed_count"], 1),
            ("ticks", lambda: period.action_confirm_all()["confirmed_count"], 3),
            ("only open", lambda: period.get_page(only_open=True)["length"], 0),
            ("form", lambda: period.is_fully_reconciled, True),
            ("untick", lambda: period.action_unconfirm([two])["offered_count"], 3),
            ("only open again", lambda: period.get_page(only_open=True)["rows"][0]["id"], two),
            ("list", lambda: period.is_fully_reconciled, False),
        ):
            with self.subTest(name):
                self.assertEqual(self.worked_out(call), (expected, 0))

    def test_a_search_finds_what_the_rows_show(self):
        """Among the rows that are listed: what the bank has moved of all of the account is not worked out for it."""
        kept = self.payment(40, date="2026-01-25", memo="Kept")
        reversed_one = self.payment(9, date="2026-01-05", memo="Bounced")
        reversed_one.move_id._reverse_moves([{"date": "2026-01-06", "ref": "Reversed"}])._post()
        self.payment(7, date="2026-01-20", partner_id=False, memo=False)
        self.book(self.transaction(-4, "2026-01-11", "Fee 50%"), self.fees)
        self.clear(self.transaction(40, "2026-01-27", "Deposit"), kept)
        period = self.period()
        rows = period.get_page()["rows"]
        self.assertEqual(len(rows), 5)
        names = [row["name"] for row in rows]
        for typed in (*names, "kept", "BOUNCED", "fee", "50%", "Tremblay", "Deposit", "Skates"):
            expected = [
                row["id"] for row in rows
                if any(typed.lower() in (text or "").lower()
                       for text in (row["name"], row["label"], row["partner_id"] and row["partner_id"][1]))
            ]  # fmt: skip
            with (
                self.subTest(typed),
                patch.object(type(self.remittances), "search", side_effect=AssertionError("worked out")),
            ):
                found = period.get_page(typed, with_discrepancies=False)["rows"]
                self.assertEqual([row["id"] for row in found], expected)

    def test_a_closed_period_is_compared_once_until_something_is_written(self):
        self.pay(2)
        unmatched = self.transaction(5, "2026-01-03")
        period = self.period(end=7)
        period.action_confirm_all()
        period.action_close("as it is")
        names = ["discrepancy_count", "has_discrepancies"]

        def counted():
            self.env.invalidate_all()
            with patch.object(page_sql, "maybe_changed", side_effect=page_sql.maybe_changed) as compared:
                [row] = period.read(names)
            return row["discrepancy_count"], compared.call_count

        counted()
        self.assertEqual(counted(), (0, 0))
        amount = "UPDATE account_bank_statement_line SET amount = %s WHERE id = %s"
        label = "UPDATE account_bank_reconciliation_confirmation SET label = %s WHERE reconciliation_id = %s"
        for query, args, count in (
            (amount, (6, unmatched.id), 1),
            (label, ("other", period.id), 1),
            (amount, (5, unmatched.id), 0),
        ):
            with self.subTest(args):
                self.env.cr.execute(query, args)
                self.assertEqual(counted(), (count, 1))
                self.assertEqual(counted(), (count, 0))

    def assertSeen(self, periods):
        """The page shows what it would if nothing were kept; it is looked at before and after, so that something is."""

        def pages():
            self.env.invalidate_all()
            return [(period.get_page(), period.get_totals(), period.is_fully_reconciled) for period in periods]

        seen = pages()
        self.env.registry.account_reconciliation_lists.clear()
        self.env.registry.account_reconciliation_changed_periods.clear()
        self.assertEqual(seen, pages())

    def test_what_is_written_is_seen_by_the_next_page(self):
        """Whatever is written, by whatever route, twice in one transaction and undone by a savepoint too."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.75)])
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 0.5)])
        self.savings.currency_id = euro
        january, february = self.period(1, end=5), self.period(2)
        foreign = self.period(1, journal=self.savings)
        cheque, whole = self.payment(40, date="2026-01-25"), self.payment(100, date="2026-01-15")
        self.payment(33.33, date="2026-01-05", journal_id=self.savings.id, currency_id=dollar.id)
        fee = self.transaction(-4, "2026-01-11", "Fee")
        shown = self.transaction(40, "2026-02-02")
        line = whole._seek_for_lines()[0]

        def part(amount, date):
            transaction = self.transaction(amount, date)
            suspense = transaction._seek_for_lines()[1]
            suspense.account_id = line.account_id
            (suspense | line).reconcile()

        def by_sql(query, *args):
            self.env.flush_all()
            self.env.cr.execute(query, args)
            self.env.invalidate_all()

        def undone():
            with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
                self.payment(9, date="2026-01-09")
                january.get_page()
                raise ZeroDivisionError

        periods = january | february | foreign
        for name, act in {
            "nothing": lambda: None,
            "a payment": lambda: self.payment(7, date="2026-01-20"),
            "taken back": undone,
            "booked": lambda: self.book(fee, self.fees),
            "confirmed here": lambda: january.action_confirm(whole),
            "shown in part": lambda: part(60, "2026-01-20"),
            "not confirmed": lambda: january.action_unconfirm(whole),
            "confirmed in part": lambda: january.action_confirm_all(),
            "shown in full": lambda: part(40, "2026-02-03"),
            "confirmed in another period": lambda: february.action_confirm_all(),
            "and not there": lambda: february.action_unconfirm_all(),
            "cleared": lambda: self.clear(shown, cheque),
            "not cleared": lambda: cheque._seek_for_lines()[0].remove_move_reconcile(),
            "moved": lambda: fee.write({"date": "2026-02-11"}),
            "dates": lambda: february.write({"date_to": "2026-02-20"}),
            "draft": lambda: cheque.action_draft(),
            "changed": lambda: cheque.write({"amount": 41, "date": "2026-02-01"}),
            "posted": lambda: cheque.action_post(),
            "written by SQL": lambda: by_sql("UPDATE account_move_line SET date = '2026-01-02' WHERE id = %s", line.id),
            "again": lambda: by_sql("UPDATE account_move_line SET date = '2026-03-02' WHERE id = %s", line.id),
            "a rate": lambda: dollar.write({"rate_ids": [Command.update(dollar.rate_ids[0].id, {"rate": 0.25})]}),
            "closed": lambda: february.action_close("as it is"),
            "reopened": lambda: february.action_reopen("to look again"),
            "a period before": lambda: self.period(1, date_from="2025-12-01", date_to="2025-12-31"),
            "deleted": lambda: february.unlink(),
        }.items():
            with self.subTest(name):
                periods = periods.exists()
                self.env.invalidate_all()
                for period in periods:
                    period.get_page()
                act()
                self.assertSeen(periods.exists())

    def test_unticking_one_of_many_asks_no_more(self):
        """What is unticked is looked up by its number, never among all that is confirmed."""
        self.pay(10)
        period = self.period(end=10)
        period.action_confirm_all()
        few = self.queries(lambda: period.action_unconfirm(period.get_page(limit=1)["rows"][0]["id"]))
        self.pay(90)
        period.action_confirm_all()
        one = period.get_page(limit=1)["rows"][0]["id"]
        self.assertLessEqual(self.queries(lambda: period.action_unconfirm(one)), few)
        self.assertEqual(len(period.confirmation_ids), 99)

    def test_open_periods_of_a_list_are_counted_in_one_pass(self):
        """Each with its own range: the cheque of January is open in both, what is of February in February alone."""
        self.payment(40, date="2026-01-25")
        january, february = self.period(1), self.period(2)
        march = self.period(3, start=5, end=5, journal=self.savings)
        periods = january | february | march

        def queries():
            """Of a first look, and of a second one."""
            self.env.registry.account_reconciliation_lists.clear()
            return [self.queries(lambda: periods.read(["is_fully_reconciled"])) for _look in range(2)]

        self.assertEqual(periods.mapped("is_fully_reconciled"), [False, False, True])
        one = self.payment(7, date="2026-02-03")
        february.action_confirm(one)
        self.env.invalidate_all()
        self.assertEqual(periods.mapped("is_fully_reconciled"), [False, False, True], "the cheque waits in both")
        january.action_confirm_all()
        self.env.invalidate_all()
        self.assertEqual(periods.mapped("is_fully_reconciled"), [True, True, True])
        first, second = queries()
        self.assertLess(second, first)
        for month in (4, 5, 6):
            periods |= self.period(month, start=0, end=0)
        now_first, now_second = queries()
        self.assertLessEqual(now_first, first)
        self.assertLessEqual(now_second, second)

    def test_no_statement_of_remittances_is_compiled(self):
        """Just-in-time compilation of these statements takes seconds, running them a fraction of one."""
        self.pay(1)
        period = self.period(end=1)
        one = self.remittances.search([("journal_id", "=", self.bank.id)], limit=1)
        for name, call in {
            "page": period.get_page,
            "totals": period.get_totals,
            "changes": lambda: period._maybe_changed(),
            "rows": lambda: one.fetch(["amount"]),
            "search": lambda: self.remittances.search([("amount", "=", 1)]),
        }.items():
            with self.subTest(name):
                self.env.invalidate_all()
                self.env.cr.execute("SET LOCAL jit = on")
                call()
                self.env.cr.execute("SHOW jit")
                self.assertEqual(self.env.cr.fetchone(), ("off",))

    def test_confirmed_by_one_statement_as_by_create(self):
        """Every field is what the ORM would have written, the amount of a foreign bank account too."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.75)])
        self.savings.currency_id = euro
        self.payment(33.33, date="2026-01-05", journal_id=self.savings.id, memo="In dollars")
        paid = self.payment(12, date="2026-01-07")
        self.clear(self.transaction(12, "2026-01-09", "Deposit"), paid)
        self.book(self.transaction(-4, "2026-01-11", "Fee"), self.fees)
        model = self.env["account.bank.reconciliation.confirmation"]
        names = sorted(
            name for name, field in model._fields.items()
            if field.store and name not in ("id", "create_date", "write_date")
        )  # fmt: skip
        for journal, count in ((self.bank, 2), (self.savings, 1)):
            period = self.period(journal=journal)
            offered = self.remittances.search(period._unconfirmed_domain())
            plain = ["name", "label", "date", "bank_date", "amount", "is_matched", "partner_id"]
            made = model.sudo().create([
                {
                    "reconciliation_id": period.id, "move_line_id": row["id"], "move_line_key": row["id"],
                    "statement_line_key": row["statement_line_id"], **{name: row[name] for name in plain},
                }
                for row in offered.read([*plain, "statement_line_id"], load="")
            ])  # fmt: skip
            self.env.flush_all()
            self.env.invalidate_all()
            expected = made.read(names, load="")
            self.assertEqual(len(made), count)
            made.unlink()
            period.action_confirm_all()
            self.env.invalidate_all()
            found = period.confirmation_ids.sorted("id").read(names, load="")
            for row in (*expected, *found):
                row.pop("id")
            self.assertEqual(found, expected)

    def test_nothing_in_memory_is_older_than_what_was_confirmed(self):
        """Rows that one statement has written are seen at once by all that was read before."""
        self.pay(3)
        period = self.period(end=3)
        one = self.remittances.search([("journal_id", "=", self.bank.id)], limit=1)
        before = (len(period.confirmation_ids), period.total_reconciled, period.remaining, period.is_balanced,
                  period.is_fully_reconciled, one.reconciliation_id, period.discrepancy_count)  # fmt: skip
        self.assertEqual(before, (0, 0, -3, False, False, self.periods, 0))
        period.action_confirm_all()
        after = (len(period.confirmation_ids), period.total_reconciled, period.remaining, period.is_balanced,
                 period.is_fully_reconciled, one.reconciliation_id, period.discrepancy_count)  # fmt: skip
        self.assertEqual(after, (3, 3, 0, True, True, period, 0))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT total_reconciled, remaining, is_balanced FROM account_bank_reconciliation WHERE id = %s",
            [period.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (3, 0, True))
        period.action_unconfirm(one.ids)
        self.assertEqual((len(period.confirmation_ids), period.remaining, one.reconciliation_id), (2, -1, self.periods))

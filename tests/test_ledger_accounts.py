"""Accounts to reconcile: the list, the page of one account, its suggestions, differences and undo."""

import doctest
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.ledger_accounts import suggestions
from .common.ledger_accounts import LedgerCommon


@tagged("post_install", "-at_install")
class TestLedgerAccounts(LedgerCommon):
    def test_confidence(self):
        self.assertEqual(doctest.testmod(suggestions).failed, 0)

    # -- the list -----------------------------------------------------------------------------------------------------

    def test_list_tells_what_is_open(self):
        today = self.company._today()
        one, other = self.entry(100, "A", today.replace(day=1)), self.entry(-100, "A", today.replace(day=1))
        self.entry(40, "B", "2025-03-01")
        (one | other).reconcile()
        rows = self.env["account.ledger.account"].with_user(self.accountant)
        [row] = rows.search([("account_id", "=", self.clearing.id)])
        self.assertEqual((row.id, row.line_count, row.balance, row.credit), (self.clearing.id, 1, 40, 0))
        self.assertEqual(row.date_oldest, date(2025, 3, 1))
        self.assertEqual((row.share_0, row.share_1), (1, False))
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.entry(-40, "B", "2025-03-02")
        rows.invalidate_model()
        self.assertEqual(rows.search([("account_id", "=", self.clearing.id)]).balance, 0)
        self.assertFalse(rows.search([("account_id", "=", self.swim_code.id)]), "nothing is reconciled on it")
        self.document([170])
        owed = rows.search([("account_type", "=", "asset_receivable")])
        self.assertEqual(owed.balance, 170, "receivable accounts are reconcilable, too")

    def test_who_looks_after_an_account(self):
        self.entry(40)
        page = self.ledger()
        self.assertFalse(page.get_overview()["user"])
        page.assign(self.reviewer.id)
        overview = page.get_overview()
        self.assertEqual(overview["user"], [self.reviewer.id, "ledger.reviewer"])
        self.assertEqual(overview["seen"]["user"], "ledger.accountant")
        [row] = page.search([("user_id", "=", self.reviewer.id)])
        self.assertEqual((row.id, row.seen_uid), (self.clearing.id, self.accountant))
        admin = self.user_with("ledger.admin", "account_reconciliation.group_admin")
        with self.assertRaisesRegex(UserError, "can't look after"):
            page.assign(admin.id)
        page.assign(None)
        self.assertFalse(page.get_overview()["user"])
        care = self.env["account.ledger.responsible"]
        with patch.object(type(care), "search", lambda rows, *_args, **_kwargs: rows.browse()):
            # Somebody else has opened it for the first time at this moment.
            page.get_overview()
        self.assertEqual(page.get_overview()["seen"]["user"], "ledger.accountant")

    # -- the page -----------------------------------------------------------------------------------------------------

    def test_groups_by_partner_reference_and_order(self):
        self.entry(100, "sale", partner=self.family, ref="P-1")
        self.entry(-60, "payout", "2026-01-12", partner=self.family, ref="P-1")
        self.entry(-40, "fee", "2026-01-09", ref="P-1")
        page = self.ledger().get_groups("partner")
        self.assertEqual((page["group_count"], page["line_count"]), (2, 3))
        self.assertEqual((page["debit"], page["credit"]), (100, 100))
        found = {group["name"]: (group["count"], group["debit"], group["credit"]) for group in page["groups"]}
        self.assertEqual(found, {"Rink Supplies": (1, 0, 40), "Tremblay family": (2, 100, 60)})
        self.assertEqual([group["name"] for group in page["groups"]], ["Rink Supplies", "Tremblay family"])
        [group] = self.ledger().get_groups("reference")["groups"]
        self.assertEqual((group["key"], len(group["lines"])), ("P-1", 3))
        [none] = self.ledger().get_groups("order")["groups"]
        self.assertEqual((none["key"], none["name"]), (False, "Without an order"))
        self.assertEqual(len(self.ledger().get_group_lines("order", "")), 3)
        self.assertEqual(len(self.ledger().get_group_lines("reference", "P-1", {}, 1)), 2)
        self.assertEqual(self.ledger().get_group_lines("reference", "P-1", {}, 2**31 - 1), [])
        with self.assertRaisesRegex(UserError, "not by"):
            self.ledger().get_groups("colour")

    def test_order_is_the_source_of_the_document(self):
        bill = self.document(
            [{"price_unit": 40, "account_id": self.clearing.id}], "in_invoice", invoice_origin="P00017"
        )
        self.entry(-40, "received")
        groups = self.ledger().get_groups("order")["groups"]
        self.assertEqual([group["name"] for group in groups], ["P00017", "Without an order"])
        self.assertEqual(groups[0]["lines"][0]["move_id"], bill.id)

    def test_product_and_order(self):
        """A bill that is credited and billed anew: the product of the order adds up, the order does not."""
        skates, pucks = self.env["product.product"].create([{"name": "Skates"}, {"name": "Pucks"}])
        for move_type, price, product in (
            ("in_invoice", 100, skates), ("in_refund", 100, skates), ("in_invoice", 60, pucks),
        ):  # fmt: skip
            item = {"price_unit": price, "account_id": self.clearing.id, "product_id": product.id, "tax_ids": False}
            self.document([item], move_type, invoice_origin="p00077")
        self.entry(-60, "received")
        page = self.ledger().get_groups("product_order")
        self.assertEqual(
            [(group["name"], group["count"]) for group in page["groups"]],
            [("Skates, P00077", 2), ("Pucks, P00077", 1), ("Without a product or an order", 1)],
        )
        self.assertEqual(len(self.ledger().get_group_lines("product_order", page["groups"][0]["key"])), 2)
        [first] = [one for one in self.ledger().get_suggestions() if one["kind"] == "product_order"]
        self.assertEqual(first["reasons"][0], "All are of Skates, P00077, and they add up to zero")
        rule = self.env["account.ledger.rule"].create(
            {"name": "x", "account_id": self.clearing.id, "same_order": True, "same_product": True}
        )
        self.assertIn("1 reconciliations", rule.preview)

    def test_search(self):
        self.entry(1234.5, "Payout 17")
        self.entry(-60, "100% sure_thing", partner=self.family)
        for term, count in (("payout", 1), ("1,234.50", 1), ("tremblay", 1), ("100%", 1), ("1_0", 0), ("%", 1)):
            with self.subTest(term=term):
                self.assertEqual(self.ledger().get_groups("partner", {"search": term})["line_count"], count)

    def test_page_takes_the_same_number_of_queries_however_many_lines(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.ledger().get_groups("partner")
            return self.cr.sql_log_count - before

        for _number in range(3):
            self.entry(10)
        few = queries()
        for _number in range(12):
            self.entry(10, partner=self.env["res.partner"].create({"name": "One more"}))
        self.assertLessEqual(queries(), few)

    # -- reconciling --------------------------------------------------------------------------------------------------

    def test_reconcile_and_undo(self):
        lines = self.entry(100), self.entry(-60), self.entry(-40)
        before = self.snapshot(self.lines.union(*lines).move_id)
        done = self.ledger().reconcile_lines([line.id for line in lines])
        self.assertEqual((done["line_count"], done["amount"], done["open"]), (3, 100, 0))
        self.assertEqual(self.open_of(*lines), [0, 0, 0])
        kept = self.reconciliation(done)
        self.assertEqual((kept.kind, kept.create_uid, kept.partial_count), ("manual", self.accountant, 2))
        kept.action_undo()
        self.assertEqual(kept.state, "undone")
        self.assertEqual(self.snapshot(self.lines.union(*lines).move_id), before)
        with self.assertRaisesRegex(UserError, "already"):
            kept.action_undo()

    def test_partial_leaves_the_rest_open(self):
        debit, credit = self.entry(100), self.entry(-60)
        done = self.ledger().reconcile_lines([debit.id, credit.id])
        self.assertEqual(done["open"], 40)
        self.assertEqual(self.open_of(debit, credit), [40, 0])

    def test_what_is_refused(self):
        debit, other = self.entry(100), self.entry(50)
        elsewhere = self.entry(-50, account=self.clearing.copy({"code": "CLEAR9"}))
        page = self.ledger()
        for ids, sentence in (
            ([], "at least one"),
            ([debit.id, other.id], "all debits"),
            ([debit.id, elsewhere.id], "is not on"),
            ([debit.id, 2**31 - 1], "in the meantime"),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, sentence):
                page.reconcile_lines(ids)
        credit = self.entry(-100)
        (debit | credit).reconcile()
        with self.assertRaisesRegex(UserError, "in the meantime"):
            page.reconcile_lines([debit.id, credit.id])
        with self.assertRaisesRegex(UserError, "does not allow it"):
            self.ledger(self.swim_code).get_groups()

    def test_items_of_documents_follow(self):
        """A receivable account is one of them: what is reconciled here pays the items in their order."""
        invoice = self.document([75, 75, 20])
        payment = self.payment(100)
        lines = invoice._owed_lines() | payment.move_id._owed_lines()
        done = self.ledger(lines.account_id).reconcile_lines(lines.ids)
        self.assertEqual(self.applied(invoice, payment), [75, 25, 0])
        self.assertInvariants(invoice)
        self.reconciliation(done).action_undo()
        self.assertEqual(self.left(invoice), [75, 75, 20])
        self.assertInvariants(invoice)

    # -- differences --------------------------------------------------------------------------------------------------

    def test_difference_is_booked_with_its_tax(self):
        tax = self.env["account.tax"].create({
            "name": "25 %", "amount": 25, "company_id": self.company.id, "type_tax_use": "purchase",
        })  # fmt: skip
        debit, credit = self.entry(100), self.entry(-95)
        done = self.ledger().book_difference(
            [debit.id, credit.id], self.differences_code.id, "Fee of the card company", tax.ids, "2026-01-31"
        )
        self.assertEqual(done["open"], 0)
        self.assertEqual(self.open_of(debit, credit), [0, 0])
        kept = self.reconciliation(done)
        self.assertEqual((kept.kind, kept.difference), ("difference", 5))
        booked = {line.account_id: line.balance for line in kept.move_id.line_ids if not line.tax_line_id}
        self.assertEqual(booked, {self.clearing: -5, self.differences_code: 4})
        self.assertEqual(kept.move_id.line_ids.filtered("tax_line_id").balance, 1)
        self.assertEqual((kept.move_id.state, str(kept.move_id.date)), ("posted", "2026-01-31"))
        self.assertEqual(kept.move_id.line_ids.filtered("tax_ids").name, "Fee of the card company")
        kept.action_undo()
        self.assertEqual(self.open_of(debit, credit), [100, -95])
        self.assertEqual(kept.move_id.state, "cancel")

    def test_one_line_is_moved_to_another_account(self):
        line = self.entry(70)
        staff = self.clearing.copy({"code": "CLEAR3", "name": "Loans to staff"})
        self.ledger().book_difference([line.id], staff.id, "Paid by mistake with the company's card")
        self.assertEqual(self.open_of(line), [0])
        [moved] = self.lines.search([("account_id", "=", staff.id)])
        self.assertEqual((moved.amount_residual, moved.partner_id), (70, self.vendor))
        lines = self.entry(70), self.entry(20, partner=self.family)
        with self.assertRaisesRegex(UserError, "not all of one partner"):
            self.ledger().book_difference(
                [line.id for line in lines], self.company_data["default_account_receivable"].id, "Owed by whom?"
            )

    def test_difference_refused(self):
        debit, credit = self.entry(100), self.entry(-95)
        balanced = self.entry(-100)
        euro = self.setup_other_currency("EUR")
        foreign = self.entry(-95, currency=euro)
        page, ids = self.ledger(), [debit.id, credit.id]
        other = self.setup_other_company(name="Second rink")
        for chosen, account, label, sentence in (
            (ids, self.differences_code.id, " ", "Say why"),
            (ids, None, "fee", "Choose the account"),
            (ids, self.clearing.id, "fee", "another account"),
            (ids, 2**31 - 1, "fee", "doesn't exist"),
            ([debit.id, balanced.id], self.differences_code.id, "fee", "no difference"),
            ([debit.id, foreign.id], self.differences_code.id, "fee", "several currencies"),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, sentence):
                page.book_difference(chosen, account, label)
        with self.assertRaises(UserError):
            page.book_difference(ids, other["default_account_expense"].id, "fee")
        self.assertEqual(self.open_of(debit, credit), [100, -95])

    def test_foreign_currency(self):
        """By Odoo's own method: what the rate makes of it is an exchange difference; undone, both lines are open."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        debit = self.entry(100, date="2026-01-10", currency=euro)
        credit = self.entry(-99, date="2026-02-10", currency=euro)
        self.assertEqual(self.open_of(debit, credit), [200, -247.5])
        done = self.ledger().book_difference(
            [debit.id, credit.id], self.differences_code.id, "Rounding", [], "2026-02-10"
        )
        self.assertEqual(self.open_of(debit, credit), [0, 0])
        self.assertEqual((debit | credit).mapped("amount_residual_currency"), [0, 0])
        kept = self.reconciliation(done)
        taken = kept.move_id.line_ids.filtered(lambda line: line.account_id == self.differences_code)
        self.assertEqual((taken.amount_currency, taken.balance), (1, 2.5))
        kept.action_undo()
        self.assertEqual((debit | credit).mapped("amount_residual_currency"), [100, -99])

    def test_foreign_line_is_moved_with_what_it_is_worth(self):
        """Moving a line realises nothing: no exchange difference, whatever the rate of the day."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        line = self.entry(100, date="2026-01-10", currency=euro)
        staff = self.clearing.copy({"code": "CLEAR3", "name": "Loans to staff"})
        done = self.ledger().book_difference([line.id], staff.id, "Of the staff", [], "2026-02-10")
        [moved] = self.lines.search([("account_id", "=", staff.id)])
        self.assertEqual((moved.amount_currency, moved.balance), (100, 200))
        self.assertEqual(self.open_of(line), [0])
        self.assertFalse(line.matched_credit_ids.exchange_move_id)
        self.assertEqual(done["open"], 0)

    def test_line_without_an_amount_in_its_currency(self):
        """What a revaluation leaves: an amount in company currency alone; it is moved, and reconciled."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        line, debit, credit = (self.entry(amount, currency=euro) for amount in (5, 5, -5))
        for one in (line, debit, credit):
            one.move_id.button_draft()
            # Odoo writes the amount in its currency and the balance of such entries apart, too.
            one.move_id.with_context(skip_invoice_sync=True).write({
                "line_ids": [Command.update(each.id, {"amount_currency": 0, "balance": each.balance})
                             for each in one.move_id.line_ids],
            })  # fmt: skip
            one.move_id.action_post()
        self.assertEqual((line.amount_residual, line.amount_residual_currency), (10, 0))
        staff = self.clearing.copy({"code": "CLEAR3", "name": "Loans to staff"})
        tax = self.env["account.tax"].create({"name": "25 %", "amount": 25, "company_id": self.company.id})
        with self.assertRaisesRegex(UserError, "no tax can be part"), self.cr.savepoint():
            self.ledger().book_difference([line.id], staff.id, "Of the staff", tax.ids)
        self.ledger().book_difference([line.id], staff.id, "Of the staff")
        self.assertEqual(self.open_of(line), [0])
        [moved] = self.lines.search([("account_id", "=", staff.id)])
        self.assertEqual((moved.amount_currency, moved.balance), (0, 10))
        self.ledger().reconcile_lines([debit.id, credit.id])
        self.assertEqual(self.open_of(debit, credit), [0, 0])

    def test_difference_is_not_booked_on_another_day(self):
        """Odoo would post on the first open day, and say nothing."""
        debit, credit = self.entry(100, date="2026-02-10"), self.entry(-95, date="2026-02-10")
        self.company.fiscalyear_lock_date = "2026-01-31"
        with self.assertRaisesRegex(UserError, "locked period"), self.cr.savepoint():
            self.ledger().book_difference([debit.id, credit.id], self.differences_code.id, "Fee", [], "2026-01-20")
        adjustment = self.env["account.bank.adjustment"].create({
            "bank_journal_id": self.bank.id, "date": "2026-01-20",
            "line_ids": [Command.create({"account_id": self.swim_code.id, "amount": 5})],
        })  # fmt: skip
        with self.assertRaisesRegex(UserError, "locked period"), self.cr.savepoint():
            adjustment.action_post()
        done = self.ledger().book_difference([debit.id, credit.id], self.differences_code.id, "Fee", [], "2026-02-10")
        self.assertEqual(str(self.reconciliation(done).move_id.date), "2026-02-10")

    def test_undo_leaves_what_the_entry_was_reconciled_with(self):
        line = self.entry(70)
        staff = self.clearing.copy({"code": "CLEAR3", "name": "Loans to staff"})
        kept = self.reconciliation(self.ledger().book_difference([line.id], staff.id, "Of the staff"))
        moved = kept.move_id.line_ids.filtered(lambda one: one.account_id == staff)
        paid = self.entry(-70, account=staff)
        (moved | paid).reconcile()
        kept.action_undo()
        self.assertEqual((kept.state, kept.move_id.state), ("kept", "posted"))
        self.assertIn("Loans to staff", kept.message)
        self.assertEqual(self.open_of(line, moved, paid), [0, 0, 0])
        moved.remove_move_reconcile()
        kept.action_undo()
        self.assertEqual((kept.state, kept.move_id.state), ("undone", "cancel"))
        self.assertEqual(self.open_of(line, paid), [70, -70])

    def test_two_currencies_are_taken_back(self):
        """The exchange difference of a line in company currency is no later reconciliation of it."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.625)])
        owed = self.company_data["default_account_receivable"]
        debit = self.entry(100, account=owed, date="2026-01-10", partner=self.family)
        credit = self.entry(-50, account=owed, date="2026-02-10", partner=self.family, currency=euro)
        done = self.ledger(owed).reconcile_lines([debit.id, credit.id])
        self.assertEqual(self.open_of(debit, credit), [0, 0])
        exchange = debit.matched_credit_ids.filtered(lambda partial: partial.credit_move_id != credit)
        self.assertEqual((exchange.amount, exchange.debit_amount_currency), (20, 20))
        kept = self.reconciliation(done)
        kept.action_undo()
        self.assertEqual((kept.state, kept.message), ("undone", False))
        self.assertEqual((debit.amount_residual, credit.amount_residual_currency), (100, -50))

    # -- suggestions --------------------------------------------------------------------------------------------------

    def suggested(self, page=None):
        return [
            (row["kind"], [line["id"] for line in row["lines"]]) for row in (page or self.ledger()).get_suggestions()
        ]

    def test_suggestions_are_ranked_and_explained(self):
        sale = self.entry(100, "sale", partner=self.family, ref="P-1")
        payout = self.entry(-97, "payout", "2026-01-12", ref="P-1")
        fee = self.entry(-3, "fee", "2026-01-12", ref="P-1")
        one, other = self.entry(55, "x"), self.entry(-55, "y", "2026-03-30", partner=self.family)
        self.assertEqual(
            self.suggested(), [("reference", [sale.id, payout.id, fee.id]), ("opposite", [one.id, other.id])]
        )
        first, second = self.ledger().get_suggestions()
        self.assertGreater(first["confidence"], second["confidence"])
        self.assertEqual(first["reasons"][0], "The reference P-1 is on all of them, and they add up to zero")
        self.assertIn("Within 79 days", second["reasons"])
        done = self.ledger().reconcile_lines([line["id"] for line in first["lines"]], "suggestion")
        self.assertEqual(self.reconciliation(done).kind, "suggestion")

    def test_sum_within_a_partner(self):
        gross = self.entry(-300, "payroll", date="2026-01-31")
        net, tax = self.entry(210, "net"), self.entry(90, "tax")
        self.entry(17, "other")
        self.assertEqual(self.suggested(), [("partner_sum", [net.id, tax.id, gross.id])])

    def test_two_of_one_amount_are_no_suggestion(self):
        self.entry(55, "a"), self.entry(55, "b"), self.entry(-55, "c")
        self.assertFalse(self.suggested())

    def test_other_currency_is_no_counterpart(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 1.0)])
        self.entry(55, "a"), self.entry(-55, "b", currency=euro)
        self.assertFalse(self.suggested())

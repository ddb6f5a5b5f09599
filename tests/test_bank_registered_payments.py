"""A registered payment is what the bank shows: it comes before the document, and its match ends where it ends."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.bank_matching import amounts_sql
from .common.bank_matching import BankMatchingCommon
from .common.planned_payments import PlannedCommon


@tagged("post_install", "-at_install")
class TestBankRegisteredPayments(PlannedCommon, BankMatchingCommon):
    # -- before the document ----------------------------------------------------------------------------------

    def best(self, line):
        return line.get_match_suggestions(limit=1)[0]["records"]

    def test_unapplied_payment_comes_before_the_invoice_that_the_label_names(self):
        invoice = self.document([100])
        payment = self.payment(100, date="2026-02-09")
        line = self.transaction(100, f"Tremblay family {invoice.name}")
        self.assertEqual(self.best(line), [("account.payment", payment.id)])
        line.auto_match()
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertNotEqual(line.matched_entity_type, "ar_invoice")

    def test_label_names_nothing_but_the_invoice(self):
        """Among many payments of the amount, the one of the invoice's owner is found."""
        invoice = self.document([100])
        payment = self.payment(100, date="2025-12-01")
        for number in range(3):
            self.payment(100, partner=self.env["res.partner"].create({"name": f"Other {number}"}), date="2026-02-09")
        line = self.transaction(100, invoice.name)
        with patch.object(amounts_sql, "AMOUNT_LIMIT", 2):
            self.assertEqual(self.best(line), [("account.payment", payment.id)])
        self.assertFalse(line.auto_match()["matched"] and line.matched_entity_type == "ar_invoice")

    def test_bill_with_a_registered_payment(self):
        bill = self.document([80], "in_invoice", ref="RS-2026-80")
        payment = self.payment(80, direction="outbound", partner_type="supplier", date="2026-02-09")
        line = self.transaction(-80, "Rink Supplies RS-2026-80")
        self.assertEqual(self.best(line), [("account.payment", payment.id)])
        line.auto_match()
        self.assertEqual(bill.payment_state, "not_paid")

    def test_planned_payment_that_is_charged_to_a_saved_payment_method(self):
        """The processor brings it: a transfer of the same amount is for a person, whichever document it names."""
        if not self.demo_provider():
            self.skipTest("payment_demo is not installed")
        today = fields.Date.today()
        for is_charged in (False, True):
            invoice = self.document([100])
            line = self.transaction(100, f"Tremblay family {invoice.name}", date=today)
            self.assertEqual(
                self.env["account.bank.matcher"]._decide(line)[0][1].records, (("account.move", invoice.id),)
            )
            self.plan(invoice, [100], token=self.token() if is_charged else None)
            self.assertEqual(self.best(line), [("account.move", invoice.id)])
            self.assertEqual(bool(self.env["account.bank.matcher"]._decide(line)), not is_charged)
            if is_charged:
                self.assertIn("saved payment method", " ".join(line.get_match_suggestions(limit=1)[0]["reasons"]))
            line.sudo().unlink()

    def test_planned_payment_with_a_registered_payment(self):
        invoice = self.document([200], invoice_payment_term_id=self.payment_terms((50, 0), (50, 30)).id)
        payment = self.payment(100, date="2026-02-09")
        line = self.transaction(100, f"Tremblay family {invoice.name}")
        self.assertEqual(self.best(line), [("account.payment", payment.id)])
        line.auto_match()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_applied_payment_of_another_invoice_leaves_the_invoice_certain(self):
        self.register_payment(self.document([100]), payment_date="2025-11-01")
        invoice = self.document([100])
        line = self.transaction(100, f"Tremblay family {invoice.name}")
        self.assertEqual(self.best(line), [("account.move", invoice.id)])

    def test_payment_of_another_amount_or_owner_changes_nothing(self):
        other = self.env["res.partner"].create({"name": "Roy family"})
        self.payment(100, partner=other, date="2026-02-09")
        self.payment(90, date="2026-02-09")
        invoice = self.document([100])
        line = self.transaction(100, f"Tremblay family {invoice.name}")
        line.auto_match()
        self.assertEqual(invoice.payment_state, "paid")

    def test_several_payments_that_make_up_the_transaction_come_before_the_invoices_that_it_names(self):
        invoices = self.document([100]) | self.document([200])
        payments = self.payment(100, date="2026-02-09") | self.payment(200, date="2026-02-09")
        line = self.transaction(300, f"Tremblay family {invoices[0].name} {invoices[1].name}")
        self.assertEqual(set(self.best(line)), {("account.payment", payment.id) for payment in payments})
        line.auto_match()
        self.assertEqual(invoices.mapped("payment_state"), ["not_paid", "not_paid"])

    def test_several_payments_come_before_the_one_invoice_that_the_label_names_whoever_pays(self):
        for with_more, label in ((False, ""), (True, ""), (False, "Tremblay family "), (True, "Tremblay family ")):
            with self.subTest(with_more=with_more, label=label):
                invoice = self.document([300])
                payments = self.payment(100, date="2026-01-09") | self.payment(200, date="2026-02-09")
                more = self.payment(70, date="2026-02-08") if with_more else payments[:0]
                line = self.transaction(300, f"{label}{invoice.name}")
                self.assertEqual(set(self.best(line)), {("account.payment", payment.id) for payment in payments})
                line.auto_match()
                self.assertEqual(invoice.payment_state, "not_paid")
                self.assertFalse(more.is_matched)
                if line.is_reconciled:
                    line.action_unmatch()
                line.sudo().unlink()
                (payments | more).action_draft()
                (payments | more).action_cancel()

    def test_bill_whose_payments_were_registered_in_parts(self):
        bill = self.document([300], "in_invoice", ref="RS-2026-81")
        payments = [
            self.payment(amount, direction="outbound", partner_type="supplier", date="2026-02-09")
            for amount in (100, 200)
        ]
        line = self.transaction(-300, "RS-2026-81")
        self.assertEqual(set(self.best(line)), {("account.payment", payment.id) for payment in payments})
        line.auto_match()
        self.assertEqual(bill.payment_state, "not_paid")

    def test_payments_that_do_not_make_up_the_transaction_leave_the_invoice_certain(self):
        invoice = self.document([300])
        self.payment(100, date="2026-02-09")
        self.payment(150, date="2026-02-09")
        line = self.transaction(300, invoice.name)
        line.auto_match()
        self.assertEqual((line.matched_entity_type, invoice.payment_state), ("ar_invoice", "paid"))

    def test_payment_of_one_of_several_invoices_leaves_them_to_a_person(self):
        for sign, move_type, label in ((1, "out_invoice", "Tremblay family"), (-1, "in_invoice", "Rink Supplies")):
            invoices = self.document([100], move_type, ref="RS-1") | self.document([200], move_type, ref="RS-2")
            self.payment(
                100, date="2026-02-09", direction="inbound" if sign > 0 else "outbound",
                partner_type="customer" if sign > 0 else "supplier",
            )  # fmt: skip
            line = self.transaction(300 * sign, f"{label} {' '.join(invoices.mapped('name'))}")
            found = line.get_match_suggestions(limit=1)[0]
            self.assertEqual(set(found["records"]), {("account.move", number) for number in invoices.ids})
            self.assertIn("as large as this document", " ".join(found["reasons"]))
            line.auto_match()
            self.assertEqual(invoices.mapped("payment_state"), ["not_paid", "not_paid"])

    def test_difference_is_not_written_off_where_a_payment_waits(self):
        self.env["account.difference.policy"].create({
            "company_id": self.company.id, "currency_id": self.company.currency_id.id, "amount_max": 2,
            "percent_max": 10, "preset_id": self.fees.id, "is_automatic": True,
        })  # fmt: skip
        invoice = self.document([100])
        payment = self.payment(100, date="2026-02-09")
        line = self.transaction(98, invoice.name)
        line.auto_match()
        self.assertEqual((line.match_status, invoice.payment_state), ("unmatched", "not_paid"))
        payment.action_draft()
        payment.action_cancel()
        line.auto_match()
        self.assertEqual((line.match_status, invoice.payment_state), ("matched", "paid"))

    # -- undone -----------------------------------------------------------------------------------------------

    def cleared(self, amount=100):
        invoice = self.document([amount])
        payment = self.register_payment(invoice)
        line = self.transaction(amount, "deposit")
        before = self.bank_snapshot(line)
        line.match_with(payment)
        return payment, line, before

    def assertUnmatchedAgain(self, line, before):
        self.assertEqual(line.match_status, "unmatched")
        self.assertEqual(self.bank_snapshot(line), before)
        self.assertIn(line, line.search(line._unmatched_domain()))
        self.assertEqual(line.decision_ids[0].action, "unmatch")
        self.assertInvariants()

    def test_cancelled_payment_leaves_the_transaction_unmatched(self):
        payment, line, before = self.cleared()
        payment.action_draft()
        payment.action_cancel()
        self.assertUnmatchedAgain(line, before)

    def test_deleted_payment(self):
        payment, line, before = self.cleared()
        payment.action_draft()
        payment.unlink()
        self.assertUnmatchedAgain(line, before)

    def test_payment_unreconciled_by_odoo_s_own_button(self):
        payment, line, before = self.cleared()
        outstanding = payment._seek_for_lines()[0]
        outstanding.with_context(active_ids=outstanding.ids).action_unreconcile_match_entries()
        self.assertUnmatchedAgain(line, before)
        self.assertFalse(payment.is_matched)
        line.match_with(payment)
        self.assertBooked(line)

    def test_payment_set_free_by_its_partial(self):
        """By the cross on a document, or by another addon: the partial is deleted, whoever's lines it has."""
        payment, line, before = self.cleared()
        outstanding = payment._seek_for_lines()[0]
        partial = outstanding.matched_debit_ids | outstanding.matched_credit_ids
        payment.move_id.js_remove_outstanding_partial(partial.id)
        self.assertUnmatchedAgain(line, before)
        line.match_with(payment)
        (outstanding.matched_debit_ids | outstanding.matched_credit_ids).unlink()
        self.assertEqual(line.match_status, "unmatched")
        self.assertFalse(payment.is_matched)

    def test_one_of_two_payments_is_cancelled(self):
        first, second = (self.register_payment(self.document([amount])) for amount in (60, 40))
        line = self.transaction(100, "deposit")
        before = self.bank_snapshot(line)
        line.match_with([first, second])
        first.action_draft()
        first.action_cancel()
        self.assertUnmatchedAgain(line, before)
        self.assertFalse(second.is_matched)

    def test_who_cancels_need_not_be_able_to_match(self):
        payment, line, before = self.cleared()
        clerk = self.user_with(
            "payment.clerk", "account.group_account_invoice", "account_reconciliation.group_delete_reconciliations"
        )
        payment = payment.with_user(clerk)
        payment.action_draft()
        payment.action_cancel()
        self.assertUnmatchedAgain(line, before)

    def test_one_side_of_a_transfer_is_unreconciled(self):
        out = self.transaction(-50, "to savings")
        into = self.transaction(50, "from bank", journal=self.savings)
        out.match_transfer(into)
        item = out.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.company.transfer_account_id)
        item.with_context(active_ids=item.ids).action_unreconcile_match_entries()
        self.assertEqual((out.match_status, into.match_status), ("unmatched", "unmatched"))

    # -- another currency -------------------------------------------------------------------------------------

    def test_payment_in_another_currency_is_cleared_whole_by_the_first_suggestion(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.89)])
        for amount, direction, sign in ((100, "inbound", 1), (100, "outbound", -1)):
            for shown in (111, 112.36, 113):
                with self.subTest(direction=direction, shown=shown):
                    payment = self.payment(
                        amount, direction=direction, currency_id=euro.id, date="2026-02-09",
                        partner_type="customer" if sign > 0 else "supplier",
                    )  # fmt: skip
                    line = self.transaction(sign * shown, payment.partner_id.name)
                    best = line.get_match_suggestions(limit=1)[0]
                    self.assertEqual((best["records"], best["settle"]), ([("account.payment", payment.id)], True))
                    line.accept_match(best["records"], best["amounts"], best["settle"])
                    self.assertBooked(line)
                    self.assertTrue(payment.is_matched)
                    self.assertTrue(payment._seek_for_lines()[0].reconciled)
                    line.action_unmatch()
                    payment.action_draft()

    def test_payment_in_company_currency_on_a_foreign_account(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.89)])
        journal = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        outstanding = self.bank.inbound_payment_method_line_ids.payment_account_id[:1]
        journal.inbound_payment_method_line_ids.payment_account_id = outstanding
        payment = self.payment(100, journal_id=journal.id, currency_id=self.company.currency_id.id, date="2026-02-09")
        line = self.transaction(89.5, "Tremblay family", journal=journal)
        best = line.get_match_suggestions(limit=1)[0]
        self.assertEqual((best["records"], best["settle"]), ([("account.payment", payment.id)], True))
        line.match_with(payment)
        self.assertBooked(line)
        self.assertTrue(payment.is_matched)
        self.assertFalse(payment._seek_for_lines()[0].amount_residual)

    # -- another bank account ---------------------------------------------------------------------------------

    def test_payment_of_another_bank_account_is_suggested_with_a_sentence_and_never_certain(self):
        invoice = self.document([100])
        payment = self.register_payment(invoice, journal_id=self.savings.id, payment_date="2026-02-09")
        line = self.transaction(100, f"Tremblay family {invoice.name} {payment.memo}")
        best = line.get_match_suggestions(limit=1)[0]
        self.assertEqual(best["records"], [("account.payment", payment.id)])
        self.assertIn("registered on another bank account", " ".join(best["reasons"]))
        self.assertEqual(line.auto_match()["matched"], 0)
        self.assertEqual(line.count_suggestions(0.5), 0)
        line.match_with(payment)
        self.assertBooked(line)
        self.assertTrue(payment.is_matched)

    def offered(self, journal):
        """What a period of February offers of a bank account: (amount, kind)."""
        period = self.env["account.bank.reconciliation"].create({
            "journal_id": journal.id, "date_from": "2026-02-01", "date_to": "2026-02-28",
        })  # fmt: skip
        return [(row["amount"], row["kind"]) for row in period.get_page()["rows"]]

    def test_no_period_counts_a_payment_for_an_account_that_never_had_it(self):
        self.savings.default_account_id = self.savings.default_account_id.copy({"code": "101777"})
        payment = self.register_payment(self.document([100]), journal_id=self.savings.id, payment_date="2026-02-09")
        half = self.transaction(40)
        half.match_with([payment], [40])
        self.assertEqual((self.offered(self.bank), self.offered(self.savings)), ([(40, "bank")], [(60, "receipt")]))
        self.transaction(60).match_with(payment)
        with self.env.cr.savepoint():
            self.env["account.bank.reconciliation"].search([]).unlink()
        self.assertEqual(self.offered(self.bank), [(40, "bank"), (60, "bank")])
        self.assertEqual(self.offered(self.savings), [])

    # -- whose it is ------------------------------------------------------------------------------------------

    def entry_of_nobody(self, amount):
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "date": "2026-01-10",
            "line_ids": [
                Command.create({"account_id": receivable.id, "balance": amount}),
                Command.create({"account_id": self.swim_code.id, "balance": -amount}),
            ],
        })  # fmt: skip
        entry.action_post()
        return entry

    def test_surplus_without_an_owner_goes_to_the_transaction_s_partner(self):
        line = self.transaction(100, partner_id=self.family.id)
        line.match_with(self.entry_of_nobody(80))
        self.assertBooked(line)
        left = line.sudo().move_id._owed_lines().filtered(lambda item: not item.reconciled)
        self.assertEqual((left.amount_residual, left.partner_id), (-20, self.family))

    def test_surplus_of_nobody_is_refused(self):
        line = self.transaction(100)
        before = self.bank_snapshot(line)
        with self.assertRaisesRegex(Exception, "whose it is"):
            line.match_with(self.entry_of_nobody(80))
        self.assertEqual(self.bank_snapshot(line), before)

    def test_preset_on_a_receivable_needs_a_partner(self):
        """By every route that books a preset: alone, beside a document, by a rule, as a line, for a transfer's fee."""
        receivable = self.company_data["default_account_receivable"]
        preset = self.preset("Onto the client", receivable)
        rule = self.preset("By itself", receivable, trigger="auto_reconcile", match_label="contains",
                           match_label_param="dues")  # fmt: skip
        invoice = self.document([40])
        alone, beside, dues = self.transaction(50), self.transaction(50), self.transaction(50, "dues")
        out, into = self.transaction(-100), self.transaction(98, journal=self.savings)
        for book in (
            lambda: alone.match_expense(preset),
            lambda: alone.book_lines([{"kind": "preset", "preset_id": preset.id}]),
            lambda: beside.match_with([invoice, preset]),
            lambda: dues.match_with(rule),
            lambda: out.match_transfer(into, preset),
        ):
            with self.assertRaisesRegex(UserError, "Choose the partner"), self.cr.savepoint():
                book()
        self.assertEqual(dues.auto_match()["by_rule"], 0)
        self.assertEqual((alone | beside | dues | out | into).mapped("match_status"), ["unmatched"] * 5)
        alone.sudo().partner_id = self.family
        alone.match_with(preset)
        self.assertEqual(alone.sudo().move_id._owed_lines().partner_id, self.family)

    # -- the journal's account ----------------------------------------------------------------------------------

    def test_account_of_a_bank_journal_with_transactions_can_t_change(self):
        self.savings.default_account_id = self.savings.default_account_id.copy({"code": "101777"})
        self.transaction(10, journal=self.savings)
        with self.assertRaisesRegex(Exception, "has transactions on its account"):
            self.savings.default_account_id = self.savings.default_account_id.copy({"code": "101778"})
        self.savings.name = "Renamed"

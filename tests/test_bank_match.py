"""A match books a bank transaction against what it paid, for good or until it is undone."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.common.exceptions import StaleMatch
from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankMatch(BankMatchingCommon):
    # -- documents -----------------------------------------------------------------------------------------

    def test_new_transaction_is_unmatched(self):
        line = self.transaction(100)
        self.assertEqual(line.match_status, "unmatched")
        self.assertFalse(line.matched_entity_type)

    def test_transaction_pays_a_customer_invoice_item_by_item(self):
        invoice = self.document([75, 75, 20])
        line = self.transaction(100, "Tremblay")
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(line.matched_entity_type, "ar_invoice")
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual(invoice.amount_residual, 70)
        self.assertEqual(line.partner_id, self.family)
        self.assertInvariants(invoice)

    def test_transaction_pays_a_bill_in_full(self):
        bill = self.document([120.5], "in_invoice")
        line = self.transaction(-120.5, "Rink")
        line.match_with(bill)
        self.assertBooked(line)
        self.assertEqual(line.matched_entity_type, "ap_invoice")
        self.assertEqual(bill.payment_state, "paid")
        self.assertInvariants(bill)

    def test_named_by_model_and_id_as_remote_calls_do(self):
        invoice = self.document([40])
        line = self.transaction(40)
        line.match_with([["account.move", invoice.id]])
        self.assertEqual(invoice.payment_state, "paid")

    def test_registered_payment_is_seen_at_the_bank(self):
        invoice = self.document([60])
        payment = self.register_payment(invoice)
        self.assertFalse(payment.is_matched)
        line = self.transaction(60)
        line.match_with(payment)
        self.assertBooked(line)
        self.assertEqual(line.matched_entity_type, "payment")
        self.assertTrue(payment.is_matched)
        self.assertEqual(payment.state, "paid")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.with_user(self.accountant).bank_transaction_count, 1)

    def test_an_invoice_form_asks_two_queries_more_than_odoos(self):
        invoice = self.document([75, 20])
        self.transaction(60).match_with(self.register_payment(invoice, 60))
        form = Form(invoice.with_user(self.accountant))
        asked = form._view["fields_spec"]
        known = form._record._fields
        of_odoo = {name: asked[name] for name in asked if "account_reconciliation" not in known[name]._modules}
        self.assertLess(len(of_odoo), len(asked))

        def queries(fields):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            form._record.web_read(fields)
            return self.env.cr.sql_log_count - before

        queries(asked)
        self.assertLessEqual(queries(asked) - queries(of_odoo), 2)
        [shown] = form._record.read(["bank_transaction_count", "has_reconciliation_items", "can_plan_payments"])
        self.assertEqual(shown["bank_transaction_count"], 1)
        self.assertTrue(shown["has_reconciliation_items"] and shown["can_plan_payments"])

    def test_one_transaction_pays_several_documents_in_order(self):
        first, second = self.document([70]), self.document([80], date="2026-01-20")
        line = self.transaction(120)
        line.match_with(first | second)
        self.assertBooked(line)
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 30))
        self.assertInvariants(first | second)

    def test_told_amounts_are_kept(self):
        first, second = self.document([70]), self.document([80])
        line = self.transaction(120)
        line.match_with([first, second], [40, 80])
        self.assertEqual((first.amount_residual, second.amount_residual), (30, 0))

    def test_credit_note_beside_invoice_is_netted(self):
        invoice, credit = self.document([150]), self.document([50], "out_refund")
        line = self.transaction(100)
        line.match_with(invoice | credit)
        self.assertBooked(line)
        self.assertEqual((invoice.payment_state, credit.payment_state), ("paid", "paid"))
        self.assertInvariants(invoice | credit)

    def test_two_due_dates_paid_in_one_sum(self):
        term = self.payment_terms((30, 0), (70, 30))
        invoice = self.document([100, 50], invoice_payment_term_id=term.id)
        self.assertEqual(len(invoice._owed_lines()), 2)
        line = self.transaction(150)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.applied(invoice), [100, 50])

    def test_refund_goes_out_against_a_credit_note(self):
        credit = self.document([35], "out_refund")
        line = self.transaction(-35)
        line.match_with(credit)
        self.assertBooked(line)
        self.assertEqual(line.matched_entity_type, "ar_invoice")
        self.assertEqual(credit.payment_state, "paid")

    def test_refund_of_a_deposit(self):
        deposit = self.payment(90)
        line = self.transaction(-90)
        line.match_with(deposit.move_id._owed_lines())
        self.assertBooked(line)
        self.assertTrue(deposit.move_id._owed_lines().reconciled)

    def test_overpayment_stays_as_a_deposit_on_the_account(self):
        invoice = self.document([80])
        line = self.transaction(100)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        left = line.sudo().move_id._owed_lines().filtered(lambda item: not item.reconciled)
        self.assertEqual((left.amount_residual, left.partner_id), (-20, self.family))

    def test_overpayment_of_two_families_is_refused(self):
        other = self.env["res.partner"].create({"name": "Roy family"})
        documents = self.document([40]) | self.document([40], partner=other)
        line = self.transaction(100)
        before = self.bank_snapshot(line)
        with self.assertRaisesRegex(UserError, "left over"):
            line.match_with(documents)
        self.assertEqual(self.bank_snapshot(line), before)

    def test_more_than_the_transaction_is_refused(self):
        first, second = self.document([70]), self.document([80])
        line = self.transaction(100)
        with self.assertRaisesRegex(UserError, "takes"):
            line.match_with([first, second], [70, 80])
        self.assertEqual(line.match_status, "unmatched")

    def test_more_than_is_open_is_refused(self):
        invoice = self.document([70])
        with self.assertRaisesRegex(UserError, "is open"):
            self.transaction(100).match_with([invoice], [100])

    def test_9700_never_pays_10000(self):
        invoice = self.document([10000])
        line = self.transaction(9700)
        line.match_with(invoice)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("partial", 300))

    def test_fee_taken_off_is_booked_by_a_preset(self):
        invoice = self.document([100])
        line = self.transaction(98.5)
        line.match_with([invoice, self.fees])
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        fee = line.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.fees_code)
        self.assertEqual((fee.balance, fee.reconcile_model_id), (1.5, self.fees))

    def test_early_payment_discount(self):
        term = self.payment_terms((100, 30), early_discount=True, discount_percentage=2, discount_days=10)
        for move_type, sign in (("out_invoice", 1), ("in_invoice", -1)):
            with self.subTest(move_type):
                document = self.document([100, 100], move_type, invoice_payment_term_id=term.id, date="2026-02-05")
                line = self.transaction(sign * 196)
                line.match_with(document)
                self.assertBooked(line)
                self.assertEqual(document.payment_state, "paid")
                self.assertInvariants(document)

    def test_paid_elsewhere_is_told_and_nothing_is_booked(self):
        invoice = self.document([50])
        line = self.transaction(50)
        self.register_payment(invoice)
        before = self.bank_snapshot(line)
        with self.assertRaises(StaleMatch):
            line.match_with(invoice)
        answer = line.accept_match([("account.move", invoice.id)])
        self.assertEqual(answer["state"], "stale")
        self.assertEqual(self.bank_snapshot(line), before)

    def test_matched_once_only(self):
        line = self.transaction(50)
        line.match_with(self.document([50]))
        with self.assertRaisesRegex(UserError, "matched already"):
            line.match_with(self.document([50]))

    # -- currencies ----------------------------------------------------------------------------------------------

    def test_document_in_another_currency_by_the_rate_of_the_day(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        invoice = self.document([100], currency_id=euro.id)
        line = self.transaction(150)  # 75 EUR at 0.5
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(invoice.amount_residual, 25)
        self.assertInvariants(invoice)

    def test_document_in_another_currency_settled_in_full(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        invoice = self.document([100], currency_id=euro.id)
        line = self.transaction(193.4)
        line.match_with(invoice, settle=True)
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertInvariants(invoice)
        exchange = self.env["account.move"].search([
            ("journal_id", "=", self.company.currency_exchange_journal_id.id), ("company_id", "=", self.company.id),
        ])  # fmt: skip
        self.assertEqual(sum(exchange.line_ids.filtered(lambda item: item.balance > 0).mapped("balance")), 6.6)

    def test_bank_account_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        invoice = self.document([100], currency_id=euro.id)
        dollars = self.document([50])
        line = self.transaction(100, journal=euro_bank)
        line.match_with(invoice)
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        other = self.transaction(20, journal=euro_bank)
        other.match_with(dollars)
        self.assertBooked(other)
        self.assertEqual(dollars.payment_state, "paid")
        self.assertInvariants(invoice | dollars)

    def test_documents_in_the_currency_that_the_bank_names_are_paid_to_the_cent(self):
        """Each for itself would be rounded up: the last one would lack a cent."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        for prices, amount, stated in (([50, 50], 117.33, 100), ([33.33] * 3, 117.34, 99.99), ([0.3] * 4, 1.49, 1.2)):
            with self.subTest(prices):
                documents = self.env["account.move"].union(*(
                    self.document([price], currency_id=euro.id) for price in prices
                ))  # fmt: skip
                line = self.transaction(amount, foreign_currency_id=euro.id, amount_currency=stated)
                line.match_with(documents)
                self.assertBooked(line)
                self.assertEqual(documents.mapped("amount_residual"), [0] * len(prices))
                self.assertEqual(len(line.sudo().move_id.line_ids), 1 + len(prices), "nothing is left as a deposit")
                self.assertInvariants(documents)

    def test_only_one_document_is_settled_in_full(self):
        """Of several, the one that gets what is left would lose most of itself as an exchange result."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        documents = self.document([100], currency_id=euro.id) | self.document([100], currency_id=euro.id)
        line = self.transaction(250)
        for amounts in (None, [200, 50]):
            with self.assertRaisesRegex(UserError, "one document at a time"):
                line.match_with(documents, amounts, settle=True)
        line.match_with(documents)
        self.assertEqual(documents.mapped("amount_residual"), [0, 75])

    # -- expenses -------------------------------------------------------------------------------------------------

    def test_expense_by_preset(self):
        lines = self.transaction(-12, "Monthly fee") | self.transaction(-3.5, "Fee")
        lines.match_expense(self.fees)
        for line in lines:
            self.assertBooked(line)
            self.assertEqual(line.matched_entity_type, "expense")
        items = lines.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.fees_code)
        self.assertEqual(sorted(items.mapped("balance")), [3.5, 12])

    def test_expense_with_tax_taken_out(self):
        tax = self.env["account.tax"].create({
            "name": "GST 5%", "amount": 5, "type_tax_use": "purchase", "company_id": self.company.id,
        })  # fmt: skip
        preset = self.preset("Software", self.fees_code, tax)
        line = self.transaction(-10.51)
        line.match_expense(preset)
        self.assertBooked(line)
        items = line.sudo().move_id.line_ids
        self.assertEqual(items.filtered("tax_ids").balance, 10.01)
        self.assertEqual(sum(items.filtered("tax_line_id").mapped("balance")), 0.5)

    def test_preset_that_covers_a_part_is_refused(self):
        preset = self.preset("Half", self.fees_code)
        preset.line_ids.amount_string = "50"
        line = self.transaction(-10)
        with self.assertRaisesRegex(UserError, "covers"):
            line.match_expense(preset)
        self.assertEqual(line.match_status, "unmatched")

    def test_preset_with_an_archived_account_is_refused(self):
        self.fees_code.active = False
        line = self.transaction(-10)
        with self.assertRaisesRegex(UserError, "archived"):
            line.match_expense(self.fees)
        self.assertEqual(line.match_status, "unmatched")

    # -- transfers --------------------------------------------------------------------------------------------------

    def test_transfer_pairs_both_sides_and_is_no_income(self):
        out, into = self.transaction(-500), self.transaction(500, journal=self.savings, date="2026-02-11")
        out.match_transfer(into)
        for line in (out, into):
            self.assertBooked(line)
            self.assertEqual(line.matched_entity_type, "internal_transfer")
        items = (out | into).sudo().move_id.line_ids
        self.assertFalse(items.filtered(lambda item: item.account_id.internal_group in ("income", "expense")))
        self.assertTrue(all(items.filtered("account_id.reconcile").mapped("reconciled")))

    def test_transfer_with_a_fee(self):
        out, into = self.transaction(-505), self.transaction(500, journal=self.savings)
        with self.assertRaisesRegex(UserError, "differ"):
            out.match_transfer(into)
        into.match_transfer(out, self.fees)
        self.assertBooked(out)
        fee = out.sudo().move_id.line_ids.filtered(lambda item: item.account_id == self.fees_code)
        self.assertEqual(fee.balance, 5)

    def test_transfer_between_currencies(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        out, into = self.transaction(-201), self.transaction(100, journal=euro_bank)
        before = self.bank_snapshot(out, into)
        out.match_transfer(into)
        self.assertBooked(out)
        self.assertBooked(into)
        items = (out | into).sudo().move_id.line_ids
        on_the_way = items.filtered(lambda item: item.account_id == self.company.transfer_account_id)
        self.assertEqual(on_the_way.mapped("reconciled"), [True, True], "nothing stays on the transfer account")
        loss = items.filtered(lambda item: item.account_id == self.company.expense_currency_exchange_account_id)
        self.assertEqual(loss.balance, 1)
        into.action_unmatch()
        self.assertEqual(self.bank_snapshot(out, into), before)

    def test_undoing_one_side_of_a_transfer_undoes_both(self):
        out, into = self.transaction(-500), self.transaction(500, journal=self.savings)
        before = self.bank_snapshot(out, into)
        for undo in (into.action_unmatch, into.action_undo_reconciliation):
            out.match_transfer(into)
            undo()
            self.assertEqual(self.bank_snapshot(out, into), before)

    def test_what_is_no_transfer_is_refused(self):
        out = self.transaction(-500)
        for other in (self.transaction(500), self.transaction(-500, journal=self.savings)):
            with self.assertRaises(UserError):
                out.match_transfer(other)

    # -- undoing and ignoring ----------------------------------------------------------------------------------------

    def test_undo_gives_back_both_sides_field_by_field(self):
        invoice, bill = self.document([75, 75, 20]), self.document([30], "in_invoice")
        payment = self.payment(45)
        cases = [
            (self.transaction(100, "T"), [invoice]),
            (self.transaction(-30, partner_id=self.vendor.id), [bill]),
            (self.transaction(45), [payment]),
            (self.transaction(-8), [self.fees]),
        ]
        moves = invoice | bill | payment.move_id
        for line, records in cases:
            with self.subTest(records[0].display_name):
                before = self.bank_snapshot(line), self.snapshot(moves)
                line.match_with(records)
                self.assertBooked(line)
                line.action_unmatch()
                self.assertEqual((self.bank_snapshot(line), self.snapshot(moves)), before)

    def test_undo_by_odoos_own_button_is_the_same(self):
        invoice = self.document([50])
        line = self.transaction(50)
        before = self.bank_snapshot(line)
        line.match_with(invoice)
        line.action_undo_reconciliation()
        self.assertEqual(self.bank_snapshot(line), before)

    def test_undo_leaves_the_bank_side_with_the_entry_that_reverses_it(self):
        line = self.transaction(100, "Tremblay")
        reversal = line.sudo().move_id._reverse_moves([{"date": "2026-02-12"}], cancel=True)
        of_bank = reversal.line_ids.filtered(lambda one: one.account_id == self.bank.default_account_id)
        self.assertTrue(of_bank.reconciled)
        line.match_with(self.document([100]))
        line.action_unmatch()
        self.env.invalidate_all()
        self.assertTrue(of_bank.reconciled)
        self.assertTrue(line.sudo()._seek_for_lines()[0].reconciled)
        self.assertEqual(line.match_status, "unmatched")

    def test_undo_keeps_the_rate_that_the_transaction_was_booked_at(self):
        """A rate of that day that is entered or corrected later doesn't revalue what the bank has moved."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        invoice = self.document([100], currency_id=euro.id)
        line = self.transaction(100, journal=euro_bank)
        before = self.bank_snapshot(line)
        line.match_with(invoice)
        self.env["res.currency.rate"].create({"name": "2026-02-10", "rate": 0.4, "currency_id": euro.id,
                                              "company_id": self.company.id})  # fmt: skip
        line.action_unmatch()
        self.assertEqual(self.bank_snapshot(line), before)

    def test_ignored_needs_a_reason_and_can_be_taken_back(self):
        line = self.transaction(-1)
        with self.assertRaisesRegex(UserError, "reason"):
            line.action_ignore("  ")
        line.action_ignore("Correction of the bank")
        self.assertEqual((line.match_status, line.ignore_reason), ("ignored", "Correction of the bank"))
        self.assertNotIn(line, line.search(line._unmatched_domain(self.bank)))
        line.action_unignore()
        self.assertEqual((line.match_status, line.ignore_reason), ("unmatched", False))

    def test_matching_an_ignored_transaction_takes_it_back(self):
        line = self.transaction(50)
        line.action_ignore("Not ours")
        line.match_with(self.document([50]))
        self.assertEqual((line.match_status, line.ignore_reason), ("manual", False))

    def test_matched_cannot_be_ignored(self):
        line = self.transaction(50)
        line.match_with(self.document([50]))
        with self.assertRaises(UserError):
            line.action_ignore("why not")

    def test_exactly_one_status(self):
        states = ["unmatched", "matched", "manual", "ignored"]
        lines = self.transaction(1) | self.transaction(-2) | self.transaction(3)
        lines[1].action_ignore("x")
        lines[2].match_with(self.document([3]))
        counted = sum(lines.search_count([("id", "in", lines.ids), ("match_status", "=", state)]) for state in states)
        self.assertEqual(counted, 3)

    # -- locks ------------------------------------------------------------------------------------------------------

    def test_locked_tax_period_is_refused_whole(self):
        tax = self.company_data["default_tax_purchase"]
        preset = self.preset("Taxed", self.fees_code, tax)
        line = self.transaction(-50)
        before = self.bank_snapshot(line)
        self.company.tax_lock_date = "2026-02-28"
        with self.assertRaisesRegex(UserError, "tax statement"), self.cr.savepoint():
            line.match_expense(preset)
        self.assertEqual(self.bank_snapshot(line), before)

    # -- the trace ---------------------------------------------------------------------------------------------------

    def test_invoice_knows_its_transaction_and_back(self):
        invoice = self.document([50])
        line = self.transaction(50)
        line.match_with(invoice)
        action = invoice.with_user(self.accountant).action_open_bank_transactions()
        self.assertEqual(action["res_id"], line.id)
        self.assertEqual(line.action_open_matched()["res_id"], invoice.id)

    # -- rights --------------------------------------------------------------------------------------------------------

    def test_only_accountants_match(self):
        invoice = self.document([50])
        line = self.transaction(50)
        for role in ("admin", "general"):
            user = self.user_with(f"matching.{role}", f"account_reconciliation.group_{role}")
            for call in (
                lambda mine: mine.match_with(invoice.sudo(False)),
                lambda mine: mine.action_ignore("x"),
                lambda mine: mine.auto_match(),
                lambda mine: mine.get_match_suggestions(),
                lambda mine: mine.action_unmatch(),
                lambda mine: mine.search_match_targets("x"),
            ):
                with self.assertRaises(AccessError):
                    call(line.with_user(user))
        self.assertEqual(line.match_status, "unmatched")

"""Returned payments: what they had paid is open again item by item, and undoing restores it."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon
from .common.reports import ReportChecks
from .common.returns import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturns(ReturnsCommon, ReportChecks):
    def test_payment_comes_back_and_its_items_are_open_again(self):
        invoice, payment, received = self.paid()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        balances = {line: line.balance for line in (invoice | payment.move_id | received.sudo().move_id).line_ids}
        back = self.transaction(-100, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
        record = self.accept(back)
        self.assertBooked(back)
        self.assertEqual(back.matched_entity_type, "return")
        self.assertEqual(self.applied(invoice), [0, 0, 0])
        self.assertEqual(self.left(invoice), [75, 75, 20])
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(record.line_ids.mapped("amount"), [75, 25])
        self.assertEqual(record.reason, "There was not enough money in the account")
        self.assertEqual(record.reason_code, "AM04")
        self.assertEqual(back.move_id.date, fields.Date.to_date("2026-03-02"))
        self.assertEqual({line: line.balance for line in balances}, balances, "entries of the earlier days stay")
        self.assertTrue(self.owed(payment).reconciled, "the payment is settled by its return")
        self.assertIn("There was not enough money in the account (AM04)", invoice.return_reason)
        self.assertIn("was returned on 2026-03-02", invoice.message_ids[0].body)
        self.assertTrue(payment.is_returned)
        self.assertInvariants()
        self.assertReportsTie(self.company)

    def test_undo_restores_every_field(self):
        invoice, payment, received = self.paid()
        moves = invoice | payment.move_id | received.sudo().move_id
        before = self.ledger(moves), self.applied(invoice, payment)
        back = self.transaction(-100, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
        waiting = self.bank_snapshot(back)
        record = self.accept(back)
        back.action_unmatch()
        self.assertEqual((self.ledger(moves), self.applied(invoice, payment)), before)
        self.assertEqual(self.bank_snapshot(back), waiting)
        self.assertEqual(record.state, "undone")
        self.assertFalse(invoice.return_reason)
        self.assertFalse(payment.is_returned)
        self.assertInvariants()
        self.assertReportsTie(self.company)
        self.assertTrue(self.suggested(back), "it can be returned again")

    def test_undo_restores_what_had_paid_a_draft(self):
        """Odoo lets a draft be paid; one that is reset to draft later stays as it is."""
        for is_draft in (True, False):
            with self.subTest(is_draft=is_draft):
                invoice, payment = self.document([100]), self.payment(60)
                if is_draft:
                    invoice.button_draft()
                self.reconcile(invoice, payment)
                back = self.transaction(-60, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
                back.match_with(self.owed(payment))
                self.assertEqual(invoice.amount_residual, 100)
                if not is_draft:
                    invoice.button_draft()
                back.action_unmatch()
                self.assertEqual(invoice.amount_residual, 40 if is_draft else 100)
        self.assertInvariants()

    def test_split_chosen_by_a_person_comes_back_with_undo(self):
        invoice, payment = self.document([75, 75, 20]), self.payment(100)
        items = invoice.reconciliation_item_ids.sorted("sequence")
        pairs = self.owed(payment)._pairs_with_document(
            invoice, invoice.currency_id._exact(100), {items[1].id: 75, items[2].id: 20, items[0].id: 5}
        )
        self.env["account.move.line"]._reconcile_pairs(pairs)
        self.assertEqual(self.applied(invoice), [5, 75, 20])
        back = self.transaction(-100, f"NSF {payment.name}", date="2026-03-02")
        self.accept(back)
        self.assertEqual(self.applied(invoice), [0, 0, 0])
        back.action_unmatch()
        self.assertEqual(self.applied(invoice), [5, 75, 20])
        self.assertInvariants()

    def test_bank_transaction_that_paid_directly_comes_back(self):
        invoice = self.document([75, 75, 20])
        received = self.transaction(100, "SEPA", date="2026-01-16", end_to_end_id="E2E-77")
        received.match_with(invoice)
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        back = self.transaction(-100, "Rücklastschrift", date="2026-02-01", end_to_end_id="E2E-77", return_code="MD06")
        self.assertEqual(back.auto_match()["matched"], 1, "code and reference prove it")
        self.assertBooked(back, "matched")
        self.assertEqual(self.applied(invoice), [0, 0, 0])
        self.assertEqual(received.match_status, "manual", "what came in stays matched")
        decision = back.sudo().decision_ids[0]
        self.assertEqual(decision.action, "auto")
        self.assertIn("E2E-77", decision.reasons)
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual(self.applied(invoice), [75, 25, 0])

    def test_nothing_is_automatic_without_code_or_without_reference(self):
        self.paid()
        for values in ({"return_code": "AM04"}, {"end_to_end_id": "E2E-1"}, {}):
            back = self.transaction(-100, "returned", date="2026-02-01", **values)
            self.assertEqual(back.auto_match()["matched"], 0, values)
            self.assertTrue(self.suggested(back), values)

    def test_registered_payment_comes_back_by_the_reference_of_what_cleared_it(self):
        for number, name in enumerate(("end_to_end_id", "structured_reference")):
            reference = {name: f"E2E-{number}7"}
            invoice, payment = self.document([100]), self.payment(100, date="2026-01-15")
            self.reconcile(invoice, payment)
            self.transaction(100, "receipt", date="2026-01-16", **reference).match_with(payment)
            back = self.transaction(-100, "R", date="2026-02-01", return_code="AM04", **reference)
            self.assertEqual(back.auto_match()["matched"], 1, name)
            self.assertEqual((payment.is_returned, invoice.amount_residual), (True, 100))
            back.action_unmatch()
            self.assertEqual((payment.is_returned, invoice.amount_residual), (False, 0))

    def test_two_payments_of_one_reference_are_left_to_a_person(self):
        for _number in range(2):
            received = self.transaction(100, "SEPA", date="2026-01-16", end_to_end_id="E2E-8")
            received.match_with(self.document([100]))
        back = self.transaction(-100, "R", date="2026-02-01", end_to_end_id="E2E-8", return_code="AC04")
        self.assertEqual(back.auto_match()["matched"], 0)
        self.assertEqual(len(self.suggested(back)), 2)

    def test_coded_return_is_matched_with_nothing_else(self):
        """A return of 120 is no payment of a bill of 120, however well that fits."""
        bill = self.document([120], "in_invoice", ref="BILL-4711")
        back = self.transaction(-120, "BILL-4711", date="2026-01-12", return_code="MS03", partner_id=self.vendor.id)
        self.assertEqual(back.auto_match()["matched"], 0)
        self.assertEqual(bill.payment_state, "not_paid")

    def test_outgoing_money_without_a_word_is_no_return(self):
        self.paid()
        self.assertFalse(self.suggested(self.transaction(-100, "Rink Supplies", date="2026-02-01")))

    def test_vendor_payment_comes_back(self):
        bill = self.document([300, 50], "in_invoice")
        payment = self.payment(350, partner_type="supplier", direction="outbound")
        self.reconcile(bill, payment)
        self.transaction(-350, "out", date="2026-01-16").match_with(payment)
        back = self.transaction(350, f"REJET VIREMENT {payment.name}", date="2026-01-20", return_code="AC01")
        record = self.accept(back)
        self.assertEqual(record.side, "supplier")
        self.assertEqual(self.left(bill), [300, 50])
        self.assertEqual(bill.payment_state, "not_paid")
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual(self.left(bill), [0, 0])
        self.assertInvariants()

    def test_what_had_been_written_off_comes_back_too(self):
        invoice = self.document([100])
        payment = self.register_payment(
            invoice, 95, payment_difference_handling="reconcile", writeoff_account_id=self.fees_code.id,
            writeoff_label="rounded",
        )  # fmt: skip
        self.assertEqual(self.left(invoice), [0])
        back = self.transaction(-95, f"returned {payment.name}", date="2026-02-20", return_code="AM04")
        self.accept(back)
        self.assertBooked(back)
        self.assertEqual(self.left(invoice), [100])
        written_off = (payment.move_id | back.sudo().move_id).line_ids.filtered(
            lambda line: line.account_id == self.fees_code
        )
        self.assertEqual(sum(written_off.mapped("balance")), 0)
        self.assertEqual(len(written_off), 2)
        self.assertEqual(sum(self.owed(payment).mapped("amount_residual")), 0)
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual(self.left(invoice), [0])

    # -- the bank's fee ----------------------------------------------------------------------------------------

    def test_fee_goes_to_its_account(self):
        invoice, payment, _received = self.paid()
        back = self.transaction(-104.5, f"returned {payment.name}", date="2026-02-20", return_code="AM04", charges=-4.5)
        self.assertEqual(back.auto_match()["matched"], 1)
        fee = back.sudo().move_id.line_ids.filtered(lambda line: line.account_id == self.fees_code)
        self.assertEqual(fee.balance, 4.5)
        self.assertEqual(self.left(invoice), [75, 75, 20])
        record = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
        self.assertEqual((record.amount, record.fee, record.charge_move_id.id), (100, 4.5, False))
        self.assertInvariants()

    def test_fee_that_no_file_tells_is_left_to_a_person(self):
        _invoice, payment, _received = self.paid()
        back = self.transaction(-104.5, f"returned {payment.name}", date="2026-02-20", return_code="AM04")
        self.assertEqual(back.auto_match()["matched"], 0)
        self.assertIn("4.5", self.suggested(back)[0]["note"])
        self.company.return_fee_id = False
        with self.assertRaisesRegex(UserError, "no preset is chosen"):
            back.match_with(self.suggested(back)[0]["records"])
        back.match_with([*self.suggested(back)[0]["records"], (self.fees._name, self.fees.id)])
        self.assertBooked(back)

    def test_fee_is_charged_to_the_client_and_undo_takes_it_back(self):
        product = self.env["product.product"].create({
            "name": "Charge for a returned payment", "type": "service", "property_account_income_id": self.pass_code.id,
            "taxes_id": [Command.clear()],
        })  # fmt: skip
        self.company.write({"return_charge": "fixed", "return_charge_amount": 25, "return_charge_product_id": product})
        _invoice, payment, _received = self.paid()
        back = self.transaction(-100, f"returned {payment.name}", date="2026-02-20", return_code="AM04")
        charge = self.accept(back).charge_move_id
        self.assertEqual(charge.partner_id, self.family)
        self.assertEqual((charge.state, charge.amount_total), ("posted", 25))
        self.assertEqual(charge.invoice_date, fields.Date.to_date("2026-02-20"))
        self.assertEqual(charge.reconciliation_item_ids.account_id, self.pass_code)
        transactions = self.env["account.reconciliation.transaction"].search([("partner_id", "=", self.family.id)])
        self.assertIn("returned", transactions.mapped("transaction_type"))
        self.assertIn(charge, transactions.move_id)
        paid = self.payment(25)
        self.reconcile(charge, paid)
        with self.assertRaisesRegex(UserError, "Delete its reconciliation first"), self.env.cr.savepoint():
            back.action_unmatch()
        self.assertEqual(back.match_status, "manual")
        self.owed(charge).remove_move_reconcile()
        back.action_unmatch()
        self.assertEqual(charge.state, "cancel")
        self.assertInvariants()

    # -- what can't be ---------------------------------------------------------------------------------------------

    def test_payment_comes_back_once(self):
        _invoice, payment, _received = self.paid()
        self.accept(self.transaction(-100, f"returned {payment.name}", date="2026-02-20"))
        again = self.transaction(-100, f"returned {payment.name}", date="2026-02-21", return_code="AM04")
        self.assertFalse(self.suggested(again))
        with self.assertRaisesRegex(UserError, "was returned on 02/20/2026 already"):
            again.match_with(self.owed(payment))

    def test_suggestion_that_was_rejected_is_gone(self):
        _invoice, payment, _received = self.paid()
        back = self.transaction(-100, f"returned {payment.name}", date="2026-02-20", return_code="AM04")
        back.reject_suggestion(self.suggested(back)[0]["records"])
        self.assertFalse(self.suggested(back))
        self.assertEqual(back.auto_match()["matched"], 0)

    def test_return_in_an_open_month_leaves_the_closed_one_alone(self):
        invoice, payment, received = self.paid()
        self.env["account.move"].flush_model()
        self.company.write({"fiscalyear_lock_date": "2026-01-31", "hard_lock_date": "2026-01-31"})
        back = self.transaction(-100, f"returned {payment.name}", date="2026-02-20", return_code="AM04")
        self.accept(back)
        self.assertEqual(self.left(invoice), [75, 75, 20])
        january = self.env["account.move.line"].search([("date", "<", "2026-02-01"), ("move_id", "=", back.move_id.id)])
        self.assertFalse(january)
        self.assertEqual(received.match_status, "manual")
        back.action_unmatch()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertInvariants()

    def test_open_deposit_goes_back_as_before(self):
        """Money out that pays a deposit back, without a word of a return, is no return."""
        deposit = self.payment(100)
        back = self.transaction(-100, "to Tremblay", date="2026-02-20")
        back.match_with(self.owed(deposit))
        self.assertNotEqual(back.matched_entity_type, "return")
        self.assertTrue(self.owed(deposit).reconciled)

    def test_unlinked_bank_transaction_takes_nothing_back(self):
        invoice, payment, _received = self.paid()
        back = self.transaction(-100, f"returned {payment.name}", date="2026-02-20")
        self.accept(back)
        back.sudo().unlink()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertInvariants()

    def test_paid_otherwise_meanwhile_stays_paid(self):
        invoice, payment, _received = self.paid(amount=170)
        back = self.transaction(-170, f"returned {payment.name}", date="2026-02-20")
        self.accept(back)
        cash = self.payment(170, date="2026-02-25")
        self.reconcile(invoice, cash)
        back.action_unmatch()
        self.assertEqual(invoice.payment_state, "paid" if invoice.payment_state == "paid" else "in_payment")
        self.assertEqual(self.applied(invoice, cash), [75, 75, 20])
        self.assertEqual(sum(self.owed(payment).mapped("amount_residual")), -170, "it stays as a deposit")
        self.assertInvariants()

    # -- foreign currency --------------------------------------------------------------------------------------

    def test_payment_in_a_foreign_currency(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-01-15", 2.5), ("2026-02-15", 4.0)]
        )
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        invoice = self.document([60, 40], currency_id=currency.id)
        payment = self.payment(100, currency_id=currency.id, journal_id=journal.id)
        self.reconcile(invoice, payment)
        self.assertEqual(self.left(invoice), [0, 0])
        exchange = self.owed(payment).matched_debit_ids.exchange_move_id
        self.assertTrue(exchange)
        moves = invoice | payment.move_id
        before = self.ledger(moves)
        back = self.transaction(
            -100, f"returned {payment.name}", journal=journal, date="2026-02-20", return_code="AM04"
        )
        self.accept(back)
        self.assertBooked(back)
        self.assertEqual(self.left(invoice), [60, 40])
        self.assertEqual(invoice.amount_residual_signed, 50)
        reversal = exchange.reversal_move_ids
        self.assertEqual(reversal.date, fields.Date.to_date("2026-02-20"), "on the day of the return")
        self.assertEqual(exchange.state, "posted")
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual(self.ledger(moves), before)
        new = self.owed(payment).matched_debit_ids.exchange_move_id
        self.assertEqual(str(new.date)[:7], "2026-02", "not in the month of the payment again")
        self.assertInvariants()

    def test_vendor_payment_in_a_foreign_currency(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-01-15", 2.5), ("2026-02-15", 4.0)]
        )
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        bill = self.document([60, 40], "in_invoice", currency_id=currency.id)
        paid = self.transaction(-80, "SEPA", journal=journal, date="2026-01-16", end_to_end_id="E2E-9")
        paid.match_with(bill, [80])
        self.assertEqual(self.left(bill), [0, 20])
        moves = bill | paid.sudo().move_id
        before = self.ledger(moves), self.applied(bill)
        back = self.transaction(
            80, "REJET", journal=journal, date="2026-02-20", return_code="AC01", end_to_end_id="E2E-9"
        )
        waiting = self.bank_snapshot(back)
        self.assertEqual(self.accept(back).side, "supplier")
        self.assertBooked(back)
        self.assertEqual((self.left(bill), bill.amount_residual_signed), ([60, 40], -50))
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual((self.ledger(moves), self.applied(bill)), before)
        self.assertEqual(self.bank_snapshot(back), waiting)
        self.assertInvariants()


@tagged("post_install", "-at_install")
class TestReturnsOfPlannedPayments(ReturnsCommon, PlannedCommon):
    def test_planned_payment_has_failed_and_undo_lets_it_have_happened(self):
        invoice = self.document([75, 75, 20], date=str(self.today_date))
        first, second = self.plan(invoice, [100, 70])
        first.action_pay_now()
        payment = first.payment_id
        before = (first.state, first.amount, first.attempt_count, self.parts(first), self.parts(second))
        self.assertEqual(first.state, "done")
        back = self.transaction(-100, f"returned {payment.name}", date=str(self.today_date), return_code="AM04")
        self.accept(back)
        self.assertEqual(first.state, "failed")
        self.assertEqual(first.next_attempt_date, self.day(3))
        self.assertIn("There was not enough money", first.failure_message)
        self.assertEqual(self.left(invoice), [75, 75, 20])
        self.assertEqual(self.parts(first), [75, 25, 0])
        self.assertEqual(invoice.reconciliation_status, "planned")
        self.assertPlanned(invoice)
        back.action_unmatch()
        self.assertEqual(
            (first.state, first.amount, first.attempt_count, self.parts(first), self.parts(second)), before
        )
        self.assertEqual(first.payment_id, payment)
        self.assertFalse(first.failure_message)
        self.assertEqual(self.left(invoice), [0, 50, 20])
        self.assertPlanned(invoice)
        self.assertInvariants()

    def test_planned_payment_is_not_tried_again_where_the_policy_says_so(self):
        self.company.planned_retry_count = 0
        invoice = self.document([100], date=str(self.today_date))
        (only,) = self.plan(invoice, [100])
        only.action_pay_now()
        back = self.transaction(-100, f"returned {only.payment_id.name}", date=str(self.today_date), return_code="AC04")
        self.accept(back)
        self.assertEqual((only.state, only.next_attempt_date, only.is_coming), ("failed", False, False))
        self.assertEqual(invoice.reconciliation_status, "not_reconciled")
        self.assertTrue(only.activity_ids)
        back.action_unmatch()
        self.assertEqual(only.state, "done")
        self.assertFalse(only.activity_ids)

    def test_payment_that_was_processing_is_rejected_by_its_return(self):
        later = self.method("Direct debit", is_confirmed_later=True)
        invoice = self.document([100], date=str(self.today_date))
        payment = self.payment(100, date=str(self.today_date), payment_method_line_id=later.id)
        self.reconcile(invoice, payment)
        self.assertEqual(payment.confirmation_state, "processing")
        back = self.transaction(-100, f"returned {payment.name}", date=str(self.today_date), return_code="AC04")
        self.accept(back)
        self.assertEqual(payment.confirmation_state, "rejected")
        self.assertEqual(self.left(invoice), [100])
        back.action_unmatch()
        self.assertEqual(payment.confirmation_state, "processing")
        self.assertEqual(self.left(invoice), [0])


@tagged("post_install", "-at_install")
class TestReturnsOfSeveral(ReturnsCommon):
    def test_several_payments_that_are_named_come_back_in_one_sum(self):
        one, first, _received = self.paid()
        other, second, _received = self.paid(amount=60)
        _third, unnamed, _received = self.paid(amount=30)
        back = self.transaction(-160, f"RETURNED ITEMS {first.name} {second.name}", date="2026-03-02")
        before = self.ledger(one | other | first.move_id | second.move_id)
        self.assertEqual(back.auto_match()["matched"], 0, "a person decides")
        records = self.accept(back)
        self.assertBooked(back)
        self.assertEqual(records.payment_id, first | second)
        self.assertEqual((one.payment_state, other.payment_state), ("not_paid", "not_paid"))
        self.assertFalse(unnamed.is_returned)
        back.action_unmatch()
        self.assertEqual(self.ledger(one | other | first.move_id | second.move_id), before)
        self.assertInvariants()

    def test_each_client_of_several_returns_is_charged(self):
        product = self.env["product.product"].create({"name": "Returned payment", "type": "service", "taxes_id": False})
        other = self.env["res.partner"].create({"name": "Other family"})
        for charge, amounts, fees in (("fixed", [25, 25], [3.75, 3.75]), ("fee", [3.75, 3.75], [3.75, 3.75])):
            self.company.write({
                "return_charge": charge, "return_charge_amount": 25, "return_charge_product_id": product.id,
            })  # fmt: skip
            _one, first, _received = self.paid()
            _two, second, _received = self.paid(amount=60, partner_id=other.id, document={"partner": other})
            text = f"RETURNED ITEMS {first.name} {second.name}"
            back = self.transaction(-167.5, text, date="2026-03-02", charges=-7.5)
            back.match_with([("account.move.line", line.id) for line in self.owed(first) | self.owed(second)])
            self.assertBooked(back)
            records = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)], order="id")
            self.assertEqual((records.payment_id, records.partner_id), (first | second, self.family | other))
            self.assertEqual(records.mapped("fee"), fees)
            self.assertEqual(records.charge_move_id.mapped("amount_total"), amounts)
            self.assertEqual([one.charge_move_id.partner_id for one in records], [self.family, other])
            back.action_unmatch()
            self.assertEqual(records.charge_move_id.mapped("state"), ["cancel", "cancel"])
        self.assertInvariants()

    def test_several_where_two_sets_make_the_sum_are_no_answer(self):
        payments = [self.paid(amount=amount)[1] for amount in (100, 60, 60)]
        back = self.transaction(-160, "RETURNED " + " ".join(payment.name for payment in payments), date="2026-03-02")
        self.assertFalse([row for row in self.suggested(back) if len(row["records"]) > 1])

    def test_fee_as_a_transaction_of_its_own_is_charged_and_undone(self):
        product = self.env["product.product"].create({"name": "Returned payment", "type": "service", "taxes_id": False})
        self.company.write({"return_charge": "fee", "return_charge_product_id": product.id})
        invoice, payment, _received = self.paid()
        back = self.transaction(-100, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
        record = self.accept(back)
        self.assertFalse(record.charge_move_id, "no fee so far")
        fee = self.transaction(-7.5, "RETURNED ITEM FEE", date="2026-03-03")
        before = self.bank_snapshot(fee)
        best = fee.get_match_suggestions()[0]
        self.assertEqual(best["records"], [(self.fees._name, self.fees.id)])
        self.assertIn("fee for the return", best["reasons"][0])
        fee.accept_match(best["records"], best["amounts"])
        self.assertBooked(fee)
        self.assertEqual((record.fee, record.fee_line_id), (7.5, fee))
        charge = record.charge_move_id
        self.assertEqual((charge.amount_total, charge.partner_id, charge.state), (7.5, self.family, "posted"))
        fee.action_unmatch()
        self.assertEqual((self.bank_snapshot(fee), record.fee, charge.state), (before, 0, "cancel"))
        self.assertEqual(invoice.payment_state, "not_paid", "the return itself stays")
        self.assertInvariants()

    def test_charge_is_taken_back_as_it_was_made(self):
        product = self.env["product.product"].create({"name": "Returned payment", "type": "service", "taxes_id": False})
        self.company.write({"return_charge_amount": 25, "return_charge_product_id": product.id})

        def charged(made_as, now):
            self.company.return_charge = made_as
            _invoice, payment, _received = self.paid()
            back = self.transaction(-100, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
            record = self.accept(back)
            fee = self.transaction(-7.5, "RETURNED ITEM FEE", date="2026-03-03")
            fee.match_with(self.fees)
            self.company.return_charge = now
            return back, record, fee

        _back, record, fee = charged("fee", "fixed")
        fee.action_unmatch()
        self.assertEqual((record.fee, record.charge_move_id.state), (0, "cancel"))
        back, record, fee = charged("fixed", "fee")
        fee.action_unmatch()
        self.assertEqual((record.fee, record.charge_move_id.state), (0, "posted"))
        record.charge_move_id.button_draft()
        back.action_unmatch()
        self.assertEqual(record.charge_move_id.state, "cancel", "a draft is cancelled as well")

    def test_charge_that_was_reversed_is_no_charge(self):
        product = self.env["product.product"].create({"name": "Returned payment", "type": "service", "taxes_id": False})
        self.company.write({"return_charge": "fee", "return_charge_product_id": product.id})
        _invoice, payment, _received = self.paid()
        back = self.transaction(-100, f"RETURN {payment.name}", date="2026-03-02", return_code="AM04")
        record = self.accept(back)
        fees = [self.transaction(-fee, "RETURNED ITEM FEE", date="2026-03-03") for fee in (7.5, 8)]
        fees[0].match_with(self.fees)
        first = record.charge_move_id
        first._reverse_moves([{"date": "2026-03-05", "invoice_date": "2026-03-05"}], cancel=True)
        self.assertEqual(first.payment_state, "reversed")
        fees[0].action_unmatch()
        fees[1].match_with(self.fees)
        self.assertEqual((record.charge_move_id.amount_total, record.charge_move_id == first), (8, False))
        back.action_unmatch()
        self.assertEqual((record.state, record.charge_move_id.state), ("undone", "cancel"))

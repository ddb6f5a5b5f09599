"""A part of a payment is returned, the rest later; and money that had paid on two accounts or in two currencies."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.planned_payments import PlannedCommon
from .common.reports import ReportChecks
from .common.returns import ReturnsCommon


@tagged("post_install", "-at_install")
class TestReturnParts(ReturnsCommon, PlannedCommon, ReportChecks):
    def back(self, amount, payment, day="2026-03-02", **values):
        return self.transaction(-amount, f"returned {payment.name}", date=day, **values)

    def test_part_opens_the_last_items_and_undo_pays_them_again(self):
        invoice, payment, received = self.paid()
        moves = invoice | payment.move_id | received.sudo().move_id
        before = self.ledger(moves), self.applied(invoice, payment)
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        back = self.back(60, payment, return_code="AM04")
        self.assertEqual(back.auto_match()["matched"], 0, "a part is for a person")
        waiting = self.bank_snapshot(back)
        record = self.accept(back)
        self.assertBooked(back)
        self.assertEqual(self.applied(invoice), [40, 0, 0])
        self.assertEqual(self.left(invoice), [35, 75, 20])
        self.assertEqual(invoice.amount_residual, 130)
        self.assertEqual((record.amount, record.is_part, record.line_ids.mapped("amount")), (60, True, [35, 25]))
        self.assertTrue(self.owed(payment).reconciled, "40 of it pay, 60 were returned")
        self.assertIn("60.00 of", invoice.message_ids[0].body)
        self.assertInvariants()
        self.assertReportsTie(self.company)
        back.action_unmatch()
        self.assertEqual((self.ledger(moves), self.applied(invoice, payment)), before)
        self.assertEqual(self.bank_snapshot(back), waiting)
        self.assertInvariants()
        self.assertReportsTie(self.company)

    def two_invoices_of_one_transaction(self):
        first, second = self.document([100]), self.document([200], partner=self.member)
        received = self.transaction(300, "both", date="2026-01-16", end_to_end_id="E2E-300")
        received.match_with([first, second])
        lines = received.sudo().move_id._owed_lines().sorted("id")
        self.assertEqual(len(lines), 2)
        return first, second, lines

    def coded(self, amount, day="2026-02-20"):
        return self.transaction(-amount, "returned", date=day, end_to_end_id="E2E-300", return_code="AM04")

    def test_parts_of_two_journal_items_come_back_to_the_last_cent_and_once(self):
        first, second, lines = self.two_invoices_of_one_transaction()
        part = self.coded(250)
        row = part.get_match_suggestions()[0]
        self.assertEqual(
            (row["records"], row["amounts"]), ([("account.move.line", one.id) for one in lines], [50, 200])
        )
        self.accept(part)
        self.assertEqual((self.left(first), self.left(second)), ([50], [200]))
        rest = self.coded(50, "2026-02-27")
        self.assertEqual(rest.auto_match()["matched"], 1)
        self.assertBooked(rest, "matched")
        self.assertEqual((self.left(first), self.left(second)), ([100], [200]))
        again = self.coded(200, "2026-02-28")
        for which in (lines, lines[1]):
            with self.assertRaisesRegex(UserError, "already"), self.env.cr.savepoint():
                again.match_with(which)
        self.assertInvariants()

    def test_one_journal_item_came_back_whole_and_the_other_later(self):
        first, second, lines = self.two_invoices_of_one_transaction()
        self.coded(200).match_with(lines[1])
        self.assertEqual((self.left(first), self.left(second)), ([0], [200]))
        self.assertEqual(self.coded(100, "2026-02-27").auto_match()["matched"], 1)
        self.assertEqual((self.left(first), self.left(second)), ([100], [200]))
        self.assertInvariants()

    def test_rest_of_one_payment_comes_back_together_with_another_payment(self):
        invoice, payment, _received = self.paid()
        self.accept(self.back(60, payment))
        other = self.document([60])
        money = self.register_payment(other)
        self.transaction(60, "deposit", date="2026-02-01").match_with(money)
        both = self.transaction(-100, f"returned {payment.name} {money.name}", date="2026-03-09")
        both.match_with(self.owed(payment) | self.owed(money))
        self.assertBooked(both)
        self.assertEqual((self.applied(invoice), self.left(other)), ([0, 0, 0], [60]))
        self.assertInvariants()

    def test_part_with_the_banks_charges(self):
        invoice, payment, _received = self.paid()
        back = self.back(62, payment, return_code="AM04", charges=-2)
        self.accept(back)
        self.assertBooked(back)
        record = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
        self.assertEqual((record.amount, record.fee, self.applied(invoice)), (60, 2, [40, 0, 0]))
        self.assertInvariants()

    def test_refund_of_what_is_on_account_is_no_return(self):
        self.company.write({
            "return_charge": "fixed", "return_charge_amount": 25, "return_charge_product_id": self.product_a.id,
        })  # fmt: skip
        invoice = self.document([60])
        payment = self.payment(100, date="2026-01-15")
        self.transaction(100, "deposit", date="2026-01-16").match_with(payment)
        self.reconcile(invoice, payment)
        back = self.transaction(-40, "refund", date="2026-02-20")
        back.match_with(self.owed(payment))
        self.assertFalse(self.env["account.payment.return"].search([("statement_line_id", "=", back.id)]))
        self.assertEqual((self.left(invoice), self.owed(payment).reconciled), ([0], True))
        self.assertInvariants()

    def test_more_goes_out_than_is_on_account(self):
        """What is on account is refunded, the rest of the transaction stays with the client; nothing was returned."""
        invoice = self.document([60])
        whole, part = self.payment(30, date="2026-01-15"), self.payment(100, date="2026-01-15")
        self.reconcile(invoice, part)
        for payment, amount in ((whole, 30), (part, 40)):
            with self.subTest(amount=amount):
                back = self.transaction(-130, "refund", date="2026-02-20")
                back.match_with(self.owed(payment), [amount])
                self.assertBooked(back)
                self.assertFalse(self.env["account.payment.return"].search([("statement_line_id", "=", back.id)]))
                self.assertEqual((self.left(invoice), self.owed(payment).reconciled), ([0], True))
        self.assertInvariants()

    def test_part_of_what_two_clients_were_paid_for_is_refused(self):
        first = self.document([100])
        second = self.document([200], partner=self.env["res.partner"].create({"name": "Roy family"}))
        received = self.transaction(300, "both", date="2026-01-16", end_to_end_id="E2E-300")
        received.match_with([first, second])
        lines = received.sudo().move_id._owed_lines()
        part = self.coded(50)
        self.assertFalse([row for row in part.get_match_suggestions() if row["entity_type"] == "return"])
        with self.assertRaisesRegex(UserError, "nothing says of which"), self.env.cr.savepoint():
            part.match_with(lines)
        part.match_with(lines[0])
        self.assertEqual(self.left(first), [50])
        self.assertEqual(self.left(second), [0])
        self.assertInvariants()

    def test_what_two_clients_paid_in_one_transaction_is_a_return_of_each(self):
        """Each bears its charge, also where something was written off; a deposit that paid meanwhile pays no more."""
        self.company.write({
            "return_charge": "fixed", "return_charge_amount": 25, "return_charge_product_id": self.product_a.id,
        })  # fmt: skip
        roy = self.env["res.partner"].create({"name": "Roy family"})
        written_off = {"kind": "account", "account_id": self.codes[1].id}
        for deposits, off, returned in (
            ((69.32, 30.68), 0, [69.32, 30.68]),
            ((69.32, 32.68), 2, [67.32, 32.68]),
            ((40, 40), 50, [30]),
        ):
            with self.subTest(deposits=deposits, off=off):
                received = self.transaction(sum(deposits) - off, "deposits", date="2026-01-16")
                received.book_lines([
                    *({"kind": "client", "partner_id": owner.id, "amount": amount}
                      for owner, amount in zip((self.family, roy), deposits, strict=True)),
                    *([written_off | {"amount": -off}] if off else []),
                ])  # fmt: skip
                moves = received.sudo().move_id
                invoice = self.document([deposits[1]], partner=roy)
                roy.action_reconcile_account()
                self.assertEqual(self.left(invoice), [0])
                back = self.transaction(off - sum(deposits), "returned", date="2026-02-20", return_code="AM04")
                before = self.ledger(moves | invoice), self.applied(invoice), self.balances()
                back.match_with(self.owed(moves))
                self.assertBooked(back)
                self.assertEqual(self.left(invoice), [deposits[1]])
                returns = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
                self.assertEqual(returns.sorted("id").mapped("amount"), returned)
                self.assertEqual(returns.sorted("id").partner_id, (self.family | roy)[: len(returned)])
                self.assertEqual(returns.charge_move_id.partner_id, returns.partner_id)
                self.assertEqual(len(returns.charge_move_id), len(returns))
                self.assertInvariants()
                self.assertReportsTie(self.company)
                back.action_unmatch()
                charges = returns.charge_move_id
                self.assertEqual(charges.mapped("state"), ["cancel"] * len(returns))
                self.assertEqual((self.ledger(moves | invoice), self.applied(invoice), self.balances()), before)
                self.assertInvariants()

    def test_rest_of_what_two_clients_paid_is_suggested(self):
        first = self.document([100])
        second = self.document([200], partner=self.env["res.partner"].create({"name": "Roy family"}))
        received = self.transaction(300, "both", date="2026-01-16", end_to_end_id="E2E-300")
        received.match_with([first, second])
        lines = received.sudo().move_id._owed_lines()
        self.coded(100).match_with(lines.filtered(lambda line: line.balance == -100))
        self.assertEqual((self.left(first), self.left(second)), ([100], [0]))
        self.accept(self.coded(200, "2026-02-27"))
        self.assertEqual((self.left(first), self.left(second)), ([100], [200]))
        self.assertInvariants()

    def test_the_rest_comes_back_later_and_no_more(self):
        invoice, payment, _received = self.paid()
        first = self.back(60, payment)
        self.accept(first)
        second = self.back(40, payment, day="2026-03-09", return_code="MD06")
        with self.assertRaisesRegex(UserError, "no preset|fee"), self.env.cr.savepoint():
            self.company.return_fee_id = False
            self.back(90, payment, day="2026-03-05").match_with(self.owed(payment))
        self.company.return_fee_id = self.fees
        self.assertEqual(second.auto_match()["matched"], 1, "what is left of it, to the cent")
        self.assertEqual(self.applied(invoice), [0, 0, 0])
        self.assertEqual(self.left(invoice), [75, 75, 20])
        with self.assertRaisesRegex(UserError, "already"):
            self.back(10, payment, day="2026-03-10").match_with(self.owed(payment))
        first.action_unmatch()
        self.assertEqual(self.applied(invoice), [35, 25, 0])
        second.action_unmatch()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertInvariants()

    def test_what_is_on_account_comes_back_first_and_the_last_document_next(self):
        first, last, payment = self.document([50]), self.document([60]), self.payment(100)
        self.reconcile(first, payment)
        self.env["account.move.line"]._reconcile_pairs(
            self.owed(payment)._pairs_with_document(last, last.currency_id._exact(30))
        )
        back = self.back(45, payment)
        back.match_with(self.owed(payment))
        record = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
        self.assertEqual((self.left(first), self.left(last)), ([0], [55]), "20 on account, then 25 of the last one")
        self.assertEqual(record.line_ids.mapped("amount"), [25])
        back.action_unmatch()
        self.assertEqual((self.left(first), self.left(last)), ([0], [30]))
        self.assertEqual(sum(self.owed(payment).mapped("amount_residual")), -20)
        self.assertInvariants()

    def test_items_chosen_by_a_person_are_paid_again(self):
        invoice, payment = self.document([75, 75, 20]), self.payment(100)
        items = invoice.reconciliation_item_ids.sorted("sequence")
        split = {items[1].id: 75, items[2].id: 20, items[0].id: 5}
        self.env["account.move.line"]._reconcile_pairs(
            self.owed(payment)._pairs_with_document(invoice, invoice.currency_id._exact(100), split)
        )
        back = self.back(60, payment)
        self.accept(back)
        self.assertEqual(self.applied(invoice), [5, 35, 0])
        back.action_unmatch()
        self.assertEqual(self.applied(invoice), [5, 75, 20])
        whole = self.back(100, payment, day="2026-03-04")
        self.accept(whole)
        whole.action_unmatch()
        self.assertEqual(self.applied(invoice), [5, 75, 20], "also of what is applied in two pieces since")
        self.assertInvariants()

    def test_part_of_a_bank_transaction_that_paid_a_vendor(self):
        bill = self.document([30, 50], move_type="in_invoice")
        sent = self.transaction(-80, "transfer", date="2026-01-16", end_to_end_id="E2E-5")
        sent.match_with(bill)
        back = self.transaction(20, "returned", date="2026-02-01", end_to_end_id="E2E-5", return_code="AC04")
        self.accept(back)
        self.assertEqual(self.left(bill), [0, 20])
        back.action_unmatch()
        self.assertEqual(self.left(bill), [0, 0])
        self.assertInvariants()

    def test_part_in_a_foreign_currency(self):
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-01-15", 2.5), ("2026-02-15", 4.0)]
        )
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        invoice = self.document([60, 40], currency_id=currency.id)
        payment = self.payment(100, currency_id=currency.id, journal_id=journal.id)
        self.reconcile(invoice, payment)
        back = self.transaction(-30, f"returned {payment.name}", journal=journal, date="2026-02-20")
        self.accept(back)
        self.assertBooked(back)
        self.assertEqual(self.left(invoice), [0, 30])
        self.assertEqual((invoice.amount_residual, invoice.amount_residual_signed), (30, 15), "at the invoice's rate")
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual((self.left(invoice), invoice.amount_residual_signed), ([0, 0], 0))
        self.assertInvariants()

    def test_undo_of_a_part_in_a_foreign_currency_leaves_each_balance_as_before(self):
        """Of an invoice that is paid in part, at two rates, with a tax that is due on payment."""
        currency = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.85), ("2026-01-15", 0.87), ("2026-02-15", 0.8)]
        )
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        self.company.tax_exigibility = True
        transition = self.env["account.account"].create({
            "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True,
        })  # fmt: skip
        taxes = self.env["account.tax"].create({
            "name": "on payment", "amount": 15, "tax_exigibility": "on_payment",
            "cash_basis_transition_account_id": transition.id, "company_id": self.company.id,
            "repartition_line_ids": [
                values for kind in ("invoice", "refund") for values in (
                    Command.create({"document_type": kind, "repartition_type": "base"}),
                    Command.create({"document_type": kind, "account_id": self.codes[2].id}),
                )
            ],
        })  # fmt: skip
        # The last one came back before it was paid, as the bank has it: nothing is reversed before it was booked.
        for move_type, prices, amount, part, tax, day in (
            ("out_invoice", [10.01, 20.02], 17.77, 9.99, taxes.browse(), "2026-02-20"),
            ("in_invoice", [10.01, 20.02], 17.77, 9.99, taxes, "2026-02-20"),
            ("out_invoice", [340.35], 340.35, 33.33, taxes, "2026-02-20"),
            ("out_invoice", [50], 40, 40, taxes, "2026-02-20"),
            ("out_invoice", [50], 40, 30, taxes, "2025-12-20"),
        ):
            with self.subTest(move_type=move_type, amount=amount, part=part, tax=tax.name, day=day):
                sign = 1 if move_type == "out_invoice" else -1
                rows = [{"price_unit": price, "tax_ids": [Command.set(tax.ids)]} for price in prices]
                document = self.document(rows, move_type, currency_id=currency.id)
                paid = self.transaction(sign * amount, "SEPA", journal=journal, date="2026-01-16")
                paid.match_with(document, [amount])
                back = self.transaction(-sign * part, "returned", journal=journal, date=day, return_code="AM04")
                moves = document | paid.sudo().move_id
                before = self.ledger(moves), self.applied(document), self.balances()
                back.match_with(self.owed(paid.sudo()))
                self.assertBooked(back)
                if day > "2026-01-16":
                    in_january = [
                        {key: row for key, row in found.items() if key[3:] == (fields.Date.to_date("2026-01-01"),)}
                        for found in (self.balances(), before[2])
                    ]
                    self.assertEqual(*in_january, "what was booked on the payment's day stays as it is")
                self.assertInvariants()
                back.action_unmatch()
                self.assertEqual((self.ledger(moves), self.applied(document), self.balances()), before)
                self.assertInvariants()

    def test_planned_payment_stays_done_and_what_came_back_of_it_is_for_a_person_to_plan(self):
        invoice = self.document([75, 75, 20], date=str(self.today_date))
        first, second = self.plan(invoice, [100, 70])
        first.action_pay_now()
        back = self.back(60, first.payment_id, day=str(self.today_date))
        self.accept(back)
        self.assertEqual((first.state, second.state), ("done", "planned"))
        self.assertEqual(self.left(invoice), [35, 75, 20])
        self.assertEqual(self.parts(second), [0, 50, 20])
        self.assertPlanned(invoice)
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual(self.left(invoice), [0, 50, 20])
        self.assertPlanned(invoice)

    def test_undo_where_an_item_was_replaced_meanwhile_pays_in_listed_order(self):
        invoice, payment, _received = self.paid()
        back = self.back(100, payment, return_code="AM04")
        self.accept(back)
        invoice.button_draft()
        invoice.invoice_line_ids[1].unlink()
        line = {"name": "instead", "price_unit": 75, "sequence": 20, "tax_ids": [Command.clear()]}
        invoice.invoice_line_ids = [Command.create(line)]
        invoice.action_post()
        back.action_unmatch()
        self.assertEqual(self.applied(invoice), [75, 25, 0])
        self.assertInvariants()

    # -- what can't be ---------------------------------------------------------------------------------------------

    def test_part_of_two_payments_is_refused_with_a_sentence(self):
        _one, first, _received = self.paid()
        _two, second, _received = self.paid()
        back = self.transaction(-60, "returned", date="2026-02-20", return_code="AM04")
        with self.assertRaisesRegex(UserError, "60.00 of the .*200.00 .* nothing says of which"):
            back.match_with(self.owed(first) | self.owed(second))
        self.assertEqual(back.match_status, "unmatched")

    def test_part_in_another_currency_is_refused_with_a_sentence(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        invoice = self.document([60, 40], currency_id=currency.id)
        payment = self.payment(100, currency_id=currency.id)
        self.reconcile(invoice, payment)
        back = self.transaction(-20, "returned", date="2026-02-20", return_code="AM04")
        with self.assertRaisesRegex(UserError, "can only be returned whole"):
            back.match_with(self.owed(payment))

    def test_rate_difference_of_several_payments_in_another_currency_is_no_fee(self):
        """Two payments of 50.00 at the rate of the day, and one of 20.00.

        What was returned less is the rate; what was returned more is, too, where the bank tells its charges
        or all payments were converted. Else it may be a fee.
        """
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        invoices = [self.document([100], currency_id=currency.id) for _number in range(2)]
        own = self.document([20])
        payments = [self.payment(100, currency_id=currency.id) for _invoice in invoices]
        last = self.payment(20)
        for invoice, payment in zip([*invoices, own], [*payments, last], strict=True):
            self.reconcile(invoice, payment)
        lines = self.owed(payments[0]) | self.owed(payments[1]) | self.owed(last)
        for total, charges, amounts, fees in (
            (121.5, 0, [50, 50, 20], 1.5), (118.5, 0, [49.25, 49.25, 20], 0), (122.5, 1, [50.75, 50.75, 20], 1),
            (125, 0, [50, 50, 20], 5), (101.5, 0, [50.75, 50.75], 0),
        ):  # fmt: skip
            with self.subTest(total=total, charges=charges):
                last_came_back = len(amounts) == 3
                taken = lines if last_came_back else lines[:2]
                back = self.transaction(-total, "returned", date="2026-02-20", return_code="AM04", charges=-charges)
                back.match_with(taken)
                self.assertBooked(back)
                records = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
                self.assertEqual(sorted(records.mapped("amount")), sorted(amounts))
                self.assertAlmostEqual(sum(records.mapped("fee")), fees, 6)
                booked = back.sudo().move_id.line_ids
                self.assertEqual(
                    sum(booked.filtered(lambda line: line.account_id == self.fees_code).mapped("balance")), fees
                )
                opened = [[100], [100], [20] if last_came_back else [0]]
                self.assertEqual([self.left(invoice) for invoice in (*invoices, own)], opened)
                self.assertTrue(all(lines.mapped("reconciled")))
                self.assertInvariants()
                back.action_unmatch()
                self.assertEqual([self.left(invoice) for invoice in (*invoices, own)], [[0], [0], [0]])
        self.assertInvariants()

    # -- two accounts, two currencies ------------------------------------------------------------------------------

    def test_money_that_paid_on_two_accounts_beside_another_payment_comes_back(self):
        other_account = self.family.property_account_receivable_id.copy({"code": "121999", "name": "Other receivable"})
        first, second = self.document([60]), self.document([40])
        second.button_draft()
        second.line_ids.filtered(lambda line: line.display_type == "payment_term").account_id = other_account
        second.action_post()
        waiting = self.payment(50, date="2026-01-15")
        received = self.transaction(150, "all in one", date="2026-01-16")
        received.match_with([waiting, first, second])
        self.assertEqual((self.left(first), self.left(second)), ([0], [0]))
        lines = received.sudo().move_id._owed_lines()
        self.assertEqual(len(lines.account_id), 2)
        back = self.transaction(-100, "returned", date="2026-02-20", return_code="AM04")
        waiting_back = self.bank_snapshot(back)
        back.match_with(lines)
        self.assertBooked(back)
        self.assertEqual((self.left(first), self.left(second)), ([60], [40]))
        returns = self.env["account.payment.return"].search([("statement_line_id", "=", back.id)])
        self.assertEqual(sorted(returns.mapped("amount")), [40, 60])
        self.assertInvariants()
        again = self.transaction(-60, "returned", date="2026-02-21", return_code="AM04")
        with self.assertRaisesRegex(UserError, "was returned on 02/20/2026 already"):
            again.match_with(lines[0])
        back.action_unmatch()
        self.assertEqual((self.left(first), self.left(second)), ([0], [0]))
        self.assertEqual(self.bank_snapshot(back), waiting_back)
        self.assertInvariants()

    def test_money_that_paid_in_two_currencies_beside_another_payment_comes_back(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-02-15", 2.5)])
        first, second = self.document([60]), self.document([80], currency_id=currency.id)
        waiting = self.payment(50, date="2026-01-15")
        received = self.transaction(150, "all in one", date="2026-01-16")
        received.match_with([waiting, first, second])
        self.assertEqual((self.left(first), self.left(second)), ([0], [0]))
        back = self.transaction(-100, "returned", date="2026-02-20", return_code="AM04")
        back.match_with(received.sudo().move_id._owed_lines())
        self.assertBooked(back)
        self.assertEqual((self.left(first), self.left(second)), ([60], [80]))
        self.assertEqual(fields.Date.to_string(back.date), "2026-02-20")
        self.assertInvariants()
        back.action_unmatch()
        self.assertEqual((self.left(first), self.left(second)), ([0], [0]))
        self.assertInvariants()

"""Booking a bank transaction by lines: accounts, deposits, transfers, what is left of a document."""

import json
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankBooking(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rent_code = cls.company_data["default_account_expense"].copy({"code": "613200", "name": "Rent of halls"})
        cls.tax = cls.company_data["default_tax_purchase"]
        cls.transfer_account = cls.company.transfer_account_id

    def items(self, line, account):
        return line.sudo().move_id.line_ids.filtered(lambda item: item.account_id == account)

    def account_line(self, account=None, **values):
        return {"kind": "account", "account_id": (account or self.rent_code).id, **values}

    # -- accounts ------------------------------------------------------------------------------------------

    def test_one_line_takes_all_and_undo_gives_all_back(self):
        line = self.transaction(-120, "hall in March")
        before = self.bank_snapshot(line)
        self.assertEqual(line.book_lines([self.account_line()])["state"], "done")
        self.assertBooked(line)
        item = self.items(line, self.rent_code)
        self.assertEqual((item.balance, item.name), (120, "hall in March"))
        self.assertEqual(line.matched_entity_type, "expense")
        line.action_unmatch()
        self.assertEqual(self.bank_snapshot(line), before)

    def test_preset_with_several_taxes_adds_up_in_both_currencies(self):
        """A reverse charge beside another tax: what rounding and Odoo's shares leave goes to the amount without tax."""
        parts = [Command.create({"repartition_type": "base"})] + [
            Command.create({"repartition_type": "tax", "factor_percent": factor}) for factor in (100, -100)
        ]
        common = {"type_tax_use": "purchase", "company_id": self.company.id}
        reverse = self.env["account.tax"].create({
            "name": "Reverse charge", "amount": 21, "invoice_repartition_line_ids": parts,
            "refund_repartition_line_ids": parts, **common,
        })  # fmt: skip
        levy = self.env["account.tax"].create({"name": "Levy", "amount": 5, **common})
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        preset = self.preset("Abroad", self.rent_code, reverse | levy)
        half = {"account_id": self.fees_code.id, "amount_type": "percentage_st_line", "amount_string": "33.33",
                "tax_ids": [Command.set((reverse | levy).ids)], "sequence": 1}  # fmt: skip
        split = preset.copy({"name": "Abroad, shared"})
        split.line_ids = [Command.create(half)]
        for journal in (self.bank, euro_bank):
            for book_by in (preset, split):
                for amount in (-99.99, 3.33, -0.07):
                    with self.subTest(journal=journal.name, preset=book_by.name, amount=amount):
                        line = self.transaction(amount, "abroad", journal=journal)
                        line.match_with(book_by)
                        self.assertBooked(line)
                        self.assertAlmostEqual(sum(line.sudo().move_id.line_ids.mapped("amount_currency")), 0, 6)

    def test_line_keeps_partner_taxes_analytic_and_label(self):
        plan = self.env["account.analytic.plan"].create({"name": "Camps"})
        camp = self.env["account.analytic.account"].create({"name": "Summer camp", "plan_id": plan.id})
        line = self.transaction(-115, "CARD 77")
        before = self.bank_snapshot(line)
        line.book_lines([
            self.account_line(
                partner_id=self.family.id, tax_ids=self.tax.ids, label="Hall", amount=115,
                analytic_distribution={str(camp.id): 100},
            )
        ])  # fmt: skip
        self.assertBooked(line)
        item = self.items(line, self.rent_code)
        self.assertEqual((item.balance, item.name, item.partner_id), (100, "Hall", self.family))
        self.assertEqual(item.analytic_distribution, {str(camp.id): 100})
        self.assertEqual(item.tax_ids, self.tax)
        taxed = line.sudo().move_id.line_ids.filtered("tax_line_id")
        self.assertEqual(taxed.balance, 15)
        self.assertEqual(line.partner_id, self.family, "the transaction gets the partner that was chosen")
        line.action_unmatch()
        self.assertEqual(self.bank_snapshot(line), before)

    def test_several_lines_and_the_last_takes_the_rest(self):
        line = self.transaction(-100, "shop")
        line.book_lines([
            self.account_line(amount=70.01, tax_ids=self.tax.ids),
            self.account_line(self.fees_code, amount=-5),
            self.account_line(self.fees_code, label="the rest"),
        ])  # fmt: skip
        self.assertBooked(line)
        self.assertEqual(sorted(self.items(line, self.fees_code).mapped("balance")), [-5, 34.99])

    def test_lines_that_do_not_add_up_are_refused_and_nothing_is_booked(self):
        line = self.transaction(-100)
        before = self.bank_snapshot(line)
        for lines, words in (
            ([self.account_line(amount=90)], "left over"),
            ([self.account_line(amount=110)], "takes"),
            ([self.account_line(), self.account_line()], "Only one line"),
            ([], "no lines"),
            ([self.account_line(amount=100), {"kind": "document", "record": []}], "can't be matched|Nothing"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                line.book_lines(lines)
        self.assertEqual(self.bank_snapshot(line), before)

    def test_cents_are_exact_in_both_currencies(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 3.0)])
        foreign = self.bank.copy({"name": "Euro", "code": "EURO", "currency_id": currency.id})
        for amount, taxes in ((-100, self.tax.ids), (-0.07, self.tax.ids), (33.33, []), (-99.99, self.tax.ids)):
            with self.subTest(amount=amount):
                line = self.transaction(amount, journal=foreign)
                before = self.bank_snapshot(line)
                first = abs(round(amount / 3, 2))
                line.book_lines([
                    self.account_line(amount=first, tax_ids=taxes),
                    self.account_line(self.fees_code, tax_ids=taxes),
                ])  # fmt: skip
                self.assertBooked(line)
                sums = [sum(line.sudo().move_id.line_ids.mapped(name)) for name in ("amount_currency", "balance")]
                self.assertEqual([round(one, 6) for one in sums], [0, 0])
                line.action_unmatch()
                self.assertEqual(self.bank_snapshot(line), before)

    def test_arguments_of_no_kind_are_refused(self):
        line = self.transaction(-100)
        before = self.bank_snapshot(line)
        for lines in (
            ["account"],
            [{"kind": "account", "account": 5}],
            [{"kind": "gift", "amount": 100}],
            [self.account_line(amount="100")],
            [self.account_line(amount=float("nan"))],
            [self.account_line(tax_ids=["x"])],
            [self.account_line(analytic_distribution={"x": 100})],
            [{"kind": "account", "account_id": 2**31 - 1, "amount": 100, "label": 5}],
            [{"kind": "document", "record": ["res.users", 1], "amount": 100}],
            [{"kind": "document", "record": ["account.bank.statement.line", line.id], "amount": 100}],
            [{"kind": "document", "record": ["account.journal", self.savings.id], "amount": 100}],
        ):
            with self.subTest(lines), self.assertRaises(UserError):
                line.book_lines(lines)
        self.assertEqual(self.bank_snapshot(line), before)

    def test_accounts_that_take_no_money_are_refused(self):
        archived = self.rent_code.copy({"code": "613299"})
        archived.active = False
        elsewhere = self.setup_other_company()["default_account_expense"]
        for account, words in (
            (archived, "archived"),
            (self.bank.default_account_id, "themselves"),
            (self.company_data["default_account_receivable"], "Choose the partner"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.transaction(-10).book_lines([self.account_line(account)])
        with self.assertRaises(UserError):
            self.transaction(-10).book_lines([self.account_line(elsewhere)])

    def test_who_may_not_match_may_not_book(self):
        user = self.user_with("booking.billing", "account_reconciliation.group_client_billing")
        with self.assertRaises(AccessError):
            self.transaction(-10).with_user(user).book_lines([self.account_line()])

    def test_decision_log_keeps_the_lines(self):
        line = self.transaction(-10, "stamps")
        line.book_lines([self.account_line(label="Post")])
        decision = line.sudo().decision_ids
        self.assertEqual(decision.action, "manual")
        self.assertIn("Rent of halls", decision.chosen)
        logged = json.loads(decision.payload)["lines"]
        self.assertEqual(logged, [{"kind": "account", "account_id": self.rent_code.id, "label": "Post"}])
        self.assertFalse(self.env["account.bank.match.decision"].with_user(self.accountant).verify_chains())

    def test_accounts_booked_to_lately_are_found_first(self):
        accounts = self.env["account.account"].with_user(self.accountant).with_context(recent_of_journal=self.bank.id)
        self.transaction(-10).book_lines([self.account_line(self.fees_code)])
        self.transaction(-10).book_lines([self.account_line(self.rent_code)])
        first = [row[0] for row in accounts.name_search("", [], limit=5)[:2]]
        self.assertEqual(first, [self.rent_code.id, self.fees_code.id])
        by_code = accounts.name_search("6132")
        self.assertEqual(by_code[0][0], self.rent_code.id)

    # -- the rest of a document ----------------------------------------------------------------------------

    def test_receipt_less_a_fee_pays_the_invoice_in_full(self):
        invoice = self.document([182.95])
        line = self.transaction(180, "less a fee")
        before = self.bank_snapshot(line)
        line.book_lines([
            {"kind": "document", "record": ["account.move", invoice.id], "amount": 182.95},
            self.account_line(self.fees_code),
        ])  # fmt: skip
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.items(line, self.fees_code).balance, 2.95)
        self.assertEqual(line.matched_entity_type, "ar_invoice")
        line.action_unmatch()
        self.assertEqual(self.bank_snapshot(line), before)
        self.assertEqual(invoice.amount_residual, 182.95)

    def test_more_than_the_invoice_goes_to_an_account(self):
        invoice = self.document([100])
        line = self.transaction(105, "with a tip")
        line.book_lines([
            {"kind": "document", "record": ["account.move", invoice.id], "amount": 100},
            self.account_line(self.company_data["default_account_revenue"], amount=5),
        ])  # fmt: skip
        self.assertBooked(line)
        self.assertEqual(invoice.payment_state, "paid")

    def test_bill_and_bank_charge_in_one_sum(self):
        bill = self.document([200], move_type="in_invoice")
        line = self.transaction(-201.5, "bill and charge")
        line.book_lines([
            {"kind": "document", "record": ["account.move", bill.id], "amount": 200},
            {"kind": "preset", "preset_id": self.fees.id},
        ])  # fmt: skip
        self.assertBooked(line)
        self.assertEqual((bill.payment_state, self.items(line, self.fees_code).balance), ("paid", 1.5))

    def test_paid_elsewhere_is_told(self):
        invoice = self.document([50])
        line = self.transaction(48)
        self.transaction(50).match_with(invoice)
        answer = line.book_lines([
            {"kind": "document", "record": ["account.move", invoice.id], "amount": 50},
            self.account_line(self.fees_code),
        ])  # fmt: skip
        self.assertEqual(answer["state"], "stale")
        self.assertEqual(line.match_status, "unmatched")

    # -- deposits ------------------------------------------------------------------------------------------

    def test_deposit_on_a_clients_account(self):
        line = self.transaction(60, "in advance")
        before = self.bank_snapshot(line)
        line.book_lines([{"kind": "client", "partner_id": self.family.id}])
        self.assertBooked(line)
        item = self.items(line, self.family.property_account_receivable_id)
        self.assertEqual((item.balance, item.partner_id, item.reconciled), (-60, self.family, False))
        self.assertEqual((line.matched_entity_type, line.partner_id), ("payment", self.family))
        line.action_unmatch()
        self.assertEqual(self.bank_snapshot(line), before)

    def test_deposits_of_two_clients_are_applied_by_the_usual_rules_and_undone(self):
        other = self.env["res.partner"].create({"name": "Gagnon family"})
        line = self.transaction(100, "two families")
        invoice = self.document([30, 20])
        before = self.bank_snapshot(line), self.snapshot(invoice)
        line.book_lines([
            {"kind": "client", "partner_id": self.family.id, "amount": 60},
            {"kind": "client", "partner_id": other.id},
        ])  # fmt: skip
        self.assertBooked(line)
        deposits = self.items(line, self.family.property_account_receivable_id)
        self.assertEqual({item.partner_id: item.balance for item in deposits}, {self.family: -60, other: -40})
        self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual((self.left(invoice), invoice.payment_state), ([0, 0], "paid"))
        self.assertEqual(deposits.sorted("balance").mapped("amount_residual"), [-10, -40])
        later = self.document([15])
        self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual((later.amount_residual, deposits.sorted("balance").mapped("amount_residual")), (5, [0, -40]))
        self.assertInvariants()
        line.action_unmatch()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)
        self.assertEqual(later.amount_residual, 15)
        self.assertInvariants()

    def test_deposit_in_a_foreign_currency_applied_later_and_undone(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-02-01", 2.5)])
        journal = self.bank.copy({"name": "Euros", "code": "EURO", "currency_id": currency.id})
        invoice = self.document([60, 40], currency_id=currency.id)
        line = self.transaction(80, "in advance", journal=journal)
        before = self.bank_snapshot(line), self.snapshot(invoice)
        line.book_lines([{"kind": "client", "partner_id": self.family.id}])
        self.assertBooked(line)
        deposit = self.items(line, self.family.property_account_receivable_id)
        self.assertEqual((deposit.currency_id, deposit.amount_currency, deposit.balance), (currency, -80, -32))
        self.family.with_user(self.accountant).action_reconcile_account()
        self.assertEqual((self.left(invoice), invoice.amount_residual_signed), ([0, 20], 10))
        self.assertTrue(deposit.reconciled)
        self.assertTrue(deposit.matched_debit_ids.exchange_move_id)
        self.assertInvariants()
        line.action_unmatch()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)
        self.assertInvariants()

    def test_deposit_with_a_vendor(self):
        line = self.transaction(-80, "prepaid")
        line.book_lines([{"kind": "vendor", "partner_id": self.family.id, "amount": 80}])
        self.assertEqual(self.items(line, self.family.property_account_payable_id).balance, 80)
        with self.assertRaisesRegex(UserError, "whose account"):
            self.transaction(-80).book_lines([{"kind": "vendor"}])


@tagged("post_install", "-at_install")
class TestBankTransferWaiting(BankMatchingCommon):
    """A transfer is booked before its other side is there; that is matched by itself, in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transfer_account = cls.company.transfer_account_id

    def to(self, journal, **values):
        return {"kind": "transfer", "journal_id": journal.id, **values}

    def open_on_the_way(self):
        self.env.flush_all()
        return sum(
            self.env["account.move.line"]
            .search([("account_id", "=", self.transfer_account.id), ("parent_state", "=", "posted")])
            .mapped("amount_residual")
        )

    def test_money_out_first_then_the_other_side_is_imported(self):
        out = self.transaction(-500, "to savings")
        out.book_lines([self.to(self.savings)])
        self.assertBooked(out)
        self.assertEqual((out.matched_entity_type, self.open_on_the_way()), ("internal_transfer", 500))
        self.assertTrue(out.get_bank_matching_details()["is_transfer_waiting"])
        into = self.transaction(500, "came in", journal=self.savings, date="2026-02-12")
        best = into.get_match_suggestions()[0]
        self.assertEqual(best["entity_type"], "internal_transfer")
        self.assertGreater(best["confidence"], 0.9)
        into.auto_match()
        self.assertBooked(into, "matched")
        self.assertEqual((into.matched_entity_type, self.open_on_the_way()), ("internal_transfer", 0))
        self.assertIn("waits for this side", into.match_explanation)
        self.assertFalse(out.get_bank_matching_details()["is_transfer_waiting"])

    def test_money_in_first(self):
        into = self.transaction(500, "came in", journal=self.savings)
        into.book_lines([self.to(self.bank)])
        out = self.transaction(-500, "went out", date="2026-02-08")
        out.auto_match()
        self.assertBooked(out, "matched")
        self.assertEqual(self.open_on_the_way(), 0)

    def test_other_side_that_is_there_already_is_matched_at_once(self):
        into = self.transaction(500, "came in", journal=self.savings)
        out = self.transaction(-500, "to savings")
        out.book_lines([self.to(self.savings)])
        self.assertBooked(into, "matched")
        self.assertEqual(self.open_on_the_way(), 0)

    def test_both_sides_booked_by_hand_find_each_other(self):
        out = self.transaction(-500, "to savings")
        out.book_lines([self.to(self.savings)])
        into = self.transaction(500, "from bank", journal=self.savings)
        into.match_with([self.bank])
        self.assertBooked(into)
        self.assertEqual(self.open_on_the_way(), 0)
        self.assertFalse(into.transfer_journal_id)

    def test_import_matches_it_without_being_asked(self):
        self.company.bank_match_automatic = False
        self.transaction(-500, "to savings").book_lines([self.to(self.savings)])
        content = b"Date,Description,Amount\n2026-02-11,came in,500.00\n2026-02-11,other,20.00\n"
        statement = self.savings.with_user(self.accountant).import_bank_statement("savings.csv", content)
        found = {line.payment_ref: line.match_status for line in statement.line_ids}
        self.assertEqual(found, {"came in": "matched", "other": "unmatched"})

    def test_undoing_what_came_later_leaves_the_transfer_waiting(self):
        out = self.transaction(-500, "to savings")
        out.book_lines([self.to(self.savings)])
        into = self.transaction(500, "came in", journal=self.savings)
        before = self.bank_snapshot(out, into)
        into.auto_match()
        into.action_unmatch()
        self.assertEqual(self.bank_snapshot(out, into), before)
        self.assertEqual(self.open_on_the_way(), 500)

    def test_undoing_what_was_booked_first_undoes_both(self):
        out = self.transaction(-500, "to savings")
        into = self.transaction(500, "came in", journal=self.savings)
        before = self.bank_snapshot(out, into)
        out.book_lines([self.to(self.savings)])
        out.action_unmatch()
        self.assertEqual(self.bank_snapshot(out, into), before)
        self.assertFalse(out.transfer_journal_id)

    def test_another_currency_in_either_order(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        euro = self.bank.copy({"name": "Euro", "code": "EURO", "currency_id": currency.id})
        for first, second in (
            (lambda: self.transaction(-500, "to euro"), lambda: self.transaction(995, "in", journal=euro)),
            (lambda: self.transaction(995, "in", journal=euro), lambda: self.transaction(-500, "to euro")),
        ):
            booked = first()
            before = self.bank_snapshot(booked)
            booked.book_lines([self.to(euro if booked.journal_id == self.bank else self.bank)])
            later = second()
            later.auto_match()
            self.assertBooked(later, "matched")
            self.assertEqual(self.open_on_the_way(), 0)
            booked.action_unmatch()
            self.assertEqual(later.match_status, "unmatched")
            self.assertEqual(self.bank_snapshot(booked), before)
            (booked | later).action_ignore("next round")

    def test_transfer_with_a_fee(self):
        out = self.transaction(-500, "to savings")
        out.book_lines([
            self.to(self.savings, amount=495),
            {"kind": "account", "account_id": self.fees_code.id, "amount": 5},
        ])  # fmt: skip
        into = self.transaction(495, "came in", journal=self.savings)
        into.auto_match()
        self.assertBooked(into, "matched")
        self.assertEqual(self.open_on_the_way(), 0)

    def test_more_transactions_than_transfers_are_left_to_a_person(self):
        self.transaction(-500, "to savings").book_lines([self.to(self.savings)])
        first = self.transaction(500, "one", journal=self.savings)
        second = self.transaction(500, "two", journal=self.savings)
        (first | second).auto_match()
        self.assertEqual((first | second).mapped("match_status"), ["unmatched"] * 2)

    def test_equal_transfers_are_paired_by_day(self):
        for day in (1, 8):
            self.transaction(-500, "sweep", date=f"2026-02-0{day}").book_lines([self.to(self.savings)])
        lines = self.transaction(500, "in", journal=self.savings, date="2026-02-02")
        lines |= self.transaction(500, "in", journal=self.savings, date="2026-02-09")
        lines.auto_match()
        self.assertEqual(lines.mapped("match_status"), ["matched"] * 2)
        partners = [
            line.sudo().move_id.line_ids.matched_debit_ids.debit_move_id.statement_line_id.date for line in lines
        ]
        self.assertEqual(partners, [date(2026, 2, 1), date(2026, 2, 8)])

    def test_what_is_far_away_or_another_amount_is_not_it(self):
        self.transaction(-500, "to savings").book_lines([self.to(self.savings)])
        lines = self.transaction(500, "late", journal=self.savings, date="2026-04-10")
        lines |= self.transaction(499, "less", journal=self.savings)
        lines |= self.transaction(-500, "out", journal=self.savings)
        lines.auto_match()
        self.assertEqual(lines.mapped("match_status"), ["unmatched"] * 3)

    def test_what_is_no_other_account_is_refused(self):
        line = self.transaction(-500)
        other = self.setup_other_company()["default_journal_bank"]
        for journal in (self.bank, self.company_data["default_journal_sale"], other):
            with self.subTest(journal.name), self.assertRaises(UserError):
                line.book_lines([self.to(journal)])

    def test_label_that_speaks_of_a_transfer_suggests_one_before_an_expense(self):
        self.preset("Bank", self.fees_code, match_label="contains", match_label_param="transfer")
        self.savings.name = "Savings"
        line = self.transaction(-500, "transfer to savings")
        best = line.get_match_suggestions()[0]
        self.assertEqual((best["entity_type"], best["records"]), ("internal_transfer", [(
            "account.journal", self.savings.id)]))  # fmt: skip
        self.assertEqual(line.accept_match([list(best["records"][0])])["state"], "done")
        self.assertBooked(line)

    def test_other_account_is_known_by_its_name(self):
        self.savings.name = "Savings account"
        self.bank.copy({"name": "Third", "code": "THIRD"})
        learned = self.preset("Sundry", self.fees_code)
        wanted = [("account.journal", self.savings.id)]
        for label in ("TO SAVINGS 1000", "TRANSFER SAVINGS ACCOUNT"):
            for _time in range(3):
                self.transaction(-3, label).match_expense(learned)
            line = self.transaction(-500, label)
            with self.subTest(label):
                best = line.get_match_suggestions()[0]
                self.assertEqual((best["records"], best["names"]), (wanted, ["Transfer to Savings account"]))
                self.assertEqual(line.get_best_suggestions()[0]["records"], wanted)
        choices = [{"id": line.id, "records": [list(record) for record in wanted]}]
        self.assertEqual(line.accept_choices(choices)["accepted"], 1)
        self.assertBooked(line)
        self.assertEqual(line.transfer_journal_id, self.savings)

    def test_name_that_may_be_another_s_suggests_no_transfer(self):
        self.bank.copy({"name": "Third", "code": "THIRD"})
        self.savings.name = "Savings"
        known = self.transaction(-500, "to savings", partner_id=self.vendor.id)
        others = [self.transaction(-500, label) for label in ("SAVINGS 1000", "TO SAVINGS CLUB", "TO BANK")]
        for line in (known, *others):
            with self.subTest(line.payment_ref, partner=line.partner_id.name):
                found = {row["entity_type"] for row in [*line.get_match_suggestions(), *line.get_best_suggestions()]}
                self.assertNotIn("internal_transfer", found)

    def test_transfer_that_was_turned_down_is_not_suggested_again(self):
        self.savings.name = "Savings"
        line = self.transaction(-500, "TO SAVINGS 1000")
        record = ["account.journal", self.savings.id]
        self.assertEqual(line.get_best_suggestions()[0]["records"], [tuple(record)])
        line.reject_suggestion([record])
        self.assertFalse(line.get_match_suggestions())
        self.assertFalse(line.get_best_suggestions())

    def test_own_account_number_is_proof_of_a_transfer(self):
        self.savings.bank_account_id = self.env["res.partner.bank"].create({
            "acc_number": "BE71096123456769", "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        line = self.transaction(-500, "order 5", account_number="BE71 0961 2345 6769")
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["records"], [("account.journal", self.savings.id)])
        self.assertGreater(best["confidence"], 0.9)

    def test_open_transfer_is_found_by_search(self):
        self.transaction(-500, "to savings").book_lines([self.to(self.savings)])
        line = self.transaction(490, "less a fee", journal=self.savings)
        found = line.search_match_targets("500")
        self.assertEqual([row["entity_type"] for row in found], ["internal_transfer"])
        line.book_lines([
            {"kind": "document", "record": list(found[0]["record"]), "amount": 500},
            {"kind": "account", "account_id": self.fees_code.id},
        ])  # fmt: skip
        self.assertBooked(line)
        self.assertEqual(self.open_on_the_way(), 0)

    def test_one_transaction_goes_to_one_other_account(self):
        third = self.bank.copy({"name": "Third", "code": "THIRD"})
        with self.assertRaisesRegex(UserError, "one other bank account"):
            self.transaction(-500).book_lines([self.to(self.savings, amount=200), self.to(third)])

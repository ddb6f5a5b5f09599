"""Settlements of payment processors: from the report's file to the matched ledger, and back."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..statement_formats.settlements import detect
from .common.settlements import FOLDER, SettlementCommon, report


@tagged("post_install", "-at_install")
class TestFromFileToLedger(SettlementCommon):
    def test_stripe_itemized(self):
        invoice = self.invoice("INV/2026/00017", 170)
        # Paid in euros: the invoice in euros is settled by what the processor made of it.
        foreign = self.invoice("INV/2026/00018", 100, self.noah, currency="EUR", invoice_origin="S00043")
        self.invoice("INV/2026/00003", 45, self.vendor, invoice_origin="S00038")
        self.payment(45, self.vendor, memo="INV/2026/00003")
        note = self.document([30], "out_refund", partner=self.emily, ref="re_0001")
        first, second = self.imported("stripe_payout_reconciliation.csv")
        self.assertEqual(first.amount_fees, -20.83)
        self.assertEqual(
            self.places(first),
            [
                ("payment", "found", invoice.display_name),
                ("payment", "found", foreign.display_name),
                ("refund", "found", note.display_name),
                ("dispute", "rest", "Rink Supplies"),
                ("fee", "found", ""),
            ],
        )
        self.assertEqual(self.places(second), [("payment", "missing", "")])
        line = self.transaction(162.57, "STRIPE po_0001", date="2026-04-09")
        booked = self.assertMatchedAndUndone(first, line, invoice, foreign, note)
        receivable = self.company_data["default_account_receivable"].code
        self.assertEqual(
            [row for row in booked if row[0] != "441000"],
            sorted(
                [
                    (receivable, "Emily Sample", 170.0),
                    (receivable, "Noah Example", 88.4),
                    (receivable, "Emily Sample", -30.0),
                    (receivable, "Rink Supplies", -45.0),
                    ("620100", "", -20.83),
                ]
            ),
        )
        self.assertEqual((invoice.amount_residual, foreign.amount_residual, note.amount_residual), (0, 0, 0))

    def test_stripe_registered_payment_of_an_online_payment_clears(self):
        invoice = self.invoice("INV/2026/00017", 97.5)
        payment = self.payment(97.5, self.emily, memo="INV/2026/00017")
        (invoice.line_ids | payment.move_id.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        provider = self.env["payment.provider"].search([("code", "=", "demo")], limit=1) or self.env[
            "payment.provider"
        ].search([], limit=1)
        self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": self.env["payment.method"].search([], limit=1).id,
            "reference": "INV/2026/00017-1", "provider_reference": "ch_1001", "amount": 97.5,
            "currency_id": self.company.currency_id.id, "partner_id": self.emily.id, "payment_id": payment.id,
            "state": "done",
        })  # fmt: skip
        settlement = self.imported("stripe_balance_history.csv")
        entry = settlement.entry_ids.filtered(lambda one: one.kind == "payment")
        self.assertEqual(entry.payment_id, payment)
        line = self.transaction(148.85, "STRIPE po_1001", date="2026-04-09")
        with self.assertRaisesRegex(UserError, "match"):
            settlement.write({"state": "matched"})
        settlement.entry_ids.filtered(lambda one: one.kind == "refund").partner_id = self.emily
        self.assertMatchedAndUndone(settlement, line, invoice, payment.move_id)
        self.assertTrue(payment.is_matched)

    def test_stripe_list_of_payouts_is_completed_by_its_report(self):
        settlement = self.imported("stripe_payouts.csv")
        self.assertFalse(settlement.is_itemized)
        line = self.transaction(162.57, "STRIPE", date="2026-04-09")
        with self.assertRaisesRegex(UserError, "itemized report"):
            line.match_with([("account.settlement", settlement.id)])
        again = self.imported("stripe_payout_reconciliation.csv")
        self.assertEqual(again[0], settlement)
        self.assertEqual((settlement.is_itemized, settlement.entry_count), (True, 5))

    def test_paypal_activity(self):
        invoice = self.invoice("INV/2026/00017", 1170)
        foreign = self.invoice("INV/2026/00018", 100, self.noah, currency="EUR")
        note = self.document([70], "out_refund", partner=self.emily, ref="1AA00000000000006")
        settlement = self.imported("paypal_activity_us.csv")
        self.assertEqual(
            self.places(settlement),
            [
                ("payment", "found", invoice.display_name),
                ("payment", "found", foreign.display_name),
                ("refund", "found", note.display_name),
                ("dispute", "missing", ""),
                ("fee", "found", ""),
                ("reserve", "rest", ""),
                ("reserve", "rest", ""),
            ],
        )
        line = self.transaction(1100, "PAYPAL TRANSFER", date="2026-04-16")
        booked = self.assertMatchedAndUndone(settlement, line, invoice, foreign, note)
        # The dispute nobody was found for, what was left over before, and what PayPal keeps.
        self.assertEqual(
            [row for row in booked if row[0] == "101900"],
            [("101900", "", -40.0), ("101900", "", -19.91), ("101900", "", 10.0)],
        )
        self.assertEqual([row[2] for row in booked if row[0] == "620100"], [-54.42])

    def test_paypal_settlement_report(self):
        invoice = self.invoice("INV/2026/00017", 170)
        settlement = self.imported("paypal_settlement_report.csv")
        self.assertEqual(
            self.places(settlement)[:2],
            [("payment", "found", invoice.display_name), ("refund", "rest", "Emily Sample")],
        )
        line = self.transaction(90, "PAYPAL 3CC00000000000004", date="2026-04-16")
        booked = self.assertMatchedAndUndone(settlement, line, invoice)
        receivable = self.company_data["default_account_receivable"].code
        # The refund without a credit note is open on the client's account.
        self.assertIn((receivable, "Emily Sample", -20.0), booked)

    def test_adyen(self):
        invoice = self.invoice("INV/2026/00017", 170)
        foreign = self.invoice("INV/2026/00018", 100, self.noah, currency="EUR")
        lost = self.invoice("INV/2026/00003", 45, self.noah)
        won = self.invoice("INV/2026/00009", 20, self.noah)
        settlement = self.imported("adyen_settlement_details.csv")
        self.assertEqual(settlement.display_name, "Adyen ExampleShop batch 134")
        self.assertEqual(
            self.places(settlement),
            [
                ("payment", "found", invoice.display_name),
                ("payment", "found", foreign.display_name),
                ("refund", "rest", "Emily Sample"),
                ("dispute", "rest", "Noah Example"),
                ("dispute_reversal", "found", won.display_name),
                ("fee", "found", ""),
                ("reserve", "rest", ""),
            ],
        )
        line = self.transaction(171.85, "ADYEN TX0000001XT BATCH 134", date="2026-04-10")
        booked = self.assertMatchedAndUndone(settlement, line, invoice, foreign, lost, won)
        self.assertEqual([row[2] for row in booked if row[0] == "620100"], [-21.55])
        self.assertEqual([row[2] for row in booked if row[0] == "101900"], [-10.0])

    def test_mollie(self):
        invoice = self.invoice("INV/2026/00017", 150)
        foreign = self.invoice("INV/2026/00018", 100, self.noah, currency="EUR", invoice_origin="S00043")
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        booked = self.assertMatchedAndUndone(settlement, line, invoice, foreign)
        receivable = self.company_data["default_account_receivable"].code
        # 170 were paid on an invoice of 150: 20 more stay on the client's account.
        for amount in (150.0, 20.0, -30.0):
            self.assertIn((receivable, "Emily Sample", amount), booked)
        self.assertIn(("101900", "", -45.0), booked)

    def test_square(self):
        invoice = self.invoice("INV/2026/00017", 170)
        settlement = self.imported("square_transfer_details.csv")
        self.assertEqual(settlement.currency_id, self.company.currency_id)
        line = self.transaction(163.89, "SQUARE INC", date="2026-04-14")
        booked = self.assertMatchedAndUndone(settlement, line, invoice)
        self.assertIn(("101900", "", 30.0), booked)

    def test_fees_with_tax_by_the_preset(self):
        tax = self.env["account.tax"].create({
            "name": "VAT on fees", "amount": 25, "type_tax_use": "purchase", "price_include_override": "tax_included",
        })  # fmt: skip
        self.company.settlement_fee_id = self.preset("Fees with VAT", self.fees_code, tax)
        self.invoice("INV/2026/00017", 170)
        settlement = self.imported("square_transfer_details.csv")
        line = self.transaction(163.89, "SQUARE INC", date="2026-04-14")
        settlement.action_match()
        self.assertBooked(line)
        self.assertIn(("620100", "", -4.89), self.ledger(line))
        self.assertAlmostEqual(sum(row[2] for row in self.ledger(line)), 163.89)

    def test_account_in_another_currency_than_the_company(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        journal = self.bank.copy({"name": "Euro bank", "code": "EURB", "currency_id": euro.id})
        invoice = self.invoice("INV/2026/00017", 170, currency="EUR")
        content = FOLDER.joinpath("mollie_settlement.csv").read_bytes()
        settlement = journal.with_user(self.accountant).import_settlement_report("mollie.csv", content)
        self.assertEqual((settlement.journal_id, settlement.currency_id), (journal, euro))
        line = self.transaction(179.05, "Mollie 1234567.2604.02", journal=journal, date="2026-04-09")
        self.assertMatchedAndUndone(settlement, line, invoice)
        self.assertEqual(invoice.amount_residual, 0)


@tagged("post_install", "-at_install")
class TestImport(SettlementCommon):
    def preview(self, *files):
        wizard = self.env["account.bank.statement.import"].with_user(self.accountant).create({
            "journal_id": self.bank.id,
            "attachment_ids": [Command.create({"name": name, "raw": content}) for name, content in files],
        })  # fmt: skip
        wizard.action_preview()
        return wizard

    def test_the_dialog_tells_reports_from_statements(self):
        statement = b"Date,Description,Amount\n2026-04-09,STRIPE po_0001,162.57\n2026-04-10,Rent,-500.00\n"
        wizard = self.preview(("bank.csv", statement), ("payouts.csv", report("stripe_payout_reconciliation.csv")))
        self.assertFalse(wizard.has_error, wizard.remarks)
        self.assertEqual((wizard.new_count, wizard.settlement_count), (2, 2))
        self.assertEqual(wizard.settlement_ids.mapped("amount_net"), [162.57, 78.55])
        self.assertFalse(self.env["account.settlement"].search_count([]))
        wizard.action_import()
        settlements = self.env["account.settlement"].search([])
        self.assertEqual(settlements.mapped("state"), ["imported", "imported"])
        self.assertIn("payouts.csv", settlements[0].message_ids[0].body)
        # A workbook of the bank is no report, and is not read through to tell.
        self.assertIsNone(detect(FOLDER.parent.joinpath("statements", "xlsx_english_balance.xlsx").read_bytes()))
        # A second time nothing is new.
        wizard = self.preview(("payouts.csv", report("stripe_payout_reconciliation.csv")))
        self.assertEqual(wizard.settlement_count, 0)
        self.assertEqual(self.imported("stripe_payout_reconciliation.csv"), settlements.sorted("reference"))
        self.assertEqual(self.env["account.settlement"].search_count([]), 2)

    def test_reports_of_all_processors(self):
        for name, processor in (
            ("paypal_activity_us.csv", "PayPal"),
            ("paypal_settlement_report.csv", "PayPal"),
            ("adyen_settlement_details.csv", "Adyen"),
            ("mollie_settlement.csv", "Mollie"),
            ("square_transfer_details.csv", "Square"),
        ):
            with self.subTest(name=name):
                content = report(name)
                cut = self.preview((name, content[: len(content) * 2 // 3]))
                self.assertTrue(cut.has_error, "a cut report")
                self.assertTrue(cut.remarks)
                wizard = self.preview((name, content))
                self.assertFalse(wizard.has_error, wizard.remarks)
                self.assertEqual(set(wizard.settlement_ids.mapped("processor")), {processor})
                count = wizard.settlement_count
                self.assertTrue(count)
                wizard.action_import()
                self.assertEqual(self.preview((name, content)).settlement_count, 0)

    def test_order_of_the_dates_of_a_report_is_chosen(self):
        name = "paypal_activity_us.csv"
        content = report(name, *((f"04/{day}/2026".encode(), b"04/05/2026") for day in (13, 14, 15, 16)))
        wizard = self.preview((name, content))
        self.assertEqual((wizard.state, len(wizard.column_ids)), ("mapping", 1))
        self.assertIn("can be read in two ways", wizard.message)
        for order, month in (("mdy", 4), ("dmy", 5)):
            wizard.date_order = order
            wizard.action_preview()
            self.assertEqual(wizard.state, "preview", wizard.message)
            self.assertEqual(wizard.settlement_ids.payout_date.month, month)
            wizard.state = "mapping"
        with self.assertRaisesRegex(UserError, "Use “Import statements”"):
            self.bank.with_user(self.accountant).import_settlement_report(name, content)

    def test_a_damaged_report_stops_all_of_the_import(self):
        bad = report("stripe_payout_reconciliation.csv", (b"170.00,2.75,167.25", b"170.00,2.75,167.24"))
        good = report("mollie_settlement.csv")
        wizard = self.preview(("bad.csv", bad), ("good.csv", good))
        self.assertTrue(wizard.has_error)
        self.assertIn("bad.csv: Row 2", wizard.remarks)
        with self.assertRaisesRegex(UserError, "Row 2"):
            wizard.action_import()
        self.assertFalse(self.env["account.settlement"].search_count([]))

    def test_each_damaged_report_is_refused_with_row_and_reason(self):
        for name, old, new in (
            ("stripe_balance_history.csv", b"80.00,0.00,80.00", b"80.00,0.00,81.00"),
            ("paypal_activity_us.csv", b'"-34.42","1,135.58"', b'"-34.42","1,135.57"'),
            ("adyen_settlement_details.csv", b"1.02,0.51", b"1.52,0.51"),
            ("mollie_settlement.csv", b"88.40,1234567", b"x,1234567"),
            ("square_transfer_details.csv", b"-$5.23,$164.77", b"-$5.23,$164.78"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, r"Row \d"):
                self.imported(name, (old, new))
        self.assertFalse(self.env["account.settlement"].search_count([]))

    def test_another_amount_under_a_known_reference_is_refused(self):
        self.imported("mollie_settlement.csv")
        with self.assertRaisesRegex(UserError, "imported before with"):
            self.imported("mollie_settlement.csv", (b"-4.35", b"-4.36"))

    def test_no_account_in_the_currency(self):
        content = FOLDER.joinpath("mollie_settlement.csv").read_bytes()
        with self.assertRaisesRegex(UserError, "is in EUR, and no bank account is"):
            self.bank.with_user(self.accountant).import_settlement_report("mollie.csv", content)

    def test_paypal_activity_as_a_bank_statement_where_the_user_says_so(self):
        wizard = self.preview(("paypal.csv", report("paypal_activity_us.csv")))
        self.assertTrue(wizard.has_account_history)
        self.assertEqual(wizard.settlement_count, 1)
        # Where nothing was paid out it can only be that, and the dialog says so.
        without = self.preview(
            ("paypal.csv", report("paypal_activity_us.csv", (b"User Initiated Withdrawal", b"Other")))
        )
        self.assertTrue(without.has_error and without.has_account_history)
        self.assertIn("holds no payout", without.remarks)
        wizard.is_account_history = True
        wizard.action_preview()
        self.assertFalse(wizard.settlement_ids)


@tagged("post_install", "-at_install")
class TestMatching(SettlementCommon):
    def setUp(self):
        super().setUp()
        self.open_invoice = self.invoice("INV/2026/00017", 170)
        self.invoice("INV/2026/00018", 100, self.noah, currency="EUR", invoice_origin="S00043")
        self.invoice("INV/2026/00003", 45, self.noah, invoice_origin="S00038")

    def test_reference_and_amount_match_by_itself(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie Payments 1234567.2604.02", date="2026-04-09")
        self.assertEqual(line.auto_match()["matched"], 1)
        self.assertBooked(line, "matched")
        self.assertEqual(settlement.state, "matched")
        self.assertEqual(line.match_confidence, 0.999)
        decision = line.sudo().decision_ids[0]
        self.assertEqual((decision.action, decision.chosen), ("auto", "Mollie 1234567.2604.02"))

    def test_the_amount_alone_is_a_suggestion_only(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Payments", date="2026-04-09")
        line.auto_match()
        self.assertEqual((line.match_status, settlement.state), ("unmatched", "imported"))
        best = line.get_match_suggestions()[0]
        self.assertEqual((best["records"], best["confidence"]), ([("account.settlement", settlement.id)], 0.9))
        self.assertEqual(line.accept_match(best["records"], best["amounts"])["state"], "done")
        self.assertEqual(settlement.state, "matched")
        self.assertEqual(line.action_open_matched()["res_model"], "account.settlement")

    def test_a_suggestion_that_was_turned_down_does_not_come_back(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        line.reject_suggestion([("account.settlement", settlement.id)])
        self.assertNotIn("account.settlement", str(line.get_match_suggestions()))
        line.auto_match()
        self.assertEqual(settlement.state, "imported")
        settlement.action_match()
        self.assertEqual(settlement.state, "matched")

    def test_documents_of_a_branch_are_found(self):
        self.company.write({"child_ids": [Command.create({"name": "East"})]})
        east = self.company.child_ids
        self.cr.precommit.run()  # the chart of accounts of the branch
        self.accountant.company_ids += east
        entry = self.imported("mollie_settlement.csv").entry_ids.filtered("move_id")[:1]
        theirs = self.document([5], company_id=east.id)
        entry.sudo().move_id = theirs
        self.assertEqual(entry.move_id, theirs)
        strange = self.setup_other_company()["company"]
        other = self.env["account.move"].create({"move_type": "entry", "company_id": strange.id})
        with self.assertRaisesRegex(ValidationError, "is of another company than"):
            entry.sudo().move_id = other

    def test_a_missing_payment_is_not_matched_by_itself(self):
        self.open_invoice.button_draft()
        settlement = self.imported("mollie_settlement.csv")
        self.assertEqual((settlement.missing_count, settlement.amount_missing), (2, 140.0))
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        line.auto_match()
        self.assertEqual(settlement.state, "imported")
        self.open_invoice.action_post()
        settlement.action_find()
        self.assertEqual(settlement.missing_count, 0)
        self.assertEqual(line.auto_match()["matched"], 1)

    def test_email_and_amount_are_suggested_for_an_entry(self):
        self.open_invoice.button_draft()
        self.open_invoice.write({"name": "INV/2026/00099", "payment_reference": "INV/2026/00099"})
        self.open_invoice.action_post()
        settlement = self.imported("stripe_payout_reconciliation.csv")[0]
        entry = settlement.entry_ids[0]
        self.assertEqual((entry.state, entry.suggested_move_id), ("missing", self.open_invoice))
        entry.action_confirm()
        self.assertEqual((entry.state, entry.move_id), ("found", self.open_invoice))

    def test_other_amount_other_direction_other_day(self):
        settlement = self.imported("mollie_settlement.csv")
        for amount, date in ((179.04, "2026-04-09"), (-179.05, "2026-04-09"), (179.05, "2026-05-09")):
            line = self.transaction(amount, "Mollie 1234567.2604.02", date=date)
            with self.subTest(amount=amount, date=date), self.assertRaisesRegex(UserError, "No unmatched bank"):
                settlement.action_match()
            line.auto_match()
            self.assertNotIn("account.settlement", str(line.get_match_suggestions()))
        line = self.transaction(179.04, "Mollie", date="2026-04-09")
        with self.assertRaisesRegex(UserError, "matched as a whole"):
            line.match_with([("account.settlement", settlement.id)])

    def test_nothing_is_booked_where_a_setting_lacks(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        self.company.settlement_fee_id = self.company.settlement_account_id = False
        settlement.fee_id = False
        with self.assertRaisesRegex(UserError, "no preset is chosen"):
            settlement.action_match()
        settlement.fee_id = self.fees
        paypal = self.imported("paypal_settlement_report.csv")
        paypal.account_id = False
        self.transaction(90, "PayPal", date="2026-04-16")
        with self.assertRaisesRegex(UserError, r"Nothing was found for .*row"):
            paypal.action_match()
        paypal.account_id = self.company_data["default_account_receivable"]
        with self.assertRaisesRegex(UserError, "Choose the partner"):
            paypal.action_match()
        self.assertEqual(line.match_status, "unmatched")

    def test_matched_is_closed_and_undone_is_open_again(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        settlement.action_match()
        for act in (settlement.action_match, settlement.unlink, settlement.action_find):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            settlement.entry_ids[0].partner_id = self.noah
        line.action_unmatch()
        self.assertEqual(settlement.state, "undone")
        self.assertIn("undone", settlement.message_ids[0].body)
        settlement.unlink()

    def test_the_bank_transaction_is_deleted(self):
        settlement = self.imported("mollie_settlement.csv")
        line = self.transaction(179.05, "Mollie 1234567.2604.02", date="2026-04-09")
        settlement.action_match()
        line.sudo().unlink()
        self.assertEqual((settlement.state, settlement.statement_line_id.id), ("undone", False))

    def test_what_was_reported_stays_as_it_was(self):
        settlement = self.imported("mollie_settlement.csv")
        for values in ({"amount_net": 1}, {"reference": "x"}, {"state": "matched"}, {"journal_id": self.savings.id}):
            with self.assertRaises(UserError):
                settlement.write(values)
        with self.assertRaises(UserError):
            settlement.entry_ids[0].write({"amount_gross": 1})


@tagged("post_install", "-at_install")
class TestSettlementCompanies(SettlementCommon):
    def test_another_company_sees_nothing(self):
        settlement = self.imported("mollie_settlement.csv")
        other = (
            self.company_data_2["company"] if hasattr(self, "company_data_2") else self.setup_other_company()["company"]
        )
        user = self.user_with("other.accountant", "account_reconciliation.group_accountant")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        settlements = self.env["account.settlement"].with_user(user)
        self.assertFalse(settlements.search([]))
        with self.assertRaises(AccessError):
            settlement.with_user(user).with_context(allowed_company_ids=other.ids).read(["amount_net"])

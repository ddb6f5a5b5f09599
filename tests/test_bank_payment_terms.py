"""A bank transaction pays documents with several open lines: the earliest due first, the rest stays open."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankPaymentTerms(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.halves = cls.payment_terms((50, 0), (50, 30))
        cls.thirds = cls.payment_terms((20, 0), (30, 30), (50, 60))

    def open_lines(self, document):
        """What is open of each due line, earliest due first, above zero."""
        lines = document._owed_lines().sorted(lambda line: (line.date_maturity, line.id))
        return [abs(amount) for amount in lines.mapped("amount_residual_currency")]

    def assertPaid(self, document, line, open_lines, applied):
        self.assertBooked(line)
        self.assertEqual(self.open_lines(document), open_lines)
        self.assertEqual(self.applied(document), applied)
        self.assertInvariants(document)

    def test_best_suggestion_of_a_part_is_accepted(self):
        invoice = self.document([300], invoice_payment_term_id=self.halves.id)
        line = self.transaction(100, f"{invoice.name} Tremblay")
        best = line.get_match_suggestions(limit=1)[0]
        self.assertEqual((best["records"], best["amounts"]), ([("account.move", invoice.id)], [100]))
        self.assertEqual(line.accept_match(best["records"], best["amounts"], best["settle"])["state"], "done")
        self.assertPaid(invoice, line, [50, 150], [100])

    def test_amounts_that_end_at_within_and_beyond_a_due_line(self):
        for amount, open_lines in (
            (20, [40, 90, 150]), (60, [0, 90, 150]), (100, [0, 50, 150]), (150, [0, 0, 150]), (299.99, [0, 0, 0.01]),
            (300, [0, 0, 0]),
        ):  # fmt: skip
            with self.subTest(amount=amount):
                invoice = self.document([200, 100], invoice_payment_term_id=self.thirds.id)
                line = self.transaction(amount)
                line.match_with(invoice)
                self.assertPaid(invoice, line, open_lines, [min(amount, 200), max(0, round(amount - 200, 2))])

    def test_explicit_amounts_over_several_documents(self):
        first = self.document([300], invoice_payment_term_id=self.halves.id)
        second = self.document([400], invoice_payment_term_id=self.halves.id)
        line = self.transaction(350)
        line.match_with([first, second], [150, 200])
        self.assertPaid(first, line, [0, 150], [150])
        self.assertPaid(second, line, [0, 200], [200])

    def test_several_documents_in_order(self):
        first = self.document([300], invoice_payment_term_id=self.halves.id)
        second = self.document([400], invoice_payment_term_id=self.halves.id)
        line = self.transaction(450)
        line.match_with(first | second)
        self.assertPaid(first, line, [0, 0], [300])
        self.assertPaid(second, line, [50, 200], [150])

    def test_vendor_bill(self):
        bill = self.document([300], "in_invoice", invoice_payment_term_id=self.thirds.id)
        line = self.transaction(-150)
        line.match_with(bill)
        self.assertPaid(bill, line, [0, 0, 150], [150])

    def test_credit_note_is_given_back_in_part(self):
        credit = self.document([300], "out_refund", invoice_payment_term_id=self.halves.id)
        line = self.transaction(-100)
        line.match_with(credit)
        self.assertPaid(credit, line, [50, 150], [100])

    def test_opening_entry_of_two_lines(self):
        entry = self.opening_entry((self.family, 100, "2026-01-31"), (self.family, 80, "2026-02-28"))
        line = self.transaction(60)
        line.match_with(entry)
        self.assertBooked(line)
        self.assertEqual(self.open_lines(entry), [40, 80])
        self.assertInvariants(entry)

    def test_document_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        invoice = self.document([300], currency_id=euro.id, invoice_payment_term_id=self.halves.id)
        line = self.transaction(200)  # 100 EUR
        line.match_with(invoice)
        self.assertPaid(invoice, line, [50, 150], [100])

    def test_bank_account_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5), ("2026-02-01", 0.4)])
        euro_bank = self.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": euro.id})
        for currency, open_lines, applied in ((euro, [50, 150], [100]), (self.company.currency_id, [0, 50], [250])):
            with self.subTest(currency=currency.name):
                invoice = self.document([300], currency_id=currency.id, invoice_payment_term_id=self.halves.id)
                line = self.transaction(100, journal=euro_bank)
                line.match_with(invoice)
                self.assertPaid(invoice, line, open_lines, applied)

    def test_taxes_that_are_due_on_payment(self):
        self.company.tax_exigibility = True
        waiting = self.company_data["default_account_tax_sale"].copy({"code": "251999", "reconcile": True})
        tax = self.env["account.tax"].create({
            "name": "10 % on payment", "amount": 10, "tax_exigibility": "on_payment",
            "cash_basis_transition_account_id": waiting.id,
        })  # fmt: skip
        invoice = self.document(
            [{"price_unit": 200, "tax_ids": [Command.set(tax.ids)]}], invoice_payment_term_id=self.halves.id
        )
        line = self.transaction(55)
        line.match_with(invoice)
        self.assertPaid(invoice, line, [55, 110], [55])
        line.action_unmatch()
        self.assertEqual(self.open_lines(invoice), [110, 110])

    def test_due_lines_of_both_signs(self):
        """A fixed first amount above the total: +100 and -40; only the sum of 60 is owed."""
        term = self.env["account.payment.term"].create({"name": "100 first", "line_ids": [
            Command.create({"value": "fixed", "value_amount": 100, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 100, "nb_days": 30}),
        ]})  # fmt: skip
        for amounts in ((60,), (25, 35)):
            with self.subTest(amounts=amounts):
                invoice = self.document([60], invoice_payment_term_id=term.id)
                self.assertEqual(sorted(invoice._owed_lines().mapped("balance")), [-40, 100])
                for amount in amounts:
                    line = self.transaction(amount, f"Tremblay family {invoice.name}")
                    best = line.get_match_suggestions(limit=1)[0]
                    self.assertEqual(best["records"], [("account.move", invoice.id)])
                    line.accept_match(best["records"], best["amounts"], best["settle"])
                    self.assertBooked(line)
                self.assertEqual((invoice.payment_state, self.open_lines(invoice)), ("paid", [0, 0]))
                self.assertInvariants(invoice)
                line.action_unmatch()
                self.assertEqual(invoice.amount_residual, amounts[-1])

    def test_undoing_a_part_gives_all_lines_back(self):
        invoice = self.document([200, 100], invoice_payment_term_id=self.thirds.id)
        line = self.transaction(100)
        before = self.bank_snapshot(line)
        line.match_with(invoice)
        line.action_unmatch()
        self.assertEqual(self.open_lines(invoice), [60, 90, 150])
        self.assertEqual(self.bank_snapshot(line), before)

    def test_document_with_two_receivable_accounts_is_suggested_line_by_line(self):
        other = self.company_data["default_account_receivable"].copy({"code": "121999"})
        invoice = self.document([300], invoice_payment_term_id=self.halves.id, post=False)
        invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")[1].account_id = other
        invoice.action_post()
        line = self.transaction(150, f"{invoice.name} Tremblay")
        for row in line.get_match_suggestions():
            self.assertNotIn(("account.move", invoice.id), row["records"])

    # -- what is worth nothing --------------------------------------------------------------------------------

    def test_transaction_worth_nothing_in_company_currency(self):
        rupiah = self.setup_other_currency("IDR", rates=[("2026-01-01", 16000)])
        journal = self.bank.copy({"name": "Rupiah", "code": "IDRB", "currency_id": rupiah.id})
        invoice = self.document([10])
        line = self.transaction(1, invoice.name, journal=journal)
        self.assertEqual(line.get_match_suggestions(), [])
        with self.assertRaisesRegex(UserError, "is worth .*0.00.*can't pay"):
            line.match_with(invoice)
        line.match_expense(self.fees)
        self.assertBooked(line)

    def test_amount_worth_nothing_in_the_document_s_currency(self):
        yen = self.setup_other_currency("JPY", rates=[("2026-01-01", 0.2)], rounding=1.0)
        invoice = self.document([1000], currency_id=yen.id)
        line = self.transaction(0.01, invoice.name)
        self.assertEqual(line.get_match_suggestions(), [])
        with self.assertRaisesRegex(UserError, "too little to pay anything of"):
            line.match_with(invoice)

    def test_document_worth_nothing_in_company_currency(self):
        yen = self.setup_other_currency("JPY", rates=[("2026-01-01", 1000)], rounding=1.0)
        line = self.transaction(10)
        with self.assertRaisesRegex(UserError, "are worth .*0.00 in the company's currency"):
            line.match_with(self.document([3], currency_id=yen.id))

    def test_due_line_worth_nothing_beside_others(self):
        """It is not planned, and what is worth something is paid; asked for by itself it gets its sentence."""
        yen = self.setup_other_currency("JPY", rates=[("2026-01-01", 1000)], rounding=1.0)
        for first, label in ((1, "the first"), (99, "the last")):
            with self.subTest(label):
                terms = self.payment_terms((first, 0), (100 - first, 30))
                invoice = self.document([300], currency_id=yen.id, invoice_payment_term_id=terms.id)
                worthless = invoice._owed_lines().filtered(lambda line: not line.amount_residual)
                self.assertEqual(worthless.amount_residual_currency, 3)
                line = self.transaction(0.3, invoice.name, foreign_currency_id=yen.id, amount_currency=297)
                rows = line.get_match_suggestions()
                self.assertIn([("account.move", invoice.id)], [row["records"] for row in rows])
                for row in rows:
                    self.assertEqual(line.accept_match(row["records"], row["amounts"], row["settle"])["state"], "done")
                    line.action_unmatch()
                with self.assertRaisesRegex(UserError, "are worth .*0.00 in the company's currency"):
                    line.match_with(worthless)
                line.auto_match()
                self.assertEqual((line.match_status, invoice.amount_residual), ("matched", 3))
        self.assertInvariants()

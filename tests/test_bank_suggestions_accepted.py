"""Whatever is suggested can be accepted as it is, and undone: over a small ledger of many kinds."""

from odoo.tests import tagged

from .common.bank_matching import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankSuggestionsAccepted(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.87)])
        cls.yen = cls.setup_other_currency("JPY", rates=[("2026-01-01", 151.3)], rounding=1.0)
        cls.euro_bank = cls.bank.copy({"name": "Euro", "code": "EUBK", "currency_id": cls.euro.id})
        cls.euro_bank.default_account_id = cls.bank.default_account_id.copy({"code": "101778"})
        halves = cls.payment_terms((50, 0), (50, 30))
        thirds = cls.payment_terms((30, 0), (30, 30), (40, 60))
        discount = cls.payment_terms((100, 30), early_discount=True, discount_percentage=2, discount_days=10)
        cls.ledger = []
        for currency, prices in ((cls.company.currency_id, [60, 40.5]), (cls.euro, [60, 40.5]), (cls.yen, [9000, 41])):
            for terms, move_type in ((halves, "out_invoice"), (discount, "out_invoice"), (thirds, "in_invoice")):
                cls.ledger.append(cls.document(
                    prices, move_type, date="2026-02-05", currency_id=currency.id, invoice_payment_term_id=terms.id
                ))  # fmt: skip
            cls.payment(100, date="2026-02-09", currency_id=currency.id)
        cls.ledger.append(cls.document([100.5], "out_refund", date="2026-02-05"))
        cls.payment(33, date="2026-02-09", journal_id=cls.savings.id)
        cls.opening_entry((cls.family, 80, "2026-01-31"), (cls.family, 20, "2026-02-28"))
        cls.preset("Interest", cls.fees_code, match_label="contains", match_label_param="interest")
        cls.incomplete = cls.preset("Half", cls.fees_code, match_label="contains", match_label_param="interest")
        cls.incomplete.line_ids.amount_string = "50"

    def check(self, line):
        """Accept and undo each suggestion; nothing but the fee of a transfer is asked for."""
        before = self.bank_snapshot(line)
        for row in line.get_match_suggestions(limit=8):
            if row["entity_type"] == "internal_transfer" and row["note"] == "fee":
                continue
            with self.subTest(amount=line.amount, label=line.payment_ref, records=row["records"], note=row["note"]):
                result = line.accept_match(row["records"], row["amounts"], row["settle"])
                self.assertEqual(result["state"], "done")
                self.assertBooked(line)
                line.action_unmatch()
                self.assertEqual(self.bank_snapshot(line), before)
        self.assertInvariants()
        line.action_ignore("looked at")

    def test_every_suggestion_can_be_accepted_and_undone(self):
        named = [self.ledger[0].name, self.ledger[4].name]
        for journal, amounts in (
            (self.bank, (0.01, 50.25, -30)),
            (self.euro_bank, (87.44,)),
        ):
            for number, amount in enumerate(amounts):
                label = f"Tremblay family {named[number % len(named)]} interest"
                self.check(self.transaction(amount, label, journal=journal))

    def test_every_suggestion_of_a_transaction_with_a_foreign_amount(self):
        for amount, foreign in ((111.7, 98.49),):
            self.check(self.transaction(amount, "Tremblay family", foreign_currency_id=self.euro.id,
                                        amount_currency=foreign))  # fmt: skip

"""What the tests of returned payments share: a paid invoice, accepting a return, the ledger to compare."""

from .bank_matching import BankMatchingCommon


class ReturnsCommon(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.return_fee_id = cls.fees
        cls.admin = cls.user_with("matching.admin", "account_reconciliation.group_owner")

    def paid(self, prices=(75, 75, 20), amount=100, **values):
        """An invoice and a registered payment of it that the bank has shown."""
        invoice = self.document(prices, **values.pop("document", {}))
        payment = self.payment(amount, date="2026-01-15", **values)
        self.reconcile(invoice, payment)
        received = self.transaction(amount, "receipt", date="2026-01-16")
        received.match_with(payment)
        return invoice, payment, received

    def owed(self, record):
        move = record.move_id if record._name != "account.move" else record
        return move._owed_lines()

    def suggested(self, line):
        return [row for row in line.get_match_suggestions() if row["entity_type"] == "return"]

    def accept(self, line):
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["entity_type"], "return")
        result = line.accept_match(best["records"], best["amounts"], best["settle"])
        self.assertEqual(result["state"], "done")
        return self.env["account.payment.return"].search([("statement_line_id", "=", line.id)])

    def ledger(self, moves):
        """All of these entries that undoing restores; the numbers that Odoo gives a reconciliation are new."""
        documents, lines, payments = self.snapshot(moves)
        for line in lines:
            del line["full_reconcile_id"], line["matching_number"]
        return documents, lines, payments

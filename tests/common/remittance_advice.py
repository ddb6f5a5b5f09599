"""What the tests of remittance advice share: a payer, its documents, and an advice as the accountant reads it."""

from .bank_matching import BankMatchingCommon


class RemittanceCommon(BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stores = cls.env["res.partner"].create({"name": "North Stores", "email": "ap@stores.example.com"})
        cls.write_off = cls.preset("Payment differences", cls.fees_code.copy({"code": "659000", "name": "Differences"}))

    def invoice(self, amount=100, partner=None, **values):
        return self.document([amount * 0.6, amount * 0.4], partner=partner or self.stores, **values)

    def advice(self, text, day="2026-02-10", **values):
        """A pasted advice, as the accountant reads it."""
        record = self.env["account.remittance.advice"].with_user(self.accountant).import_advice("", text.encode())
        record.write({"payment_date": day, **values})
        return record

    def states(self, advice):
        return [(line.move_id, line.amount, line.state) for line in advice.line_ids]

    def suggested(self, line):
        return line.get_match_suggestions()[0]

    def snapshot(self, *documents):
        self.env.flush_all()
        self.env.invalidate_all()
        fields = ["amount_residual", "payment_state", "reconciliation_status"]
        lines = ["amount_residual", "reconciled", "matching_number", "balance"]
        return [(document.sudo().read(fields), document.sudo().line_ids.read(lines)) for document in documents]

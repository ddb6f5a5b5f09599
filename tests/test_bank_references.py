"""What a label's numbers are worth: orders, ids of the payer, cheques, another document's number."""

from odoo.tests import tagged

from .common.matcher import MatcherCommon


@tagged("post_install", "-at_install")
class TestBankReferences(MatcherCommon):
    def with_id(self, amount, label, end_to_end_id, **values):
        """A transaction as an import leaves it, with the payer's own id."""
        return self.env["account.bank.statement.line"]._own_write().create({
            "journal_id": self.bank.id, "date": "2026-01-15", "amount": amount, "payment_ref": label,
            "end_to_end_id": end_to_end_id, **values,
        })  # fmt: skip

    def test_order_number_names_the_invoice(self):
        invoice = self.document([182.35], invoice_origin="S00127")
        self.assertMatched(self.transaction(182.35, "order S00127"), invoice)

    def test_purchase_order_names_the_bill(self):
        bill = self.document([182.35], "in_invoice", ref="RS-1", invoice_origin="P00127")
        self.assertMatched(self.transaction(-182.35, "PO P00127"), bill)

    def test_payer_s_own_id_that_is_always_the_same(self):
        """A payer sends the first invoice's number as the id of every payment; the text names the right invoice."""
        old = self.document([60])
        self.register_payment(old)
        invoice = self.document([182.35])
        line = self.with_id(182.35, f"Payment {invoice.name}", old.name, partner_name="TREMBLAY FAMILY")
        self.assertMatched(line, invoice)

    def test_payer_s_own_id_alone_names_the_document(self):
        for document, amount in (
            (self.document([182.35]), 182.35),
            (self.document([95.4], "in_invoice", ref="RS-2026-0077"), -95.4),
        ):
            name = document.ref or document.name
            partner = document.partner_id.name.upper()
            line = self.with_id(amount, "Payment", name, partner_name=partner)
            self.assertMatched(line, document)
            self.assertIn("payer's own reference", " ".join(self.matcher._explain(self.best(line))))

    def test_cheque_number_is_no_invoice_number(self):
        """CHEQUE 1042 says nothing about INV/2026/01042."""
        self.document([182.35], name="INV/2026/01042")
        best = self.best(self.transaction(182.35, "CHEQUE 1042"))
        self.assertNotIn("reference_number", [reason.kind for reason in best.reasons])

    def test_cheque_that_was_registered(self):
        for amount, direction, side in ((77.35, "inbound", "customer"), (-77.35, "outbound", "supplier")):
            payment = self.payment(77.35, direction=direction, partner_type=side, memo="Cheque 1042")
            self.payment(77.35, direction=direction, partner_type=side, memo="Cheque 1043")
            best = self.best(self.transaction(amount, "CHQ NO 001042", date="2026-01-18"))
            self.assertEqual(best.records, (("account.payment", payment.id),))

    def test_label_that_names_another_document_is_for_a_person(self):
        """The amount and the payer fit the one, the number is the other's."""
        paid, other = self.document([182.35]), self.document([99])
        line = self.transaction(182.35, other.name, partner_name="TREMBLAY FAMILY")
        self.assertFalse(self.decided(line), self._shown(line))
        self.assertIn(("account.move", paid.id), [one.records[0] for one in self.suggested(line)[:3]])
        bill = self.document([182.35], "in_invoice", ref="RS-1001")
        named = self.document([60], "in_invoice", ref="RS-1002")
        line = self.transaction(-182.35, named.ref, partner_name="RINK SUPPLIES")
        self.assertFalse(self.decided(line), self._shown(line))
        self.assertIn(("account.move", bill.id), [one.records[0] for one in self.suggested(line)[:3]])

    def test_number_alone_finds_the_document_that_is_paid_in_part(self):
        """Neither the amount nor the payer leads to the invoice: what is left of its number does."""
        invoice = self.document([182.35], name="INV/2026/40477")
        for label in ("invoice 40477", "#40477", "INV/2206/40477"):
            with self.subTest(label):
                line = self.transaction(91.17, label, partner_name="SOMEBODY ELSE")
                self.assertEqual(self.best(line).records, (("account.move", invoice.id),))
                self.assertFalse(self.decided(line), self._shown(line))

    def test_amount_less_charges_finds_the_document(self):
        """Nothing is known but the amount: the document that it is nearest to is among the first."""
        invoice = self.document([8247.32])
        bill = self.document([6300.11], "in_invoice")
        for document, amount in ((invoice, 8237.32), (invoice, 8257.32), (bill, -6320.11), (bill, -6290.11)):
            with self.subTest(amount=amount):
                line = self.transaction(amount, "INCOMING WIRE", partner_name="SOMEBODY ELSE")
                self.assertIn(("account.move", document.id), [one.records[0] for one in self.suggested(line)[:3]])
                self.assertFalse(self.decided(line), self._shown(line))

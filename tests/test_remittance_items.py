"""Remittance advice whose lines name the items of a document: each item gets what the payer says."""

import doctest
import io

import xlsxwriter
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..engine.remittance_advice import documents, parse
from .common.remittance_advice import RemittanceCommon

UBL = """<?xml version="1.0"?><RemittanceAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:RemittanceAdvice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>RA-1</cbc:ID>
 <cac:RemittanceAdviceLine><cbc:ID>1</cbc:ID><cbc:DebitLineAmount currencyID="USD">{total}</cbc:DebitLineAmount>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{name}</cbc:ID></cac:InvoiceDocumentReference>
  <cac:BillingReferenceLine><cbc:ID>3</cbc:ID><cbc:Amount currencyID="USD">20.00</cbc:Amount></cac:BillingReferenceLine>
  <cac:BillingReferenceLine><cbc:ID>2</cbc:ID><cbc:Amount currencyID="USD">30.00</cbc:Amount></cac:BillingReferenceLine>
  </cac:BillingReference></cac:RemittanceAdviceLine></RemittanceAdvice>"""


@tagged("post_install", "-at_install")
class TestRemittanceItems(RemittanceCommon):
    def courses(self, **values):
        """An invoice of three items: 75, 75 and 20."""
        invoice = self.document([75, 75, 20], partner=self.stores, post=False, **values)
        for line, name in zip(invoice.invoice_line_ids, ("Skating course", "Hockey course", "Locker"), strict=True):
            line.name = name
        invoice.action_post()
        return invoice

    def test_rule(self):
        self.assertEqual(doctest.testmod(documents).failed, 0)

    def test_booked_item_by_item_and_undone(self):
        invoice = self.courses()
        line = self.transaction(50, "stores")
        before = self.bank_snapshot(line), self.snapshot(invoice)
        advice = self.advice(
            f"Invoice,Item,Paid\n{invoice.name},Hockey course,30.00\n{invoice.name},LOCKER,20.00\n", day="2026-02-08"
        )
        self.assertEqual(advice.line_ids.item_id.mapped("name"), ["Hockey course", "Locker"])
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual(self.applied(invoice), [0, 30, 20])
        self.assertIn("Hockey course, Locker", line.sudo().decision_ids[0].reasons)
        self.assertInvariants()
        advice.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.snapshot(invoice)), before)
        self.assertEqual(self.applied(invoice), [0, 0, 0])

    def test_suggestion_that_is_accepted_pays_the_items(self):
        invoice, other = self.courses(), self.invoice(40)
        advice = self.advice(
            f"Invoice,Item,Paid\n{invoice.name},Locker,20.00\n{other.name},,40.00\n{invoice.name},Hockey course,5.00\n",
            day="2026-02-08",
        )
        line = self.transaction(65, "stores")
        best = self.suggested(line)
        self.assertEqual(line.accept_match(best["records"], best["amounts"])["state"], "done")
        self.assertEqual((self.applied(invoice), self.left(other)), ([0, 5, 20], [0, 0]))
        self.assertEqual(advice.state, "matched")
        self.assertInvariants()

    def test_automatic_where_the_items_are_found(self):
        invoice, other = self.courses(), self.courses()
        for document, item, matched in ((invoice, "Locker", 1), (other, "Curling", 0)):
            text = f"Invoice,Item,Paid\n{document.name},{item},20.00\n"
            self.advice(text, day="2026-02-08", reference=f"EFT-8842{document.id}")
            line = self.transaction(20, f"EFT-8842{document.id} stores")
            self.assertEqual(line.auto_match()["matched"], matched, item)
        self.assertEqual((self.applied(invoice), self.applied(other)), ([0, 0, 20], [0, 0, 0]))

    def test_in_listed_order_where_one_line_names_no_item(self):
        invoice = self.courses()
        advice = self.advice(
            f"Invoice,Item,Paid\n{invoice.name},Locker,20.00\n{invoice.name},,10.00\n", day="2026-02-08"
        )
        self.transaction(30, "stores")
        advice.action_book()
        self.assertEqual(self.applied(invoice), [30, 0, 0])

    def test_what_stands_beside_rows_of_one_document_is_its_item(self):
        invoice = self.courses()
        advice = self.advice(
            f"Invoice,Description,Paid\n{invoice.name},Locker,20.00\n{invoice.name},Hockey course,30.00\n"
        )
        self.assertEqual(advice.line_ids.item_id.mapped("name"), ["Locker", "Hockey course"])

    def test_more_than_is_open_of_an_item(self):
        invoice = self.courses()
        advice = self.advice(f"Invoice,Item,Paid\n{invoice.name},Locker,25.00\n", day="2026-02-08")
        self.assertEqual(advice.line_ids.state, "too_much")
        self.transaction(40, "stores")
        advice = self.advice(
            f"Invoice,Item,Paid\n{invoice.name},Locker,20.00\n{invoice.name},Locker,20.00\n", day="2026-02-08"
        )
        with self.assertRaisesRegex(UserError, "can't be applied to “Locker”"), self.env.cr.savepoint():
            advice.action_book()
        self.assertEqual(self.applied(invoice), [0, 0, 0])

    def test_several_due_dates_and_a_deduction_that_a_preset_books(self):
        term = self.env["account.payment.term"].create({
            "name": "in two parts",
            "line_ids": [
                Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
            ],
        })  # fmt: skip
        invoice = self.courses(invoice_payment_term_id=term.id)
        self.assertEqual(len(invoice._owed_lines()), 2)
        advice = self.advice(
            f"Invoice,Item,Paid,Deduction\n{invoice.name},Hockey course,70.00,5.00\n{invoice.name},Locker,20.00,\n",
            day="2026-02-08",
        )
        advice.line_ids[0].preset_id = self.write_off
        line = self.transaction(90, "stores")
        advice.action_book()
        self.assertBooked(line)
        self.assertEqual(self.applied(invoice), [0, 75, 20])
        self.assertInvariants()

    def test_another_document_has_other_items(self):
        invoice, other = self.courses(), self.courses()
        advice = self.advice(f"Invoice,Item,Paid\n{invoice.name},Locker,20.00\n")
        line = advice.line_ids
        with self.assertRaisesRegex(ValidationError, "item of another document"), self.env.cr.savepoint():
            line.item_id = other.invoice_line_ids[0]
        line.move_id = other
        self.assertEqual(line.item_id, other.invoice_line_ids[2], "found anew")

    def test_ubl_names_lines_by_their_number(self):
        invoice = self.courses()
        advice = self.advice(UBL.format(name=invoice.name, total="50.00"), day="2026-02-08")
        self.assertEqual([(line.item_id.name, line.amount) for line in advice.line_ids],
                         [("Locker", 20), ("Hockey course", 30)])  # fmt: skip
        self.transaction(50, "stores")
        advice.action_book()
        self.assertEqual(self.applied(invoice), [0, 30, 20])
        [other] = parse("", UBL.format(name="INV/1", total="170.00").encode())
        self.assertEqual([(one.number, one.amount, one.item_number) for one in other.lines], [("INV/1", 170, "")],
                         "amounts of another meaning")  # fmt: skip

    def test_excel(self):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate((["Line", "Invoice", "Article", "Amount paid"], [1, "INV/7", "Locker", 20],
                                         [2, "INV/7", "7", 30])):  # fmt: skip
                sheet.write_row(row, 0, cells)
        lines = parse("advice.xlsx", content.getvalue())[0].lines
        self.assertEqual([(one.item, one.amount) for one in lines], [("Locker", 20), ("", 30)])

"""Remittance advice in every format that is read: what is paid for which document; hostile files get a sentence."""

import doctest
import io
import re
import zlib
from decimal import Decimal
from random import Random
from unittest.mock import patch

import openpyxl
from odoo.tests import BaseCase

from ..engine.remittance_advice import (
    BYTES_MAX,
    AdviceLine,
    columns,
    documents,
    edifact_remadv,
    parse,
    plain_text,
    reasons,
    table,
)
from ..statement_formats import StatementFormatError

D = Decimal

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<RemittanceAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:RemittanceAdvice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>RA-55</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cbc:TotalPaymentAmount currencyID="EUR">240.00</cbc:TotalPaymentAmount>
 <cbc:PaymentOrderReference>PO-778</cbc:PaymentOrderReference>
 <cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>North Stores</cbc:Name></cac:PartyName></cac:Party>
 </cac:AccountingCustomerParty>
 <cac:RemittanceAdviceLine><cbc:ID>1</cbc:ID><cbc:DebitLineAmount currencyID="EUR">170.00</cbc:DebitLineAmount>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV/2026/00003</cbc:ID></cac:InvoiceDocumentReference>
  </cac:BillingReference></cac:RemittanceAdviceLine>
 <cac:RemittanceAdviceLine><cbc:ID>2</cbc:ID><cbc:DebitLineAmount currencyID="EUR">90.00</cbc:DebitLineAmount>
  <cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV/2026/00004</cbc:ID></cac:InvoiceDocumentReference>
  <cac:BillingReferenceLine><cbc:ID>1</cbc:ID><cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
  <cbc:AllowanceChargeReason>Damaged</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">10.00</cbc:Amount>
  </cac:AllowanceCharge></cac:BillingReferenceLine></cac:BillingReference></cac:RemittanceAdviceLine>
 <cac:RemittanceAdviceLine><cbc:ID>3</cbc:ID><cbc:CreditLineAmount currencyID="EUR">20.00</cbc:CreditLineAmount>
  <cac:BillingReference><cac:CreditNoteDocumentReference><cbc:ID>RINV/2026/00001</cbc:ID>
  </cac:CreditNoteDocumentReference></cac:BillingReference></cac:RemittanceAdviceLine>
</RemittanceAdvice>"""
X12 = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PAYEE          *260301*1200*U*00401*000000001*0*P*>~"
    "GS*RA*PAYER*PAYEE*20260301*1200*1*X*004010~ST*820*0001~"
    "BPR*C*238.00*C*ACH*CTX*01*021000021*DA*123456789*1234567890**01*021000089*DA*987654321*20260302~"
    "TRN*1*TRACE12345~CUR*PR*USD~N1*PR*NORTH STORES~N1*PE*REC CENTRE~ENT*1~"
    "RMR*IV*INV/2026/00003**170.00*170.00*0~DTM*003*20260110~"
    "RMR*IV*INV/2026/00004**88.00*100.00*2.00~ADX*-10.00*04~RMR*CM*RINV/2026/00001**20.00~"
    "SE*12*0001~GE*1*1~IEA*1*000000001~"
)
EDIFACT = (
    "UNA:+.? 'UNB+UNOC:3+PAYER+PAYEE+260301:1200+1'UNH+1+REMADV:D:96A:UN'BGM+481+REM55+9'DTM+137:20260301:102'"
    "RFF+PQ:PAY-778'NAD+PR+++NORTH ?'STORES?''NAD+PE+123::9'CUX+2:EUR:11'DOC+380+INV/2026/00003'MOA+77:170.00'"
    "MOA+12:170.00'DOC+380+INV/2026/00004'MOA+77:100'MOA+12:88'AJT+3'MOA+165:12'DOC+381+RINV/2026/00001'MOA+12:20'"
    "UNS+S'MOA+12:238'UNT+20+1'UNZ+1+1'"
)
GERMAN = """Sehr geehrte Damen und Herren,
wir haben heute folgende Rechnungen bezahlt:

Rechnungs-Nr.     Datum        Rechnungsbetrag      Abzug     Zahlbetrag   Grund
2026/00017        10.01.2026          1.170,00                  1.170,00
2026/00018        12.01.2026            100,00      10,00          90,00   Beschädigt
Summe                                                           1.260,00 EUR

Zahlungsreferenz: ZR-2026-55
"""


def pdf(lines):
    """A PDF of one page with a text a line."""
    text = "".join(f"1 0 0 1 40 {760 - 14 * row} Tm ({line}) Tj " for row, line in enumerate(lines))
    stream = zlib.compress(f"BT /F1 10 Tf {text} ET".encode("latin-1"))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(content),
    )


class TestRemittanceReaders(BaseCase):
    def lines(self, content, name=""):
        content = content if isinstance(content, bytes) else content.encode()
        [self.advice] = parse(name, content)
        return [(line.number, line.amount, line.deduction) for line in self.advice.lines]

    def assertRefused(self, content, words):
        with self.assertRaisesRegex(StatementFormatError, words):
            parse("advice.txt", content if isinstance(content, bytes) else content.encode())

    def test_rules(self):
        self.assertEqual(doctest.testmod(columns).failed, 0)
        self.assertEqual(doctest.testmod(reasons).failed, 0)

    def test_csv_with_discount_credit_note_and_total(self):
        content = (
            "Invoice No,Invoice Date,Gross Amount,Discount,Amount Paid\n"
            'INV/2026/00001,2026-01-10,100.00,2.00,98.00\nINV/2026/00002,2026-01-12,"1,250.50",,"1,250.50"\n'
            'RINV/2026/00001,2026-01-13,-40.00,,-40.00\nTotal,,,,"1,308.50"\n'
        )
        self.assertEqual(
            self.lines(content),
            [("INV/2026/00001", D("98"), D("2")), ("INV/2026/00002", D("1250.5"), 0), ("RINV/2026/00001", D("-40"), 0)],
        )
        self.assertEqual((self.advice.total, self.advice.lines[0].reason_code), (D("1308.50"), "late_discount"))
        self.assertFalse(self.advice.warnings)

    def test_grouped_thousands_without_decimals(self):
        self.assertEqual(
            self.lines("number;paid\nINV/1;1,234\nINV/2;2,100\n"), [("INV/1", 1234, 0), ("INV/2", 2100, 0)]
        )

    def test_what_does_not_add_up_is_told(self):
        self.lines("Invoice,Paid\nINV/2026/1,100.00\nTotal,90.00\n")
        self.assertIn("The lines add up to 100.00, but the advice says 90.00", self.advice.warnings[0])

    def test_an_amount_of_no_document_is_a_line_of_its_own(self):
        found = self.lines("Document\tPaid\nINV/2026/00003\t170.00\nBank fee\t-5.00\nTotal\t165.00\n")
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("", -5, 0)])
        self.assertEqual(self.advice.lines[1].reason, "Bank fee")

    def test_our_number_beside_the_payers_own(self):
        found = self.lines(
            "Your document      Our document   Date         Gross amount   Deductions   Net amount\n"
            "INV/2026/00003     5100000123     01/10/2026        170.00         0.00       170.00\n"
            "INV/2026/00004     5100000124     01/12/2026        100.00        10.00        90.00\n"
            "RINV/2026/00001    1700000077     01/13/2026         20.00-        0.00        20.00-\n"
            "Sum total                                           250.00        10.00       240.00\n"
        )
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 10), ("RINV/2026/00001", -20, 0)])
        self.assertEqual(self.advice.lines[0].other_numbers, ("5100000123",))
        self.assertEqual(self.advice.total, 240)

    def test_text_laid_out_in_columns_of_which_some_are_empty(self):
        found = self.lines(GERMAN)
        self.assertEqual(found, [("2026/00017", 1170, 0), ("2026/00018", 90, 10)])
        self.assertEqual(self.advice.lines[1].reason, "Beschädigt")
        self.assertEqual((self.advice.total, self.advice.currency, self.advice.reference), (1260, "EUR", "ZR-2026-55"))

    def test_sentences(self):
        found = self.lines(
            "Hello,\nWe transferred $260.00 today for:\n - INV/2026/00003: 170.00\n"
            " - INV/2026/00004: 90.00 (10.00 withheld for damaged skates)\n\nPayment reference: EFT 884211\n"
            "Total: 260.00\nTel. 514-555-0199\n"
        )
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 10)])
        self.assertEqual((self.advice.total, self.advice.reference), (260, "884211"))
        found = self.lines("We have paid invoices INV/2026/00003 (170.00) and INV/2026/00004 (90.00).")
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 0)])

    def test_further_ways_of_writing(self):
        for content, expected in (
            ("RE 2026-0099 vom 01.02.2026 über 1.190,00 € abzgl. 2 % Skonto 23,80 € = 1.166,20 €",
             [("2026-0099", D("1166.20"), D("23.80"))]),
            ("INV/2026/00001   $1,000\nINV/2026/00002   $500\nTotal $1,500\n",
             [("INV/2026/00001", 1000, 0), ("INV/2026/00002", 500, 0)]),
            ("Paid: INV/2026/00001 - 1000.00 CAD, INV/2026/00002 - 500.00 CAD. EFT ref 99881. Thank you",
             [("INV/2026/00001", 1000, 0), ("INV/2026/00002", 500, 0)]),
            ("InvoiceNumber,InvoiceAmount,AmountPaid,ShortPayReason\nINV-1001,500.00,450.00,Damaged goods\n",
             [("INV-1001", 450, 50)]),
            ("<table><tr><td>Invoice</td><td>INV/2026/00005</td></tr><tr><td>Amount</td><td>55.00</td></tr></table>",
             [("INV/2026/00005", 55, 0)]),
            ("please find the payment of EUR 500,00 for your invoice no. 2026/0045.", [("2026/0045", 500, 0)]),
            ("Our ref | Your ref | Doc type | Amount\n5002 | RINV/2026/00002 | Credit memo | 20.00\n",
             [("RINV/2026/00002", -20, 0)]),
            ("Hi, paid:\n#1021  $45.00\n#1022  $30.50\nTotal $75.50\n",
             [("1021", 45, 0), ("1022", D("30.50"), 0)]),
        ):  # fmt: skip
            with self.subTest(content=content):
                self.assertEqual(self.lines(content), expected)

    def test_documents_named_without_amounts(self):
        found = self.lines("Invoices INV/2026/00003 and INV/2026/00004 are paid.")
        self.assertEqual(found, [("INV/2026/00003", None, 0), ("INV/2026/00004", None, 0)])

    def test_french_text(self):
        found = self.lines(
            "Paiement de vos factures\nFacture FAC-2026-001 du 10/01/2026 : 1 200,00 EUR\n"
            "Facture FAC-2026-002 du 12/01/2026 : 300,00 EUR\nMontant réglé : 1 500,00 EUR\n"
            "Réf. virement : VIR2026301\n"
        )
        self.assertEqual(found, [("FAC-2026-001", 1200, 0), ("FAC-2026-002", 300, 0)])
        self.assertEqual((self.advice.total, self.advice.reference), (1500, "VIR2026301"))

    def test_web_page(self):
        page = (
            "<html><body><p>Bonjour</p><table><tr><th>N° facture</th><th>Montant facture</th><th>Escompte</th>"
            "<th>Montant réglé</th></tr><tr><td>F2026-001</td><td>1 000,00 €</td><td>20,00 €</td><td>980,00 €</td></tr>"
            "<tr><td>Total</td><td></td><td></td><td>980,00 €</td></tr></table></body></html>"
        )
        self.assertEqual(self.lines(page), [("F2026-001", 980, 20)])
        self.assertEqual(self.advice.format, "html")
        found = self.lines("<div>Invoice INV/2026/00003: 170.00<br>Invoice INV/2026/00004: 90.00</div>")
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 0)])

    def test_workbook(self):
        book = openpyxl.Workbook()
        book.active.append(["Remittance advice"])
        sheet = book.create_sheet("Lines")
        for row in (
            ["Vendor invoice", "Date", "Amount", "Note"],
            [26017, None, 170.5, "x"],
            ["INV/2", None, -20, None],
        ):
            sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        self.assertEqual(self.lines(file.getvalue()), [("26017", D("170.5"), 0), ("INV/2", -20, 0)])
        self.assertEqual(self.advice.format, "xlsx")

    def test_pdf_with_text(self):
        found = self.lines(pdf(["Invoice          Gross      Paid", "INV/2026/00003   170.00   170.00",
                                "INV/2026/00004   100.00    90.00", "Total                     260.00"]))  # fmt: skip
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 10)])
        self.assertEqual((self.advice.format, self.advice.total), ("pdf", 260))

    def test_pdf_that_cannot_be_read(self):
        self.assertRefused(pdf([]), "picture without text")
        self.assertRefused(b"%PDF-1.4\nnothing", "damaged or too large")

    def test_ubl(self):
        found = self.lines(UBL)
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 10), ("RINV/2026/00001", -20, 0)])
        advice = self.advice
        self.assertEqual((advice.reference, advice.payer_name, advice.currency), ("PO-778", "North Stores", "EUR"))
        self.assertEqual(
            (str(advice.payment_date), advice.total, advice.lines[1].reason), ("2026-03-01", 240, "Damaged")
        )

    def test_x12_820(self):
        found = self.lines(X12)
        self.assertEqual(
            found,
            [("INV/2026/00003", 170, 0), ("INV/2026/00004", 88, 2), ("INV/2026/00004", 0, 10),
             ("RINV/2026/00001", -20, 0)],
        )  # fmt: skip
        advice = self.advice
        self.assertEqual((advice.reference, advice.payer_account, advice.total), ("TRACE12345", "123456789", 238))
        self.assertEqual(advice.lines[1].reason_code, "late_discount")
        self.assertEqual((advice.lines[2].reason, advice.lines[2].reason_code), ("Not accepted: damaged", "damaged"))

    def test_x12_with_other_separators_and_lines(self):
        content = X12.replace("~", "\n").replace("*", "|")
        self.assertEqual(len(self.lines(content)), 4)

    def test_edifact(self):
        found = self.lines(EDIFACT)
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("INV/2026/00004", 88, 12), ("RINV/2026/00001", -20, 0)])
        advice = self.advice
        self.assertEqual((advice.reference, advice.payer_name, advice.total), ("PAY-778", "NORTH 'STORES'", 238))
        self.assertEqual((advice.lines[1].reason, advice.lines[1].reason_code), ("Damaged goods", "damaged"))

    def test_a_text_of_headers_is_read_once_or_a_few_times(self):
        """The work grows with the size of the file, whatever a stranger sends: each line is placed a few times."""
        for content in (
            "Invoice   Amount\n" * 200,
            "".join(f"Invoice{' ' * (2 + row)}Amount\n" for row in range(200)),
        ):
            with patch.object(plain_text, "_placed", wraps=plain_text._placed) as placed:
                self.assertRefused(content, "No document with an amount")
            self.assertLessEqual(placed.call_count, plain_text.HEADERS_MAX * 200)

    def test_rows_without_a_document_are_added_up_once(self):
        reads = []

        class Counted(AdviceLine):
            def __getattribute__(self, name):
                if name == "amount":
                    reads.append(1)
                return object.__getattribute__(self, name)

        with patch.object(table, "AdviceLine", Counted):
            parse("", b"Invoice,Paid\nINV/2026/1,5.00\n" + b"Fee,1.00\n" * 300)
        self.assertLess(len(reads), 301 * 6)

    def test_a_component_of_edifact_is_put_together_once(self):
        self.assertEqual(
            edifact_remadv.segments("UNA:+.? 'DOC+3?+80:x:+a\nb?'c'MOA+12:+'rest"),
            [[["DOC"], ["3+80", "x", ""], ["ab'c"]], [["MOA"], ["12", ""], [""]]],
        )

    def test_a_column_is_found_beside_its_words(self):
        headers = [(10, 17, "Invoice"), (30, 36, "Amount")]
        for text, expected in (
            ("left", ["left", ""]), (" " * 60 + "right", ["", "right"]), (" " * 18 + "near", ["near", ""]),
            (" " * 25 + "9.00", ["", "9.00"]), (" " * 8 + "a  " + " " * 18 + "1,000.00", ["a", "1,000.00"]),
        ):  # fmt: skip
            self.assertEqual(plain_text._placed(headers, text), expected)

    def x12(self, segments, total="600.00"):
        start, _segments, end = X12.partition("RMR*IV*INV/2026/00003")
        return self.lines(start.replace("238.00", total) + segments + end[end.index("SE*") :])

    def test_only_numbers_of_documents_are_further_numbers(self):
        self.x12("RMR*IV*INV/1**600.00~REF*PO*PO4500012345~REF*IV*9001~REF*BM*77~")
        self.assertEqual(self.advice.lines[0].other_numbers, ("9001",))
        self.lines(EDIFACT.replace("DOC+381", "RFF+ON:PO4500012345'RFF+IV:9001'DOC+381"))
        self.assertEqual([line.other_numbers for line in self.advice.lines], [(), ("9001",), ()])

    def test_a_carriers_number_is_no_credit_note_and_other_signs_are_told(self):
        self.assertEqual(self.x12("RMR*CN*INV/1**600.00~"), [("INV/1", 600, 0)])
        self.lines("Invoice,Paid\nRINV/2026/1,-50.00\nTotal,50.00\n")
        self.assertIn("The lines add up to -50.00, but the advice says 50.00", self.advice.warnings[0])

    def test_total_row_that_counts_its_documents(self):
        found = self.lines("Invoice,Paid\nINV/1,100.00\nSUM-2026-001,200.00\nTotal (2 invoices),300.00\n")
        self.assertEqual((found, self.advice.total), ([("INV/1", 100, 0), ("SUM-2026-001", 200, 0)], 300))

    def test_the_year_of_a_date_is_no_thousands(self):
        self.assertEqual(
            self.lines("INV/2026/00001 15 Jan 26 150.00\nINV/2026/00002 1 Mai 1200.00\n"),
            [("INV/2026/00001", 150, 0), ("INV/2026/00002", 1200, 0)],
        )

    def test_ubl_with_a_debit_and_a_credit_of_one_invoice(self):
        credit = UBL[UBL.index(" <cac:RemittanceAdviceLine><cbc:ID>3") :].replace(
            "CreditNoteDocument", "InvoiceDocument"
        )
        content = UBL[: UBL.index(" <cac:RemittanceAdviceLine><cbc:ID>3")] + credit
        self.assertEqual(
            self.lines(content), [("INV/2026/00003", 170, 0), ("INV/2026/00004", 90, 10), ("RINV/2026/00001", -20, 0)]
        )
        self.assertFalse(self.advice.warnings)
        sides = {"DebitLine": "CreditLine", "CreditLine": "DebitLine"}
        turned = re.sub("DebitLine|CreditLine", lambda match: sides[match.group()], content)
        self.assertEqual([amount for _number, amount, _deduction in self.lines(turned)], [170, 90, -20])

    def test_x12_adjustments_are_counted_once(self):
        for segments, expected in (
            ("RMR*IV*INV/1***1000.00~ADX*-50.00*01~", (950, 50)),
            ("RMR*IV*INV/1**980.00*1000.00*20.00~ADX*-20.00*90~", (980, 20)),
            ("RMR*IV*INV/1***1000.00*20.00~ADX*-20.00*90~", (980, 20)),
            ("RMR*IV*INV/1**600.00*1000.00~ADX*-50.00*01~", (600, 50)),
        ):
            self.assertEqual(self.x12(segments), [("INV/1", *expected)], segments)
        found = self.lines(EDIFACT.replace("MOA+12:88'AJT+3'MOA+165:12'", "MOA+52:12'MOA+12:88'AJT+19'MOA+165:12'"))
        self.assertEqual(found[1], ("INV/2026/00004", 88, 12))

    def test_credit_note_in_a_sentence(self):
        text = "Invoice INV/2026/00003 170.00\nCredit note RINV/2026/00001 50.00\n"
        self.assertEqual(self.lines(text + "Total 120.00")[1], ("RINV/2026/00001", -50, 0))
        self.assertEqual(self.lines(text + "Total 220.00")[1], ("RINV/2026/00001", 50, 0))
        found = self.lines("Paid invoice INV/2026/00003 170.00 less credit note RINV/2026/00001 50.00.\nTotal 120.00")
        self.assertEqual(found, [("INV/2026/00003", 170, 0), ("RINV/2026/00001", -50, 0)])

    def settled(self, content):
        """What is read, and whether a person has to confirm the amount."""
        self.lines(content)
        lines = self.advice.lines
        self.assertEqual(sum("Confirm its amount" in str(one) for one in self.advice.warnings),
                         sum(line.is_unsure for line in lines))  # fmt: skip
        return [(line.number, line.amount, line.deduction, line.is_unsure) for line in lines]

    def test_a_deduction_in_a_sentence_is_never_what_was_paid(self):
        for content, expected in (
            ("Rechnung RE-2026-0012 vom 12.03.2026: 1.190,00 EUR abzgl. 2% Skonto 23,80 EUR\nZahlbetrag 1.166,20",
             [("RE-2026-0012", D("1166.20"), D("23.80"), False)]),
            ("Rechnung RE-2026-0012: 1.190,00 EUR abzgl. 2% Skonto 23,80 EUR",
             [("RE-2026-0012", D("1166.20"), D("23.80"), False)]),
            ("Facture FAC-2026-001 : 100,00 € escompte 2,00 €\nTotal réglé : 98,00 €",
             [("FAC-2026-001", 98, 2, False)]),
            ("INV/2026/00010 paid 95.00, deducted 5.00 for damaged goods", [("INV/2026/00010", 95, 5, True)]),
            ("Invoice INV/2026/00010: 98.00 (100.00 less 2% discount)", [("INV/2026/00010", 98, 2, False)]),
            ("We paid 98.00 for invoice INV/2026/00010 of 100.00", [("INV/2026/00010", 98, 2, True)]),
            ("Invoice INV/2026/00010 of 100.00, less 2.00 discount\nInvoice INV/2026/00011 50.00\nTotal 148.00",
             [("INV/2026/00010", 98, 2, False), ("INV/2026/00011", 50, 0, False)]),
            ("Invoice INV/2026/00010 of 100.00, less 2.00 discount\nInvoice INV/2026/00011 50.00\nTotal 150.00",
             [("INV/2026/00010", 100, 2, False), ("INV/2026/00011", 50, 0, False)]),
            ("Invoice INV/1: 100.00\n   less discount 2.00\nInvoice INV/2: 50.00\nTotal paid 148.00",
             [("INV/1", 98, 2, False), ("INV/2", 50, 0, False)]),
            ("Total invoices 100.00\nINV/2026/1 100.00 discount 2.00\nTotal discount 2.00\nTotal paid 98.00",
             [("INV/2026/1", 98, 2, False)]),
            ("Rechnung RE-2026-1: Rechnungsbetrag 100,00 Skonto 2,00 Zahlbetrag 98,00",
             [("RE-2026-1", 98, 2, False)]),
            ("Invoice INV/9: we deducted 5.00 for the return", [("INV/9", None, 5, True)]),
            ("Rechnung RE-1001 bezahlt.\nSkonto 2,00 EUR abgezogen", [("RE-1001", None, 2, True)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_what_nothing_proves_is_to_be_confirmed(self):
        for content, expected in (
            ("INV/1 500.00 450.00", [("INV/1", 450, 50, True)]),
            ("Invoice INV-1001 $1,000.00 paid in part: $400.00, remainder $600.00 next month",
             [("INV-1001", 400, 600, True)]),
            ("Invoice no 55821 less credit note CN-220: 100.00 - 20.00 = 80.00",
             [("55821", None, 0, True), ("CN-220", None, 0, True)]),
            ("INV-1001 $1,000.00\nINV-1002 $250.00 CR\nTotal $750.00",
             [("INV-1001", 1000, 0, False), ("INV-1002", -250, 0, False)]),
            ("Skonto 3% auf alle Rechnungen\nRE-1 100,00\nRE-2 200,00\nÜberweisung 291,00",
             [("RE-1", 100, 0, True), ("RE-2", 200, 0, True)]),
            ("Invoice INV-1001 100.00\nInvoice INV-1002 50.00\nBank fee 5.00\nTotal 145.00",
             [("INV-1001", 100, 0, False), ("INV-1002", 50, 0, False), ("", -5, 0, False)]),
            ("RE-5501 1.000,00- EUR\nRE-5502 500,00 EUR\nSumme 1.500,00",
             [("RE-5501", -1000, 0, True), ("RE-5502", 500, 0, True)]),
            ("Invoices INV/2026/1 and INV/2026/2: 250.00",
             [("INV/2026/1", None, 0, True), ("INV/2026/2", None, 0, True)]),
            ("Invoice INV/1 (PO 4500012345) 100.00 less 2.00 discount", [("INV/1", 98, 2, True)]),
            ("Invoice INV/1 net 100.00 VAT 19.00 gross 119.00", [("INV/1", 119, 0, True)]),
            ("INV/2026/1 80.00 not paid (in dispute)\nINV/2026/2 50.00\nTotal 50.00", [("INV/2026/2", 50, 0, False)]),
            ("RG 10045  230,00 abz. 3% Skonto = 223,10\nRG 10046 100,00\nGesamt: 323,10",
             [("10045", D("223.10"), D("6.90"), False), ("10046", 100, 0, False)]),
            ("Factuur 2026-0045: 1.000,00 EUR, betaald 980,00 EUR (korting 2%)", [("2026-0045", 980, 20, False)]),
            ("Pagamos la factura F-2026/12 por 500,00 EUR menos retención 15% 75,00 EUR. Total transferido 425,00 EUR",
             [("F-2026/12", 425, 75, False)]),
            ("Payment for #4455 $1,200.00, #4456 $300.00 minus bank fee $15.00. Total sent $1,485.00",
             [("4455", 1200, 0, False), ("4456", 285, 15, False)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_a_line_of_one_document_is_no_total(self):
        for content, expected in (
            ("Betrag RE-1001: 100,00\nBetrag RE-1002: 50,00\n",
             [("RE-1001", 100, 0, False), ("RE-1002", 50, 0, False)]),
            ("Betrag zu Rechnung RE-2026-1 100,00\nBetrag zu Rechnung RE-2026-2 50,00\nGesamtbetrag 150,00",
             [("RE-2026-1", 100, 0, False), ("RE-2026-2", 50, 0, False)]),
            ("Bedrag factuur 2026-0045: 100,00", [("2026-0045", 100, 0, False)]),
            ("Amount paid for invoice 55821: 100.00\nAmount paid for invoice 55822: 40.00",
             [("55821", 100, 0, False), ("55822", 40, 0, False)]),
            ("Total of INV/2026/1 100.00\nINV/2026/2 50.00\nTotal via EFT99881 150.00",
             [("INV/2026/1", 100, 0, False), ("INV/2026/2", 50, 0, False)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_what_was_paid_beside_what_is_still_open_is_to_be_confirmed(self):
        for content, expected in (
            ("Invoice INV/2026/1: paid 60.00, still open 40.00", [("INV/2026/1", 60, 40, True)]),
            ("Invoice INV/2026/1: 40.00 still open, paid 60.00", [("INV/2026/1", 60, 40, True)]),
            ("Facture F-2026-1 : payé 60,00 €, reste dû 40,00 €", [("F-2026-1", 60, 40, True)]),
            ("Rechnung RE-2026-1: 60,00 bezahlt 40,00 noch offen", [("RE-2026-1", 60, 40, True)]),
            ("Rechnung RE-2026-1 100,00 davon bezahlt 60,00 noch offen 40,00", [("RE-2026-1", 60, 40, True)]),
            ("INV/2026/1: 60.00 paid, the rest is still open", [("INV/2026/1", 60, 0, True)]),
            ("INV/2026/1 paid 60.00, still open 40.00\nTotal 60.00", [("INV/2026/1", 60, 40, False)]),
            ("INV/2026/1 80.00 not paid\nINV/2026/2 50.00", [("INV/2026/2", 50, 0, False)]),
        ):
            self.assertEqual(self.settled(content), expected, content)

    def test_words_of_what_is_bought_are_no_deduction(self):
        for content, expected in (
            ("INV/2026/1 consulting fees 500.00\nINV/2026/2 80.00",
             [("INV/2026/1", 500, 0, True), ("INV/2026/2", 80, 0, False)]),
            ("Facture F-2026-1 frais de port 50,00", [("F-2026-1", 50, 0, True)]),
            ("INV/2026/1 short description 500.00", [("INV/2026/1", 500, 0, True)]),
            ("Consulting fees 500.00\nInvoice INV/2026/1", [("INV/2026/1", 500, 0, True)]),
            ("INV/2026/1 100.00\nINV/2026/2 50.00\nFreight charges 20.00\nTotal 170.00",
             [("INV/2026/1", 100, 0, False), ("INV/2026/2", 50, 0, False), ("", 20, 0, False)]),
            ("INV/2026/1 120.00\nShipping charges 20.00\nConsulting fees 100.00", [("INV/2026/1", 120, 0, True)]),
            ("INV/2026/1 100.00 bank charges 5.00", [("INV/2026/1", 95, 5, True)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_a_payment_that_is_announced_disproves_nothing(self):
        found = self.settled("INV/2026/1 100.00\nINV/2026/2 50.00\nNext payment of 500.00 follows in May")
        self.assertEqual(found, [("INV/2026/1", 100, 0, False), ("INV/2026/2", 50, 0, False)])
        found = self.settled("INV/2026/1 100.00 less 2.00\nWe pay 98.00 today\nNext payment of 500.00 follows in May")
        self.assertEqual(found, [("INV/2026/1", 98, 2, False)])

    def test_what_is_said_once_of_several_documents_is_a_part_of_the_total(self):
        found = self.settled("Invoices INV/2026/1 and INV/2026/2: 250.00")
        self.assertEqual((found, self.advice.total),
                         ([("INV/2026/1", None, 0, True), ("INV/2026/2", None, 0, True)], 250))  # fmt: skip
        for total, expected in (("348.00", (98, 2, False)), ("360.00", (98, 2, True))):
            found = self.settled(
                f"Invoices INV/2026/1 and INV/2026/2: 250.00\nINV/2026/3 100.00 less 2.00\nTotal paid: {total}"
            )
            self.assertEqual((found[2][1:], self.advice.total), (expected, D(total)))

    def test_brackets_behind_a_number_in_a_sentence_are_no_minus(self):
        for content, expected in (
            ("Payment of inv #INV-00231 ($750) and half of #INV-00245 ($1,000.00 total, paying $500.00 now).",
             [("INV-00231", 750, 0, True), ("INV-00245", 500, 500, True)]),
            ("Invoice 77213 ($2,000.00) was short-paid by $150.00 because of missing items.",
             [("77213", 1850, 150, True)]),
            ("We dispute invoice INV-55 (120.00) and will not pay it. Payment covers INV-56: 300.00",
             [("INV-56", 300, 0, False)]),
            ("INV-55 (20.00)\nINV-56 300.00", [("INV-55", -20, 0, True), ("INV-56", 300, 0, False)]),
            ("INV-55 (20.00)\nINV-56 300.00\nTotal 280.00", [("INV-55", -20, 0, False), ("INV-56", 300, 0, False)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_sentences_of_a_document_each_and_what_they_add_up_to(self):
        for content, expected in (
            ("Paid INV-71 in full. Paid 200.00 toward INV-72 (balance 300.00).",
             [("INV-72", 200, 300, True), ("INV-71", None, 0, True)]),
            ("Pago de la factura 2026-55 por 300,00€, descontando nota de crédito NC-12 por 45,00€. Neto 255,00€",
             [("2026-55", 300, 0, False), ("NC-12", -45, 0, False)]),
            ("Wij hebben € 1.452,00 overgemaakt voor facturen 20260012 (€ 968,00) en 20260019 (€ 484,00).",
             [("20260012", 968, 0, False), ("20260019", 484, 0, False)]),
            ("Transfer of 640.00 for F-100 (400.00) and F-101 (300.00) minus our claim C-7 (60.00).",
             [("F-100", 400, 0, False), ("F-101", 300, 0, False), ("C-7", -60, 0, False)]),
            ("Bonifico di € 3.660,00 delle fatture n. 112 del 31/01/2026 di € 2.440,00 e n. 130 di € 1.220,00.",
             [("112", 2440, 0, False), ("130", 1220, 0, False)]),
            ("Heute 1.190,00 € für Rechnung 2026-114 überwiesen, den Rest von 300,00 € zahlen wir im April.",
             [("2026-114", 1190, 300, True)]),
            ("Paying INV-9 for 100.00 USD and INV-10 for 90.00 EUR.",
             [("INV-9", 100, 0, True), ("INV-10", 90, 0, True)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_credit_notes_in_a_sentence_and_their_sum(self):
        for content, expected in (
            ("We settled INV-1001 (119.00), INV-1002 (238.00) and credit note CN-55 (57.00): 300.00 in total.",
             [("INV-1001", 119, 0, False), ("INV-1002", 238, 0, False), ("CN-55", -57, 0, False)]),
            ("Se abonan las facturas 1001 (500,00) y 1002 (300,00), menos la rectificativa R-5 (100,00). Total: 700,00",
             [("1001", 500, 0, False), ("1002", 300, 0, False), ("R-5", -100, 0, False)]),
            ("Rechnung 2026-100 i.H.v. 1.190,00 abzüglich Gutschrift 2026-G7 i.H.v. 190,00, Zahlbetrag 1.000,00",
             [("2026-100", 1190, 0, False), ("2026-G7", -190, 0, False)]),
            # Here the first amount is that of the first document, though it is the sum of the others.
            ("Allocate 500.00 to INV-1, 300.00 to INV-2 and keep 200.00.",
             [("INV-1", None, 0, True), ("INV-2", None, 0, True)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_what_a_mail_answers_and_a_document_that_is_named_twice(self):
        for content, expected in (
            ("> Invoice INV-77 is overdue: 500.00\nWe paid INV-77 yesterday, 450.00.", [("INV-77", 450, 0, False)]),
            ("> INV-77 450.00\nPaid, thanks", [("INV-77", 450, 0, False)]),
            ("INV-77 500.00\nINV-77 450.00", [("INV-77", 500, 0, True), ("INV-77", 450, 0, True)]),
            ("INV-77 500.00\nINV-77 450.00\nTotal 950.00", [("INV-77", 500, 0, False), ("INV-77", 450, 0, False)]),
        ):
            self.assertEqual(self.settled(content), expected, content)

    def test_a_status_says_what_is_not_paid(self):
        self.assertEqual(
            self.lines("Invoice,Amount,Status\nINV-1,100.00,Paid\nINV-2,200.00,On hold\nINV-3,50.00,Rejected\n"),
            [("INV-1", 100, 0)],
        )
        self.assertIn("nothing is paid for INV-2", str(self.advice.warnings[0]))

    def test_amounts_below_the_number_of_each_document(self):
        for content, expected in (
            ("Invoice: INV-2001\nAmount: 100.00\n\nInvoice: INV-2002\nGross: 260.00\nPaid: 250.00\n\nTotal: 350.00",
             [("INV-2001", 100, 0, False), ("INV-2002", 250, 10, False)]),
            ("<p>Rechnung: 2026-1001<br>Betrag: 119,00<br><br>Rechnung: 2026-1002<br>Betrag: 238,00</p>",
             [("2026-1001", 119, 0, False), ("2026-1002", 238, 0, False)]),
            ("Invoice number: INV-2001\nInvoice amount: 100.00\nAmount paid: 90.00", [("INV-2001", 90, 10, True)]),
        ):  # fmt: skip
            self.assertEqual(self.settled(content), expected, content)

    def test_a_document_without_an_amount_is_to_be_confirmed(self):
        found = self.settled("Invoices INV/2026/00003 and INV/2026/00004 are paid.")
        self.assertEqual(found, [("INV/2026/00003", None, 0, True), ("INV/2026/00004", None, 0, True)])

    def test_a_row_without_a_payment_beside_paid_rows_is_not_paid(self):
        for cell in ("", "-", "–", "0.00", "see note"):
            found = self.lines(f"Invoice,Amount,Paid\nINV/1,100.00,{cell}\nINV/2,100.00,100.00\n")
            self.assertEqual(found, [("INV/2", 100, 0)], cell)
            self.assertIn("nothing is paid for INV/1", str(self.advice.warnings[0]))
        self.assertEqual(self.lines("Invoice;Amount;Paid\nINV/1;100.00;yes\nINV/2;90.00;no\n"), [("INV/1", 100, 0)])
        self.assertEqual(self.lines("Invoice,Amount,Paid\nINV/1,100.00,\nINV/2,90.00,\n"),
                         [("INV/1", 100, 0), ("INV/2", 90, 0)])  # fmt: skip

    def test_columns_that_are_not_what_was_paid(self):
        for content, expected in (
            ("Rechnung;Netto;MwSt;Brutto\nRE-1;100,00;19,00;119,00\n", [("RE-1", 119, 0, False)]),
            ("Facture;Montant;Déjà payé;Paiement\nF-1;100,00;40,00;60,00\n", [("F-1", 60, 40, False)]),
            ("Belegnr.;Bruttobetrag;Skonto %;Skontobetrag\nRE-1;100,00;3,00;3,00\n", [("RE-1", 97, 3, False)]),
            ("Invoice,Amount,Discount\nINV/1,100.00,2.00\nTotal,98.00,\n", [("INV/1", 98, 2, False)]),
            ("Invoice,Amount,Discount\nINV/1,100.00,2.00\nTotal,100.00,\n", [("INV/1", 100, 2, False)]),
            ("Invoice,Amount,Discount\nINV/1,100.00,2.00\n", [("INV/1", 100, 2, True)]),
            ("Invoice,Remaining amount\nINV/1,100.00\n", [("INV/1", 100, 0, True)]),
            ("Facture;Reste dû\nF-1;100,00\nTotal;100,00\n", [("F-1", 100, 0, False)]),
            ("Invoice,Remaining amount,Paid\nINV/1,40.00,60.00\n", [("INV/1", 60, 0, False)]),
            ("Invoice No,Amount,Tax,Total\nINV-1,100.00,15.00,115.00\n", [("INV-1", 115, 0, False)]),
            ("Invoice No,Amount,Tax\nINV-1,100.00,15.00\n", [("INV-1", 100, 0, True)]),
            ("Factuurnr;Betalingskorting;Betaald\n2026-1;4,00;100,50\n", [("2026-1", D("100.5"), 4, False)]),
            ("Invoice,Amount,Adj Amount\nINV-1,540.00,-40.00\nTotal,500.00,\n", [("INV-1", 500, 40, False)]),
            (
                "Doc Number,Amount,Cash discount,Payment amount\n1901,100.00-,2.00,98.00-\n1902,50.00-,0.00,50.00-\n",
                [("1901", 98, 2, True), ("1902", 50, 0, True)],
            ),
            (
                "Invoice,Currency,Paid\nINV/1,USD,95.00\nINV/2,CAD,5.00\n",
                [("INV/1", 95, 0, True), ("INV/2", 5, 0, True)],
            ),
            ("Factura;Importe;Retención IRPF;Líquido\nF-1;1.000,00;150,00;850,00\n", [("F-1", 850, 150, False)]),
        ):
            self.assertEqual(self.settled(content), expected, content)

    def test_a_currency_is_a_word_of_its_own(self):
        for content, currency in (
            ("INVOICE,GROSS EUR,ALLOWANCE EUR,PAID EUR\nINV/1,100.00,5.00,95.00\n", "EUR"),
            ("INVOICE,AMOUNT EUR,PENALTY EUR,PAID EUR\nINV/1,100.00,5.00,95.00\n", "EUR"),
            ("INVOICE,ALLOWANCE,PAID\nINV/1,5.00,95.00\n", ""),
            ("Invoice,Currency,Paid\nINV/1,PEN,95.00\n", "PEN"),
            ("Invoice,Paid\nINV/1,CHF95.00\n", "CHF"),
        ):
            self.lines(content)
            self.assertEqual((self.advice.currency, self.advice.lines[0].amount), (currency, 95), content)

    def test_total_beside_the_table_of_a_page(self):
        self.lines("<p>Total paid: 150.00</p><table><tr><th>Invoice</th><th>Paid</th></tr><tr><td>INV/1</td>"
                   "<td>100.00</td></tr></table>")  # fmt: skip
        self.assertIn("The lines add up to 100.00, but the advice says 150.00", str(self.advice.warnings[0]))

    def reasons(self, content):
        parse_lines = parse("", content.encode())[0].lines
        return [(line.amount, line.deduction, line.reason_code) for line in parse_lines]

    def test_reasons_by_codes_words_and_columns(self):
        start, _segments, end = X12.partition("RMR*IV*INV/2026/00003")
        for content, expected in (
            (start + "RMR*IV*INV/1**97.50*100.00*2.00~ADX*-0.50*55~" + end[end.index("SE*") :],
             [(D("97.5"), 2, "late_discount"), (0, D("0.5"), "tax_withheld")]),
            (start + "RMR*IV*INV/1**90.00*100.00~ADX*-10.00*59~" + end[end.index("SE*") :], [(90, 10, "not_received")]),
            ("Invoice,Gross,Withholding tax,Bank fee,Paid\nINV/1,100.00,10.00,1.50,88.50\n",
             [(D("88.5"), 10, "tax_withheld"), (0, D("1.5"), "bank_fee")]),
            ("Factuur;Bedrag;Betaald;Opmerking\n2026-2;80,00;70,00;niet ontvangen\n", [(70, 10, "not_received")]),
            ("Facture;Montant TTC;Versé;Motif\nF-1;80,00;70,00;en litige\n", [(70, 10, "dispute")]),
            ("INV/2026/1 paid 95.00, deducted 5.00 for damaged goods", [(95, 5, "damaged")]),
        ):  # fmt: skip
            self.assertEqual(self.reasons(content), expected, content)
        codes = [reason for _paid, _deduction, reason in self.reasons(EDIFACT.replace("AJT+3'", "AJT+32'"))]
        self.assertEqual(codes[1], "not_received")

    def test_each_payment_of_a_text_is_an_advice_where_it_proves_itself(self):
        def payment(reference, total, *rows):
            return (f"Payment reference: {reference}\n", "".join(rows), f"Total {total}\n")

        one = payment("EFT-1001", "150.00", "INV/2026/1 100.00\n", "INV/2026/2 50.00\n")
        other = payment("EFT-1002", "80.00", "INV/2026/3 80.00\n")
        for content, expected in (
            ("".join(one) + "\n" + "".join(other), [("EFT-1001", 150, 2), ("EFT-1002", 80, 1)]),
            (f"{one[1]}{one[2]}{one[0]}\n{other[1]}{other[2]}{other[0]}\nTel. 514-555-0199",
             [("EFT-1001", 150, 2), ("EFT-1002", 80, 1)]),
            ("INV/2026/1 100.00 payment ref EFT-1\nINV/2026/2 50.00 payment ref EFT-2\n",
             [("EFT-1", 100, 1), ("EFT-2", 50, 1)]),
            (f"We paid 150.00 on 1 March for\n{one[1]}and 80.00 was transferred on 5 March for\n{other[1]}",
             [("", 150, 2), ("", 80, 1)]),
            (f"Virement du 1er mars : 150.00\n{one[1]}Virement du 5 mars : 80.00\n{other[1]}",
             [("", 150, 2), ("", 80, 1)]),
            # Subtotals, what does not add up, and one payment of which nothing tells the parts.
            (f"{one[1]}Subtotal 150.00\n{other[1]}Subtotal 80.00\nTotal 230.00", [("", 230, 3)]),
            (f"We paid 150.00 for\n{one[1]}We paid 90.00 for\n{other[1]}", [("", None, 3)]),
            (f"{one[1]}{one[2]}\n{other[1]}{other[2]}", [("", 80, 3)]),
        ):  # fmt: skip
            found = [(one.reference, one.total, len(one.lines)) for one in parse("", content.encode())]
            self.assertEqual(found, expected, content)
            rows = [line.row for one in parse("", content.encode()) for line in one.lines]
            self.assertEqual(rows, sorted(set(rows)), content)

    def test_each_table_of_a_page_is_an_advice_where_it_proves_itself(self):
        def payment(name, amount, total):
            return (
                f"<table><tr><th>Invoice</th><th>Paid</th></tr><tr><td>{name}</td><td>{amount}</td></tr>"
                f"<tr><td>Total</td><td>{total}</td></tr></table>"
            )

        one, other = payment("INV-1", "100.00", "100.00"), payment("INV-2", "80.00", "80.00")
        first, second = "<p>Payment ref EFT-2001</p>", "<p>Payment ref EFT-2002</p>"
        for content, expected in (
            (first + one + second + other, [("EFT-2001", 100), ("EFT-2002", 80)]),
            (f"<table><tr><td>{one}{first}{other}{second}</td></tr></table>", [("EFT-2001", 100), ("EFT-2002", 80)]),
            (one + other, [("", 80)]),
            (first + one + second + payment("INV-2", "80.00", "90.00"), [("EFT-2001", 90)]),
        ):
            found = [(one.reference, one.total) for one in parse("", f"<html><body>{content}</body></html>".encode())]
            self.assertEqual(found, expected, content)

    def test_each_payment_of_a_column_is_an_advice(self):
        content = "Payment Number,Invoice Number,Paid\n77,INV-1,100.00\n77,INV-2,50.00\n78,INV-3,75.00\nTotal,,225.00\n"
        for text, expected in (
            (content, [("77", 150, [2, 3]), ("78", 75, [4])]),
            (content.replace("78,", "77,"), [("77", 225, [2, 3, 4])]),
            (content.replace("78,", ","), [("", 225, [2, 3, 4])]),
            (content.replace("Payment Number", "Check No."), [("77", 150, [2, 3]), ("78", 75, [4])]),
        ):
            found = parse("", text.encode())
            self.assertEqual(
                [(one.reference, one.sum_of_lines, [line.row for line in one.lines]) for one in found], expected, text
            )

    def test_each_message_of_an_edi_file_is_an_advice(self):
        second = X12[X12.index("ST*") : X12.index("GE*")].replace("TRACE12345", "TRACE12346")
        for content, expected in (
            (X12.replace("GE*1", second + "GE*2"), ["TRACE12345", "TRACE12346"]),
            (EDIFACT.replace("UNZ+1", EDIFACT[EDIFACT.index("UNH") : EDIFACT.index("UNZ")] + "UNZ+2"),
             ["PAY-778", "PAY-778"]),
        ):  # fmt: skip
            advices = parse("", content.encode())
            self.assertEqual([one.reference for one in advices], expected)
            self.assertEqual([one.total for one in advices], [238, 238])
            self.assertFalse(advices[0].lines == advices[1].lines)

    def test_refusals_say_what_to_do(self):
        for content, words in (
            ("", "It is empty"),
            ("just hello", "No document with an amount"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, "neither a text nor a table"),
            ("<Invoice xmlns='urn:x'><a/></Invoice>", "no remittance advice"),
            ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l "l">]><x xmlns="urn:x">&l;</x>', "entities"),
            (UBL[:900], "cut off or damaged"),
            (X12.partition("SE*")[0], "cut off"),
            ("Payment no.,Invoice,Paid\n" + "".join(f"{one},INV-{one},1.00\n" for one in range(101)), "101 remittance"),
            (EDIFACT.partition("UNS")[0], "cut off"),
            (EDIFACT.replace("REMADV", "INVOIC"), "no remittance advice"),
            (X12.replace("ST*820", "ST*820*0002~RMR*IV*1**1.00~SE*1*0002~" * 100 + "ST*820"), "101 remittance advices"),
            (X12.replace("ST*820", "ST*820*0002~RMR*IV*1**1.00~ST*820"), "cut off"),
            (b"x" * (BYTES_MAX + 1), "larger than 10 MB"),
            ("Invoice,Paid\n" + "INV/2026/1,1.00\n" * 2001, "more than 2,000 lines"),
        ):  # fmt: skip
            self.assertRefused(content, words)

    def test_whatever_the_bytes_are_there_is_an_answer_or_a_sentence(self):
        random = Random(20)
        seeds = [UBL.encode(), X12.encode(), EDIFACT.encode(), GERMAN.encode(), b"Invoice,Paid\nINV/2026/1,100.00\n"]
        for _number in range(300):
            content = bytearray(random.choice(seeds))
            for _change in range(random.randint(1, 8)):
                place = random.randrange(len(content) + 1)
                content[place : place + random.randint(0, 30)] = random.randbytes(random.randint(0, 6))
            try:
                self.assertTrue(parse("", bytes(content))[0].lines)
            except StatementFormatError as error:
                self.assertNotIn("not foreseen", str(error))

    def test_the_document_that_a_line_means(self):
        def candidate(number, name, amount):
            return documents.Candidate(number, frozenset({name}), D(amount), D(amount), 1)

        found = [
            candidate(1, "INV202600003", 170),
            candidate(2, "INV202600004", 90),
            candidate(3, "RINV202600003", -20),
            documents.Candidate(4, frozenset({"INV202600005"}), D(1000), D(1000), 1, frozenset({"PO4500012345"})),
            candidate(5, "77", 300),
        ]
        for numbers, amount, expected in (
            (["INV/2026/00003"], D(170), (1, True)),
            (["inv 2026-00003"], D(50), (1, True)),
            (["00004"], D(90), (2, False)),
            (["00004"], D(80), (None, False)),
            (["5100", "INV/2026/00004"], D(10), (2, False)),
            (["5100", "INV/2026/00004"], D(90), (2, True)),
            (["INV/2026/00770", "PO4500012345"], D(600), (4, False)),
            (["INV/2026/00770", "PO4500012345"], D(1000), (4, False)),
            (["PO4500012345"], D(600), (4, False)),
            (["PO4500012345"], D(1000), (4, True)),
            (["5100", "77"], D(300), (None, False)),
            (["003"], D(170), (None, False)),
            ([""], D(170), (None, False)),
        ):
            chosen, is_certain = documents.choose(numbers, amount, amount, documents.Candidates(found))
            self.assertEqual((chosen.id if chosen else None, is_certain), expected, numbers)

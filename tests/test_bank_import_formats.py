"""From a bank's file to a paid invoice, once for each national format and for CAMT in ZIP."""

import io
import zipfile

from odoo.tests import tagged

from .common.bank_import import FOLDER, BankImportCommon

# Account and currency of the file's statement, what the invoice is known by, its amount, who pays, the transactions.
CASES = {
    "coda_belgian.cod": ("BE68 5390 0754 7034", "EUR", "+++090/9337/55493+++", 1210.5, "Brasserie de l'Étoile", 9),
    "norma43_two_accounts.n43": ("ES91 2100 0418 4502 0005 1332", "EUR", "2026-0017", 605, "Construcciones Peña", 6),
    "cfonb120_two_accounts.txt": (
        "FR14 2004 1010 0505 0001 3M02 606", "EUR", "RF18539007547034", 1250, "Menuiserie Dupre SARL", 6,
    ),
    "cnab240_febraban.ret": ("272671-9", "BRL", "2026000017", 1890, "Oficina Cliente", 5),
    "abo_czech_cp1250.gpc": ("19-2000145399/0800", "CZK", "20260017", 12100, "Truhlářství Dvořák", 4),
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestBankImportFormats(BankImportCommon):
    def journal(self, number, currency):
        """A bank journal in a currency of its own, with the account number as people write it."""
        currency = self.setup_other_currency(currency) if currency != "USD" else self.env["res.currency"]
        journal = self.bank.copy({"name": f"Bank {number}", "code": number[-5:], "currency_id": currency.id})
        self.number(journal, number)
        return journal

    def invoice(self, reference, amount, currency, partner):
        return self.document(
            [amount],
            partner=self.env["res.partner"].create({"name": partner}),
            currency_id=self.env.ref(f"base.{currency}").id,
            payment_reference=reference,
        )

    def assertPaidByFile(self, content, journal, invoice, count):
        """The file's transactions are there once, and the one with the invoice's reference has paid it."""
        statement = self.bring(content, self.bank)
        lines = self.lines.search([("journal_id", "=", journal.id)])
        self.assertEqual(len(lines), count)
        self.assertTrue(all(statement.filtered(lambda one: one.journal_id == journal).mapped("is_complete")))
        lines.with_user(self.accountant).auto_match()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 0)
        line = lines.filtered(lambda one: one.match_status == "matched")
        self.assertEqual((len(line), line.amount), (1, invoice.amount_total))
        self.assertInvariants(invoice)
        was = self.count()
        self.bring(content, self.bank, name="again")
        self.assertEqual(self.count(), was)
        return line

    def from_file_to_paid_invoice(self, name, accounts=()):
        account, currency, reference, amount, partner, count = CASES[name]
        journal = self.journal(account, currency)
        invoice = self.invoice(reference, amount, currency, partner)
        for number in accounts:
            self.env["res.partner.bank"].create({"acc_number": number, "partner_id": invoice.partner_id.id})
        return self.assertPaidByFile((FOLDER / name).read_bytes(), journal, invoice, count)

    def test_coda(self):
        line = self.from_file_to_paid_invoice("coda_belgian.cod")
        self.assertEqual(line.structured_reference, "+++090/9337/55493+++")
        self.assertEqual(line.account_number, "BE71096123456769")

    def test_norma43(self):
        self.journal("ES70 0049 1500 0105 1234 5678", "USD")
        line = self.from_file_to_paid_invoice("norma43_two_accounts.n43")
        self.assertEqual(line.payment_ref, "TRANSFERENCIA DE CONSTRUCCIONES PEÑA FACTURA 2026-0017")

    def test_cfonb120(self):
        self.journal("FR76 1756 9000 0100 0001 2345 659", "XPF")
        line = self.from_file_to_paid_invoice("cfonb120_two_accounts.txt")
        self.assertEqual(line.partner_name, "MENUISERIE DUPRE SARL")

    def test_cnab240(self):
        line = self.from_file_to_paid_invoice("cnab240_febraban.ret", accounts=["341/1234/567890"])
        self.assertEqual(line.ref, "2026000017")

    def test_abo(self):
        line = self.from_file_to_paid_invoice("abo_czech_cp1250.gpc")
        self.assertEqual(line.account_number, "CZ0801000000192000145399")

    def test_camt_in_zip(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("april.xml", (FOLDER / "camt053_v02_german.xml").read_bytes())
            archive.writestr("notice.pdf", b"%PDF-1.7")
        invoice = self.invoice("INV/2026/00017", 595, "EUR", "Bäckerei Grün & Söhne")
        self.assertPaidByFile(packed.getvalue(), self.euro_bank, invoice, 6)
        # The file that was in the archive brings nothing more.
        was = self.count()
        self.bring((FOLDER / "camt053_v02_german.xml").read_bytes())
        self.assertEqual(self.count(), was)

    def assertPaidBySheet(self, content, journal, invoice, count):
        """A spreadsheet, whose statements may have no balance, is imported once and pays the invoice."""
        self.bring(content, self.bank, name="bank.xls")
        lines = self.lines.search([("journal_id", "=", journal.id)])
        self.assertEqual(len(lines), count)
        lines.with_user(self.accountant).auto_match()
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("paid", 0))
        self.assertInvariants(invoice)
        was = self.count()
        self.bring(content, self.bank, name="again.xls")
        self.assertEqual(self.count(), was)

    def test_excel_97(self):
        content = (FOLDER / "xls_spanish_balance.xls").read_bytes()
        # The text has as many characters as the one in its place.
        named = content.replace(b"Transferencia Pe\xf1a", b"Factura  2026-0017")
        self.assertNotEqual(named, content)
        journal = self.journal("ES91 2100 0418 4502 0005 1332", "EUR")
        invoice = self.invoice("2026-0017", 1210.05, "EUR", "Construcciones Peña")
        was = self.count()
        self.refused("workbook of Excel 97-2003 that cannot be read", content[:900])
        self.assertEqual(self.count(), was)
        self.assertPaidBySheet(named, journal, invoice, 2)

    def test_xml_spreadsheet(self):
        content = (FOLDER / "xml_spreadsheet_german.xls").read_bytes().replace(b"Rechnung <B", b"INV/2026/00017 <B")
        invoice = self.invoice("INV/2026/00017", 1234.1, "EUR", "Musterkunde")
        was = self.count()
        self.refused(r'Row \d+: "12x4" is not an amount', content.replace(b"1234.1", b"12x4"))
        self.refused("cut off", content[: content.index(b"</Table>")])
        self.assertEqual(self.count(), was)
        self.assertPaidBySheet(content, self.euro_bank, invoice, 2)

    def test_damaged_files_import_nothing(self):
        for name, (account, currency, *_rest) in CASES.items():
            self.journal(account, currency)
            lines = (FOLDER / name).read_bytes().split(b"\r\n")
            with self.subTest(name=name):
                self.refused(r"Line \d+ of the .* file", b"\r\n".join(lines[: len(lines) // 2]))
        self.refused("damaged or cut off", (FOLDER / "zip_camt053.zip").read_bytes()[:-40])
        self.refused("payment order", b":20:ORDER1\r\n:28D:1/1\r\n:30:260402\r\n:21:INV17\r\n:32B:EUR100,\r\n")

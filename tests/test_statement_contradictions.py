"""Signs, dates and accounts that a file says twice or leaves out: decided by the balances or refused; no database."""

import io
import zipfile

try:
    from .common.statement_files import StatementCase, day, formats
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, day, formats

BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
    "<Dt><Dt>2026-04-10</Dt></Dt></Bal>"
)
ENTRY = (
    '<Ntry><Amt Ccy="EUR">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{}</Sts><BookgDt><Dt>{}</Dt></BookgDt>'
    "<ValDt><Dt>2026-04-10</Dt></ValDt></Ntry>"
)
BAI2 = (
    "01,BANK,CUST,260410,0200,1,80,,2/\n02,CUST,BANK,1,260409,,USD,2/\n03,1234567,USD,010,100000,,,015,{},,/\n"
    "16,475,-10000,0,BREF,CREF,CHECK PAID/\n49,{total},3/\n98,{total},1,5/\n99,{total},1,7/\n"
)
MT940 = (
    ":20:STMT\r\n:25:37040044/532013000\r\n:28C:1/1\r\n:60F:C{}EUR1000,00\r\n:61:{}D100,00NTRFNONREF\r\n:86:x\r\n"
    ":62F:C{}EUR900,00\r\n-"
)
OFX = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM>"
    "<ACCTID>123456</BANKACCTFROM><BANKTRANLIST>{}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
)


def camt(*entries, closing="900.00"):
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id>'
        f"<IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>{BALANCE.format('OPBD', '1000.00')}"
        f"{BALANCE.format('CLBD', closing) if closing else ''}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    )


def one(text):
    (statement,) = formats.parse("x", text.encode()).statements
    return statement


class TestContradictions(StatementCase):
    def assertRefused(self, content, pattern):
        content = content if isinstance(content, bytes) else content.encode()
        with (
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaisesRegex(formats.StatementFormatError, pattern),
        ):
            formats.parse("x", content)

    def test_camt_minus_beside_a_mark_is_decided_by_the_balances(self):
        entry = ENTRY.format("-100.00", "BOOK", "2026-04-10")
        self.assertEqual(str(one(camt(entry)).lines[0].amount), "-100.00")
        self.assertEqual(str(one(camt(entry, closing="1100.00")).lines[0].amount), "100.00")
        self.assertRefused(camt(entry, closing="950.00"), "a minus beside its mark")

    def test_bai2_minus_beside_a_type_is_decided_by_the_balances(self):
        self.assertEqual(str(one(BAI2.format("90000", total="180000")).lines[0].amount), "-100.00")
        self.assertEqual(str(one(BAI2.format("110000", total="200000")).lines[0].amount), "100.00")
        self.assertRefused(BAI2.format("95000", total="185000"), "the balances do not tell which counts")

    def test_ofx_debits_without_a_minus_beside_others_are_named(self):
        entry = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260410<TRNAMT>{}<FITID>{}</STMTTRN>"
        statement = one(OFX.format(entry.format("5.00", 1) + entry.format("-6.00", 2)))
        self.assertEqual([str(line.amount) for line in statement.lines], ["5.00", "-6.00"])
        self.assertIn("have no minus, as others have: 1 (such as 5.00 at 2026-04-10)", " ".join(statement.warnings))

    def test_camt_entries_of_a_status_of_the_banks_own_are_left_out(self):
        entry = ENTRY.format("100.00", "BOOK", "2026-04-10")
        own = ENTRY.format("100.00", "<Prtry>X</Prtry>", "2026-04-10")
        statement = one(camt(entry, own))
        self.assertEqual(len(statement.lines), 1)
        self.assertIn("not booked yet: 1 (status X)", " ".join(statement.warnings))

    def test_camt_statuses_are_left_out_by_known_words_unless_the_balances_contain_them(self):
        for status, closing, count, warning in (
            ("<Prtry>BOOKED</Prtry>", "800.00", 2, ""),
            ("<Prtry>Gebucht</Prtry>", "", 2, ""),
            ("<Prtry>vorgemerkt</Prtry>", "", 1, "not booked yet: 1 (status vorgemerkt)"),
            ("<Cd>PDNG</Cd>", "900.00", 1, "not booked yet: 1 (status PDNG)"),
            ("<Cd>FUTR</Cd>", "", 1, "not booked yet: 1 (status FUTR)"),
            ("PDNG", "800.00", 2, "PDNG are read as booked, because the balances contain them: 1"),
            ("<Prtry>X</Prtry>", "800.00", 2, "X are read as booked, because the balances contain them: 1"),
            ("<Prtry>X</Prtry>", "950.00", 2, "X, which is not known, are read as booked: 1"),
            ("<Prtry>X</Prtry>", "", 2, "X, which is not known, are read as booked: 1"),
        ):
            with self.subTest(status=status, closing=closing):
                entries = (ENTRY.format("100.00", text, "2026-04-10") for text in ("BOOK", status))
                statement = one(camt(*entries, closing=closing))
                self.assertEqual(len(statement.lines), count)
                self.assertIn(warning, " ".join(statement.warnings))
                self.assertEqual(bool(statement.warnings), bool(warning))

    def test_camt_with_a_text_behind_the_message(self):
        source = camt(ENTRY.format("100.00", "BOOK", "2026-04-10"))
        self.assertEqual(len(one(f"{source}\nEnd of file, 1 statement\n").lines), 1)
        for behind in ("<x/>", source, "text <"):
            self.assertRefused(source + behind, "cut off or damaged")

    def test_a_minus_beside_a_mark_without_balances(self):
        entry = ENTRY.format("-100.00", "BOOK", "2026-04-10")
        sources = [camt(entry, closing=""), BAI2.replace(",010,100000,,,015,{},,/", "/").format(total="-10000")]
        for source in sources:
            with self.subTest(source=source[:20]):
                statement = one(source)
                self.assertEqual(str(statement.lines[0].amount), "-100.00")
                self.assertIn("The mark or type counts, no balances prove it", " ".join(statement.warnings))
        self.assertEqual(
            str(one(camt(ENTRY.format("-0.00", "BOOK", "2026-04-10"), closing="")).lines[0].amount), "0.00"
        )
        self.assertEqual(one(camt(ENTRY.format("-0.00", "BOOK", "2026-04-10"), closing="")).warnings, ())

    def test_mt940_entry_without_value_date_has_the_year_of_the_balance(self):
        self.assertEqual(one(MT940.format("260401", "0000000410", "260410")).lines[0].date, day("2026-04-10"))
        self.assertEqual(one(MT940.format("260101", "0000001231", "260101")).lines[0].date, day("2025-12-31"))

    def test_mt940_name_beside_the_own_account_is_the_own_one(self):
        text = MT940.format("260401", "2604100410", "260410").replace(
            ":86:x", ":86:/IBAN/37040044532013000/NAME/OWN BV/REMI/USTD//Invoice 7/"
        )
        line = one(text.replace("37040044/532013000", "37040044532013000")).lines[0]
        self.assertEqual((line.counterparty_name, line.counterparty_account, line.label), ("", "", "Invoice 7"))

    def test_mt940_blank_before_the_mark(self):
        self.assertEqual(str(one(MT940.format("260401", "2604100410 ", "260410")).lines[0].amount), "-100.00")

    def test_qif_of_several_accounts_without_numbers_is_refused(self):
        account = "!Account\nN{}\nTBank\n^\n!Type:Bank\nD1/14/26\nT-5.00\nPA\n^\n"
        self.assertRefused(account.format("Checking") + account.format("Savings"), '"Checking" and "Savings"')
        parsed = formats.parse("x", (account.format("Checking 123456") + account.format("Savings 654321")).encode())
        self.assertEqual(
            [statement.account_number for statement in parsed.statements], ["CHECKING123456", "SAVINGS654321"]
        )


class TestNamedFiles(StatementCase):
    def assertNamed(self, content, what):
        with self.assertNoLogs(formats.__name__, "WARNING"), self.assertRaises(formats.StatementFormatError) as caught:
            formats.parse("x", content)
        self.assertTrue(str(caught.exception).startswith(f"x: The file is {what}"), str(caught.exception))

    def archive(self, *names):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
        return buffer.getvalue()

    def test_files_of_payments_and_bookkeeping(self):
        for content, what in (
            (
                b"!TRNS\tTRNSID\tDATE\tAMOUNT\n!SPL\tSPLID\tDATE\tAMOUNT\nTRNS\t1\t4/14/2026\t100.00\n",
                "an exchange file",
            ),
            (b'"EXTF";700;21;"Buchungsstapel";12\nUmsatz;Soll/Haben\n100,00;S\n', "a file of bookkeeping entries"),
            (b"0                 01BQL       MY NAME                   1111111004231633  230410\n", "an Australian"),
            (b"VOL1000001                               HSBC            1\nHDR1A123456S  1123456\n", "a British"),
            (b"002" + b"1" * 97 + b"\n999" + b"0" * 60 + b"\n", "a Swiss file"),
            (b"1010260410260410\xb6\xcc\xde\xbc", "a Japanese bank file"),
            (b"{1:F01X}{2:O1991234}{4:\r\n:20:REF\r\n:21:REL\r\n:79:HELLO\r\n-}", "a free-format message"),
        ):
            with self.subTest(what=what):
                self.assertNamed(content, what)

    def test_other_spreadsheets(self):
        self.assertNamed(self.archive("mimetype", "content.xml"), "an OpenDocument spreadsheet")
        self.assertNamed(self.archive("[Content_Types].xml", "xl/workbook.bin"), "a binary workbook of Excel")
        locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
        with self.assertRaisesRegex(formats.StatementFormatError, "protected by a password"):
            formats.parse("x", locked)

"""Files that are not read: each is named, with what to ask the bank for; no database needed."""

try:
    from .common.statement_files import FOLDER, StatementCase, content, day, formats
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import FOLDER, StatementCase, content, day, formats

ISO = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{}">\n</Document>'
MT101 = ":20:ORDER1\r\n:28D:1/1\r\n:30:260402\r\n:21:INV17\r\n:32B:EUR100,\r\n:50H:/DE89370400440532013000\r\n"
MT103 = "{1:F01BANKBEBBAXXX0000000000}{2:I103BANKDEFFXXXXN}{4:\r\n:20:REF1\r\n:23B:CRED\r\n:32A:260402EUR100,\r\n-}"
MT910 = ":20:REF1\r\n:21:INV17\r\n:25:DE89370400440532013000\r\n:32A:260402EUR100,\r\n:52A:BANKDEFF\r\n"
EDIFACT = "UNA:+.? 'UNB+UNOC:3+5790000000:14+5791111111:14+260402:0600+17'UNH+1+{}:D:96A:UN'BGM+10+1+9'"
NACHA = "101 091000019 1234567892604020600A094101BANK OF NOWHERE        COMPANY"


class TestOtherFiles(StatementCase):
    def assertNamed(self, data, what, advice):
        data = data if isinstance(data, bytes) else data.encode()
        with (
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaises(formats.StatementFormatError) as caught,
        ):
            formats.parse("bank.dat", data)
        message = str(caught.exception)
        self.assertTrue(message.startswith(f"bank.dat: The file is {what}"), message)
        self.assertIn(advice, message)
        self.assertTrue(message.endswith("."), message)

    def test_each_kind_is_named_with_what_to_ask_for(self):
        order, report, payments = "sent to the bank", "accepted an order", "has no balances"
        for data, what, advice in (
            (b"%PDF-1.7", "a PDF document", "CAMT.053, MT940"),
            (b"\x89PNG\r\n\x1a\n", "a picture", "CAMT.053"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture", "CAMT.053"),
            (b"RIFF\x24\0\0\0WEBPVP8 ", "a picture", "CAMT.053"),
            (b"{\\rtf1\\ansi", "a word processor's document", "CAMT.053"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 20, "a workbook of Excel 97-2003", ".xlsx"),
            (b"SQLite format 3\0\x10\0\1\1", "a database, perhaps a GnuCash book", "OFX, QIF or CSV"),
            ('<?xml version="1.0"?>\n<gnc-v2 xmlns:gnc="http://www.gnucash.org/XML/gnc">', "a GnuCash book", "OFX"),
            ("QXF 1.0\n", "a Quicken transfer file", "OFX"),
            (b"\x1f\x8b\x08\0abc", "a compressed archive", "unpack"),
            (b"Rar!\x1a\x07\x01\0", "a compressed archive", "unpack"),
            ("-----BEGIN PGP MESSAGE-----\n\nabc", "encrypted", "decrypt"),
            ("From: bank@example.com\r\nMIME-Version: 1.0\r\n\r\nYour statement", "an e-mail", "attached"),
            (ISO.format("pain.001.001.09"), "a payment order (pain.001)", order),
            (ISO.format("pain.008.001.02"), "a direct debit order (pain.008)", order),
            (ISO.format("pain.002.001.10"), "a payment status report (pain.002)", report),
            (ISO.format("camt.029.001.09"), "a message about an inquiry or a recall (camt.029", report),
            (ISO.format("camt.060.001.05"), "a request for statements (camt.060)", order),
            (ISO.format("camt.086.001.03"), "a list of the bank's fees (camt.086)", "CAMT.053"),
            (ISO.format("pacs.008.001.08"), "a message between banks (pacs)", "CAMT.053"),
            (
                '<?xml version="1.0" encoding="windows-1250"?><FINSTA><FINSTA03>',
                "a statement in the bank's own XML",
                "CAMT",
            ),
            (MT101, "a payment order (MT101, MT103)", order),
            (MT103, "a payment order (MT101, MT103)", order),
            (MT910, "the advice of one booking (MT900, MT910)", payments),
            (EDIFACT.format("FINSTA"), "an EDIFACT statement (FINSTA)", "CAMT.053"),
            (EDIFACT.format("CREMUL"), "an EDIFACT advice of entries", payments),
            (EDIFACT.format("PAYMUL"), "an EDIFACT payment order", order),
            ("0128AGK3704004400000000MUSTER GMBH", "a German payment file (DTAUS", order),
            ("T00322100000001FI2112345600000785", "a Finnish account statement (TITO)", "CAMT.053"),
            ("01BGMAX               0120260402173035010331P", "a Swedish file of payments received (BgMax)", payments),
            ("NY000010000080800000001", "a Norwegian file of payments", payments),
            ("BS0020000012345060200000001", "a Danish file of direct debits", payments),
            ("RH0123456789020426" + " " * 101, "an Italian account statement (CBI)", "CAMT.053"),
            ("0001A020426CLIEOP03", "a Dutch payment file (ClieOp)", order),
            ("UHL1020426PEKARNA U MOSTU     0000123456001999000000000000", "a Czech or Slovak payment order", order),
            (NACHA, "a payment file (NACHA)", order),
            (
                "0302        012345       24026" + "MENUISERIE DUPRE".ljust(130),
                "a French payment file (CFONB 160)",
                order,
            ),
            ("02RETORNO01COBRANCA       ", "a file of collections or payments (CNAB 400)", "extrato"),
            ('[{"id": 1, "amount": "10.00"}]', "data of a program (JSON)", "CAMT.053"),
        ):
            with self.subTest(what=what, data=data[:30]):
                self.assertNamed(data, what, advice)

    def test_cnab_of_collections(self):
        source = content("cnab240_febraban.ret").replace(b"00100011E0440", b"00100011T0100")
        self.assertNamed(source, "a file of collections or payments (CNAB 240)", "extrato para concilia")
        self.assertNamed(source.replace(b"\r\n", b""), "a file of collections or payments (CNAB 240)", "extrato")

    def test_no_statement_is_taken_for_something_else(self):
        for path in sorted(FOLDER.iterdir()):
            with self.subTest(name=path.name):
                self.assertIn(formats.detect(path.read_bytes()), formats.FORMATS)
        # What begins like a message, but is a table with a period above it.
        table = (
            b"From: 2026-04-01\nTo: 2026-04-30\nDate,Description,Amount\n2026-04-02,Tea,-1.20\n2026-04-13,Rent,5.00\n"
        )
        self.assertEqual(formats.detect(table), "csv")

    def test_mt950_is_a_statement_without_details(self):
        source = (
            "{1:F01BANKBEBBAXXX0000000000}{2:O9500600260402BANKDEFFAXXX00000000002604020600N}{4:\r\n:20:STMT950\r\n"
            ":25:DE89370400440532013000\r\n:28C:12/1\r\n:60F:C260401EUR100,00\r\n"
            ":61:260402D30,00NTRFINV17//BANK1\r\n:61:260402C5,50NCHGNONREF\r\n:62F:C260402EUR75,50\r\n-}"
        )
        (statement,) = formats.parse("x", source.encode()).statements
        self.assertBalances(statement, "100.00", "75.50")
        self.assertAmounts(statement, "-30.00", "5.50")
        self.assertFields(statement.lines[0], date=day("2026-04-02"), bank_reference="BANK1", reference="INV17")

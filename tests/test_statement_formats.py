"""Bank statement files with known content, three banks' styles and more a format; no database needed."""

from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.tests import BaseCase as TestCase

    from .common.statement_files import FOLDER, StatementCase, content, day, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from unittest import TestCase

    from statement_files import FOLDER, StatementCase, content, day, read

    import statement_formats as formats


class TestCamt(StatementCase):
    def test_german_bank_version_02(self):
        parsed = read("camt053_v02_german.xml")
        self.assertEqual((parsed.format, parsed.variant), ("camt", "camt.053.001.02"))
        (statement,) = parsed.statements
        self.assertEqual(statement.account_number, "DE89370400440532013000")
        self.assertEqual(statement.account_name, "Musterhandel GmbH")
        self.assertEqual((statement.currency, statement.name), ("EUR", "STMT-2026-0084"))
        self.assertEqual((statement.date_from, statement.date_to), (day("2026-04-30"), day("2026-04-30")))
        self.assertBalances(statement, "1000.00", "1497.35")
        self.assertAmounts(statement, "595.00", "-119.00", "-30.00", "53.85", "-2.50")
        self.assertFields(
            statement.lines[0],
            date=day("2026-04-30"),
            value_date=day("2026-04-30"),
            label="Rechnung INV/2026/00017 vom 2.4.2026",
            reference="E2E-4711",
            counterparty_name="Bäckerei Grün & Söhne",
            counterparty_account="NL91ABNA0417164300",
            bank_reference="2026043000000001",
            bank_text="SEPA-Gutschrift",
            transaction_code="PMNT-RCDT-ESCT",
        )
        self.assertFields(
            statement.lines[1],
            value_date=day("2026-05-01"),
            reference="",
            structured_reference="RF18539007547034",
            counterparty_name="Stadtwerke Nord",
            transaction_code="NDDT+105",
        )
        self.assertTrue(statement.lines[0].raw.startswith("<Ntry>"))
        self.assertIn("<Ustrd>Rechnung INV/2026/00017</Ustrd>", statement.lines[0].raw)

    def test_pending_entries_are_left_out_with_a_warning(self):
        (statement,) = read("camt053_v02_german.xml").statements
        self.assertEqual(
            statement.warnings,
            (
                "Entries left out because they are not booked yet: 1 (status PDNG). They will come as booked entries "
                "in a later file.",
            ),
        )

    def test_reversal_keeps_its_sign_and_names_who_was_paid(self):
        (statement,) = read("camt053_v02_german.xml").statements
        self.assertFields(
            statement.lines[3], amount=Decimal("53.85"), is_reversal=True, counterparty_name="Konto Erloschen KG"
        )

    def test_batch_keeps_its_payments_and_splits_into_them(self):
        (statement,) = read("camt053_v02_german.xml").statements
        batch = statement.lines[2]
        self.assertTrue(batch.is_batch)
        self.assertEqual([detail.amount for detail in batch.details], [Decimal("-12.50"), Decimal("-17.50")])
        self.assertFields(batch.details[1], label="Toner", reference="PAY-2", counterparty_name="Toner West")
        split, places = statement.split_batches()
        self.assertAmounts(split, "595.00", "-119.00", "-12.50", "-17.50", "53.85", "-2.50")
        self.assertEqual(split.difference, 0)
        self.assertEqual(places, [None, None, 2, 2, None, None])
        self.assertEqual(len(set(split.unique_ids())), 6)

    def test_swiss_bank_version_08(self):
        parsed = read("camt053_v08_swiss.xml")
        first, second = parsed.statements
        self.assertFields(
            first,
            account_number="CH9300762011623852957",
            account_name="Kontokorrent",
            currency="CHF",
            date_from=day("2026-04-01"),
            date_to=day("2026-04-02"),
        )
        self.assertBalances(first, "-250.05", "1949.60")
        self.assertAmounts(first, "2300.00", "-100.35")
        paid = first.lines[0].details
        self.assertEqual([detail.amount for detail in paid], [Decimal("1949.75"), Decimal("350.25")])
        self.assertFields(
            paid[0],
            counterparty_name="Alpenblick AG",
            counterparty_account="2590342",
            structured_reference="210000000003139471430009017",
            label="210000000003139471430009017",
            bank_reference="ZV20260401/1-A",
        )
        self.assertFields(paid[1], counterparty_name="Seeufer Sàrl", label="Miete März", reference="QR-77")
        self.assertFields(
            first.lines[1],
            charges=Decimal("-5.00"),
            original_amount=Decimal("-110.00"),
            original_currency="USD",
            counterparty_name="Harbor Supplies Inc",
            counterparty_account="000123456789",
            label="PO-551",
        )
        self.assertFields(second, account_number="0123456789", currency="JPY", lines=())
        self.assertBalances(second, "90000", "90000")

    def test_belgian_bank_version_13_in_latin_1_with_pages(self):
        (statement,) = read("camt053_v13_belgian_latin1.xml").statements
        self.assertBalances(statement, "10.00", "111.00")
        self.assertAmounts(statement, "121.00", "-10.00", "-10.00")
        self.assertFields(
            statement.lines[0],
            structured_reference="+++090/9337/55493+++",
            counterparty_name="Société Générique",
            bank_reference="",
            reference="Z1",
        )
        self.assertEqual(statement.lines[1].label, "Café du Port")

    def test_intraday_report(self):
        parsed = read("camt052_v06_intraday.xml")
        (statement,) = parsed.statements
        self.assertEqual((parsed.variant, statement.kind), ("camt.052.001.06", "report"))
        self.assertBalances(statement, "500.00", "544.20")
        self.assertAmounts(statement, "44.20")

    def test_notification_has_no_balances_and_its_charges_come_apart(self):
        (statement,) = read("camt054_v04_notification.xml").statements
        self.assertEqual((statement.kind, statement.currency), ("notification", "CHF"))
        self.assertBalances(statement, None, None, None)
        self.assertFields(
            statement.lines[0],
            date=day("2026-04-06"),
            value_date=day("2026-04-07"),
            charges=None,
            structured_reference="210000000003139471430009017",
        )

    def test_every_version_from_02_to_13_reads_alike(self):
        source = content("camt053_v02_german.xml")
        expected = read("camt053_v02_german.xml").statements
        for version in range(2, 14):
            with self.subTest(version=version):
                parsed = formats.parse("x", source.replace(b"001.02", b"001.%02d" % version))
                self.assertEqual(parsed.statements, expected)
                self.assertEqual(parsed.warnings, ())
        self.assertIn("version 14", formats.parse("x", source.replace(b"001.02", b"001.14")).warnings[0])

    def test_difference_is_shown(self):
        source = content("camt053_v02_german.xml").replace(b">1497.35<", b">1500.00<")
        self.assertEqual(formats.parse("x", source).statements[0].difference, Decimal("-2.65"))


class TestMt940(StatementCase):
    def test_german_bank_with_numbered_subfields(self):
        parsed = read("mt940_german.sta")
        (statement,) = parsed.statements
        self.assertEqual((parsed.variant, statement.account_number), ("MT940", "37040044/0532013000"))
        self.assertBalances(statement, "1000.00", "1463.50")
        self.assertAmounts(statement, "595.00", "-119.00", "-10.00", "-2.50")
        self.assertFields(
            statement.lines[0],
            date=day("2026-04-30"),
            label="Rechnung INV/2026/00017 vom 2.4.2026",
            reference="E2E-4711",
            counterparty_name="BÄCKEREI GRÜN UND SÖHNE",
            counterparty_account="NL91ABNA0417164300",
            bank_reference="0430-0001",
            bank_text="GUTSCHRIFT",
            transaction_code="NTRF+166",
        )
        self.assertFields(
            statement.lines[1],
            value_date=day("2026-05-01"),
            structured_reference="RF18539007547034",
            reference="VERTRAG 88",
        )
        self.assertFields(statement.lines[2], is_reversal=True, amount=Decimal("-10.00"))
        self.assertFields(
            statement.lines[3],
            original_amount=Decimal("-2.75"),
            original_currency="USD",
            charges=Decimal("-0.10"),
            bank_reference="",
        )
        self.assertTrue(statement.lines[3].raw.startswith(":61:260430D2,50NCHGNONREF\n/OCMT/"))

    def test_dutch_bank_with_keywords_and_pages(self):
        (statement,) = read("mt940_dutch.940").statements
        self.assertEqual((statement.account_number, statement.currency), ("NL91ABNA0417164300", "EUR"))
        self.assertBalances(statement, "-50", "64")
        self.assertAmounts(statement, "121", "-35.95", "35.95", "-3.50", "-3.50")
        self.assertFields(
            statement.lines[0],
            counterparty_name="JANSSENS & ZN",
            counterparty_account="BE68539007547034",
            structured_reference="+++090/9337/55493+++",
            reference="",
        )
        self.assertFields(
            statement.lines[1],
            label="TERMIJN APRIL 2026",
            counterparty_name="WATERLEIDING ZUID",
            counterparty_account="NL02ABNA0123456789",
            reference="KLANT-5501",
        )
        self.assertFields(statement.lines[2], is_reversal=True)
        self.assertEqual(statement.lines[3].label, "BEA NR:XX1234 02.04.26/09.15 KOFFIEHUIS DE HOEK,PAS12")

    def test_swift_blocks_over_the_turn_of_the_year(self):
        first, second = read("mt940_swift_blocks.txt").statements
        self.assertBalances(first, "1234.56", "1384.56")
        self.assertFields(
            first.lines[0],
            date=day("2025-12-31"),
            value_date=day("2026-01-02"),
            amount=Decimal("-100.00"),
            check_number="000417",
            bank_reference="B-77",
            label="CHEQUE",
        )
        self.assertFields(
            first.lines[1], amount=Decimal("250.00"), reference="INV 1009", label="ACME TRADING LTD INV 1009 THANK YOU"
        )
        self.assertFields(second, account_number="87654321", currency="USD", lines=())

    def test_interim_report_mt942(self):
        parsed = read("mt942_interim.txt")
        (statement,) = parsed.statements
        self.assertEqual((parsed.variant, statement.kind, statement.currency), ("MT942", "report", "CHF"))
        self.assertAmounts(statement, "1000.05", "-20.00")
        self.assertFields(statement.lines[0], counterparty_name="NORDWIND AG", label="Rechnung 88", reference="END-1")
        self.assertEqual(statement.warnings, ("Entries left out because the bank only expects them: 1.",))
        wrong = content("mt942_interim.txt").replace(b":90D:1CHF20,00", b":90D:2CHF25,00")
        self.assertIn("2 debits of 25.00, the file", formats.parse("x", wrong).statements[0].warnings[0])


class TestOfx(StatementCase):
    def test_us_bank_version_1(self):
        parsed = read("ofx1_us_bank.ofx")
        (statement,) = parsed.statements
        self.assertEqual((parsed.format, parsed.variant), ("ofx", "OFX 102"))
        self.assertFields(
            statement,
            account_number="000123456789",
            currency="USD",
            date_from=day("2026-04-01"),
            date_to=day("2026-04-05"),
        )
        self.assertBalances(statement, None, "10573.85", None)
        self.assertAmounts(statement, "9700.00", "-125.40", "-0.75")
        self.assertFields(
            statement.lines[0],
            date=day("2026-04-02"),
            label="LUMBER INC LUM-77 & LUM-78",
            counterparty_name="LUMBER INC",
            bank_reference="2026040201",
            transaction_code="CREDIT",
        )
        self.assertEqual(statement.lines[1].check_number, "1042")

    def test_credit_card_version_2(self):
        (statement,) = read("ofx2_credit_card.ofx").statements
        self.assertEqual(statement.account_number, "4111000000001111")
        self.assertAmounts(statement, "-10.00", "-18.60")
        self.assertFields(
            statement.lines[0],
            original_amount=Decimal("-20.00"),
            original_currency="XYZ",
            counterparty_name="Taxi <Co>",
            label="Taxi <Co> Ride A<B",
        )
        self.assertFields(
            statement.lines[1],
            value_date=day("2026-03-14"),
            original_amount=None,
            original_currency="USD",
            label="Café Central Wien",
        )
        self.assertIn("left out: 1.", statement.warnings[0])

    def test_qfx_with_two_accounts_in_windows_1252(self):
        first, second = read("qfx_cp1252_two_accounts.qfx").statements
        self.assertFields(first, account_number="55501", currency="CAD", balance_end=Decimal("20.00"))
        self.assertAmounts(first, "-1500.25")
        self.assertFields(first.lines[0], label="Épicerie Zoë’s", counterparty_account="9988")
        self.assertFields(second, account_number="55502", currency="USD")
        self.assertFields(second.lines[0], amount=Decimal("0.11"), label="Interest", bank_reference="A2")


class TestQif(StatementCase):
    def test_quicken_us_with_opening_balance_and_splits(self):
        (statement,) = read("qif_us_quicken.qif").statements
        self.assertEqual(statement.account_name, "Checking 4401")
        self.assertEqual(statement.balance_start, Decimal("1000.00"))
        self.assertAmounts(statement, "-1234.56", "250.00")
        self.assertFields(
            statement.lines[0],
            date=day("2026-01-05"),
            check_number="1055",
            counterparty_name="Timber Yard",
            label="Invoice TY-9",
        )
        self.assertEqual(
            statement.lines[0].raw["splits"],
            [
                {"category": "Supplies", "memo": "Planks", "amount": "-1,000.00"},
                {"category": "Freight", "amount": "-234.56"},
            ],
        )

    def test_german_dates_and_decimal_commas(self):
        (statement,) = read("qif_german.qif").statements
        self.assertAmounts(statement, "-1234.56", "99.00")
        self.assertFields(statement.lines[0], date=day("2026-04-03"), counterparty_name="Möbelhaus Süd")

    def test_iso_dates_and_two_equal_coffees(self):
        (statement,) = read("qif_iso_card.qif").statements
        self.assertAmounts(statement, "-12.00", "-12.00")
        self.assertEqual(statement.lines[1].date, day("2026-04-03"))

    def test_ambiguous_dates_are_asked_for(self):
        with self.assertRaisesRegex(formats.MappingRequired, "day first or month first"):
            read("qif_ambiguous.qif")
        (statement,) = read("qif_ambiguous.qif", formats.Mapping(date_order="dmy")).statements
        self.assertEqual([line.date for line in statement.lines], [day("2026-04-03"), day("2026-05-04")])


class TestBai2(StatementCase):
    def test_us_bank(self):
        (statement,) = read("bai2_us_bank.bai").statements
        self.assertFields(
            statement, account_number="0123456789", currency="USD", date_from=day("2026-04-02"), kind="statement"
        )
        self.assertBalances(statement, "5000.00", "5565.45")
        self.assertAmounts(statement, "1500.45", "-500.00", "-125.00", "-310.00")
        self.assertFields(
            statement.lines[0],
            label="ACME TRADING PAYMENT INV-2026-17",
            reference="INV-2026-17",
            bank_reference="BR-001",
            transaction_code="165",
            bank_text="Preauthorized ACH credit",
        )
        self.assertFields(
            statement.lines[1],
            value_date=day("2026-04-03"),
            label="WIRE TO NORTH, LTD RF18 5390 0754 7034",
            structured_reference="RF18539007547034",
        )
        self.assertEqual(statement.lines[2].check_number, "001042")

    def test_decimals_are_implied_by_the_currency(self):
        yen, dinar, idle = read("bai2_two_groups.bai").statements
        self.assertBalances(yen, "10000", "9000")
        self.assertAmounts(yen, "-1000")
        self.assertBalances(dinar, "1.500", "2.750")
        self.assertAmounts(dinar, "1.250")
        self.assertBalances(idle, "0.005", "0.005")

    def test_intraday_and_reversals(self):
        (statement,) = read("bai2_intraday_reversal.bai").statements
        self.assertEqual((statement.kind, statement.balance_end), ("report", Decimal("75.00")))
        self.assertAmounts(statement, "-25.00", "1.00")
        self.assertEqual([line.is_reversal for line in statement.lines], [True, True])
        self.assertEqual(statement.lines[0].label, "RETURNED ITEM NSF FIRST TIME")


class TestCsv(StatementCase):
    def test_german_bank_newest_first_with_balance(self):
        parsed = read("csv_german_cp1252.csv")
        (statement,) = parsed.statements
        self.assertEqual(statement.account_number, "DE89370400440532013000")
        self.assertBalances(statement, "954.45", "1423.45")
        self.assertAmounts(statement, "-3.50", "-3.50", "-119.00", "595.00")
        self.assertFields(statement.lines[0], label="Kartenzahlung Espresso; doppelt", counterparty_name="Café Eck")
        self.assertEqual(statement.lines[2].structured_reference, "RF18539007547034")
        self.assertEqual(statement.lines[3].raw["5: Verwendungszweck"], "Rechnung INV/2026/00017")
        self.assertEqual((parsed.mapping.date_order, parsed.mapping.decimal), ("dmy", ","))

    def test_us_bank(self):
        (statement,) = read("csv_us_comma.csv").statements
        self.assertBalances(statement, "1500.00", "3374.60")
        self.assertAmounts(statement, "-500.00", "-125.40", "2500.00")
        self.assertFields(statement.lines[0], date=day("2026-04-10"), label="CHECK 1042", check_number="1042")

    def test_french_bank_with_debit_and_credit_columns(self):
        parsed = read("csv_french_debit_credit.csv")
        (statement,) = parsed.statements
        self.assertAmounts(statement, "1210.00", "-85.20", "-1000.05")
        self.assertFields(statement.lines[0], value_date=day("2026-04-16"), reference="FA-88", currency="EUR")
        self.assertEqual(statement.lines[2].reference, "")
        self.assertEqual(parsed.warnings, ("Rows left out because they have no date or no amount: 1 (row 5).",))

    def test_spanish_bank_in_utf_16(self):
        (statement,) = read("csv_spanish_utf16.txt").statements
        self.assertBalances(statement, "1000.00", "1300.00")
        self.assertAmounts(statement, "300.00", "-45.10", "45.10")
        self.assertEqual(statement.lines[0].label, "TRANSFERENCIA DE LIBRERÍA LUNA")

    def test_marks_and_several_accounts(self):
        francs, pounds = read("csv_swiss_marks.csv").statements
        self.assertFields(francs, account_number="CH9300762011623852957", currency="CHF")
        self.assertAmounts(francs, "1949.75", "-100.35")
        self.assertFields(pounds, account_number="GB29NWBK60161331926819", currency="GBP")
        self.assertAmounts(pounds, "-4.00")
        self.assertEqual(francs.lines[0].bank_reference, "T1")

    def test_no_header(self):
        with self.assertRaisesRegex(formats.MappingRequired, "no headers that are known") as caught:
            read("csv_no_header.csv")
        (statement,) = read("csv_no_header.csv", caught.exception.mapping).statements
        self.assertAmounts(statement, "-3.50", "-3.50", "120.00")
        self.assertEqual(statement.lines[2].label, "Client transfer invoice 12")

    def test_ambiguous_dates_are_asked_for(self):
        source = b"Date;Description;Amount\n03/04/2026;A;1.50\n04/04/2026;B;2.50\n"
        with self.assertRaisesRegex(formats.MappingRequired, "day first or month first") as caught:
            formats.parse("x.csv", source)
        self.assertEqual(caught.exception.mapping.amount, 2)
        self.assertEqual(caught.exception.rows[0], ["03/04/2026", "A", "1.50"])
        (statement,) = formats.parse("x.csv", source, formats.Mapping(date_order="mdy")).statements
        self.assertEqual(statement.lines[0].date, day("2026-03-04"))

    def test_order_of_the_file_tells_the_order_of_the_date_and_says_so(self):
        source = b"Date;Description;Amount\n03/04/2026;A;1.50\n04/04/2026;B;-2.50\n02/05/2026;C;1.00\n"
        parsed = formats.parse("x.csv", source)
        self.assertEqual(parsed.statements[0].date_to, day("2026-05-02"))
        self.assertIn("read day first", parsed.warnings[0])

    def test_ambiguous_decimal_mark_is_asked_for(self):
        source = b"Date;Description;Amount\n2026-04-03;A;1,500\n2026-04-04;B;2,500\n"
        with self.assertRaisesRegex(formats.MappingRequired, "decimal mark"):
            formats.parse("x.csv", source)
        for decimal, amount in ((",", "1.5"), (".", "1500")):
            (statement,) = formats.parse("x.csv", source, formats.Mapping(decimal=decimal)).statements
            self.assertEqual(statement.lines[0].amount, Decimal(amount))

    def test_remembered_mapping_follows_moved_columns(self):
        remembered = formats.Mapping.from_dict(read("csv_us_comma.csv").mapping.to_dict())
        moved = b"New,Amount,Posting Date,Description,Balance,Check or Slip #,Type\n,1.25,04/01/2026,A,1.25,,X\n"
        (statement,) = formats.parse("x.csv", moved, remembered).statements
        self.assertFields(statement.lines[0], amount=Decimal("1.25"), date=day("2026-04-01"), label="A")
        with self.assertRaisesRegex(formats.MappingRequired, "until now"):
            formats.parse("x.csv", b"Posting Date,Description,Sum\n04/01/2026,A,1.25\n", remembered)

    def test_card_export_with_positive_purchases(self):
        mapping = formats.Mapping(date=0, label=(1,), amount=2, is_inverted=True)
        (statement,) = formats.parse("x", b"2026-04-01,Shop,12.50\n2026-04-02,Payment,-99\n", mapping).statements
        self.assertAmounts(statement, "-12.50", "99")

    def test_running_balance_that_does_not_follow_is_said(self):
        source = b"Date;Description;Amount;Balance\n2026-04-01;A;1.00;1.00\n2026-04-02;B;1.00;5.00\n"
        (statement,) = formats.parse("x", source).statements
        self.assertBalances(statement, None, None, None)
        self.assertIn("does not follow", statement.warnings[0])


class TestXlsx(StatementCase):
    def test_english_workbook_with_balance(self):
        (statement,) = read("xlsx_english_balance.xlsx").statements
        self.assertEqual((statement.account_number, statement.name), ("GB29NWBK60161331926819", "Statement"))
        self.assertBalances(statement, "1000", "1241.7")
        self.assertAmounts(statement, "250.1", "-4.2", "-4.2")
        self.assertFields(statement.lines[0], reference="INV 1009", counterparty_name="Acme Trading Ltd")

    def test_german_workbook_of_texts(self):
        (statement,) = read("xlsx_german_text.xlsx").statements
        self.assertAmounts(statement, "-1234.56", "-99.00", "10.00")
        self.assertFields(statement.lines[0], counterparty_account="NL91ABNA0417164300", currency="EUR")

    def test_spanish_workbook_with_days_from_1904_and_formulas(self):
        (statement,) = read("xlsx_spanish_1904.xlsx").statements
        self.assertBalances(statement, "0", "1039.9")
        self.assertAmounts(statement, "1100", "-60.1")
        self.assertEqual((statement.date_from, statement.date_to), (day("2026-04-01"), day("2026-04-02")))
        self.assertEqual(statement.lines[0].label, "Transferencia Librería Luna")

    def test_french_workbook_of_binary_numbers(self):
        (statement,) = read("xlsx_french_numbers.xlsx").statements
        self.assertAmounts(statement, "-0.3", "1210.05")
        self.assertEqual(statement.date_to, day("2026-04-03"))


class TestZeros(TestCase):
    def test_a_debit_of_nothing_has_no_sign(self):
        """Whatever the format: 0.00, not -0.00, in amounts, balances, charges and original amounts."""
        mt940 = (
            ":20:1\r\n:25:NL91ABNA0417164300\r\n:28C:1\r\n:60F:D260409EUR0,00\r\n:61:2604100410D0,00NTRFX//B1\r\n"
            ":86:/OCMT/USD0,00/CHGS/EUR0,00/REMI/x\r\n:62F:D260410EUR0,00\r\n-\r\n"
        )
        bai2 = (
            "01,A,B,260410,0600,1,80,,2/\n02,B,A,1,260410,2359,USD,2/\n03,1234567,USD,015,-0,,/\n"
            "16,495,0,Z,B1,,fee waived/\n49,0,3/\n98,0,1,5/\n99,0,1,7/\n"
        )
        ofx = (
            "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD"
            "<BANKACCTFROM><BANKID>1<ACCTID>1234567<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>"
            "<STMTTRN><TRNTYPE>FEE<DTPOSTED>20260410<TRNAMT>-0.00<FITID>1<NAME>fee waived</STMTTRN></BANKTRANLIST>"
            "<LEDGERBAL><BALAMT>-0.00<DTASOF>20260410</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
        )
        camt = (
            '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
            "<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
            "<Dt><Dt>2026-04-10</Dt></Dt></Bal><Ntry><Amt Ccy='EUR'>0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
            "<Sts>BOOK</Sts><BookgDt><Dt>2026-04-10</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
        )
        for text in (
            mt940,
            bai2,
            ofx,
            camt,
            "!Type:Bank\nD2026-04-13\nT-0.00\nPfee waived\n^\n",
            "Date,Description,Amount\n2026-04-10,fee waived,-0.00\n2026-04-13,more,5.00\n",
            "Date,Description,Amount\n2026-04-10,fee waived,0.00 DR\n2026-04-13,more,5.00 CR\n",
            "Date,Description,Debit,Credit\n2026-04-10,fee waived,0.00,\n2026-04-13,more,,5.00\n",
        ):
            with self.subTest(text=text[:20]):
                (statement,) = formats.parse("x", text.encode()).statements
                line = statement.lines[0]
                amounts = [line.amount, line.charges, line.original_amount, *statement.opening_and_closing]
                self.assertEqual([str(amount) for amount in amounts if amount is not None and amount.is_signed()], [])
                self.assertEqual(line.amount, 0)

    def test_sentences_say_so_too(self):
        self.assertEqual(formats._lt("%(amount)s left", amount=Decimal("-0.00")), "0.00 left")


class TestAmountsAndAccounts(TestCase):
    def amount(self, text):
        source = f"2026-04-01;A;1,50\n2026-04-01;B;{text}\n".encode()
        return formats.parse("x", source, formats.Mapping(date=0, label=(1,), amount=2)).statements[0].lines[1].amount

    def test_spellings_of_one_amount(self):
        for text in (
            "-1234,56", "1234,56-", "(1.234,56)", "\u22121 234,56", "-1\u202f234,56", "-1\u2009234,56", "-1'234,56",
            "EUR -1.234,56", "-1.234,56 €", "1.234,56 DR", "1.234,56 S", "-1\u00a0234,56 EUR",
        ):  # fmt: skip
            with self.subTest(text=text):
                self.assertEqual(self.amount(text), Decimal("-1234.56"))
        self.assertEqual(self.amount("+1.234,56 CR"), Decimal("1234.56"))

    def test_account_numbers_that_name_one_account(self):
        iban = "DE89 3704 0044 0532 0130 00"
        for other in ("de89370400440532013000", "37040044/0532013000", "37040044/532013000", "370400440532013000"):
            self.assertTrue(formats.same_account(iban, other), other)
        for other in ("", "3000", "37040044/0532013001", "DE02120300000000202051", "GB29NWBK60161331926819"):
            self.assertFalse(formats.same_account(iban, other), other)
        self.assertTrue(formats.same_account("0012345", "12345"))


class TestIdentity(TestCase):
    HEAD = "Date;Description;Amount\n"

    def ids(self, *rows, account="1"):
        parsed = formats.parse("x", (self.HEAD + "\n".join(rows) + "\n").encode(), formats.Mapping(decimal="."))
        return parsed.unique_ids(account)[0]

    def test_same_file_gives_same_identities(self):
        for path in sorted(FOLDER.iterdir()):
            if path.name in ("qif_ambiguous.qif", "csv_no_header.csv") or path.name.startswith("csv_ask_"):
                continue
            first, second = read(path.name).unique_ids(), read(path.name).unique_ids()
            self.assertEqual(first, second)
            flat = [identity for ids in first for identity in ids]
            self.assertEqual(len(flat), len(set(flat)), path.name)

    def test_overlapping_files_share_what_they_overlap(self):
        early = [f"2026-04-{number:02};Coffee;-3.50" for number in (1, 10, 10, 15)]
        late = [f"2026-04-{number:02};Coffee;-3.50" for number in (10, 10, 15, 20)]
        first, second = self.ids(*early), self.ids(*late)
        self.assertEqual(first[1:], second[:3])
        self.assertEqual(len({*first, *second}), 5)

    def test_day_that_went_on_after_the_first_file(self):
        first = self.ids("2026-04-10;Coffee;-3.50")
        second = self.ids("2026-04-10;Lunch;-12.00", "2026-04-10;Coffee;-3.50", "2026-04-10;coffee ;-3.5")
        self.assertEqual(first[0], second[1])
        self.assertEqual(len(set(second)), 3)

    def test_order_of_the_file_does_not_matter(self):
        rows = ["2026-04-10;A;-3.50", "2026-04-11;B;-3.50", "2026-04-11;B;-3.50", "2026-04-12;C;1.00"]
        self.assertEqual(set(self.ids(*rows)), set(self.ids(*rows[::-1])))

    def test_accounts_keep_apart(self):
        self.assertNotEqual(self.ids("2026-04-10;A;1.00"), self.ids("2026-04-10;A;1.00", account="2"))

    def test_reference_used_again_for_another_amount_or_day_is_another_line(self):
        source = content("ofx1_us_bank.ofx")
        again = source.replace(b"2026040302", b"2026040201").replace(b"2026040403", b"2026040201")
        self.assertEqual(len(set(formats.parse("x", again).unique_ids()[0])), 3)

    def test_intraday_reports_that_repeat_the_day_count_anew(self):
        report = content("camt052_v06_intraday.xml").replace(b"<AcctSvcrRef>IN-1</AcctSvcrRef>", b"")
        start, end = report.index(b"<Rpt>"), report.index(b"</Rpt>") + 6
        one = report[start:end]
        entry = one[one.index(b"<Ntry>") : one.index(b"</Ntry>") + 7]
        later = one.replace(b"R1-1", b"R1-2").replace(b"544.20", b"588.40").replace(entry, entry + entry)
        first, second = formats.parse("x", report[:end] + later + report[end:]).unique_ids()
        self.assertEqual(first[0], second[0])
        self.assertNotIn(second[1], first)

    def test_statement_twice_in_one_file_is_taken_once(self):
        source = content("mt940_german.sta")
        parsed = formats.parse("x", source + source)
        self.assertEqual(len(parsed.statements), 1)
        self.assertIn("twice", parsed.warnings[0])

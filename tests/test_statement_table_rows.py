"""Currencies, columns and rows of tables that were lost without a word; no database needed."""

import io
from dataclasses import replace

import openpyxl

try:
    from .common.statement_files import StatementCase, formats
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, formats

HEADER = "Date,Description,Amount\n"
RBC = (
    '"Account Type","Account Number","Transaction Date","Cheque Number","Description 1","Description 2","CAD$","USD$"\n'
    'Chequing,1234-567,4/14/2026,,"RENT","",-850.00,\nSavings,USD-1,4/15/2026,,"CLIENT","",,500.00\n'
)
SPARKASSE = (
    "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;Kontonummer;"
    "BLZ;Betrag;Waehrung;Info\n"
    "DE89370400440532013000;14.04.26;14.04.26;LASTSCHRIFT;Rechnung 12;ACME;DE12500105170648489890;INGDDEFF;-850,00;EUR;"
    "Umsatz gebucht\n"
    "DE89370400440532013000;15.04.26;15.04.26;GUTSCHRIFT;Rechnung 13;Kunde;DE12500105170648489890;INGDDEFF;1200,00;EUR;"
    "Umsatz vorgemerkt\n"
)


def parse(table, mapping=None):
    return formats.parse("table.csv", table.encode(), mapping)


def remembered(parsed):
    """Give the mapping of a file as it is stored for the next one."""
    return replace(formats.Mapping.from_dict(parsed.mapping.to_dict()), is_remembered=True)


def by_currency(table):
    return {statement.currency: [str(line.amount) for line in statement.lines] for statement in parse(table).statements}


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class TestRowsOfTables(StatementCase):
    def test_currencies_written_with_the_amounts(self):
        rows = HEADER + "2026-04-14,A,{}\n2026-04-15,B,{}\n"
        self.assertEqual(by_currency(rows.format("GBP -10.00", "GBP 12.00")), {"GBP": ["-10.00", "12.00"]})
        # One that only some amounts have says nothing of the others.
        self.assertEqual(by_currency(rows.format("-£10.00", "12.00")), {"": ["-10.00", "12.00"]})
        self.assertEqual(by_currency(rows.format("10.00 USD", "12.00")), {"": ["10.00", "12.00"]})
        self.assertIn("written with a currency (GBP)", " ".join(parse(rows.format("-£10.00", "12.00")).warnings))
        self.assertEqual(by_currency(rows.format("-£10.00", "0.00")), {"GBP": ["-10.00", "0.00"]})
        self.assertEqual(by_currency(rows.format("-10.00 USD", "12.00 EUR")), {"USD": ["-10.00"], "EUR": ["12.00"]})
        # Several currencies are written with "$".
        self.assertEqual(by_currency(rows.format("-$10.00", "$12.00")), {"": ["-10.00", "12.00"]})
        self.assertEqual(by_currency(rows.format("-C$10.00", "C$12.00")), {"": ["-10.00", "12.00"]})

    def test_currencies_by_sign_or_name(self):
        for written in ("€", "Euro", "EUR"):
            with self.subTest(written=written):
                rows = f"Date,Description,Amount,Currency\n2026-04-14,A,-5.00,{written}\n2026-04-15,B,6.00,{written}\n"
                self.assertEqual(by_currency(rows), {"EUR": ["-5.00", "6.00"]})

    def test_a_column_for_each_currency(self):
        self.assertEqual(by_currency(RBC), {"CAD": ["-850.00"], "USD": ["500.00"]})

    def test_an_amount_in_another_column_is_asked_about(self):
        rows = "Date,Description,Amount,Foreign Amount\n2026-04-14,A,-5.00,\n2026-04-15,B,,-7.00\n2026-04-16,C,8.00,\n"
        with self.assertRaisesRegex(
            formats.MappingRequired, 'Row 3 .*"-7.00" in the column "Foreign Amount"'
        ) as caught:
            parse(rows)
        mapping = caught.exception.mapping
        with self.assertRaises(formats.MappingRequired):
            parse(rows, replace(mapping, is_remembered=True))
        parsed = parse(rows, mapping)
        self.assertEqual(len(parsed.statements[0].lines), 2)
        self.assertIn("left out", " ".join(parsed.warnings))
        # The answer counts for the next file.
        again = parse(rows, remembered(parsed))
        self.assertEqual(len(again.statements[0].lines), 2)
        self.assertEqual(again.mapping, parsed.mapping)

    def test_a_formula_without_its_value_is_refused_by_its_row(self):
        content = workbook(("Date", "Description", "Amount"), ("14/04/2026", "A", "=1+1"), ("15/04/2026", "B", 3.5))
        with self.assertRaisesRegex(formats.StatementFormatError, 'Row 2: "=1\\+1" is not an amount'):
            formats.parse("x.xlsx", content)

    def test_keywords_of_german_descriptions(self):
        for text, label, end_to_end, mandate in (
            ("EREF+E2E-77 SVWZ+Rechnung 12", "Rechnung 12", "E2E-77", ""),
            ("SVWZ+Rechnung 12 EREF+E2E 77 MREF+M-1 CRED+DE98", "Rechnung 12", "E2E 77", "M-1"),
            ("Rechnung 13 EREF: E2E-78 MREF: M-1", "Rechnung 13", "E2E-78", "M-1"),
            ("Rechnung 14 End-to-End-Ref.: E2E-77 Mandatsref: M-1 Gläubiger-ID: DE98", "Rechnung 14", "E2E-77", "M-1"),
            ("Rechnung 13 End-to-End-Ref.: nicht angegeben", "Rechnung 13", "", ""),
            ("Order: 12 C+D", "Order: 12 C+D", "", ""),
            # Nothing says where an identifier ends and text begins.
            ("EREF+RE 4711 Miete", "EREF+RE 4711 Miete", "", ""),
            ("Miete EREF+E-1 Garten 12 MREF+M-1", "Miete EREF+E-1 Garten 12 MREF+M-1", "E-1", "M-1"),
            ("EREF+RE-4711", "EREF+RE-4711", "RE-4711", ""),
            ("Rechnung 13 KREF+RE-4711", "Rechnung 13 KREF+RE-4711", "", ""),
            ("ABWA+Muster GmbH Rechnung 12", "ABWA+Muster GmbH Rechnung 12", "", ""),
        ):  # fmt: skip
            with self.subTest(text=text):
                rows = SPARKASSE.replace("Rechnung 12", text)
                line = parse(rows).statements[0].lines[0]
                self.assertEqual((line.label, line.end_to_end_id, line.mandate_id), (label, end_to_end, mandate))
                self.assertEqual((line.counterparty_name, line.reference), ("ACME", end_to_end))

    def test_czech_accounts_with_the_code_of_their_bank(self):
        rows = "Datum;Objem;Měna;Protiúčet;Kód banky;Zpráva pro příjemce\n"
        accounts = (
            ("19-2000145399", "0800", "CZ6508000000192000145399"),
            # A spreadsheet has taken off a zero; the check digits are wrong.
            ("2000145398", "800", "2000145398/0800"),
            ("DE89370400440532013000", "", "DE89370400440532013000"),
            ("19-2000145399", "", "192000145399"),
        )
        for number, (account, bank, _expected) in enumerate(accounts):
            rows += f"1{number}.04.2026;-10,0{number};CZK;{account};{bank};Faktura {number}\n"
        lines = parse(rows).statements[0].lines
        self.assertEqual([line.counterparty_account for line in lines], [expected for *_, expected in accounts])

    def test_balances_beside_a_table(self):
        rows = "Date,Description,Amount\n2026-04-14,A,-10.00\n2026-04-15,B,5.00\n"
        opening, closing = "Opening balance:,100.00\n", "Closing balance 30.04.2026,95.00\n"
        for table in (opening + closing + rows, closing + rows + opening, rows + opening + closing):
            with self.subTest(table=table):
                parsed = parse(table)
                self.assertBalances(parsed.statements[0], "100.00", "95.00")
        parsed = parse(opening + closing.replace("95.00", "96.00") + rows)
        self.assertBalances(parsed.statements[0], None, None, None)
        self.assertIn("do not agree with its entries", " ".join(parsed.warnings))
        self.assertBalances(parse(opening + rows).statements[0], None, None, None)

    def test_mandates_and_reasons_of_returns(self):
        rows = (
            "Datum;Verwendungszweck;Betrag;Mandatsreferenz;Rückgabegrund\n2026-04-14;A;-10,00;M-1;MD06\n"
            "2026-04-15;B;12,00;;\n2026-04-16;C;-3,00;M-2;Konto erloschen\n"
        )
        first, second, third = parse(rows).statements[0].lines
        self.assertFields(
            first, label="A", mandate_id="M-1", return_code="MD06", return_reason="The payer asked for the money back"
        )
        self.assertFields(second, mandate_id="", return_code="", return_reason="")
        self.assertFields(third, mandate_id="M-2", return_code="", return_reason="Konto erloschen")

    def test_names_of_german_descriptions(self):
        rows = SPARKASSE.replace("Rechnung 12", "EREF+E-1 ABWA+Muster GmbH SVWZ+Rechnung 12")
        line = parse(rows).statements[0].lines[0]
        self.assertEqual((line.label, line.ultimate_name), ("Rechnung 12", "Muster GmbH"))

    def test_other_sheets_with_statements_are_named(self):
        book = openpyxl.Workbook()
        for title in ("Notes", "April", "USD"):
            sheet = book.active if title == "Notes" else book.create_sheet(title)
            sheet.title = title
            for row in (
                [("About this file", "x")]
                if title == "Notes"
                else (("Date", "Description", "Amount"), ("14/04/2026", title, -1.5), ("15/04/2026", "B", 3.5))
            ):
                sheet.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        parsed = formats.parse("x.xlsx", buffer.getvalue())
        self.assertEqual(parsed.statements[0].lines[0].label, "April")
        self.assertIn('Other sheets look like statements too: "USD"', " ".join(parsed.warnings))
        other = formats.parse("x.xlsx", buffer.getvalue(), replace(parsed.mapping, sheet="USD"))
        self.assertEqual(other.statements[0].lines[0].label, "USD")
        self.assertIn('"April"', " ".join(other.warnings))
        # A remembered sheet that is not there is no reason to stop.
        missing = replace(parsed.mapping, sheet="March")
        again = formats.parse("x.xlsx", buffer.getvalue(), replace(missing, is_remembered=True))
        self.assertEqual(again.mapping.sheet, "April")
        with self.assertRaisesRegex(formats.StatementFormatError, 'no sheet "March"'):
            formats.parse("x.xlsx", buffer.getvalue(), missing)

    def test_pending_rows_are_left_out(self):
        (statement,) = parse(SPARKASSE).statements
        self.assertEqual([str(line.amount) for line in statement.lines], ["-850.00"])
        self.assertEqual(statement.lines[0].counterparty_account, "DE12500105170648489890")
        rows = (
            "Date,Description,Amount,Info\n2026-04-14,A,-10.00,booked\n2026-04-15,B,-12.00,{}\n"
            "2026-04-16,C,1.00,booked\n"
        )
        parsed = parse(rows.format("pending"))
        self.assertEqual([str(line.amount) for line in parsed.statements[0].lines], ["-10.00", "1.00"])
        self.assertIn("pending, declined or cancelled: 1 (row 3)", " ".join(parsed.warnings))
        mapping = parse(rows.format("booked")).mapping
        self.assertEqual(len(parse(rows.format("pending"), mapping).statements[0].lines), 2)
        # A description is no state.
        self.assertEqual(len(parse(HEADER + "2026-04-14,pending,-1.00\n2026-04-15,B,2.00\n").statements[0].lines), 2)

    def test_states_of_a_remembered_table_without_them_are_asked_about(self):
        header = "Date,Description,Amount,Info\n"
        first = header + "2026-03-14,A,-10.00,x1\n2026-03-15,B,-12.00,x2\n"
        rows = header + "2026-04-14,A,-10.00,\n2026-04-15,B,-12.00,pending\n2026-04-16,C,1.00,\n"
        with self.assertRaisesRegex(formats.MappingRequired, '"Info" has the text "pending"') as caught:
            parse(rows, remembered(parse(first)))
        asked = caught.exception.mapping
        self.assertEqual(asked.status, 3)
        self.assertEqual(len(parse(rows, remembered(parse(rows, asked))).statements[0].lines), 2)
        kept = parse(rows, replace(asked, status=None))
        self.assertEqual(len(kept.statements[0].lines), 3)
        self.assertEqual(len(parse(rows, remembered(kept)).statements[0].lines), 3)

    def test_words_of_states_elsewhere_are_no_states(self):
        rows = "2026-04-14,A,-10.00,{0}\n2026-04-15,B,12.00,{1}\n2026-04-16,C,1.00,{0}\n"
        for header in ("Date,Description,Amount,Transaction Type\n", "Date,Name,Amount,Description\n"):
            for words in (("Storniert", "Buchung"), ("REJECTED", "Payment"), ("Cancelled", "Card"), ("on hold", "x")):
                with self.subTest(header=header, words=words):
                    table = header + rows.format(*words)
                    parsed = parse(table)
                    self.assertEqual(len(parsed.statements[0].lines), 3)
                    self.assertEqual(len(parse(table, remembered(parsed)).statements[0].lines), 3)
        # What may mean it is asked about, never taken.
        with self.assertRaisesRegex(formats.MappingRequired, "not booked") as caught:
            parse("Date,Description,Amount,Transaction Type\n" + rows.format("Posted", "Pending"))
        self.assertEqual((caught.exception.mapping.status, caught.exception.mapping.transaction_code), (3, None))
        for words in (("Cancelled", "booked"), ("pending", "x")):
            with self.subTest(words=words), self.assertRaisesRegex(formats.MappingRequired, "not booked"):
                parse("Date,Description,Amount,Info\n" + rows.format(*words))

    def test_rows_that_the_running_balance_contains_are_booked(self):
        header = "Date,Description,Amount,Balance,Status\n"
        rows = (
            "2026-04-13,A,-1.00,99.00,booked\n2026-04-14,B,-10.00,89.00,Cancelled\n2026-04-15,C,-12.00,,{}\n"
            "2026-04-16,D,1.00,{},booked\n"
        )
        for balance, kept in (("90.00", "-1.00 -10.00 1.00"), ("78.00", "-1.00 -10.00 -12.00 1.00")):
            lines = rows.format("pending", balance).splitlines(True)
            for table in (lines, lines[::-1]):
                with self.subTest(table=table):
                    (statement,) = parse(header + "".join(table)).statements
                    self.assertEqual(" ".join(str(line.amount) for line in statement.lines), kept)
                    self.assertEqual(statement.difference, 0)
        # What is pending at the end may only foresee the balance; what was cancelled does not change it.
        end = header + "2026-04-13,A,-1.00,99.00,booked\n2026-04-14,B,1.00,100.00,booked\n2026-04-15,C,-5.00,95.00,{}\n"
        self.assertEqual(len(parse(end.format("Pending")).statements[0].lines), 2)
        self.assertEqual(len(parse(end.format("Rejected")).statements[0].lines), 3)
        self.assertEqual(len(parse(end.format("Rejected").replace("95.00", "100.00")).statements[0].lines), 2)
        # Without a header that says so, the balance answers what would be asked.
        self.assertEqual(len(parse(end.format("Rejected").replace("Status", "Info")).statements[0].lines), 3)

"""Norma 43 files of Spanish banks with known content; no database needed."""

from decimal import Decimal

try:
    from .common.statement_files import StatementCase, content, day, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, formats, read


class TestNorma43(StatementCase):
    def test_two_accounts(self):
        parsed = read("norma43_two_accounts.n43")
        self.assertEqual((parsed.format, parsed.variant, parsed.warnings), ("norma43", "Norma 43", ()))
        euro, dollar = parsed.statements
        self.assertFields(
            euro,
            account_number="ES9121000418450200051332",
            account_name="TALLERES DEL SUR SL",
            currency="EUR",
            date_from=day("2026-04-01"),
            date_to=day("2026-04-30"),
        )
        self.assertBalances(euro, "1000.00", "1089.95")
        self.assertAmounts(euro, "605.00", "-120.35", "-300.00", "-91.20", "-3.50", "0.00")
        self.assertFields(dollar, account_number="ES7000491500010512345678", currency="USD")
        self.assertBalances(dollar, "-50.00", "100.00")
        self.assertAmounts(dollar, "150.00")

    def test_texts_references_and_concepts(self):
        lines = read("norma43_two_accounts.n43").statements[0].lines
        self.assertFields(
            lines[0],
            date=day("2026-04-02"),
            label="TRANSFERENCIA DE CONSTRUCCIONES PEÑA FACTURA 2026-0017",
            reference="FRA 2026-0017",
            bank_text="Transfers",
            transaction_code="04+007",
        )
        # A text of more than 38 characters is cut at that width and goes on in the next field.
        self.assertFields(
            lines[1],
            date=day("2026-04-05"),
            value_date=day("2026-04-06"),
            label="RECIBO ENERGÍA ABRIL CONTRATO 009876543 SUMINISTRO LOCAL CALLE MAYOR REF. MANDATO 55-A",
            reference="ES12000B12345678",
        )
        self.assertFields(lines[2], check_number="4711", reference="4711", label="Cheques and withdrawals")
        self.assertFields(lines[3], original_amount=Decimal("-99.50"), original_currency="USD")
        self.assertFields(lines[5], amount=Decimal("0.00"), is_reversal=True)

    def test_dos_code_page_file_header_cut_blanks_and_end_of_file_character(self):
        first, empty = read("norma43_cp850.txt").statements
        self.assertFields(first, account_name="ASOCIACIÓN DE VECINOS", account_number="ES8520381010666000123456")
        self.assertEqual(first.lines[0].label, "CUOTA SEÑOR IBÁÑEZ")
        self.assertBalances(first, "-12.50", "0.00")
        self.assertBalances(empty, "7.00", "7.00")

    def test_number_of_records_is_a_warning_where_the_sums_are_right(self):
        source = content("norma43_two_accounts.n43")
        at = source.rindex(b"\r\n88") + 2
        parsed = formats.parse("x", source[: at + 20] + b"000099" + source[at + 26 :])
        self.assertRegex(parsed.warnings[0], "states 99 records, the file holds 18.")
        self.assertEqual(len(parsed.statements), 2)
        parsed = formats.parse("x", source[:at])
        self.assertRegex(parsed.warnings[0], "no closing record .88.")

    def test_blank_dates(self):
        source = content("norma43_two_accounts.n43")
        lines = source.split(b"\r\n")

        def changed(kind, first, text):
            end = first + len(text)
            return b"\r\n".join(line[:first] + text + line[end:] if line[:2] == kind else line for line in lines)

        for blank in (b" " * 6, b"0" * 6):
            euro, _dollar = formats.parse("x", changed(b"22", 16, blank)).statements
            self.assertFields(euro.lines[1], date=day("2026-04-05"), value_date=None)
            euro, _dollar = formats.parse("x", changed(b"22", 10, blank)).statements
            self.assertFields(euro.lines[1], date=day("2026-04-06"), value_date=day("2026-04-06"))
            self.assertIn("Operation dates that are missing", euro.warnings[0])
        euro, _dollar = formats.parse("x", changed(b"11", 20, b" " * 12)).statements
        self.assertFields(euro, date_from=day("2026-04-02"), date_to=day("2026-04-30"))
        with self.assertRaisesRegex(formats.StatementFormatError, "the operation date"):
            formats.parse("x", changed(b"22", 10, b" " * 12))

    def test_several_files_in_one(self):
        source = content("norma43_two_accounts.n43")
        first = source[: source.index(b"\r\n1100491500") + 2]
        end = source[source.rindex(b"88999") :]
        joined = (
            first + end[:20] + b"000014" + end[26:] + source[len(first) : -len(end)] + end[:20] + b"000004" + end[26:]
        )
        parsed = formats.parse("x", joined)
        self.assertEqual([len(statement.lines) for statement in parsed.statements], [6, 1])
        self.assertEqual(parsed.warnings, ())

    def test_wrong_numbers_and_sums(self):
        source = content("norma43_two_accounts.n43")
        closing = source.index(b"\r\n33") + 2
        for first, new, pattern in (
            (
                20,
                b"00009",
                "Line 14 of the Norma 43 file: it states 9 debits of 515.05, but the file holds 5 of 515.05",
            ),
            (30, b"9", "but the file holds 5 of 515.05"),
            (39, b"00002", "it states 2 credits of 605.00, but the file holds 1 of 605.00"),
            (58, b"1", "the closing balance of account ES9121000418450200051332 is -1089.95"),
            (6, b"9", "it closes the account"),
        ):
            changed = source[: closing + first] + new + source[closing + first + len(new) :]
            with self.subTest(first=first), self.assertRaisesRegex(formats.StatementFormatError, pattern):
                formats.parse("x", changed)

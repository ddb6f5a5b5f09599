"""CFONB 120 files of French banks with known content; no database needed."""

from decimal import Decimal

try:
    from .common.statement_files import StatementCase, content, day, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, formats, read


class TestCfonb120(StatementCase):
    def test_statement(self):
        parsed = read("cfonb120_two_accounts.txt")
        self.assertEqual((parsed.format, parsed.variant), ("cfonb120", "CFONB 120"))
        euro, franc = parsed.statements
        self.assertFields(
            euro,
            account_number="FR1420041010050500013M02606",
            currency="EUR",
            date_from=day("2026-04-02"),
            date_to=day("2026-04-03"),
        )
        self.assertBalances(euro, "1904.30", "2785.00")
        self.assertAmounts(euro, "-322.10", "1250.00", "-45.10", "-91.99", "89.90", "-0.01")
        # No decimals in Pacific francs, as the record says.
        self.assertFields(franc, currency="XPF", account_number="FR7617569000010000012345659")
        self.assertBalances(franc, "-5000", "7000")
        self.assertAmounts(franc, "12000")

    def test_qualifiers(self):
        lines = read("cfonb120_two_accounts.txt").statements[0].lines
        self.assertFields(
            lines[0],
            label="PRLV SEPA ASSURANCE DU MIDI PRIME AVRIL CONTRAT 5531",
            reference="CONTRAT 5531",
            end_to_end_id="CONTRAT 5531",
            counterparty_name="ASSURANCE DU MIDI",
            bank_text="PRLV SEPA ASSURANCE DU MIDI",
            transaction_code="08",
        )
        self.assertFields(
            lines[1],
            label="VIR SEPA MENUISERIE DUPRÉ REGLEMENT FACTURE FA-2026-0017 RF18539007547034 MERCI",
            reference="E2E00417",
            structured_reference="RF18539007547034",
            counterparty_name="MENUISERIE DUPRE SARL",
            counterparty_account="FR1420041010050500013M02606",
            charges=Decimal("-1.50"),
        )
        self.assertFields(lines[2], check_number="4711", label="CHEQUE 0004711")
        self.assertFields(
            lines[3], original_amount=Decimal("-99.50"), original_currency="USD", value_date=day("2026-04-01")
        )
        self.assertFields(
            lines[4],
            is_reversal=True,
            return_code="AM04",
            return_reason="PROVISION INSUFFISANTE",
            mandate_id="MND-0815",
            ultimate_name="COMITE DES FETES",
        )

    def test_30_february_is_the_months_last_day(self):
        statement = read("cfonb120_two_accounts.txt").statements[0]
        self.assertEqual(statement.lines[5].value_date, day("2026-02-28"))
        self.assertEqual(
            statement.warnings,
            (
                "Value dates that the calendar does not have are taken as the month's last day: 1, first in line 20 "
                '("300226").',
            ),
        )

    def test_file_without_line_ends(self):
        first, empty = read("cfonb120_no_line_ends.cfo").statements
        self.assertFields(first.lines[0], label="FRAIS DE TENUE DE COMPTE 1ER TRIMESTRE 2026", amount=Decimal("-25.50"))
        self.assertBalances(empty, "74.50", "74.50")

    def test_last_digit_and_sign_in_the_french_variant_of_ascii(self):
        source = content("cfonb120_two_accounts.txt").replace(b"0000000019043{", b"000000001904\xe9{", 1)
        with self.assertRaisesRegex(formats.StatementFormatError, "is not a number with its sign"):
            formats.parse("x", source)
        opening = content("cfonb120_no_line_ends.cfo").decode()
        self.assertIn("0000000001000{", opening)
        parsed = formats.parse("x", opening.replace("0000000001000{", "0000000001000é").encode("latin-1"))
        self.assertEqual(parsed.statements[0].balance_start, 100)

    def test_records_of_another_account(self):
        source = content("cfonb120_two_accounts.txt")
        at = source.index(b"\r\n04") + 2
        changed = source[: at + 21] + b"9" + source[at + 22 :]
        with self.assertRaisesRegex(formats.StatementFormatError, "Line 2 .* it belongs to the account"):
            formats.parse("x", changed)

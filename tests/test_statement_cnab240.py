"""CNAB 240 statements of Brazilian banks with known content; no database needed."""

from decimal import Decimal

try:
    from .common.statement_files import StatementCase, content, day, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, formats, read


class TestCnab240(StatementCase):
    def test_statement(self):
        parsed = read("cnab240_febraban.ret")
        self.assertEqual((parsed.format, parsed.variant, parsed.warnings), ("cnab240", "CNAB 240", ()))
        (statement,) = parsed.statements
        self.assertFields(
            statement,
            account_number="2726719",
            account_name="OFICINA SÃO JOSÉ LTDA",
            currency="BRL",
            name="CNAB 42",
            date_from=day("2026-04-02"),
            date_to=day("2026-04-30"),
        )
        self.assertBalances(statement, "932.41", "2859.06")
        self.assertAmounts(statement, "1890.00", "-350.45", "-80.00", "-32.90", "500.00")
        self.assertFields(
            statement.lines[0],
            date=day("2026-04-02"),
            label="TRANSF PIX RECEBIDA",
            reference="2026000017",
            counterparty_account="341/1234/567890",
            bank_text="Transfer between accounts",
            transaction_code="213+0612",
        )
        self.assertFields(statement.lines[2], check_number="4711", bank_text="Cheque paid")
        self.assertFields(statement.lines[4], label="DEPOSITO CHEQUE BLOQ 1 DIA", counterparty_account="")

    def test_blocked_money_that_the_balance_leaves_out(self):
        first, empty = read("cnab240_blocked.txt").statements
        self.assertEqual(first.account_name, "OFICINA SÃO JOSÉ LTDA")
        self.assertBalances(first, "-20.00", "80.00")
        self.assertAmounts(first, "100.00")
        self.assertEqual(
            first.warnings,
            ("Entries on blocked money are left out, as the balances leave them out: 1, first in line 4.",),
        )
        self.assertBalances(empty, "80.00", "80.00")
        self.assertRegex(empty.warnings[0], "states no sums")

    def test_blocked_money_that_the_balance_counts(self):
        source = content("cnab240_blocked.txt").replace(b"000000000000008000C", b"000000000000015000C")
        first, empty = formats.parse("x", source).statements
        self.assertAmounts(first, "100.00", "70.00")
        self.assertBalances(empty, "150.00", "150.00")
        self.assertEqual(first.warnings, ())

    def test_sums_of_the_trailer(self):
        source = content("cnab240_febraban.ret")
        at = source.index(b"\r\n00100015") + 2
        for first, pattern in (
            (176, "Line 8 of the CNAB 240 file: the sum of the debits is .*, but the entries make 463.35"),
            (194, "the sum of the credits is .*, but the entries make 2390.00"),
            (150, "the closing balance of account 2726719 is "),
        ):
            changed = source[: at + first + 5] + b"7" + source[at + first + 6 :]
            with self.subTest(first=first), self.assertRaisesRegex(formats.StatementFormatError, pattern):
                formats.parse("x", changed)
        parsed = formats.parse("x", source[: at + 170] + b"000099" + source[at + 176 :])
        self.assertRegex(parsed.statements[0].warnings[-1], "states 99 records, the file holds 7")

    def test_other_services_of_the_format_are_named(self):
        source = content("cnab240_febraban.ret").replace(b"00100011E0440", b"00100011T0140")
        with self.assertRaisesRegex(formats.StatementFormatError, "CNAB 240"):
            formats.parse("x", source)

    def test_records_of_other_segments_are_a_warning(self):
        source = content("cnab240_febraban.ret").split(b"\r\n")
        source.insert(3, source[2].replace(b"00001E", b"00001Y"))
        parsed = formats.parse("x", b"\r\n".join(source))
        self.assertEqual(len(parsed.statements[0].lines), 5)
        self.assertIn(
            'Records of other segments are left out: 1, first in line 4 ("Y").', parsed.statements[0].warnings
        )
        self.assertEqual(sum((line.amount for line in parsed.statements[0].lines), Decimal(0)), Decimal("1926.65"))

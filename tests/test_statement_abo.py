"""ABO (GPC) files of Czech and Slovak banks with known content; no database needed."""

from decimal import Decimal

try:
    from .common.statement_files import StatementCase, content, day, formats, read
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day, formats, read


class TestAbo(StatementCase):
    def test_czech_statement(self):
        parsed = read("abo_czech_cp1250.gpc")
        self.assertEqual((parsed.format, parsed.variant), ("abo", "ABO"))
        (statement,) = parsed.statements
        self.assertFields(
            statement,
            account_number="19-2000145399",
            account_name="PEKÁRNA U MOSTU S.R.",
            currency="CZK",
            name="2026/64",
            date_from=day("2026-04-02"),
            date_to=day("2026-04-03"),
            warnings=(),
        )
        self.assertBalances(statement, "25000.00", "32590.50")
        self.assertAmounts(statement, "12100.00", "-4500.50", "-39.00", "30.00")
        self.assertFields(
            statement.lines[0],
            label="Faktura 20260017 - žluťoučký kůň PLATBA ZA FAKTURU 20260017",
            reference="20260017",
            counterparty_name="TRUHLÁŘSTVÍ DVOŘÁK",
            counterparty_account="CZ0801000000192000145399",
            bank_reference="TPS2604020001",
            bank_text="VS20260017 KS308",
        )
        self.assertFields(statement.lines[1], value_date=day("2026-04-01"), bank_text="VS5530001 SS77")
        # A fee has no account on the other side, and its text is no name.
        self.assertFields(statement.lines[2], counterparty_name="", label="POPLATEK ZA VEDENÍ")
        self.assertFields(statement.lines[3], is_reversal=True)

    def test_slovak_statement_with_the_other_numbers_of_reversals(self):
        first, empty = read("abo_slovak_cp852.gpc").statements
        self.assertFields(first, account_name="CYKLO KOŠICE SRO", currency="EUR", warnings=())
        self.assertBalances(first, "-100.00", "170.00")
        self.assertAmounts(first, "250.00", "30.00", "-10.00")
        self.assertFields(
            first.lines[0],
            label="Nájomné za apríl 2026",
            counterparty_name="Ján Šťastný",
            counterparty_account="SK2802000000002711111128",
            reference="117",
        )
        # A bank of neither country: the number as people write it.
        self.assertEqual(first.lines[2].counterparty_account, "2711111128/9999")
        self.assertBalances(empty, "170.00", "170.00")

    def test_balances_tell_what_code_4_means(self):
        source = content("abo_czech_cp1250.gpc")
        (statement,) = formats.parse("x", source.replace(b"00000003259050+", b"00000003253050+")).statements
        self.assertAmounts(statement, "12100.00", "-4500.50", "-39.00", "-30.00")
        self.assertRegex(statement.warnings[0], "turnovers that the bank states do not make up its balances")

    def test_account_in_the_internal_form(self):
        # 0000192000145399 with its digits where the banks' internal form keeps them.
        source = content("abo_czech_cp1250.gpc").replace(b"0740000192000145399", b"0749394200015000019")
        self.assertEqual(formats.parse("x", source).statements[0].account_number, "19-2000145399")
        for one, other, is_same in (
            ("19-2000145399", "CZ65 0800 0000 1920 0014 5399", True),
            ("19-2000145399/0800", "CZ65 0800 0000 1920 0014 5399", True),
            ("19-2000145399/0100", "CZ65 0800 0000 1920 0014 5399", False),
            ("19-2000145399/0800", "19-2000145399", True),
            ("10020030/1234567", "1234567", False),
        ):
            self.assertEqual(formats.same_account(one, other), is_same, one)

    def test_balance_that_the_entries_do_not_make_up(self):
        source = content("abo_czech_cp1250.gpc").replace(b"00000003259050+", b"00000003259051+")
        with self.assertRaisesRegex(
            formats.StatementFormatError,
            "Line 1 of the ABO .GPC. file: the closing balance of account 19-2000145399 is 32590.51, but the opening "
            "balance of 25000.00 and the entries of 7590.50 make 32590.50",
        ):
            formats.parse("x", source)
        lines = source.split(b"\r\n")
        with self.assertRaisesRegex(formats.StatementFormatError, "the opening balance"):
            formats.parse("x", b"\r\n".join(lines[:-3]))

    def test_posting_code_that_does_not_exist(self):
        source = content("abo_czech_cp1250.gpc")
        at = source.index(b"\r\n075") + 2
        with self.assertRaisesRegex(formats.StatementFormatError, 'Line 2 .* the posting code "7" is unknown'):
            formats.parse("x", source[: at + 60] + b"7" + source[at + 61 :])

    def test_posting_codes_of_two_banks(self):
        source = content("abo_slovak_cp852.gpc").split(b"\r\n")
        source[3] = source[3][:60] + b"5" + source[3][61:]
        with self.assertRaisesRegex(formats.StatementFormatError, "the posting codes 3 and 5"):
            formats.parse("x", b"\r\n".join(source))

    def test_amounts_are_exact(self):
        for statement in read("abo_czech_cp1250.gpc").statements:
            self.assertEqual(sum((line.amount for line in statement.lines), Decimal(0)), Decimal("7590.50"))

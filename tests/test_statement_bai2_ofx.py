"""BAI2 and OFX: what touches no amount does not stop a file, what does is refused; returned payments say why."""

from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats

    from .common.statement_files import StatementCase, content, day
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, content, day

    import statement_formats as formats


def bai2(account, *entries, date="260410", totals=None):
    """Give a BAI2 file of one account with right counts, and control totals unless they are given."""
    records = [account, *entries]
    amounts = totals
    if amounts is None:
        fields = account.replace("\n88,", ",").rstrip("/").split(",")[3:]
        amounts = sum(int(amount) for amount in fields[1::4] if amount)
        amounts += sum(int(entry.split(",")[2]) for entry in entries)
    count = "\n".join(records).count("\n") + 1
    lines = [f"01,1,2,{date},0600,1,80,,2/", f"02,2,1,1,{date},2359,USD,2/", *records]
    lines += [f"49,{amounts},{count + 1}/", f"98,{amounts},1,{count + 3}/", f"99,{amounts},1,{count + 5}/"]
    return "\n".join(lines).encode()


class TestBai2(StatementCase):
    ACCOUNT = "03,0123,USD,010,10000,,,015,9000,,/"
    ENTRY = "16,475,1000,,B1,1042,CHECK/"

    def read_one(self, source):
        (statement,) = formats.parse("x", source).statements
        return statement

    def test_empty_fields_behind_the_last_one(self):
        for account in (
            "03,0123,USD,010,10000,,,015,9000,,,/",
            "03,0123,USD,010,10000,,,015,9000,,,,,/",
            "03,0123,USD,010,10000,,,,,,,015,9000,,/",
            "03,0123,USD,010,10000,,,,/\n88,015,9000,,,/",
            "03,0123,USD,010,10000,,\n88,,015,9000,,/",
            "03,0123,USD,,,,,010,10000,,,015,9000,,/",
        ):
            with self.subTest(account=account):
                source = bai2(account, self.ENTRY, totals=20000)
                statement = self.read_one(source)
                self.assertBalances(statement, "100.00", "90.00")
                self.assertEqual(statement.warnings, ())

    def test_text_goes_on_in_continuation_records(self):
        for entry, label in (
            ("16,142,100,,1,/\n88,SOME PAYMENT", "SOME PAYMENT"),
            ("16,142,100,,1,,/\n88,SOME PAYMENT", "SOME PAYMENT"),
            ("16,142,100,,1,REF,SOME\n88,PAYMENT/", "SOME PAYMENT"),
            ("16,142,100,Z,1,REF,SOME PAYMENT   ", "SOME PAYMENT"),
        ):
            with self.subTest(entry=entry):
                statement = self.read_one(bai2("03,0123,,010,0,,,015,100,,/", entry, totals=200))
                self.assertFields(statement.lines[0], label=label, amount=Decimal("1.00"), bank_reference="1")

    def test_availability_touches_no_amount(self):
        for funds, value in (("V,260230,", day("2026-02-28")), ("V,269999,", None), ("V,,", None), ("X", None)):
            with self.subTest(funds=funds):
                statement = self.read_one(bai2(self.ACCOUNT, f"16,475,1000,{funds},B1,1042,CHECK/"))
                self.assertFields(statement.lines[0], value_date=value, bank_reference="B1", amount=Decimal(-10))

    def test_wrong_control_total_counts_only_where_the_balances_prove_the_entries(self):
        statement = self.read_one(bai2(self.ACCOUNT, self.ENTRY, totals=12345))
        self.assertIn("the balances agree", statement.warnings[0])
        for account in ("03,0123,USD,010,10000,,,015,9999,,/", "03,0123,USD,010,10000,,/"):
            with self.subTest(account=account), self.assertRaisesRegex(formats.StatementFormatError, "control total"):
                self.read_one(bai2(account, self.ENTRY, totals=12345))

    def test_entries_that_others_contain_are_left_out_where_the_balances_agree_without_them(self):
        entries = (
            "16,115,3000,,B1,,LOCKBOX/",
            "16,116,1000,,B2,,ACME/",
            "16,116,2000,,B3,,BOLT/",
            "16,698,50,,B4,,FEE/",
        )
        for closing, amounts in (
            (12950, ["30.00", "-0.50"]),
            (13000, ["30.00"]),
            (15950, ["30.00", "10.00", "20.00", "-0.50"]),
            (15000, ["30.00", "10.00", "20.00", "-0.50"]),
        ):
            with self.subTest(closing=closing):
                account = f"03,0123,USD,010,10000,,,015,{closing},,/"
                statement = self.read_one(bai2(account, *entries))
                self.assertAmounts(statement, *amounts)
                self.assertEqual("others contain them" in " ".join(statement.warnings), len(amounts) < 4)
        self.assertAmounts(self.read_one(bai2("03,0123,USD,,,,/", *entries)), "30.00", "10.00", "20.00", "-0.50")

    def test_returned_payments_say_why(self):
        for code, text, return_code, reason in (
            ("257", "RETURN R01 INSUFFICIENT", "R01", "There was not enough money in the account"),
            ("555", "DEPOSITED ITEM 1001", "", "Deposited item returned"),
            ("165", "ORDER R01", "", ""),
        ):
            with self.subTest(code=code):
                source = bai2("03,0123,,,,,/", f"16,{code},1000,,B1,,{text}/", totals=1000)
                self.assertFields(self.read_one(source).lines[0], return_code=return_code, return_reason=reason)

    def test_words_of_the_banks(self):
        goldman = (
            "16,195,1125,,G1,CLIENT7,Incoming Wire,From: ABC CORP, GS ID: G1\n88,EREF: GS0D9\n88,CRNM: OWN INC\n"
            "88,DBNM: ABC CORP\n88,DACT: 8348572423\n88,REMI: Invoice 7"
        )
        chase = (
            "16,165,1125,,G1,,ORIG CO NAME:NORTH MARKET ORIG ID:1234 DESC DATE:0410 CO ENTRY DESCR:INV 12 SEC:CCD\n"
            "88,TRACE#:021000 IND NAME:OWN INC/"
        )
        wire = "16,495,1125,,G1,,ORG=OWN INC; BNF=HARBOR SUPPLIES INC; OBI=PO-551/"
        for entry, fields in (
            (goldman, {"counterparty_name": "ABC CORP", "counterparty_account": "8348572423", "label": "Invoice 7",
                       "end_to_end_id": "GS0D9", "reference": "CLIENT7"}),
            (chase, {"counterparty_name": "NORTH MARKET"}),
            (wire, {"counterparty_name": "HARBOR SUPPLIES INC", "label": "PO-551"}),
            ("16,165,1125,,G1,,TIME 10:15 TO: DESK/", {"counterparty_name": "", "label": "TIME 10:15 TO: DESK"}),
        ):  # fmt: skip
            with self.subTest(entry=entry):
                statement = self.read_one(bai2("03,0123,,,,,/", entry, totals=1125))
                self.assertFields(statement.lines[0], **fields)

    def test_records_that_are_not_on_lines_of_their_own(self):
        expected = self.read_one(bai2(self.ACCOUNT, self.ENTRY))
        flat = bai2(self.ACCOUNT, self.ENTRY).replace(b"/\n", b"/   ")
        found = self.read_one(flat)
        self.assertEqual([line.amount for line in found.lines], [line.amount for line in expected.lines])
        with self.assertRaisesRegex(formats.StatementFormatError, "damaged"):
            self.read_one(flat.replace(b"16,475,1000", b"16,475,1001"))


class TestOfx(StatementCase):
    SOURCE = content("ofx1_us_bank.ofx")

    def read_one(self, old=b"", new=b""):
        self.assertIn(old, self.SOURCE)
        (statement,) = formats.parse("x", self.SOURCE.replace(old, new)).statements
        self.assertEqual(len(statement.lines), 3)
        return statement

    def test_balance_that_cannot_be_read_is_left_out_or_read_with_a_warning(self):
        for written, amount in (
            (b"R$ 5.326,43", "5326.43"),
            (b"US$1,234.50", "1234.50"),
            (b"USD 12.50", "12.50"),
            (b"5.326 about", None),
            (b"1,234 USD", None),
            (b"-", None),
        ):
            with self.subTest(written=written):
                statement = self.read_one(b"<BALAMT>10573.85", b"<BALAMT>" + written)
                self.assertEqual(statement.balance_end, amount and Decimal(amount))
                self.assertIn("is read as" if amount else "is left out", statement.warnings[-1])

    def test_entry_outside_of_a_statement(self):
        """The tag of the statement is damaged: its entries are not left out in silence."""
        damaged = self.SOURCE.replace(b"STMTRS>", b"STMTVS>")
        with self.assertRaisesRegex(formats.StatementFormatError, "outside of a statement"):
            formats.parse("x", damaged)

    def test_dates_that_no_entry_needs(self):
        for name in (b"<DTSTART>", b"<DTEND>", b"<DTASOF>"):
            start = self.SOURCE.index(name)
            old = self.SOURCE[start : start + len(name) + 8]
            statement = self.read_one(old, name + b"00000000")
            self.assertAmounts(statement, "9700.00", "-125.40", "-0.75")
            self.read_one(old, name + b"20261399")

    def test_30_february(self):
        start = self.SOURCE.index(b"<DTPOSTED>")
        old = self.SOURCE[start : start + 18]
        statement = self.read_one(old, b"<DTPOSTED>20260230")
        self.assertIn(day("2026-02-28"), [line.date for line in statement.lines])
        self.assertIn("does not exist", statement.warnings[0])

    def test_amounts_with_groups(self):
        for written, amount in (
            (b"9.700,00", "9700.00"),
            (b"9,700.00", "9700.00"),
            (b"-1.209.700,00", "-1209700.00"),
            (b"R$ 9.700,00", "9700.00"),
            (b"R$ -9.700,00", "-9700.00"),
        ):
            with self.subTest(written=written):
                self.assertEqual(self.read_one(b"+9700.00", written).lines[0].amount, Decimal(amount))

    def entries(self, *entries, balance="74.90", currency="USD", kind="STMTRS"):
        """A file of entries as (type, amount), with no end tags."""
        account = "CCACCTFROM" if kind == "CCSTMTRS" else "BANKACCTFROM"
        lines = "".join(
            f"<STMTTRN><TRNTYPE>{code}<DTPOSTED>2026041{number}<TRNAMT>{amount}<FITID>{number}<NAME>N{number}\n"
            for number, (code, amount) in enumerate(entries)
        )
        source = (
            f"OFXHEADER:100\nVERSION:102\n\n<OFX><{kind}><CURDEF>{currency}<{account}><ACCTID>123</{account}>"
            f"<BANKTRANLIST>{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}</LEDGERBAL></{kind}></OFX>"
        )
        (statement,) = formats.parse("x", source.encode()).statements
        return statement

    def test_entries_without_an_end_tag_are_not_lost(self):
        statement = self.entries(("DEBIT", "-25.10"), ("CREDIT", "100.00"))
        self.assertAmounts(statement, "-25.10", "100.00")
        self.assertEqual([line.label for line in statement.lines], ["N0", "N1"])
        self.assertNotIn("N1", statement.lines[0].raw)

    def test_debits_in_a_file_without_any_minus_went_out(self):
        statement = self.entries(("DEBIT", "25.10"), ("CREDIT", "100.00"), ("FEE", "1.00"), ("XFER", "5.00"))
        self.assertAmounts(statement, "-25.10", "100.00", "-1.00", "5.00")
        self.assertIn("No amount of the file has a minus", statement.warnings[0])
        # One minus shows that the bank writes signs: a debit that was reversed came in.
        statement = self.entries(("DEBIT", "25.10"), ("CREDIT", "100.00"), ("FEE", "-1.00"))
        self.assertAmounts(statement, "25.10", "100.00", "-1.00")
        self.assertEqual(statement.warnings, ())
        # A check that pays a card comes in there.
        self.assertAmounts(self.entries(("CHECK", "25.10"), ("CREDIT", "1.00"), kind="CCSTMTRS"), "25.10", "1.00")

    def test_mark_that_may_group_thousands(self):
        for amount, others, expected in (
            ("-1,250", {}, "-1250"),
            ("-1.250", {"balance": "74,90"}, "-1250"),
            ("-1,250", {"balance": "74,90"}, "-1.250"),
            ("-1,250", {"balance": "7", "currency": "KWD"}, "-1.250"),
            ("-1,250", {"balance": "7"}, "-1250"),
            ("-1.250", {"balance": "7"}, "-1.250"),
        ):
            with self.subTest(amount=amount, others=others):
                self.assertAmounts(self.entries(("DEBIT", amount), **others), expected)


class TestReturnReasons(StatementCase):
    def test_every_reason_is_a_sentence_that_can_be_translated(self):
        from_module = formats.return_reasons
        for code, words in from_module.RETURN_REASONS.items():
            with self.subTest(code=code):
                self.assertEqual(words.term, str(words))
                self.assertEqual(from_module.reason_words(f" {code.lower()}"), words)
        self.assertEqual(from_module.reason_words("XX99"), "")

    def test_code_in_a_text(self):
        find = formats.return_reasons.find_return_code
        self.assertEqual(find("Rueckgabegrund: MD06 Widerspruch"), "MD06")
        self.assertEqual(find("RETURN R10"), "R10")
        self.assertEqual(find("INV AB12 AC040 XAC04"), "")

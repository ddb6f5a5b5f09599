"""Details that touch no money never refuse a whole file: they are left out or assumed, with a warning; no database."""

try:
    from .common.statement_files import FOLDER, StatementCase, day, formats
    from .test_statement_contradictions import ENTRY, camt
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import FOLDER, StatementCase, day, formats
    from test_statement_contradictions import ENTRY, camt


def one(text):
    parsed = formats.parse("x", text if isinstance(text, bytes) else text.encode())
    (statement,) = parsed.statements
    return statement, " ".join([*parsed.warnings, *statement.warnings])


class TestDetails(StatementCase):
    def test_30_february_is_the_last_day_of_february(self):
        header = "Date;Value date;Description;Amount\n"
        for table in (
            header + "30.02.2026;28.02.2026;A;-10,00\n02.03.2026;02.03.2026;B;12,00\n",
            header + "28.02.2026;30.02.2026;A;-10,00\n02.03.2026;02.03.2026;B;12,00\n",
            header.replace(";", ",") + "02/30/2026,02/28/2026,A,-10.00\n03/15/2026,03/15/2026,B,12.00\n",
            header + "2026-02-29;2026-02-28;A;-10,00\n2026-03-02;2026-03-02;B;12,00\n",
            "!Type:Bank\nD30/02/2026\nT-10.00\nPA\n^\nD15/03/2026\nT12.00\nPB\n^\n",
        ):
            with self.subTest(table=table):
                statement, warnings = one(table)
                self.assertEqual(statement.lines[0].date, day("2026-02-28"))
                self.assertIn(statement.lines[0].value_date, (day("2026-02-28"), None))
                self.assertRegex(warnings, "(30|29).* does not exist; 2026-02-28 is taken")
        # A real 29 February stays, and one written in another order is none.
        statement, warnings = one(header + "13.02.29;13.02.29;A;-10,00\n14.02.29;14.02.29;B;12,00\n")
        self.assertEqual((statement.lines[0].date, warnings), (day("2029-02-13"), ""))

    def test_other_impossible_dates(self):
        rows = "Date;Value date;Description;Amount\n14.04.2026;{};A;-10,00\n15.04.2026;15.04.2026;B;12,00\n"
        statement, warnings = one(rows.format("31.04.2026"))
        self.assertIsNone(statement.lines[0].value_date)
        self.assertIn('"31.04.2026" is not a date and is left out', warnings)
        self.assertEqual(one(rows.format("00.00.0000"))[1], "")

    def test_balances_that_cannot_be_read(self):
        for written in ("n/a", "****", "5.00 OD"):
            with self.subTest(written=written):
                rows = f"2026-04-14,A,-10.00,90.00\n2026-04-15,B,12.00,{written}\n2026-04-16,C,-2.00,100.00\n"
                statement, warnings = one("Date,Description,Amount,Balance\n" + rows)
                self.assertEqual([str(line.amount) for line in statement.lines], ["-10.00", "12.00", "-2.00"])
                self.assertEqual((statement.balance_start, statement.difference), (100, 0))
                self.assertIn("cannot be read are left out: 1 (row 3)", warnings)

    def test_what_follows_the_end_of_a_file(self):
        entry = camt(ENTRY.format("100.00", "BOOK", "2026-04-10")).encode()
        files = {
            "camt": entry,
            "csv": b"Date,Description,Amount\n2026-04-14,A,-10.00\n2026-04-15,B,12.00\n",
            "mt940": (FOLDER / "mt940_german.sta").read_bytes(),
            "qif": b"!Type:Bank\nD15/03/2026\nT12.00\nPB\n^\n",
            "coda": (FOLDER / "coda_belgian.cod").read_bytes(),
            "abo": (FOLDER / "abo_czech_cp1250.gpc").read_bytes(),
            "norma43": (FOLDER / "norma43_two_accounts.n43").read_bytes(),
            "cfonb120": (FOLDER / "cfonb120_two_accounts.txt").read_bytes(),
            "cnab240": (FOLDER / "cnab240_febraban.ret").read_bytes(),
        }
        for name, content in files.items():
            expected = formats.parse("x", content).statements
            for end in (b"\x1a", b"\0" * 40, b"\x0c", b"\r\n\x1a\x0c\r\n"):
                with self.subTest(name=name, end=end):
                    self.assertEqual(formats.parse("x", content + end).statements, expected)
        # UTF-16 ends with a zero byte of its own.
        wide = files["csv"].decode().encode("utf-16")
        self.assertEqual(len(formats.parse("x", wide).statements[0].lines), 2)

"""Signs of amounts in tables: what a running balance tells, and what is asked; no database needed."""

from dataclasses import replace

try:
    from .common.statement_files import StatementCase, formats
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, formats

HEADER = "Date,Description,Amount,Balance\n"
NAMES = "2026-04-14,ACME,850.00,1150.00\n2026-04-15,Client,1200.00,2350.00\n2026-04-16,ACME,50.00,2300.00\n"
OPENING = "2026-04-13,Opening balance,,2000.00\n"


def parse(table, mapping=None):
    return formats.parse("table.csv", table.encode(), mapping)


def remembered(parsed):
    """Give the mapping of a file as it is stored for the next one."""
    return replace(formats.Mapping.from_dict(parsed.mapping.to_dict()), is_remembered=True)


def amounts(table, mapping=None):
    (statement,) = parse(table, mapping).statements
    return [str(line.amount) for line in statement.lines]


class TestSignsOfTables(StatementCase):
    def assertAsked(self, table, pattern, mapping=None):
        with self.assertRaisesRegex(formats.MappingRequired, pattern) as caught:
            parse(table, mapping)
        return caught.exception.mapping

    def test_names_are_never_taken_for_marks(self):
        for header in ("Date,Payee,Amount,Balance\n", "Date,Description,Amount,Balance\n", ""):
            with self.subTest(header=header):
                mapping = self.assertAsked(header + NAMES, "running balance falls|which column holds")
                self.assertIsNone(mapping.direction)
                self.assertFalse(mapping.debit_marks)

    def test_a_balance_after_an_opening_one_gives_every_sign(self):
        parsed = parse(HEADER + OPENING + NAMES)
        (statement,) = parsed.statements
        self.assertEqual([str(line.amount) for line in statement.lines], ["-850.00", "1200.00", "-50.00"])
        self.assertEqual(statement.difference, 0)
        self.assertIn("running balance tells", " ".join(parsed.warnings))
        remembered = replace(parsed.mapping, is_remembered=True)
        self.assertEqual(amounts(HEADER + OPENING + NAMES, remembered), ["-850.00", "1200.00", "-50.00"])

    def test_the_oldest_entry_alone_is_asked_about(self):
        mapping = self.assertAsked(HEADER + NAMES, r"except of the first one \(850.00 at 2026-04-14\)")
        self.assertEqual(amounts(HEADER + NAMES, mapping), ["850.00", "1200.00", "-50.00"])
        self.assertEqual(amounts(HEADER + NAMES, replace(mapping, is_inverted=True)), ["-850.00", "1200.00", "-50.00"])
        newest_first = HEADER + "".join(NAMES.splitlines(True)[::-1])
        self.assertAsked(newest_first, r"850.00 at 2026-04-14")

    def test_balances_count_however_few_the_rows(self):
        rows = "2026-04-14,Rent,850.00,1150.00\n2026-04-15,Client,50.00,1200.00\n"
        self.assertEqual(amounts(HEADER + OPENING + rows), ["-850.00", "50.00"])
        self.assertEqual(amounts(HEADER + OPENING + rows.splitlines(True)[0]), ["-850.00"])
        rows = "2026-04-14,Client,850.00,1150.00\n2026-04-15,Rent,50.00,1100.00\n2026-04-16,Client,5.00,1105.00\n"
        self.assertAsked(HEADER + rows, "running balance falls")

    def test_stated_balances_that_contradict_are_asked_about(self):
        self.assertAsked(
            "Date,Description,Amount\n2026-04-01,Opening Balance,1000.00\n2026-04-14,Rent,850.00\n"
            "2026-04-15,Client,1200.00\n2026-04-30,Closing Balance,1350.00\n",
            "No amount of the table has a minus",
        )

    def test_one_sign_against_the_balance_is_asked_about(self):
        rows = "2026-04-14,Rent,-850.00,1150.00\n2026-04-15,Client,1200.00,2350.00\n2026-04-16,Fee,5.00,2345.00\n"
        mapping = self.assertAsked(HEADER + rows, "changes by -5.00 at 2026-04-16")
        self.assertAsked(HEADER.replace("Balance", "Running Bal.") + rows, "changes by -5.00")
        # What a person has chosen for this file is taken, with a warning.
        (statement,) = parse(HEADER + rows, mapping).statements
        self.assertIn("does not follow", " ".join(statement.warnings))

    def test_a_remembered_table_is_asked_about_where_its_balance_contradicts(self):
        mapping = parse(HEADER + "2026-03-14,A,-10.00,90.00\n2026-03-15,B,12.00,102.00\n").mapping
        rows = "2026-04-14,A,10.00,92.00\n2026-04-15,B,12.00,104.00\n2026-04-16,C,4.00,100.00\n"
        asked = self.assertAsked(HEADER + rows, "running balance falls", replace(mapping, is_remembered=True))
        self.assertFalse(asked.is_remembered)
        self.assertNotIn("is_remembered", asked.to_dict())
        marked = replace(mapping, direction=1, debit_marks=("A", "C"), credit_marks=("B",), is_remembered=True)
        rows = "2026-04-14,A,10.00,112.00\n2026-04-15,B,12.00,100.00\n2026-04-16,C,4.00,96.00\n"
        self.assertAsked(HEADER + rows, "changes by", marked)

    def test_rows_that_are_missing_are_no_contradiction(self):
        rows = "2026-04-14,A,-10.00,90.00\n2026-04-17,B,12.00,250.00\n2026-04-18,C,-4.00,246.00\n"
        self.assertEqual(amounts(HEADER + rows), ["-10.00", "12.00", "-4.00"])

    def test_entries_of_a_day_in_the_other_order_are_no_contradiction(self):
        rows = (
            "2026-04-13,A,-5.00,95.00\n2026-04-14,B,10.00,95.00\n2026-04-14,C,-10.00,85.00\n2026-04-15,D,1.00,96.00\n"
        )
        self.assertEqual(amounts(HEADER + rows), ["-5.00", "10.00", "-10.00", "1.00"])
        rows = (
            "2026-04-14,A,-10.00,80.00\n2026-04-14,B,-10.00,90.00\n2026-04-15,C,5.00,85.00\n2026-04-15,D,5.00,90.00\n"
        )
        self.assertEqual(amounts(HEADER + rows), ["-10.00", "-10.00", "5.00", "5.00"])

    def test_marks_that_were_chosen_count_against_signs(self):
        table = (
            "Date,Description,Debit/Credit,Amount\n2026-04-14,A,Debit,-10.00\n2026-04-15,B,Credit,-12.00\n"
            "2026-04-16,C,Credit,12.00\n"
        )
        mapping = self.assertAsked(table, "contradict each other")
        self.assertEqual(amounts(table, mapping), ["-10.00", "12.00", "12.00"])
        self.assertEqual(amounts(table, replace(mapping, direction=None)), ["-10.00", "-12.00", "12.00"])
        # The next file is asked about, unless this was answered before.
        self.assertAsked(table, "contradict each other", replace(mapping, is_remembered=True))
        self.assertEqual(amounts(table, remembered(parse(table, mapping))), ["-10.00", "12.00", "12.00"])

    def test_money_out_that_was_chosen_as_positive_is_kept(self):
        rows = "2026-04-14,Shop,10.00,110.00\n2026-04-15,Shop,12.00,122.00\n2026-04-16,Fee,5.00,127.00\n"
        columns = parse(HEADER + OPENING + NAMES).mapping
        chosen = replace(columns, is_inverted=True, is_signed_by_balance=False)
        parsed = parse(HEADER + rows, chosen)
        (statement,) = parsed.statements
        self.assertEqual([str(line.amount) for line in statement.lines], ["-10.00", "-12.00", "-5.00"])
        # The balance is what is owed.
        self.assertEqual((str(statement.balance_start), str(statement.balance_end)), ("-100.00", "-127.00"))
        self.assertEqual(statement.warnings, ())
        paid = rows + "2026-04-17,Payment,-100.00,27.00\n"
        again = parse(HEADER + paid, remembered(parsed))
        self.assertEqual([str(line.amount) for line in again.statements[0].lines][-1], "100.00")
        self.assertEqual(str(again.statements[0].balance_end), "-27.00")
        mixed = rows.replace("127.00", "117.00")
        asked = self.assertAsked(HEADER + mixed, "changes by", chosen)
        self.assertEqual(amounts(HEADER + mixed, asked), ["-10.00", "-12.00", "-5.00"])

    def test_a_balance_that_is_owed_proves_no_signs_against_the_descriptions(self):
        rows = (
            "2026-04-14,Card purchase Shop,{0}10.00,110.00\n2026-04-15,Card purchase Fuel,{0}20.00,130.00\n"
            "2026-04-16,Payment received - thank you,{1}100.00,30.00\n"
        )
        for signs in (("", "-"), ("-", "")):
            with self.subTest(signs=signs):
                table = HEADER + rows.format(*signs)
                parsed = parse(table, self.assertAsked(table, "the opposite of what its description says"))
                (statement,) = parsed.statements
                self.assertEqual([str(line.amount) for line in statement.lines], ["-10.00", "-20.00", "100.00"])
                self.assertEqual((str(statement.balance_start), str(statement.balance_end)), ("-100.00", "-30.00"))
                self.assertEqual(amounts(table, remembered(parsed)), ["-10.00", "-20.00", "100.00"])
        # The balance of the account itself says what the descriptions say.
        table = HEADER + rows.format("-", "").replace("110.00", "-110.00").replace("130.00", "-130.00")
        self.assertEqual(amounts(table.replace(",30.00", ",-30.00")), ["-10.00", "-20.00", "100.00"])

    def test_signs_of_chosen_columns_are_not_taken_from_the_balance_unawares(self):
        chosen = replace(parse(HEADER + OPENING + NAMES).mapping, is_signed_by_balance=False)
        asked = self.assertAsked(HEADER + OPENING + NAMES, "signs are taken from it", chosen)
        parsed = parse(HEADER + OPENING + NAMES, asked)
        self.assertEqual([str(line.amount) for line in parsed.statements[0].lines], ["-850.00", "1200.00", "-50.00"])
        self.assertEqual(amounts(HEADER + OPENING + NAMES, remembered(parsed)), ["-850.00", "1200.00", "-50.00"])
        # The oldest entry is another one in each file.
        self.assertAsked(HEADER + NAMES, "except of the first one", remembered(parsed))

    def test_an_answer_counts_for_the_next_file(self):
        rows = "2026-04-14,Rent,-850.00,1150.00\n2026-04-15,Client,1200.00,2350.00\n2026-04-16,Fee,5.00,2345.00\n"
        parsed = parse(HEADER + rows, self.assertAsked(HEADER + rows, "changes by -5.00 at 2026-04-16"))
        self.assertEqual(parsed.mapping.answers, ("columns", "signs"))
        self.assertEqual(amounts(HEADER + rows, remembered(parsed)), ["-850.00", "1200.00", "5.00"])

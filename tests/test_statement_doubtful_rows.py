"""Tables whose rows may be an entry or a balance, and other doubts that only the numbers can settle; no database."""

from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats

    from .common.statement_files import StatementCase, day
except ImportError:  # run alone, without Odoo, from the folder of the tests, with PYTHONPATH=..:common
    from statement_files import StatementCase, day

    import statement_formats as formats

HEAD = "Date;Description;Amount\n"
HEAD_BALANCE = "Date;Description;Amount;Balance\n"
RENT, SALE, FEE = "2026-04-13;Rent;-250,00\n", "2026-04-15;Client;100,00\n", "2026-04-16;Fee;-4,50\n"


def parse(table):
    return formats.parse("table.csv", table.encode())


def one(table):
    (statement,) = parse(table).statements
    return statement


class TestDoubtfulRows(StatementCase):
    def assertUnclear(self, table, row):
        with self.assertRaisesRegex(formats.StatementFormatError, f"Row {row} .* may be a payment, or a balance"):
            parse(table)

    def test_petrol_station_amid_the_entries_is_an_entry(self):
        for words in ("TOTAL", "TOTAL 4521", "Summa", "Vortrag 12.04.", "Devir", "Saldo 4711"):
            with self.subTest(words=words):
                statement = one(f"{HEAD}{RENT}2026-04-14;{words};-60,00\n{SALE}")
                self.assertAmounts(statement, "-250.00", "-60.00", "100.00")
                self.assertEqual((statement.lines[1].label, statement.lines[1].date), (words, day("2026-04-14")))
                self.assertIsNone(statement.balance_start)

    def test_sum_of_the_entries_is_a_total(self):
        for total in ("-150,00", "100,00", "-250,00", "250,00"):
            with self.subTest(total=total):
                parsed = parse(f"{HEAD}{RENT}{SALE}2026-04-30;Total;{total}\n")
                self.assertAmounts(parsed.statements[0], "-250.00", "100.00")
                self.assertEqual(parsed.warnings, ("Rows left out because they are balances or totals: 1 (row 4).",))
        self.assertAmounts(one(f"{HEAD}2026-04-30;Total;-150,00\n{SALE}{RENT}"), "-250.00", "100.00")

    def test_total_of_each_month(self):
        may = "2026-05-02;Rent;-7,00\n2026-05-03;Client;9,00\n"
        table = f"{HEAD}{RENT}{SALE}2026-04-30;Total;-150,00\n{may}2026-05-31;Total;2,00\n"
        self.assertAmounts(one(table), "-250.00", "100.00", "-7.00", "9.00")

    def test_at_the_end_a_row_that_is_no_sum_may_be_either(self):
        self.assertUnclear(f"{HEAD}{RENT}{SALE}2026-04-16;TOTAL;-60,00\n", 4)
        self.assertUnclear(f"{HEAD}2026-04-12;TOTAL 4521;-60,00\n{RENT}{SALE}", 2)
        self.assertUnclear(f"{HEAD}{RENT}{SALE}2026-04-16;Vortrag;60,00\n", 4)

    def test_running_balance_tells(self):
        rows = "2026-04-13;Rent;-250,00;750,00\n2026-04-15;Client;100,00;850,00\n"
        statement = one(f"{HEAD_BALANCE}{rows}2026-04-16;TOTAL;-60,00;790,00\n")
        self.assertAmounts(statement, "-250.00", "100.00", "-60.00")
        self.assertBalances(statement, "1000.00", "790.00")
        newest_first = "2026-04-15;Client;100,00;850,00\n2026-04-13;Rent;-250,00;750,00\n"
        statement = one(f"{HEAD_BALANCE}2026-04-16;TOTAL;-60,00;790,00\n{newest_first}")
        self.assertAmounts(statement, "-250.00", "100.00", "-60.00")
        self.assertBalances(statement, "1000.00", "790.00")

    def test_balances_that_differ_by_the_entries_between_them(self):
        for word in ("Balance", "Saldo", "Solde", "Zůstatek", "Egyenleg"):
            with self.subTest(word=word):
                rows = f"{RENT}{SALE}2026-04-30;{word};850,00\n"
                statement = one(f"{HEAD}2026-04-01;{word};1000,00\n{rows}")
                self.assertAmounts(statement, "-250.00", "100.00")
                self.assertBalances(statement, "1000.00", "850.00")

    def test_balance_alone_is_not_taken_for_a_payment(self):
        self.assertUnclear(f"{HEAD}2026-04-01;Balance;1000,00\n{RENT}{SALE}", 2)
        self.assertUnclear(f"{HEAD}{RENT}2026-04-14;Saldo;750,00\n{SALE}", 3)

    def test_rows_that_name_somebody_are_entries(self):
        table = (
            "Date;Name;Description;Amount\n2026-04-13;Landlord;Rent;-250,00\n2026-04-15;Client;Invoice 7;100,00\n"
            "2026-04-16;Station;Total;-60,00\n"
        )
        self.assertAmounts(one(table), "-250.00", "100.00", "-60.00")

    def test_a_balance_that_the_opening_balance_and_the_entries_make_up(self):
        """Banco do Brasil: the last row is "S A L D O", with a date as entries have."""
        header = '"Data","Dependencia Origem","Histórico","Data do Balancete","Número do documento","Valor",\n'
        opening = '"31/03/2026","","Saldo Anterior","","0","1000.00",\n'
        rows = [
            '"01/04/2026","1234-5","Pix - Recebido","","123","250.00",\n',
            '"15/04/2026","","Tarifa","","1","-10.50",\n',
        ]
        for words in ("S A L D O", "SALDO"):
            closing = f'"30/04/2026","","{words}","","0","1239.50",\n'
            for table in ([opening, *rows, closing], [closing, *rows[::-1], opening]):
                statement = one(header + "".join(table))
                self.assertAmounts(statement, "250.00", "-10.50")
                self.assertEqual((statement.balance_start, statement.balance_end), (Decimal(1000), Decimal("1239.50")))
            wrong = closing.replace("1239.50", "1239.51")
            self.assertUnclear(header + "".join([opening, *rows, wrong]), 5)
        daily = '"15/04/2026","","Saldo do dia","","0","1239.50",\n'
        self.assertAmounts(one(header + "".join([opening, *rows, daily])), "250.00", "-10.50")

    def test_accounts_are_told_apart(self):
        table = (
            "Account;Date;Description;Amount\n1;2026-04-13;Rent;-250,00\n1;2026-04-14;Client;100,00\n"
            "1;2026-04-30;Total;-150,00\n2;2026-04-13;Rent;-2,00\n2;2026-04-14;Client;9,00\n2;2026-04-30;Total;7,00\n"
        )
        first, second = parse(table).statements
        self.assertAmounts(first, "-250.00", "100.00")
        self.assertAmounts(second, "-2.00", "9.00")


class TestOddEnds(StatementCase):
    def test_dos_end_mark_below_a_short_table(self):
        self.assertAmounts(one(HEAD + RENT + SALE + "\x1a"), "-250.00", "100.00")

    def test_lines_that_a_spreadsheet_has_put_in_quotation_marks(self):
        table = '"Date,Description,Amount"\n"2026-04-13,Rent ""April"",-250.00"\n"2026-04-15,""Client, Ltd"",100.00"\n'
        statement = one(table)
        self.assertAmounts(statement, "-250.00", "100.00")
        self.assertEqual(statement.lines[1].label, "Client, Ltd")

    def test_three_purchases_without_a_minus_are_asked_about(self):
        table = HEAD + "2026-04-13;Shop;30,00\n2026-04-14;Shop 2;12,00\n2026-04-15;Shop 3;9,00\n"
        with self.assertRaisesRegex(formats.MappingRequired, "No amount of the table has a minus"):
            parse(table)
        lines = formats.parse("x", table.encode(), formats.Mapping(date=0, label=(1,), amount=2, is_inverted=True))
        self.assertEqual([line.amount for line in lines.statements[0].lines], [Decimal(-30), Decimal(-12), Decimal(-9)])

    def test_a_card_payment_that_was_received_has_no_minus(self):
        table = "Date,Description,Amount\n2026-04-15,SHOP,45.50\n2026-04-13,PAYMENT RECEIVED - THANK YOU,-500.00\n"
        with self.assertRaisesRegex(formats.MappingRequired, "looks like a card's"):
            parse(table)
        # The tables of a card whose signs are known are read unasked.
        table = 'Datum,Beschreibung,Karteninhaber,Konto #,Betrag\n15/04/2026,SHOP,E SAMPLE,-12345,"45,50"\n'
        table += '13/04/2026,ZAHLUNG ERHALTEN. BESTEN DANK.,E SAMPLE,-12345,"-500,00"\n'
        self.assertAmounts(one(table), "500.00", "-45.50")

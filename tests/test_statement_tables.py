"""Tables of transactions: what is read without asking, what is asked for, and with which guess; no database needed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.addons.account_reconciliation.statement_formats import amounts, balance_rows, marks, text
    from odoo.addons.account_reconciliation.statement_formats.guess_headers import count_known
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the root of the repository
    from unittest import TestCase

    import statement_formats as formats
    from statement_formats import amounts, balance_rows, marks, text
    from statement_formats.guess_headers import count_known

FOLDER = Path(__file__).parent / "statements"

# File: opening and closing balance, then (day, amount, description, other party, its account) of each entry.
RIGHT = {
    "csv_headerless_balance.csv": (
        ("3905.10", "4150.00"),
        ("2026-04-15", "-60.00", "TELECOM", "", ""),
        ("2026-04-16", "-45.10", "OFFICE SUPPLIES", "", ""),
        ("2026-04-17", "1200.00", "CUSTOMER PAYMENT", "", ""),
        ("2026-04-20", "-850.00", "ACME RENT", "", ""),
    ),
    "csv_headerless_marks_balance.csv": (
        ("100.00", "179.50"),
        ("2026-04-14", "-12.00", "COURIER", "", ""),
        ("2026-04-15", "100.00", "CLIENT", "", ""),
        ("2026-04-16", "-8.50", "FUEL", "", ""),
    ),
    "csv_estonian_balance_rows.csv": (
        ("100.00", "135.00"),
        ("2026-04-02", "-15.00", "Arve 5", "Näidispood OÜ", ""),
        ("2026-04-03", "50.00", "Arve 6", "Näidisklient AS", ""),
    ),
    "csv_notes_around.csv": (
        (None, None),
        ("2026-04-14", "-12.00", "Courier", "", ""),
        ("2026-04-15", "100.00", "Client", "", ""),
    ),
    "csv_polish_cp1250.csv": (
        ("2000.00", "865.50"),
        ("2026-04-01", "-1234.50", "Opłata za usługę", "Sklep Żółw Łódź", "PL61109010140000071219812874"),
        ("2026-04-02", "100.00", "Wpłata", "Księgarnia Ślązak", "PL61109010140000071219812874"),
    ),
    "csv_czech_cp852.csv": (
        ("1000.00", "1879.50"),
        ("2026-04-01", "-120.50", "Platba za květiny", "Květinářství Růže", ""),
        ("2026-04-02", "1000.00", "Příspěvek", "Žižkovská škola", ""),
    ),
    "csv_french_mac.csv": (
        (None, None),
        ("2026-04-15", "-85.20", "Prélèvement électricité", "", ""),
        ("2026-04-16", "1210.00", "Virement Société Générique", "", ""),
        ("2026-04-17", "-4.50", "Café à l’hôtel Zoë", "", ""),
    ),
    "csv_nordic_cp850.csv": (
        ("1000.00", "1150.50"),
        ("2026-04-14", "-100.00", "Møbler på Ærø", "", ""),
        ("2026-04-15", "250.50", "Løn fra Åse Sørensen", "", ""),
    ),
    "csv_indian_grouping.csv": (
        ("1123456.78", "1200000.00"),
        ("2026-04-20", "-123456.78", "RENT", "", ""),
        ("2026-04-21", "200000.00", "CLIENT", "", ""),
    ),
    "csv_currency_signs.csv": (
        (None, None),
        ("2026-04-01", "-12.50", "Before the number", "", ""),
        ("2026-04-02", "-7.25", "After the number", "", ""),
        ("2026-04-03", "-1234.00", "Minus last", "", ""),
        ("2026-04-04", "-5.00", "Mark last", "", ""),
        ("2026-04-05", "1500.00", "Credit", "", ""),
    ),
    "csv_payer_payee.csv": (
        (None, None),
        ("2026-04-01", "-5.00", "Invoice 1", "Office Supplies Ltd", "DE89370400440532013000"),
        ("2026-04-02", "15.00", "Invoice 2", "Client Ltd", "NL20INGB0001234567"),
    ),
    "csv_pending_rows.csv": (
        ("100.00", "109.50"),
        ("2026-04-02", "-10.50", "Shop", "", ""),
        ("2026-04-03", "20.00", "Top-up", "", ""),
    ),
    "csv_iban_of_the_other.csv": (
        (None, None),
        ("2026-04-01", "-5.00", "Rechnung 1", "Musterladen", "DE89370400440532013000"),
        ("2026-04-02", "15.00", "Rechnung 2", "Musterkunde", "NL91ABNA0417164300"),
    ),
}
# File: a part of the sentence, and what is filled in (None: must be left open).
ASKED = {
    "csv_ask_headerless_debit_credit.csv": (
        "no headers that are known",
        {"date": 0, "label": (1,), "debit": 2, "credit": 3, "amount": None},
    ),
    "csv_ask_unknown_marks.csv": ("No amount of the table has a minus", {"amount": 2, "direction": 3}),
    "csv_ask_marks_against_signs.csv": ("contradict each other", {"amount": 2, "direction": 3}),
    "csv_ask_two_amounts.csv": ("More than one column", {"date": 0}),
    "csv_ask_card_purchases.csv": ("looks like a card's", {"amount": 2, "is_inverted": True}),
    "csv_ask_all_positive.csv": ("No amount of the table has a minus", {"amount": 2, "is_inverted": False}),
}


def parse(content, mapping=None):
    return formats.parse("table.csv", content.encode() if isinstance(content, str) else content, mapping)


def one(content, mapping=None):
    (statement,) = parse(content, mapping).statements
    return statement


class TableCase(TestCase):
    maxDiff = None

    def assertAmounts(self, statement, *expected):
        self.assertEqual([line.amount for line in statement.lines], [Decimal(amount) for amount in expected])

    def assertAsked(self, content, pattern, **filled):
        with self.assertRaisesRegex(formats.MappingRequired, pattern) as caught:
            parse(content)
        mapping = caught.exception.mapping
        self.assertEqual({name: getattr(mapping, name) for name in filled}, filled)
        return mapping


class TestCorpus(TableCase):
    def test_tables_that_are_proven(self):
        for name, ((opening, closing), *entries) in RIGHT.items():
            with self.subTest(name=name):
                statement = one((FOLDER / name).read_bytes())
                self.assertEqual(
                    [
                        (line.date.isoformat(), line.amount, line.label, line.counterparty_name,
                         line.counterparty_account)
                        for line in statement.lines
                    ],
                    [(day, Decimal(amount), *texts) for day, amount, *texts in entries],
                )  # fmt: skip
                self.assertEqual(statement.balance_start, opening and Decimal(opening))
                self.assertEqual(statement.balance_end, closing and Decimal(closing))
                self.assertEqual(statement.difference, None if opening is None else 0)

    def test_tables_that_are_asked_about(self):
        for name, (pattern, filled) in ASKED.items():
            with self.subTest(name=name):
                self.assertAsked((FOLDER / name).read_bytes(), pattern, **filled)

    def test_every_file_of_a_kind_is_expected(self):
        names = {path.name for path in FOLDER.glob("csv_ask_*")}
        self.assertEqual(names, set(ASKED))


class TestProof(TableCase):
    def test_balance_proves_which_column_is_money_out(self):
        for header in ("", "When,What,A,B,C\n"):
            with self.subTest(header=header):
                rows = (
                    "2026-04-14,Courier,,12.00,88.00\n2026-04-15,Client,100.00,,188.00\n2026-04-16,Fuel,,8.00,180.00\n"
                )
                self.assertAmounts(one(header + rows), "-12.00", "100.00", "-8.00")

    def test_balance_proves_that_positive_amounts_go_out(self):
        rows = "2026-04-01,A,5.00,95.00\n2026-04-02,B,15.00,80.00\n2026-04-03,C,2.00,78.00\n"
        statement = one("Date,Description,Amount,Balance\n" + rows)
        self.assertAmounts(statement, "-5.00", "-15.00", "-2.00")
        self.assertEqual((statement.balance_start, statement.difference), (Decimal("100.00"), 0))

    def test_balance_that_moves_both_ways_by_unsigned_amounts_is_asked_about(self):
        rows = "2026-04-01,A,5.00,95.00\n2026-04-02,B,15.00,110.00\n2026-04-03,C,2.00,108.00\n"
        self.assertAsked("Date,Description,Amount,Balance\n" + rows, "running balance falls")
        self.assertAsked(rows, "which column holds the amounts", amount=None, debit=None, credit=None)

    def test_balance_settles_marks_that_contradict_signs(self):
        header = "Buchungstag;Verwendungszweck;Betrag;D/C;Saldo\n"
        rows = "14.04.2026;A;100,00;C;188,00\n15.04.2026;B;-12,00;D;176,00\n16.04.2026;C;-5,00;C;171,00\n"
        self.assertAmounts(one(header + rows), "100.00", "-12.00", "-5.00")

    def test_balance_does_not_prove_the_oldest_entry(self):
        header = "Buchungstag;Verwendungszweck;Betrag;D/C;Saldo\n"
        rows = "14.04.2026;A;-12,00;D;88,00\n15.04.2026;B;100,00;C;188,00\n16.04.2026;C;-5,00;C;183,00\n"
        self.assertAsked(header + rows, "contradict each other")

    def test_one_row_proves_nothing(self):
        self.assertAsked("2026-04-14,Courier,-12.00,88.00\n", "which column|no headers")

    def test_balance_is_never_taken_for_the_amount(self):
        rows = "2026-04-14,Courier,12.00,88.00\n2026-04-15,Client,100.00,150.00\n2026-04-16,Fuel,8.00,99.00\n"
        self.assertAsked(rows, "which column holds the amounts", amount=None, debit=None, credit=None)

    def test_opening_and_closing_rows_prove_too(self):
        rows = (
            "Date;Description;Amount;X\n2026-04-01;Opening balance;100,00;\n2026-04-02;A;5,00;K\n"
            "2026-04-03;B;15,00;K\n2026-04-04;C;1,00;K\n2026-04-04;Closing balance 30.04.2026;121,00;\n"
        )
        statement = one(rows)
        self.assertAmounts(statement, "5.00", "15.00", "1.00")
        self.assertEqual((statement.balance_start, statement.balance_end), (Decimal("100.00"), Decimal("121.00")))


class TestSigns(TableCase):
    def rows(self, out, into, header="Debit/Credit"):
        return (
            f"Date;Description;Amount;{header}\n2026-04-14;A;12,00;{out}\n2026-04-15;B;100,00;{into}\n"
            f"2026-04-16;C;8,50;{out}\n"
        )

    def test_marks_in_many_languages(self):
        for out, into in (
            ("D", "C"), ("D", "K"), ("DR", "CR"), ("S", "H"), ("Soll", "Haben"), ("Af", "Bij"), ("Debe", "Haber"),
            ("Cargo", "Abono"), ("C", "A"), ("T", "J"), ("Wn", "Ma"), ("MD", "D"), ("Deebet", "Kreedit"),
            ("Dare", "Avere"),
            ("Saída", "Entrada"), ("Obciążenie", "Uznanie"), ("Terhelés", "Jóváírás"), ("Borç", "Alacak"), ("-", "+"),
            ("Belastung", "Gutschrift"), ("Debetas", "Kreditas"), ("Ut", "Inn"), ("debit", "credit"),
        ):  # fmt: skip
            with self.subTest(out=out):
                self.assertAmounts(one(self.rows(out, into)), "-12.00", "100.00", "-8.50")
                self.assertAmounts(one(self.rows(into, out)), "12.00", "-100.00", "8.50")

    def test_letters_that_two_languages_read_differently_are_asked_about(self):
        self.assertAsked(self.rows("A", "B"), "does not say whether money came or went", direction=3)

    def test_unknown_column_of_marks_is_asked_about(self):
        self.assertAsked(self.rows("D", "C", header="X"), "No amount of the table has a minus", direction=3)
        self.assertAsked(self.rows("Raus", "Rein", header="X"), "No amount of the table has a minus", direction=3)

    def test_chosen_marks_are_taken(self):
        mapping = self.assertAsked(self.rows("Raus", "Rein", header="X"), "minus")
        chosen = formats.Mapping.from_dict(mapping.to_dict() | {"debit_marks": ["Raus"], "credit_marks": ["Rein"]})
        self.assertAmounts(one(self.rows("Raus", "Rein", header="X"), chosen), "-12.00", "100.00", "-8.50")

    def test_marks_that_repeat_the_signs_change_nothing(self):
        rows = "Date;Description;Amount;D/C\n2026-04-14;A;-12,00;D\n2026-04-15;B;100,00;C\n2026-04-16;C;-8,50;D\n"
        parsed = parse(rows)
        self.assertAmounts(parsed.statements[0], "-12.00", "100.00", "-8.50")
        self.assertIsNone(parsed.mapping.direction)

    def test_only_one_of_money_in_and_money_out_is_asked_about(self):
        rows = "Date,Description,Withdrawal,Zug\n2026-04-01,A,5.00,\n2026-04-02,B,,15.00\n"
        self.assertAsked(rows, "More than one|none for the other", debit=2, credit=3)

    def test_row_with_money_in_and_out_is_asked_about(self):
        self.assertAsked("Date,Description,Debit,Credit\n2026-04-01,A,5.00,7.00\n2026-04-02,B,,15.00\n", "at once")

    def test_signed_amounts_beside_debits_and_credits(self):
        rows = "Date;Text;Debit;Credit;Amount\n2026-04-01;A;5,00;;-5,00\n2026-04-02;B;;15,00;15,00\n"
        self.assertAmounts(one(rows), "-5.00", "15.00")
        self.assertAmounts(one(rows.replace("-5,00", "5,00")), "-5.00", "15.00")

    def test_minus_beside_credit_mark_is_no_amount(self):
        for written in ("-5,00 CR", "+5,00 DR", "(5,00) CR", "5,00- H"):
            with self.subTest(written=written), self.assertRaisesRegex(formats.StatementFormatError, "contradict"):
                amounts.written_amount(written, ",")
        self.assertEqual(amounts.written_amount("-5,00 DR", ","), Decimal("-5.00"))

    def test_mark_pairs(self):
        self.assertEqual(marks.read_marks(["MD", "D"]), ({"MD": True, "D": False}, True))
        self.assertEqual(marks.read_marks(["Card", "Transfer"]), (None, False))


class TestRowsThatAreNoEntries(TableCase):
    def test_balances_and_totals_by_their_words(self):
        for words, kind in (
            ("Opening balance", "opening"), ("BALANCE BROUGHT FORWARD", "opening"),
            ("Anfangssaldo 01.04.2026", "opening"),
            ("Solde précédent au 01/04/2026", "opening"), ("Saldo anterior", "opening"), ("Algsaldo", "opening"),
            ("Sākuma atlikums", "opening"), ("Likutis pradžiai", "opening"), ("Saldo początkowe", "opening"),
            ("Closing Balance: 12.00 EUR", "closing"), ("Endsaldo", "closing"), ("lõppsaldo", "closing"),
            ("Konečný zůstatek", "closing"), ("Záró egyenleg", "closing"), ("Käive", "turnover"),
            ("Apyvarta", "turnover"),
            ("Total", "turnover"), ("Summe", "turnover"),
            ("Opening balance sheet audit fee", ""), ("Total Energies Lyon", ""), ("Balance payment invoice 7", ""),
            ("Saldo Invoice 2026-41", ""), ("Summer camp", ""), ("", ""), ("Kontostandsabfrage", ""),
        ):  # fmt: skip
            with self.subTest(words=words):
                self.assertEqual(balance_rows.kind_of(words), kind)

    def test_rows_that_are_not_booked(self):
        for words in ("PENDING", "Vorgemerkt", "En attente", "REVERTED", "Umsatz vorgemerkt", "oczekująca", "Denied"):
            self.assertTrue(balance_rows.is_not_booked(words), words)
        for words in ("", "COMPLETED", "Gebucht", "Umsatz gebucht", "Executed", "Booked", "Udført"):
            self.assertFalse(balance_rows.is_not_booked(words), words)

    def test_pending_rows_are_named(self):
        self.assertIn("pending, declined or cancelled: 1 (row 4)", parse(read("csv_pending_rows.csv")).warnings[0])

    def test_last_line_without_an_end(self):
        self.assertAmounts(one("Date;Description;Amount\n2026-04-14;A;-1,00\n2026-04-15;B;2,50"), "-1.00", "2.50")

    def test_notes_of_many_columns_below_the_table(self):
        rows = "Date;Description;Amount\n2026-04-14;A;-1,00\n2026-04-15;B;2,50\n\nNote;;\nPage 1 of 1;printed;"
        self.assertAmounts(one(rows), "-1.00", "2.50")


def read(name):
    return (FOLDER / name).read_bytes()


class TestColumns(TableCase):
    def test_headers_in_many_languages(self):
        for header in (
            "Booking date;Counterparty;Description;Amount", "Date de comptabilisation;Tiers;Libellé;Montant",
            "Buchungstag;Auftraggeber/Empfänger;Verwendungszweck;Betrag",
            "Fecha contable;Beneficiario;Concepto;Importe",
            "Data contabile;Controparte;Descrizione;Importo", "Boekdatum;Naam tegenpartij;Omschrijving;Bedrag",
            "Data lançamento;Contraparte;Descrição;Montante", "Data księgowania;Kontrahent;Tytuł;Kwota",
            "Datum zaúčtování;Název protiúčtu;Zpráva pro příjemce;Částka", "Bokföringsdag;Motpart;Meddelande;Belopp",
            "Bogføringsdato;Modpart;Tekst;Beløb", "Kirjauspäivä;Saaja/Maksaja;Viesti;Määrä",
            "Kuupäev;Saaja/Maksja;Selgitus;Summa", "Datums;Saņēmējs/Maksātājs;Informācija saņēmējam;Summa",
            "Data;Mokėtojas/Gavėjas;Mokėjimo paskirtis;Suma", "Könyvelés dátuma;Partner neve;Közlemény;Összeg",
            "Data tranzacției;Partener;Descriere;Sumă", "İşlem tarihi;Karşı taraf;Açıklama;Tutar",
            "Datum knjiženja;Naziv;Opis plaćanja;Iznos",
        ):  # fmt: skip
            with self.subTest(header=header):
                statement = one(
                    header + "\n2026-04-14;Example Ltd;Invoice 7;-12,50\n2026-04-15;Client Ltd;Invoice 8;99,00\n"
                )
                self.assertAmounts(statement, "-12.50", "99.00")
                self.assertEqual(statement.lines[0].date, date(2026, 4, 14))
                self.assertEqual(statement.lines[0].label, "Invoice 7")
                self.assertEqual(statement.lines[0].counterparty_name, "Example Ltd")

    def test_currency_in_the_header(self):
        for header in ("Amount (EUR)", "Betrag in EUR", "EUR Amount", "Kwota w EUR"):
            with self.subTest(header=header):
                statement = one(f"Date;Description;{header}\n2026-04-14;A;-1,00\n2026-04-15;B;2,50\n")
                self.assertEqual(statement.currency, "EUR")

    def test_valuta_is_a_date_or_a_currency_by_its_contents(self):
        day = one("Datum;Valuta;Text;Betrag\n14.04.2026;16.04.2026;A;-1,00\n15.04.2026;15.04.2026;B;2,50\n")
        self.assertEqual(day.lines[0].value_date, date(2026, 4, 16))
        currency = one("Dato;Valuta;Tekst;Beløb\n14.04.2026;DKK;A;-1,00\n15.04.2026;DKK;B;2,50\n")
        self.assertEqual(currency.currency, "DKK")

    def test_own_account_under_an_unknown_header_is_no_description(self):
        statement = one(
            "Mein Konto;Datum;Text 2;Verwendungszweck;Betrag\n"
            "DE89370400440532013000;14.04.2026;;Rechnung 7;-1,00\nDE89370400440532013000;15.04.2026;;Rechnung 8;2,50\n"
        )
        self.assertEqual(statement.account_number, "DE89370400440532013000")
        self.assertEqual(statement.lines[0].label, "Rechnung 7")

    def test_counterparty_that_holds_account_numbers(self):
        statement = one(
            "Datum;Bedrag;Tegenpartij;Naam;Omschrijving\n"
            "2026-04-14;-1,00;NL20INGB0001234567;Example Supplies;Invoice 7\n"
            "2026-04-15;2,50;NL91ABNA0417164300;Example Client;Invoice 8\n"
        )
        self.assertEqual(statement.lines[0].counterparty_account, "NL20INGB0001234567")
        self.assertEqual(statement.lines[0].counterparty_name, "Example Supplies")

    def test_description_that_holds_all_the_bank_knows(self):
        # A table without headers: account, currency, day, balance before and after, value date, amount, text.
        head = "123456789\tEUR\t{}\t{}\t{}\t{}\t{}\t{}\n"
        statement = one(
            head.format("20260413", "3025,00", "3000,00", "20260413", "-25,00", "BEA NR:A1B23C 13.04.26/09.15 Winkel")
            + head.format(
                "20260414", "3000,00", "3100,00", "20260414", "100,00",
                "SEPA Overboeking  IBAN: NL20INGB0001234567  Naam: Voorbeeld BV  Omschrijving: Factuur 3",
            )
            + head.format(
                "20260414", "3100,00", "3090,00", "20260414", "-10,00",
                "/TRTP/SEPA OVERBOEKING/IBAN/NL20INGB0001234567/BIC/INGBNL2A/NAME/Ander BV/REMI/Factuur 4/EREF/E-4",
            )
        )  # fmt: skip
        self.assertEqual((statement.balance_start, statement.balance_end), (Decimal("3025.00"), Decimal("3090.00")))
        self.assertEqual(
            [(line.label, line.counterparty_name, line.counterparty_account, line.reference)
             for line in statement.lines],
            [("BEA NR:A1B23C 13.04.26/09.15 Winkel", "", "", ""),
             ("Factuur 3", "Voorbeeld BV", "NL20INGB0001234567", ""),
             ("Factuur 4", "Ander BV", "NL20INGB0001234567", "E-4")],
        )  # fmt: skip

    def test_own_account_is_never_the_counterpartys(self):
        rows = (
            "Date;Account;Counterparty account;Description;Amount\n"
            "2026-04-14;NL91ABNA0417164300;NL91 ABNA 0417 1643 00;Fee;-1,00\n"
            "2026-04-15;NL91ABNA0417164300;NL20INGB0001234567;Invoice 8;2,50\n"
        )
        self.assertEqual(
            [line.counterparty_account for line in one(rows).lines],
            ["", "NL20INGB0001234567"],
        )

    def test_rows_and_headers_that_a_person_points_to(self):
        rows = "Date;Description;Amount\nold;table;1,00\nDay;What;Sum of it\n2026-04-14;A;-1,00\n2026-04-15;B;2,50\n"
        mapping = formats.Mapping(date=0, label=(1,), amount=2, rows_skipped=3)
        self.assertAmounts(one(rows, mapping), "-1.00", "2.50")
        self.assertAmounts(one(rows, formats.Mapping(date=0, label=(1,), amount=2, header_row=2)), "-1.00", "2.50")

    def test_mapping_survives_as_plain_data(self):
        mapping = formats.Mapping(
            date=0, amount=1, payer_name=2, fee=3, status=4, debit_marks=("D",), header_row=3, rows_skipped=2,
            column_set="nl_ing/1",
        )  # fmt: skip
        self.assertEqual(formats.Mapping.from_dict(mapping.to_dict()), mapping)
        for wrong in ({"header_row": -1}, {"rows_skipped": True}, {"debit_marks": "D"}, {"credit_marks": [1]}):
            with self.subTest(wrong=wrong), self.assertRaises(formats.StatementFormatError):
                formats.Mapping.from_dict(wrong)


class TestAmounts(TestCase):
    def test_spellings(self):
        for written, decimal, expected in (
            ("-€12.34", ".", "-12.34"), ("€-12.34", ".", "-12.34"), ("12,34-€", ",", "-12.34"),
            ("USD 1,234.56 CR", ".", "1234.56"), ("1.234,56 EUR-", ",", "-1234.56"), ("(€5.00)", ".", "-5.00"),
            ("€(5.00)", ".", "-5.00"), ("₹ 1,23,456.00 Cr", ".", "123456.00"), ("12,34,56,789", ".", "123456789"),
            ("kr 1 234,50", ",", "1234.50"), ("1\u202f234,50 zł", ",", "1234.50"), ("R$ 5.326,43", ",", "5326.43"),
            ("50.-", ".", "50"), ("CHF 1'234.50", ".", "1234.50"), ("1’234.50-", ".", "-1234.50"),
            ("Rs.500.00", ".", "500.00"),
            ("A$ 12.00", ".", "12.00"), ("12.50 Kč", ".", "12.50"), ("\u2212 12.50", ".", "-12.50"),
            ("45.00 DR.", ".", "-45.00"),
        ):  # fmt: skip
            with self.subTest(written=written):
                self.assertTrue(amounts.looks_like_amount(written))
                self.assertEqual(amounts.written_amount(written, decimal), Decimal(expected))

    def test_what_is_no_amount(self):
        for written in (
            "12 04",
            "May 5",
            "INV 12",
            "5%",
            "10:30",
            "2026-04-01",
            "1e5",
            "NaN",
            "\u0969",
            "\u00b2",
            "",
            "EUR",
            "(5.00",
            "5)",
        ):
            with self.subTest(written=written):
                self.assertFalse(amounts.looks_like_amount(written))


class TestEncodings(TestCase):
    def test_legacy_encodings_by_their_words(self):
        for content, encodings in (
            ("Buchungstag;Empfänger;Betrag\n28.04.2026;Bäckerei Müller Öl und Größe;-3,50\n",
            "cp1252 mac_roman cp850 cp437"),
            ("Date;Libellé;Débit;Crédit\n15/04/2026;VIR SOCIÉTÉ GÉNÉRIQUE;;1,00\n", "cp1252 mac_roman cp850 cp437"),
            ("Data operacji;Tytuł;Kwota\n2026-04-01;Opłata za usługę Łódź;-12,00\n", "cp1250 cp852 iso8859_2"),
            ("Könyvelés dátuma;Összeg;Közlemény\n2026.04.01;-12;Őrség fűtés\n", "cp1250 cp852"),
            ("Tarih;Açıklama;Tutar;Bakiye\n01.04.2026;Şişli şubesi ödeme;-12,00;1,00\n", "cp1254"),
            ("Data;Gavėjas;Suma;Mokėjimo paskirtis\n2026-04-01;Ąžuolas;-12,00;Šių metų\n", "cp1257"),
            ("Fecha;Descripción;Importe\n01/04/2026;Peña Muñoz operación;-12,00\n", "cp1252 cp850 mac_roman"),
            ("Date,Description,Amount\n2026-04-01,Café,€12.00\n", "cp1252"),
        ):  # fmt: skip
            for encoding in encodings.split():
                with self.subTest(encoding=encoding, content=content[:20]):
                    raw = content.encode(encoding)
                    self.assertEqual(raw.decode(text.guess_encoding(raw, count_known)), content)

    def test_unicode_without_a_mark(self):
        for encoding in ("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"):
            raw = "Date;Description;Amount\n2026-04-01;Łódź;-1,00\n2026-04-02;B;2,50\n".encode(encoding)
            with self.subTest(encoding=encoding):
                self.assertEqual(one(raw).lines[0].label, "Łódź")

    def test_encoding_can_be_corrected(self):
        raw = "Date;Description;Amount\n2026-04-01;\u0160;-1,00\n2026-04-02;B;2,50\n".encode("cp1250")
        self.assertEqual(one(raw, formats.Mapping(encoding="cp1250")).lines[0].label, "\u0160")

    def test_helpers(self):
        self.assertEqual(text.fold("GRÖSSE Größe Łódź Ærø İstanbul"), "grosse grosse lodz aero istanbul")
        self.assertEqual(text.without_nul("a\0b"), "ab")


class TestMoreKinds(TableCase):
    def test_amounts_of_which_only_credits_are_marked(self):
        parsed = parse(
            "Date,Description,Amount\n2026-04-01,Shop,12.50\n2026-04-02,Fuel,30.00\n2026-04-03,Refund,7.00CR\n"
        )
        self.assertAmounts(parsed.statements[0], "-12.50", "-30.00", "7.00")
        self.assertIn("because others are marked as credits", parsed.warnings[0])

    def test_description_that_goes_on_in_the_next_row(self):
        statement = one(
            "Date,Value date,Description,Withdrawals,Deposits\n16/04/2026,16/04/2026,COLLECTION,110.39,\n"
            ",,RF18 5390 0754 7034,,\n17/04/2026,17/04/2026,PAYMENT,,5.00\n"
        )
        self.assertAmounts(statement, "-110.39", "5.00")
        self.assertEqual(statement.lines[0].label, "COLLECTION RF18 5390 0754 7034")
        self.assertEqual(statement.lines[0].structured_reference, "RF18539007547034")

    def test_tables_of_several_accounts_one_after_the_other(self):
        header = "Date;Description;Amount\n"
        first, second = parse(
            f"IBAN;DE89 3704 0044 0532 0130 00\n{header}2026-04-01;A;-1,00\n2026-04-02;B;2,00\n"
            f"IBAN;NL91 ABNA 0417 1643 00\n{header}2026-04-01;C;-3,00\n2026-04-02;D;4,00\n"
        ).statements
        self.assertEqual(
            (first.account_number, second.account_number), ("DE89370400440532013000", "NL91ABNA0417164300")
        )
        self.assertAmounts(first, "-1.00", "2.00")
        self.assertAmounts(second, "-3.00", "4.00")

    def test_balance_corrects_a_known_set(self):
        rows = "04/20/2026,RENT,850.00,4150.00\n04/17/2026,CLIENT,-1200.00,5000.00\n04/16/2026,FUEL,45.10,3800.00\n"
        self.assertAmounts(one("Date,Description,Amount,Running Bal.\n" + rows), "-45.10", "1200.00", "-850.00")

    def test_column_that_could_be_the_amount_beside_a_balance_that_does_not_add_up(self):
        rows = "2026-04-01;A;-1,00;-1,25;98,75\n2026-04-02;B;-2,00;-2,25;96,50\n2026-04-03;C;3,00;2,75;99,25\n"
        statement = one("Date;Description;Total;Net of it;Balance\n" + rows)
        self.assertAmounts(statement, "-1.25", "-2.25", "2.75")
        self.assertAsked("Date;Description;Amount;Net of it;Balance\n" + rows, "More than one column")

    def test_months_in_words(self):
        for written in ("15 kwietnia 2026", "15. dubna 2026", "15 aprile 2026", "15 de abril de 2026",
        "15. huhtikuuta 2026",
                        "2026. április 15.", "15 aprilie 2026", "15 Nisan 2026", "15 apr. 2026",
                        "15. aprill 2026"):  # fmt: skip
            with self.subTest(written=written):
                statement = one(f"Date;Description;Amount\n{written};A;-1,00\n{written};B;2,00\n")
                self.assertEqual(statement.lines[0].date, date(2026, 4, 15))

    def test_marks_on_one_side_only(self):
        rows = "Date,Description,DR,Amount\n2026-04-14,A,DR,12.00\n2026-04-15,B,,100.00\n2026-04-16,C,DR,8.00\n"
        mapping = self.assertAsked(rows, "minus", direction=2, debit_marks=("DR",), credit_marks=("",))
        self.assertAmounts(one(rows, mapping), "-12.00", "100.00", "-8.00")

    def test_guess_of_a_table_in_an_unknown_language(self):
        rows = "14.04.2026;А;12,00;Расход\n15.04.2026;Б;100,00;Приход\n16.04.2026;В;8,00;Расход\n"
        self.assertAsked("Дата;Назначение;Сумма;Тип\n" + rows, "came or went", amount=2, direction=3, label=(1,))

    def test_dates_with_a_weekday_or_a_month_in_front(self):
        for written in ("Apr 14 2026", "Apr 14, 2026", "Tue 14 April 2026", "mar. 14 avril 2026", "Di, 14.04.2026"):
            with self.subTest(written=written):
                statement = one(f"Date;Description;Amount\n{written};A;-1,00\n{written};B;2,00\n")
                self.assertEqual(statement.lines[0].date, date(2026, 4, 14))

    def test_word_in_place_of_the_date_of_a_row_that_is_not_booked(self):
        for word in ("Reserverat", "Reserved", "offen", "Vorgemerkt", "PENDING"):
            with self.subTest(word=word):
                parsed = parse(f"Date;Description;Amount\n{word};A;-9,00\n2026-04-02;B;-2,00\n2026-04-01;C;3,00\n")
                self.assertAmounts(parsed.statements[0], "3.00", "-2.00")
                self.assertIn("pending, declined or cancelled: 1 (row 2)", parsed.warnings[0])

    def test_positive_amounts_of_entries_that_go_out_by_their_words(self):
        for words in ("Direct Debit", "Kartenzahlung", "PRLV SEPA", "Compra", "ATM"):
            with self.subTest(words=words):
                rows = f"Date,Type,Description,Amount\n2026-04-01,{words},A,9.00\n2026-04-02,Transfer,B,2.00\n"
                self.assertAsked(rows, "No amount of the table has a minus")
        few = "Date,Type,Description,Amount\n2026-04-01,Transfer,Rent of hall,9.00\n2026-04-02,Transfer,Ice,2.00\n"
        self.assertAmounts(one(few), "9.00", "2.00")

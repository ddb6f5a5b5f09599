"""Settlement reports of payment processors with known content, damaged and hostile ones; no database needed."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.addons.account_reconciliation.statement_formats import settlements
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the root of the repository
    from unittest import TestCase

    import statement_formats as formats
    from statement_formats import settlements

FOLDER = Path(__file__).parent / "settlements"
FIXTURES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}


def read(name, content=None):
    return settlements.parse(name, FIXTURES[name] if content is None else content)


# What a report cannot do without: whose absence would change the money or what it is taken for.
NEEDED = {
    "adyen_settlement_details.csv": "Psp Reference,Type,Creation Date,Gross Currency,Gross Debit (GC),Gross Credit (GC)"
    ",Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC)"
    ",Batch Number",
    "mollie_settlement.csv": "Date,ID,Currency,Description,Settlement currency,Settlement amount,Settlement reference",
    "paypal_activity_german.csv": "Datum,Typ,Währung,Brutto,Gebühr,Netto,Transaktionscode",
    "paypal_activity_us.csv": "Date,Type,Currency,Gross,Fee,Net,Transaction ID,Balance",
    "square_transfer_details.csv": "Date,Total Collected,Cash,Other Tender,Fees,Net Total,Transaction ID",
    "stripe_balance_history.csv": "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)",
    "stripe_payout_reconciliation.csv": "automatic_payout_id,balance_transaction_id,created_utc,currency,gross,fee,net"
    ",reporting_category",
    "stripe_payouts.csv": "id,Amount,Currency,Arrival Date (UTC)",
}
TABLES = sorted(NEEDED)


def table(name):
    """The rows of a report, as list of list of str."""
    return list(csv.reader(io.StringIO(FIXTURES[name].decode())))


def written(rows):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def with_cell(name, number, column, value):
    """A report with another value in the row of this number, counted from 1."""
    rows = table(name)
    rows[number - 1][rows[0].index(column)] = value
    return written(rows)


def workbook(rows):
    """The rows of a CSV file as the smallest possible XLSX workbook, all cells as text."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row.split(",")) + "</row>"
        for row in rows
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns:r="r"><sheets><sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="rId1" Type="/worksheet" Target="sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    return target.getvalue()


class SettlementCase(TestCase):
    maxDiff = None

    def assertEntries(self, settlement, *expected):
        found = [(entry.kind, str(entry.gross), str(entry.fee), str(entry.net)) for entry in settlement.entries]
        rows = [(kind, *map(Decimal, amounts)) for kind, *amounts in expected]
        self.assertEqual([(kind, *map(Decimal, amounts)) for kind, *amounts in found], rows)
        for entry in settlement.entries:
            self.assertEqual(entry.gross + entry.fee, entry.net)
        self.assertEqual(sum(entry.net for entry in settlement.entries), settlement.amount_net)
        self.assertEqual(settlement.amount_gross + settlement.amount_fees, settlement.amount_net)

    def assertSettlement(self, settlement, reference, day, currency, net, **fields):
        self.assertEqual(
            (settlement.reference, settlement.payout_date, settlement.currency, settlement.amount_net),
            (reference, date.fromisoformat(day), currency, Decimal(net)),
        )
        self.assertEqual({name: getattr(settlement, name) for name in fields}, fields)

    def assertEntry(self, entry, **expected):
        self.assertEqual({name: getattr(entry, name) for name in expected}, expected)


class TestReports(SettlementCase):
    def test_each_report_is_recognised_and_no_bank_statement_is(self):
        for name, content in FIXTURES.items():
            self.assertEqual(settlements.detect(content), name.split("_")[0], name)
        for path in (FOLDER.parent / "statements").iterdir():
            self.assertIsNone(settlements.detect(path.read_bytes()), path.name)

    def test_stripe_itemized_payouts(self):
        file = read("stripe_payout_reconciliation.csv")
        first, second = file.settlements
        self.assertSettlement(first, "po_0001", "2026-04-09", "EUR", "162.57", is_amount_stated=True)
        self.assertEntries(
            first,
            ("payment", "170.00", "-2.75", "167.25"),
            ("payment", "88.40", "-1.88", "86.52"),
            ("refund", "-30.00", "0", "-30.00"),
            ("dispute", "-45.00", "-15.00", "-60.00"),
            ("fee", "0", "-1.20", "-1.20"),
        )
        self.assertEntry(
            first.entries[0],
            reference="txn_0001",
            payment_reference="ch_0001",
            references=("pi_0001", "S00042"),
            description="Invoice INV/2026/00017",
            customer_name="Emily Sample",
            customer_email="emily@example.com",
            date=date(2026, 4, 6),
            original_amount=None,
            line=2,
        )
        self.assertEntry(first.entries[1], original_amount=Decimal("100.00"), original_currency="USD")
        self.assertEntry(first.entries[2], reference="re_0001", payment_reference="ch_0001")
        # What was authorized and not collected is taken off the payment itself.
        self.assertSettlement(second, "po_0002", "2026-04-10", "EUR", "78.55", is_amount_stated=False)
        self.assertEntries(second, ("payment", "80.00", "-1.45", "78.55"))

    def test_stripe_balance_transactions(self):
        file = read("stripe_balance_history.csv")
        (settlement,) = file.settlements
        self.assertSettlement(settlement, "po_1001", "2026-04-09", "USD", "148.85", is_amount_stated=True)
        self.assertEntries(
            settlement,
            ("fee", "0", "-0.55", "-0.55"),
            ("dispute_reversal", "80", "0", "80"),
            ("refund", "-25", "0", "-25"),
            ("payment", "97.50", "-3.10", "94.40"),
        )
        self.assertEntry(settlement.entries[3], references=("WEB-311",), payment_reference="ch_1001")
        self.assertEqual(
            file.warnings,
            (
                "Left out because they belong to no payout yet: 1 rows from row 7 on (9.41 USD). They come with the "
                "report of their payout.",
            ),
        )

    def test_stripe_list_of_payouts(self):
        file = read("stripe_payouts.csv")
        (settlement,) = file.settlements
        self.assertSettlement(
            settlement,
            "po_0001",
            "2026-04-09",
            "EUR",
            "162.57",
            is_itemized=False,
            bank_references=("po_0001", "TRACE0001", "txn_0006"),
        )
        self.assertEqual(file.warnings, ("Left out because they failed or were cancelled: 1 payouts.",))

    def test_paypal_activity(self):
        file = read("paypal_activity_us.csv")
        (settlement,) = file.settlements
        self.assertTrue(file.is_account_history)
        self.assertSettlement(settlement, "1AA00000000000009", "2026-04-15", "USD", "1100.00", is_amount_stated=True)
        self.assertEntries(
            settlement,
            ("payment", "1170.00", "-34.42", "1135.58"),
            ("payment", "104.33", "0", "104.33"),
            ("refund", "-70", "0", "-70"),
            ("dispute", "-40", "0", "-40"),
            ("fee", "0", "-20", "-20"),
            ("reserve", "10.00", "0", "10.00"),
            ("reserve", "-19.91", "0", "-19.91"),
        )
        self.assertEntry(
            settlement.entries[1],
            customer_name="Noah Example",
            references=("INV/2026/00018",),
            original_amount=Decimal("100.00"),
            original_currency="EUR",
        )
        self.assertEntry(settlement.entries[2], payment_reference="1AA00000000000001", customer_email="")
        self.assertEqual(len(file.warnings), 1)
        self.assertIn("13.98 USD", file.warnings[0])

    def test_paypal_activity_in_german_newest_first(self):
        (settlement,) = read("paypal_activity_german.csv").settlements
        self.assertSettlement(settlement, "2BB00000000000003", "2026-04-15", "EUR", "1190.46")
        self.assertEntries(settlement, ("payment", "1240", "-30.54", "1209.46"), ("refund", "-19", "0", "-19"))

    def test_paypal_settlement_report(self):
        (settlement,) = read("paypal_settlement_report.csv").settlements
        self.assertSettlement(settlement, "3CC00000000000004", "2026-04-15", "USD", "90.00", is_amount_stated=True)
        self.assertEntries(
            settlement,
            ("payment", "170", "-5.23", "164.77"),
            ("refund", "-20", "0", "-20"),
            ("dispute", "-40", "-20", "-60"),
            ("reserve", "10", "0", "10"),
            ("reserve", "-4.77", "0", "-4.77"),
        )
        self.assertEntry(settlement.entries[1], payment_reference="3CC00000000000001")

    def test_adyen_settlement_details(self):
        (settlement,) = read("adyen_settlement_details.csv").settlements
        self.assertSettlement(settlement, "ExampleShop batch 134", "2026-04-09", "EUR", "171.85")
        self.assertIn("batch 134", settlement.bank_references)
        self.assertEntries(
            settlement,
            ("payment", "170", "-2.05", "167.95"),
            ("payment", "88.40", "-2.00", "86.40"),
            ("refund", "-30", "-0.10", "-30.10"),
            ("dispute", "-45", "-15", "-60"),
            ("dispute_reversal", "20", "0", "20"),
            ("fee", "0", "-2.40", "-2.40"),
            ("reserve", "-10", "0", "-10"),
        )
        self.assertEntry(settlement.entries[1], original_amount=Decimal("100.00"), original_currency="USD")

    def test_adyen_as_a_workbook_and_with_the_gross_amount_in_the_other_column(self):
        rows = FIXTURES["adyen_settlement_details.csv"].decode().replace('"TX0000001XT batch 134, ExampleShop"', "TX1")
        (settlement,) = settlements.parse("report.xlsx", workbook(rows.splitlines())).settlements
        self.assertSettlement(settlement, "ExampleShop batch 134", "2026-04-09", "EUR", "171.85")
        other = rows.replace("EUR,,170.00,1,", "EUR,170.00,,1,")
        self.assertEqual(
            read("adyen_settlement_details.csv", other.encode()).settlements[0].amount_gross, Decimal("193.40")
        )

    def test_mollie_settlement(self):
        file = read("mollie_settlement.csv")
        (settlement,) = file.settlements
        self.assertSettlement(settlement, "1234567.2604.02", "2026-04-08", "EUR", "179.05", is_amount_stated=False)
        self.assertEntries(
            settlement,
            ("payment", "170", "0", "170"),
            ("payment", "88.40", "0", "88.40"),
            ("refund", "-30", "0", "-30"),
            ("dispute", "-45", "0", "-45"),
            ("fee", "0", "-4.35", "-4.35"),
        )
        self.assertEqual(file.warnings, ("Left out because Mollie does not pay them out: 1 rows.",))

    def test_square_transfer_details_without_the_cash(self):
        file = read("square_transfer_details.csv")
        (settlement,) = file.settlements
        self.assertSettlement(settlement, "DEPOSIT0001", "2026-04-14", "", "163.89")
        self.assertEntries(
            settlement,
            ("payment", "170", "-5.23", "164.77"),
            ("payment", "30", "-0.88", "29.12"),
            ("refund", "-30", "0", "-30"),
        )
        self.assertEntry(settlement.entries[0], references=("INV/2026/00017",), customer_name="Emily Sample")

    def test_square_one_transfer_named_by_its_file_in_utf16(self):
        rows = FIXTURES["square_transfer_details.csv"].decode().replace("Deposit ID", "Other").replace(",", "\t")
        content = ("\ufeff" + rows.replace("$", "£")).encode("utf-16-le")
        (settlement,) = settlements.parse("transfer-7788.csv", content).settlements
        self.assertEqual((settlement.reference, settlement.currency), ("transfer-7788", "GBP"))


class TestRefused(SettlementCase):
    def assertRefused(self, name, pattern, *changes):
        content = FIXTURES[name]
        for old, new in changes:
            self.assertIn(old, content)
            content = content.replace(old, new)
        with (
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaisesRegex(formats.StatementFormatError, pattern) as caught,
        ):
            settlements.parse(name, content)
        self.assertRegex(str(caught.exception), rf"(?s)^{name}: .+\.$")

    def test_a_payout_that_its_entries_do_not_make_up(self):
        for name, old, new in (
            ("stripe_payout_reconciliation.csv", b"-162.57,0.00,-162.57", b"-162.58,0.00,-162.58"),
            ("adyen_settlement_details.csv", b"EUR,171.85", b"EUR,171.86"),
        ):
            self.assertRefused(name, r"rows 2 to \d.* the report is not complete", (old, new))
        self.assertRefused(
            "paypal_activity_us.csv", "Row 10: the balance is .* rows are missing", (b'"19.91"', b'"19.90"')
        )
        self.assertRefused(
            "paypal_settlement_report.csv", "the footer states", (b'"USD",17000,15000', b'"USD",17001,15000')
        )
        without_balance = [(f'"{balance}"'.encode(), b'""') for balance in (
            "1,145.58", "1,249.91", "1,179.91", "1,139.91", "1,119.91", "19.91", "33.89"
        )]  # fmt: skip
        self.assertRefused("paypal_activity_us.csv", 'column "Balance"', *without_balance)

    def test_a_row_whose_amounts_contradict_each_other(self):
        for name, row, old, new in (
            ("stripe_payout_reconciliation.csv", 2, b"170.00,2.75,167.25", b"170.00,2.75,167.26"),
            ("paypal_activity_us.csv", 2, b'"-34.42","1,135.58"', b'"-34.42","1,135.57"'),
            ("square_transfer_details.csv", 2, b"-$5.23,$164.77", b"-$5.23,$164.78"),
            ("adyen_settlement_details.csv", 2, b"1.02,0.51", b"1.52,0.51"),
        ):
            self.assertRefused(name, f"Row {row}: .* do not make", (old, new))

    def test_what_is_no_amount_no_date_no_currency(self):
        for name, old, new in (
            ("stripe_payout_reconciliation.csv", b"eur,170.00", b"eur,NaN"),
            ("stripe_payout_reconciliation.csv", b"2026-04-06 10:15:00", b"2026-02-30 10:15:00"),
            ("stripe_payout_reconciliation.csv", b"00:00:00,eur,170", b"00:00:00,euro,170"),
            ("adyen_settlement_details.csv", b",167.95,", b",1e5,"),
            ("mollie_settlement.csv", b"EUR,170.00,1234567", b"EUR,x,1234567"),
        ):
            self.assertRefused(name, "Row 2: the column", (old, new))
        self.assertRefused("paypal_activity_us.csv", "two ways, or not at all", (b"04/13", b"04/31"))

    def test_more_decimals_than_the_currency_has(self):
        self.assertRefused("stripe_payouts.csv", "more decimals than the currency JPY", (b"23:59,eur", b"23:59,jpy"))

    def test_paypal_payments_and_refunds_in_another_currency(self):
        header = "Date,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,Balance\n"
        rows = [
            "04/13/2026,Website Payment,Completed,USD,100.00,-3.00,97.00,P1,,97.00\n",
            "04/13/2026,General Currency Conversion,Completed,USD,-97.00,0.00,-97.00,C1,P1,0.00\n",
            "04/13/2026,General Currency Conversion,Completed,EUR,87.30,0.00,87.30,C2,P1,87.30\n",
            "04/14/2026,Payment Refund,Completed,USD,-20.00,0.00,-20.00,R1,P1,-20.00\n",
            "04/14/2026,General Currency Conversion,Completed,USD,20.00,0.00,20.00,C3,R1,0.00\n",
            "04/14/2026,General Currency Conversion,Completed,EUR,-18.40,0.00,-18.40,C4,R1,68.90\n",
            "04/15/2026,User Initiated Withdrawal,Completed,EUR,-68.90,0.00,-68.90,W1,,0.00\n",
        ]
        # The exchange may come before what is exchanged.
        for order in (rows, [rows[2], *rows[:2], rows[5], *rows[3:5], rows[6]]):
            parsed = settlements.parse("x", (header + "".join(order)).encode())
            (settlement,) = parsed.settlements
            self.assertEqual(
                [
                    (entry.kind, str(entry.net), str(entry.original_amount), entry.original_currency, entry.reference)
                    for entry in settlement.entries
                ],
                [("payment", "87.30", "100.00", "USD", "P1"), ("refund", "-18.40", "-20.00", "USD", "R1")],
            )
            self.assertEqual(settlement.entries[1].payment_reference, "P1")
            self.assertEqual(parsed.warnings, ())

    def test_dates_that_can_be_read_in_two_ways(self):
        changes = [(f"04/{day}/2026".encode(), b"04/05/2026") for day in (13, 14, 15, 16)]
        self.assertRefused("paypal_activity_us.csv", "can be read in two ways", *changes)
        content = FIXTURES["paypal_activity_us.csv"]
        for old, new in changes:
            content = content.replace(old, new)
        with self.assertRaises(formats.MappingRequired):
            settlements.parse("x", content)
        for order, month in (("mdy", 4), ("dmy", 5)):
            (settlement,) = settlements.parse("x", content, date_order=order).settlements
            self.assertEqual(settlement.payout_date.month, month)

    def assertRefusedContent(self, name, content, pattern):
        with (
            self.subTest(name=name, pattern=pattern),
            self.assertNoLogs(formats.__name__, "WARNING"),
            self.assertRaisesRegex(formats.StatementFormatError, pattern),
        ):
            settlements.parse(name, content)

    def test_a_column_that_is_missing(self):
        for name, columns in NEEDED.items():
            rows = table(name)
            for column in columns.split(","):
                place = rows[0].index(column)
                content = written(row[:place] + row[place + 1 :] for row in rows)
                self.assertRefusedContent(name, content, r"lacks these columns|Row \d+: |\(row \d+\)|holds no payout")
        # It is still known whose report it is, so that nobody takes it for the table of a bank.
        for name, column in (
            ("adyen_settlement_details.csv", "Net Currency"),
            ("mollie_settlement.csv", "Settlement currency"),
            ("square_transfer_details.csv", "Cash"),
            ("stripe_balance_history.csv", "Source"),
        ):
            rows = table(name)
            place = rows[0].index(column)
            content = written(row[:place] + row[place + 1 :] for row in rows)
            self.assertEqual(settlements.detect(content), name.split("_")[0])
            self.assertRefusedContent(name, content, f"lacks these columns: {settlements.column_name(column)}\\.")

    def test_a_row_that_is_cut_or_has_too_many_columns(self):
        for name in TABLES:
            rows = table(name)
            width = len(rows[0])
            self.assertRefusedContent(
                name, written([*rows[:1], rows[1][: width // 2], *rows[2:]]), "Row 2: it is cut off"
            )
            self.assertRefusedContent(name, written([*rows[:1], [*rows[1], "x"], *rows[2:]]), "Row 2: it has more")
            # The only row, too, and cells that hold nothing at the end are none.
            self.assertRefusedContent(name, written([rows[0], rows[1][: width // 2]]), "cut off in the middle")
            self.assertEqual(
                settlements.parse(name, written([*row, "", ""] for row in rows)).settlements, read(name).settlements
            )

    def test_no_place_to_cut_a_report_gives_other_entries(self):
        for name, content in FIXTURES.items():
            whole = read(name).settlements
            known = {entry for settlement in whole for entry in settlement.entries}
            for end in range(0, len(content), 7):
                try:
                    cut = settlements.parse(name, content[:end]).settlements
                except formats.StatementFormatError:
                    continue
                for settlement in cut:
                    if settlement.is_amount_stated:
                        self.assertIn(settlement.amount_net, [one.amount_net for one in whole], (name, end))
                    # Only the end of the last text of a row can be lost, and what a later row changes.
                    lost = [entry.net for entry in settlement.entries if entry not in known]
                    self.assertLessEqual(len(lost), 1, (name, end))

    def test_cells_that_are_no_amount_no_currency_no_date(self):
        for name, row, column, values in (
            ("adyen_settlement_details.csv", 3, "Net Credit (NC)", "abc 1.2.3 1e5 NaN --5"),
            ("adyen_settlement_details.csv", 3, "Gross Currency", "XQZ euro"),
            ("adyen_settlement_details.csv", 3, "Net Currency", "XQZ euro"),
            ("mollie_settlement.csv", 3, "Settlement amount", "abc 1.2.3 1e5 NaN --5"),
            ("mollie_settlement.csv", 3, "Settlement currency", "XQZ euro"),
            ("mollie_settlement.csv", 3, "Currency", "XQZ euro"),
            ("paypal_activity_us.csv", 3, "Net", "abc 1.2.3 1e5 NaN --5"),
            ("paypal_activity_us.csv", 3, "Currency", "XQZ euro"),
            ("paypal_activity_german.csv", 3, "Netto", "abc 1.2.3 1e5 NaN --5"),
            ("square_transfer_details.csv", 3, "Net Total", "abc 1.2.3 1e5 NaN --5"),
            ("square_transfer_details.csv", 3, "Cash", "abc 1.2.3 1e5 NaN --5"),
            ("stripe_balance_history.csv", 3, "Net", "abc 1.2.3 1e5 NaN --5"),
            ("stripe_balance_history.csv", 3, "Currency", "XQZ euro"),
            ("stripe_payout_reconciliation.csv", 3, "net", "abc 1.2.3 1e5 NaN --5"),
            ("stripe_payout_reconciliation.csv", 3, "currency", "XQZ euro"),
            ("stripe_payouts.csv", 2, "Amount", "abc 1.2.3 1e5 NaN --5"),
            ("stripe_payouts.csv", 2, "Currency", "XQZ euro"),
            ("stripe_payouts.csv", 2, "Arrival Date (UTC)", "2026-13-01 soon"),
            ("stripe_payouts.csv", 2, "Status", "kaputt"),
        ):
            for value in values.split():
                # Dots that are both marks are found before any row is read.
                self.assertRefusedContent(
                    name, with_cell(name, row, column, value), rf"Row {row}: the (column|status)|written in two ways"
                )
        report = FIXTURES["paypal_settlement_report.csv"]
        self.assertRefusedContent("stl", report.replace(b'"CR",17000,"USD"', b'"CR",17000,"XQZ"'), "Row 5: the column")
        self.assertRefusedContent("stl", report.replace(b'"CR",17000', b'"CR",1x'), "Row 5: the column")
        self.assertRefusedContent("stl", report.replace(b'"CR",17000', b'"XX",17000'), "Row 5: the column")

    def test_two_reports_in_one_file(self):
        for name in FIXTURES:
            for other in FIXTURES:
                content = FIXTURES[name] + FIXTURES[other]
                if name == other == "paypal_settlement_report.csv":
                    # Two days in one file are its own way, the same day twice is not.
                    self.assertRefusedContent(name, content, "The payout 3CC00000000000004 stands twice")
                else:
                    self.assertRefusedContent(name, content, r"In row \d+ another report begins \(")

    def test_two_payouts_mixed(self):
        self.assertRefusedContent(
            "stripe_payout_reconciliation.csv",
            with_cell("stripe_payout_reconciliation.csv", 3, "automatic_payout_id", "po_0002"),
            "The payout po_0001 is stated with 162.57 EUR, but its entries",
        )
        self.assertRefusedContent(
            "adyen_settlement_details.csv",
            with_cell("adyen_settlement_details.csv", 3, "Batch Number", "135"),
            "The payout ExampleShop batch 134 is stated with 171.85 EUR",
        )
        # One payout is in one currency.
        for name, column in (
            ("stripe_payout_reconciliation.csv", "currency"),
            ("mollie_settlement.csv", "Settlement currency"),
        ):
            self.assertRefusedContent(name, with_cell(name, 3, column, "usd"), r"Row [34]: the payout .* is in ")

    def test_a_row_that_stands_twice_with_other_words(self):
        rows = table("stripe_payouts.csv")
        again = [*rows[1][:9], "OTHER WORDS", *rows[1][10:]]
        self.assertRefusedContent("stripe_payouts.csv", written([*rows, again]), "rows 2 and 4 are the same")

    def test_a_settlement_report_without_its_last_footer(self):
        content = FIXTURES["paypal_settlement_report.csv"]
        self.assertRefusedContent("stl", content[: content.index(b'"FF"')], "footer of a section is missing")
        self.assertRefusedContent(
            "stl", content.replace(b'"CR",1000,"CR",477,"CR",0,"CR",0,"CR",1000,"CR",477,"CR",0,4', b"", 1),
            "no balance that explains the rest",
        )  # fmt: skip

    def test_other_encodings_and_empty_files(self):
        for name, content in FIXTURES.items():
            text = content.decode()
            for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"):
                found = settlements.parse(name, text.encode(encoding))
                self.assertEqual(found.settlements, read(name).settlements, (name, encoding))
            self.assertRefusedContent(name, text.encode("cp500"), "binary data|no table|no settlement report")
            self.assertRefusedContent(name, content.splitlines()[0] + b"\n", "holds no payout|no settlement report")
        for content in (b"", b" \n\n", b"\n" * 50):
            self.assertRefusedContent("x.csv", content, "x.csv: The file is empty")

    def test_rows_that_stand_twice(self):
        row = FIXTURES["mollie_settlement.csv"].splitlines(keepends=True)[1]
        self.assertRefused("mollie_settlement.csv", "rows 2 and 3 are the same", (row, row + row))

    def test_cut_off_files(self):
        for name, keep, pattern in (
            ("stripe_balance_history.csv", b",97.50", "cut off"),
            ("paypal_activity_us.csv", b'Website Payment"', "cut off"),
            ("paypal_settlement_report.csv", b'"SF"', "footer"),
            ("adyen_settlement_details.csv", b",171.85", "cut off"),
        ):
            content = FIXTURES[name]
            with self.subTest(name=name), self.assertRaisesRegex(formats.StatementFormatError, pattern):
                settlements.parse(name, content[: content.rindex(keep)])

    def test_reports_without_a_payout(self):
        self.assertRefused("stripe_balance_history.csv", "holds no payout", (b"po_1001", b""))
        self.assertRefused("mollie_settlement.csv", "holds no payout", (b"1234567.2604.02,", b","))
        self.assertRefused("square_transfer_details.csv", "holds no payout", (b"DEPOSIT0001", b""))
        self.assertRefused("paypal_activity_us.csv", "holds no payout", (b"User Initiated Withdrawal", b"Other"))
        self.assertRefused("stripe_payouts.csv", "holds no payout", (b",paid,", b",canceled,"))

    def test_what_is_no_report(self):
        for content in (b"", b"\x00" * 100, b"Date;Amount\n2026-04-01;1.00\n", b"<a/>", b"PK\x03\x04", b"x" * 300_000):
            self.assertIsNone(settlements.detect(content))
            with self.assertRaisesRegex(formats.StatementFormatError, r"^x\.csv: .+\.$"):
                settlements.parse("x.csv", content)
        with self.assertRaisesRegex(formats.StatementFormatError, "larger than"):
            settlements.parse("x.csv", b"y" * 20, bytes_max=10)


NASTY = [
    b"", b"\x00", b"\xff\xfe", b"NaN", b"Infinity", b"1e999", b"-", b"9" * 40, b"\n", b"\r", b";", b",", b'"', b"<",
    b"2026-02-30", b"31/02/2026", "\u0663".encode(), "\u00b2".encode(), b"EUR", b"payout", b"-0.001", b'"SF",',
    b'"CH",',
]  # fmt: skip


class TestFuzz(TestCase):
    def check(self, content):
        # An error that was not foreseen is turned into a refusal too, but logged: here it fails.
        with self.assertNoLogs(formats.__name__, "WARNING"):
            settlements.detect(content)
            try:
                file = settlements.parse("fuzz", content)
            except formats.StatementFormatError as error:
                self.assertRegex(str(error), r"(?s)^fuzz: .+\.$")
                return
        self.assertTrue(file.settlements)
        for settlement in file.settlements:
            self.assertTrue(settlement.amount_net.is_finite())
            self.assertTrue(settlement.reference)
            self.assertTrue(1980 <= settlement.payout_date.year <= 2079)
            if settlement.is_itemized:
                self.assertEqual(settlement.amount_gross + settlement.amount_fees, settlement.amount_net)
            for entry in settlement.entries:
                self.assertIn(entry.kind, settlements.KINDS)
                self.assertEqual(entry.gross + entry.fee, entry.net)

    @settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_any_mutation_of_a_report_is_read_or_refused(self, data):
        content = FIXTURES[data.draw(st.sampled_from(sorted(FIXTURES)))]
        for _round in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(content)))
            end = min(len(content), start + data.draw(st.integers(0, 40)))
            piece = data.draw(st.sampled_from(NASTY) | st.binary(max_size=8) | st.just(content[start:end] * 2))
            content = content[:start] + piece + content[end:]
        self.check(content)

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(st.binary(max_size=300))
    def test_any_bytes_are_refused(self, content):
        self.check(content)

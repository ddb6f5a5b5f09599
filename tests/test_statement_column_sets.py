"""The sets of columns of known banks: each is recognized by its headers and reads a made-up table right."""

import csv
import io
import json
from decimal import Decimal

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.addons.account_reconciliation.statement_formats import column_sets
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the root of the repository
    from unittest import TestCase

    import statement_formats as formats
    from statement_formats import column_sets

DAYS = {"dmy": ("14.04.2026", "15.04.2026"), "mdy": ("04/14/2026", "04/15/2026"), "ymd": ("2026-04-14", "2026-04-15")}
OWN, OTHER, THIRD = "NL91ABNA0417164300", "NL20INGB0001234567", "DE89370400440532013000"
OUT, INTO = Decimal("-1234.50"), Decimal("99.25")


def tables():
    """Give (``ColumnSet``, its headers with the optional ones) of all tables of all banks."""
    for found in column_sets.all_sets():
        name, _slash, number = found.name.partition("/")
        data = json.loads((column_sets.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        table = data["tables"][int(number) - 1]
        yield found, [*table["header"], *table.get("optional", ())]


def written(amount, decimal):
    """Write an amount as the bank does."""
    return f"{amount:.2f}".replace(".", decimal)


def table_of(found, header):
    """Write two entries, money out and money in, under the headers of a set."""
    settings = dict(found.settings)
    decimal = settings.get("decimal") or ","
    balance = Decimal("2000.00")
    rows = []
    columns = dict(found.columns)
    for number, amount in enumerate((OUT, INTO)):
        balance += amount
        values = {
            "date": DAYS[settings.get("date_order", "ymd")][number],
            "balance": written(balance, decimal),
            "currency": "EUR",
            "original_currency": "EUR",
            "account": OWN,
            "counterparty_account": OTHER,
            "payer_account": THIRD if amount > 0 else OWN,
            "payee_account": THIRD if amount < 0 else OWN,
            "counterparty_name": "Example Supplies",
            "payer_name": "Payer Ltd",
            "payee_name": "Payee Ltd",
            "label": f"Invoice {number}",
            "reference": f"REF{number}",
            "bank_reference": f"B{number}",
            "debit": written(-amount, decimal) if amount < 0 else "",
            "credit": written(amount, decimal) if amount > 0 else "",
            "fee": written(Decimal(0), decimal),
        }
        signed = -amount if settings.get("is_inverted") else amount
        values["amount"] = written(abs(amount) if "direction" in columns else signed, decimal)
        if "direction" in columns:
            debit, credit = settings.get("debit_marks", ("D",)), settings.get("credit_marks", ("C",))
            values["direction"] = debit[0] if amount < 0 else credit[0]
        by_header = {}
        for role, names in columns.items():
            for index, name in enumerate(names):
                by_header.setdefault(name, values.get(role, "") if index == 0 or role != "label" else "")
        rows.append([by_header.get(column_sets.normalize(name), "") for name in header])
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([["Example Bank", "statement"], header, *rows])
    return text.getvalue().encode()


class TestColumnSets(TestCase):
    def test_at_least_sixty_banks(self):
        self.assertGreaterEqual(len({found.bank for found in column_sets.all_sets()}), 60)

    def test_each_table_is_told_apart_by_its_headers(self):
        for found, header in tables():
            for names in (header, list(found.header), header[::-1]):
                with self.subTest(name=found.name):
                    place, recognized = column_sets.find([["a note"], names])
                    self.assertEqual((place, recognized.name), (1, found.name))

    def test_each_table_names_its_date_and_amount_for_sure(self):
        for found, _header in tables():
            required = {name for name, _count in found.required}
            columns = dict(found.columns)
            with self.subTest(name=found.name):
                money = {"amount"} & columns.keys() or {"debit", "credit"}
                for role in ("date", *money):
                    self.assertLessEqual(set(columns[role]), required)
                self.assertTrue(columns.keys() & {"label", "counterparty_name"})

    def test_each_table_reads_right(self):
        for found, header in tables():
            with self.subTest(name=found.name):
                parsed = formats.parse("bank.csv", table_of(found, header))
                (statement,) = parsed.statements
                self.assertEqual(parsed.mapping.column_set, found.name)
                self.assertEqual([line.amount for line in statement.lines], [OUT, INTO])
                self.assertEqual([line.date.isoformat() for line in statement.lines], ["2026-04-14", "2026-04-15"])
                columns = dict(found.columns)
                first, second = statement.lines
                if "label" in columns:
                    self.assertEqual(first.label, "Invoice 0")
                if "account" in columns:
                    self.assertEqual(statement.account_number, OWN)
                if "balance" in columns:
                    self.assertEqual((statement.balance_start, statement.difference), (Decimal("2000.00"), 0))
                if "payer_name" in columns:
                    self.assertEqual((first.counterparty_name, second.counterparty_name), ("Payee Ltd", "Payer Ltd"))
                elif "counterparty_name" in columns:
                    self.assertEqual(first.counterparty_name, "Example Supplies")
                if "payer_account" in columns:
                    self.assertEqual((first.counterparty_account, second.counterparty_account), (THIRD, THIRD))
                elif "counterparty_account" in columns:
                    self.assertEqual(first.counterparty_account, OTHER)
                for role in ("reference", "bank_reference"):
                    if role in columns:
                        self.assertIn(getattr(first, role), ("REF0", "B0"))

    def test_remembered_set_reads_the_next_file(self):
        found, header = next(tables())
        parsed = formats.parse("bank.csv", table_of(found, header))
        remembered = formats.Mapping.from_dict(parsed.mapping.to_dict())
        again = formats.parse("bank.csv", table_of(found, header[::-1]), remembered)
        self.assertEqual([line.amount for line in again.statements[0].lines], [OUT, INTO])

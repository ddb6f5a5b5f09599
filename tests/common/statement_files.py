"""What the tests of statement files share; no database needed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

try:
    from odoo.addons.account_reconciliation import statement_formats as formats
    from odoo.tests import BaseCase as TestCase
except ImportError:  # run alone, without Odoo, from the root of the repository
    from unittest import TestCase

    import statement_formats as formats

FOLDER = Path(__file__).parent.parent / "statements"


def content(name):
    return (FOLDER / name).read_bytes()


def read(name, mapping=None):
    return formats.parse(name, content(name), mapping)


def day(text):
    return date.fromisoformat(text)


class StatementCase(TestCase):
    maxDiff = None

    def assertAmounts(self, statement, *amounts):
        self.assertEqual([line.amount for line in statement.lines], [Decimal(amount) for amount in amounts])
        for line in statement.lines:
            self.assertIsInstance(line.amount, Decimal)

    def assertBalances(self, statement, start, end, difference="0"):
        self.assertEqual(statement.balance_start, None if start is None else Decimal(start))
        self.assertEqual(statement.balance_end, None if end is None else Decimal(end))
        self.assertEqual(statement.difference, None if difference is None else Decimal(difference))

    def assertFields(self, line, **expected):
        self.assertEqual({name: getattr(line, name) for name in expected}, expected)

import doctest
from decimal import Decimal
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.account_reconciliation.engine import waterfall
from odoo.addons.account_reconciliation.engine.waterfall import pour, pour_over_items, pour_sql
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

cents = st.integers(0, 100_000).map(lambda n: Decimal(n).scaleb(-2))
signed_cents = st.integers(-30_000, 100_000).map(lambda n: Decimal(n).scaleb(-2))


def keyed(amounts):
    return list(enumerate(amounts))


def pour_cent_by_cent(sources, targets):
    """The slow obvious version: carry every single cent to the first target that still lacks one."""
    missing = [int(amount * 100) for _key, amount in targets]
    result = {}
    for source, amount in sources:
        for _cent in range(int(amount * 100)):
            target = next((n for n, cents_missing in enumerate(missing) if cents_missing), None)
            if target is None:
                break
            missing[target] -= 1
            key = (source, targets[target][0])
            result[key] = result.get(key, 0) + 1
    return [(source, target, Decimal(count).scaleb(-2)) for (source, target), count in result.items()]


@tagged("post_install", "-at_install")
class TestPour(TestCase):
    def test_example_of_the_guide(self):
        items = [("1st", Decimal(75)), ("2nd", Decimal(75)), ("3rd", Decimal(20))]
        self.assertEqual(
            pour([("payment", Decimal(100))], items),
            [("payment", "1st", Decimal(75)), ("payment", "2nd", Decimal(25))],
        )

    def test_docstring_examples_hold(self):
        self.assertEqual(doctest.testmod(waterfall).failed, 0)

    small = st.lists(st.integers(0, 60).map(lambda n: Decimal(n).scaleb(-2)), max_size=8)

    @given(small, small)
    @settings(max_examples=300, deadline=None)
    def test_same_as_carrying_cents(self, sources, targets):
        sources, targets = keyed(sources), keyed(targets)
        self.assertEqual(sorted(pour(sources, targets)), sorted(pour_cent_by_cent(sources, targets)))

    @given(st.lists(cents, max_size=20), st.lists(cents, max_size=20))
    @settings(deadline=None)
    def test_nothing_is_lost_or_made(self, sources, targets):
        poured = pour(keyed(sources), keyed(targets))
        self.assertEqual(sum((a for *_keys, a in poured), Decimal(0)), min(sum(sources), sum(targets)))
        for number, amount in enumerate(sources):
            self.assertLessEqual(sum(a for s, _t, a in poured if s == number), amount)
        for number, amount in enumerate(targets):
            self.assertLessEqual(sum(a for _s, t, a in poured if t == number), amount)

    def test_discount_goes_to_the_payment_that_settles(self):
        items = [("swim", Decimal(75)), ("judo", Decimal(75)), ("discount", Decimal(-20))]
        self.assertEqual(
            pour_over_items([("first", Decimal(50)), ("second", Decimal(80))], items),
            [
                ("first", "swim", Decimal(50)),
                ("second", "swim", Decimal(25)),
                ("second", "judo", Decimal(75)),
                ("second", "discount", Decimal(-20)),
            ],
        )

    @given(st.lists(signed_cents, min_size=1, max_size=8), st.lists(st.integers(1, 99), max_size=5))
    @settings(deadline=None)
    def test_items_add_up_to_each_source(self, items, cuts):
        due = sum(items)
        if due <= 0:
            return
        marks = sorted({(due * cut / 100).quantize(Decimal("0.01")) for cut in cuts} | {Decimal(0), due})
        sources = keyed([high - low for low, high in zip(marks, marks[1:], strict=False)])
        poured = pour_over_items(sources, keyed(items))
        for number, amount in sources:
            self.assertEqual(sum(a for s, _t, a in poured if s == number), amount)
        for number, amount in enumerate(items):
            self.assertEqual(sum(a for _s, t, a in poured if t == number), amount)


@tagged("post_install", "-at_install")
class TestPourSql(TransactionCase):
    def _pour(self, pools):
        def rows(which):
            values = [
                SQL("(%s, %s, %s, %s::numeric)", pool, number, number, str(amount))
                for pool, sides in enumerate(pools)
                for number, amount in enumerate(sides[which])
            ]
            values = values or [SQL("(0, 0, 0, 0::numeric)")]
            return SQL("SELECT * FROM (VALUES %s) AS given (pool, id, seq, amount)", SQL(", ").join(values))

        return self.env.execute_query(pour_sql(rows(0), rows(1)))

    def test_sql_pours_as_python_does(self):
        """One query over many pools gives what the Python version gives pool by pool."""
        pools = st.lists(st.tuples(st.lists(cents, max_size=6), st.lists(cents, max_size=6)), min_size=1, max_size=5)

        @given(pools)
        @settings(max_examples=60, deadline=None)
        def check(pools):
            expected = {
                (number, source, target, amount)
                for number, (sources, targets) in enumerate(pools)
                for source, target, amount in pour(keyed(sources), keyed(targets))
            }
            poured = {(*keys, Decimal(str(amount)).quantize(Decimal("0.01"))) for *keys, amount in self._pour(pools)}
            self.assertEqual(poured, expected)

        check()

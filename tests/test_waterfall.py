import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.account_reconciliation.engine.items import waterfall
from odoo.addons.account_reconciliation.engine.items.waterfall import allocate, allocate_to_items, share
from odoo.addons.account_reconciliation.engine.items.waterfall_sql import allocation_sql, share_sql
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import SQL

cents = st.integers(0, 100_000).map(lambda n: Decimal(n).scaleb(-2))
signed_cents = st.integers(-30_000, 100_000).map(lambda n: Decimal(n).scaleb(-2))


def keyed(amounts):
    return list(enumerate(amounts))


def allocate_cent_by_cent(sources, targets):
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
class TestAllocate(BaseCase):
    def test_example_of_the_guide(self):
        items = [("1st", Decimal(75)), ("2nd", Decimal(75)), ("3rd", Decimal(20))]
        self.assertEqual(
            allocate([("payment", Decimal(100))], items),
            [("payment", "1st", Decimal(75)), ("payment", "2nd", Decimal(25))],
        )

    def test_docstring_examples_hold(self):
        self.assertEqual(doctest.testmod(waterfall).failed, 0)

    small = st.lists(st.integers(0, 60).map(lambda n: Decimal(n).scaleb(-2)), max_size=8)

    @given(small, small)
    @settings(max_examples=300, deadline=None)
    def test_same_as_carrying_cents(self, sources, targets):
        sources, targets = keyed(sources), keyed(targets)
        self.assertEqual(sorted(allocate(sources, targets)), sorted(allocate_cent_by_cent(sources, targets)))

    @given(st.lists(cents, max_size=20), st.lists(cents, max_size=20))
    @settings(deadline=None)
    def test_nothing_is_lost_or_made(self, sources, targets):
        allocated = allocate(keyed(sources), keyed(targets))
        self.assertEqual(sum((a for *_keys, a in allocated), Decimal(0)), min(sum(sources), sum(targets)))
        for number, amount in enumerate(sources):
            self.assertLessEqual(sum(a for s, _t, a in allocated if s == number), amount)
        for number, amount in enumerate(targets):
            self.assertLessEqual(sum(a for _s, t, a in allocated if t == number), amount)

    def test_discount_goes_to_the_payment_that_settles(self):
        items = [("swim", Decimal(75)), ("judo", Decimal(75)), ("discount", Decimal(-20))]
        self.assertEqual(
            allocate_to_items([("first", Decimal(50)), ("second", Decimal(80))], items),
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
        allocated = allocate_to_items(sources, keyed(items))
        for number, amount in sources:
            self.assertEqual(sum(a for s, _t, a in allocated if s == number), amount)
        for number, amount in enumerate(items):
            self.assertEqual(sum(a for _s, t, a in allocated if t == number), amount)


CENT = Decimal("0.01")


def parts_of(allocated, count):
    return [sum((a for _s, target, a in allocated if target == number), Decimal(0)) for number in range(count)]


@tagged("post_install", "-at_install")
class TestShare(BaseCase):
    """Pro rata: what is shared adds up, stays within what is owed, and never goes back."""

    owed = st.lists(cents, min_size=1, max_size=8)

    @given(st.lists(cents, max_size=8), owed)
    @settings(max_examples=300, deadline=None)
    def test_adds_up_and_stays_within(self, sources, targets):
        shared = share(keyed(sources), keyed(targets), CENT)
        self.assertTrue(all(amount > 0 for *_keys, amount in shared))
        for source, amount in enumerate(sources):
            room = max(sum(targets, Decimal(0)) - sum(sources[:source], Decimal(0)), Decimal(0))
            self.assertEqual(sum((a for s, _t, a in shared if s == source), Decimal(0)), min(amount, room))
        for part, amount in zip(parts_of(shared, len(targets)), targets, strict=True):
            self.assertLessEqual(part, amount)

    @given(cents, owed)
    @settings(max_examples=300, deadline=None)
    def test_every_part_is_its_proportion_cut_or_raised_to_a_cent(self, source, targets):
        whole = sum(targets, Decimal(0))
        shared = parts_of(share([("money", source)], keyed(targets), CENT), len(targets))
        for part, amount in zip(shared, targets, strict=True):
            fair = min(source, whole) * amount / whole if whole else Decimal(0)
            self.assertLess(abs(part - fair), CENT)

    @given(st.lists(cents, min_size=1, max_size=6), owed)
    @settings(max_examples=300, deadline=None)
    def test_several_small_ones_give_what_one_large_one_gives(self, sources, targets):
        """Within a cent for each payment; and what an item has got, it keeps."""
        before = [Decimal(0)] * len(targets)
        for count in range(1, len(sources) + 1):
            now = parts_of(share(keyed(sources[:count]), keyed(targets), CENT), len(targets))
            self.assertTrue(all(old <= new for old, new in zip(before, now, strict=True)))
            before = now
        at_once = parts_of(share([("all", sum(sources))], keyed(targets), CENT), len(targets))
        for step_by_step, once in zip(before, at_once, strict=True):
            self.assertLessEqual(abs(step_by_step - once), CENT * len(sources))

    @given(st.lists(cents, max_size=6), owed, st.integers(0, 6))
    @settings(deadline=None)
    def test_stopping_and_going_on_changes_nothing(self, sources, targets, cut):
        """What reconciles one payment at a time gives what reconciles all at once gives, to the cent."""
        first = share(keyed(sources)[:cut], keyed(targets), CENT)
        left = [amount - part for amount, part in zip(targets, parts_of(first, len(targets)), strict=True)]
        second = share(keyed(sources)[cut:], keyed(left), CENT)
        self.assertEqual(first + second, share(keyed(sources), keyed(targets), CENT))

    def test_odd_cents_go_to_the_largest_remainders_then_in_listed_order(self):
        equal = keyed([Decimal(10)] * 3)
        self.assertEqual(parts_of(share([("cash", Decimal("0.05"))], equal, CENT), 3), [Decimal("0.02")] * 2 + [CENT])
        self.assertEqual(
            parts_of(share([("cash", Decimal(10))], keyed([Decimal(1), Decimal(5), Decimal(8)]), CENT), 3),
            [Decimal("0.72"), Decimal("3.57"), Decimal("5.71")],
        )

    @given(st.lists(signed_cents, min_size=1, max_size=8), st.lists(st.integers(1, 99), max_size=5))
    @settings(deadline=None)
    def test_discount_lines_are_taken_by_what_settles(self, items, cuts):
        due = sum(items)
        if due <= 0:
            return
        marks = sorted({(due * cut / 100).quantize(CENT) for cut in cuts} | {Decimal(0), due})
        sources = keyed([high - low for low, high in zip(marks, marks[1:], strict=False)])
        allocated = allocate_to_items(sources, keyed(items), CENT)
        for number, amount in sources:
            self.assertEqual(sum(a for s, _t, a in allocated if s == number), amount)
        self.assertEqual(parts_of(allocated, len(items)), items)
        self.assertFalse([a for s, _t, a in allocated if a < 0 and s != sources[-1][0]])


@tagged("post_install", "-at_install")
class TestAllocationSql(TransactionCase):
    def _rows(self, groups, which, step=None):
        values = [
            SQL("(%s, %s, %s, %s::numeric, %s::numeric)", group, number, number, str(amount), step)
            for group, sides in enumerate(groups)
            for number, amount in enumerate(sides[which])
        ]
        values = values or [SQL("(0, 0, 0, 0::numeric, 1::numeric)")]
        return SQL("SELECT * FROM (VALUES %s) AS given (allocation_key, id, seq, amount, step)", SQL(", ").join(values))

    def _allocate(self, groups):
        return self.env.execute_query(allocation_sql(self._rows(groups, 0), self._rows(groups, 1)))

    def test_sql_shares_as_python_does(self):
        groups = st.lists(st.tuples(st.lists(cents, max_size=5), st.lists(cents, max_size=5)), min_size=1, max_size=4)

        @given(groups)
        @settings(max_examples=60, deadline=None)
        def check(groups):
            expected = {
                (number, source, target, amount)
                for number, (sources, targets) in enumerate(groups)
                for source, target, amount in share(keyed(sources), keyed(targets), CENT)
            }
            rows = self.env.execute_query(share_sql(self._rows(groups, 0), self._rows(groups, 1, "0.01")))
            self.assertEqual({(*keys, Decimal(str(amount)).quantize(CENT)) for *keys, amount in rows}, expected)

        check()

    def test_sql_allocates_as_python_does(self):
        """One query over many groups gives what the Python version gives group by group."""
        groups = st.lists(st.tuples(st.lists(cents, max_size=6), st.lists(cents, max_size=6)), min_size=1, max_size=5)

        @given(groups)
        @settings(max_examples=60, deadline=None)
        def check(groups):
            expected = {
                (number, source, target, amount)
                for number, (sources, targets) in enumerate(groups)
                for source, target, amount in allocate(keyed(sources), keyed(targets))
            }
            rows = self._allocate(groups)
            allocated = {(*keys, Decimal(str(amount)).quantize(Decimal("0.01"))) for *keys, amount in rows}
            self.assertEqual(allocated, expected)

        check()

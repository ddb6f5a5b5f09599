"""The bulk path: what it refuses, which way each pair goes, whom it asks. See also test_bulk_same_as_odoo.py."""

import doctest
from decimal import Decimal
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo import Command
from odoo.addons.account_reconciliation.engine.reconcile_accounts import matching_groups
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from .common import ReconciliationCommon

things = st.integers(0, 12)


@tagged("post_install", "-at_install")
class TestGroups(BaseCase):
    def test_docstring_examples_hold(self):
        self.assertEqual(doctest.testmod(matching_groups).failed, 0)

    @given(st.lists(st.tuples(things, things), max_size=20))
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_same_as_merging_sets(self, pairs):
        merged = []
        for pair in pairs:
            met = [one for one in merged if one & set(pair)]
            merged = [one for one in merged if one not in met] + [set(pair).union(*met)]
        found = {}
        for thing, representative in matching_groups.group(pairs).items():
            found.setdefault(representative, set()).add(thing)
        self.assertEqual(sorted(map(sorted, found.values())), sorted(map(sorted, merged)))

    def test_a_long_chain(self):
        """Neither recursion nor a quadratic walk: a hundred thousand payments that each pay parts of two invoices."""
        found = matching_groups.group((number, number + 1) for number in range(100_000))
        self.assertEqual(len(set(found.values())), 1)


@tagged("post_install", "-at_install")
class TestBulk(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulk = cls.env["account.bulk.reconcile"]

    def pair(self, document, money, amount=None):
        money = money.move_id if money._name == "account.payment" else money
        return document._owed_lines().id, money._owed_lines().id, amount

    def odoo_path(self):
        """Watch Odoo's own method: how many pairs it is given."""
        given_pairs = []
        plan = type(self.env["account.move.line"])._reconcile_plan

        def watched(lines, reconciliation_plan):
            given_pairs.extend(reconciliation_plan)
            return plan(lines, reconciliation_plan)

        self.patch(type(self.env["account.move.line"]), "_reconcile_plan", watched)
        return given_pairs

    # -- what is asked for --------------------------------------------------------------------------------------------

    def test_pairs_with_and_without_amounts(self):
        """An invoice of 100 gets 30 of the first payment, and of the second whatever fits."""
        given_pairs = self.odoo_path()
        invoice = self.document([75, 25])
        first, second = self.payment(50), self.payment(200)
        written = self.bulk._reconcile([
            self.pair(invoice, first, Decimal(30)),
            self.pair(invoice, second),
        ])  # fmt: skip
        self.assertEqual([pair[2] for pair in written.pairs], [Decimal(30), Decimal(70)])
        self.assertFalse(written.why)
        self.assertFalse(given_pairs, "Odoo's own method was not needed")
        self.assertEqual(self.applied(invoice, first), [30, 0])
        self.assertEqual(self.applied(invoice, second), [45, 25])
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(first.move_id._owed_lines().amount_residual, -20)
        self.assertInvariants()

    def test_nothing_to_do(self):
        self.assertEqual(self.bulk._reconcile([]).pairs, [])

    def assertRefused(self, sentence, pairs):
        before = self.env["account.partial.reconcile"].search_count([])
        with self.assertRaisesRegex(UserError, sentence):
            self.bulk._reconcile(pairs)
        self.assertEqual(self.env["account.partial.reconcile"].search_count([]), before, "something was written")

    def test_what_can_not_be_is_refused_in_a_sentence(self):
        invoice, other = self.document([100]), self.document([50])
        payment = self.payment(60)
        good = self.pair(other, self.payment(50))
        bill = self.document([100], "in_invoice", partner=self.family)
        draft = self.document([100], post=False)
        for sentence, bad in (
            ("only .*60.00 of", self.pair(invoice, payment, Decimal(61))),
            ("above zero", self.pair(invoice, payment, Decimal(0))),
            ("above zero", self.pair(invoice, payment, Decimal(-5))),
            ("is not an amount", self.pair(invoice, payment, float("nan"))),
            ("only lines of one account", self.pair(invoice, bill)),
            ("one must be a debit", (*self.pair(invoice, payment)[1::-1], Decimal(5))),
            ("is not posted", self.pair(draft, payment)),
            ("doesn't exist any more", (invoice._owed_lines().id, 0, Decimal(5))),
        ):
            with self.subTest(sentence):
                self.assertRefused(sentence, [good, bad])

    def test_money_is_not_spent_twice(self):
        payment = self.payment(60)
        one, other = self.document([40]), self.document([40])
        self.assertRefused(
            "only .*20.00 of",
            [self.pair(one, payment, Decimal(40)), self.pair(other, payment, Decimal(40))],
        )

    # -- which way each pair goes -------------------------------------------------------------------------------------

    def test_taxes_due_on_payment_go_through_odoo_and_the_rest_in_bulk(self):
        self.company.tax_exigibility = True
        tax = self.env["account.tax"].create({
            "name": "on payment", "amount": 15, "tax_exigibility": "on_payment", "company_id": self.company.id,
            "cash_basis_transition_account_id": self.env["account.account"].create({
                "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True}).id,
        })  # fmt: skip
        given_pairs = self.odoo_path()
        taxed = self.document([{"price_unit": 100, "tax_ids": [Command.set(tax.ids)]}], date="2026-01-01")
        self.payment(115, date="2026-01-02")
        plain = self.document([80], date="2026-01-03")
        self.payment(80, date="2026-01-04")
        run = self.env["account.reconciliation.run"]._start(self.company)
        run._process()
        owed = [lines for lines in given_pairs if lines.account_id.account_type == "asset_receivable"]
        self.assertEqual(len(owed), 1)
        self.assertEqual((run.partial_count, run.odoo_count), (2, 1))
        self.assertIn("1 taxes that are due on payment", run.why_text)
        self.assertTrue(self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", taxed.id)]))
        self.assertEqual(plain.payment_state, "paid")
        self.assertInvariants()

    def test_a_split_that_the_caller_told_goes_through_odoo(self):
        given_pairs = self.odoo_path()
        chosen = self.bulk.with_context(reconciliation_splits={})
        invoice, payment = self.document([50, 50]), self.payment(100)
        written = chosen._reconcile([self.pair(invoice, payment)])
        self.assertFalse(written.why, "an empty split tells nothing")
        other, money = self.document([50, 50]), self.payment(100)
        items = other.reconciliation_item_ids
        key = self.pair(other, money)[:2]
        written = self.bulk.with_context(reconciliation_splits={key: {items[1].id: 50}})._reconcile([
            self.pair(other, money, Decimal(50))
        ])  # fmt: skip
        self.assertEqual(list(written.why.values()), ["chosen"])
        self.assertEqual(len(given_pairs), 1)
        self.assertEqual(self.applied(other, money), [0, 50])

    def test_an_addon_that_changes_how_odoo_reconciles_is_asked(self):
        """An override of another addon, or an automation rule: then Odoo's own method does it all."""
        given_pairs = self.odoo_path()
        model = type(self.env["account.partial.reconcile"])
        create = model.create

        def other_create(self, vals_list):
            return create(self, vals_list)

        other_create.__module__ = "odoo.addons.some_localisation.models.account_partial_reconcile"
        invoice, payment = self.document([50]), self.payment(50)
        with patch.object(model, "create", other_create):
            written = self.bulk._reconcile([self.pair(invoice, payment)])
        self.assertEqual(list(written.why.values()), ["addon"])
        self.assertEqual(len(given_pairs), 1)
        self.assertEqual(invoice.payment_state, "paid")

    # -- whom it asks -------------------------------------------------------------------------------------------------

    def test_other_addons_stored_fields_are_computed(self):
        """A stored field that depends on the payment state, as another addon would have it."""
        model = self.env["ir.model"]._get("account.move")
        self.env["ir.model.fields"].create({
            "name": "x_paid_note", "model_id": model.id, "ttype": "char", "store": True,
            "depends": "payment_state, amount_residual",
            "compute": "for one in self:\n    one['x_paid_note'] = '%s %s' % (one.payment_state, one.amount_residual)",
        })  # fmt: skip
        self.addCleanup(self.registry.reset_changes)
        invoice, payment = self.document([50]), self.payment(30)
        self.env.flush_all()
        self.bulk._reconcile([self.pair(invoice, payment)])
        self.env.flush_all()
        self.env.cr.execute("SELECT x_paid_note FROM account_move WHERE id = %s", [invoice.id])
        self.assertEqual(self.env.cr.fetchone()[0], "partial 20.0")

    def test_a_field_decided_by_an_override_is_computed_by_odoo(self):
        """An addon's own idea of when a document is paid is heard."""
        model = type(self.env["account.move"])
        compute = model._compute_payment_state

        def other_compute(self):
            compute(self)
            self.filtered(lambda move: move.payment_state == "paid").payment_state = "in_payment"

        other_compute.__module__ = "odoo.addons.some_addon.models.account_move"
        invoice, payment = self.document([50]), self.payment(50)
        with patch.object(model, "_compute_payment_state", other_compute):
            written = self.bulk._reconcile([self.pair(invoice, payment)])
            self.env.flush_all()
        self.assertFalse(written.why)
        self.assertEqual(invoice.payment_state, "in_payment")

    def test_paid_hook_is_called_for_the_newly_paid_only(self):
        paid, in_part = self.document([50]), self.document([50])
        called = self.env["account.move"]

        def hook(moves):
            nonlocal called
            called |= moves

        with patch.object(type(called), "_invoice_paid_hook", hook):
            self.bulk._reconcile([self.pair(paid, self.payment(50)), self.pair(in_part, self.payment(20))])
        self.assertEqual(called, paid)

    def test_a_schedule_is_shortened_by_money_that_comes_in_bulk(self):
        invoice = self.document([100])
        method = self.bank.inbound_payment_method_line_ids[:1]
        today = self.env["account.planned.payment"]._fields["due_date"].context_today(invoice)
        invoice.plan_payments([{"due_date": today, "amount": 100}], payment_method_line=method)
        self.bulk._reconcile([self.pair(invoice, self.payment(60))])
        self.assertEqual(invoice.planned_payment_ids.amount, 40)
        self.assertInvariants()

    # -- what it costs ------------------------------------------------------------------------------------------------

    def test_queries_do_not_grow_with_the_pairs(self):
        few = [self.pair(self.document([10]), self.payment(10)) for _number in range(2)]
        many = [self.pair(self.document([10]), self.payment(10)) for _number in range(12)]
        more = [self.pair(self.document([10]), self.payment(10)) for _number in range(2)]
        self.bulk._reconcile(few)  # what is read once is read now
        counts = []
        for pairs in (more, many):
            before = self.env.cr.sql_log_count
            self.bulk._reconcile(pairs)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 40)

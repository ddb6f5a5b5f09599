"""Many matches booked at once leave what ``match_with`` one by one leaves: random matches, compared row by row.

``BULK_BOOKINGS=100`` plays so many of them, ``BULK_BOOKINGS=17,42`` plays those two again.
"""

import os
import random
from collections import Counter
from contextlib import closing
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.common import odoo_methods
from ..models.bank_matching.account_bulk_booking import BOOKINGS_MIN
from .common.bank_matching import BankMatchingCommon
from .common.ledger_rows import TABLES, LedgerRows

SLICE = 24
LOGGER = "odoo.addons.account_reconciliation.models.bank_matching.account_bulk_booking"


def seeds():
    asked = os.environ.get("BULK_BOOKINGS", "2")
    return [int(seed) for seed in asked.split(",")] if "," in asked else range(int(asked))


@tagged("post_install", "-at_install")
class TestBulkBooking(LedgerRows, BankMatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-02-01", 0.8)])
        cls.euro_bank = cls.bank.copy({"name": "Euro", "code": "EURB", "currency_id": cls.euro.id})
        cls.two_dates = cls.payment_terms((30, 0), (70, 20))
        cls.discounted = cls.env["account.payment.term"].create({
            "name": "2 % in 60 days", "early_discount": True, "discount_percentage": 2, "discount_days": 60,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 90})],
        })  # fmt: skip
        cls.tax = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": cls.company.id})
        cls.other = cls.env["res.partner"].create({"name": "Roy family"})
        cls.bulk = cls.env["account.bulk.booking"]

    def test_random_matches(self):
        self.seen = Counter()
        for seed in seeds():
            with self.subTest(seed=seed), closing(self.env.cr.savepoint()):
                self.random = random.Random(seed)
                matches = self.make_matches()
                by_odoo = self.run_path(matches, self.one_by_one)
                in_bulk = self.run_path(matches, self.at_once)
                differences = [
                    difference
                    for table in TABLES
                    for difference in self.differences(table, in_bulk[table], by_odoo[table])
                ]
                self.assertFalse(
                    differences[:20], f"seed {seed}: (table, row, column, in bulk, one by one); {len(differences)}"
                )
            self.env.invalidate_all(flush=False)
        self.assertGreater(self.seen["bulk"], self.seen["all"] * 0.3, self.seen)

    # -- the ledger ---------------------------------------------------------------------------------------------------

    def make_matches(self):
        """Bank transactions and what each is to be matched with.

        :return: list of (account.bank.statement.line, list of records)
        """
        rng = self.random
        if rng.random() < 0.2:
            self.company.fiscalyear_lock_date = fields.Date.to_date("2026-01-31")
        return [self.make_match(number) for number in range(SLICE)]

    def make_match(self, number):
        rng = self.random
        kind = rng.choices(["out_invoice", "in_invoice", "out_refund", "in_refund", "payment"], [14, 5, 1, 1, 2])[0]
        partner = self.vendor if kind.startswith("in") else rng.choice([self.family, self.member, self.other])
        if kind == "payment":
            record = self.payment(20 + number, partner=partner)
            records, amount, sign = [record], 20 + number, 1
        else:
            values = {}
            if rng.random() < 0.15:
                values["invoice_payment_term_id"] = rng.choice([self.two_dates, self.discounted]).id
            if rng.random() < 0.08:
                values["currency_id"] = self.euro.id
            prices = [{"price_unit": rng.choice([10, 33.33, 66.67, 75, 99.99, 0.01])} for _ in range(rng.randint(1, 3))]
            if rng.random() < 0.2:
                prices[0]["tax_ids"] = [Command.set(self.tax.ids)]
            records = [self.document(prices, kind, partner=partner, **values)]
            if rng.random() < 0.15:
                records.append(self.document([rng.choice([5, 40])], kind, partner=partner))
            amount = sum(record.amount_residual for record in records)
            sign = 1 if kind in ("out_invoice", "in_refund") else -1
        amount = round(amount * rng.choices([1, 0.5, 1.25, 0.98], [12, 2, 2, 1])[0], 2) if kind != "payment" else amount
        values = {"partner_id": rng.choice([partner.id, False])}
        journal = self.euro_bank if rng.random() < 0.08 else self.bank
        if rng.random() < 0.08:
            values |= {"foreign_currency_id": (self.bank.currency_id or self.company.currency_id if journal != self.bank
                                               else self.euro).id, "amount_currency": sign * amount}  # fmt: skip
        line = self.transaction(
            sign * amount, rng.choice([f"No {number}", ""]), journal=journal, date=f"2026-0{rng.choice([1, 2])}-20",
            ref=rng.choice(["R", False]), **values,
        )  # fmt: skip
        if rng.random() < 0.1:
            line.sudo().checked = False
        return line, records

    # -- the two ways -------------------------------------------------------------------------------------------------

    def run_path(self, matches, way):
        """Book by one way, read everything, and undo it."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        with closing(self.env.cr.savepoint()):
            self.env.invalidate_all()
            way(matches)
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.flush_all()
            self.assertFalse(self.env["account.bank.match.decision"].with_user(self.accountant).verify_chains())
            self.assertInvariants()
            result = self.read_all()
        self.env.invalidate_all(flush=False)
        return result

    def one_by_one(self, matches):
        self.refused = set()
        for line, records in matches:
            try:
                with self.env.cr.savepoint():
                    line.match_with(records)
            except UserError:
                self.env.invalidate_all(flush=False)
                self.refused.add(line.id)

    def at_once(self, matches):
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        bookings = []
        for line, records in matches:
            try:
                bookings.append(line._plan_match(line._match_records(records)))
            except UserError:
                self.assertIn(line.id, self.refused)
        write, seen = type(self.bulk)._write, self.seen

        def watched(bulk, bookings, *rest):
            seen["bulk"] += len(bookings)
            return write(bulk, bookings, *rest)

        with patch.object(type(self.bulk), "_write", watched), self.assertNoLogs(LOGGER, "WARNING"):
            booked, _refused = lines._book_safely(bookings)
        self.seen["all"] += len(booked)
        self.assertEqual({line.id for line, _records in matches} - {one.line.id for one in booked}, self.refused)

    # -- what goes by Odoo --------------------------------------------------------------------------------------------

    def in_bulk(self, count=BOOKINGS_MIN + 2):
        """Book simple matches at once.

        :return: how many were written in bulk
        """
        matches = []
        for number in range(count):
            invoice = self.document([20 + number])
            matches.append((self.transaction(20 + number, f"No {number}"), [invoice]))
        self.seen, self.refused = Counter(), set()
        self.at_once(matches)
        for line, _records in matches:
            self.assertBooked(line)
        return self.seen["bulk"]

    def test_all_but_the_first_of_a_kind_are_booked_at_once(self):
        self.assertEqual(self.in_bulk(), BOOKINGS_MIN + 1)

    def test_few_matches_are_booked_by_odoo(self):
        self.assertEqual(self.in_bulk(BOOKINGS_MIN - 1), 0)

    def test_another_odoo_turns_it_off(self):
        change = odoo_methods.Change("account.move.line.unlink", "account", "1", "2")
        self.assertTrue(change.is_of("booking"))
        self.assertFalse(change.is_of("import") or change.is_of("bulk"))
        with patch.object(self.env.registry, "account_reconciliation_changes", [change]):
            self.assertEqual(self.in_bulk(), 0)

    def test_a_method_of_another_addon_turns_it_off(self):
        model = type(self.env["account.move.line"])
        unlink = model.unlink

        def other_unlink(items):
            return unlink(items)

        other_unlink.__module__ = "odoo.addons.some_localisation.models.account_move_line"
        with patch.object(model, "unlink", other_unlink):
            self.assertEqual(self.in_bulk(), 0)

    def test_analytic_distribution_models_turn_it_off(self):
        plan = self.env["account.analytic.plan"].create({"name": "Camps"})
        camp = self.env["account.analytic.account"].create({"name": "Summer camp", "plan_id": plan.id})
        self.env["account.analytic.distribution.model"].create({
            "partner_id": self.family.id, "analytic_distribution": {str(camp.id): 100},
        })  # fmt: skip
        self.assertEqual(self.in_bulk(), 0)

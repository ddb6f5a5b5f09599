"""I7: the bulk path leaves what Odoo's own method leaves. Random ledgers, both paths, compared row by row.

``BULK_LEDGERS=2000`` plays so many of them, ``BULK_LEDGERS=17,42`` plays those two again.
"""

import os
import random
from collections import Counter
from unittest.mock import patch

from odoo import Command, fields
from odoo.addons.account_reconciliation.engine.common.odoo_types import OWED_ACCOUNT_TYPES
from odoo.addons.account_reconciliation.engine.reconcile_accounts import plan_sql
from odoo.addons.account_reconciliation.models.items.res_company import ALLOCATION_ORDERS
from odoo.tests import tagged

from .common import ReconciliationCommon
from .common.ledger_rows import TABLES, LedgerRows


def seeds():
    # In 186 one of two pairs of a document goes through Odoo's own method.
    asked = os.environ.get("BULK_LEDGERS", "0,1,2,3,4,5,6,7,8,9,10,11,186")
    return [int(seed) for seed in asked.split(",")] if "," in asked else range(int(asked))


@tagged("post_install", "-at_install")
class TestBulkSameAsOdoo(LedgerRows, ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[
            ("2026-01-01", 0.9), ("2026-02-01", 0.8), ("2026-03-01", 1.1)])  # fmt: skip
        cls.other_company = cls.setup_other_company(name="Second rink")["company"]
        cls.tax = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": cls.company.id})
        cls.purchase_tax = cls.tax.copy({"type_tax_use": "purchase"})
        cls.company.tax_exigibility = True
        transition = cls.env["account.account"].create({
            "name": "Transition", "code": "TRANS", "account_type": "liability_current", "reconcile": True,
        })  # fmt: skip
        cls.late_tax = cls.env["account.tax"].create({
            "name": "on payment", "amount": 15, "tax_exigibility": "on_payment", "company_id": cls.company.id,
            "cash_basis_transition_account_id": transition.id,
        })  # fmt: skip
        cls.two_dates = cls.payment_terms((30, 0), (70, 20))
        cls.clients = cls.family | cls.env["res.partner"].create([{"name": "Roy family"}, {"name": "Gagnon family"}])

    def test_random_ledgers(self):
        self.seen = Counter()
        asked = list(seeds())
        for seed in asked:
            savepoint = self.env.cr.savepoint()
            try:
                with self.subTest(seed=seed):
                    self.play(seed)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
        if len(asked) >= 16:
            for what in (
                "bulk",
                "currency",
                "cash_basis",
                "shared",
                "second company",
                "old group",
                "chatter by Odoo",
                "chatter in bulk",
                *dict(ALLOCATION_ORDERS),
            ):
                self.assertTrue(self.seen[what], f"no ledger had any: {what}")

    def play(self, seed):
        self.random = random.Random(seed)
        self.make_ledger()
        self.choose_orders(random.Random(-seed))
        companies = self.company | self.other_company
        waterfall = [
            (row[2], row[3], row[6]) for row in self.env.execute_query(plan_sql.plan(companies.ids))
        ]  # fmt: skip
        for what, pairs in (("waterfall", waterfall), ("any pairs", self.any_pairs())):
            by_odoo = self.run_path(pairs, patched=True)
            in_bulk = self.run_path(pairs, patched=False)
            self.assertFalse(
                [
                    difference
                    for table in TABLES
                    for difference in self.differences(table, in_bulk[table], by_odoo[table])
                ],
                f"seed {seed}, {what}, {len(pairs)} pairs: (table, row, column, in bulk, by Odoo)",
            )
            self.assertEqual(in_bulk["hook"], by_odoo["hook"], f"seed {seed}, {what}: _invoice_paid_hook")

    def any_pairs(self):
        """Pairs in no order, of any clients, of any part of what is open, as a program might ask for them."""
        rng = self.random
        domain = [
            ("account_id.account_type", "in", OWED_ACCOUNT_TYPES),
            ("parent_state", "=", "posted"), ("reconciled", "=", False),
        ]  # fmt: skip
        lines = self.env["account.move.line"].search(domain).sorted("id")
        left = {line: line._open_amount() for line in lines}
        pairs = {}
        for _number in range(40):
            debit, credit = rng.choice(lines), rng.choice(lines)
            if (
                debit.amount_residual_currency > 0 > credit.amount_residual_currency
                and debit.amount_residual > 0 > credit.amount_residual
                and (debit.account_id, debit.currency_id) == (credit.account_id, credit.currency_id)
                and (debit.id, credit.id) not in pairs
            ):
                amount = min(left[debit], left[credit])
                if rng.random() < 0.4:
                    amount = debit.currency_id._exact(amount * rng.randint(1, 99) / 100)
                if amount:
                    pairs[debit.id, credit.id] = (debit.id, credit.id, amount)
                    left[debit] -= amount
                    left[credit] -= amount
        return list(pairs.values())

    def run_path(self, pairs, patched):
        """Reconcile the pairs by one path, read everything, and undo it."""
        hooks = []
        bulk = self.env["account.bulk.reconcile"].with_context(tracking_disable=False, mail_notrack=False)
        savepoint = self.env.cr.savepoint()
        try:
            with (
                patch.object(type(bulk), "_hooked", lambda self: patched),
                patch.object(
                    type(self.env["account.move"]), "_invoice_paid_hook", lambda moves: hooks.extend(moves.ids)
                ),
            ):
                written = bulk._reconcile(pairs)
            self.env.flush_all()
            left_to_odoo = self.env.cr.precommit.data.get("mail.tracking.account.move", {})
            self.env.cr.precommit.run()
            self.env.flush_all()
            if not patched:
                self.seen.update(written.why.values())
                self.seen["chatter by Odoo" if left_to_odoo else "chatter in bulk"] += 1
                self.seen["bulk"] += len(written.pairs) - len(written.why)
                self.assertInvariants()
            result = self.read_all()
            names = result.pop("name of move")
            result["hook"] = sorted(names[move] for move in hooks)
            return result
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # -- the ledger ---------------------------------------------------------------------------------------------------

    def make_ledger(self):
        rng = self.random
        self.late_taxes = rng.choice([0, 0.05, 0.3])
        for _number in range(rng.randint(4, 8)):
            self.make_document()
        for _number in range(rng.randint(3, 7)):
            self.make_money()
        if rng.random() < 0.5:
            self.make_history()
        if rng.random() < 0.4:
            self.make_in_other_company()
        if rng.random() < 0.2:
            document = self.env["account.move"].search([("move_type", "=", "out_invoice")], limit=1)
            paid = self.env.ref("account.mt_invoice_paid")
            document.message_subscribe(self.env.user.partner_id.ids, paid.ids)
        self.env.flush_all()
        self.env.cr.precommit.run()

    def choose_orders(self, rng):
        """Every third ledger is paid in listed order; in the others companies and clients have orders of their own."""
        if not rng.randrange(3):
            return
        orders = [order for order, _name in ALLOCATION_ORDERS]
        for company in self.company | self.other_company:
            company.allocation_order = rng.choice(orders)
            for owner in self.clients | self.vendor:
                owner.with_company(company).allocation_order = rng.choice([*orders, False, False])
                self.seen[owner._allocation_order(company)] += 1

    def one(self, records):
        return self.random.choice(records.sorted("id"))

    def client(self):
        owner = self.one(self.clients)
        return self.member if owner == self.family and self.random.random() < 0.3 else owner

    def day(self):
        return f"2026-{self.random.randint(1, 3):02}-{self.random.randint(1, 28):02}"

    def foreign(self):
        return {"currency_id": self.euro.id} if self.random.random() < 0.2 else {}

    def make_document(self):
        rng = self.random
        kind = rng.choices(
            ["out_invoice", "out_refund", "out_receipt", "in_invoice", "in_refund", "entry"], [12, 3, 1, 4, 1, 1]
        )[0]
        if kind == "entry":
            self.make_opening_entry()
            return
        sale = kind.startswith("out")
        prices = []
        for _number in range(rng.randint(1, 3)):
            price = {"price_unit": rng.choice([10, 20, 33.33, 66.67, 75, 99.99, 0.01])}
            if rng.random() < 0.3:
                price["tax_ids"] = [Command.set((self.tax if sale else self.purchase_tax).ids)]
            elif sale and rng.random() < self.late_taxes:
                price["tax_ids"] = [Command.set(self.late_tax.ids)]
            prices.append(price)
        if rng.random() < 0.2:
            prices[0]["price_unit"] = max(prices[0]["price_unit"], 20)
            prices.append({"price_unit": -rng.choice([0.01, 5, 7.77])})
        values = self.foreign()
        if rng.random() < 0.2:
            values["invoice_payment_term_id"] = self.two_dates.id
        self.document(prices, kind, partner=self.client() if sale else self.vendor, date=self.day(), **values)

    def make_opening_entry(self):
        amount = self.random.choice([15, 80.5]) * self.random.choice([1, -1])
        receivable = self.company_data["default_account_receivable"]
        self.env["account.move"].create({
            "move_type": "entry", "date": self.day(), "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.client().id, "balance": amount}),
                Command.create({"account_id": self.swim_code.id, "balance": -amount}),
            ],
        }).action_post()  # fmt: skip

    def make_money(self):
        rng = self.random
        if rng.random() < 0.15:
            self.make_bank_entry()
            return
        side, direction = rng.choices(
            [("customer", "inbound"), ("customer", "outbound"), ("supplier", "outbound")], [8, 1, 3]
        )[0]
        partner = self.client() if side == "customer" else self.vendor
        amount = rng.choice([5, 20, 50.01, 75, 100, 150, 33.33])
        self.payment(amount, partner=partner, direction=direction, partner_type=side, date=self.day(), **self.foreign())

    def make_bank_entry(self):
        """A bank transaction whose other side is the client's account: it pays by itself."""
        line = self.env["account.bank.statement.line"].create({
            "journal_id": self.bank.id, "date": self.day(), "amount": self.random.choice([40, 75, 300]),
            "payment_ref": "transfer", "partner_id": self.client().id,
        })  # fmt: skip
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.company_data["default_account_receivable"]

    def make_history(self):
        """What was reconciled before: pairs within a client's account, currencies mixed, some in part."""
        rng = self.random
        for _number in range(rng.randint(1, 3)):
            lines = self.env["account.move.line"].search([
                ("account_id.account_type", "in", OWED_ACCOUNT_TYPES),
                ("parent_state", "=", "posted"), ("reconciled", "=", False), ("company_id", "=", self.company.id),
            ])  # fmt: skip
            debit = self.one(lines.filtered(lambda line: line.amount_residual > 0) or lines)
            credits_ = lines.filtered(
                lambda line, debit=debit: (
                    line.amount_residual < 0
                    and line.account_id == debit.account_id
                    and line.partner_id.commercial_partner_id == debit.partner_id.commercial_partner_id
                )
            )
            if debit.amount_residual > 0 and credits_:
                (debit | self.one(credits_)).reconcile()
                self.seen["old group"] += 1

    def make_in_other_company(self):
        here = {"company_id": self.other_company.id}
        with_company = self.env(context={**self.env.context, "allowed_company_ids": self.other_company.ids})
        family = self.family.with_env(with_company)
        day = self.day()
        invoice = with_company["account.move"].create({
            "move_type": "out_invoice", "partner_id": family.id, "invoice_date": day, "date": day, **here,
            "invoice_line_ids": [Command.create({"name": "skates", "price_unit": 60, "tax_ids": []})],
        })  # fmt: skip
        invoice.action_post()
        journal = with_company["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", here["company_id"])], limit=1
        )
        with_company["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": family.id, "amount": 45,
            "date": fields.Date.to_date(day), "journal_id": journal.id,
        }).action_post()  # fmt: skip
        self.seen["second company"] += 1

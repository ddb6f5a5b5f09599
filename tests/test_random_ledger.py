"""Random sequences of whatever people do, on seeds that can be replayed; every invariant after every step.

``RANDOM_LEDGER_SEEDS=100`` runs more of them, ``RANDOM_LEDGER_SEEDS=17,42`` runs those two again.
"""

import os
import random
from collections import defaultdict
from decimal import Decimal

from odoo import Command
from odoo.addons.account_reconciliation.engine.common.odoo_types import OWED_ACCOUNT_TYPES
from odoo.addons.account_reconciliation.models.items.res_company import ALLOCATION_ORDERS
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ReconciliationCommon
from .common.reports import ReportChecks

STEPS = 40


def seeds():
    asked = os.environ.get("RANDOM_LEDGER_SEEDS", "3")
    return [int(seed) for seed in asked.split(",")] if "," in asked else range(int(asked))


def exact(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))


@tagged("post_install", "-at_install")
class TestRandomLedger(ReconciliationCommon, ReportChecks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[
            ("2026-01-01", 0.9), ("2026-02-01", 0.8), ("2026-03-01", 1.1)])  # fmt: skip
        cls.tax = cls.env["account.tax"].create({"name": "13 %", "amount": 13, "company_id": cls.company.id})
        cls.purchase_tax = cls.tax.copy({"type_tax_use": "purchase"})
        cls.clients = cls.family | cls.env["res.partner"].create({"name": "Roy family"})

    def test_random_sequences(self):
        done = defaultdict(int)
        for seed in seeds():
            savepoint = self.env.cr.savepoint()
            try:
                with self.subTest(seed=seed):
                    self.play(seed, done)
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
        if len(list(seeds())) >= 6:
            never = {name for name, _weight in self.OPERATIONS} - set(done)
            self.assertFalse(never, "operations that never found anything to do")

    def play(self, seed, done):
        self.random = random.Random(seed)
        self.moves = self.env["account.move"]
        # Its own stream, so that a seed keeps the steps that it has always had.
        self.company.allocation_order = random.Random(-seed).choice([order for order, _name in ALLOCATION_ORDERS])
        names, weights = zip(*self.OPERATIONS, strict=True)
        step, history = 0, []
        while step < STEPS:
            name = self.random.choices(names, weights)[0]
            try:
                touched = getattr(self, name)()
                if touched is None:
                    continue
                step += 1
                history.append(name)
                done[name] += 1
                self.moves |= touched
                self.check(touched | self.counterparts(touched))
            except Exception as error:
                raise AssertionError(
                    f"seed {seed}, step {step}, {name}: {error!r}\nafter {', '.join(history)}"
                ) from error
        try:
            self.check(self.moves)
            self.assertReportsTie(self.company)
            self.take_everything_back()
        except Exception as error:
            raise AssertionError(f"seed {seed}, at the end: {error!r}\nafter {', '.join(history)}") from error

    # -- what people do -----------------------------------------------------------------------------------
    # Each returns the moves that it touched, or None where there is nothing of the kind to do.

    def new_document(self):
        rng = self.random
        move_type = rng.choices(
            ["out_invoice", "out_refund", "out_receipt", "in_invoice", "in_refund"], [10, 3, 1, 4, 1]
        )[0]
        tax = self.tax if move_type.startswith("out") else self.purchase_tax
        prices = []
        for _number in range(rng.randint(1, 4)):
            price = {"price_unit": rng.choice([10, 20, 33.33, 66.67, 75, 99.99, 0.01])}
            if rng.random() < 0.3:
                price["tax_ids"] = [Command.set(tax.ids)]
            if rng.random() < 0.2:
                price["quantity"] = 3
            prices.append(price)
        if len(prices) > 1 and rng.random() < 0.3:
            prices.append({"price_unit": -rng.choice([0.01, 5, 7.77])})
            prices[0]["price_unit"] = max(prices[0]["price_unit"], 10)
        values = {"currency_id": self.euro.id} if rng.random() < 0.3 else {}
        partner = self.client() if move_type.startswith("out") else self.vendor
        return self.document(prices, move_type, partner=partner, date=self.date(), **values)

    def new_payment(self):
        rng = self.random
        side, direction = rng.choices(
            [("customer", "inbound"), ("customer", "outbound"), ("supplier", "outbound"), ("supplier", "inbound")],
            [8, 1, 3, 1],
        )[0]
        values = {"currency_id": self.euro.id} if rng.random() < 0.3 else {}
        amount = rng.choice([5, 20, 50.01, 100, 150, 33.33])
        partner = self.client() if side == "customer" else self.vendor
        return self.payment(
            amount, partner=partner, direction=direction, partner_type=side, date=self.date(), **values
        ).move_id

    def register_part_or_all(self):
        document = self.one(self.open_documents())
        if not document:
            return None
        amount = None
        if self.random.random() < 0.6:
            amount = round(self.random.uniform(0.01, document.amount_residual), 2)
        values = {"payment_date": max(self.date(), str(document.date))}
        if self.random.random() < 0.2:
            values["currency_id"] = self.random.choice([self.euro, self.company.currency_id]).id
        return document | self.register_payment(document, amount, **values).move_id

    def assign_outstanding(self):
        document = self.one(self.open_documents())
        line = document and self.one(self.counterpart_lines(document, same_currency=False))
        if not line:
            return None
        document.js_assign_outstanding_line(line.id)
        return document | line.move_id

    def reconcile_account(self):
        """I5: a second run changes nothing. I6: what a run did can be undone."""
        owner = self.one(self.clients | self.vendor)
        partials = self.env["account.partial.reconcile"]
        moves = self.moves.filtered(lambda move: move.commercial_partner_id == owner)
        before, known = self.ledger(moves), partials.search([])
        owner.action_reconcile_account()
        after = self.snapshot(moves)
        self.check(moves)
        again = owner.action_reconcile_account()
        self.assertEqual(again["partials"], 0, "I5: the second run found something to do")
        self.assertEqual(self.snapshot(moves), after, "I5: the second run changed something")
        if self.random.random() < 0.5:
            (partials.search([]) - known).exists().unlink()
            self.assertEqual(self.ledger(moves), before, "I6: the run could not be undone")
        return moves

    def modify(self):
        document = self.one(self.posted_documents())
        if not document:
            return None
        partials = document._partials_with()
        own = document._owed_lines()
        current = (partials.debit_move_id | partials.credit_move_id) - own
        money = self.one(
            (current | self.counterpart_lines(document)).filtered(lambda line: line.currency_id == own.currency_id)
        )
        if not money or money.account_id != own.account_id:
            return None
        applied = {item: self.applied_by(money, item) for item in document.reconciliation_item_ids}
        now = sum(applied.values(), Decimal(0))
        open_of_document = abs(sum(own.mapped("amount_residual_currency")))
        limit = now + min(exact(abs(money.amount_residual_currency)), exact(open_of_document))
        split, total = {}, Decimal(0)
        # Discount lines first: what they give back can be applied to other items.
        for item in document.reconciliation_item_ids.sorted("amount_total"):
            room = exact(item.amount_residual) + applied[item]
            part = exact(room * Decimal(str(self.random.choice([0, 0.25, 0.5, 1, 1]))))
            part = min(part, limit - total)
            if part:
                split[item.id] = float(part)
                total += part
        if total < 0:
            return None
        document._modify_reconciliations([{"document": document, "money": money, "split": split}])
        after = {item.id: self.applied_by(money, item) for item in document.reconciliation_item_ids}
        self.assertEqual({item: float(part) for item, part in after.items() if part}, split if total else {})
        return document | money.move_id

    def applied_by(self, money, item):
        lines = item.reconciliation_line_ids.filtered(lambda line: line.counterpart_line_id == money)
        return exact(sum(lines.mapped("amount_currency")))

    def delete_one(self):
        document = self.one(self.posted_documents().filtered(lambda move: move._partials_with()))
        if not document:
            return None
        touched = document | self.counterparts(document)
        counterpart = self.one(self.counterparts(document))
        document.action_delete_reconciliations(counterpart.id)
        return (touched | document).exists()

    def delete_all(self):
        document = self.one(self.posted_documents().filtered(lambda move: move._partials_with()))
        if not document:
            return None
        touched = document | self.counterparts(document)
        document.action_delete_reconciliations()
        self.assertFalse(document._partials_with())
        return touched.exists()

    def unreconcile_as_odoo_does(self):
        lines = self.moves._owed_lines()
        line = self.one(lines.filtered(lambda line: line.matched_debit_ids or line.matched_credit_ids))
        if not line:
            return None
        touched = line.move_id | self.counterparts(line.move_id)
        line.remove_move_reconcile()
        return touched.exists()

    def reset_and_repost(self):
        move = self.one(self.moves.filtered(lambda move: move.state == "posted"))
        if not move:
            return None
        touched = move | self.counterparts(move)
        (move.origin_payment_id.action_draft if move.origin_payment_id else move.button_draft)()
        self.check(touched)
        (move.origin_payment_id or move).action_post()
        return touched.exists()

    def reset_change_price_and_repost(self):
        move = self.one(self.posted_documents())
        if not move:
            return None
        touched = move | self.counterparts(move)
        move.button_draft()
        line = move.invoice_line_ids[0]
        try:
            with self.env.cr.savepoint():
                line.price_unit = max(0.01, line.price_unit * self.random.choice([0.5, 1.5]))
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()  # Odoo may refuse to change what is reconciled
        self.check((touched | self.counterparts(move)).exists())
        move.action_post()
        return touched.exists()

    def cancel(self):
        move = self.one(self.moves.filtered(lambda move: move.state == "posted"))
        if not move:
            return None
        touched = move | self.counterparts(move)
        if move.origin_payment_id:
            move.origin_payment_id.action_cancel()
        else:
            move.button_draft()
            move.button_cancel()
        return touched.exists()

    OPERATIONS = [
        ("new_document", 10),
        ("new_payment", 7),
        ("register_part_or_all", 6),
        ("assign_outstanding", 6),
        ("reconcile_account", 3),
        ("modify", 9),
        ("delete_one", 3),
        ("delete_all", 1),
        ("unreconcile_as_odoo_does", 2),
        ("reset_and_repost", 3),
        ("reset_change_price_and_repost", 2),
        ("cancel", 1),
    ]

    # -- choosing -----------------------------------------------------------------------------------------

    def one(self, records):
        return self.random.choice(records.sorted("id")) if records else records

    def client(self):
        owner = self.one(self.clients)
        return self.member if owner == self.family and self.random.random() < 0.3 else owner

    def date(self):
        return f"2026-{self.random.randint(1, 3):02}-{self.random.randint(1, 28):02}"

    def posted_documents(self):
        return self.moves.filtered(lambda move: move.state == "posted" and move.is_invoice(True))

    def open_documents(self):
        return self.posted_documents().filtered(lambda move: move.amount_residual > 0)

    def counterpart_lines(self, document, same_currency=True):
        """Open lines of the account on the opposite side."""
        own = document._owed_lines()[:1]
        return self.moves._owed_lines().filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.partner_id.commercial_partner_id == own.partner_id.commercial_partner_id
                and line.account_id == own.account_id
                and line.balance * own.balance < 0
                and line.amount_residual * own.balance < 0
                and (line.currency_id == own.currency_id or not same_currency)
            )
        )

    def counterparts(self, moves):
        partials = moves._owed_lines().matched_debit_ids | moves._owed_lines().matched_credit_ids
        return (partials.debit_move_id | partials.credit_move_id).move_id - moves

    def ledger(self, moves):
        """The snapshot without the state of payments: Odoo leaves a payment “paid” that is no longer applied in full,
        until the next reconciliation is undone."""
        moves_read, lines_read, payments_read = self.snapshot(moves)
        return moves_read, lines_read, [{**payment, "state": None} for payment in payments_read]

    # -- what must hold -----------------------------------------------------------------------------------

    def check(self, moves):
        moves = moves.exists()
        self.assertInvariants(moves)
        for move in moves:
            self.assertEqual(move.reconciliation_status, self.status_by_hand(move), f"I4 {move.name}")
            self.check_residuals(move)

    def check_residuals(self, move):
        """What Odoo keeps as open is what the partials leave, and nothing is applied twice."""
        for line in move._owed_lines() if move.state == "posted" else []:
            self.assertEqual(
                (exact(line.amount_residual), exact(line.amount_residual_currency)), self.open_by_hand(line), line.name
            )

    def open_by_hand(self, line):
        self.env.cr.execute(
            "SELECT debit_move_id = %s, amount, debit_amount_currency, credit_amount_currency"
            " FROM account_partial_reconcile WHERE %s IN (debit_move_id, credit_move_id)",
            [line.id, line.id],
        )
        balance, amount_currency = exact(line.balance), exact(line.amount_currency)
        for is_debit, amount, debit_currency, credit_currency in self.env.cr.fetchall():
            balance += -exact(amount) if is_debit else exact(amount)
            amount_currency += -exact(debit_currency) if is_debit else exact(credit_currency)
        return balance, amount_currency

    def status_by_hand(self, move):
        """I4, from the partials alone: the addon's SQL, items and lines are not asked."""
        lines = move.line_ids.filtered(lambda line: line.account_id.account_type in OWED_ACCOUNT_TYPES)
        if not lines:
            return False
        if move.state != "posted":
            return "not_reconciled"
        left = [self.open_by_hand(line) for line in lines]
        if not any(amount for line in left for amount in line):
            return "full"
        whole = [(exact(line.balance), exact(line.amount_currency)) for line in lines]
        return "not_reconciled" if left == whole else "partial"

    def take_everything_back(self):
        """I6: without its reconciliations the ledger is as if nothing had ever been reconciled."""
        self.moves.exists()._owed_lines().remove_move_reconcile()
        moves = self.moves.exists()
        self.check(moves)
        # What Odoo booked as an exchange difference it has reversed, and reconciled with its reversal.
        differences = self.company.currency_exchange_journal_id
        for move in moves.filtered(lambda move: move.state == "posted" and move.journal_id != differences):
            self.assertEqual(move.reconciliation_status, "not_reconciled", move.name)
            self.assertFalse(any(self.applied(move)), move.name)
        self.assertFalse(
            self.env["account.reconciliation.line"].search([("move_id", "in", moves.ids)], limit=1)
        )  # fmt: skip

"""Whatever is typed, sent or done at a bad moment: a clear sentence, and nothing changed."""

import threading
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.exceptions import MissingError, UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, Form, HttpCase, JsonRpcException, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from .common import ReconciliationCommon

NOT_AMOUNTS = [float("nan"), float("inf"), float("-inf")]


class BadInputCommon(ReconciliationCommon):
    @contextmanager
    def assertRefused(self, moves, words, exception=UserError):
        """A sentence with these words (a regular expression), and the ledger as it was, field by field."""
        was = self.snapshot(moves), self.counts()
        with self.assertRaisesRegex(exception, words) as caught, self.env.cr.savepoint():
            yield caught
        self.env.invalidate_all()
        self.assertEqual((self.snapshot(moves), self.counts()), was)
        self.assertNotIn("Traceback", str(caught.exception))

    def counts(self):
        models = ("account.move", "account.payment", "account.partial.reconcile", "account.reconciliation.line")
        return [self.env[model].search_count([]) for model in models]

    def modify(self, document, money_line, split):
        document._modify_reconciliations([{"document": document, "money": money_line, "split": split}])

    def make_payment(self, amount, ticked=(), **values):
        form = Form(self.env["account.make.payment"].with_context(
            default_partner_id=self.family.id, make_payment_move_ids=[move.id for move in ticked]))  # fmt: skip
        form.amount = amount
        form.journal_id = self.bank
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def table(self, move):
        wizard = self.env["account.reconciliation.modify"].create({"move_id": move.id})
        wizard.mapped("line_ids")  # as the dialog shows them
        return wizard


@tagged("post_install", "-at_install")
class TestBadInput(BadInputCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.document([75, 75, 20])
        cls.items = cls.invoice.reconciliation_item_ids.sorted("sequence")
        cls.deposit = cls.payment(100)
        cls.money = cls.deposit.move_id._owed_lines()
        cls.moves = cls.invoice | cls.deposit.move_id

    # -- amounts ------------------------------------------------------------------------------------------

    def test_negative_and_zero_payments(self):
        for amount in (0, -5, 0.004):
            wizard = self.make_payment(amount)
            with self.assertRefused(self.moves, "above zero"):
                wizard.action_pay()

    def test_negative_amount_of_an_item(self):
        with self.assertRefused(self.moves, "less than zero"):
            self.modify(self.invoice, self.money, {self.items[0].id: -5})
        with self.assertRefused(self.moves, "item 1"):
            self.modify(self.invoice, self.money, {self.items[0].id: -5, self.items[1].id: 50})

    def test_not_a_number(self):
        for amount in NOT_AMOUNTS:
            with self.assertRefused(self.moves, "not an amount"):
                self.modify(self.invoice, self.money, {self.items[0].id: amount})

    def test_pair_of_no_amount(self):
        line = self.invoice._owed_lines()
        for amount in (Decimal(0), Decimal(-5), Decimal("NaN"), Decimal("Infinity")):
            with self.assertRefused(self.moves, "above zero"):
                line._reconcile_pairs([{"debit": line, "credit": self.money, "amount": amount}])

    def test_over_the_open_amount_of_the_item(self):
        with self.assertRefused(self.moves, "item 3.*20.00"):
            self.modify(self.invoice, self.money, {self.items[2].id: 20.01})

    def test_over_the_open_amount_of_the_money(self):
        with self.assertRefused(self.moves, f"{self.deposit.name}|{self.invoice.name}"):
            self.modify(self.invoice, self.money, {self.items[0].id: 75, self.items[1].id: 25.01})

    def test_more_applied_than_paid_in_make_payment(self):
        wizard = self.make_payment(50, [self.invoice])
        wizard.item_ids[:1].amount = 60
        with self.assertRefused(self.moves, "60.00 is applied.*only.*50.00"):
            wizard.action_pay()

    def test_more_on_an_item_than_is_open_in_make_payment(self):
        wizard = self.make_payment(100, [self.invoice])
        for row, amount in zip(wizard.item_ids, (0, 0, 100), strict=True):
            row.amount = amount
        with self.assertRefused(self.moves, "item 3"):
            wizard.action_pay()

    def test_sums_that_floats_get_wrong(self):
        """0.1 + 0.2 is 0.3 here: what fits exactly is not refused, what is a cent over is."""
        invoice = self.document([0.1, 0.2])
        first, second = invoice.reconciliation_item_ids.sorted("sequence")
        self.modify(invoice, self.payment(0.3).move_id._owed_lines(), {first.id: 0.1, second.id: 0.2})
        self.assertEqual(invoice.reconciliation_status, "full")
        other = self.document([0.1, 0.2, 5])
        first, second, _third = other.reconciliation_item_ids.sorted("sequence")
        with self.assertRefused(other, "item 2"):
            self.modify(other, self.money, {first.id: 0.1, second.id: 0.21})

    # -- documents ----------------------------------------------------------------------------------------

    def test_document_of_another_company(self):
        data = self.setup_other_company()
        both = self.env(context={"allowed_company_ids": (self.company | data["company"]).ids})
        other = both["account.move"].with_company(data["company"]).create({
            "move_type": "out_invoice", "partner_id": self.family.id, "invoice_date": "2026-01-10",
            "invoice_line_ids": [Command.create({
                "name": "theirs", "price_unit": 50, "tax_ids": [Command.set([])],
                "account_id": data["default_account_revenue"].id})],
        })  # fmt: skip
        other.action_post()
        other, money = other.with_env(both), self.money.with_env(both)
        debit = other._owed_lines()
        with self.assertRefused(self.moves.with_env(both) | other, "different companies"):
            debit._reconcile_pairs([{"debit": debit, "credit": money, "amount": Decimal(10)}])
        with self.assertRefused(self.moves.with_env(both) | other, "can be paid by"):
            self.modify(other, money, {other.reconciliation_item_ids.id: 10})

    def test_document_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        other = self.document([50], currency_id=euro.id)
        debit = other._owed_lines()
        with self.assertRefused(self.moves | other, "EUR.*USD|across currencies"):
            debit._reconcile_pairs([{"debit": debit, "credit": self.money, "amount": Decimal(10)}])
        with self.assertRefused(self.moves | other, "same currency"):
            self.modify(other, self.money, {other.reconciliation_item_ids.id: 10})

    def test_document_on_another_ledger_account(self):
        bill = self.document([50], "in_refund", partner=self.family)
        debit = bill._owed_lines()
        with self.assertRefused(self.moves | bill, "on account"):
            debit._reconcile_pairs([{"debit": debit, "credit": self.money, "amount": Decimal(10)}])
        with self.assertRefused(self.moves | bill, "same account"):
            self.modify(bill, self.money, {bill.reconciliation_item_ids.id: 10})

    def test_two_documents_of_the_same_side(self):
        other = self.document([50])
        with self.assertRefused(self.moves | other, "opposite side"):
            self.modify(other, self.invoice._owed_lines(), {other.reconciliation_item_ids.id: 10})

    def test_draft_and_cancelled_documents(self):
        draft = self.document([50], post=False)
        cancelled = self.document([50])
        cancelled.button_draft()
        cancelled.button_cancel()
        for move in (draft, cancelled):
            with self.assertRefused(self.moves | move, "only posted"):
                move.action_open_reconciliations()
            line = move._owed_lines()
            with self.assertRefused(self.moves | move, "is not posted"):
                line._reconcile_pairs([{"debit": line, "credit": self.money, "amount": Decimal(10)}])
            with self.assertRefused(self.moves | move, "is not posted|can be paid by"):
                self.modify(move, self.money, {self.items[0].id: 10})
            wizard = self.table(move)
            self.assertFalse(wizard.line_ids)
            with self.assertRefused(self.moves | move, "No amount was changed"):
                wizard.action_save()
            with self.assertRefused(self.moves | move, "no reconciliation"):
                move.action_delete_reconciliations()

    def test_draft_payment(self):
        draft = self.payment(10).move_id
        draft.origin_payment_id.action_draft()
        with self.assertRefused(self.moves | draft, "is not posted"):
            self.modify(self.invoice, draft._owed_lines(), {self.items[0].id: 10})

    def test_document_reset_to_draft_while_the_table_is_open(self):
        wizard = self.table(self.invoice)
        wizard.line_ids[:1].amount = 10
        self.invoice.button_draft()
        with self.assertRefused(self.moves, "No amount was changed"):
            wizard.action_save()

    # -- rows that a program sends ------------------------------------------------------------------------

    def test_item_of_another_document(self):
        other = self.document([50])
        with self.assertRefused(self.moves | other, f"item 1.*belongs to {other.name}"):
            self.modify(self.invoice, self.money, {other.reconciliation_item_ids.id: 10})

    def test_row_of_another_document_in_the_table(self):
        other = self.document([50])
        wizard = self.table(self.invoice)
        self.env["account.reconciliation.modify.line"].create({
            "wizard_id": wizard.id, "item_id": other.reconciliation_item_ids.id, "money_line_id": self.money.id,
            "amount": 10,
        })  # fmt: skip
        with self.assertRefused(
            self.moves | other, f"of {other.name}.*none of the reconciliations of {self.invoice.name}"
        ):
            wizard.action_save()

    def test_row_with_money_of_another_account(self):
        theirs = self.payment(50, partner=self.env["res.partner"].create({"name": "Roy family"}))
        wizard = self.table(self.invoice)
        self.env["account.reconciliation.modify.line"].create({
            "wizard_id": wizard.id, "item_id": self.items[0].id,
            "money_line_id": theirs.move_id._owed_lines().id, "amount": 10,
        })  # fmt: skip
        with self.assertRefused(self.moves | theirs.move_id, f"{theirs.name}.*another account"):
            wizard.action_save()

    def test_row_with_a_line_that_is_no_money(self):
        for line in (self.items[0].move_line_id, self.deposit.move_id.line_ids - self.money):
            wizard = self.table(self.invoice)
            self.env["account.reconciliation.modify.line"].create({
                "wizard_id": wizard.id, "item_id": self.items[0].id, "money_line_id": line.id, "amount": 10,
            })  # fmt: skip
            with self.assertRefused(self.moves, "can be paid by|too much"):
                wizard.action_save()

    def test_item_of_another_account_in_make_payment(self):
        theirs = self.document([50], partner=self.env["res.partner"].create({"name": "Roy family"}))
        wizard = self.make_payment(50, [self.invoice])
        wizard.item_ids.unlink()
        self.env["account.make.payment.item"].create({
            "wizard_id": wizard.id, "item_id": theirs.reconciliation_item_ids.id, "amount": 50,
        })  # fmt: skip
        with self.assertRefused(self.moves | theirs, f"{theirs.name}.*another account"):
            wizard.action_pay()

    def test_item_in_another_currency_in_make_payment(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9)])
        euros = self.document([50], currency_id=euro.id)
        wizard = self.make_payment(50, [self.invoice])
        wizard.item_ids.unlink()
        self.env["account.make.payment.item"].create({
            "wizard_id": wizard.id, "item_id": euros.reconciliation_item_ids.id, "amount": 50,
        })  # fmt: skip
        with self.assertRefused(self.moves | euros, "same currency"):
            wizard.action_pay()

    def test_wrong_amount_before_changes_no_outcome(self):
        """What the client says was applied before is not believed: it either fits the ledger or the save is refused."""
        self.modify(self.invoice, self.money, {self.items[0].id: 40, self.items[1].id: 60})
        for before in (0, 75, 1000, -1000):
            wizard = self.table(self.invoice)
            row = wizard.line_ids.filtered(lambda line: line.item_id == self.items[0])
            row.write({"amount_before": before, "amount": 75})
            with self.assertRefused(self.moves, "somebody else has changed it"):
                wizard.action_save()
        self.assertEqual(self.applied(self.invoice), [40, 60, 0])

    def test_rows_that_were_left_out_stay_as_they_are(self):
        self.modify(self.invoice, self.money, {self.items[0].id: 40, self.items[1].id: 60})
        wizard = self.table(self.invoice)
        wizard.line_ids.filtered(lambda line: line.item_id != self.items[0]).unlink()
        wizard.line_ids.amount = 30
        wizard.action_save()
        self.assertEqual(self.applied(self.invoice), [30, 60, 0])
        self.assertInvariants(self.moves)

    def test_somebody_else_changed_it_while_the_table_was_open(self):
        mine = self.table(self.invoice)
        mine.line_ids.filtered(lambda line: line.item_id == self.items[2]).amount = 20
        self.modify(self.invoice, self.money, {self.items[0].id: 50})
        with self.assertRefused(self.moves, "50.00.*somebody else has changed it"):
            mine.action_save()

    def test_somebody_else_paid_the_document_in_between(self):
        wizard = self.make_payment(170, [self.invoice])
        self.register_payment(self.invoice, 100)
        with self.assertRefused(self.moves, self.invoice.name):
            wizard.action_pay()
        again = self.make_payment(170, [self.invoice])
        self.assertEqual((again.amount_applied, again.amount_deposit), (70, 100))

    def test_deleted_in_between(self):
        payment = self.register_payment(self.invoice, 100)
        self.invoice.action_delete_reconciliations(payment.move_id.id)
        with self.assertRefused(self.moves, "no reconciliation of .* to delete"):
            self.invoice.action_delete_reconciliations(payment.move_id.id)

    # -- numbers of nothing -------------------------------------------------------------------------------

    def test_ids_of_nothing(self):
        self.reconcile(self.invoice, self.deposit)
        for nothing in (2**31 - 1, 2**31, 2**63, 10**30, 0, -1):
            with self.subTest(id=nothing):
                with self.assertRefused(self.moves, "no reconciliation"):
                    self.invoice.action_delete_reconciliations(nothing)
                with self.assertRefused(self.moves, "does not exist any more"):
                    self.modify(self.invoice, self.payment(10).move_id._owed_lines(), {nothing: 10})

    def test_records_that_are_gone(self):
        gone = 2**31 - 1
        calls = (
            lambda: self.env["account.move"].browse(gone).action_delete_reconciliations(),
            lambda: self.env["account.move"].browse(gone).action_open_reconciliations(),
            lambda: self.env["res.partner"].browse(gone).action_reconcile_account(),
            lambda: self.env["account.reconciliation.transaction"].get_billing_header(gone),
            lambda: self.env["account.reconciliation.run"].browse(gone).process_slice(),
            lambda: self.env["account.reconciliation.run"].browse(gone).action_cancel(),
        )
        for number, call in enumerate(calls):
            with self.subTest(call=number), self.assertRefused(self.moves, "does not exist|been deleted", MissingError):
                call()

    def test_huge_page_of_work_is_bounded(self):
        """How long to work is the client's wish, within limits; what is no number is no wish."""
        for seconds in (-1, float("nan"), 10**9):
            run = self.env["account.reconciliation.run"]._start(self.company)
            self.assertIn(run.process_slice(seconds)["state"], ("running", "done"))
        self.assertEqual(self.applied(self.invoice), [75, 25, 0])

    def test_selected_accounts_without_a_selection(self):
        wizard = self.env["account.reconcile.accounts"].create({"scope": "selected"})
        with self.assertRefused(self.moves, "No account is selected"):
            wizard.action_reconcile()

    def test_billing_of_two_accounts_at_once(self):
        with self.assertRefused(self.moves, "one account at a time"):
            (self.family | self.vendor).action_open_client_billing()

    # -- locked period ------------------------------------------------------------------------------------

    def test_make_payment_in_a_locked_period(self):
        """Odoo's own rule holds: nothing new is dated in the locked period."""
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-01-31")
        wizard = self.make_payment(100, [self.invoice], date="2026-01-20")
        was = self.snapshot(self.moves)
        try:
            with self.env.cr.savepoint():
                wizard.action_pay()
        except UserError as refusal:
            self.assertRegex(str(refusal), "(?i)lock")
            self.env.invalidate_all()
            self.assertEqual(self.snapshot(self.moves), was)
        else:
            payment = self.env["account.payment"].search(
                [("partner_id", "=", self.family.id)], order="id desc", limit=1
            )
            self.assertGreater(payment.move_id.date, self.company.fiscalyear_lock_date)
            self.assertEqual(self.applied(self.invoice, payment), [75, 25, 0])
            self.assertInvariants(self.moves | payment.move_id)

    def test_reconciling_and_deleting_in_a_locked_period_posts_nothing_in_it(self):
        """Which payment paid what is no entry: it stays possible, as in Odoo, and moves no figure of the period."""
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-01-31")
        entries = self.env["account.move"].search_count([("date", "<=", "2026-01-31")])
        was = self.snapshot(self.moves)
        self.modify(self.invoice, self.money, {self.items[2].id: 20})
        self.invoice.action_delete_reconciliations()
        self.assertEqual(self.snapshot(self.moves), was)
        self.assertEqual(self.env["account.move"].search_count([("date", "<=", "2026-01-31")]), entries)

    def test_exchange_difference_is_not_posted_in_a_locked_period(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.9), ("2026-01-15", 0.7)])
        invoice = self.document([100], currency_id=euro.id)
        payment = self.payment(100, currency_id=euro.id, date="2026-01-20")
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-01-31")
        locked = self.env["account.move"].search([("date", "<=", "2026-01-31")])
        self.family.action_reconcile_account()
        self.assertEqual(invoice.reconciliation_status, "full")
        self.assertEqual(self.env["account.move"].search([("date", "<=", "2026-01-31")]), locked)
        invoice.action_delete_reconciliations(payment.move_id.id)
        self.assertEqual(self.env["account.move"].search([("date", "<=", "2026-01-31")]), locked)
        self.assertInvariants(invoice)


@tagged("post_install", "-at_install")
class TestBadInputByRpc(BadInputCommon, HttpCase):
    """The same from outside: an answer with a sentence, not a traceback of the database."""

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_crafted_rows(self):
        invoice = self.document([75, 75, 20])
        deposit = self.payment(100)
        money = deposit.move_id._owed_lines()
        moves = invoice | deposit.move_id
        self.user_with("clerk", "account_reconciliation.group_accountant")
        self.authenticate("clerk", "clerk")
        item = invoice.reconciliation_item_ids[:1].id
        for values in (
            {"item_id": 2**31 - 1, "money_line_id": money.id, "amount": 10},
            {"item_id": item, "money_line_id": 2**31 - 1, "amount": 10},
            {"item_id": 10**30, "money_line_id": money.id, "amount": 10},
            {"item_id": item, "money_line_id": money.id, "amount": "ten"},
            {"item_id": item, "money_line_id": money.id, "amount": -10},
            {"item_id": item, "money_line_id": money.id, "amount": 10**15},
            {"item_id": item, "money_line_id": money.id, "amount": 10, "amount_before": 500},
            {"item_id": item, "money_line_id": money.id, "amount": 10, "document_id": 2**31 - 1},
        ):
            with self.subTest(**values):
                was = self.snapshot(moves)
                kwargs = {}
                try:
                    params = {"model": "account.reconciliation.modify", "method": "create", "kwargs": kwargs}
                    params["args"] = [{"move_id": invoice.id, "line_ids": [[5], [0, 0, values]]}]
                    wizard = self.make_jsonrpc_request("/web/dataset/call_kw", params)
                    params.update(method="action_save", args=[[wizard]])
                    self.make_jsonrpc_request("/web/dataset/call_kw", params)
                except JsonRpcException as error:
                    self.assertRegex(str(error), "UserError|ValidationError|MissingError|AccessError|ValueError")
                    self.assertEqual(self.snapshot(moves), was)
                else:
                    # A field that follows from another can't be sent: it is ignored.
                    self.assertIn("document_id", values)
                    self.assertEqual(self.applied(invoice), [10, 0, 0])


# -- two people at once ------------------------------------------------------------------------------------------------


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    """Two real connections, as two people have. What they see of each other has to be committed, so it is, and is
    deleted at the end."""

    def setUp(self):
        super().setUp()
        self.registry_ = Registry(get_db_name())
        with self.session() as env:
            self.assertFalse(env["account.move"].search_count([("ref", "=", "two at once")]))
            code = "TWOATONCE"
            receivable, income, outstanding = env["account.account"].create([
                {"name": f"Two at once: {name}", "code": f"{code}{number}", "account_type": kind, "reconcile": owed}
                for number, (name, kind, owed) in enumerate((
                    ("Receivable", "asset_receivable", True),
                    ("Income", "income", False),
                    ("Bank", "asset_current", True),
                ))
            ])  # fmt: skip
            journal = env["account.journal"].create({"name": "Two at once", "code": "TWO1", "type": "general"})
            partner = env["res.partner"].create({"name": "Two at once"})
            self.journal, self.partner = journal.id, partner.id
            self.accounts = (receivable | income | outstanding).ids
            self.debit = self.entry(env, 100)
            self.credit = self.entry(env, -100)
            self.other_credit = self.entry(env, -100)
        self.addCleanup(self.clean)

    @contextmanager
    def session(self):
        with self.registry_.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"})

    def entry(self, env, amount):
        """A posted entry with an amount on the receivable account; the id of that line."""
        receivable, income, _outstanding = self.accounts
        move = env["account.move"].create({
            "journal_id": self.journal, "date": "2026-01-10", "ref": "two at once",
            "line_ids": [
                Command.create({"account_id": receivable, "partner_id": self.partner,
                                "debit": max(amount, 0), "credit": max(-amount, 0)}),
                Command.create({"account_id": income, "debit": max(-amount, 0), "credit": max(amount, 0)}),
            ],
        })  # fmt: skip
        move.action_post()
        return move._owed_lines().id

    def clean(self):
        with self.session() as env:
            moves = env["account.move"].search([("journal_id", "=", self.journal)])
            moves.line_ids.remove_move_reconcile()
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            env["account.reconciliation.run"].search([("account_ids.partner_id", "=", self.partner)]).unlink()
            env["account.journal"].browse(self.journal).unlink()
            env["account.account"].browse(self.accounts).unlink()
            env["res.partner"].browse(self.partner).unlink()

    def state(self):
        with self.session() as env:
            debit = env["account.move.line"].browse(self.debit)
            partials = debit.matched_credit_ids
            item = debit.move_id.reconciliation_item_ids
            return {
                "residual": debit.amount_residual,
                "partials": sum(partials.mapped("amount")),
                "item": item.amount_reconciled,
                "lines": sum(item.reconciliation_line_ids.mapped("amount_currency")),
                "status": debit.move_id.reconciliation_status,
            }

    def apply(self, env, credit, amount=100):
        debit = env["account.move.line"].browse(self.debit)
        money = env["account.move.line"].browse(credit)
        money._reconcile_pairs([{"debit": debit, "credit": money, "amount": Decimal(amount)}])

    def race(self, first, second):
        """Both have looked before either writes; the first commits while the second waits or writes.

        :return: the exception of the second, or None
        """
        outcome = []
        with self.registry_.cursor() as one, self.registry_.cursor() as two:
            mine = api.Environment(one, SUPERUSER_ID, {"tracking_disable": True})
            theirs = api.Environment(two, SUPERUSER_ID, {"tracking_disable": True})
            for env in (mine, theirs):
                self.assertEqual(env["account.move.line"].browse(self.debit).amount_residual, 100)
            first(mine)
            mine.flush_all()

            def go():
                try:
                    second(theirs)
                    theirs.flush_all()
                    two.commit()
                except Exception as error:  # whatever it is, the test looks at it
                    two.rollback()
                    outcome.append(error)

            thread = threading.Thread(target=go)
            thread.start()
            thread.join(1)
            waited = thread.is_alive()
            one.commit()
            thread.join(60)
            self.assertFalse(thread.is_alive(), "the second person waits for ever")
        self.assertTrue(waited or outcome, "nothing made the second person wait")
        return outcome[0] if outcome else None

    @mute_logger("odoo.sql_db")
    def assertOnlyOneApplied(self, first, second):
        error = self.race(first, second)
        # Odoo's dispatcher repeats a request that lost such a race; it then finds nothing open and says so.
        self.assertIsInstance(error, (errors.SerializationFailure, UserError))
        self.assertEqual(
            self.state(), {"residual": 0, "partials": 100, "item": 100, "lines": 100, "status": "full"}
        )  # fmt: skip
        with self.assertRaisesRegex(UserError, "can't be applied|open"), self.session() as env:
            second(env)

    def test_same_payment_applied_twice(self):
        self.assertOnlyOneApplied(lambda env: self.apply(env, self.credit), lambda env: self.apply(env, self.credit))

    def test_two_payments_for_the_same_document(self):
        self.assertOnlyOneApplied(
            lambda env: self.apply(env, self.credit), lambda env: self.apply(env, self.other_credit)
        )

    @mute_logger("odoo.sql_db")
    def test_reconcile_account_by_two_people(self):
        """The second waits for the first and finds nothing left to do, or gets an error to try again; nothing is
        doubled."""

        def reconcile(env):
            return env["res.partner"].browse(self.partner)._reconcile_account_owners(env.company)

        error = self.race(reconcile, reconcile)
        self.assertTrue(error is None or isinstance(error, errors.SerializationFailure), error)
        self.assertEqual(
            self.state(), {"residual": 0, "partials": 100, "item": 100, "lines": 100, "status": "full"}
        )  # fmt: skip

    @mute_logger("odoo.sql_db")
    def test_applying_while_somebody_takes_back(self):
        """Both lock journal items first, then items: one waits for the other, and they never wait for each other."""
        with self.session() as env:
            self.apply(env, self.credit, 40)
        outcome = []
        with self.registry_.cursor() as one, self.registry_.cursor() as two:
            partial = api.Environment(one, SUPERUSER_ID, {})["account.move.line"].browse(self.debit).matched_credit_ids
            theirs = api.Environment(two, SUPERUSER_ID, {"tracking_disable": True})
            self.assertEqual(theirs["account.move.line"].browse(self.debit).amount_residual, 60)

            def go():
                try:
                    self.apply(theirs, self.other_credit, 60)
                    theirs.flush_all()
                except Exception as error:  # whatever it is, the test looks at it
                    outcome.append(error)
                two.rollback()

            thread = threading.Thread(target=go)
            renumber = type(partial)._update_matching_number

            def meanwhile(partials, lines):
                if thread.ident is None:
                    thread.start()
                    thread.join(1)
                return renumber(partials, lines)

            with patch.object(type(partial), "_update_matching_number", meanwhile):
                partial.unlink()
                one.commit()
                thread.join(60)
        self.assertEqual([type(error) for error in outcome], [errors.SerializationFailure])
        self.assertEqual(
            self.state(), {"residual": 100, "partials": 0, "item": 0, "lines": 0, "status": "not_reconciled"}
        )  # fmt: skip

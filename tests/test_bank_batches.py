"""Deposit slips and payment batches: one bank transaction clears all payments; what is missing or returned is open."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.bank_matching.subset_sums import Combinations
from ..models.bank_batches import account_bank_batch_book
from .common.access import AccessCommon
from .common.access_actions import BANK, action_of
from .common.bank_matching import BankMatchingCommon


class BatchCommon(BankMatchingCommon):
    def cheques(self, *amounts, **values):
        payments = self.env["account.payment"]
        for number, amount in enumerate(amounts, 1):
            payments |= self.payment(amount, date="2026-02-05", memo=f"Cheque {number}", **values)
        return payments

    def batch(self, payments, kind="deposit", **values):
        batches = self.env["account.bank.batch"].with_user(self.accountant)
        batch = batches.create_batch(payments, kind, **values)
        batch.action_draft()
        batch.date = "2026-02-09"
        batch.action_send()
        return batch

    def states(self, batch):
        return batch.part_ids.mapped("state")

    def payment_snapshot(self, payments):
        self.env.flush_all()
        self.env.invalidate_all()
        lines = ["amount_residual", "reconciled", "matching_number", "balance"]
        return [(one.read(["state", "is_matched"]), one.move_id.line_ids.sudo().read(lines)) for one in payments]


@tagged("post_install", "-at_install")
class TestBankBatches(BatchCommon):
    def test_deposit_clears_as_one_line_and_is_undone(self):
        cheques = self.cheques(40, 60, 25)
        batch = self.batch(cheques)
        self.assertTrue(batch.name.startswith("DEPOSIT/"))
        self.assertEqual((batch.amount_total, batch.part_count, batch.state), (125, 3, "sent"))
        line = self.transaction(125, "DEPOSIT BRANCH 12")
        before = self.bank_snapshot(line), self.payment_snapshot(cheques)
        best = line.get_match_suggestions()[0]
        self.assertEqual(best["records"], [("account.bank.batch", batch.id)])
        self.assertIn("Exactly the sum of its 3 payments", best["reasons"])
        self.assertEqual(line.get_best_suggestions()[0]["records"], best["records"])
        line.accept_match(best["records"])
        self.assertBooked(line)
        self.assertEqual((batch.state, self.states(batch)), ("matched", ["cleared"] * 3))
        self.assertTrue(all(cheques.mapped("is_matched")))
        self.assertEqual(line.action_open_matched()["res_id"], batch.id)
        with self.assertRaisesRegex(UserError, "Undo the match first"):
            batch.action_draft()
        batch.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.payment_snapshot(cheques)), before)
        self.assertEqual((batch.state, self.states(batch)), ("sent", ["waiting"] * 3))
        self.assertInvariants()

    def test_payments_that_are_matched_one_by_one_in_one_transaction_clear_their_batch(self):
        cheques = self.cheques(40, 60, 25)
        batch = self.batch(cheques)
        line = self.transaction(125, "DEPOSIT")
        line.match_with(cheques)
        self.assertEqual((batch.state, batch.statement_line_id), ("matched", line))
        line.action_unmatch()
        self.assertEqual((batch.state, batch.statement_line_id.id), ("sent", False))

    def test_a_draft_is_missing_where_the_others_are_matched_one_by_one(self):
        cheques = self.cheques(145, 5)
        batch = self.batch(cheques)
        cheques[1].action_draft()
        line = self.transaction(145, "DEPOSIT")
        line.match_with(cheques[0])
        self.assertEqual((batch.statement_line_id, batch.missing_count, batch.amount_missing), (line, 1, 5))
        self.assertEqual(batch.part_ids.mapped("is_missing"), [False, True])
        line.action_unmatch()
        self.assertEqual(batch.part_ids.mapped("is_missing"), [False, False])

    def test_part_of_a_payment_does_not_clear_its_batch(self):
        cheques = self.cheques(50)
        batch = self.batch(cheques)
        self.transaction(20, "a part of it").match_with([("account.payment", cheques.id)])
        self.assertEqual((batch.state, cheques.is_matched), ("sent", False))
        self.assertFalse(batch.statement_line_id)

    def test_automatic_by_number_message_id_or_end_to_end_ids(self):
        for label, values in (
            ("{name} BRANCH", {}),
            ("DEP 77-4711", {"reference": "77-4711"}),
            ("MSG-2026-0007/1", {"message_id": "MSG-2026-0007"}),
            ("E2E-0001 E2E-0002", {"end_to_end_ids": ["E2E-0001", "E2E-0002"]}),
        ):
            batch = self.batch(self.cheques(40, 60), **values)
            line = self.transaction(100, label.format(name=batch.name))
            line.auto_match()
            self.assertEqual(batch.state, "matched", label)
            self.assertBooked(line, "matched")

    def test_payments_to_vendors_sent_as_one_file(self):
        bill = self.document([70], "in_invoice")
        sent = self.register_payment(bill) | self.payment(30, direction="outbound", partner_type="supplier")
        batch = self.batch(sent, "payment", message_id="PAIN-2026-001")
        self.assertEqual(batch.amount_total, -100)
        line = self.transaction(-100, "SEPA BATCH PAIN-2026-001")
        line.auto_match()
        self.assertBooked(line, "matched")
        self.assertEqual((batch.state, bill.payment_state), ("matched", "paid"))
        self.assertInvariants()

    def test_what_is_missing_is_named_and_stays_open(self):
        cheques = self.cheques(40, 60, 25)
        batch = self.batch(cheques)
        line = self.transaction(65, f"DEPOSIT {batch.name}")
        line.auto_match()
        self.assertEqual(batch.state, "sent", "a person looks where parts are missing")
        best = line.get_match_suggestions()[0]
        self.assertIn(f"Missing: {cheques[1].display_name}", best["note"])
        batch.action_match()
        self.assertBooked(line)
        self.assertEqual(self.states(batch), ["cleared", "missing", "cleared"])
        self.assertEqual((batch.missing_count, batch.amount_missing), (1, 60))
        self.assertEqual(cheques.mapped("is_matched"), [True, False, True])
        # It comes later, alone.
        later = self.transaction(60, "Cheque 2", date="2026-02-20")
        later.match_with([("account.payment", cheques[1].id)])
        self.assertEqual((self.states(batch), batch.missing_count), (["cleared"] * 3, 0))
        later.action_unmatch()
        batch.action_undo()
        self.assertEqual(self.states(batch), ["waiting"] * 3)
        self.assertFalse(any(batch.part_ids.mapped("is_missing")))
        self.assertInvariants()

    def test_payment_that_is_a_draft_when_the_money_comes_is_missing(self):
        payments = self.cheques(145, 5)
        batch = self.batch(payments)
        payments[1].action_draft()
        line = self.transaction(145, f"DEPOSIT {batch.name}")
        batch.with_user(self.accountant).action_match()
        self.assertEqual((batch.statement_line_id, batch.missing_count, batch.amount_missing), (line, 1, 5))
        self.assertEqual(batch.part_ids.mapped("is_missing"), [False, True])
        decision = self.env["account.bank.match.decision"].search([("statement_line_id", "=", line.id)], limit=1)
        self.assertIn(payments[1].display_name, decision.reasons)
        batch.with_user(self.accountant).action_undo()
        self.assertEqual(batch.part_ids.mapped("is_missing"), [False, False])

    def test_where_it_is_not_certain_what_is_missing_a_person_says_it(self):
        batch = self.batch(self.cheques(40, 40, 25))
        line = self.transaction(65, f"DEPOSIT {batch.name}")
        with self.assertRaisesRegex(UserError, "not certain which payments are missing"):
            batch.action_match()
        batch.part_ids[0].is_left_out = True
        batch.action_match()
        self.assertBooked(line)
        self.assertEqual(self.states(batch), ["missing", "cleared", "cleared"])

    def test_where_not_all_sums_were_looked_at_nothing_is_certainly_missing(self):
        batch = self.batch(self.cheques(40, 60, 25))
        self.transaction(65, f"DEPOSIT {batch.name}")
        with (
            patch.object(account_bank_batch_book, "subset_sums", return_value=Combinations((), False)),
            self.assertRaisesRegex(UserError, "not certain which payments are missing"),
        ):
            batch.action_match()

    def test_returned_cheque_of_a_deposit(self):
        invoice = self.document([60])
        cheque = self.register_payment(invoice)
        cheques = self.cheques(40) | cheque
        batch = self.batch(cheques)
        self.transaction(100, batch.name).auto_match()
        self.assertEqual((batch.state, invoice.payment_state), ("matched", "paid"))
        back = self.transaction(-60, "CHQ RETURNED NSF", date="2026-02-20")
        back.match_with(cheque.move_id._owed_lines())
        self.assertEqual((self.states(batch), batch.returned_count), (["cleared", "returned"], 1))
        self.assertEqual(invoice.amount_residual, 60)
        back.action_unmatch()
        self.assertEqual((self.states(batch), invoice.amount_residual), (["cleared", "cleared"], 0))
        self.assertInvariants()

    def test_payment_of_a_batch_comes_back_by_its_end_to_end_id(self):
        invoice = self.document([60])
        payments = self.cheques(40) | self.register_payment(invoice)
        self.batch(payments, "payment", message_id="MSG-77", end_to_end_ids=["E2E-40", "E2E-60"])
        self.transaction(100, "MSG-77").auto_match()
        back = self.transaction(-60, "R", date="2026-02-20", end_to_end_id="E2E-60", return_code="AM04")
        self.assertEqual(back.auto_match()["matched"], 1)
        self.assertEqual((back.matched_entity_type, invoice.amount_residual), ("return", 60))
        back.action_unmatch()
        self.assertEqual(invoice.amount_residual, 0)

    def test_named_batch_is_found_whenever_the_bank_books_it(self):
        batch = self.batch(self.cheques(40, 60))
        late = {"date": "2026-03-20"}
        other = self.transaction(100, "UNNAMED", **late)
        self.assertNotIn(("account.bank.batch", batch.id), [row["records"][0] for row in other.get_match_suggestions()])
        line = self.transaction(100, f"DEP {batch.name}", **late)
        self.assertEqual(line.get_match_suggestions()[0]["records"], [("account.bank.batch", batch.id)])
        self.assertEqual((other | line).auto_match()["matched"], 1)
        self.assertEqual(batch.statement_line_id, line)

    def test_foreign_currency_account(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create({
            "name": "2026-01-01", "rate": 0.8, "currency_id": euro.id, "company_id": self.company.id,
        })  # fmt: skip
        journal = self.bank.copy({"name": "Euro account", "code": "EURO", "currency_id": euro.id})
        cheques = self.cheques(40, 60, journal_id=journal.id, currency_id=euro.id)
        invoices = self.document([40], currency_id=euro.id) | self.document([60], currency_id=euro.id)
        for invoice, cheque in zip(invoices, cheques, strict=True):
            self.reconcile(invoice, cheque)
        batch = self.batch(cheques)
        self.assertEqual((batch.currency_id, batch.amount_total), (euro, 100))
        self.env["res.currency.rate"].create({
            "name": "2026-02-08", "rate": 0.5, "currency_id": euro.id, "company_id": self.company.id,
        })  # fmt: skip
        line = self.transaction(100, batch.name, journal=journal)
        moves = invoices | cheques.move_id
        before = self.bank_snapshot(line), self.payment_snapshot(cheques), self.snapshot(moves)
        batch.action_match()
        self.assertBooked(line)
        self.assertEqual((cheques.mapped("state"), invoices.mapped("payment_state")), (["paid"] * 2, ["paid"] * 2))
        self.assertInvariants()
        batch.action_undo()
        self.assertEqual((self.bank_snapshot(line), self.payment_snapshot(cheques), self.snapshot(moves)), before)
        self.assertInvariants()

    def test_a_payment_is_in_one_batch_and_can_be_part_of_it(self):
        cheques = self.cheques(40, 60)
        batch = self.batch(cheques)
        out = self.payment(30, direction="outbound", partner_type="supplier")
        other = self.payment(10, journal_id=self.savings.id)
        for payments in (cheques[:1], cheques[:1] | out, other | out):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.batch(payments)
        with self.assertRaisesRegex(UserError, "Set it back to draft"):
            batch.write({"part_ids": [Command.create({"payment_id": self.cheques(5).id})]})
        batch.action_draft()
        batch.part_ids[0].unlink()
        batch.action_send()
        self.assertEqual(batch.amount_total, 60)
        again = cheques[:1].with_user(self.accountant).action_put_in_batch()
        self.assertEqual(self.env["account.bank.batch"].browse(again["res_id"]).part_ids.payment_id, cheques[:1])

    def test_batch_that_the_bank_refused_is_sent_again_without_what_was_booked_meanwhile(self):
        cheques = self.cheques(7, 8)
        batch = self.batch(cheques, message_id="MSG-2026-0001")
        with self.assertRaisesRegex(UserError, "Set it back to draft first"), self.env.cr.savepoint():
            batch.action_send()
        batch.action_draft()
        self.transaction(7, "one of them").match_with(cheques[0])
        with self.assertRaisesRegex(UserError, "the bank has booked it already"), self.env.cr.savepoint():
            batch.action_send()
        batch.part_ids[0].unlink()
        batch.message_id = "MSG-2026-0002"
        batch.action_send()
        self.assertEqual((batch.state, batch.amount_total), ("sent", 8))
        self.assertEqual(self.transaction(8, "MSG-2026-0002").auto_match()["matched"], 1)
        self.assertEqual(batch.state, "matched")

    def test_methods_of_what_is_matched_as_a_whole_are_of_records(self):
        """A remote call reaches the abstract models, too."""
        for model in ("bank.match.whole.mixin", "bank.match.record.mixin"):
            mixin = self.env[model].with_user(self.accountant)
            for name in {"action_match", "action_undo", "action_open_transaction"} & set(dir(mixin)):
                with self.subTest(model=model, name=name), self.assertRaisesRegex(UserError, "no records of its own"):
                    getattr(mixin.browse(1), name)()
        with self.assertRaisesRegex(UserError, "no bank transaction yet"):
            self.batch(self.cheques(40)).action_open_transaction()

    def test_slip_is_printed(self):
        batch = self.batch(self.cheques(40, 60), reference="77-4711")
        html, _type = self.env["ir.actions.report"]._render_qweb_html("account_reconciliation.bank_batch", batch.ids)
        for text in (batch.name, "Cheque 2", "77-4711", "100.00", "2 payments"):
            self.assertIn(text, " ".join(html.decode().replace("</span>", "").split()).replace("<span>", ""))


BATCH, PART = "account.bank.batch", "account.bank.batch.part"
ACTIONS = {}
action = action_of(ACTIONS)(BANK)


@action
def read_batches(call, ledger):
    return call(BATCH, "search_read", [("id", "=", ledger.batch)], ["name", "amount_total"])


@action
def read_parts(call, ledger):
    return call(PART, "search_read", [("batch_id", "=", ledger.batch)], ["amount", "state"])


@action
def create_batch(call, ledger):
    return call(BATCH, "create_batch", [ledger.free_payment], "deposit")


@action
def put_in_batch(call, ledger):
    return call("account.payment", "action_put_in_batch", [ledger.free_payment])


@action
def leave_out(call, ledger):
    return call(PART, "write", [ledger.part], {"is_left_out": True})


@action
def back_to_draft(call, ledger):
    return call(BATCH, "action_draft", [ledger.batch])


@action
def match_batch(call, ledger):
    return call(BATCH, "action_match", [ledger.batch])


@action
def undo_batch(call, ledger):
    return call(BATCH, "action_undo", [ledger.matched_batch])


@tagged("post_install", "-at_install")
class TestBatchAccessByOrm(AccessCommon):
    actions = ACTIONS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        batches = cls.env[BATCH].with_company(cls.company)
        payments = [cls.payment(amount, date="2026-02-05") for amount in (11, 12, 13)]
        for name, payment in (("matched_batch", payments[0]), ("batch", payments[1])):
            cls.env["account.bank.statement.line"].create(
                {"journal_id": cls.mine.journal, "date": "2026-02-10", "amount": payment.amount, "payment_ref": "x"}
            )
            batch = batches.create_batch(payment, "deposit")
            batch.action_draft()
            batch.date = "2026-02-09"
            batch.action_send()
            setattr(cls.mine, name, batch.id)
            if name == "matched_batch":
                batch.action_match()
        cls.mine.part, cls.mine.free_payment = batch.part_ids.id, payments[2].id

    def test_every_role_and_action(self):
        for role, user in self.users.items():
            self.assertCells(role, self.orm(user))

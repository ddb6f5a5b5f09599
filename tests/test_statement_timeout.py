"""What is cancelled in the middle, or finds no room on the disk: a sentence, nothing changed; next time it works."""

import resource
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import errors

from ..models.bank_import.account_bulk_import import LINES_MIN
from ..wizards import account_bank_statement_import_write
from .common import ReconciliationCommon
from .common.bank_matching import BankMatchingCommon
from .common.bank_periods import BankPeriodCommon
from .common.planned_payments import PlannedCommon

SAYS = "was cancelled"


class StatementTimeoutCommon(ReconciliationCommon):
    @contextmanager
    def cancelled(self, model, method, times=None):
        """PostgreSQL cancels a statement after a method has done its work, the first so many times."""
        original = getattr(type(self.env[model]), method)
        calls = []

        def cancel(records, *args, **kwargs):
            result = original(records, *args, **kwargs)
            calls.append(result)
            if times is None or len(calls) <= times:
                records.env.flush_all()
                records.env.cr.execute("SET LOCAL statement_timeout = '10ms'")
                records.env.cr.execute("SELECT pg_sleep(10)")
            return result

        with patch.object(type(self.env[model]), method, cancel), mute_logger("odoo.sql_db"):
            yield calls
        self.assertTrue(calls, f"{method} was never called")

    @contextmanager
    def assertNothingChanges(self, moves):
        self.env.flush_all()
        was = self.snapshot(moves)
        yield
        self.assertEqual(self.snapshot(moves), was)
        self.assertInvariants(moves)


@tagged("post_install", "-at_install")
class TestCancelledReconciliation(StatementTimeoutCommon):
    def setUp(self):
        super().setUp()
        self.families = self.env["res.partner"].create([{"name": f"Family {number}"} for number in range(3)])
        self.moves = self.env["account.move"]
        for family in self.families:
            self.moves |= self.document([75, 20], partner=family) | self.payment(80, partner=family).move_id

    def start(self):
        return self.env["account.reconciliation.run"]._start(self.company, self.families)

    def statuses(self):
        self.env.invalidate_all()
        return self.moves.mapped("reconciliation_status")

    def test_slice_that_is_cancelled_is_done_account_by_account(self):
        run = self.start()
        run.sudo().batch_size = 3
        with self.cancelled("account.bulk.reconcile", "_follow", times=1):
            run.process_slice(10)
        self.assertEqual((run.state, run.failed_count), ("done", 0))
        self.assertEqual(self.statuses(), ["partial", "full"] * 3)
        self.assertInvariants(self.moves)

    def test_account_that_is_cancelled_is_left_whole_and_named_and_the_next_run_does_it(self):
        run = self.start()
        with self.assertNothingChanges(self.moves), self.cancelled("account.bulk.reconcile", "_follow"):
            run.process_slice(10)
        self.assertEqual((run.state, run.failed_count), ("done", 3))
        self.assertRegex(run.account_ids[0].message, SAYS)
        self.start().process_slice(10)
        self.assertEqual(self.statuses(), ["partial", "full"] * 3)

    def test_slice_that_is_cancelled_elsewhere_says_so(self):
        run = self.start()
        with (
            self.assertNothingChanges(self.moves),
            self.cancelled("account.reconciliation.run.account", "_write_results"),
            self.assertRaisesRegex(UserError, SAYS),
        ):
            run.process_slice(10)
        self.assertEqual(run.state, "running")
        run.process_slice(10)
        self.assertEqual((run.state, self.statuses()), ("done", ["partial", "full"] * 3))

    def test_one_account(self):
        with (
            self.assertNothingChanges(self.moves),
            self.cancelled("account.bulk.reconcile", "_follow"),
            self.assertRaisesRegex(UserError, SAYS),
        ):
            self.families.action_reconcile_account()
        self.assertEqual(self.families.action_reconcile_account()["accounts"], 3)

    def test_constraint_of_the_database_is_told_in_its_own_words(self):
        """An account that the database refuses is left with the constraint's sentence, not with PostgreSQL's."""
        run = self.start()
        follow = type(self.env["account.bulk.reconcile"])._follow

        def over_apply(records, *args, **kwargs):
            follow(records, *args, **kwargs)
            records.env.cr.execute(
                "UPDATE account_reconciliation_item SET amount_reconciled = amount_total + 1 WHERE move_id = ANY(%s)",
                [self.moves.ids],
            )

        with patch.object(type(self.env["account.bulk.reconcile"]), "_follow", over_apply), mute_logger("odoo.sql_db"):
            run.process_slice(10)
        self.assertEqual(run.failed_count, 3)
        self.assertRegex(run.account_ids[0].message, "More would be applied to an item than it is worth")


@tagged("post_install", "-at_install")
class TestCancelledBank(StatementTimeoutCommon, BankMatchingCommon):
    FILE = b"Date,Description,Amount\n2026-02-01,Rent,50.10\n2026-02-02,Fee,-3.00\n"

    def test_import(self):
        bank = self.bank.with_user(self.accountant)
        lines = self.env["account.bank.statement.line"]
        with (
            self.cancelled("account.journal", "_create_statement_lines"),
            self.assertRaisesRegex(UserError, SAYS),
        ):
            bank.import_bank_statement("bank.csv", self.FILE)
        self.assertFalse(lines.search([("journal_id", "=", self.bank.id)]))
        bank.import_bank_statement("bank.csv", self.FILE)
        self.assertEqual(lines.search([("journal_id", "=", self.bank.id)]).mapped("amount"), [-3, 50.1])

    def test_import_in_slices(self):
        env = self.env(user=self.accountant)
        attachment = env["ir.attachment"].create({"name": "bank.csv", "raw": self.FILE})
        wizard = env["account.bank.statement.import"].create({
            "journal_id": self.bank.id, "attachment_ids": [(6, 0, attachment.ids)],
        })  # fmt: skip
        wizard.process_slice(0)
        with self.cancelled("account.journal", "_create_statement_lines"), self.assertRaisesRegex(UserError, SAYS):
            wizard.process_slice(0)
        self.assertEqual(wizard.process_slice(0)["done_count"], 2)
        self.assertTrue(wizard.process_slice(0)["is_done"])

    def test_import_of_several_parts_at_once(self):
        """Neither the transactions nor the statement that was begun for them is there; then all of them are."""
        rows = "".join(
            f"2026-02-{1 + place // 10:02},Rent {place},{1 + place - 200 * (place % 2)}\n"
            for place in range(3 * LINES_MIN)
        )
        env = self.env(user=self.accountant)
        attachment = env["ir.attachment"].create(
            {"name": "bank.csv", "raw": b"Date,Description,Amount\n" + rows.encode()}
        )
        wizard = env["account.bank.statement.import"].create({
            "journal_id": self.bank.id, "attachment_ids": [(6, 0, attachment.ids)],
        })  # fmt: skip
        with patch.object(account_bank_statement_import_write, "SLICE", LINES_MIN):
            wizard.process_slice(0)
        with (
            self.cancelled("account.bulk.import", "_create") as calls,
            self.assertRaisesRegex(UserError, SAYS),
        ):
            wizard.process_slice(0)
        self.assertEqual([len(lines) for lines, _reason in calls], [3 * LINES_MIN])
        in_journal = [("journal_id", "=", self.bank.id)]
        self.assertFalse(env["account.bank.statement.line"].search(in_journal))
        self.assertFalse(env["account.bank.statement"].search(in_journal))
        self.assertEqual(wizard.process_slice(0)["done_count"], 3 * LINES_MIN)
        self.assertTrue(wizard.process_slice(0)["is_done"])
        statement = env["account.bank.statement"].search(in_journal)
        self.assertEqual((len(statement.line_ids), statement.import_kind), (3 * LINES_MIN, "statement"))

    def test_matching(self):
        invoice = self.document([170])
        line = self.transaction(170, invoice.name)
        with (
            self.assertNothingChanges(invoice),
            self.cancelled("account.bank.statement.line", "_reconcile_counterparts"),
            self.assertRaisesRegex(UserError, SAYS),
        ):
            line.auto_match()
        self.assertEqual(line.match_status, "unmatched")
        line.auto_match()
        self.assertEqual(line.match_status, "matched")


@tagged("post_install", "-at_install")
class TestCancelledClosing(StatementTimeoutCommon, BankPeriodCommon):
    def setUp(self):
        super().setUp()
        self.paid = self.payment(100, date="2026-01-10")
        self.january = self.period(1, end=100)
        self.january.action_confirm_all()

    def assertOpen(self):
        self.env.invalidate_all()
        self.assertEqual((self.january.state, len(self.january.snapshot_ids)), ("open", 0))

    def assertCloses(self):
        self.january.action_close()
        self.assertEqual(self.january.state, "closed")
        self.assertTrue(self.january.snapshot_ids.is_intact)
        self.assertTrue(self.january.snapshot_ids.attachment_id.raw.startswith(b"%PDF"))

    def test_closing_that_is_cancelled(self):
        with (
            self.cancelled("account.bank.reconciliation.snapshot", "_seal"),
            self.assertRaisesRegex(UserError, SAYS),
        ):
            self.january.action_close()
        self.assertOpen()
        self.assertCloses()

    @contextmanager
    def no_room(self):
        """Attachments lie on a file system with room for a part of the PDF: a real one where we may mount it, else
        the kernel refuses to write files that are longer."""
        room = 4096
        attachments = type(self.env["ir.attachment"])
        with tempfile.TemporaryDirectory() as folder:
            mounted = not subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], capture_output=True
            ).returncode
            write = attachments._file_write

            def limited_write(records, *args):
                limit = resource.getrlimit(resource.RLIMIT_FSIZE)
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, limit[1]))
                try:
                    return write(records, *args)
                finally:
                    resource.setrlimit(resource.RLIMIT_FSIZE, limit)

            try:
                with (
                    patch.object(attachments, "_filestore", lambda records: folder),
                    patch.object(attachments, "_file_write", write if mounted else limited_write),
                    mute_logger("odoo.addons.base.models.ir_attachment"),
                ):
                    yield Path(folder)
            finally:
                if mounted:
                    subprocess.run(["umount", folder], check=True)

    def test_closing_on_a_full_disk(self):
        with self.no_room() as folder:
            with self.assertRaisesRegex(UserError, "can't be stored.*(No space left|File too large)"):
                self.january.action_close()
            left = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
            self.assertFalse(left, "a part of the PDF would lie there for good")
        self.assertOpen()
        self.assertCloses()

    def test_snapshot_on_a_full_disk(self):
        self.january.action_close()
        first = self.january.snapshot_ids
        with self.no_room(), self.assertRaisesRegex(UserError, "can't be stored"):
            self.january.action_snapshot()
        self.env.invalidate_all()
        self.assertEqual(self.january.snapshot_ids, first)
        self.january.action_snapshot()
        self.assertEqual(len(self.january.snapshot_ids), 2)


@tagged("post_install", "-at_install")
class TestCancelledCharge(PlannedCommon):
    def test_pay_now_goes_on_from_a_charge_that_went_through(self):
        """Odoo calls again where somebody else was first: the charge is committed by then, and must not be refused."""
        if not self.demo_provider():
            self.skipTest("needs the demo payment provider")
        invoice = self.document([75])
        (planned_payment,) = self.plan(invoice, [75], token=self.token())
        resume = type(planned_payment)._resume
        calls = []

        def busy(planned):
            calls.append(planned)
            if len(calls) == 1:
                raise errors.SerializationFailure("could not serialize access due to concurrent update")
            return resume(planned)

        with patch.object(type(planned_payment), "_resume", busy), self.no_commit():
            with suppress(errors.SerializationFailure):  # not assertRaises, which rolls back
                planned_payment.action_pay_now()
            self.assertEqual(planned_payment.transaction_id.state, "done")
            with patch.object(type(planned_payment.transaction_id), "_charge_with_token") as charge:
                planned_payment.action_pay_now()
            charge.assert_not_called()
        self.assertEqual((planned_payment.state, invoice.reconciliation_status), ("done", "full"))

"""I12: “Reconcile all accounts” under ``kill -9``, shared by processes, met by colleagues."""

from odoo.tests import tagged

from .common.process_case import ProcessCase


@tagged("post_install", "-at_install")
class TestBulkRun(ProcessCase):
    SCRIPT = "bulk_run.py"
    seconds = 400

    def partials(self):
        return self.query("SELECT COUNT(*) AS count FROM account_partial_reconcile"
                          " WHERE debit_move_id IN (SELECT debit_line_id FROM expected_pair)")[0]["count"]  # fmt: skip

    def pending(self):
        return self.query("SELECT COUNT(*) AS count FROM account_reconciliation_run_account WHERE state = 'pending'")[0]["count"]  # noqa: E501  # fmt: skip

    def assertNothingHalfDone(self):
        """Whatever is there is whole: items, open amounts, matching numbers, documents, and the work list."""
        broken = self.query(
            """
            SELECT 'items' AS what, partial.id FROM account_partial_reconcile AS partial
             WHERE partial.debit_amount_currency <> (
                   SELECT COALESCE(SUM(amount_currency), 0) FROM account_reconciliation_line
                    WHERE partial_id = partial.id)
               AND partial.debit_move_id IN (SELECT debit_line_id FROM expected_pair)
             UNION ALL
            SELECT 'open amount', line.id FROM account_move_line AS line
             WHERE line.id IN (SELECT debit_line_id FROM expected_pair UNION SELECT credit_line_id FROM expected_pair)
               AND (line.amount_residual <> line.balance
                    - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile WHERE debit_move_id = line.id), 0)
                    + COALESCE((SELECT SUM(amount) FROM account_partial_reconcile WHERE credit_move_id = line.id), 0)
                    OR (line.amount_residual = 0) <> line.reconciled
                    OR (line.amount_residual <> line.balance) <> (line.matching_number IS NOT NULL)
                    OR line.full_reconcile_id::text <> line.matching_number)
             UNION ALL
            SELECT 'document', move.id FROM account_move AS move
             WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
               AND (move.amount_residual <> (
                        SELECT SUM(amount_residual) FROM account_move_line
                         WHERE move_id = move.id AND display_type = 'payment_term')
                    OR move.amount_residual <> (
                        SELECT SUM(amount_residual) FROM account_reconciliation_item WHERE move_id = move.id)
                    OR (move.amount_residual = 0) <> (move.payment_state = 'paid'))
             UNION ALL
            SELECT 'work list', account.id FROM account_reconciliation_run_account AS account
             WHERE (account.state = 'pending') = EXISTS (
                   SELECT FROM account_partial_reconcile AS partial
                     JOIN expected_pair AS pair
                       ON pair.debit_line_id = partial.debit_move_id AND pair.credit_line_id = partial.credit_move_id
                    WHERE pair.owner_id = account.partner_id)
               AND account.run_id = (SELECT MAX(id) FROM account_reconciliation_run)
            """
        )
        self.assertFalse(broken)

    def assertDone(self):
        """Exactly the planned pairs, each once; the run has ended and left nothing out."""
        self.assertNothingHalfDone()
        made = "SELECT debit_move_id, credit_move_id, amount FROM account_partial_reconcile"
        planned = "SELECT debit_line_id, credit_line_id, amount FROM expected_pair"
        only_expected = f"({made} WHERE debit_move_id IN (SELECT debit_line_id FROM expected_pair))"
        self.assertFalse(self.query(f"{only_expected} EXCEPT ALL ({planned})"), "made, but not planned")
        self.assertFalse(self.query(f"({planned}) EXCEPT ALL {only_expected}"), "planned, but not made")
        # Those of companies with nothing to reconcile, too.
        self.assertEqual(self.query("SELECT DISTINCT state FROM account_reconciliation_run"), [{"state": "done"}])
        self.assertEqual(self.pending(), 0)

    def shares(self):
        """How many accounts each process did."""
        result = {}
        for line in self.log.read_text().splitlines():
            if line.startswith("slice of "):
                child, count = line.removeprefix("slice of ").split(": ")
                result[child] = result.get(child, 0) + int(count)
        return result

    def test_killed_at_every_moment_that_matters(self):
        self.run_step("set up")
        self.run_step("killed between partials and items", killed=True)
        self.assertNothingHalfDone()
        first = self.partials()
        self.assertTrue(first, "two slices were committed before")
        self.run_step("killed before the commit", killed=True)
        self.assertNothingHalfDone()
        second = self.partials()
        self.assertGreater(second, first)
        self.run_step("killed after the commit", killed=True)
        self.assertNothingHalfDone()
        self.assertGreater(self.partials(), second)
        self.assertTrue(self.pending())
        self.run_step("run")
        self.assertDone()

    def test_several_processes_share_a_run(self):
        for together in ("two", "four"):
            self.run_step("set up")
            self.log.write_text("")
            self.run_step(f"{together} at once")
            self.assertDone()
            shares = self.shares()
            accounts = self.query("SELECT COUNT(DISTINCT owner_id) AS count FROM expected_pair")[0]["count"]
            self.assertEqual(sum(shares.values()), accounts, "no account twice, none forgotten")
            self.assertGreater(len(shares), 1, "one process did all the work")

    def test_one_of_two_is_killed(self):
        """The other goes on; what the killed one held is free again at once."""
        self.run_step("set up")
        self.runner.stdin.write("killed before the commit, two at once\n")
        self.runner.stdin.flush()
        self.runner.stdout.readline()
        self.assertNothingHalfDone()
        self.run_step("run")
        self.assertDone()

    def test_colleagues_at_work(self):
        """An account that somebody works on waits until the others are done; a change in between is read anew."""
        self.run_step("set up")
        self.run_step("a colleague holds an account, two at once")
        self.assertDone()
        busy = self.query("SELECT SUM(attempts) AS count FROM account_reconciliation_run_account")[0]["count"]
        self.assertTrue(busy, "nobody was found busy")
        self.run_step("set up")
        self.log.write_text("")
        self.run_step("a colleague changes an account, two at once")
        self.assertDone()

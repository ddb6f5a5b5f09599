"""I12 with dice: ``kill -9`` of Odoo, ``kill -9`` of PostgreSQL and cancelled statements at random moments of all that
takes long, on a durable PostgreSQL server of the test's own.

``script/prove faults MINUTES`` is the long version.
"""

import os
import random
import time
from collections import Counter, defaultdict
from contextlib import closing

from odoo.tests import tagged

from .common.own_cluster import Cluster, server_programs
from .common.process_case import ProcessCase

SECONDS = float(os.environ.get("FAULTS_SECONDS", 0))
PHASES = ("reconcile all", "reconcile in the dialog", "import", "auto-match", "planned payments", "close")
# Where a user waits for the result, an error message says what stopped it.
CALLED = ("reconcile in the dialog", "import", "close")
KILLED, REFUSED, BROKE_OFF, OUTSIDE = "-9", "3", "4", "5"
ENDS = {"odoo": (KILLED,), "postgresql": (BROKE_OFF, OUTSIDE), "cancel": (REFUSED, BROKE_OFF, OUTSIDE)}
FAULTS = ("odoo", "postgresql", "cancel")


@tagged("post_install", "-at_install")
class TestFaults(ProcessCase):
    SCRIPT = "faults.py"
    NEEDS = "payment_demo"
    seconds = SECONDS + 600

    def make_database(self):
        programs = server_programs()
        if not programs:
            self.skipTest("needs PostgreSQL's server programs")
        self.cluster = Cluster(programs)
        self.addCleanup(self.cluster.remove)
        self.cluster.start(durable=False)
        with closing(self.connect("postgres")) as connection, connection.cursor() as cr:
            connection.autocommit = True
            cr.execute(f'CREATE DATABASE "{self.database}"')

    def setUp(self):
        super().setUp()
        self.cluster.stop()
        self.cluster.start()
        self.dice = random.Random(int(os.environ.get("FAULTS_SEED", 1)))
        self.typical = dict.fromkeys(PHASES, 1.0)  # seconds; known better after the first round
        self.counts = defaultdict(Counter)
        self.assertEqual(self.query("SHOW fsync"), [{"fsync": "on"}])
        self.run_step("prepare: once")

    # -- one fault ----------------------------------------------------------------------------------------------

    def strike(self, phase, fault):
        """Have a phase done, and let something happen at a random moment of it.

        :return: how the process ended
        """
        after = self.dice.uniform(0.02, 1.1 * self.typical[phase])
        if fault == "odoo":
            self.begin_step(f"do: {phase}, killed after {1000 * after:.0f} ms")
            return self.end_step()
        self.begin_step(f"do: {phase}")
        if self.is_step_over(after):
            return self.end_step()
        if fault == "postgresql":
            self.cluster.kill()
            ended = self.end_step()
            self.cluster.start()
            return ended
        self.cancel()
        return self.end_step()

    def cancel(self):
        """Cancel the statement that is running, as an administrator or a time limit does; wait for one."""
        while not self.is_step_over() and not self.query(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"
        ):
            time.sleep(0.001)

    def assertNothingCommittedIsLost(self):
        answered = {line.split()[1] for line in self.log.read_text().splitlines() if line.startswith("committed ")}
        there = {row["mark"] for row in self.query("SELECT mark FROM committed_mark")}
        self.assertFalse(answered - there, "commits that were answered, and are lost")

    def check(self):
        self.assertInvariants()
        self.assertNothingCommittedIsLost()
        charged = Counter(line for line in self.log.read_text().splitlines() if line.startswith("charged "))
        self.assertFalse([one for one, times in charged.items() if times > 1], "charged twice")

    # -- what each phase must come to -----------------------------------------------------------------------------

    def assertFinished(self, phase):
        """All that was prepared is done, once."""
        name = phase.replace(" ", "_").replace("-", "_")
        for what, query in FINISHED[name if name in FINISHED else name.split("_")[0]].items():
            self.assertFalse(self.query(query), f"{phase}: {what}")

    def undisturbed(self, phase):
        self.begin_step(f"do: {phase}")
        self.assertEqual(self.end_step(), "0", self.log.read_text()[-3000:])

    def one_round(self, phase, faults):
        """Prepare a phase, let faults meet it, let it end undisturbed."""
        self.run_step(f"prepare: {phase}")
        for fault in faults:
            ended = self.strike(phase, fault)
            self.check()
            if ended == "0":
                self.counts[phase]["too late"] += 1
                break
            self.counts[phase][fault] += 1
            self.assertIn(ended, ENDS[fault])
            if fault == "cancel" and phase in CALLED and ended != OUTSIDE:
                said = self.log.read_text().splitlines()[-12:]
                self.assertEqual(ended, REFUSED, f"{phase} was cancelled, and this is what its user sees: {said}")
                self.counts[phase]["said"] += 1
        started = time.monotonic()
        self.undisturbed(phase)
        if not self.counts[phase]["rounds"]:
            self.typical[phase] = time.monotonic() - started
        self.counts[phase]["rounds"] += 1
        if phase == "planned payments":
            self.run_step("an hour later")
            self.undisturbed(phase)
        self.check()
        self.assertFinished(phase)

    def test_faults_at_random_moments(self):
        if SECONDS:
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                for phase in PHASES:
                    self.one_round(phase, self.dice.choices(FAULTS, k=3))
        else:
            for place, phase in enumerate(PHASES):
                self.one_round(phase, [FAULTS[(place + turn) % 3] for turn in range(2)])
        self.run_step("verify")
        broken = [line for line in self.log.read_text().splitlines() if line.startswith("broken ")]
        self.assertFalse(broken)
        self.assertGreater(sum(self.counts[phase][fault] for phase in PHASES for fault in FAULTS), 4, self.counts)
        if SECONDS:
            self.report()

    def report(self):
        columns = ("rounds", *FAULTS, "said", "too late")
        rows = [f"{'':26}" + "".join(f"{column:>12}" for column in columns)]
        rows += [f"{phase:26}" + "".join(f"{self.counts[phase][name]:>12}" for name in columns) for phase in PHASES]
        log = self.log.read_text().splitlines()
        for word in ("committed", "charged"):
            rows.append(f"{word}: {sum(line.startswith(word) for line in log)}")
        rows += sorted({line for line in log if line.startswith("said ")})
        os.write(2, ("\n" + "\n".join(rows) + "\n").encode())


PAIRS = """
    SELECT debit_move_id, credit_move_id, amount FROM account_partial_reconcile
     WHERE debit_move_id IN (SELECT debit_line_id FROM expected_pair)
"""
PLANNED = "SELECT debit_line_id, credit_line_id, amount FROM expected_pair"
FINISHED = {
    "reconcile": {
        "made, but not planned": f"({PAIRS}) EXCEPT ALL ({PLANNED})",
        "planned, but not made": f"({PLANNED}) EXCEPT ALL ({PAIRS})",
        "runs that have not ended": "SELECT id FROM account_reconciliation_run WHERE state <> 'done'",
        "accounts left alone": """
            SELECT message FROM account_reconciliation_run_account WHERE state <> 'done'
        """,
    },
    "import": {
        "transactions missing or twice": """
            SELECT file.total, COUNT(line.id)
              FROM (SELECT SUM(lines) AS total FROM import_file) AS file
              LEFT JOIN account_bank_statement_line AS line ON line.unique_import_id IS NOT NULL
             GROUP BY file.total HAVING COUNT(line.id) <> file.total
        """,
        "statements missing or twice": """
            SELECT file.name, COUNT(statement.id)
              FROM import_file AS file
              LEFT JOIN account_bank_statement AS statement ON statement.reference = file.name
             GROUP BY file.name, file.lines
            HAVING COUNT(statement.id) <> 1
                OR file.lines <> (SELECT COUNT(*) FROM account_bank_statement_line
                                   WHERE statement_id = MIN(statement.id))
        """,
        "statements that don't add up": """
            SELECT statement.id FROM account_bank_statement AS statement
              JOIN import_file AS file ON file.name = statement.reference
             WHERE statement.balance_end_real - statement.balance_start <> (
                   SELECT SUM(amount) FROM account_bank_statement_line WHERE statement_id = statement.id)
        """,
    },
    "auto_match": {
        "invoices that aren't paid": """
            SELECT move.id FROM account_move AS move JOIN res_partner AS partner ON partner.id = move.partner_id
             WHERE partner.name LIKE 'Payer %' AND move.move_type = 'out_invoice' AND move.payment_state <> 'paid'
        """,
        "transactions that were decided more or less than once": """
            SELECT line.id, COUNT(decision.id)
              FROM account_bank_statement_line AS line
              LEFT JOIN account_bank_match_decision AS decision
                ON decision.statement_line_id = line.id AND decision.action = 'auto'
             WHERE line.partner_name LIKE 'Payer %'
             GROUP BY line.id HAVING COUNT(decision.id) <> 1
        """,
    },
    "planned_payments": {
        "planned payments that are neither done nor wait for a person": """
            SELECT planned.id, planned.state FROM account_planned_payment AS planned
             WHERE planned.state <> 'done'
               AND NOT (planned.state = 'processing' AND EXISTS (
                    SELECT FROM mail_activity WHERE res_model = 'account.planned.payment' AND res_id = planned.id))
        """,
        "planned payments that are done without one payment that paid their document": """
            SELECT planned.id FROM account_planned_payment AS planned
              JOIN account_move AS move ON move.id = planned.move_id
             WHERE planned.state = 'done' AND (planned.payment_id IS NULL OR move.amount_residual <> 0)
        """,
        "payments that belong to no planned payment": """
            SELECT payment.id FROM account_payment AS payment
              JOIN res_partner AS partner ON partner.id = payment.partner_id AND partner.name = 'Tremblay family'
             WHERE NOT EXISTS (SELECT FROM account_planned_payment WHERE payment_id = payment.id)
        """,
    },
    "close": {
        "periods that are open": "SELECT id FROM account_bank_reconciliation WHERE state <> 'closed'",
        "closed more or less than once": """
            SELECT period.id FROM account_bank_reconciliation AS period
              LEFT JOIN account_bank_reconciliation_snapshot AS taken
                ON taken.reconciliation_id = period.id AND taken.is_closing
             GROUP BY period.id HAVING COUNT(taken.id) <> 1
        """,
    },
}  # fmt: skip

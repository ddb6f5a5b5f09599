"""The due run under ``kill -9``: in a process and a database of its own, killed at every moment that matters."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

SECONDS = 150  # what hangs longer is a failure


@tagged("post_install", "-at_install")
class TestKilledRun(BaseCase):
    def setUp(self):
        super().setUp()
        name = get_db_name()
        with closing(db_connect(name).cursor()) as cr:
            cr.execute("SELECT 1 FROM ir_module_module WHERE name = 'payment_demo' AND state = 'installed'")
            if not cr.fetchone():
                self.skipTest("needs the demo payment provider")
        try:
            dump, restore = find_pg_tool("pg_dump"), find_pg_tool("psql")
        except Exception:
            self.skipTest("needs PostgreSQL's client programs")
        self.database = f"{name}_killed"[-60:]
        self.admin(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(self.database)))
        self.admin(SQL("CREATE DATABASE %s ENCODING 'unicode' TEMPLATE template0", SQL.identifier(self.database)))
        self.addCleanup(self.admin, SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(self.database)))
        with subprocess.Popen([dump, name], stdout=subprocess.PIPE, env=exec_pg_environ()) as source:
            subprocess.run(
                [restore, "-q", "-d", self.database],
                stdin=source.stdout, stdout=subprocess.DEVNULL, env=exec_pg_environ(), timeout=SECONDS, check=True,
            )  # fmt: skip
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name, "charges")
        self.log.touch()
        self.runner = self.start()

    def admin(self, query):
        """Statements about databases can't stand in a transaction."""
        with closing(db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute(query)

    def start(self):
        """The process that loads Odoo once; it doesn't outlive the test, nor SECONDS."""
        options = [f"--addons-path={','.join(config['addons_path'])}", f"--data-dir={config['data_dir']}"]
        options += [f"--{name}={config[name]}" for name in ("db_host", "db_port", "db_user") if config[name]]
        told = {"options": [*options, "--log-level=error"], "database": self.database, "log": str(self.log)}
        script = Path(__file__).with_name("killed_run.py")
        runner = subprocess.Popen(
            [sys.executable, str(script), json.dumps(told)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**exec_pg_environ(), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        limit = threading.Timer(SECONDS, runner.kill)
        limit.start()
        for cleanup in (runner.stdout.close, runner.wait, runner.kill, runner.stdin.close, limit.cancel):
            self.addCleanup(cleanup)
        return runner

    def run_step(self, step, killed=False):
        self.runner.stdin.write(f"{step}\n")
        self.runner.stdin.flush()
        self.assertEqual(self.runner.stdout.readline().strip(), str(-signal.SIGKILL if killed else 0), step)

    def look(self):
        """What stands in the database now, an installment a dict, in their order."""
        with closing(db_connect(self.database).cursor()) as cr:
            cr.execute(
                """
                SELECT planned.state, planned.reference, move.amount_residual::float AS open,
                       (SELECT SUM(amount_planned)::float FROM account_reconciliation_item
                         WHERE move_id = move.id) AS planned,
                       (SELECT COUNT(*) FROM account_payment
                         WHERE strpos(memo, COALESCE(planned.reference, move.name || ', installment 1')) > 0
                       ) AS payments,
                       (SELECT COUNT(*) FROM payment_transaction WHERE planned_payment_id = planned.id) AS transactions,
                       (SELECT COUNT(*) FROM mail_activity
                         WHERE res_model = 'account.planned.payment' AND res_id = planned.id) AS to_dos
                  FROM account_planned_payment AS planned
                  JOIN account_move AS move ON move.id = planned.move_id
                 ORDER BY planned.id
                """
            )
            return cr.dictfetchall()

    def assertInstallment(self, one, **expected):
        self.assertEqual({name: one[name] for name in expected}, expected)

    def charges(self, installment):
        return self.log.read_text().splitlines().count(installment["reference"])

    def test_nobody_is_charged_twice(self):
        """Each of the installments meets its kill, then the next run goes on from there."""
        self.run_step("set up")
        self.run_step("killed between charge and registration", killed=True)
        self.run_step("killed while registering", killed=True)
        first = self.look()[0]
        self.assertInstallment(first, state="processing", payments=0, open=75, planned=75)
        self.assertEqual(self.charges(first), 1)
        # The first is registered now; the second is killed before its answer, the third before its charge.
        self.run_step("killed while charging", killed=True)
        self.run_step("killed before the charge", killed=True)
        # The last one has no saved payment method: its payment and its reconciliation are one.
        self.run_step("killed while registering", killed=True)
        self.assertInstallment(self.look()[3], state="planned", payments=0, open=75, planned=75)
        self.run_step("run")
        paid, cut_off, not_sent, registered = self.look()
        self.assertInstallment(paid, state="done", payments=1, transactions=1, open=0, planned=0)
        self.assertInstallment(registered, state="done", payments=1, transactions=0, open=0, planned=0)
        # Whether the two others were charged nobody can know here: they aren't charged again, a person is asked.
        for _again in range(2):
            self.run_step("an hour later")
        asked = self.look()
        for one in asked[1:3]:
            self.assertInstallment(one, state="processing", payments=0, transactions=1, to_dos=1, open=75, planned=75)
        self.assertEqual([self.charges(one) for one in asked[:3]], [1, 1, 0])
        self.assertEqual((cut_off, not_sent), tuple({**one, "to_dos": 0} for one in asked[1:3]))

        # Two scheduled actions at once share the work, whoever comes first.
        self.run_step("set up")
        self.run_step("two at once")
        self.run_step("run")
        for one in self.look()[4:]:
            self.assertInstallment(one, state="done", payments=1, open=0, planned=0)
        charged = self.log.read_text().splitlines()
        self.assertEqual(len(charged), 5)
        self.assertEqual(len(set(charged)), 5)

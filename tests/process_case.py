"""Tests that need processes and a database of their own: what is killed, what runs at once, what is committed."""

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
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

SECONDS = 150  # what hangs longer is a failure


class ProcessCase(BaseCase):
    """Each test has a copy of the test database, and a process that loads Odoo once and forks a child for each step.

    A subclass names its script, which says what the steps are (see process_steps.py).
    """

    SCRIPT = None
    NEEDS = None
    seconds = SECONDS

    def setUp(self):
        super().setUp()
        name = get_db_name()
        if self.NEEDS:
            with closing(db_connect(name).cursor()) as cr:
                cr.execute("SELECT 1 FROM ir_module_module WHERE name = %s AND state = 'installed'", [self.NEEDS])
                if not cr.fetchone():
                    self.skipTest(f"needs {self.NEEDS}")
        try:
            dump, restore = find_pg_tool("pg_dump"), find_pg_tool("psql")
        except Exception:
            self.skipTest("needs PostgreSQL's client programs")
        self.database = f"{name}_{Path(self.SCRIPT).stem}"[-60:]
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
        self.log = Path(folder.name, "log")
        self.log.touch()
        self.runner = self.start()

    def admin(self, query):
        """Statements about databases can't stand in a transaction."""
        with closing(db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute(query)

    def start(self):
        """The process that loads Odoo once; it doesn't outlive the test, nor its seconds."""
        options = [f"--addons-path={','.join(config['addons_path'])}", f"--data-dir={config['data_dir']}"]
        options += [f"--{name}={config[name]}" for name in ("db_host", "db_port", "db_user") if config[name]]
        told = {"options": [*options, "--log-level=error"], "database": self.database, "log": str(self.log)}
        runner = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name(self.SCRIPT)), json.dumps(told)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**exec_pg_environ(), "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        limit = threading.Timer(self.seconds, runner.kill)
        limit.start()
        for cleanup in (runner.stdout.close, runner.wait, runner.kill, runner.stdin.close, limit.cancel):
            self.addCleanup(cleanup)
        return runner

    def run_step(self, step, killed=False):
        """Have a step done by children of their own, and look how they ended."""
        self.runner.stdin.write(f"{step}\n")
        self.runner.stdin.flush()
        self.assertEqual(self.runner.stdout.readline().strip(), str(-signal.SIGKILL if killed else 0), step)

    def query(self, query, *args):
        """Rows of the database as it is now, as dicts."""
        with closing(db_connect(self.database).cursor()) as cr:
            cr.execute(query, args)
            return cr.dictfetchall()

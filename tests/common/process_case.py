"""Tests that need processes and a database of their own: what is killed, what runs at once, what is committed."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, config
from odoo.tools.misc import exec_pg_environ, find_pg_tool
from psycopg2.extras import RealDictCursor

from ..invariants import violations

SECONDS = 150  # what hangs longer is a failure


class ProcessCase(BaseCase):
    """Each test has a copy of the test database, and a process that loads Odoo once and forks a child for each step.

    A subclass names its script, which says what the steps are (see process_steps.py).
    """

    SCRIPT = None
    NEEDS = None
    seconds = SECONDS
    # The server that the copy lies on: a tests.own_cluster.Cluster, or None for the one of the test database.
    cluster = None

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
        self.make_database()
        with subprocess.Popen([dump, name], stdout=subprocess.PIPE, env=exec_pg_environ()) as source:
            subprocess.run(
                [restore, "-q", "-d", self.database],
                stdin=source.stdout, stdout=subprocess.DEVNULL, env=self.environment(), timeout=SECONDS, check=True,
            )  # fmt: skip
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name, "log")
        self.log.touch()
        self.runner = self.start()

    def make_database(self):
        """An empty database for the copy; it doesn't outlive the test."""
        self.admin(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(self.database)))
        self.admin(SQL("CREATE DATABASE %s ENCODING 'unicode' TEMPLATE template0", SQL.identifier(self.database)))
        self.addCleanup(self.admin, SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(self.database)))

    def environment(self):
        """What the client programs and the process need to find the copy."""
        return {**exec_pg_environ(), **(self.cluster.address() if self.cluster else {})}

    def admin(self, query):
        """Statements about databases can't stand in a transaction."""
        with closing(db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute(query)

    def start(self):
        """The process that loads Odoo once; it doesn't outlive the test, nor its seconds."""
        options = [f"--addons-path={','.join(config['addons_path'])}", f"--data-dir={self.data_dir()}"]
        found = self.environment()
        names = {"db_host": "PGHOST", "db_port": "PGPORT", "db_user": "PGUSER"}
        options += [f"--{name}={found[variable]}" for name, variable in names.items() if variable in found]
        setup = {"options": [*options, "--log-level=error"], "database": self.database, "log": str(self.log)}
        runner = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name(self.SCRIPT)), json.dumps(setup)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**found, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )  # fmt: skip
        limit = threading.Timer(self.seconds, runner.kill)
        limit.start()
        for cleanup in (runner.stdout.close, runner.wait, runner.kill, runner.stdin.close, limit.cancel):
            self.addCleanup(cleanup)
        return runner

    def data_dir(self):
        """Where attachments lie."""
        return config["data_dir"]

    def run_step(self, step, killed=False):
        """Have a step done by children of their own, and look how they ended."""
        self.begin_step(step)
        self.assertEqual(self.end_step(), str(-signal.SIGKILL if killed else 0), step)

    def begin_step(self, step):
        """Have a step begun."""
        self.runner.stdin.write(f"{step}\n")
        self.runner.stdin.flush()

    def is_step_over(self, seconds=0):
        """Whether a step that was begun has ended, waiting for it so long at most."""
        return bool(select.select([self.runner.stdout], [], [], seconds)[0])

    def end_step(self):
        """How the children of a step ended: their exit codes, each once, as text."""
        return self.runner.stdout.readline().strip()

    def query(self, query, *args):
        """Rows of the database as it is now, as dicts."""
        with closing(self.connect()) as connection, connection.cursor(cursor_factory=RealDictCursor) as cr:
            cr.execute(query, args or None)
            return [dict(row) for row in cr.fetchall()]

    def connect(self, database=None):
        """A connection of its own: any of them may have been cut off."""
        found = self.environment()
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        options = {name: found[variable] for name, variable in names.items() if variable in found}
        return psycopg2.connect(dbname=database or self.database, **options)

    def assertInvariants(self):
        """All rules hold for what is committed at this moment."""
        with closing(self.connect()) as connection, connection.cursor() as cr:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)

            def query(statement):
                cr.execute(statement)
                return cr.fetchall()

            self.assertFalse(violations(query))

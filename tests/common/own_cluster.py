"""A PostgreSQL server of a test's own, which may be killed: durable as in production, on a socket of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PORT = "5432"
START_ATTEMPTS = 600  # a minute


def server_programs():
    """The folder of PostgreSQL's server programs, or None. Debian keeps them out of the path, a folder a version."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Cluster:
    """A cluster below a temporary folder. PostgreSQL refuses to run as root, which lends it the account of its package.

    ``fsync`` is on from :meth:`start` without arguments: what is committed is on the disk, or the test proves nothing.
    """

    def __init__(self, programs):
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.account = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if self.account:
            shutil.chown(self.folder, "postgres")
        self.data = self.folder / "data"
        self.server = None
        options = ["-D", self.data, "-U", "odoo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [self.programs / "initdb", *options], check=True, cwd="/", stdout=subprocess.DEVNULL, **self.account
        )

    def address(self):
        """The environment by which client programs find it."""
        return {"PGHOST": str(self.folder), "PGPORT": PORT, "PGUSER": "odoo"}

    def start(self, durable=True):
        """Start the server; after a kill it recovers first.

        :param durable: False while the database is being filled, which nobody kills
        """
        options = ["-k", self.folder, "-p", PORT, "-c", "listen_addresses="]
        options += ["-c", f"fsync={'on' if durable else 'off'}"]
        with open(self.folder / "log", "a") as log:
            # Our own child, so that its end is seen: no server starts where one that ended still has its number.
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options], cwd="/", stdout=log, stderr=log, **self.account
            )
        ready = [self.programs / "pg_isready", "-q", "-h", self.folder, "-p", PORT]
        for _attempt in range(START_ATTEMPTS):
            if not subprocess.run(ready).returncode:
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self):
        """Stop the server as an administrator does."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait()

    def kill(self):
        """``kill -9`` of the server with all its processes, wherever they are."""
        # Stopped first: it would start new ones for those that are killed.
        self.server.send_signal(signal.SIGSTOP)
        processes = _children(self.server.pid)
        for process in [*processes, self.server.pid]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.server.wait()
        while any(_is_alive(process) for process in processes):
            time.sleep(0.01)

    def remove(self):
        """Stop it, whatever state it is in, and take its files away."""
        if self.server and self.server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)


def _state(process):
    """What the kernel tells about a process: ``(state, parent)``, or None where there is none."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat[0], int(stat[1])


def _children(process):
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if (_state(number) or ("", 0))[1] == process]


def _is_alive(process):
    state = _state(process)
    return state is not None and state[0] != "Z"

"""What the scripts of a ProcessCase share: Odoo is loaded once, each step runs in forked children.

Usage of a script: ``SCRIPT JSON`` with ``options`` (of Odoo), ``database`` and ``log`` (a file, out of reach of any
rollback). It reads one step a line, forks as many children as the step says (no connection is open then), and answers
with how they ended.
"""

import json
import os
import re
import signal
import sys
import time
import traceback

from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config

COUNTS = {"two": 2, "four": 4, "eight": 8}


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def _fork(run, registry, step, number, log_path):
    child = os.fork()
    if not child:
        try:
            run(registry, step, number, log_path)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return child


def serve(run):
    """Do the steps as they are asked for.

    :param run: called in a child with ``(registry, step, number of the child, path of the log)``; a step that ends in
        “two at once”, “four at once” or “eight at once” has so many children; one that ends in “killed after 250 ms” is
        killed then, wherever it is
    """
    setup = json.loads(sys.argv[1])
    config.parse_config(setup["options"])
    registry = Registry(setup["database"])
    for line in sys.stdin:
        close_all()
        step = line.strip()
        together = re.search(r"(\w+) at once$", step)
        count = COUNTS[together.group(1)] if together else 1
        children = [_fork(run, registry, step, number, setup["log"]) for number in range(count)]
        if killed := re.search(r"killed after (\d+) ms$", step):
            time.sleep(int(killed.group(1)) / 1000)
            for child in children:
                os.kill(child, signal.SIGKILL)
        codes = {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
        sys.stdout.write(f"{' '.join(map(str, codes))}\n")
        sys.stdout.flush()

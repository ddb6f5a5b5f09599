"""“Reconcile all accounts” in processes of their own: killed, shared, met by colleagues. See test_bulk_run.py.

The log gets one line a slice: which child did how many accounts. See process_steps.py for how this is used.
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from process_steps import die, serve

sys.path.insert(0, str(Path(__file__).parents[2] / "script" / "benchmarks"))

# One family that pays exactly, one that pays in round sums, one that pays at once, one that doesn't pay.
FAMILIES = (0, 10, 15, 18)
COPIES = 40
PARTIALS_A_BATCH = 40


def set_up(env):
    """A ledger with nothing reconciled, the pairs that are to come of it, and the work list."""
    # Known only once Odoo knows its addons path.
    import ledger
    import open_ledger
    from odoo.addons.account_reconciliation.engine.items import items_sql
    from odoo.addons.account_reconciliation.engine.reconcile_accounts import plan_sql

    ledger.copy_ledger(env, open_ledger.make_open_templates(env, families=FAMILIES), COPIES)
    env.cr.execute(items_sql.insert_items(SQL("TRUE")))
    for table in ("account_reconciliation_item", "account_move_line", "account_partial_reconcile"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.cr.execute("DROP TABLE IF EXISTS expected_pair")
    env.cr.execute(
        SQL(
            "CREATE TABLE expected_pair AS SELECT debit_line_id, credit_line_id, amount, owner_id FROM (%s) AS planned",
            plan_sql.plan(env.company.ids),
        )
    )
    env["account.reconciliation.run"]._start(env.company)


def nth(count, action, original):
    """A method that does something else the nth time."""
    calls = []

    def method(self, *args, **kwargs):
        calls.append(self)
        if len(calls) == count:
            return action(self, *args, **kwargs)
        return original(self, *args, **kwargs)

    return method


def wait_for(log_path, word):
    while word not in Path(log_path).read_text():
        time.sleep(0.02)


def say(log_path, text):
    with open(log_path, "a") as log:
        log.write(f"{text}\n")


def hold(cr, log_path):
    """A colleague who works on an account for a while: its lines are locked, and released unchanged."""
    cr.execute(
        "SELECT id FROM account_move_line"
        " WHERE id IN (SELECT debit_line_id FROM expected_pair ORDER BY owner_id LIMIT 2) FOR UPDATE"
    )
    say(log_path, "held")
    wait_for(log_path, "slice")
    time.sleep(0.3)


def change(cr, log_path):
    """A colleague who changes an account's line and commits, between the run's look at the list and its lock."""
    wait_for(log_path, "about to lock")
    cr.execute(
        "UPDATE account_move_line SET name = name || '.'"
        " WHERE id = (SELECT debit_line_id FROM expected_pair ORDER BY owner_id LIMIT 1)"
    )
    # Committed in the middle, which is what this step is about: the cursor is this process's own.
    api.Environment(cr, SUPERUSER_ID, {})["ir.cron"]._commit_progress()
    say(log_path, "changed")


def run(registry, step, number, log_path):
    from odoo.addons.account_reconciliation.models.reconcile_accounts import account_reconciliation_run

    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        if step == "set up":
            set_up(env)
            return
        if step.startswith("a colleague holds") and not number:
            hold(cr, log_path)
            return
        if step.startswith("a colleague changes") and not number:
            change(cr, log_path)
            return
        with ExitStack() as patches:
            put = lambda model, name, method: patches.enter_context(  # noqa: E731
                patch.object(type(env[model]), name, method)
            )
            patches.enter_context(patch.object(account_reconciliation_run, "PARTIALS_AT_ONCE", PARTIALS_A_BATCH))
            patches.enter_context(patch.object(account_reconciliation_run, "ACCOUNTS_AT_ONCE", 8))
            accounts = type(env["account.reconciliation.run.account"])
            write = accounts._write_results

            def write_results(self, results):
                say(log_path, f"slice of {number}: {len(results)}")
                return write(self, results)

            put("account.reconciliation.run.account", "_write_results", write_results)
            commit = type(env["ir.cron"])._commit_progress
            follow = type(env["account.bulk.reconcile"])._follow
            lock = type(env["res.partner"])._reconcile_account_owners
            if step.startswith("killed between partials and items"):
                put("account.bulk.reconcile", "_follow", nth(3, die, follow))
            elif step.startswith("killed before the commit"):
                put("ir.cron", "_commit_progress", nth(5, die, commit))
            elif step.startswith("killed after the commit"):
                put("ir.cron", "_commit_progress", nth(4, lambda self, *a, **k: die(commit(self, *a, **k)), commit))
            elif step.startswith("a colleague holds"):
                wait_for(log_path, "held")
            elif step.startswith("a colleague changes"):

                def look_away(self, *args, **kwargs):
                    say(log_path, "about to lock")
                    wait_for(log_path, "changed")
                    return lock(self, *args, **kwargs)

                put("res.partner", "_reconcile_account_owners", nth(1, look_away, lock))
            if number:
                env["account.reconcile.accounts"].help_running()
            else:
                env["account.reconcile.accounts"].run_batch()


if __name__ == "__main__":
    serve(run)

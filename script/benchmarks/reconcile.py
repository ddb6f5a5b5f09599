"""One contender of the bench over one database, measured: called by script/bench reconcile inside `odoo shell`.

Prints one line of JSON. Seconds are those of the work itself, its commit included; the peak memory is that of the
whole process.
"""

import json
import resource
import sys
import time

from odoo import sql_db
from odoo.addons.account_reconciliation.engine.common.odoo_types import OWED_ACCOUNT_TYPES
from odoo.tools import SQL


def open_lines_by_partner(env, accounts):
    """The open lines of the first accounts, those that have money and documents.

    :param accounts: how many
    :return: list of account.move.line records, one an account
    """
    env.cr.execute(
        SQL(
            """
            SELECT array_agg(line.id ORDER BY line.date, line.id)
              FROM account_move_line AS line
              JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %s
             WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
             GROUP BY line.partner_id
            HAVING MIN(line.amount_residual) < 0 AND MAX(line.amount_residual) > 0
             ORDER BY line.partner_id LIMIT %s
            """,
            OWED_ACCOUNT_TYPES,
            accounts,
        )
    )
    return [env["account.move.line"].browse(row[0]) for row in env.cr.fetchall()]


def partner_loop(env, accounts):
    """Odoo's way, one partner at a time: what its “Reconcile” button does with one account's lines."""
    for lines in open_lines_by_partner(env, accounts):
        lines.reconcile()
        env.cr.commit()


def one_call(env, accounts):
    """Odoo's own plan for all accounts at once: the fastest that Odoo itself can do."""
    env["account.move.line"]._reconcile_plan(open_lines_by_partner(env, accounts))


def addon(env, accounts):
    """“Reconcile all accounts”, as the scheduled action runs it: work list, slices, commits, summary."""
    run = env["account.reconciliation.run"]._start(env.company)
    env.cr.commit()
    env["account.reconciliation.run"].browse(run.id)._process(commit=env["ir.cron"]._commit_progress)


def floor(env, accounts):
    """The bare SQL."""
    import floor

    floor.run(env)


def count_partials(env):
    env.cr.execute("SELECT COUNT(*) FROM account_partial_reconcile")
    return env.cr.fetchone()[0]


def measure(env, name, accounts):
    """Run a contender and print what it took.

    :param name: one of the functions above
    :param accounts: how many accounts Odoo's own ways are given; the addon and the floor take all
    """
    env.cr.commit()
    before, queries, start = count_partials(env), sql_db.sql_counter, time.monotonic()
    globals()[name](env, accounts)
    env.flush_all()
    env.cr.commit()
    seconds = time.monotonic() - start
    queries = sql_db.sql_counter - queries
    sys.stdout.write("RESULT " + json.dumps({
        "contender": name,
        "seconds": round(seconds, 2),
        "partials": count_partials(env) - before,
        "queries": queries,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "state": state(env),
    }) + "\n")  # fmt: skip


def state(env):
    """Figures by which two contenders that did the same work can be compared."""
    env.cr.execute(
        """
        SELECT (SELECT COUNT(*) FROM account_full_reconcile),
               (SELECT COUNT(*) FROM account_move WHERE payment_state = 'paid'),
               (SELECT COUNT(*) FROM account_move WHERE payment_state = 'partial'),
               (SELECT COUNT(*) FROM account_payment WHERE state = 'paid'),
               (SELECT COALESCE(SUM(amount), 0) FROM account_partial_reconcile),
               (SELECT COUNT(*) FROM account_move_line WHERE reconciled),
               (SELECT COUNT(*) FROM mail_message), (SELECT COUNT(*) FROM mail_tracking_value)
        """
    )
    return [float(figure) for figure in env.cr.fetchone()]

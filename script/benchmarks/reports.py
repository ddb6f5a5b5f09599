"""Times the reports as the web client opens them, and prints the plan of the slowest statement of each.

Run inside `odoo shell`, where the ledger is built. ``LIMITS`` are the seconds that a report may take.
"""

import sys
import time

from odoo.tools import SQL

LIMITS = {"grouped": 2.0, "month": 1.0}
RUNS = 3
MONTH = [("date", ">=", "2026-03-01"), ("date", "<=", "2026-03-31")]
CLIENTS = [("side", "=", "customer")]
# name: (model, domain, groupby, aggregates), what the views ask when they open.
REPORTS = {
    "Breakdown by ledger code": (
        "account.reconciliation.breakdown", CLIENTS, ["account_id"],
        ["amount_untaxed:sum", "amount_tax:sum", "amount_total:sum"],
    ),
    "Payment by ledger code": ("account.reconciliation.payment", CLIENTS, ["state"], ["amount:sum"]),
    "Payment by ledger code, pivot": (
        "account.reconciliation.payment", CLIENTS, ["state", "account_id", "method"], ["amount:sum"],
    ),
    "Payment by item by month": ("account.reconciliation.payment", CLIENTS, ["date:month"], ["amount:sum"]),
    "Amounts paid by year": ("account.reconciliation.paid.item", [], ["date:year"], ["amount:sum"]),
}  # fmt: skip


def timed(function):
    """The median of some runs, in seconds."""
    seconds = []
    for _number in range(RUNS):
        start = time.monotonic()
        function()
        seconds.append(time.monotonic() - start)
    return sorted(seconds)[len(seconds) // 2]


def slowest_statement(env, function):
    """The statement of a function that takes longest, as text with its values in it."""
    cr, found = env.cr, []
    execute = type(cr).execute

    def watch(self, query, params=None, **kwargs):
        start = time.monotonic()
        result = execute(self, query, params, **kwargs)
        found.append((time.monotonic() - start, self._obj.query.decode()))
        return result

    type(cr).execute = watch
    try:
        function()
    finally:
        type(cr).execute = execute
    return max(found)[1]


def run(env, show_plans):
    """Print a table of times; return whether all are within their limits."""
    count = env.execute_query(SQL("SELECT COUNT(*) FROM account_reconciliation_line"))[0][0]
    sys.stdout.write(f"{count:,} reconciliation lines\n")
    sys.stdout.write(f"{'report':<32} {'opened as':<10} {'seconds':>8} {'limit':>6}\n")
    within = True
    for name, (model, domain, groupby, aggregates) in REPORTS.items():
        for kind, extra in (("grouped", []), ("month", MONTH)):
            report = env[model]

            def opened(report=report, where=domain + extra, groupby=groupby, aggregates=aggregates):
                return report.formatted_read_group(where, groupby, [*aggregates, "__count"])

            opened()
            seconds = timed(opened)
            within &= seconds <= LIMITS[kind]
            sys.stdout.write(f"{name:<32} {kind:<10} {seconds:>8.2f} {LIMITS[kind]:>6.1f}\n")
            if show_plans:
                statement = slowest_statement(env, opened)
                for (line,) in env.execute_query(
                    SQL("EXPLAIN (ANALYZE, COSTS OFF) %s", SQL(statement.replace("%", "%%")))
                ):
                    sys.stdout.write(f"    {line}\n")
    for name, (model, domain, _groupby, _aggregates) in REPORTS.items():
        if "pivot" not in name:
            seconds = timed(
                lambda model=model, domain=domain: env[model].search(domain + MONTH, limit=80).mapped("date")
            )
            within &= seconds <= LIMITS["month"]
            sys.stdout.write(f"{name:<32} {'80 rows':<10} {seconds:>8.2f} {LIMITS['month']:>6.1f}\n")
    seconds = timed(lambda: env["account.reconciliation.overview"].get_overview())
    sys.stdout.write(f"{'Overview':<32} {'':<10} {seconds:>8.2f} {LIMITS['grouped']:>6.1f}\n")
    return within and seconds <= LIMITS["grouped"]

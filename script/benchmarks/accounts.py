"""An account with many open lines, measured: called by script/bench accounts inside `odoo shell`.

The entries are written by SQL from one that Odoo has posted: half debits, half credits, each pair with a number of its
own in its label, a hundred partners.
"""

import resource
import sys
import time

from odoo import Command
from odoo.addons.account_reconciliation.engine.ledger_accounts import (
    as_of_sql,
    open_lines_sql,
    rules_sql,
    suggestions_sql,
)
from odoo.tools import SQL

COLUMNS_LEFT_OUT = {
    "id", "move_id", "name", "ref", "move_name", "partner_id", "balance", "debit", "credit", "amount_currency",
    "amount_residual", "amount_residual_currency", "date", "create_date",
}  # fmt: skip


def build(env, lines):
    """Post a pair of entries, and copy it until so many lines are open on the account.

    :return: the account.account
    """
    company = env.company
    account = env["account.account"].create(
        {"name": "Card clearing", "code": "BENCHCLR", "account_type": "asset_current", "reconcile": True}
    )
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    journal = env["account.journal"].search([("type", "=", "general"), ("company_id", "=", company.id)], limit=1)
    partners = env["res.partner"].create([{"name": f"Partner {number}"} for number in range(100)])
    move = env["account.move"].create({
        "journal_id": journal.id, "date": "2026-01-10",
        "line_ids": [
            Command.create({"account_id": account.id, "balance": 1, "name": "x", "partner_id": partners[0].id}),
            Command.create({"account_id": income.id, "balance": -1, "name": "x", "partner_id": partners[0].id}),
        ],
    })  # fmt: skip
    move.action_post()
    env.flush_all()
    env.cr.execute("SELECT setval('account_move_id_seq', (SELECT MAX(id) FROM account_move) + %s)", [lines])
    copy_rows(env, move, lines, partners)
    env.cr.commit()
    # The tests' cluster has no autovacuum.
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()
    return account


def copy_rows(env, move, lines, partners):
    """Copy an entry: number n and n + 1 are a debit and a credit of one amount."""
    # No checks of foreign keys: the copies have those of the entry.
    env.cr.execute("SET LOCAL session_replication_role = replica")
    moves = _columns(env, "account_move", {"id", "name", "sequence_number", "ref"})
    env.cr.execute(
        SQL(
            "INSERT INTO account_move (id, name, sequence_number, ref, %(columns)s)"
            " SELECT %(id)s + n, 'BENCH/' || n, n, 'R' || n / 2, %(columns)s"
            " FROM account_move, generate_series(1, %(lines)s) AS n WHERE id = %(id)s",
            columns=moves, id=move.id, lines=lines,
        )
    )  # fmt: skip
    columns = _columns(env, "account_move_line", COLUMNS_LEFT_OUT)
    env.cr.execute(
        SQL(
            """
            INSERT INTO account_move_line (
                move_id, name, ref, move_name, partner_id, balance, debit, credit, amount_currency, amount_residual,
                amount_residual_currency, date, create_date, %(columns)s
            )
            SELECT %(id)s + n, 'Payout PO' || 100000 + n / 2, 'R' || n / 2, 'BENCH/' || n,
                   (%(partners)s)[1 + n / 2 %% 100], amount, GREATEST(amount, 0), GREATEST(-amount, 0), amount,
                   CASE WHEN account.reconcile THEN amount ELSE 0 END,
                   CASE WHEN account.reconcile THEN amount ELSE 0 END,
                   DATE '2026-01-01' + n %% 90, NOW(), %(qualified)s
              FROM account_move_line AS line
              JOIN account_account AS account ON account.id = line.account_id
              CROSS JOIN generate_series(2, %(lines)s) AS n
              CROSS JOIN LATERAL (SELECT SIGN(line.balance) * (1 - 2 * (n %% 2)) * (10 + n / 2 %% 5000) AS amount)
                      AS signed
             WHERE line.move_id = %(id)s
            """,
            columns=columns, id=move.id, lines=lines, partners=partners.ids,
            qualified=_columns(env, "account_move_line", COLUMNS_LEFT_OUT, "line"),
        )
    )  # fmt: skip
    env.cr.execute("SET LOCAL session_replication_role = DEFAULT")


def _columns(env, table, left_out, alias=None):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " ORDER BY ordinal_position",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall() if name not in left_out]
    return SQL(", ").join(SQL.identifier(alias, name) if alias else SQL.identifier(name) for name in names)


def timed(env, name, call, note=lambda _result: ""):
    """Run something and print how long it took."""
    env.invalidate_all()
    start = time.monotonic()
    result = call()
    tell(f"{name}: {time.monotonic() - start:.2f} s {note(result)}")
    return result


def tell(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def explain(env, name, statement):
    """Print how PostgreSQL runs a statement."""
    tell(f"-- {name}")
    for (line,) in env.execute_query(SQL("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) %s", statement)):
        tell(line)


def explain_page(env, page, account):
    """Print the plans of the page, the rule and the proof."""
    lines = page._lines_sql(account)
    oldest = open_lines_sql.oldest(lines, 40_000)
    for name in ("partner", "reference"):
        key = page._key_sql(name)
        explain(env, f"first groups by {name}", open_lines_sql.first_groups(lines, key, 2000, 41))
        of_them = open_lines_sql.has_key(name, key, page._first_keys(lines, key, 40, 0))
        explain(env, f"groups by {name}", open_lines_sql.groups(lines, key, of_them, 20))
        explain(env, f"totals by {name}", open_lines_sql.totals(lines, key))
    explain(env, "zero groups", suggestions_sql.zero_groups(oldest, page._key_sql("reference"), 200))
    explain(env, "opposite pairs", suggestions_sql.opposite_pairs(oldest, None, 200))
    explain(env, "rule", rules_sql.rule_lines(lines, rules_sql.rule_key(["word"])))
    explain(env, "open as of", as_of_sql.open_as_of(account.id, page._companies().ids, "2026-02-28"))


def commit(cr):
    """Keep what was done, as the scheduled action does after each slice."""
    cr.commit()  # pylint: disable=invalid-commit


class Turns:
    """The rule and “Reconcile all accounts” by turns: after each slice of the one the other has its share."""

    def __init__(self, env, lines):
        start = time.monotonic()
        self.cr, self.runs = env.cr, env["account.reconciliation.run"]._start(env.company)
        commit(self.cr)
        self.seconds = time.monotonic() - start
        self.rule_count, self.rule_total = 0, lines // 2
        self.waited = 0.0

    def other(self, count):
        """Called after a slice of the rule: the other has as large a share done afterwards."""
        commit(self.cr)
        self.rule_count += count
        start = time.monotonic()
        while self.runs.state == "running" and self._share() < self.rule_count / self.rule_total:
            done, _busy = self.runs._try_slice(wait=True, retry=True)
            if not done:
                self.runs._end()
            commit(self.cr)
            self.runs.invalidate_recordset()
        self.waited += time.monotonic() - start
        return 1.0

    def _share(self):
        return self.runs.done_count / max(self.runs.account_count, 1)


def by_turns(env, rule, lines):
    """Measure both, a reconciliation each."""
    turns = Turns(env, lines)
    start = time.monotonic()
    rule._run(commit=turns.other)
    env.cr.commit()
    rule_seconds = time.monotonic() - start - turns.waited
    count = turns.rule_count
    turns.other(turns.rule_total)
    everything = turns.seconds + turns.waited
    rule_each = 1000 * rule_seconds / max(count, 1)
    other_each = 1000 * everything / max(turns.runs.partial_count, 1)
    tell(f"rule: {rule_seconds:.2f} s, {count} reconciliations, {rule_each:.2f} ms each")
    tell(f"reconcile all: {everything:.2f} s, {turns.runs.partial_count} reconciliations, {other_each:.2f} ms each")
    tell(f"the rule takes {rule_each / other_each:.2f} times as long a reconciliation")


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(env, lines, plans=False):
    """Build the account and measure.

    :param lines: how many open lines it has
    :param plans: whether to print the plans of the statements
    """
    account = build(env, lines)
    page = env["account.ledger.account"].browse(account.id)
    timed(env, "list of accounts", lambda: page.search([]).read(["balance", "line_count"]))
    timed(env, "head of the page", page.get_overview)
    for name in ("partner", "reference", "order", "product", "product_order"):
        # What the page waits for, then what comes after it.
        timed(env, f"page by {name}", lambda name=name: page.get_groups(name, with_totals=False))
        note = lambda found: f"{found['group_count']} groups of {found['line_count']} lines"  # noqa: E731
        timed(env, f"its totals by {name}", lambda name=name: page.get_totals(name), note)
    timed(env, "page, one text searched", lambda: page.get_groups("partner", {"search": "PO1001"}, with_totals=False))
    timed(env, "last groups", lambda: page.get_groups("reference", {}, 40, lines // 2 - 40, with_totals=False))
    timed(env, "suggestions", lambda: page.get_suggestions(20), lambda found: f"{len(found)} found")
    proof = env["account.ledger.proof"].create({"account_id": account.id, "date": "2026-02-28"})
    timed(env, "balance as of a day", lambda: proof._open_rows(), lambda found: f"{len(found)} lines")
    rule = env["account.ledger.rule"].create({"name": "Payouts", "account_id": account.id, "same_word": True})
    timed(env, "preview of a rule", lambda: rule.preview)
    if plans:
        explain_page(env, page, account)
    tell(f"peak memory so far: {peak_mb()} MB")
    by_turns(env, rule, lines)
    tell(f"peak memory so far: {peak_mb()} MB")
    timed(env, "page when all is reconciled", lambda: page.get_groups("partner"))
    timed(env, "list of accounts when all is reconciled", lambda: page.search([]).read(["balance", "line_count"]))
    timed(env, "balance as of a day when all is reconciled", lambda: proof._open_rows())
    undo_in_slices(env, env["account.ledger.reconciliation"].search([("rule_id", "=", rule.id)], limit=1))


def undo_in_slices(env, reconciliation):
    """Measure how long undoing a reconciliation takes, and its longest slice: so long its rows are locked."""
    reconciliation.action_start_undo()
    env.cr.commit()
    seconds, state = [], "undoing"
    while state == "undoing":
        start = time.monotonic()
        state = reconciliation.process_undo_slice()["state"]
        env.cr.commit()
        seconds.append(time.monotonic() - start)
    tell(
        f"undoing a reconciliation of {reconciliation.partial_count}: {sum(seconds):.2f} s in {len(seconds)} slices,"
        f" the longest {max(seconds):.2f} s, "
        f"{1000 * sum(seconds) / reconciliation.partial_count:.2f} ms a partial"
    )

"""What a bank reconciliation of many remittances costs: its page, ticks, and closing. Run inside ``odoo shell``.

The measure is processor time, of Odoo's process and of PostgreSQL's, beside the clock: it is the same on a machine that
does other things, too.
"""

import os
import sys
import time
from pathlib import Path

import ledger
from odoo import Command

# Of every ten remittances: payments that the bank has moved, payments that it has not, a fee booked straight.
PAYMENTS, CLEARED = 9, 7
MONTH = ("2026-01-01", "2026-01-31")
EXTRA = {
    "account_move": {"statement_line_id"},
    "account_move_line": {"statement_line_id"},
    "account_bank_statement_line": {"id", "move_id", "partner_id"},
}


def build(env, count):
    """Build a bank account with so many remittances in one month, of one partner each; commit.

    :param count: how many, a multiple of ten
    """
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    expense = env["account.account"].search([("account_type", "=", "expense")], limit=1)
    partners, moves = env["res.partner"], env["account.move"]
    for number in range(PAYMENTS):
        day = f"2026-01-{2 + 3 * number:02}"
        partner, _invoices, payment = ledger.make_family(env, number, [day], [], [100 + number])
        partners |= partner
        moves |= payment.move_id
        if number < CLEARED:
            line = env["account.bank.statement.line"].create({
                "journal_id": bank.id, "date": day, "amount": 100 + number, "payment_ref": f"Deposit {number}",
            })  # fmt: skip
            line.match_with(payment)
            moves |= line.move_id
    fee = env["account.bank.statement.line"].create({
        "journal_id": bank.id, "date": "2026-01-30", "amount": -5, "payment_ref": "Fee",
    })  # fmt: skip
    _liquidity, suspense, _other = fee._seek_for_lines()
    fee.move_id.with_context(force_delete=True, skip_readonly_check=True).write(
        {
            "line_ids": [Command.update(suspense.id, {"account_id": expense.id})],
        }
    )
    moves |= fee.move_id
    env.flush_all()
    templates = ledger.as_templates(partners, moves) | {"account_bank_statement_line": moves.statement_line_id.ids}
    for table, names in EXTRA.items():
        ledger.LINKS.setdefault(table, set()).update(names)
    ledger.TABLES = (*ledger.TABLES, "account_bank_statement_line")
    ledger.copy_ledger(env, templates, count // 10 - 1)
    env.cr.commit()


def _postgres_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(env):
    """Print the cost of each step of a period's day; commits after each.

    One session, after a first look at the page, as a server has it that has served the page before.
    """
    env.cr.execute("SET max_parallel_workers_per_gather = 0")  # their processor time is their own
    env.cr.execute("SELECT pg_backend_pid()")
    pid = env.cr.fetchone()[0]
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    period = env["account.bank.reconciliation"].create({
        "journal_id": bank.id, "date_from": MONTH[0], "date_to": MONTH[1], "balance_start": 0, "balance_end": 0,
    })  # fmt: skip
    env.cr.commit()
    list_fields = [
        "journal_id", "date_from", "date_to", "currency_id", "balance_start", "total_reconciled", "balance_end",
        "remaining", "is_balanced", "is_fully_reconciled", "has_discrepancies", "discrepancy_count", "state",
    ]  # fmt: skip
    book_fields = ["chain_note", "chain_state", "is_after_reopened", *list_fields[2:9], "discrepancy_count", "state"]
    form_fields = [*list_fields[:10], "chain_note", "is_after_reopened", "unmatched_count", "snapshot_count"]
    result = {}

    def timed(name, call, repeat=1):
        best = None
        for _turn in range(repeat):
            env.flush_all()
            env.cr.commit()
            env.invalidate_all()
            was, python, postgres, queries = (
                time.monotonic(), time.process_time(), _postgres_seconds(pid), env.cr.sql_log_count,
            )  # fmt: skip
            value = call()
            env.flush_all()
            env.cr.commit()
            cost = (
                time.process_time() - python, _postgres_seconds(pid) - postgres, time.monotonic() - was,
                env.cr.sql_log_count - queries,
            )  # fmt: skip
            best = min(best or cost, cost)
        result[name] = best
        sys.stdout.write(
            f"RESULT {name:<24} python {best[0]:6.3f} s   postgres {best[1]:6.2f} s   clock {best[2]:6.2f} s   "
            f"queries {best[3]}   load {os.getloadavg()[0]:.1f}\n"
        )
        return value

    rows = period.get_page()["rows"]

    def opened():
        """As after the books have changed: nothing is kept of what the page lists."""
        env.registry.account_reconciliation_lists.clear()
        return period.get_page()

    timed("opening", opened, 3)
    timed("page, first", lambda: period.get_page(), 3)
    timed("page turn", lambda: period.get_page(offset=100, with_discrepancies=False), 3)
    timed("last page", lambda: period.get_page(offset=9900, with_discrepancies=False), 3)
    timed("search a name", lambda: period.get_page("family 3/7", with_discrepancies=False), 3)
    timed("search an amount", lambda: period.get_page("103", with_discrepancies=False), 3)
    timed("totals", lambda: period.get_totals(), 3)
    timed("form", lambda: period.read(form_fields), 3)
    timed("list", lambda: period.read(list_fields), 3)
    timed("book", lambda: period.read(book_fields), 3)
    timed("tick", lambda: period.action_confirm([rows[0]["id"]]))
    timed("untick", lambda: period.action_unconfirm([rows[0]["id"]]))
    timed("confirm matched", lambda: period.action_confirm_matched())
    timed("confirm all", lambda: period.action_confirm_all())
    timed("page of confirmed", lambda: period.get_page(with_discrepancies=False), 3)
    timed("page and discrepancies", lambda: period.get_page(), 3)
    timed("untick one of all", lambda: period.action_unconfirm([rows[0]["id"]]))
    timed("tick one of all", lambda: period.action_confirm([rows[0]["id"]]))
    timed("untick all", lambda: period.action_unconfirm_all())
    timed("confirm all again", lambda: period.action_confirm_all())
    period.balance_end = period.total_reconciled
    timed("list of confirmed", lambda: period.read(list_fields), 3)
    timed("close", lambda: period.action_close())
    timed("page of closed", lambda: period.get_page(with_discrepancies=False), 3)
    timed("discrepancies of closed", lambda: period.get_discrepancies(), 3)
    timed("form of closed", lambda: period.read(form_fields), 3)
    timed("list of closed", lambda: period.read(list_fields), 3)
    timed("book of closed", lambda: period.read(book_fields), 3)
    timed("seal verified", lambda: period.snapshot_ids.is_intact)
    return result

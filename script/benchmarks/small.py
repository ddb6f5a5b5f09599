"""The small path, measured: registering a payment on an invoice, opening its form, and opening client billing of a
large account.

Called by script/bench small inside `odoo shell`; prints one line of JSON a measurement.
"""

import json
import statistics
import sys
import time

import ledger
import open_ledger
from odoo.tests import Form
from odoo.tools import SQL

TRANSACTIONS = 5_000


def tell(**measured):
    sys.stdout.write(f"RESULT {json.dumps(measured)}\n")


def register_payments(env, count):
    """Register the payment of so many invoices of three items, each committed, as the wizard does it."""
    prices = [(75, 75, 20)] * count
    _partner, invoices, _payments = ledger.make_family(env, 0, ["2026-01-10"] * count, prices, [])
    env.cr.commit()
    took, queries = [], []
    for invoice in invoices.ids:
        env.invalidate_all()
        start, asked = time.perf_counter(), env.cr.sql_log_count
        context = {"active_model": "account.move", "active_ids": [invoice]}
        wizard = env["account.payment.register"].with_context(**context).create({"payment_date": "2026-01-15"})
        wizard._create_payments()
        env.cr.commit()
        took.append(1000 * (time.perf_counter() - start))
        queries.append(env.cr.sql_log_count - asked)
    # The first ones fill Odoo's caches.
    kept = took[len(took) // 5 :]
    tell(
        what="register payment", median_ms=round(statistics.median(kept), 1), median_queries=statistics.median(queries)
    )
    open_forms(env, invoices)


def open_forms(env, invoices):
    """Open the forms of invoices: the call in which the web client reads one."""
    # With the addon its administrator is an accountant: the same fields of Odoo's on both sides.
    user = env.ref("base.user_admin")
    user.group_ids |= env.ref("account.group_account_user")
    env.cr.commit()
    invoices = invoices.with_user(user)
    took, queries = [], []
    fields = Form(invoices[0])._view["fields_spec"]
    for invoice in invoices.ids:
        env.invalidate_all()
        start, asked = time.perf_counter(), env.cr.sql_log_count
        invoices.browse(invoice).web_read(fields)
        took.append(1000 * (time.perf_counter() - start))
        queries.append(env.cr.sql_log_count - asked)
    tell(
        what="open an invoice form",
        median_ms=round(statistics.median(took), 1),
        median_queries=statistics.median(queries),
    )


def open_billing(env):
    """Open client billing of an account with 5,000 transactions: the calls that the page makes."""
    env.cr.execute(
        SQL(
            """
            SELECT array_agg(id) FROM (
                SELECT DISTINCT partner_id AS id FROM account_move_line
                 WHERE partner_id IS NOT NULL ORDER BY partner_id LIMIT %s) AS chosen
            """,
            ledger.FAMILIES * (TRANSACTIONS // open_ledger.LINES_A_COPY + 1),
        )
    )
    members = env.cr.fetchone()[0]
    owner = members[0]
    for table, column in (("res_partner", "id"), ("account_move", "partner_id")):
        env.cr.execute(
            SQL(
                "UPDATE %s SET commercial_partner_id = %s WHERE %s = ANY(%s)",
                SQL.identifier(table),
                owner,
                SQL.identifier(column),
                members,
            )
        )
    env.cr.execute(
        SQL("UPDATE account_reconciliation_item SET partner_id = %s WHERE partner_id = ANY(%s)", owner, members)
    )
    env.cr.commit()
    transactions = env["account.reconciliation.transaction"]
    fields = ("name", "memo", "date", "transaction_type", "amount", "amount_residual", "reconciliation_status")
    specification = {name: {} for name in fields}
    specification |= {name: {"fields": {"display_name": {}}} for name in ("move_id", "member_id", "currency_id")}
    took = []
    for _time in range(5):
        env.invalidate_all()
        start = time.perf_counter()
        header = transactions.get_billing_header(owner)
        transactions.web_search_read([("partner_id", "=", owner)], specification, limit=40)
        took.append(time.perf_counter() - start)
    tell(
        what="open client billing",
        transactions=header["count"],
        first_s=round(took[0], 2),
        median_s=round(statistics.median(took), 2),
    )

"""Builds a large ledger for benchmarks: a few real documents made by Odoo, then copied by SQL.

Shape: of every 20 clients, each has one posted invoice of three items (75 + 75 + 20) and one posted payment; 12 are
paid in full, 4 in part, 4 not at all (their payment of 100 is open too). Deterministic: the same size gives the same
ledger. Run inside `odoo shell`.
"""

import logging

from odoo import Command
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
FAMILIES = 20
# Larger than any id in the database the copies start from.
STRIDE = 100_000
TABLES = ("res_partner", "account_move", "account_payment", "account_move_line", "account_full_reconcile",
          "account_partial_reconcile", "mail_followers", "mail_followers_mail_message_subtype_rel")  # fmt: skip
# What tells rows apart in a table without an id.
KEYS = {"mail_followers_mail_message_subtype_rel": "mail_followers_id"}
UNIQUE_NAMES = {("account_move", "name"), ("account_move_line", "move_name"), ("res_partner", "name")}
LINKS = {
    "res_partner": {"id", "commercial_partner_id"},
    "account_move": {"id", "partner_id", "commercial_partner_id", "origin_payment_id", "partner_shipping_id"},
    "account_payment": {"id", "move_id", "partner_id"},
    "account_move_line": {"id", "move_id", "partner_id", "payment_id", "full_reconcile_id"},
    "account_full_reconcile": {"id"},
    "account_partial_reconcile": {"id", "debit_move_id", "credit_move_id", "full_reconcile_id"},
    "mail_followers": {"id", "res_id", "partner_id"},
    "mail_followers_mail_message_subtype_rel": {"mail_followers_id"},
}


def make_family(env, number, dates, prices, paid):
    """Make one client with invoices and payments, through Odoo.

    :param dates: of the invoices and payments, the oldest first, in turn
    :param prices: a list of item prices an invoice
    :param paid: amounts of the payments
    :return: ``(partner, invoices, payments)``
    """
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    income = env["account.account"].search([("account_type", "in", ("income", "income_other"))], limit=3)
    partner = env["res.partner"].create({"name": f"Bench family {number}"})
    dates = iter(dates)
    invoices = env["account.move"].create([
        {
            "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": date, "invoice_date_due": date,
            "invoice_line_ids": [
                Command.create({"name": "item", "price_unit": price, "tax_ids": [],
                                "account_id": income[place % len(income)].id})
                for place, price in enumerate(items)
            ],
        }
        for items, date in zip(prices, dates, strict=False)  # the dates left over are the payments'
    ])  # fmt: skip
    invoices.action_post()
    payments = env["account.payment"].create([
        {
            "payment_type": "inbound", "partner_type": "customer", "partner_id": partner.id, "journal_id": bank.id,
            "amount": amount, "date": date,
        }
        for amount, date in zip(paid, dates, strict=False)
    ])  # fmt: skip
    payments.action_post()
    return partner, invoices, payments


def as_templates(partners, moves, with_followers=False):
    """What of these partners and moves is copied: ``{table: ids}``; of followers, those who are these partners."""
    lines = moves.line_ids
    followers = moves.message_follower_ids.filtered(lambda one: one.partner_id in partners)
    followers = followers if with_followers else followers.browse()
    return {
        "res_partner": partners.ids,
        "account_move": moves.ids,
        "account_payment": moves.origin_payment_id.ids,
        "account_move_line": lines.ids,
        "account_full_reconcile": lines.full_reconcile_id.ids,
        "account_partial_reconcile": (lines.matched_debit_ids | lines.matched_credit_ids).ids,
        "mail_followers": followers.ids,
        "mail_followers_mail_message_subtype_rel": followers.ids,
    }


def make_templates(env):
    """Make the documents that are copied; return ``{table: ids}``."""
    partners, moves = env["res.partner"], env["account.move"]
    for number in range(FAMILIES):
        date = f"2026-0{1 + number % 6}-{10 + number % 18}"
        partner, invoice, payment = make_family(
            env, number, [date, date], [(75, 75, 20)], [170 if number < 12 else 100]
        )
        if number < 16:
            (invoice | payment.move_id).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).reconcile()
        partners |= partner
        moves |= invoice | payment.move_id
    env.flush_all()
    return as_templates(partners, moves)


def copy_ledger(env, templates, copies):
    """Copy the templates by SQL; the caller commits.

    :param templates: ``{table: ids}``
    :param copies: how many times
    """
    cr = env.cr
    cr.execute("SET LOCAL session_replication_role = replica")  # no foreign key checks: the copies are consistent
    for table in TABLES:
        cr.execute(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
                " AND attgenerated = ''",
                table,
            )
        )
        columns = [row[0] for row in cr.fetchall()]
        values = []
        for column in columns:
            value = SQL.identifier("t", column)
            if column in LINKS[table]:
                value = SQL("%s + n * %s", value, STRIDE)
            elif (table, column) in UNIQUE_NAMES:
                value = SQL("%s || '/' || n", value)
            elif (table, column) == ("account_move", "access_token"):
                value = SQL("NULL")
            values.append(value)
        cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s AS t, generate_series(1, %s) AS n WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                SQL.identifier(table),
                copies,
                SQL.identifier("t", KEYS.get(table, "id")),
                templates[table],
            )
        )
        if table not in KEYS:
            last = SQL("(SELECT COALESCE(MAX(id), 1) FROM %s)", SQL.identifier(table))
            cr.execute(SQL("SELECT setval(%s, %s)", f"{table}_id_seq", last))
    cr.execute("SET LOCAL session_replication_role = DEFAULT")
    env.invalidate_all()
    for table in TABLES:
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

"""Entries that are no exchange differences, but were booked in the exchange journal, get the items they lacked."""

from odoo import SUPERUSER_ID, api
from odoo.addons.account_reconciliation.engine.items.exchange_entries_sql import is_exchange_entry
from odoo.tools import SQL


def migrate(cr, version):
    """Give these entries items, and apply what is reconciled with them."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    rows = env.execute_query(
        SQL(
            """
            SELECT m.id
              FROM res_company AS company
              JOIN account_move AS m ON m.company_id = company.id
               AND m.journal_id = company.currency_exchange_journal_id
             WHERE m.state = 'posted' AND m.move_type = 'entry' AND %s IS NOT TRUE
               AND NOT EXISTS (SELECT FROM account_reconciliation_item AS item WHERE item.move_id = m.id)
             ORDER BY m.id
            """,
            is_exchange_entry("m", "company"),
        )
    )
    moves = env["account.move"].browse(row[0] for row in rows)
    env["account.reconciliation.item"]._build(moves)
    moves._allocate_partials()

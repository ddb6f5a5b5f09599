"""The bank reconciliations in which the money of an entry is confirmed."""

from odoo.tools import SQL

from ..items.reconciled_sql import reconciled_with


def confirming_periods(moves: list, readable: SQL) -> SQL:
    """The bank reconciliations in which journal items of entries, or what these are reconciled with, are confirmed.

    :param moves: ids of the entries
    :param readable: a query of the ids of confirmations that may be told
    :return: a query of ``(move_id, reconciliation_id)``; of one that confirms several journal items, several rows
    """
    return SQL(
        """
        SELECT line.move_id, confirmation.reconciliation_id
          FROM account_move_line AS line
         CROSS JOIN LATERAL (SELECT line.id UNION ALL %(matched)s) AS item
          JOIN account_bank_reconciliation_confirmation AS confirmation ON confirmation.move_line_id = item.id
         WHERE line.move_id = ANY(%(moves)s) AND confirmation.id IN %(readable)s
        """,
        moves=moves,
        readable=readable,
        matched=reconciled_with(SQL("line.id")),
    )

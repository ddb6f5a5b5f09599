"""The bank transactions that a document or a payment was paid by.

A bank transaction pays a document directly, or it brought the money of a payment that pays it.
"""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from ..items.reconciled_sql import reconciled_with


def paying_transactions(moves: list, readable: SQL) -> SQL:
    """The bank transactions behind documents and payments.

    :param moves: ids of their entries
    :param readable: a query of the ids of bank transactions that may be told
    :return: a query of ``(move_id, statement_line_id)``; of one that paid in several ways, several rows
    """
    # Materialized: joined all at once, PostgreSQL would plan them for longer than they run.
    return SQL(
        """
        WITH money AS MATERIALIZED (
            SELECT line.move_id, other.move_id AS money_id
              FROM account_move_line AS line
             CROSS JOIN LATERAL (%(line_with)s) AS matched
              JOIN account_move_line AS other ON other.id = matched.id
             WHERE line.move_id = ANY(%(moves)s)
             UNION
            SELECT id, id FROM account_move WHERE id = ANY(%(moves)s)
        ), cash AS MATERIALIZED (
            SELECT money.move_id, line.id
              FROM money
              JOIN account_move AS entry ON entry.id = money.money_id
              JOIN account_payment AS payment ON payment.id = entry.origin_payment_id
              JOIN account_move_line AS line ON line.move_id = payment.move_id
              JOIN account_account AS account ON account.id = line.account_id
             WHERE account.account_type NOT IN %(owed_types)s
        ), found AS MATERIALIZED (
            SELECT move_id, money_id FROM money WHERE money_id <> move_id
             UNION
            SELECT cash.move_id, other.move_id
              FROM cash
             CROSS JOIN LATERAL (%(cash_with)s) AS matched
              JOIN account_move_line AS other ON other.id = matched.id
             WHERE other.move_id <> cash.move_id
        )
        SELECT found.move_id, entry.statement_line_id
          FROM found
          JOIN account_move AS entry ON entry.id = found.money_id
         WHERE entry.statement_line_id IN %(readable)s
        """,
        moves=moves,
        readable=readable,
        owed_types=OWED_ACCOUNT_TYPES,
        line_with=reconciled_with(SQL("line.id")),
        cash_with=reconciled_with(SQL("cash.id")),
    )

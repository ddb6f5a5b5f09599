"""The bank transactions that a document or a payment was paid by.

A bank transaction pays a document directly, or it brought the money of a payment that pays it.
"""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from ..items.reconciled_sql import reconciled_with


def paying_transactions(moves: list, readable_moves: SQL, readable_transactions: SQL) -> SQL:
    """The bank transactions behind documents and payments.

    :param moves: ids of their entries
    :param readable_moves: a query of the ids of entries that may be looked into
    :param readable_transactions: a query of the ids of bank transactions that may be told
    :return: a query of ``(move_id, statement_line_id)``; of one that paid in several ways, several rows
    """
    return SQL(
        """
        WITH money AS (
            SELECT line.move_id, other.move_id AS money_id
              FROM account_move_line AS line
             CROSS JOIN LATERAL (%(line_with)s) AS matched
              JOIN account_move_line AS other ON other.id = matched.id
             WHERE line.move_id = ANY(%(moves)s) AND other.move_id IN %(readable_moves)s
             UNION
            SELECT id, id FROM account_move WHERE id = ANY(%(moves)s)
        ), found AS (
            SELECT move_id, money_id FROM money
             UNION ALL
            SELECT money.move_id, other.move_id
              FROM money
              JOIN account_move AS entry ON entry.id = money.money_id
              JOIN account_payment AS payment ON payment.id = entry.origin_payment_id
              JOIN account_move_line AS cash ON cash.move_id = payment.move_id
              JOIN account_account AS account ON account.id = cash.account_id
                                             AND account.account_type NOT IN %(owed_types)s
             CROSS JOIN LATERAL (%(cash_with)s) AS matched
              JOIN account_move_line AS other ON other.id = matched.id
             WHERE other.move_id IN %(readable_moves)s
        )
        SELECT found.move_id, entry.statement_line_id
          FROM found
          JOIN account_move AS entry ON entry.id = found.money_id
         WHERE found.money_id <> found.move_id AND entry.statement_line_id IN %(readable_transactions)s
        """,
        moves=moves,
        readable_moves=readable_moves,
        readable_transactions=readable_transactions,
        owed_types=OWED_ACCOUNT_TYPES,
        line_with=reconciled_with(SQL("line.id")),
        cash_with=reconciled_with(SQL("cash.id")),
    )

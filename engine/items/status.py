"""The reconciliation status of a document or payment: one SQL expression, the same for showing, searching, grouping."""

from odoo.tools import SQL

from ..odoo_types import OWED_ACCOUNT_TYPES

STATUSES = [
    ("not_reconciled", "Not reconciled"),
    ("partial", "Partially reconciled"),
    ("planned", "Reconciled with planned payments"),
    ("full", "Fully reconciled"),
    ("error", "Reconciliation error"),
]


def broken_sides(move: SQL) -> SQL:
    """The sides of a move's partials whose reconciliation lines don't add up to the partial (I1).

    :param move: the id of the move, as SQL
    :return: a query of ``(partial_id, move_id, expected, applied, expected_company, applied_company, currency_id)``
    """
    return SQL(
        """
        SELECT side.partial_id, line.move_id, side.expected, applied.amount_currency AS applied,
               side.expected_company, applied.amount AS applied_company, line.currency_id
          FROM account_move_line AS touched
          CROSS JOIN LATERAL (
                SELECT id AS partial_id, debit_move_id AS line_id, credit_move_id AS other_line_id,
                       debit_amount_currency AS expected, amount AS expected_company
                  FROM account_partial_reconcile
                 WHERE debit_move_id = touched.id OR credit_move_id = touched.id
                 UNION ALL
                SELECT id, credit_move_id, debit_move_id, credit_amount_currency, amount
                  FROM account_partial_reconcile
                 WHERE debit_move_id = touched.id OR credit_move_id = touched.id
               ) AS side
          JOIN account_move_line AS line ON line.id = side.line_id
          JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %(owed_types)s
          CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(amount_currency), 0) AS amount_currency, COALESCE(SUM(amount), 0) AS amount
                  FROM account_reconciliation_line
                 WHERE partial_id = side.partial_id AND counterpart_line_id = side.other_line_id
               ) AS applied
         WHERE touched.move_id = %(move)s
           AND side.expected <> 0
           AND EXISTS (SELECT FROM account_reconciliation_item AS item
                        WHERE item.move_id = line.move_id AND item.allocation_key IN (line.move_id, -line.id))
           AND (applied.amount_currency <> side.expected OR applied.amount <> side.expected_company)
        """,
        move=move,
        owed_types=OWED_ACCOUNT_TYPES,
    )


def broken_items(move: SQL) -> SQL:
    """The items of a move that are applied beyond their total, or whose balance isn't what its lines say (I2).

    :param move: the id of the move, as SQL
    :return: a query of ``(item_id, amount_total, amount_reconciled, applied, currency_id)``
    """
    return SQL(
        """
        SELECT item.id AS item_id, item.amount_total, item.amount_reconciled, applied.amount AS applied,
               item.currency_id
          FROM account_reconciliation_item AS item
          CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(amount_currency), 0) AS amount FROM account_reconciliation_line
                 WHERE item_id = item.id
               ) AS applied
         WHERE item.move_id = %(move)s
           AND (applied.amount <> item.amount_reconciled
                OR ABS(applied.amount) > ABS(item.amount_total)
                OR applied.amount * item.amount_total < 0
                OR item.amount_residual <> item.amount_total - item.amount_reconciled)
        """,
        move=move,
    )


def status_sql(move: SQL, owner: SQL | None = None) -> SQL:
    """The status of a move as a scalar expression (I4); NULL where nothing of it can be reconciled.

    :param move: the id of the move, as SQL
    :param owner: the id of an account owner, as SQL, whose part of the move is asked for; None for all of it
    :return: one of STATUSES, or NULL for a move without a receivable or payable line
    """
    return SQL(
        """
        (SELECT CASE
                WHEN move.state <> 'posted' THEN 'not_reconciled'
                WHEN EXISTS (%(broken_sides)s) OR EXISTS (%(broken_items)s) THEN 'error'
                WHEN owed.nothing_open THEN 'full'
                WHEN items.planned > 0 AND items.planned >= items.residual THEN 'planned'
                WHEN owed.something_applied OR items.planned > 0 THEN 'partial'
                ELSE 'not_reconciled'
                END
           FROM account_move AS move
           CROSS JOIN LATERAL (
                SELECT COUNT(*) AS lines,
                       BOOL_AND(line.amount_residual = 0 AND line.amount_residual_currency = 0) AS nothing_open,
                       BOOL_OR(line.amount_residual <> line.balance
                               OR line.amount_residual_currency <> line.amount_currency) AS something_applied
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE line.move_id = move.id AND account.account_type IN %(owed_types)s AND %(own_line)s
                ) AS owed
           CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(amount_planned), 0) AS planned, COALESCE(SUM(amount_residual), 0) AS residual
                  FROM account_reconciliation_item AS item WHERE item.move_id = move.id AND %(own_item)s
                ) AS items
          WHERE move.id = %(move)s AND owed.lines > 0)
        """,
        broken_sides=broken_sides(SQL("move.id")),
        broken_items=broken_items(SQL("move.id")),
        owed_types=OWED_ACCOUNT_TYPES,
        own_line=SQL("TRUE")
        if owner is None
        else SQL(
            "EXISTS (SELECT FROM res_partner AS partner"
            " WHERE partner.id = line.partner_id AND partner.commercial_partner_id = %s)",
            owner,
        ),
        own_item=SQL("TRUE") if owner is None else SQL("item.partner_id = %s", owner),
        move=move,
    )

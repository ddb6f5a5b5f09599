"""The reconciliation status of a document or payment: one SQL expression, the same for showing, searching, grouping."""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, INBOUND_TYPES, OWED_ACCOUNT_TYPES

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
          JOIN account_move_line AS other_line ON other_line.id = side.other_line_id
          JOIN account_account AS account ON account.id = line.account_id AND account.account_type IN %(owed_types)s
          CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(amount_currency), 0) AS amount_currency, COALESCE(SUM(amount), 0) AS amount
                  FROM account_reconciliation_line
                 WHERE partial_id = side.partial_id AND counterpart_line_id = side.other_line_id
               ) AS applied
         WHERE touched.move_id = %(move)s
           AND side.expected <> 0
           AND EXISTS (SELECT FROM account_reconciliation_item AS item
                        WHERE item.move_id = line.move_id AND item.allocation_key IN (line.move_id, -line.id)
                          AND (item.allocation_key < 0 OR other_line.move_id <> line.move_id))
           AND (applied.amount_currency <> side.expected OR applied.amount <> side.expected_company)
           AND NOT EXISTS (%(is_signed)s)
        """,
        move=move,
        owed_types=OWED_ACCOUNT_TYPES,
        is_signed=_paid_by_its_sum(SQL("line.move_id")),
    )


def _paid_by_its_sum(move: SQL) -> SQL:
    """Whether a document has due lines of both signs and its items have open what the sum of these lines has.

    Of such a document a partial may bring more than the sum, and another reverses it from the line of the other sign.

    :param move: the id of the move, as SQL
    :return: a query of one row where it is so, of none where it isn't
    """
    return SQL(
        """
        SELECT FROM (
              SELECT SUM(due.amount_residual_currency) * CASE WHEN document.move_type IN %(inbound)s THEN 1 ELSE -1 END
                     AS amount
                FROM account_move_line AS due
                JOIN account_move AS document ON document.id = due.move_id AND document.move_type IN %(types)s
               WHERE due.move_id = %(move)s AND due.display_type = 'payment_term'
               GROUP BY document.id
              HAVING MIN(due.balance) < 0 AND MAX(due.balance) > 0
             ) AS net
         CROSS JOIN LATERAL (
               SELECT SUM(amount_residual) AS residual, SUM(amount_total) AS total
                 FROM account_reconciliation_item WHERE move_id = %(move)s
              ) AS items
         WHERE items.residual = LEAST(GREATEST(net.amount, 0), items.total)
        """,
        inbound=INBOUND_TYPES,
        types=DOCUMENT_TYPES,
        move=move,
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
           AND (applied.amount <> item.amount_reconciled AND NOT (
                    -- The items of a document that is worth nothing settle each other.
                    applied.amount = 0 AND item.amount_reconciled = item.amount_total
                    AND (SELECT SUM(whole.amount_total) FROM account_reconciliation_item AS whole
                          WHERE whole.allocation_key = item.allocation_key) = 0)
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
                -- A document that could not be filled when the addon was installed.
                WHEN move.move_type IN %(types)s AND owed.is_worth_something AND NOT EXISTS (
                     SELECT FROM account_reconciliation_item AS any_item WHERE any_item.move_id = move.id) THEN 'error'
                WHEN owed.nothing_open THEN 'full'
                WHEN items.planned > 0 AND items.planned >= items.residual THEN 'planned'
                WHEN owed.something_applied OR items.planned > 0 THEN 'partial'
                ELSE 'not_reconciled'
                END
           FROM account_move AS move
           CROSS JOIN LATERAL (
                SELECT COUNT(*) AS lines, BOOL_OR(line.balance <> 0) AS is_worth_something,
                       -- What is open of a document is the sum of its due lines, which may be of both signs, and below
                       -- zero where one of them was paid beyond the sum; the lines of an entry are paid each by itself.
                       CASE WHEN move.move_type IN %(types)s
                            THEN SUM(line.amount_residual) = 0 AND SUM(line.amount_residual_currency) = 0
                                 OR SUM(line.amount_residual_currency)
                                    * CASE WHEN move.move_type IN %(inbound)s THEN 1 ELSE -1 END < 0
                            ELSE BOOL_AND(line.amount_residual = 0 AND line.amount_residual_currency = 0)
                       END AS nothing_open,
                       CASE WHEN move.move_type IN %(types)s
                            THEN SUM(line.amount_residual) <> SUM(line.balance)
                                 OR SUM(line.amount_residual_currency) <> SUM(line.amount_currency)
                            ELSE BOOL_OR(line.amount_residual <> line.balance
                                         OR line.amount_residual_currency <> line.amount_currency)
                       END AS something_applied
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
        inbound=INBOUND_TYPES,
        types=DOCUMENT_TYPES,
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

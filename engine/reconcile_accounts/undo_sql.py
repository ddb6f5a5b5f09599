"""What was built upon reconciliations since they were made: SQL text.

A run is undone as far as nothing was built upon it. Built upon a partial is: another partial that was made later on its
document or its money, and amounts per item that a person has changed since.
"""

from odoo.tools import SQL


def built_upon(partial_ids: list[int]) -> SQL:
    """The partials that something was built upon.

    :param partial_ids: ids of account_partial_reconcile, all of one run
    :return: a query of ``(partial_id, later_line_id)``: the journal item of the money or document that was reconciled
        later, or NULL where amounts per item were changed
    """
    return SQL(
        """
        WITH mine AS (
            SELECT id, debit_move_id, credit_move_id, create_date FROM account_partial_reconcile WHERE id = ANY(%(ids)s)
        )
        SELECT mine.id, MIN(CASE WHEN later.debit_move_id IN (mine.debit_move_id, mine.credit_move_id)
                                 THEN later.credit_move_id ELSE later.debit_move_id END)
          FROM mine
          JOIN account_partial_reconcile AS later
            ON later.id > mine.id AND later.id <> ALL(%(ids)s)
           AND (later.debit_move_id IN (mine.debit_move_id, mine.credit_move_id)
                OR later.credit_move_id IN (mine.debit_move_id, mine.credit_move_id))
         -- Exchange differences have no amount in their currency, and go with what they belong to.
         WHERE later.debit_amount_currency <> 0 OR later.credit_amount_currency <> 0
         GROUP BY mine.id
         UNION ALL
        SELECT DISTINCT mine.id, NULL::int
          FROM mine
          JOIN account_reconciliation_line AS line ON line.partial_id = mine.id
         -- The lines of a partial are made with it; Odoo cuts the time of its own rows to seconds.
         WHERE line.create_date > mine.create_date + INTERVAL '1 second'
        """,
        ids=partial_ids,
    )

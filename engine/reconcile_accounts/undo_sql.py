"""What was built upon reconciliations after they were made: SQL text.

A run is undone as far as nothing was built upon it. Built upon a partial is: another partial that was made later on its
document or its money, and amounts per item that a person has changed since.
"""

from odoo.tools import SQL


def built_upon(partial_ids: list[int], own_ids: list[int] | None = None) -> SQL:
    """The partials that something was built upon.

    :param partial_ids: ids of account_partial_reconcile, of one run
    :param own_ids: ids of all that were made together with them, which are not built upon them; None for these alone
    :return: a query of ``(partial_id, later_line_id)``: the journal item of the money or document that was reconciled
        later, or NULL where amounts per item were changed
    """
    return SQL(
        """
        WITH mine AS (
            SELECT id, debit_move_id, credit_move_id, exchange_move_id, create_date
              FROM account_partial_reconcile WHERE id = ANY(%(ids)s)
        ), exchange_line AS (
            SELECT line.id
              FROM account_move_line AS line
              JOIN (SELECT DISTINCT exchange_move_id FROM mine) AS entry ON entry.exchange_move_id = line.move_id
        )
        SELECT mine.id, MIN(CASE WHEN later.debit_move_id IN (mine.debit_move_id, mine.credit_move_id)
                                 THEN later.credit_move_id ELSE later.debit_move_id END)
          FROM mine
          JOIN account_partial_reconcile AS later
            ON later.id > mine.id AND later.id <> ALL(%(own_ids)s)
           AND (later.debit_move_id IN (mine.debit_move_id, mine.credit_move_id)
                OR later.credit_move_id IN (mine.debit_move_id, mine.credit_move_id))
         -- Exchange differences go with what they belong to. Those of a line in company currency have an amount in it.
         WHERE (later.debit_amount_currency <> 0 OR later.credit_amount_currency <> 0)
           AND NOT EXISTS (SELECT FROM exchange_line WHERE id IN (later.debit_move_id, later.credit_move_id))
         GROUP BY mine.id
         UNION ALL
        SELECT DISTINCT mine.id, NULL::int
          FROM mine
          JOIN account_reconciliation_line AS line ON line.partial_id = mine.id
         -- The lines of a partial are made with it; Odoo cuts the time of its own rows to seconds.
         WHERE line.create_date > mine.create_date + INTERVAL '1 second'
        """,
        ids=partial_ids,
        own_ids=own_ids or partial_ids,
    )

"""Documents whose due lines have both signs: payment terms with a fixed first amount above the total. SQL text.

A document of 60 may be due as 100 now and -40 later. Its items have open what the sum of these lines has, and never
more than they are worth. Money on the 100 pays it; what uses the -40 for another document opens as much again; what is
paid beyond the sum no item gets. So its partials can't be applied one by one as those of other documents are: whether
60 that are paid reach the items follows from what else was done with the other line.
"""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, INBOUND_TYPES
from .allocation_order_sql import allocation_order


def has_both_signs(move: SQL) -> SQL:
    """Whether a document has due lines of both signs.

    :param move: the id of the move, as SQL
    """
    return SQL(
        """
        EXISTS (SELECT FROM account_move_line AS due
                 WHERE due.move_id = %s AND due.display_type = 'payment_term'
                HAVING MIN(due.balance) < 0 AND MAX(due.balance) > 0)
        """,
        move,
    )


def documents() -> SQL:
    """All such documents of a ledger: a query of their ids."""
    return SQL(
        """
        SELECT move_id AS id FROM account_move_line WHERE display_type = 'payment_term'
         GROUP BY move_id HAVING MIN(balance) < 0 AND MAX(balance) > 0
        """
    )


def unsettled_sides(which: SQL, order: SQL | None = None) -> SQL:
    """What the partials of such documents pay, where the items have something else applied to them.

    Older partials come first, until the sum is reached.

    :param which: a condition on ``account_move AS m``
    :param order: the allocation order as SQL; None for the order of each account
    :return: a query of ``(move_id, allocation order, partial_id, line_id, other_line_id, amount)``, amount in the
        document's currency; a document that nothing pays has one row without a partial
    """
    return SQL(
        """
        WITH document AS MATERIALIZED (
            SELECT m.id, m.company_id, m.commercial_partner_id,
                   CASE WHEN m.move_type IN %(inbound)s THEN 1 ELSE -1 END AS direction
              FROM account_move AS m
             WHERE m.state = 'posted' AND m.move_type IN %(types)s AND %(which)s AND %(has_both_signs)s
        ), side AS (
            SELECT document.id AS move_id, partial.id AS partial_id, due.id AS line_id, partial.other_line_id,
                   partial.amount, due.balance * document.direction > 0 AS is_paid
              FROM document
              JOIN account_move_line AS due ON due.move_id = document.id AND due.display_type = 'payment_term'
             CROSS JOIN LATERAL (
                    SELECT id, credit_move_id AS other_line_id, debit_amount_currency AS amount
                      FROM account_partial_reconcile WHERE debit_move_id = due.id
                     UNION ALL
                    SELECT id, debit_move_id, credit_amount_currency
                      FROM account_partial_reconcile WHERE credit_move_id = due.id
                   ) AS partial
              JOIN account_move_line AS other ON other.id = partial.other_line_id AND other.move_id <> document.id
        ), unsettled AS (
            SELECT document.*, wanted.amount AS wanted
              FROM document
             CROSS JOIN LATERAL (
                    SELECT SUM(amount_total) AS total, SUM(amount_reconciled) AS applied
                      FROM account_reconciliation_item WHERE move_id = document.id
                   ) AS items
             CROSS JOIN LATERAL (
                    SELECT LEAST(GREATEST(
                               COALESCE(SUM(CASE WHEN is_paid THEN amount ELSE -amount END), 0), 0
                           ), items.total) AS amount
                      FROM side WHERE side.move_id = document.id
                   ) AS wanted
             WHERE items.applied <> wanted.amount
        ), running AS (
            SELECT *, SUM(amount) OVER (PARTITION BY move_id ORDER BY partial_id, line_id) AS until
              FROM side WHERE is_paid
        )
        SELECT unsettled.id, %(order)s, running.partial_id, running.line_id, running.other_line_id,
               LEAST(running.amount, unsettled.wanted - running.until + running.amount)
          FROM unsettled
          JOIN res_company AS company ON company.id = unsettled.company_id
          LEFT JOIN res_partner AS partner ON partner.id = unsettled.commercial_partner_id
          LEFT JOIN running ON running.move_id = unsettled.id AND running.until - running.amount < unsettled.wanted
         ORDER BY unsettled.id, running.partial_id
        """,
        inbound=INBOUND_TYPES,
        types=DOCUMENT_TYPES,
        which=which,
        has_both_signs=has_both_signs(SQL("m.id")),
        order=order or allocation_order("partner", "company"),
    )

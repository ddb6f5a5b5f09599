"""In which order payments are applied to the items of a document: the account's setting, and when an item is due."""

from odoo.tools import SQL

from .waterfall_sql import allocation_sql

LISTED, OLDEST, PRO_RATA, EXPLICIT = "listed", "oldest", "pro_rata", "explicit"


def allocation_order(partner: str, company: str) -> SQL:
    """The order of an account owner in a company: its own, else the company's.

    :param partner: the alias of a row of res_partner
    :param company: the alias of a row of res_company
    """
    partner, company = SQL.identifier(partner), SQL.identifier(company)
    return SQL(
        "COALESCE(%(partner)s.allocation_order ->> %(company)s.id::text, %(company)s.allocation_order)",
        partner=partner,
        company=company,
    )


def item_due(which: SQL) -> SQL:
    """When items are due: with the earliest planned payment that will pay them, else as the document's terms say.

    The amounts of the payment terms are allocated to the items in listed order; an item is due with the first that
    reaches it.

    :param which: a condition on ``account_reconciliation_item AS item``
    :return: a query of ``(item_id, date)``
    """
    return SQL(
        """
        WITH asked AS MATERIALIZED (SELECT * FROM account_reconciliation_item AS item WHERE %(which)s),
        allocated AS (%(allocated)s),
        of_terms AS (
            SELECT allocated.target_id AS item_id, MIN(COALESCE(line.date_maturity, line.date)) AS date
              FROM allocated
              JOIN account_move_line AS line ON line.id = allocated.source_id
             GROUP BY allocated.target_id
        ), of_planned AS (
            SELECT planned.item_id, MIN(payment.due_date) AS date
              FROM account_planned_payment_line AS planned
              JOIN account_planned_payment AS payment ON payment.id = planned.planned_payment_id AND payment.is_coming
             WHERE planned.item_id IN (SELECT id FROM asked)
             GROUP BY planned.item_id
        )
        SELECT asked.id AS item_id,
               COALESCE(of_planned.date, of_terms.date, move.invoice_date_due, move.date) AS date
          FROM asked
          JOIN account_move AS move ON move.id = asked.move_id
          LEFT JOIN of_terms ON of_terms.item_id = asked.id
          LEFT JOIN of_planned ON of_planned.item_id = asked.id
        """,
        which=which,
        allocated=allocation_sql(
            SQL(
                "SELECT line.move_id AS allocation_key, line.id,"
                " (COALESCE(line.date_maturity, line.date), line.id) AS seq,"
                " ABS(line.amount_currency) AS amount FROM account_move_line AS line"
                " WHERE line.display_type = 'payment_term' AND line.move_id IN (SELECT allocation_key FROM asked)"
            ),
            SQL("SELECT allocation_key, id, (sequence, move_line_id) AS seq, amount_total AS amount FROM asked"),
        ),
    )

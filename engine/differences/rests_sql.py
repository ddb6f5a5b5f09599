"""The documents that the money which was applied to them last left a little short, as SQL text."""

from odoo.tools import SQL

from ..common.odoo_types import INVOICE_TYPES, OWED_ACCOUNT_TYPES, SALE_TYPES
from ..items.allocation_order_sql import EXPLICIT, allocation_order


def rests(company_ids, partner_ids=None) -> SQL:
    """What lacks of invoices, bills and receipts that were paid in part, where a policy of “Reconcile account” covers
    it.

    The percentage is of what was open when the last money was applied: what that paid of it, and the rest. What money
    in another currency left is a difference of rates, and what a planned payment will pay does not lack.

    :param company_ids: ids of the companies
    :param partner_ids: ids of account owners, or None for all
    :return: a query of ``(owner_id, move_id, policy_id, amount)``, the amount above 0 in the document's currency; each
        document once, oldest first
    """
    return SQL(
        """
        WITH short AS MATERIALIZED (
            SELECT move.id AS move_id, move.commercial_partner_id AS owner_id, move.date, move.currency_id,
                   move.amount_residual AS amount, policy.id AS policy_id, policy.percent_max
              FROM account_difference_policy AS policy
              JOIN account_move AS move
                ON move.company_id = policy.company_id AND move.currency_id = policy.currency_id
               AND move.move_type IN %(types)s
               AND CASE WHEN move.move_type IN %(sale_types)s THEN 'customer' ELSE 'supplier' END = policy.side
               AND move.state = 'posted' AND move.payment_state = 'partial'
               AND move.amount_residual > 0 AND move.amount_residual <= policy.amount_max
              JOIN res_partner AS owner ON owner.id = move.commercial_partner_id
              JOIN res_company AS company ON company.id = move.company_id
             WHERE policy.active AND policy.on_reconcile_account AND policy.kind = 'under'
               AND policy.company_id = ANY(%(company_ids)s)
               AND %(partners)s
               AND %(order)s <> %(explicit)s
               AND NOT EXISTS (
                     SELECT FROM account_planned_payment AS planned
                      WHERE planned.move_id = move.id AND planned.is_coming
                   )
        ), owed AS (
            SELECT short.move_id, line.id
              FROM short
              JOIN account_move_line AS line ON line.move_id = short.move_id
              JOIN account_account AS account ON account.id = line.account_id
             WHERE account.account_type IN %(owed_types)s
        ), applied AS (
            SELECT one.*, other.move_id AS other_move_id, other.currency_id
              FROM (
                    SELECT owed.move_id, partial.id, partial.debit_amount_currency AS amount,
                           partial.credit_move_id AS other_id
                      FROM owed JOIN account_partial_reconcile AS partial ON partial.debit_move_id = owed.id
                     UNION ALL
                    SELECT owed.move_id, partial.id, partial.credit_amount_currency, partial.debit_move_id
                      FROM owed JOIN account_partial_reconcile AS partial ON partial.credit_move_id = owed.id
                   ) AS one
              JOIN account_move_line AS other ON other.id = one.other_id
             WHERE one.amount > 0
        ), last AS (
            SELECT DISTINCT ON (move_id) move_id, other_move_id, currency_id FROM applied ORDER BY move_id, id DESC
        ), paid AS (
            SELECT move_id, last.currency_id, SUM(applied.amount) AS amount
              FROM last JOIN applied USING (move_id, other_move_id)
             GROUP BY move_id, last.currency_id
        )
        SELECT short.owner_id, short.move_id, short.policy_id, short.amount
          FROM short
          JOIN paid USING (move_id, currency_id)
         WHERE short.amount * 100 <= short.percent_max * (paid.amount + short.amount)
         ORDER BY short.date, short.move_id
        """,
        types=INVOICE_TYPES,
        sale_types=SALE_TYPES,
        company_ids=list(company_ids),
        partners=SQL("TRUE") if partner_ids is None else SQL("owner.id = ANY(%s)", list(partner_ids)),
        order=allocation_order("owner", "company"),
        explicit=EXPLICIT,
        owed_types=OWED_ACCOUNT_TYPES,
    )

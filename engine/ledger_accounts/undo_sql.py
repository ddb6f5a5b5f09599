"""Undoing reconciliations of one debit and one credit, many at once: SQL text.

*How it works.* ``claim_pairs`` finds the reconciliations of which nothing is to be done but to open two lines again.
``delete_pairs`` does for them what ``unlink`` of ``account.partial.reconcile`` does, to which all others are left.
"""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES
from ..reconcile_accounts.bulk_sql import NOW


def claim_pairs(partial_ids: list[int]) -> SQL:
    """Lock the lines of reconciliations, in a fixed order, and find those that are simple: both lines were reconciled
    with nothing else, are in company currency, and are of plain entries on an account that nobody owes on; no exchange
    difference, no tax on payment and no item belongs to them.

    :return: a query of ``(partial_id,)``
    """
    return SQL(
        """
        WITH locked AS MATERIALIZED (
            SELECT line.id, line.move_id, line.account_id, line.company_id, line.currency_id
              FROM account_move_line AS line
             WHERE line.id IN (SELECT UNNEST(ARRAY[debit_move_id, credit_move_id])
                                 FROM account_partial_reconcile WHERE id = ANY(%(ids)s))
             ORDER BY line.id FOR NO KEY UPDATE
        ), plain AS MATERIALIZED (
            SELECT locked.id
              FROM locked
              JOIN account_move AS move ON move.id = locked.move_id
              JOIN account_account AS account ON account.id = locked.account_id
              JOIN res_company AS company ON company.id = locked.company_id
             WHERE move.move_type = 'entry' AND move.state = 'posted' AND move.statement_line_id IS NULL
               AND move.origin_payment_id IS NULL AND move.tax_cash_basis_rec_id IS NULL
               AND move.tax_cash_basis_origin_move_id IS NULL
               AND NOT EXISTS (SELECT FROM account_move__account_payment WHERE invoice_id = move.id)
               AND account.reconcile AND account.account_type NOT IN %(owed_types)s
               AND locked.currency_id = company.currency_id
               -- More than one: something else was reconciled with the line.
               AND 1 = (SELECT COUNT(*) FROM account_partial_reconcile WHERE debit_move_id = locked.id)
                     + (SELECT COUNT(*) FROM account_partial_reconcile WHERE credit_move_id = locked.id)
        )
        SELECT partial.id
          FROM account_partial_reconcile AS partial
          JOIN plain AS debit ON debit.id = partial.debit_move_id
          JOIN plain AS credit ON credit.id = partial.credit_move_id
         WHERE partial.id = ANY(%(ids)s) AND partial.exchange_move_id IS NULL
           AND NOT EXISTS (SELECT FROM account_move WHERE tax_cash_basis_rec_id = partial.id)
           AND NOT EXISTS (SELECT FROM account_reconciliation_line WHERE partial_id = partial.id)
           AND NOT EXISTS (SELECT FROM mail_activity
                            WHERE res_id = partial.id AND res_model = 'account.partial.reconcile')
         ORDER BY partial.id
        """,
        ids=partial_ids,
        owed_types=OWED_ACCOUNT_TYPES,
    )


def delete_pairs(partial_ids: list[int], uid: int) -> SQL:
    """Delete simple reconciliations, and open their lines again.

    :param partial_ids: ids that :func:`claim_pairs` has given
    """
    return SQL(
        """
        WITH gone AS (
            DELETE FROM account_partial_reconcile WHERE id = ANY(%(ids)s)
            RETURNING debit_move_id, credit_move_id, full_reconcile_id
        ), closed AS (
            DELETE FROM account_full_reconcile WHERE id IN (SELECT full_reconcile_id FROM gone)
        )
        UPDATE account_move_line AS line
           SET amount_residual = line.balance, amount_residual_currency = line.amount_currency, reconciled = FALSE,
               matching_number = NULL, full_reconcile_id = NULL, write_uid = %(uid)s, write_date = %(now)s
          FROM gone
         WHERE line.id IN (gone.debit_move_id, gone.credit_move_id)
        """,
        ids=partial_ids,
        uid=uid,
        now=NOW,
    )

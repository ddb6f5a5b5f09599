"""What the statements for many reconciliations at once share."""

from odoo.tools import SQL

from ..odoo_types import OWED_ACCOUNT_TYPES

NOW = SQL("NOW() AT TIME ZONE 'UTC'")


def unnest(**columns: tuple[str, list]) -> SQL:
    """Rows from arrays.

    :param columns: name -> (SQL type, values), all of one length
    :return: ``unnest(...) AS new (names)``, to be read from
    """
    return SQL(
        "unnest(%s) AS new (%s)",
        SQL(", ").join(SQL("%s::%s[]", values, SQL(kind)) for kind, values in columns.values()),
        SQL(", ").join(map(SQL.identifier, columns)),
    )


def payment_part(payment: SQL) -> SQL:
    """What the entry of a payment consists of (``account.payment._seek_for_lines``).

    :param payment: the alias of a row of account_payment
    :return: a query of one row ``(liquidity_lines, counterpart_lines, liquidity_open, is_matched, is_reconciled,
        liquidity_reconciles)``; amounts in company currency
    """
    return SQL(
        """
        SELECT COUNT(*) FILTER (WHERE part.is_liquidity) AS liquidity_lines,
               COUNT(*) FILTER (WHERE part.is_counterpart) AS counterpart_lines,
               COALESCE(SUM(line.amount_residual) FILTER (WHERE part.is_liquidity), 0) AS liquidity_open,
               COALESCE(BOOL_OR(part.is_liquidity AND line.account_id = journal.default_account_id), FALSE)
               OR COALESCE(SUM(line.amount_residual) FILTER (WHERE part.is_liquidity), 0) = 0 AS is_matched,
               COALESCE(SUM(line.amount_residual) FILTER (WHERE NOT part.is_liquidity AND account.reconcile), 0) = 0
               AS is_reconciled,
               COALESCE(BOOL_OR(part.is_liquidity AND account.reconcile), FALSE) AS liquidity_reconciles
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id
          JOIN account_journal AS journal ON journal.id = %(payment)s.journal_id
          JOIN res_company AS company ON company.id = %(payment)s.company_id
          CROSS JOIN LATERAL (
                SELECT line.account_id IN (journal.default_account_id, %(payment)s.outstanding_account_id)
                       OR EXISTS (SELECT FROM account_payment_method_line AS method
                                   WHERE (method.journal_id = journal.id
                                          OR method.id = %(payment)s.payment_method_line_id)
                                     AND method.payment_account_id = line.account_id) AS is_liquidity
                ) AS liquid
          CROSS JOIN LATERAL (
                SELECT COALESCE(liquid.is_liquidity, FALSE) AS is_liquidity,
                       NOT COALESCE(liquid.is_liquidity, FALSE)
                       AND (account.account_type IN %(owed_types)s
                            OR line.account_id IS NOT DISTINCT FROM company.transfer_account_id) AS is_counterpart
                ) AS part
         WHERE line.move_id = %(payment)s.move_id
        """,
        payment=payment,
        owed_types=OWED_ACCOUNT_TYPES,
    )

"""What an account's balance consisted of at the end of a day, also of a day long past: SQL text.

What was open of a line then is what is open now, and what later reconciliations have taken of it since. A
reconciliation counts from the later date of its two lines on (``max_date``), as in Odoo's aged reports: so both lines
are there when it counts, and the open amounts always add up to the balance of the account.

So that they do, a reconciliation does not count either where its other line is not part of that balance: where the
entry of that line is no longer posted, because Odoo keeps the reconciliation of an entry that is reset to draft, or
where it is of a company that is not asked for.

*Cost.* What is open now, what was reconciled after the day, and the lines of the account that are not part of its
balance.
"""

from odoo.tools import SQL


def open_as_of(account_id: int, company_ids: list[int], day) -> SQL:
    """The lines that were open at the end of a day.

    :param day: date
    :return: a query of ``(id, date, move_name, name, ref, partner_id, currency_id, amount, amount_currency)``, oldest
        first; amounts signed, in company currency and in that of the line
    """
    return SQL(
        """
        WITH elsewhere AS MATERIALIZED (
            SELECT line.id
              FROM account_move_line AS line
             WHERE line.account_id = %(account_id)s AND line.date <= %(day)s
               AND (line.parent_state <> 'posted' OR line.company_id <> ALL(%(company_ids)s))
        ), later AS MATERIALIZED (
            SELECT partial.debit_move_id AS line_id, partial.amount, partial.debit_amount_currency AS amount_currency
              FROM account_partial_reconcile AS partial WHERE partial.max_date > %(day)s
             UNION ALL
            SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
              FROM account_partial_reconcile AS partial WHERE partial.max_date > %(day)s
             UNION ALL
            SELECT partial.debit_move_id, partial.amount, partial.debit_amount_currency
              FROM elsewhere JOIN account_partial_reconcile AS partial ON partial.credit_move_id = elsewhere.id
             WHERE partial.max_date <= %(day)s
             UNION ALL
            SELECT partial.credit_move_id, -partial.amount, -partial.credit_amount_currency
              FROM elsewhere JOIN account_partial_reconcile AS partial ON partial.debit_move_id = elsewhere.id
             WHERE partial.max_date <= %(day)s
        ), taken AS MATERIALIZED (
            SELECT line.id, SUM(later.amount) AS amount, SUM(later.amount_currency) AS amount_currency
              FROM later
              JOIN account_move_line AS line ON line.id = later.line_id AND line.account_id = %(account_id)s
             WHERE line.company_id = ANY(%(company_ids)s) AND line.parent_state = 'posted' AND line.date <= %(day)s
             GROUP BY line.id
        ), candidate AS (
            SELECT id FROM taken
             UNION
            SELECT line.id
              FROM account_move_line AS line
             WHERE line.account_id = %(account_id)s AND line.company_id = ANY(%(company_ids)s)
               AND line.parent_state = 'posted' AND line.reconciled IS NOT TRUE AND line.date <= %(day)s
        )
        SELECT id, date, move_name, name, ref, partner_id, currency_id, amount, amount_currency
          FROM (SELECT line.id, line.date, line.move_name, line.name, line.ref, line.partner_id, line.currency_id,
                       line.amount_residual + COALESCE(taken.amount, 0) AS amount,
                       line.amount_residual_currency + COALESCE(taken.amount_currency, 0) AS amount_currency
                  FROM candidate
                  JOIN account_move_line AS line ON line.id = candidate.id
                  LEFT JOIN taken ON taken.id = line.id) AS open_line
         WHERE amount <> 0 OR amount_currency <> 0
         ORDER BY date, id
        """,
        account_id=account_id,
        company_ids=list(company_ids),
        day=day,
    )


def figures_as_of(open_lines: SQL) -> SQL:
    """How many lines were open, and what they add up to.

    :param open_lines: what :func:`open_as_of` gives
    :return: a query of ``(line_count, balance)``, in company currency
    """
    return SQL("SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM (%s) AS open_line", open_lines)


def accounts_open_as_of(company_ids: list[int], account_types: list[str], day) -> SQL:
    """The reconcilable accounts with lines that were open at the end of a day, or may have been: those of which
    something was reconciled after it, or with what is not part of the balance (see :func:`open_as_of`).

    :param account_types: types of accounts that are left out
    :return: a query of ``(account_id,)``
    """
    return SQL(
        """
        WITH account AS MATERIALIZED (
            SELECT id FROM account_account WHERE reconcile AND account_type <> ALL(%(account_types)s)
        )
        -- Account by account, because of the others of the chart every line counts as not reconciled.
        SELECT account.id
          FROM account
         WHERE EXISTS (
                SELECT FROM account_move_line AS line
                 WHERE line.account_id = account.id AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
                   AND line.company_id = ANY(%(company_ids)s) AND line.date <= %(day)s
                   AND (line.amount_residual <> 0 OR line.amount_residual_currency <> 0))
            OR EXISTS (
                SELECT FROM account_move_line AS elsewhere
                 CROSS JOIN LATERAL (
                    SELECT credit_move_id FROM account_partial_reconcile WHERE debit_move_id = elsewhere.id
                     UNION ALL
                    SELECT debit_move_id FROM account_partial_reconcile WHERE credit_move_id = elsewhere.id
                 ) AS other (line_id)
                  JOIN account_move_line AS line ON line.id = other.line_id
                 WHERE elsewhere.account_id = account.id AND elsewhere.date <= %(day)s
                   AND elsewhere.matching_number IS NOT NULL
                   AND (elsewhere.parent_state <> 'posted' OR elsewhere.company_id <> ALL(%(company_ids)s))
                   AND line.company_id = ANY(%(company_ids)s) AND line.parent_state = 'posted'
                   AND line.date <= %(day)s)
         UNION
        SELECT line.account_id
          FROM account_partial_reconcile AS partial
         CROSS JOIN LATERAL (VALUES (partial.debit_move_id), (partial.credit_move_id)) AS side (line_id)
          JOIN account_move_line AS line ON line.id = side.line_id
          JOIN account ON account.id = line.account_id
         WHERE partial.max_date > %(day)s
           AND line.company_id = ANY(%(company_ids)s) AND line.parent_state = 'posted' AND line.date <= %(day)s
        """,
        company_ids=list(company_ids),
        account_types=list(account_types),
        day=day,
    )


def balance_as_of(account_id: int, company_ids: list[int], day) -> SQL:
    """The balance of the account at the end of a day, by its journal items alone.

    :return: a query of ``(balance,)``, in company currency
    """
    return SQL(
        """
        SELECT COALESCE(SUM(line.balance), 0)
          FROM account_move_line AS line
         WHERE line.account_id = %s AND line.company_id = ANY(%s) AND line.parent_state = 'posted' AND line.date <= %s
        """,
        account_id,
        list(company_ids),
        day,
    )

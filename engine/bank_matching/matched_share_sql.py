"""Which share of the bank transactions is matched."""

from odoo.tools import SQL


def matched_by_month(journal_ids, date_from, date_to) -> SQL:
    """How many transactions of each bank account are matched, by month; those ignored are left out.

    :return: a query of ``(journal_id, month, transactions, matched)``
    """
    return SQL(
        """
        SELECT bank.journal_id, DATE_TRUNC('month', move.date)::date AS month, COUNT(*),
               COUNT(*) FILTER (WHERE bank.match_status <> 'unmatched')
          FROM account_bank_statement_line AS bank
          JOIN account_move AS move ON move.id = bank.move_id
         WHERE bank.journal_id = ANY(%(journal_ids)s) AND bank.match_status <> 'ignored' AND move.state = 'posted'
           AND move.date BETWEEN %(date_from)s AND %(date_to)s
         GROUP BY 1, 2
         ORDER BY 1, 2
        """,
        journal_ids=list(journal_ids),
        date_from=date_from,
        date_to=date_to,
    )

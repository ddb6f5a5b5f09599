"""The figures of the overview, as SQL text: each one query for all companies, on narrow tables and partial indexes."""

from odoo.tools import SQL

from ..common.odoo_types import side_sql
from ..reconcile_accounts.plan_sql import open_lines

# Days since the date of the transaction, both included; the last has no end.
AGES = [(0, 30), (31, 60), (61, 90), (91, None)]


def open_by_age(company_ids, today, date_from=None, date_to=None) -> SQL:
    """What is open on clients' and vendors' accounts, by age.

    :param company_ids: ids of the companies
    :param today: the day that ages count from
    :return: a query of ``(company_id, side, kind, age, transactions, amount)``; side is ``customer`` or ``supplier``,
        kind ``document`` or ``money``, age an index of AGES, amount in company currency and above zero
    """
    return SQL(
        """
        SELECT open_line.company_id,
               %(side)s AS side,
               CASE WHEN (open_line.balance > 0) = (account.account_type = 'asset_receivable') THEN 'document'
                    ELSE 'money'
               END AS kind,
               CASE WHEN %(today)s::date - open_line.date <= 30 THEN 0
                    WHEN %(today)s::date - open_line.date <= 60 THEN 1
                    WHEN %(today)s::date - open_line.date <= 90 THEN 2
                    ELSE 3
               END AS age,
               COUNT(DISTINCT open_line.move_id), SUM(ABS(open_line.balance))
          FROM (%(lines)s) AS open_line
          JOIN account_account AS account ON account.id = open_line.account_id
         WHERE (%(date_from)s::date IS NULL OR open_line.date >= %(date_from)s::date)
           AND (%(date_to)s::date IS NULL OR open_line.date <= %(date_to)s::date)
         GROUP BY 1, 2, 3, 4
        """,
        lines=open_lines(company_ids),
        side=side_sql(SQL("account.account_type")),
        today=today,
        date_from=date_from,
        date_to=date_to,
    )


def unmatched_transactions(company_ids, date_from=None, date_to=None) -> SQL:
    """What waits at the bank, by bank account.

    :return: a query of ``(journal_id, transactions, money_in, money_out, oldest)``; amounts in the journal's currency,
        money_out below zero
    """
    return SQL(
        """
        SELECT bank.journal_id, COUNT(*), COALESCE(SUM(bank.amount) FILTER (WHERE bank.amount > 0), 0),
               COALESCE(SUM(bank.amount) FILTER (WHERE bank.amount < 0), 0), MIN(move.date)
          FROM account_bank_statement_line AS bank
          JOIN account_move AS move ON move.id = bank.move_id
         WHERE bank.company_id = ANY(%(company_ids)s) AND bank.match_status = 'unmatched'
           AND move.state = 'posted'
           AND (%(date_from)s::date IS NULL OR move.date >= %(date_from)s::date)
           AND (%(date_to)s::date IS NULL OR move.date <= %(date_to)s::date)
         GROUP BY bank.journal_id
        """,
        company_ids=list(company_ids),
        date_from=date_from,
        date_to=date_to,
    )


def money_not_applied(company_ids, date_to=None) -> SQL:
    """Payments and credits of clients and vendors that are not applied in full.

    :return: a query of ``(company_id, transactions)``
    """
    return SQL(
        """
        SELECT open_line.company_id, COUNT(DISTINCT open_line.move_id)
          FROM (%(lines)s) AS open_line
          JOIN account_account AS account ON account.id = open_line.account_id
         WHERE (open_line.balance < 0) = (account.account_type = 'asset_receivable')
           AND (%(date_to)s::date IS NULL OR open_line.date <= %(date_to)s::date)
         GROUP BY open_line.company_id
        """,
        lines=open_lines(company_ids),
        date_to=date_to,
    )

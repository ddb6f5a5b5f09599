"""What the bank says and what the books say, of bank accounts: SQL text, each one query for all accounts asked for."""

from odoo.tools import SQL

from ..bank_import.statement_kinds import UNFINISHED_KINDS


def last_statements(journal_ids: list[int]) -> SQL:
    """The last statement of each bank account.

    :return: a query of ``(journal_id, statement_id, day, balance)``
    """
    return SQL(
        """
        SELECT DISTINCT ON (journal_id) journal_id, id, date, balance_end_real
          FROM account_bank_statement
         WHERE journal_id = ANY(%s) AND first_line_index IS NOT NULL
           AND (import_kind IS NULL OR import_kind <> ALL(%s))
         ORDER BY journal_id, first_line_index DESC, id DESC
        """,
        journal_ids,
        list(UNFINISHED_KINDS),
    )


def transactions(journal_ids: list[int]) -> SQL:
    """What the bank accounts' transactions add up to, by status, and whether they came after the last statement.

    :return: a query of ``(journal_id, status, is_later, count, amount)``; amounts in the journal's currency
    """
    return SQL(
        """
        SELECT bank.journal_id, bank.match_status,
               COALESCE(bank.internal_index > last_line.internal_index, TRUE) AS is_later,
               COUNT(*), SUM(bank.amount)
          FROM account_bank_statement_line AS bank
          JOIN account_move AS move ON move.id = bank.move_id
          LEFT JOIN (%(last)s) AS last_statement (journal_id, statement_id, day, balance)
                 ON last_statement.journal_id = bank.journal_id
          LEFT JOIN LATERAL (SELECT MAX(internal_index) AS internal_index FROM account_bank_statement_line
                              WHERE statement_id = last_statement.statement_id) AS last_line ON TRUE
         WHERE bank.journal_id = ANY(%(ids)s) AND move.state = 'posted'
         GROUP BY 1, 2, 3
        """,
        last=last_statements(journal_ids),
        ids=journal_ids,
    )


def ledger_balances(journal_ids: list[int]) -> SQL:
    """What the bank accounts' own ledger accounts say, and the payments that the bank has not shown yet.

    :return: a query of ``(journal_id, ledger, outstanding, outstanding_count)``; amounts in the journal's currency
    """
    return SQL(
        """
        SELECT journal.id,
               (SELECT COALESCE(SUM(CASE WHEN journal.currency_id IS NULL THEN line.balance
                                         ELSE line.amount_currency END), 0)
                  FROM account_move_line AS line
                 WHERE line.account_id = journal.default_account_id AND line.parent_state = 'posted'),
               outstanding.amount, outstanding.count
          FROM account_journal AS journal
          CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(CASE WHEN journal.currency_id IS NULL THEN line.amount_residual
                                         ELSE line.amount_residual_currency END), 0) AS amount,
                       COUNT(DISTINCT line.move_id) AS count
                  FROM account_payment AS payment
                  JOIN account_move_line AS line
                    ON line.move_id = payment.move_id AND line.account_id = payment.outstanding_account_id
                 WHERE payment.journal_id = journal.id AND line.parent_state = 'posted' AND NOT line.reconciled
                   AND line.account_id IS DISTINCT FROM journal.default_account_id
                   AND (journal.currency_id IS NULL OR line.currency_id = journal.currency_id)
               ) AS outstanding
         WHERE journal.id = ANY(%s)
        """,
        journal_ids,
    )


def statements_in_a_row(journal_ids: list[int]) -> SQL:
    """The statements that do not follow the one before: by their balances, or by the days of their transactions.

    :return: a query of ``(journal_id, statement_id, before_id, balance_start, before_end, first_day, before_last_day,
        moved, balance_end)``; moved is what the statement's transactions add up to
    """
    return SQL(
        """
        SELECT * FROM (
            SELECT statement.journal_id, statement.id, LAG(statement.id) OVER in_a_row AS before_id,
                   statement.balance_start, LAG(statement.balance_end_real) OVER in_a_row AS before_end,
                   days.first_day, LAG(days.last_day) OVER in_a_row AS before_last_day, days.moved,
                   statement.balance_end_real, currency.decimal_places
              FROM account_bank_statement AS statement
              JOIN account_journal AS journal ON journal.id = statement.journal_id
              JOIN res_company AS company ON company.id = journal.company_id
              JOIN res_currency AS currency ON currency.id = COALESCE(journal.currency_id, company.currency_id)
              CROSS JOIN LATERAL (
                    SELECT MIN(move.date) AS first_day, MAX(move.date) AS last_day, SUM(line.amount) AS moved
                      FROM account_bank_statement_line AS line
                      JOIN account_move AS move ON move.id = line.move_id
                     WHERE line.statement_id = statement.id AND move.state = 'posted'
                   ) AS days
             WHERE statement.journal_id = ANY(%s) AND statement.first_line_index IS NOT NULL
               AND (statement.import_kind IS NULL OR statement.import_kind <> ALL(%s))
            WINDOW in_a_row AS (PARTITION BY statement.journal_id ORDER BY statement.first_line_index, statement.id)
            ) AS row
         WHERE before_id IS NOT NULL
           AND (ROUND(balance_start::numeric, decimal_places) <> ROUND(before_end::numeric, decimal_places)
                OR first_day < before_last_day)
         ORDER BY journal_id, first_day DESC
        """,
        journal_ids,
        list(UNFINISHED_KINDS),
    )

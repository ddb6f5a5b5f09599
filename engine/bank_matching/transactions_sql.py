"""Bank transactions that wait for a match, as SQL text: they themselves, other sides of transfers, and rivals.

As in ``candidates_sql.py`` every look-up goes by an index and has a limit.
"""

from odoo.tools import SQL

from .amounts_sql import AMOUNT_LIMIT

TRANSFER_LIMIT = 12
TRANSFER_DAYS = 10

# What a transaction was booked at on the bank's own account, in company currency.
BOOKED_BALANCE = SQL(
    """
    SELECT SUM(own.balance)
      FROM account_move_line AS own
      JOIN account_journal AS journal ON journal.id = st.journal_id AND journal.default_account_id = own.account_id
     WHERE own.move_id = st.move_id
    """
)
IS_WAITING = SQL("st.is_reconciled IS NOT TRUE AND st.amount <> 0 AND move.state = 'posted'")


def transactions(line_ids) -> SQL:
    """Bank transactions that wait for a match.

    :return: a query of dict rows
    """
    return SQL(
        """
        SELECT st.id, st.journal_id, st.company_id, st.currency_id, st.amount::text, st.foreign_currency_id,
               st.amount_currency::text, (%(balance)s)::text AS balance, move.date, st.payment_ref, move.ref,
               st.partner_name, st.account_number, st.end_to_end_id, st.mandate_id,
               st.structured_reference, st.transaction_type, owner.id AS owner_id, owner.name AS owner_name
          FROM account_bank_statement_line AS st
          JOIN account_move AS move ON move.id = st.move_id
          LEFT JOIN res_partner AS partner ON partner.id = st.partner_id
          LEFT JOIN res_partner AS owner ON owner.id = partner.commercial_partner_id
         WHERE st.id = ANY(%(line_ids)s) AND %(is_waiting)s
         ORDER BY st.id
        """,
        line_ids=list(line_ids),
        is_waiting=IS_WAITING,
        balance=BOOKED_BALANCE,
    )


def booked_rates(journal_ids, date_from, date_to) -> SQL:
    """Between which rates the waiting transactions of bank accounts were booked.

    :return: a query of ``(journal_id, least, largest)``, what one unit is in company currency
    """
    return SQL(
        """
        SELECT booked.journal_id, MIN(booked.rate)::text, MAX(booked.rate)::text
          FROM (
                SELECT st.journal_id, (%(balance)s) / st.amount AS rate
                  FROM account_bank_statement_line AS st
                  JOIN account_move AS move ON move.id = st.move_id
                 WHERE st.journal_id = ANY(%(journal_ids)s) AND %(is_waiting)s
                   AND move.date BETWEEN %(date_from)s AND %(date_to)s
               ) AS booked
         WHERE booked.rate > 0
         GROUP BY booked.journal_id
        """,
        journal_ids=journal_ids,
        date_from=date_from,
        date_to=date_to,
        is_waiting=IS_WAITING,
        balance=BOOKED_BALANCE,
    )


def transfer_partners(numbers, journal_ids, lows, highs, dates) -> SQL:
    """Bank transactions of other own accounts that may be the other side.

    :param numbers: list of int, which transaction asks; with the other lists one row each
    :param lows: list of Decimal, least amount of the other side in its own currency, signed
    :return: a query of ``(number, id)``
    """
    return SQL(
        """
        SELECT wanted.number, found.id
          FROM unnest(%(numbers)s, %(journal_ids)s, %(lows)s::numeric[], %(highs)s::numeric[], %(dates)s::date[])
               AS wanted(number, journal_id, low, high, date)
         CROSS JOIN LATERAL (
            SELECT st.id
              FROM account_bank_statement_line AS st
              JOIN account_move AS move ON move.id = st.move_id
             WHERE st.journal_id = wanted.journal_id AND st.amount BETWEEN wanted.low AND wanted.high
               AND %(is_waiting)s AND ABS(move.date - wanted.date) <= %(days)s
             ORDER BY ABS(move.date - wanted.date), st.id
             LIMIT %(limit)s
         ) AS found
        """,
        numbers=numbers,
        journal_ids=journal_ids,
        lows=lows,
        highs=highs,
        dates=dates,
        is_waiting=IS_WAITING,
        days=TRANSFER_DAYS,
        limit=TRANSFER_LIMIT,
    )


def rival_transactions(line_ids, journal_ids, amounts) -> SQL:
    """Other waiting transactions of exactly these amounts: they may claim the same documents.

    :param line_ids: ids of the transactions that are known already
    :return: a query of ids
    """
    return SQL(
        """
        SELECT found.id
          FROM (SELECT DISTINCT amount FROM unnest(%(amounts)s::numeric[]) AS wanted(amount)) AS wanted
         CROSS JOIN unnest(%(journal_ids)s) AS journal(id)
         CROSS JOIN LATERAL (
            SELECT st.id
              FROM account_bank_statement_line AS st
              JOIN account_move AS move ON move.id = st.move_id
             WHERE st.journal_id = journal.id AND st.amount = wanted.amount AND %(is_waiting)s
               AND st.id <> ALL(%(line_ids)s)
             ORDER BY st.id
             LIMIT %(limit)s
         ) AS found
        """,
        line_ids=line_ids,
        journal_ids=journal_ids,
        amounts=amounts,
        is_waiting=IS_WAITING,
        limit=AMOUNT_LIMIT,
    )

"""Registered payments that wait for the bank, as SQL text; as in ``candidates_sql.py`` every look-up has a limit."""

from odoo.tools import SQL

from .candidates_sql import REFERENCE_LIMIT
from .open_lines_sql import IS_UNAPPLIED, OPEN_LINE

# How many registered payments of an owner are looked at that may be parts of a transaction.
PART_LIMIT = 100
SETTLEMENT_DAYS = 8
SETTLEMENT_SIZE = 500


def payments_of_owners(account_ids, company_ids, numbers, owner_ids, amounts, currency_ids, with_parts) -> SQL:
    """Registered payments of account owners that wait for the bank, of exactly an amount or perhaps a part of it.

    :param account_ids: accounts of registered payments
    :param numbers: list of int, which transaction asks; with the other lists one row each
    :param with_parts: list of bool, whether payments of less are asked for too, which several together may be the
        amount; only those of the latest that aren't applied yet
    :return: a query of ``(number, id, move_id)``
    """
    wanted = SQL(
        "unnest(%s, %s, %s::numeric[], %s::int[], %s) AS wanted(number, owner_id, amount, currency_id, with_parts)",
        numbers, owner_ids, amounts, currency_ids, with_parts,
    )  # fmt: skip

    def latest(amount, limit):
        return SQL(
            """
            SELECT line.id, line.move_id, line.payment_id
              FROM res_partner AS member
              JOIN account_move_line AS line ON line.partner_id = member.id
             WHERE member.commercial_partner_id = wanted.owner_id AND line.account_id = ANY(%(account_ids)s)
               AND line.currency_id = wanted.currency_id AND %(amount)s
               AND line.payment_id IS NOT NULL AND %(open_line)s AND line.company_id = ANY(%(company_ids)s)
             ORDER BY line.date DESC, line.id DESC
             LIMIT %(limit)s
            """,
            account_ids=account_ids,
            amount=amount,
            open_line=OPEN_LINE,
            company_ids=company_ids,
            limit=limit,
        )

    return SQL(
        """
        SELECT wanted.number, line.id, line.move_id
          FROM %(wanted)s CROSS JOIN LATERAL (%(of_the_amount)s) AS line
         UNION
        SELECT wanted.number, line.id, line.move_id
          FROM %(wanted)s CROSS JOIN LATERAL (%(of_less)s) AS line
         WHERE wanted.with_parts AND %(is_unapplied)s
        """,
        wanted=wanted,
        of_the_amount=latest(SQL("line.amount_residual_currency = wanted.amount"), REFERENCE_LIMIT),
        of_less=latest(
            SQL(
                "line.amount_residual_currency * wanted.amount > 0"
                " AND ABS(line.amount_residual_currency) < ABS(wanted.amount)"
            ),
            PART_LIMIT,
        ),
        is_unapplied=IS_UNAPPLIED,
    )


def settlements(account_ids, company_ids, journal_ids, date_from, date_to) -> SQL:
    """Registered payments that a bank may pay out in one sum: of one journal, method and day.

    :return: a query of ``(journal_id, payment_method_line_id, currency_id, date, is_inbound, total, line_ids,
        move_ids)``
    """
    return SQL(
        """
        SELECT move.journal_id, payment.payment_method_line_id, line.currency_id, line.date,
               line.amount_residual_currency > 0 AS is_inbound, SUM(line.amount_residual_currency)::text,
               ARRAY_AGG(line.id ORDER BY line.id), ARRAY_AGG(line.move_id ORDER BY line.id)
          FROM account_move_line AS line
          JOIN account_move AS move ON move.id = line.move_id
          JOIN account_payment AS payment ON payment.id = line.payment_id
         WHERE line.account_id = ANY(%(account_ids)s) AND line.date BETWEEN %(date_from)s AND %(date_to)s
           AND %(open_line)s AND move.journal_id = ANY(%(journal_ids)s) AND line.company_id = ANY(%(company_ids)s)
         GROUP BY 1, 2, 3, 4, 5
        HAVING COUNT(*) <= %(size)s
         ORDER BY 1, 2, 3, 5, 4
        """,
        account_ids=account_ids,
        company_ids=company_ids,
        journal_ids=journal_ids,
        date_from=date_from,
        date_to=date_to,
        open_line=OPEN_LINE,
        size=SETTLEMENT_SIZE,
    )

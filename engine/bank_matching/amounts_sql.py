"""What is open of an amount, as SQL text: as in ``candidates_sql.py``, by an index and with a limit."""

from odoo.tools import SQL

from .open_lines_sql import OPEN_LINE
from .suggestions import FEE_MAX

# How many open items one amount may bring.
AMOUNT_LIMIT = 40
# How many may be nearest to an amount, above it and below it.
NEAR_LIMIT = 3


def _open_lines(condition, company_ids, order, limit) -> SQL:
    """The first open lines of an account and a currency, within a query that has ``account`` and ``wanted``."""
    return SQL(
        """
        (SELECT line.id, line.move_id
           FROM account_move_line AS line
          WHERE line.account_id = account.id AND %(open_line)s AND %(condition)s
            AND line.currency_id = wanted.currency_id AND line.company_id = ANY(%(company_ids)s)
          ORDER BY %(order)s
          LIMIT %(limit)s)
        """,
        open_line=OPEN_LINE,
        condition=condition,
        company_ids=company_ids,
        order=order,
        limit=limit,
    )


def by_amount(account_ids, company_ids, amounts, currency_ids) -> SQL:
    """Open lines of exactly an amount, or of that less the early payment discount, the newest first.

    :param amounts: list of Decimal, signed as the line; with ``currency_ids`` a pair each
    :return: a query of ``(amount, currency_id, id, move_id)``
    """

    def arm(condition):
        return _open_lines(condition, company_ids, SQL("line.id DESC"), AMOUNT_LIMIT)

    return SQL(
        """
        SELECT wanted.amount::text, wanted.currency_id, found.id, found.move_id
          FROM unnest(%(amounts)s::numeric[], %(currency_ids)s::int[]) AS wanted(amount, currency_id)
         CROSS JOIN unnest(%(account_ids)s) AS account(id)
         CROSS JOIN LATERAL (%(open)s UNION ALL %(discounted)s) AS found
        """,
        amounts=list(amounts),
        currency_ids=list(currency_ids),
        account_ids=account_ids,
        open=arm(SQL("line.amount_residual_currency = wanted.amount")),
        discounted=arm(SQL("line.discount_amount_currency = wanted.amount AND line.discount_date IS NOT NULL")),
    )


def open_currencies(account_ids) -> SQL:
    """The active currencies in which something is open.

    :return: a query of ids of res.currency
    """
    return SQL(
        """
        SELECT currency.id FROM res_currency AS currency
         WHERE currency.active AND EXISTS (
                SELECT FROM unnest(%s) AS account(id)
                 CROSS JOIN LATERAL (
                        SELECT FROM account_move_line AS line
                         WHERE line.account_id = account.id AND line.currency_id = currency.id AND %s
                         ORDER BY line.amount_residual_currency, line.id -- as the index has it
                         LIMIT 1
                       ) AS found)
         ORDER BY currency.id
        """,
        account_ids,
        OPEN_LINE,
    )


def near_amount(account_ids, company_ids, amounts, currency_ids) -> SQL:
    """Open lines of nearly an amount, of which charges may have been taken off, or which was rounded or converted: the
    nearest ones.

    :param amounts: list of Decimal, signed as the line; with ``currency_ids`` a pair each
    :return: a query of ``(amount, currency_id, id, move_id)``
    """

    def arm(bounds, direction):
        order = SQL("line.amount_residual_currency %(direction)s, line.id %(direction)s", direction=direction)
        return _open_lines(bounds, company_ids, order, NEAR_LIMIT)

    column = SQL("line.amount_residual_currency")
    return SQL(
        """
        SELECT wanted.amount::text, wanted.currency_id, found.id, found.move_id
          FROM (SELECT amount, currency_id, ABS(amount) * %(fee_max)s AS margin
                  FROM unnest(%(amounts)s::numeric[], %(currency_ids)s::int[]) AS pair(amount, currency_id)) AS wanted
         CROSS JOIN unnest(%(account_ids)s) AS account(id)
         CROSS JOIN LATERAL (%(above)s UNION ALL %(below)s) AS found
        """,
        amounts=list(amounts),
        currency_ids=list(currency_ids),
        fee_max=FEE_MAX,
        account_ids=account_ids,
        above=arm(SQL("%s >= wanted.amount AND %s <= wanted.amount + wanted.margin", column, column), SQL("ASC")),
        below=arm(SQL("%s < wanted.amount AND %s >= wanted.amount - wanted.margin", column, column), SQL("DESC")),
    )

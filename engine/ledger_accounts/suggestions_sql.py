"""Which open lines of an account may belong together: candidates as SQL text, ranked by ``suggestions.py``.

Each query is one pass over the lines that it is given, and returns a bounded number of candidates. Of an account with
very many open lines the oldest are given; ``of_keys`` and ``of_amounts`` then count all lines that a candidate must
know of.
"""

from odoo.tools import SQL

# The most lines of a group; larger groups are left to the rules of the account.
LINES_MAX = 40


def zero_groups(lines: SQL, key: SQL, limit: int) -> SQL:
    """Groups of lines with one key and currency that add up to zero, the smallest and oldest first.

    :param lines: what ``open_lines_sql.open_lines`` gives
    :param key: what ``open_lines_sql.key_of`` gives
    :return: a query of ``(ids, key, currency_id, days, is_one_partner, amount)``: days between the first and last line,
        whether all have the same partner, and the sum of the debits
    """
    return SQL(
        """
        SELECT array_agg(id ORDER BY date, id), key, currency_id, MAX(date) - MIN(date),
               COUNT(DISTINCT COALESCE(partner_id, 0)) = 1 AND COUNT(partner_id) > 0,
               SUM(amount) FILTER (WHERE amount > 0)
          FROM (SELECT %(key)s AS key, line.id, line.date, line.currency_id, line.partner_id,
                       line.amount_residual_currency AS amount %(lines)s) AS open_line
         WHERE key IS NOT NULL
         GROUP BY key, currency_id
        HAVING SUM(amount) = 0 AND MIN(amount) < 0 AND MAX(amount) > 0 AND COUNT(*) <= %(lines_max)s
         ORDER BY COUNT(*), MIN(date), key, currency_id
         LIMIT %(limit)s
        """,
        key=key,
        lines=lines,
        lines_max=LINES_MAX,
        limit=limit,
    )


def opposite_pairs(lines: SQL, key: SQL | None, limit: int) -> SQL:
    """Pairs of one debit and one credit of the same amount and currency that no other open line has.

    :param key: what the two share beside the amount, or None
    :return: a query like :func:`zero_groups`
    """
    return SQL(
        """
        SELECT array_agg(id ORDER BY date, id), MIN(key), currency_id, MAX(date) - MIN(date),
               COUNT(DISTINCT COALESCE(partner_id, 0)) = 1 AND COUNT(partner_id) > 0, MAX(amount)
          FROM (SELECT %(key)s AS key, line.id, line.date, line.currency_id, line.partner_id,
                       line.amount_residual_currency AS amount %(lines)s) AS open_line
         WHERE %(has_key)s
         GROUP BY currency_id, ABS(amount), %(by_key)s
        HAVING COUNT(*) = 2 AND MIN(amount) < 0 AND MAX(amount) > 0
         ORDER BY MAX(date) - MIN(date), MIN(date), MIN(id)
         LIMIT %(limit)s
        """,
        key=key or SQL("''::text"),
        has_key=SQL("key IS NOT NULL") if key else SQL("TRUE"),
        by_key=SQL("key"),
        lines=lines,
        limit=limit,
    )


def mixed_groups(lines: SQL, key: SQL, limit: int, lines_max: int = 15) -> SQL:
    """Small groups with debits and credits that do not add up to zero: one line may be the sum of others.

    :return: a query of ``(key, currency_id, ids, amounts, dates)``, arrays of one length, amounts signed, as text
    """
    return SQL(
        """
        SELECT key, currency_id, array_agg(id ORDER BY date, id), array_agg(amount::text ORDER BY date, id),
               array_agg(date ORDER BY date, id)
          FROM (SELECT %(key)s AS key, line.id, line.date, line.currency_id,
                       line.amount_residual_currency AS amount %(lines)s) AS open_line
         WHERE key IS NOT NULL
         GROUP BY key, currency_id
        HAVING SUM(amount) <> 0 AND MIN(amount) < 0 AND MAX(amount) > 0 AND COUNT(*) BETWEEN 3 AND %(lines_max)s
         ORDER BY MIN(date), key, currency_id
         LIMIT %(limit)s
        """,
        key=key,
        lines=lines,
        lines_max=lines_max,
        limit=limit,
    )


def of_keys(lines: SQL, key: SQL, condition: SQL) -> SQL:
    """How many open lines have each of some keys.

    :param condition: what ``open_lines_sql.has_key`` gives
    :return: a query of ``(key, currency_id, count)``
    """
    return SQL(
        """
        SELECT key, currency_id, COUNT(*)
          FROM (SELECT %(key)s AS key, line.currency_id %(lines)s AND %(condition)s) AS open_line
         GROUP BY key, currency_id
        """,
        key=key,
        lines=lines,
        condition=condition,
    )


def of_amounts(lines: SQL, key: SQL | None, amounts: list) -> SQL:
    """How many open lines have each of some amounts, on either side.

    :param key: what they share beside the amount, or None
    :param amounts: Decimals above zero
    :return: a query of ``(key, currency_id, amount, count)``
    """
    return SQL(
        """
        SELECT key, currency_id, amount, COUNT(*)
          FROM (SELECT %(key)s AS key, line.currency_id, ABS(line.amount_residual_currency) AS amount %(lines)s
                   AND line.amount_residual_currency = ANY(%(amounts)s::numeric[])) AS open_line
         GROUP BY key, currency_id, amount
        """,
        key=key or SQL("''::text"),
        lines=lines,
        amounts=[*amounts, *(-amount for amount in amounts)],
    )

"""What is open on one reconcilable account, grouped by what its lines have in common: SQL text.

*How it works.* Every query starts from the open lines of one account in some companies, which an index over what is
open finds by date; so its cost follows what is open, not the ledger. The key of a group is a text, the same for one
line as for thousands, so that a group can be named by a remote call.

*Cost.* The first groups are those of the oldest lines: with 300,000 open lines, 2,000 are read to know which they are,
then those of their keys. Where that is not enough, all open lines are read once (``all_groups``). What counts all lines
is a query of its own (``totals``), for which the page does not wait.
"""

from odoo.tools import SQL

# By what the lines of an account can be grouped.
PARTNER, REFERENCE, ORDER, PRODUCT, PRODUCT_ORDER = "partner", "reference", "order", "product", "product_order"
# One number by which lines are compared as by date and id.
PLACE = SQL("((line.date - DATE '1900-01-01')::bigint << 32 | line.id)")
# Between texts that are compared as one; no text of a line has it.
SEPARATOR = "\x1f"
# What is open of a group of lines.
FIGURES = SQL(
    """
    COUNT(*) AS count, COALESCE(SUM(amount) FILTER (WHERE amount > 0), 0) AS debit,
    COALESCE(SUM(amount) FILTER (WHERE amount < 0), 0) AS credit, MIN(date) AS date_oldest, MIN(place) AS first_place
    """
)
# The source of a line's document. Outer, so that PostgreSQL leaves it out where nothing of it is asked for. Most
# entries have no source: those that have one are found by the index of ``models/bank_matching/account_move.py``.
DOCUMENT = SQL(
    """
    LEFT JOIN account_move AS move
           ON move.id = line.move_id AND move.invoice_origin IS NOT NULL AND move.state = 'posted'
              AND move.statement_line_id IS NULL
    """
)


def key_of(group_by: str, order: SQL | None = None) -> SQL:
    """The key by which a line is grouped, as text; NULL where the line has none.

    The statement has the line as ``line`` and its entry as ``move``.

    :param group_by: ``partner``, ``reference``, ``order``, ``product``, or ``product_order`` for the number of the
        product, a slash and the order
    :param order: SQL of the order's number of ``line``, or None for the origin of the document
    """
    # Compared byte by byte, which is several times as fast as by a language.
    if group_by == PARTNER:
        return SQL('line.partner_id::text COLLATE "C"')
    if group_by == PRODUCT:
        return SQL('line.product_id::text COLLATE "C"')
    if group_by == PRODUCT_ORDER:
        return SQL("%s || '/' || %s", key_of(PRODUCT), key_of(ORDER, order))
    if group_by == ORDER:
        origin = SQL("move.invoice_origin")
        text = SQL("COALESCE(%s, %s)", order, origin) if order else origin
    else:
        text = SQL("COALESCE(NULLIF(BTRIM(line.ref), ''), line.name)")
    # Cut, because a text of the whole length may be too long for a key.
    return SQL("NULLIF(LEFT(UPPER(BTRIM(%s)), 100), '') COLLATE \"C\"", text)


def open_lines(account_id: int, company_ids: list[int], condition: SQL | None = None) -> SQL:
    """The open lines of an account: ``FROM`` and ``WHERE`` of a statement, with ``line`` and ``move``.

    :param condition: what else a line must have, or None
    """
    return SQL(
        """
          FROM account_move_line AS line
          %(document)s
         WHERE line.account_id = %(account_id)s
           AND line.company_id = ANY(%(company_ids)s)
           AND line.parent_state = 'posted'
           AND line.reconciled IS NOT TRUE
           AND (line.amount_residual <> 0 OR line.amount_residual_currency <> 0)
           AND %(condition)s
        """,
        document=DOCUMENT,
        account_id=account_id,
        company_ids=list(company_ids),
        condition=condition or SQL("TRUE"),
    )


def search_condition(term: str, amount=None) -> SQL:
    """What a line must have to be found by a text.

    :param term: text to look for in the entry, label, reference and partner
    :param amount: float that the open amount must be, without its sign, or None
    """
    pattern = "%" + term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    # One comparison of the three texts instead of three: each costs as much as all else that is done with a line.
    return SQL(
        """
        (LOWER(CONCAT_WS(%(separator)s, line.name, line.ref, line.move_name)) LIKE LOWER(%(pattern)s)
         OR line.partner_id IN (SELECT id FROM res_partner WHERE complete_name ILIKE %(pattern)s)
         OR %(amount)s)
        """,
        separator=SEPARATOR,
        pattern=pattern,
        amount=SQL("FALSE")
        if amount is None
        else SQL("ROUND(%s::numeric, 6) IN (ABS(line.amount_residual), ABS(line.amount_residual_currency))", amount),
    )


def first_ids(lines: SQL, limit: int) -> SQL:
    """The numbers of some of the open lines, in no order.

    :return: a query of ``(id,)``
    """
    return SQL("SELECT line.id %s LIMIT %s", lines, limit)


def oldest_ids(lines: SQL, limit: int) -> SQL:
    """The numbers of the oldest open lines.

    :return: a query of ``(id,)``
    """
    return SQL("SELECT line.id %s ORDER BY line.date, line.id LIMIT %s", lines, limit)


def of_ids(ids: list[int]) -> SQL:
    """What a line must have that is one of many."""
    # As one text, which PostgreSQL reads at once: a list of 20,000 numbers in a statement is parsed number by number.
    return SQL("line.id = ANY(%s::int[])", f"{{{','.join(map(str, ids))}}}")


def oldest(lines: SQL, limit: int) -> SQL:
    """The oldest of the open lines, as :func:`open_lines` gives them.

    :param limit: how many
    """
    return SQL(
        """
          FROM account_move_line AS line
          %(document)s
         WHERE line.id IN (%(ids)s)
        """,
        document=DOCUMENT,
        ids=oldest_ids(lines, limit),
    )


def has_key(group_by: str, key: SQL, keys: list) -> SQL:
    """What a line must have that is in one of some groups.

    :param key: what :func:`key_of` gives
    :param keys: keys of groups, None for the group of the lines without one
    """
    named = [one for one in keys if one is not None]
    if not named:
        return SQL("%s IS NULL", key)
    columns = {PARTNER: SQL("line.partner_id"), PRODUCT: SQL("line.product_id")}
    if group_by in columns:
        # By the column itself, of which there is an index; what is no number is nobody's key.
        numbers = [int(one) for one in named if one.isdecimal() and int(one) < 2**31]
        condition = SQL("%s = ANY(%s::int[])", columns[group_by], numbers)
    else:
        condition = SQL("%s = ANY(%s)", key, named)
    return SQL("(%s OR %s IS NULL)", condition, key) if None in keys else condition


def first_groups(lines: SQL, key: SQL, window: int, limit: int) -> SQL:
    """The groups of the oldest open lines, in the order of their first lines.

    :param lines: what :func:`open_lines` gives
    :param key: what :func:`key_of` gives
    :param window: how many lines are looked at
    :return: a query of ``(key,)``
    """
    return SQL(
        """
        SELECT key
          FROM (SELECT %(key)s AS key, %(place)s AS place %(lines)s ORDER BY line.date, line.id LIMIT %(window)s)
               AS looked_at
         WHERE key IS NOT NULL
         GROUP BY key
         ORDER BY MIN(place)
         LIMIT %(limit)s
        """,
        key=key,
        place=PLACE,
        lines=lines,
        window=window,
        limit=limit,
    )


def groups(lines: SQL, key: SQL, condition: SQL, lines_max: int) -> SQL:
    """What is open of some groups, and their first lines, oldest first.

    :param lines: what :func:`open_lines` gives
    :param condition: what :func:`has_key` gives
    :param lines_max: how many lines of each group
    :return: a query of ``(key, count, debit, credit, date_oldest, ids)``, in the order of the groups' first lines,
        amounts in company currency, credits below zero
    """
    return SQL(
        """
        SELECT key, count, debit, credit, date_oldest, %(first)s
          FROM (SELECT key, %(figures)s, ARRAY_AGG(place) AS places
                  FROM (SELECT %(key)s AS key, line.amount_residual AS amount, line.date, %(place)s AS place
                               %(lines)s AND %(condition)s) AS open_line
                 GROUP BY key) AS grouped
         ORDER BY first_place
        """,
        first=_first_of("places", lines_max),
        figures=FIGURES,
        key=key,
        place=PLACE,
        lines=lines,
        condition=condition,
    )


def all_groups(lines: SQL, key: SQL, limit: int, offset: int, lines_max: int) -> SQL:
    """The same of some of all groups, in the order of their first lines; the lines without a key come last.

    :param limit: how many groups
    :param offset: how many groups are passed over
    :return: a query like :func:`groups`
    """
    return SQL(
        """
        WITH open_line AS MATERIALIZED (
            -- No key is empty.
            SELECT COALESCE(%(key)s, '') AS key, line.amount_residual AS amount, line.date, %(place)s AS place %(lines)s
        ), shown AS MATERIALIZED (
            SELECT key FROM open_line GROUP BY key
             ORDER BY key = '', MIN(place) LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT NULLIF(key, ''), count, debit, credit, date_oldest, %(first)s
          FROM (SELECT key, %(figures)s, ARRAY_AGG(place) AS places
                  FROM open_line WHERE key IN (SELECT key FROM shown)
                 GROUP BY key) AS grouped
         ORDER BY key = '', first_place
        """,
        first=_first_of("places", lines_max),
        figures=FIGURES,
        key=key,
        place=PLACE,
        lines=lines,
        limit=limit,
        offset=offset,
    )


def _first_of(places: str, lines_max: int) -> SQL:
    """The ids of the first of many places; sorting so few of them is cheaper than numbering all."""
    return SQL(
        "ARRAY(SELECT (place & 4294967295)::int FROM UNNEST(%s) AS place ORDER BY place LIMIT %s)",
        SQL(places),
        lines_max,
    )


def totals(lines: SQL, key: SQL) -> SQL:
    """How many groups and open lines there are, and what they add up to.

    :return: a query of ``(group_count, line_count, debit, credit)``, in company currency, credits below zero
    """
    # Distinct keys are counted by sorting them: a sum for each of 150,000 groups takes twice as long.
    return SQL(
        """
        SELECT COUNT(DISTINCT key) + (COUNT(*) > COUNT(key))::int, COUNT(*),
               COALESCE(SUM(GREATEST(amount, 0)), 0), COALESCE(SUM(LEAST(amount, 0)), 0)
          FROM (SELECT %(key)s AS key, line.amount_residual AS amount %(lines)s) AS open_line
        """,
        key=key,
        lines=lines,
    )


def lines_of_group(lines: SQL, condition: SQL, limit: int, offset: int) -> SQL:
    """Some lines of a group, oldest first.

    :param condition: what :func:`has_key` gives
    :return: a query of ``(id,)``
    """
    return SQL(
        "SELECT line.id %(lines)s AND %(condition)s ORDER BY line.date, line.id LIMIT %(limit)s OFFSET %(offset)s",
        lines=lines,
        condition=condition,
        limit=limit,
        offset=offset,
    )


def accounts(company_ids: list[int], root_id: int, currency_id: int, month) -> SQL:
    """All reconcilable accounts with open lines: what is open, how old it is, and what share of three months was
    reconciled.

    :param company_ids: ids of companies with one currency
    :param root_id: id of the company that keeps who looks after an account
    :param month: first day of the current month, a date
    :return: a query with the columns of ``account.ledger.account``
    """
    return SQL(
        """
        SELECT account.id, account.id AS account_id, account.account_type, %(root_id)s::int AS company_id,
               %(currency_id)s::int AS currency_id, open_line.line_count, open_line.debit, open_line.credit,
               open_line.debit + open_line.credit AS balance, open_line.date_oldest,
               month.share_2, month.share_1, month.share_0, care.user_id, care.seen_uid, care.seen_date
          FROM account_account AS account
          -- Account by account, because of the others of the chart every line counts as not reconciled.
          JOIN LATERAL (
                SELECT COUNT(*) AS line_count, MIN(line.date) AS date_oldest,
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE line.amount_residual > 0), 0) AS debit,
                       COALESCE(SUM(line.amount_residual) FILTER (WHERE line.amount_residual < 0), 0) AS credit
                  FROM account_move_line AS line
                 WHERE line.account_id = account.id
                   AND line.company_id = ANY(%(company_ids)s)
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                   AND (line.amount_residual <> 0 OR line.amount_residual_currency <> 0)
               ) AS open_line ON open_line.line_count > 0
          LEFT JOIN LATERAL (
                SELECT %(share_0)s AS share_0, %(share_1)s AS share_1, %(share_2)s AS share_2
                  FROM account_move_line AS line
                 WHERE line.account_id = account.id AND line.company_id = ANY(%(company_ids)s)
                   AND line.parent_state = 'posted' AND line.date >= %(month)s::date - INTERVAL '2 months'
                   AND line.date < %(month)s::date + INTERVAL '1 month'
               ) AS month ON TRUE
          LEFT JOIN account_ledger_responsible AS care
            ON care.account_id = account.id AND care.company_id = %(root_id)s
         WHERE account.reconcile
        """,
        company_ids=list(company_ids),
        root_id=root_id,
        currency_id=currency_id,
        month=month,
        **{f"share_{back}": _share(month, back) for back in range(3)},
    )


def _share(month, back: int) -> SQL:
    """Which share of the amounts booked in a month is reconciled; NULL where nothing was booked."""
    return SQL(
        """
        (1 - SUM(ABS(line.amount_residual)) FILTER (WHERE %(in_month)s)
             / NULLIF(SUM(ABS(line.balance)) FILTER (WHERE %(in_month)s), 0))::float
        """,
        in_month=SQL(
            "line.date >= %s::date - INTERVAL '%s months' AND line.date < %s::date - INTERVAL '%s months'",
            month, back, month, back - 1,
        ),
    )  # fmt: skip

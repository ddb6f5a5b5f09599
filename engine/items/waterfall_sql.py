"""The allocation of ``waterfall.py`` as queries, for any number of documents or accounts at once.

*Cost.* ``allocation_sql`` walks the bounds of both lines from the end: each stretch between two bounds belongs to the
source and the target whose ends were met last. So it costs a sort and joins nothing, for one document or for a million,
also where one account has thousands of open lines on both sides.
"""

from odoo.tools import SQL


def allocation_sql(sources: SQL, targets: SQL) -> SQL:
    """``allocate`` as one query, for any number of allocation keys at once.

    :param sources: a query of ``(allocation_key, id, seq, amount)``: the money of each key, by ``seq``
    :param targets: a query of ``(allocation_key, id, seq, amount)``: what is owed under each key, by ``seq``
    :return: a query of ``(allocation_key, source_id, target_id, amount)``, amount above 0
    """
    return SQL(
        """
        WITH bound AS (
            SELECT allocation_key, id, TRUE AS is_source, ROW_NUMBER() OVER line AS rank, SUM(amount) OVER line AS until
              FROM (%(sources)s) AS given
             WHERE amount > 0
            WINDOW line AS (PARTITION BY allocation_key ORDER BY seq, id)
             UNION ALL
            SELECT allocation_key, id, FALSE, ROW_NUMBER() OVER line, SUM(amount) OVER line
              FROM (%(targets)s) AS owed
             WHERE amount > 0
            WINDOW line AS (PARTITION BY allocation_key ORDER BY seq, id)
        ), stretch AS (
            SELECT allocation_key, until - COALESCE(LEAD(until) OVER back, 0) AS amount,
                   MIN(ARRAY[rank, id]) FILTER (WHERE is_source) OVER back AS source,
                   MIN(ARRAY[rank, id]) FILTER (WHERE NOT is_source) OVER back AS target
              FROM bound
            WINDOW back AS (PARTITION BY allocation_key ORDER BY until DESC, is_source ROWS UNBOUNDED PRECEDING)
        )
        SELECT allocation_key, source[2]::int AS source_id, target[2]::int AS target_id, amount
          FROM stretch
         WHERE amount > 0 AND source IS NOT NULL AND target IS NOT NULL
        """,
        sources=sources,
        targets=targets,
    )


def share_sql(sources: SQL, targets: SQL) -> SQL:
    """``share`` as one query, for any number of allocation keys at once: a round for each source, all keys together.

    :param sources: a query of ``(allocation_key, id, seq, amount)``: the money of each key, by ``seq``
    :param targets: a query of ``(allocation_key, id, seq, amount, step)``: what is owed under each key; the order only
        decides ties
    :return: a query of ``(allocation_key, source_id, target_id, amount)``, amount above 0
    """
    return SQL(
        """
        WITH RECURSIVE given AS (
            SELECT allocation_key, id, amount, ROW_NUMBER() OVER (PARTITION BY allocation_key ORDER BY seq, id) AS round
              FROM (%(sources)s) AS given
             WHERE amount > 0
        ), shared (allocation_key, target_id, place, step, missing, round, source_id, amount) AS (
            SELECT allocation_key, id, ROW_NUMBER() OVER (PARTITION BY allocation_key ORDER BY seq, id), step, amount,
                   0::bigint, NULL::int, 0::numeric
              FROM (%(targets)s) AS owed
             WHERE amount > 0
             UNION ALL
            SELECT allocation_key, target_id, place, step, missing - part, round, source_id, part
              FROM (
                    SELECT cut.*,
                           cut.amount + GREATEST(LEAST(step, odd - step * (
                               ROW_NUMBER() OVER (PARTITION BY allocation_key ORDER BY remainder DESC, place) - 1
                           )), 0) AS part
                      FROM (
                            SELECT portion.*, available - SUM(portion.amount) OVER (PARTITION BY allocation_key) AS odd
                              FROM (
                                    SELECT owed.*, given.round, given.id AS source_id,
                                           LEAST(given.amount, whole) AS available,
                                           DIV(LEAST(given.amount, whole) * missing, whole * step) * step AS amount,
                                           MOD(LEAST(given.amount, whole) * missing, whole * step) AS remainder
                                      FROM (
                                            SELECT allocation_key, target_id, place, step, missing, round AS last_round,
                                                   SUM(missing) OVER (PARTITION BY allocation_key) AS whole
                                              FROM shared
                                           ) AS owed
                                      JOIN given ON given.allocation_key = owed.allocation_key
                                                AND given.round = owed.last_round + 1
                                     WHERE whole > 0
                                   ) AS portion
                           ) AS cut
                   ) AS parted
        )
        SELECT allocation_key, source_id::int AS source_id, target_id::int AS target_id, amount
          FROM shared
         WHERE amount > 0
        """,
        sources=sources,
        targets=targets,
    )

"""Who pays what: money poured over what is owed, first to last, exactly.

*How it works.* Lay the sources (money) end to end on a line, as long as their amounts, and the targets (what is owed)
on a second line beneath it. Wherever a source lies over a target, the length of the overlap is what that source pays
of that target. One pass, no state, no rounding: the same operation matches payments with documents and a payment with
the items of one document.

*Negative items* (a discount line) give money back. The source that settles the document takes them in full; before
that, money goes to positive items alone.

*Cost.* ``pour`` is linear. ``pour_sql`` walks the bounds of both lines from the end: each stretch between two bounds
belongs to the source and the target whose ends were met last. So it costs a sort and joins nothing, for one document or
for a million, also where one account has thousands of open lines on both sides.
"""

from collections.abc import Hashable, Iterable
from decimal import Decimal

from odoo.tools import SQL

Amounts = Iterable[tuple[Hashable, Decimal]]


def pour(sources: Amounts, targets: Amounts) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Pour sources over targets, both in the order given.

    :param sources: ``(key, amount)``, amounts at least 0 in one currency
    :param targets: ``(key, amount)``, amounts at least 0 in the same currency
    :return: ``(source key, target key, amount)`` with amount above 0, in the order of the pour

    >>> owed = [("swim", Decimal(75)), ("judo", Decimal(75)), ("pass", Decimal(20))]
    >>> pour([("cash", Decimal(100))], owed)
    [('cash', 'swim', Decimal('75')), ('cash', 'judo', Decimal('25'))]
    """
    result = []
    owed = iter([target for target in targets if target[1] > 0])
    target_key, missing = next(owed, (None, Decimal(0)))
    for source_key, available in sources:
        while available > 0 and missing > 0:
            amount = min(available, missing)
            result.append((source_key, target_key, amount))
            available -= amount
            missing -= amount
            if not missing:
                target_key, missing = next(owed, (None, Decimal(0)))
    return result


def pour_over_items(sources: Amounts, items: Amounts) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Pour money over the open amounts of one document's items, negative items included.

    :param sources: ``(key, amount)``, amounts at least 0
    :param items: ``(key, open amount)`` in listed order; negative for an item that gives money back
    :return: ``(source key, item key, amount)``; a negative item is taken whole by the source that settles the document
    """
    sources, items = list(sources), list(items)
    back = [(key, amount) for key, amount in items if amount < 0]
    given_back = -sum((amount for _key, amount in back), Decimal(0))
    due = sum((amount for _key, amount in items), Decimal(0))
    settler, poured, adjusted = None, Decimal(0), []
    for key, amount in sources:
        if settler is None and amount > 0 and poured + amount >= due:
            settler = key
            adjusted.append((key, amount + given_back))
        else:
            adjusted.append((key, amount))
        poured += amount
    result = pour(adjusted, items)
    if settler is not None:
        result += [(settler, key, amount) for key, amount in back]
    return result


def pour_sql(sources: SQL, targets: SQL) -> SQL:
    """The pour as one query, for any number of pools at once.

    :param sources: a query of ``(pool, id, seq, amount)``: money of a pool, in the order of ``seq``
    :param targets: a query of ``(pool, id, seq, amount)``: what is owed in a pool, in the order of ``seq``
    :return: a query of ``(pool, source_id, target_id, amount)``, amount above 0
    """
    return SQL(
        """
        WITH bound AS (
            SELECT pool, id, TRUE AS is_source, ROW_NUMBER() OVER line AS rank, SUM(amount) OVER line AS until
              FROM (%(sources)s) AS given
             WHERE amount > 0
            WINDOW line AS (PARTITION BY pool ORDER BY seq, id)
             UNION ALL
            SELECT pool, id, FALSE, ROW_NUMBER() OVER line, SUM(amount) OVER line
              FROM (%(targets)s) AS owed
             WHERE amount > 0
            WINDOW line AS (PARTITION BY pool ORDER BY seq, id)
        ), stretch AS (
            SELECT pool, until - COALESCE(LEAD(until) OVER back, 0) AS amount,
                   MIN(ARRAY[rank, id]) FILTER (WHERE is_source) OVER back AS source,
                   MIN(ARRAY[rank, id]) FILTER (WHERE NOT is_source) OVER back AS target
              FROM bound
            WINDOW back AS (PARTITION BY pool ORDER BY until DESC, is_source ROWS UNBOUNDED PRECEDING)
        )
        SELECT pool, source[2]::int AS source_id, target[2]::int AS target_id, amount
          FROM stretch
         WHERE amount > 0 AND source IS NOT NULL AND target IS NOT NULL
        """,
        sources=sources,
        targets=targets,
    )

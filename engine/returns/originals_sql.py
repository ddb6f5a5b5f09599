"""The payments that a bank transaction may return, by one query whose parts each use an index."""

from odoo.tools import SQL

from ..bank_matching.bank_text import compact_sql

# A payer's bank may return a direct debit that was not authorized 13 months later (SEPA Core rulebook, 4.3.4).
DAYS_MAX = 400
LIMIT = 40


def _with_reference(column, how, values):
    """Find bank transactions by a reference that their bank gave, and the registered payments that they cleared.

    :return: list of SQL giving (entry's id, ``how``)
    """
    found = SQL(
        "SELECT move_id FROM account_bank_statement_line WHERE %s = ANY(%s)", SQL.identifier(column), values
    )  # fmt: skip
    cleared = [
        SQL(
            """
            SELECT payment.id, %(how)s
              FROM (%(found)s) AS bank
              JOIN account_move_line AS line ON line.move_id = bank.move_id
              JOIN account_partial_reconcile AS partial ON partial.%(mine)s = line.id
              JOIN account_move_line AS other ON other.id = partial.%(other)s
              JOIN account_move AS payment ON payment.id = other.move_id AND payment.origin_payment_id IS NOT NULL
            """,
            how=how,
            found=found,
            mine=SQL.identifier(mine),
            other=SQL.identifier(other),
        )
        for mine, other in (("debit_move_id", "credit_move_id"), ("credit_move_id", "debit_move_id"))
    ]
    return [SQL("SELECT move_id, %s AS how FROM (%s) AS bank", how, found), *cleared]


def originals(*, move_id, journal_id, company_ids, day, sign, end_to_end, structured, keys, amounts):
    """Find entries of payments and of earlier bank transactions that a transaction may return.

    :param move_id: id of the transaction's own entry
    :param journal_id: its bank account
    :param company_ids: ids of the companies whose payments may be meant
    :param day: date of the transaction; originals are of that day or up to ``DAYS_MAX`` days before
    :param sign: 1 where money came in, -1 where it went out
    :param end_to_end: list of end-to-end ids
    :param structured: list of structured references
    :param keys: list of compacted references (``bank_text.reference_keys``)
    :param amounts: list of Decimal above 0; empty to search by references only
    :return: SQL giving (entry's id, how it was named), or None where there is nothing to search by
    """
    parts = []
    if end_to_end:
        parts += _with_reference("end_to_end_id", "end_to_end", end_to_end)
        parts.append(SQL(
            "SELECT payment.move_id, 'end_to_end' FROM account_bank_batch_part AS part"
            " JOIN account_payment AS payment ON payment.id = part.payment_id WHERE part.end_to_end_id = ANY(%s)",
            end_to_end,
        ))  # fmt: skip
    if structured:
        parts += _with_reference("structured_reference", "structured", structured)
    if keys:
        # The conditions are those of the indexes of bank matching.
        cited = SQL(" UNION ALL ").join(
            SQL(
                "SELECT id, origin_payment_id FROM account_move WHERE %(key)s = ANY(%(keys)s) AND state = 'posted'"
                " AND statement_line_id IS NULL AND %(column)s IS NOT NULL",
                key=SQL(compact_sql(column)),  # pylint: disable=sql-injection
                keys=keys,
                column=SQL.identifier(column),
            )
            for column in ("name", "payment_reference", "ref")
        )
        parts.append(SQL(
            """
            SELECT CASE WHEN cited.origin_payment_id IS NOT NULL THEN cited.id ELSE paid.counterpart_move_id END,
                   CASE WHEN cited.origin_payment_id IS NOT NULL THEN 'payment' ELSE 'document' END
              FROM (%s) AS cited
              LEFT JOIN account_reconciliation_line AS paid ON paid.move_id = cited.id AND paid.is_payment
            """,
            cited,
        ))  # fmt: skip
    if amounts:
        parts.append(SQL(
            "SELECT move_id, '' FROM account_payment WHERE journal_id = %s AND amount = ANY(%s) AND payment_type = %s",
            journal_id, amounts, "inbound" if sign < 0 else "outbound",
        ))  # fmt: skip
        parts.append(SQL(
            "SELECT move_id, '' FROM account_bank_statement_line WHERE journal_id = %s AND amount = ANY(%s)",
            journal_id, [-sign * amount for amount in amounts],
        ))  # fmt: skip
    if not parts:
        return None
    return SQL(
        """
        SELECT move.id, COALESCE(MAX(found.how) FILTER (WHERE found.how <> ''), '')
          FROM (%(found)s) AS found (move_id, how)
          JOIN account_move AS move ON move.id = found.move_id
         WHERE move.state = 'posted' AND move.id <> %(move_id)s AND move.company_id = ANY(%(company_ids)s)
           AND move.date BETWEEN %(day)s - %(days)s AND %(day)s
           AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
         GROUP BY move.id
         ORDER BY BOOL_OR(found.how <> '') DESC, move.date DESC, move.id DESC
         LIMIT %(limit)s
        """,
        found=SQL(" UNION ALL ").join(parts),
        move_id=move_id, company_ids=company_ids, day=day, days=DAYS_MAX, limit=LIMIT,
    )  # fmt: skip

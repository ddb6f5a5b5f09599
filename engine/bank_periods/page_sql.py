"""What a bank reconciliation's page counts, and whether anything was written since it was looked up."""

from odoo.tools import SQL


def versions(reconciliation_ids, journal_ids) -> SQL:
    """The version of what each period's page lists, and what is confirmed in it.

    A version is another one as soon as a row was written that the remittances of the bank account are worked out from,
    by whatever route: PostgreSQL gives each row that is written another place (``ctid``) or writer (``xmin``), and the
    version is the sum of their hashes. It costs one pass over the journal items on the account, its outstanding and its
    suspense accounts, about a thirtieth of working the remittances out. Reconciling is seen by the items that it
    changes; entries don't change what payment or bank transaction they are of.

    What is confirmed in the period itself is not part of it, what is confirmed in others of the account is. No closed
    one of them is read: its own row is written when it is reopened.

    :param reconciliation_ids: ids of the periods
    :param journal_ids: ids of their bank accounts
    :return: a query of ``(id of the period, text, ids of the journal items that are confirmed, or NULL)``
    """
    return SQL(
        """
        WITH journal AS MATERIALIZED (
                SELECT journal.id, written.version
                  FROM account_journal AS journal
                  JOIN res_company AS company ON company.id = journal.company_id
            CROSS JOIN LATERAL (
                        SELECT CONCAT_WS(' ', COUNT(*), SUM(%(written)s)) AS version
                          FROM (
                                SELECT id, xmin, ctid FROM account_move_line
                                 WHERE parent_state = 'posted' AND account_id IN (
                                        SELECT journal.default_account_id
                                         UNION ALL
                                        SELECT journal.suspense_account_id
                                         UNION ALL
                                        SELECT outstanding_account_id FROM account_payment
                                         WHERE journal_id = journal.id)
                                 UNION ALL
                                SELECT id, xmin, ctid FROM account_payment WHERE journal_id = journal.id
                                 UNION ALL
                                SELECT id, xmin, ctid FROM account_account WHERE id = journal.suspense_account_id
                                 UNION ALL
                                SELECT id, xmin, ctid FROM account_journal
                                 UNION ALL
                                SELECT company.id, company.xmin, company.ctid
                                 UNION ALL
                                SELECT id, xmin, ctid FROM res_currency
                                 UNION ALL
                                SELECT id, xmin, ctid FROM res_currency_rate
                               ) AS depended
                       ) AS written
                 WHERE journal.id = ANY(%(journals)s)),
             period AS (
                SELECT period.id, period.journal_id, confirmed.line_ids,
                       %(period_written)s
                       + CASE WHEN period.state = 'open' THEN COALESCE(confirmed.written, 0) ELSE 0 END AS written
                  FROM account_bank_reconciliation AS period
             LEFT JOIN LATERAL (
                        SELECT SUM(%(written)s) AS written, ARRAY_AGG(move_line_id) AS line_ids
                          FROM account_bank_reconciliation_confirmation
                         WHERE reconciliation_id = period.id AND (period.state = 'open' OR period.id = ANY(%(periods)s))
                       ) AS confirmed ON TRUE
                 WHERE period.journal_id = ANY(%(journals)s))
        SELECT id, version, line_ids
          FROM (
                SELECT period.id, period.line_ids,
                       CONCAT_WS(' ', journal.version, SUM(period.written) OVER account - period.written) AS version
                  FROM period
                  JOIN journal ON journal.id = period.journal_id
                WINDOW account AS (PARTITION BY period.journal_id)
               ) AS versions
         WHERE id = ANY(%(periods)s)
        """,
        written=SQL("hashtextextended(xmin::text || ctid::text, id)"),
        period_written=SQL("hashtextextended(period.xmin::text || period.ctid::text, period.id)"),
        periods=list(reconciliation_ids),
        journals=list(journal_ids),
    )


def closed_versions(reconciliation_ids, journal_ids) -> SQL:
    """The version of all that is compared of closed periods: see :func:`versions`.

    Beside what their pages list: what was confirmed in them, the figures that they were closed on, and the bank
    transactions of the account.

    :return: a query of ``(id of the period, text)``
    """
    written = SQL("SUM(hashtextextended(row.xmin::text || row.ctid::text, row.id))")
    return SQL(
        """
        WITH bank AS MATERIALIZED (
                SELECT journal_id, %(written)s AS version
                  FROM account_bank_statement_line AS row WHERE journal_id = ANY(%(journals)s) GROUP BY journal_id)
        SELECT period.id, CONCAT_WS(' ', listed.version, bank.version, own.version, confirmed.version, stored.version)
          FROM (%(listed)s) AS listed
          JOIN account_bank_reconciliation AS period ON period.id = listed.id
     LEFT JOIN bank ON bank.journal_id = period.journal_id
    CROSS JOIN LATERAL (
                SELECT %(written)s AS version FROM account_bank_reconciliation AS row WHERE row.id = period.id) AS own
    CROSS JOIN LATERAL (
                SELECT COALESCE(%(written)s, 0) AS version
                  FROM account_bank_reconciliation_confirmation AS row WHERE reconciliation_id = period.id) AS confirmed
    CROSS JOIN LATERAL (
                SELECT COALESCE(%(written)s, 0) AS version
                  FROM account_bank_reconciliation_snapshot AS snapshot
                  JOIN account_bank_reconciliation_snapshot_line AS row ON row.snapshot_id = snapshot.id
                 WHERE snapshot.reconciliation_id = period.id AND snapshot.is_closing) AS stored
        """,
        written=written,
        listed=versions(reconciliation_ids, journal_ids),
        journals=list(journal_ids),
    )


def unmatched_counts(reconciliation_ids) -> SQL:
    """How many bank transactions of each period are not matched yet.

    :return: a query of ``(id of the period, count)``, of those that have any
    """
    return SQL(
        """
        SELECT period.id, COUNT(*)
          FROM account_bank_reconciliation AS period
          JOIN account_bank_statement_line AS line ON line.journal_id = period.journal_id
           AND line.match_status = 'unmatched'
          JOIN account_move AS move ON move.id = line.move_id AND move.state = 'posted'
           AND move.date BETWEEN period.date_from AND period.date_to
         WHERE period.id = ANY(%s)
         GROUP BY period.id
        """,
        list(reconciliation_ids),
    )


def maybe_changed(remittances: SQL, open_ids, closed_ids, journal_ids) -> SQL:
    """The periods in which any row is not what was confirmed or, of a closed one, what it was closed on.

    Rows of other periods need not be compared one by one: nothing has changed there. What ``changes.compare`` calls a
    change is found by this; the reverse need not hold.

    :param remittances: the query of all remittances
    :param open_ids: ids of open periods
    :param closed_ids: ids of closed periods
    :param journal_ids: ids of their bank accounts
    :return: a query of ids
    """
    return SQL(
        """
        WITH now AS MATERIALIZED (
                SELECT id, journal_id, date, amount, partner_id, is_matched, statement_line_id
                  FROM (%(remittances)s) AS remittance WHERE journal_id = ANY(%(journals)s)),
             taken AS (
                SELECT DISTINCT ON (reconciliation_id) id, reconciliation_id
                  FROM account_bank_reconciliation_snapshot
                 WHERE is_closing AND reconciliation_id = ANY(%(closed)s)
                 ORDER BY reconciliation_id, id DESC),
             stored AS MATERIALIZED (
                SELECT reconciliation_id, 'confirmed' AS section, move_line_key AS key, date, amount, partner_id,
                       is_matched, statement_line_key
                  FROM account_bank_reconciliation_confirmation WHERE reconciliation_id = ANY(%(open)s)
                 UNION ALL
                SELECT taken.reconciliation_id, line.section, line.key, line.date, line.amount, line.partner_id,
                       line.is_matched, line.statement_line_key
                  FROM taken JOIN account_bank_reconciliation_snapshot_line AS line ON line.snapshot_id = taken.id),
             period AS (
                SELECT id, journal_id, date_from, date_to, state FROM account_bank_reconciliation
                 WHERE id = ANY(%(open)s) OR id = ANY(%(closed)s)),
             unmatched AS MATERIALIZED (
                SELECT line.id, line.journal_id, line.amount, move.date, line.match_status
                  FROM account_bank_statement_line AS line
                  JOIN account_move AS move ON move.id = line.move_id AND move.state = 'posted'
                 WHERE line.journal_id = ANY(%(journals)s)
                   AND (line.match_status = 'unmatched'
                        OR line.id IN (SELECT key FROM stored WHERE section = 'unmatched')))
        SELECT period.id
          FROM stored
          JOIN period ON period.id = stored.reconciliation_id
          LEFT JOIN now ON now.id = stored.key AND now.journal_id = period.journal_id
         WHERE stored.section <> 'unmatched'
           AND (now.id IS NULL OR now.amount <> stored.amount OR now.date <> stored.date
                OR COALESCE(now.partner_id, 0) <> COALESCE(stored.partner_id, 0)
                OR stored.is_matched AND (now.is_matched IS NOT TRUE OR
                       COALESCE(now.statement_line_id, 0) <> COALESCE(stored.statement_line_key, 0)))
         UNION
        SELECT period.id
          FROM period
          JOIN now ON now.journal_id = period.journal_id AND now.date BETWEEN period.date_from AND period.date_to
         -- NOT IN is hashed; a join would compare each row with each where there are no statistics yet.
         WHERE period.state = 'closed' AND (period.id, now.id) NOT IN (
                SELECT reconciliation_id, key FROM stored WHERE section <> 'unmatched')
         UNION
        SELECT period.id
          FROM stored
          JOIN period ON period.id = stored.reconciliation_id
          LEFT JOIN unmatched ON unmatched.id = stored.key
         WHERE stored.section = 'unmatched'
           AND (unmatched.id IS NULL OR unmatched.amount <> stored.amount OR unmatched.date <> stored.date)
         UNION
        SELECT period.id
          FROM period
          JOIN unmatched ON unmatched.journal_id = period.journal_id AND unmatched.match_status = 'unmatched'
           AND unmatched.date BETWEEN period.date_from AND period.date_to
         WHERE period.state = 'closed' AND (period.id, unmatched.id) NOT IN (
                SELECT reconciliation_id, key FROM stored WHERE section = 'unmatched')
        """,
        remittances=remittances,
        open=list(open_ids),
        closed=list(closed_ids),
        journals=list(journal_ids),
    )

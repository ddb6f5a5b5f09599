"""What a bank reconciliation's page shows and counts, in one pass over the account's remittances."""

from odoo.tools import SQL


def page(offered: SQL, only_open: bool, offset: int, limit: int) -> SQL:
    """Count the remittances that a period offers, and choose those of one page.

    :param offered: a query of ``(id, date, is_confirmed, is_matched, is_found)`` of all that the period offers;
        ``is_found`` says whether a row has what was searched for
    :param only_open: leave out what is confirmed
    :return: a query of one row: how many are offered, confirmed, matched and found, and the ids of the page
    """
    return SQL(
        """
        WITH offered AS MATERIALIZED (%(offered)s)
        SELECT COUNT(*), COUNT(*) FILTER (WHERE is_confirmed), COUNT(*) FILTER (WHERE is_matched),
               COUNT(*) FILTER (WHERE %(shown)s),
               ARRAY(SELECT id FROM offered WHERE %(shown)s ORDER BY date, id LIMIT %(limit)s OFFSET %(offset)s)
          FROM offered
        """,
        offered=offered,
        shown=SQL("is_found AND NOT is_confirmed") if only_open else SQL("is_found"),
        limit=limit,
        offset=offset,
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

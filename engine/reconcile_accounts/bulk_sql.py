"""Writing many partials at once, and all that follows from them in Odoo's tables: SQL text, set-based.

*How it works.* ``line_facts`` locks the journal items and reads what is needed to decide, pair by pair, whether these
statements may write it. What they may is planned in Python (amounts, groups, numbers) and comes back as arrays; each
table is then written by one statement. Every rule here mirrors a method of Odoo 19 that is named beside it; the
differential test holds both together.

*Cost.* What belongs to a row is looked up for that row (``LATERAL``), a slice's few thousand of them: joined the usual
way, PostgreSQL can't estimate how much a slice touches, and reads the whole ledger for each row or compares all rows
with all.
"""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, OWED_ACCOUNT_TYPES

NOW = SQL("NOW() AT TIME ZONE 'UTC'")


def unnest(**columns: tuple[str, list]) -> SQL:
    """Rows from arrays.

    :param columns: name -> (SQL type, values), all of one length
    :return: ``unnest(...) AS new (names)``, to be read from
    """
    return SQL(
        "unnest(%s) AS new (%s)",
        SQL(", ").join(SQL("%s::%s[]", values, SQL(kind)) for kind, values in columns.values()),
        SQL(", ").join(map(SQL.identifier, columns)),
    )


def payment_part(payment: SQL) -> SQL:
    """What the entry of a payment consists of (``account.payment._seek_for_lines``).

    :param payment: the alias of a row of account_payment
    :return: a query of one row ``(liquidity_lines, counterpart_lines, liquidity_open, is_matched, is_reconciled,
        liquidity_reconciles)``; amounts in company currency
    """
    return SQL(
        """
        SELECT COUNT(*) FILTER (WHERE part.is_liquidity) AS liquidity_lines,
               COUNT(*) FILTER (WHERE part.is_counterpart) AS counterpart_lines,
               COALESCE(SUM(line.amount_residual) FILTER (WHERE part.is_liquidity), 0) AS liquidity_open,
               COALESCE(BOOL_OR(part.is_liquidity AND line.account_id = journal.default_account_id), FALSE)
               OR COALESCE(SUM(line.amount_residual) FILTER (WHERE part.is_liquidity), 0) = 0 AS is_matched,
               COALESCE(SUM(line.amount_residual) FILTER (WHERE NOT part.is_liquidity AND account.reconcile), 0) = 0
               AS is_reconciled,
               COALESCE(BOOL_OR(part.is_liquidity AND account.reconcile), FALSE) AS liquidity_reconciles
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id
          JOIN account_journal AS journal ON journal.id = %(payment)s.journal_id
          JOIN res_company AS company ON company.id = %(payment)s.company_id
          CROSS JOIN LATERAL (
                SELECT line.account_id IN (journal.default_account_id, %(payment)s.outstanding_account_id)
                       OR EXISTS (SELECT FROM account_payment_method_line AS method
                                   WHERE (method.journal_id = journal.id
                                          OR method.id = %(payment)s.payment_method_line_id)
                                     AND method.payment_account_id = line.account_id) AS is_liquidity
                ) AS liquid
          CROSS JOIN LATERAL (
                SELECT COALESCE(liquid.is_liquidity, FALSE) AS is_liquidity,
                       NOT COALESCE(liquid.is_liquidity, FALSE)
                       AND (account.account_type IN %(owed_types)s
                            OR line.account_id IS NOT DISTINCT FROM company.transfer_account_id) AS is_counterpart
                ) AS part
         WHERE line.move_id = %(payment)s.move_id
        """,
        payment=payment,
        owed_types=OWED_ACCOUNT_TYPES,
    )


def last_partials(pairs: list[tuple[int, int]]) -> SQL:
    """The last partial of each pair of journal items.

    :param pairs: ``(debit line id, credit line id)``
    :return: a query of ``(debit_id, credit_id, partial_id)``
    """
    return SQL(
        """
        SELECT partial.debit_move_id, partial.credit_move_id, MAX(partial.id)
          FROM %s
          JOIN account_partial_reconcile AS partial
            ON partial.debit_move_id = new.debit_id AND partial.credit_move_id = new.credit_id
         GROUP BY partial.debit_move_id, partial.credit_move_id
        """,
        unnest(
            debit_id=("int", [debit for debit, _credit in pairs]),
            credit_id=("int", [credit for _debit, credit in pairs]),
        ),
    )


def line_facts(line_ids: list[int]) -> SQL:
    """Lock journal items, in a fixed order, and read what decides how they can be reconciled.

    The lock is the one that an UPDATE takes: other transactions that reconcile these lines wait, those that only refer
    to them don't.

    :param line_ids: ids of account_move_line
    :return: a query of ``(id, move_id, date, account_id, company_id, root_company_id, currency_id, is_posted, residual,
        matching_number, is_document, payment_id, is_owed, why)``; residual signed, in the line's currency, as text;
        ``why`` is NULL, or the reason for which only Odoo's own method may write it (a key of
        ``account.bulk.reconcile._reasons``)
    """
    return SQL(
        """
        WITH locked AS MATERIALIZED (
            SELECT id, move_id, date, account_id, company_id, currency_id, parent_state, amount_residual,
                   amount_residual_currency, matching_number, full_reconcile_id
              FROM account_move_line WHERE id = ANY(%(line_ids)s) ORDER BY id FOR NO KEY UPDATE
        )
        SELECT locked.id, locked.move_id, locked.date, locked.account_id, locked.company_id,
               SPLIT_PART(company.parent_path, '/', 1)::int AS root_company_id, locked.currency_id,
               locked.parent_state = 'posted' AS is_posted, locked.amount_residual_currency::text AS residual,
               locked.matching_number, move.move_type IN %(types)s AS is_document, move.origin_payment_id,
               account.account_type IN %(owed_types)s AS is_owed,
               CASE WHEN locked.currency_id <> company.currency_id
                      OR locked.amount_residual <> locked.amount_residual_currency THEN 'currency'
                    -- account.move._collect_tax_cash_basis_values
                    WHEN company.tax_exigibility AND EXISTS (
                         SELECT FROM account_move_line AS line
                          WHERE line.move_id = locked.move_id
                            AND (EXISTS (SELECT FROM account_tax AS tax
                                          WHERE tax.id = line.tax_line_id AND tax.tax_exigibility = 'on_payment')
                                 OR EXISTS (SELECT FROM account_move_line_account_tax_rel AS rel
                                              LEFT JOIN account_tax_filiation_rel AS child
                                                     ON child.parent_tax = rel.account_tax_id
                                              JOIN account_tax AS tax ON tax.id IN (rel.account_tax_id, child.child_tax)
                                             WHERE rel.account_move_line_id = line.id
                                               AND tax.tax_exigibility = 'on_payment'))) THEN 'cash_basis'
                    WHEN locked.full_reconcile_id IS NOT NULL OR locked.matching_number LIKE 'I%%' THEN 'numbered'
                    WHEN account.account_type NOT IN %(owed_types)s AND NOT account.reconcile THEN 'account'
                    -- What a bank transaction's own lines have open decides whether it is matched.
                    WHEN move.statement_line_id IS NOT NULL
                         AND (account.id = journal.suspense_account_id
                              OR account.id = journal.default_account_id
                                 AND account.account_type NOT IN %(owed_types)s) THEN 'account'
                    WHEN payment.id IS NOT NULL AND (
                         payment.currency_id <> company.currency_id OR payment.outstanding_account_id IS NULL
                         OR payment.amount = 0 OR payment.move_id <> move.id
                         OR part.liquidity_lines = 0 OR part.counterpart_lines = 0) THEN 'payment'
                    -- account.partial.reconcile._get_to_update_payments: payments without an entry of their own
                    WHEN EXISTS (SELECT FROM account_move__account_payment AS rel
                                   JOIN account_payment AS linked ON linked.id = rel.payment_id
                                  WHERE rel.invoice_id = move.id
                                    AND (linked.move_id IS NULL OR linked.outstanding_account_id IS NULL)
                        ) THEN 'payment'
               END AS why
          FROM locked
          CROSS JOIN LATERAL (SELECT * FROM account_move WHERE id = locked.move_id LIMIT 1) AS move
          JOIN account_journal AS journal ON journal.id = move.journal_id
          JOIN account_account AS account ON account.id = locked.account_id
          JOIN res_company AS company ON company.id = locked.company_id
          LEFT JOIN LATERAL (SELECT * FROM account_payment WHERE id = move.origin_payment_id LIMIT 1) AS payment ON TRUE
          CROSS JOIN LATERAL (%(payment_part)s) AS part
        """,
        line_ids=line_ids,
        types=DOCUMENT_TYPES,
        owed_types=OWED_ACCOUNT_TYPES,
        payment_part=payment_part(SQL("payment")),
    )


def matched_before(numbers: list[str], line_ids: list[int]) -> SQL:
    """Lock the other members of groups that exist already, and read whether nothing is open of them.

    Mirrors ``is_line_reconciled`` in ``account.move.line._reconcile_plan_with_sync``.

    :param numbers: matching numbers
    :param line_ids: ids of the lines that are read already
    :return: a query of ``(id, matching_number, currency_id, is_reconciled, no_balance_open, nothing_open)``
    """
    return SQL(
        """
        SELECT id, matching_number, currency_id, reconciled IS TRUE, amount_residual = 0, amount_residual_currency = 0
          FROM account_move_line
         WHERE matching_number = ANY(%s) AND NOT id = ANY(%s)
         ORDER BY id
           FOR NO KEY UPDATE
        """,
        numbers,
        line_ids,
    )


def insert_fulls(ids: list[int], uid: int) -> SQL:
    """Write full reconciliations under the ids given."""
    return SQL(
        "INSERT INTO account_full_reconcile (id, create_uid, write_uid, create_date, write_date)"
        " SELECT id, %(uid)s, %(uid)s, %(now)s, %(now)s FROM %(new)s",
        uid=uid,
        now=NOW,
        new=unnest(id=("int", ids)),
    )


def insert_partials(rows: list[tuple], uid: int) -> SQL:
    """Write partials in one currency, the company's.

    :param rows: ``(id, debit line id, credit line id, amount, full reconciliation id or None)``
    :param uid: id of the user who reconciles
    """
    ids, debits, credits_, amounts, fulls = map(list, zip(*rows, strict=True))
    return SQL(
        """
        INSERT INTO account_partial_reconcile (
            id, debit_move_id, credit_move_id, full_reconcile_id, debit_currency_id, credit_currency_id, company_id,
            amount, debit_amount_currency, credit_amount_currency, max_date,
            create_uid, write_uid, create_date, write_date
        )
        SELECT new.id, debit.id, credit.id, new.full_id, debit.currency_id, credit.currency_id,
               CASE WHEN move.move_type IN %(types)s THEN debit.company_id ELSE credit.company_id END,
               new.amount, new.amount, new.amount, GREATEST(debit.date, credit.date),
               %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM %(new)s
          JOIN account_move_line AS debit ON debit.id = new.debit_id
          JOIN account_move_line AS credit ON credit.id = new.credit_id
          JOIN account_move AS move ON move.id = debit.move_id
         ORDER BY new.id
        """,
        types=DOCUMENT_TYPES,
        uid=uid,
        now=NOW,
        new=unnest(
            id=("int", ids),
            debit_id=("int", debits),
            credit_id=("int", credits_),
            amount=("numeric", amounts),
            full_id=("int", fulls),
        ),
    )


def update_lines(rows: list[tuple], uid: int) -> SQL:
    """Set what is open of journal items, and what they are matched with.

    :param rows: ``(line id, residual, matching number, full reconciliation id or None)``; residual signed, in company
        currency; None for a line whose residual stays
    """
    ids, residuals, numbers, fulls = map(list, zip(*rows, strict=True))
    return SQL(
        """
        UPDATE account_move_line AS line
           SET amount_residual = COALESCE(new.residual, line.amount_residual),
               amount_residual_currency = COALESCE(new.residual, line.amount_residual_currency),
               reconciled = CASE WHEN new.residual IS NULL THEN line.reconciled ELSE new.residual = 0 END,
               matching_number = new.number, full_reconcile_id = new.full_id,
               write_uid = %(uid)s, write_date = %(now)s
          FROM %(new)s
         WHERE line.id = new.id
        """,
        uid=uid,
        now=NOW,
        new=unnest(id=("int", ids), residual=("numeric", residuals), number=("text", numbers), full_id=("int", fulls)),
    )


def close_old_partials(rows: list[tuple]) -> SQL:
    """Put the partials that a group had before into its full reconciliation.

    :param rows: ``(line id, full reconciliation id)`` of every line of the group
    """
    ids, fulls = map(list, zip(*rows, strict=True))
    return SQL(
        """
        UPDATE account_partial_reconcile AS partial
           SET full_reconcile_id = new.full_id
          FROM %s
         WHERE partial.debit_move_id = new.id AND partial.full_reconcile_id IS NULL
        """,
        unnest(id=("int", ids), full_id=("int", fulls)),
    )

"""What may belong to a bank transaction, as SQL text: every look-up goes by an index and has a limit.

None of these queries costs more where the ledger is larger: each takes what is wanted as arrays, and gives at most a
fixed number of rows for each element. Amounts come as text, because Odoo's cursor would make floats of them. The
indexes are declared with the models that have them, in ``models/bank_matching/``.
"""

from odoo.tools import SQL

from ..common.odoo_types import INVOICE_TYPES, OWED_ACCOUNT_TYPES
from .bank_text import compact_sql
from .open_lines_sql import IS_UNAPPLIED, OPEN_LINE

# How many open items one reference, one account owner may bring.
REFERENCE_LIMIT = 12
OWNER_LIMIT = 41


def open_accounts(company_ids) -> SQL:
    """Accounts on which something can be open: receivable, payable, and those of registered payments.

    :return: a query of ``(id, account_type)``
    """
    return SQL(
        """
        WITH RECURSIVE outstanding AS (
            (SELECT outstanding_account_id AS id FROM account_payment
              WHERE outstanding_account_id IS NOT NULL ORDER BY outstanding_account_id LIMIT 1)
            UNION ALL
            SELECT (SELECT payment.outstanding_account_id FROM account_payment AS payment
                     WHERE payment.outstanding_account_id > outstanding.id
                     ORDER BY payment.outstanding_account_id LIMIT 1)
              FROM outstanding WHERE outstanding.id IS NOT NULL
        )
        SELECT account.id, account.account_type
          FROM account_account AS account
         WHERE EXISTS (SELECT FROM account_account_res_company_rel AS link
                         JOIN res_company AS company ON company.id = ANY(%(company_ids)s)
                        WHERE link.account_account_id = account.id
                          AND link.res_company_id::text = ANY(string_to_array(company.parent_path, '/')))
           AND (account.account_type IN %(owed_types)s
                OR account.reconcile AND account.id IN (SELECT id FROM outstanding))
         ORDER BY account.id
        """,
        company_ids=list(company_ids),
        owed_types=OWED_ACCOUNT_TYPES,
    )


def by_reference(keys, company_ids) -> SQL:
    """Documents and payments whose number, reference, payment reference or order is one of these.

    Companies number alike: another's document of the same number says nothing.

    :param keys: list of str as ``bank_text.reference_keys`` gives them
    :return: a query of ``(key, move_id, move_type)``; also what is paid already, because a label that names another
        document is evidence too
    """
    columns = ("name", "payment_reference", "ref", "invoice_origin")
    arms = SQL(" UNION ").join(
        SQL(
            "(SELECT move.id, move.move_type FROM account_move AS move WHERE %s = wanted.key AND move.state = 'posted'"
            " AND move.statement_line_id IS NULL AND move.%s IS NOT NULL AND move.company_id = ANY(%s)"
            " ORDER BY move.id DESC LIMIT %s)",
            SQL(compact_sql(f"move.{column}")),
            SQL.identifier(column),
            list(company_ids),
            REFERENCE_LIMIT,
        )
        for column in columns
    )
    return SQL(
        "SELECT wanted.key, found.id, found.move_type FROM unnest(%s::text[]) AS wanted(key)"
        " CROSS JOIN LATERAL (%s) AS found",
        keys,
        arms,
    )


def by_number(numbers, company_ids) -> SQL:
    """Unpaid documents that have one of these numbers in their journal's sequence, the newest first.

    :param numbers: list of int
    :return: a query of ``(number, move_id)``
    """
    return SQL(
        """
        SELECT wanted.number, found.id
          FROM unnest(%(numbers)s::int[]) AS wanted(number)
         CROSS JOIN LATERAL (
            SELECT move.id FROM account_move AS move
             WHERE move.sequence_number = wanted.number AND move.state = 'posted' AND move.move_type <> 'entry'
               AND move.payment_state IN ('not_paid', 'partial') AND move.company_id = ANY(%(company_ids)s)
             ORDER BY move.id DESC
             LIMIT %(limit)s
         ) AS found
        """,
        numbers=numbers,
        company_ids=list(company_ids),
        limit=REFERENCE_LIMIT,
    )


def open_lines_of_moves(account_ids, company_ids, move_ids) -> SQL:
    """Open lines of entries, at most a few of each.

    :return: a query of ``(move_id, id)``
    """
    return SQL(
        """
        SELECT wanted.move_id, found.id
          FROM unnest(%(move_ids)s) AS wanted(move_id)
         CROSS JOIN LATERAL (
            SELECT line.id FROM account_move_line AS line
             WHERE line.move_id = wanted.move_id AND %(open_line)s AND line.account_id = ANY(%(account_ids)s)
               AND line.company_id = ANY(%(company_ids)s)
             ORDER BY line.id
             LIMIT %(limit)s
         ) AS found
        """,
        move_ids=move_ids,
        open_line=OPEN_LINE,
        account_ids=account_ids,
        company_ids=company_ids,
        limit=REFERENCE_LIMIT,
    )


def by_owner(account_ids, company_ids, numbers, owner_ids, amounts) -> SQL:
    """Open lines of account owners: first those of exactly the amount, then the newest.

    :param numbers: list of int, which transaction asks; with ``owner_ids`` and ``amounts`` a triple each
    :return: a query of ``(number, owner_id, id, move_id)``
    """
    return SQL(
        """
        SELECT wanted.number, wanted.owner_id, found.id, found.move_id
          FROM unnest(%(numbers)s, %(owner_ids)s, %(amounts)s::numeric[]) AS wanted(number, owner_id, amount)
         CROSS JOIN LATERAL (
            SELECT line.id, line.move_id
              FROM res_partner AS member
              JOIN account_move_line AS line ON line.partner_id = member.id
             WHERE member.commercial_partner_id = wanted.owner_id AND line.account_id = ANY(%(account_ids)s)
               AND %(open_line)s AND line.company_id = ANY(%(company_ids)s)
             ORDER BY (line.amount_residual_currency = wanted.amount) DESC, line.date DESC, line.id DESC
             LIMIT %(limit)s
         ) AS found
        """,
        numbers=numbers,
        owner_ids=owner_ids,
        amounts=amounts,
        account_ids=account_ids,
        open_line=OPEN_LINE,
        company_ids=company_ids,
        limit=OWNER_LIMIT,
    )


def planned_charges(move_ids) -> SQL:
    """Planned payments of documents that are charged to a saved payment method, or are being charged.

    :return: a query of ``(move_id, amount, day)``
    """
    return SQL(
        """
        SELECT planned.move_id, planned.amount::text, planned.due_date
          FROM account_planned_payment AS planned
         WHERE planned.move_id = ANY(%(move_ids)s) AND planned.is_coming
           AND (planned.state = 'processing' OR planned.payment_token_id IS NOT NULL)
         ORDER BY planned.due_date, planned.id
        """,
        move_ids=move_ids,
    )


def item_lines(account_ids, company_ids, move_ids, line_ids) -> SQL:
    """All that scoring needs of open lines: of documents all of their open lines, of other entries those asked for.

    Names and terms are sub-selects, because PostgreSQL takes longer to plan a join of many tables than to run it.

    :return: a query of dict rows
    """
    return SQL(
        """
        SELECT line.id, line.move_id, line.account_id, account.account_type, line.company_id, line.currency_id,
               line.amount_residual_currency::text AS amount, line.amount_residual::text AS balance,
               line.amount_currency::text AS amount_original, line.date,
               COALESCE(line.date_maturity, line.date) AS due,
               -- Odoo gives no early-payment discount on a credit note, nor where the terms have none any more.
               CASE WHEN move.move_type IN %(discounted_types)s
                     AND (SELECT term.early_discount FROM account_payment_term AS term
                           WHERE term.id = move.invoice_payment_term_id)
                    THEN line.discount_date END AS discount_date,
               line.discount_amount_currency::text AS discount_amount,
               line.payment_id, owner.id AS owner_id, owner.name AS owner_name,
               move.move_type, move.name, move.ref, move.payment_reference, move.invoice_origin, move.journal_id,
               move.invoice_date, (SELECT name FROM res_partner WHERE id = move.partner_id) AS contact_name,
               (SELECT name FROM res_partner WHERE id = move.partner_shipping_id) AS delivery_name,
               move.statement_line_id, (SELECT memo FROM account_payment WHERE id = line.payment_id) AS memo,
               (SELECT payment_reference FROM account_payment WHERE id = line.payment_id) AS payment_number,
               %(is_unapplied)s AS is_unapplied,
               move.move_type = 'entry' AND line.payment_id IS NULL AND move.statement_line_id IS NULL
               AND NOT EXISTS (SELECT FROM account_move_line AS other
                                WHERE other.move_id = line.move_id AND other.id <> line.id
                                  AND other.account_id = ANY(%(account_ids)s)) AS is_only_line
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id
          JOIN account_move AS move ON move.id = line.move_id
          LEFT JOIN res_partner AS owner
                 ON owner.id = (SELECT commercial_partner_id FROM res_partner WHERE id = line.partner_id)
         WHERE (line.id = ANY(%(line_ids)s) OR line.move_id = ANY(%(move_ids)s))
           AND (line.id = ANY(%(line_ids)s) OR move.move_type <> 'entry')
           AND %(open_line)s AND line.account_id = ANY(%(account_ids)s) AND line.company_id = ANY(%(company_ids)s)
         ORDER BY line.id
        """,
        line_ids=line_ids,
        move_ids=move_ids,
        open_line=OPEN_LINE,
        account_ids=account_ids,
        company_ids=company_ids,
        is_unapplied=IS_UNAPPLIED,
        discounted_types=INVOICE_TYPES,
    )

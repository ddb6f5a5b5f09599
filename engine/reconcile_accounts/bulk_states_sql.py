"""What follows from partials that were written at once: the states of documents and payments, and the chatter.

Every rule here mirrors a method of Odoo 19 that is named beside it, see ``bulk_sql.py``.
"""

from odoo.tools import SQL

from ..common.odoo_types import DOCUMENT_TYPES, INBOUND_TYPES, OWED_ACCOUNT_TYPES, SALE_TYPES
from .bulk_sql import NOW, payment_part, unnest


def update_matched(payment_ids: list[int], uid: int) -> SQL:
    """Set whether payments are matched with the bank, where lines of their liquidity accounts were reconciled.

    Mirrors ``account.payment._compute_reconciliation_status``. What is left of it, ``update_payments`` does.

    :return: the UPDATE; it returns the ids of those that have changed
    """
    return SQL(
        """
        UPDATE account_payment AS payment
           SET is_matched = now.is_matched, write_uid = %(uid)s, write_date = %(now)s
          FROM (
                SELECT old.id, part.is_matched
                  FROM account_payment AS old
                  CROSS JOIN LATERAL (%(part)s) AS part
                 WHERE old.id = ANY(%(payment_ids)s)
               ) AS now
         WHERE payment.id = now.id AND payment.is_matched IS DISTINCT FROM now.is_matched
        RETURNING payment.id
        """,
        payment_ids=payment_ids,
        uid=uid,
        now=NOW,
        part=payment_part(SQL("old")),
    )


def _matches(move: SQL) -> SQL:
    """What a move is reconciled with on receivable and payable accounts.

    :param move: the id of an account_move, as SQL
    :return: a query of ``(id, move_type, payment_state, origin_payment_id, statement_line_id)`` of the other moves, one
        row a partial
    """
    return SQL(
        """
        SELECT other.id, other.move_type, other.payment_state, other.origin_payment_id, other.statement_line_id
          FROM account_move_line AS own
          JOIN account_account AS own_account
            ON own_account.id = own.account_id AND own_account.account_type IN %(owed_types)s
          CROSS JOIN LATERAL (
                SELECT credit_move_id AS id FROM account_partial_reconcile WHERE debit_move_id = own.id
                 UNION ALL
                SELECT debit_move_id FROM account_partial_reconcile WHERE credit_move_id = own.id
               ) AS other_line
          CROSS JOIN LATERAL (
                SELECT move_id FROM account_move_line WHERE id = other_line.id LIMIT 1
               ) AS of_move
          CROSS JOIN LATERAL (SELECT * FROM account_move WHERE id = of_move.move_id LIMIT 1) AS other
         WHERE own.move_id = %(move)s AND other.id <> %(move)s
        """,
        owed_types=OWED_ACCOUNT_TYPES,
        move=move,
    )


def documents_paid_by(payment_ids: list[int]) -> SQL:
    """The documents that payments are applied to.

    :return: a query of ids of account_move
    """
    return SQL(
        "SELECT DISTINCT match.id FROM account_payment AS payment CROSS JOIN LATERAL (%s) AS match"
        " WHERE payment.id = ANY(%s) AND match.move_type IN %s",
        _matches(SQL("payment.move_id")),
        payment_ids,
        DOCUMENT_TYPES,
    )


def update_documents(move_ids: list[int], modified_ids: list[int], in_payment_state: str, uid: int) -> SQL:
    """Set what is open of documents, and their payment state.

    Mirrors ``account.move._compute_amount`` (the residuals) and ``_compute_payment_state``.

    :param move_ids: ids of posted documents
    :param modified_ids: those of them that were reconciled, which Odoo's ``_sync_dynamic_lines`` counts as modified
    :param in_payment_state: what ``account.move._get_invoice_in_payment_state`` says
    :return: the UPDATE; it returns ``(id, old payment state, new payment state)``
    """
    return SQL(
        """
        UPDATE account_move AS move
           SET amount_residual = now.amount, amount_residual_signed = now.balance, payment_state = now.new_state,
               is_manually_modified = COALESCE(move.is_manually_modified, FALSE) OR now.is_modified,
               write_uid = %(uid)s, write_date = %(now)s
          FROM (
                SELECT old.id, old.payment_state AS old_state, owed.balance, modified.id IS NOT NULL AS is_modified,
                       CASE WHEN old.move_type IN %(inbound)s THEN 1 ELSE -1 END
                       * owed.amount AS amount,
                       CASE WHEN old.payment_state IN ('invoicing_legacy', 'blocked') THEN old.payment_state
                            WHEN owed.amount <> 0 AND paid.count = 0 THEN 'not_paid'
                            WHEN owed.amount <> 0 THEN 'partial'
                            WHEN paid.by_money AND NOT paid.all_matched THEN %(in_payment_state)s
                            WHEN paid.by_money THEN 'paid'
                            WHEN (old.move_type IN ('out_invoice', 'out_receipt')
                                  AND paid.by_types IN ('{out_refund}', '{entry,out_refund}'))
                              OR (old.move_type IN ('in_invoice', 'in_receipt')
                                  AND paid.by_types IN ('{in_refund}', '{entry,in_refund}'))
                              OR (old.move_type IN ('out_refund', 'in_refund') AND paid.by_types = '{entry}')
                            THEN 'reversed'
                            ELSE 'paid'
                       END AS new_state
                  FROM unnest(%(move_ids)s::int[]) AS asked (id)
                  CROSS JOIN LATERAL (SELECT * FROM account_move WHERE id = asked.id LIMIT 1) AS old
                  CROSS JOIN LATERAL (
                        SELECT COALESCE(SUM(amount_residual_currency), 0) AS amount,
                               COALESCE(SUM(amount_residual), 0) AS balance
                          FROM account_move_line WHERE move_id = asked.id AND display_type = 'payment_term'
                       ) AS owed
                  CROSS JOIN LATERAL (
                        SELECT COUNT(*) AS count,
                               COALESCE(BOOL_AND(COALESCE(payment.is_matched, FALSE))
                                        FILTER (WHERE match.origin_payment_id IS NOT NULL), TRUE) AS all_matched,
                               BOOL_OR(payment.id IS NOT NULL OR match.statement_line_id IS NOT NULL) AS by_money,
                               ARRAY_AGG(DISTINCT match.move_type::text) AS by_types
                          FROM (%(matches)s) AS match
                          LEFT JOIN LATERAL (
                                SELECT id, is_matched FROM account_payment WHERE id = match.origin_payment_id LIMIT 1
                               ) AS payment ON TRUE
                       ) AS paid
                  LEFT JOIN unnest(%(modified_ids)s::int[]) AS modified (id) ON modified.id = asked.id
                 WHERE old.move_type IN %(types)s
               ) AS now
         WHERE move.id = now.id
        RETURNING move.id, now.old_state, now.new_state
        """,
        move_ids=move_ids,
        modified_ids=modified_ids,
        matches=_matches(SQL("asked.id")),
        in_payment_state=in_payment_state,
        types=DOCUMENT_TYPES,
        inbound=INBOUND_TYPES,
        uid=uid,
        now=NOW,
    )


def update_payments(payment_ids: list[int], document_ids: list[int], uid: int) -> SQL:
    """Set whether payments are reconciled, their state, and the state of all others of the same documents.

    Mirrors ``account.payment._compute_reconciliation_status`` and ``_compute_state``. One UPDATE for both: a row that
    is written twice in a transaction costs all its foreign keys again.

    :param payment_ids: payments whose entries were reconciled
    :param document_ids: documents whose payment state may have changed
    :return: the UPDATE; it returns ``(id, old state, new state)`` of those that changed
    """
    return SQL(
        """
        WITH asked AS MATERIALIZED (
            SELECT id, BOOL_OR(is_touched) AS is_touched
              FROM (
                    SELECT unnest(%(payment_ids)s::int[]) AS id, TRUE AS is_touched
                     UNION ALL
                    SELECT match.origin_payment_id, FALSE
                      FROM unnest(%(document_ids)s::int[]) AS document (id)
                      CROSS JOIN LATERAL (%(of_document)s) AS match
                     WHERE match.origin_payment_id IS NOT NULL
                     UNION ALL
                    SELECT payment_id, FALSE FROM account_move__account_payment WHERE invoice_id = ANY(%(document_ids)s)
                   ) AS found
             GROUP BY id
        )
        UPDATE account_payment AS payment
           SET state = now.new_state, is_reconciled = now.is_reconciled, write_uid = %(uid)s, write_date = %(now)s
          FROM (
                SELECT old.id, old.state AS old_state,
                       CASE WHEN asked.is_touched THEN part.is_reconciled ELSE old.is_reconciled END AS is_reconciled,
                       CASE WHEN old.state NOT IN ('in_process', 'paid') THEN old.state
                            WHEN part.liquidity_open = 0 OR NOT part.liquidity_reconciles OR sale.are_paid THEN 'paid'
                            ELSE 'in_process'
                       END AS new_state
                  FROM asked
                  CROSS JOIN LATERAL (SELECT * FROM account_payment WHERE id = asked.id LIMIT 1) AS old
                  CROSS JOIN LATERAL (%(part)s) AS part
                  CROSS JOIN LATERAL (
                        SELECT COALESCE(BOOL_AND(payment_state IS NOT DISTINCT FROM 'paid'), FALSE) AS are_paid
                          FROM (
                                SELECT payment_state, move_type FROM (%(of_payment)s) AS match
                                 UNION ALL
                                SELECT document.payment_state, document.move_type
                                  FROM account_move__account_payment AS rel
                                  JOIN account_move AS document ON document.id = rel.invoice_id
                                 WHERE rel.payment_id = old.id
                               ) AS document
                         WHERE move_type IN %(sales)s
                       ) AS sale
                 WHERE old.move_id IS NOT NULL
               ) AS now
         WHERE payment.id = now.id
           AND (payment.state, payment.is_reconciled) IS DISTINCT FROM (now.new_state, now.is_reconciled)
        RETURNING payment.id, now.old_state, now.new_state
        """,
        payment_ids=payment_ids,
        document_ids=document_ids,
        of_document=_matches(SQL("document.id")),
        part=payment_part(SQL("old")),
        of_payment=_matches(SQL("old.move_id")),
        sales=SALE_TYPES,
        uid=uid,
        now=NOW,
    )


def insert_tracking(rows: list[tuple], values: dict, uid: int) -> SQL:
    """Write chatter messages about one changed field, a record a message.

    Mirrors ``mail.thread._message_track``: the message, its parent in the thread, the old and the new value.

    :param rows: ``(record id, message id, reply-to, old value, new value)``, texts
    :param values: ``model``, ``field_id``, ``author_id``, ``email_from``, ``subtype_id``, ``is_note`` (a log note, as
        ``_message_log`` writes it, not a post), ``company_id``, ``alias_domain_id``, ``is_threaded``
    :param uid: id of the user who reconciles
    """
    ids, message_ids, reply_tos, olds, news = map(list, zip(*rows, strict=True))
    return SQL(
        """
        WITH message AS (
            INSERT INTO mail_message (
                model, res_id, parent_id, message_id, reply_to, email_from, author_id, subtype_id, message_type,
                body, date, is_internal, email_add_signature, record_company_id, record_alias_domain_id,
                create_uid, write_uid, create_date, write_date
            )
            SELECT %(model)s, new.id, parent.id, new.message_id, new.reply_to, %(email_from)s, %(author_id)s,
                   %(subtype_id)s, 'notification', '', date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC'),
                   %(is_internal)s, NOT %(is_note)s, %(company_id)s, %(alias_domain_id)s, %(uid)s, %(uid)s,
                   %(now)s, %(now)s
              FROM %(new)s
              LEFT JOIN LATERAL (
                    SELECT id FROM mail_message AS earlier
                     WHERE %(is_threaded)s AND earlier.model = %(model)s AND earlier.res_id = new.id
                       AND earlier.message_type <> 'user_notification'
                     ORDER BY earlier.message_type IN ('comment', 'email') DESC,
                              COALESCE(earlier.date, earlier.create_date) DESC, earlier.id DESC
                     LIMIT 1
                   ) AS parent ON TRUE
            RETURNING id, res_id
        )
        INSERT INTO mail_tracking_value (
            mail_message_id, field_id, old_value_char, new_value_char, create_uid, write_uid, create_date, write_date
        )
        SELECT message.id, %(field_id)s, new.old_value, new.new_value, %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM message
          JOIN %(new)s ON new.id = message.res_id
        """,
        **values,
        is_internal=True if values["is_note"] else None,
        uid=uid,
        now=NOW,
        new=unnest(
            id=("int", ids),
            message_id=("text", message_ids),
            reply_to=("text", reply_tos),
            old_value=("text", olds),
            new_value=("text", news),
        ),
    )

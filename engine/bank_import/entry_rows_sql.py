"""SQL around the rows of bank transactions that are written at once."""

from odoo.tools import SQL


def stored_rows(table, column, ids):
    """Rows as JSON, in the order of their ids."""
    return SQL(
        "SELECT to_jsonb(t) FROM %s AS t WHERE %s = ANY(%s) ORDER BY id",
        SQL.identifier(table),
        SQL.identifier("t", column),
        list(ids),
    )


def chatter_rows(table, move_ids):
    """Rows of followers or messages of journal entries, as JSON."""
    return SQL(
        "SELECT to_jsonb(t) FROM %s AS t WHERE t.%s = 'account.move' AND res_id = ANY(%s) ORDER BY id",
        SQL.identifier(table),
        SQL.identifier("res_model" if table == "mail_followers" else "model"),
        list(move_ids),
    )


def followed_subtypes(follower_ids):
    """The subtypes of followers: (follower id, list of subtype ids)."""
    return SQL(
        """
        SELECT mail_followers_id, array_agg(mail_message_subtype_id ORDER BY mail_message_subtype_id)
          FROM mail_followers_mail_message_subtype_rel WHERE mail_followers_id = ANY(%s) GROUP BY 1
        """,
        list(follower_ids),
    )


def number_entry(move_id, name, prefix, number):
    """Give an entry and its items the number that the entry has taken."""
    return SQL(
        """
        WITH numbered AS (
            UPDATE account_move SET name = %(name)s, sequence_prefix = %(prefix)s, sequence_number = %(number)s
             WHERE id = %(move)s RETURNING id)
        UPDATE account_move_line SET move_name = %(name)s WHERE move_id = (SELECT id FROM numbered)
        """,
        name=name,
        prefix=prefix,
        number=number,
        move=move_id,
    )


def put_in_statement(line_ids, statement_id, uid, now):
    """Put bank transactions and their journal items into a statement."""
    return SQL(
        """
        WITH put AS (
            UPDATE account_bank_statement_line
               SET statement_id = %(statement)s, write_uid = %(uid)s, write_date = %(now)s
             WHERE id = ANY(%(lines)s) RETURNING id)
        UPDATE account_move_line item
           SET statement_id = %(statement)s, write_uid = %(uid)s, write_date = %(now)s
          FROM put WHERE item.statement_line_id = put.id
        """,
        statement=statement_id,
        lines=list(line_ids),
        uid=uid,
        now=now,
    )

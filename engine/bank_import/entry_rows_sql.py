"""SQL around the rows of bank transactions that are written at once."""

import json
from dataclasses import dataclass

from odoo.tools import SQL

from .entry_rows import FOLLOWED, ITEM, LINE, MOVE, OWN_TYPES, TABLES, OwnColumns


@dataclass(slots=True)
class Pattern:
    """The rows that Odoo wrote for one transaction of a kind.

    :param rows: table -> list of dict column -> value
    :param subtypes: for each follower what is followed: list of list of ids
    :param columns: which of the columns are a transaction's own
    """

    rows: dict
    subtypes: list
    columns: OwnColumns

    def without(self, names):
        """Empty the columns that Odoo is to compute for each row.

        :param names: table -> names of columns
        """
        for table, columns in names.items():
            for row in self.rows[table]:
                for column in columns:
                    row.pop(column, None)


def insert_entries(alike: list[tuple[Pattern, list]]) -> SQL:
    """Write the rows of transactions by one statement, so that they may refer to each other whatever their order.

    :param alike: for each kind of transactions what ``own_values`` gives for them
    """
    parts = [SQL("%s AS MATERIALIZED (%s)", _name("own", n), _own_rows(own)) for n, (_, own) in enumerate(alike)]
    patterns = [pattern for pattern, _own in alike]
    inserts = [SQL("INSERT INTO %s %s", SQL.identifier(table), rows) for table, rows in _inserts(patterns)]
    parts += [SQL("%s AS (%s)", _name("insert", n), insert) for n, insert in enumerate(inserts[:-1])]
    return SQL("WITH %s %s", SQL(", ").join(parts), inserts[-1])


def expected_rows(pattern: Pattern, own: dict) -> SQL:
    """The columns that are a transaction's own, as they would be written: (table, place, row as JSON)."""
    return SQL("WITH %s AS (%s) %s", _name("own", 0), _own_rows([own]), SQL(" UNION ALL ").join(
        SQL(
            "SELECT %s, %s, to_jsonb(row) FROM (SELECT %s FROM %s) AS row",
            table,
            place,
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name)) for name, value in pattern.columns.of(table, place).items()
            ),
            _own_and_pattern(0, table, common),
        )
        for table in (MOVE, LINE, ITEM)
        for place, common in enumerate(pattern.rows[table])
    ))  # fmt: skip


def _inserts(patterns):
    for table in TABLES:
        rows = [(n, pattern, place) for n, pattern in enumerate(patterns) for place in range(len(pattern.rows[table]))]
        if not rows:
            continue
        columns = list(rows[0][1].rows[table][0])
        selects = [_rows(n, pattern, table, place, columns) for n, pattern, place in rows]
        names = SQL(", ").join(map(SQL.identifier, columns))
        yield table, SQL("(%s) %s", names, SQL(" UNION ALL ").join(selects))
    followed = [
        SQL(
            "SELECT own.follower_ids[%s], subtype FROM %s AS own, unnest(%s) AS subtype",
            place + 1,
            _name("own", n),
            subtypes,
        )
        for n, pattern in enumerate(patterns)
        for place, subtypes in enumerate(pattern.subtypes)
        if subtypes
    ]
    if followed:
        yield FOLLOWED, SQL("(mail_followers_id, mail_message_subtype_id) %s", SQL(" UNION ALL ").join(followed))


def _rows(number, pattern, table, place, columns):
    own = pattern.columns.of(table, place)
    return SQL(
        "SELECT %s FROM %s",
        SQL(", ").join(own[name] if name in own else SQL.identifier("pattern", name) for name in columns),
        _own_and_pattern(number, table, pattern.rows[table][place]),
    )


def _own_rows(own):
    """Transactions as rows of ``OWN_TYPES``."""
    types = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in OWN_TYPES.items())
    return SQL("SELECT * FROM json_to_recordset(%s) AS own(%s)", json.dumps(own), types)


def _own_and_pattern(number, table, common):
    return SQL(
        "%s AS own, jsonb_populate_record(NULL::%s, %s) AS pattern",
        _name("own", number),
        SQL.identifier(table),
        json.dumps(common),
    )


def _name(prefix, number):
    return SQL.identifier(f"{prefix}_{number}")


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


def statements_of(line_ids, kind):
    """The statements that some bank transactions are in.

    :return: a query of (id, whether it is of the kind, whether it has no other transactions that were imported); the id
        is None for those without a statement
    """
    return SQL(
        """
        SELECT held.statement_id, statement.import_kind IS NOT DISTINCT FROM %s, held.count = (
                   SELECT COUNT(unique_import_id) FROM account_bank_statement_line
                    WHERE statement_id = held.statement_id)
          FROM (SELECT statement_id, COUNT(unique_import_id) AS count
                  FROM account_bank_statement_line WHERE id = ANY(%s) GROUP BY statement_id) AS held
     LEFT JOIN account_bank_statement statement ON statement.id = held.statement_id
         ORDER BY held.statement_id
        """,
        kind,
        list(line_ids),
    )


def add_to_statements(line_ids):
    """Let the balances of statements that are being imported be what their transactions lead to.

    :param line_ids: ids of the new transactions in them
    """
    return SQL(
        """
        UPDATE account_bank_statement statement
           SET first_line_index = LEAST(statement.first_line_index, new.first_index),
               date = GREATEST(statement.date, new.last_day),
               balance_end = statement.balance_end + new.amount,
               balance_end_real = statement.balance_end + new.amount
          FROM (SELECT line.statement_id, MIN(line.internal_index) AS first_index, MAX(move.date) AS last_day,
                       SUM(line.amount) AS amount
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.id = ANY(%s) AND line.statement_id IS NOT NULL
              GROUP BY line.statement_id) AS new
         WHERE statement.id = new.statement_id
        """,
        list(line_ids),
    )


def put_in_statement(line_ids, statement_id, uid, now):
    """Put bank transactions and their journal items into a statement."""
    return SQL(
        """
        WITH put AS (
            UPDATE account_bank_statement_line
               SET statement_id = %(statement)s, write_uid = %(uid)s, write_date = %(now)s
             WHERE id = ANY(%(lines)s) AND statement_id IS DISTINCT FROM %(statement)s RETURNING id)
        UPDATE account_move_line item
           SET statement_id = %(statement)s, write_uid = %(uid)s, write_date = %(now)s
          FROM put WHERE item.statement_line_id = put.id
        """,
        statement=statement_id,
        lines=list(line_ids),
        uid=uid,
        now=now,
    )

"""The floor of what writes rows: the same rows, each written once by bare SQL, as it is in the end.

How to use: ``last_ids`` before the work that is measured, ``keep`` after it, and ``write`` in another copy of the
database that the work started from. All keys, indexes and triggers are at work there, too.
"""

import time
from pathlib import Path

from odoo.tools import SQL

# What an import writes. One statement writes all, so keys are checked at its end, whatever the order.
STATEMENT_TABLES = (
    "account_bank_statement", "account_move", "account_bank_statement_line", "account_move_line", "mail_followers",
    "mail_message", "mail_tracking_value",
)  # fmt: skip


def last_ids(env, tables):
    """The highest id of each table: dict."""
    return {
        table: env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))[0][0]
        for table in tables
    }


def keep(env, before, folder, changed=()):
    """Keep the rows that are new, and of some tables the old ones that have changed since the first bank statement.

    :param before: what ``last_ids`` gave
    :param changed: names of tables
    """
    with env.registry.cursor() as cr:
        for table, last in before.items():
            kinds = {"new": SQL("id > %s", last)}
            if table in changed:
                kinds["changed"] = SQL("id <= %s AND xmin::text::bigint >= (%s)", last, SQL(
                    "SELECT MIN(xmin::text::bigint) FROM account_bank_statement"
                ))  # fmt: skip
            for kind, where in kinds.items():
                query = SQL("COPY (SELECT * FROM %s WHERE %s) TO STDOUT", SQL.identifier(table), where)
                with open(Path(folder) / f"{table}.{kind}", "wb") as file:
                    cr.copy_expert(cr.mogrify(query.code, query.params), file)


def write(env, tables, folder, updates=None):
    """Write the rows that were kept: one INSERT a table in one statement, then the updates.

    :param updates: table -> names of the columns that have changed
    :return: seconds, commit included
    """
    updates = updates or {}
    for kind, names in (("new", tables), ("changed", updates)):
        for table in names:
            with open(Path(folder) / f"{table}.{kind}", "rb") as rows:
                _stage(env, table, kind, rows)
    env.cr.commit()
    inserts = [
        SQL("part_%s AS (INSERT INTO %s SELECT * FROM %s)", SQL(str(number)), SQL.identifier(table),
            SQL.identifier(f"new_{table}"))
        for number, table in enumerate(tables)
    ]  # fmt: skip
    started = time.perf_counter()
    env.cr.execute(SQL("WITH %s SELECT 1", SQL(", ").join(inserts)))
    for table, columns in updates.items():
        sets = SQL(", ").join(SQL("%s = new.%s", SQL.identifier(one), SQL.identifier(one)) for one in columns)
        env.cr.execute(SQL(
            "UPDATE %s AS old SET %s FROM %s AS new WHERE old.id = new.id",
            SQL.identifier(table), sets, SQL.identifier(f"changed_{table}"),
        ))  # fmt: skip
    env.cr.commit()
    return time.perf_counter() - started


def _stage(env, table, kind, rows):
    name = f"{kind}_{table}"
    env.cr.execute(
        SQL("CREATE UNLOGGED TABLE %s AS SELECT * FROM %s LIMIT 0", SQL.identifier(name), SQL.identifier(table))
    )
    env.cr.copy_expert(f'COPY "{name}" FROM STDIN', rows)
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(name)))

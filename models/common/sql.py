"""What several statements of the addon need of PostgreSQL."""

from odoo.tools import SQL


def without_jit(cr):
    """Run the rest of the transaction without just-in-time compilation.

    PostgreSQL would compile the addon's large statements, which takes longer than running them.
    """
    cr.execute("SET LOCAL jit = off")


def lock_rows(records):
    """Lock the rows of records, in the order of their ids, and wait for other transactions that have locked them.

    It is the lock that an UPDATE takes: transactions that write these rows wait, those that only refer to them don't.
    All lock in the same order, so two transactions never wait for each other.

    :param records: records whose changes are in the database already
    """
    if records:
        records.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(records._table),
                records.ids,
            )
        )

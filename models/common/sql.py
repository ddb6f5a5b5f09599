"""Helpers for SQL: locks, just-in-time compilation, statistics, kept plans."""

from odoo.tools import SQL

# The tables that large batches write and that foreign keys refer to, or are looked up in when a row is deleted.
GROWING = (
    "account_move", "account_move_line", "account_bank_statement_line", "account_full_reconcile",
    "account_partial_reconcile", "account_reconciliation_item", "account_reconciliation_line",
    "account_reconciliation_money", "account_bank_match_decision", "mail_followers", "mail_message",
)  # fmt: skip

PAGES_OF_NEARLY_EMPTY = 16


def without_jit(cr):
    """Run the rest of the transaction without just-in-time compilation.

    PostgreSQL would compile the addon's large statements, which takes longer than running them.
    """
    cr.execute("SET LOCAL jit = off")


def for_slice(cr):
    """Run the rest of the transaction as it is best for statements that touch some thousand rows of large tables.

    Besides :func:`without_jit`, PostgreSQL looks rows up by their indexes. By default it assumes that each look-up
    moves a disk's head, and would read whole tables, which takes longer the larger the ledger is.
    """
    without_jit(cr)
    count_grown_tables(cr)
    cr.execute(
        """
        SELECT set_config('random_page_cost', LEAST(current_setting('random_page_cost')::float,
                                                    1.1 * current_setting('seq_page_cost')::float)::text, true)
        """
    )


def count_grown_tables(cr):
    """Have PostgreSQL count the rows of those tables of ``GROWING`` that have doubled since it counted them.

    It keeps the plans by which it checks foreign keys, so a session that met a table when it was nearly empty reads all
    of it for each row that refers to it: measured 0.8 ms at 10,000 rows in place of 0.01. Autovacuum comes too late for
    a large batch, and cannot see what is not committed. A table that another session counts is passed over.
    """
    cr.execute(
        SQL(
            """
            SELECT relname FROM pg_class
             WHERE oid = ANY(%s::regclass[])
               AND pg_relation_size(oid) > 2 * GREATEST(relpages, 4) * current_setting('block_size')::int
            """,
            list(GROWING),
        )
    )
    for (table,) in cr.fetchall():
        cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", SQL.identifier(table)))


def looks_empty(cr, table):
    """Whether PostgreSQL takes a table for one that is nearly empty, and so reads all of it to look a key up."""
    cr.execute("SELECT relpages < %s FROM pg_class WHERE oid = %s::regclass", [PAGES_OF_NEARLY_EMPTY, table])
    return cr.fetchone()[0]


def with_default_jit(cr):
    """Undo :func:`without_jit`, for the rest of a transaction that isn't the caller's alone."""
    cr.execute("SET LOCAL jit = DEFAULT")


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


def claim_rows(model, where, order="id", limit=None, is_referred_to=False):
    """Lock rows that no other transaction has locked, and skip the others.

    It is the lock that an UPDATE takes, see :func:`lock_rows`.

    :param model: the records' model; their changes are in the database already
    :param where: which rows, as SQL
    :param order: the order in which they are taken, as SQL text
    :param limit: how many at most; None for all
    :param is_referred_to: pass over those, too, that somebody else is writing rows for that refer to them
    :return: the locked records, in that order
    """
    rows = model.env.execute_query(
        SQL(
            "SELECT id FROM %(table)s WHERE %(where)s ORDER BY %(order)s LIMIT %(limit)s FOR %(lock)s SKIP LOCKED",
            table=SQL.identifier(model._table),
            where=where,
            order=SQL(order),
            limit=limit,
            lock=SQL("UPDATE") if is_referred_to else SQL("NO KEY UPDATE"),
        )
    )
    return model.browse([row[0] for row in rows])


# So many records at once take the plan that a function keeps; more are worth a plan of their own.
KEPT_PLAN_LIMIT = 20


def keep_plan(cr, name, arguments, *statements, returns=None):
    """Make a database function of statements whose planning takes PostgreSQL many times as long as their execution.

    The function keeps the plans for as long as its connection lives. It is dropped when the addon is uninstalled.

    :param name: name of the function, to be listed in hooks.py
    :param arguments: types of its arguments, which the statements call $1, $2 ...
    :param statements: INSERTs or UPDATEs, as SQL
    :param returns: names and types of the columns of the first statement, where that is a query
    """
    body = "; ".join(cr.mogrify(one.code, one.params).decode() for one in statements)
    # Dropped first, as PostgreSQL doesn't replace a function by one that gives other columns.
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s(%s)", SQL.identifier(name), SQL(arguments)))
    cr.execute(
        SQL(
            "CREATE FUNCTION %s(%s) RETURNS %s LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS %s",
            SQL.identifier(name),
            SQL(arguments),
            SQL(f"TABLE ({returns})" if returns else "void"),
            f"#variable_conflict use_column\nBEGIN {'RETURN QUERY ' if returns else ''}{body}; END",
        )
    )

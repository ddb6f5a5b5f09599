"""What a journal item is reconciled with."""

from odoo.tools import SQL


def reconciled_with(line: SQL) -> SQL:
    """The other sides of a journal item's partials.

    :param line: the id of the journal item, as SQL
    :return: a query of ``(id)``, of journal items; of one that several partials are with, several rows
    """
    return SQL(
        """
        SELECT credit_move_id AS id FROM account_partial_reconcile WHERE debit_move_id = %(line)s
         UNION ALL
        SELECT debit_move_id FROM account_partial_reconcile WHERE credit_move_id = %(line)s
        """,
        line=line,
    )

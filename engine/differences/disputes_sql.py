"""Which disputes are still open."""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES


def is_open(dispute: SQL) -> SQL:
    """Whether a dispute was not withdrawn and something of its due lines is open, as a condition.

    :param dispute: alias of ``account_dispute``, as SQL
    """
    return SQL(
        """
        (%(dispute)s.date_withdrawn IS NULL AND 0 <> (
            SELECT COALESCE(SUM(due.amount_residual_currency), 0)
              FROM account_move_line AS due
              JOIN account_account AS account ON account.id = due.account_id
                                             AND account.account_type IN %(owed_types)s
             WHERE due.move_id = %(dispute)s.move_id
               AND COALESCE(%(dispute)s.due_lines @> to_jsonb(due.id), TRUE)
        ))
        """,
        dispute=dispute,
        owed_types=OWED_ACCOUNT_TYPES,
    )

"""Which journal items are open, as SQL text."""

from odoo.tools import SQL

from ..common.odoo_types import OWED_ACCOUNT_TYPES

# What is worth nothing in company currency can't be paid, so it is not suggested.
OPEN_LINE = SQL(
    "line.parent_state = 'posted' AND line.amount_residual_currency <> 0 AND line.amount_residual <> 0"
    " AND line.reconciled IS NOT TRUE"
)
# Something that a registered payment brings isn't applied to a document yet.
IS_UNAPPLIED = SQL(
    """
    line.payment_id IS NOT NULL AND EXISTS (
        SELECT FROM account_move_line AS owed
          JOIN account_account AS owed_account ON owed_account.id = owed.account_id
         WHERE owed.move_id = line.move_id AND owed_account.account_type IN %s AND owed.reconciled IS NOT TRUE)
    """,
    OWED_ACCOUNT_TYPES,
)

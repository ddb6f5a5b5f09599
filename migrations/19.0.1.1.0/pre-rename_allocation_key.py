"""The column of the items that share money is named after what it does: ``pour_key`` becomes ``allocation_key``."""

from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """Rename the column before the ORM would add it anew, empty.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    if column_exists(cr, "account_reconciliation_item", "pour_key"):
        rename_column(cr, "account_reconciliation_item", "pour_key", "allocation_key")
        cr.execute(
            "ALTER INDEX IF EXISTS account_reconciliation_item__pour_key_index"
            " RENAME TO account_reconciliation_item__allocation_key_index"
        )

"""Items are worth what their entries book: those of older versions are corrected, what can't be is named in the log."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Correct what is stored of items.

    :param cr: the cursor of the update
    :param version: str, the version that is installed
    """
    api.Environment(cr, SUPERUSER_ID, {})["account.reconciliation.line"]._correct_worth()

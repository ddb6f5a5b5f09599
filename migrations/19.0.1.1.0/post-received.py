"""What money brought, and what lines are worth, is computed again.

What bank transactions write off of debts and of the payments that they clear is settled, not received; parts in another
currency add up to what their items are worth.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.account_reconciliation.models.items.account_reconciliation_line import NO_TRIGGERS, TRIGGERS


def migrate(cr, version):
    """Compute the amounts of all money and all reconciliation lines."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["account.reconciliation.item"]._flush_sources()
    cr.execute(NO_TRIGGERS.read_text())
    env["account.reconciliation.line"]._recompute_amounts()
    cr.execute(TRIGGERS.read_text())
    env["account.reconciliation.item"]._invalidate_balances()

"""What bank transactions brought is computed again: what they write off is settled, not received."""

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

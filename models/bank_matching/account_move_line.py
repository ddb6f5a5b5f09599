from odoo import models

from ..common.reconcile_options import with_options


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def remove_move_reconcile(self):
        """Hand on which items are set free: a bank transaction that gives up what it cleared is unmatched by whoever
        asks for that."""
        freed = self
        # Odoo asks for it whenever journal items are written.
        if self.matched_debit_ids or self.matched_credit_ids:
            freed = with_options(self, freed_items=frozenset(self.ids))
        return super(AccountMoveLine, freed).remove_move_reconcile()

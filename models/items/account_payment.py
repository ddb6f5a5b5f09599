from odoo import models

from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "reconciliation.status.mixin"]
    _reconciliation_move_field = "move_id"

    @remote_call(one=True)
    def action_open_reconciliations(self):
        """Open what this payment is applied to, item by item."""
        return self.move_id.action_open_reconciliations()

from odoo import fields, models

from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    _inherit = "account.payment"

    bank_reconciliation_ids = fields.Many2many(related="move_id.bank_reconciliation_ids", related_sudo=False,
                                               groups="account_reconciliation.group_bank_reconciliation")  # fmt: skip

    @remote_call(one=True)
    def action_open_bank_reconciliation(self):
        """Open the bank reconciliation in which the payment is confirmed."""
        return self.move_id.action_open_bank_reconciliation()

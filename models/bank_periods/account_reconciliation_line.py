from odoo import fields, models

from ..common.remote_calls import remote_call


class AccountReconciliationLine(models.Model):
    _inherit = "account.reconciliation.line"

    bank_reconciliation_ids = fields.Many2many(related="counterpart_move_id.bank_reconciliation_ids",
                                               string="Bank reconciliation", related_sudo=False,
                                               groups="account_reconciliation.group_bank_reconciliation")  # fmt: skip

    @remote_call(one=True)
    def action_open_bank_reconciliation(self):
        """Open the bank reconciliation in which the money that paid the item is confirmed."""
        return self.counterpart_move_id.action_open_bank_reconciliation()

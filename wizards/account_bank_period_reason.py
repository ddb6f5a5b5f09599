from odoo import fields, models

from ..models.common.actions import RELOAD
from ..models.common.remote_calls import remote_call


class AccountBankPeriodReason(models.TransientModel):
    """“Close unbalanced” and “Reopen”: why."""

    _name = "account.bank.period.reason"
    _description = "Reason for closing or reopening a bank reconciliation"

    reconciliation_id = fields.Many2one("account.bank.reconciliation", required=True, readonly=True, ondelete="cascade")
    operation = fields.Selection([("close", "Close period"), ("reopen", "Reopen")], required=True, readonly=True)
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    remaining = fields.Monetary(related="reconciliation_id.remaining")
    reason = fields.Text(required=True)

    @remote_call(one=True)
    def action_apply(self):
        """Close or reopen the period with the reason.

        :return: the action that shows the period as it is now
        """
        if self.operation == "close":
            self.reconciliation_id.action_close(self.reason)
        else:
            self.reconciliation_id.action_reopen(self.reason)
        return RELOAD

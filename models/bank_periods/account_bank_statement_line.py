from odoo import models

from ..common.remote_calls import remote_call


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @remote_call(one=True)
    def action_open_bank_reconciliation(self):
        """Open the bank reconciliation in which the bank transaction's money is confirmed."""
        return self.move_id.action_open_bank_reconciliation()

    @remote_call()
    def action_open_paid_items(self):
        """List the invoice items that the bank transaction paid."""
        return self.move_id._action_paid_items()

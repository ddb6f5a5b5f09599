from odoo import models
from odoo.exceptions import UserError

from ..common.remote_calls import remote_call


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _action_open_bank_transaction(self):
        """Open the bank transaction."""
        if not self:
            raise UserError(self.env._("There is no bank transaction for it: it was confirmed by hand."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self[:1].id,
            "views": [(self.env.ref("account_reconciliation.view_bank_transaction_form").id, "form")],
        }

    @remote_call(one=True)
    def action_open_bank_reconciliation(self):
        """Open the bank period in which the bank transaction's money is confirmed."""
        return self.move_id.action_open_bank_reconciliation()

    @remote_call()
    def action_open_paid_items(self):
        """List the invoice items that the bank transaction paid."""
        return self.move_id._action_paid_items()

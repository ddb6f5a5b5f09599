from odoo import fields, models

from ..models.common.actions import CLOSE_DONE
from ..models.common.permissions import BANK, require
from ..models.common.remote_calls import remote_call


class AccountBankMatchIgnore(models.TransientModel):
    """“Ignore”: asks for the reason."""

    _name = "account.bank.match.ignore"
    _description = "Ignore bank transactions"

    line_ids = fields.Many2many("account.bank.statement.line", string="Transactions", required=True)
    reason = fields.Char(required=True, help="Others see it beside the transaction.")

    @remote_call(one=True)
    def action_ignore(self):
        """Ignore the transactions."""
        require(self.env, BANK)
        self.line_ids.action_ignore(self.reason)
        return CLOSE_DONE

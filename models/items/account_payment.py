from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..common.permissions import DELETE, require
from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "reconciliation.status.mixin"]
    _reconciliation_move_field = "move_id"

    @remote_call(one=True)
    def action_open_reconciliations(self):
        """Open what this payment is applied to, item by item."""
        return self.move_id.action_open_reconciliations()

    @remote_call(one=True)
    def action_take_back(self):
        """Undo a payment that was made by mistake: what it is applied to is open again, and it is cancelled.

        :return: True
        :raise AccessError: without the permission to delete reconciliations
        :raise UserError: where the bank has confirmed it
        """
        require(self.env, DELETE)
        # Only whether there is one.
        if transactions := self.sudo().reconciled_statement_line_ids:
            raise UserError(
                self.env._(
                    "%(payment)s is matched with the bank transaction of %(date)s, so it did happen. Nothing was "
                    "changed. Undo that match first if it is wrong.",
                    payment=self.display_name,
                    date=format_date(self.env, transactions[0].date),
                )
            )
        self.action_draft()
        self.action_cancel()
        self.message_post(body=self.env._("Payment undone."))
        return True

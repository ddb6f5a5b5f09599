from odoo import api, fields, models

from ..common.permissions import VIEW
from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    """A payment shows whether it was returned."""

    _inherit = "account.payment"

    return_ids = fields.One2many("account.payment.return", "payment_id", "Returns", readonly=True, groups=VIEW)
    is_returned = fields.Boolean("Returned", compute="_compute_is_returned", search="_search_is_returned", groups=VIEW)

    @api.depends("return_ids.state")
    def _compute_is_returned(self):
        for payment in self:
            payment.is_returned = "booked" in payment.return_ids.mapped("state")

    @api.model
    def _search_is_returned(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("return_ids", "any" if True in value else "not any", [("state", "=", "booked")])]

    @remote_call(one=True)
    def action_open_return(self):
        """Open the return of the payment."""
        return self.return_ids.filtered(lambda one: one.state == "booked")[:1].get_formview_action()

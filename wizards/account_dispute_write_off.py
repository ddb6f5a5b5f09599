from odoo import fields, models

from ..models.common.actions import CLOSE_DONE
from ..models.common.remote_calls import remote_call


class AccountDisputeWriteOff(models.TransientModel):
    """“Write off”: asks for the preset whose account takes it."""

    _name = "account.dispute.write.off"
    _description = "Write a disputed amount off"

    dispute_id = fields.Many2one("account.dispute", required=True)
    preset_id = fields.Many2one(
        "account.reconcile.model", "Booked by", required=True, domain="[('line_ids.account_id', '!=', False)]",
        help="A preset with one account and no taxes.",
    )  # fmt: skip

    @remote_call(one=True)
    def action_write_off(self):
        """Write the disputed amount off."""
        self.check_access("read")
        self.dispute_id.action_write_off(self.preset_id)
        return CLOSE_DONE

from odoo import fields, models

from ..models.common.actions import CLOSE_DONE
from ..models.common.remote_calls import remote_call
from ..models.differences.account_dispute import DISPUTE_REASONS


class AccountDisputeOpen(models.TransientModel):
    """“Dispute the rest”: asks for the reason."""

    _name = "account.dispute.open"
    _description = "Dispute a document"

    move_id = fields.Many2one("account.move", "Document")
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank transaction")
    reason = fields.Selection(DISPUTE_REASONS, required=True, default="dispute")
    note = fields.Char("Payer's words")

    @remote_call(one=True)
    def action_dispute(self):
        """Note that what is open of the document, or of what the bank transaction paid, is disputed."""
        self.check_access("read")
        (self.statement_line_id or self.move_id).dispute_rest(self.reason, self.note or "")
        return CLOSE_DONE

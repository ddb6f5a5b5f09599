from odoo import fields, models

from ..models.bank_matching.account_bank_statement_line import ENTITY_TYPES
from ..models.common.remote_calls import remote_call


class AccountBankMatchBookLine(models.TransientModel):
    """One record that the transaction may be matched with."""

    _name = "account.bank.match.book.line"
    _description = "Row of a match"
    _order = "id"

    wizard_id = fields.Many2one("account.bank.match.book", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    record_model = fields.Char(required=True)
    record_id = fields.Integer(required=True)
    name = fields.Char("Document", readonly=True)
    entity_type = fields.Selection(ENTITY_TYPES, "Kind", readonly=True)
    is_chosen = fields.Boolean("Match")
    amount = fields.Monetary(help="How much of the transaction goes to it; below zero for what is refunded.")
    confidence = fields.Float(readonly=True)
    reasons = fields.Text("Why", readonly=True)
    is_settled = fields.Boolean(
        "In full", help="Pay it in full; the difference to the rate of the day is an exchange result."
    )

    @remote_call(one=True)
    def action_open_record(self):
        """Open the document."""
        record = self.env[self.record_model].browse(self.record_id)
        if record._name == "account.move.line":
            record = record.move_id
        return record.get_formview_action()

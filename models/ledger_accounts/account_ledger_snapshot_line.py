from odoo import fields, models
from odoo.exceptions import UserError

from ..common.actions import form_of
from ..common.remote_calls import remote_call


class AccountLedgerSnapshotLine(models.Model):
    """A line that was open on an account: its values at that time, with a link to the journal item."""

    _name = "account.ledger.snapshot.line"
    _inherit = ["reconciliation.kept.mixin"]
    _description = "Line of an account's snapshot"
    _order = "snapshot_id desc, id"
    _rec_name = "name"

    snapshot_id = fields.Many2one(
        "account.ledger.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="snapshot_id.company_id", store=True)
    currency_id = fields.Many2one(related="snapshot_id.currency_id")
    key = fields.Integer("Number of the journal item", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    name = fields.Char("Entry", readonly=True)
    label = fields.Char(readonly=True)
    partner_name = fields.Char("Partner", readonly=True)
    partner_key = fields.Integer("Number of the partner", readonly=True)
    amount = fields.Monetary("Open", required=True, readonly=True)
    foreign_currency_id = fields.Many2one("res.currency", "Currency of the line", readonly=True)
    amount_currency = fields.Monetary("Open in its currency", currency_field="foreign_currency_id", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Journal item", readonly=True, ondelete="set null", index="btree_not_null"
    )

    @remote_call(one=True)
    def action_open_source(self):
        """Open the journal entry."""
        if not self.move_line_id:
            raise UserError(self.env._("%s is no longer in the books; the snapshot is what is left of it.", self.name))
        return form_of(self.move_line_id.move_id)

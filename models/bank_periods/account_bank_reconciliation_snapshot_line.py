from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ..common.actions import form_of
from ..common.remote_calls import remote_call

PLAIN_TEXTS = ["section", "name", "label", "partner_name", "bank_label", "confirmed_by"]


class AccountBankReconciliationSnapshotLine(models.Model):
    """A row of a snapshot: its values at that time, with links to the current records."""

    _name = "account.bank.reconciliation.snapshot.line"
    _inherit = ["reconciliation.kept.mixin"]
    _description = "Line of a bank reconciliation's snapshot"
    _order = "snapshot_id desc, id"
    _rec_name = "name"

    snapshot_id = fields.Many2one(
        "account.bank.reconciliation.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="snapshot_id.company_id", store=True)
    currency_id = fields.Many2one(related="snapshot_id.currency_id")
    section = fields.Selection(
        [
            ("confirmed", "Confirmed"),
            ("outstanding", "Outstanding"),
            ("elsewhere", "Confirmed in another period"),
            ("unmatched", "Unmatched at the bank"),
        ],
        required=True,
        readonly=True,
    )
    key = fields.Integer("Number of the journal item or bank transaction", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    name = fields.Char("Number", readonly=True)
    label = fields.Char("Description", readonly=True)
    partner_name = fields.Char("Partner", readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    is_matched = fields.Boolean("Matched with the bank", readonly=True)
    bank_label = fields.Char("Bank transaction", readonly=True)
    bank_date = fields.Date("Date at the bank", readonly=True)
    statement_line_key = fields.Integer("Number of the bank transaction", readonly=True)
    confirmed_by = fields.Char(readonly=True)
    confirmed_on = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", "Partner today", readonly=True, ondelete="set null")
    move_line_id = fields.Many2one("account.move.line", "Journal item", readonly=True, ondelete="set null",
                                   index="btree_not_null")  # fmt: skip
    move_id = fields.Many2one("account.move", "Journal entry", readonly=True, ondelete="set null",
                              index="btree_not_null")  # fmt: skip
    payment_id = fields.Many2one("account.payment", readonly=True, ondelete="set null", index="btree_not_null")
    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank transaction today", readonly=True,
                                        ondelete="set null", index="btree_not_null")  # fmt: skip

    def _title(self):
        """The name of the row in sentences."""
        return (self.label if self.section == "unmatched" else self.name) or self.label or ""

    def _plain(self, digits):
        """The line's printed values, as the SHA-256 takes them."""
        return [
            self.key,
            *(self[name] or "" for name in PLAIN_TEXTS),
            str(self.date),
            float_repr(self.amount, digits),
            str(self.bank_date or ""),
            str(self.confirmed_on or ""),
        ]

    # -- the trace ------------------------------------------------------------------------------------------

    @remote_call(one=True)
    def action_open_source(self):
        """Open the payment, or the entry."""
        record = self.payment_id or self.move_id
        if not record:
            raise UserError(self.env._("%s is no longer in the books; the snapshot is what is left of it.", self.name))
        return form_of(record)

    @remote_call(one=True)
    def action_open_items(self):
        """List the invoice items and ledger codes that the remittance paid."""
        return self.move_id._action_paid_items()

    @remote_call(one=True)
    def action_open_bank_transaction(self):
        """Open the bank transaction."""
        return self.statement_line_id._action_open_bank_transaction()

from pathlib import Path

from odoo import api, fields, models

TRIGGER = Path(__file__).parents[2] / "engine" / "planned_payments" / "planned_trigger.sql"


class AccountPlannedPaymentLine(models.Model):
    """How much of one item a planned payment will pay."""

    _name = "account.planned.payment.line"
    _description = "Item of a planned payment"
    _order = "planned_payment_id, id"

    planned_payment_id = fields.Many2one(
        "account.planned.payment", required=True, ondelete="cascade", index=True, readonly=True
    )
    # The balance of an item is rebuilt when its document is corrected; the journal item is what stays.
    item_id = fields.Many2one(
        "account.reconciliation.item", "Item balance", ondelete="set null", index="btree_not_null", readonly=True
    )
    # Where the item is deleted from a document that is corrected, its name and amount stay: what was planned, was.
    move_line_id = fields.Many2one(
        "account.move.line", "Item", ondelete="set null", index="btree_not_null", readonly=True
    )
    name = fields.Char("Label", compute="_compute_name", store=True)
    account_id = fields.Many2one(related="move_line_id.account_id", string="Ledger code")
    currency_id = fields.Many2one(related="planned_payment_id.currency_id")
    company_id = fields.Many2one(related="planned_payment_id.company_id", store=True)
    amount = fields.Monetary(readonly=True)

    _amount_not_zero = models.Constraint("CHECK (amount <> 0)", "A planned amount can't be zero.")

    @api.depends("move_line_id.name", "move_line_id.product_id")
    def _compute_name(self):
        for line in self:
            source = line.move_line_id
            line.name = (
                source.product_id.display_name or source.name or source.account_id.display_name if source else line.name
            )

    def init(self):
        self.env.cr.execute(TRIGGER.read_text())

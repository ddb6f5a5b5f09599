from odoo import api, fields, models


class AccountMakePaymentItem(models.TransientModel):
    """How much of the payment falls on one item."""

    _name = "account.make.payment.item"
    _description = "Item of a payment to make"

    wizard_id = fields.Many2one("account.make.payment", required=True, ondelete="cascade")
    item_id = fields.Many2one("account.reconciliation.item", required=True)
    move_id = fields.Many2one(related="item_id.move_id", string="Document", related_sudo=False)
    account_id = fields.Many2one(related="item_id.account_id", string="Ledger code", related_sudo=False)
    currency_id = fields.Many2one(related="item_id.currency_id", related_sudo=False)
    amount_open = fields.Monetary(related="item_id.amount_residual", string="Open", related_sudo=False)
    amount = fields.Monetary("Applied")
    amount_left = fields.Monetary("Left to pay", compute="_compute_amount_left")

    @api.constrains("item_id")
    def _check_visible(self):
        self.sudo(False).item_id.check_access("read")  # Odoo runs constraints as the superuser

    @api.depends("amount", "amount_open")
    def _compute_amount_left(self):
        for row in self:
            row.amount_left = row.amount_open - row.amount

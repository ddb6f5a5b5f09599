from odoo import api, fields, models


class AccountPlanPaymentsItem(models.TransientModel):
    """An item that the planned payments may pay."""

    _name = "account.plan.payments.item"
    _description = "Item to plan"

    wizard_id = fields.Many2one("account.plan.payments", required=True, ondelete="cascade")
    item_id = fields.Many2one("account.reconciliation.item", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="item_id.account_id", string="Ledger code", related_sudo=False)
    currency_id = fields.Many2one(related="item_id.currency_id", related_sudo=False)
    amount_open = fields.Monetary(related="item_id.amount_residual", string="Open", related_sudo=False)
    ticked = fields.Boolean("Plan")
    amount = fields.Monetary("To plan")

    @api.constrains("item_id")
    def _check_visible(self):
        self.sudo(False).item_id.check_access("read")  # Odoo runs constraints as the superuser

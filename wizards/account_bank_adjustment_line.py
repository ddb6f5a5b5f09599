from odoo import fields, models


class AccountBankAdjustmentLine(models.TransientModel):
    """A counterpart of an adjustment."""

    _name = "account.bank.adjustment.line"
    _description = "Counterpart of an adjustment"

    adjustment_id = fields.Many2one("account.bank.adjustment", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="adjustment_id.company_id")
    currency_id = fields.Many2one(related="adjustment_id.currency_id")
    account_id = fields.Many2one("account.account", required=True, domain="[('company_ids', 'parent_of', company_id)]")
    partner_id = fields.Many2one("res.partner")
    name = fields.Char("Label")
    amount = fields.Monetary(required=True, help="What the bank account moves by for it. Below zero: money out.")

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    settlement_fee_id = fields.Many2one(
        "account.reconcile.model",
        "Preset for processors' fees",
        domain="[('company_id', 'parent_of', id), ('line_ids.account_id', '!=', False)]",
        help="The account, and the tax, that the fees of payment processors are booked by.",
    )
    settlement_account_id = fields.Many2one(
        "account.account",
        "Account for the rest of settlements",
        help="Takes what a payment processor keeps or releases (reserves, balances), and what nothing was found for.",
    )

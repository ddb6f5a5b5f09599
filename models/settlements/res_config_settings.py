from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    settlement_fee_id = fields.Many2one(related="company_id.settlement_fee_id", readonly=False)
    settlement_account_id = fields.Many2one(related="company_id.settlement_account_id", readonly=False)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    return_fee_id = fields.Many2one(related="company_id.return_fee_id", readonly=False)
    return_charge = fields.Selection(related="company_id.return_charge", readonly=False)
    return_charge_amount = fields.Monetary(related="company_id.return_charge_amount", readonly=False)
    return_charge_product_id = fields.Many2one(related="company_id.return_charge_product_id", readonly=False)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    bank_match_automatic = fields.Boolean(related="company_id.bank_match_automatic", readonly=False)
    bank_match_threshold = fields.Float(related="company_id.bank_match_threshold", readonly=False)

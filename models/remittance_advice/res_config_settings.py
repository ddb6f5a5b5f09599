from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    remittance_alias_name = fields.Char(related="company_id.remittance_alias_name", readonly=False)
    remittance_alias_email = fields.Char(related="company_id.remittance_alias_email")

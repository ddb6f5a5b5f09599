from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    accounting_tz = fields.Selection(related="company_id.accounting_tz", readonly=False)

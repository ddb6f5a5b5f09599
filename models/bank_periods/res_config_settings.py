from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    bank_reconciliation = fields.Boolean(related="company_id.bank_reconciliation", readonly=False)

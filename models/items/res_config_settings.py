from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allocation_order = fields.Selection(related="company_id.allocation_order", readonly=False, required=True)
    portal_item_balances = fields.Boolean(related="company_id.portal_item_balances", readonly=False)

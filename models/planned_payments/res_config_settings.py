from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    planned_retry_count = fields.Integer(related="company_id.planned_retry_count", readonly=False)
    planned_retry_days = fields.Integer(related="company_id.planned_retry_days", readonly=False)

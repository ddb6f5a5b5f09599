from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    reminder_user_ids = fields.Many2many(related="company_id.reminder_user_ids", readonly=False)

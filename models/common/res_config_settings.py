from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    allocation_order = fields.Selection(related="company_id.allocation_order", readonly=False, required=True)
    accounting_tz = fields.Selection(related="company_id.accounting_tz", readonly=False)
    portal_item_balances = fields.Boolean(related="company_id.portal_item_balances", readonly=False)
    reminder_user_ids = fields.Many2many(related="company_id.reminder_user_ids", readonly=False)
    planned_retry_count = fields.Integer(related="company_id.planned_retry_count", readonly=False)
    planned_retry_days = fields.Integer(related="company_id.planned_retry_days", readonly=False)
    bank_match_automatic = fields.Boolean(related="company_id.bank_match_automatic", readonly=False)
    bank_match_threshold = fields.Float(related="company_id.bank_match_threshold", readonly=False)
    bank_reconciliation = fields.Boolean(related="company_id.bank_reconciliation", readonly=False)

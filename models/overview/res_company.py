from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    reminder_user_ids = fields.Many2many(
        "res.users",
        "res_company_reminder_user_rel",
        string="Remind",
        domain=[("share", "=", False)],
        help="Each of them has a to-do for whatever waits: bank transactions to match, payments to apply, planned "
        "payments that failed, bank reconciliations to close; as far as the user may see it. It goes away when "
        "nothing is left.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    planned_retry_count = fields.Integer(
        "Retries of a failed planned payment",
        default=3,
        help="How often a planned payment that failed is tried again automatically. 0: never.",
    )
    planned_retry_days = fields.Integer(
        "Days between retries", default=3, help="How many days pass before a failed planned payment is tried again."
    )

    _planned_retry_sane = models.Constraint(
        "CHECK (planned_retry_count BETWEEN 0 AND 30 AND planned_retry_days BETWEEN 1 AND 365)",
        "A failed planned payment can be tried again 0 to 30 times, 1 to 365 days apart.",
    )

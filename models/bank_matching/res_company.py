from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    bank_match_automatic = fields.Boolean(
        "Match bank transactions automatically",
        default=True,
        help="After each import and every night, transactions that are certain are matched; all others wait for you.",
    )

    bank_match_threshold = fields.Float(
        "Certainty for automatic matching",
        default=0.995,
        digits=(4, 4),
        help="A bank transaction is matched automatically only where the probability that this is right is at least so "
        "high. 0.995: at most one of 200 is expected to be wrong.",
    )

    _bank_match_threshold_sane = models.Constraint(
        "CHECK (bank_match_threshold BETWEEN 0.9 AND 1)",
        "The certainty for automatic matching lies between 0.9 and 1. Choose a value in this range, for example 0.995.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    bank_reconciliation = fields.Boolean(
        "Bank reconciliation",
        default=True,
        help="Reconcile bank accounts by period. Off: the menus and the periods are hidden, but kept.",
    )

    def write(self, vals):
        """The menus that users see depend on the switch of bank reconciliation."""
        result = super().write(vals)
        if "bank_reconciliation" in vals:
            self.env.registry.clear_cache()
        return result

    def _get_unreconciled_statement_lines_domain(self, last_date):
        """Bank transactions that somebody has ignored, with a reason, don't hold a lock date back."""
        return [*super()._get_unreconciled_statement_lines_domain(last_date), ("match_status", "!=", "ignored")]

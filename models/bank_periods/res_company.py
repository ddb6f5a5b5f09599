from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    bank_reconciliation = fields.Boolean(
        "Bank reconciliation",
        default=True,
        help="Reconcile bank accounts by period. Off: nobody sees the menus nor the periods; they are kept.",
    )

    def write(self, vals):
        """The menus that users see depend on the switch of bank reconciliation."""
        result = super().write(vals)
        if "bank_reconciliation" in vals:
            self.env.registry.clear_cache()
        return result

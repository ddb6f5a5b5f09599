from odoo import models


class AccountReconciliationItem(models.Model):
    _inherit = "account.reconciliation.item"

    def _invalidate_balances(self):
        result = super()._invalidate_balances()
        # By what is open of the documents.
        self.env["account.remittance.advice.line"].invalidate_model(["amount_open", "state"], flush=False)
        counts = ["line_count", "missing_count", "amount_missing", "amount_deducted"]
        self.env["account.remittance.advice"].invalidate_model(counts, flush=False)
        return result

from odoo import models


class AccountReconciliationItem(models.Model):
    _inherit = "account.reconciliation.item"

    def _invalidate_balances(self):
        result = super()._invalidate_balances()
        # By how much of the document is open.
        self.env["account.dispute"].invalidate_model(["amount_open", "state", "resolution"], flush=False)
        self.env["account.planned.payment"].invalidate_model(["hold_reason"], flush=False)
        return result

    def _flush_sources(self, with_open=True):
        """Compute what is overdue without what is disputed."""
        if with_open:
            self.env["account.dispute"].flush_model()
        return super()._flush_sources(with_open)

from odoo import models


class AccountReconciliationItem(models.Model):
    _inherit = "account.reconciliation.item"

    def _flush_sources(self, with_open=True):
        """Compute what is overdue without what is disputed."""
        if with_open:
            self.env["account.dispute"].flush_model()
        return super()._flush_sources(with_open)

from odoo import api, models


class AccountReconciliationPrintedReport(models.AbstractModel):
    """Hands the rows that a list showed to one template, ``reports/printed_reports.xml``."""

    _name = "account.reconciliation.printed.report"
    _description = "Printed report on payments and items"
    _printed_model = None
    _printed_context = {}

    @api.model
    def _get_report_values(self, docids, data=None):
        """The values of the template; a user who may not see the rows is refused by their model."""
        rows = self.env[self._printed_model].with_context(**self._printed_context)
        return rows._printed_values((data or {}).get("domain") or [])

"""The printed reports: each hands the rows that its list showed to one template, reports/printed_reports.xml."""

from odoo import api, models


class PrintedReport(models.AbstractModel):
    """What the printed reports have in common."""

    _name = "account.reconciliation.printed.report"
    _description = "Printed report on payments and items"
    _printed_model = None
    _printed_context = {}

    @api.model
    def _get_report_values(self, docids, data=None):
        """The values of the template; whoever may not see the rows is refused by their model."""
        rows = self.env[self._printed_model].with_context(**self._printed_context)
        return rows._printed_values((data or {}).get("domain") or [])


class PrintedBreakdown(models.AbstractModel):
    _name = "report.account_reconciliation.printed_breakdown"
    _description = "Printed breakdown of payments by ledger code"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.breakdown"


class PrintedPaymentByCode(models.AbstractModel):
    _name = "report.account_reconciliation.printed_payment_by_code"
    _description = "Printed payment by ledger code"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.payment"
    _printed_context = {"printed_by_ledger_code": True}


class PrintedPaymentByItem(models.AbstractModel):
    _name = "report.account_reconciliation.printed_payment_by_item"
    _description = "Printed payment by item"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.payment"


class PrintedPaidItem(models.AbstractModel):
    _name = "report.account_reconciliation.printed_paid_item"
    _description = "Printed amounts paid per item and year"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.paid.item"

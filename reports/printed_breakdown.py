from odoo import models


class PrintedBreakdown(models.AbstractModel):
    _name = "report.account_reconciliation.printed_breakdown"
    _description = "Printed breakdown of payments by ledger code"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.breakdown"

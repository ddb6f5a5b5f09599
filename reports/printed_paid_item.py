from odoo import models


class PrintedPaidItem(models.AbstractModel):
    _name = "report.account_reconciliation.printed_paid_item"
    _description = "Printed amounts paid per item and year"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.paid.item"

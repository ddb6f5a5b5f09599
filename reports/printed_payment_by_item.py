from odoo import models


class PrintedPaymentByItem(models.AbstractModel):
    _name = "report.account_reconciliation.printed_payment_by_item"
    _description = "Printed payment by item"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.payment"

from odoo import models

from ..models.common import context_keys


class PrintedPaymentByCode(models.AbstractModel):
    _name = "report.account_reconciliation.printed_payment_by_code"
    _description = "Printed payment by ledger code"
    _inherit = ["account.reconciliation.printed.report"]
    _printed_model = "account.reconciliation.payment"
    _printed_context = {context_keys.PRINTED_BY_LEDGER_CODE: True}

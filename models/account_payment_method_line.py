from odoo import fields, models


class AccountPaymentMethodLine(models.Model):
    _inherit = "account.payment.method.line"

    is_confirmed_later = fields.Boolean(
        "Confirmed later",
        help="The money is certain only days after the payment (eCheck, direct debit). Until somebody confirms such a "
        "payment, what it is reconciled with can be neither modified nor deleted; a rejected one is taken back whole.",
    )
    needs_person = fields.Boolean(
        "Needs a person",
        help="An installment by this method doesn't happen by itself (cash, cheque): on its date it becomes a to-do.",
    )

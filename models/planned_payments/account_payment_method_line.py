from odoo import fields, models

from ..common.actions import RELOAD, notify
from ..common.permissions import CONFIGURES, require
from ..common.remote_calls import remote_call

# The XML ids of a chart's outstanding accounts, by the direction of the payment.
CHART_ACCOUNTS = {
    "inbound": "account_journal_payment_debit_account_id",
    "outbound": "account_journal_payment_credit_account_id",
}


class AccountPaymentMethodLine(models.Model):
    _inherit = "account.payment.method.line"

    is_confirmed_later = fields.Boolean(
        "Confirmed later",
        help="The money is certain only days after the payment (eCheck, direct debit). Until somebody confirms such a "
        "payment, what it is reconciled with can be neither modified nor deleted; where one is rejected, what it paid "
        "is open again.",
    )
    needs_person = fields.Boolean(
        "Needs a person",
        help="A planned payment by this method is not registered automatically (cash, cheque): on its date it becomes "
        "a to-do.",
    )

    @remote_call()
    def action_use_chart_accounts(self):
        """Set the outstanding account of the chart of accounts on payment methods that have none.

        Of all bank accounts of the company, where none is chosen in the list.

        :return: an action that tells how many
        :raise AccessError: for a user who does not configure accounting
        """
        require(self.env, CONFIGURES)
        company = self.env.company
        methods = self or self.search(self._of_bank_accounts(company))
        # As Odoo does for a payment whose method has none: AccountPayment._get_outstanding_account.
        chart = self.env["account.chart.template"].with_company(company.root_id)
        set_count = 0
        for payment_type, name in CHART_ACCOUNTS.items():
            account = chart.ref(name, raise_if_not_found=False)
            without = methods.filtered(
                lambda method, kind=payment_type: method.payment_type == kind and not method.payment_account_id
            )
            if account and without:
                without.payment_account_id = account
                set_count += len(without)
        if set_count:
            return notify(self.env._("Outstanding accounts set: %s.", set_count), then=RELOAD)
        nothing = self.env._("Nothing to set: each has one, or the chart of accounts has none. Choose them here.")
        return notify(nothing, "info")

    def _of_bank_accounts(self, company):
        return [("journal_id.type", "=", "bank"), ("journal_id.company_id", "=", company.id)]

from odoo import models

from ..common.reconcile_options import options_of

PARTIAL_VALUES = {"debit_move_id", "credit_move_id", "amount", "debit_amount_currency", "credit_amount_currency"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_exchange_difference_move_vals(self, amounts_list, company=None, exchange_date=None, **kwargs):
        """Where a return is undone, the exchange difference is booked again on the day its reversal was."""
        exchange_date = options_of(self.env).return_date or exchange_date
        return super()._prepare_exchange_difference_move_vals(
            amounts_list, company=company, exchange_date=exchange_date, **kwargs
        )

    def _prepare_reconciliation_single_partial(self, debit_values, credit_values, shadowed_aml_values=None):
        """Where a return is undone, two lines are applied to each other as they were, in both currencies."""
        debit, credit = debit_values["aml"], credit_values["aml"]
        taken = options_of(self.env).taken_before.get((debit.id, credit.id))
        if not taken:
            return super()._prepare_reconciliation_single_partial(debit_values, credit_values, shadowed_aml_values)
        result = {
            "debit_values": None,
            "credit_values": None,
            "partial_values": {key: value for key, value in taken.items() if key in PARTIAL_VALUES},
        }
        if taken["exchange"]:
            fixed = self.browse(line_id for line_id, _balance, _currency in taken["exchange"])
            amounts = [
                {"amount_residual": balance} if balance else {"amount_residual_currency": amount_currency}
                for _line_id, balance, amount_currency in taken["exchange"]
            ]
            result["exchange_values"] = {
                **fixed._prepare_exchange_difference_move_vals(amounts),
                "to_post": debit.parent_state == credit.parent_state == "posted",
            }
        return result

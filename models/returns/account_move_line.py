from odoo import models

from ..common.reconcile_options import options_of


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_exchange_difference_move_vals(self, amounts_list, company=None, exchange_date=None, **kwargs):
        """Where a return is undone, the exchange difference is booked again on the day its reversal was."""
        exchange_date = options_of(self.env).return_date or exchange_date
        return super()._prepare_exchange_difference_move_vals(
            amounts_list, company=company, exchange_date=exchange_date, **kwargs
        )

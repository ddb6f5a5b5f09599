from datetime import date

from odoo import models

from ..common import context_keys


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_exchange_difference_move_vals(self, amounts_list, company=None, exchange_date=None, **kwargs):
        """Where a return is undone, the exchange difference is booked again on the day its reversal was."""
        day = self.env.context.get(context_keys.RETURN_DATE)
        if isinstance(day, date):
            exchange_date = day
        return super()._prepare_exchange_difference_move_vals(
            amounts_list, company=company, exchange_date=exchange_date, **kwargs
        )

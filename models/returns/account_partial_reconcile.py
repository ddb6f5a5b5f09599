from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _amounts_taken(self):
        """What this partial and its exchange difference took of journal items, so that exactly that can be taken again.

        :return: dict that JSON keeps: the values of the partial, and ``exchange``, a list of ``[journal item id,
            amount in company currency, amount in its currency]``, signed as what was open of the journal item
        """
        self.ensure_one()
        exchange = []
        # Bookkeeping of the addon itself, for an entry of another branch, too.
        for line in self.sudo().exchange_move_id.line_ids:
            for fixed in line.matched_debit_ids.debit_move_id | line.matched_credit_ids.credit_move_id:
                exchange.append([fixed.id, -line.balance, -line.amount_currency])
        return {
            "debit_move_id": self.debit_move_id.id,
            "credit_move_id": self.credit_move_id.id,
            "amount": self.amount,
            "debit_amount_currency": self.debit_amount_currency,
            "credit_amount_currency": self.credit_amount_currency,
            "exchange": exchange,
        }

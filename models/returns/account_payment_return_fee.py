"""The fee of a return that is a bank transaction of its own."""

from odoo import models


class AccountPaymentReturn(models.Model):
    _inherit = "account.payment.return"

    def _take_fee(self, line):
        """Note the fee, and charge it to the client where the company wants that.

        :param line: account.bank.statement.line of the fee
        """
        # Bookkeeping of the addon itself, see _open_again.
        record = self.sudo()
        record.write({"fee": float(line._match_total()), "fee_line_id": line.id})
        if record.side == "customer" and record.partner_id and record.company_id.return_charge == "fee":
            record._charge()

    def _forget_fee(self):
        """Remove the fee; nothing is charged for it."""
        for record in self:
            # The setting may have changed since the client was charged.
            if (record.before or {}).get("charge", record.company_id.return_charge) == "fee":
                record._cancel_charge()
            record.write({"fee": 0.0, "fee_line_id": False})

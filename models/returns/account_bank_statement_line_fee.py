"""The bank's fee for a return, where it is a bank transaction of its own."""

from datetime import timedelta

from odoo import models

from ...engine.returns.originals import FEE_SHARE_MAX

# How many days after a return its fee comes.
DAYS_AFTER = 5
CONFIDENCE_ALONE, CONFIDENCE_AMONG = 0.9, 0.5


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _fee_returns(self):
        """The returns whose fee this transaction can be: of its bank account, some days before, without a fee so far.

        :return: account.payment.return records
        """
        if self.amount >= 0 or not self._is_stated_return():
            return self.env["account.payment.return"]
        found = self.env["account.payment.return"].search([
            ("state", "=", "booked"), ("fee", "=", 0), ("fee_line_id", "=", False),
            ("statement_line_id.journal_id", "=", self.journal_id.id), ("currency_id", "=", self.currency_id.id),
            ("date", ">=", self.date - timedelta(days=DAYS_AFTER)), ("date", "<=", self.date),
        ])  # fmt: skip
        total = self._match_total()
        return found.filtered(lambda one: total <= FEE_SHARE_MAX * one.currency_id._exact(one.amount))

    def _return_fee_rows(self):
        """The suggestion that this transaction is the fee of a return: a list of one, or none."""
        preset = self.company_id.return_fee_id
        returns = self._fee_returns() if preset else ()
        if not returns:
            return []
        reason = self.env._("The bank's fee for the return: %s", ", ".join(returns.mapped("display_name")))
        confidence = CONFIDENCE_ALONE if len(returns) == 1 else CONFIDENCE_AMONG
        return [self._match_row("expense", [(preset._name, preset.id)], [preset.display_name], confidence, [reason])]

    def _book(self, bookings):
        """Note on a return that its fee came by a transaction of its own, and charge the client for it."""
        result = super()._book(bookings)
        for booking in bookings:
            line, preset = booking.line, booking.line.company_id.return_fee_id
            if preset and booking.named == [(preset._name, preset.id)]:
                returns = line._fee_returns()
                if len(returns) == 1:
                    returns._take_fee(line)
        return result

    def _forget_match(self):
        """Remove the fee from the return whose fee this transaction was matched as."""
        # A user who may undo a bank transaction's match by Odoo's own rights undoes this with it.
        self.env["account.payment.return"].sudo().search([("fee_line_id", "in", self.ids)])._forget_fee()
        return super()._forget_match()

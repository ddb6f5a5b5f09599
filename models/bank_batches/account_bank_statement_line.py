from odoo import api, models

from .account_bank_batch_book import BatchBooking


class AccountBankStatementLine(models.Model):
    """A bank transaction can be matched with a deposit slip or payment batch."""

    _inherit = "account.bank.statement.line"

    @api.model
    def _whole_models(self):
        return (*super()._whole_models(), "account.bank.batch")

    def _book(self, bookings):
        """Note which payments are missing, and what is cleared because all its payments are matched one by one."""
        lines = self.browse([booking.line.id for booking in bookings])
        waiting = lines._wholes_of("account.bank.batch")
        parts = {batch: batch._open_parts().payment_id for batch in waiting}
        result = super()._book(bookings)
        for booking in bookings:
            if isinstance(booking, BatchBooking):
                booking.missing._own_write().is_missing = True
                continue
            if not waiting:
                continue
            payments = booking.targets.move_id.origin_payment_id
            # Where a payment is matched in part, the whole is not cleared.
            if payments and all(payments.mapped("is_matched")):
                for batch in waiting.filtered(lambda one, payments=payments: parts[one] == payments):
                    batch._set_state("matched", statement_line_id=booking.line.id)
                    batch._not_cleared()._own_write().is_missing = True
        return result

    def _release_wholes(self):
        """No payment is missing any more once the match is undone."""
        # A user who may undo the match undoes this as well.
        parts = self.env["account.bank.batch.part"].sudo().search([
            ("batch_id.statement_line_id", "in", self.ids), ("is_missing", "=", True),
        ])  # fmt: skip
        parts.is_missing = False
        return super()._release_wholes()

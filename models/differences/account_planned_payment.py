from decimal import Decimal

from odoo import api, fields, models

from ..common.permissions import BANK, VIEW


class AccountPlannedPayment(models.Model):
    """A planned payment that would pay what is disputed waits until that is settled."""

    _inherit = "account.planned.payment"

    hold_reason = fields.Char(
        "On hold", compute="_compute_hold_reason", groups=f"{VIEW},{BANK}",
        help="Why it is not paid automatically when it is due.",
    )  # fmt: skip

    @api.depends(
        "state", "is_coming", "amount", "due_date", "move_id.dispute_ids.date_withdrawn",
        "move_id.planned_payment_ids.amount", "move_id.planned_payment_ids.is_coming",
    )  # fmt: skip
    def _compute_hold_reason(self):
        for planned in self:
            planned.hold_reason = planned._hold_reason()

    def _hold_reason(self):
        """Also where a part of the document is disputed, and its earlier planned payments pay all that is not."""
        held = super()._hold_reason()
        # Who sees a planned payment sees whether its document is disputed.
        move = self.sudo().move_id
        dispute = move.dispute_ids.filtered(lambda one: one.state == "open")[:1]
        if held or not dispute or not self.is_coming or self.state == "processing":
            return held
        exact = self.currency_id._exact
        earlier = move.planned_payment_ids.filtered("is_coming").sorted(lambda one: (one.due_date, one.number, one.id))
        until = sum((exact(one.amount) for one in earlier[: earlier.ids.index(self._origin.id) + 1]), Decimal(0))
        if until <= exact(abs(move.amount_residual)) - exact(dispute.amount_open):
            return held
        return self.env._(
            "%(amount)s of %(document)s is disputed: %(reason)s. It is paid once the dispute is settled or withdrawn, "
            "or by “Pay now”.",
            amount=move.currency_id.format(dispute.amount_open),
            document=move.display_name,
            reason=dispute._reason_text(),
        )

"""Payments that are confirmed later: locked while they process, undone where they are rejected."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import POSTED_PAYMENT_STATES
from ..common.permissions import MANAGE, require
from ..common.reconcile_options import with_options
from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "reconciliation.guarded.mixin"]

    confirmation_state = fields.Selection(
        [("processing", "Processing"), ("confirmed", "Confirmed"), ("rejected", "Rejected")],
        "Confirmation",
        readonly=True,
        guarded=True,
        copy=False,
        tracking=True,
        help="Only for methods whose payments are confirmed later. While a payment is processing, what it is "
        "reconciled with can be neither modified nor deleted.",
    )
    planned_payment_ids = fields.One2many("account.planned.payment", "payment_id", "Planned payments", readonly=True,
                                          groups="account_reconciliation.group_client_billing")  # fmt: skip

    def action_post(self):
        """Payments by a method that is confirmed later wait for their confirmation from now on."""
        result = super().action_post()
        waiting = self.filtered(
            lambda one: (
                one.payment_method_line_id.is_confirmed_later
                and one.state in POSTED_PAYMENT_STATES
                and not one.confirmation_state
            )
        )
        if waiting:
            waiting._own_write().confirmation_state = "processing"
        return result

    @remote_call()
    def action_confirm_payment(self):
        """The money is certain: the payment is like any other from now on.

        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where a payment isn't waiting
        """
        require(self.env, MANAGE)
        self._check_waiting()
        self._own_write().confirmation_state = "confirmed"
        # Bookkeeping of the addon itself; the permission was checked above.
        for planned in self.sudo().planned_payment_ids.filtered(lambda one: one.state == "processing"):
            planned._set_state("done")
        return True

    @remote_call()
    def action_reject_payment(self):
        """The money isn't coming: undo the whole payment; what it paid is open again.

        The entry is cancelled, or reversed today where its period is closed or it is secured by a hash.

        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where a payment isn't waiting, or is matched with the bank already
        """
        require(self.env, MANAGE)
        self._check_waiting()
        for payment in self:
            payment._reject()
        return True

    def _check_waiting(self):
        for payment in self:
            if payment.confirmation_state != "processing":
                raise UserError(
                    self.env._("%s isn't waiting for a confirmation. Reload the page.", payment.display_name)
                )

    def _reject(self):
        self.ensure_one()
        # For Odoo, a payment that is booked directly to the bank account is matched as well, though the bank hasn't
        # shown it.
        liquidity, _owed, _written_off = self._seek_for_lines()
        if liquidity.matched_debit_ids | liquidity.matched_credit_ids:
            raise UserError(
                self.env._(
                    "%s is matched with a bank transaction, so the money has come. Undo that match first.",
                    self.display_name,
                )
            )
        # Rejecting a payment needs `manage` only, which the caller has checked, though it deletes reconciliations.
        payment = with_options(self.sudo(), is_unlocked=True)
        owed = payment.move_id._owed_lines()
        partials = owed.matched_debit_ids | owed.matched_credit_ids
        documents = (partials.debit_move_id | partials.credit_move_id).move_id - payment.move_id
        partials.unlink()
        payment.confirmation_state = "rejected"
        if payment._can_cancel_entry():
            payment.action_cancel()
        else:
            payment.move_id._reverse_moves([{"date": payment.company_id._today()}], cancel=True)
        payment.state = "rejected"
        for document in documents.exists():
            document._note_planned(
                self.env._(
                    "Payment %(payment)s of %(amount)s was rejected: what it paid here is open again.",
                    payment=payment.display_name,
                    amount=payment.currency_id.format(payment.amount),
                )
            )
        for planned in payment.planned_payment_ids:
            planned._fail(self.env._("Payment %s was rejected.", payment.display_name))

    def _can_cancel_entry(self):
        """Whether the entry may still be cancelled: neither secured by a hash nor in a closed period."""
        self.ensure_one()
        move = self.move_id
        if not move:
            return True
        return not move.inalterable_hash and not move._get_violated_lock_dates(move.date, False)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_processing(self):
        """A payment that is processing stays until it is known what becomes of it."""
        self.move_id._check_not_processing()
        for payment in self.filtered(lambda one: one.confirmation_state == "processing"):
            raise UserError(
                self.env._("%s is still processing and can't be deleted. Confirm or reject it.", payment.display_name)
            )

    def action_draft(self):
        """A payment that is processing can't be reset; another, posted again, waits for its confirmation again."""
        self.move_id._check_not_processing()
        result = super().action_draft()
        self.filtered("confirmation_state")._own_write().confirmation_state = False
        return result

    def action_cancel(self):
        """A payment that is processing can't be cancelled."""
        self.move_id._check_not_processing()
        return super().action_cancel()

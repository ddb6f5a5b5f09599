"""What can't be modified or deleted: items that a planned payment will pay, payments that are still processing."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..common.reconcile_options import options_of, with_options


class AccountMove(models.Model):
    _inherit = "account.move"

    def _check_not_locked(self, partials):
        """Refuse to delete reconciliations that are locked, by any route.

        :param partials: account.partial.reconcile records that are about to go or to change
        :raise UserError: naming what locks them, and what to do
        """
        super()._check_not_locked(partials)
        if options_of(self.env).is_unlocked:
            return
        partials = partials.sudo()  # whether something is locked must not depend on who asks
        owed = partials.filtered(lambda partial: partial.debit_move_id._is_owed_line())
        (owed.debit_move_id | owed.credit_move_id).move_id._check_not_processing()
        if options_of(self.env).is_items_checked:
            return
        for item in owed.reconciliation_line_ids.item_id.filtered("amount_planned"):
            item._raise_locked()

    def _check_not_processing(self):
        """Refuse where the payment behind one of these entries waits for its confirmation."""
        if options_of(self.env).is_unlocked:
            return
        # Only whether it waits, and its number.
        for payment in self.sudo().origin_payment_id.filtered(lambda one: one.confirmation_state == "processing"):
            raise UserError(
                self.env._(
                    "%s is still processing, so what it is reconciled with can be neither modified nor deleted. "
                    "Confirm or reject the payment first.",
                    payment.display_name,
                )
            )

    def _modify_reconciliations(self, changes):
        """Let everything be modified but the amounts of items that a planned payment will pay."""
        for change in changes:
            document, money = change["document"], change["money"]
            applied = {}
            for line in document._partials_with(money.move_id).reconciliation_line_ids:
                if line.counterpart_line_id == money:
                    exact = line.currency_id._exact
                    applied[line.item_id.id] = applied.get(line.item_id.id, Decimal(0)) + exact(line.amount_currency)
            for item in document.reconciliation_item_ids.filtered("amount_planned"):
                if item.currency_id._exact(change["split"].get(item.id, 0)) != applied.get(item.id, Decimal(0)):
                    item._raise_locked()
        changes = [
            dict(
                change,
                document=with_options(change["document"], is_items_checked=True),
                money=with_options(change["money"], is_items_checked=True),
            )
            for change in changes
        ]
        return super(AccountMove, with_options(self, is_items_checked=True))._modify_reconciliations(changes)

from odoo import models

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ..common.reconcile_options import options_of


class AccountPartialReconcile(models.Model):
    """What a bank transaction cleared can be set free by many routes; the transaction then is unmatched again."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Undo the match of bank transactions whose payment, transfer or entry is cancelled or unreconciled.

        They are unmatched then; otherwise their money would stay on a clearing account unnoticed.
        """
        cleared_by = self._clearing_transactions()
        result = super().unlink()
        # Undoing the match follows from what the user has just cancelled or unreconciled, whose rights were checked.
        # It is no decision of its own, so a user who cancels a payment needs no permission to match.
        if matched := cleared_by.exists().filtered("is_reconciled"):
            matched.sudo().action_undo_reconciliation()
        return result

    def _clearing_transactions(self):
        """The matched bank transactions that cleared journal items on an account that is neither receivable nor
        payable. On those two the money stays in sight, as a deposit of its owner.

        :return: account.bank.statement.line records, without those that are themselves being changed
        """
        cleared_by = self.env["account.bank.statement.line"]
        options = options_of(self.env)
        freed = options.freed_items
        # Safe by sudo: only which transactions they are.
        for partial in self.sudo():
            sides = partial.debit_move_id | partial.credit_move_id
            if sides[:1].account_id.account_type in OWED_ACCOUNT_TYPES:
                continue
            for side in sides:
                transaction = side.statement_line_id
                is_freed = freed is None or any(other.id in freed for other in sides - side)
                # The bank's own side is reconciled with what reverses the transaction: that is no match.
                if transaction and is_freed and side not in transaction._seek_for_lines()[0]:
                    cleared_by |= transaction
        return cleared_by.filtered(
            lambda line: (
                line.id not in options.booked_balances
                and line.is_reconciled
                and line.state == "posted"
                # A transfer that was booked before its other side was there waits for it again.
                and not line.transfer_journal_id
            )
        ).with_env(self.env)

from odoo import models


class AccountReconciliationRunAccount(models.Model):
    """Undoing a run of “Reconcile account” cancels what it has written off by a policy."""

    _inherit = "account.reconciliation.run.account"

    def _undo(self):
        entries = {}
        for account in self:
            partials = self.env["account.partial.reconcile"].sudo().browse(account.partial_ids or ()).exists()
            entries[account] = (partials.debit_move_id | partials.credit_move_id).move_id
        result = super()._undo()
        for account, moves in entries.items():
            # The addon's own bookkeeping; the run checked the permission to delete.
            for difference in self.env["account.difference"].sudo().search([("entry_id", "in", moves.ids)]):
                account._undo_difference(difference)
        return result

    def _undo_difference(self, difference):
        """Cancel what was written off, unless its entry is reconciled: cancelling would delete that."""
        entry = difference.entry_id
        owed = entry._owed_lines()
        if owed.matched_debit_ids or owed.matched_credit_ids:
            return  # what keeps it is named already
        if not (entry.line_ids.matched_debit_ids or entry.line_ids.matched_credit_ids):
            difference._cancel_entry()
            return
        why = self.env._("%s stays: it was reconciled on the account of the difference", entry.display_name)
        # The list is the addon's own.
        own = self.sudo()
        own.write({"state": "kept", "message": "; ".join(filter(None, (own.message, why)))})

from odoo import models
from odoo.exceptions import UserError

from ...engine.reconcile_accounts import undo_sql

# The most names in a sentence.
NAMES_MAX = 3


class AccountReconciliationRunAccount(models.Model):
    _inherit = "account.reconciliation.run.account"

    def _undo(self):
        """Undo what the run made for these accounts, as far as nothing was built upon it."""
        for account in self:
            partials = self.env["account.partial.reconcile"].browse(account.partial_ids).exists()
            kept, reasons = account._built_upon(partials)
            kept |= account._delete(partials - kept, reasons)
            values = {"state": "kept" if kept else "undone", "message": None}
            if kept:
                more = len(reasons) - NAMES_MAX
                values["message"] = "; ".join(reasons[:NAMES_MAX]) + (
                    " " + self.env._("and %s more", more) if more > 0 else ""
                )
            # The list is the addon's own; the run checked the permission to delete.
            account.sudo().write(values)

    def _built_upon(self, partials, own_ids=None):
        """What can't be undone, because something was built upon it.

        :param partials: account.partial.reconcile records of this account
        :param own_ids: ids of all that were made together with them; None for these alone
        :return: ``(account.partial.reconcile records, list of sentences)``
        """
        self.env["account.reconciliation.item"]._flush_sources()
        rows = self.env.execute_query(undo_sql.built_upon(partials.ids, own_ids)) if partials else []
        kept, reasons = partials.browse(), []
        # Names for a user who may delete the reconciliations of the account.
        for partial_id, later_line_id in rows:
            partial = partials.browse(partial_id).sudo()
            kept |= partials.browse(partial_id)
            document = partial.debit_move_id.move_id._reconciliation_thread().display_name
            if later_line_id:
                later = self.env["account.move.line"].sudo().browse(later_line_id).move_id._reconciliation_thread()
                reason = self.env._(
                    "%(document)s: %(later)s was reconciled later", document=document, later=later.display_name
                )
            else:
                reason = self.env._("%s: the amounts per item were changed since", document)
            if reason not in reasons:
                reasons.append(reason)
        return kept, reasons

    def _delete(self, partials, reasons):
        """Delete reconciliations, each by itself where they can't be deleted together.

        :param reasons: list of sentences, to which is added why something stays
        :return: account.partial.reconcile records that stay
        """
        if not partials:
            return partials
        try:
            with self.env.cr.savepoint():
                # As when it was made, the run itself is the record of what was done: no note on each document.
                partials.unlink()
                self.env.flush_all()
        except UserError as error:
            self.env.invalidate_all(flush=False)
            if len(partials) == 1:
                reasons.append(str(error))
                return partials
            return partials.browse().union(*(self._delete(partial, reasons) for partial in partials))
        return partials.browse()

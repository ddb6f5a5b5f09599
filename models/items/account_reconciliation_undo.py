from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.actions import CLOSE, notify_with_undo
from ..common.permissions import DELETE, MANAGE, require
from ..common.remote_calls import remote_call


class AccountReconciliationUndo(models.TransientModel):
    """What a user has just modified or deleted: the message about it offers to undo it.

    ``before`` and ``after`` hold the pairs of journal items that differ, as ``account.move._reconciliation_pairs``
    gives them. It is written by the methods of ``account_move_modify.py`` alone.
    """

    _name = "account.reconciliation.undo"
    _description = "Change of reconciliations that can be undone"

    before = fields.Json(readonly=True)
    after = fields.Json(readonly=True)

    @api.model
    def _remember(self, before, after):
        """Keep a change, so that the user can undo it.

        :param before, after: what ``account.move._reconciliation_pairs`` gave before and after the change
        :return: the account.reconciliation.undo; none where nothing changed, or where it can't be reconciled again as
            it was: pairs of two currencies
        """
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if not changed or any(before.get(key, after.get(key))["amount"] is None for key in changed):
            return self.browse()
        values = {
            "before": {key: before[key] for key in changed if key in before},
            "after": {key: after[key] for key in changed if key in after},
        }
        # The record is the addon's own: users can't write what would be reconciled.
        return self.sudo().create(values).sudo(False)

    def _notify(self, message, then=CLOSE):
        """An action that shows a message, with the button “Undo” where the user may undo it.

        :param message: str, translated
        :param then: the action that follows
        """
        return notify_with_undo(message, self if self and self._may_undo() else None, then)

    def _may_undo(self):
        user = self.env.user
        needed = ([MANAGE] if self.before else []) + ([DELETE] if self._taken_back() else [])
        return self.env.su or all(user.has_group(group) for group in needed)

    def _taken_back(self):
        """The pairs that were not reconciled before."""
        return set(self.after or ()) - set(self.before or ())

    @remote_call(one=True)
    def action_undo(self):
        """Reconcile as it was before the change.

        :return: a message
        :raise AccessError: without the permissions for it
        :raise UserError: where somebody has changed the same reconciliations since
        """
        self.check_access("read")
        before, after = self.before or {}, self.after or {}
        if before:
            require(self.env, MANAGE)
        if self._taken_back():
            require(self.env, DELETE)
        ids = {int(line_id) for key in before.keys() | after.keys() for line_id in key.split(",")}
        lines = self.env["account.move.line"].browse(sorted(ids)).exists()
        moves = lines.move_id
        moves.check_access("read")
        moves._owed_lines()._lock_in_order()
        now = moves._reconciliation_pairs()
        if len(lines) < len(ids) or any(now.get(key) != after.get(key) for key in before.keys() | after.keys()):
            raise UserError(
                self.env._(
                    "Somebody has changed these reconciliations since, so the change can't be undone. "
                    "Nothing was changed. Reload the page, and correct them by hand."
                )
            )
        summaries = {move: move._reconciliation_summary() for move in moves}
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).filtered(
            lambda partial: f"{partial.debit_move_id.id},{partial.credit_move_id.id}" in after
        )
        moves._check_not_locked(partials)
        # Pairs that get another amount are modified, not deleted: the permissions were checked above.
        partials.sudo().unlink()
        self.env["account.reconciliation.item"]._invalidate_balances()
        journal_items = self.env["account.move.line"]
        journal_items._reconcile_pairs([
            {
                "debit": journal_items.browse(int(key.split(",")[0])),
                "credit": journal_items.browse(int(key.split(",")[1])),
                "amount": Decimal(pair["amount"]),
                "split": {int(item): float(amount) for item, amount in pair["items"].items()},
            }
            for key, pair in before.items()
        ])  # fmt: skip
        for move, was in summaries.items():
            move._note_reconciliation(self.env._("Change of the reconciliation undone"), was)
        # Used: a second click must not find it.
        self.sudo().unlink()
        return True

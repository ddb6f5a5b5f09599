"""Undoing a run: every reconciliation that it made is deleted, as far as nothing was built upon it."""

import time

from odoo import fields, models
from odoo.exceptions import UserError

from ..common.actions import form_of, notify_with_undo
from ..common.permissions import DELETE, MANAGE, require
from ..common.remote_calls import remote_call
from ..common.statement_timeout import explain_timeout

# One transaction deletes about so many reconciliations, through Odoo's own method.
PARTIALS_AT_ONCE = 50


class AccountReconciliationRun(models.Model):
    _inherit = "account.reconciliation.run"

    undone_count = fields.Integer("Accounts undone", compute="_compute_undo")
    kept_count = fields.Integer("Accounts not undone, or in part", compute="_compute_undo")
    can_undo = fields.Boolean(compute="_compute_undo")

    def _compute_undo(self):
        accounts = self.env["account.reconciliation.run.account"]
        counts = {
            (run.id, state): count
            for run, state, count in accounts._read_group(
                [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
            )
        }
        may_undo = self.env.su or self.env.user.has_group(DELETE)
        for run in self:
            run.undone_count = counts.get((run.id, "undone"), 0)
            run.kept_count = counts.get((run.id, "kept"), 0)
            run.can_undo = (
                may_undo and run.state in ("done", "cancelled") and bool(run._accounts_to_undo(limit=1))
            ) or (may_undo and run.state == "undoing")

    def _accounts_to_undo(self, limit=None):
        """The accounts of which reconciliations may still be there."""
        domain = [("run_id", "in", self.ids), ("state", "=", "done"), ("partial_count", ">", 0)]
        accounts = self.env["account.reconciliation.run.account"].search(domain, order="id", limit=limit)
        # Runs of a version that did not keep what it made have none.
        return accounts.filtered("partial_ids")

    @remote_call(one=True)
    @explain_timeout
    def action_undo(self):
        """Undo all that this run has reconciled, as far as nothing was built upon it.

        :return: the action that shows what was undone, and what was not
        :raise AccessError: without the permission to delete reconciliations
        :raise UserError: where the run can't be undone
        """
        self._start_undo()
        while not self._undo_slice():
            pass
        return self._notify_undone()

    @remote_call(one=True)
    def action_start_undo(self):
        """Undo the run in slices, with progress; each slice is committed.

        :return: the action of the progress dialog
        """
        self._start_undo()
        return {
            "type": "ir.actions.client",
            "tag": "account_reconciliation.run_undo_progress",
            "name": self.env._("Undoing a run"),
            "target": "new",
            "params": {"run_id": self.id, "account_count": len(self._accounts_to_undo())},
        }

    def _start_undo(self):
        require(self.env, DELETE)
        if self.state == "running":
            raise UserError(self.env._("The run has not ended. Cancel it first, then undo it."))
        if self.state == "undoing":
            return  # the rest of an undo that was interrupted
        if not self._accounts_to_undo(limit=1):
            raise UserError(
                self.env._(
                    "There is nothing to undo: the run has made no reconciliation, or was undone already, or is older "
                    "than this function."
                )
            )
        self._set_state("undoing")

    @remote_call(one=True)
    @explain_timeout
    def process_undo_slice(self):
        """Undo for a moment and return the progress; the progress dialog calls it again and again.

        :return: dict ``state``, ``done_count`` (accounts that were looked at), ``kept_count``
        :raise AccessError: without the permission to delete reconciliations
        """
        require(self.env, DELETE)
        deadline = time.monotonic() + 1
        while self.state == "undoing" and not self._undo_slice() and time.monotonic() < deadline:
            pass
        return {
            "state": self.state,
            "done_count": self.undone_count + self.kept_count,
            "kept_count": self.kept_count,
        }

    def _undo_slice(self):
        """Undo the next accounts.

        :return: True where nothing is left to do
        """
        # The list is the addon's own; the permission to delete was checked by the callers.
        accounts = self._accounts_to_undo(limit=PARTIALS_AT_ONCE)
        chosen, partials = accounts.browse(), 0
        for account in accounts:
            if chosen and partials + len(account.partial_ids) > PARTIALS_AT_ONCE:
                break
            chosen |= account
            partials += len(account.partial_ids)
        chosen._undo()
        self.invalidate_recordset(["undone_count", "kept_count", "can_undo"])
        if accounts - chosen or len(accounts) == PARTIALS_AT_ONCE:
            return False
        if self.state == "undoing":
            self._set_state("undone")
        return True

    @remote_call(one=True)
    def action_open_undone(self):
        """Say what was undone, and open the summary where something was not."""
        return self._notify_undone()

    def _notify_undone(self):
        if not self.kept_count:
            message = self.env._("The run is undone: %s accounts.", self.undone_count)
            return notify_with_undo(message, then=form_of(self, self.env._("Reconciliation summary")))
        return form_of(self, self.env._("Reconciliation summary"))

    def _notify_done(self):
        """An action that says what the run did, with buttons to undo it and to open its summary."""
        require(self.env, MANAGE)
        summary = (self.env._("Summary"), self.action_open_summary())
        if not self.partial_count:
            reason = self.account_ids.filtered("message")[:1].message
            message = reason or self.env._("Nothing to reconcile: no open payment fits an open document.")
            return notify_with_undo(message, links=[summary] if self.account_ids else ())
        message = self.env._(
            "%(amounts)s reconciled in %(count)s transactions.", amounts=self.amounts, count=self.transaction_count
        )
        if self.open_documents:
            message += " " + self.env._("%s of documents stays open.", self.open_documents)
        if self.open_money:
            message += " " + self.env._("%s of money is not applied.", self.open_money)
        return notify_with_undo(message, self if self.can_undo else None, links=[summary], method="action_undo_here")

    @remote_call(one=True)
    def action_undo_here(self):
        """Undo the run for the message about it, on the page where it was shown.

        :return: True, or where something was not undone the action that shows it
        """
        action = self.action_undo()
        return action if self.kept_count else True

"""Undoing what was reconciled on an account; a large number in slices, each of which is committed."""

import time

from odoo import fields, models
from odoo.exceptions import UserError

from ...engine.common.odoo_methods import REPLACED_BY_UNDO
from ...engine.ledger_accounts import undo_sql
from ..common.actions import CLOSE, notify
from ..common.permissions import BANK, DELETE, require
from ..common.reconcile_options import with_options
from ..common.remote_calls import remote_call
from ..common.sql import lock_rows
from ..common.statement_timeout import explain_timeout

# So many reconciliations are undone at once: pairs of plain lines, and others, which is up to Odoo's own method.
PAIRS_AT_ONCE = 2_000
PARTIALS_AT_ONCE = 50
# From this number on, a dialog shows the progress.
PARTIALS_WITH_PROGRESS = 200
SECONDS_OF_SLICE = 1
REASONS_MAX = 3


class AccountLedgerReconciliation(models.Model):
    _inherit = "account.ledger.reconciliation"

    undo_key = fields.Integer(
        readonly=True, guarded=True, help="Of the reconciliations, those from this number on were looked at by an undo."
    )

    @remote_call()
    @explain_timeout
    def action_undo(self):
        """Undo these, as far as nothing was built upon them; entries of differences are cancelled.

        :return: an action that says what was done
        :raise AccessError: without the permissions for bank reconciliation and to delete reconciliations
        :raise UserError: where an entry of a difference can't be cancelled, for example in a locked period
        """
        waiting = self._start_undo()
        while waiting._undo_next():
            pass
        return waiting._notify_undone()

    @remote_call()
    @explain_timeout
    def action_start_undo(self):
        """Undo these: at once where they are few, else with progress, in slices that are committed.

        :return: an action that says what was done, or the one of the progress dialog
        :raise AccessError: without the permissions for bank reconciliation and to delete reconciliations
        :raise UserError: as of :meth:`action_undo`
        """
        total = sum(self._to_undo().mapped("partial_count"))
        if total <= PARTIALS_WITH_PROGRESS:
            return self.action_undo()
        waiting = self._start_undo()
        return {
            "type": "ir.actions.client",
            "tag": "account_reconciliation.ledger_undo_progress",
            "name": self.env._("Undoing reconciliations"),
            "target": "new",
            "params": {"ids": waiting.ids, "total": total},
        }

    @remote_call()
    @explain_timeout
    def process_undo_slice(self):
        """Undo for a moment; the progress dialog calls it again and again.

        :return: dict ``state`` (``undoing`` until nothing is left to do, then ``done``), ``done_count``: how many
            reconciliations are undone or kept
        :raise AccessError: as of :meth:`action_undo`
        """
        self._check_undo()
        deadline = time.monotonic() + SECONDS_OF_SLICE
        has_more = True
        while has_more and time.monotonic() < deadline:
            try:
                with self.env.cr.savepoint():
                    has_more = self._undo_next()
            except UserError as error:
                # It stays as it is (its entry is in a locked period, for example), and the others are undone all the
                # same.
                self.env.invalidate_all(flush=False)
                self._waiting_to_undo()[:1]._set_state("kept", message=str(error))
        return {"state": "undoing" if has_more else "done", "done_count": sum(one._undo_count() for one in self)}

    @remote_call()
    def action_open_undone(self):
        """Say what was undone.

        :raise AccessError: as of :meth:`action_undo`
        """
        self._check_undo()
        action = self._notify_undone()
        # What the user has stopped before its turn came is as it was.
        self._waiting_to_undo().filtered(lambda one: not one.undo_key)._set_state("done")
        return action

    def _check_undo(self):
        require(self.env, BANK)
        require(self.env, DELETE)
        self.check_access("read")

    def _to_undo(self):
        """What is not undone yet, the newest first, because others may be built upon the older ones."""
        self._check_undo()
        waiting = self.filtered(lambda one: one.state != "undone").sorted("id", reverse=True)
        if not waiting:
            raise UserError(self.env._("This is undone already. Nothing was changed."))
        return waiting

    def _start_undo(self):
        """Begin with what is not undone, and continue what was interrupted."""
        waiting = self._to_undo()
        waiting._lock()
        waiting.filtered(lambda one: one.state != "undoing")._set_state("undoing", undo_key=0, message=False)
        return waiting

    def _lock(self):
        """Wait for other transactions that undo these."""
        self.flush_recordset()
        lock_rows(self)
        self.invalidate_recordset(["state", "undo_key", "message"])

    def _waiting_to_undo(self):
        return self.filtered(lambda one: one.state == "undoing").sorted("id", reverse=True)

    def _undo_next(self):
        """Undo the next reconciliations.

        :return: whether there are more
        """
        waiting = self._waiting_to_undo()
        if not waiting:
            return False
        waiting[0]._lock()
        if waiting[0].state == "undoing":
            waiting[0]._undo_part()
        return True

    def _undo_part(self):
        """Undo the next of one record's reconciliations; those with an entry of a difference all at once."""
        self.ensure_one()
        own_ids = self.partial_keys or []
        left = sorted((key for key in own_ids if not self.undo_key or key < self.undo_key), reverse=True)
        if not self.move_id:
            left = left[:PAIRS_AT_ONCE]
            self._undo_pairs(left)
        # Nothing but these is undone: a bank transaction that was booked to the account stays matched.
        partials = with_options(self.env["account.partial.reconcile"], freed_items=frozenset())
        partials = partials.browse(left).exists()
        first = min(left, default=0)
        if not self.move_id and len(partials) > PARTIALS_AT_ONCE:
            partials = partials[:PARTIALS_AT_ONCE]
            first = min(partials.ids)
        work = self.env["account.reconciliation.run.account"]
        kept, reasons = work._built_upon(partials, own_ids)
        used = self._use_of_entry(partials)
        if used:
            # Cancelling the entry would undo that as well; without it, all stays as it is.
            kept, reasons = partials, [*reasons, used]
        work._delete(partials - kept, reasons)
        known = self.message.split("; ") if self.message else []
        reasons = list(dict.fromkeys([*known, *reasons]))[:REASONS_MAX]
        # The addon's own bookkeeping; the callers check the permission.
        self.sudo().write({"undo_key": first or self.undo_key, "message": "; ".join(reasons) or False})
        if self.move_id or not first or first == min(own_ids):
            self._end_undo(own_ids, used)

    def _undo_pairs(self, partial_ids):
        """Undo by few statements what concerns no more than two plain lines each; the rest is left.

        :param partial_ids: ids of account.partial.reconcile, of this record
        """
        bulk = self.env["account.bulk.reconcile"]
        if bulk._changed_methods("undo") or bulk._hooked(REPLACED_BY_UNDO) or self._fields_by_orm():
            return
        self.env.flush_all()
        simple = self.env.execute_query(undo_sql.claim_pairs(partial_ids))
        # Those that the user may not delete are refused one by one.
        partials = self.env["account.partial.reconcile"].browse([one for [one] in simple])._filtered_access("unlink")
        if partials:
            self.env.cr.execute(undo_sql.delete_pairs(partials.ids, self.env.uid))
            self.env.invalidate_all(flush=False)

    def _fields_by_orm(self):
        """Whether Odoo computes stored fields of other addons when it undoes what concerns plain lines."""
        trees = self.env["account.bulk.reconcile"]._fields_by_orm().values()
        # Plain lines are of no bank transaction.
        return any(
            field.model_name != "account.bank.statement.line"
            for tree in trees
            for part in tree.depth_first()
            for field in part.root
        )

    def _end_undo(self, own_ids, used):
        """All of a record was looked at: cancel the entry of its difference where nothing of it stays."""
        stays = bool(used or self.env["account.partial.reconcile"].browse(own_ids).exists())
        if not stays and self.move_id.state == "posted":
            self.move_id.button_draft()
            self.move_id.button_cancel()
        self._set_state("kept" if stays else "undone")

    def _undo_count(self):
        """How many reconciliations are undone or kept."""
        if self.state != "undoing":
            return self.partial_count
        if not self.undo_key:
            # Not looked at yet: the ids of all that are left are not read after each slice.
            return 0
        return sum(1 for key in self.partial_keys or () if key >= self.undo_key)

    def _notify_undone(self):
        """Say what was undone; the view that the user is in is read again."""
        left = self.filtered(lambda one: one.state == "undoing")
        kept = self.filtered(lambda one: one.state == "kept")
        if left:
            message = self.env._("Not all is undone yet. Undo again for the rest.")
            return notify(message, "warning", then=CLOSE)
        if kept:
            reasons = "; ".join(filter(None, kept.mapped("message")))
            message = self.env._("Not everything could be undone: %s", reasons)
            return notify(message, "warning", then=CLOSE, is_sticky=True)
        return notify(self.env._("Undone: the lines are open again."), then=CLOSE)

    def _use_of_entry(self, partials):
        """Say what else the entry of the difference was reconciled with, on whichever account.

        :param partials: the account.partial.reconcile records of this reconciliation that there are
        :return: str, empty where nothing else was
        """
        if self.move_id.state != "posted":
            return ""
        # Of whichever account: cancelling the entry would delete them, whoever may see them.
        lines = self.move_id.sudo().line_ids
        for partial in (lines.matched_debit_ids | lines.matched_credit_ids) - partials.sudo():
            other = (partial.debit_move_id | partial.credit_move_id) - lines
            entry = other.move_id[:1]
            # Exchange differences and taxes on payment go with what they belong to.
            if entry and entry not in partials.sudo().exchange_move_id and entry.tax_cash_basis_rec_id not in partials:
                return self.env._(
                    "%(entry)s was reconciled with %(other)s on %(account)s", entry=self.move_id.display_name,
                    other=entry._reconciliation_thread().display_name, account=other[:1].account_id.display_name,
                )  # fmt: skip
        return ""

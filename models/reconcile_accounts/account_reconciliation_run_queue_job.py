"""Runs as jobs, where OCA's ``queue_job`` is installed: the slices of the work list go through its channels."""

from odoo import models
from odoo.tools import SQL


class AccountReconciliationRun(models.Model):
    _inherit = "account.reconciliation.run"

    def _call_helpers(self):
        """With ``queue_job`` the work goes through its channels, otherwise through scheduled actions."""
        if "queue.job" not in self.env:
            return super()._call_helpers()
        return self._queue_slices()

    def _queue_slices(self):
        """Make a job of each slice of the work list that is pending; a slice that waits already is not queued twice."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT MIN(id), MAX(id)
                  FROM (SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / %s AS slice
                          FROM account_reconciliation_run_account WHERE run_id = %s AND state = 'pending') AS pending
                 GROUP BY slice ORDER BY slice
                """,
                self.batch_size,
                self.id,
            )
        )
        for first, last in rows:
            self._queue(first, last)

    def _queue(self, first=0, last=0):
        """Make a job of a slice, or, without arguments, of everything that is left at the end."""
        self.with_delay(
            identity_key=f"account.reconciliation.run-{self.id}-{first}-{last}",
            description=self.env._("Reconcile accounts (run %s)", self.id),
            eta=None if last else 5,
        )._process_job(first, last)

    def _process_job(self, first=0, last=0):
        """What a job does: one slice, in the job's own transaction; or what is left, such as accounts found busy.

        :param first, last: ids of the first and last account of the slice; 0 for everything that is left
        """
        self.ensure_one()
        if self.state != "running":
            return
        accounts = self._claim(first, last)
        if accounts:
            accounts._reconcile(self.company_id, wait=False)
        elif not last:
            self._end()
        if self.state == "running" and not self._has_waiting_jobs():
            # Other jobs may be at work on the rest: the last one ends the run.
            self._queue()

    def _has_waiting_jobs(self):
        """Whether a job of this run is still to come."""
        domain = [
            ("model_name", "=", self._name),
            ("state", "in", ("pending", "enqueued")),
            ("identity_key", "=like", f"account.reconciliation.run-{self.id}-%"),
        ]
        # Only whether there are any; the queue is for its managers.
        return bool(self.env["queue.job"].sudo().search_count(domain, limit=1))

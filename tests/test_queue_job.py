"""Runs through OCA's ``queue_job``; skipped where it isn't installed. script/prove queue-job installs it for this."""

from unittest.mock import patch

from odoo.addons.account_reconciliation.models.reconcile_accounts import account_reconciliation_run
from odoo.tests import tagged

from .common import ReconciliationCommon


@tagged("post_install", "-at_install")
class TestQueueJob(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.families = cls.env["res.partner"].create([{"name": f"Family {number}"} for number in range(5)])
        for family in cls.families:
            cls.document([10], partner=family)
            cls.payment(10, partner=family)

    def setUp(self):
        super().setUp()
        if "queue.job" not in self.env:
            self.skipTest("needs queue_job")

    def start(self):
        """A run in slices of two accounts."""
        with patch.object(account_reconciliation_run, "PARTIALS_AT_ONCE", 2):
            return self.env["account.reconciliation.run"]._start(self.company)

    def jobs(self, run, state="pending"):
        domain = [("identity_key", "=like", f"account.reconciliation.run-{run.id}-%"), ("state", "=", state)]
        return self.env["queue.job"].sudo().search(domain, order="id")  # the queue is for its managers

    def perform(self, job):
        """Do a job as the runner does, without its commits."""
        from odoo.addons.queue_job.job import Job

        loaded = Job.load(self.env, job.uuid)
        loaded.set_started()
        loaded.store()
        loaded.perform()
        loaded.set_done()
        loaded.store()
        self.env.invalidate_all()

    def test_a_slice_is_a_job_and_is_not_queued_twice(self):
        run = self.start()
        jobs = self.jobs(run)
        self.assertEqual(len(jobs), 3, "5 accounts, 2 a slice")
        run._queue_slices()
        self.assertEqual(self.jobs(run), jobs)

    def test_jobs_do_the_run_and_the_last_one_ends_it(self):
        run = self.start()
        for job in self.jobs(run):
            self.assertEqual(run.state, "running")
            self.perform(job)
        self.assertEqual((run.done_count, run.partial_count), (5, 5))
        # Whoever comes last looks whether anything is left.
        self.perform(self.jobs(run))
        self.assertEqual(run.state, "done")
        self.assertFalse(self.jobs(run))
        for family in self.families:
            document = self.env["account.move"].search(
                [("partner_id", "=", family.id), ("move_type", "=", "out_invoice")]
            )
            self.assertEqual(document.reconciliation_status, "full")

    def test_a_job_of_a_cancelled_run_does_nothing(self):
        run = self.start()
        run.action_cancel()
        for job in self.jobs(run):
            self.perform(job)
        self.assertEqual(run.partial_count, 0)

    def test_a_job_that_comes_twice_does_its_slice_once(self):
        run = self.start()
        job = self.jobs(run)[0]
        self.perform(job)
        was = run.partial_count
        run._process_job(*job.args)
        self.assertEqual(run.partial_count, was)

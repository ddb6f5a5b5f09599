"""The due run under ``kill -9``: in a process and a database of its own, killed at every moment that matters."""

from odoo.tests import tagged

from .common.process_case import ProcessCase


@tagged("post_install", "-at_install")
class TestKilledRun(ProcessCase):
    SCRIPT = "killed_run.py"
    NEEDS = "payment_demo"

    def look(self):
        """The planned payments as they are in the database now: a list of dicts, in their order."""
        return self.query(
            """
            SELECT planned.state, planned.reference, move.amount_residual::float AS open,
                   (SELECT SUM(amount_planned)::float FROM account_reconciliation_item
                     WHERE move_id = move.id) AS planned,
                   (SELECT COUNT(*) FROM account_payment
                     WHERE strpos(memo, COALESCE(planned.reference, move.name || ', planned payment 1')) > 0
                   ) AS payments,
                   (SELECT COUNT(*) FROM payment_transaction WHERE planned_payment_id = planned.id) AS transactions,
                   (SELECT COUNT(*) FROM mail_activity
                     WHERE res_model = 'account.planned.payment' AND res_id = planned.id) AS to_dos
              FROM account_planned_payment AS planned
              JOIN account_move AS move ON move.id = planned.move_id
             ORDER BY planned.id
            """
        )

    def assertPlanned(self, one, **expected):
        self.assertEqual({name: one[name] for name in expected}, expected)

    def charges(self, planned_payment):
        return self.log.read_text().splitlines().count(planned_payment["reference"])

    def test_nobody_is_charged_twice(self):
        """Each of the planned payments meets its kill, then the next run goes on from there."""
        self.run_step("set up")
        self.run_step("killed between charge and registration", killed=True)
        self.run_step("killed while registering", killed=True)
        first = self.look()[0]
        self.assertPlanned(first, state="processing", payments=0, open=75, planned=75)
        self.assertEqual(self.charges(first), 1)
        # The first is registered now; the second is killed before its answer, the third before its charge.
        self.run_step("killed while charging", killed=True)
        self.run_step("killed before the charge", killed=True)
        # The last one has no saved payment method: its payment and its reconciliation are one.
        self.run_step("killed while registering", killed=True)
        self.assertPlanned(self.look()[3], state="planned", payments=0, open=75, planned=75)
        self.run_step("run")
        paid, interrupted, not_sent, registered = self.look()
        self.assertPlanned(paid, state="done", payments=1, transactions=1, open=0, planned=0)
        self.assertPlanned(registered, state="done", payments=1, transactions=0, open=0, planned=0)
        # Whether the two others were charged nobody can know here: they aren't charged again, a person is asked.
        for _again in range(2):
            self.run_step("an hour later")
        asked = self.look()
        for one in asked[1:3]:
            self.assertPlanned(one, state="processing", payments=0, transactions=1, to_dos=1, open=75, planned=75)
        self.assertEqual([self.charges(one) for one in asked[:3]], [1, 1, 0])
        self.assertEqual((interrupted, not_sent), tuple({**one, "to_dos": 0} for one in asked[1:3]))

        # Two scheduled actions at once share the work, whoever comes first.
        self.run_step("set up")
        self.run_step("two at once")
        self.run_step("run")
        for one in self.look()[4:]:
            self.assertPlanned(one, state="done", payments=1, open=0, planned=0)
        charged = self.log.read_text().splitlines()
        self.assertEqual(len(charged), 5)
        self.assertEqual(len(set(charged)), 5)

"""The first steps on the overview: derived from the data, done from there, hidden per company; and the guided tours."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import ReconciliationCommon

STEPS = ["bank_accounts", "outstanding_accounts", "roles", "allocation_order", "automatic_matching"]
CONFIGURES = "account.group_account_manager"


class FirstStepsCommon(ReconciliationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user_with("manager", CONFIGURES, "base.group_system")
        cls.journals = cls.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", cls.company.id)])
        cls.methods = cls.journals.inbound_payment_method_line_ids | cls.journals.outbound_payment_method_line_ids
        cls.journals.bank_account_id = False
        cls.methods.payment_account_id = False
        cls.steps = {name: cls.env.ref(f"account_reconciliation.onboarding_step_{name}") for name in STEPS}

    def first_steps(self, user=None):
        return self.env["account.reconciliation.first.steps"].with_user(user or self.manager)

    def done(self, user=None):
        found = self.first_steps(user).get_first_steps()["steps"]
        self.assertEqual([step["id"] for step in found], [self.steps[name].id for name in STEPS])
        return {name: step["is_done"] for name, step in zip(STEPS, found, strict=True)}


@tagged("post_install", "-at_install")
class TestFirstSteps(FirstStepsCommon):
    def test_a_new_company_has_everything_to_do(self):
        self.assertEqual(self.done(), dict.fromkeys(STEPS, False))

    def test_each_is_done_when_it_is_set(self):
        for journal in self.journals:
            journal.bank_account_id = self.env["res.partner.bank"].create(
                {"acc_number": f"4711-{journal.id}", "partner_id": self.company.partner_id.id}
            )
        self.assertTrue(self.done()["bank_accounts"])
        self.methods.payment_account_id = self.company_data["default_account_assets"]
        self.assertTrue(self.done()["outstanding_accounts"])
        self.methods[0].payment_account_id = False
        self.assertFalse(self.done()["outstanding_accounts"])
        self.user_with("ann", "account_reconciliation.group_accountant")
        self.assertTrue(self.done()["roles"])
        self.company.allocation_order = "pro_rata"
        self.assertTrue(self.done()["allocation_order"])
        self.company.bank_match_automatic = False
        self.assertTrue(self.done()["automatic_matching"])

    def test_a_default_is_chosen_by_saying_so(self):
        for name in ("allocation_order", "automatic_matching"):
            self.choice(name)
            self.assertFalse(self.done()[name])
            self.choice(name).action_save()
            self.assertTrue(self.done()[name])
        self.assertEqual((self.company.allocation_order, self.company.bank_match_automatic), ("listed", True))

    def choice(self, name, user=None):
        """The dialog that a step opens."""
        action = self.first_steps().open_step(self.steps[name].id)
        dialog = self.env[action["res_model"]].with_user(user or self.manager).with_context(**action["context"])
        return dialog.create({})

    def test_what_is_chosen_is_set(self):
        choice = self.choice("allocation_order")
        choice.allocation_order = "pro_rata"
        choice.action_save()
        self.assertEqual(self.company.allocation_order, "pro_rata")
        choice = self.choice("automatic_matching")
        choice.bank_match_threshold = 0.999
        choice.action_save()
        self.assertEqual((self.company.bank_match_automatic, self.company.bank_match_threshold), (True, 0.999))

    def test_every_step_opens_something_that_can_be_shown(self):
        for name, step in self.steps.items():
            action = self.first_steps().open_step(step.id)
            views = [(view_id, kind) for view_id, kind in action["views"]]
            self.assertTrue(self.env[action["res_model"]].with_user(self.manager).get_views(views), name)

    def test_outstanding_accounts_of_the_chart_are_taken_with_one_button(self):
        own = self.company_data["default_account_assets"]
        self.methods[0].payment_account_id = own
        action = self.first_steps().open_step(self.steps["outstanding_accounts"].id)
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.methods.sorted("id"))
        self.methods.browse().with_user(self.manager).action_use_chart_accounts()
        chart = self.env["account.chart.template"].with_company(self.company)
        accounts = {
            "inbound": chart.ref("account_journal_payment_debit_account_id"),
            "outbound": chart.ref("account_journal_payment_credit_account_id"),
        }
        for method in self.methods[1:]:
            self.assertEqual(method.payment_account_id, accounts[method.payment_type])
        self.assertEqual(self.methods[0].payment_account_id, own, "what somebody has chosen stays")
        self.assertTrue(self.done()["outstanding_accounts"])
        ann = self.user_with("ann", "account_reconciliation.group_accountant")
        with self.assertRaises(AccessError):
            self.methods.with_user(ann).action_use_chart_accounts()

    def test_tours_are_offered_where_they_have_something_to_show(self):
        def shown():
            found = self.first_steps().get_first_steps()
            return found["has_documents"], found["has_unmatched"]

        self.assertEqual(shown(), (False, False))
        self.document([75])
        self.assertEqual(shown(), (True, False))
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-01-10", "payment_ref": "Tremblay family", "amount": 33}
        )
        self.assertEqual(shown(), (True, True))

    def test_hidden_for_this_company_only(self):
        other = self.setup_other_company(name="Second rink")["company"]
        self.manager.company_ids = [Command.link(other.id)]
        self.first_steps().hide_first_steps()
        self.assertTrue(self.first_steps().get_first_steps()["is_hidden"])
        self.assertFalse(self.first_steps().with_company(other).get_first_steps()["is_hidden"])
        self.first_steps().hide_first_steps(False)
        self.assertFalse(self.first_steps().get_first_steps()["is_hidden"])

    def test_each_company_has_its_own_state(self):
        other = self.setup_other_company(name="Second rink")["company"]
        self.manager.company_ids = [Command.link(other.id)]
        self.company.allocation_order = "oldest"
        found = self.first_steps().with_company(other).get_first_steps()["steps"]
        self.assertFalse(found[STEPS.index("allocation_order")]["is_done"])

    def test_steps_are_taken_by_those_who_configure_accounting(self):
        ann = self.user_with("ann", "account_reconciliation.group_accountant")
        for call in (
            lambda steps: steps.open_step(self.steps["roles"].id),
            lambda steps: steps.hide_first_steps(),
        ):
            with self.assertRaises(AccessError):
                call(self.first_steps(ann))
        with self.assertRaises(UserError):
            self.first_steps().open_step(0)
        with self.assertRaises(AccessError):
            self.choice("allocation_order", ann)
        owner = self.user_with("owner_role", "account_reconciliation.group_owner")
        with self.assertRaises(AccessError):  # changing a company takes an administrator
            self.choice("allocation_order", owner).action_save()

    def test_whoever_works_with_it_is_told_whom_to_ask(self):
        ann = self.user_with("ann", "account_reconciliation.group_accountant")
        found = self.first_steps(ann).get_first_steps()
        self.assertFalse(found["can_hide"])
        self.assertEqual({step["can_do"] for step in found["steps"]}, {False})
        for group, steps in ((CONFIGURES, found["steps"][:2]), ("base.group_system", found["steps"][2:])):
            able = self.env["res.users"].search([("company_ids", "in", self.company.ids)], order="id")
            names = able.filtered(lambda user, group=group: user.has_group(group))[:3].mapped("name")
            self.assertTrue(names)
            self.assertEqual({step["ask"] for step in steps}, {", ".join(names)})
        for looks in ("group_general", "group_client_billing"):
            user = self.user_with(f"looks_{looks}", f"account_reconciliation.{looks}")
            self.assertIs(self.first_steps(user).get_first_steps(), False)

    def test_what_needs_an_administrator_says_so(self):
        owner = self.user_with("owner_role", "account_reconciliation.group_owner")
        found = self.first_steps(owner).get_first_steps()["steps"]
        can_do = {name: step["can_do"] for name, step in zip(STEPS, found, strict=True)}
        self.assertEqual(
            can_do,
            {
                "bank_accounts": True, "outstanding_accounts": True, "roles": False, "allocation_order": False,
                "automatic_matching": False,
            },
        )  # fmt: skip


@tagged("post_install", "-at_install")
class TestFirstStepsInBrowser(FirstStepsCommon, HttpCase):
    def test_steps_are_done_from_the_overview(self):
        self.start_tour(
            "/odoo/reconciliation-overview", "account_reconciliation_first_steps", login="manager", timeout=120
        )
        self.env.invalidate_all()
        self.assertEqual(self.company.allocation_order, "pro_rata")
        self.assertTrue(self.done()["allocation_order"])
        self.assertTrue(self.first_steps().get_first_steps()["is_hidden"])

    def test_tour_of_client_billing(self):
        invoice = self.document([75, 75, 20])
        self.register_payment(invoice, 100)
        self.user_with("ann", "account_reconciliation.group_accountant")
        self.start_tour("/odoo/client-accounts", "account_reconciliation_billing_tour", login="ann", timeout=120)

    def test_tour_of_bank_matching(self):
        self.document([75, 75, 20])
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-01-10", "payment_ref": "Tremblay family", "amount": 33}
        )
        self.user_with("ann", "account_reconciliation.group_accountant")
        self.start_tour("/odoo/bank-matching", "account_reconciliation_matching_tour", login="ann", timeout=120)

    def test_tours_can_be_started_by_hand(self):
        for name in ("billing", "matching"):
            tour = self.env.ref(f"account_reconciliation.tour_{name}")
            self.assertEqual(tour.name, f"account_reconciliation_{name}_tour")

from odoo import api, models
from odoo.exceptions import UserError

from ..common import kinds
from ..common.permissions import BANK, CONFIGURES, MANAGE, require
from ..common.remote_calls import remote_call

ONBOARDING = "account_reconciliation.onboarding_first_steps"
STEP = "account_reconciliation.onboarding_step_"
# The steps that an administrator of accounting can do, without being an administrator of Odoo.
ACCOUNTING_STEPS = ("bank_accounts", "outstanding_accounts")
# The most names of colleagues that are shown.
NAMES_MAX = 3


class AccountReconciliationFirstSteps(models.AbstractModel):
    """The settings to make first, in order; shown on the overview to users of the addon.

    The steps are records of Odoo's ``onboarding`` module, which also keeps that a company has hidden them. Whether one
    is done is asked of the data each time. Where a default may well be what the company wants, it is done when somebody
    has said so.
    """

    _name = "account.reconciliation.first.steps"
    _description = "First steps"

    @api.model
    @remote_call()
    def get_first_steps(self):
        """The first steps of the current company.

        :return: dict ``is_hidden``; ``has_documents`` and ``has_unmatched``, whether there is anything that the
            guided tours could show; ``can_hide``, whether the user may hide them for the company; and ``steps``, a
            list of dicts ``id``, ``title``, ``description``, ``button``, ``is_done``, ``can_do``, ``ask`` (names of
            those who can do what the user can't); False for whoever only looks
        """
        user = self.env.user
        if not any(user.has_group(group) for group in (CONFIGURES, MANAGE, BANK)):
            return False
        onboarding = self._onboarding()
        here = [("company_id", "=", self.env.company.id)]
        unmatched = [*here, ("match_status", "=", "unmatched")]
        return {
            "is_hidden": onboarding.is_onboarding_closed,
            "has_documents": bool(self.env["account.reconciliation.item"].search(here, limit=1, order="id")),
            "can_hide": user.has_group(CONFIGURES),
            "has_unmatched": bool(self.env["account.bank.statement.line"].search(unmatched, limit=1, order="id")),
            "steps": [
                {
                    "id": step.id,
                    "title": step.title,
                    "description": step.description,
                    "button": step.button_text,
                    "is_done": self._is_done(step),
                    "can_do": self._can_do(step),
                    "ask": "" if self._can_do(step) else self._names_who_can(step),
                }
                for step in onboarding.step_ids.sorted("sequence")
            ],
        }

    @api.model
    @remote_call(step_id=kinds.record_id)
    def open_step(self, step_id):
        """What the button of a step opens.

        :param step_id: id of one of the steps
        :return: an action
        :raise AccessError: for a user who does not configure accounting
        :raise UserError: where it is none of the steps
        """
        require(self.env, CONFIGURES)
        step = self._onboarding().step_ids.filtered(lambda one: one.id == step_id)
        if not step:
            raise UserError(self.env._("There is no such step. Reload the page."))
        # As the user: what is opened checks the rights.
        return getattr(self.env["onboarding.onboarding.step"], step.panel_step_open_action_name)()

    @api.model
    @remote_call(hidden=kinds.flag)
    def hide_first_steps(self, hidden=True):
        """Hide the first steps of the current company, or show them again.

        :raise AccessError: for a user who does not configure accounting
        """
        require(self.env, CONFIGURES)
        self._onboarding()._search_or_create_progress().is_onboarding_closed = hidden

    def _onboarding(self):
        # Titles, and whether the panel is hidden. Odoo keeps these records to itself; the callers check the right.
        return self.env.ref(ONBOARDING).sudo()

    def _name_of(self, step):
        return step.get_external_id()[step.id].removeprefix(STEP)

    def _is_done(self, step):
        """Whether a step is done in the current company."""
        check = getattr(self, f"_is_done_{self._name_of(step)}", None)
        # A step that another addon adds says so itself.
        return bool(check and check(self.env.company)) or step.current_step_state != "not_done"

    def _can_do(self, step):
        """Whether the user has the rights for what a step opens."""
        model = {
            "bank_accounts": "account.journal",
            "outstanding_accounts": "account.payment.method.line",
            "roles": "res.users",
            "allocation_order": "res.company",
            "automatic_matching": "res.company",
        }.get(self._name_of(step))
        return self.env.user.has_group(CONFIGURES) and (not model or self.env[model].has_access("write"))

    def _names_who_can(self, step):
        """The names of users who can do a step: administrators of Odoo, or of accounting where those can."""
        group = CONFIGURES if self._name_of(step) in ACCOUNTING_STEPS else "base.group_system"
        # Names of colleagues whom to ask.
        users = self.env["res.users"].sudo().search(
            [
                ("all_group_ids", "in", self.env.ref(group).ids), ("company_ids", "in", self.env.company.ids),
                ("share", "=", False),
            ],
            limit=NAMES_MAX, order="id",
        )  # fmt: skip
        return ", ".join(users.mapped("name"))

    def _bank_journals(self, company):
        return self.env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)])

    def _is_done_bank_accounts(self, company):
        journals = self._bank_journals(company)
        return journals and all(journal.bank_account_id for journal in journals)

    def _is_done_outstanding_accounts(self, company):
        journals = self._bank_journals(company)
        methods = journals.inbound_payment_method_line_ids | journals.outbound_payment_method_line_ids
        return methods and all(method.payment_account_id for method in methods)

    def _is_done_roles(self, company):
        role = self.env.ref("account_reconciliation.group_general")
        # Only whether anybody has a role.
        users = self.env["res.users"].sudo()
        return users.search_count([("all_group_ids", "in", role.ids), ("company_ids", "in", company.ids)], limit=1)

    def _is_done_allocation_order(self, company):
        return company.allocation_order != "listed"

    def _is_done_automatic_matching(self, company):
        return not company.bank_match_automatic

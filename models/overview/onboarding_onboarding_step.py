from odoo import api, models

from ..common.actions import form_of
from ..common.remote_calls import remote_call


class OnboardingOnboardingStep(models.Model):
    """What the first steps of reconciliation open. The caller needs the rights for what is opened, no more."""

    _inherit = "onboarding.onboarding.step"

    @api.model
    @remote_call()
    def action_open_step_bank_accounts(self):
        """Ask for a bank account and its number."""
        return self.env.company.setting_init_bank_account_action()

    @api.model
    @remote_call()
    def action_open_step_outstanding_accounts(self):
        """List the payment methods of the bank accounts, each with its outstanding account to choose."""
        methods = self.env["account.payment.method.line"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Outstanding accounts"),
            "res_model": methods._name,
            "views": [(self.env.ref("account_reconciliation.view_outstanding_accounts").id, "list")],
            "domain": methods._of_bank_accounts(self.env.company),
        }

    @api.model
    @remote_call()
    def action_open_step_roles(self):
        """List the users."""
        return self.env["ir.actions.act_window"]._for_xml_id("base.action_res_users")

    @api.model
    @remote_call()
    def action_open_step_allocation_order(self):
        """Ask for the allocation order of the company."""
        return self._choose_for_company("allocation_order", self.env._("Allocation order"))

    @api.model
    @remote_call()
    def action_open_step_automatic_matching(self):
        """Ask whether bank transactions are matched automatically."""
        return self._choose_for_company("automatic_matching", self.env._("Automatic matching"))

    def _choose_for_company(self, name, title):
        context = {"default_step": name, "dialog_size": "medium"}
        return form_of(self.env["account.reconciliation.choice"], title, is_dialog=True, context=context)

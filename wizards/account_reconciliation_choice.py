from odoo import api, fields, models

from ..models.common.actions import CLOSE
from ..models.common.remote_calls import remote_call
from ..models.items.res_company import ALLOCATION_ORDERS


class AccountReconciliationChoice(models.TransientModel):
    """A setting of the first steps that has a default, which somebody confirms or changes."""

    _name = "account.reconciliation.choice"
    _description = "Choice of the first steps"

    step = fields.Selection(
        [("allocation_order", "Allocation order"), ("automatic_matching", "Automatic matching")], required=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    allocation_order = fields.Selection(
        ALLOCATION_ORDERS, required=True, compute="_compute_choices", store=True, readonly=False, precompute=True
    )
    bank_match_automatic = fields.Boolean(
        "Auto-match", compute="_compute_choices", store=True, readonly=False, precompute=True
    )
    bank_match_threshold = fields.Float(
        "Only from a confidence of",
        digits=(4, 4),
        compute="_compute_choices",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("company_id")
    def _compute_choices(self):
        for choice in self:
            company = choice.company_id
            choice.allocation_order = company.allocation_order
            choice.bank_match_automatic = company.bank_match_automatic
            choice.bank_match_threshold = company.bank_match_threshold

    @remote_call(one=True)
    def action_save(self):
        """Set what is chosen, and remember that somebody has chosen.

        :return: closes the dialog
        :raise AccessError: without the right to change the company
        """
        chosen = {
            "allocation_order": ["allocation_order"],
            "automatic_matching": ["bank_match_automatic", "bank_match_threshold"],
        }[self.step]
        self.company_id.write({name: self[name] for name in chosen})
        step = self.env.ref(f"account_reconciliation.onboarding_step_{self.step}")
        # Odoo keeps these records to itself; a user who may change the company has chosen.
        step.sudo().with_company(self.company_id).action_set_just_done()
        return CLOSE

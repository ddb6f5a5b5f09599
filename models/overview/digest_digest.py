from odoo import fields, models
from odoo.exceptions import AccessError

from .account_reconciliation_reminder import NEEDED

KPIS = {
    # field: (subject of the reminders, action)
    "kpi_bank_unmatched": ("unmatched", "account_reconciliation.action_bank_transactions"),
    "kpi_money_not_applied": ("money", "account_reconciliation.action_unreconciled_items"),
    "kpi_planned_failed": ("failed", "account_reconciliation.action_planned_payments"),
    "kpi_bank_periods": ("periods", "account_reconciliation.action_bank_reconciliations"),
}


class DigestDigest(models.Model):
    """What waits to be reconciled, in Odoo's digest e-mail: all of it up to the end of each of the e-mail's periods."""

    _inherit = "digest.digest"

    kpi_bank_unmatched = fields.Boolean("Bank transactions to match")
    kpi_bank_unmatched_value = fields.Integer(compute="_compute_kpi_bank_unmatched_value")
    kpi_money_not_applied = fields.Boolean("Payments and credits to apply")
    kpi_money_not_applied_value = fields.Integer(compute="_compute_kpi_money_not_applied_value")
    kpi_planned_failed = fields.Boolean("Planned payments that failed")
    kpi_planned_failed_value = fields.Integer(compute="_compute_kpi_planned_failed_value")
    kpi_bank_periods = fields.Boolean("Bank reconciliations to close")
    kpi_bank_periods_value = fields.Integer(compute="_compute_kpi_bank_periods_value")

    def _compute_kpi_bank_unmatched_value(self):
        self._compute_waiting("kpi_bank_unmatched")

    def _compute_kpi_money_not_applied_value(self):
        self._compute_waiting("kpi_money_not_applied")

    def _compute_kpi_planned_failed_value(self):
        self._compute_waiting("kpi_planned_failed")

    def _compute_kpi_bank_periods_value(self):
        self._compute_waiting("kpi_bank_periods")

    def _compute_waiting(self, kpi):
        """Count what waits.

        :raise AccessError: where the user may not see it; the digest then leaves it out of this user's e-mail
        """
        subject = KPIS[kpi][0]
        _start, end, companies = self._get_kpi_compute_parameters()
        end = fields.Datetime.to_datetime(end)
        user = self.env.user
        if not user.has_group(NEEDED[subject]) or companies - user.company_ids:
            raise AccessError(self.env._("You have no access to this figure, so your digest leaves it out."))
        # The permission and the companies were checked above; only a number is shown.
        reminders = self.env["account.reconciliation.reminder"].sudo()
        found = {}
        for company in companies:
            found |= reminders._count_waiting(company, subject, end and company._today(end))
        for digest in self:
            company = digest.company_id or self.env.company
            digest[f"{kpi}_value"] = sum(count for key, count in found.items() if key[0] == company.id)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("account_reconciliation.menu_root").id
        return {**actions, **{kpi: f"{action}?menu_id={menu}" for kpi, (_subject, action) in KPIS.items()}}

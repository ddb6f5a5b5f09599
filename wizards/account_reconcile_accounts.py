from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.items.allocation_order_sql import EXPLICIT
from ..engine.reconcile_accounts import plan_sql
from ..models.common.permissions import MANAGE, require
from ..models.common.remote_calls import remote_call
from ..models.common.statement_timeout import explain_timeout
from ..models.reconcile_accounts.account_reconciliation_run import SCOPES


class AccountReconcileAccounts(models.TransientModel):
    """“Reconcile account(s)”: what will be done, then doing it, oldest to newest."""

    _name = "account.reconcile.accounts"
    _description = "Reconcile accounts"

    scope = fields.Selection(SCOPES, required=True, default="all")
    partner_ids = fields.Many2many("res.partner", string="Accounts", help="Their account owners are reconciled.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    account_count = fields.Integer("Accounts to reconcile", compute="_compute_preview")
    transaction_count = fields.Integer("Transactions to reconcile", compute="_compute_preview")
    amount_text = fields.Char("Money to reconcile", compute="_compute_preview")
    has_explicit = fields.Boolean("Some accounts are left to a person", compute="_compute_has_explicit")

    @api.depends("scope", "partner_ids", "company_id")
    def _compute_preview(self):
        for wizard in self:
            self.env["account.move.line"].flush_model()
            companies = wizard.company_id & self.env.companies  # no figures of other companies
            owners = None if wizard.scope == "all" else wizard.partner_ids.commercial_partner_id._origin.ids
            accounts, transactions, amounts = set(), 0, {}
            for owner_id, currency_id, count, amount in self.env.execute_query(plan_sql.preview(companies.ids, owners)):
                accounts.add(owner_id)
                transactions += count
                amounts[currency_id] = amounts.get(currency_id, 0) + amount
            wizard.account_count = len(accounts)
            wizard.transaction_count = transactions
            wizard.amount_text = self.env["res.currency"]._format_totals(amounts)

    @api.depends("scope", "partner_ids", "company_id")
    def _compute_has_explicit(self):
        for wizard in self:
            owners = wizard.partner_ids.commercial_partner_id._origin
            if wizard.scope == "all":
                explicit = self.env["res.partner"].with_company(wizard.company_id).search_count(
                    [("allocation_order", "=", EXPLICIT)], limit=1
                )  # fmt: skip
                wizard.has_explicit = explicit or wizard.company_id.allocation_order == EXPLICIT
            else:
                wizard.has_explicit = any(owner._allocation_order(wizard.company_id) == EXPLICIT for owner in owners)

    def _start(self):
        self.ensure_one()
        require(self.env, MANAGE)
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%s is not among the companies you have selected. Select it at the top right first.",
                    self.company_id.name,
                )
            )
        if self.scope == "selected" and not self.partner_ids:
            raise UserError(self.env._("No account is selected. Choose at least one, or reconcile all accounts."))
        partners = None if self.scope == "all" else self.partner_ids
        return self.env["account.reconciliation.run"]._start(self.company_id, partners)

    @remote_call(one=True)
    @explain_timeout
    def action_reconcile(self):
        """Reconcile the chosen accounts to the end.

        :return: the action that shows the summary
        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where no account is chosen
        """
        run = self._start()
        run._process()
        return run.action_open_summary()

    @remote_call(one=True)
    def action_start(self):
        """Reconcile the chosen accounts in slices, with progress and Cancel; each slice is committed.

        :return: the action of the progress dialog
        """
        run = self._start()
        return {
            "type": "ir.actions.client",
            "tag": "account_reconciliation.run_progress",
            "name": self.env._("Reconciling accounts"),
            "target": "new",
            "params": {"run_id": run.id, "account_count": run.account_count},
        }

    @api.model
    @remote_call()
    def run_batch(self):
        """Reconcile all accounts in committed slices, as a scheduled action does at night.

        :raise AccessError: without the permission to manage reconciliations
        """
        self.env["account.reconciliation.run"]._run_slices()

    @api.model
    @remote_call()
    def help_running(self):
        """Share the work of runs that are running, as several scheduled actions on several servers do.

        :raise AccessError: without the permission to manage reconciliations
        """
        self.env["account.reconciliation.run"]._help_running()

import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime
from psycopg2 import errors

from ..engine import plan as plan_sql
from .permissions import MANAGE, require

BATCH = 5  # accounts between two looks at the clock


class AccountReconciliationRun(models.Model):
    """One “Reconcile accounts”: its work list, its progress, what it did and what it had to leave.

    The work list lies in the database, an account a row. Whoever works on the run (the dialog of a user, a scheduled
    action, another server) takes the next free rows; a run that was cut off goes on from where it was.
    """

    _name = "account.reconciliation.run"
    _description = "Reconciliation run"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    scope = fields.Selection(
        [("selected", "Selected accounts"), ("all", "All accounts")], required=True, readonly=True, default="all"
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="running",
    )
    account_ids = fields.One2many("account.reconciliation.run.account", "run_id", "Accounts", readonly=True)
    account_count = fields.Integer("Number of accounts", compute="_compute_progress")
    done_count = fields.Integer("Accounts done", compute="_compute_progress")
    touched_count = fields.Integer("Accounts reconciled", compute="_compute_progress")
    failed_count = fields.Integer("Accounts left", compute="_compute_progress")
    partial_count = fields.Integer("Reconciliations made", compute="_compute_progress")
    transaction_count = fields.Integer("Transactions", compute="_compute_progress")
    amounts = fields.Char("Reconciled", compute="_compute_progress")
    open_documents = fields.Char("Documents still open", compute="_compute_progress")
    open_money = fields.Char("Money still open", compute="_compute_progress")
    date_end = fields.Datetime("Ended on", readonly=True)

    _TRANSITIONS = {("running", "done"), ("running", "cancelled")}

    @api.depends("account_ids.state", "account_ids.partial_count")
    def _compute_progress(self):
        for run in self:
            accounts = run.account_ids
            run.account_count = len(accounts)
            run.done_count = len(accounts.filtered(lambda account: account.state != "pending"))
            run.touched_count = len(accounts.filtered("partial_count"))
            run.failed_count = len(accounts.filtered(lambda account: account.state == "failed"))
            run.partial_count = sum(accounts.mapped("partial_count"))
            run.transaction_count = sum(accounts.mapped("transaction_count"))
            run.amounts = run._format_totals("amounts")
            run.open_documents = run._format_totals("open_documents")
            run.open_money = run._format_totals("open_money")

    @api.depends("create_date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Run of %s", format_datetime(self.env, run.create_date, dt_format="short"))

    def _format_totals(self, name):
        totals = {}
        for account in self.account_ids:
            for currency_id, amount in (account[name] or {}).items():
                totals[int(currency_id)] = totals.get(int(currency_id), 0.0) + amount
        return self.env["res.currency"]._format_totals(totals)

    def _set_state(self, state):
        """The one door for a change of state."""
        for run in self:
            if (run.state, state) not in self._TRANSITIONS:
                raise UserError(self.env._("A run that is %(old)s can't become %(new)s.", old=run.state, new=state))
        self.write({"state": state, "date_end": fields.Datetime.now()})

    @api.model
    def _start(self, company, partners=None):
        """Write the work list of a run: every account owner with money and documents that fit.

        :param company: res.company
        :param partners: res.partner records whose account owners are reconciled, or None for all
        :return: the account.reconciliation.run
        """
        require(self.env, MANAGE)
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        owners = None if partners is None else partners.commercial_partner_id.ids
        # The work list is the addon's own; the permission was asked for above.
        run = self.sudo().create({"company_id": company.id, "scope": "all" if partners is None else "selected"})
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_reconciliation_run_account
                       (run_id, partner_id, state, partial_count, transaction_count)
                SELECT DISTINCT %s, owner_id, 'pending', 0, 0 FROM (%s) AS planned ORDER BY owner_id
                """,
                run.id,
                plan_sql.plan([company.id], owners),
            )
        )
        run.invalidate_recordset()
        return run.with_env(self.env)

    def _process(self, seconds=None, commit=None):
        """Reconcile the pending accounts of running runs, one after the other, each whole or not at all.

        :param seconds: stop after about this long; None for to the end
        :param commit: called with the number of accounts done after each batch (a scheduled action commits there)
        :return: True where nothing is pending any more
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        for run in self:
            while run.state == "running":
                accounts = run._claim()
                if not accounts:
                    run.sudo()._set_state("done")
                    break
                for account in accounts:
                    account._reconcile()
                if commit:
                    commit(len(accounts))
                if deadline and time.monotonic() > deadline:
                    return False
        return all(run.state != "running" for run in self)

    def _claim(self):
        """Lock the next pending accounts that nobody else is working on."""
        self.ensure_one()
        self.env["account.reconciliation.run.account"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM account_reconciliation_run_account
                 WHERE run_id = %s AND state = 'pending' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                self.id,
                BATCH,
            )
        )
        return self.env["account.reconciliation.run.account"].browse([row[0] for row in rows])

    def process_slice(self, seconds=1):
        """Work for a moment and tell how far it is: what the progress dialog calls again and again.

        :param seconds: how long to work, at most 20
        :return: dict ``state``, ``account_count``, ``done_count``, ``transaction_count``, ``partial_count``,
            ``amounts``, ``failed_count``
        :raise AccessError: without the permission to manage reconciliations
        """
        self.ensure_one()
        require(self.env, MANAGE)
        self._process(min(20.0, float(seconds)))  # 20 for what is not a number, too
        names = (
            "state",
            "account_count",
            "done_count",
            "transaction_count",
            "partial_count",
            "amounts",
            "failed_count",
        )
        return {name: self[name] for name in names}

    def action_cancel(self):
        """Stop a run: what is reconciled stays, what is pending is not touched."""
        require(self.env, MANAGE)
        # The run is the addon's own record; the permission was asked for above.
        self.filtered(lambda run: run.state == "running").sudo()._set_state("cancelled")
        return True

    def action_open_summary(self):
        """Open the summary of the run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconciliation summary"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }


class AccountReconciliationRunAccount(models.Model):
    """One account of a run."""

    _name = "account.reconciliation.run.account"
    _description = "Account of a reconciliation run"
    _order = "run_id desc, id"
    _rec_name = "partner_id"
    _log_access = False

    run_id = fields.Many2one("account.reconciliation.run", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id")
    partner_id = fields.Many2one("res.partner", "Account owner", required=True, ondelete="cascade")
    state = fields.Selection(
        [("pending", "Pending"), ("done", "Done"), ("failed", "Left alone")], required=True, default="pending"
    )
    partial_count = fields.Integer("Reconciliations")
    transaction_count = fields.Integer("Transactions")
    amounts = fields.Json()
    open_documents = fields.Json()
    open_money = fields.Json()
    amounts_text = fields.Char("Reconciled", compute="_compute_texts")
    open_documents_text = fields.Char("Documents still open", compute="_compute_texts")
    open_money_text = fields.Char("Money still open", compute="_compute_texts")
    message = fields.Char("Why")

    _pending_idx = models.Index("(run_id, id) WHERE state = 'pending'")

    @api.depends("amounts", "open_documents", "open_money")
    def _compute_texts(self):
        for account in self:
            for name in ("amounts", "open_documents", "open_money"):
                totals = {int(currency_id): amount for currency_id, amount in (account[name] or {}).items()}
                account[f"{name}_text"] = self.env["res.currency"]._format_totals(totals)

    def _reconcile(self):
        """Reconcile this account whole, or leave it whole and say why."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                done = self.partner_id._reconcile_account_owner(self.run_id.company_id)
        except (UserError, errors.CheckViolation) as error:
            self.env.invalidate_all(flush=False)
            # The work list is the addon's own; the run asked for the permission when it started.
            self.sudo().write({"state": "failed", "message": str(error)})
            return
        values = {
            name: {str(currency.id): currency.round(amount) for currency, amount in done[name].items() if amount}
            for name in ("amounts", "open_documents", "open_money")
        }
        message = False
        if values["open_documents"] and values["open_money"]:
            message = self.env._("Different currency or ledger account: nothing fits what is left.")
        elif values["open_documents"]:
            message = self.env._("No money left for the open documents.")
        elif values["open_money"]:
            message = self.env._("No open document left for the money.")
        self.sudo().write({
            "state": "done",
            "partial_count": done["partials"],
            "transaction_count": done["transactions"],
            "message": message,
            **values,
        })  # fmt: skip

    def action_open_client_billing(self):
        """Open the billing of this account."""
        return self.partner_id.action_open_client_billing()

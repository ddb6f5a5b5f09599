import time
from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ...engine.reconcile_accounts import plan_sql
from ..common import kinds
from ..common.actions import form_of
from ..common.permissions import MANAGE, VIEW, require
from ..common.remote_calls import remote_call
from ..common.retry import back_off, retry_on_conflict
from ..common.sql import claim_rows, without_jit
from ..common.statement_timeout import explain_timeout

# One transaction reconciles about so many partials, of so many accounts at most: locks are held for about a second.
PARTIALS_AT_ONCE = 2_000
ACCOUNTS_AT_ONCE = 500
# How often an account that another transaction has locked is tried again.
BUSY_TRIES = 12
SCOPES = [("selected", "Selected accounts"), ("all", "All accounts")]
# What a run adds up in each currency.
TOTALS = ("amounts", "open_documents", "open_money")


class AccountReconciliationRun(models.Model):
    """A run of “Reconcile accounts”: its accounts, its progress, what it reconciled and what stays open.

    The accounts are rows in the database. Each process that works on the run (the dialog of a user, scheduled
    actions, other servers, jobs) locks the next free rows; a run that was interrupted continues from there.
    """

    _name = "account.reconciliation.run"
    _description = "Reconciliation run"
    _inherit = ["reconciliation.state.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    scope = fields.Selection(SCOPES, required=True, readonly=True, default="all")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("undoing", "Being undone"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    account_ids = fields.One2many("account.reconciliation.run.account", "run_id", "Accounts", readonly=True)
    batch_size = fields.Integer("Accounts per slice", readonly=True, default=1)
    account_count = fields.Integer("Number of accounts", compute="_compute_progress")
    done_count = fields.Integer("Accounts done", compute="_compute_progress")
    touched_count = fields.Integer("Accounts reconciled", compute="_compute_progress")
    failed_count = fields.Integer("Accounts left", compute="_compute_progress")
    partial_count = fields.Integer("Reconciliations made", compute="_compute_progress")
    odoo_count = fields.Integer(
        "By Odoo's own method",
        compute="_compute_progress",
        help="Reconciliations that can't be written in bulk: Odoo books more for them than they themselves.",
    )
    why_text = fields.Char("Because of", compute="_compute_progress")
    transaction_count = fields.Integer("Transactions", compute="_compute_progress")
    amounts = fields.Char("Reconciled", compute="_compute_progress")
    open_documents = fields.Char("Documents still open", compute="_compute_progress")
    open_money = fields.Char("Money still open", compute="_compute_progress")
    date_end = fields.Datetime("Ended on", readonly=True)
    notice = fields.Char(readonly=True, help="Why the run takes longer than usual.")

    _transitions = frozenset({
        ("running", "done"),
        ("running", "cancelled"),
        ("done", "undoing"),
        ("cancelled", "undoing"),
        ("undoing", "undone"),
    })  # fmt: skip

    @api.depends("account_ids.state", "account_ids.partial_count")
    def _compute_progress(self):
        accounts = self.env["account.reconciliation.run.account"]
        accounts.flush_model()
        counts = {
            row[0]: row[1:]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT run_id, COUNT(*), COUNT(*) FILTER (WHERE state <> 'pending'),
                           COUNT(*) FILTER (WHERE partial_count > 0), COUNT(*) FILTER (WHERE state = 'failed'),
                           SUM(partial_count), SUM(odoo_count), SUM(transaction_count)
                      FROM account_reconciliation_run_account WHERE run_id = ANY(%s) GROUP BY run_id
                    """,
                    self.ids,
                )
            )
        }
        names = (
            "account_count", "done_count", "touched_count", "failed_count", "partial_count", "odoo_count",
            "transaction_count",
        )  # fmt: skip
        reasons = self.env["account.bulk.reconcile"]._reasons()
        for run in self:
            for name, count in zip(names, counts.get(run.id, [0] * len(names)), strict=True):
                run[name] = count
            for name in TOTALS:
                totals = {int(currency): amount for currency, amount in run._sum(name).items()}
                run[name] = self.env["res.currency"]._format_totals(totals)
            run.why_text = "; ".join(f"{int(count)} {reasons.get(why, why)}" for why, count in run._sum("why").items())

    def _sum(self, name):
        """Add up a JSON column of ``{key: number}`` over the accounts."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT part.key, SUM(part.value::numeric)
                      FROM account_reconciliation_run_account AS account, jsonb_each_text(account.%(name)s) AS part
                     WHERE account.run_id = %(run)s AND jsonb_typeof(account.%(name)s) = 'object'
                     GROUP BY part.key ORDER BY part.key
                    """,
                    name=SQL.identifier(name),
                    run=self._origin.id or None,
                )
            )
        )

    @api.depends("create_date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Run of %s", format_datetime(self.env, run.create_date, dt_format="short"))

    def _set_state(self, state, **values):
        """Change the state, and note when the run ended."""
        return super()._set_state(state, date_end=fields.Datetime.now(), **values)

    # -- starting -----------------------------------------------------------------------------------------------------

    @api.model
    @explain_timeout
    def _start(self, company, partners=None):
        """Create a run with every account owner that has money and documents to reconcile.

        :param company: res.company
        :param partners: res.partner records whose account owners are reconciled, or None for all
        :return: the account.reconciliation.run
        """
        require(self.env, MANAGE)
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        owners = None if partners is None else partners.commercial_partner_id.ids
        # The work list is the addon's own; the permission was checked above.
        run = self.sudo().create({
            "company_id": company.id,
            "scope": "all" if partners is None else "selected",
            "notice": self.env["account.bulk.reconcile"]._changed_methods_notice(),
        })  # fmt: skip
        cr = self.env.cr
        without_jit(cr)
        cr.execute(
            SQL(
                """
                INSERT INTO account_reconciliation_run_account
                       (run_id, partner_id, state, planned_count, attempts, partial_count, odoo_count,
                        transaction_count)
                SELECT %s, owner_id, 'pending', partials, 0, 0, 0, 0 FROM (%s) AS planned
                RETURNING planned_count
                """,
                run.id,
                plan_sql.work_list([company.id], owners),
            )
        )
        planned, accounts = 0, 0
        while rows := cr.fetchmany(10_000):
            planned += sum(row[0] for row in rows)
            accounts += len(rows)
        run.batch_size = max(1, PARTIALS_AT_ONCE // ceil(planned / accounts)) if accounts else 1
        run.invalidate_recordset(flush=True)
        if partners is None and accounts > run.batch_size:
            run._call_helpers()
        return run.with_env(self.env)

    def _call_helpers(self):
        """Have scheduled actions of this and other servers share the work, as soon as it is committed."""
        for number in (1, 2, 3):
            helper = self.env.ref(f"account_reconciliation.cron_reconcile_helper_{number}", raise_if_not_found=False)
            if helper and helper.sudo().active:
                helper.sudo()._trigger()  # only the addon's own scheduled actions

    # -- scheduled actions --------------------------------------------------------------------------------------------

    @api.model
    def _run_slices(self):
        """Reconcile all accounts in committed slices: unfinished runs first, then a new one for each company.

        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        companies, runs = self._running_runs()
        for company in companies - runs.company_id:
            runs |= runs._start(company)
        self.env["ir.cron"]._commit_progress(remaining=runs._pending_count())
        runs._work(self.env["ir.cron"])

    @api.model
    def _help_running(self):
        """Share the work of runs that are running.

        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        _companies, runs = self._running_runs()
        self.env["ir.cron"]._commit_progress(remaining=runs._pending_count())
        runs._work(self.env["ir.cron"])

    @api.model
    def _running_runs(self):
        """The runs that are running, and the companies that they are looked for in.

        :return: ``(res.company records, account.reconciliation.run records)``: all active companies for the superuser,
            as whom scheduled actions run, and the selected ones for anyone else
        """
        companies = self.env["res.company"].search([("active", "=", True)]) if self.env.su else self.env.companies
        domain = [("state", "=", "running"), ("company_id", "in", companies.ids)]
        # Runs are the addon's own records; the callers check the permission.
        return companies, self.sudo().search(domain, order="id")

    # -- working ------------------------------------------------------------------------------------------------------

    def _process(self, seconds=None, commit=None):
        """Reconcile the pending accounts of running runs, slice by slice, each account whole or not at all.

        Accounts that somebody else works on are passed over and tried again later; without a limit of time and without
        commits, they are waited for.

        :param seconds: stop after about this long; None for to the end
        :param commit: called with the number of accounts done after each slice, commits, and returns how many seconds
            are left (a scheduled action's); a slice that meets somebody else's changes is then tried again
        :return: True where nothing is left to do
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        wait = commit is None and seconds is None
        for run in self:
            idle = 0
            while run.state == "running":
                done, busy = run._try_slice(wait, retry=commit is not None)
                if not done and not busy:
                    if run.state == "running" and deadline:
                        back_off(idle + 2)  # other processes have the rest: wait before asking again
                    break
                if commit and commit(done) == 0:
                    return False
                if deadline and time.monotonic() > deadline:
                    return False
                idle = 0 if done else idle + 1
                if idle:
                    back_off(idle)
            if commit:
                commit(0)
        return all(run.state != "running" for run in self)

    def _work(self, cron):
        """Process these runs as a scheduled action, each in the name of who started it.

        :param cron: ir.cron
        """
        for run in self:
            # The user who started the run had the permission, and is the author of its reconciliations.
            owner = run.with_company(run.company_id).with_user(run.create_uid).sudo()
            is_done = owner._process(commit=cron._commit_progress) or run.state != "running"
            # Others are working on what is left, or the time is up.
            if not is_done and not cron._commit_progress():
                break
        cron._commit_progress(remaining=self._pending_count())

    def _pending_count(self):
        """How many accounts of running runs are pending."""
        # The run and its list are the addon's own records.
        running = self.filtered(lambda run: run.state == "running")
        return (
            self.env["account.reconciliation.run.account"]
            .sudo()
            .search_count([("run_id", "in", running.ids), ("state", "=", "pending")])
        )

    def _end(self):
        """End the run where nothing is pending any more; what others are working on right now, they will end.

        Others may be ending it too: whoever comes second meets a conflict, and finds it done when it tries again.
        """
        if self.state != "running":
            return
        pending = [("run_id", "=", self.id), ("state", "=", "pending")]
        # The run and its list are the addon's own records.
        if not self.env["account.reconciliation.run.account"].sudo().search_count(pending, limit=1):
            self._set_state("done")

    def _try_slice(self, wait, retry):
        """One slice, or the end of the run where nothing is left, and again where it met somebody else's changes.

        :param retry: whether the transaction may be rolled back here
        :return: ``(number of accounts that are done, number of busy ones)``
        """

        def slice_once():
            done, busy = self._slice(wait)
            if not done and not busy:
                self._end()
            self.env.flush_all()
            return done, busy

        return retry_on_conflict(self.env.cr, slice_once) if retry else slice_once()

    def _slice(self, wait):
        accounts = self._claim()
        if not accounts:
            return 0, 0
        return accounts._reconcile(self.company_id, wait)

    def _claim(self, first=0, last=0):
        """Lock the next pending accounts that nobody else is working on; those that were busy come last.

        :param first, last: ids of the first and last account to choose from; 0 for all
        """
        self.ensure_one()
        accounts = self.env["account.reconciliation.run.account"]
        accounts.flush_model()
        chosen = SQL("id BETWEEN %s AND %s", first, last) if last else SQL("TRUE")
        return claim_rows(
            accounts,
            SQL("run_id = %s AND state = 'pending' AND %s", self.id, chosen),
            order="attempts, id",
            limit=min(max(self.batch_size, 1), ACCOUNTS_AT_ONCE),
        )

    @remote_call(one=True, seconds=kinds.seconds)
    @explain_timeout
    def process_slice(self, seconds=1):
        """Reconcile for a moment and return the progress; the progress dialog calls it again and again.

        :param seconds: how long to work, at most 20
        :return: dict ``state``, ``account_count``, ``done_count``, ``transaction_count``, ``partial_count``,
            ``amounts``, ``failed_count``
        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        self._process(min(20.0, seconds))
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

    @remote_call()
    def action_cancel(self):
        """Stop a run: what is reconciled stays, what is pending is not touched."""
        require(self.env, MANAGE)
        self.filtered(lambda run: run.state == "running")._set_state("cancelled")
        return True

    @remote_call(one=True)
    def action_open_accounts(self):
        """Open the accounts of this run as a list: to search, group, sort and export."""
        require(self.env, VIEW)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_run_accounts")
        action["domain"] = [("run_id", "=", self.id)]
        return action

    @remote_call(one=True)
    def action_open_summary(self):
        """Open the summary of the run."""
        return form_of(self, self.env._("Reconciliation summary"))

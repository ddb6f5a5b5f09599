from odoo import api, fields, models
from odoo.tools import format_datetime

from ...engine.ledger_accounts import open_lines_sql
from ..common.actions import form_of
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from .account_ledger_reconciliation import STATES


class AccountLedgerRun(models.Model):
    """A run of an account's rule: what it reconciled, what it left alone, and what stays open."""

    _name = "account.ledger.run"
    _description = "Run of an account's rule"
    _order = "id desc"

    rule_id = fields.Many2one("account.ledger.rule", readonly=True, index=True, ondelete="set null")
    rule_name = fields.Char("Name of the rule", required=True, readonly=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    create_uid = fields.Many2one("res.users", "Started by", readonly=True)
    create_date = fields.Datetime("Started on", readonly=True)
    date_end = fields.Datetime("Ended on", readonly=True)
    is_cut = fields.Boolean("Its time was over", readonly=True, help="The rest is for the next run.")
    partial_count = fields.Integer("Reconciliations made", readonly=True)
    amounts = fields.Json("Amounts by currency", readonly=True)
    amounts_text = fields.Char("Reconciled", compute="_compute_texts")
    odoo_count = fields.Integer(
        "By Odoo's own method", readonly=True,
        help="Reconciliations that can't be written in bulk: Odoo books more for them than they themselves.",
    )  # fmt: skip
    why = fields.Json("Reasons", readonly=True)
    why_text = fields.Char("Because of", compute="_compute_texts")
    difference_count = fields.Integer("With a difference booked", readonly=True)
    difference = fields.Monetary("Differences booked", readonly=True, help="What they add up to, without their signs.")
    failed_count = fields.Integer("Left alone", readonly=True)
    message = fields.Char("Why", readonly=True)
    line_count = fields.Integer("Still open", readonly=True, help="Open lines of the account when the run ended.")
    debit = fields.Monetary("Debits still open", readonly=True)
    credit = fields.Monetary("Credits still open", readonly=True)
    state = fields.Selection(STATES, compute="_compute_state")
    reconciliation_ids = fields.One2many(
        "account.ledger.reconciliation", "run_id", "Reconciliation history", readonly=True
    )

    @api.depends("rule_name", "create_date")
    def _compute_display_name(self):
        for run in self:
            when = format_datetime(self.env, run.create_date, dt_format="short") if run.create_date else ""
            run.display_name = f"{run.rule_name}, {when}"

    @api.depends("amounts", "why")
    def _compute_texts(self):
        reasons = self.env["account.bulk.reconcile"]._reasons()
        for run in self:
            totals = {int(currency_id): amount for currency_id, amount in (run.amounts or {}).items()}
            run.amounts_text = self.env["res.currency"]._format_totals(totals)
            run.why_text = "; ".join(f"{count} {reasons.get(why, why)}" for why, count in (run.why or {}).items())

    @api.depends("reconciliation_ids.state")
    def _compute_state(self):
        for run in self:
            states = set(run.reconciliation_ids.mapped("state"))
            if len(states) < 2:
                run.state = states.pop() if states else False
            else:
                run.state = "undoing" if "undoing" in states else "kept"

    @api.model
    def _begin(self, rule, ledger):
        """Create the summary of a run that has something to take.

        :param ledger: account.ledger.account
        """
        # The addon's own bookkeeping; the callers ask for the permission.
        return self.sudo().create({
            "rule_id": rule.id, "rule_name": rule.name, "account_id": ledger.id, "company_id": rule.company_id.id,
        })  # fmt: skip

    def _note(self, done):
        """Keep what was done so far.

        :param done: :class:`Done`
        """
        self.write(
            {
                "partial_count": done.count,
                "amounts": {str(currency_id): float(amount) for currency_id, amount in done.amounts.items()},
                "odoo_count": sum(done.why.values()),
                "why": dict(done.why),
                "difference_count": done.difference_count,
                "difference": float(done.difference),
                "failed_count": len(done.failures),
                "message": done.failures[0] if done.failures else False,
            }
        )

    def _end(self, ledger, is_cut):
        """Keep what stays open.

        :param is_cut: whether the time of the run was over before its plan was
        """
        lines = ledger._lines_sql(ledger._account())
        [(_groups, count, debit, credit)] = self.env.execute_query(
            open_lines_sql.totals(lines, ledger._key_sql(open_lines_sql.PARTNER))
        )
        self.write({
            "date_end": fields.Datetime.now(), "is_cut": is_cut, "line_count": int(count), "debit": float(debit),
            "credit": float(-credit),
        })  # fmt: skip

    def _summary(self):
        """What was done, as one line."""
        parts = []
        if self.partial_count:
            parts.append(
                self.env._(
                    "%(rule)s: %(count)s reconciliations, %(amounts)s", rule=self.rule_name, count=self.partial_count,
                    amounts=self.amounts_text,
                )
            )  # fmt: skip
        else:
            parts.append(self.env._("%s: nothing to reconcile.", self.rule_name))
        if self.failed_count:
            parts.append(self.env._("%(count)s left alone: %(why)s", count=self.failed_count, why=self.message))
        if self.is_cut:
            parts.append(self.env._("The rest is for the next run."))
        return " ".join(parts)

    @remote_call(one=True)
    def action_open_summary(self):
        """Open the summary of the run."""
        require(self.env, BANK)
        self.check_access("read")
        return form_of(self, self.env._("Reconciliation summary"))

    @remote_call()
    def action_start_undo(self):
        """Undo all that these runs have reconciled: at once where it is little, else with progress.

        :return: as of ``account.ledger.reconciliation.action_start_undo``
        :raise AccessError: without the permissions for bank reconciliation and to delete reconciliations
        """
        require(self.env, BANK)
        self.check_access("read")
        return self.reconciliation_ids.action_start_undo()

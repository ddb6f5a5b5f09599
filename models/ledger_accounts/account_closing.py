from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ...engine.ledger_accounts import as_of_sql
from ..common.actions import CLOSE, notify
from ..common.permissions import BANK, CONFIGURES, require
from ..common.remote_calls import remote_call
from ..common.sql import lock_rows
from ..common.statement_timeout import explain_timeout


class AccountClosing(models.Model):
    """The closing checklist of a period: what is to be done before it is locked (bank reconciliations, accounts,
    transactions and items), who did it and when."""

    _name = "account.closing"
    _description = "Closing checklist"
    _inherit = ["mail.thread", "reconciliation.guarded.mixin", "reconciliation.state.mixin"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )  # fmt: skip
    date = fields.Date(
        "Last day of the period", required=True,
        default=lambda self: fields.Date.subtract(self.env.company._today().replace(day=1), days=1),
    )  # fmt: skip
    state = fields.Selection(
        [("open", "Open"), ("locked", "Locked")], required=True, readonly=True, default="open", guarded=True,
        copy=False, tracking=True,
    )  # fmt: skip
    line_ids = fields.One2many("account.closing.line", "closing_id", "Checklist", copy=False)
    done_count = fields.Integer("Done", compute="_compute_progress")
    line_count = fields.Integer("To do in all", compute="_compute_progress")
    is_done = fields.Boolean("All done", compute="_compute_progress")
    locked_uid = fields.Many2one("res.users", "Locked by", readonly=True, guarded=True, copy=False)
    locked_date = fields.Datetime("Locked on", readonly=True, guarded=True, copy=False)

    _transitions = frozenset({("open", "locked")})

    _one = models.UniqueIndex("(company_id, date)", "There is a closing checklist of this company and day already.")

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for closing in self:
            day = format_date(self.env, closing.date) if closing.date else ""
            closing.display_name = self.env._("Closing checklist of %s", day)

    @api.depends("line_ids.is_done")
    def _compute_progress(self):
        for closing in self:
            done = closing.line_ids.filtered("is_done")
            closing.done_count, closing.line_count = len(done), len(closing.line_ids)
            closing.is_done = bool(closing.line_ids) and done == closing.line_ids

    @api.model_create_multi
    def create(self, vals_list):
        """Create closing checklists, with what is to be done.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the user has no access to all branches of the company
        """
        require(self.env, BANK)
        closings = super().create(vals_list)
        closings._fill()
        return closings

    def write(self, vals):
        """Change closing checklists: not the period, once there is something to do in it."""
        if {"company_id", "date"} & set(vals) and self.line_ids:
            raise UserError(
                self.env._("The period of a closing checklist can't be changed. Delete it, then create another.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        for closing in self:
            if closing.state == "locked":
                raise UserError(self.env._("%s has set the lock date and can't be deleted.", closing.display_name))

    @remote_call()
    @explain_timeout
    def action_refresh(self):
        """Add what is to be done since the closing checklist was created, such as accounts with new open lines.

        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        self.filtered(lambda closing: closing.state == "open")._fill()

    def _in_all_branches(self, records):
        """Records that see the company of the closing checklist and all its branches: the lock date is theirs, too,
        whichever of them the user has selected. The callers check access to all."""
        return records.with_context(allowed_company_ids=self.company_id._branches().ids)

    def _fill(self):
        """Add the lines that are missing."""
        for closing in self:
            closing.company_id._require_branches()
            known = {(line.kind, line.journal_id.id, line.account_id.id) for line in closing.line_ids}
            # The addon's own list; the callers check the permission.
            closing.env["account.closing.line"].sudo().create([
                {"closing_id": closing.id, "kind": kind, "journal_id": journal, "account_id": account}
                for kind, journal, account in closing._in_all_branches(closing)._to_do()
                if (kind, journal, account) not in known
            ])  # fmt: skip

    def _to_do(self):
        """What is to be done: ``(kind, id of the bank account or False, id of the account or False)``."""
        self.ensure_one()
        branches = self.company_id._branches()
        # A setting is not confidential.
        with_periods = branches.filtered(lambda company: company.sudo().bank_reconciliation)
        journals = self.env["account.journal"].search([("type", "=", "bank"), ("company_id", "in", with_periods.ids)])
        found = [("bank", journal.id, False) for journal in journals]
        found.append(("unmatched", False, False))
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(as_of_sql.accounts_open_as_of(branches.ids, OWED_ACCOUNT_TYPES, self.date))
        found += [("account", False, account_id) for [account_id] in sorted(rows)]
        found.append(("items", False, False))
        return found

    @remote_call(one=True)
    @explain_timeout
    def action_lock(self):
        """Set Odoo's lock date for everything to the last day of the period, once all is done.

        :return: an action that says what was done
        :raise AccessError: without the permission for bank reconciliation, or without Odoo's right to set lock dates
        :raise UserError: where something is to be done, the user has no access to all branches, or the company is
            locked to a later day
        """
        require(self.env, BANK)
        require(self.env, CONFIGURES)
        self.check_access("write")
        lock_rows(self)
        self._fill()
        self.invalidate_recordset(["line_ids", "is_done", "done_count", "line_count"])
        self.line_ids.invalidate_recordset(["is_done", "status"])
        if not self.is_done:
            waiting = self.line_ids.filtered(lambda line: not line.is_done)
            raise UserError(
                self.env._(
                    "%(count)s of %(closing)s wait, for example “%(name)s”. Nothing was locked.", count=len(waiting),
                    closing=self.display_name, name=waiting[:1].display_name,
                )
            )  # fmt: skip
        company = self.company_id
        if company.fiscalyear_lock_date and company.fiscalyear_lock_date > self.date:
            raise UserError(
                self.env._("%(company)s is locked until %(day)s already. Nothing was changed.",
                           company=company.display_name, day=format_date(self.env, company.fiscalyear_lock_date))
            )  # fmt: skip
        try:
            # Odoo's own dialog sets it in the same way; the right to configure accounting was checked.
            company.sudo().write({"fiscalyear_lock_date": self.date})
        except RedirectWarning as error:
            raise UserError(error.args[0]) from error
        self._set_state("locked", locked_uid=self.env.uid, locked_date=fields.Datetime.now())
        return notify(
            self.env._("%(company)s is locked until %(day)s.", company=company.display_name,
                       day=format_date(self.env, self.date)),
            then=CLOSE,
        )  # fmt: skip

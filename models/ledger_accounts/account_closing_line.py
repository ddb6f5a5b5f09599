from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ...engine.ledger_accounts import as_of_sql
from ..common.actions import form_of
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

KINDS = [
    ("bank", "Bank reconciliation"),
    ("unmatched", "Unmatched bank transactions"),
    ("account", "Account"),
    ("items", "Unreconciled items of clients and vendors"),
]
UNSIGNED = {"signed_uid": False, "signed_date": False, "signed_key": False}


class Status(NamedTuple):
    """What there is to say of a line.

    :ivar who: res.users that has done it, or has begun it; None where nobody has
    :ivar figures: what the text is about, as plain values: who accepts it accepts these; None where the user may not
        know them
    """

    is_done: bool
    text: str
    who: Any = None
    when: Any = False
    figures: tuple | None = ()


class AccountClosingLine(models.Model):
    """One thing to be done before a period is locked."""

    _name = "account.closing.line"
    _description = "Line of a closing checklist"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "closing_id desc, id"

    closing_id = fields.Many2one(
        "account.closing", required=True, readonly=True, guarded=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="closing_id.company_id", store=True, index=True, guarded=True)
    date = fields.Date(related="closing_id.date")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True, guarded=True)
    journal_id = fields.Many2one("account.journal", "Bank account", readonly=True, guarded=True, ondelete="cascade")
    account_id = fields.Many2one("account.account", readonly=True, guarded=True, ondelete="cascade")
    is_done = fields.Boolean("Done", compute="_compute_status")
    status = fields.Char(compute="_compute_status")
    who = fields.Char("By", compute="_compute_status")
    done_on = fields.Char("On", compute="_compute_status")
    note = fields.Char(help="Why it is accepted as it is. Needed to sign what is not done.")
    signed_uid = fields.Many2one("res.users", "Accepted by", readonly=True, guarded=True)
    signed_date = fields.Datetime("Accepted on", readonly=True, guarded=True)
    signed_key = fields.Char("Accepted figures", readonly=True, guarded=True)

    @api.depends("kind", "journal_id", "account_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            record = line.journal_id or line.account_id
            line.display_name = ": ".join(filter(None, (kinds.get(line.kind), record.display_name)))

    @api.depends("kind", "closing_id.date", "signed_uid", "signed_key")
    def _compute_status(self):
        for line in self:
            found = line._status()
            is_done, status, user, when = found.is_done, found.text, found.who, found.when
            if not is_done and line.signed_uid and found.figures is not None:
                if line.signed_key == line._key(found):
                    is_done, user, when = True, line.signed_uid, line.signed_date
                    status = self.env._("Accepted: %s", status)
                else:
                    status = self.env._("%s; it has changed since it was accepted", status)
            line.is_done, line.status = is_done, status
            # A user who closes a period sees who has signed.
            line.who = user.sudo().name if user else ""
            line.done_on = format_datetime(self.env, when, dt_format="short") if when else ""

    @api.model
    def _key(self, found):
        """The figures of a status as text, the same in every language."""
        return ", ".join(map(str, found.figures))

    def _status(self):
        """Whether the line is done, without being accepted, and its text: a :class:`Status`."""
        self.ensure_one()
        if not self.closing_id.company_id or not self.date or not self.kind:
            return Status(False, "")
        if not self.company_id._is_seen_whole():
            return Status(False, self.env._("Some of its branches are hidden from you"), figures=None)
        return getattr(self.closing_id._in_all_branches(self), f"_status_of_{self.kind}")()

    def _status_of_bank(self):
        until = self.env["account.bank.reconciliation"].search(
            [("journal_id", "=", self.journal_id.id), ("date_from", "<=", self.date)], order="date_from desc"
        )
        period = until[:1]
        if not period or period.date_to < self.date:
            return Status(False, self.env._("No period covers this day"), figures=("none",))
        if period.state == "open":
            remaining = period.currency_id.format(period.remaining)
            return Status(
                False, self.env._("Open: %s remains", remaining),
                figures=(period.id, "open", period.currency_id._exact(period.remaining)),
            )  # fmt: skip
        # The lock date is that of all days before it, too; those that are locked already were looked at then.
        locked = self.company_id.sudo().fiscalyear_lock_date
        unlocked = until.filtered(lambda one: one == period or locked and one.date_to > locked)
        waiting = until.filtered(lambda one: one.state == "open") or unlocked.filtered(
            lambda one: one.chain_state in ("gap", "differs")
        )
        if waiting:
            first = waiting[-1]
            text = self.env._("Open: %s", first.display_name) if first.state == "open" else first.chain_note
            return Status(False, text, figures=(first.id, first.state, len(waiting)))
        changes = sum(len(one._changes()) for one in unlocked)
        return Status(
            not changes, self.env._("Closed, but it has changed since") if changes else self.env._("Closed"),
            period.close_uid, period.close_date, (period.id, "closed", changes),
        )  # fmt: skip

    def _status_of_account(self):
        proof = self._proof()
        if proof.state == "reviewed":
            changes = proof._discrepancies()
            text = self.env._("Reviewed, but it has changed since") if changes else self.env._("Reviewed")
            done = Status(not changes, text, proof.reviewed_uid, proof.reviewed_date)
        elif proof.state == "prepared":
            text = self.env._("Prepared, to be reviewed")
            done = Status(False, text, proof.prepared_uid, proof.prepared_date)
        else:
            done = Status(False, self.env._("To prepare") if proof else self.env._("Not proved"))
        if done.is_done:
            return done
        self.env["account.move.line"].flush_model()
        branches = self.company_id._branches()
        [[balance]] = self.env.execute_query(as_of_sql.balance_as_of(self.account_id.id, branches.ids, self.date))
        return done._replace(figures=(proof.state or "none", self.company_id.currency_id._exact(balance)))

    def _status_of_unmatched(self):
        [[count, amount, last]] = self.env["account.bank.statement.line"]._read_group(
            [
                ("company_id", "child_of", self.company_id.id), ("date", "<=", self.date), ("state", "=", "posted"),
                ("match_status", "=", "unmatched"),
            ],
            aggregates=["__count", "amount:sum", "id:max"],
        )  # fmt: skip
        text = self.env._("%s unmatched", count) if count else self.env._("All matched")
        return Status(not count, text, figures=(count, self.company_id.currency_id._exact(amount or 0), last))

    def _status_of_items(self):
        [[count, amount, last]] = self.env["account.move.line"]._read_group(
            [
                ("company_id", "child_of", self.company_id.id), ("date", "<=", self.date),
                ("parent_state", "=", "posted"), ("reconciled", "=", False), ("amount_residual", "!=", 0),
                ("account_id.account_type", "in", OWED_ACCOUNT_TYPES),
            ],
            aggregates=["__count", "amount_residual:sum", "id:max"],
        )  # fmt: skip
        text = self.env._("%s open", count) if count else self.env._("None open")
        return Status(not count, text, figures=(count, self.company_id.currency_id._exact(amount or 0), last))

    def _proof(self):
        return self.env["account.ledger.proof"].search([
            ("account_id", "=", self.account_id.id), ("company_id", "=", self.company_id.id), ("date", "=", self.date),
        ], limit=1)  # fmt: skip

    def write(self, vals):
        """Change lines of a closing checklist that is open; who has accepted a line has accepted it with its note.

        :raise UserError: once the period is locked
        """
        self._check_open()
        other = self.browse()
        if "note" in vals:
            other = self.filtered(lambda line: line.signed_uid and (line.note or "") != (vals["note"] or ""))
        result = super().write(vals)
        if other:
            other._own_write().write(UNSIGNED)
        return result

    def _check_open(self):
        for line in self:
            if line.closing_id.state == "locked":
                raise UserError(self.env._("%s is locked, so it stays as it is.", line.closing_id.display_name))

    @remote_call()
    def action_accept(self):
        """Accept what is not done, with the note that says why.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: without a note
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_open()
        for line in self:
            if not (line.note or "").strip():
                raise UserError(self.env._("Say in the note of “%s” why it is accepted as it is.", line.display_name))
        for line in self:
            line.company_id._require_branches()
            line._own_write().write({
                "signed_uid": self.env.uid, "signed_date": fields.Datetime.now(),
                "signed_key": self._key(line._status()),
            })  # fmt: skip

    @remote_call()
    def action_reject(self):
        """Undo that these lines are accepted.

        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("write")
        self._check_open()
        self._own_write().write(UNSIGNED)

    @remote_call(one=True)
    def action_open(self):
        """Open what is to be done: the bank reconciliation, the proof of the account, the transactions, the items."""
        require(self.env, BANK)
        self.check_access("read")
        actions = self.env["ir.actions.actions"]
        if self.kind == "account":
            proof = self._proof()
            context = {
                "default_account_id": self.account_id.id, "default_date": str(self.date),
                "default_company_id": self.company_id.id,
            }  # fmt: skip
            return form_of(proof, context=None if proof else context)
        until = [("company_id", "child_of", self.company_id.id), ("date", "<=", self.date)]
        if self.kind == "bank":
            action = actions._for_xml_id("account_reconciliation.action_bank_reconciliations")
            return {**action, "domain": [("journal_id", "=", self.journal_id.id)], "context": {}}
        if self.kind == "unmatched":
            action = actions._for_xml_id("account_reconciliation.action_bank_transactions")
            return {**action, "domain": [*until, ("match_status", "=", "unmatched")], "context": {}}
        action = actions._for_xml_id("account_reconciliation.action_ledger_lines")
        domain = [
            *until, ("parent_state", "=", "posted"), ("reconciled", "=", False), ("amount_residual", "!=", 0),
            ("account_id.account_type", "in", OWED_ACCOUNT_TYPES),
        ]  # fmt: skip
        return {**action, "domain": domain, "context": {}}

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.bank_periods.changes import CONFIRMED, Row, compare
from ...engine.ledger_accounts import as_of_sql
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..common.sql import lock_rows, without_jit

# The account and day of a proof: they can't be changed once it is prepared.
SUBJECT = {"account_id", "company_id", "date"}
SHOWN_MAX = 20


class AccountLedgerProof(models.Model):
    """What the balance of an account consists of at the end of a day: one person prepares it, another reviews it."""

    _name = "account.ledger.proof"
    _description = "Proof of an account"
    _inherit = ["mail.thread", "reconciliation.guarded.mixin", "reconciliation.state.mixin"]
    _order = "date desc, account_id, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "account.account", required=True, index=True, ondelete="restrict", check_company=True,
        domain="[('reconcile', '=', True)]", tracking=True,
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, tracking=True,
        help="The proof is of this company and its branches.",
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, tracking=True, default=lambda self: self._default_date(),
        help="The day at the end of which the balance is proved, for example the last of a month.",
    )  # fmt: skip
    state = fields.Selection(
        [("draft", "To prepare"), ("prepared", "Prepared"), ("reviewed", "Reviewed")], required=True, readonly=True,
        default="draft", guarded=True, copy=False, tracking=True,
    )  # fmt: skip
    balance = fields.Monetary(
        compute="_compute_figures", help="What the journal items of the account add up to, up to the day."
    )
    open_balance = fields.Monetary(
        "Explained by open lines", compute="_compute_figures",
        help="What was open on the account at the end of the day, whatever was reconciled since.",
    )  # fmt: skip
    unexplained = fields.Monetary(
        compute="_compute_figures", help="The part of the balance that no open line explains. It should be zero."
    )
    line_count = fields.Integer("Open lines", compute="_compute_figures")
    note = fields.Text(help="What the open lines are, and what becomes of them. It is sealed with the review.")
    attachment_ids = fields.Many2many("ir.attachment", string="Supporting documents", copy=False)
    prepared_uid = fields.Many2one("res.users", "Prepared by", readonly=True, guarded=True, copy=False)
    prepared_date = fields.Datetime("Prepared on", readonly=True, guarded=True, copy=False)
    prepared_key = fields.Char(readonly=True, guarded=True, copy=False)
    reviewed_uid = fields.Many2one("res.users", "Reviewed by", readonly=True, guarded=True, copy=False)
    reviewed_date = fields.Datetime("Reviewed on", readonly=True, guarded=True, copy=False)
    reopen_reason = fields.Char("Reason for opening it again", copy=False)
    snapshot_ids = fields.One2many("account.ledger.snapshot", "proof_id", readonly=True, guarded=True, copy=False)
    discrepancy_count = fields.Integer("Changes since the review", compute="_compute_discrepancies")
    discrepancy_text = fields.Text("What has changed", compute="_compute_discrepancies")

    _transitions = frozenset({
        ("draft", "prepared"), ("prepared", "reviewed"), ("prepared", "draft"), ("reviewed", "draft"),
    })  # fmt: skip

    _one = models.UniqueIndex(
        "(account_id, company_id, date)", "There is a proof of this account and day already. Open that one."
    )

    @api.model
    def _default_date(self):
        return fields.Date.subtract(self.env.company._today().replace(day=1), days=1)

    @api.depends("account_id", "date")
    def _compute_display_name(self):
        for proof in self:
            day = format_date(self.env, proof.date) if proof.date else ""
            proof.display_name = ", ".join(filter(None, (proof.account_id.display_name, day)))

    # -- what the balance consists of ---------------------------------------------------------------------------------

    def _companies(self):
        """The company of the proof and its branches.

        :raise UserError: where the user has no access to all of them
        """
        return self.company_id._require_branches()

    def _sees_all(self):
        """Whether the user has access to all that the proof is of."""
        return self.company_id._is_seen_whole()

    @api.depends("account_id", "company_id", "date")
    def _compute_figures(self):
        for proof in self:
            count, open_balance, balance = 0, 0.0, 0.0
            if proof.account_id and proof.company_id and proof.date and proof._sees_all():
                [[count, open_balance]] = self.env.execute_query(as_of_sql.figures_as_of(proof._open_sql()))
                balance = proof._balance()
            currency = proof.currency_id or self.env.company.currency_id
            proof.balance = balance
            proof.open_balance = currency.round(float(open_balance))
            proof.unexplained = currency.round(proof.balance - proof.open_balance)
            proof.line_count = count

    def _open_sql(self):
        """The lines that were open at the end of the day as SQL, all that is to be written flushed."""
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        without_jit(self.env.cr)
        return as_of_sql.open_as_of(self.account_id.id, self._companies().ids, self.date)

    def _open_rows(self):
        """The lines that were open at the end of the day, as ``as_of_sql.open_as_of`` gives them."""
        return self.env.execute_query(self._open_sql())

    def _balance(self):
        """What the journal items of the account add up to at the end of the day."""
        self.ensure_one()
        self.env["account.move.line"].flush_model()
        companies = self._companies()
        [[balance]] = self.env.execute_query(as_of_sql.balance_as_of(self.account_id.id, companies.ids, self.date))
        return float(balance)

    def _current_rows(self):
        """The same, for comparison with a snapshot."""
        exact, foreign = self.currency_id._exact, self._snapshot()._foreign
        rows = self._open_rows()
        currencies = {one.id: one for one in self.env["res.currency"].browse({row[6] for row in rows})}
        return [
            Row(CONFIRMED, line_id, move_name or name or "", day, exact(amount), partner_id or 0,
                foreign=foreign(foreign_amount, currencies[currency].decimal_places, currencies[currency].name))
            for line_id, day, move_name, name, _ref, partner_id, currency, amount, foreign_amount in rows
        ]  # fmt: skip

    # -- what it refuses ----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create proofs.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: of an account on which nothing is reconciled
        """
        require(self.env, BANK)
        proofs = super().create(vals_list)
        proofs._check_account()
        proofs._adopt_documents()
        return proofs

    def write(self, vals):
        """Change proofs: not what they are of, nor what was reviewed.

        :raise AccessError: where they become those of a company that the user has no access to
        :raise UserError: naming the proof
        """
        changed = set(vals) - {"message_main_attachment_id"}
        for proof in self:
            if (
                changed & SUBJECT
                and proof.state != "draft"
                or changed & {"note", "attachment_ids"}
                and (proof.state == "reviewed")
            ):
                raise UserError(
                    self.env._("%s is prepared or reviewed, so it can't be changed. Open it again first.",
                               proof.display_name)
                )  # fmt: skip
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")
        if "account_id" in vals:
            self._check_account()
        if "attachment_ids" in vals:
            self._adopt_documents()
        return result

    def _adopt_documents(self):
        """Let users who may read a proof read its documents: Odoo shows a file without a record to its author."""
        for proof in self:
            # The author's own files, which the author has just put here.
            loose = proof.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": proof.id})

    def _check_account(self):
        for proof in self:
            if not proof.account_id.reconcile:
                raise UserError(
                    self.env._("Nothing is reconciled on %s, so it has no open lines to prove its balance by.",
                               proof.account_id.display_name)
                )  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reviewed(self):
        """A proof that was ever reviewed stays."""
        for proof in self:
            if proof.snapshot_ids:
                raise UserError(
                    self.env._("%s was reviewed and can't be deleted: its snapshot proves what the figures were.",
                               proof.display_name)
                )  # fmt: skip

    # -- what has changed since ---------------------------------------------------------------------------------------

    @api.depends("state", "snapshot_ids")
    def _compute_discrepancies(self):
        for proof in self:
            texts = proof._discrepancies() if proof._origin.id and proof._sees_all() else []
            proof.discrepancy_count = len(texts)
            more = len(texts) - SHOWN_MAX
            shown = texts[:SHOWN_MAX] + ([self.env._("and %s more", more)] if more > 0 else [])
            proof.discrepancy_text = "\n".join(shown)

    @remote_call(one=True)
    def get_discrepancies(self):
        """Tell what has changed since the proof was reviewed.

        :return: list of sentences
        :raise AccessError: without the permission for bank reconciliation
        """
        require(self.env, BANK)
        self.check_access("read")
        self._companies()
        return self._discrepancies()

    def _discrepancies(self):
        if self.state != "reviewed":
            return []
        snapshot, current = self._snapshot(), self._current_rows()
        stored = snapshot._stored_rows()
        texts = [self._describe(change) for change in compare(stored, current, date.min, self.date)]
        exact, was, now = self.currency_id._exact, snapshot.balance, self._balance()
        opened = sum(row.amount for row in current) - sum(row.amount for row in stored)
        # Changes that the lines don't show, for example on an account that doesn't allow reconciliation any more.
        if exact(now) - exact(was) != opened:
            money = self.currency_id.format
            texts.append(self.env._("The balance was %(was)s and is %(now)s.", was=money(was), now=money(now)))
        return texts

    def _snapshot(self):
        """The snapshot of the last review."""
        return self.snapshot_ids.sorted("id")[-1:]

    def _describe(self, change):
        """Put a change into words."""
        money = lambda amount: self.currency_id.format(float(amount))  # noqa: E731
        what = self.env._(
            "%(name)s of %(date)s (%(amount)s)", name=change.row.name, date=format_date(self.env, change.row.date),
            amount=money(change.row.amount),
        )  # fmt: skip
        if change.kind == "amount":
            return self.env._(
                "%(what)s: open was %(was)s and is %(now)s.", what=what, was=money(change.was.amount),
                now=money(change.now.amount),
            )  # fmt: skip
        if change.kind == "foreign":
            return self.env._(
                "%(what)s: open in its currency was %(was)s and is %(now)s.", what=what, was=change.was.foreign,
                now=change.now.foreign,
            )  # fmt: skip
        if change.kind == "date":
            return self.env._(
                "%(what)s: the date was %(was)s and is %(now)s.", what=what, was=format_date(self.env, change.was.date),
                now=format_date(self.env, change.now.date),
            )  # fmt: skip
        if change.kind == "partner":
            return self.env._("%s has another partner.", what)
        if change.kind == "gone":
            return self.env._("%s is no longer open on that day: reconciled, reset or moved.", what)
        return self.env._("%s was entered or opened later.", what)

    def _lock(self):
        if self.ids:
            self.flush_recordset()
            lock_rows(self)

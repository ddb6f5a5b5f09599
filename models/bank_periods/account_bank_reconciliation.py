from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...engine.bank_import.statement_kinds import IMPORTING
from ...engine.bank_periods import page_sql
from ...engine.common.odoo_types import JOURNAL_TYPES
from ..common import kinds
from ..common.permissions import require_bank_periods
from ..common.sql import lock_rows

# The figures and dates with which a period is closed.
FIGURES = {"journal_id", "date_from", "date_to", "balance_start", "balance_end"}


class AccountBankReconciliation(models.Model):
    """One bank account over one period: the movements in the books, ticked off against the bank statement."""

    _name = "account.bank.reconciliation"
    _description = "Bank reconciliation"
    _inherit = ["mail.thread", "mail.activity.mixin", "reconciliation.guarded.mixin"]
    _order = "date_from desc, journal_id, id desc"

    journal_id = fields.Many2one(
        "account.journal",
        "Bank account",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_journal(),
        domain=[("type", "in", JOURNAL_TYPES)],
        tracking=True,
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True, guarded=True)
    # Stored, so that it can be summed over periods.
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True, guarded=True
    )
    date_from = fields.Date(
        "Start date", required=True, default=lambda self: self._default_month()[0], tracking=True,
        help="First day of the period. Periods of one bank account must not overlap.",
    )  # fmt: skip
    date_to = fields.Date("End date", required=True, default=lambda self: self._default_month()[1], tracking=True)
    balance_start = fields.Monetary(
        "Opening balance", compute="_compute_balance_start", store=True, readonly=False, precompute=True, tracking=True,
        aggregator=None,
        help="What was on the bank account at the start: the closing balance of the period before, unless changed.",
    )  # fmt: skip
    balance_end = fields.Monetary(
        "Closing balance", compute="_compute_balance_end", store=True, readonly=False, precompute=True, tracking=True,
        aggregator=None,
        help="What the bank says was on the account at the end: taken from the imported statement, where there is one.",
    )  # fmt: skip
    confirmation_ids = fields.One2many(
        "account.bank.reconciliation.confirmation", "reconciliation_id", readonly=True, guarded=True
    )
    total_reconciled = fields.Monetary(
        "Total confirmed", compute="_compute_remaining", store=True, guarded=True,
        help="The sum of all confirmed remittances.",
    )  # fmt: skip
    remaining = fields.Monetary(
        compute="_compute_remaining", store=True, guarded=True,
        help="Opening balance plus total confirmed minus closing balance. Zero: the books and the bank agree.",
    )  # fmt: skip
    is_balanced = fields.Boolean("Balanced", compute="_compute_remaining", store=True, guarded=True)
    is_fully_reconciled = fields.Boolean(
        "Fully reconciled", compute="_compute_is_fully_reconciled",
        help="Every remittance that the period offers is confirmed. Of a closed period: was, when it was closed.",
    )  # fmt: skip
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, readonly=True, guarded=True, copy=False,
        default="open", tracking=True,
    )  # fmt: skip
    close_uid = fields.Many2one("res.users", "Closed by", readonly=True, guarded=True, copy=False)
    close_date = fields.Datetime("Closed on", readonly=True, guarded=True, copy=False)
    close_reason = fields.Text("Reason for closing unbalanced", readonly=True, guarded=True, copy=False, tracking=True)
    reopen_reason = fields.Text("Reason for reopening", readonly=True, guarded=True, copy=False, tracking=True)
    snapshot_ids = fields.One2many(
        "account.bank.reconciliation.snapshot", "reconciliation_id", readonly=True, guarded=True
    )
    snapshot_count = fields.Integer("Number of snapshots", compute="_compute_snapshot_count")
    unmatched_count = fields.Integer("Unmatched bank transactions", compute="_compute_unmatched_count")

    _dates_in_order = models.Constraint(
        "CHECK (date_from < date_to)", "The start date of a bank reconciliation must be before its end date."
    )
    # Enforced by the database for concurrent transactions; users normally see the message of _check_range.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(journal_id, journal_id, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "There is already a reconciliation of this bank account for a part of this period. Choose other dates.",
    )

    # -- what it proposes -----------------------------------------------------------------------------------

    @api.model
    def _default_journal(self):
        """The bank account of the company, where it has one only."""
        journals = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=2
        )
        return journals if len(journals) == 1 else journals.browse()

    @api.model
    def _default_month(self):
        journal = self.env["account.journal"].browse(self.env.context.get("default_journal_id"))
        first = (journal.company_id or self.env.company)._today().replace(day=1)
        return first, first + relativedelta(months=1, days=-1)

    @api.depends("journal_id.currency_id", "journal_id.company_id.currency_id")
    def _compute_currency_id(self):
        for period in self:
            period.currency_id = period.journal_id.currency_id or period.journal_id.company_id.currency_id

    @api.depends("journal_id", "date_from")
    def _compute_balance_start(self):
        for period in self:
            if period._origin.id and period._origin.journal_id == period.journal_id:
                continue  # what a user has entered stays
            before = period._previous()
            if before:
                period.balance_start = before.balance_end
            else:
                period.balance_start = period._statement_balances()[0] or 0.0

    @api.depends("journal_id", "date_from", "date_to")
    def _compute_balance_end(self):
        for period in self:
            if not period._origin.id or period._origin.journal_id != period.journal_id:
                period.balance_end = period._statement_balances()[1] or 0.0

    def _previous(self):
        """The last period of the same bank account that ends before this one begins."""
        self.ensure_one()
        if not self.journal_id or not self.date_from:
            return self.browse()
        domain = [("journal_id", "=", self.journal_id.id), ("date_to", "<", self.date_from)]
        return self.search(domain, order="date_to desc", limit=1)

    def _statement_balances(self):
        """The opening and closing balance by the imported statements.

        :return: (opening, closing), each a float, or None where no statement of the period tells
        """
        self.ensure_one()
        nothing = (None, None)
        if not (self.journal_id and self.date_from and self.date_to):
            return nothing
        lines = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "=", self.journal_id.id), ("state", "=", "posted"),
                ("date", ">=", self.date_from), ("date", "<=", self.date_to),
            ],
            order="internal_index",
        )  # fmt: skip
        known = lines.statement_id.filtered(lambda statement: statement.import_kind != IMPORTING)
        if not known:
            return nothing
        first, last = lines[0], lines[-1]
        opening = first.running_balance - first.amount
        statement = last.statement_id & known
        if statement and last == statement.line_ids.sorted("internal_index")[-1:]:
            return opening, statement.balance_end_real
        return opening, last.running_balance

    @api.depends("confirmation_ids.amount", "balance_start", "balance_end")
    def _compute_remaining(self):
        totals = dict(
            self.env["account.bank.reconciliation.confirmation"]._read_group(
                [("reconciliation_id", "in", self.ids)], ["reconciliation_id"], ["amount:sum"]
            )
        )
        for period in self:
            currency = period.currency_id or self.env.company.currency_id
            total = totals.get(period._origin, 0.0)
            period.total_reconciled = currency.round(total)
            period.remaining = currency.round(period.balance_start + total - period.balance_end)
            period.is_balanced = currency.is_zero(period.remaining)

    @api.depends("confirmation_ids", "is_balanced", "state")
    def _compute_is_fully_reconciled(self):
        confirmations = self.env["account.bank.reconciliation.confirmation"]
        confirmed = confirmations._read_group([("reconciliation_id", "in", self.ids)], ["reconciliation_id"])
        with_any = self.browse([period.id for (period,) in confirmed])
        # A period without anything to confirm is fully reconciled if the balances agree.
        maybe = self.filtered(lambda one: one.state == "open" and one.id and (one.is_balanced or one in with_any))
        unconfirmed = maybe._count_unconfirmed()
        for period in self:
            if period.state == "closed":
                period.is_fully_reconciled = not period._closing_snapshot().outstanding_count
            else:
                period.is_fully_reconciled = period in maybe and not unconfirmed[period.id]

    @api.depends("snapshot_ids")
    def _compute_snapshot_count(self):
        for period in self:
            period.snapshot_count = len(period.snapshot_ids)

    @api.depends("journal_id", "date_from", "date_to")
    def _compute_unmatched_count(self):
        lines = self.env["account.bank.statement.line"]
        lines.flush_model(["journal_id", "match_status", "move_id"])
        self.env["account.move"].flush_model(["date", "state"])
        self.flush_model(["journal_id", "date_from", "date_to"])
        counts = dict(self.env.execute_query(page_sql.unmatched_counts(self._origin.ids)))
        for period in self:
            stored = period._origin
            if all(period[name] == stored[name] for name in ("journal_id", "date_from", "date_to")):
                period.unmatched_count = counts.get(stored.id, 0)
            else:
                period.unmatched_count = lines.search_count(period._unmatched_domain()) if period.journal_id else 0

    def _unmatched_domain(self):
        """Bank transactions of the period that are not matched yet."""
        return self._bank_transactions_domain("unmatched")

    def _bank_transactions_domain(self, match_status):
        return [
            ("journal_id", "=", self.journal_id.id),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            ("state", "=", "posted"),
            ("match_status", "=", match_status),
        ]

    @api.depends("journal_id", "date_from", "date_to")
    def _compute_display_name(self):
        for period in self:
            if not period.journal_id or not period.date_from or not period.date_to:
                period.display_name = self.env._("New bank reconciliation")
                continue
            first, last = period.date_from, period.date_to
            if first.day == 1 and last == first + relativedelta(months=1, days=-1):
                text = format_date(self.env, first, date_format="MMMM yyyy")
            else:
                text = f"{format_date(self.env, first)} – {format_date(self.env, last)}"
            period.display_name = f"{period.journal_id.name}, {text}"

    # -- what it refuses ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create periods.

        :raise UserError: dates out of order, a period that overlaps, a journal that is not a bank account
        """
        defaults = self.default_get(["journal_id", "date_from", "date_to"])
        for vals in vals_list:
            planned = defaults | vals
            journal = self.env["account.journal"].browse(planned.get("journal_id"))
            require_bank_periods(self.env, journal.company_id)
            dates = (kinds.day(self.env, name, planned.get(name)) for name in ("date_from", "date_to"))
            self._check_range(journal, *dates)
        return super().create(vals_list)

    def write(self, vals):
        """Change periods. The figures of a closed one can't be changed, nor the dates so that a confirmed remittance
        would be excluded.

        :raise UserError: naming the period, the date or the remittance
        """
        if not FIGURES.isdisjoint(vals):
            self._lock()
            for period in self:
                require_bank_periods(self.env, period.company_id)
                period._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        """Check what is about to be written to one period."""
        self.ensure_one()
        if self.state == "closed":
            raise UserError(
                self.env._("%s is closed, so its figures can't be changed. Reopen it first, with a reason.",
                           self.display_name)
            )  # fmt: skip
        journal = self.env["account.journal"].browse(vals.get("journal_id", self.journal_id.id))
        if journal != self.journal_id and self.confirmation_ids:
            raise UserError(
                self.env._("Remittances of %s are confirmed here, so the bank account can't be changed. Untick them.",
                           self.journal_id.display_name)
            )  # fmt: skip
        if not {"journal_id", "date_from", "date_to"}.isdisjoint(vals):
            date_from = kinds.day(self.env, "date_from", vals.get("date_from", self.date_from))
            date_to = kinds.day(self.env, "date_to", vals.get("date_to", self.date_to))
            self._check_range(journal, date_from, date_to)
            self._check_confirmed_in(date_from, date_to)

    def _check_range(self, journal, date_from, date_to):
        """Refuse a period that ends before it begins or overlaps another one than ``self``, which is changed."""
        if journal and journal.type not in JOURNAL_TYPES:
            raise UserError(
                self.env._("%s is not a bank account, so it can't be reconciled. Choose a bank, cash or card journal.",
                           journal.display_name)
            )  # fmt: skip
        if not (journal and date_from and date_to):
            return  # Odoo names the field that is missing
        if date_from >= date_to:
            raise UserError(
                self.env._("The start date %(start)s must be before the end date %(end)s. Change one of them.",
                           start=format_date(self.env, date_from), end=format_date(self.env, date_to))
            )  # fmt: skip
        other = self.search(
            [
                ("journal_id", "=", journal.id), ("id", "not in", self.ids),
                ("date_from", "<=", date_to), ("date_to", ">=", date_from),
            ],
            limit=1,
        )  # fmt: skip
        if other:
            raise UserError(
                self.env._(
                    "%(journal)s is already reconciled from %(start)s to %(end)s. Periods must not overlap: choose "
                    "dates outside of it, or change that period.",
                    journal=journal.display_name,
                    start=format_date(self.env, other.date_from),
                    end=format_date(self.env, other.date_to),
                )
            )

    def _check_confirmed_in(self, date_from, date_to):
        """Refuse a range that would exclude a remittance that is confirmed; those carried over stay as they are."""
        for confirmed in self.confirmation_ids:
            was_inside = self.date_from <= confirmed.date <= self.date_to
            at_bank = confirmed.bank_date if confirmed.date > self.date_to else confirmed.date
            if was_inside and not date_from <= confirmed.date <= date_to or at_bank and at_bank > date_to:
                raise UserError(
                    self.env._(
                        "%(name)s of %(date)s (%(amount)s) is confirmed in this period, and the new dates would "
                        "exclude it. Untick it first, or keep its date in the period.",
                        name=confirmed.name or confirmed.label,
                        date=format_date(self.env, confirmed.date),
                        amount=self.currency_id.format(confirmed.amount),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        """A closed period stays; deleting an open one frees its remittances, and its snapshots outlive it."""
        for period in self:
            require_bank_periods(self.env, period.company_id)
            if period.state == "closed":
                raise UserError(
                    self.env._(
                        "%s is closed and can't be deleted. Reopen it first, with a reason.", period.display_name
                    )
                )
        # Only their attachments move, to the snapshots that stay.
        self.sudo().snapshot_ids._keep_attachments()

    def _lock(self):
        """Lock these periods; Odoo repeats a concurrent transaction once this one is committed."""
        if self.ids:
            self.flush_recordset()
            lock_rows(self)

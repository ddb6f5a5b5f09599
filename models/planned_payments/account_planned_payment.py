from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import kinds
from ..common.actions import CLOSE
from ..common.permissions import DELETE, MANAGE, require
from ..common.remote_calls import remote_call

STATES = [
    ("planned", "Planned"),
    ("processing", "Processing"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
DIRECTIONS = [("inbound", "Receive"), ("outbound", "Send")]
# Of Odoo's calendar: blue, orange, green, red and grey.
CALENDAR_COLORS = {"planned": 4, "processing": 2, "done": 10, "failed": 1, "cancelled": 12}
# The fields of a planned payment that users may change; all others are written by the methods of the model.
EDITABLE = {"due_date", "payment_method_line_id", "payment_token_id"}


class AccountPlannedPayment(models.Model):
    """A planned payment: a future payment of a document, with its date, its amount and the items that it will pay.

    While it is *coming* (it will still bring money), its lines are summed in ``amount_planned`` of their items
    by engine/planned_payments/planned_trigger.sql. It is made by :meth:`account.move.plan_payments`, is processed in
    models/planned_payments/account_planned_payment_charge.py, and follows what else happens to its document in
    models/planned_payments/account_move_schedule.py.
    """

    _name = "account.planned.payment"
    _description = "Planned payment"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "reconciliation.state.mixin",
        "reconciliation.guarded.mixin",
    ]
    _order = "due_date, move_id, number, id"

    move_id = fields.Many2one(
        "account.move", "Document", required=True, ondelete="cascade", index=True, readonly=True, guarded=True
    )
    number = fields.Integer("No.", readonly=True, guarded=True, help="Its place in the schedule.")
    partner_id = fields.Many2one(
        "res.partner", "Account owner", compute="_compute_partner_id", store=True, index=True, guarded=True
    )
    member_id = fields.Many2one(related="move_id.partner_id", string="Member")
    company_id = fields.Many2one(related="move_id.company_id", store=True, guarded=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    due_date = fields.Date("Due", required=True, tracking=True, index=True)
    line_ids = fields.One2many(
        "account.planned.payment.line", "planned_payment_id", "Items", readonly=True, guarded=True
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, guarded=True)
    items_text = fields.Char("Pays", compute="_compute_items_text")
    calendar_title = fields.Char("In the calendar", compute="_compute_calendar")
    calendar_color = fields.Integer(
        "Colour in the calendar", compute="_compute_calendar", help="By the status; overdue ones as failed ones."
    )
    state = fields.Selection(STATES, required=True, default="planned", readonly=True, guarded=True, tracking=True)
    is_coming = fields.Boolean(
        compute="_compute_is_coming",
        store=True,
        guarded=True,
        help="Will still bring money: planned, being charged, or failed and to be tried again.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue",
        help="Still expected, though the day it was due is over for the company.",
    )  # fmt: skip
    keeps_items = fields.Boolean(
        "Items were chosen",
        readonly=True,
        guarded=True,
        help="It pays these items only. Otherwise the items follow the order of the document.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Method",
        check_company=True,
        domain="[('payment_type', '=', payment_type), ('journal_id', '!=', False), "
        "('company_id', 'parent_of', company_id)]",
        help="How it is paid where there is no saved payment method of the client.",
    )
    payment_type = fields.Selection(DIRECTIONS, compute="_compute_payment_type", string="Direction")
    payment_token_id = fields.Many2one(
        "payment.token",
        "Saved payment method",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
        help="It is charged automatically on the due date.",
    )
    payment_id = fields.Many2one("account.payment", readonly=True, guarded=True, copy=False, index="btree_not_null")
    transaction_id = fields.Many2one(
        "payment.transaction",
        "Charge",
        readonly=True,
        guarded=True,
        copy=False,
        groups="account.group_account_invoice",
        help="The last charge of the saved payment method. It is stored before the charge, so that it happens once.",
    )
    reference = fields.Char("Charge reference", readonly=True, guarded=True, copy=False)
    attempt_count = fields.Integer("Attempts", readonly=True, guarded=True, copy=False)
    next_attempt_date = fields.Date("Next attempt", readonly=True, guarded=True, copy=False)
    failure_message = fields.Char("Why it failed", readonly=True, guarded=True, copy=False)

    _coming_idx = models.Index("(due_date) WHERE is_coming")

    _transitions = frozenset({
        ("planned", "processing"),
        ("planned", "done"),
        ("planned", "failed"),
        ("planned", "cancelled"),
        # Its payment is registered, and waits for its confirmation.
        ("processing", "processing"),
        ("processing", "done"),
        ("processing", "failed"),
        ("processing", "cancelled"),
        ("failed", "planned"),
        # Another attempt.
        ("failed", "failed"),
        ("failed", "processing"),
        ("failed", "done"),
        ("failed", "cancelled"),
        # Its payment was rejected after all.
        ("done", "failed"),
    })  # fmt: skip

    @api.depends("move_id.commercial_partner_id", "move_id.line_ids.partner_id.commercial_partner_id")
    def _compute_partner_id(self):
        for planned in self:
            planned.partner_id = planned.move_id._account_owner()

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for planned in self:
            planned.amount = planned.currency_id.round(sum(planned.line_ids.mapped("amount")))

    @api.depends("line_ids.amount", "line_ids.move_line_id")
    def _compute_items_text(self):
        for planned in self:
            planned.items_text = ", ".join(
                f"{line.name} {planned.currency_id.format(line.amount)}" for line in planned.line_ids
            )

    @api.depends("partner_id", "amount", "state", "is_overdue")
    def _compute_calendar(self):
        for planned in self:
            owner = planned.partner_id.name or planned.move_id.name
            planned.calendar_title = f"{owner} · {planned.currency_id.format(planned.amount)}"
            planned.calendar_color = CALENDAR_COLORS["failed" if planned.is_overdue else planned.state]

    @api.depends("state", "payment_id", "next_attempt_date")
    def _compute_is_coming(self):
        for planned in self:
            planned.is_coming = not planned.payment_id and (
                planned.state in ("planned", "processing") or (planned.state == "failed" and planned.next_attempt_date)
            )

    @api.depends("due_date", "is_coming", "company_id")
    def _compute_is_overdue(self):
        for planned in self:
            is_waiting = planned.is_coming and planned.due_date
            planned.is_overdue = bool(is_waiting) and planned.due_date < planned.company_id._today()

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain.FALSE
        for today, companies in self._companies_with_coming()._grouped_by_today().items():
            overdue |= Domain("company_id", "in", companies.ids) & Domain("due_date", "<", today)
        overdue &= Domain("is_coming", "=", True)
        if {True, False} <= set(value):
            return Domain.TRUE
        return overdue if True in value else ~overdue

    @api.model
    def _companies_with_coming(self):
        """The companies that expect planned payments, archived ones too."""
        # Only the companies are read, no rows of planned payments.
        rows = self.sudo()._read_group([("is_coming", "=", True)], ["company_id"])
        return self.env["res.company"].union(*(company for (company,) in rows))

    @api.depends("move_id")
    def _compute_payment_type(self):
        for planned in self:
            planned.payment_type = planned.move_id._planned_direction()[0] if planned.move_id else False

    @api.depends("move_id.name", "number")
    def _compute_display_name(self):
        for planned in self:
            planned.display_name = self.env._(
                "%(document)s, planned payment %(number)s", document=planned.move_id.name, number=planned.number
            )

    # -- changing ---------------------------------------------------------------------------------------------------

    def _set_state(self, state, **values):
        """Change the state, and count what is planned of the items again."""
        result = super()._set_state(state, **values)
        self._flush_planned()
        return result

    def _flush_planned(self):
        """Bring planned payments to the database, where the trigger counts them, and forget what that changed."""
        self.env["account.planned.payment"].flush_model()
        self.env["account.planned.payment.line"].flush_model()
        self.env["account.reconciliation.item"].invalidate_model(["amount_planned"], flush=False)
        self.env["account.move"]._invalidate_reconciliation()

    def write(self, vals):
        """Reschedule, or change how it is paid; everything else is changed by the methods of the model."""
        if not EDITABLE.intersection(vals):
            return super().write(vals)
        if "due_date" in vals:
            self._check_due_date(kinds.day(self.env, "due_date", vals["due_date"]), self.company_id)
        for planned in self:
            if planned.state not in ("planned", "failed"):
                raise UserError(
                    self.env._(
                        "%s is no longer waiting, so it can't be rescheduled: only planned and failed ones can.",
                        planned.display_name,
                    )
                )
        before = {planned: planned.due_date for planned in self}
        result = super().write(vals)
        if EDITABLE.intersection(vals) - {"due_date"}:
            self._check_means()
        if "due_date" in vals:
            for planned, was in before.items():
                if planned.state == "failed":
                    planned._revive()
                if planned.due_date != was:
                    planned.move_id._note_planned(
                        self.env._(
                            "Planned payment %(number)s (%(amount)s) moved from %(old)s to %(new)s.",
                            number=planned.number,
                            amount=planned.currency_id.format(planned.amount),
                            old=fields.Date.to_string(was),
                            new=fields.Date.to_string(planned.due_date),
                        )
                    )
        return result

    @api.model
    def _guarded_message(self, names):
        return self.env._(
            "Only the date and the method of a planned payment can be changed. To change its amount or items, delete "
            "it and plan again."
        )

    @api.model
    def _check_due_date(self, due_date, companies):
        """Refuse a date in the past.

        :param due_date: date, or None
        :param companies: res.company records whose planned payments get it
        """
        today = max(company._today() for company in companies or self.env.company)
        if not due_date or due_date < today:
            raise UserError(
                self.env._(
                    "A planned payment can't be due on %(date)s: that day is over. Choose %(today)s or later.",
                    date=due_date or self.env._("no date"),
                    today=today,
                )
            )

    def _check_means(self):
        """Refuse a saved payment method or a method that can't pay these planned payments."""
        for planned in self:
            problem = planned.move_id._means_problem(planned.payment_method_line_id, planned.payment_token_id)
            if problem:
                raise UserError(problem)

    def _revive(self):
        """Let a failed planned payment wait for its date again, for what is still open of its items."""
        self.ensure_one()
        coming = self.is_coming
        if not coming:
            self.move_id._fit_schedule(extra=self)
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "Nothing is open any more of what %s would pay. Delete it.",
                    self.display_name,
                )
            )
        self._set_state("planned", next_attempt_date=False, failure_message=False, attempt_count=0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        """Deleting a planned payment needs the permission; one that is done or processing can't be deleted."""
        require(self.env, DELETE)
        for planned in self:
            if planned.state == "processing":
                raise UserError(
                    self.env._(
                        "%s is being processed and can't be deleted until its result is known.", planned.display_name
                    )
                )
            if planned.state == "done":
                raise UserError(
                    self.env._(
                        "%s is done. To undo that, delete the reconciliation of its payment.",
                        planned.display_name,
                    )
                )

    def unlink(self):
        """Delete planned payments; their items are free again."""
        notes = [
            (
                planned.move_id,
                self.env._(
                    "Planned payment %(number)s of %(date)s deleted: %(items)s",
                    number=planned.number,
                    date=planned.due_date,
                    items=planned.items_text or self.env._("nothing"),
                ),
            )
            for planned in self
        ]
        result = super().unlink()
        self._flush_planned()
        for move, note in notes:
            move._note_planned(note)
        return result

    # -- buttons ----------------------------------------------------------------------------------------------------

    @remote_call()
    def action_delete(self):
        """Delete from a button, and go back to the list."""
        require(self.env, DELETE)
        self.unlink()
        return CLOSE

    @remote_call(one=True)
    def action_open_document(self):
        """Open the document."""
        return self.move_id._get_records_action()

    @remote_call(one=True)
    def action_open_client_billing(self):
        """Open the billing of the account owner."""
        return self.partner_id.action_open_client_billing()

    @remote_call()
    def action_try_again(self):
        """Let failed planned payments be tried again today.

        :raise AccessError: without the permission to manage reconciliations
        """
        require(self.env, MANAGE)
        for planned in self:
            planned.write({"due_date": planned.company_id._today()})
        return True

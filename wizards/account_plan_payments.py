from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.planned_payments import schedule
from ..models.common.actions import CLOSE, notify
from ..models.common.permissions import MANAGE, require
from ..models.common.remote_calls import remote_call
from ..models.planned_payments.account_planned_payment import DIRECTIONS


class AccountPlanPayments(models.TransientModel):
    """“Plan payments”: dates, amounts and the items each one pays, as they will be stored."""

    _name = "account.plan.payments"
    _description = "Plan payments"

    move_id = fields.Many2one("account.move", "Document", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Account", compute="_compute_partner_id")
    company_id = fields.Many2one(related="move_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="move_id.currency_id", related_sudo=False)
    amount_open = fields.Monetary("Open and not planned yet", compute="_compute_amount_open")
    # Computed as the user, not as the superuser: what is offered is what the user may see.
    amount = fields.Monetary("To plan", compute="_compute_amount", compute_sudo=False, store=True, readonly=False)
    payment_count = fields.Integer("Number of payments", default=3, required=True)
    interval = fields.Integer("Every", default=1, required=True)
    unit = fields.Selection([("weeks", "Weeks"), ("months", "Months")], default="months", required=True)
    date_first = fields.Date("First on", required=True, default=lambda self: self._default_date_first())
    split_by = fields.Selection(
        [("listed", "All items, in the order of the account"), ("chosen", "Chosen items")],
        "Pay for",
        default="listed",
        required=True,
        help="Listed order: first item to last. Chosen items: each planned payment keeps to the items that are ticked.",
    )
    item_ids = fields.One2many(
        "account.plan.payments.item",
        "wizard_id",
        "Items",
        compute="_compute_item_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    row_ids = fields.One2many(
        "account.plan.payments.row",
        "wizard_id",
        "Schedule",
        compute="_compute_row_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    payment_type = fields.Selection(DIRECTIONS, compute="_compute_payment_type")
    payment_token_id = fields.Many2one(
        "payment.token",
        "Saved payment method",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
        help="Charged automatically on each date. Leave empty to register the payments by a method instead.",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Method",
        compute="_compute_payment_method_line_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('payment_type', '=', payment_type), ('journal_id', '!=', False), "
        "('company_id', 'parent_of', company_id)]",
    )
    needs_person = fields.Boolean(related="payment_method_line_id.needs_person")
    amount_total = fields.Monetary("Planned", compute="_compute_totals")
    amount_left = fields.Monetary("Stays open", compute="_compute_totals")
    problem = fields.Char(compute="_compute_totals")

    @api.model
    def _default_date_first(self):
        move = self.env["account.move"].browse(self.env.context.get("default_move_id"))
        return (move.company_id or self.env.company)._today()

    @api.depends("move_id")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.amount_open = sum(wizard.move_id._plannable_items().mapped("amount_residual"))

    @api.depends("move_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.move_id._account_owner()

    @api.depends("move_id")
    def _compute_payment_type(self):
        for wizard in self:
            wizard.payment_type = wizard.move_id._planned_direction()[0] if wizard.move_id else False

    @api.depends("move_id")
    def _compute_payment_method_line_id(self):
        for wizard in self:
            wizard.payment_method_line_id = wizard.move_id and self.env["account.payment.method.line"].search(
                [
                    ("payment_type", "=", wizard.payment_type),
                    ("journal_id", "!=", False),
                    ("payment_method_id.code", "=", "manual"),
                    ("company_id", "parent_of", wizard.company_id.id),
                ],
                limit=1,
            )

    @api.depends("move_id")
    def _compute_item_ids(self):
        for wizard in self:
            wizard.item_ids = [fields.Command.clear()] + [
                fields.Command.create({"item_id": item.id, "ticked": True, "amount": item.amount_residual})
                for item in wizard.move_id._plannable_items()
            ]

    @api.depends("move_id", "split_by", "item_ids.ticked", "item_ids.amount")
    def _compute_amount(self):
        for wizard in self:
            if wizard.split_by == "chosen":
                wizard.amount = sum(wizard.item_ids.filtered("ticked").mapped("amount"))
            else:
                wizard.amount = wizard.amount_open

    @api.depends("amount", "payment_count", "interval", "unit", "date_first")
    def _compute_row_ids(self):
        """Propose the schedule; its dates and amounts can be changed row by row."""
        for wizard in self:
            commands = [fields.Command.clear()]
            if wizard.date_first and wizard._is_sane():
                dates = schedule.payment_dates(wizard.date_first, wizard.payment_count, wizard.interval, wizard.unit)
                step = Decimal(1).scaleb(-wizard.currency_id.decimal_places)
                amounts = schedule.even_amounts(
                    wizard.currency_id._exact(max(wizard.amount, 0)), wizard.payment_count, step
                )
                commands += [
                    fields.Command.create({"due_date": day, "amount": float(amount)})
                    for day, amount in zip(dates, amounts, strict=True)
                ]
            wizard.row_ids = commands

    def _is_sane(self):
        has_numbers = 1 <= self.payment_count <= schedule.PLANNED_PAYMENTS_MAX and 1 <= self.interval <= 99
        return has_numbers and bool(self.unit)

    def _split(self):
        """The items of each row: ``{row: {account.reconciliation.item id: Decimal}}``, in the order of the dates."""
        exact = self.currency_id._exact
        rows = self.row_ids.sorted(lambda row: row.due_date or self.company_id._today())
        if self.split_by == "chosen":
            items = [
                (item.item_id.id, exact(item.amount))
                for item in self.item_ids.filtered(lambda one: one.ticked and one.amount)
            ]
        else:
            items = [(item.id, exact(item.amount_residual)) for item in self.move_id._plannable_items()]
        keys = list(rows)
        amounts = [(number, max(exact(row.amount), Decimal(0))) for number, row in enumerate(keys)]
        allocated = schedule.split(amounts, items, self.move_id.reconciliation_item_ids._share_step())
        return {row: allocated[number] for number, row in enumerate(keys)}

    @api.depends("row_ids.amount", "row_ids.due_date", "amount", "item_ids.ticked", "item_ids.amount", "split_by")
    def _compute_totals(self):
        for wizard in self:
            currency = wizard.currency_id or self.env.company.currency_id
            wizard.amount_total = sum(wizard.row_ids.mapped("amount"))
            wizard.amount_left = wizard.amount_open - wizard.amount_total
            wizard.problem = wizard._find_problem(currency)

    def _find_problem(self, currency):
        today = self.company_id._today()
        if not self._is_sane():
            return self.env._(
                "A schedule has 1 to %s planned payments, 1 to 99 weeks or months apart.", schedule.PLANNED_PAYMENTS_MAX
            )
        if not self.amount_open:
            return self.env._("Nothing of this document is open that isn't planned already.")
        for row in self.row_ids:
            if currency.compare_amounts(row.amount, 0) <= 0:
                return self.env._("Every planned payment must be above zero; the one of %s is not.", row.due_date)
            if not row.due_date or row.due_date < today:
                return self.env._("A planned payment can't be due on %s: that day is over.", row.due_date)
        difference = currency.round(self.amount_total - self.amount)
        if difference:
            return self.env._(
                "The planned payments add up to %(total)s, not to the %(amount)s to plan: %(difference)s apart.",
                total=currency.format(self.amount_total),
                amount=currency.format(self.amount),
                difference=currency.format(abs(difference)),
            )
        if currency.compare_amounts(self.amount, self.amount_open) > 0:
            return self.env._(
                "%(amount)s is more than the %(open)s that is open and not planned yet.",
                amount=currency.format(self.amount),
                open=currency.format(self.amount_open),
            )
        return False

    @remote_call(one=True)
    def action_plan(self):
        """Store the schedule as shown.

        :return: closes the dialog and tells what is planned
        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where a date or amount can't be; nothing is stored then
        """
        require(self.env, MANAGE)
        if self.problem:
            raise UserError(self.env._("Nothing was planned. %s", self.problem))
        made = self.move_id.plan_payments(
            [
                {
                    "due_date": row.due_date,
                    "amount": row.amount,
                    "split": split if self.split_by == "chosen" else None,
                }
                for row, split in self._split().items()
            ],
            payment_method_line=self.payment_method_line_id,
            payment_token=self.payment_token_id,
        )
        message = self.env._(
            "%(count)s payments of %(document)s planned, %(amount)s in all.",
            count=len(made),
            document=self.move_id.name,
            amount=self.currency_id.format(sum(made.mapped("amount"))),
        )
        return notify(message, then=CLOSE)

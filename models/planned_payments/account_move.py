"""The schedule of a document: making it, showing it. How it follows its document is in account_move_schedule.py."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.planned_payments import schedule
from ..common import kinds
from ..common.permissions import MANAGE, VIEW, require
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    _inherit = "account.move"

    planned_payment_ids = fields.One2many("account.planned.payment", "move_id", "Planned payments", groups=VIEW)
    planned_payment_count = fields.Integer("Planned payments", compute="_compute_connected", groups=VIEW)
    amount_planned = fields.Monetary("Planned", compute="_compute_amount_planned", groups=VIEW)
    can_plan_payments = fields.Boolean(compute="_compute_connected", groups=VIEW)
    has_planned_payments = fields.Boolean(compute="_compute_connected", groups="base.group_user")

    @api.depends("planned_payment_ids.is_coming", "planned_payment_ids.amount")
    def _compute_amount_planned(self):
        for move in self:
            move.amount_planned = sum(move.planned_payment_ids.filtered("is_coming").mapped("amount"))

    @api.depends("planned_payment_ids.is_coming", "reconciliation_item_ids.amount_residual")
    def _compute_connected(self):
        return super()._compute_connected()

    def _connected_sql(self):
        queries = super()._connected_sql()
        coming = [("is_coming", "=", True)]
        # Only whether there are any, whoever asks: resetting the document asks first.
        queries["has_planned_payments"] = self.sudo()._counted_sql("account.planned.payment", SQL("TRUE"), coming)
        if self.env["account.planned.payment"].has_access("read"):
            queries["planned_payment_count"] = self._counted_sql("account.planned.payment", SQL("COUNT(*)"), coming)
        if self.env["account.reconciliation.item"].has_access("read"):
            # As in _plannable_items; an entry of several accounts can't be planned.
            queries["can_plan_payments"] = self._counted_sql(
                "account.reconciliation.item",
                SQL("BOOL_OR(amount_residual <> 0 AND amount_planned = 0) AND COUNT(DISTINCT partner_id) = 1"),
            )
        return queries

    @remote_call(one=True)
    def action_plan_payments(self):
        """Open “Plan payments”.

        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where nothing is left to plan
        """
        require(self.env, MANAGE)
        if self.state != "posted" or not self._plannable_items():
            raise UserError(
                self.env._(
                    "Nothing of %s is left to plan: it is paid, planned already, or not posted.", self.display_name
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_plan_payments")
        action["context"] = {"default_move_id": self.id}
        return action

    @remote_call()
    def action_open_planned_payments(self):
        """Open what is planned for this document."""
        require(self.env, VIEW)
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_planned_payments")
        action["domain"] = [("move_id", "in", self.ids)]
        return action

    # -- making -----------------------------------------------------------------------------------------------------

    def _planned_direction(self):
        """Which way the money of this document goes: payment type, partner type, and the account it is owed on."""
        self.ensure_one()
        owed = self._owed_lines().filtered(lambda line: not line.reconciled) or self._owed_lines()
        inbound = sum(owed.mapped("balance")) > 0
        is_receivable = owed.account_id[:1].account_type == "asset_receivable"
        return "inbound" if inbound else "outbound", "customer" if is_receivable else "supplier", owed.account_id[:1]

    def _coming_payments(self):
        """The planned payments that will still bring money, first to last."""
        # Bookkeeping of the addon itself: a planned payment follows its document, whoever changes that.
        planned = self.env["account.planned.payment"].sudo()
        return planned.search([("move_id", "in", self.ids), ("is_coming", "=", True)], order="due_date, number, id")

    def _plannable_items(self):
        """The open items that no planned payment pays yet, in listed order."""
        return self.reconciliation_item_ids.filtered(
            lambda item: not item.currency_id.is_zero(item.amount_residual) and not item.amount_planned
        )._listed()

    def _means_problem(self, method_line, token):
        """Say why a document can't be paid by a method or a saved payment method.

        :return: a sentence, or None where it can
        """
        self.ensure_one()
        if token:
            # Whether a saved payment method still works is not confidential; its details are not read.
            token_sudo = token.sudo()
            if not token_sudo.active or token_sudo.provider_id.state == "disabled":
                return self.env._(
                    "The saved payment method “%s” has expired or was removed. Choose another one.",
                    token_sudo.display_name,
                )
            if token_sudo.partner_id.commercial_partner_id != self._account_owner():
                return self.env._(
                    "The saved payment method “%(token)s” isn't %(partner)s's. Choose one of this account.",
                    token=token_sudo.display_name,
                    partner=self._account_owner().display_name,
                )
            if token_sudo.company_id != self.company_id:
                return self.env._("The saved payment method “%s” belongs to another company.", token_sudo.display_name)
            if self._planned_direction()[0] != "inbound":
                return self.env._("A saved payment method can only be charged, and %s is to be paid out.", self.name)
            return None
        if not method_line or not method_line.journal_id:
            return self.env._("Choose how the planned payments of %s are paid: a method, or a saved one.", self.name)
        if method_line.payment_type != self._planned_direction()[0]:
            return self.env._(
                "The method “%(method)s” is for the other direction of money than %(document)s.",
                method=method_line.display_name,
                document=self.name,
            )
        return None

    @remote_call(
        one=True,
        rows=kinds.listed,
        payment_method_line=kinds.record("account.payment.method.line"),
        payment_token=kinds.record("payment.token"),
    )
    def plan_payments(self, rows, payment_method_line=None, payment_token=None):
        """Plan the payments of this document; everything or nothing is stored.

        :param rows: list of dicts ``due_date`` (date), ``amount`` (in the document's currency) and, where the items
            are chosen, ``split`` (``{account.reconciliation.item id: amount}``); without it, the order of the account
        :param payment_method_line: account.payment.method.line by which they are registered
        :param payment_token: payment.token that is charged instead
        :return: the account.planned.payment records
        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where a date, an amount, an item or the method can't be; nothing is stored then
        """
        require(self.env, MANAGE)
        self.check_access("read")
        exact = self.currency_id._exact
        planned = self.env["account.planned.payment"]
        token = payment_token or self.env["payment.token"]
        method = payment_method_line or self.env["account.payment.method.line"]
        rows = [self._planned_row(row) for row in rows]
        self._check_can_plan(rows)
        problem = self._means_problem(method, token)
        if problem:
            raise UserError(problem)
        rows.sort(key=lambda row: row["due_date"])
        items = self._plannable_items()
        self._check_fits(rows, items)
        open_amounts = {item.id: exact(item.amount_residual) for item in items}
        for row in rows:
            for item, part in row["split"].items():
                open_amounts[item] -= part
        listed = [(number, row["amount"]) for number, row in enumerate(rows) if not row["split"]]
        allocated = schedule.split(listed, [(item.id, open_amounts[item.id]) for item in items], items._share_step())
        # The number goes on from every planned payment there was; the rights on the document were checked above.
        last = max(self.sudo().planned_payment_ids.mapped("number"), default=0)
        # Created with sudo: the permission was checked above, and users have no right to write planned payments.
        made = planned.sudo().create([
            {
                "move_id": self.id,
                "number": last + number + 1,
                "currency_id": self.currency_id.id,
                "due_date": row["due_date"],
                "payment_method_line_id": method.id,
                "payment_token_id": token.id,
                "keeps_items": bool(row["split"]),
            }
            for number, row in enumerate(rows)
        ])  # fmt: skip
        self._write_planned_lines({
            one: row["split"] or allocated[number] for number, (one, row) in enumerate(zip(made, rows, strict=True))
        })  # fmt: skip
        self._note_planned(
            self.env._("Payments planned:"),
            [
                f"{one.due_date}: {one.currency_id.format(one.amount)} ({one.items_text})"
                for one in made
            ],
        )  # fmt: skip
        return made.with_env(self.env)

    def _planned_row(self, row):
        """One row that a caller gave, in exact amounts.

        :raise UserError: naming what can't be read
        """
        row, exact = kinds.mapping(self.env, "row", row), self.currency_id._exact
        due_date = kinds.day(self.env, "due_date", row.get("due_date"))
        if not due_date:
            raise UserError(self.env._("A planned payment has no date. Give each one its date."))
        split = {}
        for item, part in kinds.mapping(self.env, "split", row.get("split")).items():
            # JSON knows only texts as names.
            item = int(item) if isinstance(item, str) and item.isascii() and item.isdecimal() else item
            split[kinds.record_id(self.env, "split", item)] = exact(kinds.finite(self.env, "split", part))
        return {
            "due_date": due_date,
            "amount": exact(kinds.finite(self.env, "amount", row.get("amount"))),
            "split": {item: part for item, part in split.items() if part},
        }

    def _check_can_plan(self, rows):
        if self.state != "posted" or not self.reconciliation_item_ids:
            raise UserError(
                self.env._(
                    "Payments can be planned for posted documents only, and %s isn't one.", self.display_name
                )
            )  # fmt: skip
        if not self._account_owner():
            raise UserError(
                self.env._(
                    "%s is of several accounts, so no payments can be planned for it. Take each account's payments as "
                    "they come.",
                    self.display_name,
                )
            )
        if not any(self.reconciliation_item_ids.mapped("amount_residual")):
            raise UserError(self.env._("Nothing of this document is open that isn't planned already."))
        if not rows:
            raise UserError(self.env._("There is no planned payment. Add at least one date and amount."))
        if len(rows) > schedule.PLANNED_PAYMENTS_MAX:
            raise UserError(self.env._("A schedule has at most %s planned payments.", schedule.PLANNED_PAYMENTS_MAX))
        for row in rows:
            if row["amount"] <= 0:
                raise UserError(
                    self.env._(
                        "The planned payment of %(date)s is %(amount)s. Every planned payment must be above zero.",
                        date=row["due_date"],
                        amount=self.currency_id.format(float(row["amount"])),
                    )
                )
            self.env["account.planned.payment"]._check_due_date(row["due_date"], self.company_id)
            if row["split"] and sum(row["split"].values()) != row["amount"]:
                raise UserError(
                    self.env._(
                        "The planned payment of %(date)s is %(amount)s, but its items add up to %(items)s. "
                        "Make them equal.",
                        date=row["due_date"],
                        amount=self.currency_id.format(float(row["amount"])),
                        items=self.currency_id.format(float(sum(row["split"].values()))),
                    )
                )

    def _check_fits(self, rows, items):
        """Refuse what is planned already, and more than is open."""
        exact, currency = self.currency_id._exact, self.currency_id
        taken = self.reconciliation_item_ids.filtered("amount_planned")
        asked = {item for row in rows for item in row["split"]}
        twice = taken.filtered(lambda item: item.id in asked)
        if twice or (taken and not items):
            coming = self._coming_payments().filtered(lambda one: one.line_ids.item_id & (twice or taken))
            raise UserError(
                self.env._(
                    "“%(item)s” of %(document)s is planned already: %(count)s planned payments, the next on %(date)s. "
                    "Delete those first.",
                    item=(twice or taken)[0].display_name,
                    document=self.name,
                    count=len(coming),
                    date=coming[:1].due_date,
                )
            )
        for item in self.env["account.reconciliation.item"].browse(asked):
            wanted = sum((row["split"].get(item.id, Decimal(0)) for row in rows), Decimal(0))
            if (
                item not in items
                or wanted * exact(item.amount_residual) < 0
                or abs(wanted) > abs(exact(item.amount_residual))
            ):
                raise UserError(
                    self.env._(
                        "%(amount)s can't be planned for “%(item)s”: %(open)s of it is open in %(document)s.",
                        amount=currency.format(float(wanted)),
                        item=item.display_name,
                        open=currency.format(item.amount_residual if item.move_id == self else 0),
                        document=self.name,
                    )
                )
        total = sum((row["amount"] for row in rows), Decimal(0))
        available = sum((exact(item.amount_residual) for item in items), Decimal(0))
        if total > available:
            raise UserError(
                self.env._(
                    "The planned payments add up to %(total)s, but only %(open)s of %(document)s is open and not "
                    "planned yet. Lower them.",
                    total=currency.format(float(total)),
                    open=currency.format(float(available)),
                    document=self.name,
                )
            )

    @remote_call()
    def get_planned_payments(self):
        """Tell what is planned for these documents, one by one.

        :return: list of dicts ``id``, ``document_id``, ``due_date``, ``amount``, ``currency_id``, ``state``, ``items``
            (list of dicts ``item``, ``ledger_code``, ``amount``); those that are done or cancelled left out
        :raise AccessError: without the permission to see client billing
        """
        require(self.env, VIEW)
        labels = dict(self.env["account.planned.payment"]._fields["state"]._description_selection(self.env))
        domain = [("move_id", "in", self.ids), ("is_coming", "=", True)]
        return [
            {
                "id": one.id,
                "document_id": one.move_id.id,
                "due_date": one.due_date,
                "amount": one.amount,
                "currency_id": one.currency_id.id,
                "state": labels[one.state],
                "items": [
                    {"item": line.name, "ledger_code": line.account_id.display_name, "amount": line.amount}
                    for line in one.line_ids
                ],
            }
            for one in self.env["account.planned.payment"].search(domain)
        ]

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.items.status_sql import STATUSES
from ..models.common.actions import CLOSE, notify
from ..models.common.permissions import DELETE, MANAGE
from ..models.common.remote_calls import remote_call

# The most counterparts that are offered beside those that are reconciled already.
OFFERED_COUNTERPARTS = 10


class AccountReconciliationModify(models.TransientModel):
    """The reconciliations of one transaction as a table: how much of each item is paid by what, editable."""

    _name = "account.reconciliation.modify"
    _description = "Reconciliations of a transaction"

    move_id = fields.Many2one("account.move", "Transaction", required=True, readonly=True)
    owner_id = fields.Many2one(
        "res.partner", "Account", readonly=True, help="Whose part of a transaction of several accounts; empty for all."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_transaction")
    amount_total = fields.Monetary("Amount", compute="_compute_transaction")
    amount_residual = fields.Monetary("Open", compute="_compute_amount_residual", help="With the amounts as entered.")
    status = fields.Selection(STATUSES, compute="_compute_status", help="With the amounts as entered.")
    is_document = fields.Boolean(compute="_compute_transaction", help="The transaction has items of its own.")
    is_reconciled = fields.Boolean(compute="_compute_transaction", help="Something of it is reconciled now.")
    can_manage = fields.Boolean(compute="_compute_transaction")
    can_delete = fields.Boolean(compute="_compute_transaction")
    # Computed as the user, not as the superuser: what is offered is what the user may see.
    line_ids = fields.One2many(
        "account.reconciliation.modify.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    problem = fields.Char(compute="_compute_problem")
    error_text = fields.Text("What is wrong", compute="_compute_error_text")

    @api.constrains("move_id")
    def _check_visible(self):
        self.sudo(False).move_id.check_access("read")  # Odoo runs constraints as the superuser

    @api.depends("move_id", "owner_id")
    def _compute_transaction(self):
        user = self.env.user
        for wizard in self:
            owed = wizard.move_id._owed_lines(wizard.owner_id or None)
            wizard.currency_id = owed.currency_id[:1] or wizard.move_id.currency_id
            wizard.amount_total = abs(sum(owed.mapped("amount_currency")))
            wizard.is_document = bool(wizard.move_id) and wizard.move_id._is_reconciliation_document()
            wizard.is_reconciled = bool(owed.matched_debit_ids | owed.matched_credit_ids)
            wizard.can_manage = self.env.su or user.has_group(MANAGE)
            wizard.can_delete = self.env.su or user.has_group(DELETE)

    @api.depends("move_id", "owner_id", "line_ids.amount")
    def _compute_amount_residual(self):
        for wizard in self:
            owed = wizard.move_id._owed_lines(wizard.owner_id or None)
            currency = owed.currency_id[:1] or wizard.move_id.currency_id
            entered = sum(line.amount - line.amount_before for line in wizard.line_ids)
            left = abs(sum(owed.mapped("amount_residual_currency"))) - entered
            wizard.amount_residual = currency.round(left) if currency else left

    @api.depends("move_id", "amount_residual", "line_ids.amount")
    def _compute_status(self):
        for wizard in self:
            wizard.status = wizard.move_id.reconciliation_status
            if any(line.currency_id.compare_amounts(line.amount, line.amount_before) for line in wizard.line_ids):
                is_open = not wizard.currency_id.is_zero(wizard.amount_residual)
                is_applied = wizard.currency_id.compare_amounts(wizard.amount_residual, wizard.amount_total)
                wizard.status = "full" if not is_open else "partial" if is_applied else "not_reconciled"

    @api.depends("move_id")
    def _compute_error_text(self):
        for wizard in self:
            errors = wizard.move_id._reconciliation_errors() if wizard.move_id else []
            wizard.error_text = "\n".join(error["sentence"] for error in errors)

    @api.depends("move_id", "owner_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(values) for values in wizard._prepare_lines()
            ]

    def _prepare_lines(self):
        """One row a counterpart and item: first those reconciled now, then what is open and would fit."""
        move = self.move_id
        rows = []
        is_document = self.is_document
        owed = move._owed_lines(self.owner_id or None)
        for own in owed.sorted(lambda line: (line.date_maturity or line.date, line.id)):
            partials = own.matched_debit_ids | own.matched_credit_ids
            others = (partials.debit_move_id | partials.credit_move_id) - own
            current = others.filtered(lambda other, own=own: other.currency_id == own.currency_id)
            for other in current | self._offer(own, current):
                document, money = (own, other) if is_document else (other, own)
                rows += self._rows(document, money)
        # A document with several due dates has several lines; money is applied to the document.
        unique = {}
        for row in rows:
            unique.setdefault((row["item_id"], row["money_line_id"]), row)
        return list(unique.values())

    def _offer(self, own, current):
        """Open lines of the account that could be reconciled with a line, oldest first."""
        if own.currency_id.is_zero(own.amount_residual_currency):
            return self.env["account.move.line"]
        opposite = "<" if own.amount_residual_currency > 0 else ">"
        return self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", own.partner_id.commercial_partner_id.id),
                ("account_id", "=", own.account_id.id),
                ("company_id", "=", own.company_id.id),
                ("currency_id", "=", own.currency_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual_currency", opposite, 0),
                ("id", "not in", current.ids),
            ],
            order="date, id",
            limit=OFFERED_COUNTERPARTS,
        )

    def _rows(self, document, money):
        """The rows of a document's items for one counterpart; none where the document has no items."""
        items = document.move_id.reconciliation_item_ids.filtered(
            lambda item: item.allocation_key in (document.move_id.id, -document.id)
        )
        for item in items._listed():
            applied = item.reconciliation_line_ids.filtered(lambda line: line.counterpart_line_id == money)
            amount = sum(applied.mapped("amount_currency"))
            if item.currency_id.is_zero(item.amount_total):
                continue
            yield {
                "item_id": item.id,
                "money_line_id": money.id,
                "amount": amount,
                "amount_before": amount,
            }

    @api.depends("line_ids.amount")
    def _compute_problem(self):
        for wizard in self:
            problems = []
            lines = wizard.line_ids
            for money in lines.money_line_id:
                mine = lines.filtered(lambda line, money=money: line.money_line_id == money)
                currency = money.currency_id
                applied, before = sum(mine.mapped("amount")), sum(mine.mapped("amount_before"))
                left = currency.round(abs(money.amount_residual_currency) + before - applied)
                name = money.move_id._reconciliation_thread().display_name
                if currency.compare_amounts(left, 0) < 0:
                    problems.append(self.env._("%(money)s: %(over)s too much", money=name, over=currency.format(-left)))
            for item in lines.item_id:
                mine = lines.filtered(lambda line, item=item: line.item_id == item)
                applied, before = sum(mine.mapped("amount")), sum(mine.mapped("amount_before"))
                left = item.currency_id.round(item.amount_residual + before - applied)
                if left * item.amount_total < 0 and not item.currency_id.is_zero(left):
                    problems.append(
                        self.env._(
                            "%(item)s: %(over)s too much",
                            item=item.display_name,
                            over=item.currency_id.format(abs(left)),
                        )
                    )
            wizard.problem = "; ".join(problems)

    @remote_call(one=True)
    def action_save(self):
        """Write the amounts of the table; what is unchanged is not touched.

        :return: an action that says so, offers to undo it and closes the dialog
        :raise UserError: where more would be applied than is open, or the table is not what it was opened with
        """
        for line in self.line_ids:
            line._check_before_saving()
        if self.problem:
            raise UserError(self.env._("Nothing was saved. Lower the amounts first: %s.", self.problem))
        changes = []
        for money in self.line_ids.money_line_id:
            rows = self.line_ids.filtered(lambda line, money=money: line.money_line_id == money)
            for document in rows.document_id:
                mine = rows.filtered(lambda line, document=document: line.document_id == document)
                if any(line.currency_id.compare_amounts(line.amount, line.amount_before) for line in mine):
                    # An item that is not in the table stays as it is.
                    split = {item.id: mine[:1]._applied_now(item) for item in document.reconciliation_item_ids}
                    split.update((line.item_id.id, line.amount) for line in mine)
                    split = {item_id: amount for item_id, amount in split.items() if amount}
                    changes.append({"document": document, "money": money, "split": split})
        if not changes:
            raise UserError(self.env._("No amount was changed, so there is nothing to save."))
        undo = self.move_id._modify_reconciliations(changes)
        return undo._notify(self.env._("Reconciliations of %s modified.", self.move_id.display_name))

    @remote_call(one=True)
    def action_delete(self):
        """Delete all reconciliations of the transaction."""
        return self.move_id.action_delete_reconciliations(partner_id=self.owner_id)

    @remote_call()
    def action_repair(self):
        """Delete and recreate the reconciliation."""
        self.move_id.action_repair_reconciliation()
        return notify(self.env._("The reconciliation was deleted and recreated."), then=CLOSE)

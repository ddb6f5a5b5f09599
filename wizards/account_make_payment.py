from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..engine.common.odoo_types import JOURNAL_TYPES
from ..engine.items.allocation_order_sql import EXPLICIT
from ..engine.items.waterfall import allocate
from ..models.common import context_keys
from ..models.common.actions import CLOSE, notify_with_undo
from ..models.common.permissions import DELETE, MANAGE, require
from ..models.common.remote_calls import remote_call

OPERATIONS = {
    # operation: (payment type, partner type, account type, sign of the open amount of what is paid)
    "receive": ("inbound", "customer", "asset_receivable", 1),
    "refund": ("outbound", "customer", "asset_receivable", -1),
    "pay": ("outbound", "supplier", "liability_payable", -1),
    "vendor_refund": ("inbound", "supplier", "liability_payable", 1),
}


class AccountMakePayment(models.TransientModel):
    """Register a payment of an account for the documents that the user ticks; what is left stays as a deposit."""

    _name = "account.make.payment"
    _description = "Make payment"

    partner_id = fields.Many2one("res.partner", "Account", required=True)
    operation = fields.Selection(
        [
            ("receive", "Receive from client"),
            ("refund", "Refund to client"),
            ("pay", "Pay vendor"),
            ("vendor_refund", "Receive from vendor"),
        ],
        required=True,
        default=lambda self: self._default_operation(),
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary(required=True)
    amount_proposed = fields.Monetary("Proposed amount", default=lambda self: self.env.context.get("default_amount", 0))
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        compute="_compute_journal_id",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
        check_company=True,
        domain=f"[('company_id', 'parent_of', company_id), ('type', 'in', {JOURNAL_TYPES})]",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Method",
        required=True,
        compute="_compute_payment_method_line_id",
        compute_sudo=False,
        precompute=True,
        store=True,
        readonly=False,
        domain="[('id', 'in', available_payment_method_line_ids)]",
    )
    available_payment_method_line_ids = fields.Many2many(
        "account.payment.method.line", compute="_compute_available_payment_method_line_ids"
    )
    memo = fields.Char()
    # Computed as the user, not as the superuser: what is offered is what the user may see.
    document_ids = fields.One2many(
        "account.make.payment.document",
        "wizard_id",
        "Documents",
        compute="_compute_document_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    item_ids = fields.One2many(
        "account.make.payment.item",
        "wizard_id",
        "Items",
        compute="_compute_item_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    is_explicit = fields.Boolean("Amounts per item are entered", compute="_compute_is_explicit")
    amount_applied = fields.Monetary("Applied to items", compute="_compute_totals")
    amount_deposit = fields.Monetary("Stays on the account", compute="_compute_totals")

    @api.model_create_multi
    def create(self, vals_list):
        """Offer the documents at once: the context of this call says which of them to tick."""
        wizards = super().create(vals_list)
        wizards.mapped("item_ids")
        return wizards

    @api.constrains("company_id")
    def _check_company_selected(self):
        # Odoo runs constraints as the superuser, who may select any company.
        for company in self.company_id - self.sudo(False).env.companies:
            raise AccessError(
                self.env._(
                    "%s is not among the companies you have selected. Select it at the top right first.",
                    company.name,
                )
            )

    def _operation(self):
        # A remote call may give another type than text, which is refused when it is stored.
        return OPERATIONS.get(str(self.operation), OPERATIONS["receive"])

    @api.model
    def _default_operation(self):
        """The direction of the documents to tick, which the context names: a journal entry may be owed by the account,
        or to it."""
        owner = self.env["res.partner"].browse(self.env.context.get("default_partner_id") or ()).commercial_partner_id
        moves = self.env["account.move"].browse(self.env.context.get(context_keys.MAKE_PAYMENT_MOVES) or ())
        for line, _amount in moves._owed_lines(owner or None)._payable_amounts():
            for operation, (_direction, _partner_type, account_type, sign) in OPERATIONS.items():
                if line.account_id.account_type == account_type and line.amount_residual_currency * sign > 0:
                    return operation
        return "receive"

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(wizard.company_id),
                    ("type", "in", JOURNAL_TYPES),
                ],
                limit=1,
            )

    @api.depends("journal_id", "operation")
    def _compute_available_payment_method_line_ids(self):
        for wizard in self:
            direction = wizard._operation()[0]
            wizard.available_payment_method_line_ids = wizard.journal_id._get_available_payment_method_lines(direction)

    @api.depends("available_payment_method_line_ids")
    def _compute_payment_method_line_id(self):
        for wizard in self:
            available = wizard.available_payment_method_line_ids
            if wizard.payment_method_line_id not in available:
                wizard.payment_method_line_id = available[:1]._origin

    @api.depends("partner_id", "operation", "currency_id", "company_id")
    def _compute_document_ids(self):
        """Offer the open documents of the account, oldest first; those asked for are ticked."""
        ticked = self.env.context.get(context_keys.MAKE_PAYMENT_MOVES) or []
        for wizard in self:
            _direction, _partner_type, account_type, sign = wizard._operation()
            lines = self.env["account.move.line"].search(
                [
                    ("partner_id.commercial_partner_id", "=", wizard.partner_id.commercial_partner_id._origin.id),
                    ("account_id.account_type", "=", account_type),
                    ("company_id", "=", wizard.company_id.id),
                    ("currency_id", "=", wizard.currency_id.id),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual_currency", ">" if sign > 0 else "<", 0),
                ],
                order="date, move_id, id",
            )
            payable = lines._payable_amounts()
            payable_moves = {line.move_id for line, _amount in payable}
            documents = lines.move_id.filtered(
                lambda move, payable_moves=payable_moves: move in payable_moves and move._is_reconciliation_document()
            )
            wizard.document_ids = [Command.clear()] + [
                Command.create({
                    "move_id": move.id,
                    "amount_open": float(sum(amount for line, amount in payable if line.move_id == move)),
                    "ticked": move.id in ticked,
                })
                for move in documents
            ]  # fmt: skip

    @api.depends("partner_id", "company_id")
    def _compute_is_explicit(self):
        for wizard in self:
            owner = wizard.partner_id.commercial_partner_id
            wizard.is_explicit = owner._allocation_order(wizard.company_id) == EXPLICIT

    @api.depends("amount", "document_ids.ticked", "is_explicit")
    def _compute_item_ids(self):
        """Allocate the amount over the ticked documents, oldest first, and over their items in the account's order."""
        for wizard in self:
            exact = (wizard.currency_id or wizard.company_id.currency_id)._exact
            ticked = wizard.document_ids.filtered("ticked")
            parts = allocate(
                [("payment", max(exact(wizard.amount), Decimal(0)))],
                [(document.move_id, exact(document.amount_open)) for document in ticked],
            )
            per_document = {move: part for _payment, move, part in parts}
            commands = [Command.clear()]
            for document in ticked:
                move = document.move_id._origin
                items = wizard._payable_items(move)
                money = per_document.get(document.move_id, Decimal(0))
                amounts = {} if wizard.is_explicit else items._spread(money)
                commands += [
                    Command.create({"item_id": item.id, "amount": float(amounts.get(item.id, 0))}) for item in items
                ]
            wizard.item_ids = commands

    def _payable_items(self, move):
        """The items of a document that have something open of this account, in listed order."""
        account_type, sign = self._operation()[2:]
        owner = self.partner_id.commercial_partner_id._origin

        def fits(item):
            # A journal entry may be of several accounts.
            if item.partner_id != owner or item.currency_id.is_zero(item.amount_residual):
                return False
            line = item.move_line_id
            return item.allocation_key > 0 or (
                line.account_id.account_type == account_type and line.amount_residual_currency * sign > 0
            )

        return move.reconciliation_item_ids.filtered(fits)._listed()

    @api.onchange("document_ids")
    def _onchange_document_ids(self):
        """What the ticked documents have open is the amount, until somebody enters another."""
        currency = self.currency_id or self.company_id.currency_id
        if currency.compare_amounts(self.amount, self.amount_proposed) == 0:
            self.amount = self.amount_proposed = sum(self.document_ids.filtered("ticked").mapped("amount_open"))

    @api.depends("amount", "item_ids.amount")
    def _compute_totals(self):
        for wizard in self:
            wizard.amount_applied = sum(wizard.item_ids.mapped("amount"))
            wizard.amount_deposit = wizard.amount - wizard.amount_applied

    @remote_call(one=True)
    def action_plan_payments(self):
        """Plan payments of the ticked document instead of taking one now.

        :raise UserError: where not exactly one document is ticked
        """
        documents = self.document_ids.filtered("ticked").move_id
        if len(documents) != 1:
            raise UserError(self.env._("Tick the one document that payments are planned for."))
        return documents.action_plan_payments()

    @remote_call(one=True)
    def action_pay(self):
        """Post the payment and apply it to the items as shown; the rest stays on the account.

        :return: a notification that offers to undo it, then the dialog closes
        :raise AccessError: without the permission to manage reconciliations
        :raise UserError: where an amount doesn't fit; nothing is posted then
        """
        require(self.env, MANAGE)
        currency = self.currency_id
        if currency.compare_amounts(self.amount, 0) <= 0:
            raise UserError(
                self.env._("The amount of a payment must be above zero; %s is not.", currency.format(self.amount))
            )
        if currency.compare_amounts(self.amount_applied, self.amount) > 0:
            raise UserError(
                self.env._(
                    "%(applied)s is applied to items, but the payment is only %(amount)s. Lower the amounts per item.",
                    applied=currency.format(self.amount_applied),
                    amount=currency.format(self.amount),
                )
            )
        self._check_documents()
        payment = self._create_payment()
        self._apply(payment)
        message = self.env._(
            "%(payment)s posted: %(applied)s applied, %(deposit)s stays on the account.",
            payment=payment.display_name,
            applied=currency.format(self.amount_applied),
            deposit=currency.format(self.amount_deposit),
        )
        may_undo = self.env.user.has_group(DELETE)
        return notify_with_undo(message, payment if may_undo else None, CLOSE, method="action_take_back")

    def _check_documents(self):
        """Refuse items of documents that this account's payment is not for, whoever put them into the table."""
        for row in self.item_ids.filtered("amount"):
            if row.item_id.partner_id != self.partner_id.commercial_partner_id:
                raise UserError(
                    self.env._(
                        "%(document)s is a document of another account than %(account)s. Nothing was posted: pay it "
                        "from its own account.",
                        document=row.move_id.display_name,
                        account=self.partner_id.commercial_partner_id.display_name,
                    )
                )

    def _create_payment(self):
        direction, partner_type, account_type, _sign = self._operation()
        accounts = (
            self.item_ids.filtered("amount")
            .move_id._owed_lines()
            .account_id.filtered(lambda account: account.account_type == account_type)
        )
        if len(accounts) > 1:
            raise UserError(
                self.env._(
                    "The ticked documents are on different accounts (%s). Make one payment for each of them.",
                    ", ".join(accounts.mapped("display_name")),
                )
            )
        values = {
            "payment_type": direction,
            "partner_type": partner_type,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount,
            "date": self.date,
            "journal_id": self.journal_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "memo": self.memo,
        }
        if accounts:
            values["destination_account_id"] = accounts.id
        payment = self.env["account.payment"].create(values)
        payment.action_post()
        return payment

    def _apply(self, payment):
        """Reconcile the payment with the documents for the amounts per item."""
        money = payment.move_id._owed_lines()
        pairs, chosen = [], []
        exact = self.currency_id._exact
        for document in self.item_ids.move_id:
            rows = self.item_ids.filtered(lambda row, document=document: row.move_id == document and row.amount)
            split = {row.item_id.id: exact(row.amount) for row in rows}
            total = sum(split.values(), Decimal(0))
            if total < 0:
                raise UserError(
                    self.env._("The amounts applied to %s add up to less than zero.", document.display_name)
                )
            if total:
                pairs += money._pairs_with_document(document, total, split)
                chosen.append((document, split))
        money._reconcile_pairs(pairs)
        for document, split in chosen:
            document._check_applied_as_chosen(money, split)

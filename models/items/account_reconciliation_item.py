from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.items import items_sql, money_sql
from ...engine.items.allocation_order_sql import OLDEST, PRO_RATA, item_due
from ...engine.items.waterfall import allocate_to_items
from ..common.sql import KEPT_PLAN_LIMIT, keep_plan

# What Odoo computes from partials, of journal entries and of their items.
FOLLOWS_PARTIALS = {
    "amount_residual",
    "amount_residual_currency",
    "amount_residual_signed",
    "full_reconcile_id",
    "matching_number",
    "payment_state",
    "reconciled",
}


class AccountReconciliationItem(models.Model):
    """The balance of one item of a posted document: its total, what is reconciled and planned, and what is open.

    Rows are made at posting and go at reset to draft, both set-based. Balances follow the reconciliation lines by a
    database trigger, so that no route around the ORM can leave them behind.
    """

    _name = "account.reconciliation.item"
    _description = "Item balance"
    _order = "move_id desc, sequence, move_line_id"
    _rec_name = "move_line_id"
    _log_access = False

    move_line_id = fields.Many2one("account.move.line", "Item", required=True, ondelete="cascade", readonly=True)
    move_id = fields.Many2one("account.move", "Document", required=True, ondelete="cascade", index=True, readonly=True)
    allocation_key = fields.Integer(
        required=True,
        index=True,
        readonly=True,
        help="Items with the same key share money: the items of a document (its id), or one journal item (its id, "
        "negative).",
    )
    sequence = fields.Integer(related="move_line_id.sequence", store=True)
    partner_id = fields.Many2one("res.partner", "Account owner", compute="_compute_partner_id", store=True)
    account_id = fields.Many2one("account.account", "Ledger code", related="move_line_id.account_id", store=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    date = fields.Date(related="move_id.date")
    amount_total = fields.Monetary("Total", readonly=True, help="Taxes included, in the document's currency.")
    amount_untaxed = fields.Monetary("Net", readonly=True, help="The total without its taxes.")
    balance_total = fields.Monetary(
        "Total in company currency", currency_field="company_currency_id", readonly=True, help="Taxes included."
    )
    balance_untaxed = fields.Monetary(
        "Net in company currency",
        currency_field="company_currency_id",
        readonly=True,
        help="What the journal item books on its ledger code.",
    )
    amount_reconciled = fields.Monetary("Reconciled", readonly=True)
    amount_planned = fields.Monetary("Planned", readonly=True, help="Covered by payments that have not occurred yet.")
    amount_residual = fields.Monetary("Open", readonly=True)
    reconciliation_line_ids = fields.One2many("account.reconciliation.line", "item_id", "Reconciled with")

    _move_line_unique = models.Constraint("UNIQUE (move_line_id)", "A journal item has one item balance.")
    _never_over_applied = models.Constraint(
        """CHECK (
            amount_residual = amount_total - amount_reconciled
            AND ABS(amount_reconciled) <= ABS(amount_total)
            AND amount_reconciled * amount_total >= 0
        )""",
        "More would be applied to an item than it is worth. Nothing was changed: lower the amount to what is open.",
    )
    _never_over_planned = models.Constraint(
        "CHECK (amount_planned * amount_total >= 0 AND ABS(amount_planned) <= ABS(amount_residual))",
        "More would be planned for an item than is open of it. Nothing was changed: plan less, or delete "
        "planned payments.",
    )
    _open_idx = models.Index("(partner_id, move_id) WHERE amount_residual <> 0")

    def init(self):
        insert = items_sql.insert_items(SQL("m.id = ANY($1)"))
        keep_plan(self.env.cr, "account_reconciliation_build_items", "integer[]", insert)

    @api.depends("move_id.commercial_partner_id", "move_line_id.partner_id.commercial_partner_id")
    def _compute_partner_id(self):
        for item in self:
            line_owner = item.move_line_id.partner_id.commercial_partner_id
            item.partner_id = (
                line_owner if item.allocation_key < 0 and line_owner else item.move_id.commercial_partner_id
            )

    def _compute_display_name(self):
        for item in self:
            line = item.move_line_id
            # The line's own label comes first: it says for which child or week the item is.
            label = (line.name or "").split("\n")[0].strip()
            item.display_name = label or line.product_id.display_name or line.account_id.display_name

    @api.model
    def _flush_sources(self, with_open=True):
        """Bring to the database what the statements of engine/items/items_sql.py read.

        :param with_open: also what Odoo computes from partials, which allocating doesn't read: before it, half of these
            would be written twice
        """
        for model in (self.env["account.move"], self.env["account.move.line"]):
            names = None
            if not with_open:
                names = [name for name, field in model._fields.items() if field.store and name not in FOLLOWS_PARTIALS]
            model.flush_model(names)
        self.env["account.partial.reconcile"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id", "allocation_order"])
        self.env["res.company"].flush_model(["allocation_order"])
        self.env["account.payment"].flush_model([
            "amount_company_currency_signed", "payment_method_line_id", "outstanding_account_id",
        ])  # fmt: skip
        self.flush_model()

    # -- the order in which payments are applied to items -------------------------------------------------------------

    def _allocation_order(self):
        """The order that the account of these items of one document is paid in: a key of ``ALLOCATION_ORDERS``."""
        return self.partner_id[:1]._allocation_order(self.company_id[:1])

    def _share_step(self):
        """The smallest amount where the account of these items is paid pro rata; None where items have an order."""
        currency = self.currency_id[:1]
        return currency._exact(currency.rounding) if self._allocation_order() == PRO_RATA else None

    def _listed(self):
        """These items of one document in listed order."""
        return self.sorted(lambda item: (item.sequence, item.move_line_id.id))

    def _in_allocation_order(self):
        """These items of one document in the order that its account is paid in; for pro rata the listed order."""
        due = {}
        if self._allocation_order() == OLDEST:
            self._flush_sources()
            due = dict(self.env.execute_query(item_due(SQL("item.id = ANY(%s)", self.ids))))
        return self.sorted(lambda item: (due.get(item.id), item.sequence, item.move_line_id.id))

    def _spread(self, amount, open_amounts=None):
        """Spread money over these items of one document, in the order that its account is paid in.

        :param amount: Decimal, at least 0, in the document's currency
        :param open_amounts: ``{item id: Decimal}``, or None for what is open of each
        :return: ``{item id: Decimal}``, the part of each; an explicit order is spread as listed
        """
        exact = self.currency_id[:1]._exact
        amounts = [
            (item.id, exact(item.amount_residual) if open_amounts is None else open_amounts[item.id])
            for item in self._in_allocation_order()
        ]
        allocated = allocate_to_items([("money", amount)], amounts, self._share_step())
        return {item_id: part for _money, item_id, part in allocated}

    def _invalidate_balances(self):
        """Invalidate cached amounts that a statement or the trigger has changed, and what isn't stored of other models
        and follows what is open of a document.

        These don't depend on the amounts of Odoo's journal entries: Odoo goes through all that does at each of its
        writes, and a payment has some thirty.
        """
        self.env["account.reconciliation.item"].invalidate_model(flush=False)
        self.env["account.reconciliation.line"].invalidate_model(flush=False)
        self.env["account.reconciliation.money"].invalidate_model(flush=False)
        self.env["account.move.line"]._invalidate_item_amounts()
        self.env["account.move"]._invalidate_reconciliation()
        self.env["account.move"]._invalidate_connected()
        self.env["account.payment"].invalidate_model(["reconciliation_status"], flush=False)

    @api.model
    def _build(self, moves):
        """Make the item rows of posted documents that have none, and the money balances of what reverses money.

        :param moves: account.move records; those that are neither are passed over
        """
        if not moves:
            return
        self._flush_sources()
        reversals = moves.filtered(lambda move: move.move_type == "entry" and move.reversed_entry_id)
        if reversals:
            self.env.cr.execute(money_sql.insert_reversed_money(SQL("move.id = ANY(%s)", reversals.ids)))
        if len(moves) <= KEPT_PLAN_LIMIT:
            self.env.cr.execute("SELECT account_reconciliation_build_items(%s)", [moves.ids])
        else:
            self.env.cr.execute(items_sql.insert_items(SQL("m.id = ANY(%s)", moves.ids)))
        self._invalidate_balances()

    @api.model
    def _drop(self, moves):
        """Delete the item rows (and with them the reconciliation lines) of documents that are no longer posted."""
        if not moves:
            return
        self.env["account.reconciliation.line"].flush_model()
        self.env.cr.execute(SQL("DELETE FROM account_reconciliation_line WHERE move_id = ANY(%s)", moves.ids))
        self.env.cr.execute(SQL("DELETE FROM account_reconciliation_item WHERE move_id = ANY(%s)", moves.ids))
        self._invalidate_balances()

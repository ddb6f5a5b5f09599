from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES, SIDE_SELECTION
from ...engine.items import both_signs_sql, items_sql, line_amounts_sql, money_sql
from ...engine.items.allocation_order_sql import LISTED, OLDEST, PRO_RATA
from ...engine.items.status_sql import status_sql
from ..common.implied_many2one import ImpliedMany2one
from ..common.sql import KEPT_PLAN_LIMIT, keep_plan

ENGINE = Path(__file__).parents[2] / "engine" / "items"
TRIGGERS = ENGINE / "balance_triggers.sql"
NO_TRIGGERS = ENGINE / "no_balance_triggers.sql"


class AccountReconciliationLine(models.Model):
    """How much of one partial is applied to one item.

    Made when a partial is made, by whatever route; gone when the partial is gone (the foreign key cascades).
    """

    _name = "account.reconciliation.line"
    _description = "Reconciliation line"
    _order = "date desc, id desc"
    _rec_name = "move_line_id"

    partial_id = fields.Many2one(
        "account.partial.reconcile", required=True, ondelete="cascade", index=True, readonly=True
    )
    item_id = fields.Many2one(
        "account.reconciliation.item", "Item balance", required=True, ondelete="cascade", index=True, readonly=True
    )
    # What is implied is guaranteed by the item or by the partial: a payment is deleted with its entry.
    move_line_id = ImpliedMany2one(
        "account.move.line", "Item", required=True, ondelete="cascade", index=True, readonly=True
    )
    move_id = ImpliedMany2one("account.move", "Document", required=True, ondelete="cascade", index=True, readonly=True)
    counterpart_line_id = ImpliedMany2one(
        "account.move.line", "Reconciled with (line)", required=True, ondelete="cascade", index=True, readonly=True
    )
    counterpart_move_id = ImpliedMany2one(
        "account.move", "Reconciled with", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Account owner", related="item_id.partner_id", store=True)
    account_id = fields.Many2one("account.account", "Ledger code", related="item_id.account_id", store=True)
    date = fields.Date(
        related="counterpart_line_id.date", store=True, help="The accounting date of what it is reconciled with."
    )
    company_id = ImpliedMany2one("res.company", required=True, readonly=True)
    currency_id = ImpliedMany2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount_currency = fields.Monetary(
        "Amount", readonly=True, help="In the document's currency; negative for a discount line."
    )
    amount = fields.Monetary(
        "Amount in company currency", currency_field="company_currency_id", readonly=True, aggregator="sum"
    )
    # What reports need, see engine/items/line_amounts_sql.py.
    amount_untaxed = fields.Monetary(
        "Net", currency_field="company_currency_id", readonly=True, help="Of the amount in company currency."
    )
    amount_money = fields.Float(
        "Amount in the payment's currency",
        digits=0,
        readonly=True,
        help="How much is used of what it is reconciled with, in that one's own currency.",
    )
    amount_received = fields.Monetary(
        "Received",
        currency_field="company_currency_id",
        readonly=True,
        help="The money that it brought, in company currency; below zero where money went out. What a payment writes "
        "off, and what a credit note pays, is not received.",
    )
    direction = fields.Integer(readonly=True, help="1 where it is paid to us, -1 where we pay it.")
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True)
    payment_id = ImpliedMany2one(
        related="counterpart_line_id.payment_id", store=True, string="Payment", index="btree_not_null"
    )
    statement_line_id = fields.Many2one(
        related="counterpart_line_id.statement_line_id",
        store=True,
        string="Bank transaction",
        index="btree_not_null",
    )
    payment_method_line_id = fields.Many2one(
        related="payment_id.payment_method_line_id", store=True, string="Payment method"
    )
    journal_id = ImpliedMany2one(
        related="counterpart_line_id.journal_id", store=True, string="Journal of what it is reconciled with"
    )
    is_payment = fields.Boolean(
        "Paid by money", readonly=True, help="Paid by a payment or a bank transaction, not by a credit note or entry."
    )
    counterpart_state = fields.Selection(
        related="counterpart_line_id.parent_state", store=True, string="State of what it is reconciled with"
    )

    _company_date_idx = models.Index("(company_id, date)")
    _credit_idx = models.Index("(partial_id) WHERE is_payment IS NOT TRUE")

    def init(self):
        self.env.cr.execute(NO_TRIGGERS.read_text())
        self.env.cr.execute("SELECT EXISTS (SELECT FROM account_reconciliation_item)")
        is_new = not self.env.cr.fetchone()[0]
        if is_new:
            self._fill_from_ledger()
        else:
            self._recompute_old_amounts()
        self.env.cr.execute(TRIGGERS.read_text())
        if is_new:
            # Nobody has chosen an order yet, and its columns are not there.
            self._settle_all_both_signs(SQL("%s", LISTED))
        statuses = SQL("SELECT id, %s FROM unnest($1, $2) AS asked (id, move_id)", status_sql(SQL("asked.move_id")))
        keep_plan(
            self.env.cr,
            "account_reconciliation_statuses",
            "integer[], integer[]",
            statuses,
            returns="id integer, status text",
        )
        which = SQL("partial.id = ANY($1)")
        keep_plan(
            self.env.cr,
            "account_reconciliation_take_partials",
            "integer[]",
            items_sql.lock_items(which),
            money_sql.insert_money(which),
            returns="allocation_key integer, allocation_order text, is_planned boolean, has_both_signs boolean",
        )
        allocate = items_sql.insert_allocated_lines(which, SQL("$2"))
        keep_plan(self.env.cr, "account_reconciliation_allocate_lines", "integer[], integer", allocate)

    def _recompute_old_amounts(self):
        """Correct the lines of a version that took the reversal of a payment for a document.

        Called while no trigger is there.
        """
        cr = self.env.cr
        cr.execute(money_sql.insert_reversed_money(SQL("TRUE")))
        is_old = bool(cr.rowcount)
        if is_old:
            wrong = SQL(
                "SELECT item.id FROM account_reconciliation_item AS item"
                " JOIN account_reconciliation_money AS money ON money.move_line_id = item.move_line_id"
            )
            cr.execute(SQL("DELETE FROM account_reconciliation_line WHERE item_id IN (%s)", wrong))
            cr.execute(SQL("DELETE FROM account_reconciliation_item WHERE id IN (%s)", wrong))
        if is_old:
            self._recompute_amounts()

    def _recompute_amounts(self):
        """Compute the amounts of all money and all lines again; called while no trigger is there."""
        cr = self.env.cr
        cr.execute("DELETE FROM account_reconciliation_money")
        cr.execute(money_sql.insert_reversed_money(SQL("TRUE")))
        cr.execute(money_sql.insert_money(SQL("TRUE")))
        cr.execute(line_amounts_sql.recompute())
        cr.execute(money_sql.settle_money())

    def _recompute_amounts_without_triggers(self):
        """Compute the amounts of all money and all lines again, while no trigger is there."""
        self.env.cr.execute(NO_TRIGGERS.read_text())
        self._recompute_amounts()
        self.env.cr.execute(TRIGGERS.read_text())
        self.env["account.reconciliation.item"]._invalidate_balances()

    @api.model
    def _recompute_exchanged(self, partials):
        """Compute the amounts of lines again whose partials have an exchange difference on the money's side, and what
        payments brought that bank transactions clear with one.

        :param partials: account.partial.reconcile records, linked with their exchange differences
        """
        self.env["account.reconciliation.item"]._flush_sources(with_open=False)
        self.flush_model()
        self._insert_again(self.env.execute_query(line_amounts_sql.take_exchanged_lines(partials.ids)))
        self._follow_money(self._clearing_moves(partials))

    @api.model
    def _follow_money(self, moves):
        """Let the balances of money follow its entries, where these were corrected or their accounts are others now;
        what is applied of it is measured again.

        :param moves: account.move records; those that are no money are passed over
        """
        if not moves:
            return
        self.env["account.reconciliation.item"]._flush_sources(with_open=False)
        self.flush_model()
        changed = self.env.execute_query(money_sql.follow_entries(moves.ids))
        changed += self.env.execute_query(money_sql.insert_reversed_money(SQL("move.id = ANY(%s)", moves.ids)))
        if changed:
            taken = line_amounts_sql.take_lines_of_money([row[0] for row in changed])
            self._insert_again(self.env.execute_query(taken))
            self.env["account.reconciliation.item"]._invalidate_balances()

    @api.model
    def _clearing_moves(self, partials):
        """What bank transactions clear by these partials, and the entries of the transactions.

        :param partials: account.partial.reconcile records
        :return: account.move records
        """
        moves = self.env["account.move"]
        # Only which entries they are; one may be another branch's.
        accounts = partials.sudo().debit_move_id.account_id
        if any(account.account_type not in OWED_ACCOUNT_TYPES for account in accounts):
            partials.flush_model(["debit_move_id", "credit_move_id"])
            self.env["account.move.line"].flush_model(["move_id", "account_id", "statement_line_id"])
            self.env["account.account"].flush_model(["account_type"])
            moves = moves.browse([row[0] for row in self.env.execute_query(money_sql.clearing_moves(partials.ids))])
        return moves

    @api.model
    def _insert_again(self, rows):
        """Insert lines that were deleted to be measured again.

        :param rows: list of ``(partial_id, other_line_id, item_id, amount)``
        """
        if rows:
            split = SQL(
                "SELECT * FROM (VALUES %s) AS taken (partial_id, other_line_id, item_id, amount)",
                SQL(", ").join(SQL("(%s, %s, %s, %s::numeric)", *row) for row in rows),
            )
            self.env.cr.execute(line_amounts_sql.insert_lines(split, self.env.uid))
            self.env["account.reconciliation.item"]._invalidate_balances()

    @api.model
    def _allocate(self, partials, splits=None):
        """Apply partials to the items of their documents: as the caller says, else in the order of their accounts.

        :param partials: account.partial.reconcile records; sides that have lines already are left alone
        :param splits: ``{(debit line id, credit line id): {item id: amount}}`` in the documents' currencies
        :return: whether planned payments were to pay any of the items
        :raise UserError: where a split doesn't fit its partial or its items
        """
        if not partials:
            return False
        items = self.env["account.reconciliation.item"]
        items._flush_sources(with_open=False)
        self.flush_model()
        self._follow_money(self._clearing_moves(partials))
        which = SQL("partial.id = ANY(%s)", partials.ids)
        is_kept = len(partials) <= KEPT_PLAN_LIMIT
        if is_kept:
            locked = self.env.execute_query(SQL("SELECT * FROM account_reconciliation_take_partials(%s)", partials.ids))
        else:
            locked = self.env.execute_query(items_sql.lock_items(which))
            self.env.cr.execute(money_sql.insert_money(which))
        items._invalidate_balances()
        if not locked:
            return False
        rows = []
        for partial in partials if splits else ():
            split = splits.get((partial.debit_move_id.id, partial.credit_move_id.id))
            if split:
                rows += self._split_rows(partial, split)
        if rows:
            split_sql = SQL(
                "SELECT * FROM (VALUES %s) AS split (partial_id, other_line_id, item_id, amount)",
                SQL(", ").join(SQL("(%s, %s, %s, %s::numeric)", *row) for row in rows),
            )
            self.env.cr.execute(line_amounts_sql.insert_lines(split_sql, self.env.uid))
        allocation_keys, both_signs = {}, set()
        for allocation_key, order, _is_planned, has_both_signs in locked:
            allocation_keys.setdefault(order if order in (OLDEST, PRO_RATA) else LISTED, set()).add(allocation_key)
            if has_both_signs:
                both_signs.add(allocation_key)
        for order in sorted(allocation_keys):
            mine = sorted(allocation_keys[order]) if len(allocation_keys) > 1 else None
            if order == LISTED and mine is None and is_kept:
                self.env.cr.execute(
                    "SELECT account_reconciliation_allocate_lines(%s, %s)", [partials.ids, self.env.uid]
                )
            else:
                self.env.cr.execute(items_sql.insert_allocated_lines(which, self.env.uid, order, mine))
        items._invalidate_balances()
        if both_signs:
            self._settle_both_signs(SQL("m.id = ANY(%s)", sorted(both_signs)))
        return any(is_planned for _key, _order, is_planned, _has_both_signs in locked)

    @api.model
    def _settle_both_signs(self, which, order=None):
        """Apply the partials of documents again whose due lines have both signs, where their items don't have open what
        the sum of these lines has.

        :param which: a condition on ``account_move AS m``, as SQL
        :param order: the allocation order as SQL, or None for the order of each account
        """
        rows = self.env.execute_query(both_signs_sql.unsettled_sides(which, order))
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            "DELETE FROM account_reconciliation_line WHERE move_id = ANY(%s)", [sorted({row[0] for row in rows})]
        )
        by_order = {}
        for move_id, order, *side in rows:
            if side[0]:
                order = order if order in (OLDEST, PRO_RATA) else LISTED
                by_order.setdefault(order, []).append(SQL("(%s, %s, %s, %s::numeric, %s)", *side, move_id))
        for order, sides in sorted(by_order.items()):
            given = SQL(
                "SELECT * FROM (VALUES %s) AS side (partial_id, line_id, other_line_id, amount, allocation_key)",
                SQL(", ").join(sides),
            )
            self.env.cr.execute(items_sql.insert_lines_of_sides(given, self.env.uid, order))
        self.env["account.reconciliation.item"]._invalidate_balances()

    @api.model
    def _split_rows(self, partial, split):
        """Check a caller's split against one partial and the open amounts of its items.

        :return: rows ``(partial id, other line id, item id, amount)``
        :raise UserError: naming the item or document and the amounts
        """
        items = self.env["account.reconciliation.item"].browse(split).exists()
        if len(items) < len(split):
            raise UserError(
                self.env._(
                    "An item that %(money)s and %(document)s were to be applied to does not exist any more: perhaps "
                    "its document was reset to draft. Reload, then choose again.",
                    money=partial.credit_move_id.move_id.display_name,
                    document=partial.debit_move_id.move_id.display_name,
                )
            )
        rows = []
        for own, other, expected in (
            (partial.debit_move_id, partial.credit_move_id, partial.debit_amount_currency),
            (partial.credit_move_id, partial.debit_move_id, partial.credit_amount_currency),
        ):
            mine = items.filtered(lambda item, own=own: item.allocation_key in (own.move_id.id, -own.id))
            if not mine:
                continue
            items -= mine
            currency = own.currency_id
            for item in mine:
                amount, residual = currency.round(split[item.id]), item.amount_residual
                over = currency.compare_amounts(abs(amount), abs(residual)) > 0
                if over or amount * residual < 0:
                    raise UserError(
                        self.env._(
                            "%(amount)s can't be applied to “%(item)s” of %(document)s: %(open)s of it is open. "
                            "Lower the amount.",
                            amount=currency.format(amount),
                            item=item.display_name,
                            document=item.move_id.display_name,
                            open=currency.format(residual),
                        )
                    )
                if not currency.is_zero(amount):
                    rows.append((partial.id, other.id, item.id, str(currency.round(amount))))
            applied = sum(split[item.id] for item in mine)
            if currency.compare_amounts(applied, expected):
                raise UserError(
                    self.env._(
                        "The amounts per item of %(document)s add up to %(applied)s, but %(expected)s is reconciled. "
                        "Make them equal.",
                        document=own.move_id.display_name,
                        applied=currency.format(applied),
                        expected=currency.format(expected),
                    )
                )
        if items:
            raise UserError(
                self.env._(
                    "“%(item)s” belongs to %(document)s, which is not part of this reconciliation. "
                    "Choose an item of %(own)s.",
                    item=items[0].display_name,
                    document=items[0].move_id.display_name,
                    own=partial.debit_move_id.move_id.display_name,
                )
            )
        return rows

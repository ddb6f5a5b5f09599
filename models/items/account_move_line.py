from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...engine.common.odoo_types import OWED_ACCOUNT_TYPES
from ...engine.items.waterfall import allocate, allocate_to_items
from ..common import context_keys
from ..common.reconcile_options import options_of, with_options

ITEM_AMOUNTS = ("item_amount_total", "item_amount_reconciled", "item_amount_residual")
VIEW_GROUP = "account_reconciliation.group_client_billing"
# A change of any of these on a posted document changes what its items are worth, or which of its lines are items.
WORTH_FIELDS = {
    "price_unit", "quantity", "discount", "tax_ids", "balance", "debit", "credit", "amount_currency", "account_id",
}  # fmt: skip


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    reconciliation_item_ids = fields.One2many("account.reconciliation.item", "move_line_id", groups=VIEW_GROUP)
    # By it Odoo knows without a query that what depends on a new journal item is nothing yet.
    applied_line_ids = fields.One2many("account.reconciliation.line", "counterpart_line_id", groups=VIEW_GROUP)
    item_amount_total = fields.Monetary(
        "Item total", compute="_compute_item_amounts", search="_search_item_amount_total", groups=VIEW_GROUP
    )
    item_amount_reconciled = fields.Monetary(
        "Item reconciled", compute="_compute_item_amounts", search="_search_item_amount_reconciled", groups=VIEW_GROUP
    )
    item_amount_residual = fields.Monetary(
        "Item open", compute="_compute_item_amounts", search="_search_item_amount_residual", groups=VIEW_GROUP
    )

    @api.depends("reconciliation_item_ids.amount_total", "reconciliation_item_ids.amount_reconciled")
    def _compute_item_amounts(self):
        for line in self:
            item = line.reconciliation_item_ids
            line.item_amount_total = item.amount_total
            line.item_amount_reconciled = item.amount_reconciled
            line.item_amount_residual = item.amount_residual

    def _search_item_amount_total(self, operator, value):
        return [("reconciliation_item_ids.amount_total", operator, value)]

    def _search_item_amount_reconciled(self, operator, value):
        return [("reconciliation_item_ids.amount_reconciled", operator, value)]

    def _search_item_amount_residual(self, operator, value):
        return [("reconciliation_item_ids.amount_residual", operator, value)]

    def _invalidate_item_amounts(self):
        self.env["account.move.line"].invalidate_model(
            [*ITEM_AMOUNTS, "reconciliation_item_ids", "applied_line_ids"], flush=False
        )

    def write(self, vals):
        """Keep the items of posted documents what their lines say."""
        before = {}
        if WORTH_FIELDS.intersection(vals):
            before = {line: line._worth() for line in self if line.parent_state == "posted"}
        result = super().write(vals)
        changed = self.browse(line.id for line, worth in before.items() if line._worth() != worth)
        if changed:
            # Bookkeeping of the addon itself, whoever corrects the entry.
            changed.move_id.sudo()._rebuild_reconciliation()
        return result

    def _worth(self):
        self.ensure_one()
        return self.amount_currency, self.balance, self.price_total, self._is_owed_line()

    # -- two people at once -------------------------------------------------------------------------------------------

    def _lock_in_order(self):
        """Lock journal items that are about to be reconciled or unreconciled, always in the same order, so that two
        transactions never wait for each other.

        Those that share their matching number are locked with them: Odoo numbers all of them anew.
        """
        if self:
            self.env.execute_query(
                SQL(
                    """
                    SELECT id FROM account_move_line
                     WHERE id IN (
                               SELECT unnest(%(lines)s)
                                UNION
                               SELECT other.id
                                 FROM account_move_line AS own
                                 JOIN account_move_line AS other ON other.matching_number = own.matching_number
                                WHERE own.id = ANY(%(lines)s))
                     ORDER BY id FOR NO KEY UPDATE
                    """,
                    lines=self.ids,
                )
            )

    def _reconcile_plan_with_sync(self, plan_list, all_amls):
        """Odoo's own method, on lines that no other transaction is working on."""
        all_amls._lock_in_order()
        return super()._reconcile_plan_with_sync(plan_list, all_amls)

    # -- making reconciliations ---------------------------------------------------------------------------------------

    def _is_owed_line(self):
        """Whether this is a receivable or payable line: one that money is reconciled on."""
        self.ensure_one()
        return self.account_id.account_type in OWED_ACCOUNT_TYPES

    def _account_owner(self):
        """The account owner of this line."""
        return self.partner_id.commercial_partner_id

    def _open_amount(self):
        """What is open of a receivable or payable line, in its own currency, as an exact positive amount."""
        self.ensure_one()
        return self.currency_id._exact(abs(self.amount_residual_currency))

    def _payable_amounts(self):
        """How much of each of these receivable and payable lines can be paid, earliest due first.

        Of a document whose due lines have both signs (payment terms with a fixed amount above the total) only the sum
        is open: the lines that lower it are not paid, and the others as far as the sum reaches.

        :return: list of ``(account.move.line, Decimal)``, amounts above 0 in the line's own currency
        """
        result, left = [], {}
        for line in self.sorted(lambda line: (line.date_maturity or line.date, line.id)):
            amount = line._open_amount()
            if line.display_type == "payment_term":
                key = line.move_id, line.account_id, line.currency_id
                if key not in left:
                    left[key] = sum(
                        (
                            other.currency_id._exact(other.amount_residual_currency)
                            for other in line.move_id._owed_lines()
                            if (other.move_id, other.account_id, other.currency_id) == key
                        ),
                        Decimal(0),
                    )
                whole = left[key]
                amount = min(amount, abs(whole)) if whole * Decimal(line.amount_residual_currency) > 0 else Decimal(0)
                left[key] -= amount if whole > 0 else -amount
            if amount > 0:
                result.append((line, amount))
        return result

    def _pairs_with_document(self, document, amount, split=None):
        """Plan the application of this money to a document, or to one part of it.

        A document with several due dates has several lines; the amount is allocated to them, earliest first, and a
        split over items is allocated to the resulting pairs. An item of a journal entry is a line of its own: what is
        split for it is applied there.

        :param document: account.move whose open lines on the same account are paid
        :param amount: Decimal above 0, in the currency both sides share
        :param split: ``{item id: Decimal}`` of the document, adding up to the amount; None for the order of the account
        :return: pairs for :meth:`_reconcile_pairs`
        """
        self.ensure_one()
        owed = document.line_ids.filtered(
            lambda line: (
                line.account_id == self.account_id
                and line.amount_residual_currency * self.amount_residual_currency < 0
                and line.currency_id == self.currency_id
            )
        )
        items = self.env["account.reconciliation.item"].browse(split or ()).exists()
        of_lines = {item.move_line_id: split[item.id] for item in items if item.allocation_key < 0}
        open_amounts = owed._payable_amounts()
        if of_lines:
            open_amounts = [
                (line, min(of_lines[line], open_amount)) for line, open_amount in open_amounts if line in of_lines
            ]
        parts = allocate([(self, amount)], open_amounts)
        allocated = sum((part for _self, _line, part in parts), Decimal(0))
        if allocated != amount:
            raise UserError(
                self.env._(
                    "%(amount)s can't be applied to %(document)s: only %(open)s of it can be paid by %(money)s "
                    "(same account, same currency, opposite side). Lower the amount.",
                    amount=self.currency_id.format(float(amount)),
                    document=document.display_name,
                    open=self.currency_id.format(float(allocated)),
                    money=self.move_id.display_name,
                )
            )
        splits = {}
        if split and not of_lines:
            by_line = [(line, part) for _self, line, part in parts]
            for line, item, part in allocate_to_items(by_line, split.items()):
                splits.setdefault(line, {})[item] = float(part)
        return [
            {"debit": line if line.amount_residual_currency > 0 else self,
             "credit": self if line.amount_residual_currency > 0 else line,
             "amount": part, "split": splits.get(line)}
            for _self, line, part in parts
        ]  # fmt: skip

    @api.model
    def _reconcile_pairs(self, pairs):
        """Reconcile each debit line with its credit line for an exact amount, through Odoo's own plan.

        :param pairs: dicts of ``debit`` and ``credit`` (account.move.line), ``amount`` (Decimal above 0, in the
            currency of both) and ``split`` (``{item id: amount}`` or None)
        :raise UserError: before anything is written, where a pair can't be reconciled
        """
        left = {}
        for pair in pairs:
            self._check_pair(pair, left)
        keys = {(pair["debit"].id, pair["credit"].id): pair for pair in pairs}
        splits = {key: pair["split"] for key, pair in keys.items() if pair.get("split")}
        exact = with_options(self, amounts={key: float(pair["amount"]) for key, pair in keys.items()})
        exact.with_context(**{context_keys.SPLITS: splits})._reconcile_plan([
            pair["debit"] + pair["credit"] for pair in pairs
        ])  # fmt: skip

    def _check_pair(self, pair, left):
        """Refuse a pair that Odoo's plan would refuse less clearly, or would cut to another amount in silence.

        :param left: what is left open of each line by the pairs before, updated
        """
        debit, credit, amount = pair["debit"], pair["credit"], pair["amount"]
        currency = debit.currency_id
        documents = {"debit": debit.move_id.display_name, "credit": credit.move_id.display_name}
        if not amount.is_finite() or amount <= 0:
            raise UserError(
                self.env._("An amount to reconcile must be above zero; %(amount)s is not.", amount=str(amount))
            )
        for line in debit + credit:
            if line.parent_state != "posted":
                raise UserError(
                    self.env._(
                        "%s is not posted, so nothing can be reconciled with it. Post it first.",
                        line.move_id.display_name,
                    )
                )
        if debit.company_id.root_id != credit.company_id.root_id:
            raise UserError(
                self.env._(
                    "%(debit)s and %(credit)s belong to different companies and can't be reconciled.", **documents
                )
            )
        if debit.currency_id != credit.currency_id:
            raise UserError(
                self.env._(
                    "%(debit)s is in %(debit_currency)s and %(credit)s in %(credit_currency)s: an amount can't be "
                    "applied across currencies here. Use “Register payment” on the document instead.",
                    debit_currency=debit.currency_id.name,
                    credit_currency=credit.currency_id.name,
                    **documents,
                )
            )
        if debit.account_id != credit.account_id:
            raise UserError(
                self.env._(
                    "%(debit)s is on account %(debit_account)s and %(credit)s on %(credit_account)s: only lines of one "
                    "account can be reconciled.",
                    debit_account=debit.account_id.display_name,
                    credit_account=credit.account_id.display_name,
                    **documents,
                )
            )
        (debit | credit)._check_worth_something()
        for line in (debit, credit):
            available = left.setdefault(line, line._open_amount())
            if amount > available:
                raise UserError(
                    self.env._(
                        "%(amount)s can't be applied: only %(open)s of %(document)s is open. Lower the amount, or "
                        "reload if somebody else has just applied it.",
                        amount=currency.format(float(amount)),
                        open=currency.format(float(available)),
                        document=line.move_id.display_name,
                    )
                )
            left[line] = available - amount

    def _check_worth_something(self):
        """Refuse lines of which something is open that is worth nothing in company currency.

        :raise UserError: naming the document and the amount
        """
        for line in self:
            currency, company_currency = line.currency_id, line.company_currency_id
            if company_currency.is_zero(line.amount_residual) and not currency.is_zero(line.amount_residual_currency):
                raise UserError(
                    self.env._(
                        "The %(amount)s of %(document)s that are open are worth %(balance)s in the company's currency, "
                        "so nothing can be reconciled with them. Write them off with a journal entry, or correct the "
                        "exchange rate of their day.",
                        amount=currency.format(abs(line.amount_residual_currency)),
                        document=line.move_id.display_name,
                        balance=company_currency.format(0),
                    )
                )

    def _prepare_reconciliation_single_partial(self, debit_values, credit_values, shadowed_aml_values=None):
        """Let the caller reconcile less than all that is open of two lines (see :meth:`_reconcile_pairs`).

        The debit line is offered with less left to reconcile than it has; the credit line as it is, so that Odoo's own
        rules for rates and exchange differences see one ordinary partial payment.
        """
        amount = options_of(self.env).amounts.get((debit_values["aml"].id, credit_values["aml"].id))
        whole = debit_values["amount_residual_currency"]
        compare = debit_values["aml"].currency_id.compare_amounts
        if (
            amount is None
            or compare(amount, whole) >= 0
            or compare(amount, -credit_values["amount_residual_currency"]) >= 0
        ):
            return super()._prepare_reconciliation_single_partial(debit_values, credit_values, shadowed_aml_values)
        residual = debit_values["aml"].company_currency_id.round(debit_values["amount_residual"] * amount / whole)
        offered = dict(debit_values, amount_residual_currency=amount, amount_residual=residual)
        result = super()._prepare_reconciliation_single_partial(offered, credit_values, shadowed_aml_values)
        debit_values["amount_residual"] -= residual - offered["amount_residual"]
        debit_values["amount_residual_currency"] -= amount - offered["amount_residual_currency"]
        # Used up as far as this pair goes: Odoo's loop must not come back to it.
        result["debit_values"] = None
        return result

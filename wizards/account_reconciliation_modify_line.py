from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.remote_calls import remote_call


class AccountReconciliationModifyLine(models.TransientModel):
    """A row of the table: one item and one counterpart."""

    _name = "account.reconciliation.modify.line"
    _description = "Reconciliation of one item"

    wizard_id = fields.Many2one("account.reconciliation.modify", required=True, ondelete="cascade")
    item_id = fields.Many2one("account.reconciliation.item", required=True)
    document_id = fields.Many2one(related="item_id.move_id", string="Document", related_sudo=False)
    account_id = fields.Many2one(related="item_id.account_id", string="Ledger code", related_sudo=False)
    currency_id = fields.Many2one(related="item_id.currency_id", related_sudo=False)
    amount_total = fields.Monetary(related="item_id.amount_total", string="Item total", related_sudo=False)
    money_line_id = fields.Many2one("account.move.line", "Paid by (line)", required=True)
    money_name = fields.Char("Paid by", compute="_compute_money")
    money_date = fields.Date(related="money_line_id.date", string="On", related_sudo=False)
    amount_before = fields.Monetary("Applied before", readonly=True)
    amount = fields.Monetary("Applied")
    item_open = fields.Monetary("Item open", compute="_compute_item_open")
    # The table is grouped by the other side: the money that pays a document, or the documents that money pays.
    group_name = fields.Char("Group", compute="_compute_group")
    group_date = fields.Date("Date of the group", compute="_compute_group")
    group_left = fields.Monetary("Left of the group", compute="_compute_group_left")

    @api.constrains("item_id", "money_line_id")
    def _check_visible(self):
        lines = self.sudo(False)  # Odoo runs constraints as the superuser
        lines.item_id.check_access("read")
        lines.money_line_id.check_access("read")

    @api.depends("money_line_id")
    def _compute_money(self):
        for line in self:
            line.money_name = line.money_line_id.move_id.name

    @api.depends("money_line_id", "document_id", "wizard_id.is_document")
    def _compute_group(self):
        for line in self:
            move = line.money_line_id.move_id if line.wizard_id.is_document else line.document_id
            line.group_name = move._reconciliation_thread().display_name if move else False
            line.group_date = line.money_line_id.date if line.wizard_id.is_document else move.date

    @api.depends("wizard_id.line_ids.amount", "wizard_id.is_document")
    def _compute_group_left(self):
        """What is left of the money, or open of the document, with the amounts as entered."""
        for line in self:
            lines = line.wizard_id.line_ids
            if line.wizard_id.is_document:
                mine = lines.filtered(lambda other, line=line: other.money_line_id == line.money_line_id)
                left = abs(line.money_line_id.amount_residual_currency)
            else:
                mine = lines.filtered(lambda other, line=line: other.document_id == line.document_id)
                left = abs(sum(line.document_id._owed_lines().mapped("amount_residual_currency")))
            line.group_left = left - sum(other.amount - other.amount_before for other in mine)

    @api.depends("wizard_id.line_ids.amount")
    def _compute_item_open(self):
        for line in self:
            siblings = line.wizard_id.line_ids.filtered(lambda other, line=line: other.item_id == line.item_id)
            change = sum(siblings.mapped("amount")) - sum(siblings.mapped("amount_before"))
            line.item_open = line.item_id.amount_residual - change

    def _applied_now(self, item):
        """How much of this row's money is applied to an item at this moment."""
        lines = item.reconciliation_line_ids.filtered(lambda line: line.counterpart_line_id == self.money_line_id)
        return item.currency_id.round(sum(lines.mapped("amount_currency")))

    def _check_before_saving(self):
        """Refuse a row that doesn't belong in the table, or that somebody else has changed since it was opened.

        :raise UserError: naming the item and the money
        """
        self.ensure_one()
        names = {"item": self.item_id.display_name, "document": self.document_id.display_name, "money": self.money_name}
        if self.wizard_id.move_id not in self.document_id | self.money_line_id.move_id:
            raise UserError(
                self.env._(
                    "“%(item)s” of %(document)s, paid by %(money)s, is none of the reconciliations of %(transaction)s. "
                    "Nothing was saved: close the table and open it again.",
                    transaction=self.wizard_id.move_id.display_name,
                    **names,
                )
            )
        now, currency = self._applied_now(self.item_id), self.currency_id
        if currency.compare_amounts(now, self.amount_before):
            raise UserError(
                self.env._(
                    "%(now)s of %(money)s is applied to “%(item)s” of %(document)s by now, and not %(before)s as in "
                    "this table: somebody else has changed it. Nothing was saved: close the table and open it again.",
                    now=currency.format(now),
                    before=currency.format(self.amount_before),
                    **names,
                )
            )
        if self.amount and not now and self.money_line_id.partner_id.commercial_partner_id != self.item_id.partner_id:
            raise UserError(
                self.env._(
                    "%(money)s is money of another account than %(document)s and can't be applied to it here.", **names
                )
            )

    @remote_call(one=True)
    def action_delete(self):
        """Delete the reconciliation with this counterpart."""
        move, owner, money = self.wizard_id.move_id, self.wizard_id.owner_id, self.money_line_id.move_id
        done = move.action_delete_reconciliations(money.id if money != move else self.document_id.id, owner)
        # The table stays open, without it.
        return done | {"params": done["params"] | {"next": move.action_open_reconciliations(owner)}}

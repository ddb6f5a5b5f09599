from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.bank_matching.bank_text import compact
from ...engine.remittance_advice.documents import Item, choose_item
from ..common.branches import check_same_root
from ..common.kinds import is_id
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call
from ..differences.account_dispute import DISPUTE_REASONS

STATES = [
    ("found", "Found"),
    ("other", "On an account"),
    ("unsure", "To confirm"),
    ("too_much", "More than is open"),
    ("paid", "Paid already"),
    ("missing", "Not found"),
]


class AccountRemittanceAdviceLine(models.Model):
    """What a payer pays for one document, by the remittance advice; a person may correct it."""

    _name = "account.remittance.advice.line"
    _description = "Line of a remittance advice"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "advice_id, sequence, id"
    _rec_name = "document_number"
    _check_company_auto = True

    advice_id = fields.Many2one("account.remittance.advice", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="advice_id.company_id", store=True, guarded=True)
    currency_id = fields.Many2one(related="advice_id.currency_id")
    sequence = fields.Integer("Row")
    document_number = fields.Char("Document", help="As the payer writes it.")
    other_numbers = fields.Json("Further numbers", readonly=True, guarded=True)
    amount = fields.Monetary("Paid", help="Below zero where a credit note is taken or something is kept back.")
    deduction = fields.Monetary(help="How much less than is owed is paid.")
    reason = fields.Char("Payer's reason")
    reason_code = fields.Selection(DISPUTE_REASONS, "Reason")
    is_whole = fields.Boolean("All that is open", readonly=True, guarded=True)
    move_id = fields.Many2one(
        "account.move", "Found as", ondelete="set null", index="btree_not_null",
        domain="[('state', '=', 'posted'), ('move_type', '!=', 'entry'),"
        " ('payment_state', 'not in', ('paid', 'reversed')), ('company_id', 'child_of', root_company_id)]",
    )  # fmt: skip
    # A payment to one branch may be for documents of others.
    root_company_id = fields.Many2one(related="advice_id.company_id.root_id", string="Company above all branches")
    item_text = fields.Char("Item", help="The item of the document that is paid, as the payer names it.")
    item_number = fields.Char("Number of the item", readonly=True, guarded=True)
    item_id = fields.Many2one(
        "account.move.line", "Item found as", ondelete="set null", index="btree_not_null",
        domain="[('move_id', '=', move_id), ('display_type', '=', 'product')]",
        help="Where all lines of a document name their items, each item gets what the payer says.",
    )  # fmt: skip
    is_certain = fields.Boolean(readonly=True, guarded=True)
    is_amount_unsure = fields.Boolean(
        "Amount to confirm", readonly=True, guarded=True, help="Nothing in the advice proves which amount was paid."
    )
    preset_id = fields.Many2one(
        "account.reconcile.model", "Booked by", check_company=True, ondelete="set null", index="btree_not_null",
        domain="[('line_ids.account_id', '!=', False)]",
        help="The preset whose account takes the deduction; without it the deduction stays open on the document. Of a "
        "line without a document it takes the amount.",
    )  # fmt: skip
    amount_open = fields.Monetary(
        "Open", compute="_compute_state", currency_field="document_currency_id",
        help="What is open of the document, in its own currency.",
    )  # fmt: skip
    document_currency_id = fields.Many2one(related="move_id.currency_id", string="Currency of the document")
    state = fields.Selection(STATES, "Fits", compute="_compute_state")

    @api.depends("move_id", "amount", "deduction", "preset_id", "is_certain",
                 "is_amount_unsure", "item_id", "advice_id.direction", "advice_id.state")  # fmt: skip
    def _compute_state(self):
        for line in self:
            is_open = line._open_amount()
            line.amount_open = float(is_open)
            line.state = line._state_of(is_open)

    @api.constrains("move_id")
    def _check_document_company(self):
        check_same_root(self, "move_id")

    @api.constrains("move_id", "item_id")
    def _check_item(self):
        for line in self:
            if line.item_id and line.item_id.move_id != line.move_id:
                raise ValidationError(
                    self.env._("“%s” is an item of another document. Choose one of this document.",
                               line.item_id.display_name)
                )  # fmt: skip

    def _reconciliation_item(self):
        """The balance of the item that this line pays (account.reconciliation.item), or none."""
        # Whoever reviews an advice sees what its documents have open.
        items = self.move_id.sudo().reconciliation_item_ids
        return items.filtered(lambda item: item.move_line_id == self.item_id) if self.item_id else items.browse()

    def _open_amount(self):
        """What is open of the document in its own currency, above zero where it pays in the advice's direction."""
        move = self.move_id
        if not move:
            return Decimal(0)
        sign = 1 if self.advice_id.direction == "in" else -1
        return sign * sum(
            (line.currency_id._exact(line.amount_residual_currency) for line in move._owed_lines()), Decimal(0)
        )

    def _state_of(self, is_open):
        if not self.move_id:
            return "other" if self.preset_id and not self.document_number else "missing"
        if self.advice_id.state == "matched":
            return "found"
        if not self.currency_id:
            return "missing"  # not saved yet
        if not is_open or self.move_id.state != "posted":
            return "paid"
        wanted = self.currency_id._exact(self.amount) + (self._deducted() if self.preset_id else Decimal(0))
        if self.move_id.currency_id == self.currency_id and (wanted * is_open < 0 or abs(wanted) > abs(is_open)):
            return "too_much"
        item = self._reconciliation_item()
        if item and abs(wanted) > abs(self.move_id.currency_id._exact(item.amount_residual)):
            return "too_much"
        return "found" if self.is_certain and not self.is_amount_unsure else "unsure"

    def _deducted(self):
        return self.currency_id._exact(self.deduction)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse lines of an advice that is matched; what a person enters is certain."""
        ids = [vals["advice_id"] for vals in vals_list if is_id(vals.get("advice_id"))]
        self.env["account.remittance.advice"].browse(ids)._check_not_matched()
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.move_id and not line.is_certain)._confirm()
        return lines

    def write(self, vals):
        """Refuse to change a matched advice; a document that a person chooses is certain.

        :raise UserError: naming the advice
        """
        self.advice_id._check_not_matched()
        if "advice_id" in vals:
            raise UserError(self.env._("A line stays with the remittance advice that it was read from."))
        if "move_id" in vals and "item_id" not in vals:
            vals = {**vals, "item_id": False}
        result = super().write(vals)
        if "move_id" in vals and "is_certain" not in vals:
            self._confirm()
        if "amount" in vals and "is_amount_unsure" not in vals:
            self._confirm_amount()
        if "move_id" in vals and not vals["item_id"]:
            self._choose_item()
        return result

    @remote_call(one=True)
    def action_confirm(self):
        """Confirm the document that was found by a part of its number, and the amount that nothing proves.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where there is none, or the advice is matched
        """
        require(self.env, BANK)
        if not self.move_id:
            raise UserError(self.env._("No document was found for this line. Choose one."))
        self.move_id = self.move_id
        self._confirm_amount()
        return True

    def _choose_item(self):
        """Find the item of its document that each line names."""
        for line in self:
            if line.move_id and (line.item_text or line.item_number):
                items = line._listed_items()
                chosen = choose_item(line.item_text or "", line.item_number or "", items)
                if chosen:
                    line.item_id = chosen.id

    def _listed_items(self):
        """The items of the document in listed order: list of :class:`Item`."""
        # See _reconciliation_item.
        found = self.move_id.sudo().reconciliation_item_ids.sorted(lambda one: (one.sequence, one.move_line_id.id))
        rows = []
        for line in found.move_line_id:
            label = line.name or ""
            texts = (label, label.splitlines()[0] if label else "", line.product_id.name, line.product_id.default_code)
            rows.append(Item(line.id, frozenset(compact(text) for text in texts if text)))
        return rows

    def _confirm(self):
        for line in self:
            line._own_write().is_certain = bool(line.move_id)

    def _confirm_amount(self):
        unsure = self.filtered("is_amount_unsure")
        unsure._own_write().write({"is_amount_unsure": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self.advice_id._check_not_matched()

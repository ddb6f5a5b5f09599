from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.common.odoo_types import SALE_TYPES
from ..common.branches import check_same_root
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call

KINDS = [
    ("payment", "Payment"),
    ("refund", "Refund"),
    ("dispute", "Chargeback"),
    ("dispute_reversal", "Chargeback reversed"),
    ("fee", "Fee"),
    ("adjustment", "Adjustment"),
    ("transfer", "Transfer"),
    ("reserve", "Reserve or balance"),
]
STATES = [("found", "Found"), ("rest", "On an account"), ("missing", "Not found")]
# The fields that a user may complete; all others are as the processor reported them.
PLACES = ("move_id", "payment_id", "partner_id", "account_id")
# Kinds of the processor's own entries: no document is searched for them.
OWN_KINDS = ("transfer", "reserve")


class AccountSettlementEntry(models.Model):
    """One entry of a payout, and where it belongs: a registered payment, a document, a client's account, an account."""

    _name = "account.settlement.entry"
    _description = "Entry of a settlement"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "settlement_id, sequence, id"
    _rec_name = "reference"
    _check_company_auto = True

    settlement_id = fields.Many2one(
        "account.settlement", required=True, readonly=True, guarded=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, guarded=True)
    journal_id = fields.Many2one(related="settlement_id.journal_id")
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    settlement_state = fields.Selection(related="settlement_id.state")
    sequence = fields.Integer("Row", readonly=True, guarded=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, guarded=True)
    date = fields.Date(required=True, readonly=True, guarded=True)
    amount_gross = fields.Monetary("Gross", readonly=True, guarded=True)
    amount_fee = fields.Monetary("Fee", readonly=True, guarded=True)
    amount_net = fields.Monetary("Net", readonly=True, guarded=True)
    original_amount = fields.Monetary("Paid", currency_field="original_currency_id", readonly=True, guarded=True)
    original_currency_id = fields.Many2one("res.currency", "Paid in", readonly=True, guarded=True)
    reference = fields.Char(readonly=True, guarded=True, help="The processor's own id of the entry.")
    payment_reference = fields.Char("Id of the payment", readonly=True, guarded=True)
    order_references = fields.Json("Order, invoice", readonly=True, guarded=True)
    order_reference = fields.Char("Numbers given by the shop", compute="_compute_order_reference")
    description = fields.Char(readonly=True, guarded=True)
    customer_name = fields.Char("Payer", readonly=True, guarded=True)
    customer_email = fields.Char("E-mail", readonly=True, guarded=True)
    processor_kind = fields.Char("Type at the processor", readonly=True, guarded=True)
    payment_id = fields.Many2one(
        "account.payment", "Registered payment", ondelete="set null", index="btree_not_null",
        domain="[('company_id', 'child_of', root_company_id)]",
    )  # fmt: skip
    move_id = fields.Many2one(
        "account.move",
        "Document",
        ondelete="set null",
        index="btree_not_null",
        domain="[('state', '=', 'posted'), ('payment_state', 'not in', ('paid', 'reversed')),"
        f" ('move_type', 'in', {SALE_TYPES}),"
        " ('company_id', 'child_of', root_company_id)]",
    )
    # What a shop of one branch sold may be the document of another.
    root_company_id = fields.Many2one(related="settlement_id.company_id.root_id", string="Company above all branches")
    partner_id = fields.Many2one(
        "res.partner",
        "Client",
        ondelete="set null",
        index="btree_not_null",
        help="The client on whose account the amount stays that no document and no payment takes.",
    )
    account_id = fields.Many2one("account.account", check_company=True, ondelete="restrict", index="btree_not_null")
    suggested_move_id = fields.Many2one(
        "account.move",
        "Suggested",
        readonly=True,
        guarded=True,
        ondelete="set null",
        index="btree_not_null",
        help="An open document of a client with this e-mail address and exactly this amount. That is no proof.",
    )
    state = fields.Selection(STATES, "Place", compute="_compute_state", store=True, guarded=True)

    @api.constrains("payment_id", "move_id")
    def _check_place_company(self):
        check_same_root(self, "payment_id", "move_id")

    @api.depends("order_references")
    def _compute_order_reference(self):
        for entry in self:
            entry.order_reference = ", ".join(entry.order_references or ())

    @api.depends("kind", "amount_gross", "payment_id", "move_id", "partner_id", "account_id")
    def _compute_state(self):
        for entry in self:
            if entry.payment_id or entry.move_id or entry.kind == "fee" or not entry.amount_gross:
                entry.state = "found"
            elif entry.partner_id or entry.account_id or entry.kind in OWN_KINDS:
                entry.state = "rest"
            else:
                entry.state = "missing"

    def write(self, vals):
        """Refuse to change what the processor reported, and anything of a settlement that is matched.

        :raise UserError: naming what was refused
        """
        if vals.keys() - {*PLACES, "suggested_move_id"}:
            raise UserError(
                self.env._("What the processor reported can't be changed; only where an entry belongs can.")
            )
        if vals.keys() & set(PLACES):
            self.settlement_id._check_not_matched()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse entries of a settlement that is matched."""
        entries = super().create(vals_list)
        entries.settlement_id._check_not_matched()
        return entries

    @api.ondelete(at_uninstall=False)
    def _unlink_not_matched(self):
        self.settlement_id._check_not_matched()

    @remote_call(one=True)
    def action_confirm(self):
        """Confirm the suggested document.

        :return: True
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where there is none, or the settlement is matched
        """
        require(self.env, BANK)
        if not self.suggested_move_id:
            raise UserError(self.env._("There is no suggestion for this entry. Choose a document or a client."))
        self.move_id = self.suggested_move_id
        return True

    def _label(self):
        """The text of this entry's journal item."""
        texts = (self.settlement_id.display_name, self.customer_name, self.order_reference or self.description)
        return ": ".join(filter(None, texts))[:200]

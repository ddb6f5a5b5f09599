from odoo import api, fields, models

from ...engine.common.odoo_types import SIDE_SELECTION
from ..common.remote_calls import remote_call


class AccountPaymentReturn(models.Model):
    """A returned payment: which, when, why, and what it had paid.

    It is created with the match of the bank transaction that returned it
    (models/returns/account_payment_return_book.py) and undone with it (models/returns/account_payment_return_undo.py).
    """

    _name = "account.payment.return"
    _description = "Returned payment"
    _inherit = ["reconciliation.state.mixin", "reconciliation.guarded.mixin"]
    _order = "date desc, id desc"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank transaction", required=True, readonly=True, guarded=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    original_move_id = fields.Many2one(
        "account.move", "Entry of the payment", required=True, readonly=True, guarded=True, index=True,
        ondelete="cascade", help="The entry of the payment, or of the bank transaction that had brought the money.",
    )  # fmt: skip
    money_line_id = fields.Many2one(
        "account.move.line", "Journal item of the payment", readonly=True, guarded=True, index="btree_not_null",
        ondelete="set null", help="The first of those that were returned: of one account owner, account and currency.",
    )  # fmt: skip
    payment_id = fields.Many2one("account.payment", readonly=True, guarded=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Account owner", readonly=True, guarded=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, guarded=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    date = fields.Date("Returned on", required=True, readonly=True, guarded=True)
    date_paid = fields.Date(related="original_move_id.date", string="Paid on")
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True,
                            guarded=True)  # fmt: skip
    amount = fields.Monetary(readonly=True, guarded=True, help="What was paid and returned.")
    is_part = fields.Boolean("A part", readonly=True, guarded=True, help="Only a part of what was paid was returned.")
    fee = fields.Monetary("Bank's fee", readonly=True, guarded=True)
    fee_line_id = fields.Many2one(
        "account.bank.statement.line", "Fee taken by", readonly=True, guarded=True, index="btree_not_null",
        ondelete="set null", help="The bank transaction of the bank's fee, where that is one of its own.",
    )  # fmt: skip
    reason_code = fields.Char("Code", readonly=True, guarded=True, help="ISO 20022 or NACHA.")
    reason = fields.Char(readonly=True, guarded=True)
    charge_move_id = fields.Many2one(
        "account.move", "Charge to the client", readonly=True, guarded=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("booked", "Returned"), ("undone", "Undone")], required=True, default="booked", readonly=True, guarded=True
    )
    line_ids = fields.One2many(
        "account.payment.return.line", "return_id", "Open again", readonly=True, guarded=True,
        help="What the payment had paid, item by item.",
    )  # fmt: skip
    # How the payment and its planned payments were before, for undoing.
    before = fields.Json(readonly=True, guarded=True, prefetch=False, groups="base.group_no_one")

    _original_booked = models.UniqueIndex(
        "(money_line_id, statement_line_id) WHERE state = 'booked'",
        "This payment was returned by the same bank transaction already.",
    )
    _booked_idx = models.Index("(company_id, date) WHERE state = 'booked'")

    _transitions = frozenset({("booked", "undone")})

    @api.depends("payment_id", "original_move_id", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(payment)s returned on %(date)s",
                payment=record._payment_name(),
                date=fields.Date.to_string(record.date) or "",
            )

    def _payment_name(self):
        # A user who sees the return sees the number of the payment.
        record = self.sudo()
        return (record.payment_id or record.original_move_id).display_name or ""

    def _reason_text(self):
        """The reason with its code, as notes show it."""
        self.ensure_one()
        words = self.reason or self.env._("no reason given")
        return f"{words} ({self.reason_code})" if self.reason_code else words

    @remote_call(one=True)
    def action_open_transaction(self):
        """Open the bank transaction of the return."""
        return self.statement_line_id._action_open_bank_transaction()

    @remote_call(one=True)
    def action_open_payment(self):
        """Open the returned payment or bank transaction."""
        move = self.original_move_id
        if move.statement_line_id:
            return move.statement_line_id._action_open_bank_transaction()
        return (self.payment_id or move).get_formview_action()

    @remote_call(one=True)
    def action_open_charge(self):
        """Open the invoice that charges the client."""
        return self.charge_move_id.get_formview_action()

    @remote_call()
    def action_undo(self):
        """Undo returns: what the payments had paid is paid again.

        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where the charge to the client was paid meanwhile
        """
        return self.filtered(lambda one: one.state == "booked").statement_line_id.action_unmatch()

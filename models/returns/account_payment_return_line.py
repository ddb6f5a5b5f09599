from odoo import fields, models


class AccountPaymentReturnLine(models.Model):
    """What a payment had paid of one item before it was returned."""

    _name = "account.payment.return.line"
    _description = "Item that a returned payment had paid"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "return_id, id"
    _rec_name = "move_line_id"

    return_id = fields.Many2one(
        "account.payment.return", required=True, readonly=True, guarded=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True, guarded=True)
    money_line_id = fields.Many2one("account.move.line", "Journal item of the payment", readonly=True, guarded=True,
                                    index="btree_not_null", ondelete="set null")  # fmt: skip
    owed_line_id = fields.Many2one("account.move.line", "Journal item that was paid", readonly=True, guarded=True,
                                   index="btree_not_null", ondelete="set null")  # fmt: skip
    move_line_id = fields.Many2one(
        "account.move.line", "Item", readonly=True, guarded=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one("account.move", "Document", readonly=True, guarded=True, index=True, ondelete="cascade")
    account_id = fields.Many2one(related="move_line_id.account_id", string="Ledger code")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    amount = fields.Monetary(readonly=True, guarded=True, help="In the currency of the document.")

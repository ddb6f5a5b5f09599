from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.common.odoo_types import POSTED_PAYMENT_STATES
from ..common.kinds import is_id

STATES = [
    ("waiting", "Waiting"),
    ("left_out", "Left out"),
    ("cleared", "Cleared"),
    ("missing", "Missing"),
    ("returned", "Returned"),
]


class AccountBankBatchPart(models.Model):
    """One payment of a deposit slip or payment batch, and whether the bank transaction contains it."""

    _name = "account.bank.batch.part"
    _description = "Payment of a deposit slip or payment batch"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "batch_id, sequence, id"
    _rec_name = "payment_id"
    _check_company_auto = True

    batch_id = fields.Many2one("account.bank.batch", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True, guarded=True)
    journal_id = fields.Many2one(related="batch_id.journal_id")
    currency_id = fields.Many2one(related="batch_id.currency_id")
    batch_state = fields.Selection(related="batch_id.state", string="State of the deposit slip or payment batch")
    sequence = fields.Integer(default=10)
    payment_id = fields.Many2one(
        "account.payment", required=True, ondelete="cascade", index=True, check_company=True,
        domain="[('journal_id', '=', journal_id), ('state', '=', 'in_process'), ('is_matched', '=', False)]",
    )  # fmt: skip
    partner_id = fields.Many2one(related="payment_id.partner_id")
    payment_date = fields.Date(related="payment_id.date")
    memo = fields.Char(related="payment_id.memo")
    method_id = fields.Many2one(related="payment_id.payment_method_line_id", string="Method")
    amount = fields.Monetary(compute="_compute_amount", store=True, guarded=True)
    end_to_end_id = fields.Char(
        "End-to-end ID", index="btree_not_null", help="Of this payment in the file that was sent to the bank."
    )
    is_left_out = fields.Boolean("Left out", help="The bank transaction will not contain it. It stays open.")
    is_missing = fields.Boolean("Missing", readonly=True, guarded=True)
    state = fields.Selection(STATES, compute="_compute_state")

    _once = models.UniqueIndex(
        "(batch_id, payment_id)", "A payment is in a deposit slip or payment batch once. Remove the second one."
    )

    @api.depends("payment_id.amount", "payment_id.payment_type")
    def _compute_amount(self):
        for part in self:
            part.amount = part.payment_id.amount * (1 if part.payment_id.payment_type == "inbound" else -1)

    @api.depends("is_left_out", "is_missing", "batch_id.state", "payment_id.is_matched", "payment_id.state")
    def _compute_state(self):
        for part in self:
            # A user who sees a deposit slip or payment batch sees what became of its payments.
            payment = part.payment_id.sudo()
            if payment.is_returned:
                part.state = "returned"
            elif part.batch_id.state == "matched" and payment.is_matched:
                part.state = "cleared"
            elif part.batch_id.state == "matched":
                part.state = "missing"
            else:
                part.state = "left_out" if part.is_left_out else "waiting"

    @api.model_create_multi
    def create(self, vals_list):
        """Add payments to drafts.

        :raise UserError: where it is on its way to the bank or cleared
        :raise ValidationError: where a payment can't be part of it
        """
        ids = [vals["batch_id"] for vals in vals_list if is_id(vals.get("batch_id"))]
        self.env["account.bank.batch"].browse(ids)._check_draft()
        parts = super().create(vals_list)
        for part in parts:
            part._check_payment()
        return parts

    def write(self, vals):
        """Change payments of drafts; one can be left out until the bank transaction is matched.

        :raise UserError: where it is on its way to the bank or cleared
        """
        if vals.keys() - {"is_left_out", "is_missing", "end_to_end_id"}:
            self.batch_id._check_draft()
        elif "is_left_out" in vals:
            self.batch_id._check_not_matched()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self.batch_id._check_draft()

    def _is_open(self):
        """Whether the bank has still to book this payment."""
        return self.payment_id.state in POSTED_PAYMENT_STATES and not self.payment_id.is_matched

    def _check_open(self):
        """Check that the payment is posted and the bank has still to book it.

        :raise UserError: where it is not; names the payment
        """
        if not self._is_open():
            raise UserError(
                self.env._(
                    "%(payment)s is not posted, or the bank has booked it already. Remove it from %(batch)s.",
                    payment=self.payment_id.display_name,
                    batch=self.batch_id.display_name,
                )
            )

    def _check_payment(self):
        """Check that the payment can be part of its deposit slip or payment batch.

        :raise ValidationError: where it can't; names the payment
        """
        payment, batch = self.payment_id, self.batch_id
        if payment.journal_id != batch.journal_id or payment.currency_id != batch.currency_id:
            raise ValidationError(
                self.env._(
                    "%(payment)s is of another bank account than %(journal)s, or in another currency.",
                    payment=payment.display_name,
                    journal=batch.journal_id.display_name,
                )
            )
        # The user may have no access to the other one; only its number is shown.
        other = self.sudo().search([
            ("payment_id", "=", payment.id), ("batch_id", "!=", batch.id), ("batch_id.state", "in", ("draft", "sent")),
        ], limit=1)  # fmt: skip
        if other:
            raise ValidationError(
                self.env._(
                    "%(payment)s is in %(batch)s already. Remove it there first.",
                    payment=payment.display_name,
                    batch=other.batch_id.display_name,
                )
            )

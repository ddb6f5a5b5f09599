from odoo import api, fields, models


class AccountMakePaymentDocument(models.TransientModel):
    """A document that the payment may be for."""

    _name = "account.make.payment.document"
    _description = "Document of a payment to make"

    wizard_id = fields.Many2one("account.make.payment", required=True, ondelete="cascade")
    ticked = fields.Boolean("Pay")
    move_id = fields.Many2one("account.move", "Document", required=True)
    member_name = fields.Char(related="move_id.partner_id.name", string="Member", related_sudo=False)
    date = fields.Date(related="move_id.date", related_sudo=False)
    date_due = fields.Date(related="move_id.invoice_date_due", string="Due", related_sudo=False)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount_open = fields.Monetary("Open")

    @api.constrains("move_id")
    def _check_visible(self):
        self.sudo(False).move_id.check_access("read")  # Odoo runs constraints as the superuser

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    return_fee_id = fields.Many2one(
        "account.reconcile.model",
        "Preset for fees of returns",
        domain="[('company_id', 'parent_of', id), ('line_ids.account_id', '!=', False)]",
        help="The account, and the tax, that the bank's fee for a returned payment is booked by.",
    )
    return_charge = fields.Selection(
        [("no", "Nothing"), ("fee", "The bank's fee"), ("fixed", "A fixed amount")],
        "Charge to the client",
        required=True,
        default="no",
        help="What a client is charged, as an invoice with one item, where its payment was returned.",
    )
    return_charge_amount = fields.Monetary("Amount charged for a return")
    return_charge_product_id = fields.Many2one(
        "product.product",
        "Product of the charge",
        help="Its income account is the ledger code of the charge, and its taxes are those of the item.",
    )

    @api.constrains("return_charge", "return_charge_amount", "return_charge_product_id")
    def _check_return_charge(self):
        for company in self.filtered(lambda company: company.return_charge != "no"):
            if not company.return_charge_product_id:
                raise ValidationError(self.env._("Choose the product by which clients are charged for a return."))
            if company.return_charge == "fixed" and company.return_charge_amount <= 0:
                raise ValidationError(self.env._("The amount that is charged for a return must be above zero."))

from odoo import fields, models
from odoo.exceptions import UserError

from ..common.actions import form_of
from ..common.permissions import BANK, require
from ..common.remote_calls import remote_call


class AccountPayment(models.Model):
    """A registered payment can be part of a deposit slip or payment batch."""

    _inherit = "account.payment"

    batch_part_ids = fields.One2many(
        "account.bank.batch.part", "payment_id", "Deposit slips and payment batches", readonly=True, groups=BANK
    )

    @remote_call()
    def action_put_in_batch(self):
        """Create a deposit slip of these payments, or a payment batch where money goes out.

        :return: an action that opens it
        :raise AccessError: without the permission for bank reconciliation
        :raise UserError: where a payment can't be part of it
        """
        require(self.env, BANK)
        if not self or len(self.journal_id) > 1:
            raise UserError(
                self.env._("These payments are of several bank accounts. Choose payments of one bank account.")
            )
        kind = "deposit" if self[0].payment_type == "inbound" else "payment"
        batch = self.env["account.bank.batch"].create({
            "kind": kind,
            "journal_id": self.journal_id.id,
            "part_ids": [fields.Command.create({"payment_id": payment.id}) for payment in self],
        })  # fmt: skip
        return form_of(batch)

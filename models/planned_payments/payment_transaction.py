from odoo import fields, models

from ..common import context_keys


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "reconciliation.guarded.mixin"]

    planned_payment_id = fields.Many2one(
        "account.planned.payment", "Planned payment", readonly=True, guarded=True, copy=False, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip

    def _create_payment(self, **extra_create_values):
        """Apply a planned payment's own money to its items, and what a client pays online to the next planned payments.

        Its date is the company's day: Odoo would take the user's, which a scheduled action has in UTC.
        """
        self.ensure_one()
        extra_create_values.setdefault("date", self.company_id._today())
        wanted = self.planned_payment_id.ids or True
        # Odoo goes on with its own record of the transaction, so only the environment differs.
        payment = super(
            PaymentTransaction, self.with_context(**{context_keys.PAYS_PLANNED_PAYMENTS: wanted})
        )._create_payment(**extra_create_values)  # fmt: skip
        planned = self.planned_payment_id
        if planned and planned.is_coming:
            # Nothing was left of its items to pay: the money stays on the account, and that is said.
            planned._set_paid(payment)
        return payment.with_env(self.env)

    def _post_process(self):
        """A planned payment whose charge failed after all is tried again by its policy."""
        result = super()._post_process()
        for tx in self.filtered(lambda one: one.planned_payment_id and one.state in ("cancel", "error")):
            planned = tx.planned_payment_id
            if planned.transaction_id == tx and planned.state == "processing":
                planned._fail(tx.state_message or self.env._("The charge was cancelled."))
        return result

from odoo import api, fields, models


class AccountPlanPaymentsRow(models.TransientModel):
    """One planned payment as proposed, before it is stored."""

    _name = "account.plan.payments.row"
    _description = "Proposed planned payment"

    wizard_id = fields.Many2one("account.plan.payments", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    due_date = fields.Date("Due", required=True)
    amount = fields.Monetary()
    items_text = fields.Char("Pays", compute="_compute_items_text")

    @api.depends("wizard_id.row_ids.amount", "wizard_id.row_ids.due_date", "wizard_id.split_by",
                 "wizard_id.item_ids.ticked", "wizard_id.item_ids.amount")  # fmt: skip
    def _compute_items_text(self):
        items = self.env["account.reconciliation.item"]
        for wizard in self.wizard_id:
            split = wizard._split()
            for row in self.filtered(lambda one, wizard=wizard: one.wizard_id == wizard):
                row.items_text = ", ".join(
                    f"{items.browse(item).display_name} {row.currency_id.format(float(amount))}"
                    for item, amount in split.get(row, {}).items()
                )
        for row in self - self.wizard_id.row_ids:
            row.items_text = row.items_text or False

from odoo import api, models
from odoo.exceptions import UserError


class AccountReconciliationItem(models.Model):
    _inherit = "account.reconciliation.item"

    @api.model
    def _flush_sources(self, with_open=True):
        """Bring what is planned to the database too."""
        result = super()._flush_sources(with_open)
        self.env["account.planned.payment"]._flush_planned()
        return result

    def _raise_locked(self):
        """Say that an item is locked, by which planned payment, and what to do."""
        self.ensure_one()
        coming = self.move_id._coming_payments().filtered(lambda one: self in one.line_ids.item_id)
        raise UserError(
            self.env._(
                "“%(item)s” of %(document)s is linked to a planned payment of %(date)s (%(amount)s), so what is "
                "applied to it can't be modified or deleted. Delete the planned payment first, under Planned payments.",
                item=self.display_name,
                document=self.move_id.display_name,
                date=coming[:1].due_date,
                amount=self.currency_id.format(coming[:1].amount),
            )
        )

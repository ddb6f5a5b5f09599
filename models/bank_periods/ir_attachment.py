from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """The PDF of a snapshot never changes."""
        if not {"datas", "raw", "db_datas", "store_fname", "url", "type"}.isdisjoint(vals):
            self._check_no_snapshot()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_snapshot(self):
        """The PDF of a snapshot is kept."""
        self._check_no_snapshot()

    def _check_no_snapshot(self):
        own = self.filtered(lambda one: (one.res_model or "").startswith("account.bank.reconciliation"))
        # Whether it is a snapshot's must not depend on who asks.
        if own and self.env["account.bank.reconciliation.snapshot"].sudo().search_count(
            [("attachment_id", "in", own.ids)], limit=1
        ):  # fmt: skip
            raise UserError(
                self.env._("This PDF belongs to a snapshot of a bank reconciliation, which is kept unchanged.")
            )

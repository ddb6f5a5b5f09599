from odoo import api, models
from odoo.exceptions import UserError

CONTENT = {"datas", "raw", "db_datas", "store_fname", "url", "type"}
OWNER = ("res_model", "res_id")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """The PDF of a snapshot never changes, nor what it belongs to."""
        if self._is_moved(vals) or not CONTENT.isdisjoint(vals):
            self._check_no_snapshot()
        return super().write(vals)

    def _is_moved(self, vals):
        """Whether these values attach files to another record, except to the snapshot whose period is deleted."""
        if not any(name in vals and (one[name] or False) != (vals[name] or False) for name in OWNER for one in self):
            return False
        snapshots = self.env["account.bank.reconciliation.snapshot"]
        if vals.get("res_model") != snapshots._name:
            return True
        # Whether it is a snapshot's must not depend on who asks.
        return snapshots.sudo().search([("attachment_id", "in", self.ids)]).ids != [vals.get("res_id")]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_snapshot(self):
        """The PDF of a snapshot is kept."""
        self._check_no_snapshot()

    def _check_no_snapshot(self):
        # By the snapshots' own field: the model and id on the attachment can be changed. With sudo, so that the check
        # does not depend on the user's rights.
        if self.env["account.bank.reconciliation.snapshot"].sudo().search_count(
            [("attachment_id", "in", self.ids)], limit=1
        ):  # fmt: skip
            raise UserError(
                self.env._("This PDF belongs to a snapshot of a bank reconciliation, which is kept unchanged.")
            )

from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """The PDF of a snapshot never changes."""
        if not {"datas", "raw", "db_datas", "store_fname", "url", "type"}.isdisjoint(vals):
            self._check_no_snapshot()
        return super().write(vals)

    @api.model
    def _file_write(self, bin_value, checksum):
        """Store a file whole or not at all: a part of it would lie there for good, and stand in the way of the whole.

        :raise UserError: where there is no room for it
        """
        path = Path(self._full_path(f"{checksum[:2]}/{checksum}"))
        was_there = path.exists()
        try:
            return super()._file_write(bin_value, checksum)
        except OSError as error:
            if not was_there:
                path.unlink(missing_ok=True)
            raise UserError(
                self.env._(
                    "A file of %(size)s kB can't be stored: %(why)s. Nothing was changed. Let your administrator make "
                    "room where Odoo keeps its attachments, then try again.",
                    size=len(bin_value) // 1024 + 1,
                    why=error.strerror,
                )
            ) from error

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

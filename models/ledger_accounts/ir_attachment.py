from odoo import models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_no_snapshot(self):
        """The PDF of an account's snapshot is kept, too, and so are the documents that were reviewed, also where the
        proof was opened again and has others by now."""
        # With sudo, so that the check does not depend on the user's rights.
        snapshots = self.env["account.ledger.snapshot"].sudo()
        mine = ["|", ("attachment_id", "in", self.ids), ("document_ids", "in", self.ids)]
        if snapshots.search_count(mine, limit=1):
            raise UserError(
                self.env._("This file belongs to the reviewed proof of an account, which is kept unchanged.")
            )
        return super()._check_no_snapshot()

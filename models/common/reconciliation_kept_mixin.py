from odoo import api, models
from odoo.exceptions import UserError


class ReconciliationKeptMixin(models.AbstractModel):
    """A record that can't be changed or deleted, whatever the user's rights."""

    _name = "reconciliation.kept.mixin"
    _description = "Record that never changes"

    # What the record's own methods set once, after it was made.
    _written_once = frozenset()

    def write(self, vals):
        """A snapshot can't be changed; its SHA-256 and its PDF are set once, by its own methods."""
        self.check_access("write")
        is_first = self.env.su and all(name in self._written_once and not self.filtered(name) for name in vals)
        if vals and not is_first:
            raise UserError(
                self.env._("A snapshot can't be changed: it proves what the figures were. Take another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """A snapshot can't be deleted."""
        raise UserError(self.env._("A snapshot can't be deleted: it proves what the figures were."))

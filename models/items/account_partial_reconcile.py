from odoo import api, fields, models
from odoo.tools import SQL

from ..common import context_keys
from ..common.permissions import DELETE, VIEW, require


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    reconciliation_line_ids = fields.One2many(
        "account.reconciliation.line",
        "partial_id",
        "Reconciliation lines",
        groups=VIEW,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Apply every new partial to the items of its documents, whoever makes it."""
        partials = super().create(vals_list)
        # Bookkeeping of the addon itself: a user who may reconcile in Odoo makes the lines, without rights on them.
        self.env["account.reconciliation.line"].sudo()._allocate(
            partials.sudo(), self.env.context.get(context_keys.SPLITS)
        )
        return partials

    def write(self, vals):
        """Count what an exchange difference takes of a payment as used for what the payment was applied to.

        Odoo links a partial with its exchange difference once both are there.
        """
        result = super().write(vals)
        if vals.get("exchange_move_id"):
            # Bookkeeping of the addon itself, see create.
            self.env["account.reconciliation.line"].sudo()._recompute_exchanged(self)
        return result

    def unlink(self):
        """Refuse to delete reconciliations without the permission, by whatever button or call."""
        if not self:
            # Odoo asks for it whenever journal items are written.
            return super().unlink()
        require(self.env, DELETE)
        self.env["account.move"]._check_not_locked(self)
        (self.debit_move_id | self.credit_move_id).sudo()._lock_in_order()  # locks, tells nothing
        lines = self.debit_move_id | self.credit_move_id
        documents = lines.filtered(lambda line: line.display_type == "payment_term").move_id
        # Bookkeeping of the addon itself, see create.
        balances = self.env["account.reconciliation.line"].sudo()
        cleared = balances._clearing_moves(self)
        result = super().unlink()
        # Odoo's next partial writes matching numbers by SQL, and would be overwritten by what waits to be written here.
        self.env["account.move.line"].flush_model(["matching_number"])
        self.env["account.reconciliation.item"]._invalidate_balances()
        balances._follow_money(cleared)
        if documents:
            balances._settle_both_signs(SQL("m.id = ANY(%s)", documents.ids))
        return result

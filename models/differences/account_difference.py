from odoo import fields, models

from ...engine.common.odoo_types import SIDE_SELECTION
from ..common.remote_calls import remote_call
from .account_dispute import DISPUTE_REASONS


class AccountDifference(models.Model):
    """A difference that was written off, with its reason, for the report of differences.

    It is created with the match of the bank transaction, by “Reconcile account” or by writing off a dispute, and
    deleted where that is undone.
    """

    _name = "account.difference"
    _description = "Difference written off"
    _inherit = ["reconciliation.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "reason"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank transaction", readonly=True, guarded=True, index="btree_not_null",
        ondelete="cascade",
    )  # fmt: skip
    entry_id = fields.Many2one(
        "account.move", "Write-off entry", readonly=True, guarded=True, index="btree_not_null", ondelete="cascade",
        help="Of what was written off without a bank transaction.",
    )  # fmt: skip
    policy_id = fields.Many2one("account.difference.policy", readonly=True, guarded=True, ondelete="set null")
    move_ids = fields.Many2many("account.move", string="Documents", readonly=True, guarded=True)
    partner_id = fields.Many2one("res.partner", "Account owner", readonly=True, guarded=True, index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, guarded=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, guarded=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    date = fields.Date(required=True, readonly=True, guarded=True)
    side = fields.Selection(SIDE_SELECTION, "Account type", readonly=True,
                            guarded=True)  # fmt: skip
    reason = fields.Selection(DISPUTE_REASONS, required=True, readonly=True, guarded=True)
    amount = fields.Monetary(readonly=True, guarded=True, help="Above zero: more was paid than was open.")
    balance = fields.Monetary(
        "In company currency", currency_field="company_currency_id", readonly=True, guarded=True, aggregator="sum",
        help="Above zero: a gain. Below zero: a loss.",
    )  # fmt: skip
    is_automatic = fields.Boolean("Automatic", readonly=True, guarded=True)

    _report_idx = models.Index("(company_id, date)")

    def _cancel_entry(self):
        """Cancel the entry of what is no longer written off; where its day is closed, reverse it today."""
        entry = self.entry_id
        if entry.inalterable_hash or entry._get_violated_lock_dates(entry.date, False):
            today = self.company_id._today()
            entry._reverse_moves([{"date": today}], cancel=True)
        else:
            entry.button_draft()
            entry.button_cancel()
        self.exists().unlink()

    @remote_call(one=True)
    def action_open_transaction(self):
        """Open the bank transaction, or the entry that wrote it off."""
        if not self.statement_line_id:
            return self.entry_id.get_formview_action()
        return self.statement_line_id._action_open_bank_transaction()

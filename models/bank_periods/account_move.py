"""Opens the bank reconciliation in which an entry is confirmed; notes there when the entry is reset or deleted."""

from odoo import fields, models
from odoo.tools import SQL

from ...engine.bank_periods.confirmed_sql import confirming_periods
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    _inherit = "account.move"

    bank_reconciliation_ids = fields.Many2many(
        "account.bank.reconciliation", compute="_compute_connected", string="Bank reconciliations",
        groups="account_reconciliation.group_bank_reconciliation",
        help="The periods in which the money that this entry moved, or clears, is confirmed.",
    )  # fmt: skip

    def _connected_sql(self):
        queries = super()._connected_sql()
        confirmations = self.env["account.bank.reconciliation.confirmation"]
        if confirmations.has_access("read"):
            # Whatever journal items they are, another branch's among them: the periods are those of the user.
            queries["bank_reconciliation_ids"] = SQL(
                "SELECT move_id, jsonb_agg(DISTINCT reconciliation_id) FROM (%s) AS confirmed GROUP BY move_id",
                confirming_periods(self._origin.ids, confirmations._search([]).subselect()),
            )
        return queries

    @remote_call(one=True)
    def action_open_bank_reconciliation(self):
        """Open the bank reconciliation in which the money is confirmed."""
        return self.bank_reconciliation_ids._action_open()

    def _action_paid_items(self):
        """List the invoice items that the money of these entries was applied to, with their ledger codes.

        A bank transaction that clears payments leads to what those paid.
        """
        moves = self
        if self.statement_line_id:
            lines = self.line_ids.matched_debit_ids.debit_move_id | self.line_ids.matched_credit_ids.credit_move_id
            moves |= lines.move_id.filtered("origin_payment_id")
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_reconciliation_lines")
        return action | {
            "domain": [("counterpart_move_id", "in", moves.ids)],
            "context": {"search_default_group_document": 0},
        }

    # A user who resets a payment may not see bank reconciliations, hence sudo: only a note is left there.

    def button_draft(self):
        """Leave a note on the bank reconciliation where an entry is confirmed; its discrepancies name the reset."""
        notes = self._bank_period_notes(self.env._("was reset to draft"))
        result = super().button_draft()
        self._leave_bank_period_notes(notes)
        return result

    def unlink(self):
        """Leave a note on the bank reconciliation where an entry is confirmed; its discrepancies name the deletion."""
        notes = self._bank_period_notes(self.env._("was deleted"))
        result = super().unlink()
        self._leave_bank_period_notes(notes)
        return result

    def _bank_period_notes(self, what):
        """The notes for the periods in which items of these entries are confirmed: list of (period, text)."""
        confirmations = self.env["account.bank.reconciliation.confirmation"].sudo()
        found = confirmations.search([("move_line_id", "in", self.line_ids.ids)]) if self.line_ids else confirmations
        return [
            (
                one.reconciliation_id,
                self.env._(
                    "%(name)s (%(amount)s), which is confirmed here, %(what)s.",
                    name=one.name, amount=one.currency_id.format(one.amount), what=what,
                ),
            )
            for one in found
        ]  # fmt: skip

    def _leave_bank_period_notes(self, notes):
        for period, text in notes:
            period._note([text])

from odoo import fields, models

from ...engine.bank_matching.bank_text import compact_sql
from ..common.permissions import VIEW
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    """A document knows the bank transactions that it was paid by, directly or through a registered payment."""

    _inherit = "account.move"

    bank_transaction_count = fields.Integer("Bank transactions", compute="_compute_bank_transaction_count", groups=VIEW)

    # By these the candidates of a bank transaction are found: engine/bank_matching/candidates_sql.py.
    _bank_match_name_idx = models.Index(
        f"(({compact_sql('name')}), id) WHERE state = 'posted' AND statement_line_id IS NULL AND name IS NOT NULL"
    )
    _bank_match_reference_idx = models.Index(
        f"(({compact_sql('payment_reference')}), id) WHERE state = 'posted' AND statement_line_id IS NULL"
        " AND payment_reference IS NOT NULL"
    )
    _bank_match_origin_idx = models.Index(
        f"(({compact_sql('invoice_origin')}), id) WHERE state = 'posted' AND statement_line_id IS NULL"
        " AND invoice_origin IS NOT NULL"
    )
    _bank_match_ref_idx = models.Index(
        f"(({compact_sql('ref')}), id) WHERE state = 'posted' AND statement_line_id IS NULL AND ref IS NOT NULL"
    )
    _bank_match_number_idx = models.Index("(sequence_number, id) WHERE state = 'posted' AND move_type <> 'entry'")

    def _compute_bank_transaction_count(self):
        for move in self:
            move.bank_transaction_count = len(move._paying_transactions())

    def _paying_transactions(self):
        """The bank transactions behind these documents and payments.

        :return: account.bank.statement.line records that the user may read
        """
        money = self._reconciled_moves(self.line_ids)
        payments = (self | money).origin_payment_id.move_id
        seen = self._reconciled_moves(payments.line_ids - payments._owed_lines())
        return ((money | seen).statement_line_id - self.statement_line_id)._filtered_access("read")

    def _reconciled_moves(self, lines):
        """The entries that journal items are reconciled with, themselves left out.

        :return: account.move records that the user may read: branches of one company pay for each other
        """
        # Safe by sudo: only which entries they are; they are given to those who may read them.
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).sudo()
        moves = (partials.debit_move_id | partials.credit_move_id).move_id.with_env(self.env)
        return (moves - lines.move_id)._filtered_access("read")

    @remote_call(one=True)
    def action_open_bank_transactions(self):
        """Open the bank transactions that this was paid by."""
        found = self._paying_transactions()
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_bank_transactions")
        action["domain"] = [("id", "in", found.ids)]
        if len(found) == 1:
            action |= {"res_id": found.id, "views": [view for view in action["views"] if view[1] == "form"]}
        return action

from odoo import fields, models
from odoo.tools import SQL

from ...engine.bank_matching.bank_text import compact_sql
from ...engine.bank_matching.paying_sql import paying_transactions
from ..common.permissions import VIEW
from ..common.remote_calls import remote_call


class AccountMove(models.Model):
    """A document knows the bank transactions that it was paid by, directly or through a registered payment."""

    _inherit = "account.move"

    bank_transaction_count = fields.Integer("Bank transactions", compute="_compute_connected", groups=VIEW)

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

    def _connected_sql(self):
        queries = super()._connected_sql()
        if self.env["account.bank.statement.line"].has_access("read"):
            queries["bank_transaction_count"] = SQL(
                "SELECT move_id, COUNT(DISTINCT statement_line_id) FROM (%s) AS paying GROUP BY move_id",
                self._paying_transactions_sql(),
            )
        return queries

    def _paying_transactions_sql(self):
        """The bank transactions behind these documents and payments, as far as the user may read them.

        :return: a query of ``(move_id, statement_line_id)``
        """
        readable = self.env["account.bank.statement.line"]._search([]).subselect()
        return paying_transactions(self._origin.ids, readable)

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
        self.env["account.reconciliation.item"]._flush_sources()
        found = self.env["account.bank.statement.line"].browse(
            {statement_line for _move, statement_line in self.env.execute_query(self._paying_transactions_sql())}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("account_reconciliation.action_bank_transactions")
        action["domain"] = [("id", "in", found.ids)]
        if len(found) == 1:
            action |= {"res_id": found.id, "views": [view for view in action["views"] if view[1] == "form"]}
        return action

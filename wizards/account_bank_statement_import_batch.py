from collections import Counter

from odoo import api, fields, models


class AccountBankStatementImportBatch(models.TransientModel):
    """A part of a large file: bank transactions that are still to be created."""

    _name = "account.bank.statement.import.batch"
    _description = "Bank transactions to import"
    _transient_max_hours = 24
    _order = "id"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    journal_id = fields.Many2one("account.journal", required=True, ondelete="cascade")
    # Read one by one: all of them would fill the memory.
    vals_list = fields.Json(required=True, prefetch=False)
    line_count = fields.Integer(compute="_compute_line_count", store=True)

    @api.depends("vals_list")
    def _compute_line_count(self):
        for batch in self:
            batch.line_count = len(batch.vals_list)

    def _create_transactions(self, written):
        """Create the transactions and delete this part, both or neither.

        :param written: how many the same import has created before
        :return: how many were created
        """
        self.ensure_one()
        vals_list, journal = self.vals_list, self.journal_id.with_company(self.journal_id.company_id)
        slow, wizard = Counter(), self.wizard_id
        self.unlink()
        journal._create_statement_lines([{**values, "journal_id": journal.id} for values in vals_list], written, slow)
        if slow:
            wizard.slow_counts = Counter(wizard.slow_counts or {}) + slow
        return len(vals_list)

from collections import Counter

from odoo import fields, models

from ..models.bank_import.account_journal_write import SLICES_IN_BULK
from ..models.common.sql import lock_rows


class AccountBankStatementImportBatch(models.TransientModel):
    """A part of a large file: bank transactions that are still to be created."""

    _name = "account.bank.statement.import.batch"
    _description = "Bank transactions to import"
    _transient_max_hours = 24
    _order = "id"

    wizard_id = fields.Many2one("account.bank.statement.import", required=True, ondelete="cascade", index=True)
    journal_id = fields.Many2one("account.journal", required=True, ondelete="cascade")
    # Read some at once: all of them would fill the memory.
    vals_list = fields.Json(required=True, prefetch=False)
    line_count = fields.Integer(required=True)

    def _next_in_bulk(self):
        """The first of these parts, with the next ones of its bank account that are written together with it."""
        return self.filtered(lambda part: part.journal_id == self[0].journal_id)[:SLICES_IN_BULK]

    def _create_transactions(self, written):
        """Create the transactions of these parts, of one bank account, and delete the parts, both or neither.

        :param written: how many the same import has created before
        :return: how many were created; 0 where several parts can't be created in bulk: then nothing has changed
        """
        # A second call for the same parts waits, finds them gone, and is tried again by Odoo.
        lock_rows(self)
        wizard, journal = self.wizard_id, self.journal_id.with_company(self.journal_id.company_id)
        vals_list = [{**values, "journal_id": journal.id} for part in self for values in part.vals_list]
        slow = Counter()
        if len(self) > 1:
            _lines, reason = journal._create_in_bulk(vals_list, written)
            if reason:
                return 0
        else:
            journal._create_statement_lines(vals_list, written, slow)
        self.unlink()
        if slow:
            wizard.slow_counts = Counter(wizard.slow_counts or {}) + slow
        return len(vals_list)

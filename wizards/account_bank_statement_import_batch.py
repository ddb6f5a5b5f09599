from collections import Counter

from odoo import fields, models

from ..models.bank_import.account_journal_write import SLICES_IN_BULK


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
    line_count = fields.Integer(required=True)

    def _create_transactions(self, written):
        """Create the transactions of the first of these parts and delete it, both or neither.

        Where it is done in bulk, the next ones of the same bank account go with it.

        :param written: how many the same import has created before
        :return: (how many were created, the parts that are left)
        """
        first, slow = self[0], Counter()
        wizard, journal = first.wizard_id, first.journal_id.with_company(first.journal_id.company_id)
        parts = self.filtered(lambda part: part.journal_id == first.journal_id)[:SLICES_IN_BULK]
        vals_list = parts._read_transactions()
        _lines, reason = journal._create_in_bulk(vals_list, written) if len(parts) > 1 else (None, "few")
        if reason:
            parts = first
            vals_list = parts._read_transactions()
            journal._create_statement_lines(vals_list, written, slow)
        left = self - parts
        parts.unlink()
        if slow:
            wizard.slow_counts = Counter(wizard.slow_counts or {}) + slow
        return len(vals_list), left

    def _read_transactions(self):
        """The values of the transactions: list of dict."""
        return [{**values, "journal_id": part.journal_id.id} for part in self for values in part.vals_list]

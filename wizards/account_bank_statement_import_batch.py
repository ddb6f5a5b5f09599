import json
from collections import Counter

from odoo import api, fields, models

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
    filename = fields.Char()
    # Which statement of the import it is of; where all can be put into it at once, it is made with the first of them.
    statement_number = fields.Integer()
    can_begin_statement = fields.Boolean()
    statement_id = fields.Many2one("account.bank.statement", ondelete="set null")
    # A list of what ``account.journal._prepare_statement_lines`` gives, as JSON. Text, because a field of that type
    # copies its value several times. Read some at once: all of them would fill the memory.
    content = fields.Text(required=True, prefetch=False)
    line_count = fields.Integer(required=True)

    @api.model
    def _content(self, vals_list):
        """The values of a part that holds some transactions."""
        return {"content": json.dumps(vals_list, default=fields.Date.to_string), "line_count": len(vals_list)}

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
        begun = self._begin_statements(journal)
        vals_list = [
            {**values, "journal_id": journal.id, "statement_id": part.statement_id.id}
            for part in self
            for values in json.loads(part.content)
        ]
        slow, reason = Counter(), None
        if len(self) > 1:
            _lines, reason = journal._create_in_bulk(vals_list, written)
        else:
            journal._create_statement_lines(vals_list, written, slow)
        journal._drop_emptied(begun)
        if reason:
            return 0
        self.unlink()
        if slow:
            wizard.slow_counts = Counter(wizard.slow_counts or {}) + slow
        return len(vals_list)

    def _begin_statements(self, journal):
        """Begin the statements of these parts.

        :return: the account.bank.statement records that are new
        """
        bulk, new = self.env["account.bulk.import"], self.env["account.bank.statement"]
        for part in self:
            if part.can_begin_statement and not part.statement_id:
                statement = bulk._begin_statement(journal, part.filename)
                self.search([
                    ("wizard_id", "=", part.wizard_id.id), ("statement_number", "=", part.statement_number),
                ]).statement_id = statement  # fmt: skip
                new |= statement
        return new

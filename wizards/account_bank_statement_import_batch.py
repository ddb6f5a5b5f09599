import json
from collections import Counter

from odoo import api, fields, models

from ..engine.bank_import.statement_kinds import IMPORTING
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

    def init(self):
        """Compressing what is read once and deleted would take half of the time of writing it."""
        self.env.cr.execute("ALTER TABLE account_bank_statement_import_batch ALTER COLUMN content SET STORAGE EXTERNAL")

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
        of_parts = [(part, json.loads(part.content)) for part in self]
        vals_list = [{**values, "journal_id": journal.id} for _part, some in of_parts for values in some]
        slow = Counter()

        def begin(created):
            ids = [
                statement_id
                for part, some in of_parts
                for statement_id in [part._begin_statement(journal, some)] * len(some)
            ]
            return ids[: len(created)]  # fewer, of one part, where not all of it can be created in bulk

        if len(self) > 1:
            _lines, reason = journal._create_in_bulk(vals_list, written, begin)
            if reason:
                return 0
        else:
            journal._create_statement_lines(vals_list, written, slow, begin)
        self.unlink()
        if slow:
            wizard.slow_counts = Counter(wizard.slow_counts or {}) + slow
        return len(vals_list)

    def _begin_statement(self, journal, vals_list):
        """The id of the statement that this part is written into, or None.

        :param vals_list: its transactions
        """
        if not self.can_begin_statement:
            return None
        # Somebody else's import of the same transactions may complete it meanwhile.
        lock_rows(self.statement_id)
        if self.statement_id.import_kind != IMPORTING:
            day = fields.Date.to_date(min(values["date"] for values in vals_list))
            statement = self.env["account.bulk.import"]._begin_statement(journal, self.filename, day)
            self.search([
                ("wizard_id", "=", self.wizard_id.id), ("statement_number", "=", self.statement_number),
            ]).statement_id = statement  # fmt: skip
        return self.statement_id.id

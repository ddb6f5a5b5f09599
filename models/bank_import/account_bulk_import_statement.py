"""Putting many bank transactions into their statement at once."""

from odoo import api, models

from ...engine.bank_import import entry_rows_sql
from ...statement_formats.text import storable
from .account_bank_statement import IMPORTING
from .account_bulk_import import LINES_MIN


class AccountBulkImport(models.AbstractModel):
    _inherit = "account.bulk.import"

    @api.model
    def _begun_statements(self, line_ids, new_count=0):
        """Whether bank transactions may be put into one statement in bulk, and what there is of it already.

        :param line_ids: ids of those that are there
        :param new_count: how many are still to be written
        :return: (whether they may, a statement that is being imported and has no other transactions or none, the other
            statements that are being imported and have some of them): bool, account.bank.statement records
        """
        statements, lines = self.env["account.bank.statement"], self.env["account.bank.statement.line"]
        lines.flush_model(["statement_id"])
        statements.flush_model(["import_kind"])
        rows = self.env.execute_query(entry_rows_sql.statements_of(line_ids, IMPORTING)) if line_ids else []
        begun = statements.browse([statement_id for statement_id, is_begun, _is_whole, _count in rows if is_begun])
        whole = next((statement_id for statement_id, is_begun, is_whole, _count in rows if is_begun and is_whole), None)
        whole = statements.browse(whole)
        may_put = (
            len(line_ids) + new_count >= LINES_MIN
            # Those that leave another statement are taken out of it by Odoo.
            and all(is_begun or not statement_id for statement_id, is_begun, _is_whole, _count in rows)
            and not self._import_hooked()
            and not self.env["account.bulk.reconcile"]._changed_methods("import")
            and not self.env.registry.get_trigger_tree(
                [lines._fields["statement_id"]],
                select=lambda field: field.store and bool(field.compute) and self._is_foreign(field),
            )
        )
        return may_put, whole, begun - whole

    @api.model
    def _begin_statement(self, journal, filename):
        """Create a statement for transactions that are written from now on.

        Odoo computes its fields once it has all its transactions, see :meth:`_complete_statement`.

        :param filename: str
        :return: account.bank.statement record
        """
        statement = self.env["account.bank.statement"]._own_write().create({
            "reference": storable(filename) or False,
            "import_kind": IMPORTING,
            "import_note": self.env._("Its import has not finished. Import the same file again to complete it."),
        }).with_env(self.env)  # fmt: skip
        # Odoo computes it when it creates a statement, from the transactions, of which there are none.
        statement.flush_recordset()
        statement.journal_id = journal
        return statement

    @api.model
    def _complete_statement(self, statement, values, line_ids):
        """Put transactions that are there into a statement that was begun; Odoo computes its fields.

        :param statement: account.bank.statement record that :meth:`_begin_statement` gave
        :param values: of it, without ``line_ids``
        :param line_ids: ids of account.bank.statement.line that :meth:`_begun_statements` allows
        """
        self.env.flush_all()
        self.env.cr.execute(entry_rows_sql.put_in_statement(line_ids, statement.id, self.env.uid, self.env.cr.now()))
        self._compute_statement(statement, values, is_new=False)

    @api.model
    def _compute_statement(self, statement, values, is_new=True):
        """Have Odoo compute the stored fields of a statement that were not given, from all its transactions.

        Its own ``create`` may compute them when it knows only some of the transactions: of 119 random files without
        balances, the ending balance of some was 0, the starting balance of others counted their own transactions.

        :param values: what was given
        :param is_new: whether the statement was created with them; else they are written
        """
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        # Odoo reads all transactions for that: of each only what it asks for, and all at once.
        lean = statement.with_context(prefetch_fields=False)
        lean.line_ids.fetch(["move_id", "internal_index", "amount", "journal_id"])
        lean.line_ids.move_id.fetch(["state"])
        if not is_new:
            lean._own_write().write(values)
        for name, field in lean._fields.items():
            if field.store and field.compute and name not in values:
                lean.env.add_to_compute(field, lean)
        lean.env.flush_all()
        self.env.invalidate_all(flush=False)

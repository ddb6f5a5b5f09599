"""Putting many bank transactions into their statement at once."""

from odoo import Command, api, models
from odoo.tools import SQL

from ...engine.bank_import import entry_rows_sql
from .account_bulk_import import LINES_MIN


class AccountBulkImport(models.AbstractModel):
    _inherit = "account.bulk.import"

    @api.model
    def _may_put_in_statement(self, line_ids):
        """Whether bank transactions may be put into their statement in bulk."""
        lines = self.env["account.bank.statement.line"]
        if (
            len(line_ids) < LINES_MIN
            or self._import_hooked()
            or self.env["account.bulk.reconcile"]._changed_methods("import")
            or self.env.registry.get_trigger_tree(
                [lines._fields["statement_id"]],
                select=lambda field: field.store and bool(field.compute) and self._is_foreign(field),
            )
        ):
            return False
        lines.flush_model(["statement_id"])
        return not self.env.execute_query(
            SQL(
                """
                SELECT FROM account_bank_statement_line WHERE id = ANY(%s) AND statement_id IS NOT NULL LIMIT 1
                """,
                list(line_ids),
            )
        )

    @api.model
    def _create_statement(self, values, line_ids):
        """Create a statement over transactions that have none; Odoo computes its fields.

        :param values: of the account.bank.statement, without ``line_ids``
        :param line_ids: ids of account.bank.statement.line, for which :meth:`_may_put_in_statement` holds
        :return: account.bank.statement record
        """
        statement = self.env["account.bank.statement"]._own_write().create({
            **values, "line_ids": [Command.set(line_ids[:1])],
        })  # fmt: skip
        self.env.flush_all()
        self.env.cr.execute(
            entry_rows_sql.put_in_statement(line_ids[1:], statement.id, self.env.uid, self.env.cr.now())
        )
        self._compute_statement(statement, values)
        return statement.with_env(self.env)

    @api.model
    def _compute_statement(self, statement, values):
        """Have Odoo compute the stored fields of a new statement that were not given, from all its transactions.

        Its own ``create`` may compute them when it knows only some of the transactions: of 119 random files without
        balances, the ending balance of some was 0, the starting balance of others counted their own transactions.

        :param values: that it was created with
        """
        self.env.flush_all()
        self.env.invalidate_all(flush=False)
        # Odoo reads all transactions for that: of each only what it asks for.
        lean = statement.with_context(prefetch_fields=False)
        for name, field in lean._fields.items():
            if field.store and field.compute and name not in values:
                lean.env.add_to_compute(field, lean)
        lean.env.flush_all()
        self.env.invalidate_all(flush=False)

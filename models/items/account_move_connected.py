"""What a document is connected with: by it, its form shows buttons, notices and tabs."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..common.permissions import VIEW


class AccountMove(models.Model):
    _inherit = "account.move"

    has_reconciliation_items = fields.Boolean(compute="_compute_connected", groups=VIEW)

    @api.depends("reconciliation_item_ids")
    def _compute_connected(self):
        """Fill the fields of :meth:`_connected_sql`: all in one statement, as each document that is opened asks it."""
        found = {}
        queries = self._connected_sql() if self._origin else {}
        if queries:
            self.env["account.reconciliation.item"]._flush_sources()
            rows = self.env.execute_query(
                SQL(" UNION ALL ").join(
                    SQL("SELECT %s, move_id, to_jsonb(value) FROM (%s) AS found (move_id, value)", name, query)
                    for name, query in queries.items()
                )
            )
            found = {(name, move_id): value for name, move_id, value in rows}
        names = self._connected_names()
        for move in self:
            move.update({name: found.get((name, move._origin.id), False) for name in names})

    def _connected_names(self):
        return [field.name for field in self.pool.field_computed[self._fields["has_reconciliation_items"]]]

    def _invalidate_connected(self):
        self.env["account.move"].invalidate_model(self._connected_names(), flush=False)

    def _connected_sql(self):
        """The fields that :meth:`_compute_connected` fills. They have it as their ``compute``.

        :return: ``{name of a field: query of (id of a document, value)}``; documents of which a query tells nothing,
            and fields that the user may not read, have no value
        """
        queries = {}
        if self.env["account.reconciliation.item"].has_access("read"):
            queries["has_reconciliation_items"] = self._counted_sql("account.reconciliation.item", SQL("TRUE"))
        return queries

    def _counted_sql(self, model, value, domain=()):
        """The records of a model that belong to these documents and that the user may read.

        :param model: name of a model with ``move_id``
        :param value: what is told of the records of one document, an aggregate as SQL
        :param domain: which of them
        :return: a query of ``(id of a document, value)``
        """
        records = self.env[model]
        query = records._search([("move_id", "in", self._origin.ids), *domain])
        query.groupby = SQL.identifier(records._table, "move_id")
        return query.select(query.groupby, value)

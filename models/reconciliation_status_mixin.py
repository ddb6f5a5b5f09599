from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.status import STATUSES, status_sql
from .permissions import VIEW


class ReconciliationStatusMixin(models.AbstractModel):
    """Shows, searches and groups by the reconciliation status of the move behind a record.

    The status isn't stored: it is a pure function of partials, items and reconciliation lines, one SQL expression
    (engine/status.py), so that it can't be out of date. One query a page of records.
    """

    _name = "reconciliation.status.mixin"
    _description = "Reconciliation status"
    # The stored field that holds the move, None where the record is the move itself.
    _reconciliation_move_field = None

    reconciliation_status = fields.Selection(
        STATUSES,
        compute="_compute_item_reconciliation_status",
        search="_search_reconciliation_status",
        groups=VIEW,
        help="Not reconciled: nothing applied. Partially: something is still open. Planned: future payments cover all "
        "that is open. Fully: nothing is open. Error: what is applied doesn't add up.",
    )

    def _compute_item_reconciliation_status(self):
        moves = self[self._reconciliation_move_field] if self._reconciliation_move_field else self
        statuses = {}
        if moves.ids:
            self.env["account.reconciliation.item"]._flush_sources()
            statuses = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT id, %s FROM account_move AS asked WHERE id = ANY(%s)",
                        status_sql(SQL("asked.id")),
                        moves.ids,
                    )
                )
            )
        for record in self:
            move = record[self._reconciliation_move_field] if self._reconciliation_move_field else record
            record.reconciliation_status = statuses.get(move.id, False)

    def _search_reconciliation_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["account.reconciliation.item"]._flush_sources()
        known = [status for status in value if status]

        def to_sql(model, alias, query):
            status = model._field_to_sql(alias, "reconciliation_status", query)
            clauses = [SQL("%s = ANY(%s)", status, known)]
            if len(known) < len(set(value)):
                clauses.append(SQL("%s IS NULL", status))
            return SQL("(%s)", SQL(" OR ").join(clauses))

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "reconciliation_status":
            return super()._field_to_sql(alias, field_expr, query)
        # As in Odoo's own method: to search or group by a field is to read it.
        self._check_field_access(self._fields[field_expr], "read")
        return status_sql(SQL.identifier(alias, self._reconciliation_move_field or "id"))

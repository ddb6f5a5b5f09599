from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.items.status_sql import STATUSES, status_sql
from ..common.permissions import VIEW
from ..common.sql import KEPT_PLAN_LIMIT


class ReconciliationStatusMixin(models.AbstractModel):
    """Shows, searches and groups by the reconciliation status of the move behind a record.

    The status isn't stored: it is a pure function of partials, items and reconciliation lines, one SQL expression
    (engine/items/status_sql.py), so that it can't be out of date. One query a page of records.
    """

    _name = "reconciliation.status.mixin"
    _description = "Reconciliation status"
    # The stored field that holds the move, None where the record is the move itself.
    _reconciliation_move_field = None
    # The stored field that holds the account owner, where the record is one owner's part of the move.
    _reconciliation_owner_field = None

    reconciliation_status = fields.Selection(
        STATUSES,
        compute="_compute_item_reconciliation_status",
        search="_search_reconciliation_status",
        groups=VIEW,
        help="Not reconciled: nothing applied. Partially: something is still open. Planned: future payments cover all "
        "that is open. Fully: nothing is open. Error: what is applied doesn't add up.",
    )

    def _compute_item_reconciliation_status(self):
        moves, owners = self._reconciliation_move_field, self._reconciliation_owner_field
        asked = [
            (record.id, record[moves].id if moves else record.id, record[owners].id if owners else None)
            for record in self
            if record.id and (not moves or record[moves].id)
        ]
        statuses = {}
        if asked:
            self.env["account.reconciliation.item"]._flush_sources()
            ids, move_ids, owner_ids = map(list, zip(*asked, strict=True))
            if not owners and len(ids) <= KEPT_PLAN_LIMIT:
                query = SQL("SELECT * FROM account_reconciliation_statuses(%s, %s)", ids, move_ids)
            else:
                query = SQL(
                    "SELECT id, %s FROM unnest(%s::int[], %s::int[], %s::int[]) AS asked (id, move_id, owner_id)",
                    self._status_sql("asked", "move_id", "owner_id"), ids, move_ids, owner_ids,
                )  # fmt: skip
            statuses = dict(self.env.execute_query(query))
        for record in self:
            record.reconciliation_status = statuses.get(record.id, False)

    def _status_sql(self, alias, move, owner):
        """The status as SQL, of the columns of a table that hold the ids of the move and of the account owner."""
        owner = SQL.identifier(alias, owner) if self._reconciliation_owner_field else None
        return status_sql(SQL.identifier(alias, move), owner)

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
        return self._status_sql(alias, self._reconciliation_move_field or "id", self._reconciliation_owner_field)

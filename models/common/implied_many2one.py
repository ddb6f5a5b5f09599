from odoo import fields
from odoo.tools import sql


class ImpliedMany2one(fields.Many2one):
    """A reference that needs no foreign key: another reference of the same row guarantees that its record is there.

    PostgreSQL looks at each foreign key for each row that is written. Not for references to records that Odoo merges
    (contacts, ledger accounts): it finds what it has to change by the foreign keys. Nor for records that are deleted
    while the other reference stays. ``ondelete`` says which foreign key earlier versions made.
    """

    def update_db_foreign_key(self, model, column):
        """Remove the foreign key that an earlier version made."""
        cr, table = model.env.cr, model.env[self.comodel_name]._table
        for name in sql.get_foreign_keys(cr, model._table, self.name, table, "id", self.ondelete or "set null"):
            sql.drop_constraint(cr, model._table, name)
            cr.execute("DELETE FROM ir_model_constraint WHERE name = %s AND type = 'f'", [name])

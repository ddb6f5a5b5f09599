"""Fields that methods write, and nobody else: neither a remote call nor an import nor another addon's plain write."""

from odoo import api, models
from odoo.exceptions import UserError

from .reconcile_options import options_of, with_options


class ReconciliationGuardedMixin(models.AbstractModel):
    """Refuses to write the fields that are declared with ``guarded=True``.

    They change by what happens: a button, an import, a scheduled action, which ask for the permission and leave a line
    in the log. Their methods write them through :meth:`_own_write`, or as the superuser.
    """

    _name = "reconciliation.guarded.mixin"
    _description = "Fields that only methods write"

    def _valid_field_parameter(self, field, name):
        return name == "guarded" or super()._valid_field_parameter(field, name)

    def _own_write(self):
        """These records, with the right to write their guarded fields; all other rights are the user's own."""
        return with_options(self, is_own_write=True)

    @api.model
    def _is_guarded(self, name):
        return getattr(self._fields.get(name), "guarded", False)

    @api.model
    def default_get(self, fields):
        """Take no default of a guarded field from the context nor from the defaults that users store."""
        guarded = [name for name in fields if self._is_guarded(name)]
        defaults = super().default_get([name for name in fields if name not in guarded])
        return defaults | {name: self._own_default(name) for name in guarded if self._fields[name].default}

    @api.model
    def _own_default(self, name):
        """The default that the field itself declares; guarded fields have plain values."""
        default = self._fields[name].default
        return default(self) if default else False

    @api.model_create_multi
    def create(self, vals_list):
        """Create records.

        :raise UserError: where a guarded field gets another value than its default
        """
        for vals in vals_list:
            self._check_guarded("create", [
                name for name in vals if self._is_guarded(name) and (vals[name] or False) != self._own_default(name)
            ])  # fmt: skip
        return super().create(vals_list)

    def write(self, vals):
        """Change records.

        :raise UserError: where a guarded field is among what is changed
        """
        self._check_guarded("write", [name for name in vals if self._is_guarded(name)])
        return super().write(vals)

    @api.model
    def _check_guarded(self, operation, names):
        """Refuse to write guarded fields.

        :param operation: ``create`` or ``write``
        :param names: list of names of guarded fields
        :raise AccessError: without the right to the operation at all
        :raise UserError: naming the fields
        """
        if names and not self.env.su and not options_of(self.env).is_own_write:
            self.browse().check_access(operation)
            raise UserError(self._guarded_message(names))

    @api.model
    def _guarded_message(self, names):
        labels = ", ".join(f"“{self._fields[name]._description_string(self.env)}”" for name in names)
        return self.env._(
            "%(fields)s of “%(kind)s” is set by the buttons of the screen, never by hand or by an import. Nothing was "
            "changed.",
            fields=labels,
            kind=self._description,
        )

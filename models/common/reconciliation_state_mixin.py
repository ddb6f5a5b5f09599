from odoo import models
from odoo.exceptions import UserError

from .sql import lock_rows


class ReconciliationStateMixin(models.AbstractModel):
    """A record whose state changes by declared transitions only.

    A model that inherits it has a selection field ``state`` and declares ``_transitions``. Nothing but
    :meth:`_set_state` writes the state.
    """

    _name = "reconciliation.state.mixin"
    _description = "State with declared transitions"

    # Pairs of (state before, state after).
    _transitions = frozenset()
    # Whether several people may change the state of one record at the same moment: then the rows are locked first, and
    # the state is read again.
    _locks_state = False

    def _set_state(self, state, **values):
        """Change the state.

        :param state: the new state
        :param values: values of other fields, written with it
        :return: True
        :raise UserError: where it isn't a declared transition; nothing is changed
        """
        if self._locks_state:
            self.env.flush_all()
            lock_rows(self)
            self.invalidate_recordset(["state"], flush=False)
        for record in self:
            if (record.state, state) not in self._transitions:
                raise record._transition_refusal(state)
        # The state is the addon's own bookkeeping; the callers check the permission.
        return self.sudo().write({"state": state, **values})

    def _transition_refusal(self, state):
        """The UserError that says that the record can't get this state."""
        names = dict(self._fields["state"]._description_selection(self.env))
        return UserError(
            self.env._(
                "%(record)s is “%(old)s” and can't become “%(new)s”.",
                record=self.display_name,
                old=names[self.state],
                new=names[state],
            )
        )

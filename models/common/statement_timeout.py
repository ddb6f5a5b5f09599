"""What users see where the database cancels a statement: at ``statement_timeout``, or for an administrator."""

import functools

from odoo.exceptions import UserError
from psycopg2.errors import QueryCanceled


def timeout_sentence(env):
    """The sentence for a statement that the database cancelled."""
    return env._(
        "This was cancelled by the database: it took longer than its time limit, or an administrator stopped it. "
        "Nothing of it was kept, and what was finished before stays. Try again; it goes on from there."
    )


def explain_timeout(method):
    """Decorate a method that may take long, and commits nothing: cancelled in the middle, it leaves nothing behind.

    :raise UserError: in place of PostgreSQL's error
    """

    @functools.wraps(method)
    def explained(self, *args, **kwargs):
        try:
            # Pending changes are flushed within the savepoint, so that a cancelled flush is handled here as well.
            with self.env.cr.savepoint():
                return method(self, *args, **kwargs)
        except QueryCanceled as error:
            self.env.invalidate_all(flush=False)
            raise UserError(timeout_sentence(self.env)) from error

    return explained

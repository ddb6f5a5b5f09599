"""What can keep one of many things from being done while the others go on."""

from odoo.exceptions import UserError
from psycopg2.errors import CheckViolation, QueryCanceled

from .statement_timeout import timeout_sentence

REFUSALS = (UserError, CheckViolation, QueryCanceled)


def why_refused(env, error):
    """Put into a sentence why something was refused.

    :param error: one of ``REFUSALS``, whose savepoint is rolled back
    """
    if isinstance(error, QueryCanceled):
        return timeout_sentence(env)
    if isinstance(error, CheckViolation):
        return env["account.reconciliation.item"]._sql_error_to_message(error)
    return str(error)

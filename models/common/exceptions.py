"""Refusals that a program may want to distinguish."""

from odoo.exceptions import UserError


class StaleMatch(UserError):
    """What was to be matched has changed since it was shown: look again, then choose again."""

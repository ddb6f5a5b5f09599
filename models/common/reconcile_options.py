"""What methods of the addon hand on to each other through methods of Odoo, which pass on nothing but the context.

All of it is one object under one key. A remote call can't forge it: what JSON and XML-RPC bring are texts, numbers,
lists and dicts, never an instance of this class, and whatever else is under the key counts as the defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from odoo.tools import frozendict

from . import context_keys


@dataclass(frozen=True, slots=True)
class ReconcileOptions:
    """How a call by the addon itself differs from one by a user or another addon."""

    # How much of two lines is reconciled, where Odoo would take more: ``{(debit line id, credit line id): amount}``.
    amounts: Mapping = frozendict()
    # Reconciliations of a payment that was rejected or returned may be deleted, though it was processing.
    is_unlocked: bool = False
    # The amounts of items that a planned payment will pay stay as they are, which was checked.
    is_items_checked: bool = False
    # What the bank's side of a transaction was worth before its entry is written again:
    # ``{bank transaction id: balance}``.
    booked_balances: Mapping = frozendict()
    # The ids of the journal items that are set free: partials are deleted because of them, not because of the others.
    freed_items: frozenset | None = None
    # The day a payment was returned: what Odoo reverses because of it is reversed on that day.
    return_date: date | None = None
    # Guarded fields may be written, see ``reconciliation.guarded.mixin``.
    is_own_write: bool = False


DEFAULTS = ReconcileOptions()


def options_of(env):
    """The options of an environment; the defaults where none were handed on.

    :return: :class:`ReconcileOptions`
    """
    found = env.context.get(context_keys.OPTIONS)
    return found if isinstance(found, ReconcileOptions) else DEFAULTS


def with_options(records, **changes):
    """These records with some options changed; the others stay as they were handed on.

    :param changes: fields of :class:`ReconcileOptions`
    """
    return records.with_context(**{context_keys.OPTIONS: replace(options_of(records.env), **changes)})

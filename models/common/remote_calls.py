"""Checks the arguments of methods that are called remotely, and prepares their results.

A method that JSON-2, JSON-RPC or XML-RPC may call has the decorator ``@remote_call``, which names the kind of each
argument:

    @remote_call(one=True, limit=kinds.whole, term=kinds.text)
    def search_match_targets(self, term="", limit=40): ...

An argument of another kind is refused with a sentence before the method runs.

Results are of types that each of Odoo's protocols can return. XML-RPC has no null and would answer with an error after
the work is done. So False is returned where there is no value, as ``read`` does, and True by a method without a result.
"""

import functools
import inspect

from odoo.api import NewId
from odoo.exceptions import UserError

from ...statement_formats.text import storable
from .kinds import is_id, refuse


def remote_call(*, one=False, **kinds):
    """Check the records and arguments of a method before it runs, and return only what every protocol can return.

    :param one: the method works on exactly one record
    :param kinds: argument name -> function of ``models/common/kinds.py``; other arguments are passed unchanged
    :raise UserError: by the decorated method, for records and arguments that are not of their kind
    """

    def decorate(method):
        signature = inspect.signature(method)

        @functools.wraps(method)
        def checked(self, *args, **kwargs):
            _check_records(self, one)
            try:
                bound = signature.bind(self, *args, **kwargs)
            except TypeError as error:
                raise UserError(
                    self.env._(
                        "“%(method)s” can't be called like that: %(why)s.",
                        method=method.__name__,
                        why=storable(str(error)),
                    )
                ) from error
            for name, kind in kinds.items():
                if name in bound.arguments:
                    bound.arguments[name] = kind(self.env, name, bound.arguments[name])
            result = method(*bound.args, **bound.kwargs)
            return True if result is None else _returnable(result)

        return checked

    return decorate


def _returnable(value):
    if value is None:
        return False
    if isinstance(value, dict):
        return {key: _returnable(one) for key, one in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_returnable, value))
    return value


def _check_records(records, one):
    for record_id in records._ids:
        if not isinstance(record_id, NewId) and not is_id(record_id):
            refuse(records.env, "ids", record_id, records.env._("the number of a record"))
    if records._abstract and records._ids:
        raise UserError(
            records.env._(
                "“%s” has no records of its own. Call this method on the model of the record.", records._description
            )
        )
    if one:
        check_one(records)


def check_one(records):
    """Refuse none and several records.

    :raise UserError: naming the kind of record
    """
    if len(records) != 1:
        raise UserError(
            records.env._(
                "Choose one record of “%(kind)s” for this; %(count)s are chosen.",
                kind=records._description,
                count=len(records),
            )
        )

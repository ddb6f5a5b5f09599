"""The kinds of arguments that methods with ``@remote_call`` take.

Each kind is a function of the environment, the argument's name and its value. It returns the value to use, and raises
UserError where the value is of another kind. Import the module, not the functions: ``kinds.text``, ``kinds.day``.
"""

from datetime import date
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ...statement_formats.text import storable

# The largest id and the largest row number of a PostgreSQL integer.
INTEGER_MAX = 2**31 - 1
# From here on floats are too coarse for cents.
NUMBER_MAX = 10**15
TEXT_MAX = 10_000
SHOWN_MAX = 60


def is_id(value):
    """Whether a value can be the id of a record."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= INTEGER_MAX


def shown(value):
    """A value as error messages show it: short, and without characters that can't be encoded (lone surrogates)."""
    text_of = repr(value)
    return text_of if len(text_of) <= SHOWN_MAX else f"{text_of[:SHOWN_MAX]}…"


def refuse(env, name, value, wanted):
    """Say that an argument is not of its kind.

    :raise UserError: naming the argument, its value and what is wanted
    """
    raise UserError(
        env._("“%(name)s” is %(value)s, which is not %(wanted)s. Nothing was changed.",
              name=name, value=shown(value), wanted=wanted)
    )  # fmt: skip


def whole(env, name, value):
    """A whole number, zero or above."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= INTEGER_MAX:
        return value
    refuse(env, name, value, env._("a whole number, zero or above"))


def finite(env, name, value):
    """A finite number, in the range in which floats are exact to the cent."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    if isinstance(value, Decimal) and value.is_nan():
        is_number = False  # can't even be compared
    # Compared as it is: a whole number can be too large for a float.
    if is_number and -NUMBER_MAX < value < NUMBER_MAX:
        return value
    refuse(env, name, value, env._("a number of at most 15 digits"))


def flag(_env, _name, value):
    """A flag: the truth value of any object."""
    return bool(value)


def seconds(env, name, value):
    """A duration: a number, which the method itself limits."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    refuse(env, name, value, env._("a number of seconds"))


def amounts(env, name, value):
    """A list of finite numbers, or None."""
    if value is None or value is False:
        return None
    if not isinstance(value, (list, tuple)):
        refuse(env, name, value, env._("a list of numbers"))
    return [finite(env, name, one) for one in value]


def amount(env, name, value):
    """A finite number, or None."""
    return None if value is None or value is False else finite(env, name, value)


def text(env, name, value):
    """A text, empty where there is none; without the characters that no database stores."""
    if value is None or value is False:
        return ""
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        refuse(env, name, value, env._("a text of at most %s characters", TEXT_MAX))
    return storable(value)


def day(env, name, value):
    """A date, or None."""
    if not value:
        return None
    try:
        found = fields.Date.to_date(value) if isinstance(value, (str, date)) else None
    except ValueError:
        found = None
    return found or refuse(env, name, value, env._("a date like 2026-12-31"))


def mapping(env, name, value):
    """A dict, empty where there is none."""
    if value is None or value is False:
        return {}
    if not isinstance(value, dict):
        refuse(env, name, value, env._("a table of names and values"))
    return value


def rows(**columns):
    """The kind: a list of dicts, each name of which has a kind of its own; what is missing or False is None.

    :param columns: name -> kind
    """

    def kind(env, name, value):
        found = []
        for row in listed(env, name, value):
            if not isinstance(row, dict) or row.keys() - columns.keys():
                refuse(env, name, row, env._("a table of these names: %s", ", ".join(columns)))
            given = {column: None if row.get(column) is False else row.get(column) for column in columns}
            found.append({column: of(env, column, given[column]) for column, of in columns.items()})
        return found

    return kind


def listed(env, name, value):
    """A list whose elements the method itself checks, or records."""
    if value is None or value is False:
        return []
    if not isinstance(value, (list, tuple, models.BaseModel)):
        refuse(env, name, value, env._("a list"))
    return value


def record_id(env, name, value):
    """The id of a record that the method looks up itself, or None."""
    if value is None or is_id(value):
        return value
    refuse(env, name, value, env._("the number of a record"))


def record_ids(env, name, value):
    """A list of ids of records that the method looks up itself."""
    return [record_id(env, name, one) for one in listed(env, name, value)]


def record(model):
    """The kind: one record of a model by its id or itself, or none of it where there is none.

    :param model: name of the model; a record that the user may not read is refused by the ORM
    """

    def kind(env, name, value):
        found = records(model)(env, name, value)
        if len(found) > 1:
            refuse(env, name, value, env._("the number of one record"))
        return found

    return kind


def records(model):
    """The kind: records of a model by their ids or themselves, none of it where there is none.

    :param model: name of the model; records that the user may not read are refused by the ORM
    """

    def kind(env, name, value):
        if isinstance(value, models.BaseModel):
            return value
        ids = value if isinstance(value, (list, tuple)) else [value] if value else []
        for one in ids:
            if not is_id(one):
                refuse(env, name, one, env._("the number of a record"))
        found = env[model].browse(ids)
        found.check_access("read")
        return found

    return kind

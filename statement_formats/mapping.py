"""What the columns of a table mean, as a mapping that can be stored."""

from dataclasses import asdict, dataclass, fields, replace

from .errors import StatementFormatError
from .header_words import normalize
from .sentence import _lt

COLUMNS = (
    "date",
    "value_date",
    "amount",
    "debit",
    "credit",
    "direction",
    "reference",
    "bank_reference",
    "counterparty_name",
    "counterparty_account",
    "payer_name",
    "payee_name",
    "payer_account",
    "payee_account",
    "account",
    "balance",
    "currency",
    "second_amount",
    "original_amount",
    "original_currency",
    "fee",
    "status",
    "check_number",
    "transaction_code",
    "mandate_id",
    "return_reason",
    "counterparty_bank",
)
_TEXTS = (
    "date_order",
    "decimal",
    "delimiter",
    "encoding",
    "sheet",
    "account_number",
    "account_currency",
    "second_currency",
    "column_set",
)
_LISTS = {"label": int, "header": str, "debit_marks": str, "credit_marks": str, "answers": str}
COLUMN_MAX = 200
HEADER_ROWS_MAX = 40


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a table holds what, and how the table is written; columns are counted from 0.

    Either ``amount`` (signed, or with ``direction`` marks), or ``debit`` and/or ``credit``. ``header`` holds the
    headers that the mapping was made from; a later file is then read by them, wherever its columns are.

    - ``debit_marks``, ``credit_marks``: the texts of the ``direction`` column that mean money out and money in, where
      they are not among those that `marks` knows;
    - ``payer_name`` and ``payee_name`` (and their accounts): the counterparty is the payee of money out and the payer
      of money in; ``counterparty_name`` is for one column that names the other party whatever the direction;
    - ``counterparty_bank``: the code of a Czech or Slovak bank that belongs to the counterparty's account;
    - ``second_amount``, in ``second_currency``: the amounts of entries in another currency than the account's, where a
      table has a column for each;
    - ``fee``: a fee that is not yet part of the amount (deducted from it, whatever its sign);
    - ``status``: rows that are pending, declined or cancelled are left out;
    - ``date_order`` is ``dmy``, ``mdy`` or ``ymd``; ``decimal`` is ``.`` or ``,``; ``delimiter`` is one character;
      ``encoding`` a Python codec; an empty text means "find out";
    - ``rows_skipped``: how many rows at the top are no part of the table; ``header_row``: the row with the headers,
      counted from 0, where it is not found by itself;
    - ``is_inverted`` is for card exports that write purchases as positive amounts;
    - ``is_signed_by_balance``: no amount has a sign, the running balance tells which of them went out; ``is_inverted``
      then counts for the oldest one, of which the balance tells nothing;
    - ``account_number`` and ``account_currency`` are for files that name neither;
    - ``column_set``: name of the known set of columns (see `column_sets`) that the header belongs to;
    - ``answers``: ``columns`` where a person has chosen the columns, and the names of the doubts (see `table`) that the
      choice has overruled, which are not asked about in the next file;
    - ``is_asked``: ask for the columns, whatever is known of them; it is not stored;
    - ``is_remembered``: it is of an earlier file, so that a running balance which contradicts it is asked about; a
      mapping without it was chosen for this file. It is not stored.
    """

    date: int | None = None
    value_date: int | None = None
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    direction: int | None = None
    label: tuple[int, ...] = ()
    reference: int | None = None
    bank_reference: int | None = None
    counterparty_name: int | None = None
    counterparty_account: int | None = None
    payer_name: int | None = None
    payee_name: int | None = None
    payer_account: int | None = None
    payee_account: int | None = None
    account: int | None = None
    balance: int | None = None
    currency: int | None = None
    second_amount: int | None = None
    original_amount: int | None = None
    original_currency: int | None = None
    fee: int | None = None
    status: int | None = None
    check_number: int | None = None
    transaction_code: int | None = None
    mandate_id: int | None = None
    return_reason: int | None = None
    counterparty_bank: int | None = None
    date_order: str = ""
    decimal: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    account_number: str = ""
    account_currency: str = ""
    second_currency: str = ""
    column_set: str = ""
    is_inverted: bool = False
    is_signed_by_balance: bool = False
    is_asked: bool = False
    is_remembered: bool = False
    rows_skipped: int = 0
    header_row: int | None = None
    debit_marks: tuple[str, ...] = ()
    credit_marks: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def is_complete(self):
        """Whether a table can be read with it: there is a date and some amount."""
        return self.date is not None and (self.amount is not None or self.debit is not None or self.credit is not None)

    def to_dict(self):
        """Give the mapping as plain data for JSON."""
        values = asdict(self)
        del values["is_asked"], values["is_remembered"]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}

    @classmethod
    def from_dict(cls, data):
        """Take a mapping from plain data; fields that are missing keep their defaults.

        :param data: dict as ``to_dict`` gives it
        :return: ``Mapping``
        :raise StatementFormatError: an unknown field, or a value of the wrong kind
        """
        known = {field.name for field in fields(cls)}
        values = {}
        for key, value in dict(data).items():
            is_column = type(value) is int and 0 <= value < COLUMN_MAX
            if key in _LISTS:
                kind = _LISTS[key]
                is_right = isinstance(value, (list, tuple)) and all(
                    type(part) is kind and (kind is str or 0 <= part < COLUMN_MAX) for part in value
                )
                value = tuple(value) if is_right else value
            elif key in COLUMNS or key == "header_row":
                is_right = value is None or is_column
            elif key == "rows_skipped":
                is_right = is_column
            elif key in _TEXTS:
                is_right = isinstance(value, str)
            else:
                is_right = key in known and isinstance(value, bool)
            if not is_right:
                raise StatementFormatError(
                    _lt(
                        'The column mapping has a wrong value for "%(key)s". Please set the mapping of this '
                        "bank account up again.",
                        key=str(key)[:40],
                    )
                )
            values[key] = value
        found = cls(**values)
        if found.date_order not in ("", "dmy", "mdy", "ymd") or found.decimal not in ("", ".", ","):
            raise StatementFormatError(
                _lt(
                    "The column mapping has an unknown order of dates or decimal mark. Please set the "
                    "mapping of this bank account up again.",
                )
            )
        return found


def relocate(mapping, header):
    """Move a remembered mapping to where its headers are in another file of the same bank.

    :param mapping: ``Mapping`` with ``header``
    :param header: list of cells, the header row of the new file
    :return: ``Mapping`` for the new file, or None if a column that it needs is not there
    """
    names = [normalize(cell) if isinstance(cell, str) else "" for cell in header]
    changes = {}
    for role in (*COLUMNS, "label"):
        old = getattr(mapping, role)
        moved = []
        for index in old if role == "label" else () if old is None else (old,):
            name = normalize(mapping.header[index]) if index < len(mapping.header) else ""
            # Two columns of one name ("Reference", "Reference") keep their order.
            rank = [normalize(cell) for cell in mapping.header[:index]].count(name)
            places = [place for place, text in enumerate(names) if text == name]
            if rank >= len(places):
                return None
            moved.append(places[rank])
        changes[role] = tuple(moved) if role == "label" else (moved[0] if moved else None)
    return replace(mapping, header=tuple(str(cell) for cell in header), **changes)

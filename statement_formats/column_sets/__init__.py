"""The columns of the tables that known banks and services export: one JSON file each, facts only.

A file holds::

    {
      "bank": "Rabobank",
      "country": "NL",
      "tables": [
        {
          "header": ["IBAN/BBAN", "Munt", "Datum", "Bedrag"],
          "optional": ["Koers"],
          "columns": {"account": "IBAN/BBAN", "date": "Datum", "amount": "Bedrag", "label": ["Omschrijving-1"]},
          "date_order": "ymd",
          "decimal": ","
        }
      ]
    }

``header`` lists the headers by which the table is recognized (all of them must be there, in any order), ``optional``
further ones. ``columns`` gives the role of a column (see ``Mapping``). The rest are fields of ``Mapping``, given only
where the bank always writes so: ``date_order``, ``decimal``, ``is_inverted``, ``account_currency``, ``debit_marks``,
``credit_marks``. Of several sets that fit, the one with most headers in the table is taken.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..header_words import normalize
from ..mapping import COLUMNS, HEADER_ROWS_MAX, Mapping

FOLDER = Path(__file__).parent
_FIELDS = ("date_order", "decimal", "account_currency", "second_currency", "is_inverted", "debit_marks", "credit_marks")


@dataclass(frozen=True)
class ColumnSet:
    """One table of one bank.

    ``columns`` maps a role to the normalized headers of its columns, ``required`` holds each normalized header with
    the number of times that it must be there.
    """

    name: str
    bank: str
    header: tuple[str, ...]
    required: tuple[tuple[str, int], ...]
    optional: frozenset[str]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    settings: tuple[tuple[str, object], ...]

    def score(self, names):
        """Give the number of headers of this set that a row has, 0 if a required one is missing.

        :param names: ``Counter`` of normalized headers
        """
        if any(names[name] < count for name, count in self.required):
            return 0
        return sum(count for _name, count in self.required) + len(self.optional & names.keys())

    def mapping(self, header):
        """Give the mapping for a row of headers that this set fits."""
        names = [normalize(cell) if isinstance(cell, str) else "" for cell in header]
        values = {}
        for role, wanted in self.columns:
            places, seen = [], Counter()
            for name in wanted:
                found = [place for place, text in enumerate(names) if text == name]
                # A header that is named twice means its first and its second column.
                if seen[name] < len(found):
                    places.append(found[seen[name]])
                seen[name] += 1
            if role == "label":
                values[role] = tuple(places)
            elif places:
                values[role] = places[0]
        return Mapping(
            **values, **dict(self.settings), column_set=self.name, header=tuple(str(cell) for cell in header)
        )


def _listed(value):
    return tuple(value) if isinstance(value, list) else (value,)


def _load(path):
    data = json.loads(path.read_text(encoding="utf-8"))
    for number, table in enumerate(data["tables"], start=1):
        columns = tuple(
            (role, tuple(normalize(name) for name in _listed(names))) for role, names in table["columns"].items()
        )
        unknown = {role for role, _names in columns} - {*COLUMNS, "label"} or set(table) - {
            "header", "optional", "columns", *_FIELDS,
        }  # fmt: skip
        if unknown:
            raise ValueError(f"{path.name}: {sorted(unknown)}")
        yield ColumnSet(
            name=f"{path.stem}/{number}",
            bank=data["bank"],
            header=tuple(table["header"]),
            required=tuple(Counter(map(normalize, table["header"])).items()),
            optional=frozenset(map(normalize, table.get("optional", ()))),
            columns=columns,
            settings=tuple(
                (key, tuple(table[key]) if isinstance(table[key], list) else table[key])
                for key in _FIELDS
                if key in table
            ),
        )


@lru_cache(maxsize=1)
def all_sets():
    """Give all sets of columns, in the order of the files' names."""
    return tuple(found for path in sorted(FOLDER.glob("*.json")) for found in _load(path))


def find(rows, start=0, header_row=None):
    """Find the row of headers of a known table.

    :param rows: list of lists of cells
    :param start: index of the first row to look at (int)
    :param header_row: index of the only row to look at (int), or None
    :return: (index of the row, ``ColumnSet``), or None
    """
    best, best_score = None, 0
    places = range(start, min(start + HEADER_ROWS_MAX, len(rows))) if header_row is None else [header_row]
    for index in places:
        names = Counter(normalize(cell) for cell in rows[index][:80] if isinstance(cell, str) and len(cell) <= 80)
        for candidate in all_sets() if len(names) > 2 else ():
            score = candidate.score(names)
            if score > best_score:
                best, best_score = (index, candidate), score
    return best

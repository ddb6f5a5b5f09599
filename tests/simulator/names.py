"""Names that a record keeps when a sequence is played again without some of its steps, and choices by them."""

import random
from zlib import crc32


class Names:
    """``names.of("move", 17)`` is the step that made the record and its place among what that step made."""

    def __init__(self):
        self.names = {}

    def fork(self):
        other = Names()
        other.names = dict(self.names)
        return other

    def follow(self, before, after, step):
        """Name what a step has made."""
        for table, changed in after.changed.items():
            old, new = getattr(before, table), getattr(after, table)
            made = sorted(key for key in changed if key in new and key not in old)
            for place, key in enumerate(made):
                self.names[table, key] = f"{step}.{place}"

    def of(self, table, key):
        return self.names.get((table, key), str(key))


class Pick:
    """What one step chooses, by its own seed.

    Of several records it takes the one whose name scores best with this step: leaving other records out, as shrinking
    does, changes no choice among those that stay.
    """

    def __init__(self, seed, names):
        self.seed, self.names, self.count = seed, names, 0
        self.random = random.Random(seed)

    def ordered(self, rows):
        """The rows in this step's order of preference."""
        self.count += 1
        table = type(rows[0]).__name__.lower() if rows else ""
        return sorted(
            rows, key=lambda row: (crc32(f"{self.seed}/{self.count}/{self._name(table, row)}".encode()), str(row))
        )

    def _name(self, table, row):
        return self.names.of(_TABLES.get(table, table), row.id) if hasattr(row, "id") else str(row)

    def one(self, rows):
        """One of the rows, None where there is none."""
        ordered = self.ordered(list(rows))
        return ordered[0] if ordered else None

    def some(self, rows, at_most):
        return self.ordered(list(rows))[: self.random.randint(1, at_most)]

    def chance(self, probability):
        return self.random.random() < probability

    def any(self, values):
        return self.random.choice(values)

    def weighted(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]


# The rows of two words lose their underscore in the name of their class.
_TABLES = {"plannedline": "planned_line", "batchpart": "batch_part"}

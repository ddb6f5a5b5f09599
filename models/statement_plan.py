"""What importing a file would do, statement by statement, before anything is written."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ..statement_formats import Statement


@dataclass(slots=True)
class PlannedStatement:
    """One statement of a file, its journal, and which of its lines are there already.

    How to use: a plan is made by ``account.journal._plan_statements`` and read by the preview; the same plan is then
    written by ``_write_statements``. ``error`` is a sentence that keeps the whole file from being imported.

    :param known: identity -> (id of the bank transaction, id of its statement or None, that statement's kind or None)
    :param repeated: identities that an earlier statement of the same file brings
    """

    statement: Statement
    journal: Any
    ids: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    repeated: set = field(default_factory=set)
    warnings: list = field(default_factory=list)
    error: str = ""

    @property
    def new(self):
        """The (line, identity) pairs that are to be created, oldest first."""
        skipped = self.known.keys() | self.repeated
        return [pair for pair in zip(self.statement.lines, self.ids, strict=True) if pair[1] not in skipped]

    @property
    def duplicate_count(self):
        return len(self.statement.lines) - len(self.new)

    def is_free(self, unique_id):
        """Whether a known transaction may go to this statement: it has none, or only an announcement's."""
        _line_id, statement_id, kind = self.known[unique_id]
        return not statement_id or (self.statement.kind == "statement" and kind in ("report", "notification"))

    @property
    def is_loose(self):
        """Whether some of its transactions are there but wait for this statement."""
        return any(self.is_free(unique_id) for unique_id in self.known)

    @property
    def kept_elsewhere(self):
        """The sum of the lines that stay in other statements, signed, in the statement's currency."""
        pairs = zip(self.statement.lines, self.ids, strict=True)
        return sum(
            (
                line.amount
                for line, unique_id in pairs
                if unique_id in self.repeated or (unique_id in self.known and not self.is_free(unique_id))
            ),
            Decimal(0),
        )

    @property
    def balances(self):
        """Opening and closing balance of what this statement brings, as far as the file tells: (Decimal, Decimal) or
        (None, None). The overlap with statements that were imported before is not counted twice."""
        start, end = self.statement.balance_start, self.statement.balance_end
        if start is None and end is None:
            return None, None
        start = end - self.statement.total if start is None else start
        end = start + self.statement.total if end is None else end
        return start + self.kept_elsewhere, end


def split_batches(statement):
    """Replace each batch entry by its payments; the bank's raw row stays with the first of them.

    :param statement: ``Statement``
    :return: ``Statement`` with the same total
    """
    lines = []
    for line in statement.lines:
        if line.is_batch:
            first, *others = line.details
            lines += [replace(first, raw=first.raw or line.raw), *others]
        else:
            lines.append(line)
    return replace(statement, lines=tuple(lines)).with_period()

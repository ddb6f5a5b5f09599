"""What importing a file would do, statement by statement, before anything is written."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ...statement_formats import Statement


@dataclass(frozen=True, slots=True)
class Lookalike:
    """What is there already and may be a line of the file: equal day and amount, but no proof.

    ``line_id`` is None where an earlier file of the same import brings it.
    """

    line_id: int | None
    statement_id: int | None
    kind: str | None
    text: str
    is_agreed: bool


@dataclass(slots=True)
class PlannedStatement:
    """One statement of a file, its journal, and which of its lines are there already.

    How to use: a plan is made by ``account.journal._plan_statements`` and read by the preview; the same plan is then
    written by ``_write_statements``. ``error`` is a sentence that keeps the whole file from being imported.

    :param known: identity -> (id of the bank transaction, id of its statement or None, that statement's kind or None)
    :param repeated: identities that an earlier statement of the same import brings
    :param format: name of the file's format
    :param lookalikes: identity -> ``Lookalike``
    :param left_out: those of them that are not to be created: as the words tell, unless a person decides
    """

    statement: Statement
    journal: Any
    ids: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    repeated: set = field(default_factory=set)
    warnings: list = field(default_factory=list)
    error: str = ""
    format: str = ""
    lookalikes: dict = field(default_factory=dict)
    left_out: set = field(default_factory=set)

    @property
    def new(self):
        """The (line, identity) pairs that are to be created, oldest first."""
        skipped = self.known.keys() | self.repeated | self.left_out
        return [pair for pair in zip(self.statement.lines, self.ids, strict=True) if pair[1] not in skipped]

    @property
    def duplicate_count(self):
        """How many lines are certainly there already."""
        return len(self.known.keys() | self.repeated)

    @property
    def there(self):
        """Identity -> (id of the bank transaction, id of its statement or None, that statement's kind or None)."""
        found = {unique_id: self.lookalikes[unique_id] for unique_id in self.left_out}
        alike = {
            unique_id: (other.line_id, other.statement_id, other.kind)
            for unique_id, other in found.items()
            if other.line_id
        }
        return self.known | alike

    @property
    def free(self):
        """Identity -> id of a bank transaction that may go to this statement: it has none, or an announcement's."""
        return {
            unique_id: line_id
            for unique_id, (line_id, statement_id, kind) in self.there.items()
            if not statement_id or (self.statement.kind == "statement" and kind in ("report", "notification"))
        }

    @property
    def kept_elsewhere(self):
        """The sum of the lines that stay in other statements, signed, in the statement's currency."""
        elsewhere = (self.known.keys() | self.repeated | self.left_out) - self.free.keys()
        pairs = zip(self.statement.lines, self.ids, strict=True)
        return sum((line.amount for line, unique_id in pairs if unique_id in elsewhere), Decimal(0))

    @property
    def balances(self):
        """Opening and closing balance of what this statement brings, as far as the file tells: (Decimal, Decimal) or
        (None, None). The overlap with statements that were imported before is not counted twice."""
        start, end = self.statement.opening_and_closing
        return (None, None) if start is None else (start + self.kept_elsewhere, end)


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

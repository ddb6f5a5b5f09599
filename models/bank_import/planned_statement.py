"""What importing a file would do, statement by statement, before anything is written."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...statement_formats import Statement
from ...statement_formats.model import PRELIMINARY_KINDS


@dataclass(frozen=True, slots=True)
class SuspectedDuplicate:
    """What is there already and may be a line of the file: equal day and amount, but no proof.

    ``line_id`` is None where an earlier file of the same import brings it.
    """

    line_id: int | None
    statement_id: int | None
    kind: str | None
    text: str
    is_agreed: bool


@dataclass(slots=True)
class SuspectedBatch:
    """A batch booking that seems to be there in another shape: the file brings its sum and its payments are there, or
    the other way round. Its amount and its day agree; a payment order that both name makes it certain.

    :param ids: identities of the lines of the file: of the sum, or of the payments
    :param rows: the bank transactions that are there: list of (id, id of the statement or None, its kind or None)
    :param can_be_replaced: whether the payments may take the place of the sum that is there
    :param earlier: (``PlannedStatement``, identities) where an earlier file of the same import brings it, else None
    :param is_same: whether it is counted once
    """

    ids: tuple
    is_total_new: bool
    rows: tuple
    can_be_replaced: bool
    earlier: tuple | None
    text: str
    other_text: str
    is_certain: bool
    is_same: bool = True

    @property
    def key(self):
        """Identity of the first line, by which a decision is kept until the file is written."""
        return self.ids[0]


@dataclass(slots=True)
class PlannedStatement:
    """One statement of a file, its journal, and which of its lines are there already.

    How to use: a plan is made by ``account.journal._plan_statements`` and read by the preview; the same plan is then
    written by ``_write_statements``. ``error`` is a sentence that keeps the whole file from being imported.

    :param known: identity -> (id of the bank transaction, id of its statement or None, that statement's kind or None);
        one of a statement that is still being imported has none, here and below
    :param repeated: identities that an earlier statement of the same import brings
    :param format: name of the file's format
    :param suspected_duplicates: identity -> ``SuspectedDuplicate``
    :param left_out: those of them that are not to be created: as the words tell, unless a person decides
    :param whole: the ``Statement`` as the file has it, batch bookings as one entry each
    :param batch_places: for each line the place in ``whole`` of the batch booking that it is a payment of, or None
    :param batch_ids: for each line the identity of the batch booking that it is a single payment of, or ''
    :param batches: identity of a line that is there already in another shape (the sum of a batch booking where its
        payments are there, a payment where the sum is) -> the bank transactions in its place: list of (id, id of its
        statement or None, that statement's kind or None); empty where another statement of the import brings them
    :param replaced: id of the bank transaction of a batch booking's sum -> identities of the payments that take its
        place
    :param kept_with_sum: those of them that stay in the statement of the sum
    :param suspected_batches: identity of the first line -> ``SuspectedBatch``
    """

    statement: Statement
    journal: Any
    ids: list = field(default_factory=list)
    known: dict = field(default_factory=dict)
    repeated: set = field(default_factory=set)
    warnings: list = field(default_factory=list)
    error: str = ""
    format: str = ""
    suspected_duplicates: dict = field(default_factory=dict)
    left_out: set = field(default_factory=set)
    whole: Statement | None = None
    batch_places: list = field(default_factory=list)
    batch_ids: list = field(default_factory=list)
    batches: dict = field(default_factory=dict)
    replaced: dict = field(default_factory=dict)
    kept_with_sum: set = field(default_factory=set)
    suspected_batches: dict = field(default_factory=dict)

    @property
    def new(self):
        """The (line, identity) pairs that are to be created, oldest first."""
        skipped = self._certain | self.left_out
        return [pair for pair in zip(self.statement.lines, self.ids, strict=True) if pair[1] not in skipped]

    @property
    def duplicate_count(self):
        """How many lines are certainly there already."""
        asked = {one for batch in self.suspected_batches.values() if not batch.is_certain for one in batch.ids}
        return len(self._certain - asked)

    @property
    def _certain(self):
        """Identities of the lines that are certainly there already."""
        return self.known.keys() | self.repeated | self.batches.keys()

    @property
    def replaced_ids(self):
        """Identities of the payments that take the place of a sum."""
        return {unique_id for ids in self.replaced.values() for unique_id in ids}

    @property
    def taken_ids(self):
        """Ids of the bank transactions that are lines of this statement for certain, or give way to them."""
        rows = [*self.known.values(), *(row for rows in self.batches.values() for row in rows)]
        return {row[0] for row in rows} | self.replaced.keys()

    def take_the_place(self, unique_id, row, can_be_replaced):
        """Let a payment replace the sum of its batch booking, or leave it out where that isn't possible.

        :param row: (id of the bank transaction of the sum, id of its statement or None, that statement's kind or None)
        """
        line_id, statement_id, kind = row
        if not can_be_replaced:
            self.batches[unique_id] = []
            return
        self.replaced.setdefault(line_id, []).append(unique_id)
        if statement_id and not self.is_free(statement_id, kind):
            self.kept_with_sum.add(unique_id)

    def suspect(self, suspected):
        """Add a ``SuspectedBatch``; it is counted once until a person says that it is two."""
        self.suspected_batches[suspected.key] = suspected
        self.decide_batch(suspected.key, True)

    def decide_batch(self, key, is_same):
        """Count a suspected batch booking once or twice.

        :param key: identity of its first line
        :param is_same: whether it is the one that is there
        """
        batch = self.suspected_batches[key]
        batch.is_same = is_same
        for unique_id in batch.ids:
            self.batches.pop(unique_id, None)
            self.kept_with_sum.discard(unique_id)
        for row in batch.rows if not batch.is_total_new else ():
            self.replaced.pop(row[0], None)
        if batch.earlier and not batch.is_total_new:
            other, ids = batch.earlier
            for unique_id in ids:
                other.batches.pop(unique_id, None)
        if not is_same:
            return
        if batch.is_total_new:
            self.batches[key] = list(batch.rows)
        elif batch.earlier:
            other, ids = batch.earlier
            other.batches |= dict.fromkeys(ids, [])
        else:
            for unique_id in batch.ids:
                self.take_the_place(unique_id, batch.rows[0], batch.can_be_replaced)

    @property
    def batch_of(self):
        """Identity of a line -> identity of the batch booking that it is a single payment of, or ''."""
        return dict(zip(self.ids, self.batch_ids, strict=True))

    @property
    def there(self):
        """Identity -> (id of the bank transaction, id of its statement or None, that statement's kind or None)."""
        found = {unique_id: self.suspected_duplicates[unique_id] for unique_id in self.left_out}
        alike = {
            unique_id: (other.line_id, other.statement_id, other.kind)
            for unique_id, other in found.items()
            if other.line_id
        }
        return self.known | alike

    @property
    def free(self):
        """Identity -> ids of the bank transactions that may go to this statement: they have none, or an announcement's.
        The payments of a batch booking go together."""
        rows = {unique_id: [row] for unique_id, row in self.there.items()} | self.batches
        return {
            unique_id: [line_id for line_id, _statement_id, _kind in found]
            for unique_id, found in rows.items()
            if found
            and unique_id not in self.kept_with_sum
            and all(self.is_free(statement_id, kind) for _line_id, statement_id, kind in found)
        }

    @property
    def free_ids(self):
        """The ids of ``free``, of all identities."""
        return [line_id for line_ids in self.free.values() for line_id in line_ids]

    def is_free(self, statement_id, kind):
        """Whether transactions of another statement may go to this one."""
        return not statement_id or (self.statement.kind == "statement" and kind in PRELIMINARY_KINDS)

    @property
    def kept_elsewhere(self):
        """The sum of the lines that stay in, or go to, other statements, signed, in the statement's currency."""
        elsewhere = (self._certain | self.left_out) - self.free.keys()
        elsewhere |= self.kept_with_sum
        pairs = zip(self.statement.lines, self.ids, strict=True)
        return sum((line.amount for line, unique_id in pairs if unique_id in elsewhere), Decimal(0))

    @property
    def balances(self):
        """Opening and closing balance of what this statement brings: (Decimal, Decimal), or (None, None) where the file
        gives none. The overlap with statements that were imported before is not counted twice."""
        start, end = self.statement.opening_and_closing
        return (None, None) if start is None else (start + self.kept_elsewhere, end)

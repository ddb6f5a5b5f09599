import datetime
from decimal import Decimal
from operator import attrgetter

from odoo import models
from odoo.tools import SQL

from ...engine.bank_import.batches import DAYS_OF_ORDER_MAX, Booked, pair_batches
from ...engine.bank_import.statement_kinds import IMPORTING
from ...statement_formats import unique_ids
from .planned_statement import SuspectedBatch

_TEXT_MAX = 200
_PARTS_NAMED_MAX = 3


class AccountJournal(models.Model):
    """Bank statement files: batch bookings that one message brings as sums and another as single payments."""

    _inherit = "account.journal"

    def _identify_batches(self, plan):
        """Give each single payment of a batch booking the identity that its sum would have as one line."""
        if not any(planned.batch_places for planned in plan):
            for planned in plan:
                planned.batch_ids = [""] * len(planned.ids)
            return
        wholes = [planned.whole or planned.statement for planned in plan]
        identities = unique_ids(wholes, f"journal {self.id}")
        for planned, ids in zip(plan, identities, strict=True):
            planned.batch_ids = [
                ids[place] if place is not None else "" for place in planned.batch_places or [None] * len(planned.ids)
            ]

    def _find_batches(self, plan, earlier):
        """Find batch bookings that are there already in another shape: as their sum, or as their single payments.

        One message brings the payments (CAMT.054 or 052), another their sum (CAMT.053, MT940). It is counted once
        whichever comes first, and the payments are kept: those that come later take the place of the sum, unless it is
        matched by then. The identity of the sum proves it: the bank's reference, or without one all of its words.
        """
        batch_ids = {batch_id for planned in plan for batch_id in planned.batch_ids} - {""}
        sums = self._read_sums(batch_ids)
        payments = self._read_batch_payments(batch_ids | {unique_id for planned in plan for unique_id in planned.ids})
        earlier_sums = {
            unique_id: planned for planned in earlier for _line, unique_id in planned.new if unique_id in batch_ids
        }
        earlier_batches = {planned.batch_of[unique_id] for planned in earlier for _line, unique_id in planned.new} - {
            ""
        }
        for planned in plan:
            for unique_id, batch_id in planned.batch_of.items():
                # A large import creates payments before it makes statements: they take the sum's place then.
                is_made = unique_id in planned.known and planned.known[unique_id][1] is None and batch_id in sums
                if not is_made and (unique_id in planned.known or unique_id in planned.repeated):
                    continue
                if not batch_id:
                    if unique_id in payments:
                        planned.batches[unique_id] = payments[unique_id]
                    elif unique_id in earlier_batches:
                        planned.batches[unique_id] = []
                elif batch_id in sums:
                    planned.take_the_place(unique_id, *sums[batch_id])
                elif batch_id in payments or batch_id in earlier_batches:
                    planned.batches[unique_id] = []
                elif batch_id in earlier_sums:
                    earlier_sums[batch_id].batches[batch_id] = []
        self._suspect_batches(plan, earlier)

    def _read_sums(self, batch_ids):
        """The bank transactions that are the sum of a batch booking.

        :return: identity -> ((id of the bank transaction, id of its statement or None, that statement's kind or None),
            whether its payments may take its place)
        """
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.id), ("unique_import_id", "in", sorted(batch_ids))]
        )
        return {line.unique_import_id: (_row(line), _can_be_replaced(line)) for line in lines}

    def _read_batch_payments(self, batch_ids):
        """The bank transactions that are the single payments of batch bookings.

        :return: identity of the batch booking -> list of (id of the bank transaction, id of its statement or None,
            that statement's kind or None)
        """
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.id), ("import_batch_id", "in", sorted(batch_ids))], order="id"
        )
        found = {}
        for line in lines:
            found.setdefault(line.import_batch_id, []).append(_row(line))
        return found

    # -- without the same identity -------------------------------------------------------------------------

    def _suspect_batches(self, plan, earlier):
        """Find batch bookings whose sum and payments have no reference in common, for a person to confirm.

        The payment order proves some of them; those are not asked about.
        """
        taken = {line_id for planned in plan for line_id in planned.taken_ids}
        groups = {booked: found for planned in plan for booked, found in _groups_of(planned)}
        old_wholes = self._read_old_wholes(groups, taken)
        old_groups = self._read_old_groups(plan, taken)
        totals = {booked.amount for booked in groups}
        for other in earlier:
            old_wholes |= dict(_wholes_of(other, totals))
            old_groups |= dict(_groups_of(other))
        totals = {booked.amount for booked in old_groups}
        wholes = {booked: found for planned in plan for booked, found in _wholes_of(planned, totals)}
        for new, old, is_total_new in ((wholes, old_groups, True), (old_wholes, groups, False)):
            by_key = {booked.key: found for one in (new, old) for booked, found in one.items()}
            for whole, group, is_certain in pair_batches(list(new), list(old)):
                mine, other = by_key[whole if is_total_new else group], by_key[group if is_total_new else whole]
                mine.planned.suspect(_suspected(mine, other, is_total_new, is_certain))

    def _read_old_groups(self, plan, taken):
        """Read the payments of batch bookings that may make up one of the new entries of a plan.

        :param plan: list of ``PlannedStatement``
        :param taken: ids of bank transactions that are known to be other ones of the file
        :return: dict of ``Booked`` -> ``_Found``
        """
        lines = [line for planned in plan for line in _single_lines(planned)]
        if not lines:
            return {}
        self.env["account.bank.statement.line"].flush_model(
            ["journal_id", "company_id", "internal_index", "import_batch_id", "amount", "transaction_details",
             "statement_id", "partner_name", "payment_ref", "import_format"]
        )  # fmt: skip
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.import_batch_id, SUM(line.amount)::text, COUNT(*), MIN(move.date), MAX(move.date),
                       MAX(line.transaction_details ->> 'batch_id'),
                       MAX(line.transaction_details ->> 'batch_reference'), MAX(line.import_format),
                       MAX(statement.import_kind),
                       ARRAY_AGG(line.id ORDER BY line.id)
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN account_bank_statement statement ON statement.id = line.statement_id
                 WHERE line.journal_id = %(journal)s AND line.company_id = %(company)s
                   AND line.internal_index >= %(first)s AND line.internal_index < %(after)s
                   AND line.import_batch_id IS NOT NULL AND move.state != 'cancel'
              GROUP BY line.import_batch_id
                HAVING COUNT(*) > 1 AND SUM(line.amount) = ANY(%(amounts)s)
              ORDER BY MIN(line.id)
                """,
                **self._period_of([line.date for line in lines]),
                amounts=list({line.amount for line in lines}),
            )
        )
        lines = self.env["account.bank.statement.line"].browse([line_id for row in rows for line_id in row[-1]])
        by_id = {line.id: line for line in lines}
        found = {}
        for batch_id, total, count, first, last, order, reference, source, kind, ids in rows:
            if not taken.isdisjoint(ids):
                continue
            source = (source, kind == "statement")
            days = tuple({first, last})
            booked = Booked(batch_id, days, Decimal(total), order or "", reference or "", count, source)
            parts = [by_id[line_id] for line_id in ids]
            text = _parts_text([part.partner_name or part.payment_ref for part in parts])
            found[booked] = _Found(None, rows=[_row(part) for part in parts], text=text)
        return found

    def _read_old_wholes(self, groups, taken):
        """Read the bank transactions that may be the sum of one of some new groups of payments.

        :param groups: dict by ``Booked``
        :param taken: as for ``_read_old_groups``
        :return: dict of ``Booked`` -> ``_Found``
        """
        if not groups:
            return {}
        period = self._period_of([day for booked in groups for day in booked.days])
        lines = self.env["account.bank.statement.line"].search([
            ("journal_id", "=", self.id), ("company_id", "=", self.company_id.id), ("import_batch_id", "=", False),
            ("internal_index", ">=", period["first"]), ("internal_index", "<", period["after"]),
            ("amount", "in", list({float(booked.amount) for booked in groups})),
        ], order="id")  # fmt: skip
        found = {}
        for line in lines.filtered(lambda line: line.id not in taken):
            details = line.transaction_details or {}
            count = int(details.get("batch_count") or 0)
            source = (line.import_format, line.statement_id.import_kind == "statement")
            amount = Decimal(str(line.amount)).quantize(Decimal(1).scaleb(-line.currency_id.decimal_places))
            order, reference = details.get("batch_id") or "", details.get("bank_reference") or ""
            booked = Booked(line.id, (line.date,), amount, order, reference, count, source)
            text = " ".join(filter(None, (line.partner_name, line.payment_ref)))
            found[booked] = _Found(None, rows=[_row(line)], can_be_replaced=_can_be_replaced(line), text=text)
        return found

    def _period_of(self, days):
        """Give the parameters of a query for the transactions around some days; the index is by journal and day."""
        margin = datetime.timedelta(DAYS_OF_ORDER_MAX)
        return {
            "journal": self.id,
            "company": self.company_id.id,
            "first": f"{min(days) - margin:%Y%m%d}",
            "after": f"{max(days) + margin:%Y%m%d}~",
        }


class _Found:
    """What is behind a ``Booked``: new lines of a planned statement, or bank transactions that are there."""

    __slots__ = ("planned", "ids", "rows", "can_be_replaced", "text")

    def __init__(self, planned, ids=(), rows=(), *, can_be_replaced=True, text=""):
        self.planned, self.ids, self.rows = planned, tuple(ids), list(rows)
        self.can_be_replaced, self.text = can_be_replaced, text[:_TEXT_MAX]


def _wholes_of(planned, totals):
    """Give (``Booked``, ``_Found``) of the new lines of a statement that may be the sum of a batch booking.

    :param totals: the sums (set of Decimal) that come into question
    """
    if not totals:
        return
    batch_of = planned.batch_of
    source = (planned.format, planned.statement.kind == "statement")
    for line, unique_id in planned.new:
        if line.amount in totals and not batch_of[unique_id]:
            text = " ".join(filter(None, (line.counterparty_name, line.label)))
            order, reference = line.batch_id, line.bank_reference
            booked = Booked(unique_id, line.days, line.amount, order, reference, line.batch_count, source)
            yield booked, _Found(planned, [unique_id], text=text)


def _single_lines(planned):
    """Give the new lines of a statement that are no payments of a batch booking."""
    batch_of = planned.batch_of
    return [line for line, unique_id in planned.new if not batch_of[unique_id]]


def _groups_of(planned):
    """Give (``Booked``, ``_Found``) of the batch bookings of which all payments in a statement are new.

    A large import creates payments before it makes statements: they are still new then.
    """
    batch_of = planned.batch_of
    new = {unique_id for _line, unique_id in planned.new}
    new |= {unique_id for unique_id, row in planned.known.items() if row[1] is None}
    groups = {}
    for line, unique_id in zip(planned.statement.lines, planned.ids, strict=True):
        if batch_of[unique_id]:
            groups.setdefault(batch_of[unique_id], []).append((line, unique_id))
    source = (planned.format, planned.statement.kind == "statement")
    for batch_id, pairs in groups.items():
        lines = [line for line, _unique_id in pairs]
        ids = [unique_id for _line, unique_id in pairs]
        if len(ids) < 2 or not new.issuperset(ids) or not planned.replaced_ids.isdisjoint(ids):
            continue
        orders = {line.batch_id for line in lines}
        order = orders.pop() if len(orders) == 1 else ""
        total = sum(map(attrgetter("amount"), lines))
        text = _parts_text([line.counterparty_name or line.label for line in lines])
        booked = Booked(batch_id, lines[0].days, total, order, lines[0].batch_reference, len(ids), source)
        yield booked, _Found(planned, ids, text=text)


def _suspected(mine, other, is_total_new, is_certain):
    return SuspectedBatch(
        ids=mine.ids,
        is_total_new=is_total_new,
        rows=tuple(other.rows),
        can_be_replaced=other.can_be_replaced,
        earlier=(other.planned, other.ids) if other.planned else None,
        text=mine.text,
        other_text=other.text,
        is_certain=is_certain,
    )


def _parts_text(names):
    """Name the payments of a batch booking: how many they are, and the first of them."""
    named = ", ".join(dict.fromkeys(filter(None, names[: _PARTS_NAMED_MAX * 2])))
    return f"{len(names)}: {named}"


def _can_be_replaced(transaction):
    return not transaction.is_reconciled and not transaction.move_id.inalterable_hash


def _row(transaction):
    """A bank transaction as ``PlannedStatement`` has it."""
    statement = transaction.statement_id.filtered(lambda statement: statement.import_kind != IMPORTING)
    return transaction.id, statement.id or None, statement.import_kind or None

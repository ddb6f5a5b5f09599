"""One batch of payments in two messages: its sum in one, its payments in the other.

A bank books a file of direct debits or transfers as one sum (CAMT.053, MT940) and lists the payments elsewhere
(CAMT.054 or 052, a detailed export). Imported both, the money would be counted twice.

How to use: ``pair_batches(news, olds)`` with an :class:`Entry` for each of what a file brings and what is there. For
each pair the caller keeps the payments and leaves the sum out, whichever of them comes first.

How it works: a sum and payments of it belong together for certain where both have the same identification of the
payment order, or the payments have the reference of the booked sum, and the payments add up to it exactly. Without
such an identification they may belong together where a message says that its payments are parts of one sum, they are
all there, and exactly one entry of that day has this sum and no more than one such group does: then a person decides.
Cost: linear in the number of entries.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction of an account.

    :param key: how the caller knows it
    :param days: the days on which another message may show it: booking date, value date
    :param amount: signed
    :param batch_id: identification of the payment order (ISO 20022 ``PmtInfId``, German ``KREF``), or ''
    :param batch_reference: the bank's reference of the booked sum that it is part of, or ''
    :param bank_reference: the bank's reference of the entry itself, or ''
    :param batch_count: the number of payments of the sum, 0 where it is not known
    :param batch_total: the sum that it is part of, signed, or None
    """

    key: Any
    days: tuple[date, ...]
    amount: Decimal
    batch_id: str = ""
    batch_reference: str = ""
    bank_reference: str = ""
    batch_count: int = 0
    batch_total: Decimal | None = None

    @property
    def is_part(self):
        """Whether a message says that it is one of several payments of a sum."""
        return self.batch_total is not None and self.batch_total != self.amount


@dataclass(frozen=True, slots=True)
class BatchPair:
    """A sum and the payments that it is made of.

    :param total: key of the entry that is the sum
    :param parts: keys of the payments, in the order in which they were given
    :param is_total_new: whether the file brings the sum; else it brings the payments
    :param is_certain: whether identifications prove it; else day, sum and number of payments only agree
    """

    total: Any
    parts: tuple[Any, ...]
    is_total_new: bool
    is_certain: bool


def entry_of(line, key):
    """Give the ``Entry`` of a line of a statement file.

    :param line: ``statement_formats.Line``
    :param key: how the caller knows it
    """
    days = (line.date,) if line.value_date in (None, line.date) else (line.date, line.value_date)
    return Entry(
        key, days, line.amount, line.batch_id, line.batch_reference, line.bank_reference, line.batch_count,
        line.batch_total,
    )  # fmt: skip


def _groups(entries):
    """Collect payments by what names their sum: lists of ``Entry`` by ('id', text), ('reference', text) or sum."""
    groups = defaultdict(list)
    for entry in entries:
        if entry.batch_id:
            groups["id", entry.batch_id].append(entry)
        if entry.batch_reference and entry.batch_reference != entry.bank_reference:
            groups["reference", entry.batch_reference].append(entry)
        if entry.is_part:
            source = entry.batch_reference or entry.batch_id
            groups["sum", source, entry.batch_total, entry.days[0]].append(entry)
    return groups


def _is_whole(total, parts):
    """Tell whether payments add up to a sum and none of them is the sum itself."""
    return len(parts) > 1 and sum(part.amount for part in parts) == total.amount


def _pair(totals, others, is_total_new, used):
    """Pair the sums among ``totals`` with the payments among ``others``.

    :param used: set of keys that are in a pair already; added to
    :return: generator of ``BatchPair``
    """
    groups = _groups(others)
    sums = [entry for entry in totals if not entry.is_part]

    def take(total, parts, is_certain):
        used.add(total.key)
        used.update(part.key for part in parts)
        return BatchPair(total.key, tuple(part.key for part in parts), is_total_new, is_certain)

    def is_free(*entries):
        return all(entry.key not in used for entry in entries)

    for total in sums:
        names = [("id", total.batch_id)] if total.batch_id else []
        names += [("reference", total.bank_reference)] if total.bank_reference else []
        for name in names:
            parts = groups.get(name, [])
            if is_free(total, *parts) and _is_whole(total, parts):
                yield take(total, parts, True)
                break
    by_sum = defaultdict(list)
    for total in sums:
        for day in total.days:
            by_sum[day, total.amount].append(total)
    wholes = defaultdict(list)
    for name, parts in groups.items():
        if name[0] == "sum" and len(parts) > 1 and sum(part.amount for part in parts) == name[2] and is_free(*parts):
            wholes[name[3], name[2]].append(parts)
    for (day, amount), candidates in wholes.items():
        found = [total for total in by_sum.get((day, amount), ()) if is_free(total)]
        if len(candidates) != 1 or len(found) != 1 or not is_free(*candidates[0]):
            continue
        parts, total = candidates[0], found[0]
        if total.batch_count in (0, len(parts)):
            yield take(total, parts, False)


def pair_batches(news, olds):
    """Find the batches of which a file brings the sum and the payments are there, or the other way round.

    :param news: list of ``Entry`` of the file, without those that are known to be there
    :param olds: list of ``Entry`` that are there
    :return: list of ``BatchPair``; no entry is in two of them
    """
    used = set()
    return [*_pair(news, olds, True, used), *_pair(olds, news, False, used)]
